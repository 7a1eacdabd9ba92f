"""Today is one list for each person, the most urgent first, each row with the button that ends it."""

from bs4 import Tag
from flask import Flask
from sqlalchemy import select, update

from advocacy.campaigns.library import newest_folder, revise
from advocacy.campaigns.models import Author
from advocacy.campaigns.toml_text import format_letter
from advocacy.delivery import holds
from advocacy.delivery.models import Actor
from advocacy.language import Language
from advocacy.legislators import directory_queries
from advocacy.legislators.models import DataSet, Legislator
from advocacy.runtime import Runtime
from advocacy.staff import own_list
from advocacy.staff.models import Account, AuditEntry, Proposal, Role
from tests.citizens import put_under_pressure
from tests.databases import statements_of
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.outbox_filled import OFFICE
from tests.web.staff.staged_site import CAMPAIGN, LETTER, set_up

CAMPAIGN_PAGE = f"/staff/campaigns/{CAMPAIGN}"
BILL = "Is Bill C-34 still here: first or second reading?"


def rows(by: Browser) -> dict[str, Tag]:
    """The rows of somebody's Today, by their titles, in their order."""
    return {row.h2.get_text(strip=True): row for row in by.page("/staff/").select(".tasks > li") if row.h2}


def words(row: Tag) -> str:
    return " ".join(row.get_text(" ").split())


def press(by: Browser, row: Tag) -> None:
    """Press the button of a row that is a form."""
    assert row.form
    fields = {str(field["name"]): str(field["value"]) for field in row.form.select("input")}
    assert by.post(str(row.form["action"]), fields).status_code == 303


def test_a_letter_that_waits_comes_first_then_mail_that_comes_back_then_what_colleagues_ask(
    browser: NewBrowser, app: Flask, runtime: Runtime
) -> None:
    set_up(app, runtime, NOW)
    with runtime.sessions.begin() as session:
        directory_queries.mark_bounced(session, OFFICE, now=NOW, reason="address")
    shown = rows(browser(Role.MANAGER))
    assert [*shown][:4] == [
        "Read 1 letter before it is sent",
        "1 message needs a decision",
        "E-mail to Yasir Naqvi, Ottawa Centre comes back",
        "Approve “Protecting children online”",
    ]
    first = shown["Read 1 letter before it is sent"]
    assert "To Yasir Naqvi, Ottawa Centre, waiting since November 25, 2026" in words(first)
    assert first.select(".btn-main")
    assert all(row.select_one(".btn") for row in shown.values()), "each row has its button"


def test_everybody_sees_what_they_may_do(browser: NewBrowser, app: Flask, runtime: Runtime) -> None:
    set_up(app, runtime, NOW)
    with runtime.sessions.begin() as session:
        session.execute(update(DataSet).values(as_of=NOW.date()))
    writer, publisher = rows(browser(Role.WRITER)), rows(browser(Role.PUBLISHER))
    contact = "Say who runs “Protecting children online”, and whom to write to about privacy"
    assert [*writer] == [contact]
    assert [*publisher] == ["Approve “Protecting children online”", BILL, contact]


def test_what_waits_for_a_colleague_is_told_apart(browser: NewBrowser, app: Flask, runtime: Runtime) -> None:
    set_up(app, runtime, NOW)
    page = browser(Role.WRITER, who="colleague").page("/staff/")
    waits = page.select_one("details.waits")
    assert waits
    assert "“Protecting children online” waits for approval" in words(waits)


def test_what_was_sent_for_review_together_is_one_row_with_the_word_of_who_asked(
    browser: NewBrowser, app: Flask, runtime: Runtime
) -> None:
    stage, publisher = set_up(app, runtime, NOW), browser(Role.PUBLISHER)
    counts: list[int] = []
    for letter in ("short", "survivor", "family"):
        with runtime.sessions.begin() as session:
            files = dict(newest_folder(session, CAMPAIGN).documents()[letter])
            text = files[f"{letter}/letter.toml"]
            files[f"{letter}/letter.toml"] = text.replace(b"\nplace = ", b"\nplace = 1", 1)
            made = revise(session, CAMPAIGN, letter, files=files, author=Author.SITE, now=NOW)
            asked = Proposal(revision_id=made.id, asked_by=stage.colleague, asked_at=NOW, note="Shorter now.")
            session.add(asked)
        with statements_of(runtime.engine) as statements:
            row = rows(publisher)["Approve “Protecting children online”"]
        counts.append(len(statements))
    assert "4 texts were changed · Colleague, November 25, 2026" in words(row)
    assert row.blockquote
    assert row.blockquote.get_text() == "Shorter now."
    assert [link["href"] for link in row.select("a.btn")] == [f"{CAMPAIGN_PAGE}/publish"]
    assert len({*counts[1:]}) == 1, "it asks as many questions of the database however many letters wait"


def test_changes_that_were_asked_lead_their_writer_to_the_text(
    browser: NewBrowser, app: Flask, runtime: Runtime
) -> None:
    stage = set_up(app, runtime, NOW)
    answer = {"act": "changes", "note": "The second paragraph is too long."}
    browser(Role.PUBLISHER).post(f"/staff/review/{stage.values['revision']}/publish", answer)
    row = rows(browser(Role.WRITER, who="colleague"))["Publisher asks for a change"]
    assert "The second paragraph is too long." in words(row)
    assert [link["href"] for link in row.select("a.btn")] == [f"{CAMPAIGN_PAGE}/letters/{LETTER}"]


