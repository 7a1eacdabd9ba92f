"""The form goes step by step: each is checked by its own button, says what is done or missing, and stores nothing."""

import pytest
from flask import Flask

from tests.web.public.visitor import FILLED, Visitor

NEAR, UNKNOWN = "H3R 3A7", "X9Z 9Z9"
ORIGIN = "http://localhost"


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor.of(app, language="fr")


def found(visitor: Visitor, postal_code: str = "K1A 0A6") -> Visitor:
    return visitor.get().press(".row-in [value=find]", postal_code=postal_code)


def opened(visitor: Visitor) -> list[str]:
    return [str(step["id"]).removeprefix("step-") for step in visitor.page.select(".step[open]")]


def done(visitor: Visitor) -> list[str]:
    return [str(step["id"]).removeprefix("step-") for step in visitor.page.select(".step:has(.done)")]


def first_look_up(visitor: Visitor, headers: dict[str, str], **more: str) -> Visitor:
    answer = visitor.client.post(visitor.path("write"), data={"postal_code": "k1a0a6", **more}, headers=headers)
    return visitor.read(answer)


def test_the_first_step_is_open_and_none_is_done(visitor: Visitor) -> None:
    visitor.get()
    assert (opened(visitor), done(visitor)) == (["who"], [])
    assert not visitor.page.select(".missing")


def test_a_member_found_is_written_to_by_one_press_and_the_letter_chosen_first_is_kept(visitor: Visitor) -> None:
    found(visitor)
    assert dict(visitor.values())["postal_code"] == "K1A 0A6"
    button = visitor.button("#step-who [data-next]")
    assert button.get_text() == "Écrire à Yasir Naqvi"
    visitor.press(button)
    assert (visitor.status, opened(visitor), done(visitor)) == (200, ["about"], ["who"])
    assert visitor.page.select("#step-what .proposed")
    assert dict(visitor.values())["province"] == "ON"


def test_the_province_of_a_postal_code_that_was_wrong_does_not_stay(visitor: Visitor) -> None:
    assert dict(found(visitor).values())["province"] == "ON"
    visitor.press(".row-in [value=find]", postal_code="T0A 1A0")
    assert dict(visitor.values())["province"] == "AB"
    visitor.press(".row-in [value=find]", province="SK")
    assert dict(visitor.values())["province"] == "SK", "chosen by hand after the look-up"
    visitor.press("#step-who [data-next]", postal_code="G7H 1A1")
    assert dict(visitor.values())["province"] == "QC"


def test_a_postal_code_that_cannot_be_read_is_an_error_at_its_field_until_one_searches(visitor: Visitor) -> None:
    visitor.post("legislators", {"postal_code": "K1A 0", "go": "find"})
    assert 'id="postal_code-e"' in str(visitor.button("[data-refused]"))
    visitor.post("legislators", {"postal_code": "K1A 0", "go": "search", "search": "Naqvi"})
    assert not visitor.page.select("[data-refused], .seat")
    visitor.post("write", {**FILLED, "postal_code": "K1A 0", "name": "", "go": "about"})
    assert (visitor.button("#postal_code")["aria-invalid"], list(visitor.errors())) == ("true", ["name"])


def test_the_preview_says_which_words_are_left_out_and_why(visitor: Visitor) -> None:
    visitor.post("preview", {**FILLED, "reason": "Look at www.example.ca"})
    assert "Votre texte contient un lien" in visitor.button("[data-held=reason]").get_text()
    assert "www.example.ca" not in visitor.sheets()[0]
    visitor.post("preview", {**FILLED, "postal_code": "K1A", "email": "camille@"})
    assert not visitor.page.select("[data-held]")


def test_a_step_without_its_answers_stays_open_with_its_own_errors_alone(visitor: Visitor) -> None:
    found(visitor).press("#step-who [data-next]").press("#step-about [data-next]")
    assert visitor.status == 422
    assert list(visitor.errors()) == ["name", "city"]
    assert opened(visitor) == ["about"]
    assert visitor.button("#step-about .missing").get_text(strip=True).startswith("2 ")
    visitor.press("#step-about [data-next]", name="Camille Essai", city="Ottawa", reason="www.example.ca")
    assert (visitor.status, opened(visitor)) == (200, ["words"]), "a link in another step is that step's to tell"


