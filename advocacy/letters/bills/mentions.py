"""Where a text names a bill: by number, by title, as "the bill", or by words that go on speaking of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from advocacy.campaigns.legislation import Bill
from advocacy.language import Language
from advocacy.letters.bills.bill_claim import BillFault, BillJudgement
from advocacy.letters.bills.dates import named_days
from advocacy.letters.bills.lexicon import FIRST_BILL, OTHER, alternatives, lexicon
from advocacy.letters.figures.claim import Verdict
from advocacy.letters.sentences import Sentence
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
    before: PriorMentions

    @property
    def plain(self) -> str:
        """The plain text."""
        return self.text.plain

    def nearest(self, place: int) -> Mention | None:
        """Return what was found last before a place."""
        ended = (mention for mention in self.found if mention.end <= place)
        return max(ended, key=lambda mention: mention.end, default=None)


class BillNames:
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

    def in_sentence(self, text: PlainText, sentence: Sentence, before: PriorMentions) -> list[Mention]:
        """Return what a sentence names, in order; of two that overlap, the one that says more."""
        if not self._hint.search(text.plain, sentence.start, sentence.end):
            return []
        found: list[Mention] = []
        taken = bytearray(sentence.end - sentence.start)
        readers = (self._titled, self._numbered, _acts, self._specific, _others, self._weak)
        for read in readers:
            for mention in list(read(_Context(text, sentence, found, before))):
                place = slice(mention.start - sentence.start, mention.end - sentence.start)
                if not any(taken[place]):
                    taken[place] = b"\x01" * (mention.end - mention.start)
                    found.append(mention)
        return sorted(found, key=lambda mention: mention.start)

    def masked(self, text: str, sentence: Sentence, mentions: Sequence[Mention]) -> str:
        """Return a sentence with placeholders in place of all that it names, of the same length."""
        piece = [
            " " if char == OTHER or FIRST_BILL <= char <= "\ue1ff" else char
            for char in text[sentence.start : sentence.end]
        ]
        for mention in mentions:
            start, end = mention.start - sentence.start, mention.end - sentence.start
            piece[start:end] = self.placeholder(mention.bill) * (end - start)
        return "".join(piece)

    def placeholder(self, bill: Bill | None) -> str:
        """Return the character that stands for a bill, None being any other."""
        return OTHER if bill is None else chr(ord(FIRST_BILL) + self.bills.index(bill))

    def bill_of(self, placeholder: str) -> Bill:
        """Return the bill that a character stands for."""
        return self.bills[ord(placeholder) - ord(FIRST_BILL)]

    def _titled(self, read: "_Context") -> Iterator[Mention]:
        for pattern, bill in self._titles:
            for one in pattern.finditer(read.plain, read.sentence.start, read.sentence.end):
                yield Mention(*one.span(), bill, title=one[0])

    def _numbered(self, read: "_Context") -> Iterator[Mention]:
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

    def _specific(self, read: "_Context") -> Iterator[Mention]:
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
        is_elsewhere = re.match(rf" (?:in |of |from |du |de |en |au )?{alternatives('elsewhere')}{_ENDS}", after)
        about = re.match(rf" {alternatives('about')}\b(?P<what>[^,.;:!?()]{{3,80}})", after)
        is_about_else = about is not None and not set(re.findall(r"[\w-]+", about["what"])) & topics
        return bool(is_paid or is_elsewhere or is_about_else)

    def _weak(self, read: "_Context") -> Iterator[Mention]:
        """Find "the law", "this text" where they can only speak of a bill that was named."""
        for one in _pattern("weak").finditer(read.plain, read.sentence.start, read.sentence.end):
            if _is_predicate(read.plain, one.start()):
                continue
            nearest = read.nearest(one.start())
            bill = nearest.bill if nearest else read.before.bill
            if nearest is None and bill is None and _is_of_the_letter(read, one):
                bill = self.bills[0]
            if re.compile(rf" {alternatives('weak_ends')}{_ENDS}").match(read.plain, one.end()):
                bill = None
            if bill is not None or nearest is not None:
                yield Mention(*one.span(), bill)


def _is_of_the_letter(read: "_Context", one: re.Match[str]) -> bool:
    """Whether "this text" can only be the bill that the letter is about: no other law or country was named."""
    if read.before.is_any_other or not _DEICTIC.match(one[0]):
        return False
    before = read.plain[max(0, one.start() - _FAR) : one.start()]
    after = read.plain[one.end() : one.end() + _AROUND]
    return not _LAW_WORD.search(before) and not is_elsewhere(f"{before} {after}")


def looks_back(text: str) -> bool:
    """Whether a plain text says "this text" or the like: which bill that is depends on what stands before."""
    return any(_DEICTIC.match(one[0]) for one in _pattern("weak").finditer(text))


def _acts(read: "_Context") -> Iterator[Mention]:
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


def _others(read: "_Context") -> Iterator[Mention]:
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
    return frozenset(word for word in words if not re.fullmatch(alternatives("stop_words"), word))


def is_elsewhere(text: str) -> bool:
    """Whether a text names another country, a province or a town."""
    return _pattern("elsewhere").search(text) is not None


def _is_predicate(text: str, start: int) -> bool:
    """Whether the words that begin at `start` say what something is, as in "C-34 is a law"."""
    return re.search(rf"{_BEGINS}{alternatives('copulas')} $", text[max(0, start - 30) : start]) is not None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"{_BEGINS}{alternatives(name)}{_ENDS}")


@cache
def _paying() -> re.Pattern[str]:
    return re.compile(rf"{_BEGINS}{alternatives('paying')} (?:for )?$")


@cache
def _adjectives() -> frozenset[str]:
    return frozenset(alternatives("adjectives")[3:-1].split("|"))


@cache
def _determiner() -> str:
    determined = rf"(?:all of |both )?{alternatives('determiners')}(?: {alternatives('adjectives')})* "
    return rf"(?:(?:{determined}|(?:new|federal|proposed) ))?"


@cache
def _number_pattern() -> re.Pattern[str]:
    after = r"(?![\w%]|[.,]\d|-\d)"
    suffix = r"(?:-?[a-z]|\.\d{1,2})?"
    bare = rf"[cs]-? ?\d{{1,4}}{suffix}"
    return re.compile(
        rf"{_BEGINS}{_determiner()}{alternatives('kinds')} (?:{alternatives('number_signs')} ?)?"
        rf"(?P<number>(?:[a-z] ?-? ?)?\d{{1,4}}{suffix}){after}"
        rf"|(?:{_BEGINS}{_determiner()}|(?<![\w-])(?:(?<=[ldn]')|(?<!')))(?P<bare>{bare}){after}"
    )


def _title_pattern(title: str) -> str:
    words = re.escape(plain(title)).replace(r"\ ", "[ -]")
    return rf"{_BEGINS}{_determiner()}[\"']?{words}[\"']?(?!\w)"


_CONTENT = re.compile(r"(?!(?:the|an?|act|and|of|to|on|for|law|bill|la|le|loi)\b)\b[a-z]{3,}")
_NUMBER = re.compile(r"([a-z]?)(\d+)([a-z]?|\.\d+)")
_CLOSES = re.compile(r"\"?(?:[,.;:!?)]|$| -)")
_LISTED = re.compile(r"(?:and|or|but|day|et|mais|so|while) ")
_COMMA = re.compile(r",(?: (?:the|an|la|le|l'|of))?")
_TITLE_OF = re.compile(r"(?<!\w)(?:title|name|titre|nom)(?: (?:anglais|officiel|court|complet))* (?:of|de|du) ?$")
_TITLED_AS = re.compile(r"\"? (?:as|en tant que|comme) (?:le |un )?(?:bill|projet de loi|pl) |\"? as (?:[cs]-?\d)")
"""In "introduced the … Act as Bill C-63"."""
_AS = re.compile(r"(?<!known)[\s,(]as ")
_IS_TITLED = re.compile(r" (?:is|was|has been) (?:\w+ )?(?:titled|entitled|called|named|known|renamed|dubbed)(?!\w)")
"""In "the … Act, as C-34 is titled"; without these words, "as" compares."""
_IS = re.compile(r"(?<!\w)(?:is|est|c'est)(?!\w)")
_LEADING_ARTICLE = re.compile(r"(?:the|an|la|le) ")
_TITLE_ENDS = (
    r"(?= ?\"|[,.;:!?)]|$| (?:has|is|was|will|would|should|must|requires|died|passed|does|can|received|a|est|sera|"
    r"serait|devrait|doit|vise|oblige|prevoit)\b)"
)
_LOI = r"loi (?:sur|visant|concernant|relative|edictant|pour) [\w' -]{3,70}?"
_MAX_LINK = 40
_ENOUGH_TOPICS = 2
_TITLE_DISTANCE = 150
_MAY_BE_TITLE = re.compile(r"\bact\b|\bloi ")


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
        """The sentence alone."""
        return self.text[self.start : self.end]


def judge_numbers(named: NamingContext) -> Iterator[BillJudgement]:
    """Find the numbers that were meant to be those of the campaign's bills."""
    titled = [mention for mention in named.mentions if mention.bill is not None and mention.title]
    for mention in named.mentions:
        if not mention.number or mention.bill is not None:
            continue
        meant = next((one.bill for one in titled if one.bill and _is_beside(named.text, mention, one)), None)
        verdict: Verdict | None = Verdict.FALSE
        if meant is None and named.lost_number:
            meant = named.names.bills[0]
        elif meant is None:
            meant, verdict = _nearest(named, mention)
        if meant and verdict:
            start = mention.start + named.text[mention.start : mention.end].rindex(mention.number)
            end = start + len(mention.number)
            yield BillJudgement(start, end, meant, BillFault.NUMBER, verdict, meant.number)


