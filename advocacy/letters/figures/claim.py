"""The verdict on a number of a letter: true, false with the right one, unclear, or not from the survey."""

from dataclasses import dataclass
from enum import Enum
from itertools import islice

from advocacy.messages import Message, message
from advocacy.numerals import number_spans

MAX_NUMBERS = 150
"""How many numbers a letter may have: more are not judged, so that no text takes long."""
MAX_JUDGED = 16
"""Different claims of the survey judged in one text, twice what a letter has; what follows is to be confirmed."""
MAX_CACHED_PARAGRAPHS = 4096
"""Paragraphs of campaigns whose claims are kept in memory; a letter has ten, some of them name one of 343 ridings."""


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


class Verdict(Enum):
    """Whether a claim is true, by the survey or by what is known of a bill."""

    TRUE = "true"
    FALSE = "false"
    UNCLEAR = "to be confirmed: a figure of the survey in words that may not say it, or a claim no finding carries"
    NOT_FROM_SURVEY = "no claim of the survey"


class FigureFault(Enum):
    """Why a number is false, or unclear."""

    FIGURE = "the survey gives another figure"
    HEDGE = "the survey gives the figure without “about”, or with “more than”"
    DENIED = "the survey says the contrary"
    SUBJECT = "the survey says it of something else"
    WORDS = "the words beside the figure are not known to say what the survey says"
    PEOPLE = "the survey speaks of its respondents only, and of no place"
    UNVERIFIED = "no finding of the survey carries the claim"
    TOO_MANY = "the text has more numbers than are checked"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict on the words at `start`–`end` of the plain text. `key` names a finding or a fact of the survey."""

    start: int
    end: int
    verdict: Verdict
    key: str | None = None
    fault: FigureFault | None = None
    evidence: str | None = None
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class FigureClaim:
    """A number of a letter, or a claim about people at large, and its verdict.

    `span` is its place in the letter, hedges included ("nearly 40%"), and `suggestion` what may be put there instead;
    None where no other number makes the sentence true. `evidence` is the survey's figure in the letter's language, and
    `key` the finding that gives it, or "respondents", "duration" or "started".
    """

    span: tuple[int, int]
    as_typed: str
    sentence: str
    verdict: Verdict
    key: str | None = None
    fault: FigureFault | None = None
    evidence: str | None = None
    suggestion: str | None = None
