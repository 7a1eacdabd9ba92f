"""Everything a letter says of a bill's stage, number, title and introduction agrees with what the campaign knows."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import groupby, pairwise
from operator import attrgetter

from advocacy.campaigns.legislation import Bill, Stage
from advocacy.language import Language
from advocacy.letters.bills.bill_claim import BillClaim, BillFault, BillJudgement, evidence, predicate
from advocacy.letters.bills.bill_sentence import BillSentence
from advocacy.letters.bills.dates import NamedDay, day_before_which, day_of, day_until_which_not
from advocacy.letters.bills.lexicon import OTHER, Flag, Frame, lexicon
from advocacy.letters.bills.mentions import (
    BillNames,
    Mention,
    NamingContext,
    PriorMentions,
    judge_numbers,
    judge_titles,
    looks_back,
)
from advocacy.letters.bills.stages import Stages, stages_of
from advocacy.letters.bills.statements import Statement, statements
from advocacy.letters.figures.claim import MAX_CACHED_PARAGRAPHS, Verdict
from advocacy.letters.sentences import Sentence, sentences
from advocacy.numerals import PlainText, plain_text

_ALIKE, _SHARED = 0.75, 0.5
"""The least likeness of two sentences, by their words, for one to be the other with another number; and, of all their
words, the least share that both have for the likeness to be worth measuring."""
_REPLACEABLE_FRAMES = frozenset({Frame.ACTIVE, Frame.PASSIVE, Frame.STATE, Frame.PRESENT})
_MAX_NAMES = 64
"""How many campaigns' bills are remembered by their names."""
_WORD = re.compile(r"[^\s.,;:!?()\"]+")


def check_bill(
    text: str,
    bills: Sequence[Bill],
    language: Language,
    *,
    today: date,
    composed: Iterable[str] = (),
    cacheable: Container[str] = (),
) -> tuple[BillClaim, ...]:
    """Judge what a letter of `today` says of the bills of its campaign, in the order of the text.

    `language` is that of the suggestions; sentences are read in every language. `composed` are the letter's paragraphs
    as they were composed, without the citizen's own words: a sentence that stands as it was composed is never doubted.

    What is found in the paragraphs of `cacheable` is kept in memory, so that those may hold nothing the citizen typed.
    """
    if not bills:
        return ()
    names, plain = _names(bills), plain_text(text)
    check = _Check(plain, names, language, today, names_number=names.has_number(plain.plain))
    return tuple(sorted(check.claims(_Composed(tuple(composed), bills, cacheable)), key=lambda claim: claim.span))


_KNOWN_NAMES: list[tuple[tuple[Bill, ...], BillNames]] = []


def _names(bills: Sequence[Bill]) -> BillNames:
    """Return how bills are named; a campaign's are asked for again with every letter."""
    wanted = tuple(bills)
    for named, names in _KNOWN_NAMES:
        if named == wanted:
            return names
    names = BillNames(wanted)
    _KNOWN_NAMES.append((wanted, names))
    del _KNOWN_NAMES[:-_MAX_NAMES]
    return names


