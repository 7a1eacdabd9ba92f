"""Words in every language: of numbers, of how exact a number is, and of shares without a number."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

from advocacy.language import Language
from advocacy.numerals.plain_text import any_of, plain

TABLES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "data" / "numbers.toml").read_text(encoding="utf-8"))
"""The words of numbers and around numbers, in every language."""

WORDS = {
    Language(name): {plain(word): value for word, value in words.items()} for name, words in TABLES["words"].items()
}
VALUES = {word: value for words in WORDS.values() for word, value in words.items()}
MULTIPLIERS: dict[str, int] = TABLES["multipliers"]
ARTICLES = frozenset({"one", "un", "une"})
"""They are numbers only inside a larger one, or as a share ("one in ten")."""


def words_beside(name: str) -> str:
    """Match any of the words listed under a name in the table of what stands beside numbers."""
    return "|".join(plain(word) for word in TABLES["beside"][name])


_WORD = any_of(sorted(VALUES, key=len, reverse=True))
_RUN = re.compile(rf"\b(?:{_WORD})\b(?:(?:\s|-|\set\s|-et-|\sand\s)(?:{_WORD})\b)*")
_ONE = re.compile(rf"\b(?:{_WORD})\b")
_PER_CENT = re.compile(r"(?:per|pour|p\.)[ -]$")
_SCORES = frozenset({"vingt", "vingts"})
_CENTURIES = frozenset({19, 20})


# "Per cent" is the sign of a number, and no number.
_COUNTED = any_of(sorted(VALUES.keys() - ARTICLES - {"cent", "cents"}, key=len, reverse=True))
_ANY = re.compile(rf"\d+(?:[.,]\d+)*|\b(?:{_COUNTED})\b")


def number_spans(text: str) -> Iterator[tuple[int, int]]:
    """Find what may be a number in a text as typed, in one pass: digits, and words of numbers but "one" and "un"."""
    small = text.lower()  # quicker than to ignore case; one letter of Unicode becomes two
    if len(small) != len(text):
        small = "".join(char.lower()[:1] for char in text)
    return (found.span() for found in _ANY.finditer(small))


@dataclass(slots=True)
class Spelled:
    """A number in words and its place in the plain text."""

    start: int
    end: int
    value: int
    words: tuple[str, ...]


def spelled(text: str) -> Iterator[Spelled]:
    """Find the numbers in words in a plain text, in order; "dix deux" is two numbers, "vingt-deux" one."""
    for run in _RUN.finditer(text):
        if run[0] in {"cent", "cents"} and _PER_CENT.search(text, 0, run.start()):
            continue
        yield from _years(_numbers(_ONE.finditer(text, run.start(), run.end())))


def _numbers(words: Iterable[re.Match[str]]) -> Iterator[Spelled]:
    number: _NumberBuilder | None = None
    for word in words:
        if number is not None and number.takes(word[0]):
            number.take(word)
            continue
        if number is not None:
            yield number.made()
        number = _NumberBuilder(word)
    if number is not None:
        yield number.made()


def _years(numbers: Iterable[Spelled]) -> Iterator[Spelled]:
    """Join "twenty nineteen" into 2019."""
    held: Spelled | None = None
    for number in numbers:
        if held is not None and _century(held) and 10 <= number.value <= 99 and number.start == held.end + 1:
            words = held.words + number.words
            held = Spelled(held.start, number.end, held.value * 100 + number.value, words)
            continue
        if held is not None:
            yield held
        held = number
    if held is not None:
        yield held


def _century(number: Spelled) -> bool:
    return number.value in _CENTURIES and number.words[0] in WORDS[Language.EN]


class _NumberBuilder:
    """A number while its words are read: what is above the last thousand, and the group being filled."""

    def __init__(self, word: re.Match[str]) -> None:
        self.start, self.end = word.span()
        self.words = [word[0]]
        self.above = 0
        value = VALUES[word[0]]
        self.group = value if value < 1000 else 0
        if value >= 1000:
            self.above = value

    def takes(self, word: str) -> bool:
        value, rest = VALUES[word], self.group % 100
        if value >= 1000:
            return self.group > 0 and (self.above == 0 or value < self.above)
        if value == 100:
            return 0 < self.group < 100
        return rest == 0 or self._score(word) or self._fits(value, rest, french=word in WORDS[Language.FR])

    def take(self, word: re.Match[str]) -> None:
        value = VALUES[word[0]]
        self.end = word.end()
        if value >= 1000:
            self.above, self.group = self.above + self.group * value, 0
        elif value == 100:
            self.group *= 100
        else:
            self.group += 76 if self._score(word[0]) else value
        self.words.append(word[0])

    def made(self) -> Spelled:
        return Spelled(self.start, self.end, self.above + self.group, tuple(self.words))

    def _score(self, word: str) -> bool:
        return word in _SCORES and self.words[-1] == "quatre"

    def _fits(self, value: int, rest: int, *, french: bool) -> bool:
        if value < 10:
            tens = french and rest in {10, 70, 90} and value >= 7
            return tens or (rest >= 20 and rest % 10 == 0)
        return french and 10 <= value < 20 and rest in {60, 80}


class Approach(Enum):
    """How a number is said: itself, or above, below or near it."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    LESS = "less"
    MORE = "more"
    ABOUT = "about"


_LONGEST = 30
_SIGNS = {Approach.AT_LEAST: r">=|≥", Approach.MORE: r">|\+", Approach.LESS: r"<", Approach.ABOUT: r"~|≈"}


def _any_phrase(phrases: Iterable[str]) -> str:
    """Match any of the phrases; one that ends in "de" elides."""
    spoken = (re.escape(plain(phrase)) for phrase in sorted(phrases, key=len, reverse=True))
    return "|".join(f"{phrase[:-1]}(?:e |')" if phrase.endswith("\\ de") else f"{phrase} " for phrase in spoken)


_BEFORE = tuple(
    (
        how,
        re.compile(
            rf"(?:\b(?:{_any_phrase(TABLES['hedges'][how.value])})|(?:{_SIGNS[how]}) ?)(?:(?:a|an|the|les|la|le) )?$"
        ),
    )
    for how in (Approach.AT_LEAST, Approach.LESS, Approach.MORE, Approach.ABOUT)
)
# "In 2019, at least 23,700" hedges the number that follows.
_ANOTHER = rf" (?:\d|(?:{'|'.join(VALUES)})\b)"
_COUNTED_PEOPLE = r"(?: (?:people|persons|respondents|participants|personnes|repondants))?"
_AFTER_SIGNS = {Approach.AT_LEAST: r" ?\+|-plus\b"}
_AFTER = tuple(
    (
        Approach(how),
        re.compile(
            rf"{_COUNTED_PEOPLE},? (?:{'|'.join(plain(phrase) for phrase in phrases)})\b(?! than| de\b| d'|{_ANOTHER})"
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
    (Fraction(row["range"][0]), Fraction(row["range"][1]), re.compile(rf"\b(?:{any_of(row['said'])})"))
    for row in TABLES["vague"]
)
_ANY_VAGUE = re.compile(rf"\b(?:{any_of(said for row in TABLES['vague'] for said in row['said'])})")


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
