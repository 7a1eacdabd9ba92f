"""What a message of the outbox is in words, and who waits in vain for one that is given up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.delivery.models import Message
from advocacy.legislators.models import Legislator
from advocacy.letters.models import MessageKind, StoredLetter
from advocacy.staff.models import StaffEmail

NAMES: Mapping[str, str] = MappingProxyType(
    {
        MessageKind.LETTER: "a letter",
        MessageKind.CONFIRMATION: "the confirmation e-mail to a citizen",
        MessageKind.UNDERWAY: "the e-mail that tells a citizen their letters are waiting",
        MessageKind.OUTCOME: "the e-mail that tells a citizen the outcome",
        MessageKind.CAME_BACK: "the e-mail that tells a citizen a letter came back",
        StaffEmail.INVITATION: "the invitation e-mail to a member of staff",
        StaffEmail.ACCOUNT: "the e-mail about a password or two-step verification to a member of staff",
        StaffEmail.BILL_REMINDER: "the reminder to confirm a bill’s stage",
        StaffEmail.RESULTS: "the weekly results",
        StaffEmail.REVIEW: "the e-mail about a review to a member of staff",
        StaffEmail.TEST_LETTER: "a letter sent to its writer as a test",
    }
)
IN_VAIN: Mapping[str, str] = MappingProxyType(
    {
        MessageKind.CONFIRMATION: "The citizen will not get it, and their letters will not be sent unless they fill in "
        "the form again.",
        MessageKind.UNDERWAY: "The citizen may have no other link to their receipt yet.",
        MessageKind.OUTCOME: "The citizen can follow their letters only on the receipt page.",
        MessageKind.CAME_BACK: "The citizen can follow that letter only on the receipt page.",
        StaffEmail.INVITATION: "The invited person has no link: advocacy staff invite prints one.",
        StaffEmail.ACCOUNT: "Who asked for a new password has no link, and can ask for another.",
    }
)
"""What it means for somebody that such a mail is given up."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A message that was decided on, by its number and in words."""

    number: int
    kind: str
    name: str

    def __str__(self) -> str:
        return f"Message {self.number}, {self.name},"


def names_of(session: Session, some: Sequence[Message]) -> Mapping[int, str]:
    """Say of each message what it is, a letter with the office it is to."""
    letters = select(StoredLetter.id, Legislator.name, Legislator.id.label("office")).join(
        Legislator, Legislator.id == StoredLetter.legislator_id
    )
    refs = [message.ref for message in some if message.kind == MessageKind.LETTER]
    offices = {row.id: row.name or row.office for row in session.execute(letters.where(StoredLetter.id.in_(refs)))}
    return {
        message.id: f"the letter to {offices[message.ref]}"
        if message.kind == MessageKind.LETTER and message.ref in offices
        else NAMES.get(message.kind, message.kind)
        for message in some
    }
