"""Everything a letter says of a bill's stage, number, title and introduction agrees with what the campaign knows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher

from advocacy.campaigns.bill import Bill, Stage
from advocacy.language import Language, speak_date
from advocacy.letters.bills.bill_claim import BillClaim, BillFault
from advocacy.letters.bills.known import known, predicate
from advocacy.letters.bills.lexicon import FIRST_BILL, OTHER, Flag, Frame, lexicon
from advocacy.letters.bills.meanings import stages_of
from advocacy.letters.bills.mentions import Mention, Names, masked
from advocacy.letters.bills.named_days import NamedDay, named_days
from advocacy.letters.bills.naming import Misnaming, judge_numbers, judge_titles
from advocacy.letters.bills.progress import Stages
from advocacy.letters.bills.sentence import BillSentence
from advocacy.letters.bills.statements import Statement, statements
from advocacy.letters.figures.sentences import Sentence, sentences
from advocacy.letters.figures.verdicts import Verdict
from advocacy.numerals import PlainText, plain_text

_ALIKE = 0.75
"""The least likeness of two sentences, by their words, for one to be the other with another number."""


def check_bill(
    text: str, bills: Sequence[Bill], language: Language, *, today: date, ours: Iterable[str] = ()
) -> tuple[BillClaim, ...]:
    """Judge what a letter of `today` says of the bills of its campaign, in the order of the text.

    `language` is that of the mends; sentences are read in every language. `ours` are the letter's paragraphs as they
    were composed, without the citizen's own words: a sentence that stands as it was composed is never doubted.
    """
    if not bills:
        return ()
    return tuple(sorted(_Check(text, bills, language, today, ours).claims(), key=lambda claim: claim.span))


class _Check:
    """One letter, sentence by sentence; `last` is the bill named last, `topic` the one that "it" goes on speaking of."""

    def __init__(self, text: str, bills: Sequence[Bill], language: Language, today: date, ours: Iterable[str]) -> None:
        self.text: PlainText = plain_text(text)
        self.bills, self.language, self.today = list(bills), language, today
        self.names = Names(bills)
        self.sentences = sentences(self.text)
        self.composed = _Composed(ours, self.names)
        self.last: Bill | None = None
        self.last_is_other = False
        self.topic = ""
        self.names_number = any(
            re.search(rf"(?<![\w-]){re.escape(bill.number.lower())}(?!\w|-\w\b|\.\d)", self.text.plain)
            for bill in bills
        )

    def claims(self) -> Iterator[BillClaim]:
        """Judge every sentence."""
        paragraph = -1
        for place, sentence in enumerate(self.sentences):
            if sentence.paragraph != paragraph:
                self.topic, self.last_is_other, paragraph = "", False, sentence.paragraph
            mentions = self.names.in_sentence(self.text, sentence, self.last, last_is_other=self.last_is_other)
            if not mentions and not self.topic:
                continue
            words = _words(self.text.plain, sentence)
            is_ours = self.composed.has(words)
            masks = masked(self.text.plain, sentence, mentions, self.bills)
            stated = self._statements(masks, self._after(place))
            found = [self._judged(statement, sentence, masks) for statement in stated]
            found += [self._named(one, sentence) for one in self._misnamings(sentence, mentions, words)]
            yield from (claim for claim in found if claim and (not is_ours or claim.verdict is Verdict.TRUE))
            self._follow(mentions, stated)

    def _after(self, place: int) -> str:
        following = self.sentences[place + 1] if place + 1 < len(self.sentences) else None
        return self.text.plain[following.start : min(following.end, following.start + 60)] if following else ""

    def _follow(self, mentions: Sequence[Mention], stated: Sequence[Statement]) -> None:
        """Remember what the next sentence may go on speaking of."""
        if not mentions:
            self.topic = self.topic if stated else ""
            return
        named = [mention.bill for mention in mentions if mention.bill is not None]
        self.last = named[-1] if named else self.last
        self.last_is_other = mentions[-1].bill is None and (mentions[-1].by_number or bool(mentions[-1].title))
        signs = {self._sign(mention.bill) for mention in mentions}
        self.topic = signs.pop() if len(signs) == 1 else (stated[-1].sign if stated else "")
        if self.topic == OTHER:
            self.topic = ""

    def _sign(self, bill: Bill | None) -> str:
        return OTHER if bill is None else chr(ord(FIRST_BILL) + self.bills.index(bill))

    def _statements(self, masks: str, following: str) -> list[Statement]:
        counts = len(_EN.findall(masks)), len(_FR.findall(masks))
        first = _language(counts, self.language)
        for language in (first, *(one for one in Language if one is not first)):
            found = statements(BillSentence(masks, lexicon(language), self.topic, following))
            if found:
                return found
            if counts[0] != counts[1]:
                break
        return []

    # --- the stage, and the introduction

    def _judged(self, statement: Statement, sentence: Sentence, masks: str) -> BillClaim | None:
        bill = self.bills[ord(statement.sign) - ord(FIRST_BILL)]
        stages = stages_of(statement, bill)
        if stages is None:
            return None
        verdict = _verdict(stages, bill.stage_on(self.today))
        day = self._day_of(statement, masks)
        if day is not None and not statement.is_denied and not stages.is_never_true:
            if stages.is_always_true:
                return self._dated(statement, sentence, bill, day)
            if day.has_year and day.last < bill.introduced:
                verdict = Verdict.FALSE
        if verdict is Verdict.FALSE and Flag.HEDGED in statement.flags:
            verdict = Verdict.UNCLEAR
        fault = BillFault.INTRODUCED if stages.is_always_true or stages.is_never_true else BillFault.STAGE
        mend = self._stage_mend(statement, masks, bill) if verdict is Verdict.FALSE else None
        return self._claim(sentence, (statement.start, statement.end), bill, verdict, fault, mend)

    def _dated(self, statement: Statement, sentence: Sentence, bill: Bill, day: NamedDay) -> BillClaim:
        if day.may_be(bill.introduced):
            span = min(statement.start, day.start), max(statement.end, day.end)
            return self._claim(sentence, span, bill, Verdict.TRUE, BillFault.INTRODUCED, None)
        mend = None if day.is_counted else day.as_precise(bill.introduced, self.language)
        return self._claim(sentence, (day.start, day.end), bill, Verdict.FALSE, BillFault.INTRODUCED, mend)

    def _day_of(self, statement: Statement, masks: str) -> NamedDay | None:
        """Find the day that a statement is said of: among its words, right after them, or before its clause."""
        since = _SINCE_WHEN.search(masks[: statement.start])
        if since and (day := next(named_days(f"{since['count']} {since['unit']} ago", self.today), None)):
            return replace(day, start=since.start("count"), end=since.end("unit"), is_counted=True)
        within = next(named_days(masks, self.today, statement.group, statement.end), None)
        if within:
            return within
        for day in named_days(masks, self.today, statement.end, statement.end + len(statement.tail)):
            between = _BEFORE_DAY.sub("", masks[statement.end : day.start])
            if len(between) <= 70 and not _ELSEWHERE.search(between) and not re.search(r",\s*\w", between):
                return day
            break
        for day in named_days(masks, self.today, 0, statement.group):
            before, after = masks[: day.start], masks[day.end : statement.group]
            if _CLEFT.search(before) and re.match(r",? (?:that|que|qu')", after):
                return day
            if _FRONTED.search(before) and not _ELSEWHERE.search(after) and "," not in after.strip(" ,"):
                return day
        return None

    def _stage_mend(self, statement: Statement, masks: str, bill: Bill) -> str | None:
        """Return the words that tell the stage, where nothing but a verb and its subject would be replaced."""
        stage = bill.stage_on(self.today)
        alone = not statement.tail.strip(" .,") and not masks.rstrip().endswith("?")
        simple = (
            statement.frame in (Frame.ACTIVE, Frame.PASSIVE, Frame.STATE, Frame.PRESENT)
            and statement.is_plain
            and alone
        )
        if not simple or stage is Stage.UNKNOWN:
            return None
        return f"{masks[statement.start : statement.group]}{predicate(bill, stage, self.language)}"

    # --- the number, and the title

    def _misnamings(
        self, sentence: Sentence, mentions: Sequence[Mention], words: tuple[str, ...]
    ) -> Iterator[Misnaming]:
        edited = self.composed.has_with_number(words)
        span = sentence.start, sentence.end
        topics = frozenset().union(*self.names.topics.values())
        yield from judge_numbers(
            self.text.plain, *span, mentions, self.bills, topics,
            edited=edited, named_elsewhere=self.names_number, today=self.today,
        )  # fmt: skip
        yield from judge_titles(self.text.plain, *span, mentions, self.bills)

    def _named(self, one: Misnaming, sentence: Sentence) -> BillClaim:
        span = one.start - sentence.start, one.end - sentence.start
        return self._claim(sentence, span, one.bill, one.verdict, one.fault, one.mend)

    def _claim(
        self,
        sentence: Sentence,
        span: tuple[int, int],
        bill: Bill,
        verdict: Verdict,
        fault: BillFault,
        mend: str | None,
    ) -> BillClaim:
        typed = self.text.typed
        start, end = self.text.span(sentence.start + span[0], sentence.start + span[1])
        whole = self.text.span(sentence.start, sentence.end)
        wording = known(bill, self.today)
        if mend is not None and fault is BillFault.STAGE:
            mend = _with_subject(mend, typed[start:end])
        return BillClaim(
            (start, end), typed[start:end], typed[slice(*whole)], verdict, fault, bill.number, wording,
            wording.spoken(self.language), mend if verdict is Verdict.FALSE else None,
        )  # fmt: skip


def _with_subject(mend: str, typed: str) -> str:
    """Put the subject as it was typed before the words that tell the stage."""
    subject = re.match("[\ue100-\ue1ff ]*", mend)
    length = len(subject[0].rstrip(" ")) if subject else 0
    return f"{typed[:length]} {mend[len(subject[0]) if subject else 0 :]}" if length else mend


class _Composed:
    """The sentences of a letter as composed."""

    def __init__(self, ours: Iterable[str], names: Names) -> None:
        self._sentences: set[tuple[str, ...]] = set()
        self._numbered: list[tuple[str, ...]] = []
        self._numbers = {bill.number.lower() for bill in names.bills}
        for paragraph in ours:
            text = plain_text(paragraph)
            for sentence in sentences(text):
                words = _words(text.plain, sentence)
                self._sentences.add(words)
                if self._numbers & set(words):
                    self._numbered.append(words)

    def has(self, words: tuple[str, ...]) -> bool:
        """Whether a sentence stands as it was composed."""
        return words in self._sentences

    def has_with_number(self, words: tuple[str, ...]) -> bool:
        """Whether a sentence was composed with a bill's number that it has no longer."""
        if not self._numbered or self._numbers & set(words):
            return False
        return any(_is_alike(words, one) for one in self._numbered)


