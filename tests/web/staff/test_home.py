"""Home tells each person what waits for them, and everybody what is live and what needs care."""

from flask import Flask

from advocacy.campaigns.library import newest_folder, revise
from advocacy.campaigns.models import Author
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff.models import Proposal, Role
from tests.citizens import put_under_pressure
from tests.databases import statements_of
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.staged_site import CAMPAIGN, LETTER, set_up

CAMPAIGN_PAGE = f"/staff/campaigns/{CAMPAIGN}"


def box(by: Browser, which: str, path: str = "/staff/") -> str:
    """The words of one box of a page."""
    found = by.page(path).select_one(f'section[aria-labelledby="{which}-h"]')
    assert found
    return " ".join(found.get_text().split())


def test_a_new_site_has_nothing_to_do_but_what_needs_care(browser: NewBrowser) -> None:
    writer = browser(Role.WRITER)
    assert "No changes are asked of you." in box(writer, "returned")
    assert "12 letters to choose from" in box(writer, "live")
    assert box(writer, "care") == (
        "Needs care Protecting children online: say who runs the campaign and whom to write to about privacy."
        "Protecting children online: confirm the stage of C-34."
    )
    assert writer.page("/staff/").select_one('[aria-labelledby="waiting-h"]') is None


def test_what_is_in_review_waits_for_those_who_may_publish_it(
    browser: NewBrowser, app: Flask, runtime: Runtime
) -> None:
    stage = set_up(app, runtime, NOW)
    publisher = browser(Role.PUBLISHER)
    assert "Takedown and safety standards Protecting children online · Sent for review by Colleague" in box(
        publisher, "waiting"
    )
    links = [link["href"] for link in publisher.page("/staff/").select('[aria-labelledby="waiting-h"] a')]
    assert links == [f"/staff/review/{stage.values['revision']}/publish"]
    assert "changes are not live yet" in box(publisher, "live")


def test_what_was_sent_back_leads_its_writer_to_the_editor(browser: NewBrowser, app: Flask, runtime: Runtime) -> None:
    stage = set_up(app, runtime, NOW)
    answer = browser(Role.PUBLISHER).post(
        f"/staff/review/{stage.values['revision']}/publish",
        {"act": "changes", "note": "The second paragraph is too long."},
    )
    assert answer.status_code == 303
    colleague = browser(Role.WRITER, who="colleague")
    assert "The second paragraph is too long." in box(colleague, "returned")
    [link] = colleague.page("/staff/").select('[aria-labelledby="returned-h"] a')
    assert link["href"] == f"{CAMPAIGN_PAGE}/letters/{LETTER}"
    assert "Nothing to review." in box(browser(Role.PUBLISHER), "waiting")


def test_a_manager_also_sees_what_the_site_needs(browser: NewBrowser, app: Flask, runtime: Runtime) -> None:
    set_up(app, runtime, NOW)
    assert "1 delivery needs a decision." in box(browser(Role.MANAGER), "care")
    assert "delivery" not in box(browser(Role.PUBLISHER), "care")


def test_home_asks_as_many_questions_of_the_database_however_many_letters_wait(
    browser: NewBrowser, app: Flask, runtime: Runtime
) -> None:
    stage, publisher = set_up(app, runtime, NOW), browser(Role.PUBLISHER)
    publisher.page("/staff/")  # what is live is read once
    counts: list[int] = []
    for letter in ("short", "survivor", "family"):
        with runtime.sessions.begin() as session:
            files = dict(newest_folder(session, CAMPAIGN).documents()[letter])
            text = files[f"{letter}/letter.toml"]
            files[f"{letter}/letter.toml"] = text.replace(b"\nplace = ", b"\nplace = 1", 1)
            made = revise(session, CAMPAIGN, letter, files=files, author=Author.SITE, now=NOW)
            session.add(Proposal(revision_id=made.id, asked_by=stage.colleague, asked_at=NOW))
        with statements_of(runtime.engine) as asked:
            assert len(publisher.page("/staff/").select('[aria-labelledby="waiting-h"] li')) == len(counts) + 2
        counts.append(len(asked))
    assert len({*counts}) == 1


def test_the_overview_tells_how_a_campaign_is_doing(browser: NewBrowser, app: Flask, runtime: Runtime) -> None:
    set_up(app, runtime, NOW)
    publisher = browser(Role.PUBLISHER)
    assert "12 letters are live" in box(publisher, "public", CAMPAIGN_PAGE)
    assert "Takedown and safety standards In review" in box(publisher, "waiting", CAMPAIGN_PAGE)
    assert "Takedown and safety standards: Colleague, saved at" in box(publisher, "writing", CAMPAIGN_PAGE)
    assert "There is nothing to fix." in box(publisher, "checks", CAMPAIGN_PAGE)
    assert publisher.get("/staff/campaigns/nowhere").status_code == 404


def test_the_side_bar_follows_the_campaign_in_the_address(browser: NewBrowser) -> None:
    manager = browser(Role.MANAGER, language=Language.FR)
    page = manager.page(f"{CAMPAIGN_PAGE}/letters")
    side = page.select_one("nav.side")
    assert side
    names = [link.text for link in side.select("a")]
    assert names[:4] == ["Accueil", "Campagnes", "Vue d’ensemble", "Lettres"]
    assert [link.text for link in side.select("[aria-current]")] == ["Lettres"]
    assert "Protéger les enfants sur Internet" in side.text
    assert "Vue d’ensemble" not in manager.page("/staff/deliveries").text
    assert [link.text for link in manager.page("/staff/held").select("nav.side [aria-current]")] == ["Envois"]


def test_the_letters_of_a_campaign_are_listed_as_citizens_see_them(
    browser: NewBrowser, app: Flask, runtime: Runtime
) -> None:
    set_up(app, runtime, NOW)
    page = browser(Role.WRITER).page(f"{CAMPAIGN_PAGE}/letters")
    rows = page.select(".letterlist li")
    assert len(rows) == 12
    first = " ".join(rows[1].get_text().split())
    assert first.startswith("Takedown and safety standards Live In review Revision 1 is live; revision 2 is newer.")
    assert "Sent for review by Colleague at" in first
    assert "Draft by Colleague, saved at" in first
    assert browser(Role.WRITER).get("/staff/campaigns/nowhere/letters").status_code == 404


def test_publishers_can_take_a_letter_offline_from_the_list(browser: NewBrowser) -> None:
    address = f"{CAMPAIGN_PAGE}/letters/{LETTER}/availability/offline"
    assert browser(Role.PUBLISHER).page(f"{CAMPAIGN_PAGE}/letters").select(f'a[href="{address}"]')
    assert not browser(Role.WRITER).page(f"{CAMPAIGN_PAGE}/letters").select(f'a[href="{address}"]')
    browser(Role.PUBLISHER).post(address, {"reason": "A wrong figure."})
    assert "Offline" in browser(Role.WRITER).page(f"{CAMPAIGN_PAGE}/letters").select(".letterlist li")[1].get_text()


def test_while_more_letters_come_in_than_usual_everybody_is_told_since_when(
    browser: NewBrowser, runtime: Runtime
) -> None:
    writer = browser(Role.WRITER)
    assert writer.page("/staff/").select_one("main .notice") is None
    put_under_pressure(runtime.sessions, now=NOW)
    notice = writer.page("/staff/").select_one("main .notice")
    assert notice
    assert "Each browser computes for a second" in " ".join(notice.get_text().split())
