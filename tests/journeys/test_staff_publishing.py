"""A revision in review: commented, sent back, edited, published while a citizen writes; offline, restored, scheduled."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from advocacy.campaigns.library import stored_folder
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
    with runtime.sessions.begin() as session:
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
