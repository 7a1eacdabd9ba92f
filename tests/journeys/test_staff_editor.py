"""The editor with script: chips, tips, tabs, undo, what is kept as it is typed, and all of it by keyboard."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from advocacy.staff.models import Role
from tests.journeys.conftest import SignIn
from tests.journeys.test_access import RULES

pytestmark = pytest.mark.loopback
LETTER = "/staff/campaigns/the-same-again/letters/safety-standards"
PAGES = ("", "/source", "/fields", "/preview")
Open = Callable[..., Page]


@pytest.fixture
def opened(signed_in: SignIn) -> Open:
    """Open a letter as a writer; each `who` has a draft of their own."""
    return lambda who, language="fr", **options: signed_in(who, Role.WRITER, LETTER, language=language, **options)


def surface(page: Page, cell: str) -> Locator:
    """The surface that stands for a text area."""
    return page.locator(f'[data-for="{cell}"]')


def text(page: Page, cell: str) -> str:
    """What the form would send of a cell."""
    return page.locator(f"#{cell}").input_value()


def insert(page: Page, label: str) -> None:
    """Insert a field by its English name, as somebody does who looks for it among the labels."""
    page.locator("[data-palette-open]").click()
    page.locator("[data-group]").first.click()
    page.locator(f'[data-insert][data-en="{label}"]').click()


def caret_to_end(place: Locator) -> None:
    """Put the caret behind the last word."""
    place.focus()
    place.press("Control+End")


def test_a_label_is_a_chip_which_is_inserted_pressed_and_erased_whole(opened: Open) -> None:
    page = opened("opener", "en")
    areas = page.locator("[data-chips] textarea")
    same = areas.evaluate_all("all => all.every(area => area.value === area.defaultValue)")
    assert same
    assert page.locator(".surface .chip").count() > 20
    assert page.locator(".surface .chip.lost").count() == 0
    assert "[" not in surface(page, "s0-v0-c0-fr").inner_text()
    place, cell = surface(page, "s4-v0-c0-en"), "s4-v0-c0-en"
    before = text(page, cell)
    caret_to_end(place)
    page.keyboard.type(" Written by ")
    insert(page, "name")
    page.keyboard.type(".")
    assert text(page, cell) == f"{before} Written by [name]."
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    assert text(page, cell) == f"{before} Written by "
    page.keyboard.press("Control+z")
    assert "[name]" in text(page, cell)
    for _ in range(40):
        if text(page, cell) == before:
            break
        page.keyboard.press("Control+z")
    assert text(page, cell) == before
    chip = surface(page, cell).locator(".chip", has_text="%")
    label = chip.inner_text()
    chip.click()
    expect(page.locator(".tip.floating")).to_be_visible()
    expect(surface(page, cell)).to_be_focused()
    page.keyboard.type(" so")
    assert text(page, cell) == before.replace(f"[{label}]", f"[{label}] so")
    chip.click()
    page.keyboard.press("Backspace")
    assert text(page, cell) == before.replace(f"[{label}]", " so")
    caret_to_end(surface(page, cell))
    insert(page, "name")
    surface(page, cell).locator(".chip").last.click()
    insert(page, "municipality")
    page.keyboard.type("!")
    assert text(page, cell).endswith("[name][municipality]!")


def test_a_finding_tells_its_story_and_is_marked_whole(opened: Open) -> None:
    page = opened("marker", "en")
    tip = page.locator(".tip.floating")
    page.locator("#s4 .chip", has_text="%").first.hover()
    expect(tip).not_to_be_empty()
    page.mouse.move(0, 0)
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.locator("[data-palette-open]").click()
    page.locator("[data-insert][data-tip]:visible").first.focus()
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    cell = "s4-v0-c0-en"
    chip = surface(page, cell).locator(".chip").nth(1)
    chip.scroll_into_view_if_needed()
    label, box = chip.inner_text(), chip.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 24, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    page.keyboard.press("Delete")
    assert f"[{label}]" not in text(page, cell)
    page.keyboard.type("others")
    assert "others" in text(page, cell)
    assert surface(page, cell).locator(".chip").count() == text(page, cell).count("[")


def test_on_a_phone_a_chip_is_tapped_and_every_label_is_found(opened: Open) -> None:
    width = 390
    page = opened("tapper", width=width, has_touch=True, is_mobile=True)
    cell = "s4-v0-c0-fr"
    chip = surface(page, cell).locator(".chip", has_text="%")
    chip.scroll_into_view_if_needed()
    chip.tap()
    expect(page.locator(".tip.floating")).to_be_visible()
    page.keyboard.type("XX")
    assert f"[{chip.inner_text()}]XX" in text(page, cell)
    page.locator("[data-palette-open]").click()
    seen = 0
    for group in page.locator("[data-group]").all():
        group.press("Enter")
        labels = page.locator(f"#{group.get_attribute('aria-controls')} button").all()
        boxes = [label.bounding_box() for label in labels if label.is_visible()]
        assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
        seen += len(boxes)
    assert seen == page.locator("button[data-insert]").count()
    page.locator("[data-find]").fill("POLICE")
    expect(page.locator("button[data-insert]:visible")).to_have_text([re.compile("police")])
    page.locator("[data-find]").press("Escape")
    expect(page.locator("[data-palette]")).to_be_hidden()
    expect(page.locator("[data-palette-open]")).to_be_focused()


def test_labels_and_signs_are_set_right_while_they_are_typed(opened: Open) -> None:
    page = opened("typist")
    place, cell = surface(page, "s4-v0-c0-fr"), "s4-v0-c0-fr"
    caret_to_end(place)
    page.keyboard.type(" [Municipalite] et [rien de tel]")
    assert text(page, cell).endswith(" [municipalité] et [rien de tel]")
    assert place.locator(".chip").last.get_attribute("class") == "chip lost"
    offers = page.locator("#offers")
    before = text(page, cell)
    caret_to_end(place)
    page.keyboard.type(" [")
    expect(offers).to_be_visible()
    assert offers.locator("[role=option]").count() > 40
    found = Axe().run(page, context={"include": [["#offers"], [f'[data-for="{cell}"]']]}, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    page.keyboard.type("Muni")
    chosen = offers.locator("[aria-selected=true]")
    expect(chosen).to_have_text("municipalité")
    expect(place).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    page.keyboard.press("Enter")
    page.keyboard.type(", [co")
    first = offers.locator("[aria-selected=true]").inner_text()
    page.keyboard.press("ArrowDown")
    expect(chosen).not_to_have_text(first)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(offers).to_be_hidden()
    assert text(page, cell) == f"{before} [municipalité], [{first}]"
    page.keyboard.type(" [n")
    page.keyboard.press("Escape")
    expect(offers).to_be_hidden()
    page.keyboard.type("o")
    expect(offers).to_be_hidden()
    assert text(page, cell).endswith(" [no")
    place.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type('L\'essai: "deux mots" et 5% ici, voir https://exemple.ca')
    assert text(page, cell) == "L’essai\u00a0: «\u00a0deux mots\u00a0» et 5\u00a0% ici, voir https://exemple.ca"
    page.keyboard.press("Control+z")
    page.keyboard.type(" Fin")
    assert text(page, cell).endswith(" Fin")


def test_words_are_taken_back_one_by_one_done_again_and_pasted_with_their_labels(opened: Open) -> None:
    page = opened("undoer", "en")
    place, cell = surface(page, "s4-v0-c0-en"), "s4-v0-c0-en"
    before = text(page, cell)
    place.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Backspace")
    page.keyboard.type("[name] of [riding], then")
    steps = [text(page, cell)]
    while steps[-1] != before:
        page.keyboard.press("Control+z")
        assert text(page, cell) != steps[-1]
        steps.append(text(page, cell))
    assert steps[1:3] == ["[name] of [riding],", "[name] of"]
    assert place.locator(".chip").count() == before.count("[")
    page.keyboard.press("Control+z")
    assert text(page, cell) == before
    page.keyboard.press("Control+y")
    for _ in steps[2:]:
        page.keyboard.press("Control+Shift+z")
    assert text(page, cell) == steps[0]
    page.keyboard.type("!")
    assert text(page, cell) == f"{steps[0]}!"
    by_menu = "(one, inputType) => one.dispatchEvent(new InputEvent('beforeinput', {inputType, cancelable: true}))"
    assert not place.evaluate(by_menu, "historyUndo")
    assert text(page, cell) == steps[0]
    assert not place.evaluate(by_menu, "historyRedo")
    assert text(page, cell) == f"{steps[0]}!"
    before = text(page, cell)
    caret_to_end(surface(page, cell))
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.evaluate("navigator.clipboard.writeText('Pasted [name] <b>text</b>')")
    page.keyboard.press("Control+v")
    assert text(page, cell) == f"{before}\n\nPasted [name] <b>text</b>"
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == text(page, cell)


def test_a_chip_stays_whole_whatever_the_browser_does(opened: Open) -> None:
    page = opened("keener", "en")
    place, cell = surface(page, "s4-v0-c0-en"), "s4-v0-c0-en"
    place.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("By [name] so")
    into = """(chip, at) => {
        chip.contentEditable = "inherit";
        chip.style.webkitUserModify = "read-write";
        getSelection().setPosition(chip.firstChild, at);
        for (const letter of "XY") document.execCommand("insertText", false, letter);
    }"""
    chip = place.locator(".chip")
    for at, found in ((4, "By [name]XY so"), (0, "By XY[name]XY so"), (2, "By XY[name]XYXY so")):
        chip.evaluate(into, at)
        assert text(page, cell) == found
        expect(chip).to_have_text("name")
    chip.evaluate("chip => { getSelection().setBaseAndExtent(chip.firstChild, 1, chip.firstChild, 3); }")
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == "[name]"
    chip.evaluate(
        """chip => {
        getSelection().setPosition(chip.firstChild, 4);
        document.execCommand("delete");
    }"""
    )
    assert text(page, cell) == "By XYXYXY so"
    place.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("[name][riding][municipality] x")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    for left in ("[name][municipality] x", "[municipality] x"):
        place.evaluate("(one, left) => getSelection().setPosition(one, left)", left.count("["))
        page.keyboard.press("Backspace")
        assert text(page, cell) == left
    page.keyboard.press("Home")
    page.keyboard.press("Delete")
    page.keyboard.type("a")
    assert text(page, cell) == "a x"
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("[name]")
    assert text(page, cell) == "a x\n[name]"
    page.keyboard.press("Backspace")
    page.keyboard.type("k")
    assert text(page, cell) == "a x\nk"
    page.evaluate(
        """() => {
        const run = document.execCommand.bind(document);
        document.execCommand = (name, ...rest) => {
            const answer = run(name, ...rest);
            document.querySelectorAll(".surface .chip").forEach((chip) => chip.removeAttribute("contenteditable"));
            return answer;
        };
    }"""
    )
    caret_to_end(surface(page, cell))
    insert(page, "name")
    page.keyboard.type(" tail")
    assert text(page, cell).endswith("[name] tail")
    expect(surface(page, cell).locator('.chip:not([contenteditable="false"])')).to_have_count(0)
    opened_up = """chip => {
        chip.removeAttribute("contenteditable");
        return getComputedStyle(chip).webkitUserModify;
    }"""
    assert surface(page, cell).locator(".chip").last.evaluate(opened_up) == "read-only"


def test_what_is_typed_is_kept_the_letter_follows_and_a_problem_is_mended(opened: Open) -> None:
    page = opened("keeper", "en")
    caret_to_end(surface(page, "s4-v0-c0-en"))
    with page.expect_response("**/preview/part*"):
        page.keyboard.type(" A sentence of the tests’ own.")
    expect(page.locator("[data-saved]")).to_contain_text("Draft saved")
    page.locator("#trying").evaluate("form => form.closest('details').open = true")
    with page.expect_response("**/preview/part*"):
        page.select_option("#try-language", "en")
    expect(page.locator("[data-preview]")).to_contain_text("A sentence of the tests’ own.")
    page.reload()
    assert text(page, "s4-v0-c0-en").endswith("A sentence of the tests’ own.")
    page.locator('#s4 .vars button[aria-label="Variant 2"]').click()
    cell = "s4-v1-c0-en"
    caret_to_end(surface(page, cell))
    page.keyboard.type(" Written by [nam")
    page.keyboard.press("Home")
    page.keyboard.press("Control+End")
    page.keyboard.type("ee].")
    expect(page.locator(f"[data-fixes={cell}] .fix")).to_have_count(1)
    assert page.evaluate("CSS.highlights.get('wrong').size") == 1
    page.locator('#s4 .vars button[aria-label="Variant 1"]').click()
    expect(surface(page, cell)).to_be_hidden()
    page.locator("[data-problems] a.to-cell").first.click()
    expect(surface(page, cell)).to_be_focused()
    with page.expect_navigation():
        page.locator(f"[data-fixes={cell}] button").first.click()
    assert text(page, cell).endswith("Written by [name].")


def test_a_second_tab_is_told_and_both_sets_of_words_are_shown(opened: Open) -> None:
    page = opened("tabber", "en")
    second = page.context.new_page()
    second.goto(page.url)
    caret_to_end(surface(page, "s0-v0-c0-en"))
    page.keyboard.type(" one")
    expect(page.locator("[data-saved]")).to_contain_text("Draft saved")
    caret_to_end(surface(second, "s0-v0-c0-en"))
    second.keyboard.type(" two")
    expect(second.locator("[data-trouble]")).to_contain_text("Another tab saved this draft")
    second.locator(".savings button[value=draft]").click()
    expect(second.locator(".conflict ins").first).to_contain_text("one")
    assert text(second, "s0-v0-c0-en").endswith(" two")


def test_who_writes_at_the_same_time_is_told_of_without_a_reload(opened: Open) -> None:
    maude, ines = opened("maude", "en"), opened("ines", "en")
    cell = "s4-v0-c0-en"
    expect(maude.locator("[data-news]")).to_be_empty()
    caret_to_end(surface(ines, cell))
    ines.keyboard.type(" Ines was here.")
    expect(ines.locator("[data-saved]")).to_contain_text("Draft saved")
    caret_to_end(surface(maude, cell))
    maude.keyboard.type(" Maude was here.")
    news = maude.locator("[data-news]")
    notice = maude.locator("[data-colleagues] .notice", has_text="Ines-Writer has a draft of this letter too")
    expect(news).to_contain_text("Ines-Writer is writing a draft of this letter too")
    expect(news).to_be_in_viewport()
    expect(notice).to_be_visible()
    news.get_by_role("button", name="Close").click()
    ines.locator(".titlebar button[value=save]").click()
    expect(ines.locator(".notice", has_text="Saved as revision")).to_be_visible()
    maude.keyboard.type(" And again.")
    expect(news).to_contain_text("Ines-Writer saved revision")
    expect(notice).to_have_count(0)
    maude.keyboard.type(" And more.")
    news.get_by_role("button", name="See what changed").click()
    expect(maude.locator(".conflict ins")).to_contain_text("Ines was here.")
    assert text(maude, cell).endswith(" Maude was here. And again. And more.")
    maude.get_by_role("button", name="Combine both").click()
    beside = maude.locator(".conflict")
    expect(beside.locator("ins")).to_contain_text("Ines")
    beside.locator("a[data-cell]").click()
    expect(surface(maude, cell)).to_be_focused()


def test_whoever_only_reads_is_told_within_a_minute_and_not_asked_for_once_away(opened: Open) -> None:
    reader, writer = opened("reading", "en"), opened("writing", "en")
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(request.url) if "/meanwhile" in request.url else None)
    reader.clock.install()
    reader.reload()
    caret_to_end(surface(writer, "s0-v0-c0-en"))
    writer.keyboard.type(" more")
    expect(writer.locator("[data-saved]")).to_contain_text("Draft saved")
    reader.clock.run_for(75_000)
    expect(reader.locator("[data-news]")).to_contain_text("Writing-Writer is writing a draft of this letter too")
    reader.clock.run_for(60 * 60_000)
    with reader.expect_request("**/staff/account"):  # whatever was asked before is counted by then
        reader.evaluate("() => { fetch('/staff/account'); }")
    assert 1 <= len(asked) <= 10


def test_a_variant_is_added_written_and_saved_by_keyboard_alone(opened: Open) -> None:
    page = opened("keys", "fr")
    there = page.locator("#s4 [data-variant]").count()
    page.locator("#s4 .vars button").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#s4 [data-variant]")).to_have_count(there + 1)
    page.locator("#s4 .vars button", has_text=str(there + 1)).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    for _ in range(4):
        if page.evaluate("document.activeElement.isContentEditable"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("Une phrase neuve.")
    page.keyboard.press("Tab")
    page.keyboard.type("A new sentence.")
    cell = f"s4-v{there}-c0"
    assert (text(page, f"{cell}-fr"), text(page, f"{cell}-en")) == ("Une phrase neuve.", "A new sentence.")
    page.locator(".titlebar button[value=save]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".notice[role=status]")).to_be_visible()


def test_a_condition_is_one_box_put_around_words_changed_and_taken_away(opened: Open) -> None:
    page = opened("boxer", "en")
    place, cell = surface(page, "s4-v0-c0-en"), "s4-v0-c0-en"
    source = page.locator(f"#{cell}")
    place.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("I live here. Write to me.")
    for _ in range(len("Write to me.")):
        page.keyboard.press("Shift+ArrowLeft")
    page.locator("[data-condition-open]").click()
    dialog = page.get_by_role("dialog")
    found = Axe().run(page, context={"include": [["dialog"]]}, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    dialog.locator("select:visible").select_option(label="Only if e-mail address given")
    dialog.get_by_role("button", name="Apply").click()
    expect(source).to_have_value("I live here. [if e-mail address given]Write to me.[end]")
    assert "[" not in place.inner_text()
    place.locator(".turn-h").click()
    dialog.locator("select:visible").select_option(label="Only if own riding")
    dialog.get_by_role("button", name="Apply").click()
    expect(source).to_have_value("I live here. [if own riding]Write to me.[end]")
    place.locator(".turn-h").click()
    dialog.get_by_role("button", name="Add “otherwise”").click()
    page.keyboard.type("Call me.")
    expect(source).to_have_value("I live here. [if own riding]Write to me.[otherwise]Call me.[end]")
    page.keyboard.press("Control+End")
    page.keyboard.type(" Thanks.")
    assert text(page, cell).endswith("Call me.[end] Thanks.")
    before = text(page, cell)
    place.locator(".turn-h").first.click()
    dialog.get_by_role("button", name="Remove the condition and its text").click()
    expect(source).to_have_value("I live here.  Thanks.")
    place.press("Control+z")
    expect(source).to_have_value(before)
    place.locator(".turn-h").first.click()
    dialog.get_by_role("button", name="Remove the condition, keep the text").click()
    expect(source).to_have_value("I live here. Write to me.Call me. Thanks.")


def test_a_box_is_typed_and_loses_neither_its_condition_nor_its_end_alone(opened: Open) -> None:
    page = opened("keepers", "en")
    place, cell = surface(page, "s4-v0-c0-en"), "s4-v0-c0-en"
    place.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Hello [if own riding]")
    assert text(page, cell) == "Hello [if own riding]text[end]"
    page.keyboard.type("neighbour")
    assert text(page, cell) == "Hello [if own riding]neighbour[end]"
    page.keyboard.type("[end].")
    assert text(page, cell) == "Hello [if own riding]neighbour[end]."
    page.keyboard.press("Home")
    for _ in range(len("Hello ") + 2):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Delete")
    assert "[" not in text(page, cell)
    page.keyboard.press("Control+a")
    page.evaluate("navigator.clipboard.writeText('Pasted [if own riding]in a box[end] and out [end]')")
    page.keyboard.press("Control+v")
    assert text(page, cell) == "Pasted [if own riding]in a box[end] and out "
    assert place.locator(".only").count() == 1


def test_nothing_is_cut_off_too_small_or_unclear_and_a_phone_shows_one_pane(opened: Open) -> None:
    """On a desk; test_staff_access.py looks at every page of the staff on a phone, in French."""
    page = opened("wide", "en")
    assert page.evaluate("document.documentElement.scrollHeight") <= 900
    for pane in ("text", "preview", "problems"):
        expect(page.locator(f".pane[data-pane={pane}]")).to_be_visible()
    page.locator("[name=side][value=fr]").check()
    expect(surface(page, "s0-v0-c0-en")).to_be_hidden()
    page.reload()
    expect(surface(page, "s0-v0-c0-fr")).to_be_visible()
    expect(surface(page, "s0-v0-c0-en")).to_be_hidden()
    width = 1280
    address = page.url
    for place in PAGES:
        page.goto(address + place)
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, (place, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.evaluate(
            """() => [...document.querySelectorAll("main button, main .btn, main select, main summary, main input")]
            .filter(one => one.checkVisibility() && one.type !== "hidden" && one.type !== "checkbox"
                && !one.matches(".visually-hidden"))
            .filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML.slice(0, 120))"""
        )
        assert small == [], place
    narrow = opened("narrow", "en", width=390)
    expect(narrow.locator(".pane[data-pane=preview]")).to_be_hidden()
    narrow.locator("[name=pane][value=preview]").check()
    expect(narrow.locator(".pane[data-pane=preview]")).to_be_visible()
    expect(narrow.locator(".pane[data-pane=text]")).to_be_hidden()
