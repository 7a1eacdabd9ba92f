"""Signing in: two steps, each of them once, alike for known and unknown; nobody outside can lock anybody out."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from flask_security.webauthn import WebAuthnSigninResponseForm
from sqlalchemy import func, select, text

from advocacy.app import create_app
from advocacy.delivery.models import Message
from advocacy.dispatch import make_kinds
from advocacy.runtime import Runtime
from advocacy.staff.audit_log import MAX_REPEATED
from advocacy.staff.models import Account, AccountMail, AuditEntry, Passkey, StaffEmail
from advocacy.web.services import NAME as SERVICES
from advocacy.web.staff import STAFF
from advocacy.web.staff.access import BEGAN_AT
from advocacy.web.staff.sign_in_limits import PASSWORD as PASSWORD_LIMITS
from advocacy.web.staff.sign_in_limits import RESET, Limits
from tests.web.shared_site import NOW
from tests.web.staff.browser import TOKEN, put_cookie, read_cookie
from tests.web.staff.conftest import Clock
from tests.web.staff.people import PASSWORD, Person, enter, enter_fully, post, somebody

NEW = "cinq chats sous la pluie"
ELSEWHERE = "198.51.100.7"


@pytest.fixture
def maude(app: Flask, runtime: Runtime) -> Person:
    return somebody(app, runtime, NOW)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def acts(runtime: Runtime) -> list[str]:
    with runtime.sessions() as session:
        return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def entry(runtime: Runtime, act: str) -> list[tuple[str, int | None, object]]:
    with runtime.sessions() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.act == act).order_by(AuditEntry.id))
        return [(one.subject, one.account_id, one.after) for one in found]


def is_in(client: FlaskClient) -> bool:
    return client.get("/staff/account").status_code == 200


def test_password_and_code_open_the_page_that_was_wanted(client: FlaskClient, maude: Person, runtime: Runtime) -> None:
    wanted = client.get("/staff/deliveries").headers["Location"]
    second = post(client, "/staff/sign-in", wanted, email=maude.email, password=PASSWORD, next="/staff/deliveries")
    assert second.headers["Location"] == "/staff/second?next=/staff/deliveries"
    assert not is_in(client), "the password alone opens nothing"
    answer = post(client, second.headers["Location"], code=maude.code(NOW))
    assert answer.headers["Location"] == "/staff/deliveries"
    assert "Your code has been confirmed" in client.get("/staff/account").text
    assert acts(runtime) == ["signed-in"]


def test_a_form_left_empty_says_one_thing_once(client: FlaskClient) -> None:
    assert post(client, "/staff/sign-in", email="", password="").text.count("is not right, or the account") == 1


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "/\\evil.example"])
def test_nobody_is_led_to_another_site(client: FlaskClient, maude: Person, elsewhere: str) -> None:
    enter(client, maude)
    answer = post(client, f"/staff/second?next={elsewhere}", code=maude.code(NOW))
    assert re.match(r"/[^/\\]", answer.headers["Location"])
    for back in (elsewhere, "//evil.example", "///evil.example"):
        language = post(client, "/staff/language", "/staff/account", language="fr", back=back)
        assert language.headers["Location"] == "/staff/"


def test_the_password_counts_for_ten_minutes(client: FlaskClient, clock: Clock, maude: Person) -> None:
    enter(client, maude)
    clock.set(minutes=11)
    assert client.get("/staff/second").headers["Location"] == "/staff/sign-in"


def test_no_citizens_page_knows_the_staffs_cookie(client: FlaskClient, app: Flask, maude: Person) -> None:
    enter_fully(client, maude, NOW)
    cookie = client.get_cookie(STAFF)
    assert cookie
    assert cookie.http_only
    assert [name for name in ("advocacy", STAFF) if client.get_cookie(name)] == [STAFF]
    stranger = app.test_client()
    stranger.set_cookie("advocacy", cookie.value)
    assert not is_in(stranger), "each cookie is signed for its own pages"
    put_cookie(app, stranger, tf_user_id="x")
    assert read_cookie(app, stranger) == {"tf_user_id": "x"}


def test_known_and_unknown_wrong_and_closed_are_answered_alike(app: Flask, runtime: Runtime, maude: Person) -> None:
    closed = somebody(app, runtime, NOW, email="closed@example.ca")
    invited = somebody(app, runtime, NOW, email="invited@example.ca")
    with runtime.sessions.begin() as session:
        session.get_one(Account, closed.id).active = False
        session.get_one(Account, invited.id).password = None
    answers = set()
    for email, password in (
        (maude.email, "wrong"),
        ("nobody@example.ca", PASSWORD),
        (closed.email, PASSWORD),
        (invited.email, PASSWORD),
    ):
        answer = post(app.test_client(), "/staff/sign-in", email=email, password=password)
        page = TOKEN.sub("", answer.text.replace(email, "ADDRESS"))
        answers.add((answer.status_code, len(page), page.count("ADDRESS")))
        assert PASSWORD not in answer.text
        assert "is not right, or the account is closed" in answer.text
    assert len(answers) == 1
    assert {status for status, *_ in answers} == {422}


def test_failed_tries_are_in_the_audit_log_and_cannot_flood_it(app: Flask, runtime: Runtime, maude: Person) -> None:
    for _ in range(MAX_REPEATED + 2):
        enter(app.test_client(), Person(0, "nobody@example.ca", None), "wrong")
    enter(app.test_client(), maude, "wrong")
    expected = [("sign-in", None, None)] * PASSWORD_LIMITS.account + [(f"account:{maude.id}", None, None)]
    assert entry(runtime, "sign-in-failed") == expected


def test_a_refused_page_is_in_the_audit_log_and_cannot_flood_it(app: Flask, runtime: Runtime, maude: Person) -> None:
    client = app.test_client()
    enter_fully(client, maude, NOW)
    assert [client.get("/staff/deliveries").status_code for _ in range(MAX_REPEATED + 2)] == [403] * (MAX_REPEATED + 2)
    assert entry(runtime, "refused") == [("page:deliveries", maude.id, None)] * MAX_REPEATED


def test_too_many_tries_are_told_alike_and_lock_nobody_out_elsewhere(app: Flask, maude: Person) -> None:
    told = set()
    for person in (maude, Person(0, "nobody@example.ca", None)):
        client = app.test_client()
        wrong = [enter(client, person, "wrong").status_code for _ in range(PASSWORD_LIMITS.account)]
        assert set(wrong) == {422}
        answer = enter(client, person)
        told.add((answer.status_code, answer.headers["Retry-After"], "Wait 20 minutes" in answer.text))
    assert told == {(429, "1200", True)}
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = ELSEWHERE
    assert enter(elsewhere, maude).status_code == 302


@pytest.mark.parametrize(("path", "limits"), [("/staff/sign-in", PASSWORD_LIMITS), ("/staff/forgotten", RESET)])
def test_one_network_tries_few_times_whoever_it_is_for(app: Flask, path: str, limits: Limits) -> None:
    people = [f"nobody{number}@example.ca" for number in range(limits.network + 1)]
    statuses = [post(app.test_client(), path, email=email, password="wrong").status_code for email in people]
    assert 429 not in statuses[:-1]
    assert statuses[-1] == 429


def test_right_tries_are_not_counted(app: Flask, maude: Person) -> None:
    for _ in range(PASSWORD_LIMITS.account + 1):
        assert enter(app.test_client(), maude).status_code == 302


def test_second_steps_are_counted_too(client: FlaskClient, maude: Person) -> None:
    enter(client, maude)
    codes = [post(client, "/staff/second", code="000000").status_code for _ in range(3)]
    recovery = [post(client, "/staff/second/recovery", code="0000-0000-0000").status_code for _ in range(2)]
    assert codes + recovery == [422] * 5
    assert post(client, "/staff/second", code=maude.code(NOW)).status_code == 429
    assert not is_in(client)


def test_where_tries_cannot_be_counted_nobody_is_let_in(client: FlaskClient, maude: Person, runtime: Runtime) -> None:
    client.get("/staff/sign-in")
    with runtime.sessions.begin() as session:
        session.execute(text("DROP TABLE rate_limits"))
    assert enter(client, maude).status_code in {500, 503}
    assert not is_in(client)


def test_a_code_lets_in_once(app: Flask, runtime: Runtime, maude: Person) -> None:
    assert enter_fully(app.test_client(), maude, NOW).status_code == 302
    assert enter_fully(app.test_client(), maude, NOW).status_code == 422
    later = create_app(runtime, now=lambda: NOW + timedelta(seconds=30)).test_client()
    enter(later, maude)
    assert post(later, "/staff/second", code=maude.code(NOW, 30)).status_code == 302


def test_a_recovery_code_lets_in_once(app: Flask, runtime: Runtime, maude: Person) -> None:
    client = app.test_client()
    enter_fully(client, maude, NOW)
    shown = post(client, "/staff/account/recovery")
    codes = [line.text for line in BeautifulSoup(shown.data, "lxml").select(".codes li")]
    assert len(codes) == 10
    later = client.get("/staff/account/recovery?show_codes=yes").text
    assert codes[0] not in later
    assert "You have 10 codes left" in later
    with runtime.sessions() as session:
        assert not set(codes) & set(session.get_one(Account, maude.id).mf_recovery_codes or [])
    statuses = []
    for _ in range(2):
        client = app.test_client()
        enter(client, maude)
        statuses.append(post(client, "/staff/second/recovery", code=f" {codes[9].upper()}").status_code)
    assert statuses == [302, 422]
    expected = ["signed-in", "recovery-codes-made", "recovery-code-used", "signed-in", "sign-in-failed"]
    assert acts(runtime) == expected


@pytest.fixture
def accept(app: Flask, runtime: Runtime, maude: Person, *, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every passkey's answer be a right one of Maude's."""
    with runtime.sessions.begin() as session:
        passkey = Passkey(
            user_id=maude.id, credential_id=b"one", public_key=b"key", backup_state=False, device_type="single_device",
            create_datetime=NOW, lastuse_datetime=NOW, name="blue key", usage="secondary", transports=[],
        )  # fmt: skip
        session.add(passkey)

    def is_right(form: WebAuthnSigninResponseForm, **_: object) -> bool:
        store = app.extensions[STAFF].extensions["security"].datastore
        form.user, form.cred = store.find_user(id=maude.id), store.find_webauthn(credential_id=b"one")
        form.authentication_verification = SimpleNamespace(new_sign_count=1)  # type: ignore[assignment]
        return True

    monkeypatch.setattr(WebAuthnSigninResponseForm, "validate", is_right)


