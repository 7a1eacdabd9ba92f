"""A database or a queue that fails while a command starts is opened again, or said in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.exc import OperationalError

from advocacy.cli import advocacy, site
from advocacy.runtime import Runtime, open_runtime
from tests.databases import Beginning, Files

ENDED = "terminating connection due to administrator command"


class AdminShutdown(Exception):
    """What psycopg raises while a connection is being opened."""

    sqlstate = "57P01"


@pytest.fixture(autouse=True)
def _filled_site(tmp_path: Path, filled_files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    url = filled_files.lay(tmp_path / "advocacy.sqlite3", Beginning.SITE)
    monkeypatch.setenv("ADVOCACY_DATABASE_URL", url)


def list_outbox(monkeypatch: pytest.MonkeyPatch, *, ended: int) -> tuple[Result, list[float]]:
    """Call a command whose database ends the connection so many times first; return also the waits between."""
    errors = [
        OperationalError("SELECT", {}, Exception(ENDED), connection_invalidated=True),
        *[OperationalError("SELECT", {}, AdminShutdown(ENDED))] * (ended - 1),
    ]
    waits = list[float]()

    @contextmanager
    def ends_connections(*given: object, **more: object) -> Iterator[Runtime]:
        if errors:
            raise errors.pop()
        with open_runtime(*given, **more) as runtime:  # type: ignore[arg-type]
            yield runtime

    monkeypatch.setattr(site, "open_runtime", ends_connections)
    monkeypatch.setattr(site, "sleep", waits.append)
    return CliRunner().invoke(advocacy, ["outbox", "status"]), waits


def test_a_database_that_ends_the_connection_is_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    result, waits = list_outbox(monkeypatch, ended=site.MAX_TRIES - 1)
    assert (result.exit_code, len(waits)) == (0, site.MAX_TRIES - 1), result.output


def test_one_that_always_does_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    result, waits = list_outbox(monkeypatch, ended=site.MAX_TRIES)
    assert (result.exit_code, len(waits)) == (1, site.MAX_TRIES - 1)
    assert result.stderr == f"Error: the database cannot be opened ({ENDED}); try again\n"
