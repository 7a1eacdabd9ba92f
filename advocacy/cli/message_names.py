"""What a message of the outbox is in words, and who waits in vain for one that is given up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.delivery.models import Message
from advocacy.legislators.models import Legislator
from advocacy.letters.kinds import Carried
from advocacy.letters.models import StoredLetter
from advocacy.staff import invitations

NAMES: Mapping[str, str] = MappingProxyType(
    {
        Carried.LETTER: "a letter",
        Carried.CONFIRMATION: "the mail that asks a citizen to confirm",
        Carried.UNDERWAY: "the mail that tells a citizen that their letters wait their turn",
        Carried.OUTCOME: "the mail that tells a citizen what became of their letters",
        Carried.CAME_BACK: "the mail that tells a citizen of a letter that came back",
        invitations.KIND: "the mail with which somebody joins the staff",
    }
)
IN_VAIN: Mapping[str, str] = MappingProxyType(
    {
        Carried.CONFIRMATION: "Its citizen waits for it in vain: none of their letters leaves unless they send the "
        "form again.",
        Carried.UNDERWAY: "Its citizen may have no other link to their receipt yet.",
        Carried.OUTCOME: "Its citizen hears of their letters on the receipt’s page alone.",
        Carried.CAME_BACK: "Its citizen hears of that letter on the receipt’s page alone.",
        invitations.KIND: "Whoever was invited has no link: advocacy staff invite prints one.",
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
    refs = [message.ref for message in some if message.kind == Carried.LETTER]
    offices = {row.id: row.name or row.office for row in session.execute(letters.where(StoredLetter.id.in_(refs)))}
    return {
        message.id: f"the letter to {offices[message.ref]}"
        if message.kind == Carried.LETTER and message.ref in offices
        else NAMES.get(message.kind, message.kind)
        for message in some
    }
