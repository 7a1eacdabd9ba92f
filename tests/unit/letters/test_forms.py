"""Answers are read field by field: cleaned, checked, and refused with a reason that never repeats them."""

import logging

import pytest

from advocacy.campaigns.fields import FieldKind
from advocacy.language import Language
from advocacy.letters.compose import Answers
from advocacy.letters.forms import DATE_OUT_OF_RANGE, NOT_A_DATE, AnswersRefused, read_answers
from advocacy.messages import Message
from tests.builders import a_template
from tests.campaign_files import LETTER, campaign_with_field

FR, EN = Language.FR, Language.EN
GOOD = {"name": "Camille Essai", "city": "Ottawa", "province": "ON", "postal_code": "k1a 0a6"}


def read(**typed: str) -> Answers:
    return read_answers({**GOOD, **typed}, a_template(), language=FR)


def refusal(**typed: str) -> AnswersRefused:
    with pytest.raises(AnswersRefused) as caught:
        read(**typed)
    return caught.value


def test_good_answers_are_read() -> None:
    answers = read(email="Camille@Example.CA", street="12, rue Principale", relationship="parent", reason="Parce que.")
    assert answers.name == "Camille Essai"
    assert answers.postal_code == "K1A 0A6"
    assert answers.email == "Camille@example.ca"
    assert answers.fields == {"relationship": "parent", "reason": "Parce que.", "statements": ""}
    assert answers.language is FR
    assert answers.ridings == frozenset()
    assert answers.of_ridings(frozenset({"35079"})).ridings == {"35079"}


@pytest.mark.parametrize("typed", ["on", "Ontario", "ONTARIO ", "O.N."])
def test_a_province_is_read_by_its_letters_or_its_name(typed: str) -> None:
    assert read(province=typed).province == "ON"


def test_every_missing_answer_is_told_at_once() -> None:
    with pytest.raises(AnswersRefused) as caught:
        read_answers({}, a_template(), language=EN)
    assert list(caught.value.reasons) == ["name", "city", "province", "postal_code"]
    assert caught.value.reasons["name"].in_language(FR) == "Indiquez votre nom."


def test_the_postal_code_may_be_left_out_when_the_riding_is_known() -> None:
    typed = {**GOOD, "postal_code": ""}
    assert read_answers(typed, a_template(), language=FR, needs_postal_code=False).postal_code == ""


def test_an_answer_longer_than_its_field_is_refused_with_the_limit() -> None:
    reasons = refusal(name="x" * 81, reason="y" * 901).reasons
    assert reasons["name"].in_language(EN) == "“Your name” is too long: at most 80 characters."
    assert (
        reasons["reason"].in_language(FR)
        == "Le texte est trop long dans «\u00a0Pourquoi cette question compte pour vous\u00a0»\u00a0: au plus 900 caractères."
    )
    assert read(name="x" * 80).name == "x" * 80


def test_a_mistyped_postal_code_is_answered_with_a_suggestion_and_never_mended_unasked() -> None:
    assert "K1A 0A6" in (refusal(postal_code="K1AOA6").reasons["postal_code"]).in_language(EN)


@pytest.mark.parametrize("typed", ["camille", "camille@", "camille@example", "a b@example.ca"])
def test_what_is_no_email_address_is_refused(typed: str) -> None:
    assert "email" in refusal(email=typed).reasons


def test_a_choice_takes_its_keys_only() -> None:
    reasons = refusal(relationship="Parent!").reasons
    assert "Parent; Grandparent; " in reasons["relationship"].in_language(EN)


def test_a_date_is_read_as_year_month_day_and_may_be_left_out() -> None:
    template = campaign_with_field(FieldKind.DATE).template(LETTER)
    for typed, day in ((" 2024-02-29 ", "2024-02-29"), ("1900-01-01", "1900-01-01"), ("", "")):
        assert read_answers({**GOOD, "closed_on": typed}, template, language=EN).fields["closed_on"] == day


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("2026-02-29", NOT_A_DATE),
        ("28/11/2026", NOT_A_DATE),
        ("1899-12-31", DATE_OUT_OF_RANGE),
        ("2101-01-01", DATE_OUT_OF_RANGE),
    ],
)
def test_an_impossible_day_or_one_long_ago_or_far_off_is_refused(typed: str, reason: Message) -> None:
    with pytest.raises(AnswersRefused) as caught:
        read_answers({**GOOD, "closed_on": typed}, campaign_with_field(FieldKind.DATE).template(LETTER), language=EN)
    assert caught.value.reasons == {"closed_on": reason}


@pytest.mark.parametrize("field", ["name", "city", "street", "reason"])
def test_a_link_is_refused_in_every_text_and_named_without_its_words(
    field: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    refused = refusal(**{field: "voir www.secret-place.example"})
    told = " ".join(reason.in_language(language) for reason in refused.reasons.values() for language in Language)
    assert "lien" in told
    assert "secret-place" not in told + str(refused) + repr(refused) + caplog.text
    assert refused.links == {field}


def test_a_missing_space_is_answered_gently_as_no_link() -> None:
    refused = refusal(reason="C’est l’école.Il faut agir")
    assert refused.reasons["reason"]
    assert refused.links == frozenset()


def test_one_line_fields_take_no_line_break_and_words_keep_theirs() -> None:
    answers = read(name="Camille\nEssai", reason="Un.\r\n\r\nDeux.")
    assert answers.name == "Camille Essai"
    assert answers.fields["reason"] == "Un.\n\nDeux."
