"""The sweep: what a lost worker left is found, proved by an event, sent once more, or left to a person to decide."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import immediate
from advocacy.delivery import holds, outages, pacing
from advocacy.delivery.claims import LEASE
from advocacy.delivery.events import follow_stored_events
from advocacy.delivery.models import Actor, Message
from advocacy.delivery.outages import CLOCKS_APART
from advocacy.delivery.outbox import PROOF_WAIT, make_move
from advocacy.delivery.states import State

MAX_BATCH = 500
"""How many of each sort one sweep takes: it holds SQLite's only writer's place meanwhile. The next takes the rest."""

OnMove = Callable[[Session, Message, State], None]


def sweep(
    sessions: sessionmaker[Session], *, now: datetime, per_hour: int = 0, on_move: OnMove = lambda *_: None
) -> None:
    """Take up what was missed. `on_move` is told of each message an event had proved, in the same transaction.

    Sweep before the first claim after a pause: messages overdue for one recipient are spread again here, at most
    `per_hour` of them, and not while the outbox is held.
    """
    with immediate(sessions) as session:
        _repair(session, now=now, per_hour=per_hour)
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
        outages.forget(session)
        if holds.current(session) is None:
            pacing.spread(session, now=now, per_hour=per_hour)


def _repair(session: Session, *, now: datetime, per_hour: int) -> None:
    """Correct what was planned by a clock that was ahead, or before ours was set back.

    A moment that cannot be is known by itself: no lease is longer than LEASE, no wait for a proof than PROOF_WAIT, and
    what came to its state in the future waits from now on for as long as it was to wait then.
    """
    leases = update(Message).where(Message.state == State.SENDING, Message.lease_until > now + LEASE)
    proofs = update(Message).where(Message.state == State.UNCERTAIN, Message.due_at > now + PROOF_WAIT)
    for statement in (leases.values(lease_until=now + LEASE), proofs.values(due_at=now + PROOF_WAIT)):
        session.execute(statement, execution_options={"synchronize_session": False})
    for message in _locked(session, (Message.state == State.READY) & (Message.changed_at > now + CLOCKS_APART)):
        if message.pace_key is None or message.tries:
            message.due_at -= message.changed_at - now
            message.first_due_at = min(message.first_due_at or message.due_at, message.due_at)
        message.changed_at = now
    session.flush()
    pacing.repair(session, now=now, per_hour=per_hour)


def _locked(session: Session, which: ColumnElement[bool]) -> Sequence[Message]:
    """Lock what is found, passing over rows that a holder is just now writing."""
    found = select(Message).where(which).order_by(Message.id).limit(MAX_BATCH)
    return session.scalars(found.with_for_update(skip_locked=True), execution_options={"populate_existing": True}).all()
