"""Fill an empty database with the shipped directory, and bring newer shipped lists where the site has none of its own.

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
from itertools import chain
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.language import Language, Wording, fold
from advocacy.legislators.corrections import lock_directory, without_corrections
from advocacy.legislators.directory_queries import riding_names
from advocacy.legislators.legislatures import COMMONS, DATA, MINISTERS, SENATE, ShippedList, legislatures
from advocacy.legislators.list_merge import merge
from advocacy.legislators.models import DataSet, Legislator, Origin, Riding, RidingAlias, SourceRecord, Status
from advocacy.legislators.recipient import Gender, Office
from advocacy.legislators.sources.opennorth_csv import read_csv

Row: TypeAlias = Mapping[str, str]

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


def shipped_lists() -> Sequence[ShippedList]:
    """Return the lists that come with the program, in the order in which they are imported."""
    return [listed for legislature in legislatures().legislatures for listed in legislature.lists]


@dataclass(frozen=True, slots=True)
class SeedResult:
    """What became of the shipped lists at this start: the keys of those imported.

    `older` is a sentence for the operator on each list that the site brought in itself and that stays, although a newer
    one ships.
    """

    imported: tuple[str, ...] = ()
    older: tuple[str, ...] = ()


def seed(session: Session, *, now: datetime) -> SeedResult:
    """Import the shipped lists by the rule above; call it as often as you like, inside one transaction."""
    present = {row.key: row for row in session.scalars(select(DataSet))}
    imported: list[str] = []
    older: list[str] = []
    for shipped in shipped_lists():
        own = present.get(shipped.key)
        if own and own.origin is Origin.SITE:
            if own.as_of < shipped.as_of:
                older.append(
                    f"this site keeps its own {shipped.key} list of {own.as_of}, although one of {shipped.as_of} ships "
                    "with this version; “advocacy legislators import” or “refresh” updates it"
                )
            continue
        if own and (shipped.as_of < own.as_of or own.digest == digest(shipped)):
            continue
        rows = IMPORTERS.get(shipped.key, _import_csv)(session, shipped)
        made_of = {"key": shipped.key, "as_of": shipped.as_of, "source": shipped.source, "digest": digest(shipped)}
        session.merge(DataSet(**made_of, origin=Origin.SHIPPED, rows=rows, imported_at=now))
        imported.append(shipped.key)
    return SeedResult(tuple(imported), tuple(older))


def digest(shipped: ShippedList) -> str:
    """Return the fingerprint by which a later start knows whether these are the files it imported."""
    content = b"\0".join(DATA.joinpath(name).read_bytes() for name in shipped.files)
    return hashlib.sha256(content).hexdigest()


def rows_of(name: str) -> Iterator[Row]:
    yield from csv.DictReader(io.StringIO(DATA.joinpath(name).read_text(encoding="utf-8"), newline=""))


def member_record(row: Row) -> SourceRecord:
    """Read a row of `members_of_parliament.csv`; the House writes "Hon." for privy councillors."""
    return SourceRecord(
        chamber=COMMONS,
        status=STATUSES[row["status"]],
        name=row["name"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        source_id=row["person_id"] or None,
        riding_code=row["fed_code"],
        province=row["province"],
        party=_wording(row, "party"),
        honorific=row["honorific"],
        privy_councillor=bool(row["honorific"]),
        email=row["email"] or None,
        profile=_wording(row, "profile_url"),
        since=_day(row["member_since"]),
        note=row["notes"],
        source=NEWER_SOURCE if NEWER_SOURCE in row["notes"] and not row["email"] else "",
        as_of=_day(row["as_of"]),
    )


def senator_record(row: Row) -> SourceRecord:
    return SourceRecord(
        chamber=SENATE,
        status=STATUSES[row["status"]],
        name=row["name"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        source_id=row["slug"],
        gender=Gender(row["gender"]) if row["gender"] else None,
        district=Wording.same(row["senatorial_division"]) if row["senatorial_division"] else None,
        province=row["province"],
        party=_wording(row, "group"),
        privy_councillor=row["post_nominal"] == "P.C.",
        email=row["email"] or None,
        profile=_wording(row, "profile_url"),
        since=_day(row["appointed_on"]),
        retires_on=_day(row["mandatory_retirement_on"]),
        as_of=_day(row["as_of"]),
    )


def _merge(session: Session, shipped: ShippedList, records: Iterable[SourceRecord]) -> int:
    """Merge one list; what ships was looked at by people, so that a shorter list is meant."""
    return merge(session, records, source=shipped.source, as_of=shipped.as_of, accept_shorter=True).total


def _import_csv(session: Session, shipped: ShippedList) -> int:
    """Import lists in the Open North form, as staff bring them."""
    names = riding_names(session)
    lists = (read_csv(DATA.joinpath(file).read_bytes(), names) for file in shipped.files)
    return _merge(session, shipped, chain.from_iterable(lists))


def _import_ridings(session: Session, _: ShippedList) -> int:
    """Write the ridings and the other names they are looked for by."""
    aliases: dict[str, list[RidingAlias]] = defaultdict(list)
    for row in rows_of("riding_renames_2026.csv"):
        name = Wording({language: row[f"name_{language}_2026"] for language in Language})
        aliases[row["fed_code"]].append(RidingAlias(name=name))
    known = {riding.fed_code: riding for riding in session.scalars(select(Riding))}
    rows = list(rows_of("ridings.csv"))
    for row in rows:
        code = row["fed_code"]
        riding = known.get(code) or Riding(fed_code=code)
        riding.name = Wording({language: row[f"name_{language}"] for language in Language})
        riding.province = row["province"]
        if {alias.name for alias in riding.aliases} != {alias.name for alias in aliases[code]}:
            riding.aliases = aliases[code]
        session.add(riding)
    session.flush()
    return len(rows)


def _import_ministers(session: Session, _: ShippedList) -> int:
    """Write the office, the whole title and the bills of each minister to the row of the member who it is.

    So with both Speakers. Someone whom the site's own list of members does not have is left out, as everyone else it
    lacks.
    """
    lock_directory(session)
    parliament = list(session.scalars(select(Legislator).where(Legislator.chamber.in_((COMMONS, SENATE)))))
    with without_corrections(session):
        found = mark_offices(parliament)
        session.flush()
    return found


def mark_offices(parliament: Sequence[Legislator]) -> int:
    """Make the Speakers and the ministers of the shipped lists, and nobody else, such; return how many ministers."""
    for row in parliament:
        ordinary = legislatures().chamber(row.chamber, row.province).member_office
        if row.office is not ordinary:
            row.office, row.title, row.responsible_for = ordinary, None, ""
    by_number = {row.source_id: row for row in parliament if row.source_id}
    by_seat = {(row.riding_code or "", fold(row.name)): row for row in parliament if row.name}

    def holders(file: str) -> Iterator[tuple[Row, Legislator]]:
        for entry in rows_of(file):
            holder = by_number.get(entry["person_id"]) or by_seat.get((entry["fed_code"], fold(entry["name"])))
            if holder is not None:
                holder.title = _wording(entry, "role")
                holder.gender = Gender(entry["gender"]) if entry["gender"] else holder.gender
                holder.honorific = entry["honorific"] or holder.honorific
                yield entry, holder

    for entry, speaker in holders("speakers.csv"):
        speaker.office = Office(entry["office"])
        if speaker.office is Office.SPEAKER_COMMONS:  # "Hon." comes with the chair there
            speaker.privy_councillor = False
    found = 0
    for entry, minister in holders("ministers.csv"):
        minister.office = Office.PRIME_MINISTER if entry["role_en"] == PRIME_MINISTER else Office.MINISTER
        minister.responsible_for = entry["responsible_for"]
        minister.privy_councillor = bool(entry["honorific"]) or minister.privy_councillor
        found += 1
    return found


IMPORTERS: Mapping[str, Callable[[Session, ShippedList], int]] = {
    "ridings": _import_ridings,
    COMMONS: lambda session, shipped: _merge(session, shipped, map(member_record, rows_of(shipped.files[0]))),
    SENATE: lambda session, shipped: _merge(session, shipped, map(senator_record, rows_of(shipped.files[0]))),
    MINISTERS: _import_ministers,
}
"""How the lists of Parliament are imported, whose files have forms of their own."""


def _wording(row: Row, column: str) -> Wording | None:
    """Read a text from a column for each language, None where one is empty."""
    texts = {language.value: row[f"{column}_{language}"] for language in Language}
    return Wording(texts) if all(texts.values()) else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
