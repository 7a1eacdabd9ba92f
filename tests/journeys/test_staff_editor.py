"""The text of a letter with script: chips, their list, what is saved as it is typed, and both texts after a colleague's."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from advocacy.staff.models import Role
from tests.journeys.conftest import SignIn
from tests.journeys.test_access import LANGUAGES, RULES

pytestmark = pytest.mark.loopback
LETTERS = "/staff/campaigns/the-same-again/letters"
LETTER, OF_TWO = f"{LETTERS}/safety-standards", f"{LETTERS}/corporate-accountability"
"""`OF_TWO` is written to in one test alone: what another test typed is still being saved when its page is closed."""
PAGES = ("", "/fields?open=reason", "/preview")


def surface(page: Page, cell: str) -> Locator:
    """The surface that stands for a text area."""
    return page.locator(f'[data-for="{cell}"]')


def text(page: Page, cell: str) -> str:
    """What the form would send of a cell."""
    return page.locator(f"#{cell}").input_value()


def caret_to_end(place: Locator) -> None:
    place.focus()
    place.press("Control+End")


def test_a_label_is_a_chip_that_is_chosen_told_and_erased_whole(signed_in: SignIn) -> None:
    page = signed_in("chips", Role.WRITER, LETTER, language="en")
    areas = page.locator("textarea[data-chips]")
    assert areas.evaluate_all("all => all.every(area => area.value === area.defaultValue)")
    assert page.locator(".surface .chip").count() > 20
    assert page.locator(".surface .chip.lost").count() == 0
    cell = "closing-0-en"
    before = text(page, cell)
    caret_to_end(surface(page, cell))
    page.keyboard.type(" In [rid")
    expect(page.locator("#offers [role=option]")).to_have_text(["riding"])
    page.keyboard.press("Enter")
    page.keyboard.type(".")
    assert text(page, cell) == f"{before} In [riding]."
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    assert text(page, cell) == f"{before} In "
    page.keyboard.press("Control+z")
    assert "[riding]" in text(page, cell)
    page.locator(".surface .chip", has_text="%").first.click()
    expect(page.locator(".tip.floating")).to_contain_text("Base:")


def test_the_list_of_labels_puts_one_where_the_caret_was(signed_in: SignIn) -> None:
    page = signed_in("inserter", Role.WRITER, LETTER, language="en")
    caret_to_end(surface(page, "closing-1-fr"))
    page.locator(".insert > summary").click()
    expect(page.locator('[data-insert][data-en="riding"]')).to_have_text("circonscription")
    page.locator('[data-insert][data-en="riding"]').click()
    assert text(page, "closing-1-fr").endswith("[circonscription]")
    page.locator(".insert > summary").click()
    page.keyboard.press("Escape")
    expect(page.locator(".insert .panel")).to_be_hidden()


def test_what_is_typed_is_saved_and_a_colleague_is_shown_both_texts(signed_in: SignIn) -> None:
    page = signed_in("first", Role.WRITER, OF_TWO, language="en")
    other = signed_in("second", Role.WRITER, OF_TWO, language="en")
    surface(page, "opening-0-fr").press("Control+Home")
    page.keyboard.type("Un mot. ")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    expect(page.locator('[data-rail="opening-0"]')).to_contain_text("The English was not updated")
    surface(other, "opening-0-fr").press("Control+Home")
    other.keyboard.type("Deux mots. ")
    other.locator("[data-trouble] button").click()
    expect(other.locator(".diff")).to_contain_text("Un mot Deux mots")
    other.get_by_role("button", name="Save mine over it").click()
    expect(other.locator(".notice").first).to_contain_text("Saved")
    page.reload()
    assert text(page, "opening-0-fr").startswith("Deux mots. ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_letter_is_accessible_and_fits(signed_in: SignIn, language: str) -> None:
    page = signed_in("reader", Role.WRITER, LETTER, language=language)
    home = page.url.partition("/staff/")[0]
    for path in PAGES:
        page.goto(f"{home}{LETTER}{path}")
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], path
