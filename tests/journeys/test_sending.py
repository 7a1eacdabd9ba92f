"""A letter that the site sends: asked for, confirmed from the mail, followed, erased; nothing leaves before that."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewWalk
from tests.journeys.post import Post
from tests.journeys.walk import ABOUT, OWN_WORDS, Walk, read_over

pytestmark = pytest.mark.loopback


def agree_and_send(walk: Walk) -> Page:
    """Tick the two boxes of the review page and have the letter sent, by the keyboard."""
    walk.tab_to("#age_ok").press("Space")
    walk.tab_to("#consent").press("Space")
    read_over(walk.page)
    walk.tab_to('#sendbox button[formaction$="/send"]').press("Enter")
    walk.page.wait_for_url("**/sent")
    return walk.page


def send(walk: Walk) -> None:
    """Do the same by the mouse."""
    walk.page.check("#age_ok")
    walk.page.check("#consent")
    read_over(walk.page).click('#sendbox button[formaction$="/send"]')
    walk.page.wait_for_url("**/sent")


def print_one(page: Page) -> None:
    """See that the receipt prints every letter and no button, and its own button one letter alone."""
    sheet, story = page.locator(".as-sent .sheet"), page.locator(".story")
    page.emulate_media(media="print")
    expect(sheet).to_be_visible()
    expect(story).to_be_visible()
    expect(page.locator(".files")).to_be_hidden()
    page.emulate_media(media="screen")
    expect(sheet).to_be_hidden()
    page.evaluate("window.print = () => document.body.dataset.printed = 'yes'")
    page.click("[data-print]")
    expect(page.locator("body[data-printed]")).to_have_count(1)
    page.emulate_media(media="print")
    expect(sheet).to_be_visible()
    expect(story).to_be_hidden()
    expect(page.locator("h1")).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(story).to_be_visible()
    page.emulate_media(media="screen")


def erase(page: Page, *, clears_tab: bool = True) -> None:
    """Erase what the receipt shows, and see that its link is gone."""
    receipt = page.url
    if not page.locator("details.r-data[open]").count():
        page.click("details.r-data > summary")
    page.click("details.second > summary")
    page.click('form[action$="/delete"] button')
    page.wait_for_url("**/delete")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("[data-cleared]")).to_be_visible(visible=clears_tab)
    answer = page.goto(receipt)
    assert answer is not None
    assert answer.status == 410


def test_on_a_phone_the_keyboard_leads_from_the_review_to_a_receipt_and_to_its_end(
    new_walk: NewWalk, post: Post
) -> None:
    language, email = "fr", "claude.essai@example.ca"
    walk = new_walk(language, width=390).go("write").find().tell(email=email).review()
    page = agree_and_send(walk)
    assert page.url == f"{walk.address}/{language}/{walk.campaign}/sent"
    expect(page.locator("[data-address]")).to_have_text(email)
    expect(page.locator("[data-cleared]")).to_be_visible()
    assert OWN_WORDS[language] in (walk.draft() or "")

    page.goto(post.deliver().link("confirm", to=email))
    expect(page.locator(".to-send .sheet")).to_be_visible()
    assert len(post.deliver().mails_to(email)) == 1, "opening the link sends nothing"
    walk.tab_to('button[value="send"]').press("Enter")
    page.wait_for_url("**/receipt/*")
    expect(page.locator("[data-updating]")).to_have_attribute("data-updating", "yes")
    expect(page.locator(".story .now")).to_have_count(1)

    before = page.locator(".story").inner_text()
    assert post.deliver().link("receipt", to=email) == page.url
    page.reload()
    assert page.locator(".story").inner_text() != before
    print_one(page)
    page.click(".card-letter details.fold > summary")
    expect(page.locator(".as-sent")).to_contain_text(OWN_WORDS[language])
    erase(page)
    assert walk.draft() is None
    assert post.mails_to(email) == []


def test_a_letter_sent_anew_comes_later_and_what_one_tab_erases_no_other_shows(new_walk: NewWalk, post: Post) -> None:
    email = "camille.essai.twice@example.ca"
    walk = new_walk("en", width=1280).go("write").find().tell(email=email).review()
    page = agree_and_send(walk)
    expect(page.locator("[data-soon]")).to_be_visible()
    expect(page.locator("[data-edited]")).to_be_hidden()
    receipt = page.context.new_page()
    receipt.goto(post.deliver().link("confirm", to=email))

    page.go_back()
    page.wait_for_url("**/write")
    expect(page.locator("#name")).to_have_value(ABOUT["name"])
    walk.review()
    page.locator(".sheet [data-body]").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" I count on you.")
    agree_and_send(walk)
    expect(page.locator("[data-held]")).to_contain_text("within 10 minutes")
    expect(page.locator("[data-soon]")).to_be_hidden()
    expect(page.locator("[data-edited]")).to_be_visible()

    receipt.reload()
    expect(receipt.locator(".confirm .notice")).to_contain_text("A newer letter to")
    receipt.click('button[value="send"]')
    receipt.wait_for_url("**/receipt/*")
    erase(receipt)
    page.wait_for_url(f"**/{walk.campaign}/")
    assert walk.draft() is None
