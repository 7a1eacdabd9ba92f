"""Where letters are in the outbox: what waits for a person, and letters found by number, office, state or campaign."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.legislators.models import Legislator
from advocacy.letters.models import TO_CITIZEN, Confirmation, Digest, MessageKind, StoredLetter

MAX_WAITING = 100
WINDOW = 1000
"""Letters that one page of the list looks at."""
DELIVERIES = (
    select(Message, StoredLetter, Legislator)
    .outerjoin(StoredLetter, and_(Message.kind == MessageKind.LETTER, StoredLetter.id == Message.ref))
    .outerjoin(Digest, and_(Message.kind == MessageKind.DIGEST, Digest.id == Message.ref))
    .outerjoin(Legislator, Legislator.id == func.coalesce(StoredLetter.legislator_id, Digest.legislator_id))
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message, the letter it carries, and the office that this, or a day's letters, are to: None for other mail."""

    message: Message
    letter: StoredLetter | None
    legislator: Legislator | None

    @property
    def subject(self) -> str:
        """The delivery as the audit log names it."""
        return f"{'letter' if self.message.kind == MessageKind.LETTER else 'mail'}:{self.message.id}"


@dataclass(frozen=True, slots=True)
class Query:
    """Which letters are looked for: to these offices (None: to any), in a state, of a campaign or one letter of it."""

    offices: Sequence[str] | None = None
    state: State | None = None
    campaign: str = ""
    template: str = ""


def of_campaign(campaign: str) -> ColumnElement[bool]:
    """Return the condition for the messages of a campaign: its letters, and the site's own mails about them."""
    letters = select(StoredLetter.id).where(StoredLetter.campaign == campaign)
    confirmations = select(Confirmation.id).where(Confirmation.campaign == campaign)
    return or_(
        and_(Message.kind == MessageKind.LETTER, Message.ref.in_(letters)),
        and_(Message.kind.in_(TO_CITIZEN), Message.ref.in_(confirmations)),
    )


def find_delivery(session: Session, message_id: int) -> Delivery | None:
    row = session.execute(DELIVERIES.where(Message.id == message_id)).one_or_none()
    return Delivery(*row) if row else None


def waiting_deliveries(session: Session) -> Sequence[Delivery]:
    """Return what needs a person, those that wait longest first."""
    found = DELIVERIES.where(Message.state == State.NEEDS_STAFF).order_by(Message.changed_at, Message.id)
    return [Delivery(*row) for row in session.execute(found.limit(MAX_WAITING))]


def delivery_page(
    session: Session, query: Query, *, before: int | None, limit: int
) -> tuple[Sequence[Delivery], int | None]:
    """Return letters older than the number `before`, the newest first, and the number that older ones are before.

    A page costs the same however many letters there are: it reads the next WINDOW messages of the outbox, or letters of
    a state, or the newest WINDOW to some offices. It may hold few although older ones fit; the number then goes on from
    there.
    """
    window = select(Message.id, Message.kind).order_by(Message.id.desc())
    if before is not None:
        window = window.where(Message.id < before)
    if query.state is not None:  # with the kind, as an index has both: without a state, SQLite would sort all letters
        window = window.where(Message.kind == MessageKind.LETTER, Message.state == query.state)
    if query.offices is not None:
        newest = (
            select(StoredLetter.id)
            .where(StoredLetter.legislator_id.in_(query.offices))
            .order_by(StoredLetter.created_at.desc())
            .limit(WINDOW)
        )
        window = window.where(Message.kind == MessageKind.LETTER, Message.ref.in_(session.scalars(newest).all()))
    rows = session.execute(window.limit(WINDOW)).all()
    ids = [row.id for row in rows if row.kind == MessageKind.LETTER]
    found = DELIVERIES.where(Message.id.in_(ids), Legislator.id.is_not(None)).order_by(Message.id.desc()).limit(limit)
    if query.campaign:
        found = found.where(StoredLetter.campaign == query.campaign)
    if query.template:
        found = found.where(StoredLetter.template == query.template)
    letters = [Delivery(*row) for row in session.execute(found)]
    if len(letters) == limit:
        return letters, letters[-1].message.id
    return letters, rows[-1].id if len(rows) == WINDOW else None
