"""One's own account: a password changed with the old one, second steps only after one was given just now."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy import select

from advocacy.language import Language
from advocacy.parts import Parts
from advocacy.staff.models import Account, AuditEntry, Passkey
from advocacy.web.staff import entering
from tests.web.conftest import NOW
from tests.web.staff.browser import TOKEN
from tests.web.staff.conftest import Clock
from tests.web.staff.people import KEY, PASSWORD, Person, enter, enter_fully, post, somebody

NEW = "cinq chats sous la pluie"


@pytest.fixture
def maude(app: Flask, parts: Parts) -> Person:
    return somebody(app, parts, NOW)


@pytest.fixture
def client(app: Flask, maude: Person) -> FlaskClient:
    """A browser in which Maude is signed in with both steps."""
    client = app.test_client()
    enter_fully(client, maude, NOW)
    return client


def account(parts: Parts, person: Person) -> Account:
    with parts.sessions() as session:
        return session.get_one(Account, person.id)


def shown_key(client: FlaskClient) -> str:
    """Read the secret of a new app off its page."""
    found = KEY.search(client.get("/staff/account/app").text)
    assert found
    return found[1].replace("-", "")


def code_of(key: str, now: datetime) -> str:
    """Read the code that an app with this secret shows."""
    return str(TOTP(key=key).generate(time=now.timestamp()).token)


def add_passkey(parts: Parts, person: Person) -> int:
    with parts.sessions.begin() as session:
        passkey = Passkey(
            user_id=person.id,
            credential_id=b"one",
            public_key=b"key",
            backup_state=False,
            device_type="single_device",
            create_datetime=NOW,
            lastuse_datetime=NOW,
            name="blue key",
            usage="secondary",
            transports=[],
        )
        session.add(passkey)
        session.flush()
        return passkey.id


def test_name_and_language_are_saved(client: FlaskClient, parts: Parts, maude: Person) -> None:
    assert post(client, "/staff/account", name=" Maude  Essai", language="fr").status_code == 303
    kept = account(parts, maude)
    assert (kept.name, kept.language) == ("Maude Essai", Language.FR)
    assert '<html lang="fr">' in client.get("/staff/account").text
    with parts.sessions() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()[-1]
        assert (last.act, last.subject, last.after) == ("account-changed", f"account:{maude.id}", None)
    assert post(client, "/staff/account", name=" ", language="fr").status_code == 422
    assert post(client, "/staff/account", name="x" * 101, language="fr").status_code == 422


def test_a_new_password_wants_the_old_one_and_ends_every_other_visit(
    app: Flask, client: FlaskClient, clock: Clock, *, maude: Person
) -> None:
    other, elsewhere, kept = app.test_client(), app.test_client(), client.get_cookie("advocacy")
    assert kept
    other.set_cookie("advocacy", kept.value)
    clock.set(seconds=30)
    enter_fully(elsewhere, maude, clock.now)
    assert elsewhere.get("/staff/account").status_code == 200
    path = "/staff/account/password"
    for old, new, again in (("wrong", NEW, NEW), (PASSWORD, "short", "short"), (PASSWORD, NEW, PASSWORD)):
        assert post(client, path, old=old, password=new, again=again).status_code == 422
    assert post(client, path, old=PASSWORD, password=NEW, again=NEW).status_code == 303
    assert client.get("/staff/account").status_code == 200, "this visit goes on"
    assert [one.get("/staff/account").headers["Location"] for one in (other, elsewhere)] == ["/staff/sign-in"] * 2
    assert enter(app.test_client(), maude).status_code == 422
    assert enter(app.test_client(), maude, NEW).status_code == 303


def test_guessing_the_old_password_is_counted(client: FlaskClient) -> None:
    path = "/staff/account/password"
    statuses = [post(client, path, old="wrong", password=NEW, again=NEW).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert post(client, path, old=PASSWORD, password=NEW, again=NEW).status_code == 429


def test_an_app_is_added_by_its_first_code_and_opens_all_pages(app: Flask, parts: Parts) -> None:
    karim = somebody(app, parts, NOW, email="karim@example.ca", with_app=False)
    client = app.test_client()
    assert enter(client, karim).headers["Location"] == "/staff/account"
    assert "<path d=" in client.get("/staff/account/app").text
    key = shown_key(client)
    assert post(client, "/staff/account/app", code="000000").status_code == 422
    before = client.get_cookie("advocacy")
    code = code_of(key, NOW)
    assert post(client, "/staff/account/app", code=code).headers["Location"] == "/staff/account/recovery"
    assert client.get("/staff/account/recovery").status_code == 200
    assert client.get("/staff/people").status_code == 403, "a page that is shut to the role, no more to the visit"
    assert client.get_cookie("advocacy") != before
    assert key not in str(account(parts, karim).tf_totp_secret)
    again = app.test_client()
    enter(again, karim)
    assert post(again, "/staff/second", code=code).status_code == 422, "the code that added it is used up"


def test_recovery_codes_are_shown_once(client: FlaskClient, app: Flask, parts: Parts, *, maude: Person) -> None:
    shown = post(client, "/staff/account/recovery")
    assert shown.status_code == 200
    codes = [line.split("<")[0] for line in shown.text.split("<li>")[1:] if line[4:5] == "-"]
    assert len(codes) == 10
    assert codes[0] not in client.get("/staff/account/recovery").text
    assert "You have 10 codes left" in client.get("/staff/account/recovery").text
    other = app.test_client()
    enter(other, maude)
    assert post(other, "/staff/second", recovery=codes[9]).status_code == 303


FACTOR_PAGES = ("/staff/account/app", "/staff/account/passkey")
FACTOR_ACTS = (
    "/staff/account/app",
    "/staff/account/app/remove",
    "/staff/account/passkey",
    "/staff/account/passkey/1/remove",
    "/staff/account/recovery",
)


@pytest.mark.parametrize("path", FACTOR_PAGES)
def test_ten_minutes_after_a_second_step_another_is_asked_for(client: FlaskClient, clock: Clock, path: str) -> None:
    clock.set(minutes=10)
    assert client.get(path).status_code == 200
    clock.set(minutes=10, seconds=1)
    assert client.get(path).headers["Location"] == "/staff/second"


def test_so_it_is_with_every_act_upon_them(client: FlaskClient, parts: Parts, maude: Person, *, clock: Clock) -> None:
    add_passkey(parts, maude)
    clock.set(minutes=11)
    for path in FACTOR_ACTS:
        assert post(client, path, "/staff/account").headers["Location"] == "/staff/second", path
    kept = account(parts, maude)
    assert kept.tf_totp_secret
    assert kept.mf_recovery_codes in (None, [])


def test_a_second_step_added_elsewhere_meanwhile_counts_before_anything_is_changed(
    app: Flask, parts: Parts, *, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the password alone somebody asks; while they wait for the lock, the account gets its first second step."""
    karim = somebody(app, parts, NOW, email="karim@example.ca", with_app=False)
    client = app.test_client()
    enter(client, karim)
    secret = shown_key(client)
    looked_at = entering.mine

    def overtaken() -> Account:
        found = looked_at()
        with parts.sessions.begin() as session:
            session.get_one(Account, karim.id).tf_totp_secret = "theirs"
        return found

    for path in FACTOR_ACTS:
        with parts.sessions.begin() as session:
            session.get_one(Account, karim.id).tf_totp_secret = None
        found = TOKEN.search(client.get("/staff/account").text)
        assert found
        with monkeypatch.context() as patch:
            patch.setattr(entering, "mine", overtaken)
            typed = {"csrf_token": found[1], "code": code_of(secret, NOW), "name": "mine", "answer": "{}"}
            answer = client.post(path, data=typed)
        assert answer.headers.get("Location") == "/staff/second", path
        kept = account(parts, karim)
        assert (kept.tf_totp_secret, kept.mf_recovery_codes or []) == ("theirs", []), path
    with parts.sessions() as session:
        assert session.scalars(select(AuditEntry)).all() == []