def _is_beside(text: str, one: Mention, other: Mention) -> bool:
    """Whether two names stand side by side, as those of one bill."""
    first, second = sorted((one, other), key=lambda mention: mention.start)
    between = text[first.end : second.start]
    if first.title and _TITLED_AS.match(text, first.end):
        return True
    if len(between) > _MAX_LINK or not re.fullmatch(_link(), between):
        return False
    return not _preposed().search(text[: first.start][-40:])


def _nearest(named: NamingContext, mention: Mention) -> tuple[Bill | None, Verdict | None]:
    for bill in named.names.bills:
        verdict = _near_verdict(named, mention, bill)
        if verdict is not None:
            return bill, verdict
    return None, None


def _near_verdict(named: NamingContext, mention: Mention, bill: Bill) -> Verdict | None:
    """Judge a number that is nearly a bill's: false where it can be no other's, unclear where it may be."""
    likeness = _likeness(compact(mention.number), compact(bill.number))
    if likeness is None:
        return None
    topics = set(re.findall(r"[a-z]+", named.sentence)) & named.names.topics[bill.number]
    is_about = len(topics) >= _ENOUGH_TOPICS
    may_be_another = re.search(rf"(?<!\w){alternatives('another_number')}(?!\w)", named.sentence) is not None
    if likeness == "digit" and is_about and not may_be_another:
        return Verdict.FALSE
    is_earlier = any(day.has_year and day.last < bill.introduced for day in named_days(named.sentence, named.today))
    is_provincial = likeness in ("no letter", "digit") and is_elsewhere(named.sentence)
    if is_earlier or is_provincial:
        return None
    if likeness == "digit":
        return None if named.names_number or may_be_another else Verdict.UNCLEAR
    return Verdict.UNCLEAR if not is_about and (named.names_number or may_be_another) else Verdict.FALSE


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


