"""The sweep: what a lost worker left is found, proved by an event, sent once more, or left to a person to decide."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery.events import follow_stored_events
from advocacy.delivery.models import Actor, Message
from advocacy.delivery.outbox import make_move
from advocacy.delivery.states import State

MAX_BATCH = 500
"""How many of each sort one sweep takes: it holds SQLite's only writer's place meanwhile. The next takes the rest."""

OnMove = Callable[[Session, Message, State], None]


def sweep(sessions: sessionmaker[Session], *, now: datetime, on_move: OnMove = lambda *_: None) -> None:
    """Take up what was missed. `on_move` is told of each message an event had proved, in the same transaction."""
    with sessions.begin() as session:
        # Messages whose holder is gone may have been sent or not, as an event that came before may show.
        lost = _locked(session, (Message.state == State.SENDING) & (Message.lease_until <= now))
        for message in lost:
            make_move(session, message, State.UNCERTAIN, now=now, by=Actor.SWEEP, reason="lease")
            follow_stored_events(session, message, now=now)
        for message in lost:
            if message.state is not State.UNCERTAIN:
                on_move(session, message, message.state)
        # A third copy of what was sent twice without a proof is for a person to risk.
        unproved = (Message.state == State.UNCERTAIN) & Message.resent.is_(True) & (Message.due_at <= now)
        for message in _locked(session, unproved):
            make_move(session, message, State.NEEDS_STAFF, now=now, by=Actor.SWEEP, reason="no_proof")


def _locked(session: Session, which: ColumnElement[bool]) -> Sequence[Message]:
    """Lock what is found, passing over rows that a holder is just now writing."""
    found = select(Message).where(which).order_by(Message.id).limit(MAX_BATCH)
    return session.scalars(found.with_for_update(skip_locked=True), execution_options={"populate_existing": True}).all()
