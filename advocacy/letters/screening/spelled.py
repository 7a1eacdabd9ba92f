"""Addresses spelled out ("example dot com") or apart ("example . com") are found; sentences never read so."""

import re
from collections.abc import Callable, Iterator

from advocacy.letters.screening.blocked import Blocked, Kind
from advocacy.letters.screening.disguises import Seen
from advocacy.letters.screening.vocabulary import shipped

_WORDS = shipped()
_UNMISTAKABLE = _WORDS.endings.never_words
_AFTER_DOT = _WORDS.endings.never_words | _WORDS.endings.no_words_after_dot
_ARTICLES = _WORDS.spoken.articles
_ENDS = "|".join(sorted(_WORDS.endings.never_words | _WORDS.endings.also_words))
_SURE_ENDS = "|".join(sorted(_AFTER_DOT))
_END = rf"(?P<end>{_ENDS})(?![\w'’-])"
_CLOSING = re.compile(r"\s*(?:$|[.,;:!?)\]}>»”\"/\n])")

_SPACED = re.compile(rf"(?<!\w)(?P<before>\w[\w-]{{0,62}}+)(?P<gap>\s{{0,3}}[.·]{{1,4}}\s{{0,3}}){_END}", re.I)
_WORDED = re.compile(
    rf"(?<![^\W_])(?P<before>[^\W_]++)[\s_-]{{1,3}}(?P<point>dot|d0t|point|punkt|punto)[\s_-]{{1,3}}{_END}", re.I
)
_MAILED = re.compile(
    r"(?<!\w)(?P<name>\w[\w.+-]{0,63}+)\s{1,3}(?:arobase|arobas|arrobas|at)\s{1,3}"
    rf"(?P<before>\w[\w.-]{{0,62}}+)\s{{1,3}}(?:dot|point)\s{{1,3}}{_END}",
    re.I,
)
_MAILBOXES = "gmail|hotmail|outlook|yahoo|protonmail|proton|icloud|videotron|sympatico|live"
_ALWAYS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.ADDRESS,
        re.compile(r"\w\s{0,3}[\[({<]\s{0,3}(?:at|arobase?|arrobas|@)\s{0,3}[\])}>]\s{0,3}\w+", re.I),
    ),
    (Kind.LINK, re.compile(r"(?<!\w)\w{3,60}?dot(?:com|org|net)(?!\w)", re.I)),
    (Kind.LINK, re.compile(r"\w\s{0,3}[,;](?:com|org|net|onion|info|io|xyz|biz)(?!\w)", re.I)),
    (
        Kind.LINK,
        re.compile(
            r"(?<!\w)(?:site|website|web|url|address|adresse|name|nom|domain|domaine|page|link|lien)\s{0,2}(?:is|est|[:=])\s{0,2}[\w-]{2,60}"
            r"[^.\n]{1,60}(?<!\w)(?:extension|ending|ends?|suffix|suffixe|tld|terminaison|finit|termine|domain|domaine)(?!\w)"
            rf"[^\w\n]{{0,4}}(?:(?:is|est|in|with|by|par|en|of|de)(?!\w)[^\w\n]{{0,4}}){{0,2}}(?:(?:dot|point)\s)?(?:{_SURE_ENDS})(?!\w)",
            re.I,
        ),
    ),
    (Kind.LINK, re.compile(r"\w\s{0,2}[.·]\s{0,2}c(?:\s{1,2}o\s{0,2}|\s{0,2}o\s{1,2})m(?!\w)", re.I)),
    (Kind.LINK, re.compile(r"\w\s{1,2}(?:com|org|onion|ly|gl)/\w{2,}+", re.I)),
    (
        Kind.ADDRESS,
        re.compile(
            rf"\w\s{{1,3}}(?:arobas|arobase|at)\s{{1,3}}(?:{_MAILBOXES})\s{{1,3}}(?:com|ca|fr|me|point|dot)(?!\w)", re.I
        ),
    ),
)


# Letters told apart by the same little signs, a point among them: “e-x-a-m-p-l-e-.-c-o-m”.
_BETWEEN_LETTERS = re.compile(r"[^\w.]|_")
_LETTERED = re.compile(
    r"(?<!\w)\w(?:(?:[\s_‐‑‒–—*~+|/-]{1,2}(?:\.|dot|point|\w)|\.[\s_‐‑‒–—*~+|/-]{0,2}\w)(?![^\W_]{2})){5,80}", re.I
)
_LETTERED_ADDRESS = re.compile(rf"\w{{3,}}(?:\.|dot|point)(?:{_ENDS})$", re.I)


def find(seen: Seen) -> Iterator[Blocked]:
    """Find every address that is written in words or with room around its point."""
    for kind, shape in _ALWAYS:
        yield from (Blocked(kind, *seen.span(*match.span())) for match in shape.finditer(seen.text))
    for kind, shape, is_address in _JUDGED:
        found = (match for match in shape.finditer(seen.text) if is_address(match))
        yield from (Blocked(kind, *seen.span(*match.span())) for match in found)


def _is_lettered_address(match: re.Match[str]) -> bool:
    return _LETTERED_ADDRESS.search(_BETWEEN_LETTERS.sub("", match[0])) is not None


def _is_spaced_address(match: re.Match[str]) -> bool:
    gap, end = match["gap"], match["end"]
    if gap in (".", "·") or _begins_sentence(end):
        return False  # a glued point is judged with the other hosts
    if _is_spoken_of(match) and gap[0].isspace() and not gap[-1].isspace():
        return False  # “the .com bubble”
    if end.casefold() in _UNMISTAKABLE:
        return True
    return gap[0].isspace() and len(gap.strip()) == 1 and not _is_spoken_of(match) and _closes(match)


def _is_worded_address(match: re.Match[str]) -> bool:
    end = match["end"].casefold()
    if _is_spoken_of(match):
        return False
    always = _UNMISTAKABLE if match["point"].casefold() == "point" else _AFTER_DOT
    return end in always or _closes(match)


def _is_spoken_of(match: re.Match[str]) -> bool:
    return match["before"].casefold() in _ARTICLES


def _closes(match: re.Match[str]) -> bool:
    """Tell whether the sentence ends here: an ending that is a word too would otherwise go on."""
    return bool(_CLOSING.match(match.string, match.end()))


def _begins_sentence(end: str) -> bool:
    return end[0].isupper() and not end.isupper()


_JUDGED: tuple[tuple[Kind, re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    (Kind.LINK, _SPACED, _is_spaced_address),
    (Kind.LINK, _WORDED, _is_worded_address),
    (Kind.LINK, _LETTERED, _is_lettered_address),
    (Kind.ADDRESS, _MAILED, lambda match: match["before"].casefold() not in _ARTICLES),
)