@pytest.mark.parametrize(
    "path", [*FACTOR_PAGES, "/staff/account", "/staff/account/password", "/staff/account/recovery"]
)
def test_with_the_password_alone_nothing_of_an_account_is_shown(app: Flask, maude: Person, path: str) -> None:
    client = app.test_client()
    enter(client, maude)
    assert client.get(path).headers["Location"] == "/staff/second"


def test_having_given_it_again_one_goes_on_where_one_was(
    client: FlaskClient, parts: Parts, maude: Person, *, clock: Clock
) -> None:
    clock.set(minutes=11)
    client.get("/staff/account/app")
    assert post(client, "/staff/second", code=maude.code(clock.now)).headers["Location"] == "/staff/account/app"
    assert client.get("/staff/account/app").status_code == 200
    with parts.sessions() as session:
        assert [one.act for one in session.scalars(select(AuditEntry))] == ["signed-in"]


def test_giving_it_again_does_not_make_a_visit_longer(client: FlaskClient, clock: Clock, maude: Person) -> None:
    for minutes in range(29, 12 * 60, 29):
        clock.set(minutes=minutes)
        assert post(client, "/staff/second", code=maude.code(clock.now)).status_code == 303
    clock.set(hours=12, seconds=-1)
    assert client.get("/staff/account").status_code == 200
    clock.set(hours=12)
    assert client.get("/staff/account").headers["Location"] == "/staff/sign-in"


