"""While the outbox is held nothing leaves, and nothing is lost."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from advocacy.database import insert_into
from advocacy.delivery import pacing
from advocacy.delivery.models import HELD, By, Hold, Message, Pace
from advocacy.delivery.states import State

UNSYNCED = {"synchronize_session": False}
THE_ONE = 1
"""There is one outbox, so there is one row."""
DATA_KEYS = "data_keys"
PAUSED = "paused"
"""By hand."""
REFUSALS_IN_A_ROW = "refusals_in_a_row"
OURS: Mapping[str, str] = MappingProxyType(
    {
        DATA_KEYS: "a data key is missing (ADVOCACY_DATA_KEYS)",
        REFUSALS_IN_A_ROW: "messages to several recipients were refused in a row, those named under Deliveries",
    }
)
"""Reasons that no provider gave, in words."""


def hold(session: Session, reason: str, *, now: datetime, by: By) -> bool:
    """Hold the outbox; False where it is held already, whose reason then stays."""
    row = insert_into(session, Hold).values(id=THE_ONE, reason=reason, since=now, by=by)
    return session.scalar(row.on_conflict_do_nothing().returning(Hold.id)) is not None


def release(session: Session, *, now: datetime, per_hour: int) -> bool:
    """Let messages leave again, those overdue for one recipient spread anew; False where nothing held them."""
    pacing.spread(session, now=now, per_hour=per_hour, anew=True)
    return session.scalar(delete(Hold).where(Hold.id == THE_ONE).returning(Hold.id)) is not None


def release_campaign(session: Session, which: ColumnElement[bool], *, now: datetime, per_hour: int) -> None:
    """Let those messages of `which` leave that wait because their campaign did not say who answers for it.

    Each leaves in its turn: those for one recipient are spread anew, before any of them can be claimed.
    """
    waiting = (Message.state == State.READY, Message.reason == HELD, which)
    # Paces first, then messages, each in order, as the sweep takes them: two of these never wait for each other.
    session.execute(select(Pace.key).order_by(Pace.key).with_for_update())
    ids = session.scalars(select(Message.id).where(*waiting).order_by(Message.id).with_for_update()).all()
    if ids:
        session.execute(update(Message).where(*waiting).values(due_at=now), execution_options=UNSYNCED)
        pacing.spread(session, now=now, per_hour=per_hour, anew=True)


def held(session: Session) -> Hold | None:
    """Return what holds the outbox."""
    return session.get(Hold, THE_ONE, populate_existing=True)
