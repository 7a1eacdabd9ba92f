"""A field is declared once: what kind, how long, in which words; a declaration that fits no kind is refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from advocacy.campaigns.fields import Field, FieldKind, Option, WordCount, citizen_fields
from advocacy.language import Wording

LABEL = Wording.of(en="Label", fr="Libellé")
OPTIONS = (
    Option(key="none", label=LABEL),
    Option(key="parent", label=LABEL, sentence=Wording.of(en="I am a parent.", fr="J’écris à titre de parent.")),
)


def field(kind: FieldKind = FieldKind.LINE, **given: Any) -> Field:
    return Field(key="reason", kind=kind, label=LABEL, **given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": FieldKind.CHOICE}, "answer-list-of-choice"),
        ({"kind": FieldKind.LINE, "choices": "relationship"}, "answer-list-of-choice"),
        ({"kind": FieldKind.LINE, "prompts": (LABEL,)}, "prompts-of-words"),
        ({"kind": FieldKind.EMAIL, "word_count": WordCount(least=1, most=2)}, "prompts-of-words"),
        ({"kind": FieldKind.CHOICE, "choices": "role", "options": OPTIONS}, "options-elsewhere"),
        ({"max_characters": 4001}, "max_characters"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_a_field_holds_what_its_kind_can_use(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        field(**given)


def test_a_word_count_goes_from_least_to_most() -> None:
    assert WordCount(least=20, most=20).most == 20
    with pytest.raises(ValidationError, match="word-count-order"):
        WordCount(least=90, most=20)


def test_a_choice_takes_the_options_of_its_list() -> None:
    choice = field(FieldKind.CHOICE, choices="role").with_options(OPTIONS)
    assert choice.option("parent") is OPTIONS[1]
    assert choice.option("nobody") is None
    assert field(FieldKind.CHOICE, choices="role").options == ()


def test_every_letter_asks_for_the_same_of_the_citizen() -> None:
    required = {field.key: field.required for field in citizen_fields()}
    assert required == {
        "name": True,
        "city": True,
        "province": True,
        "postal_code": False,
        "street": False,
        "email": False,
    }
