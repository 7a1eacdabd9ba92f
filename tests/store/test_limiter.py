"""The limiter counts within a window that slides, and a hit over the limit counts nothing."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy.orm import Session, sessionmaker

from advocacy.abuse import limiter
from tests.databases import both_databases

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Session:
    return sessions()


def test_a_hit_over_the_limit_is_refused_and_counts_nothing(session: Session) -> None:
    answers = [limiter.hit(session, "a", limit=2, window=HOUR, now=NOW) for _ in range(4)]
    assert answers == [True, True, False, False]
    assert limiter.used(session, "a", window=HOUR, now=NOW) == 2


def test_each_key_is_counted_by_itself(session: Session) -> None:
    assert limiter.hit(session, "a", limit=1, window=HOUR, now=NOW)
    assert limiter.hit(session, "b", limit=1, window=HOUR, now=NOW)


def test_room_comes_back_little_by_little(session: Session) -> None:
    assert limiter.hit(session, "a", limit=4, window=HOUR, now=NOW, cost=4)
    assert not limiter.hit(session, "a", limit=4, window=HOUR, now=NOW + HOUR)
    half_an_hour_later = NOW + HOUR * 1.5
    assert limiter.used(session, "a", window=HOUR, now=half_an_hour_later) == 2
    assert limiter.hit(session, "a", limit=4, window=HOUR, now=half_an_hour_later, cost=2)
    assert not limiter.hit(session, "a", limit=4, window=HOUR, now=half_an_hour_later)


def test_what_was_right_is_taken_back(session: Session) -> None:
    assert limiter.hit(session, "a", limit=1, window=HOUR, now=NOW)
    limiter.undo(session, "a", window=HOUR, now=NOW)
    assert limiter.hit(session, "a", limit=1, window=HOUR, now=NOW)


def test_what_no_window_covers_is_forgotten(session: Session) -> None:
    limiter.hit(session, "a", limit=9, window=HOUR, now=NOW)
    limiter.forget_expired(session, now=NOW + HOUR)
    assert limiter.used(session, "a", window=HOUR, now=NOW) == 1
    limiter.forget_expired(session, now=NOW + 2 * HOUR)
    assert limiter.used(session, "a", window=HOUR, now=NOW) == 0


@both_databases
def test_many_at_once_get_no_more_than_the_limit(sessions: sessionmaker[Session]) -> None:
    barrier, answers = Barrier(8), list[bool]()

    def hit() -> None:
        barrier.wait()
        with sessions.begin() as session:
            answers.append(limiter.hit(session, "a", limit=3, window=HOUR, now=NOW))

    threads = [Thread(target=hit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] * 5 + [True] * 3
