"""A newer list is looked over without a change, and then counts exactly as it was looked over, or not at all."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.language import Language, Wording
from advocacy.legislators import pending_import
from advocacy.legislators.corrections import correct
from advocacy.legislators.models import DataSet, Legislator, OfficeAddress, Origin, PendingImport, SourceRecord, Status
from advocacy.legislators.pending_import import Preview
from advocacy.staff.models import Account, Role
from tests.store.test_directory_merge import present_house

Sessions = sessionmaker[Session]
NAQVI = "mp-yasir-naqvi"
NOW = datetime(2026, 11, 26, tzinfo=UTC)
AS_OF = date(2026, 11, 25)


@pytest.fixture
def account(directory_sessions: Sessions) -> int:
    with directory_sessions.begin() as session:
        made = Account(email="m@example.ca", name="M", role=Role.MANAGER, language=Language.EN, created_at=NOW)
        session.add(made)
        session.flush()
        return made.id


def house(sessions: Sessions) -> dict[str, SourceRecord]:
    with sessions() as session:
        return present_house(session)


def proposed(sessions: Sessions, records: Iterable[SourceRecord], account: int) -> int:
    with sessions.begin() as session:
        return pending_import.store(session, records, source="a source", as_of=AS_OF, by=account, now=NOW).id


def looked_over(sessions: Sessions, number: int) -> Preview:
    with sessions() as session:
        found = pending_import.preview(session, session.get_one(PendingImport, number))
        session.rollback()
    return found


def confirmed(sessions: Sessions, number: int, seen: str, *, fewer: bool = False) -> None:
    with sessions.begin() as session:
        pending_import.confirm(
            session, session.get_one(PendingImport, number), seen=seen, accept_shorter=fewer, now=NOW
        )


def directory_of(sessions: Sessions) -> list[tuple[object, ...]]:
    with sessions() as session:
        rows = session.execute(select(*Legislator.__table__.columns).order_by(Legislator.id))
        return [tuple(row) for row in rows]


def test_what_is_shown_is_what_happens_and_showing_it_changes_nothing(
    directory_sessions: Sessions, account: int
) -> None:
    records = house(directory_sessions)
    del records["mp-tom-osborne"]
    records["new"] = SourceRecord(chamber=records[NAQVI].chamber, name="Zoé Roe", riding_code="35015")
    records[NAQVI] = replace(
        records[NAQVI],
        party=Wording.of(en="Independent", fr="Indépendant"),
        addresses=(OfficeAddress("legislature", ("Room 1",), "613 555-0100"),),
        since=date(2025, 1, 1),
    )
    before = directory_of(directory_sessions)
    number = proposed(directory_sessions, records.values(), account)
    found = looked_over(directory_sessions, number)
    assert directory_of(directory_sessions) == before
    assert [one.name for one in found.joins] == ["Zoé Roe"]
    assert [one.id for one in found.leavers] == ["mp-tom-osborne"]
    assert [one.id for one in found.vacated] == ["seat-10002"]
    changes = {one.id: {change.fact for change in one.changes} for one in found.changes}
    assert changes[NAQVI] == {"party", "addresses", "since"}
    assert found.too_few is None
    confirmed(directory_sessions, number, found.digest)
    with directory_sessions() as session:
        assert session.get_one(Legislator, "mp-zoe-roe").riding_code == "35015"
        assert session.get_one(Legislator, "mp-tom-osborne").status is Status.LEFT
        assert session.get_one(Legislator, NAQVI).addresses[0].telephone == "613 555-0100"
        listed = session.get_one(DataSet, "commons")
        assert (listed.origin, listed.as_of, listed.source) == (Origin.SITE, AS_OF, "a source")
        assert list(session.scalars(select(PendingImport))) == []


def test_a_directory_that_changed_meanwhile_is_looked_at_again(directory_sessions: Sessions, account: int) -> None:
    number = proposed(directory_sessions, house(directory_sessions).values(), account)
    seen = looked_over(directory_sessions, number).digest
    with directory_sessions.begin() as session:
        correct(session, session.get_one(Legislator, NAQVI), {"telephone": "613 555-0100"}, by=account, now=NOW)
    with pytest.raises(pending_import.DirectoryChanged):
        confirmed(directory_sessions, number, seen)
    again = looked_over(directory_sessions, number).digest
    assert again != seen
    confirmed(directory_sessions, number, again)


def test_what_a_list_does_to_corrections_is_told_before(directory_sessions: Sessions, account: int) -> None:
    with directory_sessions.begin() as session:
        facts = {"email": "right@parl.gc.ca"}
        correct(session, session.get_one(Legislator, NAQVI), facts, by=account, now=NOW)
        osborne = {"email": "tom@parl.gc.ca"}
        correct(session, session.get_one(Legislator, "mp-tom-osborne"), osborne, by=account, now=NOW)
    records = house(directory_sessions)
    records[NAQVI] = replace(records[NAQVI], email="third@parl.gc.ca")
    records["mp-tom-osborne"] = replace(records["mp-tom-osborne"], email="tom@parl.gc.ca")
    found = looked_over(directory_sessions, proposed(directory_sessions, records.values(), account))
    assert found.agreed == 1
    assert [(one.id, one.changes[0].before, one.changes[0].after) for one in found.contradicted] == [
        (NAQVI, "right@parl.gc.ca", "third@parl.gc.ca")
    ]


def test_a_list_waits_a_day_for_the_one_who_brought_it_and_one_at_a_time(
    directory_sessions: Sessions, account: int
) -> None:
    records = house(directory_sessions).values()
    first = proposed(directory_sessions, records, account)
    number = proposed(directory_sessions, records, account)
    with directory_sessions() as session:
        assert session.get(PendingImport, first) is None or first == number
        assert pending_import.find(session, number, by=account, now=NOW) is not None
        assert pending_import.find(session, number, by=account + 1, now=NOW) is None
        assert pending_import.find(session, number, by=account, now=NOW + timedelta(days=2)) is None
        assert len(list(session.scalars(select(PendingImport)))) == 1
