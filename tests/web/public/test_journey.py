"""A citizen without scripts goes from the first page to a letter in hand, and loses nothing on the way."""

import pytest
from flask import Flask

from tests.web.public.visitor import FILLED, STORY, Visitor

ABOUT = {name: FILLED[name] for name in ("name", "city", "province", "email", "relationship", "reason")}


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor.of(app, base_url="https://letters.example", language="fr")


def in_english(app: Flask) -> Visitor:
    return Visitor.of(app)


def found(visitor: Visitor, postal_code: str = "K1A 0A6") -> Visitor:
    return visitor.get().press("[name=go][value=find][data-find]", postal_code=postal_code)


def reviewed(visitor: Visitor, **typed: str | list[str]) -> Visitor:
    return found(visitor).press("[data-review]", **{**ABOUT, **typed})


def test_a_letter_is_written_from_the_first_page_to_the_file(visitor: Visitor) -> None:
    first = visitor.client.get("/", base_url=visitor.base_url, headers={"Accept-Language": visitor.language})
    assert first.location == f"/{visitor.language}/"
    campaign = visitor.client.get(first.location, base_url=visitor.base_url)
    assert campaign.location == visitor.path("")
    assert visitor.path("write") in visitor.client.get(campaign.location, base_url=visitor.base_url).text

    found(visitor)
    assert visitor.status == 200
    assert visitor.page.select("[name=recipient][checked]")
    visitor.press("[data-review]", **ABOUT)
    assert visitor.status == 200
    [sheet] = visitor.sheets()
    visitor.press('[formaction$="download/txt"]')

    assert visitor.status == 200
    assert visitor.answer.text == sheet
    assert STORY in sheet
    assert visitor.answer.content_type == "text/plain; charset=utf-8"
    assert "2026-11-25.txt" in visitor.answer.headers["Content-Disposition"]


def test_a_search_finds_whom_to_add_and_each_letter_has_its_language(app: Flask) -> None:
    visitor = found(in_english(app)).press("[name=go][value=search]", search="Galvez")
    assert visitor.status == 200
    others = visitor.page.select("#found [name=recipient]")
    assert others
    chosen = [pair[1] for pair in visitor.values() if pair[0] == "recipient"]
    added = str(others[0]["value"])
    visitor.press("[name=go][value=find][data-find]", recipient=[*chosen, added])
    visitor.press("[data-review]", **{**ABOUT, f"language-{added}": "fr"})
    assert visitor.status == 200
    first, second = visitor.sheets()
    assert "Subject: " in first
    assert "Objet\u00a0: " in second
    everything = visitor.press('.all-letters [formaction$="download/txt"]').answer.text
    assert first in everything
    assert second in everything


def test_a_riding_that_was_searched_for_can_be_named_as_ones_own(visitor: Visitor) -> None:
    visitor.get().press("[name=go][value=search]", search="Ottawa Centre")
    visitor.press("button[name=riding][value='35079']")
    assert visitor.status == 200
    assert visitor.page.select("[name=recipient][checked]")
    visitor.press("[data-review]", **ABOUT)
    assert visitor.status == 200
    assert "Ottawa-Centre" in visitor.sheets()[0]
    visitor.press("[name=go][value=back]")
    visitor.press("[name=go][value=find][data-find]", postal_code="V6B 1A1", search="")
    visitor.press("[data-review]")
    assert "Ottawa" not in visitor.sheets()[0].split("\n\n", 4)[4].split("Camille Essai")[0]


def test_every_page_of_the_form_switches_language_and_keeps_what_was_typed(visitor: Visitor) -> None:
    found(visitor).press('button[formaction^="/en/"]', **ABOUT)
    assert visitor.status == 200
    assert visitor.page.html is not None
    assert visitor.page.html["lang"] == "en"
    assert dict(visitor.values()).items() >= {**ABOUT, "postal_code": "K1A 0A6"}.items()
    visitor.press('button[formaction^="/fr/"]').press("[data-review]")
    assert dict(visitor.values())["reason"] == STORY
    visitor.press('button[formaction^="/en/"]')
    assert visitor.status == 200
    assert visitor.page.html is not None
    assert visitor.page.html["lang"] == "en"
    assert STORY in visitor.sheets()[0]
