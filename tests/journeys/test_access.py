"""axe finds nothing on any page, in French and dark or in English and light; nothing is cut off and nothing is too small."""

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from typing import Literal

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from tests.journeys.conftest import NewWalk
from tests.journeys.post import Post
from tests.journeys.walk import SPLIT, VACANT, Walk, read_over

pytestmark = pytest.mark.loopback
AXE = Axe()
ALONE = {"resultTypes": ["violations"]}
"""What passes is not reported node by node, which takes as long as the check."""
RULES = ALONE | {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LEAST, LEAST_FOR_A_MOUSE = 44, 24
"""Pixels on a phone, for fingers, and on a wide screen (WCAG 2.5.8)."""
WIDEST = 1280
SCREENS: tuple[tuple[ViewportSize, Literal["dark", "light"]], ...] = (
    ({"width": 390, "height": 844}, "dark"),
    ({"width": WIDEST, "height": 900}, "light"),
)
"""The screens and colour schemes: each other state is looked at on one of them, as a page has the same rules on both."""
LANGUAGES = ["fr", pytest.param("en", marks=pytest.mark.thorough)]
WIDTHS = {"fr": [320, 640], "en": [320, 640, 768, 1100]}
"""640 pixels are also what 1,280 are at 200 %."""


def pages(walk: Walk) -> Iterator[str]:
    """Open every page that shows no letter, and name it."""
    for place in ("", "help", "privacy", "accessibility", f"{walk.campaign}/", "nowhere", f"{walk.campaign}/review"):
        walk.page.goto(f"{walk.address}/{walk.language}/{place}")
        yield place or "campaigns"
    name = {"en": "offices", "fr": "bureaux"}[walk.language]
    for query in ("", "?q=ottawa", "?sent=1"):
        walk.page.goto(f"{walk.address}/{walk.language}/{name}{query}")
        yield f"{name}{query}"


def letters(walk: Walk) -> Iterator[str]:
    """Bring the form and what follows it into every state that looks different, and name it."""
    page = walk.page
    walk.go("write")
    yield "write, empty"
    walk.find(SPLIT)
    yield "write, which riding"
    walk.find(VACANT)
    yield "write, vacant"
    page.click("#personal > summary")
    yield "write, help with something personal"
    page.click("#personal > summary")
    _unfold(page)
    page.fill("#search", "Ontario")
    with page.expect_response("**/legislators"):
        page.locator("#searching button").click()
    page.wait_for_selector("#found")
    yield "write, searched"
    page.fill("#postal_code", "12345")
    walk.open_all()
    page.fill("#email", "x")
    page.fill("#reason", "exemple.ca/page")
    walk.review()
    yield "write, with errors"
    walk.find().open_all()
    with page.expect_response("**/legislators"):
        _unfold(page)
        page.locator(".adding fieldset").last.locator("input").first.click()
    page.locator(".in-lang").last.locator("input:not(:checked)").check()
    walk.tell()
    page.select_option("#relationship", "survivor")
    walk.preview()
    yield "write, filled in for two"
    page.evaluate("location.hash = 'letter'")
    yield "write, the letter"
    page.evaluate("location.hash = 'form'")
    walk.review()
    yield "review"
    button = page.locator(".all-letters button[formaction$=html]")
    button.evaluate("one => { one.removeAttribute('formtarget'); one.form.requestSubmit(one); }")
    page.wait_for_url("**/download/html")
    yield "print"
    page.click('#sendbox button[formaction$="/posted"]')
    page.wait_for_selector("#errors")
    yield "print, not agreed"
    walk.go("write").review()
    _edit(page, lambda text: text.replace("95", "96", 1), "#own-words .original")
    yield "review, a figure changed"
    page.locator("[data-copy]").first.click()
    page.wait_for_selector("dialog[open] [value=sure]")
    yield "review, whose words"
    page.keyboard.press("Escape")
    page.click("[data-file][formaction$='/txt']")
    page.wait_for_selector("#question")
    yield "review, whose words, asked by the site"
    _edit(page, lambda text: f"{text}\n\nexemple.ca/page", ".notes .mend")
    yield "review, a link refused"
    page.locator("[data-copy]").first.click()
    page.wait_for_selector("dialog[open] [data-fix]")
    yield "review, to be fixed first"


def sending(walk: Walk, post: Post, email: str) -> Iterator[str]:
    """Bring the site into every state that a letter it sends goes through, and name it."""
    page = walk.go("write").find().tell(email=email).review().page
    _unfold(page)
    page.click('#sendbox button[formaction$="/send"]')
    page.wait_for_selector("#errors")
    yield "review, not agreed"
    page.check("#age_ok")
    page.check("#consent")
    read_over(page).click('#sendbox button[formaction$="/send"]')
    page.wait_for_url("**/sent")
    yield "sent"
    asked = post.deliver().link("confirm", to=email)
    page.goto(asked)
    yield "confirm"
    page.click('button[value="send"]')
    page.wait_for_url("**/receipt/*")
    yield "receipt, open"
    post.deliver()
    page.reload()
    yield "receipt"
    _unfold(page)
    page.click(".answer-form button")
    page.wait_for_selector("#errors")
    yield "answer, to be fixed"
    page.check("[name=kind][value=acknowledged]")
    page.click(".answer-form button")
    page.wait_for_url("**/receipt/*#answer-1")
    yield "receipt, answered"
    _unfold(page)
    page.click('form[action$="/delete"] button')
    page.wait_for_url("**/delete")
    yield "deleted"
    page.goto(asked)
    yield "gone"


def _edit(page: Page, change: Callable[[str], str], told: str) -> None:
    body = page.locator("textarea[name^=body-]").first
    with page.expect_response("**/check"):
        text = change(body.input_value())
        body.evaluate("(one, text) => { one.value = text; one.dispatchEvent(new InputEvent('input')); }", text)
    page.locator(told).first.wait_for()
    _unfold(page)


def _unfold(page: Page) -> None:
    # Help with something personal stands in place of what follows it.
    page.evaluate("for (const one of document.querySelectorAll('details:not(.menu, .personal)')) one.open = true")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("states", [pages, letters])
def test_axe_finds_nothing_nothing_is_cut_off_and_all_that_is_pressed_is_large_enough(
    new_walk: NewWalk, language: str, states: Callable[[Walk], Iterator[str]]
) -> None:
    walk = new_walk(language)
    assert wrong(walk, states(walk)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_so_it_is_on_the_way_of_a_letter_that_the_site_sends(new_walk: NewWalk, post: Post, language: str) -> None:
    walk = new_walk(language)
    assert wrong(walk, sending(walk, post, f"sacha.{language}@example.ca")) == []


def wrong(walk: Walk, states: Iterator[str]) -> list[tuple[object, ...]]:
    """Return what is wrong in each state, on a phone or at a desk in turn."""
    found = list[tuple[object, ...]]()
    for state, (screen, scheme) in zip(states, cycle(SCREENS)):
        walk.page.set_viewport_size(screen)
        walk.page.emulate_media(color_scheme=scheme)
        _unfold(walk.page)
        walk.page.evaluate("scrollTo(0, 0)")  # or what lies half under the masthead would count as too small
        found += [(state, one) for one in _violations(walk.page)]
        found += [(state, *one) for one in _small(walk.page)]
        found += [(state, f"cut off at {wide}") for wide in _cut_off(walk.page, WIDTHS[walk.language])]
    return found


def _violations(page: Page) -> Iterator[str]:
    page.evaluate(AXE.axe_script)
    results = AxeResults(page.evaluate("rules => axe.run(rules)", RULES))
    if results.violations_count:
        yield results.generate_report()


def _cut_off(page: Page, widths: Sequence[int]) -> Iterator[int]:
    before = page.viewport_size
    assert before is not None
    for width in (before["width"], *widths):
        if width != before["width"]:
            page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            yield width
    page.set_viewport_size(before)


def _small(page: Page) -> list[list[object]]:
    """Return what is too small to press.

    Links inside sentences may be as small as their words (WCAG 2.5.8: Inline). So may ridings on the map: the province's
    link in the table below it opens the same page with the same rows (Equivalent; tests/web/staff/test_results.py).
    """
    found: list[list[object]] = page.evaluate(
        """least => [...document.querySelectorAll("a, button, summary, select, textarea, input:not([type=hidden])")]
            .filter((one) => one.checkVisibility() && !one.closest(".visually-hidden, p:not(.count), .prose, .skip, .hexmap"))
            .filter((one) => !one.matches(".skip, .visually-hidden"))
            .map((one) => [one.closest("label") ?? one, one])
            .map(([target]) => [target.outerHTML.slice(0, 80), target.getBoundingClientRect()])
            .filter(([, box]) => box.height && (box.height < least || box.width < least))
            .map(([html, box]) => [html, box.width, box.height])""",
        LEAST if page.viewport_size and page.viewport_size["width"] < 700 else LEAST_FOR_A_MOUSE,
    )
    return found
