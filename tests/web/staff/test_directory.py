"""A manager finds anybody in the directory, corrects one entry, and pages and letters say what was corrected."""

import pytest
from sqlalchemy import select

from advocacy.language import Language
from advocacy.legislators import directory_queries
from advocacy.legislators.legislatures import SENATE
from advocacy.legislators.models import Correction, Legislator, Status
from advocacy.runtime import Runtime
from advocacy.staff.models import AuditEntry, Role
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser

NAQVI = "mp-yasir-naqvi"
ENTRY = f"/staff/directory/entry/{NAQVI}"


def form_of(browser: Browser, entry: str = ENTRY) -> dict[str, str]:
    """The entry's form as the page gives it."""
    page = browser.page(entry)
    typed = {str(field["name"]): str(field.get("value", "")) for field in page.select("main form input[name]")}
    for choice in page.select("main select"):
        chosen = choice.select_one("option[selected]")
        typed[str(choice["name"])] = str(chosen["value"]) if chosen else ""
    return typed


def correct(browser: Browser, **facts: str) -> int:
    """Type something else into the form, and press the button."""
    return browser.post(ENTRY, form_of(browser) | facts).status_code


@pytest.fixture
def manager(browser: NewBrowser) -> Browser:
    return browser(Role.MANAGER)


def test_the_room_is_for_managers(browser: NewBrowser) -> None:
    publisher = browser(Role.PUBLISHER)
    for path in ("", "/list/commons", "/forms", "/newer", f"/entry/{NAQVI}"):
        assert publisher.get(f"/staff/directory{path}").status_code == 403


def test_the_first_page_tells_how_old_each_list_is_and_leads_to_it(manager: Browser) -> None:
    page = manager.page("/staff/directory")
    assert "House of Commons" in page.get_text()
    assert "as of July 27, 2026" in page.get_text()
    counted = {str(row.a["href"]): row.dd.get_text() for row in page.select("main .facts > div") if row.a and row.dd}
    assert len(counted) == 3
    for link, number in counted.items():
        assert f"{len(manager.page(link).select('tbody tr'))} entries" == number
    for empty in ("left", "assembly", "nothing-known"):
        assert manager.get(f"/staff/directory/list/{empty}").status_code == 404


def test_somebody_is_found_by_words_that_stand_in_no_address(manager: Browser) -> None:
    answer = manager.post("/staff/directory", {"looked_for": "ottawa centre"})
    assert answer.status_code == 200
    assert f'href="{ENTRY}"' in answer.text
    assert "Nobody was found" in manager.post("/staff/directory", {"looked_for": "zzzzqqq"}).text
    assert manager.post("/staff/directory", {"looked_for": "senators"}).text.count('<th scope="row">') == 60


def test_every_form_of_address_is_shown_with_how_sure_it_is(manager: Browser) -> None:
    text = manager.page("/staff/directory/forms").get_text()
    assert "to be verified before opening" in text
    assert "Dear Ms. [last name]:" in text


def test_an_entry_shows_how_a_letter_addresses_its_person_in_both_languages(manager: Browser) -> None:
    page = manager.page(ENTRY)
    assert "Dear Yasir Naqvi:" in page.get_text()
    french = " ".join(part.get_text(" ") for part in page.select('dd [lang="fr"]'))
    assert "Chambre des communes" in french
    assert "While the seat is vacant" in page.get_text()
    seat = manager.page("/staff/directory/entry/seat-35015")
    assert [field["name"] for field in seat.select(".entry input")] == ["email", "telephone"]
    for nobody in ("mp-nobody", "a%00b", "%F0%9F%98%80" * 50):
        assert manager.get(f"/staff/directory/entry/{nobody}").status_code == 404


def test_a_correction_reaches_the_pages_the_journal_and_the_list_keeps_what_the_source_says(
    manager: Browser, runtime: Runtime
) -> None:
    assert correct(manager, email="naqvi@example.ca", **{"party-fr": "Indépendant", "party-en": "Independent"}) == 303
    with runtime.sessions() as session:
        row = session.get_one(Legislator, NAQVI)
        assert (row.email, row.party and row.party.in_language(Language.FR)) == ("naqvi@example.ca", "Indépendant")
        held = {one.field: (one.value, one.source_value) for one in session.scalars(select(Correction))}
        assert held["email"] == ("naqvi@example.ca", "yasir.naqvi@parl.gc.ca")
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.act, entry.subject) == ("legislator-corrected", f"legislator:{NAQVI}")
        assert entry.before["email"] == "yasir.naqvi@parl.gc.ca"
        assert set(entry.after) == {"email", "party"}
    page = manager.page(ENTRY)
    assert "yasir.naqvi@parl.gc.ca" in page.select_one("#email-s").get_text()  # type: ignore[union-attr]
    assert "Manager corrected an entry of the directory" in " ".join(page.get_text(" ").split())
    assert "corrected here" in manager.get("/staff/directory/list/commons").text
    assert "naqvi@example.ca" in manager.post("/staff/directory", {"looked_for": "naqvi"}).text


