"""What every test may rely on: no network, no settings of the machine's own, and a database that is empty."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from advocacy.settings import OF_THE_TESTS

STRICT = os.environ.get("ADVOCACY_TEST_STRICT") == "1"
POSTGRES = os.environ.get("ADVOCACY_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

# A slow machine is no failure; under .ci/run the same examples come every time.
settings.register_profile("advocacy", deadline=None, derandomize=STRICT)
settings.load_profile("advocacy")


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
        if name.startswith("ADVOCACY_") and name not in OF_THE_TESTS:
            monkeypatch.delenv(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once in SQLite and once in PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'advocacy.sqlite3'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def postgresql_url(postgresql_database: URL) -> str:
    """An empty PostgreSQL database; skips, with the reason, where no server answers."""
    with psycopg.connect(_conninfo(postgresql_database), autocommit=True) as connection:
        # A connection that an earlier test left open would hold its locks for ever.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return postgresql_database.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgresql_database() -> Iterator[URL]:
    """A database of this test process's own, gone when it ends."""
    server = make_url(POSTGRES)
    ours = sql.Identifier(f"advocacy_test_{os.getpid()}")
    try:
        connection = psycopg.connect(_conninfo(server), autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        pytest.skip(f"no PostgreSQL answers at {server}: start one or set ADVOCACY_TEST_POSTGRES_URL")
    with connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(ours))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(ours))
        try:
            yield server.set(database=f"advocacy_test_{os.getpid()}")
        finally:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(ours))


def _conninfo(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
