"""Pressure: more forms come in than the site sees in calm hours. It begins by itself, and ends by itself.

Everything is in the database, so that all processes agree: forms are counted by ten minutes, and what is calm follows
from the week before.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, bindparam, cast, delete, exists, literal, null, or_, select, union_all, update
from sqlalchemy.orm import Session

from advocacy.abuse.models import Arrivals, PressurePeriod
from advocacy.database import Batch, UtcDateTime, connection_of, table_of

SLOT = timedelta(minutes=10)
"""What forms are counted by, and how long pressure lasts after the last form that kept it up."""
RENEWED_BEFORE = timedelta(minutes=9)
"""A period that ends later than this is not written again: one write a minute is enough."""
HISTORY = timedelta(days=7)
QUANTILE = 0.9
"""The share of calm slots that saw fewer forms: a busy evening is calm, the busiest one in a week need not be."""
FACTOR = 3
"""How many times more forms than that are still calm."""
MAX_SHARE = 20
"""More than this part of a day's share of the site in ten minutes is never calm, whatever the site has got used to."""

log = logging.getLogger(__name__)

_ARRIVALS, _PERIODS = table_of(Arrivals).c, table_of(PressurePeriod).c


@dataclass(frozen=True, slots=True)
class Pressure:
    """The site at one moment: forms in the last ten minutes, how many are calm, and since when there are more.

    `threshold` is None where no form has come in yet within these ten minutes, `since` and `until` where all is calm.
    """

    forms: int
    threshold: int | None
    since: datetime | None
    until: datetime | None

    @property
    def is_on(self) -> bool:
        return self.since is not None


def read(session: Session, *, now: datetime) -> Pressure:
    """Read how it stands, in one statement."""
    slot = slot_of(now)
    moments = {"current": slot, "previous": slot - SLOT, "now": now, "latest": now + SLOT}
    found = connection_of(session).execute(_state(), moments).all()
    counts = {row.at: row for row in found if row.until is None}
    current, previous = counts.get(slot), counts.get(slot - SLOT)
    period = min((row for row in found if row.until is not None), key=lambda row: row.at, default=None)
    # The ten minutes up to now: all of this slot, and of the one before it what is not over yet.
    rest = 1 - (now - slot) / SLOT
    forms = (current.forms if current else 0) + (previous.forms if previous else 0) * rest
    return Pressure(
        int(forms),
        current.threshold if current else None,
        since=period.at if period else None,
        until=period.until if period else None,
    )


def count_form(batch: Batch, before: Pressure, *, now: datetime, floor: int | None, site_per_day: int) -> None:
    """Count one form; `before` is what was read in the same transaction.

    `floor` forms in ten minutes are always calm; without one pressure never begins.
    """
    threshold = before.threshold
    if threshold is None:
        threshold = calm_forms(_calm_counts(batch.session, now), floor=floor or 0, ceiling=site_per_day // MAX_SHARE)
    batch.add_one(Arrivals, slot=slot_of(now), threshold=threshold)
    forms = before.forms + 1
    if before.until is not None:
        if forms > threshold / 2 and before.until < now + RENEWED_BEFORE:
            renewed = update(PressurePeriod).where(PressurePeriod.until == before.until).values(until=now + SLOT)
            connection_of(batch.session).execute(renewed)
    elif floor is not None and forms > threshold:
        batch.insert(PressurePeriod, {"began_at": now, "until": now + SLOT, "is_over": False})
        log.warning(
            "%d forms came in within ten minutes, and up to %d are usual: browsers are asked for a proof of work, and "
            "the confirmation mail of a form without one waits for staff",
            forms,
            threshold,
        )


def calm_forms(counts: Sequence[int], *, floor: int, ceiling: int) -> int:
    """Return how many forms in ten minutes are calm, by those of a week's calm slots; slots without any are left out.

    Never more than `ceiling`: who raises the traffic day by day cannot raise what is calm beyond it. Never less than
    `floor`, which is what a site goes by that knows no calm week yet.
    """
    slots = HISTORY // SLOT
    rank = ceil(QUANTILE * slots) - 1
    quantile = ([0] * max(slots - len(counts), 0) + sorted(counts))[rank]
    return max(floor, min(FACTOR * quantile, ceiling))


def has_ended(session: Session, *, now: datetime) -> bool:
    """Return whether pressure has ended and nobody has logged it yet."""
    return bool(session.scalar(select(exists().where(*_ended(now)))))


def note_end(session: Session, *, now: datetime) -> None:
    """Log that pressure has ended, once: of two processes that do so at once, one finds nothing left to log."""
    noted = update(PressurePeriod).where(*_ended(now)).values(is_over=True).returning(PressurePeriod.began_at)
    if session.scalars(noted).all():
        log.warning("no more forms come in than is usual: browsers are no longer asked for a proof of work")


def forget(session: Session, *, now: datetime) -> None:
    """Delete what is older than the week that counts."""
    session.execute(delete(Arrivals).where(Arrivals.slot < now - HISTORY - SLOT))
    session.execute(delete(PressurePeriod).where(PressurePeriod.until < now - HISTORY - SLOT, PressurePeriod.is_over))


def slot_of(now: datetime) -> datetime:
    """Return when the ten minutes of a moment begin."""
    moment = now.astimezone(UTC)
    return moment.replace(minute=moment.minute // 10 * 10, second=0, microsecond=0)


def _calm_counts(session: Session, now: datetime) -> list[int]:
    """Return the counts of the week's slots that are over, those left out in which there was pressure."""
    slot = slot_of(now)
    counted = session.execute(select(Arrivals.slot, Arrivals.count).where(Arrivals.slot >= slot - HISTORY))
    periods = session.execute(
        select(PressurePeriod.began_at, PressurePeriod.until).where(PressurePeriod.until > slot - HISTORY)
    ).all()
    pressed: set[datetime] = set()
    for began_at, until in periods:
        first, last = max(slot_of(began_at), slot - HISTORY), min(until, slot)
        pressed |= {first + number * SLOT for number in range(ceil((last - first) / SLOT))}
    return [count for at, count in counted if at < slot and at not in pressed]


def _ended(now: datetime) -> Sequence[ColumnElement[bool]]:
    # One that ends later than any can was noted by a clock that was wrong.
    return ~PressurePeriod.is_over, or_(PressurePeriod.until <= now, PressurePeriod.until > now + SLOT)


@cache
def _state() -> Any:
    """Build the statement once: building it costs more than having it carried out."""
    moment = UtcDateTime()
    counts = select(_ARRIVALS.slot.label("at"), _ARRIVALS.count.label("forms"), _ARRIVALS.threshold)
    counts = counts.add_columns(cast(null(), moment).label("until"))
    counts = counts.where(_ARRIVALS.slot.in_([bindparam("current", type_=moment), bindparam("previous", type_=moment)]))
    periods = select(_PERIODS.began_at, literal(0), literal(0), _PERIODS.until)
    # A period further ahead than any can be was noted by a clock that was wrong: it counts for nothing.
    now, latest = bindparam("now", type_=moment), bindparam("latest", type_=moment)
    return union_all(counts, periods.where(_PERIODS.until > now, _PERIODS.until <= latest))
