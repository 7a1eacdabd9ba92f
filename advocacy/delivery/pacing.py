"""The pace of messages to one recipient: each of one key leaves an interval after the one before."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from advocacy.database import insert_into
from advocacy.delivery.models import Pace


def interval(per_hour: int) -> timedelta:
    """Return how long after one message the next may leave; 0 sets no pace."""
    return timedelta(hours=1) / per_hour if per_hour > 0 else timedelta()


def next_slot(session: Session, key: str, *, now: datetime, per_hour: int) -> datetime:
    """Take the next time one more message of `key` is due: `now`, or an interval after the last one taken.

    The key's row is locked until the transaction ends, so no two take one slot. Lock messages before paces.
    """
    pace = locked(session, key, now=now)
    slot = max(now, pace.next_at)
    pace.next_at = slot + interval(per_hour)
    return slot


def may_leave(session: Session, key: str, *, now: datetime, per_hour: int) -> bool:
    """Note that a message of `key` leaves now; False where the last one left less than an interval ago.

    After a pause or an outage many are due together: this is what keeps them apart.
    """
    pace = locked(session, key, now=now)
    if pace.left_at is not None and pace.left_at > now - interval(per_hour):
        return False
    pace.left_at = now
    return True


def locked(session: Session, key: str, *, now: datetime) -> Pace:
    """Return the pace of a key, locked until the transaction ends."""
    session.execute(insert_into(session, Pace).values(key=key, next_at=now).on_conflict_do_nothing())
    return session.get_one(Pace, key, populate_existing=True, with_for_update=True)
