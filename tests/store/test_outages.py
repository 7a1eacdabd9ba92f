"""A provider that fails is left alone by all processes, told of once, and costs no letter its attempts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from advocacy.delivery import outages
from advocacy.delivery.models import ProviderOutage
from advocacy.delivery.outages import MAX_FAILURES, MAX_TRIES, PROBE_TIME, REST
from advocacy.delivery.provider import Accepted, Envelope, Refused, TryLater
from advocacy.delivery.states import State
from tests.workbench import Bench, Sessions

DOWN = TryLater("connection", counts=False)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture
def bench(sessions: Sessions) -> Bench:
    return Bench(sessions)


def go_out(bench: Bench, *, letters: int = 10) -> None:
    """Let the provider fail until it is left alone."""
    for number in range(letters):
        bench.put(str(number))
    bench.provider.answers = [DOWN] * MAX_FAILURES
    for _ in range(MAX_FAILURES):
        assert bench.worker.deliver()


def is_out(bench: Bench) -> bool:
    with bench.sessions() as session:
        return outages.current(session) is not None


def test_after_some_failures_in_a_row_all_processes_leave_the_provider_alone_and_then_one_message_is_tried(
    bench: Bench,
) -> None:
    go_out(bench)
    other = bench.another()
    assert not bench.worker.deliver()
    assert not other.deliver()
    bench.later(REST)
    meanwhile = list[bool]()
    bench.provider.during = lambda: meanwhile.append(other.deliver())
    bench.provider.answers = [DOWN]
    assert bench.worker.deliver()
    assert not bench.worker.deliver()
    assert meanwhile == [False]
    assert bench.provider.sent == ["0", "1", "2", "3"]


def test_an_outage_is_told_once_as_it_begins_and_once_as_it_is_over(bench: Bench) -> None:
    go_out(bench)
    bench.provider.answers = [DOWN] * 5
    for _ in range(6):
        bench.later(REST)
        bench.worker.deliver()
    while bench.worker.deliver():
        pass
    assert bench.alerts == [
        "scripted takes no mail since 2026-11-25 12:00 UTC (connection); everything waits and is tried again",
        "scripted takes mail again; it took none since 2026-11-25 12:00 UTC",
    ]
    assert not is_out(bench)


@pytest.mark.parametrize("answer", [Accepted(), Refused("address"), TryLater("smtp_450")])
def test_an_answer_for_one_message_shows_that_the_provider_is_there(bench: Bench, answer: Accepted | Exception) -> None:
    for number in range(2 * MAX_FAILURES):
        bench.put(str(number))
    bench.provider.answers = [DOWN, DOWN, answer, DOWN, DOWN]
    for _ in range(5):
        assert bench.worker.deliver()
    assert (is_out(bench), bench.alerts) == (False, [])


def test_an_outage_of_hours_uses_up_no_attempts_and_all_leave_afterwards(bench: Bench) -> None:
    go_out(bench)
    bench.provider.answers = [DOWN] * 1_000
    for _ in range(timedelta(hours=3) // REST):
        bench.later(REST)
        while bench.worker.deliver():
            pass
    messages = [bench.message(str(number)) for number in range(10)]
    assert {message.state for message in messages} == {State.READY}
    assert sum(message.tries for message in messages) < MAX_FAILURES
    bench.provider.answers = []
    bench.later(REST)
    while bench.worker.deliver():
        pass
    assert {bench.message(str(number)).state for number in range(10)} == {State.ACCEPTED}


def test_a_message_that_alone_is_never_taken_uses_up_its_own_attempts(bench: Bench) -> None:
    def send(envelope: Envelope) -> Accepted:
        if envelope.subject == "never":
            raise DOWN
        return Accepted()

    bench.provider.send = send  # type: ignore[method-assign]
    bench.put("never")
    for number in range(MAX_TRIES):
        bench.put(str(number))
        while bench.worker.deliver():
            pass
        bench.time = max(bench.time, bench.message("never").due_at)
    message = bench.message("never")
    assert (message.state, message.reason) == (State.NEEDS_STAFF, "gave_up")
    assert {bench.message(str(number)).state for number in range(MAX_TRIES)} == {State.ACCEPTED}


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        (90 * SECOND, 90 * SECOND),
        (timedelta(days=400), timedelta(hours=1)),
    ],
)
def test_a_provider_that_asks_for_it_is_left_alone_at_once_and_not_for_an_absurd_time(
    bench: Bench, asked: timedelta, waited: timedelta
) -> None:
    bench.put("one")
    bench.put("two")
    bench.provider.answers = [TryLater("http_429", after=asked, counts=False)]
    assert bench.worker.deliver()
    bench.later(waited - SECOND)
    assert not bench.worker.deliver()
    bench.later(SECOND)
    while bench.worker.deliver():
        pass
    assert [bench.message(ref).tries for ref in ("one", "two")] == [1, 1]


def test_a_process_that_is_killed_while_it_tries_keeps_the_others_for_a_minute(bench: Bench) -> None:
    go_out(bench)
    bench.later(REST)
    bench.provider.during = lambda: (_ for _ in ()).throw(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        bench.worker.deliver()
    bench.provider.during = lambda: None
    bench.later(PROBE_TIME - SECOND)
    assert not bench.another().deliver()
    bench.later(SECOND)
    assert bench.another().deliver()
    with bench.sessions() as session:
        assert session.scalars(select(ProviderOutage)).all() == []
