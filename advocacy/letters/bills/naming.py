"""A bill that a letter names by another number, or by another title, than the campaign knows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from advocacy.campaigns.bill import Bill
from advocacy.language import Language
from advocacy.letters.bills.bill_claim import BillFault
from advocacy.letters.bills.mentions import FOREIGN, Mention, compact
from advocacy.letters.bills.named_days import named_days
from advocacy.letters.figures.verdicts import Verdict
from advocacy.numerals import plain

_LINK = (
    r"[\s\",(:-]*(?:(?:or|also|better|formally|officially|now|otherwise|commonly|which is|is|it is|known as|called|named|titled|entitled|dubbed|aka|a\.k\.a\.|the so-called|"
    r"short title|its (?:short )?title(?: is)?|with the title|under the (?:title|name)(?: of)?|intitulee?|dite?|appelee?|nommee?|soit|ou|connue? sous le nom de|c'est-a-dire|est|the|an|le|la)[\s\",(:]+)*"
)
_TITLE_AFTER = re.compile(
    rf"(?P<link>{_LINK})\"?(?P<title>(?:(?!(?:to|that|which|who|has|have|had|will|would|should|must|can|and i|we|you|i|would|not|as|an|if|when|is|was|passed|died|like|unlike) )[\w'-]+ ){{1,7}}act|loi (?:sur|visant|concernant|relative|edictant|pour) [\w' -]{{3,70}}?)(?=\"|[,.;:!?)]|$| (?:has|is|was|will|would|should|must|requires|died|passed|does|can|received|a|est|sera|serait|devrait|doit|vise|oblige|prevoit)\b)"
)
_TITLE_BEFORE = re.compile(
    r"(?P<title>(?:(?!(?:to|that|which|who|has|have|will|would|should|must|can|i|we|you|not|as|if|when|is|was|passed|died|the|an?|unlike|like|support|read|of) )[\w'-]+ )(?:(?!(?:to|that|which|who|has|have|will|would|should|must|i|we|you|not|is|was|passed|died|unlike) )[\w'-]+ ){0,6}act|loi (?:sur|visant|concernant|relative) [\w' -]{3,70}?)\"?(?P<link>[\s\",(:-]+(?:(?:or|also known as|known as|also called|aka|i\.e\.|that is|formally|ou|soit|dit|connue sous le nom de|officially|namely|the|le)[\s,(]+)*)$"
)
_PREPOSED = re.compile(
    r"(?<![\w'])(?:unlike|like|after|before|with|than|from|since|to|beside|besides|following|by|contrairement a|comme|apres|avant|avec|depuis)(?: the| la| le)? ?$"
)
_LISTED = re.compile(r"^(?:,| and| et| or| ou)(?! (?:is|has|would|will|was|est|a|sera)\b)")
_ANOTHER = re.compile(
    r"(?<![\w'])(?:also|another|other|too|as well|both|besides|previous|earlier|old|aussi|egalement|autre|ancien|precedent)(?![\w'])"
)
_CONTENT = re.compile(r"(?!(?:the|an?|act|and|of|to|on|for|law|bill|la|le|loi)\b)\b[a-z]{3,}")


@dataclass(frozen=True, slots=True)
class Misnaming:
    """A number or a title at `start`–`end` of the plain text, its verdict, and what may be put there instead."""

    start: int
    end: int
    bill: Bill
    fault: BillFault
    verdict: Verdict
    mend: str | None = None


def judge_numbers(
    text: str,
    start: int,
    end: int,
    mentions: Sequence[Mention],
    bills: Sequence[Bill],
    topics: frozenset[str],
    *,
    edited: bool,
    named_elsewhere: bool,
    today: date,
) -> Iterator[Misnaming]:
    """Find the numbers of a sentence that were meant to be a bill's of the campaign.

    `edited` tells that the sentence was composed with the bill's own number, `named_elsewhere` that the letter has it.
    """
    sentence = text[start:end]
    bill = bills[0]
    beside_title = [mention for mention in mentions if mention.bill is not None and mention.title]
    for mention in mentions:
        if not mention.by_number or mention.bill is not None:
            continue
        place = mention.start + text[mention.start : mention.end].rindex(mention.number)
        meant = next((one.bill for one in beside_title if one.bill and _is_apposed(text, mention, one)), None)
        verdict = Verdict.FALSE if meant or edited else None
        for one in bills if verdict is None else ():
            verdict = _near_verdict(mention, one, sentence, topics, named_elsewhere=named_elsewhere, today=today)
            if verdict is not None:
                meant = one
                break
        if verdict is not None:
            owner = meant or bill
            yield Misnaming(place, place + len(mention.number), owner, BillFault.NUMBER, verdict, owner.number)


def _is_apposed(text: str, one: Mention, other: Mention) -> bool:
    first, second = sorted((one, other), key=lambda mention: mention.start)
    between = text[first.end : second.start]
    return len(between) <= 24 and re.fullmatch(_LINK, between) is not None and not _PREPOSED.search(text[: first.start])


def _near_verdict(
    mention: Mention, bill: Bill, sentence: str, topics: frozenset[str], *, named_elsewhere: bool, today: date
) -> Verdict | None:
    kind = _likeness(compact(mention.number), compact(bill.number))
    if kind is None:
        return None
    about = len(set(re.findall(r"[a-z]+", sentence)) & topics) >= 2
    if kind == "digit":
        if about and not _ANOTHER.search(sentence):
            return Verdict.FALSE
    earlier = any(day.has_year and day.last < bill.introduced for day in named_days(sentence, today))
    if kind == "digit":
        return (
            None
            if earlier or named_elsewhere or _ANOTHER.search(sentence) or FOREIGN.search(sentence)
            else Verdict.UNCLEAR
        )
    if earlier or (kind == "no letter" and FOREIGN.search(sentence)):
        return None
    if not about and (named_elsewhere or _ANOTHER.search(sentence)):
        return Verdict.UNCLEAR
    return Verdict.FALSE


def _likeness(number: str, right: str) -> str | None:
    """Return in what a number is nearly the right one: "swapped", "letter", "no letter", "suffix", "digit" or None."""
    if number == right:
        return None
    letters, digits = re.match(r"([a-z]?)(\d+)", right).groups()  # type: ignore[union-attr]  # by the pattern of Bill
    found = re.match(r"([a-z]?)(\d+)([a-z]?)$", number)
    if found is None:
        return None
    if found[2] == digits:
        return "suffix" if found[1] == letters else "letter" if found[1] else "no letter"
    if found[1] != letters or not letters or found[3]:
        return None
    if sorted(found[2]) == sorted(digits) or found[2] in (digits * 2, digits + digits[-1], digits[0] + digits):
        return "swapped"
    changed = sum(one != other for one, other in zip(found[2], digits, strict=False))
    if len(found[2]) == len(digits) and changed == 1:
        return "digit"
    return "digit" if abs(len(found[2]) - len(digits)) == 1 and (digits in found[2] or found[2] in digits) else None


def judge_titles(
    text: str, start: int, end: int, mentions: Sequence[Mention], bills: Sequence[Bill]
) -> Iterator[Misnaming]:
    """Find what a sentence gives as the title of a bill."""
    for mention in mentions:
        if mention.bill is None or not mention.by_number:
            continue
        after = _TITLE_AFTER.match(text, mention.end, end)
        if (
            after
            and after["link"].strip(" ")
            and not _is_list(text, after, end)
            and not _is_next_clause(text, mention, after)
        ):
            yield from _titled(mention.bill, after["title"], after.start("title"))
            continue
        before = _TITLE_BEFORE.search(text[: mention.start], start)
        if before and before["link"].strip(" ") and not _PREPOSED.search(text[: before.start("title")]):
            yield from _titled(mention.bill, before["title"], before.start("title"))
    for mention in mentions:
        if mention.bill is None and mention.title.endswith("act") and not FOREIGN.search(text[start:end]):
            for bill in bills:
                title = next((one for one in bill.title.values() if _is_nearly(mention.title, plain(one))), None)
                if title:
                    yield Misnaming(
                        mention.end - len(mention.title.strip()),
                        mention.end,
                        bill,
                        BillFault.TITLE,
                        Verdict.FALSE,
                        title,
                    )


def _is_next_clause(text: str, mention: Mention, found: re.Match[str]) -> bool:
    """Whether a mere comma parts the bill from a title that begins something else."""
    if re.match(r"(?:and|or|but|day|et|mais|so|while) ", found["title"]):
        return True
    if found["link"].strip(" ") not in (",", ", the", ", an", ", la", ", le", ", l'", ", of"):
        return False
    closes = re.match(r'"?(?:[,.;:!?)]|$| -)', text[found.end() : found.end() + 3])
    return not closes or bool(_PREPOSED.search(text[: mention.start]))


def _is_list(text: str, found: re.Match[str], end: int) -> bool:
    link = found["link"].strip(" ")
    return link.strip(", theanl") == "" and bool(
        _LISTED.match(text[found.end() : end]) and " and " in text[found.end() : found.end() + 8]
    )


def _titled(bill: Bill, title: str, start: int) -> Iterator[Misnaming]:
    words = re.sub(r"^(?:the|an|la|le) ", "", title)
    start += len(title) - len(words)
    titles = {plain(one): one for one in bill.title.values()}
    if words in titles or any(words.endswith(" " + one) for one in titles):
        yield Misnaming(start, start + len(words), bill, BillFault.TITLE, Verdict.TRUE)
        return
    language = Language.FR if words.startswith("loi ") else Language.EN
    right = bill.title.get(language)
    verdict = Verdict.FALSE if right else Verdict.UNCLEAR
    yield Misnaming(start, start + len(words), bill, BillFault.TITLE, verdict, right)


def _is_nearly(title: str, right: str) -> bool:
    """Whether a title is another's with a word changed, left out or put in."""
    one, other = _CONTENT.findall(title), _CONTENT.findall(right)
    if not other or len(one) > len(other) + 1 or one == other:
        return one == other and title.split()[-1] == right.split()[-1] and title.removeprefix("the ") != right
    shared = sum(any(word[:4] == known[:4] for known in other) for word in one)
    return shared >= 2 and shared * 3 >= len(other) * 2 and shared * 3 >= len(one) * 2
