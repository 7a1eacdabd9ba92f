"""Where a text names a bill: by number, by title, as "the bill", or by words that go on speaking of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from advocacy.campaigns.bill import Bill
from advocacy.letters.bills.lexicon import FIRST_BILL, OTHER, one_of
from advocacy.letters.figures.sentences import Sentence
from advocacy.numerals import PlainText, plain

_BEGINS, _ENDS = r"(?<![\w'-])", r"(?![\w'-])"
_ACT = re.compile(
    rf"{_BEGINS}(?:the |an |this |our |le |la )?(?:[\w'-]+ ){{1,8}}?act{_ENDS}"
    rf"|{_BEGINS}(?:la |une |cette )?loi (?:sur|concernant|visant|relative|edictant|portant|modifiant) "
    rf"(?:[\w'-]+ ){{0,7}}[\w'-]+"
)
_ACT_AS_TYPED = re.compile(r"(?:[A-Z][\w'’-]*(?: (?:and|of|to|the|on|for|in|from|against))* )+(?:Act|ACT)$")
_ARTICLE = re.compile(rf"{_BEGINS}(?:the|an|this|le|la) $")
_HINTS = (
    r"bills?\b",
    r"projet",
    r"\blaw",
    r"loi\b",
    r"lois\b",
    "legislat",
    r"\bacts?\b",
    r"text",
    "mesure",
    r"\bc[el]",
    r"derni",
    r"former",
    r"latter",
    r"[cs]-? ?\d",
    "motion",
    "petition",
    "resolution",
    "regl",
    "regulation",
    "polic",
    "politique",
    "charte",
)
"""Every sentence that names a bill or a law has one of these: the others are not looked at."""
_DEICTIC = re.compile(r"(?:this|ce|cette) (?!measure|mesure)")
"""In a letter about one bill, "this text" is that bill where nothing else was named."""
_LAW_WORD = re.compile(r"(?<!\w)(?:laws?|lois?|acts?|reglements?|rules?|regles?)(?!\w)")
_DIGIT, _TITLE_HINT = re.compile(r"\d"), re.compile(r"\bact\b|\bloi ")
_OWNED_BY_SOMEBODY = ("his ", "her ")
_AROUND, _FAR = 60, 240


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
class Before:
    """What was named before a sentence: the last bill of the campaign, whether another was named after it,
    by name, and whether any other law was, by any words.
    """

    bill: Bill | None = None
    is_other: bool = False
    is_any_other: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence of a text while its names are looked for: what was found so far, and what was named before it."""

    text: PlainText
    sentence: Sentence
    found: Sequence[Mention]
    before: Before

    @property
    def plain(self) -> str:
        """The plain text."""
        return self.text.plain

    def nearest(self, place: int) -> Mention | None:
        """Return what was found last before a place."""
        ended = (mention for mention in self.found if mention.end <= place)
        return max(ended, key=lambda mention: mention.end, default=None)


