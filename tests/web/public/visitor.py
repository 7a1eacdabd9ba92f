"""A citizen whose browser runs no scripts: pages are read, forms filled in, buttons pressed, nothing else is possible."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from advocacy.abuse.form_ids import MIN_AGE, FormId
from tests.builders import SECRET

CAMPAIGN = "child-protection"
TOKEN = re.compile(rb'name="csrf_token"[^>]* value="([^"]+)"')
STORY = (
    "My daughter is eight and is starting to use a tablet. Like many parents, I shared holiday pictures without "
    "thinking that they could be stolen."
)
FILLED = {
    "postal_code": "K1A 0A6",
    "template": "takedown-and-standards",
    "name": "Camille Essai",
    "city": "Ottawa",
    "province": "ON",
    "email": "camille.essai@example.ca",
    "relationship": "parent",
    "reason": STORY,
}
"""A form that is whole: its postal code lies in one riding."""


@dataclass
class Visitor:
    """One browser; `base_url` tells http from https."""

    client: FlaskClient
    base_url: str = "http://localhost"
    language: str = "en"
    campaign: str = CAMPAIGN
    answer: TestResponse = field(init=False)
    token: str = ""
    is_in_haste: bool = False
    """Whether a button is pressed the moment its page is there."""
    _page: BeautifulSoup | None = None

    @classmethod
    def of(cls, app: Flask, **different: Any) -> "Visitor":
        """Open a browser on the site."""
        return cls(app.test_client(), **different)

    @property
    def page(self) -> BeautifulSoup:
        """The last answer, read when it is first looked at."""
        if self._page is None:
            self._page = BeautifulSoup(self._content(), "lxml")
        return self._page

    @property
    def form(self) -> Tag:
        """The form of the page."""
        return self._one("form#writing")

    @property
    def status(self) -> int:
        """The last answer's status."""
        return self.answer.status_code

    def path(self, place: str) -> str:
        """Return the address of a page of the campaign."""
        return f"/{self.language}/{self.campaign}/{place}"

    def get(self, place: str = "write") -> "Visitor":
        """Open a page of the campaign."""
        return self.read(self.client.get(self.path(place), base_url=self.base_url))

    def post(self, place: str, fields: Mapping[str, Any] | Iterable[tuple[str, str]] = FILLED) -> "Visitor":
        """Post these fields and no other, with the form's token."""
        if not self.token:  # a page that is made quickly has one
            self.read(self.client.get(f"/{self.language}/v/", base_url=self.base_url))
        pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
        data: dict[str, list[str]] = {"csrf_token": [self.token]}
        for name, value in pairs:
            data.setdefault(name, []).extend([value] if isinstance(value, str) else value)
        referer = {"Referer": f"{self.base_url}{self.path('write')}"}
        return self.read(self.client.post(self.path(place), data=data, base_url=self.base_url, headers=referer))

    def values(self) -> list[tuple[str, str]]:
        """Return what the form would send now, as a browser gathers it."""
        found: list[tuple[str, str]] = []
        for control in self.page.select("input, textarea, select"):
            belongs = control.get("form") == "writing" or control.find_parent("form", id="writing") is not None
            if belongs and control.get("name") and not control.has_attr("disabled"):
                found += [(str(control["name"]), value) for value in _sent(control)]
        return found

    def press(self, button: Tag | str, **typed: str | list[str]) -> "Visitor":
        """Type into fields of the form, then press one of its buttons: a selector, or the button itself."""
        pressed = self._one(button) if isinstance(button, str) else button
        sent = [pair for pair in self.values() if pair[0] not in typed]
        if not self.is_in_haste:
            sent = [(name, opened_before(value) if name == "submission" else value) for name, value in sent]
        for name, value in typed.items():
            sent += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        if pressed.get("name"):
            sent.append((str(pressed["name"]), str(pressed.get("value", ""))))
        action = str(pressed.get("formaction") or self.form.get("action")).split("#")[0]
        data: dict[str, list[str]] = {}
        for name, value in sent:
            data.setdefault(name, []).append(value)
        referer = {"Referer": f"{self.base_url}{self.path('write')}"}
        return self.read(self.client.post(action, data=data, base_url=self.base_url, headers=referer))

    def button(self, selector: str) -> Tag:
        """Find a button."""
        return self._one(selector)

    def sheets(self) -> list[str]:
        """Return the words of every letter on the page, in the form of the text file."""
        return [sheet_text(sheet) for sheet in self.page.select(".sheet")]

    def errors(self) -> dict[str, str]:
        """Return the summary of what is to be mended: the field each line leads to, and the sentence."""
        return {str(link["href"]).removeprefix("#"): link.get_text() for link in self.page.select("#errors li a")}

    def _one(self, selector: str) -> Tag:
        found = self.page.select_one(selector)
        assert found is not None, f"no {selector} on the page"
        return found

    def read(self, answer: TestResponse) -> "Visitor":
        """Take an answer as the page that is shown."""
        self.answer, self._page = answer, None
        token = TOKEN.search(self._content())
        self.token = token[1].decode() if token else self.token
        return self

    def _content(self) -> bytes:
        return self.answer.data if self.answer.mimetype == "text/html" else b""


def opened_before(submission: str) -> str:
    """Return a form's id as if its page had been open for a while, on a site that signs with the tests' secret."""
    issued = FormId.read(SECRET, submission)
    return replace(issued, issued_at=issued.issued_at - MIN_AGE).sign(SECRET) if issued else submission


def sheet_text(sheet: Tag) -> str:
    """Read a letter off its sheet, its parts a blank line apart, as a person who copies it."""
    parts: list[str] = []
    for part in sheet.select("[data-part], [data-body] > p, [data-body] li"):
        for line_break in part.select("br"):
            line_break.replace_with("\n")
        text = part.get_text()
        if part.name == "li":
            joined = f"• {text}"
            if parts and parts[-1].split("\n")[-1].startswith("• "):
                parts[-1] += f"\n{joined}"
                continue
            text = joined
        parts.append(f"    {text}" if "quotation" in (part.get("class") or []) else text)
    return "\n\n".join(parts) + "\n"


def _sent(control: Tag) -> list[str]:
    if control.name == "textarea":
        return [control.get_text().replace("\r\n", "\n").removeprefix("\n").replace("\n", "\r\n")]
    if control.name == "select":
        options = control.select("option")
        chosen = [one for one in options if one.has_attr("selected")] or options[:1]
        return [str(one.get("value", one.get_text())) for one in chosen]
    if control.get("type") in {"radio", "checkbox"} and not control.has_attr("checked"):
        return []
    return [] if control.get("type") in {"submit", "button"} else [str(control.get("value", ""))]
