"""Events that a provider reports: each counts once, in any order, and can only raise the rank of a message's state."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from advocacy.database import insert_into
from advocacy.delivery.models import Actor, Message, ProviderEvent
from advocacy.delivery.outbox import follow_report, locked
from advocacy.delivery.provider import COMPLAINT, Event
from advocacy.delivery.states import State

PUBLIC_ID = re.compile(r"[0-9a-f]{32}")


def record_events(
    session: Session, events: Iterable[Event], *, provider: str, now: datetime
) -> list[tuple[Message, State]]:
    """Store events and move the messages they are about; return each message moved, with its new state.

    An event of an unknown message is ignored, and one that came before changes nothing. One message's events are taken
    together, and messages in one order, the oldest first, as by all who lock several: they would wait for each other.
    """
    events, moved = list(events), []
    # A public id that none of ours can have is not looked for.
    ours = {event.message_id for event in events if PUBLIC_ID.fullmatch(event.message_id)}
    found = session.execute(select(Message.public_id, Message.id).where(Message.public_id.in_(ours)))
    message_ids = {row.public_id: row.id for row in found}
    for event in sorted(events, key=lambda event: message_ids.get(event.message_id, 0)):
        message = locked(session, message_ids[event.message_id]) if event.message_id in message_ids else None
        if message is None or message.public_id != event.message_id:  # it was erased just now
            continue
        if not _store(session, event, provider=provider, now=now):
            continue
        if event.reported is not None and follow_report(
            session, message, event.reported, now=now, by=Actor.EVENT, reason=event.reason
        ):
            moved.append((message, message.state))
    return moved


def complaints_in(session: Session, events: Iterable[Event]) -> Sequence[Message]:
    """Return the messages of ours that whoever got them reported as spam."""
    ours = {event.message_id for event in events if event.reason == COMPLAINT and PUBLIC_ID.fullmatch(event.message_id)}
    return session.scalars(select(Message).where(Message.public_id.in_(ours))).all() if ours else ()


def count_complaints(session: Session, kinds: Collection[str]) -> int:
    """Return how many messages of these kinds whoever got them reported as spam, as long as they are stored."""
    reported = select(func.count(ProviderEvent.public_id.distinct())).where(ProviderEvent.reason == COMPLAINT)
    joined = reported.join(Message, Message.public_id == ProviderEvent.public_id)
    return session.scalar(joined.where(Message.kind.in_(kinds))) or 0


def follow_stored_events(session: Session, message: Message, *, now: datetime) -> State:
    """Move a `locked` message by the events that came before; return its state then."""
    stored = select(ProviderEvent).where(ProviderEvent.public_id == message.public_id).order_by(ProviderEvent.id)
    for event in session.scalars(stored).all():
        if event.reported is not None:
            follow_report(session, message, event.reported, now=now, by=Actor.EVENT, reason=event.reason)
    return message.state


def _store(session: Session, event: Event, *, provider: str, now: datetime) -> bool:
    """Store an event; False for one that came before. The provider's long words are cut to their columns."""
    statement = insert_into(session, ProviderEvent).values(
        provider=provider,
        provider_event_id=_cut(event.provider_event_id, ProviderEvent.provider_event_id),
        public_id=event.message_id,
        kind=_cut(event.kind, ProviderEvent.kind),
        reported=event.reported,
        at=event.at,
        received_at=now,
        reason=_cut(event.reason, ProviderEvent.reason),
        raw=dict(event.raw),
    )
    once = statement.on_conflict_do_nothing(index_elements=["provider", "provider_event_id"])
    return session.scalar(once.returning(ProviderEvent.id)) is not None


def _cut(text: str, column: InstrumentedAttribute[str]) -> str:
    """Cut a text to its column; PostgreSQL stores no NUL."""
    length: int = column.type.length
    return text.replace("\0", "")[:length]
