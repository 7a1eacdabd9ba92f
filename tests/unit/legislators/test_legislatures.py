"""Legislatures are data, and a slip in them is told by file and line."""

import pytest

from advocacy.language import Language
from advocacy.legislators.legislatures import (
    COMMONS,
    DATA,
    SENATE,
    Province,
    Seats,
    UnknownChamber,
    legislatures,
    read_legislatures,
    read_province,
)
from advocacy.legislators.recipient import Office
from advocacy.toml_source import TomlProblems
from tests.builders import a_member, a_minister, a_senator

TEXT = DATA.joinpath("legislatures.toml").read_text("utf-8")


def problem(old: str, new: str) -> str:
    """Read the shipped file with one change, and return the only complaint."""
    assert old in TEXT
    with pytest.raises(TomlProblems) as caught:
        read_legislatures(TEXT.replace(old, new, 1), file="legislatures.toml")
    (found,) = caught.value.problems
    return str(found)


def test_the_offices_of_all_chambers_are_all_offices_but_that_of_an_own_list() -> None:
    offices = {office for chamber in legislatures().chambers for office in chamber.offices}
    assert offices == set(Office) - {Office.OFFICIAL}


def test_a_recipient_without_a_stored_chamber_has_the_one_of_their_office() -> None:
    chambers = [legislatures().chamber_of(one) for one in (a_member(), a_minister(), a_senator())]
    assert [chamber.key for chamber in chambers if chamber] == [COMMONS, COMMONS, SENATE]


def test_a_word_of_a_list_tells_the_province_where_only_one_has_it() -> None:
    roles = legislatures().roles
    assert (roles["MPP"].province, roles["MLA"].province, roles["Premier"].office) == ("ON", None, Office.PREMIER)
    assert roles["MP"].office is None


def test_an_assembly_is_known_by_its_province_and_an_unknown_one_is_named() -> None:
    assert legislatures().chamber("assembly", "QC").name[Language.FR] == "Assemblée nationale du Québec"
    assert legislatures().chamber(COMMONS, "QC").seats is Seats.RIDING
    with pytest.raises(UnknownChamber, match="declares no chamber “lords”"):
        legislatures().chamber("lords")


def test_an_address_of_one_office_is_used_once_it_is_verified() -> None:
    unverified = 'status = "unverified"\nsource = "Widely printed'
    verified = read_legislatures(TEXT.replace(unverified, unverified.replace("un", "", 1), 1), file="legislatures.toml")
    cities = [data.chamber(COMMONS).address_of(Office.PRIME_MINISTER) for data in (legislatures(), verified)]
    assert [city.postal_code for city in cities if city] == ["K1A 0A6", "K1A 0A2"]


def test_a_chamber_that_is_there_twice_is_told() -> None:
    assert "“senate” is declared twice" in problem('slug = "house-of-commons"', 'slug = "senate"')
    assert "“assembly” is declared twice" in problem('province = "BC"', 'province = "AB"')


@pytest.mark.parametrize(
    ("typed", "province"),
    [
        ("ON", Province.ON),
        ("Québec", Province.QC),
        ("Ile du Prince-Edouard", Province.PE),
        ("P.E.I.", Province.PE),
        ("Ottawa", None),
        ("", None),
    ],
)
def test_a_province_is_read_however_typed(typed: str, province: Province | None) -> None:
    assert read_province(typed) is province


def test_a_legislature_of_a_province_has_the_identifier_of_its_division() -> None:
    for legislature in legislatures().legislatures:
        if legislature.province:
            assert legislature.division is not None
            assert legislature.division.endswith(f":{legislature.province.lower()}")
