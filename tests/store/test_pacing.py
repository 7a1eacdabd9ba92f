"""Pacing, in a real database: no two messages take one slot, and a pause lets none leave in a crowd."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery import holds, outbox, pacing
from advocacy.delivery.claims import claim
from advocacy.delivery.models import NO_CONTACT, OFFICE_PAUSED, Message
from tests.databases import both_databases
from tests.workbench import Bench

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PER_HOUR = 20
INTERVAL = timedelta(minutes=3)


def put(sessions: Sessions, ref: str, *, key: str = "office", now: datetime = NOW) -> datetime:
    with sessions.begin() as session:
        return outbox.put(session, "letter", ref, now=now, pace_key=key, per_hour=PER_HOUR).due_at


def claimed(sessions: Sessions, now: datetime) -> list[str]:
    """Claim all that may leave now."""
    refs = []
    while (message := claim(sessions, now=now, per_hour=PER_HOUR)) is not None:
        refs.append(message.ref)
    return refs


def test_each_message_of_a_key_is_due_an_interval_after_the_one_before(sessions: Sessions) -> None:
    assert [put(sessions, str(number)) for number in range(3)] == [NOW, NOW + INTERVAL, NOW + 2 * INTERVAL]
    assert put(sessions, "2") == NOW + 2 * INTERVAL, "put twice, it takes one slot"
    assert put(sessions, "other", key="elsewhere") == NOW
    assert put(sessions, "later", now=NOW + 10 * INTERVAL) == NOW + 10 * INTERVAL


def test_a_message_put_for_later_takes_the_next_slot_after_its_time(sessions: Sessions) -> None:
    with sessions.begin() as session:
        first, second = (
            outbox.put(session, "letter", ref, now=NOW, due_at=NOW + MINUTE, pace_key="office", per_hour=PER_HOUR)
            for ref in ("1", "2")
        )
        assert (first.due_at, second.due_at) == (NOW + MINUTE, NOW + MINUTE + INTERVAL)


def test_no_pace_is_none(sessions: Sessions) -> None:
    with sessions.begin() as session:
        assert {pacing.next_slot(session, "office", now=NOW, per_hour=0) for _ in range(3)} == {NOW}


@both_databases
def test_twelve_threads_take_a_slot_each(sessions: Sessions) -> None:
    with ThreadPoolExecutor(12) as pool:
        slots = sorted(pool.map(lambda number: put(sessions, str(number)), range(48)))
    assert slots == [NOW + number * INTERVAL for number in range(48)]


def test_what_is_overdue_after_an_outage_leaves_an_interval_apart_and_others_meanwhile(sessions: Sessions) -> None:
    for number in range(3):
        put(sessions, str(number))
    put(sessions, "other", key="elsewhere")
    with sessions.begin() as session:
        outbox.put(session, "confirmation", "mail", now=NOW)
    later = NOW + timedelta(days=2)
    assert sorted(claimed(sessions, later)) == ["0", "mail", "other"]
    assert claimed(sessions, later + INTERVAL - timedelta(seconds=1)) == []
    assert [claimed(sessions, later + number * INTERVAL) for number in (1, 2)] == [["1"], ["2"]]


@both_databases
def test_workers_that_claim_at_once_keep_the_pace(sessions: Sessions) -> None:
    for number in range(12):
        put(sessions, str(number))
    later = NOW + timedelta(days=2)
    with ThreadPoolExecutor(8) as pool:
        refs = [ref for refs in pool.map(lambda _: claimed(sessions, later), range(8)) for ref in refs]
    assert len(refs) == 1


def test_what_waits_for_an_office_is_postponed_in_its_order(sessions: Sessions) -> None:
    for ref in ("one", "two"):
        put(sessions, ref)
    put(sessions, "other", key="elsewhere")
    until = NOW + timedelta(days=40)
    with sessions.begin() as session:
        assert sorted(outbox.postpone(session, "office", until=until, reason=OFFICE_PAUSED)) == ["one", "two"]
        assert outbox.oldest_due(session, now=until) == NOW, "the other one alone is late"
    assert claimed(sessions, until - MINUTE) == ["other"]
    assert [claimed(sessions, until + number * INTERVAL) for number in (0, 1)] == [["one"], ["two"]]


def test_what_a_worker_has_in_hand_is_not_postponed(sessions: Sessions) -> None:
    put(sessions, "one")
    assert claimed(sessions, NOW) == ["one"]
    with sessions.begin() as session:
        assert outbox.postpone(session, "office", until=NOW + MINUTE) == []


def test_what_waited_for_a_campaigns_contact_is_due_when_it_is_released(sessions: Sessions) -> None:
    put(sessions, "one")
    put(sessions, "two", key="elsewhere")
    with sessions.begin() as session:
        session.execute(update(Message).values(reason=NO_CONTACT, due_at=NOW + timedelta(hours=6)))
    with sessions.begin() as session:
        holds.release_campaign(session, Message.ref == "one", now=NOW)
        assert session.scalars(select(Message.ref).where(Message.due_at <= NOW)).all() == ["one"]


@pytest.mark.parametrize("per_hour", [0, PER_HOUR])
def test_the_worker_keeps_the_pace_of_the_site(sessions: Sessions, per_hour: int) -> None:
    bench = Bench(sessions, per_hour=per_hour)
    for number in range(3):
        bench.put(str(number), pace_key="office")
    bench.later(timedelta(days=1))
    while bench.worker.deliver():
        pass
    assert len(bench.provider.sent) == (1 if per_hour else 3)
