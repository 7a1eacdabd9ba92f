"""A clock that was wrong for a while, or is set back, neither stops what is sent nor plans it for another week."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from advocacy.delivery import outbox, pacing, sweeping
from advocacy.delivery.claims import LEASE
from advocacy.delivery.models import NO_CONTACT, Message, Pace, Priority
from advocacy.delivery.outages import MAX_REST_ASKED_FOR
from advocacy.delivery.outbox import PROOF_WAIT
from advocacy.delivery.provider import TryLater, Unknown
from advocacy.delivery.states import State
from tests import claims
from tests.databases import both_databases
from tests.workbench import NOW, Bench, Sessions

PER_HOUR = 20
AFTER = timedelta(hours=1) / PER_HOUR
AHEAD, BACK = timedelta(days=8), timedelta(hours=-2)


@pytest.fixture
def bench(sessions: Sessions) -> Bench:
    return Bench(sessions)


def put(bench: Bench, *refs: str, key: str | None = "office") -> None:
    with bench.sessions.begin() as session:
        for ref in refs:
            now = bench.time + bench.clock_error
            outbox.put(session, "letter", ref, now=now, pace_key=key, per_hour=PER_HOUR, priority=Priority.LETTER)


def sweep(bench: Bench) -> None:
    sweeping.sweep(bench.sessions, now=bench.time + bench.clock_error, per_hour=PER_HOUR)


def next_at(bench: Bench) -> timedelta:
    with bench.sessions() as session:
        return session.scalars(select(Pace.next_at)).one() - bench.time


@both_databases
def test_letters_confirmed_while_the_clock_was_days_ahead_leave_in_their_order_once_it_is_right(bench: Bench) -> None:
    put(bench, "one", "two", "three")
    bench.clock_error = AHEAD
    put(bench, "four", "five")
    put(bench, "mail", key=None)
    sweep(bench)
    bench.clock_error = timedelta()
    bench.later(timedelta(minutes=1))
    sweep(bench)
    waits = [bench.message(ref).due_at - bench.time for ref in ("one", "two", "three", "four", "five")]
    assert waits == sorted(waits)
    assert waits[-1] <= 5 * AFTER
    assert all(later - earlier >= AFTER for earlier, later in pairwise(waits))
    assert bench.message("mail").due_at <= bench.time
    assert next_at(bench) <= 6 * AFTER
    put(bench, "six")
    assert bench.message("six").due_at - bench.time <= 6 * AFTER
    for ref in ("one", "four", "five"):
        assert bench.message(ref).first_due_at == bench.message(ref).due_at, "how late it is, is known again"


@both_databases
def test_a_clock_set_back_stops_nothing(bench: Bench) -> None:
    put(bench, "before", "tried", key=None)
    bench.provider.answers = [TryLater("smtp_450"), TryLater("http_503", counts=False)]
    bench.worker.deliver_one()
    bench.worker.deliver_one()
    bench.clock_error = BACK
    put(bench, "after", key=None)
    for _ in range(10):
        sweep(bench)
        while bench.worker.deliver():
            pass
        bench.later(timedelta(minutes=1))
    assert {bench.message(ref).state for ref in ("before", "tried", "after")} == {State.ACCEPTED}


@both_databases
def test_a_worker_killed_before_the_clock_was_set_back_holds_no_letter_for_longer_than_a_lease(bench: Bench) -> None:
    put(bench, "one", key=None)
    assert claims.claim(bench.sessions, now=bench.time, lease=LEASE) is not None
    bench.clock_error = BACK
    sweep(bench)
    assert bench.message("one").state is State.SENDING, "its holder may live"
    bench.later(LEASE)
    sweep(bench)
    assert bench.message("one").state is State.UNCERTAIN


def test_a_letter_that_waits_for_a_proof_waits_no_longer_for_a_clock_that_was_ahead(bench: Bench) -> None:
    put(bench, "one", key=None)
    bench.clock_error = AHEAD
    bench.provider.answers = [Unknown("timeout")]
    bench.worker.deliver_one()
    bench.clock_error = timedelta()
    sweep(bench)
    assert bench.message("one").due_at == bench.time + PROOF_WAIT


def test_a_clock_set_back_in_the_middle_of_a_batch_stops_it_no_longer(bench: Bench) -> None:
    for number in range(10):
        put(bench, str(number), key=None)
    while bench.worker.deliver():
        bench.clock_error += BACK
        sweep(bench)
    assert {bench.message(str(number)).state for number in range(10)} == {State.ACCEPTED}


def test_what_is_planned_rightly_stays_as_it_is(bench: Bench) -> None:
    put(bench, *(str(number) for number in range(30)))
    with bench.sessions.begin() as session:
        outbox.put(session, "letter", "tomorrow", now=NOW, due_at=NOW + timedelta(days=1))
        held = outbox.put(session, "letter", "held", now=NOW, pace_key="other", per_hour=PER_HOUR)
        held.due_at, held.reason = NOW + timedelta(hours=6), NO_CONTACT
    before = planned(bench)
    bench.later(timedelta(seconds=30))
    sweep(bench)
    assert planned(bench) == before


def test_what_the_provider_asked_to_wait_for_is_not_taken_for_a_wrong_clock(bench: Bench) -> None:
    put(bench, "one")
    bench.provider.answers = [TryLater("http_429", after=MAX_REST_ASKED_FOR, counts=False)]
    bench.worker.deliver_one()
    before = planned(bench)
    for minutes in (1, 2, 30):
        bench.time = NOW + timedelta(minutes=minutes)
        sweep(bench)
        assert planned(bench) == before
    assert bench.message("one").first_due_at == NOW


def test_a_letter_brought_forward_is_as_late_as_it_was(bench: Bench) -> None:
    put(bench, "one")
    with bench.sessions.begin() as session:
        session.scalars(select(Message)).one().due_at = NOW + AHEAD
    sweep(bench)
    message = bench.message("one")
    assert (message.due_at, message.first_due_at) == (NOW + AFTER, NOW)


def test_without_a_pace_nothing_is_spread_and_everything_is_brought_forward(bench: Bench) -> None:
    put(bench, "one")
    with bench.sessions.begin() as session:
        session.scalars(select(Message)).one().due_at = NOW + AHEAD
        assert pacing.repair(session, now=NOW, per_hour=0) == 1
    assert bench.message("one").due_at == NOW


def planned(bench: Bench) -> dict[str, object]:
    with bench.sessions() as session:
        return {message.ref: message.due_at for message in session.scalars(select(Message))}
