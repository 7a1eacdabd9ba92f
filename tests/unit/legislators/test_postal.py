"""Postal codes as people type them: read, asked back, or refused with an example."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.language import Language
from advocacy.legislators.postal import (
    INCOMPLETE,
    MISSING,
    NOT_CANADIAN,
    PATTERN,
    PostalCodeRefused,
    looks_like_postal_code,
    read_fsa,
    read_postal_code,
)


@pytest.mark.parametrize(
    "typed",
    [
        "K1A0A6",
        "k1a0a6",
        "k1a 0a6",
        "K1A-0A6",
        " K1A 0A6 ",
        "K1A\u00a00A6",
        "K1A\u202f0A6",
        "K1A–0A6",
        "K.1.A.0.A.6.",
        "K1A, 0A6",
        "Ｋ１Ａ　０Ａ６",
        "K1A\t0A6\n",
        "\ufeffK1A\u200b0A6",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    code = read_postal_code(typed)
    assert (str(code), code.plain, code.fsa) == ("K1A 0A6", "K1A0A6", "K1A")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("K1A OA6", "K1A 0A6"),
        ("K1AoA6", "K1A 0A6"),
        ("KIA 0A6", "K1A 0A6"),
        ("kla 0a6", "K1A 0A6"),
        ("V5K OAI", "V5K 0A1"),
        ("M5V ISS", "M5V 1S5"),
        ("1ON OA1", "L0N 0A1"),
    ],
)
def test_letters_taken_for_digits_are_asked_back_never_changed_in_silence(typed: str, meant: str) -> None:
    with pytest.raises(PostalCodeRefused) as refused:
        read_postal_code(typed)
    assert str(refused.value.suggestion) == meant
    for language in Language:
        assert f"{meant}?" in refused.value.wording.in_language(language)


@pytest.mark.parametrize(
    "typed",
    ["90210", "W1A 0A6", "Z1A 0A6", "D1A 0A6", "K1F 0A6", "K1A 0U6", "K1A 0A6 1", "SW1A 1AA", "日本", "-6-"],
)
def test_what_canada_post_never_gives_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(PostalCodeRefused) as refused:
        read_postal_code(typed)
    assert refused.value.wording == NOT_CANADIAN
    assert refused.value.suggestion is None
    assert all("K1A\u00a00A6" in text for text in refused.value.wording.values())


def test_nothing_and_half_a_code_have_answers_of_their_own() -> None:
    for typed, wording in {
        "": MISSING,
        " - ": MISSING,
        "k1a": INCOMPLETE,
        "J1H 1": INCOMPLETE,
        "K1A 0A": INCOMPLETE,
    }.items():
        with pytest.raises(PostalCodeRefused) as refused:
            read_postal_code(typed)
        assert refused.value.wording == wording


@given(st.tuples(*(st.sampled_from(offered) for offered in PATTERN)).map("".join))
def test_every_code_of_the_pattern_is_read(plain: str) -> None:
    assert read_postal_code(plain).plain == plain
    assert looks_like_postal_code(plain)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_in_every_language(text: str) -> None:
    try:
        said = [str(read_postal_code(text))]
    except PostalCodeRefused as refused:
        said = list(refused.wording.values())
    assert all(said)


def test_a_name_is_not_taken_for_a_postal_code() -> None:
    assert not any(map(looks_like_postal_code, ["Naqvi", "35079", "Ottawa-Centre", "", "Saint-Jean"]))
    assert all(map(looks_like_postal_code, ["K1A OA6", "kia0a6", "K1A 0A66"]))
    assert (read_fsa(" m5v "), read_fsa("Joly"), read_fsa("M5V1A1")) == ("M5V", None, None)
