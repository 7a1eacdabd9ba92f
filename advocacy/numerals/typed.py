"""Figures that were written by hand where a letter should take them from its survey."""

import re
from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction

from advocacy.numerals.found import Measure, Numeral, numerals
from advocacy.numerals.hedges import Approach
from advocacy.numerals.plain_text import plain_text
from advocacy.numerals.words import words

_MANY, _NEAR = 1_000, 1_000
_YEARS = range(1900, 2101)
_BESIDE = rf"(?:{words('crowd')}|{words('answering')})"
_AFTER = re.compile(rf"(?:[ -](?![^ ]*[.,;:])[^ .,;:]+){{0,3}}[ -]{_BESIDE}")
_BEFORE = re.compile(rf"\b{_BESIDE}[^ .,;:]*(?: [^ .,;:]+){{0,3}} $")
_ALONE = re.compile(r"(?! (?:of|de|d') ?)(?! [^ .,;:]*[sx]\b)")
_LOOKED_AT = 60


def typed_figures(text: str, numbers: Collection[int | Decimal] = ()) -> list[tuple[int, int, str]]:
    """Find figures written by hand: every share, every number among `numbers`, and every number of thousands of people.

    A number under 100 in `numbers` is one only in months ("18 mois"): smaller numbers are ordinary words.
    """
    read = plain_text(text)
    figures = [number for number in numerals(read) if _is_figure(read.plain, number, numbers)]
    spans = [read.span(number.start, number.end) for number in figures]
    return [(start, end, text[start:end]) for start, end in spans]


def _is_figure(plain: str, number: Numeral, numbers: Collection[int | Decimal]) -> bool:
    if number.measure is Measure.SHARE:
        return not number.vague
    large = number.low >= 100 or number.measure is Measure.MONTHS
    given = large and (number.low in numbers or number.high in numbers)
    return given or _counts_people(plain, number) or _rounds(plain, number, numbers)


def _counts_people(plain: str, number: Numeral) -> bool:
    """Return whether thousands stand beside people, or beside those who answer: "plus de 23 000 personnes"."""
    year = number.approach is Approach.EXACT and number.low in _YEARS
    if number.measure is not Measure.PLAIN or number.high < _MANY or year:
        return False
    before = _BEFORE.search(plain, max(0, number.outer[0] - _LOOKED_AT), number.outer[0])
    return bool(before or _AFTER.match(plain, number.end))


def _rounds(plain: str, number: Numeral, numbers: Collection[int | Decimal]) -> bool:
    """Return whether a number that counts nothing said is one of `numbers` made round: "more than 23 thousand"."""
    if number.measure is not Measure.PLAIN or number.low < 10 * _MANY or number.low % _MANY:
        return False
    near = any(abs(number.low - Fraction(given)) < _NEAR for given in numbers)
    return near and _ALONE.match(plain, number.end) is not None
