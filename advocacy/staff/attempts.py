"""Limits of attempts to sign in: few in a quarter of an hour, of one account, one network, one known browser.

An attempt is counted before it is checked, and uncounted when it was right: many at once gain nothing.
A browser that signed in fully before is counted by itself alone, so that nobody elsewhere can lock its person out.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from advocacy.abuse.networks import network_of
from advocacy.database import take_turn
from advocacy.encryption import Keys, digests, hashed
from advocacy.letters.encrypted_columns import normalize_address
from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Attempt

WINDOW = timedelta(minutes=15)
EVERYBODY = "all"


class Kind(StrEnum):
    """What is counted: attempts of one account at its password, its code, a new password; of a network; of all."""

    PASSWORD = "password"  # noqa: S105 - the name of a count
    SECOND = "second"
    RESET = "reset"
    RESET_NETWORK = "reset-network"
    DEVICE = "device"
    NETWORK = "network"
    SITE = "site"


MAX_FAILED: Mapping[Kind, int] = {
    Kind.PASSWORD: 10,
    Kind.SECOND: 5,
    Kind.RESET: 3,
    Kind.RESET_NETWORK: 10,
    Kind.DEVICE: 10,
    Kind.NETWORK: 30,
}
"""How many may fail within WINDOW."""
BUSY_SITE = 300
"""From how many of all on, within WINDOW, whoever comes from a browser not known is slowed down."""


class TooMany(Exception):
    """No more attempts for now: known and unknown addresses alike."""


@dataclass(frozen=True, slots=True)
class CountedAttempt:
    """What to uncount when an attempt was right; `is_slowed` where so many fail on the site that this one waits."""

    ids: Collection[int]
    is_slowed: bool


def count(
    session: Session, kind: Kind, *, email: str, network: str, keys: Keys, now: datetime, device: str = ""
) -> CountedAttempt:
    """Count an attempt for an e-mail address, from an IP address; only keyed hashes of both are stored.

    `device` is the random number of a browser that signed in to the account before, "" for any other. Raises TooMany,
    upon which nothing is counted.
    """
    take_turn(session, "attempts")
    whose = {kind: digests(keys, normalize_address(email), purpose=f"staff {kind}")}
    where = digests(keys, network_of(network), purpose="staff network")
    hashes: Mapping[Kind, tuple[str, ...]] = {**whose, Kind.NETWORK: where, Kind.SITE: (EVERYBODY,)}
    if kind is Kind.RESET:
        hashes = whose if device else {**whose, Kind.RESET_NETWORK: where}
    elif device:
        hashes = {Kind.DEVICE: (hashed(device),)}
    failed = {one: _count(session, one, some, now=now) for one, some in hashes.items()}
    if any(number >= MAX_FAILED[one] for one, number in failed.items() if one in MAX_FAILED):
        raise TooMany
    taken = [Attempt(kind=one.value, key=some[0], at=now) for one, some in hashes.items()]
    session.add_all(taken)
    session.flush()
    return CountedAttempt([one.id for one in taken], failed.get(Kind.SITE, 0) >= BUSY_SITE)


def uncount(session: Session, counted: CountedAttempt) -> None:
    """Uncount an attempt: it was right."""
    session.execute(delete(Attempt).where(Attempt.id.in_(counted.ids)))


def count_event(session: Session, kind: str, name: str, *, now: datetime) -> int:
    """Count an event, and return how often it happened within WINDOW."""
    key = hashed(name)
    session.add(Attempt(kind=kind, key=key, at=now))
    session.flush()
    return _count(session, kind, (key,), now=now)


def log_repeated(session: Session, act: Act, subject: str, *, by: int | None, key: str, now: datetime) -> None:
    """Write what is done again and again into the audit log: the 1st, 3rd, 10th, 30th … time of a key within WINDOW."""
    times = count_event(session, act, key, now=now)
    if str(times).rstrip("0") in {"1", "3"}:
        audit_log.write(session, act, subject, by=by, now=now, after={"times": times})


def forget(session: Session, *, now: datetime) -> None:
    """Delete the attempts that no longer count."""
    session.execute(delete(Attempt).where(Attempt.at <= now - WINDOW))


def _count(session: Session, kind: str, keys: tuple[str, ...], *, now: datetime) -> int:
    which = select(func.count(Attempt.id)).where(
        Attempt.kind == str(kind), Attempt.key.in_(keys), Attempt.at > now - WINDOW
    )
    return session.scalar(which) or 0
