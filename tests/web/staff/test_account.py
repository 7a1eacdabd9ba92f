"""One's own account: a password changed with the old one, verification methods only just after the password."""

import re
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy import select

from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff.models import Account, AccountMail, AuditEntry, Passkey
from advocacy.web.staff import STAFF
from tests.web.shared_site import NOW
from tests.web.staff.browser import put_cookie, read_cookie
from tests.web.staff.conftest import Clock
from tests.web.staff.people import KEY, PASSWORD, Person, enter, enter_fully, post, somebody

NEW = "cinq chats sous la pluie"
OWN = "/staff/account"


@pytest.fixture
def maude(app: Flask, runtime: Runtime) -> Person:
    return somebody(app, runtime, NOW)


@pytest.fixture
def client(app: Flask, maude: Person) -> FlaskClient:
    """A browser in which Maude is signed in with both steps."""
    client = app.test_client()
    enter_fully(client, maude, NOW)
    return client


def account(runtime: Runtime, person: Person) -> Account:
    with runtime.sessions() as session:
        return session.get_one(Account, person.id)


def acts(runtime: Runtime) -> list[str]:
    with runtime.sessions() as session:
        return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def begin_app(client: FlaskClient) -> tuple[TOTP, str]:
    """Begin to add an app; return it, and where its first code is posted."""
    page = post(client, f"{OWN}/app", OWN, setup="authenticator").text
    key, action = KEY.search(page), re.search(r'action="(/staff/account/app/[^"]+)"', page)
    assert key
    assert action
    assert 'src="data:image/svg+xml' in page
    assert f"?secret={key[1].replace('-', '')}&amp;" in page, "an app on the same phone is opened by a link"
    return TOTP(key=key[1].replace("-", "")), action[1]


def add_passkey(runtime: Runtime, person: Person, name: str = "blue key") -> int:
    with runtime.sessions.begin() as session:
        passkey = Passkey(
            user_id=person.id, credential_id=name.encode(), public_key=b"key", backup_state=False, transports=[],
            device_type="single_device", create_datetime=NOW, lastuse_datetime=NOW, name=name, usage="secondary",
        )  # fmt: skip
        session.add(passkey)
        session.flush()
        return passkey.id


def test_name_and_language_are_saved(client: FlaskClient, runtime: Runtime, maude: Person) -> None:
    assert post(client, OWN, name=" Maude  Essai", language="fr").status_code == 303
    kept = account(runtime, maude)
    assert (kept.name, kept.language) == ("Maude Essai", Language.FR)
    assert '<html lang="fr">' in client.get(OWN).text
    assert acts(runtime)[-1] == "account-changed"
    assert post(client, OWN, name=" ", language="fr").status_code == 422
    assert post(client, OWN, name="x" * 101, language="fr").status_code == 422


def test_a_new_password_wants_the_old_one_and_ends_every_other_session(
    app: Flask, client: FlaskClient, clock: Clock, *, maude: Person
) -> None:
    stolen, elsewhere, cookie = app.test_client(), app.test_client(), client.get_cookie(STAFF)
    assert cookie
    stolen.set_cookie(STAFF, cookie.value)
    clock.set(seconds=30)
    enter_fully(elsewhere, maude, clock.now)
    for old, new, again in (("wrong", NEW, NEW), (PASSWORD, "short", "short"), (PASSWORD, NEW, PASSWORD)):
        answer = post(client, f"{OWN}/password", password=old, new_password=new, new_password_confirm=again)
        assert answer.status_code == 422
        assert PASSWORD not in answer.text
    changed = post(client, f"{OWN}/password", password=PASSWORD, new_password=NEW, new_password_confirm=NEW)
    assert changed.headers["Location"] == OWN
    assert client.get(OWN).status_code == 200, "this session goes on"
    assert client.get("/staff/").headers.get("Location") != OWN, "with its second step"
    assert [one.get(OWN).status_code for one in (stolen, elsewhere)] == [303] * 2
    assert enter(app.test_client(), maude).status_code == 422
    assert enter(app.test_client(), maude, NEW).status_code == 302


