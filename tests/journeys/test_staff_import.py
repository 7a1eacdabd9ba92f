"""A zip is checked in the background; the page of the work leads to what it would change, and one press saves that."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from advocacy.exports.campaign_archive import pack_campaigns
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests import campaign_files
from tests.jobs import run_jobs
from tests.journeys.conftest import SignIn

pytestmark = pytest.mark.loopback
IMPORT = "/staff/campaigns/import"


def choose(page: Page, content: bytes) -> None:
    """Choose a zip and have it checked."""
    page.locator("#archive").set_input_files({"name": "a.zip", "mimeType": "application/zip", "buffer": content})
    page.get_by_role("button", name="Voir ce qu’elle changerait").click()
    expect(page.locator("main progress")).to_be_visible()


def work(runtime: Runtime) -> None:
    """Do what a worker does: the site of these tests is served without one."""
    run_jobs(runtime, lambda: datetime.now(UTC))


def test_a_zip_is_checked_looked_over_and_saved(signed_in: SignIn, runtime: Runtime) -> None:
    page = signed_in("importer", Role.WRITER, IMPORT)
    choose(page, pack_campaigns([campaign_files.campaign(name="brought-libraries")]))
    work(runtime)
    expect(page.get_by_role("heading", name="Ce que le zip changerait")).to_be_visible()
    page.get_by_role("button", name="Enregistrer comme révisions").click()
    expect(page.get_by_text("4 documents sont enregistrés.")).to_be_visible()
