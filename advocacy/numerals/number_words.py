"""Words in every language: of numbers, of how exact a number is, and of shares without a number."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from advocacy.numerals.plain_text import any_of, plain

ARTICLES = frozenset({"one", "un", "une"})
"""They are numbers only inside a larger one, or as a share ("one in ten")."""
_PER_CENT = re.compile(r"(?:per|pour|p\.)[ -]$")
_SCORES = frozenset({"vingt", "vingts"})
_CENTURIES = frozenset({19, 20})
_MAX_HEDGE = 30
"""Characters before a number in which a hedge is looked for."""


class Approach(Enum):
    """How a number is said: itself, or above, below or near it."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    LESS = "less"
    MORE = "more"
    ABOUT = "about"


_SIGNS_BEFORE = {Approach.AT_LEAST: r">=|≥", Approach.LESS: r"<", Approach.MORE: r">|\+", Approach.ABOUT: r"~|≈"}
_SIGNS_AFTER = {Approach.AT_LEAST: r" ?\+|-plus\b"}
_COUNTED_PEOPLE = r"(?: (?:people|persons|respondents|participants|personnes|repondants))?"


@dataclass(frozen=True, slots=True)
class NumberWords:
    """The words of `numbers.toml` in their plain form, and the patterns that are made of them."""

    in_year_pairs: frozenset[str]
    """Words of the languages in which "twenty nineteen" is a year."""
    after_sixty_and_eighty: frozenset[str]
    """Words of the languages that say sixty-twelve and eighty-eleven."""
    values: Mapping[str, int]
    multipliers: Mapping[str, int]
    beside: Mapping[str, str]
    """What is beside numbers, each list of words as one expression."""
    run: re.Pattern[str]
    word: re.Pattern[str]
    digits_or_word: re.Pattern[str]
    before: tuple[tuple[Approach, re.Pattern[str]], ...]
    """Hedges before a number."""
    last_before: frozenset[str]
    """The last words of these hedges: most numbers have none, and a first look tells."""
    after: tuple[tuple[Approach, re.Pattern[str]], ...]
    """Hedges after a number."""
    any_after: re.Pattern[str]
    vague: tuple[tuple[Fraction, Fraction, re.Pattern[str]], ...]
    """Shares without a number: the least and the most that is meant, and the words."""
    any_vague: re.Pattern[str]


@cache
def number_words() -> NumberWords:
    """Read the words and compile their patterns, once and when they are first needed."""
    tables: dict[str, Any] = tomllib.loads(
        (Path(__file__).parent / "data" / "numbers.toml").read_text(encoding="utf-8")
    )
    by_language = {
        name: {plain(word): value for word, value in words.items()} for name, words in tables["words"].items()
    }
    values = {word: value for words in by_language.values() for word, value in words.items()}
    any_word = any_of(sorted(values, key=len, reverse=True))
    # "Per cent" is the sign of a number, and no number.
    counted = any_of(sorted(values.keys() - ARTICLES - {"cent", "cents"}, key=len, reverse=True))
    before = tuple(
        (
            how,
            re.compile(
                rf"(?:\b(?:{_any_hedge(tables['hedges'][how.value])})|(?:{signs}) ?)(?:(?:a|an|the|les|la|le) )?$"
            ),
        )
        for how, signs in _SIGNS_BEFORE.items()
    )
    # "In 2019, at least 23,700" hedges the number that follows.
    another = rf" (?:\d|(?:{'|'.join(values)})\b)"
    after = tuple(
        (
            Approach(how),
            re.compile(
                rf"{_COUNTED_PEOPLE},? (?:{'|'.join(map(plain, phrases))})\b(?! than| de\b| d'|{another})"
                f"|{_SIGNS_AFTER.get(Approach(how), '(?!)')}"
            ),
        )
        for how, phrases in tables["afterthoughts"].items()
    )
    return NumberWords(
        in_year_pairs=frozenset().union(*(by_language[name] for name in tables["languages"]["years_in_pairs"])),
        after_sixty_and_eighty=frozenset().union(
            *(by_language[name] for name in tables["languages"]["counts_on_from_sixty_and_eighty"])
        ),
        values=values,
        multipliers=tables["multipliers"],
        beside={name: "|".join(map(plain, words)) for name, words in tables["beside"].items()},
        run=re.compile(rf"\b(?:{any_word})\b(?:(?:\s|-|\set\s|-et-|\sand\s)(?:{any_word})\b)*"),
        word=re.compile(rf"\b(?:{any_word})\b"),
        digits_or_word=re.compile(rf"\d+(?:[.,]\d+)*|\b(?:{counted})\b"),
        before=before,
        last_before=frozenset(
            {"a", "an", "the", "les", "la", "le"}
            | {plain(phrase).split()[-1] for phrases in tables["hedges"].values() for phrase in phrases}
        ),
        after=after,
        any_after=re.compile("|".join(pattern.pattern for _, pattern in after)),
        vague=tuple(
            (Fraction(row["range"][0]), Fraction(row["range"][1]), re.compile(rf"\b(?:{any_of(row['said'])})"))
            for row in tables["vague"]
        ),
        any_vague=re.compile(rf"\b(?:{any_of(phrase for row in tables['vague'] for phrase in row['said'])})"),
    )


