"""A survey is built in the browser, from nothing: typed, pasted and imported; cited in a letter and drawn on its page."""

import re
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from advocacy.campaigns.documents import newest_revision, revision_files
from advocacy.campaigns.library import publish, revise
from advocacy.campaigns.models import Author
from advocacy.findings import read_survey
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.campaign_files import FILES
from tests.journeys.conftest import SignIn
from tests.journeys.test_access import RULES
from tests.web.shared_site import NOW

pytestmark = pytest.mark.loopback
CAMPAIGN = "open-libraries"
PAGE = f"/staff/campaigns/{CAMPAIGN}/survey"
IMPORTED = (
    "answer en;answer fr;share\nEvery Sunday;Chaque dimanche;33\nTwice a month;Deux fois par mois;33\nNever;Jamais;33\n"
)


@pytest.fixture
def blank(runtime: Runtime) -> None:
    """A campaign that has a letter and no survey."""
    plain = {name: content.replace(b"{{ finding.opening_yes }} of ", b"many ") for name, content in FILES.items()}
    plain = {name: content.replace(b"{{ finding.opening_yes }} des ", b"bien des ") for name, content in plain.items()}
    with runtime.sessions.begin() as session:
        for name, document in (("campaign.toml", "campaign"), ("sunday-hours/", "sunday-hours")):
            files = {path: content for path, content in plain.items() if path.startswith(name)}
            files = {path: content.replace(b'["opening_yes"]', b"[]") for path, content in files.items()}
            publish(session, revise(session, CAMPAIGN, document, files=files, author=Author.SITE, now=NOW), now=NOW)


def write(page: Page, name: str, *texts: str) -> None:
    """Type a text in English and in French."""
    for language, text in zip(("en", "fr"), texts, strict=True):
        page.locator(f"[name='{name}-{language}']").fill(text)


def press(page: Page, value: str) -> None:
    page.locator(f"button[value='{value}']").click()


@pytest.mark.parametrize("script", [True, pytest.param(False, marks=pytest.mark.thorough)])
def test_a_survey_is_typed_pasted_and_imported_then_cited_as_a_chip_and_drawn(
    signed_in: SignIn, blank: None, *, runtime: Runtime, script: bool
) -> None:
    build(signed_in, runtime, script=script)
    check_citation(signed_in, runtime)


def build(signed_in: SignIn, runtime: Runtime, *, script: bool) -> None:
    """Type one question, paste another and import the third."""
    page = signed_in("builder", Role.WRITER, PAGE, language="en", java_script_enabled=script)
    expect(page.get_by_role("heading", name="This campaign has no survey")).to_be_visible()
    press(page, "surveys:add")
    poll = "surveys-0"
    write(page, f"{poll}-title", "Reading on Sunday", "Lire le dimanche")
    write(page, f"{poll}-source", "Readers of Canada", "Le Canada qui lit")
    page.locator(f"[name='{poll}-started']").fill("2026-02")
    page.locator(f"[name='{poll}-respondents']").fill("1,204")
    # Typed: several answers.
    press(page, f"{poll}-questions:add")
    first = f"{poll}-questions-0"
    write(page, f"{first}-question-text", "What do you borrow?", "Qu’empruntez-vous?")
    page.locator(f"[name='{first}-several_answers']").check()
    for place, (english, french, share) in enumerate([("Books", "Des livres", "61.5"), ("Films", "Des films", "48")]):
        press(page, f"{first}-answers:add")
        write(page, f"{first}-answers-{place}-wording-text", english, french)
        page.locator(f"[name='{first}-answers-{place}-share']").fill(share)
    # Pasted, into a new question.
    fold = page.locator(f"#{poll}-table > summary")
    fold.click()
    page.locator(f"textarea[name='{poll}-pasted']").fill("réponse fr\tanswer en\tpart\nOui\tYes\t62 %\nNon\tNo\t38 %")
    press(page, f"{poll}:look")
    expect(page.locator("td.num").first).to_have_text("62%")
    press(page, f"{poll}:add")
    write(page, f"{poll}-questions-1-question-text", "Open on Sunday?", "Ouvrir le dimanche?")
    # Imported: rounded shares that total 99.
    fold.click()
    file = {"name": "answers.csv", "mimeType": "text/csv", "buffer": IMPORTED.encode()}
    page.locator(f"[name='{poll}-file']").set_input_files(file)  # type: ignore[arg-type]
    press(page, f"{poll}:look")
    press(page, f"{poll}:add")
    write(page, f"{poll}-questions-2-question-text", "How often?", "À quelle fréquence?")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile(r"/staff/review/[0-9]+/publish"))
    with runtime.sessions() as session:
        newest = newest_revision(session, CAMPAIGN, "findings")
        assert newest
        survey = read_survey(revision_files(newest)["findings.toml"].decode(), file="")
    several, whole, rounded = survey.questions
    assert (several.several_answers, several.options[0].in_language(Language.FR)) == (True, "61,5\u00a0%")
    assert [option.key for option in whole.options] == ["open_on_sunday_yes", "open_on_sunday_no"]
    assert (rounded.total, rounded.is_rounded) == (Decimal(99), True)
    assert survey.respondents == 1204


def check_citation(signed_in: SignIn, runtime: Runtime) -> None:
    """Publish the survey: its shares are chips of the editor and bars of the campaign's page."""
    with runtime.sessions.begin() as session:
        newest = newest_revision(session, CAMPAIGN, "findings")
        assert newest
        publish(session, newest, now=NOW)
    page = signed_in("citer", Role.WRITER, f"/staff/campaigns/{CAMPAIGN}/letters/sunday-hours", language="en")
    expect(page.locator("[data-insert][data-en='61.5% · Books']").first).to_be_attached()
    page.goto(f"{page.url.partition('/staff')[0]}/fr/{CAMPAIGN}/")
    expect(page.locator("#results")).to_have_text("Sur 1\u00a0204 personnes qui ont répondu")
    page.locator("details.fold > summary").first.click()
    charts = page.locator(".chart")
    expect(charts).to_have_count(3)
    expect(charts.filter(has_text="61,5 %").locator("> .small")).to_contain_text("Plusieurs réponses possibles")
    expect(charts.filter(has_text="Jamais").locator("> .small")).to_contain_text("totalisent 99")


def test_the_page_is_accessible_and_fits_a_phone(signed_in: SignIn) -> None:
    """Whole questions open, in the campaign that has most of them."""
    survey = "/staff/campaigns/child-protection/survey"
    page = signed_in("reader", Role.WRITER, survey, width=390, color_scheme="dark")
    page.locator("details.question > summary").nth(1).click()
    page.locator("details.question[open] .more-in > details > summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
