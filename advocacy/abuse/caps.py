"""Caps: how many forms a network and the whole site may send in, how many mails a mailbox and letters an office get.

All are of the last 24 hours (`windows`). A part of the site's share is a reserve for networks that sent nothing in this
time, given out evenly by the hour: whoever uses up the rest does not close the site to them. What cannot be counted is
not let through.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement as Element
from sqlalchemy import Float, Integer, String, and_, bindparam, case, cast, delete, func, literal, or_, select, update
from sqlalchemy.orm import Session

from advocacy.abuse.mailboxes import mailbox_of
from advocacy.abuse.models import Count, HourlyCount, Mailing
from advocacy.abuse.networks import networks_of
from advocacy.abuse.windows import DAY_HOURS, ROUNDING, Window, has_room, room_at
from advocacy.database import add_one, adding_to_count, connection_of, insert_in, table_of
from advocacy.encryption import Keys, digests, hashed

NETWORK, SITE, ADDRESS = "network", "site", "address"
RESERVE, RECIPIENT = "reserve", "recipient"
FULL = {NETWORK: "network full", SITE: "site full"}
"""What is counted where a share was used up, once for each form that was the last."""
EVERYBODY = "all"
MAILS_A_DAY, DAY = 3, timedelta(days=1)
"""How many mails that ask to confirm one mailbox gets in 24 hours."""
BETWEEN_MAILS = timedelta(minutes=10)
RESERVE_PART = 4
"""The reserve is one part in so many of the site's share."""

log = logging.getLogger(__name__)

OFFICE_LINK = "office link"
OFFICE_LINKS_A_DAY = 10
"""How many links to offices' settings one network may have mailed in 24 hours."""

USED_UP = {
    NETWORK: "the first network in 24 hours has used up its share of forms (ADVOCACY_NETWORK_PER_DAY): more from it "
    "are refused until some of them are older; where a proxy stands in front and ADVOCACY_PROXY_HOPS is wrong, that is "
    "everybody",
    SITE: "the site has used up its share of forms for 24 hours (ADVOCACY_SITE_PER_DAY): what is left is kept for "
    "networks that have sent none, a few each hour",
}
"""What is logged for each cap, the first time in 24 hours that it is reached; whose network it is, nobody is told."""

_COUNTS = table_of(HourlyCount)
_C = _COUNTS.c


