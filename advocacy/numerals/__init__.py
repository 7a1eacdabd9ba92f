"""Numbers as people write them, found in any text: in figures or in the words of any language offered."""

from advocacy.numerals.number_words import Approach, number_spans
from advocacy.numerals.numeral import Measure, Numeral, numerals, typed_figures
from advocacy.numerals.plain_text import MAX_INITIALS, PlainText, any_of, initials, plain, plain_text

__all__ = [
    "MAX_INITIALS",
    "Approach",
    "Measure",
    "Numeral",
    "PlainText",
    "any_of",
    "initials",
    "number_spans",
    "numerals",
    "plain",
    "plain_text",
    "typed_figures",
]