def test_guessing_the_old_password_is_counted(client: FlaskClient) -> None:
    typed = {"password": "wrong", "new_password": NEW, "new_password_confirm": NEW}
    statuses = [post(client, f"{OWN}/password", **typed).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_an_app_is_added_by_its_first_code_and_opens_all_pages(app: Flask, runtime: Runtime) -> None:
    karim, client = somebody(app, runtime, NOW, email="karim@example.ca", with_app=False), app.test_client()
    enter(client, karim)
    totp, action = begin_app(client)
    wrong = post(client, action, OWN, code="000000")
    assert wrong.headers["Location"] == f"{OWN}/app"
    told = client.get(f"{OWN}/app").text
    assert "Invalid code" in told
    assert "The key stays the same" in told
    again, action = begin_app(client)
    assert again.key == totp.key, "it need not be scanned anew"
    code = str(totp.generate(time=NOW.timestamp()).token)
    assert post(client, action, OWN, code=code).headers["Location"] == f"{OWN}/set-up"
    assert client.get(f"{OWN}/set-up").headers["Location"] == f"{OWN}/recovery"
    assert client.get("/staff/deliveries").status_code == 403, "a page that is shut to the role, no more to the session"
    assert totp.base32_key not in str(account(runtime, karim).tf_totp_secret)
    assert acts(runtime)[0] == "second-factor-added"
    again = app.test_client()
    enter(again, karim)
    assert post(again, "/staff/second", code=code).status_code == 422, "the code that added it is used up"
    with runtime.sessions() as session:
        assert [mail.kind for mail in session.scalars(select(AccountMail))] == ["second-factor"]


ACTS = {
    f"{OWN}/app": {"setup": "authenticator"},
    f"{OWN}/passkey": {"name": "blue"},
    f"{OWN}/passkey/remove": {"name": "blue key"},
    f"{OWN}/recovery": {},
}


def test_ten_minutes_after_the_password_it_is_asked_for_again(
    app: Flask, client: FlaskClient, runtime: Runtime, *, maude: Person
) -> None:
    add_passkey(runtime, maude)
    values = read_cookie(app, client)
    put_cookie(app, client, **values | {"fs_paa": time.time() - 601})
    for path, fields in ACTS.items():
        answer = post(client, path, OWN, **fields)
        assert answer.headers["Location"].startswith(f"{OWN}/verify?next="), path
    assert post(client, f"{OWN}/verify", password="wrong").status_code == 422
    answer = post(client, f"{OWN}/verify?next=/staff/account/recovery", password=PASSWORD)
    assert answer.headers["Location"] == f"{OWN}/recovery"
    assert client.get(f"{OWN}/recovery").status_code == 200


def test_ending_other_sessions_takes_the_place_of_no_password(app: Flask, client: FlaskClient) -> None:
    values = read_cookie(app, client)
    put_cookie(app, client, **values | {"fs_paa": time.time() - 601})
    post(client, f"{OWN}/sessions/end", OWN)
    answer = post(client, f"{OWN}/recovery", OWN)
    assert answer.headers["Location"].startswith(f"{OWN}/verify?next=")


def test_the_last_verification_method_is_not_removed(client: FlaskClient, runtime: Runtime, maude: Person) -> None:
    post(client, f"{OWN}/app", OWN, setup="disable")
    assert account(runtime, maude).tf_totp_secret
    add_passkey(runtime, maude)
    post(client, f"{OWN}/app", OWN, setup="disable")
    assert account(runtime, maude).tf_totp_secret is None
    refused = post(client, f"{OWN}/passkey/remove", OWN, name="blue key")
    assert refused.headers["Location"] == OWN
    assert "your only verification method" in client.get(OWN).text
    assert acts(runtime).count("second-factor-removed") == 1
    with runtime.sessions() as session:
        assert session.scalar(select(Passkey.name)) == "blue key"


def test_a_passkey_is_removed_and_nobody_elses(
    client: FlaskClient, app: Flask, runtime: Runtime, *, maude: Person
) -> None:
    add_passkey(runtime, somebody(app, runtime, NOW, email="karim@example.ca"), "theirs")
    add_passkey(runtime, maude, "« clé » bleue")
    for name in ("theirs", "« clé » bleue"):
        post(client, f"{OWN}/passkey/remove", OWN, name=name)
    with runtime.sessions() as session:
        assert session.scalars(select(Passkey.name)).all() == ["theirs"]


def test_one_ends_ones_other_sessions(client: FlaskClient, app: Flask, clock: Clock, *, maude: Person) -> None:
    elsewhere = app.test_client()
    clock.set(seconds=30)
    enter_fully(elsewhere, maude, clock.now)
    assert post(client, f"{OWN}/sessions/end", OWN).status_code == 303
    assert client.get(OWN).status_code == 200
    assert elsewhere.get(OWN).status_code == 303
