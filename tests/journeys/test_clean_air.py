"""A campaign of another topic: blank to open in the browser alone, then a citizen's letter, and no word of another's."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from playwright.sync_api import Page, expect

from advocacy.app import create_app
from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.journeys.conftest import ROOT, NewWalk, SignIn, open_site
from tests.journeys.post import Post
from tests.journeys.walk import read_over
from tests.served import ServedSite, served_site
from tests.web.public.test_second_campaign import file_words, found_in, mail_words, words_of

pytestmark = pytest.mark.loopback
CAMPAIGN = "clean-air-in-schools"
NAME = {"en": "Clean air in schools", "fr": "De l’air pur à l’école"}
ASK = {
    "en": "We ask Parliament to help schools measure and clean their air.",
    "fr": "Nous demandons au Parlement d’aider les écoles à mesurer et à purifier leur air.",
}

TITLE = {"en": "Measure the air of every school", "fr": "Mesurer l’air de chaque école"}
MINISTER = "Minister of Health"
EMAIL = "camille.essai@example.ca"
ABOUT = {"name": "Camille Essai", "city": "Ottawa", "email": EMAIL}
OWN_WORDS = (
    "Mon fils revient avec des maux de tête les jours où les fenêtres de sa classe restent fermées tout l’hiver."
)
NOT_OF_THE_CAMPAIGN = re.compile(r"/staff/(directory|merge)\b|/audience\b|[?&]look=")
"""What the site has without any campaign: its lists; and the same page with other variants."""
QUESTIONS = [
    (
        {"en": "What does your school have?", "fr": "Qu’y a-t-il dans votre école?"},
        [
            ({"en": "Windows that open", "fr": "Des fenêtres qui s’ouvrent"}, "61.5"),
            ({"en": "A CO2 monitor", "fr": "Un capteur de CO2"}, "48"),
        ],
    ),
    (
        {"en": "Should schools measure their air?", "fr": "Les écoles devraient-elles mesurer leur air?"},
        [({"en": "Yes", "fr": "Oui"}, "72"), ({"en": "No", "fr": "Non"}, "28")],
    ),
    (
        {"en": "How often are the windows opened?", "fr": "À quelle fréquence ouvre-t-on les fenêtres?"},
        [
            ({"en": "Every day", "fr": "Chaque jour"}, "33"),
            ({"en": "Every week", "fr": "Chaque semaine"}, "33"),
            ({"en": "Never", "fr": "Jamais"}, "33"),
        ],
    ),
]
LETTER = {
    "subject-0-en": ["Please help every school measure its air"],
    "subject-0-fr": ["Aidez chaque école à mesurer son air"],
    "opening-0-en": ["I ask you to help schools measure the air that pupils breathe, and clean it where it is stale."],
    "opening-0-fr": ["Je vous demande d'aider les écoles à mesurer l'air que respirent les élèves, et à le purifier."],
    "survey-0-en": [
        "In a survey of ",
        "[1,204",
        ", ",
        "[72",
        " wanted every school to measure its air. ",
        "[48",
        " had a monitor.",
    ],
    "survey-0-fr": [
        "Dans un sondage auprès de ",
        "[1 204",
        ", ",
        "[72",
        " voulaient que l'air soit mesuré. ",
        "[48",
        " avaient un capteur.",
    ],
    "ask-0-en": ["You can ask the government for a national standard for the air of classrooms."],
    "ask-0-fr": ["Vous pouvez demander au gouvernement une norme nationale pour l'air des classes."],
    "closing-0-en": ["I would be glad to read your answer."],
    "closing-0-fr": ["J'aimerais lire votre réponse."],
}
"""The texts of the letter by their places: what begins with a bracket is a label to look for."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedSite]:
    """A site that has no campaign: the program, without the campaign that ships beside it."""
    root = tmp_path_factory.mktemp("without-campaigns")
    for name in ("advocacy", "docs", "templates"):
        (root / name).symlink_to(ROOT / name)
    (root / "letters").mkdir()
    with served_site(tmp_path_factory.mktemp("clean-air"), "--workers", "1", "--no-worker", root=root) as served:
        yield served


@pytest.fixture(scope="module")
def address(served: ServedSite) -> str:
    """The address of the site."""
    return served.address


