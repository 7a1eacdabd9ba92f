"""What someone does on the site, in one word each."""

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, expect

from advocacy.abuse.form_ids import MIN_AGE

OTTAWA = "K1A 0A6"
SPLIT = "H3R 3A7"
VACANT = "J2S 1A1"
OWN_WORDS = {
    "fr": "Ma fille a huit ans et commence à utiliser une tablette. Comme bien des parents, j’ai partagé des photos de "
    "vacances sans penser qu’on pouvait les voler.",
    "en": "My daughter is eight and is starting to use a tablet. Like many parents, I shared holiday pictures without "
    "thinking that they could be stolen.",
}
ABOUT = {"name": "Camille Essai", "city": "Ottawa", "email": "camille.essai@example.ca"}


COPIED = re.compile("Copied|Copié")
FILL_AND_REVIEW = """fields => {
    const form = document.getElementById("writing");
    for (const [name, value] of Object.entries(fields)) form.elements.namedItem(name).value = value;
    form.action = document.querySelector("[data-review]").formAction;
    form.submit();
}"""


def copied_by(page: Page) -> str:
    """Press the button that copies the letter, and return what it copied once it says so."""
    page.locator("[data-copy]").first.click()
    expect(page.locator("[data-copy]").first).to_have_text(COPIED)
    copied: str = page.evaluate("navigator.clipboard.readText()")
    return copied


def read_over(page: Page) -> Page:
    """Let the review page be open for as long as the site asks for."""
    page.wait_for_timeout(MIN_AGE.total_seconds() * 1000)
    return page


@dataclass
class Walk:
    """One tab, in one language."""

    page: Page
    address: str
    language: str
    campaign: str = "child-protection"
    kept: dict[str, Any] = field(default_factory=dict)

    def go(self, place: str = "") -> "Walk":
        """Open a page of the campaign: "", "write"."""
        self.page.goto(f"{self.address}/{self.language}/{self.campaign}/{place}")
        return self

    def open_all(self) -> "Walk":
        """Open every step of the form, and what is optional in it."""
        for step in self.page.locator(".step:not([open]) > summary").all()[::-1]:
            step.click()
        for more in self.page.locator("#step-about .fold:not([open]) > summary").all():
            more.click()
        return self

    def find(self, code: str = OTTAWA) -> "Walk":
        """Type a postal code and wait for what it gives."""
        with self.page.expect_response("**/legislators"):
            self.page.fill("#postal_code", code)
        expect(self.page.locator("#recipient")).not_to_have_attribute("aria-busy", "true")
        return self

    def tell(self, *, reason: str | None = None, **about: str) -> "Walk":
        """Fill in the rest of the form."""
        self.open_all()
        for name, text in {**ABOUT, **about}.items():
            self.page.fill(f"#{name}", text)
        self.page.select_option("#province", "ON")
        self.page.select_option("#relationship", "parent")
        self.page.fill("#reason", OWN_WORDS[self.language] if reason is None else reason)
        return self

    def preview(self) -> str:
        """Wait until the letter beside the form has followed, and give its text."""
        expect(self.page.locator("#previews .body").first).to_contain_text(self.page.input_value("#reason")[:40])
        return self.sheet()

    def sheet(self) -> str:
        """Read the first sheet on the page as text."""
        return self.page.locator(".sheet").first.inner_text()

    def review(self) -> "Walk":
        """Press the button that leads to the review, and wait for the page that answers."""
        self.page.locator(".step").last.evaluate("step => { step.open = true; }")
        # The page left behind may hold errors of its own, so only a navigation tells that the answer is there.
        with self.page.expect_navigation():
            self.page.click("[data-review]")
        self.page.wait_for_selector(".review, .errors")
        return self

    def reviewed(self) -> "Walk":
        """Come to the review of a letter at once: the form is filled in and sent before its scripts do anything."""
        fields = {**ABOUT, "postal_code": OTTAWA, "province": "ON", "relationship": "parent"}
        self.go("write")
        with self.page.expect_navigation():
            self.page.evaluate(FILL_AND_REVIEW, {**fields, "reason": OWN_WORDS[self.language]})
        self.page.wait_for_selector(".review")
        return self

    def draft(self) -> str | None:
        """Read what the tab keeps."""
        kept: str | None = self.page.evaluate("sessionStorage.getItem('advocacy:child-protection')")
        return kept

    def tab_to(self, selector: str, most: int = 150) -> "Walk":
        """Press Tab until the focus is on `selector`, and see that the focus shows."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return self
        raise AssertionError(f"the keyboard does not reach {selector}")

    def type(self, text: str) -> "Walk":
        """Type where the focus is."""
        self.page.keyboard.type(text)
        return self

    def press(self, key: str) -> "Walk":
        """Press a key."""
        self.page.keyboard.press(key)
        return self
