"""A line of an address is broken where a reader expects it, and nothing of it is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.legislators.address_lines import WIDTH, break_line, width_of

ENGLISH = ("and Minister", "(", "and", "for", "of")
FRENCH = ("et ministre", "et secrétaire", "(", "et", "pour", "de", "du", "des", "d’")


def test_canada_post_counts_no_spaces() -> None:
    assert width_of("Ottawa ON  K1A 0A6") == 14


def test_a_line_that_fits_stays_whole() -> None:
    assert break_line("Minister of Women and Gender Equality", ENGLISH) == ("Minister of Women and Gender Equality",)


@pytest.mark.parametrize(
    ("line", "before", "lines"),
    [
        (
            "Ministre de la Justice et procureur général du Canada",
            FRENCH,
            ("Ministre de la Justice", "et procureur général du Canada"),
        ),
        (
            "Minister of Women and Gender Equality and Secretary of State (Small Business and Tourism)",
            ("and Secretary", *ENGLISH),
            (
                "Minister of Women and Gender Equality",
                "and Secretary of State",
                "(Small Business and Tourism)",
            ),
        ),
        (
            "Beauharnois—Salaberry—Soulanges—Huntingdon",
            ENGLISH,
            ("Beauharnois—Salaberry—", "Soulanges—Huntingdon"),
        ),
    ],
)
def test_a_long_line_goes_on_before_a_joining_word_or_after_a_dash(
    line: str, before: tuple[str, ...], lines: tuple[str, ...]
) -> None:
    assert break_line(line, before) == lines


def test_a_word_longer_than_a_line_is_not_cut() -> None:
    assert break_line(f"a {'b' * 60} c", ()) == ("a", "b" * 60, "c")


@given(st.lists(st.text("abé’-—", min_size=1, max_size=50), min_size=1, max_size=20))
def test_nothing_is_lost_and_nothing_is_too_long_that_could_be_broken(words: list[str]) -> None:
    lines = break_line(" ".join(words), FRENCH)

    assert "".join(" ".join(lines).split()) == "".join(words)
    assert all(width_of(line) <= WIDTH or len(break_line(line, FRENCH)) == 1 for line in lines)


def test_a_very_long_line_is_broken_in_no_time() -> None:
    assert len(break_line(" ".join(["word"] * 200), ENGLISH)) == 23
