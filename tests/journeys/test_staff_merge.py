"""A sheet is checked without leaving the page, and the columns shown are those of the letter chosen."""

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
    page.locator("#language").select_option("row")
    page.locator("#sheet").set_input_files({"name": "feuille.csv", "mimeType": "text/csv", "buffer": SHEET})
    page.get_by_role("button", name="Vérifier la feuille").click()
    expect(page.locator("#outcome .tally dd")).to_have_text(["1", "1"])
    expect(page.locator("#outcome tbody tr")).to_have_count(1)
    assert page.locator("#sheet").evaluate("file => file.files[0].name") == "feuille.csv"


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
