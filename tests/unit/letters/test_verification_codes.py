"""Codes by which letters are verified: each is another, and may be typed in many ways."""

import pytest

from advocacy.legislators.postal_codes import candidates, read_postal_code
from advocacy.legislators.recipient import Office
from advocacy.letters.models import RidingMatch
from advocacy.letters.verification_codes import LENGTH, make_code, plain_code, riding_match
from tests.builders import a_member


def test_each_letter_has_a_code_of_its_own() -> None:
    codes = {make_code() for _ in range(100)}
    assert len(codes) == 100
    assert {len(plain_code(code)) for code in codes} == {LENGTH}


@pytest.mark.parametrize(
    "typed",
    [
        "7K3M1-QXDH2-0WPAZ-8TVC1",
        "7k3ml-qxdh2-owpaz-8tvci",
        "  7K3MI QXDH2 OWPAZ 8TVC1\n",
        "7K3M1QXDH20WPAZ8TVCL",
    ],
)
def test_a_code_may_be_typed_in_small_letters_without_hyphens_and_with_letters_for_digits(typed: str) -> None:
    assert plain_code(typed) == "7K3M1QXDH20WPAZ8TVC1"


@pytest.mark.parametrize("typed", ["", "-", "0" * (LENGTH - 1), "0" * (LENGTH + 1), "U" * LENGTH, "é" * LENGTH])
def test_what_is_no_code_is_not_looked_for(typed: str) -> None:
    assert plain_code(typed) == ""


@pytest.mark.parametrize(
    ("postal_code", "riding", "match"),
    [
        ("K1P 1J1", "35079", RidingMatch.LIES_IN),
        ("K1P 1J1", "24001", RidingMatch.ELSEWHERE),
        ("", "35079", RidingMatch.NOT_GIVEN),
        ("K1P 1J1", None, None),
    ],
)
def test_a_postal_code_is_held_against_the_riding(postal_code: str, riding: str | None, match: RidingMatch) -> None:
    assert riding_match(postal_code, a_member(riding_code=riding)) is match


def test_a_rural_postal_code_may_lie_in_several_ridings() -> None:
    several = candidates(read_postal_code("K0A 1A0")).riding_codes
    assert len(several) > 1
    assert riding_match("K0A 1A0", a_member(riding_code=several[-1])) is RidingMatch.MAY_LIE_IN


def test_a_minister_may_be_written_to_from_elsewhere() -> None:
    assert riding_match("K1P 1J1", a_member(riding_code="24001", office=Office.MINISTER)) is None
