"""Claims, in a real database: one holder for one message, and only the holder writes what became of it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery import events, holds, outbox
from advocacy.delivery.claims import LEASE, claim
from advocacy.delivery.models import Actor, Message, MessageMove, Priority
from advocacy.delivery.provider import Event
from advocacy.delivery.states import State
from advocacy.delivery.sweeping import sweep
from tests.claims import record
from tests.databases import both_databases

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
WAITED = NOW + timedelta(minutes=33)


def put(sessions: Sessions, *refs: str, due_at: datetime = NOW) -> None:
    with sessions.begin() as session:
        for ref in refs:
            outbox.put(session, "letter", ref, now=NOW, due_at=due_at)


def claimed(sessions: Sessions, *, now: datetime = NOW) -> Message:
    """A claim, where there must be one."""
    given = claim(sessions, now=now)
    assert given is not None
    return given


def recorded(
    sessions: Sessions, given: Message, state: State, *, now: datetime = NOW, provider_id: str | None = None
) -> State | None:
    with sessions.begin() as session:
        return record(session, given, state, now=now, provider_id=provider_id)


def reported(sessions: Sessions, given: Message, state: State, *, now: datetime = NOW) -> None:
    with sessions.begin() as session:
        event = Event(f"{state}", given.public_id, state, NOW, state.value)
        events.record_events(session, [event], provider="test", now=now)


def the_message(sessions: Sessions) -> Message:
    with sessions.begin() as session:
        return session.scalars(select(Message)).one()


def row(sessions: Sessions) -> dict[str, object]:
    message = the_message(sessions)
    return {column.key: getattr(message, column.key) for column in Message.__table__.columns}


def story(sessions: Sessions) -> list[tuple[State, Actor]]:
    with sessions.begin() as session:
        return [(move.state, move.by) for move in session.scalars(select(MessageMove).order_by(MessageMove.id))]


def test_a_claim_is_committed_with_its_lease_and_its_number(sessions: Sessions) -> None:
    put(sessions, "one")
    given = claimed(sessions)
    message = the_message(sessions)
    assert (given.id, given.ref, given.attempt) == (message.id, "one", 1)
    assert (message.state, message.attempt, message.lease_until) == (State.SENDING, 1, NOW + LEASE)
    assert (message.changed_at, message.resent) == (NOW, False)
    assert story(sessions) == [(State.READY, Actor.SUBMIT), (State.SENDING, Actor.WORKER)]
    assert claim(sessions, now=NOW) is None


def test_those_longest_due_are_claimed_first_and_none_before_its_time(sessions: Sessions) -> None:
    for minutes, ref in ((2, "third"), (0, "first"), (1, "second")):
        put(sessions, ref, due_at=NOW + timedelta(minutes=minutes))
    later = NOW + timedelta(minutes=1)
    assert [claimed(sessions, now=later).ref for _ in range(2)] == ["first", "second"]
    assert claim(sessions, now=later + timedelta(seconds=59)) is None
    assert claimed(sessions, now=later + timedelta(seconds=60)).ref == "third"


def test_nothing_is_claimed_while_the_outbox_is_held(sessions: Sessions) -> None:
    put(sessions, "one")
    with sessions.begin() as session:
        holds.hold(session, "pause", now=NOW, by=Actor.STAFF)
    assert claim(sessions, now=NOW) is None
    assert the_message(sessions).state is State.READY
    with sessions.begin() as session:
        holds.release(session)
    assert claimed(sessions).ref == "one"


@both_databases
def test_twelve_threads_claim_each_message_once(sessions: Sessions) -> None:
    refs = [str(number) for number in range(240)]
    put(sessions, *refs)

    def drain(_number: int) -> list[str]:
        taken = []
        while (given := claim(sessions, now=NOW)) is not None:
            taken.append(given.ref)
            assert recorded(sessions, given, State.ACCEPTED) is State.ACCEPTED
        return taken

    with ThreadPoolExecutor(12) as pool:
        taken = Counter(ref for refs in pool.map(drain, range(12)) for ref in refs)
    # A thread that finds the last rows held by others stops; the holders finish them.
    assert taken == Counter(refs)
    with sessions.begin() as session:
        assert session.execute(
            select(Message.state, Message.attempt, func.count()).group_by(Message.state, Message.attempt)
        ).all() == [(State.ACCEPTED, 1, 240)]


@pytest.mark.parametrize(
    "state", [State.ACCEPTED, State.FAILED, State.UNCERTAIN, State.CANCELLED, State.READY, State.DELIVERED]
)
def test_the_holder_writes_what_became_of_its_claim(sessions: Sessions, state: State) -> None:
    put(sessions, "one")
    given, provider_id = claimed(sessions), "p1" if state is State.ACCEPTED else None
    with sessions.begin() as session:
        assert record(session, given, state, now=NOW, reason="so", provider_id=provider_id) is state
    message = the_message(sessions)
    assert (message.state, message.reason, message.lease_until, message.tries) == (state, "so", None, 1)
    assert message.provider_id == provider_id
    assert story(sessions)[-1] == (state, Actor.WORKER)


def test_a_message_tries_again_when_it_is_due_and_may_use_up_no_attempt(sessions: Sessions) -> None:
    put(sessions, "one")
    given = claimed(sessions)
    later = NOW + timedelta(minutes=5)
    with sessions.begin() as session:
        assert record(session, given, State.READY, now=NOW, due_at=later, counts=False) is State.READY
    assert claim(sessions, now=later - timedelta(seconds=1)) is None
    again = claimed(sessions, now=later)
    assert (again.attempt, again.tries, again.public_id) == (2, 0, given.public_id)
    assert recorded(sessions, again, State.READY, now=later) is State.READY
    third = claimed(sessions, now=later)
    assert (third.attempt, third.tries) == (3, 1)


def test_a_worker_frozen_past_its_lease_changes_nothing(sessions: Sessions) -> None:
    put(sessions, "one")
    frozen = claimed(sessions)
    sweep(sessions, now=NOW + LEASE)
    before = row(sessions)
    assert before["state"] is State.UNCERTAIN
    for state in set(State) - {State.ACCEPTED}:
        assert recorded(sessions, frozen, state, now=WAITED, provider_id="p1") is None
        assert row(sessions) == before
    assert story(sessions)[-1] == (State.UNCERTAIN, Actor.SWEEP)


def test_a_former_holder_changes_nothing_while_another_sends(sessions: Sessions) -> None:
    put(sessions, "one")
    frozen = claimed(sessions)
    sweep(sessions, now=NOW + LEASE)
    holder = claimed(sessions, now=WAITED)
    assert (holder.attempt, holder.resent) == (2, True)
    before = row(sessions)
    assert (before["state"], before["lease_until"]) == (State.SENDING, WAITED + LEASE)
    for state in set(State) - {State.ACCEPTED}:
        assert recorded(sessions, frozen, state, now=WAITED) is None
        assert row(sessions) == before
    assert recorded(sessions, holder, State.ACCEPTED, now=WAITED) is State.ACCEPTED


def test_a_former_holder_that_knows_it_left_spares_a_second_copy(sessions: Sessions) -> None:
    put(sessions, "one")
    frozen = claimed(sessions)
    sweep(sessions, now=NOW + LEASE)
    assert recorded(sessions, frozen, State.ACCEPTED, now=NOW + LEASE, provider_id="p1") is State.ACCEPTED
    assert claim(sessions, now=WAITED) is None
    assert the_message(sessions).provider_id == "p1"


def test_two_holders_that_both_sent_leave_one_story(sessions: Sessions) -> None:
    put(sessions, "one")
    frozen = claimed(sessions)
    sweep(sessions, now=NOW + LEASE)
    holder = claimed(sessions, now=WAITED)
    assert recorded(sessions, frozen, State.ACCEPTED, now=WAITED) is State.ACCEPTED
    assert recorded(sessions, holder, State.READY, now=WAITED) is None
    assert recorded(sessions, holder, State.ACCEPTED, now=WAITED) is None
    assert story(sessions)[-2:] == [(State.SENDING, Actor.WORKER), (State.ACCEPTED, Actor.WORKER)]


@pytest.mark.parametrize(
    "case",
    [
        (State.DELIVERED, State.ACCEPTED, State.DELIVERED),
        (State.ACCEPTED, State.UNCERTAIN, State.ACCEPTED),
        (State.DELIVERED, State.READY, State.DELIVERED),
        (State.BOUNCED, State.ACCEPTED, State.BOUNCED),
        (State.BOUNCED, State.FAILED, State.BOUNCED),
        (State.ACCEPTED, State.FAILED, State.FAILED),
        (State.DELIVERED, State.CANCELLED, State.DELIVERED),
    ],
)
def test_an_event_that_overtakes_the_result_is_not_unsaid(sessions: Sessions, case: tuple[State, State, State]) -> None:
    event, result, end = case
    put(sessions, "one")
    given = claimed(sessions)
    reported(sessions, given, event)
    assert recorded(sessions, given, result, provider_id="p1") is (end if end is not event else None)
    message = the_message(sessions)
    assert (message.state, message.provider_id) == (end, "p1" if result is State.ACCEPTED else None)


@pytest.mark.parametrize("event", [State.ACCEPTED, State.DELIVERED, State.FAILED, State.BOUNCED])
def test_an_event_that_came_before_proves_an_uncertain_message(sessions: Sessions, event: State) -> None:
    put(sessions, "one")
    first = claimed(sessions)
    assert recorded(sessions, first, State.READY) is State.READY
    reported(sessions, first, event)
    assert the_message(sessions).state is State.READY
    assert recorded(sessions, claimed(sessions), State.UNCERTAIN) is event
    assert story(sessions)[-2:] == [(State.UNCERTAIN, Actor.WORKER), (event, Actor.EVENT)]


def test_a_claim_of_a_message_that_is_gone_changes_nothing(sessions: Sessions) -> None:
    put(sessions, "one")
    given = claimed(sessions)
    with sessions.begin() as session:
        session.delete(session.get_one(Message, given.id))
    assert recorded(sessions, given, State.ACCEPTED) is None


def test_an_uncertain_message_is_sent_once_more_and_then_a_person_decides(sessions: Sessions) -> None:
    put(sessions, "one")
    assert recorded(sessions, claimed(sessions), State.UNCERTAIN) is State.UNCERTAIN
    assert claim(sessions, now=NOW + timedelta(minutes=29)) is None
    again = claimed(sessions, now=NOW + timedelta(minutes=30))
    assert again.resent
    assert recorded(sessions, again, State.UNCERTAIN, now=WAITED) is State.UNCERTAIN
    much_later = WAITED + timedelta(days=1)
    assert claim(sessions, now=much_later) is None
    sweep(sessions, now=WAITED + timedelta(minutes=29))
    assert the_message(sessions).state is State.UNCERTAIN
    sweep(sessions, now=WAITED + timedelta(minutes=30))
    assert the_message(sessions).state is State.NEEDS_STAFF
    assert claim(sessions, now=much_later) is None


def test_a_message_that_kills_its_worker_every_time_ends_before_a_person(sessions: Sessions) -> None:
    put(sessions, "one")
    now, claims = NOW, 0
    for _hour in range(6):
        claims += claim(sessions, now=now) is not None
        sweep(sessions, now=now + LEASE)
        now += timedelta(hours=1)
    assert (claims, the_message(sessions).state) == (2, State.NEEDS_STAFF)


def test_a_mail_leaves_before_letters_that_were_due_earlier(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for ref in "012":
            outbox.put(session, "letter", ref, now=NOW - timedelta(hours=1), priority=Priority.LETTER)
        outbox.put(session, "confirmation", "late", now=NOW)
    assert [claimed(sessions).ref for _ in range(2)] == ["late", "0"]
