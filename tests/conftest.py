"""What every test may rely on: no network, no settings of the machine's own, and a database that is empty."""

import gc
import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from advocacy.database import PRAGMAS
from advocacy.settings import TEST_VARIABLES
from tests.databases import Beginning, Files, Server, connected, end_others, make_empty
from tests.remembered import remembered

STRICT = os.environ.get("ADVOCACY_TEST_STRICT") == "1"
POSTGRES = os.environ.get("ADVOCACY_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
NewDatabase = Callable[[str], URL]
DatabaseAt = Callable[[Beginning], str]

# A slow machine is no failure; under .ci/run the same examples come every time.
settings.register_profile("advocacy", deadline=None, derandomize=STRICT, max_examples=40)
settings.load_profile("advocacy")


# A third of the suite's time went into looking through what lives until its end: that is done less often, and what
# was collected is left out of it.
gc.set_threshold(200_000, 20, 50)


def pytest_collection_finish() -> None:
    gc.freeze()


# Pages are compiled once, not by each process of each run.
Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache()}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("loopback"):
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1"]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _without_skips((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _without_skips((yield))


def _without_skips(report: Report) -> Report:
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"ADVOCACY_TEST_STRICT=1 allows no skip: {reason}"
    return report


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("ADVOCACY_") and name not in TEST_VARIABLES:
            monkeypatch.delenv(name)


@pytest.fixture(scope="session", autouse=True)
def _no_wait_for_the_disk() -> Iterator[None]:
    """No test stops the machine, so none has to wait for its disk: other processes see what is committed all the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("advocacy.database.PRAGMAS", (*PRAGMAS, "synchronous=OFF"))
        yield


@pytest.fixture(scope="session", autouse=True)
def _what_is_read_is_remembered() -> Iterator[None]:
    with remembered():
        yield


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """SQLite, unless a test asks for `both_databases`."""
    kind: str = getattr(request, "param", "sqlite")
    return kind


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> str:
    """An empty database."""
    if database == "sqlite":
        return f"sqlite:///{tmp_path / 'advocacy.sqlite3'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def database_at(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> DatabaseAt:
    """Bring the test's database to a beginning, and give its URL."""

    def at(beginning: Beginning) -> str:
        if database == "sqlite":
            files: Files = request.getfixturevalue("filled_files")
            return files.lay(tmp_path / "advocacy.sqlite3", beginning)
        server: Server = request.getfixturevalue("postgresql_server")
        return server.bring_back(beginning)

    return at


@pytest.fixture
def store_url(database_at: DatabaseAt) -> str:
    """A database whose tables are made and empty."""
    return database_at(Beginning.TABLES)


@pytest.fixture
def postgresql_url(new_postgresql: NewDatabase) -> str:
    """An empty PostgreSQL database; skips, with the reason, where no server answers."""
    empty = new_postgresql("empty")
    with connected(empty) as connection:
        end_others(connection)
        make_empty(connection)
    return empty.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgresql_server(new_postgresql: NewDatabase) -> Server:
    """A PostgreSQL database that has its tables; skips, with the reason, where no server answers."""
    return Server(new_postgresql("filled"))


@pytest.fixture(scope="session")
def filled_files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """SQLite files filled once for this test process, to be copied."""
    return Files(tmp_path_factory.mktemp("filled"))


@pytest.fixture(scope="session")
def new_postgresql() -> Iterator[NewDatabase]:
    """Databases of this test process's own, by a name, made when first asked for and gone when it ends."""
    server, made = make_url(POSTGRES), dict[str, URL]()
    try:
        connection = connected(server)
    except psycopg.OperationalError:
        pytest.skip(f"no PostgreSQL answers at {server}: start one or set ADVOCACY_TEST_POSTGRES_URL")

    def make(name: str) -> URL:
        if name not in made:
            database = f"advocacy_test_{os.getpid()}_{name}"
            made[name], ours = server.set(database=database), sql.Identifier(database)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(ours))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(ours))
            # No test stops the server, so none has to wait for its disk.
            connection.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(ours))
        return made[name]

    with connection:
        yield make
        for url in made.values():
            ours = sql.Identifier(url.database or "")
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(ours))
