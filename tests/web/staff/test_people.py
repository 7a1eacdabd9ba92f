"""Managers invite, change roles, close accounts and help whoever is locked out; nobody else does."""

from dataclasses import replace

import pytest
from bs4 import Tag
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
from tests.web.staff.browser import Browser, read_cookie
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.people import enter, enter_fully, somebody

PEOPLE = "/staff/organisation/people"


def invite(browser: Browser, email: str = "new@example.ca", role: Role = Role.WRITER) -> str:
    """Invite somebody; return the address that shows the invitation."""
    answer = browser.post(PEOPLE, {"email": email, "role": role.value})
    assert answer.status_code == 303
    return answer.location


def shown(browser: Browser, address: str) -> str:
    """Return what the section says."""
    section = browser.page(address).select_one("#people")
    assert isinstance(section, Tag)
    return " ".join(section.get_text(" ").split())


def test_everybody_and_whoever_is_invited_is_listed(browser: NewBrowser, app: Flask, runtime: Runtime) -> None:
    chief = browser(Role.MANAGER)
    somebody(app, runtime, NOW)
    page = chief.page(invite(chief, role=Role.PUBLISHER))
    rows = [row.get_text(" ", strip=True) for row in page.select("#people tbody tr")]
    assert len(rows) == 3
    assert any("maude@example.ca" in row and "write never" in row for row in rows)
    assert any("new@example.ca" in row and "approve others’ work" in row and "valid until" in row for row in rows)


@pytest.mark.parametrize("role", [Role.WRITER, Role.PUBLISHER])
def test_people_and_the_log_are_shown_to_managers_alone(browser: NewBrowser, role: Role) -> None:
    page = browser(role).page("/staff/organisation?open=people")
    assert not page.select("#people, #log")
    assert bool(page.select("#sheet")) is (role is Role.PUBLISHER)


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
        address = invite(chief)
    else:
        address = chief.post(f"{PEOPLE}/{maude.id}", {"act": "password"}).location
    with runtime.sessions() as session:
        [message] = session.scalars(select(Message).where(Message.kind == StaffEmail.INVITATION))
        invitation, site = session.get_one(Invitation, message.ref), app.extensions[SERVICES]
        token = site.links.make(Purpose.INVITATION, invitation.id)
        mail = make_kinds(runtime.settings, site.keys, now=lambda: NOW)[StaffEmail.INVITATION].content(
            session, message.ref, "id"
        )
    assert token in mail.text
    assert ("Vous pourrez y rédiger" in mail.text) == (what == "invitation"), "of a stranger no language is known"
    assert token not in str(read_cookie(app, chief.client))
    page = chief.get(address).text
    assert "/staff/join/" not in page
    assert f"is being sent to {invitation.email}" in page


HELP = "advocacy staff invite 'o'\"'\"'new@example.ca' --role writer"


@pytest.mark.parametrize(
    ("state", "tries", "told", "helps"),
    [
        (State.READY, 0, "is being sent to", False),
        (State.READY, 1, "has not been sent so far", True),
        (State.ACCEPTED, 0, "The link was sent to", False),
        (State.FAILED, 0, "has not been sent so far", True),
    ],
)
def test_an_invitation_tells_what_became_of_its_mail(
    browser: NewBrowser, app: Flask, runtime: Runtime, *, state: State, tries: int, told: str, helps: bool
) -> None:
    sends_mail(app)
    chief = browser(Role.MANAGER)
    address = invite(chief, "o'new@example.ca")
    with runtime.sessions.begin() as session:
        session.execute(update(Message).values(state=state, tries=tries))
    said = shown(chief, address)
    assert (told in said, HELP in said) == (True, helps)


def test_an_invitation_of_the_command_line_says_so(browser: NewBrowser, app: Flask, runtime: Runtime) -> None:
    sends_mail(app)
    with runtime.sessions.begin() as session:
        number = invitations.invite(session, "new@example.ca", Role.WRITER, by=None, now=NOW).id
    chief = browser(Role.MANAGER)
    assert "comes from the command line" in shown(chief, f"/staff/organisation?open=people&invitation={number}")


