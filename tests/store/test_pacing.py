"""Pacing, in a real database: no two messages take one slot, and a pause lets none leave in a crowd."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import immediate
from advocacy.delivery import holds, outbox, pacing
from advocacy.delivery.models import NO_CONTACT, OFFICE_PAUSED, Actor, Message
from advocacy.delivery.states import State
from tests.claims import claim, record
from tests.databases import both_databases

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PER_HOUR = 20
INTERVAL = timedelta(minutes=3)


def put(sessions: Sessions, ref: str, *, key: str = "office", now: datetime = NOW) -> datetime:
    with sessions.begin() as session:
        return outbox.put(session, "letter", ref, now=now, pace_key=key, per_hour=PER_HOUR).due_at


def due_times(sessions: Sessions, key: str = "office") -> list[datetime]:
    with sessions.begin() as session:
        due = select(Message.due_at).where(Message.pace_key == key, Message.state == State.READY)
        return list(session.scalars(due.order_by(Message.due_at)))


def spread(sessions: Sessions, now: datetime) -> int:
    with immediate(sessions) as session:
        return pacing.spread(session, now=now, per_hour=PER_HOUR)


def test_each_message_of_a_key_is_due_an_interval_after_the_one_before(sessions: Sessions) -> None:
    assert [put(sessions, str(number)) for number in range(3)] == [NOW, NOW + INTERVAL, NOW + 2 * INTERVAL]
    assert put(sessions, "other", key="elsewhere") == NOW
    assert put(sessions, "later", now=NOW + 10 * INTERVAL) == NOW + 10 * INTERVAL


def test_a_message_put_for_later_takes_the_next_slot_after_its_time(sessions: Sessions) -> None:
    with sessions.begin() as session:
        first, second = (
            outbox.put(session, "letter", ref, now=NOW, due_at=NOW + MINUTE, pace_key="office", per_hour=PER_HOUR)
            for ref in ("1", "2")
        )
        assert (first.due_at, second.due_at) == (NOW + MINUTE, NOW + MINUTE + INTERVAL)


@both_databases
def test_what_waits_for_one_key_is_planned_anew_in_its_order_and_comes_after_it_is_over(sessions: Sessions) -> None:
    for ref in ("one", "two", "three"):
        put(sessions, ref)
    put(sessions, "other", key="elsewhere")
    later = NOW + timedelta(days=40)
    with immediate(sessions) as session:
        planned = pacing.plan_anew(session, "office", begin=later, now=NOW, per_hour=PER_HOUR, reason=OFFICE_PAUSED)
    assert planned == ["one", "two", "three"]
    assert due_times(sessions) == [later, later + INTERVAL, later + 2 * INTERVAL]
    assert due_times(sessions, "elsewhere") == [NOW]
    assert put(sessions, "new") == later + 3 * INTERVAL
    with immediate(sessions) as session:
        session.execute(update(Message).where(Message.ref == "new").values(reason=OFFICE_PAUSED))
        assert pacing.repair(session, now=NOW + MINUTE, per_hour=PER_HOUR) == 0, "no clock was wrong"
        assert outbox.status(session, now=later + timedelta(days=1)).oldest_due == NOW, "the other one alone is late"
    with immediate(sessions) as session:
        assert len(pacing.plan_anew(session, "office", begin=NOW + MINUTE, now=NOW + MINUTE, per_hour=PER_HOUR)) == 4
        assert set(session.scalars(select(Message.reason).where(Message.pace_key == "office"))) == {""}
    assert due_times(sessions) == [NOW + MINUTE + nth * INTERVAL for nth in range(4)]


@both_databases
def test_what_a_worker_has_in_hand_is_not_planned_anew(sessions: Sessions) -> None:
    put(sessions, "one")
    claimed = claim(sessions, now=NOW, lease=MINUTE)
    assert claimed is not None
    with immediate(sessions) as session:
        assert pacing.plan_anew(session, "office", begin=NOW + MINUTE, now=NOW, per_hour=0, reason=OFFICE_PAUSED) == []


def test_what_is_moved_is_late_by_that_unless_it_is_planned_anew(sessions: Sessions) -> None:
    now = NOW + 2 * INTERVAL
    with immediate(sessions) as session:
        for anew in (False, True):
            key = f"office {anew}"
            for ref in ("one", "two"):
                outbox.put(session, "letter", f"{ref} {anew}", now=NOW, pace_key=key, per_hour=PER_HOUR)
            assert pacing.spread(session, now=now, per_hour=PER_HOUR, anew=anew) == 1
            second = session.scalars(select(Message).where(Message.ref == f"two {anew}")).one()
            assert (second.due_at, second.first_due_at) == (now + INTERVAL, now + INTERVAL if anew else NOW + INTERVAL)


def test_no_pace_is_none(sessions: Sessions) -> None:
    with sessions.begin() as session:
        assert {pacing.next_slot(session, "office", now=NOW, per_hour=0) for _ in range(3)} == {NOW}
        assert pacing.spread(session, now=NOW, per_hour=0) == 0


def test_a_message_put_twice_takes_one_slot(sessions: Sessions) -> None:
    assert put(sessions, "one") == put(sessions, "one") == NOW
    assert put(sessions, "two") == NOW + INTERVAL


@both_databases
def test_twelve_threads_take_a_slot_each(sessions: Sessions) -> None:
    def take(_number: int) -> datetime:
        with immediate(sessions) as session:
            return pacing.next_slot(session, "office", now=NOW, per_hour=PER_HOUR)

    with ThreadPoolExecutor(12) as pool:
        slots = sorted(pool.map(take, range(48)))
    assert slots == [NOW + number * INTERVAL for number in range(48)]


def test_after_an_outage_the_overdue_leave_an_interval_apart_and_none_is_dropped(sessions: Sessions) -> None:
    for number in range(6):
        put(sessions, str(number))
    now = NOW + 3 * INTERVAL
    assert spread(sessions, now) == 5
    assert due_times(sessions) == [NOW, *(now + number * INTERVAL for number in range(1, 6))]
    assert put(sessions, "next", now=now) == now + 6 * INTERVAL
    assert spread(sessions, now + MINUTE) == 0


@both_databases
def test_a_crowd_that_tries_again_together_is_parted(sessions: Sessions) -> None:
    for number in range(3):
        put(sessions, str(number))
    now = NOW + 2 * INTERVAL
    for _ in range(3):
        given = claim(sessions, now=now, lease=MINUTE)
        assert given is not None
        with immediate(sessions) as session:
            record(session, given, State.READY, now=now, due_at=now + MINUTE, counts=False)
    assert spread(sessions, now) == 2
    assert due_times(sessions) == [now + MINUTE + number * INTERVAL for number in range(3)]


def test_one_overdue_message_and_those_of_other_keys_are_left(sessions: Sessions) -> None:
    put(sessions, "1")
    put(sessions, "2")
    put(sessions, "other", key="elsewhere")
    with sessions.begin() as session:
        outbox.put(session, "confirmation", "3", now=NOW)
        outbox.put(session, "confirmation", "4", now=NOW)
    assert spread(sessions, NOW + MINUTE) == 0
    assert due_times(sessions) == [NOW, NOW + INTERVAL]


def test_a_release_spreads_before_anything_can_be_claimed(sessions: Sessions) -> None:
    for number in range(4):
        put(sessions, str(number))
    later = NOW + timedelta(hours=5)
    with immediate(sessions) as session:
        holds.hold(session, "pause", now=NOW, by=Actor.STAFF)
    with immediate(sessions) as session:
        holds.release(session, now=later, per_hour=PER_HOUR)
    assert claim(sessions, now=later, lease=MINUTE) is not None
    assert claim(sessions, now=later, lease=MINUTE) is None
    assert due_times(sessions) == [later + number * INTERVAL for number in range(1, 4)]


@both_databases
def test_what_waited_for_a_campaigns_contact_leaves_in_its_turn(sessions: Sessions) -> None:
    for number in range(6):
        put(sessions, str(number))
    later = NOW + timedelta(hours=5)
    with immediate(sessions) as session:
        session.execute(update(Message).values(reason=NO_CONTACT, due_at=later + timedelta(hours=6)))
    with immediate(sessions) as session:
        holds.release_campaign(session, Message.ref != "5", now=later, per_hour=PER_HOUR)
    assert claim(sessions, now=later, lease=MINUTE) is not None
    assert claim(sessions, now=later, lease=MINUTE) is None
    turns = [later + number * INTERVAL for number in range(1, 5)]
    assert due_times(sessions) == [*turns, later + timedelta(hours=6)]


def test_what_a_clock_that_was_ahead_reserved_is_given_back_up_to_the_last_that_waits(sessions: Sessions) -> None:
    for number in range(3):
        put(sessions, str(number))
    with immediate(sessions) as session:
        pacing.next_slot(session, "office", now=NOW + timedelta(days=2), per_hour=PER_HOUR)
        assert pacing.repair(session, now=NOW, per_hour=PER_HOUR) == 0
    assert put(sessions, "next") == NOW + 3 * INTERVAL
