"""The sweep, in a real database: what lost workers left behind is found, and nothing else is touched."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import make_engine, make_sessions
from advocacy.delivery import events, outbox, sweeping
from advocacy.delivery.claims import LEASE, claim
from advocacy.delivery.models import Actor, Message, MessageMove
from advocacy.delivery.provider import Event
from advocacy.delivery.states import State
from advocacy.delivery.sweeping import sweep
from advocacy.migrations import migrate
from tests.claims import record

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def put(sessions: Sessions, *refs: str) -> None:
    with sessions.begin() as session:
        for ref in refs:
            outbox.put(session, "letter", ref, now=NOW)


def states(sessions: Sessions, *, now: datetime) -> list[State]:
    """Sweep; return the state of each message."""
    sweep(sessions, now=now)
    with sessions.begin() as session:
        return list(session.scalars(select(Message.state).order_by(Message.id)))


def test_a_lease_that_ran_out_makes_its_message_uncertain_and_one_that_runs_is_left(sessions: Sessions) -> None:
    put(sessions, "first", "second")
    claim(sessions, now=NOW)
    claim(sessions, now=NOW + MINUTE)
    assert states(sessions, now=NOW + LEASE - timedelta(seconds=1)) == [State.SENDING] * 2
    assert states(sessions, now=NOW + LEASE) == [State.UNCERTAIN, State.SENDING]
    with sessions.begin() as session:
        first, second = session.scalars(select(Message).order_by(Message.id))
        assert (first.state, first.reason) == (State.UNCERTAIN, "lease")
        assert (first.due_at, first.lease_until) == (NOW + LEASE + timedelta(minutes=30), None)
        assert (second.state, second.lease_until) == (State.SENDING, NOW + MINUTE + LEASE)
    assert states(sessions, now=NOW + LEASE) == [State.UNCERTAIN, State.SENDING]


def test_an_event_here_already_proves_a_lost_message_and_is_told_in_the_same_transaction(sessions: Sessions) -> None:
    put(sessions, "one")
    first = claim(sessions, now=NOW)
    assert first is not None
    with sessions.begin() as session:
        record(session, first, State.READY, now=NOW)
        event = Event("e1", first.public_id, State.DELIVERED, NOW, "delivered")
        assert events.record_events(session, [event], provider="test", now=NOW) == []
    claim(sessions, now=NOW)
    told: list[tuple[str, State]] = []

    def on_move(session: Session, message: Message, state: State) -> None:
        assert session.in_transaction()
        told.append((message.ref, state))

    sweep(sessions, now=NOW + LEASE, on_move=on_move)
    assert told == [("one", State.DELIVERED)]
    with sessions.begin() as session:
        moves = session.scalars(select(MessageMove).order_by(MessageMove.id)).all()[-2:]
        assert [(move.state, move.by) for move in moves] == [
            (State.UNCERTAIN, Actor.SWEEP),
            (State.DELIVERED, Actor.EVENT),
        ]


def test_one_sweep_takes_so_many_and_the_next_takes_the_rest(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "MAX_BATCH", 2)
    put(sessions, "1", "2", "3")
    for _ in range(3):
        claim(sessions, now=NOW)
    uncertain = [states(sessions, now=NOW + LEASE).count(State.UNCERTAIN) for _ in range(3)]
    assert uncertain == [2, 3, 3]


def test_a_sweep_passes_over_a_message_that_its_holder_is_writing(postgresql_url: str) -> None:
    engine = make_engine(postgresql_url)
    migrate(engine)
    sessions = make_sessions(engine)
    put(sessions, "one")
    given = claim(sessions, now=NOW)
    assert given is not None
    with sessions.begin() as session:
        assert record(session, given, State.ACCEPTED, now=NOW + LEASE) is State.ACCEPTED
        sweep(sessions, now=NOW + LEASE)
    assert states(sessions, now=NOW + LEASE) == [State.ACCEPTED]
    engine.dispose()
