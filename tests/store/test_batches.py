"""Several messages in one worker's hands: each keeps its own claim and its own end, and little is at stake at once."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from advocacy.delivery import claims, holds
from advocacy.delivery.claims import Result, claim_some, record_all
from advocacy.delivery.models import ERASED, Message
from advocacy.delivery.provider import Accepted, Envelope, Kind, NotAllowed, NothingToSend, Refused, TryLater, Unknown
from advocacy.delivery.states import State
from advocacy.delivery.worker import (
    FLUSH_INTERVAL_S,
    LEASE,
    MAX_BATCH,
    MAX_CLAIM_AGE_S,
    MAX_CONTENT_AGE_S,
    MAX_UNWRITTEN,
)
from tests.databases import both_databases
from tests.workbench import NOW, Bench, Sessions

SECOND = timedelta(seconds=1)


@pytest.fixture
def bench(sessions: Sessions) -> Bench:
    """A worker that has come to take as many at once as it ever does, and as many messages for it."""
    bench = Bench(sessions)
    bench.put_all(f"before-{number:02}" for number in range(2 * MAX_BATCH))
    while bench.worker.deliver():
        pass
    bench.provider.sent.clear()
    bench.told.clear()
    bench.put_all(f"{number:02}" for number in range(MAX_BATCH))
    return bench


def states(bench: Bench) -> dict[str, State]:
    with bench.sessions() as session:
        found = session.execute(select(Message.ref, Message.state).where(~Message.ref.startswith("before-")))
        return {row.ref: row.state for row in found}


def given(bench: Bench, sent: int) -> None:
    """So many have left, each told of; the others are as due as before, with all their attempts."""
    left = [f"{number:02}" for number in range(sent)]
    assert bench.provider.sent == left
    for ref, state in states(bench).items():
        message = bench.message(ref)
        assert state is (State.ACCEPTED if ref in left else State.READY), ref
        assert (message.tries, message.due_at) == (int(ref in left), NOW)


def test_all_leave_in_their_order_and_all_are_told_of(bench: Bench) -> None:
    assert bench.worker.deliver()
    assert bench.provider.sent == sorted(states(bench))
    assert set(states(bench).values()) == {State.ACCEPTED}
    assert sorted(bench.told) == [(ref, State.ACCEPTED) for ref in sorted(states(bench))]
    assert not bench.worker.deliver()


def test_little_that_has_left_is_unwritten_at_any_moment(bench: Bench) -> None:
    unwritten: list[int] = []

    def count() -> None:
        written = sum(state is State.ACCEPTED for state in states(bench).values())
        unwritten.append(len(bench.provider.sent) - written)

    bench.provider.during = count
    bench.worker.deliver()
    assert max(unwritten) == MAX_UNWRITTEN


def test_what_has_left_is_written_before_long(bench: Bench) -> None:
    def wait() -> None:
        written = sum(state is State.ACCEPTED for state in states(bench).values())
        assert len(bench.provider.sent) - written <= 1
        bench.later(timedelta(seconds=FLUSH_INTERVAL_S))

    bench.provider.during = wait
    bench.worker.deliver()
    assert set(states(bench).values()) == {State.ACCEPTED}


def test_a_slow_provider_is_handed_fewer_at_once(bench: Bench) -> None:
    bench.provider.during = lambda: bench.later(SECOND)
    at_once: list[int] = []
    for _ in range(8):
        before = len(bench.provider.sent)
        bench.put_all(f"more-{len(at_once)}-{number}" for number in range(MAX_BATCH))
        bench.worker.deliver()
        at_once.append(len(bench.provider.sent) - before)
    assert at_once == [20, 10, 5, 2, 1, 1, 1, 1]


@pytest.mark.parametrize(
    "answer", [TryLater("http_429", after=SECOND, counts=False), TryLater("http_429", counts=False)]
)
def test_when_the_provider_wants_to_be_left_alone_the_rest_is_given_back(bench: Bench, answer: Exception) -> None:
    bench.provider.answers = [Accepted(), Accepted(), answer]
    bench.worker.deliver()
    assert bench.provider.sent == ["00", "01", "02"]
    assert bench.message("02").reason == "http_429"
    others = [bench.message(f"{number:02}") for number in range(3, MAX_BATCH)]
    assert {(one.state, one.tries, one.due_at, one.reason) for one in others} == {(State.READY, 0, NOW, "")}
    assert not bench.worker.deliver()
    while states(bench)["19"] is State.READY:
        bench.later(SECOND)
        bench.worker.deliver()
    assert sorted(bench.provider.sent) == sorted([*states(bench), "02"])


@both_databases
def test_when_the_provider_turns_this_site_away_the_rest_is_given_back(bench: Bench) -> None:
    bench.provider.answers = [Accepted(), NotAllowed("http_401")]
    bench.worker.deliver()
    assert (bench.held(), len(bench.alerts)) == ("http_401", 1)
    bench.provider.sent.remove("01")
    given(bench, sent=1)
    with bench.sessions.begin() as session:
        holds.release(session, now=bench.time, per_hour=0)
    bench.worker.deliver()
    assert sorted(bench.provider.sent) == sorted(states(bench))


def test_told_to_stop_it_finishes_the_one_in_hand_and_gives_back_the_rest(bench: Bench) -> None:
    def stop() -> None:
        bench.stopping = True

    bench.provider.during = stop
    bench.worker.deliver()
    given(bench, sent=1)


def test_nothing_is_begun_when_the_lease_could_run_out(bench: Bench) -> None:
    bench.provider.during = lambda: bench.later(timedelta(seconds=MAX_CLAIM_AGE_S / 3))
    bench.worker.deliver()
    given(bench, sent=3)
    assert timedelta(seconds=MAX_CLAIM_AGE_S + 30) < LEASE


@both_databases
def test_frozen_past_its_lease_it_hands_over_nothing_more(bench: Bench) -> None:
    other = bench.another()

    def freeze() -> None:
        bench.later(LEASE)
        other.sweep()

    bench.provider.during = freeze
    bench.worker.deliver()
    assert bench.provider.sent == ["00"]
    found = states(bench)
    assert found.pop("00") is State.ACCEPTED
    assert set(found.values()) == {State.UNCERTAIN}


def test_what_is_erased_meanwhile_does_not_leave(bench: Bench) -> None:
    def erase() -> None:
        bench.contents["05"] = NothingToSend()
        bench.later(timedelta(seconds=2 * MAX_CONTENT_AGE_S))

    bench.provider.during = erase
    while bench.worker.deliver():
        pass
    assert bench.message("05").state is State.CANCELLED
    assert "05" not in bench.provider.sent
    assert len(bench.provider.sent) == MAX_BATCH - 1


@both_databases
def test_each_message_comes_to_its_own_end(bench: Bench) -> None:
    bench.provider.answers = [Refused("address"), Unknown("timeout"), TryLater("http_503"), Accepted("its-name")]
    bench.contents["04"] = KeyError("x")
    bench.worker.deliver()
    ends = [State.FAILED, State.UNCERTAIN, State.READY, State.ACCEPTED, State.FAILED]
    assert [bench.message(f"{number:02}").state for number in range(5)] == ends
    assert [bench.message(ref).provider_id for ref in ("03", "05")] == ["its-name", "given"]
    assert {bench.message(f"{number:02}").state for number in range(5, MAX_BATCH)} == {State.ACCEPTED}


def test_a_result_that_cannot_be_written_loses_no_other(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    written = record_all

    def fail(session: Session, results: Sequence[Result], **options: object) -> object:
        if any(result.claim.ref == "03" for result in results):
            raise ValueError("not this one")
        return written(session, results, now=bench.time)

    monkeypatch.setattr(claims, "record_all", fail)
    bench.worker.deliver()
    found = states(bench)
    assert found.pop("03") is State.SENDING
    assert set(found.values()) == {State.ACCEPTED}
    assert len(bench.told) == MAX_BATCH - 1


def test_results_are_kept_while_the_database_is_away(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    written = record_all

    def fail(*_: object, **__: object) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(claims, "record_all", fail)
    for _ in range(2):
        with pytest.raises(OperationalError):
            bench.worker.deliver()
    assert len(bench.provider.sent) == MAX_UNWRITTEN
    assert set(states(bench).values()) == {State.SENDING}
    monkeypatch.setattr(claims, "record_all", written)
    bench.worker.deliver()
    assert len(bench.provider.sent) == MAX_BATCH
    assert set(states(bench).values()) == {State.ACCEPTED}


def test_whoever_cannot_be_told_of_one_is_told_of_the_others(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    heard = list[str]()

    def told(session: Session, moved: Sequence[tuple[str, State]], now: object) -> None:
        if any(ref == "07" for ref, _ in moved):
            raise RuntimeError("not of this one")
        heard.extend(ref for ref, _ in moved)

    bench.kinds["letter"] = Kind(bench.content, told)
    bench.worker.deliver()
    assert sorted(heard) == sorted(set(states(bench)) - {"07"})
    assert set(states(bench).values()) == {State.ACCEPTED}
    assert "07 moved to accepted, and nobody could be told" in caplog.text


def test_what_cannot_be_read_together_is_read_one_by_one(sessions: Sessions) -> None:
    bench, asked = Bench(sessions), list[Sequence[str]]()

    def read(session: Session, refs: Sequence[str]) -> None:
        asked.append(refs)
        raise ValueError("one of these is bad")

    bench.kinds["letter"] = Kind(bench.content, bench.tell, read)
    for ref in ("one", "two"):
        bench.put(ref)
    while bench.worker.deliver():
        pass
    assert asked == [["one"], ["two"]]
    assert [bench.message(ref).state for ref in ("one", "two")] == [State.ACCEPTED] * 2


def test_claims_are_numbered_each_by_itself_and_given_back_whole(sessions: Sessions) -> None:
    bench = Bench(sessions)
    for ref in ("one", "two", "three"):
        bench.put(ref)
    held = claim_some(sessions, now=NOW, lease=LEASE, limit=2)
    assert [(claim.ref, claim.attempt, claim.tries) for claim in held] == [("one", 1, 0), ("two", 1, 0)]
    with sessions.begin() as session:
        moved, _ = record_all(session, [Result.not_attempted(held[0]), Result(held[1], State.ACCEPTED)], now=NOW)
    assert {claim.ref: state for claim, state in moved} == {"one": State.READY, "two": State.ACCEPTED}
    again = claim_some(sessions, now=NOW, lease=LEASE, limit=9)
    assert [(claim.ref, claim.attempt, claim.tries) for claim in again] == [("one", 2, 0), ("three", 1, 0)]
    with sessions.begin() as session:
        assert record_all(session, [Result(held[0], State.ACCEPTED)], now=NOW)[0] == [(held[0], State.ACCEPTED)]
        assert record_all(session, [Result(held[0], State.FAILED)], now=NOW)[0] == []


def test_an_envelope_is_made_once_for_each_message(bench: Bench) -> None:
    made, content = list[str](), bench.content

    def count(session: Session, ref: str, public_id: str) -> Envelope:
        made.append(ref)
        return content(session, ref, public_id)

    bench.kinds["letter"] = Kind(count, bench.tell)
    bench.worker.deliver()
    assert made == sorted(states(bench))


@both_databases
def test_what_is_erased_while_the_one_before_it_leaves_does_not_leave_and_is_cleared_away(bench: Bench) -> None:
    def erase() -> None:
        with bench.sessions.begin() as session:
            session.execute(update(Message).where(Message.ref.in_(["00", "01"])).values(reason=ERASED))
        bench.time += timedelta(seconds=0.3)

    bench.provider.during = erase
    while bench.worker.deliver():
        pass
    assert "01" not in bench.provider.sent
    assert (bench.message("00").state, bench.message("01").state) == (State.ACCEPTED, State.CANCELLED)
    assert bench.erased, "what was erased is cleared away at once"


def test_a_worker_told_to_end_at_once_writes_what_was_accepted_and_gives_back_what_it_had_not_begun(
    bench: Bench,
) -> None:
    def interrupt() -> None:
        if len(bench.provider.sent) == MAX_UNWRITTEN // 2:
            raise KeyboardInterrupt

    bench.provider.during = interrupt
    with pytest.raises(KeyboardInterrupt):
        bench.worker.deliver()
    expected = dict.fromkeys(bench.provider.sent, State.ACCEPTED) | {bench.provider.sent[-1]: State.SENDING}
    assert {ref: state for ref, state in states(bench).items() if state is not State.READY} == expected
