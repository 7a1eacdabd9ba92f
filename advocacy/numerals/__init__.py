"""Numbers as people write them, found in any text: in figures or in the words of any language offered."""

from advocacy.numerals.alternatives import LONGEST_INITIALS, alternatives, initials
from advocacy.numerals.found import Measure, Numeral, numerals
from advocacy.numerals.hedges import Approach
from advocacy.numerals.plain_text import PlainText, plain, plain_text
from advocacy.numerals.typed import typed_figures
from advocacy.numerals.words import number_spans

__all__ = [
    "LONGEST_INITIALS",
    "Approach",
    "Measure",
    "Numeral",
    "PlainText",
    "alternatives",
    "initials",
    "number_spans",
    "numerals",
    "plain",
    "plain_text",
    "typed_figures",
]
