"""The sweep: what a lost worker left is found, proved by an event, sent once more, or left to a person to decide."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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

UNSYNCED = {"synchronize_session": False}

OnMove = Callable[[Session, Message, State], None]


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What one sweep found.

    Leases run out, how many of those an event had proved, messages given up, put off, and planned by a wrong clock.
    """

    lost_leases: int = 0
    proved: int = 0
    given_up: int = 0
    put_off: int = 0
    repaired: int = 0


def sweep(
    sessions: sessionmaker[Session], *, now: datetime, per_hour: int = 0, on_move: OnMove = lambda *_: None
) -> SweepReport:
    """Take up what was missed. `on_move` is told of each message an event had proved, in the same transaction.

    Sweep before the first claim after a pause: messages overdue for one recipient are spread again here, at most
    `per_hour` of them, and not while the outbox is held.
    """
    with immediate(sessions) as session:
        repaired = _repaired(session, now=now, per_hour=per_hour)
        # Messages whose holder is gone may have been sent or not, as an event that came before may show.
        lost = _locked(session, (Message.state == State.SENDING) & (Message.lease_until <= now))
        for message in lost:
            make_move(session, message, State.UNCERTAIN, now=now, by=Actor.SWEEP, reason="lease")
            follow_stored_events(session, message, now=now)
        proved = [message for message in lost if message.state is not State.UNCERTAIN]
        for message in proved:
            on_move(session, message, message.state)
        # A third copy of what was sent twice without a proof is for a person to risk.
        unproved = (Message.state == State.UNCERTAIN) & Message.resent.is_(True) & (Message.due_at <= now)
        given_up = _locked(session, unproved)
        for message in given_up:
            make_move(session, message, State.NEEDS_STAFF, now=now, by=Actor.SWEEP, reason="no_proof")
        outages.forget(session)
        put_off = pacing.spread(session, now=now, per_hour=per_hour) if holds.current(session) is None else 0
        return SweepReport(len(lost), len(proved), len(given_up), put_off, repaired)


def _repaired(session: Session, *, now: datetime, per_hour: int) -> int:
    """Correct what was planned by a clock that was ahead, or before ours was set back; return how many messages.

    A moment that cannot be is known by itself: no lease is longer than LEASE, no wait for a proof than PROOF_WAIT, and
    what came to its state in the future waits from now on for as long as it was to wait then.
    """
    leases = update(Message).where(Message.state == State.SENDING, Message.lease_until > now + LEASE)
    proofs = update(Message).where(Message.state == State.UNCERTAIN, Message.due_at > now + PROOF_WAIT)
    repaired = 0
    for statement in (leases.values(lease_until=now + LEASE), proofs.values(due_at=now + PROOF_WAIT)):
        repaired += len(session.scalars(statement.returning(Message.id), execution_options=UNSYNCED).all())
    ahead = _locked(session, (Message.state == State.READY) & (Message.changed_at > now + CLOCKS_APART))
    for message in ahead:
        if message.pace_key is None or message.tries:
            message.due_at -= message.changed_at - now
            message.first_due_at = min(message.first_due_at or message.due_at, message.due_at)
        message.changed_at = now
    session.flush()
    return repaired + len(ahead) + pacing.repair(session, now=now, per_hour=per_hour)


def _locked(session: Session, which: ColumnElement[bool]) -> Sequence[Message]:
    """Lock what is found, passing over rows that a holder is just now writing."""
    found = select(Message).where(which).order_by(Message.id).limit(MAX_BATCH)
    return session.scalars(found.with_for_update(skip_locked=True), execution_options={"populate_existing": True}).all()
