"""Databases with their tables made, and with the shipped directory in them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import make_engine, make_sessions
from advocacy.legislators.seed import SHIPPED, seed
from advocacy.migrations import migrate


@pytest.fixture
def sessions(database_url: str) -> Iterator[sessionmaker[Session]]:
    """Transactions on a database whose tables are made and empty."""
    engine = make_engine(database_url)
    migrate(engine)
    yield make_sessions(engine)
    engine.dispose()


@pytest.fixture
def directory_sessions(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Transactions on a database that holds the shipped directory."""
    with sessions.begin() as session:
        assert len(seed(session, now=datetime(2026, 11, 25, tzinfo=UTC)).imported) == len(SHIPPED)
    return sessions
