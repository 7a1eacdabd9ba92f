"""Managers invite, change roles, close accounts and help whoever is locked out; nobody else does."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, update

from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.dispatch import make_kinds
from advocacy.runtime import Runtime
from advocacy.signed_links import Purpose
from advocacy.staff import invitations
from advocacy.staff.models import Account, AccountMail, AuditEntry, Invitation, Role, StaffEmail
from advocacy.web.services import NAME as SERVICES
from advocacy.web.staff import STAFF
from tests.web.shared_site import NOW
from tests.web.staff.browser import read_cookie
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.people import enter, enter_fully, somebody


def test_everybody_and_whoever_is_invited_is_listed(browser: NewBrowser, app: Flask, runtime: Runtime) -> None:
    chief = browser(Role.MANAGER)
    somebody(app, runtime, NOW)
    chief.post("/staff/people", {"email": "new@example.ca", "role": "publisher"})
    page = chief.page("/staff/people")
    rows = [row.get_text(" ", strip=True) for row in page.select("tbody tr")]
    assert len(rows) == 3
    assert any("maude@example.ca" in row and "Writer" in row and "app" in row for row in rows)
    assert any("new@example.ca" in row and "Publisher" in row and "link valid until" in row for row in rows)


def sends_mail(app: Flask) -> None:
    """Let the site's mail leave."""
    given = app.extensions[SERVICES]
    settings = given.settings.model_copy(update={"provider": "smtp"})
    app.extensions[STAFF].extensions[SERVICES] = replace(given, settings=settings)


@pytest.mark.parametrize("what", ["invitation", "password"])
def test_a_link_that_leaves_by_mail_is_shown_to_nobody(
    browser: NewBrowser, app: Flask, runtime: Runtime, *, what: str
) -> None:
    sends_mail(app)
    chief, maude = browser(Role.MANAGER), somebody(app, runtime, NOW)
    if what == "invitation":
        answer = chief.post("/staff/people", {"email": "new@example.ca", "role": "writer"})
    else:
        chief.post(f"/staff/people/{maude.id}", {"act": "reset"})
        answer = chief.post(f"/staff/people/{maude.id}", {"act": "password"})
    with runtime.sessions() as session:
        [message] = session.scalars(select(Message).where(Message.kind == StaffEmail.INVITATION))
        invitation, site = session.get_one(Invitation, message.ref), app.extensions[SERVICES]
        token = site.links.make(Purpose.INVITATION, invitation.id)
        mail = make_kinds(runtime.settings, site.keys, now=lambda: NOW)[StaffEmail.INVITATION].content(
            session, message.ref, "id"
        )
    assert token in mail.text
    assert ("Votre rôle" in mail.text) == (what == "invitation"), "of a stranger no language is known"
    assert token not in str(read_cookie(app, chief.client))
    page = chief.get(answer.headers["Location"]).text
    assert token not in page
    assert "/staff/join/" not in page
    assert f"is being sent to {invitation.email}" in page


HELP = "advocacy staff invite &#39;o&#39;&#34;&#39;&#34;&#39;new@example.ca&#39; --role writer"


MAIL_TOLD: tuple[tuple[State, int, str, bool], ...] = (
    (State.READY, 0, "is being sent to", False),
    (State.READY, 1, "The site keeps trying", True),
    (State.UNCERTAIN, 0, "The site keeps trying", True),
    (State.NEEDS_STAFF, 0, "We can’t tell", True),
    (State.ACCEPTED, 0, "The link was sent to", False),
    (State.FAILED, 0, "did not arrive", True),
)
"""What an invitation's page says of its mail, and whether it tells the command for whoever runs the server."""


def test_an_invitation_tells_what_became_of_its_mail(browser: NewBrowser, app: Flask, runtime: Runtime) -> None:
    sends_mail(app)
    chief = browser(Role.MANAGER)
    page = chief.post("/staff/people", {"email": "o'new@example.ca", "role": "writer"}).headers["Location"]
    for state, tries, told, helps in MAIL_TOLD:
        with runtime.sessions.begin() as session:
            session.execute(update(Message).values(state=state, tries=tries))
        said = chief.get(page).text
        assert (told in said, HELP in said) == (True, helps), state


def test_while_sending_is_paused_an_invitation_says_so(browser: NewBrowser, app: Flask, runtime: Runtime) -> None:
    sends_mail(app)
    chief = browser(Role.MANAGER)
    page = chief.post("/staff/people", {"email": "new@example.ca", "role": "writer"}).headers["Location"]
    chief.post("/staff/deliveries/pause", {"reason": "a wrong key"})
    said = chief.get(page).text
    assert "sending is paused" in said
    assert "advocacy staff invite new@example.ca --role writer" in said


def test_an_invitation_of_the_command_line_says_so(browser: NewBrowser, app: Flask, runtime: Runtime) -> None:
    sends_mail(app)
    with runtime.sessions.begin() as session:
        number = invitations.invite(session, "new@example.ca", Role.WRITER, by=None, now=NOW).id
    assert "comes from the command line" in browser(Role.MANAGER).get(f"/staff/people/invitations/{number}").text


