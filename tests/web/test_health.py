"""Whoever keeps the site running is told that the process is up, and whether its database can be read."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from advocacy.app import Parts, create_app
from advocacy.database import make_engine, make_sessions
from advocacy.migrations import migrate
from advocacy.settings import Settings

ROOT = Path(__file__).parents[2]
ASKS = """
from wsgi import application
client = application.test_client()
print(client.get("/healthz").status_code, client.get("/readyz").status_code)
"""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def client_of(engine: Engine, *notices: str) -> FlaskClient:
    return create_app(Parts(Settings(), engine, make_sessions(engine), notices)).test_client()


def test_a_process_that_answers_is_up(engine: Engine) -> None:
    answer = client_of(engine).get("/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "up\n", "text/plain")


def test_a_site_whose_database_can_be_read_is_ready(engine: Engine) -> None:
    migrate(engine)
    answer = client_of(engine).get("/readyz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ready\n", "text/plain")


def test_a_site_whose_tables_are_not_there_is_not_ready(engine: Engine) -> None:
    answer = client_of(engine).get("/readyz")
    assert (answer.status_code, answer.text) == (503, "the database cannot be read\n")


def test_a_site_that_has_lost_its_tables_is_no_longer_ready_but_still_up(engine: Engine) -> None:
    migrate(engine)
    client = client_of(engine)
    assert client.get("/readyz").status_code == 200
    with engine.begin() as connection:
        for table in ("revision_files", "revisions", "documents", "campaigns"):
            connection.execute(text(f"DROP TABLE {table}"))
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("url", ["sqlite:////no/such/folder/x.sqlite3", "postgresql+psycopg://nobody@127.0.0.1:1/none"])
def test_a_site_whose_database_cannot_be_reached_is_not_ready(url: str) -> None:
    engine = make_engine(url)
    assert client_of(engine).get("/readyz").status_code == 503
    engine.dispose()


def test_what_the_operator_should_know_is_logged(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    client_of(engine, "95 % of this notice is kept as it is")
    assert caplog.messages == ["95 % of this notice is kept as it is"]


@pytest.mark.parametrize("health", ["/healthz", "/readyz"])
def test_health_is_asked_and_never_posted(engine: Engine, health: str) -> None:
    assert client_of(engine).post(health).status_code == 405


def test_a_wsgi_server_finds_the_application(database_url: str, tmp_path: Path) -> None:
    environment = {**os.environ, "ADVOCACY_DATABASE_URL": database_url, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", ASKS],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stdout, told.stderr) == (0, "200 200\n", "")


def test_a_setting_that_cannot_be_used_is_said_to_the_server_in_its_last_line(tmp_path: Path) -> None:
    environment = {**os.environ, "ADVOCACY_DATABASE_URL": "mysql://x", "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert "set ADVOCACY_DATABASE_URL: begin it with sqlite:/// or postgresql://" in told.stderr.splitlines()[-1]
