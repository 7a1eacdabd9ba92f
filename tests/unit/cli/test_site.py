"""A database that ends connections while a command starts is opened again, and else said in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.exc import OperationalError

from advocacy.cli import advocacy, site
from advocacy.parts import Parts, open_parts

ENDED = "terminating connection due to administrator command"


def list_outbox(folder: Path, monkeypatch: pytest.MonkeyPatch, *, ended: int) -> tuple[Result, list[float]]:
    """Call a command whose database ends the connection so many times first; return also the waits between."""
    errors = [OperationalError("SELECT", {}, Exception(ENDED), connection_invalidated=True)] * ended
    waits = list[float]()

    @contextmanager
    def ends_connections(*given: object, **more: object) -> Iterator[Parts]:
        if errors:
            raise errors.pop()
        with open_parts(*given, **more) as parts:  # type: ignore[arg-type]
            yield parts

    monkeypatch.setattr(site, "open_parts", ends_connections)
    monkeypatch.setattr(site, "sleep", waits.append)
    monkeypatch.setenv("ADVOCACY_DATABASE_URL", f"sqlite:///{folder / 'advocacy.sqlite3'}")
    return CliRunner().invoke(advocacy, ["outbox", "status"]), waits


def test_a_database_that_ends_the_connection_is_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result, waits = list_outbox(tmp_path, monkeypatch, ended=site.TRIES - 1)
    assert (result.exit_code, len(waits)) == (0, site.TRIES - 1), result.output


def test_one_that_always_does_is_said_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result, waits = list_outbox(tmp_path, monkeypatch, ended=site.TRIES)
    assert (result.exit_code, len(waits)) == (1, site.TRIES - 1)
    assert result.stderr == f"Error: the database cannot be opened ({ENDED}); try again\n"