def test_where_no_mail_leaves_the_link_is_shown_once(browser: NewBrowser, runtime: Runtime) -> None:
    chief = browser(Role.MANAGER)
    answer = chief.post("/staff/people", {"email": " New@Example.ca", "role": "writer"})
    assert answer.status_code == 303
    shown = chief.get(answer.headers["Location"]).text
    assert "/staff/join/" in shown
    assert "sends no e-mail" in shown
    again = chief.get(answer.headers["Location"]).text
    assert "/staff/join/" not in again
    assert "advocacy staff invite new@example.ca --role writer" in again
    with runtime.sessions() as session:
        [message] = session.scalars(select(Message).where(Message.kind == StaffEmail.INVITATION))
        invitation = session.get_one(Invitation, message.ref)
        assert (invitation.email, invitation.role, invitation.invited_by) == (
            "new@example.ca",
            Role.WRITER,
            chief.account_id,
        )


@pytest.mark.parametrize(
    ("email", "role", "told"),
    [
        ("new@", "writer", "Enter one e-mail address"),
        ("new@example.ca", "", "Choose a role"),
        ("new@example.ca", "owner", "Choose a role"),
        ("MANAGER@example.ca", "writer", "already has an account"),
    ],
)
def test_an_invitation_that_cannot_be_made_says_why(browser: NewBrowser, email: str, role: str, *, told: str) -> None:
    answer = browser(Role.MANAGER).post("/staff/people", {"email": email, "role": role})
    assert answer.status_code == 422
    assert told in answer.text
    assert f'value="{email}"' in answer.text


def test_a_withdrawn_invitation_is_gone(browser: NewBrowser, app: Flask) -> None:
    chief = browser(Role.MANAGER)
    page = chief.post("/staff/people", {"email": "new@example.ca", "role": "writer"}).headers["Location"]
    link = "/staff/join/" + chief.get(page).text.split("/staff/join/")[1].split("<")[0]
    assert app.test_client().get(link).status_code == 200
    assert chief.post(page).status_code == 303
    assert app.test_client().get(link).status_code == 410
    assert chief.get(page).status_code == 404
    assert chief.post(page).status_code == 404


def test_what_is_decided_happens_and_is_written_down(browser: NewBrowser, app: Flask, runtime: Runtime) -> None:
    chief, maude = browser(Role.MANAGER), somebody(app, runtime, NOW)
    theirs, page = app.test_client(), f"/staff/people/{maude.id}"
    enter_fully(theirs, maude, NOW)
    assert chief.post(page, {"act": "sessions"}).status_code == 303
    assert theirs.get("/staff/account").headers["Location"] == "/staff/sign-in?next=/staff/account"
    chief.post(page, {"act": "close"})
    assert enter(app.test_client(), maude).status_code == 422
    chief.post(page, {"act": "open"})
    chief.post(page, {"act": "reset"})
    with runtime.sessions() as session:
        assert [one.kind for one in session.scalars(select(AccountMail))] == ["second-factor"], "they are told"
    anew = app.test_client()
    assert enter(anew, maude).headers["Location"] == "/staff/"
    assert anew.get("/staff/").headers["Location"] == "/staff/account", "they set up anew"
    answer = chief.post(page, {"act": "password"})
    assert "/staff/people/invitations/" in answer.headers["Location"]
    chief.post(page, {"act": "role", "role": "publisher"})
    with runtime.sessions() as session:
        assert session.get_one(Account, maude.id).role is Role.PUBLISHER
        written = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [one.act for one in written] == [
        "signed-in",
        "visits-ended",
        "account-closed",
        "account-opened",
        "second-factor-removed",
        "invited",
        "role-changed",
    ]
    assert {one.account_id for one in written[1:]} == {chief.account_id}
    assert "@" not in str([(one.subject, one.before, one.after) for one in written])


@pytest.mark.parametrize("act", [{"act": "close"}, {"act": "role", "role": "writer"}])
def test_the_last_manager_stays(browser: NewBrowser, runtime: Runtime, act: dict[str, str]) -> None:
    chief = browser(Role.MANAGER)
    page = f"/staff/people/{chief.account_id}"
    assert chief.post(page, act).headers["Location"] == page
    assert "the site needs at least one manager" in chief.page(page).select_one(".notice[role=alert]").text  # type: ignore[union-attr]
    with runtime.sessions() as session:
        kept = session.get_one(Account, chief.account_id)
        assert (kept.active, kept.role) == (True, Role.MANAGER)


def test_nobody_is_nobody_and_nothing_is_nothing(browser: NewBrowser) -> None:
    chief = browser(Role.MANAGER)
    assert chief.get("/staff/people/999").status_code == 404
    assert chief.post("/staff/people/999", {"act": "close"}).status_code == 404
    assert chief.get("/staff/people/invitations/999").status_code == 404
    mine = f"/staff/people/{chief.account_id}"
    assert chief.post(mine, {"act": "promote"}).status_code == 400
    assert chief.post(mine, {"act": "role", "role": "owner"}).status_code == 422
