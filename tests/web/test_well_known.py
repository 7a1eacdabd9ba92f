"""Programs find what they look for at its fixed address, and search engines are kept out of what is a citizen's."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from advocacy.app import create_app
from advocacy.runtime import Runtime
from advocacy.settings import Settings, SettingsError
from tests.builders import SECRET
from tests.web.shared_site import NOW
from tests.web.test_assets import get
from tests.web.test_routes import address, rules, view_of

SECURITY = "/.well-known/security.txt"


def disallowed(client: FlaskClient) -> list[str]:
    lines = client.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    return [line.removeprefix("Disallow: ") for line in lines[1:]]


def test_search_engines_may_read_what_is_the_same_for_everyone_and_nothing_else(
    app: Flask, client: FlaskClient
) -> None:
    patterns = [f"{path}*" for path in disallowed(client)]
    wrong = []
    for rule in rules(app):
        view = view_of(app, rule)
        private = getattr(view, "no_store", False) or rule.rule.startswith("/staff/")
        refused = any(fnmatchcase(address(app, rule).replace("/1/", "/x/"), pattern) for pattern in patterns)
        if private is not refused and not rule.endpoint.startswith("health."):
            wrong.append(rule.rule)
    assert wrong == []


def with_contact(runtime: Runtime, contact: str) -> FlaskClient:
    update = {"security_contact": contact, "base_url": "https://letters.example.ca", "secret_key": SecretStr(SECRET)}
    settings = runtime.settings.model_copy(update=update)
    return create_app(replace(runtime, settings=settings), now=lambda: NOW).test_client()


def test_whoever_finds_a_weakness_learns_whom_to_write_to(runtime: Runtime) -> None:
    answer = with_contact(runtime, "mailto:security@example.ca").get(SECURITY, base_url="https://letters.example.ca")
    assert answer.mimetype == "text/plain"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:security@example.ca"
    assert fields["Canonical"] == f"https://letters.example.ca{SECURITY}"
    assert fields["Preferred-Languages"] == "en, fr"
    expires = datetime.strptime(fields["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=30) < expires - NOW < timedelta(days=365)


def test_a_contact_is_an_address_or_a_page() -> None:
    for given, named in (
        ("security@example.ca", "mailto:security@example.ca"),
        ("https://example.ca/security", "https://example.ca/security"),
    ):
        assert Settings.from_mapping({"ADVOCACY_SECURITY_CONTACT": given}).security_contact == named


@pytest.mark.parametrize("given", ["someone", "http://example.ca/", "https://example.ca/ a", "mailto:a@b.ca\nX: y"])
def test_any_other_contact_is_refused_with_advice(given: str) -> None:
    with pytest.raises(SettingsError, match="https://"):
        Settings.from_mapping({"ADVOCACY_SECURITY_CONTACT": given})


@pytest.mark.parametrize(
    ("path", "begins"), [("/favicon.ico", b"\0\0\1\0\1\0\x20\x20"), ("/apple-touch-icon.png", b"\x89PNG")]
)
def test_icons_are_where_browsers_ask_for_them(client: FlaskClient, path: str, begins: bytes) -> None:
    answer = get(client, path)
    assert answer.status_code == 200
    assert answer.get_data().startswith(begins)
    assert "icon" in str(answer.mimetype) or answer.mimetype == "image/png"
    assert re.search(r"max-age=86400\b", answer.headers["Cache-Control"])
    assert "immutable" not in answer.headers["Cache-Control"]
