"""Syllables are counted by rules, and come out as dictionaries of pronunciation have them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from advocacy.campaigns.checks.readability import RULES, count_syllables
from advocacy.language import Language

DATA = Path(__file__).parents[3] / "data"


def dictionary(language: Language) -> Iterator[tuple[str, set[int]]]:
    """Words with the syllables that a dictionary gives them, some words several."""
    text = (DATA / f"syllables.{language}.txt").read_text(encoding="utf-8")
    counts: set[int] = set()
    for token in (token for line in text.splitlines() if not line.startswith("#") for token in line.split()):
        if token.endswith(":"):
            counts = {int(count) for count in token.removesuffix(":").split("|")}
        else:
            yield token, counts


def test_every_language_has_rules() -> None:
    assert set(RULES) == set(Language)


@pytest.mark.parametrize("language", Language)
def test_words_have_the_syllables_that_a_dictionary_gives_them(language: Language) -> None:
    words = dict(dictionary(language))
    assert len(words) > 1000
    wrong = [word for word, counts in words.items() if count_syllables(word, language) not in counts]
    assert len(wrong) <= len(words) * 0.005, wrong


@pytest.mark.parametrize("language", Language)
def test_errors_add_up_to_next_to_nothing(language: Language) -> None:
    """0.005 syllables a word are 0.06 of a Flesch–Kincaid grade and 0.4 of a Kandel–Moles point."""
    words = dict(dictionary(language))
    errors = [
        min((count_syllables(word, language) - count for count in counts), key=abs) for word, counts in words.items()
    ]
    assert abs(sum(errors)) <= len(words) * 0.005


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        *(("e-mail", 2), ("vice-president", 4), ("child’s", 1), ("parents’", 2), ("Here’s", 1), ("didn’t", 2)),
        *(("23,700", 1), ("95", 1), ("RCMP", 4), ("M.P", 2), ("C-34", 1), ("hmm", 1)),
    ],
)
def test_english_words_that_no_dictionary_has(word: str, syllables: int) -> None:
    assert count_syllables(word, Language.EN) == syllables


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        *(("l’image", 2), ("qu’on", 1), ("lorsqu’il", 2), ("aujourd’hui", 3), ("a-t-il", 2), ("celles-ci", 2)),
        *(("republiées", 4), ("pédosexuels", 4), ("plateformes", 3), ("23\u00a0700", 1), ("GRC", 3)),
    ],
)
def test_french_words_that_no_dictionary_has(word: str, syllables: int) -> None:
    assert count_syllables(word, Language.FR) == syllables
