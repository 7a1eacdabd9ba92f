"""Connections are given back as they were, and one that is gone is replaced before anything is asked of it."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy import database
from advocacy.abuse.models import Count
from advocacy.database import make_engine, reading
from tests.databases import both_databases, connected, end_others

Sessions = sessionmaker[Session]
COUNTED = select(func.count()).select_from(Count)


def test_a_connection_that_went_while_it_rested_is_replaced(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PING_AFTER_S", 0)
    engine = make_engine(postgresql_url)
    with engine.connect() as one, engine.connect() as other:
        before = {each.scalar(select(func.pg_backend_pid())) for each in (one, other)}
    with connected(engine.url) as connection:
        end_others(connection)

    with engine.connect() as one, engine.connect() as other:
        assert before.isdisjoint(each.scalar(select(func.pg_backend_pid())) for each in (one, other))
    engine.dispose()


@both_databases
def test_after_reading_without_a_transaction_a_connection_has_them_again(sessions: Sessions) -> None:
    def write_then_fail() -> None:
        with sessions.begin() as session:
            session.add(Count(kind="site", key="all", day=date(2026, 11, 25), count=1))
            session.flush()
            raise LookupError

    for _ in range(2):
        with reading(sessions) as session:
            assert session.scalar(COUNTED) == 0
        with pytest.raises(LookupError):
            write_then_fail()