@pytest.mark.usefixtures("accept")
def test_with_ones_own_password_nobody_gives_a_colleagues_passkey(app: Flask, runtime: Runtime) -> None:
    karim, client = somebody(app, runtime, NOW, email="karim@example.ca"), app.test_client()
    enter(client, karim)
    page = post(client, "/staff/second/passkey", "/staff/second").text
    path = "/staff/second/passkey/" + page.split('action="/staff/second/passkey/')[1].split('"')[0]
    answer = post(client, path, "/staff/second", credential="{}")
    assert answer.headers["Location"] == "/staff/second/passkey"
    assert not is_in(client)


def test_no_cookie_outlives_a_session(client: FlaskClient, maude: Person) -> None:
    post(client, "/staff/sign-in", email=maude.email, password=PASSWORD, remember="y")
    post(client, "/staff/second", code=maude.code(NOW))
    assert is_in(client)
    assert client.get_cookie("remember_token") is None


def test_signing_out_ends_the_session_and_is_written_down(client: FlaskClient, runtime: Runtime, maude: Person) -> None:
    enter_fully(client, maude, NOW)
    assert post(client, "/staff/sign-out", "/staff/account").headers["Location"] == "/staff/sign-in"
    assert BEGAN_AT not in read_cookie(client.application, client)
    assert not is_in(client)
    assert acts(runtime) == ["signed-in", "signed-out"]