def test_a_bills_stage_is_confirmed_by_one_press(browser: NewBrowser, runtime: Runtime) -> None:
    publisher = browser(Role.PUBLISHER)
    press(publisher, rows(publisher)[BILL])
    assert BILL not in rows(publisher)
    with runtime.sessions() as session:
        [entry] = session.scalars(select(AuditEntry))
    assert (entry.act, entry.after["stage"]) == ("bill-confirmed", "introduced")


def test_a_new_list_waits_for_another_publisher_who_is_told(browser: NewBrowser, runtime: Runtime) -> None:
    manager, publisher = browser(Role.MANAGER), browser(Role.PUBLISHER)
    with runtime.sessions.begin() as session:
        own_list.store_pending(session, CAMPAIGN, b"name\nAda Roe\n", by=manager.account_id, now=NOW)
    title = "Approve a list of people to write to"
    assert "Brought by Manager" in words(rows(publisher)[title])
    assert title not in rows(manager), "not whoever brought it"


def test_old_lists_and_missing_addresses_are_named_and_senators_left_out(browser: NewBrowser, runtime: Runtime) -> None:
    with runtime.sessions.begin() as session:
        session.execute(update(DataSet).values(as_of=NOW.date()))
        session.execute(update(DataSet).where(DataSet.key == "senate").values(as_of=NOW.date().replace(year=2025)))
        session.execute(update(Legislator).where(Legislator.chamber != "senate").values(email="a@parl.gc.ca"))
        session.get_one(Legislator, OFFICE).email = None
    shown = rows(browser(Role.MANAGER))
    assert "Senate of Canada" in words(shown["1 list of legislators is old"])
    assert "1 legislator has no address" in shown


def test_texts_that_one_language_waits_for_are_the_translators(browser: NewBrowser, runtime: Runtime) -> None:
    with runtime.sessions.begin() as session:
        letter = newest_folder(session, CAMPAIGN).letter(LETTER)
        first, *others = letter.sections
        usual = first.alternatives[0].model_copy(update={"stale": {Language.FR: "Before."}})
        section = first.model_copy(update={"alternatives": (usual, *first.alternatives[1:])})
        text = format_letter(letter.model_copy(update={"sections": (section, *others)}))
        files = {f"{LETTER}/letter.toml": text.encode()}
        revise(session, CAMPAIGN, LETTER, files=files, author=Author.SITE, now=NOW)
    title = "1 text changed; its French waits"
    assert title in rows(browser(Role.MANAGER)), "nobody else writes"
    assert "Takedown and safety standards" in words(rows(browser(Role.WRITER))[title])
    assert title not in rows(browser(Role.MANAGER))


def test_that_sending_stopped_stands_on_top_until_somebody_has_it_tried_again(
    browser: NewBrowser, runtime: Runtime
) -> None:
    with runtime.sessions.begin() as session:
        holds.hold(session, "login", now=NOW, by=Actor.WORKER)
    assert browser(Role.WRITER).page("/staff/").select_one(".band") is None
    manager = browser(Role.MANAGER)
    band = manager.page("/staff/").select_one(".band")
    assert band
    assert "none is lost" in words(band)
    press(manager, band)
    assert manager.page("/staff/").select_one(".band") is None


def test_a_manager_sees_todays_letters_on_the_day_and_others_what_is_published(
    browser: NewBrowser, app: Flask, runtime: Runtime
) -> None:
    set_up(app, runtime, NOW)

    def counts(role: Role) -> dict[str, str]:
        listed = browser(role).page("/staff/").select(".counts div")
        return {pair.dt.get_text(): pair.dd.get_text() for pair in listed if pair.dt and pair.dd}

    assert counts(Role.MANAGER) == {"today": "1", "in 7 days": "19", "letters in all": "19"}
    assert counts(Role.PUBLISHER) == {"in 7 days": "18", "letters in all": "18"}
    assert counts(Role.WRITER) == {}


def test_a_campaign_leads_to_its_pages_and_gives_its_links_in_both_languages(browser: NewBrowser) -> None:
    page = browser(Role.MANAGER).page("/staff/")
    [card] = page.select(".camp")
    assert card.select_one(f'a[href="{CAMPAIGN_PAGE}"]')
    assert "12 letters" in words(card)
    links = {str(button["data-copy"]).removeprefix("http://localhost:8000") for button in card.select("[data-copy]")}
    assert links == {f"/{language}/{CAMPAIGN}/" for language in ("en", "fr")}


def test_a_site_on_which_nothing_is_open_says_how_to_begin(browser: NewBrowser, runtime: Runtime) -> None:
    browser(Role.MANAGER).post(f"{CAMPAIGN_PAGE}/availability/archive")
    with runtime.sessions.begin() as session:
        session.execute(update(Account).values(role=Role.WRITER))
    page = browser(Role.WRITER).page("/staff/")
    assert "Welcome. Nothing is open yet." in page.text
    assert page.select_one('.first a[href="/staff/campaigns/new"]')
    assert "1 archived campaign" in page.text


def test_while_more_letters_come_in_than_usual_everybody_is_told_since_when(
    browser: NewBrowser, runtime: Runtime
) -> None:
    writer = browser(Role.WRITER)
    assert "Each browser computes for a second" not in words(writer.page("/staff/"))
    put_under_pressure(runtime.sessions, now=NOW)
    assert "Each browser computes for a second" in words(writer.page("/staff/"))


def test_every_row_leads_to_a_page(browser: NewBrowser, app: Flask, runtime: Runtime) -> None:
    set_up(app, runtime, NOW)
    with runtime.sessions.begin() as session:
        directory_queries.mark_bounced(session, OFFICE, now=NOW, reason="address")
    manager = browser(Role.MANAGER)
    links = [str(link["href"]) for row in rows(manager).values() for link in row.select("a")]
    assert len(links) > 7
    assert [link for link in links if manager.get(link).status_code != 200] == []