@pytest.fixture(scope="module")
def runtime(served: ServedSite) -> Iterator[Runtime]:
    """The parts of the site, which takes in no campaign here either."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("advocacy.runtime.shipped_letters", list)
        with open_site(served) as runtime:
            yield runtime


@pytest.fixture(scope="module")
def app(runtime: Runtime) -> Flask:
    """An application over its database, in which staff sign in."""
    return create_app(runtime, now=lambda: datetime.now(UTC))


def write(page: Page, name: str, words: dict[str, str]) -> None:
    """Type a text in both languages."""
    for language, text in words.items():
        page.locator(f"[name='{name}-{language}']").fill(text)


def press(page: Page, value: str) -> None:
    """Press a button by what it posts."""
    page.locator(f"button[value='{value}']").click()


def start_campaign(page: Page) -> None:
    """Make a campaign from nothing: its name, who answers for it, and that it writes to the House and one minister."""
    page.get_by_role("link", name="New campaign").first.click()
    write(page, "name", NAME)
    write(page, "ask", ASK)
    page.get_by_role("button", name="Create the campaign").click()
    write(page, "organiser", {"en": "Air Now", "fr": "De l’air"})
    page.get_by_label("Privacy contact").fill("privacy@example.ca")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_label("Members of the House of Commons")).to_be_checked()
    press(page, "minister:add")
    page.locator("[name='minister-0-portfolio']").fill(MINISTER)
    page.get_by_role("button", name="Save and continue").click()


def build_survey(page: Page) -> None:
    """Type three questions: several answers can be chosen of the first, the shares of the last total 99."""
    press(page, "surveys:add")
    poll = "surveys-0"
    write(page, f"{poll}-title", {"en": "The air of our schools", "fr": "L’air de nos écoles"})
    write(page, f"{poll}-source", {"en": "Air Now", "fr": "De l’air"})
    page.locator(f"[name='{poll}-started']").fill("2026-03")
    page.locator(f"[name='{poll}-respondents']").fill("1,204")
    method = {"en": "Paper survey sent home in {started}", "fr": "Questionnaire papier remis aux familles en {started}"}
    write(page, f"{poll}-method", method)
    for place, (question, answers) in enumerate(QUESTIONS):
        press(page, f"{poll}-questions:add")
        asked = f"{poll}-questions-{place}"
        write(page, f"{asked}-question-text", question)
        page.locator(f"[name='{asked}-several_answers']").set_checked(not place)
        for number, (words, share) in enumerate(answers):
            press(page, f"{asked}-answers:add")
            write(page, f"{asked}-answers-{number}-wording-text", words)
            page.locator(f"[name='{asked}-answers-{number}-share']").fill(share)
    page.get_by_role("button", name="Save", exact=True).click()


def compose(page: Page, cell: str, *pieces: str) -> None:
    """Write a text anew: what begins with a bracket is looked for among the labels, and the first one is taken."""
    page.locator(f'.surface[data-for="{cell}"]').click()
    page.keyboard.press("Control+a")
    for piece in pieces:
        page.keyboard.type(piece)
        if piece.startswith("["):
            expect(page.locator("#offers [aria-selected=true]")).to_be_visible()
            page.keyboard.press("Enter")


def write_letter(page: Page) -> None:
    """Write the first letter over its skeleton, in both languages."""
    write(page, "title", TITLE)
    page.get_by_role("button", name="Create the letter").click()
    for cell, pieces in LETTER.items():
        compose(page, cell, *pieces)
    expect(page.locator("[data-to-fix]")).to_be_empty()
    page.locator(".bar button[value=ask]").click()
    page.wait_for_url("**/publish")


def fill_in(page: Page) -> None:
    """Say who writes, and why, and ask for the letters."""
    page.locator("#step-who [data-next]").click()
    for name, text in ABOUT.items():
        page.fill(f"#{name}", text)
    page.locator("#step-about [data-next]").click()
    page.fill("#reason", OWN_WORDS)
    page.click("[data-review]")
    page.wait_for_selector(".review")


def files_of(page: Page) -> dict[str, str]:
    """Take the first letter in every form that a citizen can, and return the words of each."""
    words = {}
    page.click("#formats summary")
    page.locator("input[name=which]").nth(1).check()
    for form in ("pdf", "docx", "txt", "eml"):
        with page.expect_download() as download:
            page.click(f".files button[formaction$='/download/{form}']")
        words[form] = file_words(form, download.value.path().read_bytes())
    return words


def pages_from(page: Page, *starts: str) -> dict[str, str]:
    """Follow every link from some pages on, and return the words of each page and file by its address."""
    words: dict[str, str] = {}
    waiting = list(starts)
    while waiting:
        address = waiting.pop().partition("#")[0]
        if address in words or NOT_OF_THE_CAMPAIGN.search(address):
            continue
        answer = page.context.request.get(address)
        kind = answer.headers.get("content-type", "")
        form = "pdf" if "pdf" in kind else "txt" if kind.startswith("text/") else ""
        words[address] = file_words(form, answer.body()) if form else ""
        if "html" in kind:
            soup = BeautifulSoup(answer.text(), "html.parser")
            links = [str(link["href"]) for link in soup.select("a[href]")]
            words[address] = " ".join([words_of(answer.text()), *links])
            there = [urljoin(address, link) for link in links]
            waiting += [one for one in there if urlsplit(one).netloc == urlsplit(address).netloc]
    return words


def test_a_campaign_of_another_topic_opens_and_a_citizen_writes(
    new_walk: NewWalk, signed_in: SignIn, post: Post
) -> None:
    manager = signed_in("maude", Role.MANAGER, "/staff/", language="en")
    start_campaign(manager)
    build_survey(manager)
    write_letter(manager)
    manager.goto(f"{manager.url.partition('/staff/')[0]}/staff/campaigns/{CAMPAIGN}")
    expect(manager.locator(".checklist li.mend")).to_have_text([re.compile("Published")])
    manager.get_by_role("link", name="Review and publish").click()
    manager.get_by_role("button", name="Send for review").click()
    expect(manager.get_by_text("Sent for review, but nobody else can publish this yet.")).to_be_visible()

    publisher = signed_in("karim", Role.PUBLISHER, "/staff/", language="fr", width=390)
    expect(publisher.locator(".tasks").first).to_contain_text(NAME["fr"])
    publisher.get_by_role("link", name=TITLE["fr"]).click()
    publisher.get_by_role("link", name="Voir tout ce qui est à publier").click()
    expect(publisher.locator(".sheets-nav").last).to_contain_text("Ministre")
    expect(publisher.locator("main")).not_to_contain_text("Sénat")
    publisher.locator("[name=act][value=publish]").click()
    publisher.get_by_role("link", name=f"/fr/{CAMPAIGN}/").click()
    expect(publisher.get_by_role("heading", name=ASK["fr"])).to_be_visible()
    expect(publisher.locator("main")).to_contain_text("totalisent 99")

    citizen = new_walk("fr", width=390)
    citizen.campaign = CAMPAIGN
    page = citizen.go("write").find().page
    page.locator("details.adding > summary").click()
    ministers = page.locator("details.adding input[name=recipient]")
    expect(ministers).to_have_count(1)
    expect(page.locator("details.adding .pick")).to_contain_text("Ministre de la Santé")
    expect(page.locator("details.adding .who")).to_be_visible()
    ministers.click()
    fill_in(page)
    files = files_of(page)
    page.check("#age_ok")
    page.check("#consent")
    read_over(page).click('#sendbox button[formaction$="/send"]')
    page.wait_for_url("**/sent?*")
    page.goto(post.deliver().link("confirm", to=EMAIL))
    page.click('button[value="send"]')
    page.wait_for_url("**/receipt/*")
    post.deliver()
    page.reload()
    mails = [file.read_bytes() for file in post.outgoing.iterdir()]
    letters = [mail for mail in map(mail_words, mails) if OWN_WORDS in mail and "72" in mail]
    assert len(letters) == 2

    said = {**files, **{f"mail {number}": mail_words(mail) for number, mail in enumerate(mails)}}
    said |= pages_from(page, page.url, *(f"{citizen.address}/{language}/" for language in Language))
    home = f"{citizen.address}/staff/campaigns/{CAMPAIGN}"
    editor = [f"{home}/letters/measure-the-air-of-every-school/{page}" for page in ("fields", "preview")]
    for language, staff in (("en", manager), ("fr", publisher)):
        said |= {f"{language} {place}": text for place, text in pages_from(staff, home, *editor).items()}
    assert any(place.endswith("/2/html") for place in said)
    assert len(said) > 150
    assert {place: words for place, text in said.items() if (words := found_in(text))} == {}
