"""A newer list is merged whole or not at all: people recognised, leavers kept, facts neither lost nor guessed."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session, sessionmaker

from advocacy.language import Language, Wording
from advocacy.legislators import directory_queries
from advocacy.legislators.legislatures import COMMONS, SENATE
from advocacy.legislators.list_merge import ListRejected, ListTooShort, MergeResult, merge
from advocacy.legislators.models import Legislator, SourceRecord, Status, to_recipient
from advocacy.legislators.recipient import Gender, Office

Sessions = sessionmaker[Session]
AS_OF = date(2026, 12, 1)


def present_house(session: Session) -> dict[str, SourceRecord]:
    """The House as a source might list it: names, ridings, numbers, and nothing that it does not know."""
    rows = [row for row in directory_queries.everyone(session) if row.chamber == COMMONS and not row.vacant]
    return {
        row.id: SourceRecord(
            chamber=COMMONS,
            name=row.name,
            first_name=row.first_name,
            last_name=row.last_name,
            source_id=row.source_id,
            riding_code=row.riding_code,
        )
        for row in rows
    }


def bring(session: Session, records: dict[str, SourceRecord], *, accept_shorter: bool = False) -> MergeResult:
    return merge(session, records.values(), source="a source", as_of=AS_OF, accept_shorter=accept_shorter)


def found(session: Session, legislator_id: str) -> Legislator:
    row = session.get(Legislator, legislator_id)
    assert row is not None
    return row


def test_the_same_list_again_loses_no_fact(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        merged = bring(session, present_house(session))
        assert (merged.added, merged.left, merged.total) == ((), (), 339)
        assert set(merged.changed) == {"mp-daniel-gobeil", "mp-tanveer-shahnawaz", "mp-braeden-caley"}
    with directory_sessions.begin() as session:
        joly = found(session, "mp-melanie-joly")
        assert (joly.office, joly.email) == (Office.MINISTER, "melanie.joly@parl.gc.ca")
        assert (joly.source, joly.as_of) == ("a source", AS_OF)
        assert found(session, "mp-steven-guilbeault").status is Status.DEPARTURE_ANNOUNCED
        assert found(session, "seat-35015").status is Status.VACANT
        assert found(session, "mp-tanveer-shahnawaz").note == ""
        assert "Larry Brock" in found(session, "seat-35015").note
        assert len(directory_queries.everyone(session)) == 439


def test_a_leaver_is_kept_and_marked_and_the_seat_falls_vacant(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        house = present_house(session)
        del house["mp-yasir-naqvi"]
        assert bring(session, house).left == ("mp-yasir-naqvi",)
    with directory_sessions.begin() as session:
        assert found(session, "mp-yasir-naqvi").status is Status.LEFT
        assert found(session, "mp-yasir-naqvi").email == "yasir.naqvi@parl.gc.ca"
        assert [row.id for row in directory_queries.members_for(session, ["35079"])] == ["seat-35079"]
        (notice,) = directory_queries.notices(found(session, "mp-yasir-naqvi"), AS_OF)
    assert "No longer in office" in notice.in_language(Language.EN)


def test_a_successor_is_someone_new_and_takes_no_email_over(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        house = present_house(session)
        house["new"] = SourceRecord(chamber=COMMONS, name="Zoé Roe", riding_code="35015")
        assert bring(session, house).added == ("mp-zoe-roe",)
    with directory_sessions.begin() as session:
        (row,) = directory_queries.members_for(session, ["35015"])
        assert (row.id, row.email, row.first_name, row.last_name) == ("mp-zoe-roe", None, "Zoé", "Roe")
        assert found(session, "seat-35015").status is Status.LEFT
    with directory_sessions.begin() as session:
        bring(session, present_house(session) | {})
        house = present_house(session)
        del house["mp-zoe-roe"]
        bring(session, house)
        assert found(session, "seat-35015").status is Status.VACANT


def test_who_comes_back_is_the_same_person(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        house = present_house(session)
        naqvi = house.pop("mp-yasir-naqvi")
        bring(session, house)
        assert bring(session, house | {"back": replace(naqvi, riding_code="35015")}).added == ()
    with directory_sessions.begin() as session:
        row = found(session, "mp-yasir-naqvi")
        assert (row.status, row.riding_code) == (Status.SITTING, "35015")


def test_a_person_is_recognised_by_number_seat_and_email_before_the_name(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        house = present_house(session)
        house["mp-yasir-naqvi"] = replace(house["mp-yasir-naqvi"], name="Yasir A. Naqvi")
        house["mp-tom-osborne"] = SourceRecord(
            chamber=COMMONS, name="Thomas Osborne", riding_code="10002", email="Tom.Osborne@parl.gc.ca"
        )
        merged = bring(session, house)
        assert (merged.added, merged.left) == ((), ())
    with directory_sessions.begin() as session:
        assert found(session, "mp-yasir-naqvi").name == "Yasir A. Naqvi"
        assert found(session, "mp-tom-osborne").last_name == "Osborne"


def test_a_namesake_is_another_person(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        house = present_house(session)
        house["new"] = SourceRecord(chamber=COMMONS, name="Yasir Naqvi", riding_code="35015", source_id="999999")
        assert bring(session, house).added == ("mp-yasir-naqvi-35015",)
        again = {"first": house.pop("new"), **house}
        assert bring(session, again).added == ()
        assert found(session, "mp-yasir-naqvi").riding_code == "35079"


def test_a_much_shorter_list_needs_a_person_to_say_so(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        house = dict(list(present_house(session).items())[:305])
        with pytest.raises(ListTooShort, match=r"names 305 people where the directory now has 339.*--yes"):
            bring(session, house)
    with directory_sessions.begin() as session:
        assert len(directory_queries.everyone(session)) == 439
        assert len(bring(session, house, accept_shorter=True).left) == 34
        rows = directory_queries.everyone(session)
    assert sum(row.vacant for row in rows) == 343 - 305


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"a": {"email": "one@example.com"}, "b": {"email": "One@example.com"}}, "the same e-mail address"),
        ({"a": {"riding_code": "35015"}, "b": {"riding_code": "35015"}}, "the same riding"),
    ],
)
def test_what_cannot_be_is_refused_whole(
    directory_sessions: Sessions, changes: dict[str, dict[str, str]], said: str
) -> None:
    with directory_sessions.begin() as session:
        house = present_house(session)
        for (key, record), facts in zip(list(house.items()), changes.values(), strict=False):
            house[key] = replace(record, **facts)  # type: ignore[arg-type]
        with pytest.raises(ListRejected, match=said):
            bring(session, house)


def test_an_empty_list_and_a_person_named_twice_are_refused(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        with pytest.raises(ListRejected, match="empty"):
            merge(session, [], source="a source", as_of=AS_OF)
        senators = [
            SourceRecord(chamber=SENATE, name=row.name, province=row.province)
            for row in directory_queries.everyone(session)
            if row.chamber == SENATE
        ]
        with pytest.raises(ListRejected, match="named twice"):
            merge(session, [*senators, senators[0]], source="a source", as_of=AS_OF)
        session.rollback()


def test_a_party_named_in_one_language_keeps_the_wording_that_is_known(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        house = present_house(session)
        house["mp-yasir-naqvi"] = replace(house["mp-yasir-naqvi"], party=Wording.same("liberal"), gender=Gender.M)
        bring(session, house)
    with directory_sessions.begin() as session:
        row = found(session, "mp-yasir-naqvi")
        assert (row.party, row.gender) == (Wording.of(en="Liberal", fr="Libéral"), Gender.M)


def test_a_provincial_list_stands_beside_the_federal_one(directory_sessions: Sessions) -> None:
    members = [
        SourceRecord(chamber="assembly", name=name, province="ON", district=Wording.same(district), email=email)
        for name, district, email in (("Zoé Roe", "Here", "zoe@example.com"), ("Yan Doe", "There", None))
    ]
    with directory_sessions.begin() as session:
        merged = merge(session, members, source="a file", as_of=AS_OF)
        assert merged.added == ("member-zoe-roe", "member-yan-doe")
    with directory_sessions.begin() as session:
        recipient = to_recipient(found(session, "member-zoe-roe"))
        assert (recipient.office, recipient.riding) == (Office.PROVINCIAL_MEMBER, Wording.same("Here"))
        assert (recipient.riding_code, recipient.province) == (None, "ON")
        assert "stamp" not in directory_queries.notices(found(session, "member-yan-doe"), AS_OF)[0].in_language(
            Language.EN
        )
        quebec = replace(members[0], province="QC")
        assert merge(session, [quebec], source="a file", as_of=AS_OF).added == ("member-zoe-roe-qc",)
        assert len(directory_queries.everyone(session)) == 439 + 3
