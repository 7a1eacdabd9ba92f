"""How many numbers a letter may have: more are not judged, so that no text takes long."""

from itertools import islice

from advocacy.messages import Message, message
from advocacy.numerals import number_spans

MAX_NUMBERS = 150
MAX_JUDGED = 16
"""Different claims of the survey weighed in one text, twice what a letter has; what follows is to
be confirmed."""
KEPT = 4096
"""Paragraphs of campaigns whose findings are kept in memory; a letter has ten, some of them name one of 343 ridings."""


def too_many_numbers(text: str) -> Message | None:
    """Return what to say of a text with more numbers than are judged; None where it has no more."""
    if first_extra_number(text) is None:
        return None
    return message(
        "Your letter has more than %(most)s numbers. Remove some so that it can be checked.", most=MAX_NUMBERS
    )


def first_extra_number(text: str) -> tuple[int, int] | None:
    """Return the place of the first number that is one too many, found in one pass over the text."""
    return next(islice(number_spans(text), MAX_NUMBERS, None), None)
