"""Every rural postal code of the shipped table is answered with its whole area, its own ridings first."""

import pytest

from advocacy.legislators.lookup import Basis, Candidates, candidates
from advocacy.legislators.postal import DATA, PostalCode, Ridings, read_postal_code
from scripts.make_postal_table import Codes, read_areas, read_codes

AREAS = read_areas(DATA.joinpath("fsa_ridings.csv"))


@pytest.fixture(scope="module")
def own() -> Codes:
    """The rural codes with the ridings within 200 m of their points, read from the list and not from the table."""
    codes = read_codes(DATA.joinpath("postal_ridings.csv.gz"))
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


def test_7404_codes_that_their_point_puts_in_one_riding_list_several(
    own: Codes, answers: dict[str, Candidates]
) -> None:
    assert sum(len(own[code]) == 1 < len(answer.riding_codes) for code, answer in answers.items()) == 7404


def test_the_candidates_show_their_towns(answers: dict[str, Candidates]) -> None:
    several = [answer for answer in answers.values() if answer.basis is Basis.RURAL]
    assert sum(bool(answer.towns) for answer in several) >= len(several) - 2
    for answer in answers.values():
        assert set(answer.towns) <= set(answer.riding_codes)
        assert all(0 < len(towns) <= 4 for towns in answer.towns.values())
    assert not any(answer.towns for answer in answers.values() if answer.basis is Basis.CODE)


def test_k0a_1k0_lists_six_ridings_with_its_own_town_first() -> None:
    answer = candidates(read_postal_code("K0A 1K0"))
    assert answer.basis is Basis.RURAL
    assert answer.riding_codes == ("35020", "35088", "35051", "35102", "35002", "35043")
    assert answer.towns["35020"] == ("Carlsbad Springs", "Richmond", "Osgoode", "Metcalfe")
    assert answer.towns["35088"][:2] == ("Carlsbad Springs", "Embrun")
    assert answer.towns["35051"][0] == "Almonte"


def test_a_rural_code_outside_the_table_lists_its_area(own: Codes) -> None:
    unknown = PostalCode("K0A9Z9")
    assert unknown.plain not in own
    found: Ridings = candidates(unknown).riding_codes
    assert found == AREAS["K0A"]
