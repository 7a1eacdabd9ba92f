"""Whatever a browser makes of the sheet that is edited, the paragraphs seen on it are those that are sent and copied."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewWalk
from tests.journeys.walk import Walk, copied_by

pytestmark = pytest.mark.loopback
BODY = "textarea[name^=body-]"
LEFT = """html => {
    const body = document.querySelector("[data-body]");
    body.innerHTML = html;
    body.dispatchEvent(new InputEvent("input", { inputType: "insertText", bubbles: true }));
}"""
BARE = """text => {
    const body = document.querySelector("[data-body]");
    body.replaceChildren(text);
    body.focus();
    getSelection().selectAllChildren(body);
}"""
PASTED = """text => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const event = { clipboardData: data, bubbles: true, cancelable: true };
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", event));
}"""
AS_FIREFOX = """() => {
    const command = document.execCommand.bind(document);
    document.execCommand = (name, shown, value) => {
        if (name === "defaultParagraphSeparator" && !document.querySelector("[contenteditable]")) return false;
        if (name !== "insertText") return command(name, shown, value);
        const lines = new DocumentFragment();
        lines.append(...value.split("\\n").flatMap((line) => [document.createElement("br"), line]).slice(1));
        getSelection().getRangeAt(0).insertNode(lines);
        return document.activeElement.dispatchEvent(new InputEvent("input", { inputType: name, bubbles: true }));
    };
}"""


def reviewed(walk: Walk) -> Page:
    """Go to the review of a letter."""
    return walk.reviewed().page


FIREFOX_LEAVES = (
    ("<p>First.<br><br>Second.<br>It goes on.</p><p>Third.</p>", ["First.", "Second.\nIt goes on.", "Third."]),
    ("<p>First.<br>\u00a0<br><br>Second.</p>", ["First.", "Second."]),
    ("<ul><li>First.<br><br>Second.</li></ul>", ["• First.", "• Second."]),
    ("First <span>of all</span>.<br>It goes on.<br><br>Second.", ["First of all.\nIt goes on.", "Second."]),
    ("First.<div>Second.</div>Third.\n<p>Fourth.</p>\n", ["First.", "Second.", "Third.", "Fourth."]),
)


def test_the_breaks_that_firefox_leaves_part_the_paragraphs_that_are_sent(new_walk: NewWalk) -> None:
    page = reviewed(new_walk("en"))
    for left, paragraphs in FIREFOX_LEAVES:
        expect(page.locator("[data-body][contenteditable]")).to_be_visible()
        page.evaluate(LEFT, left)
        assert page.input_value(BODY) == "\n\n".join(paragraphs)

        lines = [one.replace("\n", " ") for one in paragraphs]
        copied = ("\n" if lines[0].startswith("•") else "\n\n").join(lines)
        assert f":\n\n{copied}\n\n" in copied_by(page)

        with page.expect_navigation():
            page.evaluate("document.getElementById('writing').requestSubmit()")
        expect(page.locator("[data-body] :is(p, li)")).to_have_text([one.removeprefix("• ") for one in lines])
        with page.expect_navigation():
            page.locator(".sheet-head [name=original]").click()


def test_bare_words_that_overwrote_everything_become_a_paragraph_and_can_be_undone(new_walk: NewWalk) -> None:
    walk = new_walk("en")
    page = reviewed(walk)
    page.evaluate(BARE, "What")
    page.evaluate("getSelection().collapseToEnd()")
    walk.type("ever one").press("Shift+Enter").type("goes on").press("Enter").type("another  one")
    assert page.input_value(BODY) == "Whatever one\ngoes on\n\nanother  one"
    assert page.locator("[data-body] > p").count() == 2

    for _ in range(40):
        walk.press("Control+z")
    assert page.evaluate("document.querySelector('[data-body]').innerHTML") == "What"


def test_what_is_pasted_over_everything_stands_in_paragraphs(new_walk: NewWalk) -> None:
    page = reviewed(new_walk("en"))
    page.evaluate(BARE, "Whatever")
    page.evaluate(PASTED, "First.\n\nSecond  one.")
    assert page.input_value(BODY) == "First.\n\nSecond  one."
    assert page.evaluate("[...document.querySelector('[data-body]').childNodes].every((one) => one.nodeName === 'P')")


def test_a_paragraph_that_is_selected_by_three_clicks_and_overwritten_stays_apart_from_the_next(
    new_walk: NewWalk,
) -> None:
    page = reviewed(new_walk("en"))
    first, _, *others = page.input_value(BODY).split("\n\n")
    page.locator("[data-body] p").nth(1).click(click_count=3)
    page.keyboard.type("Mine.")
    assert page.input_value(BODY).split("\n\n") == [first, "Mine.", *others]
    page.locator("[data-body] p").nth(1).click(click_count=3)
    page.evaluate(PASTED, "Another.")
    assert page.input_value(BODY).split("\n\n") == [first, "Another.", *others]


@pytest.mark.parametrize("before", ["() => {}", AS_FIREFOX])
def test_lines_that_are_typed_and_pasted_are_paragraphs_in_every_browser(new_walk: NewWalk, before: str) -> None:
    """Also where the browser listens to how Enter parts them only once something can be edited."""
    walk = new_walk("en")
    walk.page.add_init_script(f"({before})()")
    page = reviewed(walk)
    assert page.evaluate("document.queryCommandValue('defaultParagraphSeparator')") == "p"
    page.evaluate(
        """() => {
            const body = document.querySelector("[data-body]");
            body.focus();
            getSelection().setPosition(body.querySelectorAll("p")[1].firstChild, 0);
        }"""
    )
    first, second, *others = page.input_value(BODY).split("\n\n")
    page.evaluate(PASTED, "One.\n\nTwo.\nThree:")
    assert page.input_value(BODY).split("\n\n") == [first, "One.", "Two.", f"Three:{second}", *others]


def test_a_text_that_could_not_be_checked_is_neither_copied_nor_mailed(new_walk: NewWalk) -> None:
    walk = new_walk("en")
    page = reviewed(walk)
    page.route("**/check", lambda route: route.fulfill(status=422, body=""))
    page.evaluate("navigator.clipboard.writeText('before')")
    page.evaluate(LEFT, "<p>See the page of evil dot example.</p>")
    page.locator("[data-copy]").first.click()
    expect(page.locator("[data-again] button")).to_be_focused()
    assert page.evaluate("navigator.clipboard.readText()") == "before"
