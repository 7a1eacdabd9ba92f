"""What can be said of a number in a letter: true, false with the right one, unclear, or not the survey's."""

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """What a number is beside the survey."""

    TRUE = "true"
    FALSE = "false"
    UNCLEAR = "to be confirmed: a figure of the survey in words that may not say it, or a claim no finding carries"
    NOT_SURVEYS = "not the survey's"


class Fault(Enum):
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
    fault: Fault | None = None
    right: str | None = None
    mend: str | None = None

    def moved(self, by: int) -> "Judgement":
        """Return the same judgement so many characters further on."""
        rest = self.verdict, self.key, self.fault, self.right, self.mend
        return Judgement(self.start + by, self.end + by, *rest)


@dataclass(frozen=True, slots=True)
class Claim:
    """A number of a letter, or a claim about people at large, and its verdict.

    `span` is its place in the letter, hedges included ("nearly 95%"), and `mend` what may be put there instead; None
    where no other number makes the sentence true. `right` is what the survey gives, spoken, and `key` the finding
    that gives it, or "respondents", "duration" or "started".
    """

    span: tuple[int, int]
    as_typed: str
    sentence: str
    verdict: Verdict
    key: str | None = None
    fault: Fault | None = None
    right: str | None = None
    mend: str | None = None
