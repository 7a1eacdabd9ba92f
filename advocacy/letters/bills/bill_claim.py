"""What can be said of a sentence on a bill: true, false with what is known, or unclear."""

from dataclasses import dataclass, replace
from enum import Enum

from advocacy.campaigns.bill import Bill
from advocacy.language import Wording
from advocacy.letters.figures.verdicts import Verdict


class BillFault(Enum):
    """What of a bill is false, or unclear."""

    STAGE = "the bill is at another stage, or nobody has confirmed its stage lately"
    INTRODUCED = "the bill was introduced on another day"
    NUMBER = "the bill has another number"
    TITLE = "the bill has another title"


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict on the words at `start`–`end` of a plain text, and what may be put there instead."""

    start: int
    end: int
    bill: Bill
    fault: BillFault
    verdict: Verdict
    mend: str | None = None


@dataclass(frozen=True, slots=True)
class BillClaim:
    """Something a letter says of a bill, and its verdict.

    `span` is its place in the letter, `mend` what may be put there instead, None where no few words make the sentence
    true. `right` is what is known of the bill `number`, in the letter's language; `known` is the same in every one.
    """

    span: tuple[int, int]
    as_typed: str
    sentence: str
    verdict: Verdict
    fault: BillFault
    number: str
    known: Wording
    right: str
    mend: str | None = None

    def moved(self, offset: int) -> "BillClaim":
        """Return the claim of a text that stands so many characters further on."""
        return replace(self, span=(self.span[0] + offset, self.span[1] + offset))
