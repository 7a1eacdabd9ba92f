"""A sheet is checked without leaving the page, and the columns shown are those of the letter chosen."""

import re

import pytest
from playwright.sync_api import expect

from advocacy.staff.roles import Role
from tests.journeys.conftest import SignIn

pytestmark = pytest.mark.loopback
MERGE = "/staff/merge"
SHEET = b"name;city;province;postal_code;language\nMarie Roy;Ottawa;ON;K1A 0A6;fr\nJean Roy;Ottawa;ON;K1A 0A6;\xe9\n"


def test_a_sheet_is_checked_and_stays_chosen(signed_in: SignIn) -> None:
    page = signed_in("merger", Role.PUBLISHER, MERGE)
    page.locator("#letter").select_option(index=1)
    page.locator("#sheet").set_input_files({"name": "feuille.csv", "mimeType": "text/csv", "buffer": SHEET})
    page.get_by_role("button", name="Vérifier la feuille").click()
    expect(page.locator("#outcome .tally dd")).to_have_text(["1", "1"])
    expect(page.locator("#outcome tbody tr")).to_have_count(1)
    assert page.locator("#sheet").evaluate("file => file.files[0].name") == "feuille.csv"


def test_letters_come_down_and_what_was_left_out_is_said(signed_in: SignIn) -> None:
    page = signed_in("maker", Role.PUBLISHER, MERGE)
    page.locator("#letter").select_option(index=1)
    page.locator("#sheet").set_input_files({"name": "feuille.csv", "mimeType": "text/csv", "buffer": SHEET})
    page.locator("#format").select_option("txt")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Composer les lettres").click()
    assert coming.value.suggested_filename == f"{page.locator('#letter').input_value().rpartition('/')[2]}.zip"
    outcome = page.locator("#outcome")
    expect(outcome).to_have_text(re.compile("1 lettre téléchargée. 1 ligne a été écartée; le fichier rejected.csv"))
    expect(outcome).to_be_focused()
    assert page.locator("#sheet").evaluate("file => file.files[0].name") == "feuille.csv"


def test_what_a_sheet_gives_stands_under_the_title_and_above_the_form(signed_in: SignIn) -> None:
    page = signed_in("narrow", Role.PUBLISHER, MERGE)
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(reduced_motion="reduce")
    page.locator("#letter").select_option(index=2)
    page.locator("#sheet").set_input_files({"name": "feuille.csv", "mimeType": "text/csv", "buffer": SHEET})
    page.get_by_role("button", name="Vérifier la feuille").click()
    expect(page.locator("#report-h")).to_be_in_viewport()
    expect(page.locator("#outcome")).to_be_focused()
    boxes = {name: page.locator(name).bounding_box() for name in ("h1", "#report-h", "#outcome .scroll", "#merge")}
    edges = {name: (box["y"], box["y"] + box["height"]) for name, box in boxes.items() if box}
    assert edges["h1"][1] <= edges["#report-h"][0]
    assert edges["#outcome .scroll"][1] + 16 <= edges["#merge"][0]
    expect(page.locator("#columns-letter")).to_have_value(page.locator("#letter").input_value())


def test_the_columns_follow_the_letter_chosen(signed_in: SignIn) -> None:
    page = signed_in("follower", Role.PUBLISHER, MERGE)
    chosen, shown = page.locator("#letter"), page.locator("#columns-letter")
    for value in page.locator("#letter option:not([value=''])").evaluate_all("all => all.map(one => one.value)"):
        chosen.select_option(value)
        expect(shown).to_have_value(value)
        letter = value.replace("/", "%2F")
        expect(
            page.locator(f'[data-columns] a[href*="letter={value}"], [data-columns] a[href*="letter={letter}"]')
        ).to_have_count(2)
