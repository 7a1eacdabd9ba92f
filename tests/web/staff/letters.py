"""A letter's pages as a browser without script uses them: its forms are read off the page and sent as they stand."""

import re
from typing import Any

from bs4 import BeautifulSoup

from tests.web.staff.browser import Browser

LETTER = "/staff/campaigns/child-protection/letters/takedown-and-standards"
SUBJECT = "s0.v0.c0.en"
CELL = re.compile(r"s\d+\.v\d+\.c\d+\.(en|fr)")


def fields(page: BeautifulSoup, form: str = "editor") -> dict[str, Any]:
    """Read a form as a browser would send it."""
    found = page.find("form", id=form)
    assert found
    sent: dict[str, Any] = {}
    for one in found.find_all(["input", "textarea", "select"]):
        name = str(one.get("name", ""))
        if not name or (one.get("type") == "checkbox" and not one.has_attr("checked")):
            continue
        if one.name == "textarea":
            value = one.text.removeprefix("\n")
        elif one.name == "select":
            chosen = one.find("option", selected=True) or one.find("option")
            value = str(chosen["value"]) if chosen else ""
        else:
            value = str(one.get("value", ""))
        # A text with conditions comes in pieces, which the site joins in their order.
        sent[name] = f"{sent[name]}{value}" if CELL.fullmatch(name) and name in sent else value
    return sent


def press(browser: Browser, act: str, **typed: str) -> BeautifulSoup:
    """Type on the editor's page that the last press showed, press a button, and return the page that comes."""
    page = browser.shown.get(LETTER) or browser.page(LETTER)
    answer = browser.post(LETTER, {**fields(page), **typed, "act": act}, follow_redirects=True)
    assert answer.status_code == 200, answer.status_code
    shown = browser.shown[LETTER] = BeautifulSoup(answer.data, "lxml")
    return shown


def open_and_press(browser: Browser, act: str, **typed: str) -> BeautifulSoup:
    """Open the editor's page anew, which shows what others did since, and press a button on it."""
    browser.shown.clear()
    return press(browser, act, **typed)
