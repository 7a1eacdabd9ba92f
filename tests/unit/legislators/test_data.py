"""The shipped tables of facts keep the counts and ties that they were compiled with."""

import re
from collections import Counter

from advocacy.language import Language
from advocacy.legislators.legislatures import Province
from advocacy.legislators.models import Status
from advocacy.legislators.postal_codes import area_candidates, candidates, read_postal_code
from advocacy.legislators.seed import member_record, rows_of, senator_record

SEATS = {"ON": 122, "QC": 78, "BC": 43, "AB": 37, "MB": 14, "SK": 14, "NS": 11, "NB": 10, "NL": 7, "PE": 4}
SEATS |= {"YT": 1, "NT": 1, "NU": 1}


def test_provinces_are_named_in_the_tables_as_in_the_code() -> None:
    for row in [*rows_of("ridings.csv"), *rows_of("senators.csv"), *rows_of("members_of_parliament.csv")]:
        wording = Province(row["province"]).wording
        assert (row["province_en"], row["province_fr"]) == (
            wording.in_language(Language.EN),
            wording.in_language(Language.FR),
        )


def test_every_riding_has_one_row_in_the_house() -> None:
    members, ridings = list(rows_of("members_of_parliament.csv")), list(rows_of("ridings.csv"))
    assert [row["fed_code"] for row in members] == [row["fed_code"] for row in ridings]
    assert [row["riding_fr"] for row in members] == [row["name_fr"] for row in ridings]


def test_members_are_counted_by_standing() -> None:
    records = list(map(member_record, rows_of("members_of_parliament.csv")))
    assert Counter(record.status for record in records) == {
        Status.SITTING: 334,
        Status.DEPARTURE_ANNOUNCED: 2,
        Status.ELECTED_SINCE: 3,
        Status.VACANT: 4,
    }
    vacant = {record.riding_code for record in records if record.status is Status.VACANT}
    assert vacant == {"24066", "35015", "35095", "47014"}


def test_the_336_email_addresses_are_unique_and_none_is_made_up() -> None:
    records = list(map(member_record, rows_of("members_of_parliament.csv")))
    emails = [record.email.casefold() for record in records if record.email]
    assert (len(emails), len(set(emails))) == (336, 336)
    assert not any(record.email for record in records if record.status in {Status.VACANT, Status.ELECTED_SINCE})


def test_the_senate_has_96_senators_of_whom_four_are_past_retirement_and_none_has_an_email() -> None:
    records = list(map(senator_record, rows_of("senators.csv")))
    assert Counter(record.status for record in records) == {Status.SITTING: 92, Status.PAST_RETIREMENT: 4}
    assert not any(record.email for record in records)
    assert len({record.source_id for record in records}) == 96


def test_the_whole_ministry_are_members_in_office_by_number_and_riding() -> None:
    ministers = list(rows_of("ministers.csv"))
    members = {row["person_id"]: row for row in rows_of("members_of_parliament.csv")}
    assert Counter(row["role_en"].startswith("Secretary of State") for row in ministers) == {False: 28, True: 10}
    assert len({row["person_id"] for row in ministers}) == 38
    for minister in ministers:
        member = members[minister["person_id"]]
        assert (member["fed_code"], member["name"]) == (minister["fed_code"], minister["name"])
        assert (member["status"], bool(member["honorific"])) == ("sitting", True)
        assert all(minister[column] for column in ("role_en", "role_fr"))
        assert "'" not in minister["role_en"] + minister["role_fr"]


def test_what_is_said_of_a_minister_or_a_speaker_has_a_source() -> None:
    for row in [*rows_of("ministers.csv"), *rows_of("speakers.csv")]:
        assert row["gender"] in {"", "f", "m"}
        assert row["honorific"] in {"", "Hon.", "Right Hon."}
        assert row["source"]
    for minister in rows_of("ministers.csv"):
        assert re.fullmatch(r"|[CS]-\d+(?: [CS]-\d+)*", minister["responsible_for"])
    assert {row["name"]: row["responsible_for"] for row in rows_of("ministers.csv") if row["responsible_for"]} == {
        "Marc Miller": "C-34"
    }


def test_a_senators_gender_is_never_without_the_page_that_names_a_senateur_or_a_senatrice() -> None:
    senators = list(rows_of("senators.csv"))
    assert Counter(row["gender"] for row in senators) == {"f": 47, "m": 33, "": 16}
    for row in senators:
        assert bool(row["gender"]) == bool(row["gender_source"])
        assert "\\" not in row["senatorial_division"]


def test_well_known_places_are_where_they_should_be() -> None:
    assert candidates(read_postal_code("K1A 0A6")).riding_codes == ("35079",)
    assert area_candidates("M5V").riding_codes[0] == "35100"
    assert area_candidates("H2Y").riding_codes == ("24037",)
    assert candidates(read_postal_code("H3R 3A7")).riding_codes == ("24048", "24053")
