"""The sweep, in a real database: what lost workers left behind is found, and nothing else is touched."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import immediate, make_engine, make_sessions
from advocacy.delivery import events, holds, outbox, sweeping
from advocacy.delivery.models import Actor, Message, MessageMove
from advocacy.delivery.provider import Event
from advocacy.delivery.states import State
from advocacy.delivery.sweeping import sweep
from advocacy.migrations import migrate
from tests.claims import claim, record

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LEASE = timedelta(minutes=1)


def put(sessions: Sessions, *refs: str) -> None:
    with sessions.begin() as session:
        for ref in refs:
            outbox.put(session, "letter", ref, now=NOW, pace_key="office")


def swept(sessions: Sessions, *, now: datetime, per_hour: int = 0) -> list[tuple[State, datetime]]:
    """Sweep; return the state of each message and when it is due."""
    sweep(sessions, now=now, per_hour=per_hour)
    with sessions.begin() as session:
        return [(one.state, one.due_at) for one in session.scalars(select(Message).order_by(Message.id))]


def states(sessions: Sessions, *, now: datetime) -> list[State]:
    """Sweep; return the state of each message."""
    return [state for state, _due in swept(sessions, now=now)]


def test_a_lease_that_ran_out_makes_its_message_uncertain_and_one_that_runs_is_left(sessions: Sessions) -> None:
    put(sessions, "first", "second")
    claim(sessions, now=NOW, lease=LEASE)
    claim(sessions, now=NOW, lease=LEASE * 2)
    assert states(sessions, now=NOW + LEASE - timedelta(seconds=1)) == [State.SENDING] * 2
    assert states(sessions, now=NOW + LEASE) == [State.UNCERTAIN, State.SENDING]
    with sessions.begin() as session:
        first, second = session.scalars(select(Message).order_by(Message.id))
        assert (first.state, first.reason) == (State.UNCERTAIN, "lease")
        assert (first.due_at, first.lease_until) == (NOW + LEASE + timedelta(minutes=30), None)
        assert (second.state, second.lease_until) == (State.SENDING, NOW + LEASE * 2)
    assert states(sessions, now=NOW + LEASE) == [State.UNCERTAIN, State.SENDING]


def test_an_event_here_already_proves_a_lost_message_and_is_told_in_the_same_transaction(sessions: Sessions) -> None:
    put(sessions, "one")
    first = claim(sessions, now=NOW, lease=LEASE)
    assert first is not None
    with immediate(sessions) as session:
        record(session, first, State.READY, now=NOW)
        event = Event("e1", first.public_id, State.DELIVERED, NOW, "delivered")
        assert events.record_events(session, [event], provider="test", now=NOW) == []
    claim(sessions, now=NOW, lease=LEASE)
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
        claim(sessions, now=NOW, lease=LEASE)
    uncertain = [states(sessions, now=NOW + LEASE).count(State.UNCERTAIN) for _ in range(3)]
    assert uncertain == [2, 3, 3]


def test_what_is_overdue_for_one_recipient_is_spread_but_not_while_the_outbox_is_held(sessions: Sessions) -> None:
    put(sessions, "1", "2", "3")
    with sessions.begin() as session:
        holds.hold(session, "pause", now=NOW, by=Actor.STAFF)
    assert swept(sessions, now=NOW, per_hour=60) == [(State.READY, NOW)] * 3
    with sessions.begin() as session:
        holds.release(session, now=NOW, per_hour=0)
    spread = [(State.READY, NOW + timedelta(minutes=place)) for place in range(3)]
    assert swept(sessions, now=NOW, per_hour=60) == spread
    assert swept(sessions, now=NOW, per_hour=60) == spread


def test_a_sweep_passes_over_a_message_that_its_holder_is_writing(postgresql_url: str) -> None:
    engine = make_engine(postgresql_url)
    migrate(engine)
    sessions = make_sessions(engine)
    put(sessions, "one")
    given = claim(sessions, now=NOW, lease=LEASE)
    assert given is not None
    with immediate(sessions) as session:
        assert record(session, given, State.ACCEPTED, now=NOW + LEASE) is State.ACCEPTED
        sweep(sessions, now=NOW + LEASE)
    assert states(sessions, now=NOW + LEASE) == [State.ACCEPTED]
    engine.dispose()
