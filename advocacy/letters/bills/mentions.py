"""Where a sentence names a bill or another law, and whether it gives a bill another number or title than it has.

A bill is named by its number, its title, as "the bill", or by words that go on speaking of it ("this text"). Of names
that overlap the more precise is kept. A number is false where it can only be meant as a bill's: beside its title, among
its subjects, or nearly its own. So is a title that stands beside a bill's number, or that has a word changed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from advocacy.campaigns.legislation import Bill
from advocacy.language import Language
from advocacy.letters.bills.bill_claim import BillFault, BillJudgement
from advocacy.letters.bills.dates import named_days
from advocacy.letters.bills.lexicon import FIRST_BILL, LAST_BILL, OTHER, alternatives, fragment, lexicon, regex
from advocacy.letters.figures.claim import Verdict
from advocacy.letters.sentences import Sentence
from advocacy.numerals import PlainText, plain

_DIGIT, _MAY_BE_TITLE = re.compile(r"\d"), re.compile(r"\bact\b|\bloi ")
_NUMBER = re.compile(r"([a-z]?)(\d+)([a-z]?|\.\d+)")
_CLOSES = re.compile(r"\"?(?:[,.;:!?)]|$| -)")
_AS = re.compile(r"(?<!known)[\s,(]as ")
_IS = re.compile(r"(?<!\w)(?:is|est|c'est)(?!\w)")
_OWNED_BY_SOMEBODY = ("his ", "her ")
_MAX_LINK = 40
_MIN_TOPICS = 2
_CHARACTERS_AFTER, _CHARACTERS_BEFORE, _TITLE_DISTANCE, _LEAD = 60, 240, 150, 40


@dataclass(frozen=True, slots=True)
class Mention:
    """A bill or another law, named at `start`–`end` of a plain text; `bill` is None if the campaign does not list it.

    `number` and `title` are what was written of it, "" where it was not named so.
    """

    start: int
    end: int
    bill: Bill | None
    number: str = ""
    title: str = ""

    @property
    def is_other_by_name(self) -> bool:
        """Whether it is another bill or law, by a name of its own."""
        return self.bill is None and bool(self.number or self.title)


@dataclass(frozen=True, slots=True)
class PriorMentions:
    """What was named before a sentence: the last bill of the campaign, whether another was named after it,
    by name, and whether any other law was, by any words.
    """

    bill: Bill | None = None
    is_other: bool = False
    is_any_other: bool = False


@dataclass(frozen=True, slots=True)
class _Context:
    """A sentence of a text while its names are looked for: what was found so far, and what was named before it."""

    text: PlainText
    sentence: Sentence
    found: Sequence[Mention]
    prior: PriorMentions

    @property
    def plain(self) -> str:
        return self.text.plain

    def matches(self, words: re.Pattern[str]) -> Iterator[re.Match[str]]:
        return words.finditer(self.plain, self.sentence.start, self.sentence.end)

    def nearest(self, place: int) -> Mention | None:
        """Return what was found last before a place."""
        ended = (mention for mention in self.found if mention.end <= place)
        return max(ended, key=lambda mention: mention.end, default=None)


class BillNames:
    """How the bills of a campaign are named."""

    def __init__(self, bills: Sequence[Bill]) -> None:
        self.bills = list(bills)
        self._by_number = {_compact(bill.number): bill for bill in bills}
        titles = [(plain(title), bill) for bill in bills for title in bill.title.values()]
        begins = rf"{fragment('begins')}{fragment('determined')}[\"']?"
        folded = [(re.escape(title).replace(r"\ ", "[ -]"), bill) for title, bill in titles]
        self._titles = [(re.compile(rf"{begins}{title}[\"']?(?!\w)"), bill) for title, bill in folded]
        self.topics = {bill.number: _topic_words(bill) for bill in bills}
        first_words = [re.escape(title.split(" ")[0]) for title, _ in titles]
        self._hint = re.compile("|".join([regex("mentions.hint").pattern, *first_words]))
        numbers = [rf"(?<![\w-]){re.escape(bill.number.lower())}(?!\w|-\w\b|\.\d)" for bill in bills]
        self._any_number = re.compile("|".join(numbers))

    def has_number(self, text: str) -> bool:
        return self._any_number.search(text) is not None

    def in_sentence(self, text: PlainText, sentence: Sentence, prior: PriorMentions) -> list[Mention]:
        """Return what a sentence names, in order; of two that overlap, the one that says more."""
        if not self._hint.search(text.plain, sentence.start, sentence.end):
            return []
        found: list[Mention] = []
        taken = bytearray(sentence.end - sentence.start)
        finders = (self._by_title, self._numbered, _acts, self._specific, _others, self._anaphoric)
        for find in finders:
            for mention in list(find(_Context(text, sentence, found, prior))):
                place = slice(mention.start - sentence.start, mention.end - sentence.start)
                if not any(taken[place]):
                    taken[place] = b"\x01" * (mention.end - mention.start)
                    found.append(mention)
        return sorted(found, key=lambda mention: mention.start)

    def masked(self, text: str, sentence: Sentence, mentions: Sequence[Mention]) -> str:
        """Return a sentence with placeholders in place of all that it names, of the same length."""
        typed = text[sentence.start : sentence.end]
        piece = [" " if char == OTHER or FIRST_BILL <= char <= LAST_BILL else char for char in typed]
        for mention in mentions:
            start, end = mention.start - sentence.start, mention.end - sentence.start
            piece[start:end] = self.placeholder(mention.bill) * (end - start)
        return "".join(piece)

    def placeholder(self, bill: Bill | None) -> str:
        """Return the character for a bill, None being any other."""
        return OTHER if bill is None else chr(ord(FIRST_BILL) + self.bills.index(bill))

    def bill_of(self, placeholder: str) -> Bill:
        return self.bills[ord(placeholder) - ord(FIRST_BILL)]

    def _by_title(self, context: _Context) -> Iterator[Mention]:
        for title, bill in self._titles:
            for found in context.matches(title):
                yield Mention(*found.span(), bill, title=found[0])

    def _numbered(self, context: _Context) -> Iterator[Mention]:
        if not _DIGIT.search(context.plain, context.sentence.start, context.sentence.end):
            return
        for found in context.matches(regex("mentions.number")):
            number = found["number"] or found["bare"]
            bill = self._by_number.get(_compact(number))
            # "C 12" and "law 3" may be anything, "Bill 96" is a bill.
            is_sure = found["number"] and re.search(r"bill|projet|\bpl\b|loi", found[0])
            has_letter = re.match(r"[a-z]-? ?\d", number) is not None
            if bill or is_sure or (has_letter and (found["number"] or " " not in number)):
                yield Mention(*found.span(), bill, number=number)

    def _specific(self, context: _Context) -> Iterator[Mention]:
        """Find "the bill": the campaign's, unless another was named last or is meant."""
        prior = context.prior
        for found in context.matches(_named_by("specific")):
            nearest = context.nearest(found.start())
            if nearest is not None and nearest.number:
                yield Mention(*found.span(), nearest.bill)
                continue
            bill = prior.bill or self.bills[0]
            is_somebodys = found[0].startswith(_OWNED_BY_SOMEBODY) and prior.bill is None
            is_other = nearest is None and (is_somebodys or prior.is_other)
            yield Mention(*found.span(), None if is_other or self._is_another(context.plain, found, bill) else bill)

    def _is_another(self, text: str, found: re.Match[str], bill: Bill) -> bool:
        """Whether "the … bill" has an adjective, or a subject, that is not the bill's, or is to be paid."""
        topics = self.topics[bill.number] | _adjectives()
        words = (found.groupdict().get("adjectives") or "").split()
        if any(word not in topics and word.removesuffix("'s") not in topics for word in words):
            return True
        before = text[max(0, found.start() - 20) : found.start()]
        after = text[found.end() : found.end() + _CHARACTERS_AFTER]
        about = regex("mentions.about_after").match(after)
        return bool(
            _named_by("money").search(after[: _CHARACTERS_AFTER // 2])
            or regex("mentions.paying_before").search(before)
            or regex("mentions.elsewhere_after").match(after)
            or (about is not None and not set(re.findall(r"[\w-]+", about["what"])) & topics)
        )

    def _anaphoric(self, context: _Context) -> Iterator[Mention]:
        """Find "the law", "this text" where they can only speak of a bill that was named."""
        for found in context.matches(_named_by("weak")):
            if _is_predicate(context.plain, found.start()):
                continue
            nearest = context.nearest(found.start())
            bill = nearest.bill if nearest else context.prior.bill
            if nearest is None and bill is None and _is_of_the_letter(context, found):
                bill = self.bills[0]
            if regex("mentions.weak_end_after").match(context.plain, found.end()):
                bill = None
            if bill is not None or nearest is not None:
                yield Mention(*found.span(), bill)


def _is_of_the_letter(context: _Context, found: re.Match[str]) -> bool:
    """Whether "this text" can only be the bill that the letter is about: no other law or country was named."""
    if context.prior.is_any_other or not regex("mentions.deictic").match(found[0]):
        return False
    before = context.plain[max(0, found.start() - _CHARACTERS_BEFORE) : found.start()]
    after = context.plain[found.end() : found.end() + _CHARACTERS_AFTER]
    return not regex("mentions.law_word").search(before) and not _is_elsewhere(f"{before} {after}")


def refers_back(text: str) -> bool:
    """Whether a plain text says "this text" or the like: which bill that is depends on what is before."""
    return any(regex("mentions.deictic").match(found[0]) for found in _named_by("weak").finditer(text))


def _acts(context: _Context) -> Iterator[Mention]:
    """Find other laws by their titles: "the Online Harms Act", « la Loi sur … »."""
    if not _MAY_BE_TITLE.search(context.plain, context.sentence.start, context.sentence.end):
        return
    for found in context.matches(regex("mentions.act")):
        if not found[0].endswith("act"):
            yield Mention(*found.span(), None, title=found[0])
            continue
        start, end = context.text.span(*found.span())
        named = regex("mentions.act_as_typed").search(context.text.typed[start:end])
        if named and not context.plain.startswith(" of parliament", found.end()):
            first = max(found.start(), found.end() - len(named[0]))
            article = regex("mentions.article").search(context.plain[max(0, first - 6) : first])
            title = context.plain[first : found.end()]
            yield Mention(first - (len(article[0]) if article else 0), found.end(), None, title=title)


def _others(context: _Context) -> Iterator[Mention]:
    for found in context.matches(_named_by("another")):
        if not _is_predicate(context.plain, found.start()):
            yield Mention(*found.span(), None)


def _compact(number: str) -> str:
    """Return a bill's number without what people leave out: "c34"."""
    return re.sub(r"[\s-]", "", plain(number))


def _topic_words(bill: Bill) -> frozenset[str]:
    """Return the words of a bill's title and of what it covers that tell its subject."""
    texts = [*bill.title.values(), *bill.covers.values()]
    words = {word for text in texts for word in re.findall(r"[a-z]{4,}", plain(text))}
    return frozenset(word for word in words if not re.fullmatch(alternatives("stop_words"), word))


def _is_elsewhere(text: str) -> bool:
    """Whether a text names another country, a province or a town."""
    return _named_by("elsewhere").search(text) is not None


def _is_predicate(text: str, start: int) -> bool:
    """Whether the words that begin at `start` say what something is, as in "C-34 is a law"."""
    return regex("mentions.copula_before").search(text[max(0, start - 30) : start]) is not None


@cache
def _named_by(name: str) -> re.Pattern[str]:
    """Return what finds the words of a list by which bills are named."""
    return re.compile(f"{fragment('begins')}{alternatives(name)}{fragment('ends')}")


@cache
def _adjectives() -> frozenset[str]:
    return frozenset(alternatives("adjectives")[3:-1].split("|"))


# --- other numbers and titles


@dataclass(frozen=True, slots=True)
class NamingContext:
    """A sentence at `start`–`end` of a plain text, and what it names.

    `lost_number` tells that it was composed with a bill's number that it has no longer, `names_number` that the letter
    has that number elsewhere, `topic` the bill that "it" goes on speaking of.
    """

    text: str
    start: int
    end: int
    mentions: Sequence[Mention]
    names: BillNames
    lost_number: bool
    names_number: bool
    today: date
    topic: Bill | None = None

    @property
    def sentence(self) -> str:
        return self.text[self.start : self.end]


def judge_numbers(context: NamingContext) -> Iterator[BillJudgement]:
    """Find the numbers that were meant to be those of the campaign's bills."""
    titled = [mention for mention in context.mentions if mention.bill is not None and mention.title]
    for mention in context.mentions:
        if not mention.number or mention.bill is not None:
            continue
        bill = next((one.bill for one in titled if _is_beside(context.text, mention, one)), None)
        if bill is None and context.lost_number:
            bill = context.names.bills[0]
        verdict: Verdict | None = Verdict.FALSE
        if bill is None:
            near = ((one, _near_verdict(context, mention, one)) for one in context.names.bills)
            bill, verdict = next((pair for pair in near if pair[1] is not None), (None, None))
        if bill and verdict:
            start = mention.start + context.text[mention.start : mention.end].rindex(mention.number)
            end = start + len(mention.number)
            yield BillJudgement(start, end, bill, BillFault.NUMBER, verdict, bill.number)


def _is_beside(text: str, one: Mention, other: Mention) -> bool:
    """Whether two names stand side by side, as those of one bill."""
    first, second = sorted((one, other), key=lambda mention: mention.start)
    between = text[first.end : second.start]
    if first.title and regex("mentions.titled_as").match(text, first.end):
        return True
    if len(between) > _MAX_LINK or not regex("mentions.side_by_side").fullmatch(between):
        return False
    return not _follows("preposed_before", text[: first.start])


def _near_verdict(context: NamingContext, mention: Mention, bill: Bill) -> Verdict | None:
    """Judge a number that is nearly a bill's: false where it can be no other's, unclear where it may be."""
    likeness = _likeness(_compact(mention.number), _compact(bill.number))
    if likeness is None:
        return None
    topics = set(re.findall(r"[a-z]+", context.sentence)) & context.names.topics[bill.number]
    is_about = len(topics) >= _MIN_TOPICS
    may_be_another = regex("mentions.another_number").search(context.sentence) is not None
    if likeness == "digit" and is_about and not may_be_another:
        return Verdict.FALSE
    days = named_days(context.sentence, context.today)
    is_earlier = any(day.has_year and day.last < bill.introduced for day in days)
    is_provincial = likeness in ("no letter", "digit") and _is_elsewhere(context.sentence)
    if is_earlier or is_provincial:
        return None
    if likeness == "digit":
        return None if context.names_number or may_be_another else Verdict.UNCLEAR
    return Verdict.UNCLEAR if not is_about and (context.names_number or may_be_another) else Verdict.FALSE


def _likeness(number: str, right: str) -> str | None:
    """Return in what a number is nearly the right one: "letter", "no letter", "suffix", "swapped", "digit" or None."""
    found, expected = _NUMBER.fullmatch(number), _NUMBER.fullmatch(right)
    if found is None or expected is None:
        return None
    (letter, digits, suffix), (right_letter, right_digits, _) = found.groups(), expected.groups()
    if digits == right_digits:
        return "suffix" if letter == right_letter else "letter" if letter else "no letter"
    if letter != right_letter or not letter or suffix:
        return None
    doubled = {right_digits * 2, right_digits + right_digits[-1], right_digits[0] + right_digits}
    if sorted(digits) == sorted(right_digits) or digits in doubled:
        return "swapped"
    changed = sum(one != other for one, other in zip(digits, right_digits, strict=False))
    longer = abs(len(digits) - len(right_digits))
    is_one_off = (longer == 0 and changed == 1) or (longer == 1 and (digits in right_digits or right_digits in digits))
    return "digit" if is_one_off else None


def judge_titles(context: NamingContext) -> Iterator[BillJudgement]:
    """Find what a sentence gives as the title of one of the campaign's bills."""
    for mention in context.mentions:
        if mention.bill is not None and not mention.title:
            if title := _title_beside(context, mention):
                yield _judged_title(mention.bill, *title)
        elif mention.bill is None and mention.title.endswith("act") and not _is_elsewhere(context.sentence):
            yield from _nearly_title(context, mention)
    if not any(mention.number for mention in context.mentions):
        for found in regex("mentions.its_title").finditer(context.text, context.start, context.end):
            bill = context.names.bills[0] if found["link"].startswith("the bill") else context.topic
            if bill is not None:
                yield _judged_title(bill, found, found["link"])


def _title_beside(context: NamingContext, mention: Mention) -> tuple[re.Match[str], str] | None:
    """Find the title after a bill, or before its number, and the words around it."""
    text, first = context.text, max(context.start, mention.start - _TITLE_DISTANCE)
    if not _MAY_BE_TITLE.search(text, first, min(context.end, mention.end + _TITLE_DISTANCE)):
        return None
    lead = text[max(context.start, mention.start - _LEAD) : mention.start]
    after = regex("mentions.title_after").match(text, mention.end, context.end)
    if after and after["link"].strip(" ") and not _begins_another(text, mention, after):
        is_title = regex("mentions.title_of").search(lead) or regex("mentions.title_words").search(after["link"])
        if mention.number or is_title:
            return after, f"{lead} {after['link']}"
    if not mention.number:
        return None
    before = regex("mentions.title_before").search(text[: mention.start], first)
    if before and before["link"].strip(" ") and not _is_governed_title(context, before, mention):
        return before, before["link"]
    return None


def _is_governed_title(context: NamingContext, before: re.Match[str], mention: Mention) -> bool:
    """Whether a title before a bill is that of something else: "unlike the … Act, C-34"."""
    if _follows("preposed_before", context.text[context.start : before.start("title")]):
        return True
    if _AS.search(before["link"]):
        return regex("mentions.is_titled").match(context.text, mention.end) is None
    if not _IS.search(before["link"]):
        return False
    titles = (one for one in context.mentions if one.title and one.bill is None and one.end == before.end("title"))
    title = next(titles, None)
    if title is None or context.text.startswith("'s", mention.end):
        return True
    return not _follows("title_opening", context.text[context.start : title.start])


def _begins_another(text: str, mention: Mention, found: re.Match[str]) -> bool:
    """Whether a title that a mere comma parts from the bill is that of something else: "after C-34, the Act …"."""
    if regex("mentions.listed").match(found["title"]):
        return True
    if not regex("mentions.comma").fullmatch(found["link"].strip(" ")):
        return False
    return not _CLOSES.match(text, found.end()) or _follows("preposed_before", text[: mention.start])


def _follows(expression: str, before: str) -> bool:
    """Whether a text ends with an expression."""
    return regex(f"mentions.{expression}").search(before[-_LEAD:]) is not None


def _judged_title(bill: Bill, found: re.Match[str], around: str) -> BillJudgement:
    """Judge what is given as a title of a bill; words `around` it may say in which language it is."""
    article = regex("mentions.leading_article").match(found["title"])
    start, end = found.start("title") + (article.end() if article else 0), found.end("title")
    title = found.string[start:end]
    if any(title == one or title.endswith(f" {one}") for one in map(plain, bill.title.values())):
        return BillJudgement(start, end, bill, BillFault.TITLE, Verdict.TRUE)
    languages = [one for one in Language if lexicon(one).title_language.search(around)]
    languages += [one for one in Language if lexicon(one).title.search(title)]
    right = bill.title.get(languages[0]) if languages else None
    return BillJudgement(start, end, bill, BillFault.TITLE, Verdict.FALSE if right else Verdict.UNCLEAR, right)


def _nearly_title(context: NamingContext, mention: Mention) -> Iterator[BillJudgement]:
    """Find a title, without a number, with a word changed, left out or put in."""
    for bill in context.names.bills:
        for title in bill.title.values():
            if _is_nearly(mention.title, plain(title)):
                start = mention.end - len(mention.title)
                yield BillJudgement(start, mention.end, bill, BillFault.TITLE, Verdict.FALSE, title)
                return


def _is_nearly(title: str, right: str) -> bool:
    one, other = regex("mentions.content").findall(title), regex("mentions.content").findall(right)
    shared = sum(any(word[:4] == known[:4] for known in other) for word in one)
    is_close = shared >= _MIN_TOPICS and shared * 3 >= max(len(one), len(other)) * 2
    return is_close and len(one) <= len(other) + 1 and title.removeprefix("the ") != right
