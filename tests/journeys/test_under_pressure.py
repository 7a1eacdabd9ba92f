"""While the site is under pressure a browser solves the challenge by itself: nobody has to see, drag or type anything."""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import delete

from advocacy.abuse.models import RateLimit
from advocacy.abuse.pressure import KEY
from advocacy.runtime import Runtime
from tests.citizens import put_under_pressure
from tests.journeys.conftest import NewWalk
from tests.journeys.post import Post
from tests.journeys.test_access import wrong
from tests.journeys.test_sending import agree_and_send
from tests.journeys.walk import Walk, read_over

pytestmark = pytest.mark.loopback
SEND = '#sendbox button[formaction$="/send"]'
NOTICED = timedelta(seconds=4)
"""A page may have been told some seconds ago that all is calm."""


@pytest.fixture
def under_pressure(runtime: Runtime) -> Iterator[None]:
    """Put the site under pressure, since before it could last have looked."""
    put_under_pressure(runtime.sessions, now=datetime.now(UTC))
    yield
    with runtime.sessions.begin() as session:
        session.execute(delete(RateLimit).where(RateLimit.key == KEY))


def review(walk: Walk, **about: str) -> Page:
    """Come to the review page, again until the site has noticed."""
    page = walk.go("write").find().tell(**about).review().page
    until = datetime.now(UTC) + NOTICED
    while not page.locator("[data-proof]").count() and datetime.now(UTC) < until:
        walk.go("write").review()
    return page


@pytest.mark.usefixtures("under_pressure")
def test_a_letter_is_sent_by_the_keyboard_while_the_browser_proves_itself_and_says_so(
    new_walk: NewWalk, post: Post
) -> None:
    email = "pressed.essai@example.ca"
    walk = new_walk("fr", width=390, color_scheme="dark")
    page = review(walk, email=email)
    status = page.locator("[data-proof] [role=status]")
    expect(status).to_contain_text("Vous n’avez rien à faire")
    assert wrong(walk, iter(["review, under pressure"])) == []
    page.evaluate(
        """() => {
            window.said = [];
            const status = document.querySelector("[data-proof] [role=status]");
            new MutationObserver(() => window.said.push(status.textContent)).observe(status, { childList: true });
            document.getElementById("writing").addEventListener("submit", (event) => {
                sessionStorage.setItem("said", JSON.stringify(window.said));
                sessionStorage.setItem("prevented", event.defaultPrevented);
                sessionStorage.setItem("proof", document.querySelector("[name=proof]").value);
            });
        }"""
    )
    agree_and_send(walk)
    assert page.url.endswith("/sent")
    said = json.loads(page.evaluate("sessionStorage.said"))
    assert said == ["Nous vérifions que vous n’êtes pas un robot…", "C’est vérifié. Envoi en cours…"]
    assert page.evaluate("sessionStorage.prevented") == "false", "others hear of it once, when it is really sent"
    assert set(json.loads(b64decode(page.evaluate("sessionStorage.proof")))) == {"challenge", "solution"}
    assert len(post.deliver().mails_to(email)) == 1, "the mail is sent at once"


@pytest.mark.usefixtures("under_pressure")
@pytest.mark.thorough
def test_another_challenge_is_solved_after_what_was_missing_and_several_presses_send_once(
    new_walk: NewWalk, post: Post
) -> None:
    email = "eager.essai@example.ca"
    page = review(new_walk("en"), email=email)
    page.click(SEND)
    page.wait_for_selector("#errors")
    page.check("#age_ok")
    page.check("#consent")
    read_over(page).evaluate(f"for (let press = 0; press < 3; press += 1) document.querySelector('{SEND}').click()")
    page.wait_for_url("**/sent")
    assert len(post.deliver().mails_to(email)) == 1


@pytest.mark.usefixtures("under_pressure")
def test_where_no_challenge_can_be_had_the_letter_is_kept_and_no_mail_is_sent_yet(
    new_walk: NewWalk, post: Post
) -> None:
    email = "kept.essai@example.ca"
    walk = new_walk("en")
    page = review(walk, email=email)

    def fail(route: Route) -> None:
        route.fulfill(status=404)

    page.route("**/challenge", fail)
    page.check("#age_ok")
    page.check("#consent")
    read_over(page).click(SEND)
    page.wait_for_url(re.compile(r"/sent\?held=1$"))
    expect(page.locator("h1")).to_have_text("Your letter is kept")
    expect(page.locator("[data-address]")).to_have_text(email)
    assert wrong(walk, iter(["sent, held"])) == []
    assert post.deliver().mails_to(email) == []
