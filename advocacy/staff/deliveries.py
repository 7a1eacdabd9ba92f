"""What a manager sees of the outbox and decides about it: letters by number, and nothing of who wrote them.

The three decisions and the pause are those of `advocacy outbox`; here each is written into the journal besides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from advocacy.delivery import deciding, holds, outbox
from advocacy.delivery.deciding import Decision, NotPossible
from advocacy.delivery.models import By, Message, MessageMove, ProviderEvent
from advocacy.delivery.states import MOVES, State
from advocacy.legislators.models import Legislator
from advocacy.letters import personal
from advocacy.letters.kinds import Carried
from advocacy.letters.letter import Letter, from_json
from advocacy.letters.models import StoredLetter
from advocacy.sealing import CannotUnseal, Keys
from advocacy.staff import audit
from advocacy.staff.audit import Act

MOST_LISTED = 100
HOUR = timedelta(hours=1)
LOOKED_AT = 5000
"""Moves that the pace is taken from: a busier outbox is judged by less than an hour."""
MOST_EVENTS = 100
WINDOW = 1000
"""Letters that one page of the list looks at."""
OUTBOX = "outbox"


class Choice(StrEnum):
    """What a person may decide of one message."""

    MARK_SENT = "mark-sent"
    RETRY = "retry"
    CANCEL = "cancel"


LEADS: Mapping[Choice, tuple[Decision, State, Act]] = MappingProxyType(
    {
        Choice.MARK_SENT: (deciding.mark_sent, State.ACCEPTED, Act.LETTER_MARKED_SENT),
        Choice.RETRY: (deciding.retry, State.READY, Act.LETTER_SENT_AGAIN),
        Choice.CANCEL: (deciding.cancel, State.CANCELLED, Act.LETTER_CANCELLED),
    }
)
"""Each decision with the state it leads to and its name in the journal."""


class Unreadable(Exception):
    """A letter whose words cannot be opened: its row was changed, or its key is missing here."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that needs a person; of one that is no letter there is no legislator."""

    message: Message
    legislator: Legislator | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message, what it went through and what was reported of it; `letter` is None for other mail."""

    message: Message
    moves: Sequence[MessageMove]
    events: Sequence[ProviderEvent]
    letter: StoredLetter | None
    legislator: Legislator | None

    @property
    def has_text(self) -> bool:
        """Tell whether there are words that could be opened: they are erased in time."""
        return self.letter is not None and self.letter.letter_sealed is not None

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may be decided of it, where it stands now."""
        return choices(self.message.state)


def choices(state: State) -> tuple[Choice, ...]:
    """Give what a person may decide of a message in this state: only moves that there are."""
    if state is State.NEEDS_STAFF:
        return tuple(choice for choice, (_, wanted, _) in LEADS.items() if wanted in MOVES[state])
    return (Choice.CANCEL,) if state in outbox.CANCELLABLE else ()


def waiting(session: Session, limit: int = MOST_LISTED) -> Sequence[Waiting]:
    """List what needs a person, those that wait longest first."""
    rows = session.execute(
        select(Message, Legislator)
        .outerjoin(StoredLetter, and_(Message.kind == Carried.LETTER, StoredLetter.id == Message.ref))
        .outerjoin(Legislator, Legislator.id == StoredLetter.legislator_id)
        .where(Message.state == State.NEEDS_STAFF)
        .order_by(Message.changed_at, Message.id)
        .limit(limit)
    )
    return [Waiting(message, legislator) for message, legislator in rows]