def test_a_link_to_the_second_step_signs_nobody_out(client: FlaskClient, maude: Person) -> None:
    enter_fully(client, maude, NOW)
    assert client.get("/staff/second").headers["Location"] == "/staff/"
    assert is_in(client)


def test_a_session_that_gave_the_password_alone_ends_once_there_is_a_second_factor(
    app: Flask, runtime: Runtime
) -> None:
    bare = somebody(app, runtime, NOW, email="bare@example.ca", with_app=False)
    client = app.test_client()
    assert enter(client, bare).headers["Location"] == "/staff/"
    assert client.get("/staff/").headers["Location"] == "/staff/account"
    with runtime.sessions.begin() as session:
        session.get_one(Account, bare.id).tf_totp_secret = "set up in another browser"
    assert not is_in(client)


def test_without_the_forms_token_nothing_is_tried(client: FlaskClient, maude: Person, runtime: Runtime) -> None:
    assert client.post("/staff/sign-in", data={"email": maude.email, "password": PASSWORD}).status_code == 400
    assert acts(runtime) == []


@pytest.fixture
def reset_link(app: Flask, runtime: Runtime) -> Callable[[], str]:
    """Reads the link of the last mail that carries one, as a worker sends it."""

    def read() -> str:
        site = app.extensions[SERVICES]
        settings = site.settings.model_copy(
            update={"base_url": "http://localhost", "from_email": "a@letters.example.ca"}
        )
        kind = make_kinds(settings, site.keys, now=lambda: NOW)[StaffEmail.ACCOUNT]
        with runtime.sessions() as session:
            rows = session.scalars(select(Message).where(Message.kind == StaffEmail.ACCOUNT).order_by(Message.id))
            body = kind.content(session, list(rows)[-1].ref, "public").text
        return "/staff/forgotten/" + body.split("/staff/forgotten/")[1].split()[0]

    return read


