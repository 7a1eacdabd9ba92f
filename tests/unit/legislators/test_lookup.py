"""A postal code lists ridings and says how far it can be trusted; it never chooses."""

import pytest

from advocacy.language import Language
from advocacy.legislators.lookup import PROVENANCE, Basis, area_candidates, candidates
from advocacy.legislators.postal import PostalTable, read_postal_code
from scripts.make_postal_table import pack

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

TYPED = ["K1A 0A6", "H3R 3A7", "K1A 9Z9", "V5K 0A1", "K0A 1K0"]


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


def test_a_rural_code_is_said_to_cover_a_large_area_and_not_to_lie_in_one_riding() -> None:
    said = candidates(read_postal_code("K0A 1K0"), TABLE).explanation
    assert "covers a large area" in said.in_language(Language.EN)
    assert "couvre un grand territoire" in said.in_language(Language.FR)


def test_an_unknown_area_offers_the_search() -> None:
    said = candidates(read_postal_code("V5K 0A1"), TABLE).explanation
    assert "search" in said.in_language(Language.EN)
    assert "cherchez" in said.in_language(Language.FR)


@pytest.mark.parametrize("typed", TYPED)
def test_the_provenance_goes_with_every_answer(typed: str) -> None:
    found = candidates(read_postal_code(typed), TABLE)
    assert found.provenance == PROVENANCE
    assert "suggestion to confirm" in PROVENANCE.in_language(Language.EN)
    assert "suggestion à confirmer" in PROVENANCE.in_language(Language.FR)


def test_three_characters_alone_list_their_ridings() -> None:
    assert area_candidates("k1a", TABLE).basis is Basis.AREA_ASKED
    assert area_candidates("k1a", TABLE).riding_codes == ("35079", "35081")
    with pytest.raises(ValueError, match="look like K1A"):
        area_candidates("Ottawa", TABLE)


def test_french_is_typeset_as_french() -> None:
    found = [candidates(read_postal_code(typed), TABLE) for typed in TYPED]
    for text in [answer.explanation.in_language(Language.FR) for answer in found] + [
        PROVENANCE.in_language(Language.FR)
    ]:
        assert " :" not in text
        assert "'" not in text
