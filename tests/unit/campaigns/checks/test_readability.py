"""A text is counted as people count it, and its figure is that of the published formulas."""

from time import process_time

import pytest

from advocacy.campaigns.checks.readability import (
    ABBREVIATIONS,
    SCALES,
    TextCounts,
    count_sentences,
    flesch_kincaid,
    kandel_moles,
    split_sentences,
    split_words,
)
from advocacy.language import Language

EN, FR = Language.EN, Language.FR
GETTYSBURG = (
    "Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived in Liberty, "
    "and dedicated to the proposition that all men are created equal."
)
CITOYENS = "Les hommes naissent et demeurent libres et égaux en droits."


def test_every_language_has_a_scale_and_abbreviations() -> None:
    assert set(SCALES) == set(ABBREVIATIONS) == set(Language)


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
    assert count_sentences(split_sentences(text, EN), EN) == counts
    assert flesch_kincaid(counts) == pytest.approx(grade, abs=0.05)


@pytest.mark.parametrize(
    ("text", "counts", "ease"),
    [
        (CITOYENS, TextCounts(1, 10, 12), 108.53),
        ("Le chat dort. Il fait beau.", TextCounts(2, 6, 6), 130.36),
    ],
)
def test_the_ease_of_a_french_text(text: str, counts: TextCounts, ease: float) -> None:
    assert count_sentences(split_sentences(text, FR), FR) == counts
    assert kandel_moles(counts) == pytest.approx(ease, abs=0.05)


@pytest.mark.parametrize(
    ("language", "reached", "missed"), [(EN, [8.5, 8.4, -1.45], [8.6, 12]), (FR, [65, 65.1, 130], [64.9, 0])]
)
def test_what_is_too_hard_to_read(language: Language, reached: list[float], missed: list[float]) -> None:
    scale = SCALES[language]
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


# --- sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["One law.", "Two laws!", "Three laws?"],
        ["My M.P. is Mr. Roy.", "He sits for St. John’s.", "J. R. Smith does not."],
        ["It grew by 23.5 per cent.", "In 2019, 23,700 people answered."],
        ["They wait… and wait.", "And so it goes…", "Still they wait."],
        ["She asked “Why not?” and left.", "“Because,” he said, “I can.”", "(It was so.)", "He left."],
        ["Would you read No. 5?", "95% would."],
        ["This is version 2.0 of it."],
    ],
)
def test_english_sentences(sentences: list[str]) -> None:
    assert split_sentences(" ".join(sentences), EN) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["Une loi.", "À quand la suivante?", "Écrivez-moi!"],
        ["M. Roy et Mme Roy ont écrit.", "MM. Roy aussi."],
        ["«\u00a0Pourquoi pas?\u00a0» dit-elle.", "«\u00a0Parce que.\u00a0»", "Il partit."],
        ["Ils attendent… et attendent.", "Œuvrons ensemble…", "Enfin!"],
        ["Plus de 23\u00a0700 personnes ont répondu.", "95\u00a0% sont d’accord."],
    ],
)
def test_french_sentences(sentences: list[str]) -> None:
    assert split_sentences(" ".join(sentences), FR) == sentences


def test_what_has_no_word_is_no_sentence() -> None:
    assert split_sentences("", EN) == split_sentences(" … “.” ", EN) == []


@pytest.mark.parametrize("text", ["." * 20_000, ". " * 10_000, "J. " * 6_000, ".”" * 10_000, "a.\u00a0“" * 5_000])
def test_no_text_takes_long(text: str) -> None:
    start = process_time()
    split_sentences(text, EN)
    assert process_time() - start < 1
