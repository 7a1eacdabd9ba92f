"""What is asked for in 24 hours is counted in the database, whoever counts at the same moment, and never let through."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import exists, func, insert, literal, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from advocacy.abuse import caps
from advocacy.abuse.caps import Limits, TooMany
from advocacy.abuse.models import Count, HourlyCount
from advocacy.abuse.windows import Window
from advocacy.encryption import Keys, digests
from tests.databases import both_databases

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MIDNIGHT = datetime(2026, 11, 26, tzinfo=UTC)
KEYS = Keys.make()
HOME, STRANGER = "192.0.2.17", "203.0.113.9"
WIDE = Limits(network_per_day=1000, site_per_day=4000)


def refusal(
    sessions: Sessions, network: str = HOME, *, now: datetime = NOW, limits: Limits = WIDE, keys: Keys = KEYS
) -> TooMany | None:
    """Ask once; return why it was refused, None where it was let through."""
    try:
        with sessions.begin() as session:
            assert caps.allow(session, network, keys=keys, now=now, limits=limits)
    except TooMany as refused:
        return refused
    return None


def asked(
    sessions: Sessions, network: str = HOME, *, now: datetime = NOW, limits: Limits = WIDE, keys: Keys = KEYS
) -> bool:
    """Ask once; tell whether it was let through."""
    return refusal(sessions, network, now=now, limits=limits, keys=keys) is None


def counts(sessions: Sessions, *kinds: str) -> dict[str, int]:
    with sessions() as session:
        totals = select(HourlyCount.kind, func.sum(HourlyCount.count)).group_by(HourlyCount.kind)
        return {kind: int(count) for kind, count in session.execute(totals) if not kinds or kind in kinds}


def set_used(sessions: Sessions, limits: Limits, used: Sequence[tuple[str, int]], *, now: datetime = NOW) -> None:
    """Let networks have sent so many forms each, as `caps.allow` would have counted them one by one."""
    levels: dict[str, int] = {}
    for network, forms in used:
        for level in caps._levels(network, KEYS, now=now, limits=limits):
            levels[level.keys[0]] = levels.get(level.keys[0], 0) + forms
    site = sum(forms for _, forms in used)
    rows = [*((caps.NETWORK, key, count) for key, count in levels.items()), (caps.SITE, caps.EVERYBODY, site)]
    with sessions.begin() as session:
        hour = Window.until(now).last
        session.execute(
            insert(HourlyCount), [{"kind": kind, "key": key, "hour": hour, "count": count} for kind, key, count in rows]
        )


# --- a share


@both_databases
@pytest.mark.parametrize("limits", [Limits(3, 4000), Limits(1000, 3)])
def test_the_share_is_let_through_and_no_more(sessions: Sessions, limits: Limits) -> None:
    assert [asked(sessions, limits=limits) for _ in range(5)] == [True, True, True, False, False]
    assert counts(sessions, caps.NETWORK, caps.SITE) == {"network": 3, "site": 3}, "what was refused is rolled back"


def test_another_network_has_a_share_of_its_own_and_the_site_one_for_all(sessions: Sessions) -> None:
    limits = Limits(network_per_day=1, site_per_day=2)

    assert asked(sessions, HOME, limits=limits)
    assert not asked(sessions, HOME, limits=limits)
    assert asked(sessions, "198.51.100.1", limits=limits)
    assert not asked(sessions, STRANGER, limits=limits)


@both_databases
def test_a_share_comes_back_little_by_little_whatever_midnight(sessions: Sessions) -> None:
    limits = Limits(6, 4000)
    assert all(asked(sessions, now=NOW - HOUR, limits=limits) for _ in range(4))
    assert all(asked(sessions, now=NOW + 11 * HOUR, limits=limits) for _ in range(2))

    assert not asked(sessions, now=MIDNIGHT, limits=limits), "midnight opens nothing"
    assert not asked(sessions, now=NOW + 23 * HOUR, limits=limits)
    assert asked(sessions, now=NOW + 23 * HOUR + HOUR / 4, limits=limits)
    assert not asked(sessions, now=NOW + 23 * HOUR + HOUR / 4, limits=limits)
    assert [asked(sessions, now=NOW + DAY, limits=limits) for _ in range(4)] == [True, True, True, False]


def test_too_many_says_when_there_is_room_and_then_there_is(sessions: Sessions) -> None:
    limits = Limits(2, 4000)
    evening = datetime(2026, 11, 25, 18, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert asked(sessions, now=evening, limits=limits)
    assert asked(sessions, now=evening + 3 * HOUR, limits=limits)

    refused = refusal(sessions, now=evening + 4 * HOUR, limits=limits)
    assert refused is not None
    assert refused.cap == caps.NETWORK
    assert evening + DAY <= refused.until <= evening + DAY + HOUR
    assert HOME not in str(refused)
    assert not asked(sessions, now=refused.until - timedelta(seconds=2), limits=limits)
    assert asked(sessions, now=refused.until, limits=limits)


@both_databases
def test_no_address_is_kept_and_on_another_day_nobody_can_tell_it_is_the_same(sessions: Sessions) -> None:
    asked(sessions)
    asked(sessions, now=MIDNIGHT)
    with sessions() as session:
        kept = session.scalars(select(HourlyCount.key).where(HourlyCount.kind == caps.NETWORK)).all()

    assert len(set(kept)) == 2
    assert all(len(key) == 64 for key in kept)


@both_databases
def test_a_new_key_in_the_middle_of_a_day_gives_no_second_share(sessions: Sessions) -> None:
    limits, rotated = Limits(2, 4000), Keys((*Keys.make().newest_first, *KEYS.newest_first))

    assert asked(sessions, limits=limits)
    assert asked(sessions, limits=limits, keys=rotated)
    assert not asked(sessions, limits=limits, keys=rotated)


@both_databases
def test_what_is_stored_already_is_not_counted(sessions: Sessions) -> None:
    stored = exists().where(HourlyCount.kind == literal(caps.SITE))
    with sessions.begin() as session:
        assert caps.allow(session, HOME, keys=KEYS, now=NOW, limits=WIDE, unless=stored)
    with sessions.begin() as session:
        assert not caps.allow(session, HOME, keys=KEYS, now=NOW, limits=WIDE, unless=stored)
    assert counts(sessions) == {"network": 1, "site": 1}


def test_what_cannot_be_counted_is_not_let_through(sessions: Sessions) -> None:
    with sessions.begin() as session:
        HourlyCount.__table__.drop(session.connection())  # type: ignore[attr-defined]

    with pytest.raises(SQLAlchemyError):
        asked(sessions)


# --- many at once


@both_databases
@pytest.mark.parametrize("networks", [lambda number: HOME, lambda number: f"10.0.{number}.1"])
def test_many_at_the_same_moment_get_the_share_of_the_site_exactly(
    sessions: Sessions, networks: Callable[[int], str]
) -> None:
    limits = Limits(network_per_day=1000, site_per_day=8)
    with ThreadPoolExecutor(12) as pool:
        passed = list(pool.map(lambda number: asked(sessions, networks(number), limits=limits), range(30)))

    from_new_networks = int(networks(0) != networks(1))  # of the two that are reserved, one can be had in an hour
    assert sum(passed) == 6 + from_new_networks


@both_databases
def test_many_of_one_customer_at_the_same_moment_get_their_shares_exactly(sessions: Sessions) -> None:
    limits = Limits(network_per_day=2, site_per_day=4000)
    addresses = [f"2001:db8:7:{half:x}{number:02x}::1" for number in range(16) for half in (0xA, 0xB, 0xC)]
    with ThreadPoolExecutor(12) as pool:
        passed = list(pool.map(lambda address: asked(sessions, address, limits=limits), addresses))

    assert sum(passed) == 8, "four to a /56 at most, eight to the /48"
    assert counts(sessions, caps.NETWORK, caps.SITE) == {"network": 3 * 8, "site": 8}


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_network_that_has_used_up_its_share_does_not_wait_for_the_row_of_the_site(sessions: Sessions) -> None:
    limits = Limits(network_per_day=1, site_per_day=1000)
    assert asked(sessions, limits=limits)

    with ThreadPoolExecutor(1) as pool, sessions.begin() as other:
        other.execute(update(HourlyCount).where(HourlyCount.kind == caps.SITE).values(count=HourlyCount.count))
        assert pool.submit(asked, sessions, limits=limits).result(timeout=30) is False


# --- the attacks of the review


@both_databases
def test_20_000_forms_from_one_network_leave_the_others_alone(sessions: Sessions) -> None:
    """Before: 50 a day, and so still; a form is refused before anything else is asked of the database."""
    limits = Limits(50, 20_000)
    set_used(sessions, limits, [("192.0.2.1", 49)])

    passed = sum(asked(sessions, f"192.0.2.{number % 250 + 1}", limits=limits) for number in range(20))
    assert passed == 1, "of 20, and of 20,000: each is refused as the one before was"
    assert asked(sessions, STRANGER, limits=limits)


@both_databases
def test_20_000_forms_from_the_65_536_networks_of_one_customer_are_200(sessions: Sessions) -> None:
    """Before: each /64 had a share of its own, 3,276,800 a day."""
    limits = Limits(50, 20_000)
    set_used(sessions, limits, [(f"2001:db8:7:{number:x}::1", 1) for number in range(0, 0x10000, 0x100)][:198])

    at = [asked(sessions, f"2001:db8:7:{number:x}::1", limits=limits) for number in range(1, 0xFFFF, 0xAAA)]
    assert sum(at) == 2
    assert asked(sessions, "2001:db8:8::1", limits=limits), "the customer next door"
    assert asked(sessions, STRANGER, limits=limits)


@both_databases
def test_a_customer_with_a_56_has_two_shares(sessions: Sessions) -> None:
    limits = Limits(2, 4000)
    passed = [asked(sessions, f"2001:db8:7:{number:x}::1", limits=limits) for number in range(0x10, 0x18)]
    assert passed == [True] * 4 + [False] * 4
    refused = refusal(sessions, "2001:db8:7:1f::1", limits=limits)
    assert refused is not None
    assert refused.until == NOW + DAY + HOUR / 4


def test_400_networks_that_use_up_the_site_do_not_close_it_to_the_others(sessions: Sessions) -> None:
    """Before: every form of everybody was refused until midnight, with a Retry-After of hours."""
    limits = Limits(50, 20_000)
    attackers = [f"10.{number // 256}.{number % 256}.1" for number in range(400)]
    set_used(sessions, limits, [(network, 50) for network in attackers[:300]])

    assert not asked(sessions, attackers[0], limits=limits)
    assert sum(asked(sessions, network, limits=limits) for network in attackers[300:] for _ in range(2)) == 100
    strangers = [f"172.16.{number}.1" for number in range(120)]
    passed = [asked(sessions, network, limits=limits) for network in strangers]
    assert sum(passed) == limits.reserve_per_hour - 100 == 109
    refused = refusal(sessions, STRANGER, limits=limits)
    assert refused is not None
    assert refused.cap == caps.SITE
    assert refused.until <= NOW + 2 * HOUR, "it is a matter of an hour, for whoever has sent nothing yet"
    assert asked(sessions, STRANGER, now=refused.until, limits=limits)


def test_the_reserve_lasts_for_the_whole_day_and_is_never_more_than_its_part(sessions: Sessions) -> None:
    limits = Limits(1000, 96)
    set_used(sessions, limits, [(HOME, 72)])
    strangers = (f"10.{number}.0.1" for number in range(256))
    passed = [
        [asked(sessions, next(strangers), now=NOW + hour * HOUR, limits=limits) for _ in "12"] for hour in range(24)
    ]
    assert passed == [[True, False], [False, False]] * 12, "of one in an hour: one in the last hour, which slides"
    assert counts(sessions, caps.SITE, caps.RESERVE) == {"site": 72, "reserve": 12}


# --- letters to one office


@both_databases
def test_an_office_has_its_share_of_letters_and_what_is_beyond_does_not_count(sessions: Sessions) -> None:
    def allowed(now: datetime = NOW, to: str = "mp-1") -> bool:
        with sessions.begin() as session:
            return caps.allow_recipient(session, to, now=now, per_day=2)

    assert [allowed() for _ in range(4)] == [True, True, False, False]
    assert allowed(to="mp-2")
    assert counts(sessions) == {"recipient": 3}
    assert not allowed(NOW + DAY)
    assert [allowed(NOW + DAY + HOUR) for _ in range(3)] == [True, True, False]


# --- what is told


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage().partition(":")[0] for one in caplog.records if one.name == "advocacy.abuse.caps"]


NETWORK_FULL = "the first network in 24 hours has used up its share of forms (ADVOCACY_NETWORK_PER_DAY)"
SITE_FULL = "the site has used up its share of forms for 24 hours (ADVOCACY_SITE_PER_DAY)"


def test_a_share_that_is_used_up_is_logged_once_in_24_hours_without_whose_network_it_is(
    sessions: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    limits = Limits(network_per_day=2, site_per_day=7)
    assert asked(sessions, limits=limits)
    assert warnings(caplog) == []

    assert asked(sessions, limits=limits)
    assert warnings(caplog) == [NETWORK_FULL]
    assert not asked(sessions, limits=limits)
    assert all(asked(sessions, "198.51.100.1", limits=limits) for _ in range(2))
    assert warnings(caplog) == [NETWORK_FULL], "another network in the same 24 hours"

    assert all(asked(sessions, network, limits=limits) for network in (STRANGER, "10.0.0.1"))
    assert warnings(caplog) == [NETWORK_FULL, SITE_FULL]

    later = NOW + DAY + HOUR
    for _ in range(2):
        asked(sessions, now=later, limits=limits)
    assert warnings(caplog) == [NETWORK_FULL, SITE_FULL, NETWORK_FULL]
    assert not any(network in caplog.text for network in (HOME, "192.0.2", "198.51.100", "203.0.113"))


def test_a_share_that_is_used_up_under_two_keys_is_logged_too(
    sessions: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    limits, rotated = Limits(2, 4000), Keys((*Keys.make().newest_first, *KEYS.newest_first))
    asked(sessions, limits=limits)
    asked(sessions, limits=limits, keys=rotated)
    assert warnings(caplog) == [NETWORK_FULL]


@both_databases
def test_how_many_networks_and_whether_the_site_reached_a_cap_is_told_of_24_hours(sessions: Sessions) -> None:
    limits = Limits(network_per_day=2, site_per_day=7)

    def told(now: datetime = NOW) -> Mapping[str, int]:
        with sessions() as session:
            return caps.reached(session, now=now)

    assert told() == {"network": 0, "site": 0}
    for network in (HOME, HOME, "198.51.100.1", "198.51.100.1"):
        asked(sessions, network, limits=limits)
    assert told() == {"network": 2, "site": 0}
    asked(sessions, STRANGER, limits=limits)
    asked(sessions, "10.0.0.1", limits=limits)
    assert told() == {"network": 2, "site": 1}
    assert told(MIDNIGHT) == {"network": 2, "site": 1}
    assert told(NOW + DAY + HOUR) == {"network": 0, "site": 0}


@both_databases
def test_counts_that_count_no_longer_are_forgotten(sessions: Sessions) -> None:
    times = (NOW - 25 * HOUR, NOW - DAY, NOW, NOW + 8 * DAY)
    for now in times:
        asked(sessions, now=now)
    with sessions.begin() as session:
        session.add(Count(kind="site", key="all", day=date(2026, 11, 24), count=7))
        session.flush()
        caps.forget(session, now=NOW)
    with sessions() as session:
        left = set(session.scalars(select(HourlyCount.hour)))
        assert left == {Window.until(now).last for now in times[1:3]}
        assert session.scalars(select(Count.day)).all() == []


def test_a_network_is_found_under_the_keys_of_two_days(sessions: Sessions) -> None:
    limits = Limits(1, 4000)
    asked(sessions, now=MIDNIGHT - HOUR, limits=limits)
    with sessions() as session:
        [kept] = session.scalars(select(HourlyCount.key).where(HourlyCount.kind == caps.NETWORK)).all()
    assert kept == digests(KEYS, "2026-11-25 4/24:c00002", purpose=caps.NETWORK)[0]
    assert not asked(sessions, now=MIDNIGHT + HOUR, limits=limits)
