"""Addresses that do not exist are typed in by the hundred: soon the site writes to no more of them, by itself."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery import outbox
from advocacy.delivery.states import State
from advocacy.letters import bounce_brake
from advocacy.letters.holding import HoldReason
from tests.citizens import NOW, came_to, messages, sent_in, settle_in

Sessions = sessionmaker[Session]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(sessions: Sessions) -> Sessions:
    settle_in(sessions)
    return sessions


def mails(store: Sessions, number: int, state: State, *, begin: int = 0) -> None:
    """Have confirmation mails be sent and come to a state."""
    with store.begin() as session:
        for nth in range(begin, begin + number):
            came_to(session, outbox.put(session, "confirmation", f"{state} {nth}", now=NOW), state)


def look(store: Sessions, *, late: timedelta = timedelta()) -> bool:
    with store.begin() as session:
        return bounce_brake.look(session, now=NOW + late, per_hour=60)


@pytest.mark.parametrize("state", [State.BOUNCED, State.FAILED])
def test_after_twenty_that_came_back_of_a_hundred_the_next_mail_is_held(store: Sessions, state: State) -> None:
    mails(store, 80, State.ACCEPTED)
    mails(store, 19, state)
    assert not look(store)
    mails(store, 1, state, begin=50)
    assert look(store)
    sent_in(store, key="invented", email="nobody@invented.example", now=NOW + MINUTE)
    with store() as session:
        last = messages(session, "confirmation")[-1]
        assert (last.state, last.reason) == (State.HELD, HoldReason.BOUNCES)


def test_a_share_of_a_tenth_is_borne_and_letters_that_come_back_are_no_reason(store: Sessions) -> None:
    mails(store, 180, State.ACCEPTED)
    mails(store, 20, State.BOUNCED)
    with store.begin() as session:
        for nth in range(50):
            came_to(session, outbox.put(session, "letter", f"letter {nth}", now=NOW), State.BOUNCED)
        assert bounce_brake.measure(session, now=NOW) == bounce_brake.Bounces(sent=200, came_back=20)
    assert not look(store)


def test_what_is_held_is_sent_some_each_minute_once_fewer_come_back(store: Sessions) -> None:
    mails(store, 40, State.BOUNCED)
    assert look(store)
    for nth in range(bounce_brake.RELEASED_A_MINUTE + 2):
        sent_in(store, key=f"form {nth}", email=f"c{nth}@example.ca", now=NOW + MINUTE)
    assert look(store, late=2 * MINUTE)

    def held() -> int:
        with store() as session:
            return sum(one.state is State.HELD for one in messages(session, "confirmation"))

    assert held() == bounce_brake.RELEASED_A_MINUTE + 2
    assert not look(store, late=61 * MINUTE)
    assert held() == 2
    assert not look(store, late=62 * MINUTE)
    assert held() == 0
    with store() as session:
        released = [one for one in messages(session, "confirmation") if one.state is State.READY]
        assert len(released) == bounce_brake.RELEASED_A_MINUTE + 2
        assert min(one.due_at for one in released) == NOW + 61 * MINUTE


def test_a_look_that_is_missing_leaves_the_brake_on_for_minutes_alone(store: Sessions) -> None:
    mails(store, 40, State.BOUNCED)
    look(store)
    with store() as session:
        assert bounce_brake.is_on(session, now=NOW + 2 * MINUTE)
        assert not bounce_brake.is_on(session, now=NOW + 3 * MINUTE)