class Names:
    """How the bills of a campaign are named."""

    def __init__(self, bills: Sequence[Bill]) -> None:
        self.bills = list(bills)
        self._by_number = {compact(bill.number): bill for bill in bills}
        self._titles = [(re.compile(_title_pattern(title)), bill) for bill in bills for title in bill.title.values()]
        self.topics = {bill.number: topic_words(bill) for bill in bills}
        titles = [re.escape(plain(title).split(" ")[0]) for bill in bills for title in bill.title.values()]
        self._hint = re.compile("|".join([*_HINTS, *titles]))
        numbers = [rf"(?<![\w-]){re.escape(bill.number.lower())}(?!\w|-\w\b|\.\d)" for bill in bills]
        self._any_number = re.compile("|".join(numbers))

    def has_number(self, text: str) -> bool:
        """Whether a plain text has the number of one of the bills."""
        return self._any_number.search(text) is not None

    def in_sentence(self, text: PlainText, sentence: Sentence, before: Before) -> list[Mention]:
        """Return what a sentence names, in order; of two that overlap, the one that says more."""
        if not self._hint.search(text.plain, sentence.start, sentence.end):
            return []
        found: list[Mention] = []
        taken = bytearray(sentence.end - sentence.start)
        readers = (self._titled, self._numbered, _acts, self._specific, _others, self._weak)
        for read in readers:
            for mention in list(read(_Read(text, sentence, found, before))):
                place = slice(mention.start - sentence.start, mention.end - sentence.start)
                if not any(taken[place]):
                    taken[place] = b"\x01" * (mention.end - mention.start)
                    found.append(mention)
        return sorted(found, key=lambda mention: mention.start)

    def masked(self, text: str, sentence: Sentence, mentions: Sequence[Mention]) -> str:
        """Return a sentence with signs in place of all that it names, of the same length."""
        piece = [
            " " if char == OTHER or FIRST_BILL <= char <= "\ue1ff" else char
            for char in text[sentence.start : sentence.end]
        ]
        for mention in mentions:
            start, end = mention.start - sentence.start, mention.end - sentence.start
            piece[start:end] = self.sign(mention.bill) * (end - start)
        return "".join(piece)

    def sign(self, bill: Bill | None) -> str:
        """Return the character that stands for a bill, None being any other."""
        return OTHER if bill is None else chr(ord(FIRST_BILL) + self.bills.index(bill))

    def bill_of(self, sign: str) -> Bill:
        """Return the bill that a character stands for."""
        return self.bills[ord(sign) - ord(FIRST_BILL)]

    def _titled(self, read: "_Read") -> Iterator[Mention]:
        for pattern, bill in self._titles:
            for one in pattern.finditer(read.plain, read.sentence.start, read.sentence.end):
                yield Mention(*one.span(), bill, title=one[0])

    def _numbered(self, read: "_Read") -> Iterator[Mention]:
        if not _DIGIT.search(read.plain, read.sentence.start, read.sentence.end):
            return
        for one in _number_pattern().finditer(read.plain, read.sentence.start, read.sentence.end):
            number = one["number"] or one["bare"]
            bill = self._by_number.get(compact(number))
            # "C 12" and "law 3" may be anything, "Bill 96" is a bill.
            is_sure = one["number"] and re.search(r"bill|projet|\bpl\b|loi", one[0])
            has_letter = re.match(r"[a-z]-? ?\d", number) is not None
            if bill or is_sure or (has_letter and (one["number"] or " " not in number)):
                yield Mention(*one.span(), bill, number=number)

    def _specific(self, read: "_Read") -> Iterator[Mention]:
        """Find "the bill": the campaign's, unless another was named last or is meant."""
        for one in _pattern("specific").finditer(read.plain, read.sentence.start, read.sentence.end):
            nearest = read.nearest(one.start())
            bill = read.before.bill or self.bills[0]
            if nearest is not None and nearest.number:
                yield Mention(*one.span(), nearest.bill)
                continue
            is_somebodys = one[0].startswith(_OWNED_BY_SOMEBODY) and read.before.bill is None and nearest is None
            is_other = is_somebodys or (read.before.is_other and nearest is None)
            yield Mention(*one.span(), None if is_other or self._is_another(read.plain, one, bill) else bill)

    def _is_another(self, text: str, one: re.Match[str], bill: Bill) -> bool:
        """Whether "the … bill" has an adjective, or a subject, that is not the bill's, or is to be paid."""
        topics = self.topics[bill.number] | _adjectives()
        words = (one.groupdict().get("adjectives") or "").split()
        if any(word not in topics and word.removesuffix("'s") not in topics for word in words):
            return True
        after = text[one.end() : one.end() + _AROUND]
        is_paid = _pattern("money").search(after[: _AROUND // 2]) or _paying().search(
            text[max(0, one.start() - 20) : one.start()]
        )
        is_elsewhere = re.match(rf" (?:in |of |from |du |de |en |au )?{one_of('elsewhere')}{_ENDS}", after)
        about = re.match(rf" {one_of('about')}\b(?P<what>[^,.;:!?()]{{3,80}})", after)
        is_about_else = about is not None and not set(re.findall(r"[\w-]+", about["what"])) & topics
        return bool(is_paid or is_elsewhere or is_about_else)

    def _weak(self, read: "_Read") -> Iterator[Mention]:
        """Find "the law", "this text" where they can only speak of a bill that was named."""
        for one in _pattern("weak").finditer(read.plain, read.sentence.start, read.sentence.end):
            if _is_predicate(read.plain, one.start()):
                continue
            nearest = read.nearest(one.start())
            bill = nearest.bill if nearest else read.before.bill
            if nearest is None and bill is None and _is_of_the_letter(read, one):
                bill = self.bills[0]
            if re.compile(rf" {one_of('weak_ends')}{_ENDS}").match(read.plain, one.end()):
                bill = None
            if bill is not None or nearest is not None:
                yield Mention(*one.span(), bill)


def _is_of_the_letter(read: "_Read", one: re.Match[str]) -> bool:
    """Whether "this text" can only be the bill that the letter is about: no other law or country was named."""
    if read.before.is_any_other or not _DEICTIC.match(one[0]):
        return False
    before = read.plain[max(0, one.start() - _FAR) : one.start()]
    after = read.plain[one.end() : one.end() + _AROUND]
    return not _LAW_WORD.search(before) and not is_elsewhere(f"{before} {after}")


def looks_back(text: str) -> bool:
    """Whether a plain text says "this text" or the like: which bill that is depends on what stands before."""
    return any(_DEICTIC.match(one[0]) for one in _pattern("weak").finditer(text))


def _acts(read: "_Read") -> Iterator[Mention]:
    """Find other laws by their titles: "the Online Harms Act", « la Loi sur … »."""
    if not _TITLE_HINT.search(read.plain, read.sentence.start, read.sentence.end):
        return
    for one in _ACT.finditer(read.plain, read.sentence.start, read.sentence.end):
        if not one[0].endswith("act"):
            yield Mention(*one.span(), None, title=one[0])
            continue
        start, end = read.text.span(*one.span())
        named = _ACT_AS_TYPED.search(read.text.typed[start:end])
        if named and not read.plain.startswith(" of parliament", one.end()):
            first = max(one.start(), one.end() - len(named[0]))
            article = _ARTICLE.search(read.plain[max(0, first - 6) : first])
            title = read.plain[first : one.end()]
            yield Mention(first - (len(article[0]) if article else 0), one.end(), None, title=title)


def _others(read: "_Read") -> Iterator[Mention]:
    for one in _pattern("another").finditer(read.plain, read.sentence.start, read.sentence.end):
        if not _is_predicate(read.plain, one.start()):
            yield Mention(*one.span(), None)


def compact(number: str) -> str:
    """Return a bill's number without what people leave out: "c34"."""
    return re.sub(r"[\s-]", "", plain(number))


def topic_words(bill: Bill) -> frozenset[str]:
    """Return the words of a bill's title and of what it covers that tell its subject."""
    texts = [*bill.title.values(), *bill.covers.values()]
    words = {word for text in texts for word in re.findall(r"[a-z]{4,}", plain(text))}
    return frozenset(word for word in words if not re.fullmatch(one_of("stop_words"), word))


def is_elsewhere(text: str) -> bool:
    """Whether a text names another country, a province or a town."""
    return _pattern("elsewhere").search(text) is not None


def _is_predicate(text: str, start: int) -> bool:
    """Whether the words that begin at `start` say what something is, as in "C-34 is a law"."""
    return re.search(rf"{_BEGINS}{one_of('copulas')} $", text[max(0, start - 30) : start]) is not None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"{_BEGINS}{one_of(name)}{_ENDS}")