def test_bills_a_minister_is_responsible_for_are_corrected_for_members_of_the_house_alone(
    manager: Browser, runtime: Runtime
) -> None:
    assert correct(manager, responsible_for=" c-34, s-210 ") == 303
    with runtime.sessions() as session:
        assert session.get_one(Legislator, NAQVI).responsible_for == "C-34 S-210"
        senator = session.scalars(select(Legislator).where(Legislator.chamber == SENATE)).first()
        assert senator is not None
    assert "responsible_for" in form_of(manager)
    assert "responsible_for" not in form_of(manager, f"/staff/directory/entry/{senator.id}")


def test_what_is_set_back_by_hand_or_by_the_button_is_no_correction_any_more(
    manager: Browser, runtime: Runtime
) -> None:
    assert correct(manager, email="naqvi@example.ca", telephone="613 555-0100") == 303
    assert correct(manager, email="yasir.naqvi@parl.gc.ca") == 303
    with runtime.sessions() as session:
        assert [one.field for one in session.scalars(select(Correction))] == ["telephone"]
        assert session.get_one(Legislator, NAQVI).addresses[0].telephone == "613 555-0100"
    assert manager.post(f"{ENTRY}/source").status_code == 303
    with runtime.sessions() as session:
        assert list(session.scalars(select(Correction))) == []
        assert session.get_one(Legislator, NAQVI).addresses == ()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"email": "melanie.joly@parl.gc.ca"}, "email"),
        ({"party-fr": "", "party-en": "Independent"}, "party-fr"),
        ({"office": "minister"}, "title-fr"),
        ({"responsible_for": "the bill on safety"}, "responsible_for"),
    ],
)
def test_what_cannot_be_is_refused_and_all_that_was_typed_stays(
    manager: Browser, runtime: Runtime, *, facts: dict[str, str], field: str
) -> None:
    answer = manager.post(ENTRY, form_of(manager) | {"telephone": "613 555-0199"} | facts)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-e"' in answer.text
    assert 'value="613 555-0199"' in answer.text
    with runtime.sessions() as session:
        assert list(session.scalars(select(Correction))) == []


def test_who_corrects_over_a_correction_made_meanwhile_is_told_and_loses_nothing(
    manager: Browser, browser: NewBrowser, runtime: Runtime
) -> None:
    mine = form_of(manager)
    assert correct(browser(Role.MANAGER, who="ana"), telephone="613 555-0100") == 303
    answer = manager.post(ENTRY, mine | {"email": "naqvi@example.ca"})
    assert answer.status_code == 409
    assert "Ana saved another version" in answer.text
    assert 'value="naqvi@example.ca"' in answer.text
    with runtime.sessions() as session:
        assert [one.field for one in session.scalars(select(Correction))] == ["telephone"]


def test_a_member_who_is_said_to_have_left_leaves_a_vacant_seat_that_can_be_written_to(
    manager: Browser, runtime: Runtime
) -> None:
    assert correct(manager, status="left") == 303
    with runtime.sessions() as session:
        assert session.get_one(Legislator, "seat-35079").status is Status.VACANT
    assert "Yasir Naqvi" in manager.page("/staff/directory/list/left").get_text()
    assert manager.get("/staff/directory/entry/seat-35079").status_code == 200
    assert manager.post(f"{ENTRY}/source").status_code == 303
    with runtime.sessions() as session:
        assert session.get_one(Legislator, "seat-35079").status is Status.LEFT
        assert session.get_one(Legislator, NAQVI).status is Status.SITTING


def test_an_address_that_mail_came_back_from_is_trusted_again(manager: Browser, runtime: Runtime) -> None:
    with runtime.sessions.begin() as session:
        directory_queries.mark_bounced(session, NAQVI, now=NOW, reason="mailbox unknown")
    assert "E-mail to yasir.naqvi@parl.gc.ca came back" in manager.get("/staff/directory").text
    assert "Address to check" in manager.get(ENTRY).text
    assert "to check" in manager.get("/staff/directory/list/commons").text
    assert manager.post(f"{ENTRY}/trust").status_code == 303
    assert "Address to check" not in manager.get(ENTRY).text
    with runtime.sessions() as session:
        acts = [entry.act for entry in session.scalars(select(AuditEntry))]
    assert acts == ["address-trusted"]
    assert manager.post(f"{ENTRY}/trust").status_code == 303
    with runtime.sessions() as session:
        assert len(list(session.scalars(select(AuditEntry)))) == 1


def test_the_room_counts_those_whose_gender_is_unknown(manager: Browser, runtime: Runtime) -> None:
    with runtime.sessions() as session:
        before = directory_queries.unknown_genders(session)
    assert f"The gender of {before} people is unknown" in manager.page("/staff/directory").get_text()
    assert correct(manager, gender="m") == 303
    assert f"The gender of {before - 1} people is unknown" in manager.page("/staff/directory").get_text()
