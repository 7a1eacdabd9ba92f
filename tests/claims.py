"""Results of claims, recorded one at a time."""

from datetime import datetime

from sqlalchemy.orm import Session

from advocacy.delivery import claims, outbox
from advocacy.delivery.claims import Result
from advocacy.delivery.models import Message
from advocacy.delivery.states import State


def record(
    session: Session,
    claimed: Message,
    state: State,
    *,
    now: datetime,
    reason: str = "",
    provider_id: str | None = None,
    due_at: datetime | None = None,
    counts: bool = True,
) -> State | None:
    """Record the result of a claim; return the message's state then, None where nothing was changed."""
    message = outbox.locked(session, claimed.id)
    if message is None:
        return None
    result = Result(state, reason, provider_id=provider_id, due_at=due_at, counts=counts)
    return claims.record(session, message, result, attempt=claimed.attempt, now=now)