@cache
def _paying() -> re.Pattern[str]:
    return re.compile(rf"{_BEGINS}{one_of('paying')} (?:for )?$")


@cache
def _adjectives() -> frozenset[str]:
    return frozenset(one_of("adjectives")[3:-1].split("|"))


@cache
def _determiner() -> str:
    return rf"(?:(?:(?:all of |both )?{one_of('determiners')}(?: {one_of('adjectives')})* |(?:new|federal|proposed) ))?"


@cache
def _number_pattern() -> re.Pattern[str]:
    after = r"(?![\w%]|[.,]\d|-\d)"
    suffix = r"(?:-?[a-z]|\.\d{1,2})?"
    bare = rf"[cs]-? ?\d{{1,4}}{suffix}"
    return re.compile(
        rf"{_BEGINS}{_determiner()}{one_of('kinds')} (?:{one_of('number_signs')} ?)?"
        rf"(?P<number>(?:[a-z] ?-? ?)?\d{{1,4}}{suffix}){after}"
        rf"|(?:{_BEGINS}{_determiner()}|(?<![\w-])(?:(?<=[ldn]')|(?<!')))(?P<bare>{bare}){after}"
    )


def _title_pattern(title: str) -> str:
    words = re.escape(plain(title)).replace(r"\ ", "[ -]")
    return rf"{_BEGINS}{_determiner()}[\"']?{words}[\"']?(?!\w)"