def test_the_whole_way_takes_three_typed_fields_and_four_presses(visitor: Visitor) -> None:
    visitor.get().press(".row-in [value=find]", postal_code="k1a0a6").press("#step-who [data-next]")
    visitor.press("#step-about [data-next]", name="Camille Essai", city="Ottawa").press("[data-review]")
    assert visitor.status == 200
    assert "Camille Essai" in visitor.sheets()[0]


def test_two_possible_ridings_are_a_question_that_must_be_answered(visitor: Visitor) -> None:
    found(visitor, NEAR)
    assert len(visitor.page.select("#recipient > fieldset [type=radio][name=recipient]")) == 2
    assert not visitor.page.select(".adding")
    visitor.press("#step-who [data-next]")
    assert (visitor.status, opened(visitor)) == (422, ["who"])
    assert visitor.errors() == {"recipient": "Choisissez votre circonscription."}
    radio = visitor.page.select("[type=radio][name=recipient]")[1]
    visitor.press("#step-who [data-next]", recipient=str(radio["value"]))
    assert (visitor.status, opened(visitor)) == (200, ["about"])


def test_a_riding_left_open_never_reaches_the_review(visitor: Visitor) -> None:
    visitor.post("review", {**FILLED, "postal_code": NEAR})
    assert visitor.status == 422
    assert list(visitor.errors()) == ["recipient"]
    assert opened(visitor) == ["who"]
    assert len(visitor.page.select("[type=radio][name=recipient]")) == 2


def test_an_unknown_postal_code_is_said_without_a_word_of_how_it_was_computed(visitor: Visitor) -> None:
    found(visitor, UNKNOWN)
    told = visitor.button("#recipient").get_text(" ")
    assert "Nous ne connaissons pas ce code postal." in told
    assert "GeoNames" not in told
    assert visitor.page.select_one("#searching[open]") is not None


def test_the_method_and_the_source_are_behind_one_line_and_said_once(visitor: Visitor) -> None:
    found(visitor)
    assert "GeoNames" in visitor.button("#searching").get_text()
    assert visitor.answer.text.count("GeoNames") == 1
    assert visitor.page.select_one("#searching[open]") is None
    sources = [one.get_text() for one in visitor.page.select("#recipient .listed")]
    assert sum("pas officielles" in one for one in sources) == 1


def test_the_form_of_the_campaigns_page_brings_a_postal_code_without_a_token(visitor: Visitor) -> None:
    first_look_up(visitor, {"Origin": ORIGIN})
    assert visitor.status == 200
    assert "Yasir Naqvi" in visitor.button("#step-who .who").get_text()
    assert dict(visitor.values())["postal_code"] == "K1A 0A6"
    first_look_up(visitor, {"Origin": ORIGIN}, template="safety-standards")
    assert visitor.page.select_one("[name=template][value=safety-standards][checked]") is not None


def test_a_browser_that_names_no_origin_is_known_by_what_else_it_says(visitor: Visitor) -> None:
    for headers in ({"Referer": f"{ORIGIN}/en/child-protection/"}, {"Sec-Fetch-Site": "same-origin"}):
        assert first_look_up(visitor, headers).status == 200


def test_another_site_cannot_open_the_form(visitor: Visitor) -> None:
    for headers in (
        {},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null", "Referer": "https://elsewhere.example/"},
        {"Referer": "https://elsewhere.example/"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        assert first_look_up(visitor, headers).status == 400, headers


def test_anything_else_needs_the_forms_token(visitor: Visitor) -> None:
    for more in ({"name": "Camille"}, {"go": "find"}, {"recipient": "mp-yasir-naqvi"}):
        assert first_look_up(visitor, {"Origin": ORIGIN}, **more).status == 400
    elsewhere = visitor.client.post(visitor.path("preview"), data={"postal_code": "K1A0A6"}, headers={"Origin": ORIGIN})
    assert elsewhere.status_code == 400


def test_an_address_can_name_a_letter_and_a_recipient(visitor: Visitor) -> None:
    visitor.get("write?to=mp-marc-miller&template=safety-standards")
    assert visitor.page.select_one("[name=recipient][value=mp-marc-miller][checked]") is not None
    assert visitor.page.select_one("[name=template][value=safety-standards][checked]") is not None
    assert visitor.form["data-named"] == "template to"
    visitor.get("write?to=nobody&template=nothing")
    assert visitor.status == 200
    assert not visitor.errors()
