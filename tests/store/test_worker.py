"""The worker turns what a provider answers into what the outbox says, and nothing stops it or loses a message."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import event, update
from sqlalchemy.exc import OperationalError

from advocacy.delivery import holds, outbox
from advocacy.delivery.claims import LEASE, claim
from advocacy.delivery.models import ERASED, Message, ProviderEvent
from advocacy.delivery.outages import MAX_TRIES
from advocacy.delivery.provider import (
    NotAllowed,
    NothingToSend,
    Refused,
    TryLater,
    Unknown,
)
from advocacy.delivery.states import State
from advocacy.delivery.worker import WRITE_AGAIN_AFTER_S
from tests.workbench import CANARY, NOW, Bench, Sessions


@pytest.fixture
def bench(sessions: Sessions) -> Bench:
    return Bench(sessions)


def test_a_message_due_is_handed_over_once_and_its_sender_told(bench: Bench) -> None:
    bench.put()
    assert bench.worker.deliver()
    assert not bench.worker.deliver()
    message = bench.message()
    assert (message.state, message.provider_id, message.tries) == (State.ACCEPTED, "given", 1)
    assert (bench.provider.sent, bench.told) == (["one"], [("one", State.ACCEPTED)])


@pytest.mark.parametrize(
    ("answer", "state", "reason", "tries"),
    [
        (TryLater("smtp_450"), State.READY, "smtp_450", 1),
        (TryLater("http_503", counts=False), State.READY, "http_503", 1),
        (TryLater("http_429", after=timedelta(seconds=90), counts=False), State.READY, "http_429", 0),
        (Refused("address"), State.FAILED, "address", 1),
        (Unknown("timeout"), State.UNCERTAIN, "timeout", 1),
        (NotAllowed("http_401"), State.READY, "http_401", 0),
        (ValueError(CANARY), State.UNCERTAIN, "provider", 1),
        (Unknown("x" * 200), State.UNCERTAIN, "x" * 60, 1),
    ],
)
def test_every_answer_is_a_state(bench: Bench, answer: Exception, state: State, *, reason: str, tries: int) -> None:
    bench.put()
    bench.provider.answers = [answer]
    assert bench.worker.deliver()
    message = bench.message()
    assert (message.state, message.reason, message.tries) == (state, reason, tries)
    assert bench.told == ([("one", State.FAILED)] if state is State.FAILED else [])


def test_what_failed_for_now_waits_longer_each_time_and_is_for_a_person_in_the_end(bench: Bench) -> None:
    bench.put()
    bench.provider.answers = [TryLater("smtp_450")] * MAX_TRIES
    waits = []
    for _ in range(MAX_TRIES - 1):
        assert bench.worker.deliver()
        assert not bench.worker.deliver()
        waits.append(bench.message().due_at - bench.time)
        bench.time = bench.message().due_at
    assert waits == sorted(waits)
    assert waits[0] < waits[1]
    assert bench.message().state is State.READY
    assert bench.worker.deliver()
    assert (bench.message().state, bench.message().reason) == (State.NEEDS_STAFF, "gave_up")
    assert (bench.told, bench.alerts) == ([], [])
    with bench.sessions.begin() as session:
        outbox.retry_by_staff(session, bench.message().id, now=bench.time)
    assert bench.worker.deliver()
    assert bench.message().state is State.ACCEPTED


def test_our_own_wrong_key_holds_the_outbox_and_says_so_once(bench: Bench) -> None:
    for ref in ("one", "two"):
        bench.put(ref)
    bench.provider.answers = [NotAllowed("http_401")]
    assert bench.worker.deliver()
    assert not bench.worker.deliver()
    assert bench.held() == "http_401"
    assert bench.alerts == ["sending is paused: scripted refuses this site (http_401)"]
    assert {bench.message(ref).state for ref in ("one", "two")} == {State.READY}
    with bench.sessions.begin() as session:
        holds.release(session)
    assert bench.worker.deliver()
    assert bench.worker.deliver()
    assert sorted(bench.provider.sent) == ["one", "one", "two"]


def test_what_was_erased_is_cancelled_without_a_call(bench: Bench) -> None:
    bench.put()
    bench.contents["one"] = NothingToSend()
    assert bench.worker.deliver()
    assert (bench.message().state, bench.message().reason) == (State.CANCELLED, "erased")
    assert (bench.provider.sent, bench.told) == ([], [("one", State.CANCELLED)])


def test_a_message_that_cannot_be_made_stops_no_other_and_tells_no_secret(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.put("one")
    bench.put("strange", kind="unheard-of")
    bench.put("two")
    bench.contents["one"] = KeyError(CANARY)
    assert [bench.worker.deliver() for _ in range(4)] == [True, True, True, False]
    assert (bench.message("one").state, bench.message("one").reason) == (State.FAILED, "content")
    assert bench.message("strange", kind="unheard-of").state is State.FAILED
    assert bench.message("two").state is State.ACCEPTED
    assert "KeyError" in caplog.text
    assert CANARY not in caplog.text


def test_content_that_the_site_itself_may_not_open_holds_the_outbox(bench: Bench) -> None:
    bench.put()
    bench.contents["one"] = NotAllowed("data_keys")
    assert bench.worker.deliver()
    assert (bench.message().state, bench.held(), bench.provider.sent) == (State.READY, "data_keys", [])
    assert bench.alerts == ["sending is paused: a data key is missing (ADVOCACY_DATA_KEYS)"]


def test_content_that_the_database_does_not_give_is_tried_again(bench: Bench) -> None:
    bench.put()
    bench.contents["one"] = OperationalError("", {}, Exception())
    assert bench.worker.deliver()
    assert (bench.message().state, bench.message().reason) == (State.READY, "database")


def test_whoever_cannot_be_told_undoes_nothing(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.put()
    bench.telling = RuntimeError(CANARY)
    assert bench.worker.deliver()
    assert (bench.message().state, bench.message().reason) == (State.ACCEPTED, "")
    assert CANARY not in caplog.text


def test_what_is_erased_while_it_is_handed_over_is_cleared_away_at_once(bench: Bench) -> None:
    def erase() -> None:
        with bench.sessions.begin() as session:
            session.execute(update(Message).values(reason=ERASED))

    bench.put()
    bench.provider.during = erase
    bench.worker.deliver()
    assert (bench.message().state, bench.erased) == (State.ACCEPTED, ["told"])


@pytest.mark.parametrize("failures", [len(WRITE_AGAIN_AFTER_S), len(WRITE_AGAIN_AFTER_S) + 1])
def test_a_result_is_written_again_for_some_seconds_and_then_left_to_the_sweep(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    waits = list[float]()

    def fail(*_: object) -> None:
        if bench.provider.sent and len(waits) < failures:
            raise OperationalError("", {}, Exception())

    def wait(seconds: float) -> None:
        waits.append(seconds)

    with bench.sessions() as session:
        engine = session.get_bind()
    monkeypatch.setattr(time, "sleep", wait)
    bench.put()
    event.listen(engine, "before_cursor_execute", fail)
    if failures > len(WRITE_AGAIN_AFTER_S):
        with pytest.raises(OperationalError):
            bench.worker.deliver()
    else:
        bench.worker.deliver()
    event.remove(engine, "before_cursor_execute", fail)
    assert waits == list(WRITE_AGAIN_AFTER_S)
    assert bench.message().state is (State.ACCEPTED if failures == len(WRITE_AGAIN_AFTER_S) else State.SENDING)
    assert bench.provider.sent == ["one"]


def test_whoever_put_a_message_is_told_when_the_sweep_finds_it_proved(bench: Bench) -> None:
    bench.put()
    claim(bench.sessions, now=NOW)
    public_id, delivered = bench.message().public_id, State.DELIVERED
    missed = {"provider": "scripted", "provider_event_id": "e1", "public_id": public_id, "kind": "delivered"}
    with bench.sessions.begin() as session:
        session.add(ProviderEvent(**missed, reported=delivered, at=NOW, received_at=NOW, reason="", raw={}))
    bench.later(LEASE)
    bench.worker.sweep()
    assert bench.told == [("one", State.DELIVERED)]
