"""A campaign is made in the browser alone, from nothing: who answers, the audience with a list of its own, a letter."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from advocacy.campaigns.library import newest_folder
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.journeys.conftest import SignIn
from tests.journeys.test_access import RULES

pytestmark = pytest.mark.loopback


def look(page: Page, name: str) -> None:
    """Check a step for what keeps people out, and that a phone shows it without scrolling sideways."""
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
    page.set_viewport_size({"width": 1280, "height": 844})


def fill(page: Page, name: str, *texts: str) -> None:
    for language, text in zip(("en", "fr"), texts, strict=True):
        page.locator(f"[name='{name}-{language}']").fill(text)


@pytest.mark.parametrize("script", [True, pytest.param(False, marks=pytest.mark.thorough)])
def test_a_campaign_goes_from_blank_to_its_first_letter(signed_in: SignIn, runtime: Runtime, *, script: bool) -> None:
    english = f"Quiet trains {'with' if script else 'without'} script"
    page = signed_in("founder", Role.WRITER, "/staff/campaigns/new", language="en", java_script_enabled=script)
    fill(page, "name", english, "Des trains calmes")
    fill(page, "ask", "We ask the board to run quieter trains.", "Nous demandons des trains plus calmes.")
    if script:
        look(page, "name")
    page.get_by_role("button", name="Create the campaign").click()
    fill(page, "organiser", "Quiet Rails", "Rails calmes")
    page.locator("[name='privacy_contact']").fill("privacy@example.ca")
    if script:
        look(page, "who")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("Members of the House of Commons").uncheck()
    page.get_by_role("button", name="Add a minister").click()
    page.locator("[name='minister-0-portfolio']").fill("Minister of Health")
    page.get_by_label("People on your own list").check()
    if script:
        look(page, "audience")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="No survey: continue").click()
    fill(page, "title", "Quieter trains", "Des trains plus calmes")
    if script:
        look(page, "letter")
    page.get_by_role("button", name="Create the letter").click()
    expect(page).to_have_url(re.compile(r"/letters/quieter-trains$"))
    name = page.url.split("/campaigns/")[1].split("/")[0]
    home = page.url.split("/letters/")[0]
    page.goto(f"{home}/audience")
    people = b"Nom,Fonction,Courriel\nAda Roy,Pr\xc3\xa9sidente,ada@example.ca\nBo Li,Membre,bo@example.ca\n"
    page.locator("[name='archive']").set_input_files({"name": "l.csv", "mimeType": "text/csv", "buffer": people})
    page.get_by_role("button", name="Check the list").click()
    expect(page.get_by_text("It is not in use yet.")).to_be_visible()
    page.get_by_role("button", name="Use this list").click()
    expect(page.get_by_role("link", name="Download the list (2 people)")).to_be_visible()
    page.goto(home)
    missing = page.locator(".checklist li.mend")
    expect(missing.filter(has_text="things to fix")).to_be_visible()
    expect(missing.filter(has_text="Who runs the campaign")).to_have_count(0)
    if script:
        look(page, "overview")
    with runtime.sessions() as session:
        file = newest_folder(session, name).campaign()
    assert (file.chambers, file.own_list, [one.portfolio for one in file.ministers]) == (
        (),
        True,
        ["Minister of Health"],
    )
