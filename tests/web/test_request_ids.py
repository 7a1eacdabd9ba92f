"""Each request has a number that its answer, its lines of the log and the page of an error share."""

import logging
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.contextvars import get_contextvars

from advocacy.app import create_app
from advocacy.runtime import Runtime
from tests.web.shared_site import NOW

NUMBER = re.compile(r"[0-9a-f]{16}")
OF_NGINX, UUID = "0af7651916cd43dd8448eb211c80319c", "67e55044-10b1-426f-9247-bb680e5fe0c8"
MADE_UP = ("canari", "5145550199", OF_NGINX + "0", OF_NGINX.upper(), f"{OF_NGINX}\nx", "", "../" + UUID)


def client_of(runtime: Runtime, *, hops: int) -> FlaskClient:
    settings = runtime.settings.model_copy(update={"proxy_hops": hops})
    return create_app(replace(runtime, settings=settings), now=lambda: NOW).test_client()


def test_every_answer_carries_a_number_of_its_own_that_the_log_has_too(client: FlaskClient) -> None:
    seen = set()
    for path in ("/healthz", "/en/", "/en/child-protection/", "/en/child-protection/", "/en/no-such", "/staff/"):
        number = client.get(path).headers["X-Request-Id"]
        assert NUMBER.fullmatch(number)
        assert get_contextvars() == {"request_id": number}
        seen.add(number)
    assert len(seen) == 6


@pytest.mark.parametrize("named", [OF_NGINX, UUID])
def test_the_number_of_a_proxy_of_ones_own_is_taken_over_and_nobody_elses(runtime: Runtime, named: str) -> None:
    assert client_of(runtime, hops=1).get("/healthz", headers={"X-Request-Id": named}).headers["X-Request-Id"] == named
    assert client_of(runtime, hops=0).get("/healthz", headers={"X-Request-Id": named}).headers["X-Request-Id"] != named


def test_words_that_a_visitor_sends_for_a_number_are_not_taken_over(runtime: Runtime) -> None:
    client = client_of(runtime, hops=1)
    for words in MADE_UP:
        answer = client.get("/healthz", environ_overrides={"HTTP_X_REQUEST_ID": words})
        assert NUMBER.fullmatch(answer.headers["X-Request-Id"]), words


def test_the_page_of_a_failure_shows_the_number_to_quote_and_no_other_page_does(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("canari")

    monkeypatch.setitem(own_app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(own_app.view_functions, "public.privacy", fail)
    client = own_app.test_client()
    with caplog.at_level(logging.ERROR):
        answer = client.get("/fr/privacy")
    number = answer.headers["X-Request-Id"]
    assert answer.status_code == 500
    assert number in answer.text
    assert caplog.records[0].__dict__["error"] == "RuntimeError"
    missing = client.get("/fr/no-such")
    assert missing.headers["X-Request-Id"] not in missing.text
