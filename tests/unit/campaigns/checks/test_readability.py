"""A text is counted as people count it, and its figure is that of the published formulas."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from advocacy.campaigns.checks.readability import (
    TextCounts,
    count_sentences,
    count_syllables,
    flesch_kincaid,
    kandel_moles,
    scale_of,
    split_words,
)
from advocacy.language import Language
from advocacy.sentences import split_sentences

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


EN, FR = Language.EN, Language.FR
GETTYSBURG = (
    "Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived in Liberty, "
    "and dedicated to the proposition that all men are created equal."
)
CITOYENS = "Les hommes naissent et demeurent libres et égaux en droits."


def test_every_language_has_a_scale() -> None:
    assert all(scale_of(language).target for language in Language)


# --- the formulas


@pytest.mark.parametrize(
    ("text", "counts", "grade"),
    [
        ("The cat sat on the mat.", TextCounts(1, 6, 6), -1.45),
        (GETTYSBURG, TextCounts(1, 30, 48), 14.99),
        ("We ask for a law. It is time.", TextCounts(2, 8, 8), -2.2),
    ],
)
def test_the_grade_of_an_english_text(text: str, counts: TextCounts, grade: float) -> None:
    """The first is the example of most papers on the formula; the others are reckoned by hand."""
    assert count_sentences(split_sentences(text), EN) == counts
    assert flesch_kincaid(counts) == pytest.approx(grade, abs=0.05)


@pytest.mark.parametrize(
    ("text", "counts", "ease"),
    [
        (CITOYENS, TextCounts(1, 10, 12), 108.53),
        ("Le chat dort. Il fait beau.", TextCounts(2, 6, 6), 130.36),
    ],
)
def test_the_ease_of_a_french_text(text: str, counts: TextCounts, ease: float) -> None:
    assert count_sentences(split_sentences(text), FR) == counts
    assert kandel_moles(counts) == pytest.approx(ease, abs=0.05)


@pytest.mark.parametrize(
    ("language", "reached", "missed"), [(EN, [8.5, 8.4, -1.45], [8.6, 12]), (FR, [65, 65.1, 130], [64.9, 0])]
)
def test_what_is_too_hard_to_read(language: Language, reached: list[float], missed: list[float]) -> None:
    scale = scale_of(language)
    assert not any(scale.is_too_hard(figure) for figure in reached)
    assert all(scale.is_too_hard(figure) for figure in missed)
    assert scale.difficulty(missed[-1]) > scale.difficulty(missed[0]) > scale.difficulty(reached[-1])


# --- words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("more than 23,700 people", ["more", "than", "23,700", "people"]),
        ("plus de 23\u00a0700 personnes", ["plus", "de", "23\u00a0700", "personnes"]),
        ("95% and 95\u00a0%", ["95", "and", "95"]),
        ("The M.P. for Notre-Dame-de-Grâce—Westmount", ["The", "M.P", "for", "Notre-Dame-de-Grâce", "Westmount"]),
        ("l’image qu’on a – dit-il – volée", ["l’image", "qu’on", "a", "dit-il", "volée"]),
        ("the parents’ e-mail, and/or mail…", ["the", "parents", "e-mail", "and", "or", "mail"]),
        ("«\u00a0Oui!\u00a0» le 1er mai", ["Oui", "le", "1er", "mai"]),
        ("! … – %", []),
    ],
)
def test_words_are_split_as_people_count_them(text: str, words: list[str]) -> None:
    assert split_words(text) == words
