"""The shipped directory fills an empty database; newer lists follow where the site has none of its own.

The rule: the shipped lists are imported when the database has none, and again when a newer version ships
other files, unless the site has since imported or refreshed one of these lists itself; then its lists
stay, and it is told.
"""

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from importlib.resources import files
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.language import Wording
from advocacy.legislators.models import Chamber, DataSet, Legislator, Origin, Riding, RidingAlias, Status
from advocacy.legislators.recipient import Office
from advocacy.legislators.records import Record
from advocacy.legislators.roster import merge

Row: TypeAlias = Mapping[str, str]

DATA = files("advocacy.legislators").joinpath("data")
PRIME_MINISTER = "Prime Minister of Canada"
# By-elections and vacancies after the House's own list was read are known from here, as each row's note says.
NEWER_SOURCE = "vote-scope.com"
STATUSES = {
    "sitting": Status.SITTING,
    "sitting_departure_announced": Status.DEPARTURE_ANNOUNCED,
    "elected_after_snapshot": Status.ELECTED_SINCE,
    "vacant": Status.VACANT,
    "sitting_at_snapshot": Status.SITTING,
    "past_mandatory_retirement": Status.PAST_RETIREMENT,
}


@dataclass(frozen=True, slots=True)
class ShippedList:
    """One list that comes with the package: `as_of` is the day its newest general facts were true."""

    key: str
    files: tuple[str, ...]
    as_of: date
    source: str


RIDINGS = ShippedList(
    "ridings",
    ("ridings.csv", "riding_renames_2026.csv"),
    date(2026, 11, 25),
    "Elections Canada, Open Government Licence – Canada",
)
COMMONS = ShippedList("commons", ("members_of_parliament.csv",), date(2026, 7, 27), "ourcommons.ca")
SENATE = ShippedList("senate", ("senators.csv",), date(2026, 7, 27), "sencanada.ca")
MINISTERS = ShippedList("ministers", ("ministers.csv",), date(2026, 7, 29), "pm.gc.ca")
SHIPPED = (RIDINGS, COMMONS, SENATE, MINISTERS)


class Seeding(StrEnum):
    """What became of the shipped lists at this start."""

    IMPORTED = "imported"
    UNCHANGED = "unchanged"
    LEFT_ALONE = "left_alone"


def seed(session: Session, *, now: datetime) -> Seeding:
    """Bring the shipped lists in by the rule above; call it as often as you like, inside one transaction.

    LEFT_ALONE means that newer lists ship than the site's own: say so, and that `legislators check` tells
    their age.
    """
    known = {row.key: row for row in session.scalars(select(DataSet))}
    if all(shipped.key in known and known[shipped.key].digest == digest(shipped) for shipped in SHIPPED):
        return Seeding.UNCHANGED
    if any(shipped.key in known and known[shipped.key].origin is Origin.SITE for shipped in SHIPPED):
        return Seeding.LEFT_ALONE
    counts = {
        RIDINGS.key: _bring_ridings(session),
        COMMONS.key: _bring(session, COMMONS, map(member_record, rows_of("members_of_parliament.csv"))),
        SENATE.key: _bring(session, SENATE, map(senator_record, rows_of("senators.csv"))),
        MINISTERS.key: _bring_ministers(session),
    }
    for shipped in SHIPPED:
        session.merge(
            DataSet(
                key=shipped.key,
                as_of=shipped.as_of,
                source=shipped.source,
                origin=Origin.SHIPPED,
                digest=digest(shipped),
                rows=counts[shipped.key],
                imported_at=now,
            )
        )
    return Seeding.IMPORTED


def digest(shipped: ShippedList) -> str:
    """Give the fingerprint by which a later start knows whether these are the files it imported."""
    content = b"\0".join(DATA.joinpath(name).read_bytes() for name in shipped.files)
    return hashlib.sha256(content).hexdigest()


def rows_of(name: str) -> Iterator[Row]:
    """Read one shipped CSV file, row by row."""
    yield from csv.DictReader(io.StringIO(DATA.joinpath(name).read_text(encoding="utf-8"), newline=""))


def member_record(row: Row) -> Record:
    """Read a row of `members_of_parliament.csv`; the House writes "Hon." for privy councillors."""
    return Record(
        chamber=Chamber.COMMONS,
        status=STATUSES[row["status"]],
        name=row["name"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        source_id=row["person_id"] or None,
        riding_code=row["fed_code"],
        province=row["province"],
        party=_wording(row["party_en"], row["party_fr"]),
        honorific=row["honorific"],
        privy_councillor=bool(row["honorific"]),
        email=row["email"] or None,
        profile=_wording(row["profile_url_en"], row["profile_url_fr"]),
        since=_day(row["member_since"]),
        note=row["notes"],
        source=NEWER_SOURCE if NEWER_SOURCE in row["notes"] and not row["email"] else "",
        as_of=_day(row["as_of"]),
    )


def senator_record(row: Row) -> Record:
    """Read a row of `senators.csv`."""
    return Record(
        chamber=Chamber.SENATE,
        status=STATUSES[row["status"]],
        name=row["name"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        source_id=row["slug"],
        district=Wording.same(row["senatorial_division"]) if row["senatorial_division"] else None,
        province=row["province"],
        party=_wording(row["group_en"], row["group_fr"]),
        privy_councillor=row["post_nominal"] == "P.C.",
        email=row["email"] or None,
        profile=_wording(row["profile_url_en"], row["profile_url_fr"]),
        since=_day(row["appointed_on"]),
        retires_on=_day(row["mandatory_retirement_on"]),
        as_of=_day(row["as_of"]),
    )


def _bring(session: Session, shipped: ShippedList, records: Iterable[Record]) -> int:
    """Merge one list; what ships was looked at by people, so that a shorter list is meant."""
    return merge(session, records, source=shipped.source, as_of=shipped.as_of, fewer_is_meant=True).total


def _bring_ridings(session: Session) -> int:
    """Write the ridings and the other names they are looked for by."""
    aliases: dict[str, list[RidingAlias]] = defaultdict(list)
    for row in rows_of("riding_renames_2026.csv"):
        name = Wording.of(en=row["name_en_2026"], fr=row["name_fr_2026"])
        aliases[row["fed_code"]].append(RidingAlias(name=name))
    known = {riding.fed_code: riding for riding in session.scalars(select(Riding))}
    rows = list(rows_of("ridings.csv"))
    for row in rows:
        code = row["fed_code"]
        riding = known.get(code) or Riding(fed_code=code)
        riding.name = Wording.of(en=row["name_en"], fr=row["name_fr"])
        riding.province = row["province"]
        if {alias.name for alias in riding.aliases} != {alias.name for alias in aliases[code]}:
            riding.aliases = aliases[code]
        session.add(riding)
    session.flush()
    return len(rows)


def _bring_ministers(session: Session) -> int:
    """Give each minister the office and the whole title; a minister is the same person as the member."""
    members = {row.source_id: row for row in session.scalars(select(Legislator).filter_by(chamber=Chamber.COMMONS))}
    for row in members.values():
        if row.office in {Office.MINISTER, Office.PRIME_MINISTER}:
            row.office, row.title = Office.MEMBER, None
    ministers = list(rows_of("ministers.csv"))
    for written in ministers:
        minister = members[written["person_id"]]
        minister.office = Office.PRIME_MINISTER if written["role_en"] == PRIME_MINISTER else Office.MINISTER
        minister.title = _wording(written["role_en"], written["role_fr"])
    session.flush()
    return len(ministers)


def _wording(en: str, fr: str) -> Wording | None:
    return Wording.of(en=en, fr=fr) if en and fr else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
