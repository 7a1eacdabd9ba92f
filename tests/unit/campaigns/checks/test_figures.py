"""Figures are found however a writer types them, and ordinary words, codes and dates are none."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.campaigns.checks.figures import typed_figures
from advocacy.language import Language

NUMBERS = frozenset({23700, 18, 2019})
EN, FR = Language.EN, Language.FR
FIGURES = {
    EN: [
        "95 %", "95%", "95\u00a0%", "95\u202f%", "９５％", "95٪", "95 percent", "95 per cent", "95-per-cent", "95 pct", "94.8%",
        "95/100", "95 out of 100", "95 percentage", "ninety-five per cent", "Ninety five percent", "ninety-five\nper cent",
        "ninety-five in every hundred", "nine out of ten", "nine in ten", "9 of 10", "19 in 20", "nine respondents in ten",
        "one in twenty", "three quarters", "two-thirds", "23,700", "23 700", "23\u00a0700", "23700", "2019",
        "twenty-three thousand seven hundred",
    ],
    FR: [
        "95\u00a0%", "95 pour cent", "95 p. 100", "95 p. cent", "94,8 %", "95 sur 100", "quatre-vingt-quinze pour cent",
        "Quatre vingt quinze pour cent", "nonante-cinq pour cent", "quatre-vingt-neuf pourcents", "treize pour cent",
        "quatre-vingt-quinze sur cent", "neuf sur dix", "neuf personnes sur dix", "une personne sur vingt", "trois quarts",
        "deux tiers", "23\u202f700", "vingt-trois mille sept cents", "vingt-trois mille sept cent", "deux mille dix-neuf",
    ],
}  # fmt: skip
MONTHS = {EN: ["18 months", "18-month", "eighteen months"], FR: ["18 mois", "dix-huit mois"]}
ORDINARY = {
    EN: [
        "age 14", "Bill C-63", "two measures", "one company", "first", "3rd", "K1A 0A6", "1-866-658-9022", "613-555-0199",
        "9-1-1", "911", "10:30", "2026-11-25", "25/11/2026", "24/7", "3:1", "the third reading", "18 years old", "a half",
        "90 elected members", "two laws in five years", "one law in two languages", "one of the ten provinces",
        "three of the four letters", "two of these ten laws", "2,000 images", "three of the respondents", "1" * 5_000,
        "three and four", "100 Main Street", "one in 2026", "ten in one",
    ],
    FR: [
        "le projet de loi C-63", "deux mesures", "une entreprise", "1er", "2e paragraphe", "H0H 0H0", "1 866 658-9022", "10h30",
        "10 h 30", "25 novembre 2026", "un tiers", "un quart", "trois quarts d’heure", "18 ans", "24 heures sur 24",
        "un téléphone neuf", "six enfants", "10 000 enfants", "deux des répondants", "la première",
    ],
}  # fmt: skip


@pytest.mark.parametrize("language", Language)
def test_a_figure_is_found_where_it_stands(language: Language) -> None:
    before = "It is so: "
    for figure in FIGURES[language]:
        [found] = typed_figures(f"{before}{figure} x.", language, NUMBERS)
        assert (found.start, found.end) == (len(before), len(before) + len(figure)), figure


@pytest.mark.parametrize("language", Language)
def test_a_small_number_of_the_survey_is_found_in_months_only(language: Language) -> None:
    for figure in MONTHS[language]:
        assert [found.value for found in typed_figures(f"x {figure}.", language, NUMBERS)] == [18], figure
        assert typed_figures(f"x {figure}.", language) == [], figure


@pytest.mark.parametrize("language", Language)
def test_ordinary_words_are_no_figures(language: Language) -> None:
    assert [words for words in ORDINARY[language] if typed_figures(f"See {words} x.", language, NUMBERS)] == []


def test_a_share_is_given_in_points_of_100() -> None:
    texts = ["9 in 10", "94.8%", "two thirds", "95/100", "1 person in 4", "three quarters"]
    found = [typed_figures(text, EN)[0] for text in texts]
    assert [float(figure.value) for figure in found] == [90, 94.8, pytest.approx(Fraction(200, 3)), 95, 25, 75]
    assert all(figure.is_share for figure in found)
    assert not typed_figures("23,700 people", EN, NUMBERS)[0].is_share


@pytest.mark.parametrize(
    ("language", "before", "is_exact"),
    [
        (EN, "Only ", True),
        (EN, "He and ", True),
        (EN, "more than ", False),
        (EN, "nearly ", False),
        (EN, "between 38 and ", False),
        (EN, "38–", False),
        (FR, "une part de ", True),
        (FR, "plus de ", False),
        (FR, "de 38 % à ", False),
    ],
)
def test_a_figure_that_a_word_makes_round_is_not_exact(language: Language, before: str, *, is_exact: bool) -> None:
    *_, figure = typed_figures(f"{before}62\u00a0%", language)
    assert figure.is_exact is is_exact


@given(
    st.lists(
        st.sampled_from(
            [
                "million",
                "thousand",
                "hundred",
                "nine",
                "cent",
                "mille",
                "quatre",
                "vingt",
                "et",
                "and",
                "in",
                "7",
                ",",
                ".",
                "-",
                "%",
                "\xa0",
                "\n",
                "x",
                "00",
            ]
        ),
        max_size=30,
    ),
    st.sampled_from(Language),
)
def test_every_place_is_in_the_text(pieces: list[str], language: Language) -> None:
    text = " ".join(pieces)
    figures = typed_figures(text, language, NUMBERS)
    ends = [place for figure in figures for place in (figure.start, figure.end)]
    assert ends == sorted(ends)
    assert all(0 <= place <= len(text) for place in ends)


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "1 in ", "1 a a a in 2 ", "1,000", "1a ", "nine hundred ", "x", "1 " + "a" * 500]
)
def test_no_text_takes_long(piece: str) -> None:
    """A way of reading that tries every way to part a text would take hours."""
    text = (piece * 12_000)[:12_000]
    assert all(figure.end <= len(text) for figure in typed_figures(text, EN, NUMBERS))
