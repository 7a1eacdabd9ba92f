"""Whoever keeps the site running reads figures that are true, from its own machine or with the token; nobody else."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy import Engine

from advocacy.abuse import caps
from advocacy.app import create_app
from advocacy.database import make_engine
from advocacy.delivery.models import ProviderEvent
from advocacy.delivery.states import State
from advocacy.runtime import Runtime
from advocacy.settings import Settings
from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act
from tests.builders import SECRET
from tests.citizens import (
    EMAIL,
    KEYS,
    NAME,
    NOW,
    came_to,
    confirmed,
    mails_left,
    messages,
    open_sessions,
    sent_in,
    settle_in,
)
from tests.databases import statements_of

TOKEN = "a token of the tests' own, known to everybody"
FAR = {"REMOTE_ADDR": "192.0.2.7"}
MINUTE = timedelta(minutes=1)
Figures = dict[str, float]
Clock = Callable[[], datetime]


@pytest.fixture
def store(store_url: str, engine: Engine) -> Runtime:
    """A site whose tables are empty."""
    settings = Settings(database_url=store_url, secret_key=SecretStr(SECRET), data_keys=SecretStr(KEYS.text))
    return Runtime(settings, engine, open_sessions(engine))


def client_of(runtime: Runtime, *, now: Clock = lambda: NOW, token: str = "", hops: int = 0) -> FlaskClient:
    settings = runtime.settings.model_copy(update={"metrics_token": SecretStr(token), "proxy_hops": hops})
    return create_app(replace(runtime, settings=settings), now=now).test_client()


def figures(client: FlaskClient) -> Figures:
    """Every sample of the answer, by its name and labels as they are written."""
    answer = client.get("/metrics")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    found: Figures = {}
    for family in text_string_to_metric_families(answer.text):
        assert family.documentation
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sample.labels.items())
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def by_state(found: Figures) -> dict[str, float]:
    counts = {state: found[f'advocacy_messages{{state="{state}"}}'] for state in State}
    return {state.value: count for state, count in counts.items() if count}


def letters_on_their_way(runtime: Runtime) -> None:
    """Two letters of one citizen, one handed over and one being so, and a form that waits for another's word."""
    settle_in(runtime.sessions)
    token = sent_in(runtime.sessions)
    mails_left(runtime.sessions)
    assert confirmed(runtime.sessions, token)
    sent_in(runtime.sessions, key="second", email="other@example.ca", now=NOW - 3 * MINUTE)
    with runtime.sessions.begin() as session:
        one, two = messages(session, "letter")
        came_to(session, one, State.ACCEPTED, now=NOW - 2 * MINUTE)
        came_to(session, two, State.SENDING, now=NOW - 2 * MINUTE)


def test_messages_are_counted_by_state_with_how_long_they_have_stood(store: Runtime) -> None:
    letters_on_their_way(store)

    found = figures(client_of(store))

    assert by_state(found) == {"ready": 1, "sending": 1, "accepted": 2}
    assert found["advocacy_oldest_due_age_seconds"] == 180
    assert found["advocacy_submissions_awaiting_confirmation"] == 1
    assert found["advocacy_letters_confirmed_total"] == 2


def test_what_is_kept_besides_is_counted(store: Runtime) -> None:
    with store.sessions.begin() as session:
        session.add_all(reports(2))
        for number in range(3):
            audit_log.write(session, Act.CAMPAIGN_MADE, f"campaign:{number}", by=None, now=NOW)

    found = figures(client_of(store))

    assert found["advocacy_journal_entries_total"] == 3
    assert found["advocacy_provider_last_report_timestamp_seconds"] == (NOW + MINUTE).timestamp()


def test_the_share_of_forms_that_came_in_is_told_without_whose_they_are(store: Runtime) -> None:
    limits = caps.Limits(store.settings.network_per_day, store.settings.site_per_day)
    with store.sessions.begin() as session:
        for _ in range(limits.network_per_day):
            caps.count_form(session, "192.0.2.7", keys=KEYS, now=NOW, limits=limits)

    client = client_of(store)
    found = figures(client)

    assert found["advocacy_forms_share_ratio"] == limits.network_per_day / limits.site_per_day
    assert "192.0.2" not in client.get("/metrics").text


def test_settled_messages_are_counted_once_a_minute_and_the_others_each_time(store: Runtime) -> None:
    letters_on_their_way(store)
    client = client_of(store)
    assert by_state(figures(client))["accepted"] == 2
    with store.sessions.begin() as session:
        came_to(session, messages(session, "letter")[1], State.ACCEPTED)

    assert by_state(figures(client)) == {"ready": 1, "accepted": 2}


