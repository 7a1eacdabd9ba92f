"""Connections are given back as they were, and one that is gone is replaced before anything is asked of it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.abuse import limiter
from advocacy.abuse.models import RateLimit
from advocacy.database import make_engine, reading
from tests.databases import both_databases, connected, end_others

COUNTED = select(func.count()).select_from(RateLimit)


def test_a_connection_that_went_while_it_rested_is_replaced(postgresql_url: str) -> None:
    engine = make_engine(postgresql_url)
    with engine.connect() as one, engine.connect() as other:
        before = {each.scalar(select(func.pg_backend_pid())) for each in (one, other)}
    with connected(engine.url) as connection:
        end_others(connection)

    with engine.connect() as one, engine.connect() as other:
        assert before.isdisjoint(each.scalar(select(func.pg_backend_pid())) for each in (one, other))
    engine.dispose()


@both_databases
def test_after_reading_without_a_transaction_a_connection_has_them_again(sessions: sessionmaker[Session]) -> None:
    def write_then_fail() -> None:
        with sessions.begin() as session:
            limiter.hit(session, "key", limit=1, window=timedelta(days=1), now=datetime(2026, 11, 25, tzinfo=UTC))
            raise LookupError

    for _ in range(2):
        with reading(sessions) as session:
            assert session.scalar(COUNTED) == 0
        with pytest.raises(LookupError):
            write_then_fail()
