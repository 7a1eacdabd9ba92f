"""Words around a number that say above, below or near it, and words that say a share without a number."""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from fractions import Fraction

from advocacy.numerals.alternatives import alternatives
from advocacy.numerals.plain_text import plain
from advocacy.numerals.words import TABLES, VALUES


class Approach(Enum):
    """How a number is said: itself, or above, below or near it."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    LESS = "less"
    MORE = "more"
    ABOUT = "about"


_LONGEST = 30
_SIGNS = {Approach.AT_LEAST: r">=|≥", Approach.MORE: r">|\+", Approach.LESS: r"<", Approach.ABOUT: r"~|≈"}


def _any(phrases: Iterable[str]) -> str:
    """Match any of the phrases; one that ends in "de" elides."""
    spoken = (re.escape(plain(phrase)) for phrase in sorted(phrases, key=len, reverse=True))
    return "|".join(f"{phrase[:-1]}(?:e |')" if phrase.endswith("\\ de") else f"{phrase} " for phrase in spoken)


_BEFORE = tuple(
    (
        how,
        re.compile(rf"(?:\b(?:{_any(TABLES['hedges'][how.value])})|(?:{_SIGNS[how]}) ?)(?:(?:a|an|the|les|la|le) )?$"),
    )
    for how in (Approach.AT_LEAST, Approach.LESS, Approach.MORE, Approach.ABOUT)
)
# "In 2019, at least 23,700" hedges the number that follows.
_ANOTHER = rf" (?:\d|(?:{'|'.join(VALUES)})\b)"
_COUNTED = r"(?: (?:people|persons|respondents|participants|personnes|repondants))?"
_AFTER_SIGNS = {Approach.AT_LEAST: r" ?\+|-plus\b"}
_AFTER = tuple(
    (
        Approach(how),
        re.compile(
            rf"{_COUNTED},? (?:{'|'.join(plain(phrase) for phrase in phrases)})\b(?! than| de\b| d'|{_ANOTHER})"
            f"|{_AFTER_SIGNS.get(Approach(how), '(?!)')}"
        ),
    )
    for how, phrases in TABLES["afterthoughts"].items()
)
# Most numbers have no hedge, and most texts no such share: a first look tells.
_LAST_WORDS = {plain(phrase).split()[-1] for how in TABLES["hedges"].values() for phrase in how}
_LAST_WORDS |= {"a", "an", "the", "les", "la", "le"}
_ANY_AFTER = re.compile("|".join(words.pattern for _, words in _AFTER))
_VAGUE = tuple(
    (Fraction(row["range"][0]), Fraction(row["range"][1]), re.compile(rf"\b(?:{alternatives(row['said'])})"))
    for row in TABLES["vague"]
)
_ANY_VAGUE = re.compile(rf"\b(?:{alternatives(said for row in TABLES['vague'] for said in row['said'])})")


def hedge(text: str, start: int, end: int) -> tuple[Approach, int, int]:
    """Tell how the number at `start`–`end` of a plain text is said, and its place with its hedges."""
    approach = Approach.EXACT
    for how, words in _BEFORE if _may_be_hedged(text, start) else ():
        if before := words.search(text, max(0, start - _LONGEST), start):
            approach, start = how, before.start()
            break
    for how, words in _AFTER if _ANY_AFTER.match(text, end) else ():
        if after := words.match(text, end):
            approach, end = how, after.end()
            break
    return approach, start, end


def _may_be_hedged(text: str, start: int) -> bool:
    """Whether the word before a number ends a hedge, or is no plain word."""
    before = text[max(0, start - _LONGEST) : start]
    last = before.split()[-1:]
    return bool(last) and not (before[-1] == " " and last[0].isalpha() and last[0] not in _LAST_WORDS)


def vague_shares(text: str) -> Iterator[tuple[int, int, Fraction, Fraction]]:
    """Find shares said without a number in a plain text: start, end, and the least and most that is meant."""
    first = _ANY_VAGUE.search(text)
    if first is None:
        return
    taken = bytearray(len(text))
    for least, most, words in _VAGUE:
        for said in words.finditer(text, first.start()):
            start, end = said.span()
            if taken.find(1, start, end) < 0:
                taken[start:end] = bytes([1]) * (end - start)
                yield start, end, least, most
