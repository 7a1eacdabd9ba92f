"""A manager sees from which addresses mail comes back, and corrects each once for all."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from advocacy.delivery import outbox
from advocacy.delivery.models import Actor
from advocacy.delivery.states import State
from advocacy.legislators import directory_queries
from advocacy.legislators.corrections import without_corrections
from advocacy.legislators.directory_queries import is_bounced
from advocacy.legislators.models import Correction, Legislator
from advocacy.runtime import Runtime
from advocacy.staff.models import AuditEntry, Role
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser, kept_fields
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.outbox_filled import a_letter

NAQVI, OLD, NEWER = "mp-yasir-naqvi", "yasir.naqvi@parl.gc.ca", "yasir.naqvi.new@parl.gc.ca"
PAGE, PRESS = "/staff/directory/bounces", f"/staff/directory/bounces/{NAQVI}"


@pytest.fixture
def manager(browser: NewBrowser) -> Browser:
    return browser(Role.MANAGER)


def came_back(runtime: Runtime, *, reason: str = "address") -> None:
    with runtime.sessions.begin() as session:
        directory_queries.mark_bounced(session, NAQVI, now=NOW, reason=reason)


def shown(manager: Browser) -> str:
    """Give the version of the entry that the page shows."""
    return str(manager.page(PAGE).select_one('[name="version"]')["value"])  # type: ignore[index]


def press(manager: Browser, email: str, *, version: str = "") -> int:
    return manager.post(PRESS, {"email": email, "version": version or shown(manager)}).status_code


def returned(runtime: Runtime, app: Flask) -> None:
    """Have one letter come back."""
    number = a_letter(runtime, app, State.ACCEPTED)
    with runtime.sessions.begin() as session:
        message = outbox.locked(session, number)
        assert message is not None
        outbox.make_move(session, message, State.BOUNCED, now=NOW, by=Actor.EVENT, reason="address")
    came_back(runtime)


def test_the_page_is_for_managers_and_empty_at_first(browser: NewBrowser, manager: Browser) -> None:
    assert browser(Role.PUBLISHER).get(PAGE).status_code == 403
    assert browser(Role.PUBLISHER).post(PRESS).status_code == 403
    assert "No address to correct" in manager.get(PAGE).text


def test_it_says_how_many_letters_since_when_and_why(manager: Browser, runtime: Runtime, app: Flask) -> None:
    returned(runtime, app)
    page = manager.page(PAGE)
    [office] = page.select(".bounce")
    words = office.get_text(" ")
    assert OLD in words
    assert "1 letter came back" in words
    assert "The server refused the office’s address." in words


def test_deliveries_and_directory_lead_there(manager: Browser, runtime: Runtime) -> None:
    pages = ("/staff/deliveries", "/staff/directory")
    assert not any(manager.page(page).select(f'a[href="{PAGE}"]') for page in pages)
    came_back(runtime)
    assert all(manager.page(page).select(f'a[href="{PAGE}"]') for page in pages)


def test_an_address_is_corrected_once_for_all(manager: Browser, runtime: Runtime) -> None:
    came_back(runtime)
    before = shown(manager)
    assert press(manager, NEWER, version=before) == 303
    with runtime.sessions() as session:
        [correction] = session.scalars(select(Correction))
        assert (correction.field, correction.value, correction.source_value) == ("email", NEWER, OLD)
        assert [one.act for one in session.scalars(select(AuditEntry))] == ["legislator-corrected"]
        assert not is_bounced(session, NEWER)
        assert directory_queries.bounced_entries(session) == []
    with runtime.sessions.begin() as session:  # a newer list still has the old address
        with without_corrections(session):
            session.get_one(Legislator, NAQVI).as_of = date(2026, 11, 20)
        assert session.get_one(Legislator, NAQVI).email == NEWER
    page = manager.page(PAGE)
    assert not page.select(".bounce")
    assert OLD in page.get_text(), "it is still told that mail to the old address came back"
    assert press(manager, "another@parl.gc.ca", version=before) == 409, "what was shown is no longer so"


@pytest.mark.parametrize("email", ["naqvi", "YASIR.NAQVI@parl.gc.ca", "anthony.housefather@parl.gc.ca"])
def test_what_cannot_be_the_address_is_refused_beside_its_field(manager: Browser, runtime: Runtime, email: str) -> None:
    came_back(runtime)
    answer = manager.post(PRESS, {"email": email, "version": shown(manager)})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.data, "lxml")
    assert page.select_one('.bounce #email[aria-invalid="true"]') is not None
    with runtime.sessions() as session:
        assert session.scalars(select(Correction)).all() == []


def test_two_who_correct_the_same_address_do_not_overwrite_each_other(manager: Browser, runtime: Runtime) -> None:
    came_back(runtime)
    before = shown(manager)
    assert press(manager, NEWER) == 303
    late = manager.post(PRESS, {"email": "third@parl.gc.ca", "version": before})
    assert late.status_code == 409
    page = BeautifulSoup(late.data, "lxml")
    assert [one.get_text() for one in page.select(".diff del, .diff ins")] == [NEWER.partition("@")[0], "third"]
    assert manager.post(PRESS, kept_fields(page)).status_code == 303


def test_looking_changes_nothing_and_nobody_else_is_found(manager: Browser, runtime: Runtime) -> None:
    came_back(runtime)
    manager.get(PAGE)
    assert manager.get(PRESS).status_code == 405
    assert manager.post("/staff/directory/bounces/nobody", {"email": NEWER, "version": "1"}).status_code == 404
    with runtime.sessions() as session:
        assert is_bounced(session, OLD)
