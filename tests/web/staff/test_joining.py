"""An invitation is taken up once, with a name and a password, and leads to a second step."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from advocacy.runtime import Runtime
from advocacy.secret_keys import signing_key
from advocacy.signed_links import Purpose, SignedLinks
from advocacy.staff import invitations
from advocacy.staff.models import Account, AccountMail, AuditEntry, Invitation, Role
from tests.web.shared_site import NOW
from tests.web.staff.browser import TOKEN
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.people import KEY, PASSWORD, enter, post, somebody


def invited(runtime: Runtime, email: str = "maude@example.ca", role: Role = Role.PUBLISHER) -> str:
    with runtime.sessions.begin() as session:
        return path_of(runtime, invitations.invite(session, email, role, by=None, now=NOW))


def path_of(runtime: Runtime, invitation: Invitation | None) -> str:
    assert invitation is not None
    return "/staff/join/" + SignedLinks(signing_key(runtime.settings)).make(Purpose.INVITATION, invitation.id)


def accounts(runtime: Runtime) -> list[Account]:
    with runtime.sessions() as session:
        return list(session.scalars(select(Account)))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_a_name_and_a_password_make_the_account_that_was_invited(client: FlaskClient, runtime: Runtime) -> None:
    path = invited(runtime)
    answer = post(client, path, name="Maude  Essai ", password=PASSWORD, again=PASSWORD, email="evil@example.ca")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/account")
    [account] = accounts(runtime)
    assert (account.email, account.name, account.role) == ("maude@example.ca", "Maude Essai", Role.PUBLISHER)
    page = client.get("/staff/account")
    assert page.status_code == 200
    assert "Set up two-step verification now" in page.text
    assert client.get("/staff/").headers["Location"] == "/staff/account", "nothing else opens before a second step"
    assert client.get(path).status_code == 410
    with runtime.sessions() as session:
        written = [(one.act, one.subject, one.after) for one in session.scalars(select(AuditEntry))]
    assert [act for act, *_ in written] == ["invited", "joined"]
    assert "@" not in str(written)


def test_what_is_wrong_is_said_and_what_was_typed_stays_but_not_the_password(
    client: FlaskClient, runtime: Runtime
) -> None:
    path = invited(runtime)
    for typed, told in (
        ({"name": "", "password": PASSWORD, "again": PASSWORD}, "Enter the name"),
        ({"name": "Maude", "password": "short", "again": "short"}, "at least 12 characters"),
        ({"name": "Maude", "password": "maude@example.ca", "again": "maude@example.ca"}, "is not your name"),
        ({"name": "Maude", "password": PASSWORD, "again": f"{PASSWORD} "}, "The two passwords differ"),
    ):
        answer = post(client, path, **typed)
        assert answer.status_code == 422
        assert told in answer.text
        assert PASSWORD not in answer.text
        assert not typed["name"] or 'value="Maude"' in answer.text
    assert accounts(runtime) == []
    assert client.get(path).status_code == 200, "the invitation still works"


def test_links_that_are_unknown_used_or_withdrawn_are_answered_alike(client: FlaskClient, runtime: Runtime) -> None:
    used, withdrawn = invited(runtime), invited(runtime, "karim@example.ca")
    post(client, used, name="Maude", password=PASSWORD, again=PASSWORD)
    with runtime.sessions.begin() as session:
        for one in invitations.open_invitations(session, now=NOW):
            one.withdrawn_at = NOW
    answers = {parts_of(client, path) for path in (used, withdrawn, "/staff/join/nothing")}
    assert answers == {(410, True)}


def parts_of(client: FlaskClient, path: str) -> tuple[int, bool]:
    answer = client.get(path)
    return answer.status_code, "This link has already been used" in answer.text


def test_the_first_manager_types_an_address(client: FlaskClient, runtime: Runtime) -> None:
    with runtime.sessions.begin() as session:
        path = path_of(runtime, invitations.invite_first_manager(session, now=NOW))
    assert post(client, path, email="x", name="Chief", password=PASSWORD, again=PASSWORD).status_code == 422
    answer = post(client, path, email=" Chief@Example.ca", name="Chief", password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 303
    assert [(one.email, one.role) for one in accounts(runtime)] == [("chief@example.ca", Role.MANAGER)]


def test_a_new_password_by_a_link_leads_to_signing_in_with_both_steps(
    client: FlaskClient, app: Flask, runtime: Runtime
) -> None:
    maude, new = somebody(app, runtime, NOW), "cinq chats sous la pluie"
    answer = post(client, invited(runtime), password=new, again=new)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/sign-in")
    assert client.get("/staff/account").headers["Location"] == "/staff/sign-in?next=/staff/account"
    assert enter(client, maude, new).headers["Location"] == "/staff/second?next=/staff/"
    assert post(client, "/staff/second", code=maude.code(NOW)).status_code == 302
    with runtime.sessions() as session:
        assert [(mail.account_id, mail.kind) for mail in session.scalars(select(AccountMail))] == [
            (maude.id, "password")
        ]


def test_joining_replaces_the_session_that_the_browser_had(browser: NewBrowser, runtime: Runtime) -> None:
    chief = browser(Role.MANAGER)
    path = invited(runtime)
    assert post(chief.client, path, name="Maude", password="short", again="short").status_code == 422
    assert chief.get("/staff/deliveries").status_code == 200, "nobody has joined yet"
    assert post(chief.client, path, name="Maude", password=PASSWORD, again=PASSWORD).status_code == 303
    assert "maude@example.ca" in chief.get("/staff/account").text
    assert chief.get("/staff/deliveries").headers["Location"] == "/staff/account"


def test_the_link_is_told_to_no_other_page(client: FlaskClient, runtime: Runtime) -> None:
    answer = client.get(invited(runtime))
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_over_https_the_page_changes_its_language_although_it_names_itself_to_nobody(
    client: FlaskClient, runtime: Runtime
) -> None:
    path, https = invited(runtime), "https://localhost"
    token = TOKEN.search(client.get(path, base_url=https).text)
    assert token
    typed = {"csrf_token": token[1], "language": "fr", "back": path}
    answer = client.post("/staff/language", data=typed, base_url=https)
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert '<html lang="fr">' in client.get(path, base_url=https).text
    assert client.post("/staff/language", data={**typed, "csrf_token": "x"}, base_url=https).status_code == 400


def test_whoever_joins_is_shown_no_key_that_somebody_saw_before(client: FlaskClient, runtime: Runtime) -> None:
    keys = []
    for email in ("maude@example.ca", "karim@example.ca"):
        post(client, invited(runtime, email), name="Essai", password=PASSWORD, again=PASSWORD)
        shown = KEY.search(post(client, "/staff/account/app", "/staff/account", setup="authenticator").text)
        assert shown
        keys.append(shown[1])
    assert keys[0] != keys[1]
