"""Work on a schedule runs once in a site, however many machines and processes would begin it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import immediate, insert_into
from advocacy.delivery.models import PeriodicRun


def begin(sessions: sessionmaker[Session], name: str, *, every: timedelta, now: datetime) -> bool:
    """Note that work begins; False where another process began it less than `every` ago.

    A beginning that lies further ahead than that was noted by a clock that was wrong, so it counts for nothing.
    """
    with sessions() as session:
        begun_at = session.scalar(select(PeriodicRun.started_at).where(PeriodicRun.name == name))
    if begun_at is not None and now - every < begun_at <= now + every:  # a look that takes no lock
        return False
    with immediate(sessions) as session:
        row = insert_into(session, PeriodicRun).values(name=name, started_at=now)
        is_due = (PeriodicRun.started_at <= now - every) | (PeriodicRun.started_at > now + every)
        begun = row.on_conflict_do_update(index_elements=["name"], set_={"started_at": now}, where=is_due)
        return session.scalar(begun.returning(PeriodicRun.name)) is not None
