"""What a sentence says of a bill, with the verdict on it and the evidence: what the campaign knows of that bill."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from advocacy.campaigns.legislation import Bill, Stage
from advocacy.letters.figures.claim import Verdict
from advocacy.messages import Message, message

_EVIDENCE = {
    Stage.INTRODUCED: message("introduced on %(introduced)s; at first or second reading, confirmed on %(confirmed)s"),
    Stage.COMMITTEE: message("introduced on %(introduced)s; in committee, confirmed on %(confirmed)s"),
    Stage.THIRD_READING: message("introduced on %(introduced)s; at third reading, confirmed on %(confirmed)s"),
    Stage.OTHER_HOUSE: message("introduced on %(introduced)s; before %(chamber)s, confirmed on %(confirmed)s"),
    Stage.PASSED: message("introduced on %(introduced)s; passed, confirmed on %(confirmed)s"),
    Stage.DIED: message("introduced on %(introduced)s; died before it was passed, confirmed on %(confirmed)s"),
    Stage.UNKNOWN: message("introduced on %(introduced)s; its stage was last confirmed on %(confirmed)s"),
}
_PREDICATES = {
    Stage.INTRODUCED: message("has been introduced"),
    Stage.COMMITTEE: message("is in committee"),
    Stage.THIRD_READING: message("is at third reading"),
    Stage.OTHER_HOUSE: message("is before %(chamber)s"),
    Stage.PASSED: message("has passed"),
    Stage.DIED: message("died before it was passed"),
}


class BillFault(Enum):
    """What of a bill is false, or unclear."""

    STAGE = "the bill is at another stage, or nobody has confirmed its stage lately"
    INTRODUCED = "the bill was introduced on another day"
    NUMBER = "the bill has another number"
    TITLE = "the bill has another title"


@dataclass(frozen=True, slots=True)
class BillJudgement:
    """A verdict on the words at `start`–`end` of a plain text, and what may be put there instead."""

    start: int
    end: int
    bill: Bill
    fault: BillFault
    verdict: Verdict
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class BillClaim:
    """Something a letter says of a bill, and its verdict.

    `span` is its place in the letter, `suggestion` what may be put there instead, None where no few words make the
    sentence true. `evidence` is what the campaign knows of the bill `number`.
    """

    span: tuple[int, int]
    as_typed: str
    sentence: str
    verdict: Verdict
    fault: BillFault
    number: str
    evidence: Message
    suggestion: str | None = None


def evidence(bill: Bill, day: date) -> Message:
    """Return what is known of a bill on `day`, and since when its stage is confirmed."""
    introduced = bill.introduced
    if bill.confirmed is None:
        return message("introduced on %(introduced)s; nobody has confirmed its stage", introduced=introduced)
    form = _EVIDENCE[bill.stage_on(day)]
    return form.with_params(introduced=introduced, confirmed=bill.confirmed, chamber=_other_chamber(bill))


def predicate(bill: Bill, stage: Stage) -> Message:
    """Return the words that tell, after a bill's name, that it is at a stage."""
    return _PREDICATES[stage].with_params(chamber=_other_chamber(bill))


def _other_chamber(bill: Bill) -> Message:
    return message("the House of Commons") if bill.number.startswith("S-") else message("the Senate")
