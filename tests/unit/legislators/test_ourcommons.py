"""The House's own list is joined over its languages; unsafe or unequal lists are refused."""

from datetime import date
from pathlib import Path

import pytest

from advocacy.language import Language, Wording
from advocacy.legislators.sources import ourcommons
from advocacy.legislators.sources.http_client import SourceError

SHAPES = Path(__file__).parents[2] / "data" / "shapes"
BODIES = {language: (SHAPES / f"ourcommons_members_{language}.xml").read_bytes() for language in Language}
CODES = {
    "Ahuntsic-Cartierville": "24003",
    "Saint-Jean": "24069",
    "Nepean": "35067",
    "Ottawa-Centre": "35079",
    "Vancouver East": "59037",
}


def fetch(url: str) -> bytes:
    return BODIES[Language.FR if "/fr/" in url else Language.EN]


def test_members_are_joined_on_their_number_and_found_by_either_name_of_the_riding() -> None:
    records = {record.source_id: record for record in ourcommons.members(fetch, CODES.get)}
    carney, naqvi = records["28286"], records["110572"]
    assert len(records) == 5
    assert (carney.name, carney.honorific, carney.privy_councillor) == ("Mark Carney", "Right Hon.", True)
    assert (naqvi.riding_code, naqvi.privy_councillor) == ("35079", False)
    assert records["89346"].party == Wording.of(en="NDP", fr="NPD")
    assert carney.since == date(2025, 4, 28)
    assert carney.email is None


def test_a_riding_that_is_not_known_refuses_the_list() -> None:
    with pytest.raises(SourceError, match="Vancouver East / Vancouver-Est"):
        ourcommons.members(fetch, {**CODES, "Vancouver East": None}.get)


def test_lists_of_different_people_are_not_joined() -> None:
    english = ourcommons.read_members(BODIES[Language.EN])
    french = {number: member for number, member in english.items() if number != "28286"}
    with pytest.raises(SourceError, match="other members in one language"):
        ourcommons.join({Language.EN: english, Language.FR: french}, CODES.get)


BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE bomb [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<ArrayOfMemberOfParliament><MemberOfParliament><PersonId>&b;</PersonId></MemberOfParliament></ArrayOfMemberOfParliament>"""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (BOMB, "declarations of its own"),
        (BOMB.replace(b"DOCTYPE", b"doctype"), "declarations of its own"),
        (BOMB.decode().encode("utf-16"), "something else"),
        (b"", "something else"),
        (b"<html>", "something else"),
        (b"<ArrayOfMemberOfParliament/>", "without members"),
        (BODIES[Language.EN].replace(b"<PersonId>28286</PersonId>", b""), "without numbers"),
    ],
)
def test_what_is_no_plain_list_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        ourcommons.read_members(body)


def test_a_member_whose_term_has_ended_is_left_out() -> None:
    ended = BODIES[Language.EN].replace(b'<ToDateTime xsi:nil="true" />', b"<ToDateTime>2026-01-01</ToDateTime>", 1)
    assert "88384" not in ourcommons.read_members(ended)