def judge_titles(named: NamingContext) -> Iterator[BillJudgement]:
    """Find what a sentence gives as the title of one of the campaign's bills."""
    for mention in named.mentions:
        if mention.bill is not None and not mention.title:
            yield from _title_beside(named, mention, mention.bill)
        elif mention.bill is None and mention.title.endswith("act") and not is_elsewhere(named.sentence):
            yield from _nearly_title(named, mention)
    if not any(mention.number for mention in named.mentions):
        for found in _its_title().finditer(named.text, named.start, named.end):
            bill = named.names.bills[0] if found["link"].startswith("the bill") else named.topic
            if bill is not None:
                yield from _judged_title(bill, found["title"], found.start("title"), around=found["link"])


def _title_beside(named: NamingContext, mention: Mention, bill: Bill) -> Iterator[BillJudgement]:
    if not _MAY_BE_TITLE.search(
        named.text, max(named.start, mention.start - _TITLE_DISTANCE), min(named.end, mention.end + _TITLE_DISTANCE)
    ):
        return
    after = _title_after().match(named.text, mention.end, named.end)
    lead = named.text[max(named.start, mention.start - 40) : mention.start]
    names_it = mention.number or _TITLE_OF.search(lead) or (after and _title_word().search(after["link"]))
    if after and names_it and after["link"].strip(" ") and not _begins_another(named.text, mention, after):
        around = f"{lead} {after['link']}"
        yield from _judged_title(bill, after["title"], after.start("title"), around=around)
        return
    if not mention.number:
        return
    before = _title_before().search(named.text[: mention.start], max(named.start, mention.start - _TITLE_DISTANCE))
    if before and before["link"].strip(" ") and not _is_governed_title(named, before, mention):
        yield from _judged_title(bill, before["title"], before.start("title"), around=before["link"])