def test_nothing_of_a_citizen_or_a_legislator_is_told(store: Runtime) -> None:
    letters_on_their_way(store)

    told = client_of(store).get("/metrics").text.lower()

    for canary in (*NAME.split(), EMAIL, "@", "mp-1", "35079"):
        assert canary.lower() not in told, canary


def test_the_statements_are_as_many_however_much_is_stored(store: Runtime) -> None:
    def asked() -> list[str]:
        client = client_of(store)
        with statements_of(store.engine) as statements:
            client.get("/metrics")
        return statements

    empty = asked()
    letters_on_their_way(store)
    full = asked()
    assert len(full) == len(empty)
    assert all(statement.startswith("SELECT") for statement in full)


def test_this_machine_may_read(runtime: Runtime) -> None:
    client = client_of(runtime, hops=1)
    for peer in ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"):
        for host in ("localhost", "127.0.0.1:8000", "[::1]:8000"):
            answer = client.get("/metrics", base_url=f"http://{host}", environ_base={"REMOTE_ADDR": peer})
            assert answer.status_code == 200, (peer, host)


STRANGERS: dict[str, dict[str, Any]] = {
    "elsewhere": {"environ_base": FAR},
    "a socket without an address": {"environ_base": {"REMOTE_ADDR": ""}},
    "through a proxy": {"headers": {"X-Forwarded-For": "192.0.2.7"}},
    "through a proxy, pretending to be here": {"headers": {"X-Forwarded-For": "127.0.0.1"}},
    "elsewhere, pretending to be here": {"environ_base": FAR, "headers": {"X-Forwarded-For": "127.0.0.1"}},
    "through a proxy that says only how": {"headers": {"X-Forwarded-Proto": "https"}},
    "through a proxy by the standard": {"headers": {"Forwarded": "for=127.0.0.1"}},
    "through another one": {"headers": {"X-Real-IP": "127.0.0.1"}},
    "through a proxy that tells the name alone": {"base_url": "https://letters.example.ca"},
    "a page whose name was made to lead here": {"base_url": "http://localhost.elsewhere.example:8000"},
    "another token": {"environ_base": FAR, "headers": {"Authorization": f"Bearer {TOKEN}."}},
    "another token in letters of its own": {"environ_base": FAR, "headers": {"Authorization": "Bearer clé"}},
    "the token in another way": {"environ_base": FAR, "headers": {"Authorization": f"Basic {TOKEN}"}},
    "the token in the address": {"environ_base": FAR, "query_string": {"token": TOKEN}},
    "no token": {"environ_base": FAR, "headers": {"Authorization": "Bearer "}},
}


def test_to_all_others_the_page_does_not_exist(runtime: Runtime) -> None:
    clients = [client_of(runtime, hops=0, token=TOKEN), client_of(runtime, hops=1)]
    for client in clients:
        for who, asked in STRANGERS.items():
            answer, unknown = client.get("/metrics", **asked), client.get("/no-such-page", **asked)
            assert answer.status_code == 404, who
            for one in (answer, unknown):
                del one.headers["X-Request-Id"]
            assert (answer.text, list(answer.headers)) == (unknown.text, list(unknown.headers)), who


def test_the_token_lets_in_from_anywhere_and_is_never_logged(
    runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = client_of(runtime, token=TOKEN, hops=1)

    for scheme in ("Bearer", "bearer"):
        headers = {"Authorization": f"{scheme} {TOKEN}", "X-Forwarded-For": "192.0.2.7"}
        answer = client.get("/metrics", headers=headers, environ_base=FAR, base_url="https://letters.example.ca")
        assert answer.status_code == 200
    assert any(message.startswith("GET /metrics 200") for message in caplog.messages)
    assert TOKEN not in caplog.text


def test_a_database_that_is_away_is_told_in_a_line_to_readers_alone() -> None:
    engine = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    settings = Settings(secret_key=SecretStr(SECRET), data_keys=SecretStr(KEYS.text))
    client = client_of(Runtime(settings, engine, open_sessions(engine)))

    answer = client.get("/metrics")

    assert (answer.status_code, answer.text, answer.mimetype) == (503, "the database cannot be read\n", "text/plain")
    assert client.get("/metrics", environ_base=FAR).status_code == 404
    engine.dispose()


def reports(count: int) -> Iterator[ProviderEvent]:
    """What a provider told, a minute after the other."""
    for number in range(count):
        yield ProviderEvent(
            provider="sendgrid",
            provider_event_id=f"event-{number}",
            public_id="p" * 32,
            kind="delivered",
            at=NOW,
            received_at=NOW + number * MINUTE,
            raw={},
        )
