"""Three weeks after a letter was sent, its receipt leads to a second one, and the press that sends it is the last."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from advocacy.delivery.models import MessageMove
from advocacy.runtime import Runtime
from tests.journeys.conftest import NewWalk
from tests.journeys.post import Post
from tests.journeys.test_sending import send
from tests.journeys.walk import read_over

pytestmark = pytest.mark.loopback

AGAIN = {
    "fr": "Depuis ma première lettre, deux familles de notre rue ont trouvé de telles photos de leurs enfants, et "
    "personne n’a su leur dire qui appeler.",
    "en": "Since my first letter, two families on our street have found such pictures of their children, and nobody "
    "could tell them whom to call.",
}


def three_weeks_ago(runtime: Runtime) -> None:
    """Let all that was sent so far have been sent 22 days earlier."""
    with runtime.sessions.begin() as session:
        for move in session.scalars(select(MessageMove)):
            move.at -= timedelta(22)


@pytest.mark.parametrize(
    ("language", "width", "scripts"),
    [
        ("fr", 390, True),
        pytest.param("en", 1280, True, marks=pytest.mark.thorough),
        pytest.param("en", 390, False, marks=pytest.mark.thorough),
    ],
)
def test_a_follow_up_is_written_from_the_receipt_and_sent_at_one_press(
    new_walk: NewWalk, post: Post, runtime: Runtime, *, language: str, width: int, scripts: bool
) -> None:
    email = f"follow.{language}{width}{scripts}@example.ca".lower()
    first = new_walk(language, width=1280).go("write").find().tell(email=email).review()
    send(first)
    first.page.goto(post.deliver().link("confirm", to=email))
    first.page.click('button[value="send"]')
    first.page.wait_for_url("**/receipt/*")
    receipt = first.page.url
    post.deliver()
    first.page.reload()
    expect(first.page.locator(".follow .small")).to_be_visible()
    three_weeks_ago(runtime)

    walk = new_walk(language, width=width, java_script_enabled=scripts)
    page = walk.page
    page.goto(receipt)
    page.click(".follow button")
    expect(page.locator("#step-words")).to_have_attribute("open", "")
    if scripts:  # which follow what is typed once they are there
        page.wait_for_selector("#previews.scripted", state="attached")
    page.fill("#reason", AGAIN[language])
    if scripts and width > 700:
        expect(page.locator("#previews .body")).to_contain_text(AGAIN[language])
    page.click("#step-about > summary")
    page.click("[data-review]")
    page.wait_for_selector(".review")
    page.check("#age_ok")
    page.check("#consent")
    read_over(page).click('#sendbox button[formaction$="/send"]')
    page.wait_for_url("**/receipt/*")
    assert page.url != receipt
    page.click(".card-letter details.fold > summary")
    expect(page.locator(".as-sent")).to_contain_text(AGAIN[language])
    assert walk.draft() is None or AGAIN[language] not in str(walk.draft())
    page.goto(receipt)
    page.click(".follow a")
    expect(page.locator(".as-sent")).to_contain_text(AGAIN[language])
    post.deliver()
    bodies = [one.get_body(("plain",)) for one in post.mails_to("@parl.gc.ca")]
    texts = [" ".join(body.get_content().split()) for body in bodies if body]
    assert len([text for text in texts if AGAIN[language] in text and email in text]) == 1
