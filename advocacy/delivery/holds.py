"""What holds the whole outbox: while it is held nothing leaves, and nothing is lost.

When the letters to several offices are refused in a row, it is not the offices: a provider that refuses for good may
mean this site and not say so, by a daily limit as a bare "550", or a filter that took a dislike to the text of a
campaign. Without a hold every letter that waits would fail within seconds.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import takewhile
from types import MappingProxyType

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from advocacy.database import insert_into
from advocacy.delivery.models import NO_CONTACT, Actor, Hold, Message, MessageMove
from advocacy.delivery.states import State

ONLY_ID = 1
"""There is one outbox, so one row."""
DATA_KEYS = "data_keys"
PAUSED = "paused"
"""By hand."""
REFUSALS_IN_A_ROW = "refusals_in_a_row"
RESTORED = "restored"
"""From a backup: a person looks first at what left since."""
OWN_REASONS: Mapping[str, str] = MappingProxyType(
    {
        DATA_KEYS: "a data key is missing (ADVOCACY_DATA_KEYS)",
        REFUSALS_IN_A_ROW: "messages to several recipients were refused in a row, those named under Deliveries",
        RESTORED: "this site was restored from a backup",
    }
)
"""Reasons that no provider gave, in words."""
MAX_REFUSED = 12
"""How many offices may be refused in a row: more than one form goes to, which may be refused for what is written in it.

Addresses that citizens type are not counted: anybody may type wrong ones.
"""
MAX_MOVES = 200
"""How many of the last moves are looked at."""


def hold(session: Session, reason: str, *, now: datetime, by: Actor) -> bool:
    """Hold the outbox; False where it is held already, whose reason then stays."""
    row = insert_into(session, Hold).values(id=ONLY_ID, reason=reason, since=now, by=by)
    return session.scalar(row.on_conflict_do_nothing().returning(Hold.id)) is not None


def release(session: Session) -> bool:
    """Release the outbox; False where nothing held it."""
    return session.scalar(delete(Hold).where(Hold.id == ONLY_ID).returning(Hold.id)) is not None


def release_campaign(session: Session, which: ColumnElement[bool], *, now: datetime) -> None:
    """Release those messages of `which` that wait because their campaign did not say who answers for it."""
    waiting = update(Message).where(Message.state == State.READY, Message.reason == NO_CONTACT, which)
    session.execute(waiting.values(due_at=now), execution_options={"synchronize_session": False})


def current(session: Session) -> Hold | None:
    """Return what holds the outbox."""
    return session.get(Hold, ONLY_ID, populate_existing=True)


def hold_after_refusals(session: Session, *, now: datetime) -> bool:
    """Hold the outbox where letters to too many offices were refused since one was accepted; whether it was held."""
    last = (
        select(MessageMove.state, Message.pace_key)
        .join(Message, MessageMove.message_id == Message.id)
        .where(MessageMove.by == Actor.WORKER, or_(MessageMove.state == State.ACCEPTED, MessageMove.refused))
        .where(Message.pace_key.is_not(None))
        .order_by(MessageMove.id.desc())
        .limit(MAX_MOVES)
    )
    refused = takewhile(lambda move: move.state is not State.ACCEPTED, session.execute(last))
    if len({move.pace_key for move in refused}) < MAX_REFUSED:
        return False
    return hold(session, REFUSALS_IN_A_ROW, now=now, by=Actor.WORKER)