@dataclass(frozen=True, slots=True)
class Query:
    """Which letters are looked for: to these offices (None: to any), in a state, of a campaign or one letter of it."""

    offices: Sequence[str] | None = None
    state: State | None = None
    campaign: str = ""
    template: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One letter of the list."""

    message: Message
    letter: StoredLetter
    legislator: Legislator


@dataclass(frozen=True, slots=True)
class Page:
    """Letters, the newest first. Older ones are `before` this number; None where there are none."""

    letters: Sequence[Listed]
    before: int | None


def page(session: Session, query: Query, *, before: int | None, limit: int) -> Page:
    """Return letters older than the number `before`, so many at most.

    A page costs the same however many letters there are: it reads the next WINDOW letters of the outbox or of a state,
    or the newest WINDOW to some offices. It may hold few although older ones fit; `before` then goes on from there.
    """
    looks_inside = bool(query.campaign or query.template or query.offices)
    window = select(Message.id).where(Message.kind == Carried.LETTER).order_by(Message.id.desc())
    if before is not None:
        window = window.where(Message.id < before)
    if query.state is not None:
        window = window.where(Message.state == query.state)
    if query.offices is not None:
        newest = (
            select(StoredLetter.id)
            .where(StoredLetter.legislator_id.in_(query.offices))
            .order_by(StoredLetter.created_at.desc())
            .limit(WINDOW)
        )
        window = window.where(Message.ref.in_(session.scalars(newest).all()))
    ids = session.scalars(window.limit(WINDOW if looks_inside else limit)).all()
    found = (
        select(Message, StoredLetter, Legislator)
        .join(StoredLetter, StoredLetter.id == Message.ref)
        .join(Legislator, Legislator.id == StoredLetter.legislator_id)
        .where(Message.id.in_(ids))
        .order_by(Message.id.desc())
        .limit(limit)
    )
    if query.campaign:
        found = found.where(StoredLetter.campaign == query.campaign)
    if query.template:
        found = found.where(StoredLetter.template == query.template)
    letters = [Listed(*row) for row in session.execute(found)]
    if len(letters) == limit:
        return Page(letters, letters[-1].message.id)
    return Page(letters, ids[-1] if len(ids) == WINDOW else None)


def pace(session: Session, now: datetime) -> int:
    """Tell how many messages were handed over in the last hour, or would be in one at the pace of the latest moves."""
    latest = select(MessageMove.at, MessageMove.state).order_by(MessageMove.id.desc()).limit(LOOKED_AT).subquery()
    handed = (latest.c.state == State.ACCEPTED) & (latest.c.at > now - HOUR)
    count, seen, first = session.execute(
        select(func.count().filter(handed), func.count(), func.min(latest.c.at)).select_from(latest)
    ).one()
    if seen < LOOKED_AT or first <= now - HOUR:
        return int(count)
    return int(count * (HOUR / max(now - first, timedelta(seconds=1))))


def find(session: Session, message_id: int) -> Delivery | None:
    """Give one message with all that became of it."""
    message = session.get(Message, message_id)
    if message is None:
        return None
    moves = select(MessageMove).where(MessageMove.message_id == message_id).order_by(MessageMove.id)
    events = select(ProviderEvent).where(ProviderEvent.public_id == message.public_id).order_by(ProviderEvent.id)
    letter = session.get(StoredLetter, message.ref) if message.kind == Carried.LETTER else None
    return Delivery(
        message,
        session.scalars(moves).all(),
        session.scalars(events.limit(MOST_EVENTS)).all(),
        letter,
        session.get(Legislator, letter.legislator_id) if letter else None,
    )


def decide(session: Session, message_id: int, choice: Choice, *, seen: int, by: int, now: datetime) -> Message:
    """Carry one decision out; raises NotPossible where the message has moved on from its move `seen`."""
    decision, _, act = LEADS[choice]
    standing = outbox.locked(session, message_id)
    last = session.scalar(select(func.max(MessageMove.id)).where(MessageMove.message_id == message_id))
    if standing is None or last != seen:
        raise NotPossible(f"message {message_id} has moved since it was looked at")
    before = {"state": standing.state.value}
    decided = decision(session, message_id, now=now)
    audit.write(session, act, subject(decided), by=by, now=now, before=before, after={"state": decided.state.value})
    return decided


def pause(session: Session, *, reason: str, by: int, now: datetime) -> bool:
    """Let nothing leave until it is resumed; False where it is held already."""
    if not holds.hold(session, holds.PAUSED, now=now, by=By.STAFF):
        return False
    audit.write(session, Act.OUTBOX_PAUSED, OUTBOX, by=by, now=now, reason=reason)
    return True


def resume(session: Session, *, by: int, now: datetime, per_hour: int) -> bool:
    """Let messages leave again; False where nothing held them."""
    if not holds.release(session, now=now, per_hour=per_hour):
        return False
    audit.write(session, Act.OUTBOX_RESUMED, OUTBOX, by=by, now=now)
    return True


def open_text(session: Session, delivery: Delivery, *, keys: Keys, reason: str, by: int, now: datetime) -> Letter:
    """Open a letter's words, for a reason that stays in the journal; raises Unreadable, and then nothing is written."""
    if delivery.letter is None:
        raise Unreadable
    try:
        words = personal.read(delivery.letter, "letter_sealed", keys=keys)
        letter = from_json(words or "")
    except (CannotUnseal, ValueError, KeyError, TypeError):
        raise Unreadable from None
    audit.write(session, Act.LETTER_READ, subject(delivery.message), by=by, now=now, reason=reason)
    return letter


def subject(message: Message) -> str:
    """Name a message in the journal, by its number."""
    return f"{'letter' if message.kind == Carried.LETTER else 'mail'}:{message.id}"
