"""From “what is this?” to a letter in hand, in either language, on a phone or a desk, with what people have."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import NewWalk
from tests.journeys.walk import ABOUT, COPIED, OTTAWA, OWN_WORDS, copied_by

pytestmark = pytest.mark.loopback
SEEN = pytest.mark.parametrize(
    ("language", "width"), [("fr", 390), pytest.param("en", 1280, marks=pytest.mark.thorough)]
)


@SEEN
def test_the_keyboard_alone_leads_from_the_campaign_to_a_copied_letter(
    new_walk: NewWalk, language: str, width: int
) -> None:
    walk = new_walk(language, width=width, reduced_motion="no-preference").go()
    page = walk.page
    walk.tab_to(".callbar .btn" if width < 700 else ".mast .write").press("Enter")
    page.wait_for_selector("#writing")

    walk.tab_to("#postal_code").type(OTTAWA)
    expect(page.locator("#recipient input:checked").first).to_be_visible()
    walk.tab_to("#step-who [data-next]").press("Enter")
    expect(page.locator("#step-about > summary")).to_be_focused()
    expect(page.locator("#step-what .proposed")).to_be_visible()
    walk.tab_to("#name").type(ABOUT["name"])
    walk.tab_to("#city").type(ABOUT["city"])
    expect(page.locator("#province")).to_have_value("ON")
    walk.tab_to("#email").type(ABOUT["email"])
    walk.tab_to("#step-about .fold > summary").press("Enter")
    walk.tab_to("#relationship").type("Parent")
    walk.tab_to("#step-about [data-next]").press("Enter")
    expect(page.locator("#step-words > summary")).to_be_focused()
    walk.tab_to("#reason").type(OWN_WORDS[language])
    walk.tab_to("[data-review]").press("Enter")
    page.wait_for_selector(".review")

    walk.tab_to("[data-copy]").press("Enter")
    expect(page.locator("[data-copy]")).to_have_text(COPIED)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert OWN_WORDS[language] in copied
    assert copied.rstrip().count("Camille Essai") == 1


@SEEN
def test_without_javascript_every_step_works_and_nothing_dead_is_shown(
    new_walk: NewWalk, language: str, width: int
) -> None:
    walk = new_walk(language, width=width, java_script_enabled=False).go("write")
    page = walk.page
    page.fill("#postal_code", OTTAWA)
    page.click("#step-who .row-in [data-find]")
    expect(page.locator("#recipient input[name=recipient]").first).to_be_checked()
    page.click("#step-who [data-next]")
    expect(page.locator("#step-about")).to_have_attribute("open", "")
    page.click("#step-what > summary")
    page.check("input[name=template] >> nth=1")
    page.click("#step-what [data-next]")
    expect(page.locator("input[name=template]").nth(1)).to_be_checked()
    page.click("#step-about [data-next]")
    expect(page.locator("#errors a[href='#name']")).to_be_visible()
    for name, text in ABOUT.items():
        page.fill(f"#{name}", text)
    page.click("#step-about [data-next]")
    expect(page.locator("#step-who .done")).to_contain_text("Yasir Naqvi")
    page.fill("#reason", OWN_WORDS[language])
    if width < 700:
        expect(page.locator("#previews")).to_be_hidden()
        page.click(".tabs .to-letter")
        expect(page.locator("#previews")).to_be_visible()
        page.click(".tabs .to-form")
    page.click("[data-review]")

    expect(page.locator(".sheet").first).to_contain_text(OWN_WORDS[language])
    expect(page.locator("[data-copy]").first).to_be_hidden()
    expect(page.locator(".cue").first).to_be_hidden()
    page.click("[data-edit] summary")
    page.fill("input[name^=subject-]", "Changed by hand")
    page.click(".again button")
    expect(page.locator("[data-subject]")).to_have_text("Changed by hand")
    expect(page.locator(".sheet-head .edited")).to_be_visible()
    page.click("#formats summary")
    with page.expect_download() as download:
        page.click("button[formaction$='/download/txt']")
    assert "Changed by hand" in download.value.path().read_text(encoding="utf-8")
    with page.expect_popup() as popup:
        page.click("button[formaction$='/download/html']")
    expect(popup.value.locator(".sheet")).to_contain_text("Changed by hand")


def test_the_same_words_are_previewed_reviewed_copied_and_filed(new_walk: NewWalk) -> None:
    walk = new_walk("fr").go("write").find().tell()
    previewed = walk.preview()
    page = walk.review().page
    assert walk.sheet() == previewed

    copied = copied_by(page)
    page.click("#formats summary")
    with page.expect_download() as download:
        page.click("button[formaction$='/download/txt']")
    assert copied == download.value.path().read_text(encoding="utf-8")
    bare = re.sub(r"\s+", "", copied)
    assert bare == re.sub(r"\s+", "", previewed)


def test_open_in_my_e_mail_copies_the_letter_and_keeps_it_out_of_a_link_too_long_for_it(new_walk: NewWalk) -> None:
    walk = new_walk("fr").reviewed()
    page = walk.page
    page.evaluate("document.querySelector('[data-mail]').addEventListener('click', (e) => e.preventDefault(), true)")
    page.click("[data-mail]")
    expect(page.locator("[data-said='1']")).not_to_be_empty()
    assert OWN_WORDS["fr"] in page.evaluate("navigator.clipboard.readText()")
    link = page.get_attribute("[data-mail]", "href") or ""
    assert link.startswith("mailto:")
    assert "subject=" in link
    assert "body=" not in link
    assert len(link) < 2000


SELECT_IN_BODY = """words => {
    const body = document.querySelector("[data-body]");
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const place = node.data.indexOf(words);
        if (place < 0) continue;
        body.focus();
        getSelection().setBaseAndExtent(node, place, node, place + words.length);
        return;
    }
}"""
IS_INKED = """words => [...CSS.highlights.get("own")].some((range) => range.toString().includes(words))"""


def replace_in_body(page: Page, old: str, new: str) -> None:
    """Type over words of the letter, on its sheet."""
    page.evaluate(SELECT_IN_BODY, old)
    page.keyboard.type(new)


def test_a_letter_is_edited_on_its_sheet_and_the_surveys_figure_is_put_back(new_walk: NewWalk) -> None:
    walk = new_walk("fr").reviewed()
    page = walk.page
    states = page.locator("[data-state-words]")
    expect(states).to_have_text(["2 phrases sont de vous"] * 2)
    replace_in_body(page, "95", "96")
    expect(states).to_have_text(["Un instant…"] * 2)
    assert "96" in page.input_value("textarea[name^=body-]")
    expect(states).to_have_text(["3 phrases sont de vous"] * 2)
    expect(page.locator(".sheet-head .edited")).to_be_visible()
    claim = page.locator("#own-words .claims li")
    expect(claim.locator(".claim")).to_contain_text("96\u00a0%")
    expect(claim.locator(".original")).to_contain_text("95\u00a0%")
    assert page.evaluate(IS_INKED, "96")
    # A button pressed before any script was there works as well.
    page.evaluate("addEventListener('submit', (event) => event.stopImmediatePropagation(), true)")
    page.click("#own-words [name=restore]")
    expect(claim).to_have_count(0)
    expect(page.locator("[data-body]")).not_to_contain_text("96")


def test_whose_words_a_changed_figure_is_is_asked_once_and_a_reload_keeps_the_answer(new_walk: NewWalk) -> None:
    walk = new_walk("en").reviewed()
    page = walk.page
    box, asked = page.locator("#sure"), page.locator("dialog[open]")
    expect(box).to_have_count(0)
    replace_in_body(page, "95%", "96%")
    expect(page.locator("#own-words .claim")).to_contain_text("96%")
    expect(box).not_to_be_checked()

    page.locator("[data-copy]").click()
    expect(asked).to_contain_text("Read your own words once more")
    expect(asked.locator(".original")).to_contain_text("95%")
    asked.locator("[value=sure]").click()
    expect(page.locator("[data-copy]")).to_have_text(COPIED)
    assert "96%" in page.evaluate("navigator.clipboard.readText()")
    expect(box).to_be_checked()
    expect(page.locator("[data-copy]")).to_have_text("Copy")  # it has said "Copied" for long enough
    assert "96%" in copied_by(page)
    expect(asked).to_have_count(0)

    page.reload()  # which sends the form of before again
    expect(page.locator("[data-body]")).to_contain_text("96%")
    assert "96%" in page.input_value("textarea[name^=body-]")
    expect(box).to_be_checked()
    assert "96%" in copied_by(page)
    expect(asked).to_have_count(0)


def test_the_keyboard_alone_says_whose_words_they_are(new_walk: NewWalk) -> None:
    walk = new_walk("en").reviewed()
    page = walk.page
    box, asked = page.locator("#sure"), page.locator("dialog[open]")
    replace_in_body(page, "95%", "96%")
    expect(box).not_to_be_checked()
    page.locator("[data-copy]").press("Enter")
    expect(asked.locator("[value=sure]")).to_be_focused()
    walk.press("Escape")
    expect(asked).to_have_count(0)
    expect(page.locator("[data-copy]")).to_be_focused()
    expect(box).not_to_be_checked()

    walk.tab_to("#sure").press("Space")
    expect(box).to_be_checked()
    page.locator("[data-copy]").press("Enter")
    expect(page.locator("[data-copy]")).to_have_text(COPIED)
    expect(asked).to_have_count(0)


def test_what_is_pasted_into_a_letter_comes_as_words(new_walk: NewWalk) -> None:
    walk = new_walk("en").reviewed()
    page = walk.page
    page.locator("[data-body] p").last.click()
    page.keyboard.press("Control+End")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/html", "<b>bold</b>");
            data.setData("text/plain", " and bold");
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    assert page.locator("[data-body] b").count() == 0
    assert page.input_value("textarea[name^=body-]").rstrip().endswith("and bold")


REPLACE_BUTTON = """() => document.getElementById("writing").addEventListener("submit", () => setTimeout(() => {
  const button = document.querySelector("[data-review]");
  button.replaceWith(button.cloneNode(true));
}), {once: true, capture: true})"""
EDIT_END = """text => {
    const body = document.querySelector("[data-body]");
    body.lastElementChild.append(text);
    body.dispatchEvent(new InputEvent("input", { inputType: "insertText", bubbles: true }));
}"""


def test_what_is_to_be_fixed_is_said_before_a_script_copies_it(new_walk: NewWalk) -> None:
    page = new_walk("en").reviewed().page
    page.evaluate("navigator.clipboard.writeText('before')")
    page.evaluate(EDIT_END, " See www.example.ca for more.")
    page.locator("[data-copy]").click()  # while the site still reads it
    asked = page.locator("dialog[open]")
    expect(asked).to_contain_text("Fix this first")
    expect(asked.locator("[value=sure]")).to_have_count(0)
    asked.locator("[data-fix]").click()
    expect(page.locator("[data-body]")).to_be_focused()
    assert "www.example.ca" in page.evaluate("getSelection().toString()")
    assert page.evaluate("navigator.clipboard.readText()") == "before"
    page.keyboard.press("Delete")
    assert "www.example.ca" not in copied_by(page)
    expect(asked).to_have_count(0)


def test_no_button_is_shown_before_the_script_that_it_needs(new_walk: NewWalk) -> None:
    page = new_walk("en").go("write").find().tell().page
    held: list[Route] = []
    page.route("**/copy*.js", lambda route: held.append(route))
    page.locator(".step").last.evaluate("step => { step.open = true; }")
    page.locator("[data-review]").click(no_wait_after=True)
    page.wait_for_selector("[data-cue]:not([hidden])", state="attached")  # the scripts before it have run
    expect(page.locator("[data-copy]")).to_be_hidden()
    held[0].continue_()
    assert copied_by(page)


@pytest.mark.thorough
def test_a_press_that_is_held_while_the_site_answers_still_counts(new_walk: NewWalk) -> None:
    page = new_walk("en").reviewed().page
    replace_in_body(page, "95%", "96%")
    expect(page.locator("[data-state-words]")).to_have_text(["3 sentences are yours"] * 2)
    with page.expect_response("**/check"):
        page.evaluate(EDIT_END, " Thank you.")
        page.locator("#own-words [name=restore]").hover()
        page.mouse.down()
    with page.expect_navigation():
        page.mouse.up()
    expect(page.locator("[data-body]")).not_to_contain_text("96%")
    expect(page.locator("[data-body]")).to_contain_text("Thank you.")


@pytest.mark.thorough
def test_a_press_counts_although_its_button_is_replaced_while_the_letter_follows(new_walk: NewWalk) -> None:
    walk = new_walk("en").go("write").find().tell()
    walk.page.locator(".step").last.evaluate("step => { step.open = true; }")
    walk.page.evaluate(REPLACE_BUTTON)
    walk.page.locator("#reason").fill("My daughter is eight.")  # a preview is due, which the press waits for
    with walk.page.expect_navigation(url="**/review"):
        walk.page.click("[data-review]")


def test_of_a_letter_that_the_site_cannot_read_nothing_is_said(new_walk: NewWalk) -> None:
    page = new_walk("en").reviewed().page
    expect(page.locator("[data-state-words]")).to_have_text(["2 sentences are yours"] * 2)
    page.route("**/check", lambda route: route.fulfill(status=404, body=""))
    page.evaluate(EDIT_END, " Thank you.")
    expect(page.locator("[data-state-words]")).to_have_text(["Not read yet"] * 2)
    expect(page.locator(".again button")).to_be_visible()
    page.unroute("**/check")
    page.evaluate(EDIT_END, " I count on you.")
    expect(page.locator("[data-state-words]")).to_have_text(["4 sentences are yours"] * 2)


def test_the_way_used_last_is_told_in_this_tab_until_one_leaves(new_walk: NewWalk) -> None:
    walk = new_walk("en").reviewed()
    page = walk.page
    expect(page.locator(".last-time:visible")).to_have_count(0)
    page.evaluate("window.print = () => dispatchEvent(new Event('afterprint'))")
    page.click("[data-print]")
    page.reload()
    expect(page.locator("[data-exit=print] .last-time")).to_be_visible()
    expect(page.locator(".last-time:visible")).to_have_count(1)
    page.click("[data-erase]")
    page.wait_for_url("**/en/child-protection/#erased")
    assert page.evaluate("sessionStorage.getItem('advocacy-exit')") is None
