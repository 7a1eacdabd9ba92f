"""Events, in a real database: believed once, in any order, and never of a message that is not ours."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import permutations, product

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery import events, outbox
from advocacy.delivery.models import Actor, Message, MessageMove, ProviderEvent
from advocacy.delivery.provider import Event
from advocacy.delivery.states import RANK, REPORTABLE, State
from tests.databases import both_databases

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FIVE = (None, State.ACCEPTED, State.DELIVERED, State.FAILED, State.BOUNCED)


def put(sessions: Sessions, ref: str = "one", *, state: State = State.SENDING) -> str:
    """The public id of a message that stands in a state."""
    with sessions.begin() as session:
        message = outbox.put(session, "letter", ref, now=NOW)
        message.state = state
        return message.public_id


def told(name: str, message_id: str, reported: State | None) -> Event:
    return Event(name, message_id, reported, NOW, name, reason="so")


def take(sessions: Sessions, reports: Sequence[Event]) -> list[tuple[str, State]]:
    with sessions.begin() as session:
        return [
            (message.ref, state) for message, state in events.record_events(session, reports, provider="test", now=NOW)
        ]


def kept(sessions: Sessions) -> int:
    with sessions.begin() as session:
        return session.scalars(select(func.count()).select_from(ProviderEvent)).one()


def test_an_event_is_kept_as_it_came_and_moves_its_message(sessions: Sessions) -> None:
    public_id = put(sessions)
    event = Event("e1", public_id, State.BOUNCED, NOW - timedelta(hours=1), "bounce", "http_550", {"type": "blocked"})
    assert take(sessions, [event]) == [("one", State.BOUNCED)]
    with sessions.begin() as session:
        row = session.scalars(select(ProviderEvent)).one()
        assert (row.provider, row.provider_event_id, row.public_id, row.kind) == ("test", "e1", public_id, "bounce")
        assert (row.reported, row.at, row.received_at) == (State.BOUNCED, event.at, NOW)
        assert (row.reason, row.raw) == ("http_550", {"type": "blocked"})
        move = session.scalars(select(MessageMove).order_by(MessageMove.id.desc())).first()
        assert move is not None
        assert (move.state, move.by, move.reason, move.at) == (State.BOUNCED, Actor.EVENT, "http_550", NOW)


def test_an_event_that_came_before_changes_nothing(sessions: Sessions) -> None:
    public_id = put(sessions)
    assert take(sessions, [told("e1", public_id, State.ACCEPTED)] * 2) == [("one", State.ACCEPTED)]
    assert take(sessions, [told("e1", public_id, State.BOUNCED)]) == []
    assert kept(sessions) == 1


def test_two_providers_may_use_one_name(sessions: Sessions) -> None:
    public_id = put(sessions)
    take(sessions, [told("e1", public_id, State.ACCEPTED)])
    with sessions.begin() as session:
        moved = events.record_events(session, [told("e1", public_id, State.DELIVERED)], provider="other", now=NOW)
        assert [state for _, state in moved] == [State.DELIVERED]


def test_events_of_unknown_messages_are_ignored_and_stop_no_other(sessions: Sessions) -> None:
    public_id = put(sessions)
    unknown = ("", "0" * 32, "é", "a\0b", "F" * 32, "x" * 500)
    reports = [told(name, name, State.BOUNCED) for name in unknown] + [told("e2", public_id, State.DELIVERED)]
    assert take(sessions, reports) == [("one", State.DELIVERED)]
    assert kept(sessions) == 1


def test_long_words_from_outside_are_cut_to_their_columns(sessions: Sessions) -> None:
    public_id = put(sessions)
    event = Event("e\0" + "1" * 300, public_id, State.FAILED, NOW, "k" * 300, "r" * 300)
    assert take(sessions, [event]) == [("one", State.FAILED)]
    assert take(sessions, [event]) == []
    with sessions.begin() as session:
        row = session.scalars(select(ProviderEvent)).one()
        assert (row.provider_event_id, row.kind, row.reason) == ("e" + "1" * 199, "k" * 40, "r" * 60)


def test_every_order_of_five_events_ends_alike(sessions: Sessions) -> None:
    orders = {put(sessions, str(number)): order for number, order in enumerate(permutations(FIVE))}
    for place in range(5):
        take(sessions, [told(f"{public_id}-{place}", public_id, order[place]) for public_id, order in orders.items()])
    with sessions.begin() as session:
        assert session.execute(select(Message.state, func.count()).group_by(Message.state)).all() == [
            (State.BOUNCED, 120)
        ]
        moves: dict[int, list[State]] = {}
        for move in session.scalars(select(MessageMove).order_by(MessageMove.id)):
            moves.setdefault(move.message_id, []).append(move.state)
        for _ready, *made in moves.values():
            assert made == sorted(set(made), key=RANK.__getitem__)
    assert kept(sessions) == 600


def test_a_report_moves_only_what_may_be_reported_of_and_only_upwards(sessions: Sessions) -> None:
    for number, (state, reported) in enumerate(product(State, RANK)):
        public_id = put(sessions, str(number), state=state)
        rises = state in REPORTABLE and RANK.get(state, 0) < RANK[reported]
        moved = take(sessions, [told(str(number), public_id, reported)])
        assert moved == ([(str(number), reported)] if rises else []), (state, reported)
    assert kept(sessions) == len(State) * len(RANK)


@both_databases
def test_the_same_events_delivered_by_twelve_threads_move_each_message_once(sessions: Sessions) -> None:
    ids = [put(sessions, str(number)) for number in range(20)]
    reports = [told(f"{public_id}-{state}", public_id, state) for public_id in ids for state in RANK]

    def deliver(number: int) -> list[tuple[str, State]]:
        return take(sessions, reports if number % 2 else reports[::-1])

    with ThreadPoolExecutor(12) as pool:
        moved = [move for moves in pool.map(deliver, range(12)) for move in moves]
    assert len(moved) == len(set(moved))
    assert {ref for ref, state in moved if state is State.BOUNCED} == {str(number) for number in range(20)}
    assert kept(sessions) == len(reports)
