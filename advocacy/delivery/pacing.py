"""The pace of messages to one recipient: each of one key leaves an interval after the one before."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from advocacy.database import insert_into
from advocacy.delivery.models import WAIT_REASONS, Message, Pace
from advocacy.delivery.outages import MAX_REST_ASKED_FOR, MAX_WAIT
from advocacy.delivery.states import State


def next_slot(session: Session, key: str, *, now: datetime, per_hour: int) -> datetime:
    """Take the next time one more message of `key` may leave, at most `per_hour` of them; 0 sets no pace."""
    return next_slots(session, key, 1, now=now, per_hour=per_hour)[0]


def next_slots(session: Session, key: str, number: int, *, now: datetime, per_hour: int) -> Sequence[datetime]:
    """Take the next times so many messages of `key` may leave.

    The key's row is kept from others until the transaction ends, so no two take one slot.
    """
    if per_hour <= 0:
        return [now] * number
    pace = _locked_pace(session, key, now=now)
    first = max(now, pace.next_at)
    pace.next_at = first + number * _interval(per_hour)
    session.flush()
    return [first + nth * _interval(per_hour) for nth in range(number)]


def lock(session: Session, key: str, *, now: datetime) -> None:
    """Keep the pace of a key from others until the transaction ends."""
    _locked_pace(session, key, now=now)


def spread(session: Session, *, now: datetime, per_hour: int, anew: bool = False) -> int:
    """Spread the messages of one key that are due together; return how many were moved. None is dropped.

    They bunch when nothing left for a while, and when a provider made them try again. They are late by that, except
    where they are planned `anew`.
    """
    if per_hour <= 0:
        return 0
    bunched = (
        select(Message.pace_key)
        .where(Message.state == State.READY, Message.pace_key.is_not(None))
        .group_by(Message.pace_key)
        .having((func.max(Message.attempt) > 0) | (func.sum(case((Message.due_at <= now, 1), else_=0)) > 1))
        .order_by(Message.pace_key)
    )
    return sum(
        _spread_key(session, key, now=now, per_hour=per_hour, anew=anew)
        for key in session.scalars(bunched).all()
        if key
    )


def plan_anew(
    session: Session, key: str, *, begin: datetime, now: datetime, per_hour: int, reason: str = ""
) -> Sequence[str]:
    """Plan all messages of a key that wait from `begin` on, in their order; return their references.

    They wait for this `reason`, "" where they are merely due. In an `immediate` transaction.
    """
    pace = _locked_pace(session, key, now=now)
    waiting = select(Message.id, Message.ref, Message.due_at).where(
        Message.pace_key == key, Message.state == State.READY
    )
    # Locked in the one order of all who lock several.
    locked = session.execute(waiting.order_by(Message.id).with_for_update()).all()
    rows = sorted(locked, key=lambda row: (row.due_at, row.id))
    after = timedelta() if per_hour <= 0 else _interval(per_hour)
    planned = []
    for place, row in enumerate(rows):
        if _move(session, row.id, to=begin + place * after, anew=True, reason=reason):
            planned.append(row.ref)
    pace.next_at = begin + len(rows) * after
    session.flush()
    return planned


def repair(session: Session, *, now: datetime, per_hour: int) -> int:
    """Bring forward what a clock that was ahead planned too late; return how many messages were moved.

    The nth message that waits for a key is due within n intervals, and one that was tried within the longest wait
    besides. The time that a provider may ask for is allowed to each. What is held for a reason of its own is planned by
    that.
    """
    after = timedelta() if per_hour <= 0 else _interval(per_hour)
    latest = func.max(Message.due_at)
    waiting = (
        select(Message.pace_key, func.count(), latest, func.max(Message.tries))
        .where(Message.state == State.READY, Message.pace_key.is_not(None), Message.reason.not_in(WAIT_REASONS))
        .group_by(Message.pace_key)
        .order_by(Message.pace_key)
    )
    moved = 0
    for key, number, last, tries in session.execute(waiting).all():
        if last > now + (number + 1) * after + (MAX_WAIT if tries else timedelta()) + MAX_REST_ASKED_FOR:
            moved += _bring_forward(session, key or "", now=now, per_hour=per_hour)
    planned = select(Pace.key).where(Pace.next_at > now + after).order_by(Pace.key)
    for key in session.scalars(planned).all():
        pace = _locked_pace(session, key, now=now)
        last = session.scalar(select(latest).where(Message.pace_key == key, Message.state == State.READY)) or now
        pace.next_at = min(pace.next_at, max(last, now) + after)
    session.flush()
    return moved


def _bring_forward(session: Session, key: str, *, now: datetime, per_hour: int) -> int:
    _locked_pace(session, key, now=now)
    after = timedelta() if per_hour <= 0 else _interval(per_hour)
    waiting = select(Message.id, Message.due_at, Message.tries).where(
        Message.pace_key == key, Message.state == State.READY, Message.reason.not_in(WAIT_REASONS)
    )
    moved = 0
    for place, row in enumerate(session.execute(waiting.order_by(Message.due_at, Message.id)).all(), start=1):
        latest = now + place * after + (MAX_WAIT if row.tries else timedelta())
        if row.due_at > latest + MAX_REST_ASKED_FOR:
            moved += _move(session, row.id, to=latest, anew=True)
    return moved


def _spread_key(session: Session, key: str, *, now: datetime, per_hour: int, anew: bool) -> int:
    pace = _locked_pace(session, key, now=now)
    waiting = select(Message.id, Message.due_at).where(Message.pace_key == key, Message.state == State.READY)
    rows = session.execute(waiting.order_by(Message.due_at, Message.id)).all()
    earliest, moved = datetime.min.replace(tzinfo=UTC), 0
    for row in rows:
        if row.due_at < earliest:
            moved += _move(session, row.id, to=earliest, anew=anew)
        earliest = max(row.due_at, earliest, now) + _interval(per_hour)
    pace.next_at = max(pace.next_at, earliest)
    session.flush()
    return moved


def _move(session: Session, message_id: int, *, to: datetime, anew: bool, reason: str | None = None) -> int:
    """Set when a message is due, unless it has been claimed since it was read; return how many were set.

    What is planned `anew` is late from then on; what is brought forward may have been due before, and stays late.
    """
    times: dict[str, Any] = {"due_at": to} | ({} if reason is None else {"reason": reason})
    if anew:
        brought_forward = (Message.due_at > to) & (Message.first_due_at < to)
        times["first_due_at"] = case((brought_forward, Message.first_due_at), else_=to)
    statement = update(Message).where(Message.id == message_id, Message.state == State.READY).values(times)
    moved: Sequence[int] = session.scalars(
        statement.returning(Message.id), execution_options={"synchronize_session": False}
    ).all()
    return len(moved)


def _locked_pace(session: Session, key: str, *, now: datetime) -> Pace:
    session.execute(insert_into(session, Pace).values(key=key, next_at=now).on_conflict_do_nothing())
    statement = update(Pace).where(Pace.key == key).values(key=Pace.key).returning(Pace)
    return session.scalars(statement, execution_options={"populate_existing": True, "synchronize_session": False}).one()


def _interval(per_hour: int) -> timedelta:
    return timedelta(hours=1) / per_hour