def test_where_no_mail_leaves_the_link_is_shown_once(browser: NewBrowser) -> None:
    chief = browser(Role.MANAGER)
    address = invite(chief, " New@Example.ca")
    first, again = shown(chief, address), shown(chief, address)
    assert "/staff/join/" in first
    assert "sends no e-mail" in first
    assert "/staff/join/" not in again
    assert "advocacy staff invite new@example.ca --role writer" in again


@pytest.mark.parametrize(
    ("email", "role", "told"),
    [
        ("new@", "writer", "Enter one e-mail address"),
        ("new@example.ca", "owner", "Not a valid choice"),
        ("MANAGER@example.ca", "writer", "already has an account"),
    ],
)
def test_an_invitation_that_cannot_be_made_says_why(browser: NewBrowser, email: str, role: str, *, told: str) -> None:
    answer = browser(Role.MANAGER).post(PEOPLE, {"email": email, "role": role})
    assert answer.status_code == 422
    assert told in answer.text
    assert f'value="{email}"' in answer.text


def test_a_withdrawn_invitation_is_gone(browser: NewBrowser, app: Flask) -> None:
    chief = browser(Role.MANAGER)
    page = chief.page(invite(chief))
    link = "/staff/join/" + page.select("#link")[0].text.split("/staff/join/")[1]
    withdraw = str(page.select('form[action*="/invitations/"]')[0]["action"])
    assert app.test_client().get(link).status_code == 200
    assert chief.post(withdraw).status_code == 303
    assert app.test_client().get(link).status_code == 410
    assert chief.post(withdraw).status_code == 404


def test_what_is_decided_happens_and_is_written_down(browser: NewBrowser, app: Flask, runtime: Runtime) -> None:
    chief, maude = browser(Role.MANAGER), somebody(app, runtime, NOW)
    theirs, page = app.test_client(), f"{PEOPLE}/{maude.id}"
    enter_fully(theirs, maude, NOW)
    assert chief.post(page, {"act": "sessions"}).status_code == 303
    assert theirs.get("/staff/account").headers["Location"] == "/staff/sign-in?next=/staff/account"
    chief.post(page, {"act": "close"})
    assert enter(app.test_client(), maude).status_code == 422
    chief.post(page, {"act": "open"})
    chief.post(page, {"act": "reset"})
    with runtime.sessions() as session:
        assert [mail.kind for mail in session.scalars(select(AccountMail))] == ["second-factor"], "they are told"
    anew = app.test_client()
    assert enter(anew, maude).headers["Location"] == "/staff/"
    assert anew.get("/staff/").headers["Location"] == "/staff/account", "they set up anew"
    assert "invitation=" in chief.post(page, {"act": "password"}).location
    chief.post(page, {"act": "role", "role": "publisher"})
    with runtime.sessions() as session:
        assert session.get_one(Account, maude.id).role is Role.PUBLISHER
        written = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.act for entry in written] == [
        "signed-in",
        "visits-ended",
        "account-closed",
        "sign-in-failed",
        "account-opened",
        "second-factor-removed",
        "invited",
        "role-changed",
    ]
    assert {entry.account_id for entry in written[1:] if entry.act != "sign-in-failed"} == {chief.account_id}
    assert "@" not in str([(entry.subject, entry.before, entry.after) for entry in written])


@pytest.mark.parametrize("act", [{"act": "close"}, {"act": "role", "role": "writer"}])
def test_the_last_manager_stays(browser: NewBrowser, runtime: Runtime, act: dict[str, str]) -> None:
    chief = browser(Role.MANAGER)
    answer = chief.post(f"{PEOPLE}/{chief.account_id}", act)
    assert "the site needs at least one manager" in chief.page(answer.location).select_one(".notice[role=alert]").text  # type: ignore[union-attr]
    with runtime.sessions() as session:
        kept = session.get_one(Account, chief.account_id)
        assert (kept.active, kept.role) == (True, Role.MANAGER)


def test_nobody_is_nobody_and_nothing_is_nothing(browser: NewBrowser) -> None:
    chief = browser(Role.MANAGER)
    assert chief.post(f"{PEOPLE}/999", {"act": "close"}).status_code == 404
    assert chief.page("/staff/organisation?open=people&person=999&invitation=999").select("#person") == []
    mine = f"{PEOPLE}/{chief.account_id}"
    assert chief.post(mine, {"act": "promote"}).status_code == 400
    assert chief.post(mine, {"act": "role", "role": "owner"}).status_code == 422
