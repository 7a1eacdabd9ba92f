"""What holds the whole outbox: while it is held nothing leaves, and nothing is lost.

When the messages of several recipients are refused in a row, it is not the recipients: a provider that refuses for good
may mean this site and not say so, by a daily limit as a bare "550", or a filter that took a dislike to the text of a
campaign. Without a hold every message that waits would fail within seconds.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from advocacy.database import insert_into, take_turn
from advocacy.delivery import pacing
from advocacy.delivery.models import NO_CONTACT, Actor, Hold, Message, MessageMove, Pace, PeriodicRun
from advocacy.delivery.provider import Kind
from advocacy.delivery.states import State

UNSYNCED = {"synchronize_session": False}
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
MAX_OFFICES = 5
"""How many recipients that have a pace, whose addresses are the directory's, may be refused in a row."""
MAX_OTHERS = 15
"""How many of any kind: the addresses of citizens are typed, and anybody may type several that do not exist."""
MIN_WRITERS = 3
"""Of how many people: one form goes to several offices, and may be refused for what its citizen wrote in it."""
MAX_MOVES = 200
"""How many of the last moves are looked at."""
COUNTED_SINCE = "refusals in a row"
"""The name under which it is kept when the outbox was last held for this: what was refused before counts no more."""


def hold(session: Session, reason: str, *, now: datetime, by: Actor) -> bool:
    """Hold the outbox; False where it is held already, whose reason then stays."""
    row = insert_into(session, Hold).values(id=ONLY_ID, reason=reason, since=now, by=by)
    return session.scalar(row.on_conflict_do_nothing().returning(Hold.id)) is not None


def release(session: Session, *, now: datetime, per_hour: int) -> bool:
    """Release the outbox, and spread anew what is overdue for one recipient; False where nothing held it."""
    pacing.spread(session, now=now, per_hour=per_hour, anew=True)
    return session.scalar(delete(Hold).where(Hold.id == ONLY_ID).returning(Hold.id)) is not None


def release_campaign(session: Session, which: ColumnElement[bool], *, now: datetime, per_hour: int) -> None:
    """Release those messages of `which` that wait because their campaign did not say who answers for it.

    Each leaves in its turn: those for one recipient are spread anew, before any of them can be claimed.
    """
    waiting = (Message.state == State.READY, Message.reason == NO_CONTACT, which)
    # Paces first, then messages, each in order, as the sweep takes them: two of these never wait for each other.
    session.execute(select(Pace.key).order_by(Pace.key).with_for_update())
    ids = session.scalars(select(Message.id).where(*waiting).order_by(Message.id).with_for_update()).all()
    if ids:
        session.execute(update(Message).where(*waiting).values(due_at=now), execution_options=UNSYNCED)
        pacing.spread(session, now=now, per_hour=per_hour, anew=True)


def current(session: Session) -> Hold | None:
    """Return what holds the outbox."""
    return session.get(Hold, ONLY_ID, populate_existing=True)


def hold_after_refusals(session: Session, kinds: Mapping[str, Kind], *, now: datetime) -> bool:
    """Hold the outbox where the last moves written are refusals of too many recipients; whether it was held just now.

    To be called in the transaction that writes a refusal, by whichever process: the moves of all of them are looked at.
    """
    take_turn(session, COUNTED_SINCE)
    refused = list(_refused_in_a_row(session))
    offices = {one.pace_key for one in refused if one.pace_key is not None}
    others = {one.ref for one in refused if one.pace_key is None}
    if len(offices) < MAX_OFFICES and len(offices) + len(others) < MAX_OTHERS:
        return False
    if _count_writers(session, kinds, refused) < MIN_WRITERS:
        return False
    began = insert_into(session, PeriodicRun).values(name=COUNTED_SINCE, started_at=now)
    session.execute(began.on_conflict_do_update(index_elements=["name"], set_={"started_at": now}))
    return hold(session, REFUSALS_IN_A_ROW, now=now, by=Actor.WORKER)


def _count_writers(session: Session, kinds: Mapping[str, Kind], refused: Sequence[Any]) -> int:
    """Return of how many people the messages refused are."""
    people = set()
    for kind, rows in groupby(sorted(refused, key=attrgetter("kind")), key=attrgetter("kind")):
        refs = sorted({one.ref for one in rows})
        writers = kinds[kind].writers(session, refs) if kind in kinds else {}
        people |= {writers.get(ref) or f"{kind} {ref}" for ref in refs}
    return len(people)


def _refused_in_a_row(session: Session) -> Iterator[Any]:
    """Yield kind, ref and pace key of the messages refused since the last that was accepted, the latest first."""
    began = session.scalar(select(PeriodicRun.started_at).where(PeriodicRun.name == COUNTED_SINCE))
    moves = (
        select(MessageMove.state, Message.kind, Message.ref, Message.pace_key)
        .join(Message, MessageMove.message_id == Message.id)
        .where(MessageMove.by == Actor.WORKER, or_(MessageMove.state == State.ACCEPTED, MessageMove.refused.is_(True)))
        .where(MessageMove.at > (began or datetime.min.replace(tzinfo=UTC)))
        .order_by(MessageMove.id.desc())
        .limit(MAX_MOVES)
    )
    for move in session.execute(moves):
        if move.state is State.ACCEPTED:
            return
        yield move
