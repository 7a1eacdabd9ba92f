"""A letter's pages as a browser without script uses them: its forms are read off the page and sent as they stand."""

from typing import Any

from bs4 import BeautifulSoup, Tag

from tests.web.staff.browser import Browser

LETTER = "/staff/campaigns/child-protection/letters/mandatory-takedown"
FORM = f"{LETTER}/fields"
SUBJECT = "subject-0-en"


def fields_of(form: Tag) -> dict[str, Any]:
    """Read a form as a browser would send it, but for its files; of a name that comes several times all are in a list."""
    sent: dict[str, Any] = {}
    for control in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(control["name"]), control.get("type")
        if kind == "file" or (kind in {"checkbox", "radio"} and not control.has_attr("checked")):
            continue
        if control.name == "textarea":
            value = control.text.removeprefix("\n").removeprefix("\r\n")
        elif control.name == "select":
            chosen = control.find("option", selected=True) or control.find("option")
            value = str(chosen["value"]) if isinstance(chosen, Tag) else ""
        else:
            value = str(control.get("value", "on" if kind == "checkbox" else ""))
        sent[name] = (
            value if name not in sent else [*([sent[name]] if isinstance(sent[name], str) else sent[name]), value]
        )
    return sent


def fields(page: BeautifulSoup) -> dict[str, Any]:
    """Read the form of the text."""
    found = page.find("form", id="letter")
    assert isinstance(found, Tag)
    return fields_of(found)


def press(browser: Browser, act: str, **typed: str) -> BeautifulSoup:
    """Type on the page that the last press showed, press a button, and return the page that comes."""
    page = browser.shown.get(LETTER) or browser.page(LETTER)
    answer = browser.post(LETTER, {**fields(page), **typed, "act": act}, follow_redirects=True)
    assert answer.status_code == 200, answer.status_code
    shown = browser.shown[LETTER] = BeautifulSoup(answer.data, "lxml")
    return shown


def open_and_press(browser: Browser, act: str, **typed: str) -> BeautifulSoup:
    """Open the page anew, which shows what others did since, and press a button on it."""
    browser.shown.clear()
    return press(browser, act, **typed)


def question(browser: Browser, part: str, path: str = FORM) -> dict[str, Any]:
    """Read the form of one question, or of how the letter is offered."""
    for form in browser.page(path).select("form.body"):
        sent = fields_of(form)
        if sent["part"] == part:
            return sent
    raise AssertionError(part)
