"""Whom the letters go to: a code in two ridings, a seat that is empty, two people in two languages, someone searched."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewWalk

pytestmark = pytest.mark.loopback
VACANT = "mp-vacant-24066"


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
