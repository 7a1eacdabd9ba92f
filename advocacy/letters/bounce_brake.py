"""The brake on confirmation mails: while many come back, new ones are held.

Whoever types addresses that do not exist has the site write to them; mail services soon refuse a sender of which much
comes back, also for everybody else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from advocacy.database import insert_into
from advocacy.delivery.models import Actor, Message, MessageMove, PeriodicRun
from advocacy.delivery.states import State
from advocacy.letters import holding
from advocacy.letters.holding import HoldReason
from advocacy.letters.models import MessageKind

MAX_SHARE = 0.1
MIN_CAME_BACK = 20
"""Fewer that come back say nothing."""
WINDOW = timedelta(hours=1)
MAX_MOVES = 5000
"""The latest moves that are looked at: a busier outbox is judged by less than an hour."""
LASTS = timedelta(minutes=3)
"""How long one look counts; the sweep looks every minute."""
RELEASED_A_MINUTE = 30
"""How many held mails are sent a minute once fewer come back: should they come back too, the brake is on again."""
NAME = "confirmations come back"
"""The name under which it is kept when a look last found the brake on."""


@dataclass(frozen=True, slots=True)
class Bounces:
    """How many confirmation mails were handed over, or refused at once, in the last hour, and how many came back."""

    sent: int
    came_back: int

    @property
    def share(self) -> float:
        return self.came_back / self.sent if self.sent else 0.0

    @property
    def are_many(self) -> bool:
        return self.came_back >= MIN_CAME_BACK and self.share > MAX_SHARE


def measure(session: Session, *, now: datetime) -> Bounces:
    """Count the confirmation mails of the last hour."""
    latest = select(MessageMove.message_id, MessageMove.at, MessageMove.state).order_by(MessageMove.id.desc())
    moves = latest.limit(MAX_MOVES).subquery()
    found = (
        select(moves.c.state, func.count())
        .join(Message, Message.id == moves.c.message_id)
        .where(Message.kind == MessageKind.CONFIRMATION, moves.c.at > now - WINDOW)
        .group_by(moves.c.state)
    )
    counts: dict[State, int] = {row[0]: row[1] for row in session.execute(found)}
    refused, bounced = counts.get(State.FAILED, 0), counts.get(State.BOUNCED, 0)
    return Bounces(sent=counts.get(State.ACCEPTED, 0) + refused, came_back=bounced + refused)


def is_on(session: Session, *, now: datetime) -> bool:
    """Whether the last look, of some minutes ago at most, found that many come back."""
    at = session.scalar(select(PeriodicRun.started_at).where(PeriodicRun.name == NAME))
    return at is not None and now - LASTS < at <= now + LASTS


def look(session: Session, *, now: datetime, per_hour: int) -> bool:
    """Put the brake on where many come back, else release some of what it holds; return whether it is on.

    In a transaction that writes.
    """
    if measure(session, now=now).are_many:
        row = insert_into(session, PeriodicRun).values(name=NAME, started_at=now)
        session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"started_at": now}))
        return True
    oldest = (
        select(Message.id)
        .where(Message.state == State.HELD, Message.reason == HoldReason.BOUNCES)
        .order_by(Message.id)
        .limit(RELEASED_A_MINUTE)
    )
    if ids := session.scalars(oldest).all():
        holding.release(session, ids, now=now, per_hour=per_hour, by=Actor.SWEEP)
    return False
