"""A site with a name answers under that name alone; over https browsers are told to stay there."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from advocacy.app import create_app
from advocacy.runtime import Runtime
from tests.web.shared_site import NOW

NAME = "https://letters.example.ca"
HSTS = "Strict-Transport-Security"
CAMPAIGN = "/fr/child-protection/"


@pytest.fixture(scope="module")
def named_app(runtime: Runtime) -> Iterator[Flask]:
    """A site that is told its address, behind one proxy."""
    settings = runtime.settings.model_copy(update={"base_url": NAME, "proxy_hops": 1})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("advocacy.production.ENV_FILE", Path("no such file"))
        yield create_app(replace(runtime, settings=settings), now=lambda: NOW)


@pytest.fixture
def named(named_app: Flask) -> FlaskClient:
    return named_app.test_client()


@pytest.mark.parametrize("path", ["/en", "/staff/sign-in", CAMPAIGN, "/healthz", "/no/such/page"])
def test_another_name_gets_the_sites_address_and_no_redirect_there(named: FlaskClient, path: str) -> None:
    assert named.get(CAMPAIGN, base_url=NAME).status_code == 200, "a page shown a moment ago is answered apart"
    answer = named.get(path, base_url="https://evil.example")

    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert NAME in answer.text
    assert "evil" not in answer.text


def test_another_name_from_a_proxy_is_refused_as_well(named: FlaskClient) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
    answer = named.get("/en", base_url=NAME, headers=headers)

    assert (answer.status_code, answer.headers.get("Location")) == (400, None)


def test_the_page_that_says_so_speaks_the_language_of_the_address(named: FlaskClient) -> None:
    answer = named.get("/fr/help", base_url="https://evil.example")

    assert '<html lang="fr">' in answer.text
    assert f"Allez à {NAME}" in answer.text


@pytest.mark.parametrize("name", ["http://localhost:8000", "http://127.0.0.1:8000"])
def test_what_watches_over_the_site_asks_under_the_machines_own_name(named: FlaskClient, name: str) -> None:
    assert [named.get(path, base_url=name).status_code for path in ("/healthz", "/readyz", "/metrics")] == [200] * 3
    assert named.get("/en/help", base_url=name).status_code == 400


def test_every_answer_over_https_keeps_browsers_there(named: FlaskClient) -> None:
    for path in ("/en/help", CAMPAIGN, "/no/such/page", "/staff/sign-in"):
        answer = named.get(path, base_url=NAME)
        assert answer.headers.getlist(HSTS) == ["max-age=63072000; includeSubDomains"], path


def test_https_that_the_proxy_tells_of_counts_and_plain_http_does_not(named: FlaskClient, client: FlaskClient) -> None:
    plain, headers = NAME.replace("https", "http"), {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}

    assert HSTS in named.get(CAMPAIGN, base_url=plain, headers=headers).headers
    assert HSTS not in named.get(CAMPAIGN, base_url=plain).headers
    assert HSTS not in client.get(CAMPAIGN, headers=headers).headers, "nobody named that proxy"
