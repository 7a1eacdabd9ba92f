"""A correction stays over newer lists until one says the same; what a list says meanwhile is remembered."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.legislators.corrections import conflicting_corrections, correct, corrections_of
from advocacy.legislators.models import Correction, DataSet, Legislator, SourceRecord, Status
from advocacy.legislators.recipient import Office
from advocacy.legislators.seed import seed
from tests.store.test_directory_merge import bring, present_house

Sessions = sessionmaker[Session]
NAQVI = "mp-yasir-naqvi"
NOW = datetime(2026, 11, 26, tzinfo=UTC)


def set_right(sessions: Sessions, legislator: str = NAQVI, **facts: object) -> None:
    with sessions.begin() as session:
        correct(session, session.get_one(Legislator, legislator), facts, by=1, now=NOW)


def newer(sessions: Sessions, **says: Any) -> None:
    """A newer list of the House comes in, with something else about one member."""
    with sessions.begin() as session:
        row = session.get_one(Legislator, NAQVI)
        listed = SourceRecord(chamber=row.chamber, name="Yasir Naqvi", source_id=row.source_id, riding_code="35079")
        bring(session, present_house(session) | {NAQVI: replace(listed, **says)})


def email(sessions: Sessions) -> tuple[str | None, list[tuple[object, bool]]]:
    """The address that letters go to, and what the list says where that is corrected."""
    with sessions() as session:
        held = session.scalars(select(Correction))
        return session.get_one(Legislator, NAQVI).email, [(one.source_value, one.differs) for one in held]


def test_a_correction_stays_until_a_list_says_the_same(directory_sessions: Sessions) -> None:
    set_right(directory_sessions, email="right@parl.gc.ca")
    newer(directory_sessions, email="yasir.naqvi@parl.gc.ca")
    assert email(directory_sessions) == ("right@parl.gc.ca", [("yasir.naqvi@parl.gc.ca", False)])
    newer(directory_sessions)
    assert email(directory_sessions) == ("right@parl.gc.ca", [("yasir.naqvi@parl.gc.ca", False)])
    newer(directory_sessions, email="right@parl.gc.ca")
    assert email(directory_sessions) == ("right@parl.gc.ca", [])
    newer(directory_sessions, email="newest@parl.gc.ca")
    assert email(directory_sessions) == ("newest@parl.gc.ca", [])


def test_a_list_that_says_a_third_thing_is_told_of_and_the_correction_stays(directory_sessions: Sessions) -> None:
    set_right(directory_sessions, email="right@parl.gc.ca")
    newer(directory_sessions, email="third@parl.gc.ca")
    assert email(directory_sessions) == ("right@parl.gc.ca", [("third@parl.gc.ca", True)])
    with directory_sessions() as session:
        assert [one.legislator_id for one in conflicting_corrections(session)] == [NAQVI]
    set_right(directory_sessions, email="other@parl.gc.ca")
    assert email(directory_sessions) == ("other@parl.gc.ca", [("third@parl.gc.ca", False)])


def test_a_corrected_name_does_not_hide_somebody_from_the_next_list(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        session.get_one(Legislator, NAQVI).source_id = None
    set_right(directory_sessions, name="Yasir A. Naqvi")
    newer(directory_sessions)
    with directory_sessions() as session:
        row = session.get_one(Legislator, NAQVI)
        assert (row.name, row.status) == ("Yasir A. Naqvi", Status.SITTING)


def test_who_left_by_correction_stays_gone_while_the_list_still_names_them(directory_sessions: Sessions) -> None:
    set_right(directory_sessions, status="left")
    newer(directory_sessions)
    with directory_sessions() as session:
        assert session.get_one(Legislator, NAQVI).status is Status.LEFT
        assert session.get_one(Legislator, "seat-35079").status is Status.VACANT
    with directory_sessions.begin() as session:
        house = present_house(session)
        house["new"] = SourceRecord(chamber=house["mp-tom-osborne"].chamber, name="Zoé Roe", riding_code="35079")
        bring(session, house)
    with directory_sessions() as session:
        assert session.get_one(Legislator, "mp-zoe-roe").status is Status.SITTING
        assert session.get_one(Legislator, "seat-35079").status is Status.LEFT
        assert list(session.scalars(select(Correction))) == []


def test_a_minister_corrected_to_be_a_member_stays_one_when_shipped_lists_come_again(
    directory_sessions: Sessions,
) -> None:
    set_right(directory_sessions, "mp-melanie-joly", office="member", title=None)
    with directory_sessions.begin() as session:
        for listed in session.scalars(select(DataSet)):
            listed.digest = "of an older version"
        assert len(seed(session, now=NOW).imported) == 4
    with directory_sessions() as session:
        joly = session.get_one(Legislator, "mp-melanie-joly")
        assert (joly.office, joly.title) == (Office.MEMBER, None)
        assert corrections_of(session, joly.id)["office"].source_value == "minister"


def test_bills_that_staff_gave_a_minister_stay_when_shipped_lists_come_again(directory_sessions: Sessions) -> None:
    set_right(directory_sessions, "mp-marc-miller", responsible_for="")
    set_right(directory_sessions, "mp-melanie-joly", responsible_for="C-34")
    with directory_sessions.begin() as session:
        for listed in session.scalars(select(DataSet)):
            listed.digest = "of an older version"
        assert len(seed(session, now=NOW).imported) == 4
    with directory_sessions() as session:
        bills = {row.id: row.responsible_for for row in session.scalars(select(Legislator)) if row.responsible_for}
        assert bills == {"mp-melanie-joly": "C-34"}
        assert corrections_of(session, "mp-marc-miller")["responsible_for"].source_value == "C-34"