def _any_hedge(phrases: Iterable[str]) -> str:
    """Match any of the phrases; one that ends in "de" elides."""
    escaped = (re.escape(plain(phrase)) for phrase in sorted(phrases, key=len, reverse=True))
    return "|".join(f"{phrase[:-1]}(?:e |')" if phrase.endswith("\\ de") else f"{phrase} " for phrase in escaped)


def number_spans(text: str) -> Iterator[tuple[int, int]]:
    """Find what may be a number in a text as typed, in one pass: digits, and words of numbers but "one" and "un"."""
    small = text.lower()  # quicker than to ignore case; one letter of Unicode becomes two
    if len(small) != len(text):
        small = "".join(char.lower()[:1] for char in text)
    return (found.span() for found in number_words().digits_or_word.finditer(small))


@dataclass(slots=True)
class NumberInWords:
    """A number in words and its place in the plain text."""

    start: int
    end: int
    value: int
    words: tuple[str, ...]


def numbers_in_words(text: str) -> Iterator[NumberInWords]:
    """Find the numbers in words in a plain text, in order; "dix deux" is two numbers, "vingt-deux" one."""
    words = number_words()
    for run in words.run.finditer(text):
        if run[0] in {"cent", "cents"} and _PER_CENT.search(text, 0, run.start()):
            continue
        yield from _join_years(_numbers(words.word.finditer(text, run.start(), run.end())))


def _numbers(words: Iterable[re.Match[str]]) -> Iterator[NumberInWords]:
    builder: _NumberBuilder | None = None
    for word in words:
        if builder is not None and builder.takes(word[0]):
            builder.add(word)
            continue
        if builder is not None:
            yield builder.number()
        builder = _NumberBuilder(word)
    if builder is not None:
        yield builder.number()


def _join_years(numbers: Iterable[NumberInWords]) -> Iterator[NumberInWords]:
    """Join "twenty nineteen" into 2019."""
    last: NumberInWords | None = None
    for number in numbers:
        if (
            last is not None
            and last.value in _CENTURIES
            and last.words[0] in number_words().in_year_pairs
            and 10 <= number.value <= 99
            and number.start == last.end + 1
        ):
            last = NumberInWords(last.start, number.end, last.value * 100 + number.value, last.words + number.words)
            continue
        if last is not None:
            yield last
        last = number
    if last is not None:
        yield last


class _NumberBuilder:
    """A number while its words are read: what is above the last thousand, and the group being filled."""

    def __init__(self, word: re.Match[str]) -> None:
        self.start, self.end = word.span()
        self.words = [word[0]]
        self.above = 0
        value = number_words().values[word[0]]
        self.group = value if value < 1000 else 0
        if value >= 1000:
            self.above = value

    def takes(self, word: str) -> bool:
        value, rest = number_words().values[word], self.group % 100
        if value >= 1000:
            return self.group > 0 and (self.above == 0 or value < self.above)
        if value == 100:
            return 0 < self.group < 100
        if rest == 0 or self._is_score(word):
            return True
        counts_on = word in number_words().after_sixty_and_eighty
        if value < 10:
            return (rest >= 20 and rest % 10 == 0) or (counts_on and rest in {10, 70, 90} and value >= 7)
        return counts_on and 10 <= value < 20 and rest in {60, 80}

    def add(self, word: re.Match[str]) -> None:
        value = number_words().values[word[0]]
        self.end = word.end()
        if value >= 1000:
            self.above, self.group = self.above + self.group * value, 0
        elif value == 100:
            self.group *= 100
        else:
            self.group += 76 if self._is_score(word[0]) else value
        self.words.append(word[0])

    def number(self) -> NumberInWords:
        return NumberInWords(self.start, self.end, self.above + self.group, tuple(self.words))

    def _is_score(self, word: str) -> bool:
        return word in _SCORES and self.words[-1] == "quatre"


def hedge(text: str, start: int, end: int) -> tuple[Approach, int, int]:
    """Return how the number at `start`–`end` of a plain text is said, and its place with its hedges."""
    words, approach = number_words(), Approach.EXACT
    for how, pattern in words.before if _may_be_hedged(text, start) else ():
        if before := pattern.search(text, max(0, start - _MAX_HEDGE), start):
            approach, start = how, before.start()
            break
    for how, pattern in words.after if words.any_after.match(text, end) else ():
        if after := pattern.match(text, end):
            approach, end = how, after.end()
            break
    return approach, start, end


def _may_be_hedged(text: str, start: int) -> bool:
    """Whether the word before a number ends a hedge, or is no plain word."""
    before = text[max(0, start - _MAX_HEDGE) : start]
    last = before.split()[-1:]
    return bool(last) and not (before[-1] == " " and last[0].isalpha() and last[0] not in number_words().last_before)


def vague_shares(text: str) -> Iterator[tuple[int, int, Fraction, Fraction]]:
    """Find shares said without a number in a plain text: start, end, and the least and most that is meant."""
    first = number_words().any_vague.search(text)
    if first is None:
        return
    taken = bytearray(len(text))
    for least, most, pattern in number_words().vague:
        for found in pattern.finditer(text, first.start()):
            start, end = found.span()
            if taken.find(1, start, end) < 0:
                taken[start:end] = bytes([1]) * (end - start)
                yield start, end, least, most
