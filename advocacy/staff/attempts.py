"""Tries to sign in are few in a quarter of an hour, for one account, one network and the site; failing closed.

A try is counted before it is looked at, and given back when it was right: whoever tries many at once gains nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from advocacy.letters.caps import network_of
from advocacy.letters.personal import address_of
from advocacy.sealing import Keys, digests
from advocacy.staff.models import Attempt

WINDOW = timedelta(minutes=15)
TURN = "SELECT pg_advisory_xact_lock(7203116)"
"""Makes the next one who counts wait until this transaction ends; SQLite has one writer at a time anyway."""
EVERYBODY = "all"


class Kind(StrEnum):
    """What is counted: passwords and second steps of one account, tries from one network, all of them."""

    PASSWORD = "password"  # noqa: S105 - the name of a count
    SECOND = "second"
    NETWORK = "network"
    SITE = "site"


MOST: Mapping[Kind, int] = {Kind.PASSWORD: 10, Kind.SECOND: 5, Kind.NETWORK: 30, Kind.SITE: 300}
"""How many may fail within WINDOW."""


class TooMany(Exception):
    """No more tries for now: known and unknown addresses alike."""


@dataclass(frozen=True, slots=True)
class Trying:
    """One try: PASSWORD or SECOND, for an e-mail address, from an IP address. Both are kept as keyed hashes only."""

    kind: Kind
    email: str
    network: str

    def hashes(self, keys: Keys) -> Mapping[Kind, tuple[str, ...]]:
        """Give what each count is kept by, one hash for each key, the newest first."""
        whose = digests(keys, address_of(self.email), purpose=f"staff {self.kind}")
        network = digests(keys, network_of(self.network), purpose="staff network")
        return {self.kind: whose, Kind.NETWORK: network, Kind.SITE: (EVERYBODY,)}


def take(session: Session, trying: Trying, *, keys: Keys, now: datetime) -> tuple[int, ...]:
    """Count a try, and give what to `give_back` when it was right; raises TooMany, upon which nothing is counted."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(TURN))
    counted = trying.hashes(keys)
    for kind, hashes in counted.items():
        failed = select(func.count(Attempt.id)).where(
            Attempt.kind == kind, Attempt.key.in_(hashes), Attempt.at > now - WINDOW
        )
        if (session.scalar(failed) or 0) >= MOST[kind]:
            raise TooMany
    taken = [Attempt(kind=kind.value, key=hashes[0], at=now) for kind, hashes in counted.items()]
    session.add_all(taken)
    session.flush()
    return tuple(one.id for one in taken)


def give_back(session: Session, taken: Collection[int]) -> None:
    """Count a try no more: it was right."""
    session.execute(delete(Attempt).where(Attempt.id.in_(taken)))


def forget(session: Session, *, now: datetime) -> None:
    """Delete the tries that count no more."""
    session.execute(delete(Attempt).where(Attempt.at <= now - WINDOW))
