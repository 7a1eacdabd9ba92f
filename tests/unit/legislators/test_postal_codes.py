"""Postal codes as people type them: read, asked back, or refused with an example."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.language import Language
from advocacy.legislators.legislatures import DATA
from advocacy.legislators.postal_codes import (
    INCOMPLETE,
    MISSING,
    NOT_CANADIAN,
    PATTERN,
    Basis,
    Candidates,
    InvalidPostalCode,
    PostalCode,
    PostalTable,
    Town,
    area_candidates,
    candidates,
    distinguishing_towns,
    looks_like_postal_code,
    read_fsa,
    read_postal_code,
    shipped_towns,
)
from scripts.make_postal_table import Codes, pack, read_areas, read_codes

TOWNS = {
    "K0A": {
        "35020": [Town("Large", "1A0"), Town("Middling", ""), Town("Both", "1K0"), Town("Small", "2A0 3A0")],
        "35088": [Town("Other", "1B0"), Town("Both", "1K0")],
    }
}


def test_the_largest_come_first() -> None:
    assert distinguishing_towns("K0A", ("35020", "35099"), table=TOWNS) == {
        "35020": ("Large", "Middling", "Both", "Small")
    }


def test_the_codes_own_town_comes_before_larger_ones() -> None:
    assert distinguishing_towns("K0A", ("35020", "35099"), unit="3A0", table=TOWNS)["35020"][0] == "Small"
    assert distinguishing_towns("K0A", ("35020", "35099"), unit="9Z9", table=TOWNS)["35020"][0] == "Large"


def test_a_town_of_all_the_ridings_tells_none_apart_and_is_left_out() -> None:
    towns = distinguishing_towns("K0A", ("35020", "35088"), unit="1K0", table=TOWNS)
    assert towns == {"35020": ("Large", "Middling", "Small"), "35088": ("Other",)}


def test_a_riding_whose_towns_are_all_shared_shows_none() -> None:
    shared = {"K0A": {"35020": [Town("Both", ""), Town("Large", "")], "35088": [Town("Both", "")]}}
    assert distinguishing_towns("K0A", ("35020", "35088"), table=shared) == {"35020": ("Large",)}


def test_the_shipped_towns_stand_in_ridings_of_their_area_and_once_in_each() -> None:
    areas = read_areas(DATA.joinpath("fsa_ridings.csv"))
    for fsa, ridings in shipped_towns().items():
        assert set(ridings) <= set(areas[fsa])
        assert len(areas[fsa]) > 1
        for towns in ridings.values():
            names = [town.name for town in towns]
            assert len(set(names)) == len(names)


@pytest.fixture(scope="module")
def codes() -> Codes:
    """Every code with the ridings within 200 m of its point, read from the list and not from the table."""
    return read_codes(DATA.joinpath("postal_ridings.csv.gz"))


def test_the_codes_of_a_town_are_rural_ones_of_the_table_and_each_has_one_town(codes: Codes) -> None:
    for fsa, ridings in shipped_towns().items():
        names = defaultdict(set)
        for towns in ridings.values():
            for town in towns:
                for unit in town.codes.split():
                    assert fsa[1] == "0"
                    assert fsa + unit in codes
                    names[unit].add(town.name)
        assert all(len(some) == 1 for some in names.values())


AREAS = read_areas(DATA.joinpath("fsa_ridings.csv"))


@pytest.fixture(scope="module")
def own(codes: Codes) -> Codes:
    """The rural codes with the ridings within 200 m of their points."""
    return {code: ridings for code, ridings in codes.items() if code[1] == "0"}


@pytest.fixture(scope="module")
def answers(own: Codes) -> dict[str, Candidates]:
    return {code: candidates(PostalCode(code)) for code in own}


def test_every_rural_code_lists_its_own_ridings_first_and_all_of_its_area_once(
    own: Codes, answers: dict[str, Candidates]
) -> None:
    assert len(answers) == 8993
    for code, answer in answers.items():
        others = tuple(riding for riding in AREAS[code[:3]] if riding not in own[code])
        assert answer.riding_codes == own[code] + others, code
        assert len(set(answer.riding_codes)) == len(answer.riding_codes), code


def test_one_riding_is_said_only_where_the_whole_area_lies_in_it(answers: dict[str, Candidates]) -> None:
    for code, answer in answers.items():
        alone = len(AREAS[code[:3]]) == 1
        assert answer.basis is (Basis.CODE if alone else Basis.RURAL), code
    assert sum(answer.basis is Basis.CODE for answer in answers.values()) == 1540


def test_k0a_1k0_lists_six_ridings_with_its_own_town_first() -> None:
    answer = candidates(read_postal_code("K0A 1K0"))
    assert answer.basis is Basis.RURAL
    assert answer.riding_codes == ("35020", "35088", "35051", "35102", "35002", "35043")
    assert answer.towns["35020"] == ("Carlsbad Springs", "Richmond", "Osgoode", "Metcalfe")
    assert answer.towns["35088"][:2] == ("Carlsbad Springs", "Embrun")
    assert answer.towns["35051"][0] == "Almonte"


TABLE = PostalTable(
    pack(
        {
            "K1A0A6": ("35079",),
            "H3R3A7": ("24048", "24053"),
            "K0A1K0": ("35020",),
            "K0A1B0": ("35088", "35099"),
            "X0A0H0": ("62001",),
        },
        {
            "K1A": ("35079", "35081"),
            "H3R": ("24048",),
            "K0A": ("35051", "35020", "35088"),
            "X0A": ("62001",),
        },
    )
)


@pytest.mark.parametrize(
    ("typed", "ridings", "basis"),
    [
        ("K1A 0A6", ("35079",), Basis.CODE),
        ("H3R 3A7", ("24048", "24053"), Basis.NEAR_BOUNDARY),
        ("K1A 9Z9", ("35079", "35081"), Basis.AREA_INSTEAD),
        ("H3R 9Z9", ("24048",), Basis.AREA_INSTEAD),
        ("V5K 0A1", (), Basis.UNKNOWN),
        ("K0A 1K0", ("35020", "35051", "35088"), Basis.RURAL),
        ("K0A 1B0", ("35088", "35099", "35051", "35020"), Basis.RURAL),
        ("K0A 9Z9", ("35051", "35020", "35088"), Basis.AREA_INSTEAD),
        ("X0A 0H0", ("62001",), Basis.CODE),
    ],
)
def test_candidates_are_listed_with_their_basis(typed: str, *, ridings: tuple[str, ...], basis: Basis) -> None:
    found = candidates(read_postal_code(typed), TABLE)
    assert (found.riding_codes, found.basis) == (ridings, basis)


def test_a_fallback_says_that_it_is_one_in_every_language() -> None:
    said = candidates(read_postal_code("K1A 9Z9"), TABLE).explanation
    assert "K1A" in said.in_language(Language.FR)
    assert "not in our list" in said.in_language(Language.EN)
    assert "ne figure pas" in said.in_language(Language.FR)


def test_three_characters_alone_list_their_ridings() -> None:
    assert area_candidates("k1a", TABLE).basis is Basis.AREA_ONLY
    assert area_candidates("k1a", TABLE).riding_codes == ("35079", "35081")
    with pytest.raises(ValueError, match="look like K1A"):
        area_candidates("Ottawa", TABLE)


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
    with pytest.raises(InvalidPostalCode) as refused:
        read_postal_code(typed)
    assert str(refused.value.suggestion) == meant
    for language in Language:
        assert f"{meant}?" in refused.value.message.in_language(language)


@pytest.mark.parametrize(
    "typed",
    ["90210", "W1A 0A6", "Z1A 0A6", "D1A 0A6", "K1F 0A6", "K1A 0U6", "K1A 0A6 1", "SW1A 1AA", "日本", "-6-"],
)
def test_what_canada_post_never_gives_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(InvalidPostalCode) as refused:
        read_postal_code(typed)
    assert refused.value.message == NOT_CANADIAN
    assert refused.value.suggestion is None
    assert all("K1A\u00a00A6" in refused.value.message.in_language(language) for language in Language)


def test_nothing_and_half_a_code_have_answers_of_their_own() -> None:
    for typed, wording in {
        "": MISSING,
        " - ": MISSING,
        "k1a": INCOMPLETE,
        "J1H 1": INCOMPLETE,
        "K1A 0A": INCOMPLETE,
    }.items():
        with pytest.raises(InvalidPostalCode) as refused:
            read_postal_code(typed)
        assert refused.value.message == wording


@given(st.tuples(*(st.sampled_from(offered) for offered in PATTERN)).map("".join))
def test_every_code_of_the_pattern_is_read(plain: str) -> None:
    assert read_postal_code(plain).plain == plain
    assert looks_like_postal_code(plain)


def test_a_name_is_not_taken_for_a_postal_code() -> None:
    assert not any(map(looks_like_postal_code, ["Naqvi", "35079", "Ottawa-Centre", "", "Saint-Jean"]))
    assert all(map(looks_like_postal_code, ["K1A OA6", "kia0a6", "K1A 0A66"]))
    assert (read_fsa(" m5v "), read_fsa("Joly"), read_fsa("M5V1A1")) == ("M5V", None, None)
