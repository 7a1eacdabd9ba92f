"""The shipped directory fills an empty database; newer lists follow where the site has none of its own.

The rule, list by list: a shipped list is imported when the database has none, and again when a newer version
ships another, unless the site has since imported or refreshed that list itself; then the site's stays, and
when it is the older of the two, the site is told.
"""

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.language import Wording, fold
from advocacy.legislators.corrections import without_corrections
from advocacy.legislators.list_merge import merge
from advocacy.legislators.models import Chamber, DataSet, Legislator, Origin, Riding, RidingAlias, SourceRecord, Status
from advocacy.legislators.recipient import Gender, Office

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


@dataclass(frozen=True, slots=True)
class OlderList:
    """A list that the site brought in itself and that stays, although a newer one ships."""

    key: str
    as_of: date
    shipped_as_of: date

    def __str__(self) -> str:
        return (
            f"this site keeps its own {self.key} list of {self.as_of}, although one of {self.shipped_as_of} ships with "
            f"this version; “advocacy legislators import” or “refresh” updates it"
        )


@dataclass(frozen=True, slots=True)
class SeedResult:
    """What became of the shipped lists at this start."""

    imported: tuple[str, ...] = ()
    older: tuple[OlderList, ...] = ()
    """What the operator should be told, each a sentence."""


def seed(session: Session, *, now: datetime) -> SeedResult:
    """Bring the shipped lists in by the rule above; call it as often as you like, inside one transaction."""
    known = {row.key: row for row in session.scalars(select(DataSet))}
    wanted = [shipped for shipped in SHIPPED if _is_wanted(shipped, known.get(shipped.key))]
    for shipped in wanted:
        rows = BRINGING[shipped.key](session)
        _record(session, shipped, rows=rows, now=now)
    older = (_older(shipped, known[shipped.key]) for shipped in SHIPPED if shipped.key in known)
    return SeedResult(tuple(shipped.key for shipped in wanted), tuple(found for found in older if found))


def _is_wanted(shipped: ShippedList, known: DataSet | None) -> bool:
    if known is None:
        return True
    return known.origin is Origin.SHIPPED and shipped.as_of >= known.as_of and known.digest != digest(shipped)


def _older(shipped: ShippedList, known: DataSet) -> OlderList | None:
    if known.origin is Origin.SITE and known.as_of < shipped.as_of:
        return OlderList(shipped.key, known.as_of, shipped.as_of)
    return None


def _record(session: Session, shipped: ShippedList, *, rows: int, now: datetime) -> None:
    session.merge(
        DataSet(
            key=shipped.key,
            as_of=shipped.as_of,
            source=shipped.source,
            origin=Origin.SHIPPED,
            digest=digest(shipped),
            rows=rows,
            imported_at=now,
        )
    )


def digest(shipped: ShippedList) -> str:
    """Return the fingerprint by which a later start knows whether these are the files it imported."""
    content = b"\0".join(DATA.joinpath(name).read_bytes() for name in shipped.files)
    return hashlib.sha256(content).hexdigest()


def rows_of(name: str) -> Iterator[Row]:
    """Read one shipped CSV file, row by row."""
    yield from csv.DictReader(io.StringIO(DATA.joinpath(name).read_text(encoding="utf-8"), newline=""))


def member_record(row: Row) -> SourceRecord:
    """Read a row of `members_of_parliament.csv`; the House writes "Hon." for privy councillors."""
    return SourceRecord(
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


def senator_record(row: Row) -> SourceRecord:
    """Read a row of `senators.csv`."""
    return SourceRecord(
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


def _bring(session: Session, shipped: ShippedList, records: Iterable[SourceRecord]) -> int:
    """Merge one list; what ships was looked at by people, so that a shorter list is meant."""
    return merge(session, records, source=shipped.source, as_of=shipped.as_of, accept_shorter=True).total


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


def _bring_members(session: Session) -> int:
    return _bring(session, COMMONS, map(member_record, rows_of("members_of_parliament.csv")))


def _bring_senators(session: Session) -> int:
    return _bring(session, SENATE, map(senator_record, rows_of("senators.csv")))


def _bring_ministers(session: Session) -> int:
    """Return each minister the office, the whole title and their bills; a minister is the same person as the member.

    A minister whom the site's own list of members does not have is left out, as everyone else it lacks.
    """
    members = list(session.scalars(select(Legislator).filter_by(chamber=Chamber.COMMONS)))
    with without_corrections(session):
        found = _mark_ministers(members)
        session.flush()
    return found


def _mark_ministers(members: Sequence[Legislator]) -> int:
    for row in members:
        if row.office in {Office.MINISTER, Office.PRIME_MINISTER}:
            row.office, row.title, row.responsible_for = Office.MEMBER, None, ""
    by_number = {row.source_id: row for row in members if row.source_id}
    by_seat = {(row.riding_code, fold(row.name)): row for row in members if row.name}
    found = 0
    for written in rows_of("ministers.csv"):
        minister = by_number.get(written["person_id"]) or by_seat.get((written["fed_code"], fold(written["name"])))
        if minister is None:
            continue
        minister.office = Office.PRIME_MINISTER if written["role_en"] == PRIME_MINISTER else Office.MINISTER
        minister.title = _wording(written["role_en"], written["role_fr"])
        minister.responsible_for = written["responsible_for"]
        if written["gender"]:
            minister.gender = Gender(written["gender"])
        if written["honorific"]:
            minister.honorific, minister.privy_councillor = written["honorific"], True
        found += 1
    return found


BRINGING: Mapping[str, Callable[[Session], int]] = {
    RIDINGS.key: _bring_ridings,
    COMMONS.key: _bring_members,
    SENATE.key: _bring_senators,
    MINISTERS.key: _bring_ministers,
}


def _wording(en: str, fr: str) -> Wording | None:
    return Wording.of(en=en, fr=fr) if en and fr else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
