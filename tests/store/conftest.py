"""Databases with their tables made, and with the shipped directory in them."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import make_engine, make_sessions
from tests.conftest import DatabaseAt
from tests.databases import Beginning


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """SQLite, unless a test asks for `both_databases`."""
    kind: str = getattr(request, "param", "sqlite")
    return kind


@pytest.fixture
def sessions(store_url: str) -> Iterator[sessionmaker[Session]]:
    """Transactions on a database whose tables are made and empty."""
    yield from _sessions(store_url)


@pytest.fixture
def directory_sessions(database_at: DatabaseAt) -> Iterator[sessionmaker[Session]]:
    """Transactions on a database that holds the shipped directory."""
    yield from _sessions(database_at(Beginning.DIRECTORY))


def _sessions(url: str) -> Iterator[sessionmaker[Session]]:
    engine = make_engine(url)
    yield make_sessions(engine)
    engine.dispose()
