"""A sheet is checked and its letters made in the background; the columns shown are those of the letter chosen."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.jobs import run_jobs
from tests.journeys.conftest import SignIn

pytestmark = pytest.mark.loopback
MERGE = "/staff/organisation?open=sheet"
SHEET = b"name;city;province;postal_code;language\nMarie Roy;Ottawa;ON;K1A 0A6;fr\nJean Roy;Ottawa;ON;K1A 0A6;\xe9\n"


def choose(page: Page, content: bytes = SHEET) -> None:
    """Choose a sheet for the first letter."""
    page.locator("#sheet-file").set_input_files({"name": "feuille.csv", "mimeType": "text/csv", "buffer": content})


def work(runtime: Runtime) -> None:
    """Do what a worker does: the site of these tests is served without one."""
    run_jobs(runtime, lambda: datetime.now(UTC))


def test_a_sheet_that_was_checked_becomes_letters_without_being_chosen_again(
    signed_in: SignIn, runtime: Runtime
) -> None:
    page = signed_in("merger", Role.PUBLISHER, MERGE)
    choose(page)
    page.get_by_text("Langue, sorte de fichier, enveloppe").click()
    page.locator("#format").select_option("txt")
    page.get_by_role("button", name="Vérifier le tableur").click()
    expect(page.locator("#sheet progress")).to_be_visible()
    work(runtime)
    expect(page.locator("#sheet .report tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Composer 1 lettre").click()
    expect(page.locator("#sheet progress")).to_be_visible()
    work(runtime)
    expect(page.locator(":focus")).to_contain_text("1 lettre est prête.")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Télécharger").click()
    assert coming.value.suggested_filename.endswith(".zip")


def test_a_sheet_that_cannot_be_read_stays_chosen(signed_in: SignIn) -> None:
    page = signed_in("wrong", Role.PUBLISHER, MERGE)
    choose(page, b"rien\n1\n")
    page.get_by_role("button", name="Vérifier le tableur").click()
    expect(page.locator("#outcome .errors")).to_be_visible()
    expect(page.locator("#outcome")).to_be_focused()
    assert page.locator("#sheet-file").evaluate("file => file.files[0].name") == "feuille.csv"


def test_the_columns_follow_the_letter_chosen(signed_in: SignIn) -> None:
    page = signed_in("follower", Role.PUBLISHER, MERGE)
    chosen = page.locator("#letter")
    for value in chosen.locator("option").evaluate_all("all => all.slice(0, 3).map(option => option.value)"):
        chosen.select_option(value)
        expect(page.locator(f'[data-columns="{value}"] a[href*="letter={value}"]')).to_have_count(1)
