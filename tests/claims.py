"""Claims made and recorded one at a time."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery.claims import Claim, Result, claim_some, record_all
from advocacy.delivery.states import State


def claim(sessions: sessionmaker[Session], *, now: datetime, lease: timedelta) -> Claim | None:
    """Claim the message that leaves first; None when none is due or the outbox is held."""
    return next(iter(claim_some(sessions, now=now, lease=lease, limit=1)), None)


def record(
    session: Session,
    claim: Claim,
    state: State,
    *,
    now: datetime,
    reason: str = "",
    provider_id: str | None = None,
    due_at: datetime | None = None,
    counts: bool = True,
) -> State | None:
    """Record the result of one claim; return the message's state then, None where nothing was changed."""
    result = Result(claim, state, reason, provider_id=provider_id, due_at=due_at, counts=counts)
    moved, _ = record_all(session, [result], now=now)
    return moved[0][1] if moved else None
