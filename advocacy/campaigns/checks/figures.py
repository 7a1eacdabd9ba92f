"""Figures typed by hand, in digits or in words, where a letter should cite the survey."""

import re
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from text_to_num import find_numbers

from advocacy.language import Language

_FIGURE = re.compile(
    r"(?<![\w.,:/])(?<![A-Za-z]-)"
    r"(?P<number>(?P<grouped>\d{1,3}(?:[ ,.\u00a0\u202f]\d{3})++)|\d++(?:[.,]\d++)?)(?![\w:]|[.,-]\d)"
    r"(?:(?P<percent>[\s-]?(?:[%％٪]|/100\b|(?:per|pour)[\s-]?(?:cents?|100)\b|percentage\b|pct\b|p\.\s?(?:100|cent)\b))"
    r"|(?P<fraction>[\s-](?:thirds|tiers|quarters|quarts)\b(?!\sd[’']))"
    r"|(?=(?P<nouns>(?:\s\w++){0,3}?)\s(?:out of|of|in|sur)\s(?:every\s)?(?P<whole>\d++)(?![\w-]|[.,]\d)"
    r"(?P<things>\s\w{4,}[sx]\b)?)"  # two laws in five years
    r"|(?P<months>[\s-](?:months?|mois)\b))?",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"(?:\b(?:than|over|under|nearly|almost|about|around|least|most|up to|between|(?:plus|moins|près) de"
    r"|au moins|au plus|environ|presque|entre|jusqu’à)|[\d%]\s?(?:to|and|or|à|et|ou|[-–]))\s?$",
    re.IGNORECASE,
)
"""What makes the figure behind it a round one, or the end of a range."""
_HEDGE_LENGTH = 12
_SMALLEST_COUNT = 100
"""Smaller numbers are ordinary words, but for months."""
_LARGEST_WHOLE = 1_000
"""A share is given of so many at most: "one in 2026" is none."""


class TypedFigure(NamedTuple):
    """A figure by its place. A share is in points of 100; `is_exact` if no word before it makes it a round one."""

    start: int
    end: int
    value: Decimal
    is_share: bool
    is_exact: bool


def typed_figures(text: str, language: Language, numbers: Collection[int | Decimal] = ()) -> list[TypedFigure]:
    """Find every share, and those of the survey's `numbers` that are 100 or more or count months."""
    digits, places = _in_digits(text, language)
    figures: list[TypedFigure] = []
    close = 0
    for found in _FIGURE.finditer(digits):
        start = found.start()
        share = _share(found)
        value = _value(found) if share is None else share
        is_count = value in numbers and (value >= _SMALLEST_COUNT or found["months"] is not None)
        if start < close or (share is None and not is_count):
            continue
        close = found.end("number") if share is None else max(found.end(), found.end("whole"))
        is_exact = _HEDGE.search(digits, max(0, start - _HEDGE_LENGTH), start) is None
        figures.append(TypedFigure(places[start][0], places[close - 1][1], value, share is not None, is_exact))
    return figures


def _value(found: re.Match[str]) -> Decimal:
    return Decimal(re.sub(r"\D", "", found["grouped"]) if found["grouped"] else found["number"].replace(",", "."))


def _share(found: re.Match[str]) -> Decimal | None:
    """Return the share that a number is with the words behind it, if it is one."""
    value = _value(found)
    if found["percent"]:
        return value
    whole = Decimal(found["whole"] or 0)
    if found["fraction"]:
        whole = Decimal(3 if "t" in found["fraction"].lower()[:2] else 4) if value > 1 else whole
    elif found["nouns"] and found["things"]:
        return None
    return value * 100 / whole if value < whole <= _LARGEST_WHOLE else None


class _Word:
    """A piece of a text, as text2num takes it."""

    def __init__(self, found: re.Match[str]) -> None:
        self.start, self.end = found.span()
        self._text = found[0]

    def text(self) -> str:
        return self._text

    def nt_separated(self, _previous: "_Word") -> bool:
        return False

    def not_a_number_part(self) -> bool:
        return False


def _in_digits(text: str, language: Language) -> tuple[str, list[tuple[int, int]]]:
    """Return a text with its numbers in digits, and where each character of it starts and ends in the text."""
    words = [_Word(found) for found in re.finditer(r"\w+|\W+", text)]
    try:
        numbers = find_numbers(words, language, 0)
    except ValueError:  # a language that text2num does not read
        numbers = []
    digits, places, end = "", [], 0
    for number in numbers:
        if not number.is_ordinal:
            start, close = words[number.start].start, words[number.end - 1].end
            digits += text[end:start] + number.text
            places += [(place, place + 1) for place in range(end, start)] + [(start, close)] * len(number.text)
            end = close
    return digits + text[end:], [*places, *((place, place + 1) for place in range(end, len(text)))]
