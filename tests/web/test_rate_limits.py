"""A network that asks for too many costly pages is told to wait; nobody else is, and nothing typed is lost."""

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from advocacy.app import create_app
from advocacy.letters.screening import screen_letter
from advocacy.runtime import Runtime
from advocacy.web.public import letter_review
from advocacy.web.rate_limits import KILOBYTE
from tests.web.public.visitor import FILLED, Visitor
from tests.web.shared_site import NOW

ATTACKER, STRANGER = "203.0.113.7", "198.51.100.7"
POINTS = 60


@pytest.fixture(scope="module")
def limited(runtime: Runtime) -> Runtime:
    """A site whose networks have few points, so that few requests use them up."""
    return replace(runtime, settings=runtime.settings.model_copy(update={"network_points_per_minute": POINTS}))


@pytest.fixture
def site(limited: Runtime) -> Flask:
    return create_app(limited, now=lambda: NOW)


def visitor_from(site: Flask, address: str, language: str = "en") -> Visitor:
    visitor = Visitor.of(site, language=language)
    visitor.client.environ_base["REMOTE_ADDR"] = address
    return visitor


def reviewed(visitor: Visitor) -> dict[str, str]:
    """Review one letter; return what the page would send back."""
    visitor.post("review", FILLED)
    return dict(visitor.values())


def edited(fields: dict[str, str], body: str) -> dict[str, str]:
    return {name: body if name.startswith("body-") else value for name, value in fields.items() if name != "csrf_token"}


def test_long_texts_to_check_are_refused_before_they_are_read(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    attacker = visitor_from(site, ATTACKER)
    fields = reviewed(attacker)
    checks: list[object] = []

    def count(lines: Any, **more: Any) -> Any:
        checks.append(lines)
        return screen_letter(lines, **more)

    monkeypatch.setattr(letter_review, "screen_letter", count)
    statuses = []
    for number in range(12):
        body = f"{number} " + "The Senate adopted Bill C-34. " * 380
        statuses.append(attacker.post("review", edited(fields, body)).status)
    assert statuses[-8:] == [429] * 8
    assert 0 < len(checks) <= 12 - 8


def test_whoever_is_refused_is_told_when_to_come_again_in_their_language_and_keeps_the_draft(site: Flask) -> None:
    attacker = visitor_from(site, ATTACKER, "fr")
    fields = reviewed(attacker)
    while attacker.status != 429:
        attacker.post("review", edited(fields, "Un texte assez long. " * 400))
    assert 1 <= int(attacker.answer.headers["Retry-After"]) <= 120
    assert attacker.page.html is not None
    assert attacker.page.html["lang"] == "fr"
    assert "votre texte y est toujours" in attacker.page.get_text()
    assert attacker.answer.headers["Cache-Control"] == "no-store"


def test_another_network_and_pages_that_cost_nothing_go_on(site: Flask) -> None:
    attacker = visitor_from(site, ATTACKER)
    long = {**FILLED, "unread": "x" * 20 * KILOBYTE}
    assert [attacker.post("review", long).status for _ in range(3)] == [200, 200, 429]
    assert visitor_from(site, STRANGER).post("review", FILLED).status == 200
    assert attacker.get("write").status == 200
    assert attacker.client.get("/en/help").status_code == 200


def test_the_machine_itself_is_not_counted(site: Flask) -> None:
    own = visitor_from(site, "127.0.0.1")
    assert {own.post("review", {**FILLED, "unread": "x" * 20 * KILOBYTE}).status for _ in range(4)} == {200}


def test_no_log_tells_one_network_from_another(site: Flask, caplog: pytest.LogCaptureFixture) -> None:
    long = {**FILLED, "unread": "x" * 40 * KILOBYTE}
    with caplog.at_level("INFO"):
        for address in (ATTACKER, STRANGER):
            assert [visitor_from(site, address).post("review", long).status for _ in range(2)] == [200, 429]
    answers = [line for line in caplog.messages if re.fullmatch(r"(GET|POST) /[^ ]+ \d{3} [\d.]+ ms", line)]
    assert caplog.messages == answers, "lines of requests alone: method, route, status, time"
    assert any(" 429 " in line for line in answers)


@pytest.mark.loopback
def test_points_are_counted_here_while_redis_is_away(limited: Runtime) -> None:
    settings = limited.settings.model_copy(update={"queue_url": "redis://127.0.0.1:1/0"})
    site = create_app(replace(limited, settings=settings), now=lambda: NOW)
    long = {**FILLED, "unread": "x" * 20 * KILOBYTE}
    attacker = visitor_from(site, ATTACKER)
    assert [attacker.post("review", long).status for _ in range(3)] == [200, 200, 429]
