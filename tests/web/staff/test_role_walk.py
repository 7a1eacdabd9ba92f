"""Who may do what: every staff route, asked by everybody there is, answers as the table says; another's work is safe.

`roles.toml` is that table. A post brings its token and no field, so what a role may do is answered 303, 400, 404 or 422.
"""

import tomllib
from collections.abc import Container
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from advocacy.legislators.models import PendingImport
from advocacy.staff.models import Account, AuditEntry, Draft, Passkey, Role
from advocacy.web.security import SAFE
from advocacy.web.staff import STAFF
from tests.web.shared_site import NOW
from tests.web.staff.browser import sign_in
from tests.web.staff.route_walk import WHO, Site, Walker, routes, said, walker
from tests.web.staff.staged_site import CAMPAIGN, LETTER, SECRET_WORDS

TABLE = tomllib.loads((Path(__file__).parent / "roles.toml").read_text("utf-8"))
EDITOR = f"/staff/campaigns/{CAMPAIGN}/letters/{LETTER}"


def test_the_table_names_every_route_and_no_other(app: Flask) -> None:
    named, there = set(TABLE["route"]), {name for name, _, _ in routes(app)}
    assert (there - named, named - there) == (set(), set())


def test_a_route_that_the_table_does_not_name_is_seen(own_app: Flask) -> None:
    own_app.extensions[STAFF].add_url_rule("/staff/open-by-mistake", view_func=lambda: "")
    with pytest.raises(AssertionError, match="open-by-mistake"):
        test_the_table_names_every_route_and_no_other(own_app)


@pytest.mark.parametrize("who", WHO)
def test_everybody_is_answered_as_the_table_says(site: Site, who: str) -> None:
    """A manager at every route, everybody else where the answer is not a manager's."""
    column, managers = WHO.index(who), WHO.index(Role.MANAGER)
    names = {name for name, row in TABLE["route"].items() if who == Role.MANAGER or row[column] != row[managers]}
    assert _wrong_answers(site, who, names) == {}


@pytest.mark.thorough
@pytest.mark.parametrize("who", [who for who in WHO if who != Role.MANAGER])
def test_everybody_is_answered_as_the_table_says_at_every_route(site: Site, who: str) -> None:
    assert _wrong_answers(site, who, set(TABLE["route"])) == {}


def _wrong_answers(site: Site, who: str, names: Container[str]) -> dict[str, str]:
    """Ask these routes as somebody; return the answers that are not the table's."""
    one, column = walker(site, who), WHO.index(who)
    wrong = {}
    for name, method, rule in routes(site.app):
        if name not in names:
            continue
        answer = said(one.ask(method, site.stage.path(site.app, rule)))
        if answer != TABLE["route"][name][column]:
            wrong[name] = answer
        if method not in SAFE and answer != "no":
            site.put_back()
    return wrong


def test_a_token_of_somebody_elses_form_opens_nothing(site: Site) -> None:
    one, other = walker(site, Role.MANAGER), walker(site, Role.WRITER)
    stolen = Walker(site, one.cookie, other.token)
    assert stolen.ask("POST", "/staff/deliveries/pause", reason="x").status_code == 400


def test_a_session_ends_with_the_role_it_had(site: Site) -> None:
    lower = Role.PUBLISHER
    one = walker(site, Role.MANAGER)
    browser = sign_in(site.app, site.runtime, Role.MANAGER, NOW, who="boss")
    person = f"/staff/organisation/people/{_account(site, 'manager').id}"
    assert one.ask("GET", "/staff/deliveries").status_code == 200
    assert browser.post(person, {"act": "role", "role": lower.value}).status_code == 303
    assert _account(site, "manager").role == lower
    for path in ("/staff/deliveries", "/staff/account", EDITOR):
        assert said(one.ask("GET", path)) == "door"
    assert said(one.ask("POST", "/staff/deliveries/pause", reason="x")) == "door"
    again = sign_in(site.app, site.runtime, lower, NOW, who="manager")
    assert (again.get("/staff/deliveries").status_code, again.get(EDITOR).status_code) == (403, 200)


def test_a_demotion_that_no_page_made_counts_at_the_next_request(site: Site) -> None:
    one = walker(site, Role.MANAGER)
    with site.runtime.sessions.begin() as session:
        session.get_one(Account, _account(site, "manager").id).role = Role.WRITER
    assert said(one.ask("GET", "/staff/deliveries")) == "no"
    assert said(one.ask("POST", "/staff/deliveries/pause", reason="x")) == "no"


def test_the_teams_draft_is_met_by_no_page_of_the_public_and_no_get_touches_it(site: Site) -> None:
    one, before = walker(site, Role.MANAGER), _draft(site)
    assert SECRET_WORDS in before[0]
    pages = [rule for _, method, rule in routes(site.app) if method in SAFE and "<letter>" in rule.rule]
    assert len(pages) > 5
    for rule in pages:
        one.ask("GET", site.stage.path(site.app, rule))
    assert SECRET_WORDS not in site.app.test_client().get("/fr/child-protection/").text
    for act in ("drop", "auto", "save"):
        assert one.ask("POST", EDITOR, act=act, version="0.1").status_code == 400
    assert _draft(site) == before


@pytest.mark.parametrize("role", list(Role))
def test_a_colleagues_request_is_withdrawn_by_managers_alone(site: Site, role: Role) -> None:
    one = walker(site, role)
    one.ask("POST", f"/staff/review/{site.stage.values['revision']}/withdraw")
    acts = _acts(site)
    assert ("publication-withdrawn" in acts) is (role is Role.MANAGER)


def test_a_colleagues_passkey_and_sessions_stay(site: Site) -> None:
    with site.runtime.sessions.begin() as session:
        uniquifier = session.get_one(Account, site.stage.colleague).fs_uniquifier
    one = walker(site, Role.MANAGER)
    for path in ("/staff/account/passkey/remove", "/staff/account/sessions/end", "/staff/sign-out"):
        assert one.ask("POST", path, name="blue key").status_code in {302, 303}
    with site.runtime.sessions() as session:
        assert session.get(Passkey, site.stage.values["passkey_id"]) is not None
        assert session.get_one(Account, site.stage.colleague).fs_uniquifier == uniquifier


def test_a_colleagues_list_of_legislators_is_neither_shown_nor_confirmed(site: Site) -> None:
    one, number = walker(site, Role.MANAGER), site.stage.others_list
    with site.runtime.sessions() as session:
        digest = session.get_one(PendingImport, number).digest
    path = f"/staff/directory/newer/{number}"
    assert one.ask("GET", path).status_code == 404
    assert one.ask("POST", path, digest=digest, fewer="yes").status_code == 404
    assert "directory-refreshed" not in _acts(site)


def _account(site: Site, name: str) -> Account:
    with site.runtime.sessions() as session:
        return session.scalars(select(Account).where(Account.email == f"{name}@example.ca")).one()


def _acts(site: Site) -> list[str]:
    with site.runtime.sessions() as session:
        return list(session.scalars(select(AuditEntry.act)))


def _draft(site: Site) -> tuple[str, int]:
    """Return what a colleague's draft holds, and the letter's version."""
    with site.runtime.sessions() as session:
        draft = session.scalars(select(Draft).where(Draft.account_id == site.stage.colleague)).one()
        return draft.content, draft.document.version
