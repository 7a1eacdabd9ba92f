"""Nothing enters unasked or too large; the cookie, the headers and the token are what they should be."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask, render_template_string, request, session
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from advocacy.app import create_app
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.web.security import BODY_LIMIT, PARTS_LIMIT, _warn_once, form_page, public
from tests.builders import SECRET
from tests.web.shared_site import NOW

FORM = "/fr/form"
PLAIN, HTTPS = "http://localhost", "https://localhost"


def with_form(app: Flask) -> Flask:
    """The site with a form that says what arrived."""

    @app.route("/<lang:language>/form", methods=["GET", "POST"])
    @form_page
    def form(language: Language) -> str:
        if request.method == "POST":
            return f"{request.form.get('name')} {request.remote_addr}"
        return render_template_string("{{ csrf_token() }}")

    @app.get("/<lang:language>/read")
    @public
    def read(language: Language) -> str:
        return "<p>the same for everyone</p>" * 100

    return app


@pytest.fixture(scope="module")
def form_app(runtime: Runtime) -> Flask:
    return with_form(create_app(runtime, now=lambda: NOW))


@pytest.fixture
def formed(form_app: Flask) -> FlaskClient:
    return form_app.test_client()


def post(client: FlaskClient, *, base_url: str = PLAIN, referer: str | None = None, **more: str) -> TestResponse:
    token = client.get(FORM, base_url=base_url).text
    headers = {"Referer": referer or f"{base_url}{FORM}"}
    return client.post(FORM, data={"csrf_token": token, **more}, base_url=base_url, headers=headers)


@pytest.mark.parametrize("path", ["/healthz", FORM, "/fr/read", "/fr/no/such/place"])
def test_every_answer_is_guarded(formed: FlaskClient, path: str) -> None:
    headers = formed.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))

    assert policy.pop("img-src") == "'self' data:"
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_a_page_of_the_form_is_kept_by_no_cache_and_no_search_engine(formed: FlaskClient) -> None:
    for answer in (formed.get(FORM), post(formed), formed.post(FORM), formed.get("/fr/no/such/place")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_page_for_everyone_may_be_found_and_sets_no_cookie(formed: FlaskClient) -> None:
    headers = formed.get("/fr/read").headers

    assert "X-Robots-Tag" not in headers
    assert "no-store" not in headers.get("Cache-Control", "")
    assert "Set-Cookie" not in headers


def test_a_page_for_everyone_travels_packed_and_a_page_with_a_token_does_not(formed: FlaskClient) -> None:
    takes = {"Accept-Encoding": "gzip, br"}

    packed = formed.get("/fr/read", headers=takes)
    assert packed.headers["Content-Encoding"] == "br"
    assert len(packed.data) < 200
    assert "Content-Encoding" not in formed.get("/fr/read").headers
    assert "Content-Encoding" not in formed.get(FORM, headers=takes).headers
    assert {formed.get("/fr/read", headers=asked).headers["Vary"] for asked in (takes, {})} == {"Accept-Encoding"}


@pytest.mark.parametrize("base_url", [PLAIN, HTTPS])
def test_a_form_with_its_token_is_taken(formed: FlaskClient, base_url: str) -> None:
    assert post(formed, base_url=base_url, name="Camille").text == "Camille 127.0.0.1"


@pytest.mark.parametrize(("base_url", "token"), [(PLAIN, ""), (HTTPS, ""), (HTTPS, "IjEyMyI.Zz.x")])
def test_a_form_without_its_token_is_refused(formed: FlaskClient, base_url: str, token: str) -> None:
    formed.get(FORM, base_url=base_url)
    headers = {"Referer": f"{base_url}{FORM}"}
    answer = formed.post(FORM, data={"csrf_token": token, "name": "canary"}, base_url=base_url, headers=headers)

    assert answer.status_code == 400
    assert "canary" not in answer.text


def test_over_https_a_form_from_another_site_is_refused(formed: FlaskClient) -> None:
    assert post(formed, base_url=HTTPS, referer="https://elsewhere.example/").status_code == 400


def test_a_token_of_another_browser_is_refused(form_app: Flask) -> None:
    token = form_app.test_client().get(FORM).text
    other = form_app.test_client()
    other.get(FORM)

    assert other.post(FORM, data={"csrf_token": token}).status_code == 400


def test_the_cookie_holds_a_random_number_only(form_app: Flask) -> None:
    client = form_app.test_client()
    post(client, name="canary")

    with client.session_transaction() as kept:
        assert set(kept) == {"csrf_token"}
        assert re.fullmatch(r"[0-9a-f]{40}", kept["csrf_token"])


def test_the_cookie_is_held_to_its_host_where_browsers_can(form_app: Flask) -> None:
    client = form_app.test_client()
    plain = client.get(FORM, base_url=PLAIN).headers["Set-Cookie"]
    https = form_app.test_client().get(FORM, base_url=HTTPS).headers["Set-Cookie"]

    assert re.fullmatch(r"advocacy=[^;]+; HttpOnly; Path=/; SameSite=Lax", plain)
    assert re.fullmatch(r"__Host-advocacy=[^;]+; Secure; HttpOnly; Path=/; SameSite=Lax", https)


def test_a_form_as_large_as_allowed_is_taken(formed: FlaskClient) -> None:
    assert post(formed, name="é" * 20_000).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "GET"])
def test_a_body_over_the_limit_is_refused_before_it_is_read(formed: FlaskClient, method: str) -> None:
    class Unreadable(BytesIO):
        def read(self, *_: object) -> bytes:
            raise AssertionError("it was read")

        readinto = readline = read  # type: ignore[assignment]

    answer = formed.open(
        FORM,
        method=method,
        input_stream=Unreadable(),
        environ_overrides={"CONTENT_LENGTH": str(BODY_LIMIT + 1)},
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 413
    assert "Set-Cookie" not in answer.headers


def test_a_body_of_unknown_length_is_refused(formed: FlaskClient) -> None:
    answer = formed.post(
        FORM,
        input_stream=BytesIO(b"name=" + b"x" * BODY_LIMIT),
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 411


def test_a_form_that_was_cut_off_on_its_way_is_not_taken_for_the_whole(formed: FlaskClient) -> None:
    body = f"csrf_token={formed.get(FORM).text}&name=Camille".encode()
    sent = {"CONTENT_LENGTH": str(len(body) + 1), "wsgi.input_terminated": True}
    kind = "application/x-www-form-urlencoded"

    assert formed.post(FORM, data=body, content_type=kind).status_code == 200
    assert formed.post(FORM, data=body, content_type=kind, environ_overrides=sent).status_code == 400


def test_more_fields_than_a_form_has_are_refused(formed: FlaskClient) -> None:
    fields = {f"field-{number}": "x" for number in range(PARTS_LIMIT + 1)}

    assert formed.post(FORM, data=fields, content_type="multipart/form-data").status_code == 413


@pytest.mark.parametrize("body", [b"--", b"--x\r\nContent-Disposition: form-data\r\n\r\ny\r\n--x--\r\n"])
def test_a_broken_form_is_refused_with_a_page(formed: FlaskClient, body: bytes) -> None:
    assert formed.post(FORM, data=body, content_type="multipart/form-data; boundary=x").status_code == 400
    assert formed.post(FORM, data=body, content_type="multipart/form-data").status_code == 400


@pytest.mark.parametrize(("hops", "seen", "secure"), [(0, "127.0.0.1", False), (1, "198.51.100.7", True)])
def test_proxies_are_believed_as_far_as_the_settings_trust_them(
    runtime: Runtime, *, hops: int, seen: str, secure: bool
) -> None:
    settings = runtime.settings.model_copy(update={"proxy_hops": hops})
    app = create_app(replace(runtime, settings=settings))

    @app.get("/seen")
    @public
    def tell() -> str:
        return f"{request.remote_addr} {request.is_secure}"

    headers = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7", "X-Forwarded-Proto": "https"}
    assert app.test_client().get("/seen", headers=headers).text == f"{seen} {secure}"


def test_another_key_reads_no_cookie_of_this_one(form_app: Flask, runtime: Runtime) -> None:
    mine = form_app.test_client()
    mine.get(FORM)
    cookie = mine.get_cookie("advocacy")
    settings = runtime.settings.model_copy(update={"secret_key": SecretStr(SECRET[::-1])})
    theirs = create_app(replace(runtime, settings=settings))

    @theirs.get("/kept")
    @public
    def kept() -> str:
        return str(sorted(session))

    assert cookie is not None
    assert theirs.test_client().get("/kept", headers={"Cookie": f"advocacy={cookie.value}"}).text == "[]"


def said_of_proxies(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.name == "advocacy.web.security"]


def behind(runtime: Runtime, hops: int) -> FlaskClient:
    """A site that believes as many proxies, with a form, and has warned of none yet."""
    _warn_once.cache_clear()
    settings = runtime.settings.model_copy(update={"proxy_hops": hops})
    return with_form(create_app(replace(runtime, settings=settings))).test_client()


def test_a_proxy_that_is_not_believed_is_told_of_once(runtime: Runtime, caplog: pytest.LogCaptureFixture) -> None:
    client = behind(runtime, 0)
    client.get("/healthz")
    assert said_of_proxies(caplog) == []

    for address in ("203.0.113.9", "203.0.113.10"):
        client.get("/healthz", headers={"X-Forwarded-For": address})

    [said] = said_of_proxies(caplog)
    assert "set ADVOCACY_PROXY_HOPS to how many do" in said
    assert "203.0.113" not in caplog.text


@pytest.mark.parametrize(("hops", "header"), [(1, {}), (2, {"X-Forwarded-For": "203.0.113.9"})])
def test_proxies_that_name_too_few_are_told_of_once_and_by_a_form_alone(
    runtime: Runtime, caplog: pytest.LogCaptureFixture, *, hops: int, header: dict[str, str]
) -> None:
    client = behind(runtime, hops)
    client.get("/healthz", headers=header)
    assert said_of_proxies(caplog) == [], "what watches over the site may ask past the proxy"

    client.post(FORM, headers=header)
    client.post(FORM, headers=header)

    [said] = said_of_proxies(caplog)
    assert "fewer addresses than ADVOCACY_PROXY_HOPS" in said
    assert "203.0.113" not in caplog.text


@pytest.mark.parametrize("named", ["203.0.113.9", "192.0.2.1, 203.0.113.9"])
def test_a_proxy_as_the_settings_have_it_is_not_told_of(
    runtime: Runtime, caplog: pytest.LogCaptureFixture, named: str
) -> None:
    behind(runtime, 1).post(FORM, headers={"X-Forwarded-For": named})
    assert said_of_proxies(caplog) == []