@dataclass(slots=True)
class _Check:
    """A text, read sentence by sentence.

    `names_number` tells that the whole letter has the number of one of the bills, `topic` is the placeholder of the
    bill that "it" goes on speaking of, `before` what was named before a sentence.
    """

    text: PlainText
    names: BillNames
    language: Language
    today: date
    names_number: bool
    topic: str = ""
    before: PriorMentions = field(default_factory=PriorMentions)

    def claims(self, composed: "_Composed") -> Iterator[BillClaim]:
        """Judge every sentence that names a bill, or goes on speaking of one."""
        found = sentences(self.text)
        following = dict(pairwise(found))
        for _, paragraph in groupby(found, key=attrgetter("paragraph")):
            of_paragraph = list(paragraph)
            self.topic, self.before = "", PriorMentions(self.before.bill, is_any_other=self.before.is_any_other)
            start, end = self.text.span(of_paragraph[0].start, of_paragraph[-1].end)
            kept = self._kept(self.text.typed[start:end], composed)
            if kept is not None:
                yield from (one.moved(start) for one in kept.claims)
                self.before = kept.before
                continue
            for sentence in of_paragraph:
                yield from self._in_sentence(sentence, following.get(sentence), composed)

    def _kept(self, paragraph: str, composed: "_Composed") -> "_KeptParagraph | None":
        """Return what is kept of a paragraph that stands as the campaign wrote it, None where it has to be read."""
        if not composed.is_lasting(paragraph) or _looks_back(paragraph):
            return None
        return _kept_paragraph(
            paragraph,
            self.names,
            self.language,
            today=self.today,
            names_number=self.names_number,
            named=self.names.placeholder(self.before.bill),
            is_any_other=self.before.is_any_other,
        )

    def _in_sentence(
        self, sentence: Sentence, following: Sentence | None, composed: "_Composed"
    ) -> Iterator[BillClaim]:
        mentions = self.names.in_sentence(self.text, sentence, self.before)
        if not mentions and not self.topic:
            return
        masked = self.names.masked(self.text.plain, sentence, mentions)
        is_of_bill = self.topic or any(mention.bill for mention in mentions)
        stated = self._statements(masked, following) if is_of_bill else []
        words = _words(self.text.plain, sentence)
        named = NamingContext(
            self.text.plain, sentence.start, sentence.end, mentions, self.names,
            composed.has_lost_number(words), self.names_number, self.today,
            self.names.bill_of(self.topic) if self.topic else None,
        )  # fmt: skip
        judged = [self._judged(statement, sentence, masked) for statement in stated]
        is_ours = composed.has(words)
        for finding in (*judged, *judge_numbers(named), *judge_titles(named)):
            if finding and (finding.verdict is Verdict.TRUE or not is_ours):
                yield self._claim(finding, sentence)
        self._go_on(mentions, stated)

    def _go_on(self, mentions: Sequence[Mention], stated: Sequence[Statement]) -> None:
        """Remember what the next sentence may go on speaking of."""
        placeholders = {self.names.placeholder(mention.bill) for mention in mentions}
        if mentions:
            bills = [mention.bill for mention in mentions if mention.bill is not None]
            self.before = PriorMentions(
                bills[-1] if bills else self.before.bill, mentions[-1].is_other_by_name, mentions[-1].bill is None
            )
        if len(placeholders) == 1:
            self.topic = placeholders.pop()
        elif mentions or not stated:
            self.topic = stated[-1].placeholder if stated else ""
        self.topic = "" if self.topic == OTHER else self.topic

    def _statements(self, masked: str, following: Sentence | None) -> list[Statement]:
        """Read a sentence in the language that it has most words of; of several, in the letter's first."""
        after = self.text.plain[following.start : following.start + 60] if following else ""
        words = {language: len(lexicon(language).common_words.findall(masked)) for language in Language}
        likely = [language for language in Language if words[language] == max(words.values())]
        for language in sorted(likely, key=lambda one: one is not self.language):
            if found := statements(BillSentence(masked, lexicon(language), self.topic, after)):
                return found
        return []

    def _judged(self, statement: Statement, sentence: Sentence, masked: str) -> BillJudgement | None:
        """Judge what is stated of a bill's stage, or of its introduction."""
        bill = self.names.bill_of(statement.placeholder)
        stages = stages_of(statement, bill)
        if stages is None:
            return None
        if stages.is_never_true and (until := day_until_which_not(statement, masked, self.today)):
            return self._introduced(statement, bill, until, offset=sentence.start)
        day = None if statement.is_negated or stages.is_never_true else day_of(statement, masked, self.today)
        if day is not None and stages.is_always_true:
            return self._introduced(statement, bill, day, offset=sentence.start)
        bound = day_before_which(statement, masked, self.today)
        if bound and bound.has_year and bound.last < bill.introduced and not statement.is_negated:
            start, end = sentence.start + statement.start, sentence.start + bound.end
            return BillJudgement(start, end, bill, BillFault.INTRODUCED, Verdict.FALSE)
        verdict = _verdict(stages, bill.stage_on(self.today))
        if day is not None and day.has_year and day.last < bill.introduced:
            verdict = Verdict.FALSE
        elif verdict is Verdict.FALSE and Flag.HEDGED in statement.flags:
            verdict = Verdict.UNCLEAR
        is_of_introduction = stages.is_always_true or stages.is_never_true
        fault = BillFault.INTRODUCED if is_of_introduction else BillFault.STAGE
        start, end = sentence.start + statement.start, sentence.start + statement.end
        is_alone = not masked.rstrip(" ").endswith("?") and not statement.tail.strip(" .,")
        suggestion = self._suggested_stage(statement, bill, offset=sentence.start) if is_alone else None
        return BillJudgement(start, end, bill, fault, verdict, suggestion)

    def _introduced(self, statement: Statement, bill: Bill, day: NamedDay, *, offset: int) -> BillJudgement:
        if day.may_be(bill.introduced):
            start, end = min(statement.start, day.start), max(statement.end, day.end)
            return BillJudgement(offset + start, offset + end, bill, BillFault.INTRODUCED, Verdict.TRUE)
        suggestion = None if day.is_counted else day.as_precise(bill.introduced, self.language)
        return BillJudgement(
            offset + day.start, offset + day.end, bill, BillFault.INTRODUCED, Verdict.FALSE, suggestion
        )

    def _suggested_stage(self, statement: Statement, bill: Bill, *, offset: int) -> str | None:
        """Return the words that tell the stage, where only a verb after its subject is to be replaced."""
        stage = bill.stage_on(self.today)
        if stage is Stage.UNKNOWN or not statement.is_plain or statement.frame not in _REPLACEABLE_FRAMES:
            return None
        start, end = self.text.span(offset + statement.start, offset + statement.group_start)
        return f"{self.text.typed[start:end].rstrip()} {predicate(bill, stage).in_language(self.language)}"

    def _claim(self, found: BillJudgement, sentence: Sentence) -> BillClaim:
        typed = self.text.typed
        start, end = self.text.span(found.start, found.end)
        whole = self.text.span(sentence.start, sentence.end)
        return BillClaim(
            (start, end), typed[start:end], typed[slice(*whole)], found.verdict, found.fault, found.bill.number,
            evidence(found.bill, self.today), found.suggestion if found.verdict is Verdict.FALSE else None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _KeptParagraph:
    """What a paragraph of the campaign's says of bills, with places in the paragraph, and what it has named."""

    claims: tuple[BillClaim, ...]
    before: PriorMentions


@lru_cache(maxsize=MAX_CACHED_PARAGRAPHS)
def _kept_paragraph(
    paragraph: str,
    names: BillNames,
    language: Language,
    *,
    today: date,
    names_number: bool,
    named: str,
    is_any_other: bool,
) -> _KeptParagraph:
    """Read a paragraph by itself, after the bill with the placeholder `named`."""
    before = PriorMentions(None if named == OTHER else names.bill_of(named), is_any_other=is_any_other)
    check = _Check(plain_text(paragraph), names, language, today, names_number, before=before)
    composed = _Composed((paragraph,), names.bills, frozenset())
    return _KeptParagraph(tuple(check.claims(composed)), check.before)


@lru_cache(maxsize=MAX_CACHED_PARAGRAPHS)
def _looks_back(paragraph: str) -> bool:
    """Whether what a paragraph means by "this text" depends on the paragraphs before it."""
    return looks_back(plain_text(paragraph).plain)


class _Composed:
    """The sentences of a letter as composed."""

    def __init__(self, composed: Sequence[str], bills: Sequence[Bill], cacheable: Container[str]) -> None:
        self._composed, self._cacheable = composed, cacheable
        self._numbers = {bill.number.lower() for bill in bills}

    @cached_property
    def _sentences(self) -> frozenset[tuple[str, ...]]:
        split = (_lasting_sentences if one in self._cacheable else _sentences_of for one in self._composed)
        return frozenset().union(*(words(one) for words, one in zip(split, self._composed, strict=True)))

    @cached_property
    def _numbered(self) -> list[tuple[str, ...]]:
        return [words for words in self._sentences if not self._numbers.isdisjoint(words)]

    def is_lasting(self, paragraph: str) -> bool:
        """Whether a paragraph stands as it was composed, and may be kept in memory."""
        return paragraph in self._composed and paragraph in self._cacheable

    def has(self, words: tuple[str, ...]) -> bool:
        """Whether a sentence stands as it was composed."""
        return words in self._sentences

    def has_lost_number(self, words: tuple[str, ...]) -> bool:
        """Whether a sentence was composed with a bill's number that it has no longer."""
        return not self._numbers & set(words) and any(_is_alike(words, one) for one in self._numbered)


def _is_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shared, most = set(one) & set(other), max(len(set(one)), len(set(other)))
    return len(shared) >= _SHARED * most and SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE


def _sentences_of(paragraph: str) -> frozenset[tuple[str, ...]]:
    text = plain_text(paragraph)
    return frozenset(_words(text.plain, sentence) for sentence in sentences(text))


_lasting_sentences = lru_cache(maxsize=MAX_CACHED_PARAGRAPHS)(_sentences_of)


def _words(text: str, sentence: Sentence) -> tuple[str, ...]:
    return tuple(_WORD.findall(text, sentence.start, sentence.end))


def _verdict(stages: Stages, stage: Stage) -> Verdict:
    if stages.is_always_true:
        return Verdict.TRUE
    if stages.is_never_true:
        return Verdict.FALSE
    if stage is Stage.UNKNOWN or stage in stages.possible:
        return Verdict.UNCLEAR
    return Verdict.TRUE if stage in stages.true else Verdict.FALSE
