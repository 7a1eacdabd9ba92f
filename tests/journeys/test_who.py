"""Whom the letters go to: a code in two ridings, a seat that is empty, two people in two languages, someone searched."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewWalk
from tests.journeys.walk import SPLIT

pytestmark = pytest.mark.loopback
VACANT = "mp-vacant-24066"


def test_a_code_in_several_ridings_asks_which_and_chooses_none(new_walk: NewWalk) -> None:
    walk = new_walk("fr", width=390).go("write").find(SPLIT)
    page = walk.page
    ridings = page.locator("#recipient input[type=radio][name=recipient]")
    assert ridings.count() > 1
    assert [one.is_checked() for one in ridings.all()] == [False] * ridings.count()

    page.click("#step-who [data-next]")
    expect(page.locator("#errors a[href='#recipient']")).to_be_visible()
    expect(page.locator("#step-who")).to_have_attribute("open", "")
    with page.expect_response("**/legislators"):
        page.locator("label.pick", has_text="Outremont").click()
    page.click("#step-who [data-next]")
    expect(page.locator("#step-about")).to_have_attribute("open", "")
    walk.tell().review()
    expect(page.locator(".sheet")).to_contain_text("Outremont")


def test_a_vacant_seat_is_said_and_its_letter_can_be_printed(new_walk: NewWalk) -> None:
    walk = new_walk("en", width=390).go("write")
    page = walk.page
    page.click("#searching summary")
    page.fill("#search", "Saint-Hyacinthe")
    with page.expect_response("**/legislators"):
        page.click("#searching [data-find]")
    page.locator("#found button").first.click()
    expect(page.locator("#recipient .seat").first).to_be_visible()

    page.fill("#postal_code", "")
    walk.tell().review()
    expect(page.locator("[data-mail]")).to_have_count(0)
    expect(page.locator("button[formaction$='/download/html']")).to_be_visible()


def test_two_people_get_two_letters_each_in_its_language(new_walk: NewWalk) -> None:
    walk = new_walk("fr").go("write").find()
    page = walk.page
    page.locator(".adding summary").click()
    with page.expect_response("**/legislators"):
        page.locator(".adding fieldset").last.locator("input").first.click()
    senator = page.locator("#recipient .recip:has(input[name=recipient]:checked)").nth(1)
    senator.get_by_label("English").check()
    walk.tell()
    expect(page.locator(".sheets-nav a")).to_have_count(2)
    page.locator(".sheets-nav a").nth(1).click()
    expect(page.locator(".sheet").nth(1)).to_be_visible()
    expect(page.locator(".sheet").nth(0)).to_be_hidden()

    walk.review()
    assert [one.get_attribute("lang") for one in page.locator(".sheet").all()] == ["fr", "en"]
    # The citizen's words stay as they were typed, and are read aloud in their own language.
    expect(page.locator(".sheet").nth(1).locator(".yours [lang=fr]")).to_have_count(1)
    expect(page.locator(".letter").nth(1)).to_be_hidden()
    page.locator(".both a").nth(1).click()
    expect(page.locator(".letter").nth(1)).to_be_visible()
    expect(page.locator(".letter").nth(0)).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".sheet").nth(0)).to_be_visible()
    expect(page.locator(".sheet").nth(1)).to_be_visible()
    expect(page.locator(".mast")).to_be_hidden()


def test_someone_can_be_searched_by_name_without_a_postal_code(new_walk: NewWalk) -> None:
    walk = new_walk("en").go("write")
    page = walk.page
    page.click("#searching summary")
    page.fill("#search", "Naqvi")
    with page.expect_response("**/legislators"):
        page.keyboard.press("Enter")
    expect(page.locator("#found .pick").first).to_contain_text("Yasir Naqvi")