def _is_governed_title(named: NamingContext, before: re.Match[str], mention: Mention) -> bool:
    """Whether a title before a bill is that of something else: "unlike the … Act, C-34"."""
    if _preposed().search(named.text[named.start : before.start("title")][-40:]):
        return True
    if _AS.search(before["link"]):
        return _IS_TITLED.match(named.text, mention.end) is None
    if not _IS.search(before["link"]):
        return False
    titles = (one for one in named.mentions if one.title and one.bill is None and one.end == before.end("title"))
    title = next(titles, None)
    if title is None or named.text.startswith("'s", mention.end):
        return True
    return not _opens_title().search(named.text[named.start : title.start][-40:])


def _begins_another(text: str, mention: Mention, found: re.Match[str]) -> bool:
    """Whether a title that a mere comma parts from the bill is that of something else: "after C-34, the Act …"."""
    if _LISTED.match(found["title"]):
        return True
    if not _COMMA.fullmatch(found["link"].strip(" ")):
        return False
    return not _CLOSES.match(text, found.end()) or _preposed().search(text[: mention.start][-40:]) is not None


def _judged_title(bill: Bill, title: str, start: int, *, around: str) -> Iterator[BillJudgement]:
    """Judge what is given as a title of a bill; words `around` it may say in which language it is."""
    article = _LEADING_ARTICLE.match(title)
    words, start = (title[article.end() :], start + article.end()) if article else (title, start)
    titles = [plain(one) for one in bill.title.values()]
    if any(words == one or words.endswith(f" {one}") for one in titles):
        yield BillJudgement(start, start + len(words), bill, BillFault.TITLE, Verdict.TRUE)
        return
    named = (language for language in Language if lexicon(language).title_language.search(around))
    language = next(named, None) or next(one for one in Language if lexicon(one).title.search(words))
    right = bill.title.get(language)
    verdict = Verdict.FALSE if right else Verdict.UNCLEAR
    yield BillJudgement(start, start + len(words), bill, BillFault.TITLE, verdict, right)


def _nearly_title(named: NamingContext, mention: Mention) -> Iterator[BillJudgement]:
    """Find a title, without a number, with a word changed, left out or put in."""
    for bill in named.names.bills:
        for title in bill.title.values():
            if _is_nearly(mention.title, plain(title)):
                start = mention.end - len(mention.title)
                yield BillJudgement(start, mention.end, bill, BillFault.TITLE, Verdict.FALSE, title)
                return


def _is_nearly(title: str, right: str) -> bool:
    one, other = _CONTENT.findall(title), _CONTENT.findall(right)
    shared = sum(any(word[:4] == known[:4] for known in other) for word in one)
    is_close = shared >= _ENOUGH_TOPICS and shared * 3 >= max(len(one), len(other)) * 2
    return is_close and len(one) <= len(other) + 1 and title.removeprefix("the ") != right


@cache
def _link() -> str:
    return rf"[\s\",(:-]*(?:{alternatives('links')}[\s\",(:]+)*"


@cache
def _preposed() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'-]){alternatives('preposed')} ?$")


@cache
def _opens_title() -> re.Pattern[str]:
    return re.compile(rf"(?:^|[,;:(]|(?<!\w){alternatives('opens_title')}) ?(?:the |le |la )?\"? ?$")


@cache
def _title_word() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternatives('title_words')}(?!\w)")


@cache
def _its_title() -> re.Pattern[str]:
    word = rf"(?!{alternatives('not_titles')} )[\w'-]+ "
    title = rf"(?P<title>(?:{word}){{1,7}}act|{_LOI}){_TITLE_ENDS}"
    return re.compile(rf"(?<![\w'])(?P<link>{alternatives('its_title')})[\s\",:]+{title}")


@cache
def _title_after() -> re.Pattern[str]:
    word = rf"(?!{alternatives('not_titles')} )[\w'-]+ "
    return re.compile(rf"(?P<link>{_link()})\"?(?P<title>(?:{word}){{1,7}}act|{_LOI}){_TITLE_ENDS}")


@cache
def _title_before() -> re.Pattern[str]:
    first = rf"(?!(?:the|an?|le|la|un|du|support|read|of|{alternatives('not_titles')}) )[\w'-]+ "
    word = rf"(?!{alternatives('not_titles')} )[\w'-]+ "
    link = rf"[\s\",(:-]+(?:{alternatives('links_before')}[\s,(]+)*"
    return re.compile(rf"(?<![\w'-])(?P<title>{first}(?:{word}){{0,6}}act|{_LOI})\"?(?P<link>{link})$")
