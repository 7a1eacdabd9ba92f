"""Nothing is said in one language only, and numbers and dates are spoken as each language writes them."""

from datetime import date

import pytest

from advocacy.language import (
    Language,
    MissingLanguage,
    Wording,
    fold,
    format_date,
    format_number,
    format_percent,
)

EN, FR = Language.EN, Language.FR


def test_a_wording_speaks_each_language() -> None:
    wording = Wording.of(en="riding", fr="circonscription")
    assert (wording.in_language(EN), wording[FR]) == ("riding", "circonscription")
    assert dict(wording) == {EN: "riding", FR: "circonscription"}


def test_a_wording_refuses_a_gap_and_names_it() -> None:
    with pytest.raises(MissingLanguage, match="missing in: fr"):
        Wording.of(en="riding")
    with pytest.raises(MissingLanguage, match="missing in: en, fr"):
        Wording({})


def test_a_wording_refuses_a_language_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="not a language offered here: de, es"):
        Wording({"en": "a", "fr": "b", "es": "c", "de": "d"})


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1000, "1,000", "1\u00a0000"),
        (23700, "23,700", "23\u00a0700"),
        (1234567, "1,234,567", "1\u00a0234\u00a0567"),
    ],
)
def test_numbers_are_grouped_as_the_language_groups_them(number: int, english: str, french: str) -> None:
    assert (format_number(number, EN), format_number(number, FR)) == (english, french)


def test_every_percentage_is_spoken_exactly() -> None:
    for percent in range(101):
        assert (format_percent(percent, EN), format_percent(percent, FR)) == (f"{percent}%", f"{percent}\u00a0%")


@pytest.mark.parametrize(
    ("day", "english", "french"),
    [
        (date(2026, 11, 25), "November 25, 2026", "25 novembre 2026"),
        (date(2026, 11, 1), "November 1, 2026", "1er novembre 2026"),
        (date(2026, 2, 11), "February 11, 2026", "11 février 2026"),
        (date(2027, 1, 31), "January 31, 2027", "31 janvier 2027"),
    ],
)
def test_dates_are_long_and_french_says_first(day: date, english: str, french: str) -> None:
    assert (format_date(day, EN), format_date(day, FR)) == (english, french)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Québec", "quebec"),
        ("L’Île-des-Sœurs", "l'ile des soeurs"),
        ("  Abitibi—Témiscamingue ", "abitibi temiscamingue"),
        ("Saint‑Jean\u00a0–\u202fLa\tBaie", "saint jean la baie"),
        ("Lætitia", "laetitia"),
        ("NOËL", "noel"),
        ("e\u0301cole", "ecole"),
        ("ＯＴＴＡＷＡ", "ottawa"),
        ("", ""),
    ],
)
def test_folding_gives_what_two_people_would_both_type(text: str, folded: str) -> None:
    assert fold(text) == folded
