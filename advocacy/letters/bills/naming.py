"""A bill that a letter names by another number, or by another title, than the campaign knows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from advocacy.campaigns.bill import Bill
from advocacy.language import Language
from advocacy.letters.bills.bill_claim import BillFault, Finding
from advocacy.letters.bills.lexicon import one_of
from advocacy.letters.bills.mentions import Mention, Names, compact, is_elsewhere
from advocacy.letters.bills.named_days import named_days
from advocacy.letters.figures.verdicts import Verdict
from advocacy.numerals import plain

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
_ARTICLE = re.compile(r"(?:the|an|la|le) ")
_TITLE_ENDS = (
    r"(?= ?\"|[,.;:!?)]|$| (?:has|is|was|will|would|should|must|requires|died|passed|does|can|received|a|est|sera|"
    r"serait|devrait|doit|vise|oblige|prevoit)\b)"
)
_LOI = r"loi (?:sur|visant|concernant|relative|edictant|pour) [\w' -]{3,70}?"
_LONGEST_LINK = 40
_ENOUGH_TOPICS = 2
_AROUND = 150
_MAY_BE_TITLE = re.compile(r"\bact\b|\bloi ")


@dataclass(frozen=True, slots=True)
class NamedIn:
    """A sentence at `start`–`end` of a plain text, and what it names.

    `lost_number` tells that it was composed with a bill's number that it has no longer, `names_number` that the letter
    has that number elsewhere, `topic` the bill that "it" goes on speaking of.
    """

    text: str
    start: int
    end: int
    mentions: Sequence[Mention]
    names: Names
    lost_number: bool
    names_number: bool
    today: date
    topic: Bill | None = None

    @property
    def sentence(self) -> str:
        """The sentence alone."""
        return self.text[self.start : self.end]


def judge_numbers(named: NamedIn) -> Iterator[Finding]:
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
            yield Finding(start, end, meant, BillFault.NUMBER, verdict, meant.number)


def _is_beside(text: str, one: Mention, other: Mention) -> bool:
    """Whether two names stand side by side, as those of one bill."""
    first, second = sorted((one, other), key=lambda mention: mention.start)
    between = text[first.end : second.start]
    if first.title and _TITLED_AS.match(text, first.end):
        return True
    if len(between) > _LONGEST_LINK or not re.fullmatch(_link(), between):
        return False
    return not _preposed().search(text[: first.start][-40:])


def _nearest(named: NamedIn, mention: Mention) -> tuple[Bill | None, Verdict | None]:
    for bill in named.names.bills:
        verdict = _near_verdict(named, mention, bill)
        if verdict is not None:
            return bill, verdict
    return None, None


def _near_verdict(named: NamedIn, mention: Mention, bill: Bill) -> Verdict | None:
    """Judge a number that is nearly a bill's: false where it can be no other's, unclear where it may be."""
    likeness = _likeness(compact(mention.number), compact(bill.number))
    if likeness is None:
        return None
    topics = set(re.findall(r"[a-z]+", named.sentence)) & named.names.topics[bill.number]
    is_about = len(topics) >= _ENOUGH_TOPICS
    may_be_another = re.search(rf"(?<!\w){one_of('another_number')}(?!\w)", named.sentence) is not None
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


def judge_titles(named: NamedIn) -> Iterator[Finding]:
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
                is_english = _is_english(found["link"])
                yield from _judged_title(bill, found["title"], found.start("title"), is_english=is_english)


def _title_beside(named: NamedIn, mention: Mention, bill: Bill) -> Iterator[Finding]:
    if not _MAY_BE_TITLE.search(
        named.text, max(named.start, mention.start - _AROUND), min(named.end, mention.end + _AROUND)
    ):
        return
    after = _title_after().match(named.text, mention.end, named.end)
    lead = named.text[max(named.start, mention.start - 40) : mention.start]
    names_it = mention.number or _TITLE_OF.search(lead) or (after and _title_word().search(after["link"]))
    if after and names_it and after["link"].strip(" ") and not _begins_another(named.text, mention, after):
        around = f"{lead} {after['link']}"
        yield from _judged_title(bill, after["title"], after.start("title"), is_english=_is_english(around))
        return
    if not mention.number:
        return
    before = _title_before().search(named.text[: mention.start], max(named.start, mention.start - _AROUND))
    if before and before["link"].strip(" ") and not _is_governed_title(named, before, mention):
        yield from _judged_title(bill, before["title"], before.start("title"), is_english=_is_english(before["link"]))


def _is_governed_title(named: NamedIn, before: re.Match[str], mention: Mention) -> bool:
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


def _is_english(words: str) -> bool:
    """Whether a title is said to be the English one."""
    return re.search(r"(?<!\w)(?:anglais|english)", words) is not None


def _begins_another(text: str, mention: Mention, found: re.Match[str]) -> bool:
    """Whether a title that a mere comma parts from the bill is that of something else: "after C-34, the Act …"."""
    if _LISTED.match(found["title"]):
        return True
    if not _COMMA.fullmatch(found["link"].strip(" ")):
        return False
    return not _CLOSES.match(text, found.end()) or _preposed().search(text[: mention.start][-40:]) is not None


def _judged_title(bill: Bill, title: str, start: int, *, is_english: bool = False) -> Iterator[Finding]:
    article = _ARTICLE.match(title)
    words, start = (title[article.end() :], start + article.end()) if article else (title, start)
    titles = [plain(one) for one in bill.title.values()]
    if any(words == one or words.endswith(f" {one}") for one in titles):
        yield Finding(start, start + len(words), bill, BillFault.TITLE, Verdict.TRUE)
        return
    right = bill.title.get(Language.FR if words.startswith("loi ") and not is_english else Language.EN)
    verdict = Verdict.FALSE if right else Verdict.UNCLEAR
    yield Finding(start, start + len(words), bill, BillFault.TITLE, verdict, right)


def _nearly_title(named: NamedIn, mention: Mention) -> Iterator[Finding]:
    """Find a title, without a number, with a word changed, left out or put in."""
    for bill in named.names.bills:
        for title in bill.title.values():
            if _is_nearly(mention.title, plain(title)):
                start = mention.end - len(mention.title)
                yield Finding(start, mention.end, bill, BillFault.TITLE, Verdict.FALSE, title)
                return


def _is_nearly(title: str, right: str) -> bool:
    one, other = _CONTENT.findall(title), _CONTENT.findall(right)
    shared = sum(any(word[:4] == known[:4] for known in other) for word in one)
    is_close = shared >= _ENOUGH_TOPICS and shared * 3 >= max(len(one), len(other)) * 2
    return is_close and len(one) <= len(other) + 1 and title.removeprefix("the ") != right


@cache
def _link() -> str:
    return rf"[\s\",(:-]*(?:{one_of('links')}[\s\",(:]+)*"


@cache
def _preposed() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'-]){one_of('preposed')} ?$")


@cache
def _opens_title() -> re.Pattern[str]:
    return re.compile(rf"(?:^|[,;:(]|(?<!\w){one_of('opens_title')}) ?(?:the |le |la )?\"? ?$")


@cache
def _title_word() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){one_of('title_words')}(?!\w)")


@cache
def _its_title() -> re.Pattern[str]:
    word = rf"(?!{one_of('not_titles')} )[\w'-]+ "
    title = rf"(?P<title>(?:{word}){{1,7}}act|{_LOI}){_TITLE_ENDS}"
    return re.compile(rf"(?<![\w'])(?P<link>{one_of('its_title')})[\s\",:]+{title}")


@cache
def _title_after() -> re.Pattern[str]:
    word = rf"(?!{one_of('not_titles')} )[\w'-]+ "
    return re.compile(rf"(?P<link>{_link()})\"?(?P<title>(?:{word}){{1,7}}act|{_LOI}){_TITLE_ENDS}")


@cache
def _title_before() -> re.Pattern[str]:
    first = rf"(?!(?:the|an?|le|la|un|du|support|read|of|{one_of('not_titles')}) )[\w'-]+ "
    word = rf"(?!{one_of('not_titles')} )[\w'-]+ "
    link = rf"[\s\",(:-]+(?:{one_of('links_before')}[\s,(]+)*"
    return re.compile(rf"(?<![\w'-])(?P<title>{first}(?:{word}){{0,6}}act|{_LOI})\"?(?P<link>{link})$")
