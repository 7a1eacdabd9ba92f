"""Errors are told in the reader's language with what to do, and neither page nor log repeats what was typed."""

import logging
import re
from collections.abc import Iterable

import pytest
from bs4 import BeautifulSoup
from flask import Flask, abort, request
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

from advocacy.app import create_app
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.web.errors import ADVICE, EXPIRED
from advocacy.web.security import form_page, public
from tests.web.shared_site import NOW

CANARY = "canari-7f3a"


@pytest.fixture(scope="module")
def failing_app(runtime: Runtime) -> Flask:
    """A site with a route for every way to fail."""
    app = create_app(runtime, now=lambda: NOW)

    @app.get("/<lang:language>/<campaign>/fail/<int:code>")
    @public
    def fail(language: Language, campaign: str, code: int) -> str:
        abort(code)

    @app.route("/<lang:language>/<campaign>/break", methods=["GET", "POST"])
    @form_page
    def break_down(language: Language, campaign: str) -> str:
        raise RuntimeError(request.values["name"])

    @app.get("/<lang:language>/away")
    @public
    def away(language: Language) -> str:
        raise OperationalError("SELECT :name", {"name": request.args["name"]}, Exception(CANARY))

    @app.get("/<lang:language>/later")
    @public
    def later(language: Language) -> str:
        raise TooManyRequests(retry_after=60)

    app.config["WTF_CSRF_ENABLED"] = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture
def failing(failing_app: Flask) -> FlaskClient:
    return failing_app.test_client()


def told(page: str) -> tuple[str, str]:
    """The language and the text of a page."""
    soup = BeautifulSoup(page, "lxml")
    return str(soup.html["lang"]), re.sub(r"[ \n]+", " ", soup.get_text(" "))  # type: ignore[index]


def spoken(app: Flask, advice: Iterable[object], language: Language) -> list[str]:
    with app.test_request_context(f"/{language}/"):
        return [str(words) for words in advice]


@pytest.mark.parametrize("code", ADVICE)
def test_an_error_says_what_to_do_in_the_language_of_the_address(app: Flask, failing: FlaskClient, code: int) -> None:
    answer = failing.get(f"/fr/child-protection/fail/{code}", headers={"Accept-Language": "en, fr"})
    lang, text = told(answer.text)

    assert (answer.status_code, lang) == (code, "fr")
    assert answer.mimetype == "text/html"
    assert all(words in text for words in spoken(app, ADVICE[code], Language.FR))


def test_outside_of_any_language_an_error_is_told_as_the_browser_asks(failing: FlaskClient) -> None:
    for asks in Language:
        assert told(failing.get("/de/", headers={"Accept-Language": asks}).text)[0] == asks


@pytest.mark.parametrize("code", [410, 418, 504])
def test_an_error_that_nobody_foresaw_is_told_like_its_nearest(failing: FlaskClient, code: int) -> None:
    answer = failing.get(f"/fr/child-protection/fail/{code}")

    assert answer.status_code == code
    assert told(answer.text)[0] == "fr"


def test_a_page_that_is_only_posted_to_says_so(failing: FlaskClient) -> None:
    answer = failing.get("/fr/child-protection/review")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert told(answer.text)[0] == "fr"


def test_a_form_without_its_token_is_told_how_to_go_on(app: Flask, client: FlaskClient) -> None:
    answer = client.post("/fr/child-protection/write", data={"name": CANARY})
    text = told(answer.text)[1]

    assert answer.status_code == 400
    assert CANARY not in answer.text
    assert all(words in text for words in spoken(app, EXPIRED, Language.FR))


def test_a_database_that_is_away_is_no_mistake_of_the_site(failing: FlaskClient) -> None:
    answer = failing.get(f"/en/away?name={CANARY}")

    assert (answer.status_code, answer.headers["Retry-After"]) == (ServiceUnavailable.code, "30")
    assert CANARY not in answer.text


@pytest.mark.parametrize("broken", ["{% extends 'no-such.html' %}", "{{ no_such_name }}", "{{ 1 / 0 }}"])
def test_an_error_is_told_even_where_its_page_is_broken(
    failing_app: Flask, failing: FlaskClient, *, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = failing_app.jinja_env.from_string(broken)
    monkeypatch.setattr(failing_app.jinja_env, "get_or_select_template", lambda *_: template)

    answer = failing.get("/fr/child-protection/fail/404")
    lang, text = told(answer.text)

    assert (answer.status_code, lang) == (404, "fr")
    assert all(words in text for words in spoken(failing_app, ADVICE[404], Language.FR))
    assert BeautifulSoup(answer.text, "lxml").find("a", href="/fr/")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_failure_is_logged_by_its_place_and_not_by_what_was_typed(
    failing: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asked = [
        failing.post("/fr/child-protection/break", data={"name": CANARY}),
        failing.get(f"/fr/child-protection/break?name={CANARY}"),
        failing.get(f"/fr/away?name={CANARY}"),
        failing.get(f"/fr/{CANARY}/{CANARY}/{CANARY}?{CANARY}"),
        failing.open("/fr/", method=CANARY.upper()),
        failing.post("/fr/child-protection/write", data={"name": CANARY * 30_000}),
    ]

    assert [answer.status_code for answer in asked] == [500, 500, 503, 404, 405, 413]
    assert not any(CANARY in answer.text.lower() for answer in asked)
    assert CANARY not in caplog.text.lower()
    assert "127.0.0.1" not in caplog.text
    assert "RuntimeError on POST /<lang:language>/<campaign>/break at " in caplog.text
    assert "test_errors.py" in caplog.text


def test_a_request_is_logged_by_its_route(failing: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="advocacy.web.security")
    failing.get("/fr/child-protection/fail/422", headers={"User-Agent": CANARY})
    failing.get("/healthz")

    said = [message.rsplit(" ", 2)[0] for message in caplog.messages]
    assert said == ["GET /<lang:language>/<campaign>/fail/<int:code> 422", "GET /healthz 200"]
