"""Whom a letter goes to is found, listed and said; nobody is chosen where there is a doubt."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from advocacy.campaigns.opened import OpenCampaign
from advocacy.language import Language
from advocacy.parts import Parts
from advocacy.web.public.desk import Desk
from advocacy.web.public.draft import Draft
from advocacy.web.public.listing import Held, Listing
from advocacy.web.public.recipients import Found, chosen, find, own_ridings, settled
from tests.builders import OTTAWA_CENTRE, the_campaign
from tests.web.conftest import NOW
from tests.web.public.visitor import Visitor

NEAR, RURAL, AREA, VACANT = "H3R 3A7", "K0A 1K0", "K0A 1A1", "J2S 1A1"


@pytest.fixture(scope="module")
def desk(parts: Parts) -> Desk:
    campaign = OpenCampaign.of(the_campaign())
    return Desk(campaign, Held(parts.sessions).current(NOW), Language.FR, date(2026, 11, 25))


def a_draft(desk: Desk, *recipients: str, **typed: str) -> Draft:
    return settled(Draft(typed, recipients), desk)


def shown(found: Found) -> list[str]:
    everyone = (found.recipients, found.others, found.search_results, found.minister_choices, found.senator_choices)
    return [one.id for some in everyone for one in some]


def test_the_only_member_is_chosen_once(desk: Desk) -> None:
    draft = a_draft(desk, postal_code="K1A 0A6")
    assert len(draft.recipients) == 1
    undone = settled(draft.with_recipients([]), desk)
    assert undone.recipients == ()


@pytest.mark.parametrize("postal_code", [NEAR, RURAL, AREA])
def test_nobody_is_chosen_among_several(desk: Desk, postal_code: str) -> None:
    draft = a_draft(desk, postal_code=postal_code)
    found = find(draft, desk)
    assert draft.recipients == ()
    assert found.which
    assert len(found.recipients) > 1
    assert found.explanation
    assert found.provenance


def test_a_rural_code_shows_every_riding_of_its_area_with_towns(desk: Desk) -> None:
    found = find(a_draft(desk, postal_code=RURAL), desk)
    assert [one.riding for one in found.recipients] == ["35020", "35088", "35051", "35102", "35002", "35043"]
    assert found.recipients[0].towns == ("Carlsbad Springs", "Richmond", "Osgoode", "Metcalfe")
    assert "grand territoire" in found.explanation


def test_a_member_who_alone_is_known_of_several_ridings_is_not_chosen(desk: Desk) -> None:
    alone = replace(desk, listing=Listing(desk.listing.members_for(["35020"])))
    draft = a_draft(alone, postal_code=RURAL)
    assert draft.recipients == ()
    found = find(draft, alone)
    assert found.which
    assert [one.riding for one in found.recipients] == ["35020"]


def test_no_towns_are_shown_where_there_is_no_riding_to_choose(desk: Desk) -> None:
    [one] = find(a_draft(desk, postal_code="K1A 0A6"), desk).recipients
    assert one.towns == ()
    [named] = find(a_draft(desk, postal_code=RURAL, riding="35051"), desk).recipients
    assert named.towns == ()


def test_of_several_ridings_the_chosen_members_is_the_citizens(desk: Desk) -> None:
    draft = a_draft(desk, postal_code=NEAR)
    assert own_ridings(draft, desk.listing) == frozenset()
    second = find(draft, desk).recipients[1]
    assert own_ridings(draft.with_recipients([second.id]), desk.listing) == {second.riding}


def test_the_postal_codes_own_riding_is_the_citizens_whoever_is_written_to(desk: Desk) -> None:
    draft = a_draft(desk, postal_code="K1A 0A6")
    assert own_ridings(draft.with_recipients([]), desk.listing) == {OTTAWA_CENTRE}


def test_a_riding_the_citizen_names_goes_before_the_postal_codes(desk: Desk) -> None:
    draft = a_draft(desk, postal_code="K1A 0A6", riding="35002")
    assert own_ridings(draft, desk.listing) == {"35002"}
    assert [one.riding for one in find(draft, desk).recipients] == ["35002"]
    assert draft.recipients == (find(draft, desk).recipients[0].id,)


@pytest.mark.parametrize("riding", ["", "99999", "Ottawa", "' OR 1=1"])
def test_a_riding_that_does_not_exist_is_passed_over(desk: Desk, riding: str) -> None:
    assert own_ridings(a_draft(desk, postal_code="K1A 0A6", riding=riding), desk.listing) == {OTTAWA_CENTRE}


def test_another_postal_code_lets_the_former_member_go_and_keeps_who_was_added(desk: Desk) -> None:
    draft = a_draft(desk, postal_code="K1A 0A6")
    senator = find(draft, desk).senator_choices[0].id
    moved = settled(draft.with_recipients([*draft.recipients, senator]).with_typed(postal_code="V6B 1A1"), desk)
    assert draft.recipients[0] not in moved.recipients
    assert senator in moved.recipients
    assert len(moved.recipients) == 2


def test_nobody_is_shown_twice(desk: Desk) -> None:
    draft = a_draft(desk, postal_code="K1A 0A6", search="Ontario")
    found = find(draft, desk)
    added = draft.with_recipients([*draft.recipients, found.minister_choices[0].id, found.senator_choices[0].id])
    again = shown(find(added, desk))
    assert len(again) == len(set(again))


def test_senators_are_those_of_the_province_and_the_minister_responsible_comes_first(desk: Desk) -> None:
    found = find(a_draft(desk, postal_code="K1A 0A6"), desk)
    assert {one.place for one in found.senator_choices} == {"Ontario"}
    assert [(one.name, one.bills) for one in found.minister_choices[:2]] == [
        ("Marc Miller", ("C-34",)),
        ("Mark Carney", ()),
    ]
    assert not any(one.bills for one in found.minister_choices[1:])
    assert found.province == "ON"


def test_a_member_of_another_riding_is_told_apart_from_ones_own(desk: Desk) -> None:
    elsewhere = find(a_draft(desk, postal_code="V6B 1A1"), desk).recipients[0]
    draft = a_draft(desk, elsewhere.id, postal_code="K1A 0A6")
    found = find(draft, desk)
    assert found.other_members == [elsewhere.name]
    assert [one.id for one in found.others] == [elsewhere.id]
    assert find(a_draft(desk, postal_code="K1A 0A6"), desk).other_members == []


def test_a_vacant_seat_is_said_and_can_be_written_to(desk: Desk) -> None:
    draft = a_draft(desk, postal_code=VACANT)
    [seat] = find(draft, desk).recipients
    assert seat.vacant
    assert seat.name == "Siège vacant"
    assert any("vacant" in notice for notice in seat.notices)
    assert chosen(draft, desk)[0][0].id == seat.id


def test_a_postal_code_that_cannot_be_read_is_told(desk: Desk) -> None:
    assert "code postal" in find(a_draft(desk, postal_code="12345"), desk).refusal
    assert find(a_draft(desk, postal_code=" "), desk).refusal == ""


def test_ids_nobody_has_are_told_apart(desk: Desk) -> None:
    known, unknown = chosen(a_draft(desk, "nobody-1", postal_code="K1A 0A6"), desk)
    assert len(known) == 1
    assert unknown == ["nobody-1"]


def test_the_citizens_own_member_comes_first(desk: Desk) -> None:
    draft = a_draft(desk, postal_code="K1A 0A6")
    minister = find(draft, desk).minister_choices[0].id
    known, _ = chosen(draft.with_recipients([minister, *draft.recipients]), desk)
    assert [row.id for row in known] == [*draft.recipients, minister]


def test_a_campaign_to_one_chamber_offers_no_other(desk: Desk) -> None:
    only = OpenCampaign(
        desk.campaign.name,
        desk.campaign.file.model_copy(update={"chambers": ("senate",)}),
        desk.campaign.survey,
        desk.campaign.letters,
    )
    narrow = Desk(only, desk.listing, desk.language, desk.today)
    found = find(a_draft(narrow, postal_code="K1A 0A6", search="Naqvi", province="ON"), narrow)
    assert not found.recipients
    assert not found.search_results
    assert not found.minister_choices
    assert found.senator_choices
    assert chosen(Draft({}, (find(a_draft(desk, postal_code="K1A 0A6"), desk).recipients[0].id,)), narrow)[0] == []


def test_the_directory_is_read_anew_only_when_a_list_changed(parts: Parts) -> None:
    held = Held(parts.sessions)
    first = held.current(NOW)
    assert held.current(NOW.replace(second=59)) is first
    assert held.current(NOW.replace(minute=1)) is not first


@pytest.mark.parametrize("postal_code", ["K1A 0A6", NEAR, VACANT, "V9Z 9Z9"])
def test_every_answer_says_where_it_comes_from(app: Flask, postal_code: str) -> None:
    visitor = Visitor.of(app).post("write", {"postal_code": postal_code, "go": "find"})
    told = visitor.button("#recipient").get_text(" ")
    assert "A suggestion to confirm" in told
    lists = [one.get_text() for one in visitor.page.select("#recipient .listed")]
    assert len(lists) == len(visitor.page.select("#recipient fieldset:has(.pick)"))
    assert all("as of" in one and one.endswith("not an official list") for one in lists)


def test_what_a_search_finds_says_where_it_comes_from(app: Flask) -> None:
    visitor = Visitor.of(app).post("write", {"search": "Naqvi", "go": "search"})
    assert "not an official list" in visitor.button("#found .listed").get_text()
