"""Whoever keeps the site running is told that it is up, whether its database can be read and whether letters leave."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import Engine, text

from advocacy.app import create_app
from advocacy.database import make_engine, make_sessions
from advocacy.delivery import holds
from advocacy.delivery.models import Actor, PeriodicRun
from advocacy.runtime import Runtime
from advocacy.settings import Settings
from tests.builders import SECRET

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TOKEN = "a token of the tests' own, known to everybody"


@pytest.fixture
def empty_engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """The database of a site whose worker is at work."""
    with make_sessions(engine).begin() as session:
        session.add(PeriodicRun(name="sweep", started_at=NOW))
    return engine


def client_of(engine: Engine, *notices: str, token: str = "") -> FlaskClient:
    settings = Settings(secret_key=SecretStr(SECRET))
    settings = settings.model_copy(update={"metrics_token": SecretStr(token)})
    runtime = Runtime(settings, engine, make_sessions(engine), notices)
    return create_app(runtime, now=lambda: NOW).test_client()


def test_a_process_that_answers_is_up(engine: Engine) -> None:
    answer = client_of(engine).get("/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "up\n", "text/plain")


def test_a_site_whose_database_can_be_read_is_ready(engine: Engine) -> None:
    answer = client_of(engine).get("/readyz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ready\n", "text/plain")


def test_what_fails_is_told_to_the_operator_while_pages_are_served(engine: Engine) -> None:
    with make_sessions(engine).begin() as session:
        holds.hold(session, "account 7781 closed", now=NOW, by=Actor.STAFF)
    answer = client_of(engine).get("/readyz")
    told = "degraded: Sending is paused: resume it once the cause is corrected.\n"
    assert (answer.status_code, answer.text) == (200, told), "why is for staff alone, and what only waits is no failure"


STRANGER: dict[str, Any] = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}


def test_strangers_read_whether_the_site_is_ready_and_nothing_more(engine: Engine) -> None:
    client = client_of(engine, token=TOKEN)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE outbox_holds"))
    assert client.get("/readyz").status_code == 503
    known = client.get("/readyz", headers={"Authorization": f"Bearer {TOKEN}"}, **STRANGER)
    assert known.status_code == 503
    for asked in (STRANGER, {"headers": {"X-Forwarded-For": "127.0.0.1"}}, {"base_url": "https://letters.example.ca"}):
        answer = client.get("/readyz", **asked)
        assert (answer.status_code, answer.text) == (200, "ready\n"), "pages can be served without that table"


def test_a_site_whose_tables_are_not_there_is_not_ready(empty_engine: Engine) -> None:
    answer = client_of(empty_engine).get("/readyz")
    assert (answer.status_code, answer.text) == (503, "the database cannot be read\n")
    stranger = client_of(empty_engine).get("/readyz", **STRANGER)
    assert (stranger.status_code, stranger.text) == (503, "not ready\n")


def test_a_site_whose_database_cannot_be_reached_is_not_ready() -> None:
    engine = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert client_of(engine).get("/readyz").status_code == 503
    engine.dispose()


def test_what_the_operator_should_know_is_logged(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    client_of(engine, "95 % of this notice is kept as it is")
    assert caplog.messages == ["95 % of this notice is kept as it is"]


def test_health_is_asked_and_never_posted(engine: Engine) -> None:
    client = client_of(engine)
    assert [client.post(health).status_code for health in ("/healthz", "/readyz")] == [405] * 2
