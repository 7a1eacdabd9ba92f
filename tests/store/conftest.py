"""Databases with their tables made, and with the shipped directory in them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import make_engine
from tests.citizens import open_sessions
from tests.conftest import DatabaseAt
from tests.databases import Beginning, Files, Server


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that the SQLite database of each test is laid in."""
    return tmp_path_factory.mktemp("store") / "advocacy.sqlite3"


@pytest.fixture
def database_at(request: pytest.FixtureRequest, database: str, sqlite_file: Path) -> DatabaseAt:
    """Bring the test's database to a beginning, and give its URL: the same for every test of this process."""

    def at(beginning: Beginning) -> str:
        if database == "sqlite":
            files: Files = request.getfixturevalue("filled_files")
            return files.lay(sqlite_file, beginning)
        server: Server = request.getfixturevalue("postgresql_server")
        return server.bring_back(beginning)

    return at


@pytest.fixture
def sessions(store_url: str) -> Iterator[sessionmaker[Session]]:
    """Transactions on a database whose tables are made and empty."""
    yield from _sessions(store_url)


@pytest.fixture
def directory_sessions(database_at: DatabaseAt) -> Iterator[sessionmaker[Session]]:
    """Transactions on a database that holds the shipped directory."""
    yield from _sessions(database_at(Beginning.DIRECTORY))


def _sessions(url: str) -> Iterator[sessionmaker[Session]]:
    engine = _engine(url)
    yield open_sessions(engine)
    engine.dispose()


@cache
def _engine(url: str) -> Engine:
    """One engine for all tests: a statement that one of them has sent is not compiled again for the next."""
    return make_engine(url)
