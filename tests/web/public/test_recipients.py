"""Whom a letter goes to is found, listed and shown; nobody is chosen where there is a doubt."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from advocacy.campaigns.campaign_files import NamedMinister
from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.exports.people_csv import Person
from advocacy.language import Language, Wording
from advocacy.legislators.directory_queries import clear_bounced, everyone, mark_bounced
from advocacy.legislators.directory_snapshot import DirectoryCache, DirectorySnapshot
from advocacy.legislators.models import Legislator
from advocacy.runtime import Runtime
from advocacy.staff.own_list import store
from advocacy.web.public.recipients import FoundRecipients, find_recipients, source_of
from advocacy.web.public.request import LetterRequest
from tests.builders import OTTAWA_CENTRE, the_campaign
from tests.web.public.visitor import Visitor
from tests.web.shared_site import NOW

NEAR, RURAL, AREA, VACANT = "H3R 3A7", "K0A 1K0", "K0A 1A1", "J2S 1A1"


@dataclass(frozen=True)
class Site:
    """What a form is read by."""

    campaign: OpenCampaign
    directory: DirectorySnapshot

    def read(self, *recipients: str, **typed: str) -> LetterRequest:
        """Read a form with these recipients chosen and these fields filled in."""
        posted = MultiDict([*typed.items(), *(("recipient", one) for one in recipients)])
        day = date(2026, 11, 25)
        return LetterRequest.of(
            self.campaign, self.directory, posted, language=Language.FR, today=day, key="a key of the tests"
        )

    def again(self, before: LetterRequest, *recipients: str, **typed: str) -> LetterRequest:
        """Read a form once more as a page carried it, with other recipients chosen."""
        carried = dict(pair for pair in before.hidden() if pair[0] != "recipient")
        return self.read(*recipients, **{**carried, **typed})


@pytest.fixture(autouse=True)
def in_application(app: Flask) -> Iterator[None]:
    """What offices set for themselves is asked of the site."""
    with app.app_context():
        yield


@pytest.fixture(scope="module")
def site(runtime: Runtime) -> Site:
    return Site(OpenCampaign.of(the_campaign()), DirectoryCache(runtime.sessions).current(NOW))


def shown(found: FoundRecipients) -> list[str]:
    everyone = (found.recipients, found.others, found.search_results, found.minister_choices, found.senator_choices)
    return [one.id for some in everyone for one in some]


def ids(letter_request: LetterRequest) -> list[str]:
    chosen: list[str] = letter_request.form.recipient.data
    return chosen


def test_the_only_member_is_chosen_once(site: Site) -> None:
    letter_request = site.read(postal_code="K1A 0A6")
    assert len(ids(letter_request)) == 1
    assert ids(site.again(letter_request)) == []


@pytest.mark.parametrize("postal_code", [NEAR, RURAL, AREA])
def test_nobody_is_chosen_among_several(site: Site, postal_code: str) -> None:
    letter_request = site.read(postal_code=postal_code)
    found = find_recipients(letter_request)
    assert ids(letter_request) == []
    assert found.which_riding
    assert len(found.recipients) > 1
    assert found.explanation
    assert found.method


def test_a_rural_code_shows_every_riding_of_its_area_with_towns(site: Site) -> None:
    found = find_recipients(site.read(postal_code=RURAL))
    assert [one.riding for one in found.recipients] == ["35020", "35088", "35051", "35102", "35002", "35043"]
    assert found.recipients[0].towns == ("Carlsbad Springs", "Richmond", "Osgoode", "Metcalfe")
    assert "grand territoire" in found.explanation


def test_a_member_who_alone_is_known_of_several_ridings_is_not_chosen(site: Site) -> None:
    letter_request = Site(site.campaign, DirectorySnapshot(site.directory.members_for(["35020"]))).read(
        postal_code=RURAL
    )
    assert ids(letter_request) == []
    found = find_recipients(letter_request)
    assert found.which_riding
    assert [one.riding for one in found.recipients] == ["35020"]


def test_of_several_ridings_the_chosen_members_is_the_citizens(site: Site) -> None:
    letter_request = site.read(postal_code=NEAR)
    assert letter_request.own_ridings == frozenset()
    second = find_recipients(letter_request).recipients[1]
    assert site.again(letter_request, second.id).own_ridings == {second.riding}


def test_the_postal_codes_own_riding_is_the_citizens_whoever_is_written_to(site: Site) -> None:
    assert site.again(site.read(postal_code="K1A 0A6")).own_ridings == {OTTAWA_CENTRE}


def test_a_riding_the_citizen_names_goes_before_the_postal_codes(site: Site) -> None:
    letter_request = site.read(postal_code="K1A 0A6", riding="35002")
    assert letter_request.own_ridings == {"35002"}
    [member] = find_recipients(letter_request).recipients
    assert member.riding == "35002"
    assert ids(letter_request) == [member.id]


@pytest.mark.parametrize("riding", ["", "99999", "Ottawa", "' OR 1=1"])
def test_a_riding_that_does_not_exist_is_passed_over(site: Site, riding: str) -> None:
    assert site.read(postal_code="K1A 0A6", riding=riding).own_ridings == {OTTAWA_CENTRE}


def test_another_postal_code_lets_the_former_member_go_and_keeps_who_was_added(site: Site) -> None:
    before = site.read(postal_code="K1A 0A6")
    senator = find_recipients(before).senator_choices[0].id
    after = site.again(before, *ids(before), senator, postal_code="V6B 1A1")
    assert ids(before)[0] not in ids(after)
    assert senator in ids(after)
    assert len(ids(after)) == 2


def test_nobody_is_shown_twice(site: Site) -> None:
    letter_request = site.read(postal_code="K1A 0A6", search="Ontario")
    found = find_recipients(letter_request)
    added = site.again(letter_request, *ids(letter_request), found.minister_choices[0].id, found.senator_choices[0].id)
    again = shown(find_recipients(added))
    assert len(again) == len(set(again))


def chose(site: Site, before: LetterRequest, *recipients: str, **typed: str) -> LetterRequest:
    return site.again(before, *recipients, **{"province": before.form.province.data, **typed})


def test_the_province_follows_the_place_and_a_choice_by_hand_stays_until_the_place_changes(site: Site) -> None:
    ottawa = chose(site, site.read(postal_code="K1A 0A6"), province="ON")
    alberta = chose(site, ottawa, postal_code="T0A 1A0")
    assert alberta.form.province.data == "AB", "three ridings, all of one province"
    assert chose(site, alberta, find_recipients(alberta).recipients[1].id).form.province.data == "AB"
    by_hand = chose(site, alberta, province="SK")
    assert by_hand.form.province.data == "SK"
    assert chose(site, by_hand, *ids(by_hand)).form.province.data == "SK"
    assert chose(site, by_hand, postal_code="K1A 0A6").form.province.data == "ON"


def test_the_province_is_the_chosen_ridings_whatever_the_postal_code_begins_with(site: Site) -> None:
    gatineau = chose(site, site.read(postal_code="K1A 0A6", province="ON"), postal_code="K1A 0C9")
    assert gatineau.form.province.data == "QC"
    gatineau.check()
    assert "province" not in gatineau.form.errors
    both = chose(site, gatineau, postal_code="K1A 9Z9")
    assert both.provinces == ["ON", "QC"]
    ridings = find_recipients(both).recipients
    for one in (*ridings, *ridings):
        both = chose(site, both, one.id)
        assert both.form.province.data == ("QC" if one.riding.startswith("24") else "ON")


def test_where_no_riding_is_found_the_province_of_the_place_before_goes(site: Site) -> None:
    ottawa = chose(site, site.read(postal_code="K1A 0A6"), province="ON")
    assert chose(site, ottawa, postal_code="X9Z 9Z9").form.province.data == ""
    assert chose(site, ottawa, postal_code="X9Z 9Z9", province="NU").form.province.data == "NU"


def test_senators_are_those_of_the_province_and_the_minister_responsible_comes_first(site: Site) -> None:
    letter_request = site.read(postal_code="K1A 0A6")
    found = find_recipients(letter_request)
    assert letter_request.provinces == ["ON"]
    assert {one.place for one in found.senator_choices} == {"Ontario"}
    assert [(one.name, one.bills) for one in found.minister_choices[:2]] == [
        ("Marc Miller", ("C-34",)),
        ("Mark Carney", ()),
    ]
    assert not any(one.bills for one in found.minister_choices[1:])


def test_a_member_of_another_riding_is_told_apart_from_ones_own(site: Site) -> None:
    elsewhere = find_recipients(site.read(postal_code="V6B 1A1")).recipients[0]
    found = find_recipients(site.read(elsewhere.id, postal_code="K1A 0A6"))
    assert found.other_members == [elsewhere.name]
    assert [one.id for one in found.others] == [elsewhere.id]
    assert find_recipients(site.read(postal_code="K1A 0A6")).other_members == []


def test_a_vacant_seat_is_shown_and_can_be_written_to(site: Site) -> None:
    letter_request = site.read(postal_code=VACANT)
    [seat] = find_recipients(letter_request).recipients
    assert seat.vacant
    assert seat.name == "Siège vacant"
    assert any("vacant" in notice for notice in seat.notices)
    assert letter_request.recipients[0].id == seat.id


def test_a_member_is_shown_with_party_and_telephone_where_the_directory_has_them(site: Site) -> None:
    [member] = find_recipients(site.read(postal_code="K1A 0A6")).recipients
    row = site.directory.row(member.id)
    assert row is not None
    assert member.party == (row.party.in_language(Language.FR) if row.party else "")
    assert member.telephone == next((one.telephone for one in row.addresses if one.telephone), "")


def test_an_id_that_nobody_has_is_an_error(site: Site) -> None:
    letter_request = site.read("nobody-1", postal_code="K1A 0A6")
    assert len(letter_request.recipients) == 1
    assert letter_request.form.forged == {"recipient"}


def test_the_citizens_own_member_comes_first(site: Site) -> None:
    letter_request = site.read(postal_code="K1A 0A6")
    minister = find_recipients(letter_request).minister_choices[0].id
    both = site.again(letter_request, minister, *ids(letter_request))
    assert [row.id for row in both.recipients] == [*ids(letter_request), minister]


def test_a_campaign_to_one_chamber_offers_no_other(site: Site) -> None:
    file = site.campaign.file.model_copy(update={"chambers": ("senate",), "ministers": ()})
    narrow = Site(replace(site.campaign, file=file), site.directory)
    found = find_recipients(narrow.read(postal_code="K1A 0A6", search="Naqvi", province="ON"))
    assert not found.recipients
    assert not found.search_results
    assert not found.minister_choices
    assert found.senator_choices
    [member] = find_recipients(site.read(postal_code="K1A 0A6")).recipients
    assert narrow.read(member.id).recipients == []


def test_a_campaign_to_the_house_offers_a_minister_only_as_the_citizens_own_member(site: Site) -> None:
    minister = next(row for row in site.directory.ministers if row.riding_code)
    alone = {"chambers": ("house-of-commons",), "ministers": ()}
    house = Site(replace(site.campaign, file=site.campaign.file.model_copy(update=alone)), site.directory)
    elsewhere = house.read(minister.id, postal_code="K1A 0A6", search=minister.name)
    found = find_recipients(elsewhere)
    assert minister not in elsewhere.recipients
    assert not found.minister_choices
    assert minister.id not in {one.id for one in found.search_results}
    assert [one.id for one in find_recipients(house.read(riding=minister.riding_code or "")).recipients] == [
        minister.id
    ]


def test_a_named_minister_is_offered_to_everyone_and_no_other(site: Site) -> None:
    health = (NamedMinister(portfolio="Minister of Health"),)
    file = site.campaign.file.model_copy(update={"chambers": ("house-of-commons",), "ministers": health})
    found = find_recipients(Site(replace(site.campaign, file=file), site.directory).read(postal_code="K1A 0A6"))
    assert [one.role for one in found.minister_choices] == ["Ministre de la Santé"]


def test_the_directory_is_read_anew_only_when_a_list_changed(runtime: Runtime) -> None:
    directory = DirectoryCache(runtime.sessions)
    first = directory.current(NOW)
    assert directory.current(NOW.replace(second=59)) is first
    with runtime.sessions.begin() as session:
        mark_bounced(session, "mp-yasir-naqvi", now=NOW, reason="550")
    assert directory.current(NOW.replace(second=59)) is first, "it is asked once a second"
    assert directory.current(NOW.replace(minute=1)) is not first
    with runtime.sessions.begin() as session:
        clear_bounced(session, "yasir.naqvi@parl.gc.ca")


@pytest.mark.parametrize("postal_code", ["K1A 0A6", NEAR, VACANT])
def test_every_answer_says_where_it_comes_from(app: Flask, postal_code: str) -> None:
    visitor = Visitor.of(app).post("write", {"postal_code": postal_code, "go": "find"})
    assert "A suggestion to confirm" in visitor.button("#searching").get_text(" ")
    assert "as of" in visitor.button("#searching .listed").get_text()
    for group in visitor.page.select(".adding fieldset"):
        listed = group.select_one(".listed")
        assert listed is not None
        assert "as of" in listed.get_text()


@pytest.mark.parametrize(
    ("language", "age", "said"),
    [
        (Language.EN, 90, "ourcommons.ca, as of"),
        (Language.FR, 90, "noscommunes.ca, en date du"),
        (Language.EN, 123, "(4 months ago: check before you write)"),
        (Language.FR, 123, "(il y a 4 mois\u00a0: vérifiez avant d’écrire)"),
    ],
)
def test_a_list_is_named_in_the_readers_language_with_its_age(language: Language, age: int, said: str) -> None:
    row = Legislator(source="ourcommons.ca", as_of=NOW.date() - timedelta(days=age))
    text = source_of(row, NOW.date()).in_language(language)
    assert said in text
    assert ("months ago" in text or "mois" in text) is (age > 90)


def test_a_list_of_ones_own_is_chosen_from_and_nobody_else_is_offered(site: Site, runtime: Runtime) -> None:
    people = [Person("Ada Roy", title=Wording.same("Chair"), email="ada@example.ca"), Person("Bo Li", email="b@c.ca")]
    with runtime.sessions() as session:
        store(session, site.campaign.name, people, by=None, now=NOW)
        directory = DirectorySnapshot(everyone(session, own_list=site.campaign.name))
        session.expunge_all()
        session.rollback()
    file = site.campaign.file.model_copy(update={"chambers": (), "ministers": (), "own_list": True})
    own = Site(replace(site.campaign, file=file), directory)
    request = own.read()
    found = find_recipients(request)
    assert sorted(one.name for one in found.own_choices) == ["Ada Roy", "Bo Li"]
    assert not request.takes_postal_code
    assert not (found.minister_choices)
    assert not (found.senator_choices)
    assert not (found.recipients)
    chosen = own.read(next(one.id for one in found.own_choices if one.name == "Ada Roy"))
    assert [row.name for row in chosen.recipients] == ["Ada Roy"]
    assert "recipient" not in chosen.form.all_errors
    assert "postal_code" not in chosen.form.all_errors
    assert [one.id for one in find_recipients(own.read(search="Naqvi")).search_results] == []