def _is_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if len(set(one) & set(other)) < _ALIKE * 0.7 * max(len(set(one)), len(set(other))):
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE


def _words(text: str, sentence: Sentence) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\s.,;:!?()\"]+", text[sentence.start : sentence.end]))


def _verdict(stages: Stages, stage: Stage) -> Verdict:
    if stages.is_always_true:
        return Verdict.TRUE
    if stages.is_never_true:
        return Verdict.FALSE
    if stage is Stage.UNKNOWN or stage in stages.possible:
        return Verdict.UNCLEAR
    return Verdict.TRUE if stage in stages.true else Verdict.FALSE


_EN = re.compile(
    r"(?<![\w'])(?:the|is|has|was|been|of|to|and|that|not|law|it|my|in|with|will|i|i'm|we|you|for|this|are|on|at|by|when|if|"
    r"passed|died|became|now|your|have|isn't|hasn't|should|would|please|bill|they|he|she|since|because)(?![\w'])"
)
_FR = re.compile(
    r"(?<![\w])(?:le|la|les|des|du|de|un|une|est|ete|que|qui|pas|ne|loi|il|et|au|en|vous|je|sera|nous|ce|mon|ma|pour|dans|"
    r"projet|votre|si|quand|par|elle|c'est|sur)(?![\w])"
)
_ELSEWHERE = re.compile(
    r"(?<![\w'])(?:since(?! (?:january|february|march|april|may|june|july|august|september|october|november|december|20\d\d|last|the|this|mid|early|late))|after|before|until|that|which|who|qui|que|where|because|while|when|known|"
    r"existing|and|et|but|mais|about|against|from|than|apres|avant|jusqu'|parce|pour|afin|unlike|like|comme|i|je|we|nous)(?![\w'])|[;:]"
)
_SINCE_WHEN = re.compile(
    r"(?<!\w)(?P<count>\d+|an?|une?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze) (?P<unit>(?:full |long )?(?:days?|weeks?|months?|years?|jours?|semaines?|mois|ans?|annees?))"
    r"(?: (?:has|have)(?: now| already)? (?:passed|gone by|elapsed|slipped by)| ont passe| se sont ecoules| now)? ?(?:since|que|qu'|depuis que|ago that|ago,? (?:when )?)(?: the government| parliament| the minister)? $"
)
_BEFORE_DAY = re.compile(r"(?:since|in|on|depuis|en|le|au|back in|as of|early|late)? ?(?:the )?$")
_CLEFT = re.compile(
    r"(?<![\w'])(?:it was|it is|c'est|c'etait|ce fut)(?: only| back| seulement)? ?(?:on|in|en|le|au|during)? ?(?:the )?$"
)
_FRONTED = re.compile(
    r"(?:^|[,;:(] ?|(?<![\w'])(?:and|that|but|que|et|mais|since|because|puisque) )"
    r"(?:(?:on|in|back in|only in|it was in|it was on|since|early in|late in|le|en|au|a l'|c'est en|c'est le|des|depuis|by|during|at the beginning of|debut|fin|just|only|already in|already) ?)*(?:the )?$"
)


def _language(counts: tuple[int, int], otherwise: Language) -> Language:
    english, french = counts
    if english == french:
        return otherwise
    return Language.EN if english > french else Language.FR
