"""Whom a row's letter goes to is read from one copy of the directory; several who fit are never chosen between."""

from datetime import date

import pytest

from advocacy.exports.merge.addressees import (
    ELSEWHERE,
    NO_MEMBER,
    NO_RIDING,
    NOBODY,
    SEVERAL,
    UNPLACED,
    WHOM,
    Addressees,
    Unaddressed,
)
from advocacy.language import Language, Wording
from advocacy.legislators.directory_queries import NOTICES, RidingNames
from advocacy.legislators.models import Status
from tests.builders import OTTAWA_CENTRE, TODAY
from tests.unit.exports.merge.sheets import EMPTY_SEAT, OUTREMONT, someone, the_addressees


def test_a_postal_code_of_one_riding_gives_its_member() -> None:
    found = the_addressees().find({"postal_code": "K1A 0A6"})
    assert found.recipient.id == f"mp-{OTTAWA_CENTRE}"
    assert found.ridings == {OTTAWA_CENTRE}
    assert found.notes == ()


@pytest.mark.parametrize("typed", [OUTREMONT, "Outremont", " outremont "])
def test_a_riding_is_known_by_number_and_name(typed: str) -> None:
    found = the_addressees().find({"riding": typed, "postal_code": "H3R 3A7"})
    assert found.recipient.id == f"mp-{OUTREMONT}"
    assert found.notes == ()


def test_a_postal_code_of_elsewhere_is_noted_and_the_riding_counts() -> None:
    found = the_addressees().find({"riding": OUTREMONT, "postal_code": "K1A 0A6"})
    assert found.ridings == {OUTREMONT}
    assert found.notes == (ELSEWHERE,)


def test_a_legislator_is_written_to_as_a_constituent_of_the_postal_codes_ridings() -> None:
    found = the_addressees().find({"legislator": "senator-1", "postal_code": "H3R 3A7"})
    assert found.recipient.id == "senator-1"
    assert found.ridings == {OUTREMONT, "24048"}


def test_what_should_be_known_of_a_seat_is_noted() -> None:
    assert the_addressees().find({"riding": EMPTY_SEAT}).notes == (NOTICES[Status.VACANT],)
    retired = someone(None, id="senator-2", retires_on=date(2026, 11, 24))
    assert the_addressees(retired).find({"legislator": "senator-2"}).notes == (NOTICES[Status.PAST_RETIREMENT],)
    assert the_addressees(retired, today=date(2026, 11, 23)).find({"legislator": "senator-2"}).notes == ()


@pytest.mark.parametrize(
    ("cells", "key", "reason"),
    [
        ({}, "", WHOM),
        ({"riding": " ", "postal_code": ""}, "", WHOM),
        ({"legislator": "mp-nobody"}, "legislator", NOBODY),
        ({"riding": "Springfield"}, "riding", NO_RIDING),
        ({"riding": "Springfield", "postal_code": "K1A 0A6"}, "riding", NO_RIDING),
        ({"postal_code": "V6B 1A1"}, "postal_code", UNPLACED),
    ],
)
def test_what_gives_no_one_recipient_is_refused(cells: dict[str, str], key: str, reason: Wording) -> None:
    with pytest.raises(Unaddressed) as refused:
        the_addressees().find(cells)
    assert (refused.value.key, refused.value.reason) == (key, reason)


def test_of_several_ridings_each_is_told_with_its_number_its_name_and_its_towns() -> None:
    with pytest.raises(Unaddressed) as refused:
        the_addressees().find({"postal_code": "H3R 3A7"})
    assert refused.value.key == "postal_code"
    assert (
        "possible: 24048 Mount Royal (Mont-Royal); 24053 Outremont. Write the number"
        in refused.value.reason.in_language(Language.EN)
    )
    assert "possibles\u00a0: 24048 Mont-Royal (Mont-Royal); 24053 Outremont." in refused.value.reason.in_language(
        Language.FR
    )


def test_a_rural_postal_code_is_not_decided_by_its_point() -> None:
    with pytest.raises(Unaddressed) as refused:
        the_addressees().find({"postal_code": "K0A 1K0"})
    assert "35020 (Carlsbad Springs, Richmond, Osgoode, Metcalfe); 35088" in refused.value.reason.in_language(
        Language.EN
    )
    found = the_addressees().find({"legislator": "senator-1", "postal_code": "K0A 1K0"})
    assert len(found.ridings) == 6


def test_a_riding_without_anyone_in_the_directory_is_refused() -> None:
    names = RidingNames({"24048": ["Mount Royal"]}, {"24048": "QC"})
    with pytest.raises(Unaddressed) as refused:
        Addressees([], names, TODAY).find({"riding": "24048"})
    assert refused.value.reason == NO_MEMBER


def test_a_riding_of_two_members_in_the_directory_is_refused() -> None:
    with pytest.raises(Unaddressed) as refused:
        the_addressees(someone("24048", id="another")).find({"riding": "24048"})
    assert refused.value.reason == SEVERAL
