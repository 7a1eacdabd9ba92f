"""A letter that the site sends: asked for, confirmed from the mail, followed, erased; nothing leaves before that."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewWalk
from tests.journeys.post import Post
from tests.journeys.walk import ABOUT, OTTAWA, OWN_WORDS, Walk, read_over

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


def test_without_javascript_a_letter_is_sent_followed_taken_along_and_erased(new_walk: NewWalk, post: Post) -> None:
    language, email = "en", "dominique.essai@example.ca"
    walk = new_walk(language, width=390, java_script_enabled=False).go("write")
    page = walk.page
    page.fill("#postal_code", OTTAWA)
    page.click("#step-who .row-in [data-find]")
    page.click("#step-who [data-next]")
    for name, text in {**ABOUT, "email": email}.items():
        page.fill(f"#{name}", text)
    page.select_option("#province", "ON")
    page.click("#step-about [data-next]")
    page.fill("#reason", OWN_WORDS[language])
    page.click("[data-review]")
    page.click('#sendbox button[formaction$="/send"]')
    expect(page.locator('#errors a[href="#consent"]')).to_be_visible()
    page.check("#age_ok")
    page.check("#consent")
    read_over(page).click('#sendbox button[formaction$="/send"]')
    page.wait_for_url("**/sent")
    expect(page.locator("[data-address]")).to_be_visible()
    expect(page.locator("[data-cleared]")).to_be_hidden()

    page.goto(post.deliver().link("confirm", to=email))
    page.click('button[value="send"]')
    page.wait_for_url("**/receipt/*")
    expect(page.locator("[data-updating=yes]")).to_be_visible()
    expect(page.locator("[data-needs-script]").first).to_be_hidden()  # that page updates nothing by itself
    post.deliver()
    page.reload()
    expect(page.locator("[data-updating=no]")).to_be_visible()
    receipt = page.url
    page.click("[data-print]")
    page.wait_for_url("**/1/html")
    expect(page.locator(".one-letter .sheet")).to_contain_text(OWN_WORDS[language])
    page.click('a[href*="/receipt/"]:not([hreflang])')
    page.wait_for_url(receipt)
    with page.expect_download() as download:
        page.click("details.r-data > summary")
        page.click('a[href$="/data.json"]')
    assert email in download.value.path().read_text(encoding="utf-8")
    erase(page, clears_tab=False)


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


def test_of_two_forms_under_one_link_only_the_one_ticked_is_sent(new_walk: NewWalk, post: Post) -> None:
    email = "alex.essai@example.ca"
    for name in ("Alex Essai", "Quelqu’un d’autre"):
        send(new_walk("fr", width=390).go("write").find().tell(email=email, name=name).review())
    link = post.deliver().link("confirm", to=email)
    choose(new_walk("fr", width=390, java_script_enabled=False).page, link)
    page = new_walk("fr", width=390).page
    choose(page, link)
    page.click('button[value="send"]')
    page.wait_for_url("**/receipt/*")
    expect(page.locator(".card-letter")).to_have_count(1)
    page.click(".card-letter details.fold > summary")
    expect(page.locator(".as-sent")).to_contain_text("Alex Essai")


def choose(page: Page, link: str) -> None:
    """Meet both refusals of a link to two forms, and leave one form ticked."""
    page.goto(link)
    forms = page.get_by_role("checkbox")
    expect(forms).to_have_count(2)
    expect(page.locator(".to-send")).to_have_count(2)
    expect(page.locator(".signed .check").last).to_contain_text("Quelqu’un d’autre")
    page.click('button[value="send"]')
    expect(page.locator("#errors")).to_contain_text("Rien n’est coché")
    forms.last.focus()
    page.keyboard.press("Space")
    forms.first.focus()
    page.keyboard.press("Space")
    page.click('button[value="send"]')
    expect(page.locator("#errors")).to_contain_text("un bureau ne reçoit qu’une lettre")
    expect(forms.first).to_be_checked()
    forms.last.uncheck()


def test_whoever_did_not_ask_has_it_all_erased(new_walk: NewWalk, post: Post) -> None:
    email = "somebody.else@example.ca"
    walk = new_walk("en", width=390).go("write").find().tell(email=email).review()
    send(walk)
    stranger = new_walk("en", width=390).page
    link = post.deliver().link("confirm", to=email)
    stranger.goto(link)
    stranger.click("#acts summary")
    stranger.click('button[value="delete"]')
    expect(stranger.locator("h1")).to_have_text("Everything is deleted")
    answer = stranger.goto(link)
    assert answer is not None
    assert answer.status == 410
    post.deliver()
    assert not [mail for mail in post.mails_to("naqvi") if email in str(mail["Reply-To"])]
