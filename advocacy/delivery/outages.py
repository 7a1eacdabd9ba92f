"""A circuit breaker: a provider that fails is left alone by all, then one message shows whether it is back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from advocacy.database import insert_into
from advocacy.delivery.models import ProviderOutage

MAX_TRIES = 20
"""Attempts a message has: with these waits it outlasts an outage of a whole day."""
MIN_WAIT = timedelta(minutes=1)
MAX_WAIT = timedelta(hours=3)
ONLY_ID = 1
"""There is one provider, so one row."""
MAX_FAILURES = 3
"""Failures in a row that are an outage."""
REST = timedelta(minutes=5)
"""How long a provider that is out is left alone before the next message is tried."""
MAX_REST_ASKED_FOR = timedelta(hours=1)
"""The longest rest that a provider may ask for; an absurd answer strands no letter."""
PROBE_TIME = timedelta(minutes=1)
"""How long the others wait for the one message that is tried: longer than the 30 s a provider may take."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The provider took nothing, whatever it was given; `asked` is how long it wants to be left alone."""

    reason: str
    asked: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage as it is reported: why and since when the provider takes nothing, or took nothing until now."""

    reason: str
    since: datetime
    is_over: bool = False


def retry_delay(tries: int, *, chance: float) -> timedelta:
    """Return the wait after `tries` attempts: doubling to a cap, of which `chance` in [0, 1) leaves half to all.

    The half that is left to chance keeps a thousand messages that failed together from coming back together.
    """
    doubled: int = 2 ** min(max(tries, 1) - 1, MAX_TRIES)
    return min(MIN_WAIT * doubled, MAX_WAIT) * (0.5 + chance / 2)


def current(session: Session) -> Outage | None:
    """Return the outage there is; one or two failures in a row are none yet."""
    row = session.get(ProviderOutage, ONLY_ID, populate_existing=True)
    return Outage(row.reason, row.since) if row is not None and row.failures >= MAX_FAILURES else None


def locked(session: Session) -> ProviderOutage | None:
    """Return the failures in a row, locked until the transaction ends."""
    return session.get(ProviderOutage, ONLY_ID, populate_existing=True, with_for_update=True)


def note_failure(session: Session, failure: Failure, *, now: datetime) -> tuple[ProviderOutage, Outage | None]:
    """Record one failure more; return them all, and the outage where it begins with this one.

    The provider is left alone after MAX_FAILURES in a row, or at once for as long as it asks.
    """
    first = {"reason": failure.reason, "since": now, "failures": 0, "rest_until": now}
    session.execute(insert_into(session, ProviderOutage).values(id=ONLY_ID, **first).on_conflict_do_nothing())
    row = session.get_one(ProviderOutage, ONLY_ID, populate_existing=True, with_for_update=True)
    row.failures += 1
    row.reason = failure.reason[: ProviderOutage.reason.type.length]
    asked = min(failure.asked or timedelta(), MAX_REST_ASKED_FOR)
    rest = REST if row.failures >= MAX_FAILURES else timedelta()
    row.rest_until = max(row.rest_until, now + max(asked, rest))
    return row, Outage(row.reason, row.since) if row.failures == MAX_FAILURES else None


def end(session: Session) -> Outage | None:
    """Forget the failures; return the outage that they were, None where they were none."""
    row = session.execute(
        delete(ProviderOutage)
        .where(ProviderOutage.id == ONLY_ID)
        .returning(ProviderOutage.reason, ProviderOutage.since, ProviderOutage.failures)
    ).first()
    return Outage(row.reason, row.since, is_over=True) if row and row.failures >= MAX_FAILURES else None
