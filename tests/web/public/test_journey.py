"""A citizen without scripts goes from the first page to a letter in hand, and loses nothing on the way."""

import pytest
from flask import Flask

from tests.web.public.visitor import FILLED, STORY, Visitor

BASES = ["http://localhost", "https://letters.example"]
ABOUT = {name: FILLED[name] for name in ("name", "city", "province", "email", "relationship", "reason")}
SPLIT, VACANT = "K0A 1A1", "J2S 1A1"


@pytest.fixture(params=zip(BASES, ("en", "fr"), strict=True), ids="-".join)
def visitor(app: Flask, request: pytest.FixtureRequest) -> Visitor:
    base_url, language = request.param
    return Visitor.of(app, base_url=base_url, language=language)


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


def test_what_is_previewed_is_what_is_reviewed(visitor: Visitor) -> None:
    found(visitor).press("[name=go][value=find][data-find]", **ABOUT)
    previewed = visitor.sheets()
    assert visitor.press("[data-review]").sheets() == previewed
    assert visitor.press('[formaction$="download/html"]').sheets() == previewed


def test_the_only_member_of_a_postal_code_is_chosen_and_can_be_let_go(app: Flask) -> None:
    visitor = found(in_english(app))
    assert [one["value"] for one in visitor.page.select("[name=recipient][checked]")]
    visitor.press("[data-review]", **ABOUT, recipient=[])
    assert visitor.status == 422
    assert list(visitor.errors()) == ["recipient"]
    assert not visitor.page.select("[name=recipient][checked]"), "a choice once undone stays undone"


def test_several_candidates_are_asked_about_and_none_is_chosen(visitor: Visitor) -> None:
    found(visitor, SPLIT)
    radios = visitor.page.select("[name=recipient][type=radio]")
    assert len(radios) > 2
    assert not visitor.page.select("[name=recipient][checked]")
    visitor.press("[data-review]", **ABOUT, recipient=str(radios[1]["value"]))
    assert visitor.status == 200
    riding = visitor.page.select_one(".fill")
    assert riding is not None
    assert riding.get_text() in visitor.sheets()[0]


def test_a_rural_code_shows_the_towns_of_each_riding(visitor: Visitor) -> None:
    found(visitor, "K0A 1K0")
    labels = [
        label.get_text(" ", strip=True) for label in visitor.page.select("label.pick:has([name=recipient][type=radio])")
    ]
    towns = {"en": "Towns: ", "fr": "Localités\u00a0: "}[visitor.language]
    assert len(labels) == 6
    assert labels[0].endswith(f"{towns}Carlsbad Springs, Richmond, Osgoode, Metcalfe")
    assert labels[2].startswith("Lanark—Frontenac")
    assert f"{towns}Almonte, " in labels[2]


def test_another_postal_code_lets_the_former_member_go(app: Flask) -> None:
    visitor = found(in_english(app))
    before = [one["value"] for one in visitor.page.select("[name=recipient][checked]")]
    visitor.press("[name=go][value=find][data-find]", postal_code="V6B 1A1")
    assert before[0] not in [one["value"] for one in visitor.page.select("[name=recipient][checked]")]


def test_a_vacant_seat_is_said_and_its_letter_is_printed(visitor: Visitor) -> None:
    found(visitor, VACANT)
    assert visitor.page.select_one("#recipient .seat") is not None
    visitor.press("[data-review]", **ABOUT)
    assert visitor.status == 200
    assert not visitor.page.select("a[href^=mailto]")
    assert visitor.press('[formaction$="download/html"]').status == 200


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
    assert {"en": "Ottawa Centre", "fr": "Ottawa-Centre"}[visitor.language] in visitor.sheets()[0]
    visitor.press("[name=go][value=back]")
    visitor.press("[name=go][value=find][data-find]", postal_code="V6B 1A1", search="")
    visitor.press("[data-review]")
    assert "Ottawa" not in visitor.sheets()[0].split("\n\n", 4)[4].split("Camille Essai")[0]


def test_every_page_of_the_form_switches_language_and_keeps_what_was_typed(visitor: Visitor) -> None:
    other = {"en": "fr", "fr": "en"}[visitor.language]
    found(visitor)
    for _ in range(2):
        switch = visitor.button(f'button[formaction^="/{other}/"]')
        visitor.press(switch, **ABOUT)
        assert visitor.status == 200
        assert visitor.page.html is not None
        assert visitor.page.html["lang"] == other
        assert dict(visitor.values()).items() >= {**ABOUT, "postal_code": "K1A 0A6"}.items()
        back = visitor.button(f'button[formaction^="/{visitor.language}/"]')
        visitor.press(back)
        visitor.press("[data-review]")
        assert dict(visitor.values())["reason"] == STORY
        break
    visitor.press(f'button[formaction^="/{other}/"]')
    assert visitor.status == 200
    assert visitor.page.html is not None
    assert visitor.page.html["lang"] == other
    assert STORY in visitor.sheets()[0]


def test_changing_the_answers_makes_the_letters_anew(app: Flask) -> None:
    visitor = reviewed(in_english(app))
    visitor.press("[name=go][value=back]")
    assert visitor.status == 200
    assert visitor.press("[data-review]", name="Claude Exemple").status == 200
    assert "Claude Exemple" in visitor.sheets()[0]


def test_the_form_opens_blank_without_a_draft(visitor: Visitor) -> None:
    visitor.get()
    assert visitor.status == 200
    typed = {name: value for name, value in visitor.values() if value}
    assert set(typed) == {"csrf_token", "template", "length", "words_language", "choice", "revisions"}
    assert not visitor.page.select("[name=relationship] option[selected]")
