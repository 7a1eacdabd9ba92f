"""Each language sets its signs in its own way; what is set otherwise is shown as it should be."""

import pytest

from advocacy.campaigns.checks.typography import correct_typography, find_mistakes
from advocacy.language import Language
from tests.unit.campaigns.checks.typography_cases import CASES

EN, FR = Language.EN, Language.FR
NBSP, THIN = "\u00a0", "\u202f"


def found(text: str, language: Language) -> list[tuple[int, str]]:
    """Where each mistake starts, and the text with that one mistake corrected."""
    return [
        (slip.start, f"{text[: slip.start]}{slip.correction}{text[slip.end :]}")
        for slip in find_mistakes(text, language)
    ]


@pytest.mark.parametrize(
    ("typed", "start", "corrected"),
    [
        ("dix%", 3, f"dix{NBSP}%"),
        ("dix %", 3, f"dix{NBSP}%"),
        ("dix  %", 3, f"dix{NBSP}%"),
        (f"dix{THIN}%", 3, f"dix{NBSP}%"),
        ("Objet: oui", 5, f"Objet{NBSP}: oui"),
        ("Objet : oui", 5, f"Objet{NBSP}: oui"),
        ("en 2019 : oui", 7, f"en 2019{NBSP}: oui"),
        ("(voir plus bas):", 15, f"(voir plus bas){NBSP}:"),
        (f"«{NBSP}Oui{NBSP}»: non", 7, f"«{NBSP}Oui{NBSP}»{NBSP}: non"),
        ("C-63:\nnon", 4, f"C-63{NBSP}:\nnon"),
        (f"«Oui{NBSP}»", 0, f"«{NBSP}Oui{NBSP}»"),
        (f"« Oui{NBSP}»", 0, f"«{NBSP}Oui{NBSP}»"),
        (f"«{THIN}Oui{NBSP}»", 0, f"«{NBSP}Oui{NBSP}»"),
        (f"«{NBSP}Oui»", 5, f"«{NBSP}Oui{NBSP}»"),
        (f"«{NBSP}Oui »", 5, f"«{NBSP}Oui{NBSP}»"),
        ("Quoi ?", 4, "Quoi?"),
        (f"Quoi{NBSP}!", 4, "Quoi!"),
        (f"oui{THIN}; non", 3, "oui; non"),
        ("l'enfant", 1, "l’enfant"),
        ("l´enfant", 1, "l’enfant"),
        (f"100{THIN}km", 3, f"100{NBSP}km"),
        ("deux  mots", 4, "deux mots"),
        ("Bon...", 3, "Bon…"),
    ],
)
def test_a_french_mistake_is_found_where_it_starts_and_corrected(typed: str, start: int, corrected: str) -> None:
    assert found(typed, FR) == [(start, corrected)]


@pytest.mark.parametrize(
    ("typed", "start", "corrected"),
    [
        ("ten %", 3, "ten%"),
        (f"ten{NBSP}%", 3, "ten%"),
        ("Subject : yes", 7, "Subject: yes"),
        ("What ?", 4, "What?"),
        ("yes ; no", 3, "yes; no"),
        ("a child's", 7, "a child’s"),
        ("two  words", 3, "two words"),
        ("Well...", 4, "Well…"),
    ],
)
def test_an_english_mistake_is_found_where_it_starts_and_corrected(typed: str, start: int, corrected: str) -> None:
    assert found(typed, EN) == [(start, corrected)]


def test_quotation_marks_are_each_language_s_own() -> None:
    assert found('"Yes", she said', EN) == [(0, '“Yes", she said'), (4, '"Yes”, she said')]
    assert found(f"«{NBSP}Yes{NBSP}»", EN) == [(0, f"“Yes{NBSP}»"), (5, f"«{NBSP}Yes”")]
    assert found('"Oui"', FR) == [(0, f'«{NBSP}Oui"'), (4, f'"Oui{NBSP}»')]
    assert found("“Oui”", FR) == [(0, f"«{NBSP}Oui”"), (4, f"“Oui{NBSP}»")]


def test_a_quotation_inside_guillemets_keeps_its_own_marks() -> None:
    assert found(f"«{NBSP}Elle a dit “oui” hier{NBSP}»", FR) == []


@pytest.mark.parametrize(
    "text",
    [
        f"Selon 12{NBSP}% des gens, la loi C-63{NBSP}: un pas.",
        "Rendez-vous à 14:30, ou à 14 h 30.",
        f"Un rapport de 3:1; «{NBSP}J’ai 14 ans{NBSP}».",
        f"Pourquoi? Parce que! Oui; non. Le 1er juin 2026{NBSP}: rien.",
        "Vu (%) au tableau.",
        "- un point\n- un autre\n\n> une citation",
        "",
    ],
)
def test_french_set_well_raises_nothing(text: str) -> None:
    assert found(text, FR) == []


@pytest.mark.parametrize(
    "text",
    [
        "At 14:30, Bill C-63: a step. “I’m 14,” she said.",
        "A ratio of 3:1; 12% of people? Yes!",
        "# Subject\n\n- a point\n\n> a quotation…",
        "",
    ],
)
def test_english_set_well_raises_nothing(text: str) -> None:
    assert found(text, EN) == []


@pytest.mark.parametrize("language", list(Language))
def test_the_longest_of_texts_is_read_in_a_moment(language: Language) -> None:
    for sign in (" ", NBSP, "“", "«", "»", '"', ":", "x ", "'", "% "):
        assert len(list(find_mistakes((sign * 20_000)[:20_000], language))) <= 40_000, sign


def test_a_text_is_corrected_as_its_language_sets_its_signs() -> None:
    for language, cases in CASES.items():
        assert [correct_typography(typed, language) for typed, _ in cases] == [wanted for _, wanted in cases]
        assert [correct_typography(wanted, language) for _, wanted in cases] == [wanted for _, wanted in cases]
