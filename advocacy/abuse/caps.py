"""Daily limits: how many forms a network and the whole site may send in, and how many mails an address gets.

What cannot be counted is not let through.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Date, String, and_, bindparam, column, delete, exists, func, literal, or_, select, table
from sqlalchemy.orm import Session

from advocacy.abuse.models import Count, Mailing
from advocacy.abuse.networks import network_of
from advocacy.database import add_one, adding_to_count, connection_of, insert_in, table_of
from advocacy.encryption import Keys, digests

NETWORK, SITE, ADDRESS = "network", "site", "address"
EVERYBODY = "all"
MAILS_A_DAY, DAY = 3, timedelta(days=1)
"""How many mails that ask to confirm one address gets in 24 hours."""
BETWEEN_MAILS = timedelta(minutes=10)

log = logging.getLogger(__name__)

USED_UP = {
    NETWORK: "the first network today has used up its share of forms (ADVOCACY_NETWORK_PER_DAY): more from it are "
    "refused until midnight UTC; where a proxy stands in front and ADVOCACY_PROXY_HOPS is wrong, that is everybody",
    SITE: "the site has used up its share of forms for today (ADVOCACY_SITE_PER_DAY): all more are refused until "
    "midnight UTC",
}
"""What is logged once a day for each cap, the moment it is reached; whose network it is, nobody is told."""

_COUNTS = table_of(Count)
_SUBMISSIONS = table("submissions", column("key_hash")).c
"""Of the forms that are stored: their model lies a floor above."""


class TooMany(Exception):
    """More than a day's share was asked for; `until` is when there is a new one."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(f"no more before {until:%Y-%m-%d %H:%M} UTC")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many submissions a day (UTC) may come from one network, and to the whole site."""

    network_per_day: int
    site_per_day: int


def allow(session: Session, network: str, *, keys: Keys, now: datetime, limits: Limits, form: str = "") -> bool:
    """Count one submission from an IP address; False where the form of this hash is stored already, uncounted.

    Raises TooMany, upon which the caller rolls back. Whoever passes is alone on the site's row until the transaction
    ends: what is asked next cannot change meanwhile.
    """
    day = _day(now)
    theirs = digests(keys, f"{day} {network_of(network)}", purpose=NETWORK)
    share = limits.network_per_day
    if theirs[1:]:  # under every key: a new one in the middle of a day gives nobody a second share
        older = and_(Count.kind == NETWORK, Count.key.in_(theirs[1:]), Count.day == day)
        share -= session.execute(select(func.sum(Count.count)).where(older)).scalar_one() or 0
    of_network, of_all = _count(session, {"network": theirs[0], "day": day, "form": form, "share": share})
    if of_network is None:
        return False
    if of_all is None or of_all > limits.site_per_day:
        raise TooMany(datetime.combine(day + timedelta(days=1), time(), UTC))
    if of_network == share and reached(session, now=now, limits=limits)[NETWORK] <= 1:
        log.warning(USED_UP[NETWORK])
    if of_all == limits.site_per_day:
        log.warning(USED_UP[SITE])
    return True


def reached(session: Session, *, now: datetime, limits: Limits) -> Mapping[str, int]:
    """Return how many networks have used up their share of today (UTC), and whether the site has (1 or 0), by cap."""
    of_network = and_(Count.kind == NETWORK, Count.count >= limits.network_per_day)
    of_site = and_(Count.kind == SITE, Count.count >= limits.site_per_day)
    used_up = select(Count.kind, func.count()).where(Count.day == _day(now), or_(of_network, of_site))
    return {NETWORK: 0, SITE: 0} | {row[0]: row[1] for row in session.execute(used_up.group_by(Count.kind))}


def mail_hashes(keys: Keys, address: str) -> tuple[str, ...]:
    """Return what the mails of an address (as `normalize_address` gives it) are counted by, the newest first."""
    return digests(keys, address, purpose=ADDRESS)


def next_mail_due(latest: Sequence[datetime], *, now: datetime) -> datetime:
    """Return when an address may get another mail, after these, the last first."""
    due_at = max([now, *(last + BETWEEN_MAILS for last in latest[:1])])
    return max(due_at, latest[-1] + DAY) if len(latest) == MAILS_A_DAY else due_at


def forget(session: Session, *, now: datetime) -> None:
    """Delete the counts of days gone by, and of mails that count no longer."""
    session.execute(delete(Count).where(Count.day < _day(now)))
    session.execute(delete(Mailing).where(Mailing.due_at <= now - DAY))


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _count(session: Session, values: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Add one to the network's row and, within its share, to the site's; return both counts, None where nothing was.

    A network that has used up its share does not wait for the row of the whole site.
    """
    connection = connection_of(session)
    if connection.dialect.name == "postgresql":
        both = connection.execute(_count_both(), values).one()
        return both[0], both[1]
    of_network = connection.execute(_count_network(connection.dialect.name), values).scalar()
    if of_network is None or of_network > values["share"]:
        return of_network, None
    return of_network, add_one(session, Count, kind=SITE, key=EVERYBODY, day=values["day"])


@cache
def _count_both() -> Any:
    """Build the statement of PostgreSQL; the site's row is locked only once the network's count is known."""
    of_network = _count_network("postgresql").cte("of_network")
    site = select(literal(SITE), literal(EVERYBODY), bindparam("day", type_=Date), literal(1))
    site = site.select_from(of_network).where(of_network.c.count <= bindparam("share"))
    of_site = _adding("postgresql", site).cte("of_site")
    return select(select(of_network.c.count).scalar_subquery(), select(of_site.c.count).scalar_subquery())


@cache
def _count_network(dialect: str) -> Any:
    row = select(literal(NETWORK), bindparam("network", type_=String), bindparam("day", type_=Date), literal(1))
    form_is_stored = exists().where(_SUBMISSIONS.key_hash == bindparam("form"))
    return _adding(dialect, row.where(~form_is_stored))


def _adding(dialect: str, row: Any) -> Any:
    statement = insert_in(dialect, _COUNTS).from_select(["kind", "key", "day", "count"], row)
    return adding_to_count(statement, _COUNTS).returning(_COUNTS.c.count)
