"""Networks take turns in a recipient's queue: one network's flood delays nobody else, and no slot is lost or doubled."""

import random
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import immediate
from advocacy.delivery import outbox
from advocacy.delivery.models import Message, Pace, new_public_id
from advocacy.delivery.states import State
from advocacy.delivery.turns import MAX_GIVEN
from tests.claims import claim, record
from tests.databases import both_databases

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PER_HOUR = 60


def put(sessions: Sessions, ref: str, network: str, *, now: datetime = NOW) -> datetime:
    """Put one letter from a network to one office; return when it is due."""
    with immediate(sessions) as session:
        turn_key = f"key of {network}" if network else None
        message = outbox.put(session, "letter", ref, now=now, pace_key="office", turn_key=turn_key, per_hour=PER_HOUR)
        return message.due_at


def fill(sessions: Sessions, number: int) -> None:
    """Have this many letters from one network wait, each in the round it came in."""
    with immediate(sessions) as session:
        row = {"kind": "letter", "pace_key": "office", "turn_key": "key of forger", "state": State.READY, "priority": 1}
        row |= {"attempt": 0, "tries": 0, "resent": False, "reason": "", "created_at": NOW, "changed_at": NOW}
        rows = []
        for nth in range(number):
            due = NOW + nth * MINUTE
            which = {"ref": f"forged {nth}", "public_id": new_public_id(), "turn": nth.bit_length()}
            rows.append({**row, **which, "due_at": due, "first_due_at": due, "gave_way": 0})
        session.execute(insert(Message), rows)
        session.add(Pace(key="office", next_at=NOW + number * MINUTE))


def due_times(sessions: Sessions) -> list[datetime]:
    with sessions() as session:
        return list(session.scalars(select(Message.due_at).order_by(Message.due_at)))


def order(sessions: Sessions) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(Message.ref).order_by(Message.due_at)))


@both_databases
def test_an_honest_letter_leaves_next_after_24_forged_ones_of_one_network(sessions: Sessions) -> None:
    for nth in range(24):
        assert put(sessions, f"forged {nth}", "forger") == NOW + nth * MINUTE
    assert put(sessions, "honest", "elsewhere") == NOW + MINUTE, "before, it waited 24 minutes"
    assert order(sessions)[:2] == ["forged 0", "honest"]
    assert due_times(sessions) == [NOW + nth * MINUTE for nth in range(25)]


def test_an_honest_letter_leaves_next_after_20_000_forged_ones_and_few_rows_are_written(sessions: Sessions) -> None:
    fill(sessions, 20_000)
    assert put(sessions, "honest", "elsewhere") == NOW + MINUTE, "before, it waited 13.9 days"
    with sessions() as session:
        moved = session.scalars(select(Message).where(Message.gave_way > 0)).all()
        assert sorted(one.turn for one in moved) == list(range(1, 16))
    assert due_times(sessions) == [NOW + nth * MINUTE for nth in range(20_001)]


@both_databases
@pytest.mark.parametrize("seed", range(3))
def test_no_slot_is_lost_or_doubled_and_the_pace_is_kept_whatever_comes_and_leaves(
    sessions: Sessions, seed: int
) -> None:
    chance = random.Random(seed)
    networks = ["forger"] * 6 + [f"network {number}" for number in range(8)]
    now, number, left = NOW, 0, []
    for step in range(90):
        if chance.random() < 0.7:
            put(sessions, f"{step}", chance.choice(networks), now=now)
            number += 1
        else:
            now += MINUTE
            given = claim(sessions, now=now, lease=MINUTE)
            if given is not None:
                with immediate(sessions) as session:
                    record(session, given, State.ACCEPTED, now=now)
                left.append(now)
    due = due_times(sessions)
    assert len(due) == number
    assert all(later - earlier >= MINUTE for earlier, later in pairwise(due))
    assert due[-1] <= now + number * MINUTE
    with sessions() as session:
        accepted = session.scalars(select(Message.turn_key).where(Message.state == State.ACCEPTED)).all()
        assert len(accepted) == len(left)
        assert set(accepted) <= {None}, "the network is forgotten once a letter has left"


@both_databases
def test_twelve_threads_that_put_letters_at_once_share_no_slot(sessions: Sessions) -> None:
    def put_some(thread: int) -> list[datetime]:
        network = "forger" if thread < 6 else f"network {thread}"
        return [put(sessions, f"{thread} {nth}", network) for nth in range(4)]

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(put_some, range(12)))
    assert due_times(sessions) == [NOW + nth * MINUTE for nth in range(48)]


def test_a_letter_that_was_tried_keeps_its_place(sessions: Sessions) -> None:
    for nth in range(3):
        put(sessions, f"forged {nth}", "forger")
    given = claim(sessions, now=NOW, lease=MINUTE)
    assert given is not None
    with sessions.begin() as session:
        for one in session.scalars(select(Message).where(Message.ref == "forged 1")):
            one.attempt = 1
    assert put(sessions, "honest", "elsewhere") == NOW + 2 * MINUTE


def test_a_letter_without_a_network_gives_way_to_none(sessions: Sessions) -> None:
    for nth in range(3):
        put(sessions, f"older {nth}", "")
    assert put(sessions, "honest", "elsewhere") == NOW + 3 * MINUTE


def test_a_network_that_others_overtake_all_the_time_still_has_a_ninth_of_the_places(sessions: Sessions) -> None:
    for nth in range(20):
        put(sessions, f"shared {nth}", "shared")
    waits = defaultdict(list)
    for nth in range(60):
        waits["new"].append(put(sessions, f"new {nth}", f"network {nth}"))
    first = [ref.startswith("shared") for ref in order(sessions)[:60]]
    assert 60 // (MAX_GIVEN + 1) <= sum(first) <= 20
    assert max(waits["new"]) <= NOW + 80 * MINUTE


def test_each_office_has_a_queue_of_its_own(sessions: Sessions) -> None:
    for nth in range(5):
        put(sessions, f"forged {nth}", "forger")
    with immediate(sessions) as session:
        other = outbox.put(
            session, "letter", "x", now=NOW, pace_key="other", turn_key="key of forger", per_hour=PER_HOUR
        )
        assert (other.due_at, other.turn) == (NOW, 0)