def test_a_password_is_reset_by_mail_and_the_second_step_stays(
    app: Flask, runtime: Runtime, maude: Person, *, reset_link: Callable[[], str]
) -> None:
    elsewhere, client = app.test_client(), app.test_client()
    enter_fully(elsewhere, maude, NOW)
    answer = post(client, "/staff/forgotten", email="MAUDE@example.ca")
    assert "we sent a link to it" in answer.text
    link = reset_link()
    assert client.get(link).headers["Referrer-Policy"] == "no-referrer"
    wrong = post(client, link, password="short", password_confirm="short")
    assert (wrong.status_code, "at least 12 characters" in wrong.text) == (422, True)
    assert post(client, link, password=NEW, password_confirm=NEW).headers["Location"] == "/staff/sign-in"
    assert not is_in(elsewhere)
    assert client.get(link).headers["Location"] == "/staff/forgotten", "the link works once"
    assert enter(client, maude).status_code == 422
    assert enter(client, maude, NEW).headers["Location"] == "/staff/second?next=/staff/"
    assert acts(runtime) == ["signed-in", "password-changed", "sign-in-failed"]
    with runtime.sessions() as session:
        assert [row.kind for row in session.scalars(select(AccountMail))] == ["reset", "password"]
        assert all(maude.email not in row.ref for row in session.scalars(select(Message)))


def test_nobody_learns_who_has_an_account_and_nobody_is_mailed_more_than_three_times(
    app: Flask, runtime: Runtime, maude: Person
) -> None:
    known = [post(app.test_client(), "/staff/forgotten", email=maude.email) for _ in range(4)]
    other = [post(app.test_client(), "/staff/forgotten", email="nobody@example.ca") for _ in range(4)]
    assert [answer.status_code for answer in known] == [answer.status_code for answer in other] == [200] * 3 + [429]
    told = {TOKEN.sub("", answer.text).replace(maude.email, "nobody@example.ca") for answer in (*known[:3], *other[:3])}
    assert len(told) == 1
    with runtime.sessions.begin() as session:
        assert session.scalar(select(func.count(AccountMail.id))) == 3


@pytest.mark.parametrize("sent", [[], {"email": ["a"], "password": {}}])
def test_no_json_is_taken(client: FlaskClient, sent: object) -> None:
    found = TOKEN.search(client.get("/staff/sign-in").text)
    assert found
    answer = client.post("/staff/sign-in", json=sent, headers={"X-CSRFToken": found[1]})
    assert answer.status_code == 415