def test_the_last_second_step_is_not_removed(client: FlaskClient, parts: Parts, maude: Person) -> None:
    post(client, "/staff/account/app/remove", "/staff/account")
    assert account(parts, maude).tf_totp_secret
    key = add_passkey(parts, maude)
    for _ in range(2):
        post(client, "/staff/account/app/remove", "/staff/account")
    assert account(parts, maude).tf_totp_secret is None
    with parts.sessions() as session:
        acts = session.scalars(select(AuditEntry.act)).all()
    assert acts.count("second-factor-removed") == 1, "there was nothing more to remove"
    post(client, f"/staff/account/passkey/{key}/remove", "/staff/account")
    with parts.sessions() as session:
        assert session.get(Passkey, key) is not None


def test_a_passkey_is_removed_and_nobody_elses(client: FlaskClient, app: Flask, parts: Parts, *, maude: Person) -> None:
    other = somebody(app, parts, NOW, email="karim@example.ca")
    theirs = add_passkey(parts, other)
    assert post(client, f"/staff/account/passkey/{theirs}/remove", "/staff/account").status_code == 404
    with parts.sessions.begin() as session:
        session.get_one(Passkey, theirs).user_id = maude.id
    assert "blue key" in client.get("/staff/account").text
    assert post(client, f"/staff/account/passkey/{theirs}/remove", "/staff/account").status_code == 303
    assert "blue key" not in client.get("/staff/account").text


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "x", '{"id":"a","rawId":"a","type":"public-key","response":{}}']
)
def test_what_is_no_passkey_is_not_taken(client: FlaskClient, answer: str) -> None:
    assert post(client, "/staff/account/passkey", name="blue", answer=answer).status_code == 422


def test_a_passkey_that_somebody_else_has_is_not_taken(
    client: FlaskClient, app: Flask, parts: Parts, *, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_passkey(parts, somebody(app, parts, NOW, email="karim@example.ca"))
    made = SimpleNamespace(credential_id=b"one")
    monkeypatch.setattr("webauthn.verify_registration_response", lambda **_: made)
    assert post(client, "/staff/account/passkey", name="blue", answer="{}").status_code == 422


def test_one_ends_ones_other_visits(client: FlaskClient, app: Flask, clock: Clock, *, maude: Person) -> None:
    elsewhere = app.test_client()
    clock.set(seconds=30)
    enter_fully(elsewhere, maude, clock.now)
    assert client.get("/staff/account").text.count("Last active") == 2
    assert post(client, "/staff/account/visits/end", "/staff/account").status_code == 303
    assert client.get("/staff/account").text.count("Last active") == 1
    assert elsewhere.get("/staff/account").headers["Location"] == "/staff/sign-in"
