"""What is missing, odd or unknown is said in the reader's language, and everything typed stays in its field."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests.web.public.visitor import FILLED, Visitor

LINK = "See https://example.ca/page for more"


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor.of(app, language="fr")


def filled(visitor: Visitor, **different: Any) -> dict[str, Any]:
    recipient = visitor.post("write", {"postal_code": "K1A 0A6", "go": "find"}).page.select_one(
        "[name=recipient][checked]"
    )
    assert recipient is not None
    return {**FILLED, "recipient": [recipient["value"]], **different}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("postal_code", "12345"),
        ("name", ""),
        ("relationship", "nobody"),
        ("reason", LINK),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_at_the_top(visitor: Visitor, field: str, typed: str) -> None:
    sent = filled(visitor, **{field: typed})
    visitor.post("review", sent)
    assert visitor.status == 422
    assert list(visitor.errors()) == [field]
    target = visitor.page.select_one(f"#{field}")
    assert target is not None
    assert target["aria-invalid"] == "true"
    kept = dict(visitor.values())
    expected = {**FILLED, field: typed.strip() if field in {"relationship", "province"} else typed}
    offered = {"relationship", "province"}
    assert {name: kept[name] for name in expected if name not in offered} == {
        name: text for name, text in expected.items() if name not in offered
    }


@pytest.mark.parametrize("of_all", [True, False])
def test_a_language_that_does_not_exist_can_be_mended_on_the_page(visitor: Visitor, *, of_all: bool) -> None:
    sent = filled(visitor)
    name = "language" if of_all else f"language-{sent['recipient'][0]}"
    visitor.post("review", {**sent, name: "de"})
    assert list(visitor.errors()) == [name]
    assert visitor.page.find(id=name) is not None
    assert visitor.page.find(id=f"{name}-e") is not None
    assert visitor.press("[data-review]").status == 200


def test_mistakes_come_in_the_order_of_the_page(visitor: Visitor) -> None:
    visitor.post("review", {"postal_code": "1", "email": "x", "reason": LINK, "language": "fr"})
    assert list(visitor.errors()) == [
        "postal_code",
        "name",
        "city",
        "province",
        "email",
        "reason",
    ]


def test_a_refused_link_brings_the_safety_copy_and_stays_in_its_field_alone(visitor: Visitor) -> None:
    visitor.post("review", filled(visitor, reason=LINK))
    found = visitor.page.select_one(".errors .found-material")
    assert found is not None
    assert "658-9022" in found.get_text()
    field = visitor.page.select_one("#reason")
    assert field is not None
    assert "example.ca/page" in field.get_text()
    field.decompose()
    for control in visitor.page.select("aside"):
        control.decompose()
    assert "example.ca/page" not in str(visitor.page)


@pytest.mark.parametrize("odd", [{"template": "no-such-letter"}, {"recipient": ["nobody-1"]}, {"language": "de"}])
def test_what_is_unknown_is_refused_and_nothing_typed_is_lost(visitor: Visitor, odd: dict[str, Any]) -> None:
    assert visitor.post("preview", filled(visitor, **odd)).status == 422
    assert visitor.post("write", filled(visitor, **odd)).status == 422
    assert list(odd) == list(visitor.errors())
    assert dict(visitor.values()).items() >= {(name, FILLED[name]) for name in ("name", "reason", "email")}
    assert visitor.page.html is not None
    assert visitor.page.html["lang"] == visitor.language


def test_ten_letters_at_most(visitor: Visitor) -> None:
    visitor.post("write", {"postal_code": "K1A 0A6", "go": "find"})
    everyone = list(dict.fromkeys(str(one["value"]) for one in visitor.page.select("[name=recipient]")))
    assert len(everyone) > 11
    assert visitor.post("review", {**FILLED, "recipient": everyone[:10]}).status == 200
    assert len(visitor.sheets()) == 10
    visitor.post("review", {**FILLED, "recipient": everyone[:11]})
    assert visitor.status == 422
    assert list(visitor.errors()) == ["recipient"]


def test_a_letter_asked_for_that_is_not_among_them_is_refused(visitor: Visitor) -> None:
    assert visitor.post("download/txt", {**filled(visitor), "letter": "nobody-1"}).status == 422


def test_odd_answers_are_read_as_people_type_them(visitor: Visitor) -> None:
    visitor.post("review", filled(visitor, postal_code="k1a-0a6", province="ontario", name="  Camille\tEssai "))
    assert visitor.status == 200
    assert "Camille Essai\nOttawa" in visitor.sheets()[0]


def test_nothing_at_all_is_a_form_to_mend_and_no_failure(visitor: Visitor) -> None:
    for place in ("write", "review", "download/txt"):
        assert visitor.post(place, {}).status == 422
    for place in ("legislators", "preview"):
        assert visitor.post(place, {}).status == 200


def test_a_survivors_answer_opens_the_support(visitor: Visitor) -> None:
    visitor.post("write", {**filled(visitor), "relationship": "survivor", "go": "switch"})
    assert visitor.status == 200
    care = visitor.page.select_one(".care")
    assert isinstance(care, type(BeautifulSoup("<p></p>", "html5lib").p))
