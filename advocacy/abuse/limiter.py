"""The one limiter: how often something may happen within a window, counted in the database.

A window slides as in the "sliding window counter" of other limiters: what was counted in the window before weighs by
the share of it that the last `window` still covers.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session, aliased

from advocacy.abuse.models import RateLimit
from advocacy.database import insert_into


def hit(session: Session, key: str, *, limit: int, window: timedelta, now: datetime, cost: int = 1) -> bool:
    """Count `cost` for a key and return True, or return False uncounted where `limit` within `window` is used up.

    `key` names what is counted and for whom, of the latter a keyed hash alone. Whoever counts the same key waits until
    this transaction ends.
    """
    if count(session, key, window=window, now=now, cost=cost) <= limit:
        return True
    undo(session, key, window=window, now=now, cost=cost)
    return False


def count(session: Session, key: str, *, window: timedelta, now: datetime, cost: int = 1) -> float:
    """Count `cost` for a key without a limit, and return how much was counted within the last `window`."""
    began_at = _began_at(now, window)
    counted = insert_into(session, RateLimit).values(
        key=key, began_at=began_at, count=cost, expires_at=began_at + 2 * window
    )
    counted = counted.on_conflict_do_update(
        index_elements=[RateLimit.key, RateLimit.began_at], set_={"count": RateLimit.count + counted.excluded.count}
    )
    before = _counted_from(began_at - window, key).scalar_subquery()
    current, earlier = session.execute(counted.returning(RateLimit.count, before)).one()
    return _weighed(current, earlier, window=window, now=now)


def used(session: Session, key: str, *, window: timedelta, now: datetime) -> float:
    """Return how much was counted for a key within the last `window`."""
    began_at = _began_at(now, window)
    current, earlier = (session.scalar(_counted_from(moment, key)) for moment in (began_at, began_at - window))
    return _weighed(current or 0, earlier, window=window, now=now)


def undo(session: Session, key: str, *, window: timedelta, now: datetime, cost: int = 1) -> None:
    """Take back what a hit of this window counted: what it was for did not happen, or was right."""
    session.execute(
        update(RateLimit)
        .where(RateLimit.key == key, RateLimit.began_at == _began_at(now, window), RateLimit.count >= cost)
        .values(count=RateLimit.count - cost)
    )


def forget_expired(session: Session, *, now: datetime) -> None:
    """Delete what no window covers any more."""
    session.execute(delete(RateLimit).where(RateLimit.expires_at <= now))


def _counted_from(began_at: datetime, key: str) -> Select[int]:
    """Return the query for what the window of a key that began then counted."""
    window = aliased(RateLimit)
    return select(window.count).where(window.key == key, window.began_at == began_at)


def _weighed(current: int, earlier: int | None, *, window: timedelta, now: datetime) -> float:
    """Return a window's count with that of the one before, by the share of it that is less than `window` ago."""
    return current + (earlier or 0) * (1 - (now - _began_at(now, window)) / window)


def _began_at(now: datetime, window: timedelta) -> datetime:
    """Return when the window that holds a moment began: windows are counted from 1970."""
    seconds = window.total_seconds()
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)
