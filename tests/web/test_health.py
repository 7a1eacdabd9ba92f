"""Whoever keeps the site running is told that it is up, whether its database can be read and whether letters leave."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import Engine, text

from advocacy.app import create_app
from advocacy.database import make_engine, make_sessions
from advocacy.delivery import holds, outbox
from advocacy.delivery.models import Actor
from advocacy.delivery.states import State
from advocacy.runtime import Runtime
from advocacy.settings import Settings
from advocacy.web.health import MIN_FREE_BYTES
from tests.builders import SECRET
from tests.databases import both_databases
from tests.databases import sqlite_unless_asked as database  # noqa: F401  # a fixture

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TOKEN = "a token of the tests' own, known to everybody"


@pytest.fixture
def empty_engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def client_of(engine: Engine, *notices: str, token: str = "") -> FlaskClient:
    settings = Settings(secret_key=SecretStr(SECRET))
    settings = settings.model_copy(update={"metrics_token": SecretStr(token)})
    runtime = Runtime(settings, engine, make_sessions(engine), notices)
    return create_app(runtime, now=lambda: NOW).test_client()


def test_a_process_that_answers_is_up(engine: Engine) -> None:
    answer = client_of(engine).get("/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "up\n", "text/plain")


@both_databases
def test_a_site_whose_database_can_be_read_is_ready(engine: Engine) -> None:
    answer = client_of(engine).get("/readyz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ready\n", "text/plain")


def test_a_site_whose_sending_is_paused_says_so_and_keeps_its_pages(engine: Engine) -> None:
    client, sessions, now = client_of(engine), make_sessions(engine), datetime(2026, 11, 25, tzinfo=UTC)
    with sessions.begin() as session:
        holds.hold(session, "account 7781 closed", now=now, by=Actor.STAFF)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "degraded: sending is paused\n"), "why is for staff alone"
    with sessions.begin() as session:
        holds.release(session, now=now, per_hour=60)
    assert client.get("/readyz").text == "ready\n"


@pytest.mark.parametrize(
    ("overdue", "told"), [(timedelta(minutes=10), "ready\n"), (timedelta(minutes=11), "degraded: letters are late\n")]
)
def test_a_site_whose_letters_do_not_leave_in_time_says_so(engine: Engine, overdue: timedelta, told: str) -> None:
    client, sessions = client_of(engine), make_sessions(engine)
    with sessions.begin() as session:
        overdue_message = outbox.put(session, "letter", "one", now=NOW - timedelta(days=1), due_at=NOW - overdue)
        outbox.put(session, "letter", "two", now=NOW, due_at=NOW + timedelta(hours=1))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, told)
    with sessions.begin() as session:
        holds.hold(session, "by hand", now=NOW, by=Actor.STAFF)
    late = ["letters are late"] * (told != "ready\n")
    assert client.get("/readyz").text == f"degraded: {'; '.join(['sending is paused', *late])}\n"
    with sessions.begin() as session:
        holds.release(session, now=NOW, per_hour=0)
        standing = outbox.locked(session, overdue_message.id)
        assert standing is not None
        outbox.make_move(session, standing, State.CANCELLED, now=NOW, by=Actor.STAFF)
    assert client.get("/readyz").text == "ready\n"


@pytest.mark.parametrize(
    ("hours", "told"), [(12, "ready\n"), (13, "degraded: held letters wait to be read\n")], ids=["half a day", "longer"]
)
def test_a_held_letter_that_nobody_has_read_for_half_a_day_is_told_of(engine: Engine, hours: int, told: str) -> None:
    with make_sessions(engine).begin() as session:
        outbox.put(session, "letter", "one", now=NOW - timedelta(hours=hours), hold_reason="alike")
    client = client_of(engine)
    assert client.get("/readyz").text == told
    assert client.get("/readyz", **STRANGER).text == "ready\n"


STRANGER: dict[str, Any] = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}


def test_strangers_read_whether_the_site_is_ready_and_nothing_more(engine: Engine) -> None:
    client, sessions = client_of(engine), make_sessions(engine)
    with sessions.begin() as session:
        holds.hold(session, "account 7781 closed", now=NOW, by=Actor.STAFF)
    assert client.get("/readyz").text == "degraded: sending is paused\n"
    for asked in (STRANGER, {"headers": {"X-Forwarded-For": "127.0.0.1"}}, {"base_url": "https://letters.example.ca"}):
        answer = client.get("/readyz", **asked)
        assert (answer.status_code, answer.text) == (200, "ready\n"), asked
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE outbox_holds"))
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz", **STRANGER).text == "ready\n", "pages can be served without that table"


def test_whoever_knows_the_token_reads_all_of_it_from_anywhere(engine: Engine) -> None:
    client, sessions = client_of(engine, token=TOKEN), make_sessions(engine)
    with sessions.begin() as session:
        holds.hold(session, "by hand", now=NOW, by=Actor.STAFF)
    answer = client.get("/readyz", headers={"Authorization": f"Bearer {TOKEN}"}, **STRANGER)
    assert answer.text == "degraded: sending is paused\n"
    assert client.get("/readyz", headers={"Authorization": f"Bearer {TOKEN}x"}, **STRANGER).text == "ready\n"


@pytest.mark.parametrize(
    ("free", "told"), [(MIN_FREE_BYTES, "ready\n"), (MIN_FREE_BYTES - 1, "degraded: the disk is almost full\n")]
)
def test_a_disk_that_is_almost_full_is_told_to_the_operator_alone(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, *, free: int, told: str
) -> None:
    monkeypatch.setattr("advocacy.web.health.shutil.disk_usage", lambda _: Mock(total=10**12, free=free))
    client = client_of(engine)
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (200, told)
    assert client.get("/readyz", **STRANGER).text == "ready\n"


@both_databases
def test_a_site_whose_tables_are_not_there_is_not_ready(empty_engine: Engine) -> None:
    answer = client_of(empty_engine).get("/readyz")
    assert (answer.status_code, answer.text) == (503, "the database cannot be read\n")
    stranger = client_of(empty_engine).get("/readyz", **STRANGER)
    assert (stranger.status_code, stranger.text) == (503, "not ready\n")


@both_databases
def test_a_site_that_has_lost_its_tables_is_no_longer_ready_but_still_up(engine: Engine) -> None:
    client = client_of(engine)
    assert client.get("/readyz").status_code == 200
    with engine.begin() as connection:
        cascade = " CASCADE" if engine.dialect.name == "postgresql" else ""  # SQLite drops what others point at
        for table in ("revision_files", "revisions", "documents", "campaigns"):
            connection.execute(text(f"DROP TABLE {table}{cascade}"))
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
