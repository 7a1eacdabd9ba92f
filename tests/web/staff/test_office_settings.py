"""Staff see what an office set on its entry in the directory, and take it back or confirm an address, with a reason."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from advocacy.language import Language
from advocacy.legislators.directory_queries import mark_bounced
from advocacy.offices import office_links
from advocacy.offices.models import OfficeLink, OfficeLinkKind
from advocacy.offices.office_settings import NOTHING_SET, OfficeValues, own_address, settings_of
from advocacy.runtime import Runtime
from advocacy.staff.audit_log import Act, find_breaks
from advocacy.staff.models import AuditEntry, Role
from advocacy.staff.office_changes import change_settings
from tests.web.shared_site import NOW
from tests.web.staff.conftest import NewBrowser

OFFICE = "mp-yasir-naqvi"
ELSEWHERE = "office@elsewhere.example"
ENTRY = f"/staff/directory/entry/{OFFICE}"
DAILY = OfficeValues(takes_digest=True, acknowledgement={"en": "Thank you for writing."})
PAUSED = OfficeValues(takes_digest=True, paused_until=date(2026, 12, 6))


def set_by_office(runtime: Runtime, *each: OfficeValues) -> None:
    with runtime.sessions.begin() as session:
        for values in each:
            change_settings(session, OFFICE, values, act=Act.OFFICE_CHANGED, by=None, now=NOW)


def values_of(runtime: Runtime) -> OfficeValues:
    with runtime.sessions() as session:
        return settings_of(session, OFFICE)


def main(page: BeautifulSoup) -> str:
    return " ".join(page.main.text.split()) if page.main else ""


def test_the_entry_and_the_log_say_what_the_office_set(runtime: Runtime, browser: NewBrowser) -> None:
    set_by_office(runtime, DAILY, PAUSED)
    manager = browser(Role.MANAGER)
    page = manager.page(ENTRY)
    [section] = page.select("#set-by-office")
    assert "December 6, 2026" in section.text
    assert "The office changed how letters reach it" in main(page)
    log = manager.page("/staff/organisation?open=log")
    rows = [" ".join(row.text.split()) for row in log.select("#log tbody tr")]
    assert any("The office changed how letters reach it: Yasir Naqvi" in row for row in rows)
    assert any("acknowledgement in English" in row and "Thank you for writing." in row for row in rows)


@pytest.mark.parametrize(("act", "left"), [("former", DAILY), ("nothing", NOTHING_SET)])
def test_staff_take_back_what_an_office_set_with_a_reason(
    runtime: Runtime, browser: NewBrowser, *, act: str, left: OfficeValues
) -> None:
    set_by_office(runtime, DAILY, PAUSED)
    with runtime.sessions.begin() as session:
        office_links.send_link(
            session,
            OFFICE,
            OfficeLinkKind.SETTINGS,
            language=Language.EN,
            now=NOW,
        )
    manager = browser(Role.MANAGER)
    refused = manager.post(f"{ENTRY}/office", {"act": act, "reason": " "})
    assert refused.status_code == 422
    assert values_of(runtime) == PAUSED
    assert manager.post(f"{ENTRY}/office", {"act": act, "reason": "The office called"}).status_code == 303
    assert values_of(runtime) == left
    with runtime.sessions() as session:
        assert session.scalars(select(OfficeLink)).all() == [], "its links end"
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.act, entry.reason, entry.account_id) == (
            Act.OFFICE_UNDONE.value,
            "The office called",
            manager.account_id,
        )
        assert list(find_breaks(session)) == []


def test_staff_confirm_an_address_at_another_domain_and_the_office_is_told(
    runtime: Runtime, browser: NewBrowser
) -> None:
    set_by_office(runtime, OfficeValues(email=ELSEWHERE))
    manager = browser(Role.MANAGER)
    assert "Confirm the address" in manager.page(ENTRY).text
    assert (
        manager.post(f"{ENTRY}/office", {"act": "confirm", "email": ELSEWHERE, "reason": "Called them"}).status_code
        == 303
    )
    assert values_of(runtime).email_from == NOW
    with runtime.sessions() as session:
        kinds = [one.kind for one in session.scalars(select(OfficeLink))]
    assert kinds == [OfficeLinkKind.UNDO]
    assert manager.post(f"{ENTRY}/office", {"act": "confirm", "email": ELSEWHERE, "reason": "Again"}).status_code == 303
    assert values_of(runtime).email_from == NOW


def test_an_address_that_waits_for_staff_and_a_pause_are_seen_without_looking_for_them(
    runtime: Runtime, browser: NewBrowser
) -> None:
    manager = browser(Role.MANAGER)
    assert "Confirm another address for letters" not in main(manager.page("/staff/"))
    set_by_office(runtime, OfficeValues(email=ELSEWHERE, paused_until=date(2026, 12, 6)))
    assert "Confirm another address for letters" in main(manager.page("/staff/"))
    directory = manager.page("/staff/directory")
    assert "Wants its letters at office@elsewhere.example." in main(directory)
    assert "Does not accept e-mail until December 6, 2026." in main(directory)
    assert len(directory.select(f'.notes a[href="{ENTRY}"]')) == 2
    set_by_office(runtime, NOTHING_SET)
    assert ELSEWHERE not in main(manager.page("/staff/directory"))


def test_staff_confirm_the_address_that_they_saw_and_no_other(runtime: Runtime, browser: NewBrowser) -> None:
    set_by_office(runtime, OfficeValues(email=ELSEWHERE))
    manager = browser(Role.MANAGER)
    [seen] = manager.page(ENTRY).select("#set-by-office input[name=email]")
    set_by_office(runtime, OfficeValues(email="another@elsewhere.example"))
    confirm = {"act": "confirm", "email": str(seen["value"]), "reason": "Called them"}
    assert manager.post(f"{ENTRY}/office", confirm).status_code == 422
    assert values_of(runtime) == OfficeValues(email="another@elsewhere.example")


def test_an_address_that_mail_came_back_from_is_shown_and_used_again_by_a_press(
    runtime: Runtime, browser: NewBrowser
) -> None:
    set_by_office(runtime, OfficeValues(email=ELSEWHERE, email_from=NOW))
    with runtime.sessions.begin() as session:
        mark_bounced(session, OFFICE, now=NOW, reason="550", email=ELSEWHERE)
    manager = browser(Role.MANAGER)
    assert "E-mail to office@elsewhere.example came back" in main(manager.page(ENTRY))
    assert (
        manager.post(f"{ENTRY}/office", {"act": "confirm", "email": ELSEWHERE, "reason": "Called them"}).status_code
        == 303
    )
    assert "came back" not in main(manager.page(ENTRY))
    with runtime.sessions() as session:
        assert own_address(session, OFFICE, NOW) == ELSEWHERE
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.act, last.subject) == (Act.ADDRESS_TRUSTED.value, f"office:{OFFICE}")
