"""A revision in review: commented, sent back, edited, published while a citizen writes; offline, restored, scheduled."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from advocacy.campaigns.library import stored_folder
from advocacy.database import immediate
from advocacy.runtime import Runtime
from advocacy.staff import revisions
from advocacy.staff.models import Account, Role
from tests.journeys.conftest import NewWalk, SignIn
from tests.journeys.walk import OWN_WORDS, Walk

pytestmark = pytest.mark.loopback
CAMPAIGN, LETTER = "the-same-again", "mandatory-takedown"
OLD, NEW = "obligatoire des images volées", "obligatoire des photos volées"
UNWRITTEN = "R3C 0V8"
"""Where nobody writes to in other tests, so that the first variants of a letter are drawn."""
ACCOUNT = "/staff/account"


def saved(runtime: Runtime, who: str, new: str = NEW) -> int:
    """Save a better subject, as the editor does, and give the revision's id."""
    with immediate(runtime.sessions) as session:
        files = dict(stored_folder(session, CAMPAIGN).documents()[LETTER])
        path = f"{LETTER}/letter.toml"
        files[path] = files[path].replace(OLD.encode(), new.encode())
        by = session.query(Account).filter_by(email=f"{who}-writer@example.ca").one()
        return revisions.save(session, CAMPAIGN, LETTER, files=files, by=by, now=datetime.now(UTC)).id


def open_at(page: Page, walk: Walk, place: str) -> None:
    page.goto(f"{walk.address}/staff/review/{place}")


def press(page: Page, selector: str) -> None:
    """Press a button by the keyboard alone."""
    page.focus(selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_citizen_finishes_what_they_began_while_a_revision_is_published_and_restored(
    new_walk: NewWalk, signed_in: SignIn, runtime: Runtime
) -> None:
    citizen = new_walk("fr", width=390)
    citizen.campaign = CAMPAIGN
    citizen.go("write").find(UNWRITTEN).tell()
    before = citizen.preview()
    assert OLD in before

    writer = signed_in("maude", Role.WRITER, ACCOUNT, width=390)
    made = saved(runtime, "maude")
    open_at(writer, citizen, f"{made}/publish")
    expect(writer.locator(".diff ins").first).to_have_text("photos")
    press(writer, f'form[action$="/{made}/ask"] button')
    expect(writer.locator(f'form[action$="/{made}/withdraw"]')).to_be_visible()

    second = signed_in("karim", Role.PUBLISHER, ACCOUNT, java_script_enabled=False)
    open_at(second, citizen, f"{made}/publish")
    expect(second.locator(".diff del").first).to_have_text("images")
    expect(second.locator(".sheet").first).to_contain_text(NEW)
    second.click(f'form[action$="/{made}/publish"] [value="publish"]')
    second.wait_for_url(f"**/history/{CAMPAIGN}/{LETTER}")

    newcomer = new_walk("fr")
    newcomer.campaign = CAMPAIGN
    newcomer.go("write").find(UNWRITTEN).tell()
    assert NEW in newcomer.preview()

    citizen.review()
    expect(citizen.page.locator(".sheet").first).to_contain_text(OLD)
    expect(citizen.page.locator(".sheet").first).to_contain_text(OWN_WORDS["fr"])

    row = second.locator('form[action$="/restore"] button').first
    row.click()
    second.wait_for_url("**/publish")
    again = int(second.url.split("/")[-2])
    second.click(f'form[action$="/{again}/ask"] button')
    open_at(writer, citizen, f"{again}/publish")
    expect(writer.locator('form[action$="/publish"]')).to_have_count(0)
    third = signed_in("manon", Role.MANAGER, ACCOUNT)
    open_at(third, citizen, f"{again}/publish")
    press(third, f'form[action$="/{again}/publish"] [value="publish"]')
    newcomer.page.reload()
    newcomer.page.goto(f"{newcomer.address}/fr/{CAMPAIGN}/write")
    third.goto(f"{newcomer.address}/fr/{CAMPAIGN}/write")
    expect(third.locator(".sheet").first).to_contain_text(OLD)


def test_a_review_is_a_conversation_and_what_is_published_can_be_taken_offline_and_scheduled_again(
    new_walk: NewWalk, signed_in: SignIn, runtime: Runtime
) -> None:
    public = new_walk("en")
    writer = signed_in("lucie", Role.WRITER, ACCOUNT, language="en", width=390)
    second = signed_in("omar", Role.PUBLISHER, ACCOUNT, language="en")
    first = saved(runtime, "lucie", "Faire enlever les images volées")
    open_at(writer, public, f"{first}/publish")
    writer.select_option("#reviewer", label="Omar-Publisher")
    writer.fill("#request_note", "The first word is simpler.")
    writer.click(f'form[action$="/{first}/ask"] button')
    expect(writer.locator(".conversation")).to_contain_text("The first word is simpler.")

    open_at(second, public, f"{first}/publish")
    fold = second.locator(".diffrow .comment-fold").first
    fold.locator("summary").click()
    fold.locator("textarea").fill("“Retirer” is the word of the law.")
    fold.locator("button").click()
    expect(second.locator(".diffrow").first).to_contain_text("is the word of the law")
    second.fill("#note", "One comment.")
    second.click('[name="act"][value="changes"]')

    writer.reload()
    expect(writer.locator(".conversation blockquote")).to_contain_text("Faire enlever")
    writer.get_by_role("link", name="Edit", exact=True).click()
    writer.wait_for_url(f"**/letters/{LETTER}")
    made = saved(runtime, "lucie", NEW)
    open_at(writer, public, f"{made}/publish")
    expect(writer.locator(".conversation")).to_contain_text("One comment.")
    writer.locator(".conversation").get_by_role("button", name="Resolve").click()
    writer.click(f'form[action$="/{made}/ask"] button')
    open_at(second, public, f"{made}/publish")
    second.click('[name="act"][value="publish"]')
    second.wait_for_url(f"**/history/{CAMPAIGN}/{LETTER}")

    second.get_by_role("link", name="Take offline").click()
    second.fill("#reason", "A wrong word")
    second.get_by_role("button", name="Take offline now").click()
    public.page.goto(f"{public.address}/en/{CAMPAIGN}/write?template={LETTER}")
    expect(public.page.locator("h1")).to_have_text("This letter is not available at the moment")
    second.get_by_role("link", name="Put back online").click()
    second.get_by_role("button", name="Put back online").click()
    public.page.reload()
    expect(public.page.locator("form#writing")).to_be_visible()

    open_at(writer, public, f"{made}/publish")
    writer.goto(f"{public.address}/staff/history/{CAMPAIGN}/{LETTER}")
    writer.locator('form[action$="/restore"] button').first.click()
    writer.wait_for_url("**/publish")
    again = int(writer.url.split("/")[-2])
    writer.click(f'form[action$="/{again}/ask"] button')
    open_at(second, public, f"{again}/publish")
    second.get_by_text("Publish later").click()
    second.fill("#day", str((datetime.now(UTC) + timedelta(days=2)).date()))
    second.fill("#hour", "09:30")
    second.click('[name="act"][value="schedule"]')
    open_at(second, public, f"{again}/publish")
    expect(second.locator(".notice").first).to_contain_text("9:30")
    second.get_by_role("button", name="Cancel the scheduled publication").click()
    expect(second.locator("main")).to_contain_text("The scheduled publication is cancelled.")
