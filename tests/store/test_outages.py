"""A provider that is out is left alone by all processes, told of once, and no letter loses an attempt to that."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from advocacy.delivery import outages, outbox
from advocacy.delivery.models import NO_CONTACT, Message, Priority, ProviderOutage
from advocacy.delivery.outages import (
    DEFERRED,
    MAX_REST,
    MIN_DEFERRED,
    MIN_FAILURES,
    MIN_TRIES,
    PROBE_TIME,
    defers_everything,
)
from advocacy.delivery.provider import Accepted, Envelope, NothingToSend, Refused, TryLater, Unknown
from advocacy.delivery.states import State
from tests.databases import both_databases
from tests.workbench import NOW, Answer, Bench, Sessions

DOWN = TryLater("connection", counts=False)
OWN = TryLater("smtp_450")
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture
def bench(sessions: Sessions) -> Bench:
    return Bench(sessions)


def row(bench: Bench) -> ProviderOutage | None:
    with bench.sessions() as session:
        return session.get(ProviderOutage, outages.ONLY_ID)


def wait_for_probe(bench: Bench) -> None:
    outage = row(bench)
    assert outage is not None
    bench.time = outage.rest_until


def always(bench: Bench, answer: Callable[[], Answer]) -> None:
    """Let the provider give this answer until it is given another."""

    def send(envelope: Envelope) -> Accepted:
        bench.provider.sent.append(envelope.subject)
        said = answer()
        if isinstance(said, Exception):
            raise said
        return said

    bench.provider.send = send  # type: ignore[method-assign]


def never_taken(bench: Bench, ref: str, answer: Exception) -> None:
    """Let the provider give this answer to one message, and take every other."""

    def send(envelope: Envelope) -> Accepted:
        bench.provider.sent.append(envelope.subject)
        if envelope.subject == ref:
            raise answer
        return Accepted()

    bench.provider.send = send  # type: ignore[method-assign]


def go_on(bench: Bench, time: timedelta) -> None:
    """Let a worker look for a time, as often as it matters, and sweep now and then."""
    until, looks, pause = bench.time + time, 0, time / 100
    while bench.time < until:
        if looks % 10 == 0:
            bench.worker.sweep()
        while bench.worker.deliver():
            pass
        bench.later(pause)
        looks += 1


@both_databases
def test_one_process_finds_the_provider_out_and_all_leave_it_alone(bench: Bench) -> None:
    for ref in ("one", "two", "three"):
        bench.put(ref)
    other = bench.another()
    always(bench, lambda: DOWN)
    assert bench.worker.deliver_one()
    assert not bench.worker.deliver_one()
    assert not other.deliver_one()
    assert bench.provider.sent == ["one"]
    wait_for_probe(bench)
    assert other.deliver_one()
    assert not bench.worker.deliver_one()
    assert bench.provider.sent == ["one", "two"], "another message than the one that failed"
    assert [bench.message(ref).tries for ref in ("one", "two", "three")] == [0, 0, 0]


@both_databases
def test_a_machine_whose_clock_is_somewhat_behind_leaves_the_provider_alone_too(bench: Bench) -> None:
    for number in range(5):
        bench.put(str(number))
    bench.later(MINUTE)
    always(bench, lambda: DOWN)
    assert bench.worker.deliver_one()
    bench.clock_error = -10 * SECOND
    assert not bench.another().deliver_one()
    assert bench.provider.sent == ["0"]


@both_databases
def test_while_one_message_shows_whether_the_provider_is_back_the_others_wait(bench: Bench) -> None:
    for number in range(10):
        bench.put(str(number))
    other, meanwhile = bench.another(), list[bool]()
    bench.provider.answers = [DOWN]
    bench.worker.deliver()
    wait_for_probe(bench)
    bench.provider.during = lambda: meanwhile.append(other.deliver())
    bench.provider.sent.clear()
    bench.worker.deliver()
    assert (meanwhile, len(bench.provider.sent)) == ([False], 1)
    bench.provider.during = lambda: None
    while bench.worker.deliver():
        pass
    assert {bench.message(str(number)).state for number in range(10)} == {State.ACCEPTED}
    assert row(bench) is None


def test_a_probe_that_died_with_its_process_is_followed_by_another(bench: Bench) -> None:
    bench.put("one")
    bench.put("two")
    bench.provider.answers = [DOWN]
    bench.worker.deliver_one()
    wait_for_probe(bench)
    bench.provider.during = lambda: (_ for _ in ()).throw(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        bench.worker.deliver_one()
    bench.provider.during = lambda: None
    other = bench.another()
    bench.later(PROBE_TIME - SECOND)
    assert not other.deliver_one()
    bench.later(SECOND)
    assert other.deliver_one()


@both_databases
def test_an_outage_is_told_once_after_some_failures_and_once_when_it_is_over(bench: Bench) -> None:
    bench.put("one")
    workers = [bench.worker, bench.another(), bench.another()]
    always(bench, lambda: DOWN)
    for number in range(1, 10):
        for worker in workers:
            worker.deliver()
        assert len(bench.alerts) == (number >= MIN_FAILURES), number
        assert bench.time - NOW < 5 * MINUTE or number > MIN_FAILURES, "told within minutes"
        wait_for_probe(bench)
    always(bench, Accepted)
    for worker in workers:
        worker.deliver()
    assert bench.alerts == [
        "scripted takes no mail since 2026-11-25 12:00 UTC (connection); everything waits and is tried again",
        "scripted takes mail again; it took none since 2026-11-25 12:00 UTC",
    ]


def test_two_failures_are_no_outage_and_nobody_is_called(bench: Bench) -> None:
    bench.put()
    bench.provider.answers = [DOWN] * (MIN_FAILURES - 1)
    for _ in range(MIN_FAILURES - 1):
        bench.worker.deliver_one()
        with bench.sessions() as session:
            assert outages.current(session) is None
        wait_for_probe(bench)
    bench.worker.deliver_one()
    assert (bench.message().state, bench.alerts, row(bench)) == (State.ACCEPTED, [], None)


def test_a_long_outage_fails_no_message_and_all_leave_soon_after_it(bench: Bench) -> None:
    for number in range(20):
        bench.put(str(number))
    always(bench, lambda: DOWN)
    go_on(bench, timedelta(hours=58))
    calls = len(bench.provider.sent)
    assert calls < timedelta(hours=58) / MAX_REST * 2 + 10, "it is asked seldom"
    assert {(bench.message(str(number)).state, bench.message(str(number)).tries) for number in range(20)} == {
        (State.READY, 0)
    }
    with bench.sessions() as session:
        status = outbox.status(session, now=bench.time)
    assert status.oldest_due == NOW, "lateness is measured from when it was due first"
    always(bench, Accepted)
    go_on(bench, MAX_REST + MINUTE)
    assert {bench.message(str(number)).state for number in range(20)} == {State.ACCEPTED}
    assert len(bench.alerts) == 2


def test_a_message_that_is_refused_or_put_off_by_itself_shows_that_the_provider_is_back(bench: Bench) -> None:
    for answer in (Refused("address"), OWN):
        bench.put(str(answer))
        bench.put(f"{answer} next")
        bench.provider.answers = [DOWN, answer]
        bench.worker.deliver_one()
        wait_for_probe(bench)
        bench.worker.deliver_one()
        assert row(bench) is None
        while bench.worker.deliver_one():
            pass


@both_databases
@pytest.mark.parametrize(
    "content", [NothingToSend(), Refused("content"), TryLater(NO_CONTACT, after=timedelta(hours=6), counts=False)]
)
def test_a_message_that_cannot_be_made_shows_nothing_of_the_provider_and_another_does_at_once(
    bench: Bench, content: Exception
) -> None:
    for ref in ("one", "two", "three"):
        bench.put(ref)
    bench.provider.answers = [DOWN]
    bench.worker.deliver_one()
    wait_for_probe(bench)
    bench.contents["two"] = content
    bench.worker.deliver_one()
    assert row(bench) is not None
    bench.worker.deliver_one()
    assert (bench.message("three").state, row(bench)) == (State.ACCEPTED, None)


def test_a_line_that_breaks_after_a_probe_was_said_is_one_failure_more(bench: Bench) -> None:
    bench.put("one")
    bench.put("two")
    bench.provider.answers = [DOWN, Unknown("timeout")]
    bench.worker.deliver_one()
    wait_for_probe(bench)
    bench.worker.deliver_one()
    assert bench.message("two").state is State.UNCERTAIN
    outage = row(bench)
    assert outage is not None
    assert (outage.failures, outage.reason) == (2, "timeout")


def test_a_provider_that_puts_off_one_message_after_the_other_is_out(bench: Bench) -> None:
    number = 4 * MIN_DEFERRED
    for ref in range(number):
        bench.put(str(ref))
    always(bench, lambda: OWN)
    go_on(bench, timedelta(hours=58))
    messages = [bench.message(str(ref)) for ref in range(number)]
    assert {one.state for one in messages} == {State.READY}
    assert max(one.tries for one in messages) <= MIN_TRIES + 1
    assert bench.alerts[0].endswith("(put_off); everything waits and is tried again")
    always(bench, Accepted)
    go_on(bench, MAX_REST + timedelta(minutes=10))
    assert {bench.message(str(ref)).state for ref in range(number)} == {State.ACCEPTED}
    assert len(bench.alerts) == 2


def test_messages_put_off_at_the_same_time_are_one_failure_of_the_provider(bench: Bench) -> None:
    for ref in range(MIN_DEFERRED + 1):
        bench.put(str(ref))
    always(bench, lambda: OWN)
    for _ in range(MIN_TRIES - 1):
        while bench.worker.deliver_one():
            pass
        bench.later(timedelta(hours=1))
    for _ in range(MIN_DEFERRED - 1):
        bench.worker.deliver_one()
    assert row(bench) is None
    others = iter([bench.another()])

    def answer() -> Answer:
        for other in others:
            assert other.deliver_one()
        return OWN

    always(bench, answer)
    assert bench.worker.deliver_one()
    outage = row(bench)
    assert outage is not None
    assert (outage.failures, outage.reason, outage.since, outage.only_message_id) == (1, DEFERRED, bench.time, None)
    assert outage.rest_until == bench.time + outages.retry_delay(1, chance=0)
    assert {bench.message(str(ref)).tries for ref in range(MIN_DEFERRED + 1)} == {MIN_TRIES}
    assert bench.alerts == []


def test_what_was_taken_before_does_not_hide_that_a_provider_puts_off_every_message(bench: Bench) -> None:
    bench.put("taken")
    assert bench.worker.deliver_one()
    for ref in range(MIN_DEFERRED):
        bench.put(str(ref))
    always(bench, lambda: OWN)
    go_on(bench, timedelta(hours=58))
    assert len(bench.alerts) == 1
    with bench.sessions() as session:
        assert defers_everything(session) is True


def test_a_server_that_puts_every_new_message_off_for_some_minutes_is_not_out(bench: Bench) -> None:
    """Greylisting (RFC 6647): the first tries are put off, the next ones taken."""
    for ref in range(4 * MIN_DEFERRED):
        bench.put(str(ref))
    always(bench, lambda: OWN if bench.time < NOW + 5 * MINUTE else Accepted())
    go_on(bench, timedelta(minutes=20))
    assert {bench.message(str(ref)).state for ref in range(4 * MIN_DEFERRED)} == {State.ACCEPTED}
    assert bench.alerts == []


def test_few_messages_put_off_each_use_up_their_own_attempts(bench: Bench) -> None:
    for ref in range(MIN_DEFERRED - 1):
        bench.put(str(ref))
    always(bench, lambda: OWN)
    go_on(bench, timedelta(hours=40))
    assert {bench.message(str(ref)).state for ref in range(MIN_DEFERRED - 1)} == {State.NEEDS_STAFF}
    assert bench.alerts == []


def test_one_full_mailbox_is_no_outage(bench: Bench) -> None:
    for ref in range(2 * MIN_DEFERRED):
        bench.put(str(ref), pace_key="one office")
    always(bench, lambda: OWN)
    go_on(bench, timedelta(hours=40))
    assert {bench.message(str(ref)).state for ref in range(2 * MIN_DEFERRED)} == {State.NEEDS_STAFF}
    assert bench.alerts == []


def test_what_is_erased_while_the_provider_is_out_leaves_no_outage_behind(bench: Bench) -> None:
    bench.put("one")
    always(bench, lambda: DOWN)
    go_on(bench, timedelta(minutes=20))
    with bench.sessions.begin() as session:
        session.execute(update(Message).values(state=State.CANCELLED))
    bench.worker.sweep()
    assert row(bench) is None


@pytest.mark.parametrize("answer", [TryLater("smtp_421", counts=False), TryLater("limit", counts=False)])
def test_one_mail_that_is_never_taken_stops_no_other_and_uses_up_its_own_attempts(
    bench: Bench, answer: TryLater
) -> None:
    bench.put("never")
    with bench.sessions.begin() as session:
        for number in range(10):
            outbox.put(session, "letter", str(number), now=NOW, priority=Priority.LETTER)
    never_taken(bench, "never", answer)
    for _ in range(10):
        while bench.worker.deliver():
            pass
        bench.later(MINUTE / 2)
    assert {bench.message(str(number)).state for number in range(10)} == {State.ACCEPTED}
    for number in range(10, 55):
        with bench.sessions.begin() as session:
            outbox.put(session, "letter", str(number), now=bench.time, priority=Priority.LETTER)
        for _ in range(3):
            while bench.worker.deliver():
                pass
            bench.later(40 * MINUTE)
    assert {bench.message(str(number)).state for number in range(55)} == {State.ACCEPTED}
    message = bench.message("never")
    assert (message.state, message.reason) == (State.NEEDS_STAFF, "gave_up")


def fail_alone(bench: Bench, answer: TryLater) -> None:
    """Let one message fail for two hours, in an outbox with nothing else in it, until the rest is at its longest."""
    bench.put("never")
    never_taken(bench, "never", answer)
    go_on(bench, timedelta(hours=2))
    wait_for_probe(bench)
    bench.worker.deliver_one()
    bench.provider.sent.clear()


@both_databases
def test_what_comes_while_one_message_alone_fails_leaves_at_once(bench: Bench) -> None:
    fail_alone(bench, DOWN)
    bench.put("confirmation")
    bench.put("another")
    assert bench.another().deliver_one()
    assert (bench.provider.sent, row(bench)) == (["confirmation"], None)
    assert bench.worker.deliver_one()
    assert bench.message("another").state is State.ACCEPTED
    assert not bench.worker.deliver_one(), "what fails waits for its own time"


def test_two_messages_that_fail_are_left_alone_together_with_all_that_come(bench: Bench) -> None:
    fail_alone(bench, DOWN)
    always(bench, lambda: DOWN)
    for ref in ("one", "two", "three"):
        bench.put(ref)
        bench.worker.deliver_one()
    assert bench.provider.sent == ["one"]


def test_a_provider_that_asked_one_message_to_be_left_alone_is_left_alone_by_all(bench: Bench) -> None:
    fail_alone(bench, TryLater("smtp_421", after=timedelta(minutes=10), counts=False))
    bench.put("confirmation")
    assert not bench.worker.deliver_one()


def test_while_the_message_that_fails_alone_is_tried_again_what_comes_waits_for_what_comes_of_it(bench: Bench) -> None:
    fail_alone(bench, DOWN)
    wait_for_probe(bench)
    other, meanwhile = bench.another(), list[bool]()

    def send(envelope: Envelope) -> Accepted:
        bench.put("confirmation")
        meanwhile.append(other.deliver_one())
        raise DOWN

    bench.provider.send = send  # type: ignore[method-assign]
    bench.worker.deliver_one()
    assert meanwhile == [False]


def test_the_message_that_failed_last_is_not_asked_for_again_while_others_wait(bench: Bench) -> None:
    bench.put("mail")
    with bench.sessions.begin() as session:
        for number in range(3):
            outbox.put(session, "letter", str(number), now=NOW, priority=Priority.LETTER)
    always(bench, lambda: DOWN)
    for _ in range(8):
        bench.worker.deliver_one()
        wait_for_probe(bench)
    assert bench.provider.sent == ["mail", "0", "1", "2"] * 2


def test_an_answer_about_one_recipient_lets_another_message_show_at_once_what_it_was_about(bench: Bench) -> None:
    for ref in ("one", "two", "three"):
        bench.put(ref)
    bench.provider.answers = [TryLater("limit", counts=False, at_recipient=True)]
    for _ in range(3):
        bench.worker.deliver_one()
    assert bench.provider.sent == ["one", "two", "three"]
    assert row(bench) is None
    for ref in ("four", "five", "six"):
        bench.put(ref)
    bench.provider.answers = [TryLater("limit", counts=False, at_recipient=True)] * 3
    for _ in range(3):
        bench.worker.deliver_one()
    assert bench.provider.sent[3:] == ["four", "five"], "two recipients: it is about all"
    assert bench.message("four").tries == bench.message("five").tries == 0


def test_a_provider_that_is_out_again_and_again_is_told_of_and_costs_no_message_its_attempts(bench: Bench) -> None:
    for number in range(10):
        bench.put(str(number))
    for _ in range(3):
        always(bench, lambda: DOWN)
        go_on(bench, timedelta(hours=8))
        always(bench, Accepted)
        wait_for_probe(bench)
        bench.worker.deliver_one()
    assert len(bench.alerts) == 6
    waiting = [bench.message(str(number)) for number in range(10)]
    assert max(one.tries for one in waiting if one.state is State.READY) <= 3
    go_on(bench, MAX_REST)
    assert {bench.message(str(number)).state for number in range(10)} == {State.ACCEPTED}
