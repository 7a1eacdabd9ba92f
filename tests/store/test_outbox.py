"""The outbox, in a real database: a message is put once, moved by the table alone, and counted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery import holds, outbox
from advocacy.delivery.claims import claim
from advocacy.delivery.models import Actor, Message, MessageMove
from advocacy.delivery.states import MOVES, ImpossibleMove, State
from tests.databases import both_databases

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LATER = NOW + HOUR


def put_in(session: Session, state: State, ref: str = "one") -> Message:
    """A message that stands in a state, however it came there."""
    message = outbox.put(session, "letter", ref, now=NOW)
    message.state = state
    session.flush()
    return message


def moves(session: Session, message: Message) -> list[tuple[State, Actor, str]]:
    """The story of a message."""
    rows = session.scalars(select(MessageMove).where(MessageMove.message_id == message.id).order_by(MessageMove.id))
    return [(row.state, row.by, row.reason) for row in rows]


def claimed(sessions: Sessions) -> list[str]:
    """Claim all that may leave later."""
    refs = []
    while (message := claim(sessions, now=LATER)) is not None:
        refs.append(message.ref)
    return refs


def test_a_message_is_put_ready_and_due_at_once_with_a_random_name(sessions: Sessions) -> None:
    with sessions.begin() as session:
        outbox.put(session, "letter", "one", now=NOW)
        outbox.put(session, "letter", "two", now=NOW, due_at=LATER, by=Actor.STAFF)
    with sessions.begin() as session:
        one, two = outbox.find(session, "letter", "one"), outbox.find(session, "letter", "two")
        assert one is not None
        assert two is not None
        assert (one.state, one.due_at, one.attempt, one.tries, one.resent) == (State.READY, NOW, 0, 0, False)
        assert (one.created_at, one.changed_at, one.lease_until, one.reason) == (NOW, NOW, None, "")
        assert two.due_at == LATER
        assert len({one.public_id, two.public_id}) == 2
        assert {len(one.public_id), len(two.public_id)} == {32}
        assert moves(session, one) == [(State.READY, Actor.SUBMIT, "")]
        assert moves(session, two) == [(State.READY, Actor.STAFF, "")]


def test_a_held_message_is_claimed_by_nobody_and_takes_its_slot_when_a_person_releases_it(sessions: Sessions) -> None:
    with sessions.begin() as session:
        held = outbox.put(session, "letter", "one", now=NOW, pace_key="office", per_hour=60, hold_reason="alike")
        ready = outbox.put(session, "letter", "two", now=NOW, pace_key="office", per_hour=60)
        mail = outbox.put(session, "confirmation", "three", now=NOW, hold_reason="no_proof")
        assert [(one.state, one.reason) for one in (held, mail)] == [(State.HELD, "alike"), (State.HELD, "no_proof")]
        assert moves(session, mail) == [(State.HELD, Actor.SUBMIT, "no_proof")]
    assert claimed(sessions) == ["two"]
    with sessions.begin() as session:
        released = outbox.release(session, [held.id, ready.id, mail.id], now=NOW, per_hour=60)
        assert [(one.ref, one.due_at) for one in released] == [("one", NOW + MINUTE), ("three", NOW)]
        assert moves(session, released[0]) == [(State.HELD, Actor.SUBMIT, "alike"), (State.READY, Actor.STAFF, "")]
        assert outbox.release(session, [held.id], now=NOW, per_hour=60) == []
    assert claimed(sessions) == ["three", "one"]


def test_nothing_is_found_for_another_kind(sessions: Sessions) -> None:
    with sessions.begin() as session:
        outbox.put(session, "letter", "one", now=NOW)
        assert outbox.find(session, "outcome", "one") is None
        assert outbox.find(session, "letter", "two") is None


def test_what_was_put_is_given_as_it_stands(sessions: Sessions) -> None:
    with sessions.begin() as session:
        first = put_in(session, State.DELIVERED)
    with sessions.begin() as session:
        again = outbox.put(session, "letter", "one", now=LATER)
        assert (again.id, again.state, again.due_at) == (first.id, State.DELIVERED, NOW)
        assert moves(session, again) == [(State.READY, Actor.SUBMIT, "")]
        assert outbox.put(session, "outcome", "one", now=LATER).id != first.id


@both_databases
def test_twenty_threads_put_one_message(sessions: Sessions) -> None:
    def put(_number: int) -> int:
        with sessions.begin() as session:
            return outbox.put(session, "letter", "one", now=NOW, pace_key="office", per_hour=20).id

    with ThreadPoolExecutor(20) as pool:
        ids = set(pool.map(put, range(20)))
    with sessions.begin() as session:
        assert len(ids) == 1
        assert session.scalar(select(func.count()).select_from(Message)) == 1
        assert session.scalar(select(func.count()).select_from(MessageMove)) == 1


def test_every_pair_of_states_is_moved_or_refused_as_the_table_says(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for current, wanted in product(State, State):
            message = put_in(session, current, f"{current}-{wanted}")
            if wanted in MOVES[current]:
                outbox.make_move(session, message, wanted, now=LATER, by=Actor.WORKER, reason="so")
                assert (message.state, message.changed_at, message.reason) == (wanted, LATER, "so")
                assert moves(session, message)[1:] == [(wanted, Actor.WORKER, "so")]
            else:
                with pytest.raises(ImpossibleMove, match=f"{current} -> {wanted}"):
                    outbox.make_move(session, message, wanted, now=LATER, by=Actor.WORKER)
                assert (message.state, message.changed_at) == (current, NOW)
                assert moves(session, message)[1:] == []


def test_a_message_is_cancelled_only_before_it_leaves(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for state in State:
            possible = state in {State.READY, State.HELD, State.DIGEST, State.NEEDS_STAFF}
            message = put_in(session, state, state)
            assert outbox.cancel(session, message, now=LATER, by=Actor.CITIZEN, reason="erased") is possible, state
            assert message.state is (State.CANCELLED if possible else state)
            told = [(State.CANCELLED, Actor.CITIZEN, "erased")] if possible else []
            assert moves(session, message)[1:] == told


def test_what_is_cancelled_is_looked_at_as_it_stands_now(sessions: Sessions) -> None:
    with sessions.begin() as session:
        seen = put_in(session, State.READY)
    with sessions.begin() as session:
        message = outbox.locked(session, seen.id)
        assert message is not None
        outbox.make_move(session, message, State.SENDING, now=NOW, by=Actor.WORKER)
    with sessions.begin() as session:
        assert seen.state is State.READY
        assert not outbox.cancel(session, seen, now=NOW, by=Actor.CITIZEN)


def test_the_status_counts_every_state_and_names_what_is_overdue_and_what_holds(sessions: Sessions) -> None:
    with sessions.begin() as session:
        assert outbox.status(session, now=NOW) == outbox.Status(dict.fromkeys(State, 0), None, None)
        put_in(session, State.SENDING, "sending")
        for number in range(3):
            outbox.put(session, "letter", str(number), now=NOW, due_at=NOW + timedelta(minutes=number))
        holds.hold(session, "http_401", now=NOW, by=Actor.WORKER)
    with sessions.begin() as session:
        status = outbox.status(session, now=NOW + timedelta(minutes=1))
        assert status.counts == {**dict.fromkeys(State, 0), State.SENDING: 1, State.READY: 3}
        assert status.oldest_due == NOW
        assert status.hold is not None
        assert (status.hold.reason, status.hold.since, status.hold.by) == ("http_401", NOW, Actor.WORKER)
        assert outbox.status(session, now=NOW - timedelta(seconds=1)).oldest_due is None


def test_those_that_need_a_person_are_listed_longest_waiting_first(sessions: Sessions) -> None:
    with sessions.begin() as session:
        put_in(session, State.READY, "ready")
        for ref, minutes in (("second", 2), ("first", 1), ("third", 3)):
            put_in(session, State.NEEDS_STAFF, ref).changed_at = NOW + timedelta(minutes=minutes)
    with sessions.begin() as session:
        assert [message.ref for message in outbox.needing_staff(session)] == ["first", "second", "third"]
        assert [message.ref for message in outbox.needing_staff(session, 2)] == ["first", "second"]


def test_the_first_reason_of_a_hold_stays_until_it_is_released(sessions: Sessions) -> None:
    with sessions.begin() as session:
        assert holds.current(session) is None
        assert holds.hold(session, "http_401", now=NOW, by=Actor.WORKER)
        assert not holds.hold(session, "pause", now=LATER, by=Actor.STAFF)
    with sessions.begin() as session:
        held = holds.current(session)
        assert held is not None
        assert (held.reason, held.since, held.by) == ("http_401", NOW, Actor.WORKER)
        assert holds.release(session)
        assert holds.current(session) is None
        assert not holds.release(session)


DECISIONS: dict[outbox.Decision, tuple[set[State], State]] = {
    outbox.retry_by_staff: ({State.NEEDS_STAFF}, State.READY),
    outbox.cancel_by_staff: ({State.READY, State.HELD, State.DIGEST, State.NEEDS_STAFF}, State.CANCELLED),
    outbox.mark_sent_by_staff: ({State.NEEDS_STAFF}, State.ACCEPTED),
}


@pytest.mark.parametrize("decide", DECISIONS)
def test_a_person_decides_only_what_waits_for_it(sessions: Sessions, decide: outbox.Decision) -> None:
    possible, wanted = DECISIONS[decide]
    with sessions.begin() as session:
        for state in State:
            message = put_in(session, state, state)
            if state in possible:
                assert decide(session, message.id, now=LATER) is message
                assert moves(session, message)[1:] == [(wanted, Actor.STAFF, "")]
            else:
                sentence = f"message {message.id} is {state.value}; only one that is "
                with pytest.raises(outbox.DecisionNotPossible, match=sentence):
                    decide(session, message.id, now=LATER)
                assert moves(session, message)[1:] == []


def test_a_message_nobody_put_cannot_be_decided(sessions: Sessions) -> None:
    for decide in DECISIONS:
        with sessions.begin() as session, pytest.raises(outbox.DecisionNotPossible, match="there is no message 7"):
            decide(session, 7, now=NOW)


def test_a_message_sent_again_by_a_person_has_its_attempts_again_but_is_not_resent_by_itself(
    sessions: Sessions,
) -> None:
    with sessions.begin() as session:
        message = put_in(session, State.NEEDS_STAFF)
        message.tries, message.resent = 5, True
        outbox.retry_by_staff(session, message.id, now=LATER)
        assert (message.tries, message.due_at, message.resent) == (0, LATER, True)


@both_databases
def test_a_writing_transaction_has_its_turn_before_it_reads(sessions: Sessions) -> None:
    def add(_number: int) -> None:
        with sessions.begin() as session:
            message = session.scalars(select(Message).with_for_update()).one()
            message.tries += 1

    with sessions.begin() as session:
        outbox.put(session, "letter", "one", now=NOW)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(80)))
    with sessions.begin() as session:
        assert session.scalars(select(Message.tries)).one() == 80
