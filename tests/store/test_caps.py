"""What is asked for in a day is counted in the database, whoever counts at the same moment, and never let through."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from advocacy.abuse import caps
from advocacy.abuse.caps import Limits, TooMany
from advocacy.abuse.models import Count
from advocacy.abuse.networks import network_of
from advocacy.encryption import Keys
from tests.databases import both_databases

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 26, tzinfo=UTC)
KEYS = Keys.make()
HOME = "192.0.2.17"
WIDE = Limits(network_per_day=1000, site_per_day=1000)


def asked(
    sessions: Sessions, network: str = HOME, *, now: datetime = NOW, limits: Limits = WIDE, keys: Keys = KEYS
) -> bool:
    """Ask once; tell whether it was let through."""
    try:
        with sessions.begin() as session:
            caps.allow(session, network, keys=keys, now=now, limits=limits)
    except TooMany:
        return False
    return True


def counts(sessions: Sessions) -> list[int]:
    with sessions() as session:
        return sorted(session.scalars(select(Count.count)))


@both_databases
@pytest.mark.parametrize("limits", [Limits(3, 1000), Limits(1000, 3)])
def test_the_share_of_a_day_is_let_through_and_no_more(sessions: Sessions, limits: Limits) -> None:
    assert [asked(sessions, limits=limits) for _ in range(5)] == [True, True, True, False, False]
    assert counts(sessions) == [3, 3], "what was refused is rolled back"


def test_another_network_has_a_share_of_its_own_and_the_site_one_for_all(sessions: Sessions) -> None:
    limits = Limits(network_per_day=1, site_per_day=2)

    assert asked(sessions, HOME, limits=limits)
    assert not asked(sessions, HOME, limits=limits)
    assert asked(sessions, "198.51.100.1", limits=limits)
    assert not asked(sessions, "203.0.113.1", limits=limits)


def test_too_many_says_when_there_is_a_new_share_and_then_there_is(sessions: Sessions) -> None:
    limits = Limits(1, 1000)
    evening = datetime(2026, 11, 25, 18, tzinfo=timezone(timedelta(hours=-5)))
    assert asked(sessions, now=evening, limits=limits)

    with pytest.raises(TooMany) as caught, sessions.begin() as session:
        caps.allow(session, HOME, keys=KEYS, now=evening, limits=limits)

    assert caught.value.until == MIDNIGHT, "a day is one of UTC"
    assert HOME not in str(caught.value)
    assert not asked(sessions, now=MIDNIGHT - timedelta(microseconds=1), limits=limits)
    assert asked(sessions, now=MIDNIGHT, limits=limits)


@both_databases
def test_no_address_is_kept_and_tomorrow_nobody_can_tell_it_is_the_same(sessions: Sessions) -> None:
    asked(sessions)
    asked(sessions, now=MIDNIGHT)
    with sessions() as session:
        kept = session.scalars(select(Count.key).where(Count.kind == caps.NETWORK)).all()

    assert len(set(kept)) == 2
    assert all(len(key) == 64 for key in kept)


def test_a_new_key_in_the_middle_of_a_day_gives_no_second_share(sessions: Sessions) -> None:
    limits, rotated = Limits(2, 1000), Keys((*Keys.make().newest_first, *KEYS.newest_first))

    assert asked(sessions, limits=limits)
    assert asked(sessions, limits=limits, keys=rotated)
    assert not asked(sessions, limits=limits, keys=rotated)


@both_databases
@pytest.mark.parametrize("networks", [lambda number: HOME, lambda number: f"10.0.{number}.1"])
def test_many_at_the_same_moment_get_the_share_of_the_site_exactly(
    sessions: Sessions, networks: Callable[[int], str]
) -> None:
    limits = Limits(network_per_day=1000, site_per_day=7)
    with ThreadPoolExecutor(12) as pool:
        passed = list(pool.map(lambda number: asked(sessions, networks(number), limits=limits), range(30)))

    assert sum(passed) == 7


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_network_that_has_used_up_its_share_does_not_wait_for_the_row_of_the_site(sessions: Sessions) -> None:
    limits = Limits(network_per_day=1, site_per_day=1000)
    assert asked(sessions, limits=limits)

    with ThreadPoolExecutor(1) as pool, sessions.begin() as other:
        other.execute(update(Count).where(Count.kind == caps.SITE).values(count=Count.count))
        assert pool.submit(asked, sessions, limits=limits).result(timeout=30) is False


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage().partition(":")[0] for one in caplog.records if one.name == "advocacy.abuse.caps"]


NETWORK_FULL = "the first network today has used up its share of forms (ADVOCACY_NETWORK_PER_DAY)"
SITE_FULL = "the site has used up its share of forms for today (ADVOCACY_SITE_PER_DAY)"


def test_a_cap_that_is_reached_is_logged_once_a_day_without_whose_network_it_is(
    sessions: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    limits = Limits(network_per_day=2, site_per_day=5)
    assert asked(sessions, limits=limits)
    assert warnings(caplog) == []

    assert asked(sessions, limits=limits)
    assert warnings(caplog) == [NETWORK_FULL]
    assert not asked(sessions, limits=limits)
    assert all(asked(sessions, "198.51.100.1", limits=limits) for _ in range(2))
    assert warnings(caplog) == [NETWORK_FULL], "another network on the same day"

    assert asked(sessions, "203.0.113.1", limits=limits)
    assert not asked(sessions, "203.0.113.1", limits=limits)
    assert warnings(caplog) == [NETWORK_FULL, SITE_FULL]

    for _ in range(2):
        asked(sessions, now=MIDNIGHT, limits=limits)
    assert warnings(caplog) == [NETWORK_FULL, SITE_FULL, NETWORK_FULL]
    assert not any(network in caplog.text for network in (HOME, "192.0.2", "198.51.100", "203.0.113"))


def test_a_share_that_is_used_up_under_two_keys_is_logged_too(
    sessions: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    limits, rotated = Limits(2, 1000), Keys((*Keys.make().newest_first, *KEYS.newest_first))
    asked(sessions, limits=limits)
    asked(sessions, limits=limits, keys=rotated)
    assert warnings(caplog) == [NETWORK_FULL]


def test_how_many_networks_and_whether_the_site_reached_a_cap_is_told_of_today(sessions: Sessions) -> None:
    limits = Limits(network_per_day=2, site_per_day=5)

    def told(now: datetime = NOW) -> Mapping[str, int]:
        with sessions() as session:
            return caps.reached(session, now=now, limits=limits)

    assert told() == {"network": 0, "site": 0}
    for network in (HOME, HOME, "198.51.100.1", "198.51.100.1"):
        asked(sessions, network, limits=limits)
    assert told() == {"network": 2, "site": 0}
    asked(sessions, "203.0.113.1", limits=limits)
    assert told() == {"network": 2, "site": 1}
    assert told(MIDNIGHT) == {"network": 0, "site": 0}


def test_what_cannot_be_counted_is_not_let_through(sessions: Sessions) -> None:
    with sessions.begin() as session:
        Count.__table__.drop(session.connection())  # type: ignore[attr-defined]

    with pytest.raises(SQLAlchemyError):
        asked(sessions)


@both_databases
def test_the_counts_of_days_gone_by_are_forgotten(sessions: Sessions) -> None:
    asked(sessions)
    asked(sessions, now=MIDNIGHT)
    with sessions.begin() as session:
        caps.forget(session, now=MIDNIGHT)
    with sessions() as session:
        assert set(session.scalars(select(Count.day))) == {MIDNIGHT.date()}


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("192.0.2.1", "192.0.2.254"),
        ("192.0.2.1", "::ffff:192.0.2.9"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("fe80::1%eth0", "fe80::2%eth1"),
        ("", "not an address"),
        ("192.0.2.1, 10.0.0.1", "unix:"),
    ],
)
def test_one_household_is_one_network(one: str, another: str) -> None:
    assert network_of(one) == network_of(another)


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("192.0.2.1", "192.0.3.1"),
        ("2001:db8:1:2::1", "2001:db8:1:3::1"),
        ("0.0.2.1", "::2:0:0:0:0"),
        ("192.0.2.1", ""),
    ],
)
def test_two_households_are_two_networks(one: str, another: str) -> None:
    assert network_of(one) != network_of(another)