class TooMany(Exception):
    """More than a share was asked for; `until` is when there is room for one more, `cap` which share it was."""

    def __init__(self, until: datetime, cap: str = SITE) -> None:
        self.until, self.cap = until, cap
        super().__init__(f"no more before {until:%Y-%m-%d %H:%M} UTC")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many submissions may come in 24 hours from one network, and to the whole site, its reserve included.

    With `calm_per_ten_minutes` the site may come under pressure, and never by fewer forms than that (`pressure`).
    """

    network_per_day: int
    site_per_day: int
    calm_per_ten_minutes: int | None = None

    @property
    def reserve(self) -> int:
        """What is kept for networks that have sent nothing."""
        return self.site_per_day // RESERVE_PART

    @property
    def for_all(self) -> int:
        """What is open to every network."""
        return self.site_per_day - self.reserve

    @property
    def reserve_per_hour(self) -> int:
        return -(-self.reserve // DAY_HOURS)


def allow(
    session: Session,
    network: str,
    *,
    keys: Keys,
    now: datetime,
    limits: Limits,
    unless: Element[bool] | None = None,
    params: Mapping[str, Any] | None = None,
) -> bool:
    """Count one submission from an IP address; False, uncounted, where the condition `unless` with `params` holds.

    `unless` is built once and kept. Raises TooMany, upon which the caller rolls back. Whoever passes is alone on the
    site's row of this hour until the transaction ends: what is asked next cannot change meanwhile.
    """
    window, levels = Window.until(now), _levels(network, keys, now=now, limits=limits)
    used = _count(session, levels, window, unless=unless, params=params or {})
    if used[0] is None:
        return False
    *of_networks, of_site = used
    for level, of_network in zip(levels, of_networks, strict=True):
        if of_network is None or not has_room(of_network, level.share):
            raise TooMany(_network_room_at(session, levels, of_networks, now=now), NETWORK)
    if of_site is None or not has_room(of_site, limits.for_all):
        is_new = of_networks[-1] is not None and has_room(of_networks[-1], 1)
        _use_reserve(session, is_new=is_new, now=now, limits=limits)
    elif of_site > limits.for_all - 1:
        _log_full(session, SITE, EVERYBODY, window=window)
    for level, of_network in zip(levels, of_networks, strict=True):
        if of_network is not None and of_network > level.share - 1:
            _log_full(session, NETWORK, level.keys[0], window=window)
    return True


def allow_recipient(session: Session, recipient: str, *, now: datetime, per_day: int) -> bool:
    """Count one letter to an office; False, uncounted, where it has had its share of 24 hours."""
    key, window = hashed(recipient), Window.until(now)
    if has_room(_add(session, RECIPIENT, (key,), window=window), per_day):
        return True
    _take_back(session, RECIPIENT, key, window=window)
    return False


def allow_office_link(session: Session, network: str, *, keys: Keys, now: datetime) -> bool:
    """Count one link that a network has mailed to an office; False, uncounted, where it had its share of 24 hours."""
    window, limits = Window.until(now), Limits(OFFICE_LINKS_A_DAY, site_per_day=0)
    counted: list[_Level] = []
    for level in _levels(network, keys, now=now, limits=limits):
        counted.append(level)
        if not has_room(_add(session, OFFICE_LINK, level.keys, window=window), level.share):
            for one in counted:
                _take_back(session, OFFICE_LINK, one.keys[0], window=window)
            return False
    return True


def reached(session: Session, *, now: datetime) -> Mapping[str, int]:
    """Return how many networks have used up their share in the last 24 hours, and whether the site has (1 or 0)."""
    window = Window.until(now)
    used_up = select(_C.kind, func.count(_C.key.distinct())).where(_C.kind.in_(FULL.values()), _inside(window))
    found = {row[0]: row[1] for row in session.execute(used_up.group_by(_C.kind))}
    return {cap: found.get(kind, 0) for cap, kind in FULL.items()}


def mail_hashes(keys: Keys, address: str) -> tuple[str, ...]:
    """Return what the mails of an address (as `normalize_address` gives it) are counted by, the newest first."""
    return digests(keys, mailbox_of(address), purpose=ADDRESS)


def next_mail_due(latest: Sequence[datetime], *, now: datetime) -> datetime:
    """Return when a mailbox may get another mail, after these, the last first."""
    due_at = max([now, *(last + BETWEEN_MAILS for last in latest[:1])])
    return max(due_at, latest[-1] + DAY) if len(latest) == MAILS_A_DAY else due_at


def count_mail(session: Session, hashes: Sequence[str], *, now: datetime) -> datetime:
    """Count one mail more for an address, by its `mail_hashes`; return when it is due."""
    latest = select(Mailing.due_at).where(Mailing.key.in_(hashes)).order_by(Mailing.due_at.desc()).limit(MAILS_A_DAY)
    due_at = next_mail_due(session.scalars(latest).all(), now=now)
    session.add(Mailing(key=hashes[0], due_at=due_at))
    session.flush()
    return due_at


def forget(session: Session, *, now: datetime) -> None:
    """Delete the counts, and the mails, that count no longer; also what a wrong clock counted for days to come."""
    window = Window.until(now)
    gone = or_(HourlyCount.hour < window.first, HourlyCount.hour > window.last + DAY_HOURS)
    session.execute(delete(HourlyCount).where(gone))
    session.execute(delete(Count).where(Count.day < now.astimezone(UTC).date()))
    session.execute(delete(Mailing).where(Mailing.due_at <= now - DAY))


@dataclass(frozen=True, slots=True)
class _Level:
    """One of the networks an address lies in: its keys, that of today with the newest key first, and its share."""

    keys: tuple[str, ...]
    share: int


def _levels(network: str, keys: Keys, *, now: datetime, limits: Limits) -> list[_Level]:
    """Return the networks of an address; each has another key on another day, so that no row tells it is the same."""
    today = now.astimezone(UTC).date()
    return [
        _Level(
            tuple(one for day in (today, today - DAY) for one in digests(keys, f"{day} {named}", purpose=NETWORK)),
            limits.network_per_day * shares,
        )
        for named, shares in networks_of(network)
    ]


def _use_reserve(session: Session, *, is_new: bool, now: datetime, limits: Limits) -> None:
    """Count a form of a new network in the reserve instead of in what is open to all; raises TooMany."""
    _take_back(session, SITE, EVERYBODY, window=Window.until(now))
    open_at = room_at(_by_hour(session, SITE, (EVERYBODY,), now=now), limits.for_all, now=now)
    if not is_new or not limits.reserve:
        raise TooMany(open_at, SITE)
    of_reserve = _by_hour(session, RESERVE, (EVERYBODY,), now=now)
    reserve_at = max(
        room_at(of_reserve, limits.reserve, now=now),
        room_at(of_reserve, limits.reserve_per_hour, now=now, hours=1),
    )
    if reserve_at > now:
        raise TooMany(min(open_at, reserve_at), SITE)
    add_one(session, HourlyCount, kind=RESERVE, key=EVERYBODY, hour=Window.until(now).last)


def _network_room_at(
    session: Session, levels: Sequence[_Level], used: Sequence[float | None], *, now: datetime
) -> datetime:
    """Return when all networks of an address have room for what was just counted in some of them, and is refused."""
    room = []
    for level, counted in zip(levels, used, strict=True):
        by_hour = dict(_by_hour(session, NETWORK, level.keys, now=now))
        if counted is not None:
            by_hour[Window.until(now).last] -= 1
        room.append(room_at(by_hour, level.share, now=now))
    return max(room)


def _by_hour(session: Session, kind: str, keys: Sequence[str], *, now: datetime) -> Mapping[int, int]:
    counted = select(_C.hour, func.sum(_C.count)).where(_C.kind == kind, _C.key.in_(keys), _inside(Window.until(now)))
    return {row[0]: int(row[1]) for row in session.execute(counted.group_by(_C.hour))}


def _inside(window: Window) -> Element[bool]:
    return _C.hour.between(window.first, window.last)


def _take_back(session: Session, kind: str, key: str, *, window: Window) -> None:
    this = and_(_C.kind == kind, _C.key == key, _C.hour == window.last)
    connection_of(session).execute(update(_COUNTS).where(this).values(count=_C.count - 1))


def _log_full(session: Session, cap: str, key: str, *, window: Window) -> None:
    """Count that a share was used up, and log it the first time in 24 hours."""
    before = select(_C.hour).where(_C.kind == FULL[cap], _inside(window)).limit(1)
    is_first = session.execute(before).first() is None
    add_one(session, HourlyCount, kind=FULL[cap], key=key, hour=window.last)
    if is_first:
        log.warning(USED_UP[cap])


def _count(
    session: Session,
    levels: Sequence[_Level],
    window: Window,
    *,
    unless: Element[bool] | None,
    params: Mapping[str, Any],
) -> list[float | None]:
    """Add one to each network from the smallest and, within the shares of all, to the site; return what is used.

    None is what was not counted: nothing where `unless` holds, and what comes after a share that is used up. So a
    network that has used up its share does not wait for the row of the whole site.
    """
    connection = connection_of(session)
    if connection.dialect.name == "postgresql":
        values = {**_window_params(window), **params, "hour": window.last}
        for number, level in enumerate(levels):
            values[f"share_{number}"] = level.share
            values |= {f"key_{number}_{which}": key for which, key in enumerate(level.keys)}
        statement = _count_all(len(levels), len(levels[0].keys), unless)
        return [None if one is None else float(one) for one in connection.execute(statement, values).one()]
    nothing: list[float | None] = [None] * (len(levels) + 1)
    if unless is not None and connection.execute(_asking(unless), params).scalar():
        return nothing
    for number, level in enumerate(levels):
        nothing[number] = used = _add(session, NETWORK, level.keys, window=window)
        if not has_room(used, level.share):
            return nothing
    nothing[-1] = _add(session, SITE, (EVERYBODY,), window=window)
    return nothing


def _add(session: Session, kind: str, keys: Sequence[str], *, window: Window) -> float:
    """Add one to the count of the first key in this hour; return what is used in the window under all of them."""
    count = add_one(session, HourlyCount, kind=kind, key=keys[0], hour=window.last)
    values = {**_window_params(window), "hour": window.last, "kind": kind}
    values |= {f"key_0_{which}": key for which, key in enumerate(keys)}
    return count + float(connection_of(session).execute(_summing(len(keys)), values).scalar_one())


def _window_params(window: Window) -> dict[str, Any]:
    return {"first": window.first, "weight": window.weight}


@cache
def _asking(condition: Element[bool]) -> Any:
    return select(condition)


@cache
def _summing(keys: int) -> Any:
    names = [bindparam(f"key_0_{which}", type_=String) for which in range(keys)]
    return select(_before(bindparam("kind", type_=String), names))


def _before(kind: Element[str], keys: Sequence[Element[str]]) -> Any:
    """Build the sum of what the window holds under some keys besides the row of the first one and this hour."""
    hour, first = bindparam("hour", type_=Integer), bindparam("first", type_=Integer)
    count = cast(_C.count, Float)
    weighed = case((_C.hour == first, count * bindparam("weight", type_=Float)), else_=count)
    # An IN that has to be expanded costs twice as much as one whose length is known.
    inside = and_(_C.kind == kind, _C.key.in_(keys), _C.hour.between(first, hour))
    others = or_(_C.key != keys[0], _C.hour != hour)
    return select(func.coalesce(func.sum(weighed), 0.0)).where(inside, others).scalar_subquery()


@cache
def _count_all(levels: int, keys: int, unless: Element[bool] | None) -> Any:
    """Build the statement of PostgreSQL: a row is locked only once what is used in those before it is known."""
    used: list[Any] = []
    for number in range(levels + 1):
        kind: Element[str] = literal(SITE if number == levels else NETWORK)
        names: list[Element[str]] = [bindparam(f"key_{number}_{which}", type_=String) for which in range(keys)]
        names = [literal(EVERYBODY)] if number == levels else names
        row = select(kind, names[0], bindparam("hour", type_=Integer), literal(1))
        if used:
            share = bindparam(f"share_{number - 1}", type_=Float)
            row = row.select_from(used[-1]).where(used[-1].c.used <= share + ROUNDING)
        elif unless is not None:
            row = row.where(~unless)
        statement = insert_in("postgresql", _COUNTS).from_select(["kind", "key", "hour", "count"], row)
        added = adding_to_count(statement, _COUNTS).returning(_C.count).cte(f"added_{number}")
        used.append(select((added.c.count + _before(kind, names)).label("used")).cte(f"used_{number}"))
    return select(*(select(one.c.used).scalar_subquery() for one in used))
