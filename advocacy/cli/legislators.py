"""`advocacy legislators`: find someone to write to, import newer lists, check the directory."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

import click
from sqlalchemy.orm import Session

from advocacy.cli.progress import progress
from advocacy.cli.site import OPERATOR_LANGUAGE, Site, WrongUse
from advocacy.legislators import directory_queries
from advocacy.legislators.directory_check import check as check_directory
from advocacy.legislators.list_merge import ListRejected, merge
from advocacy.legislators.models import Legislator, SourceRecord, list_key
from advocacy.legislators.postal_codes import (
    Candidates,
    InvalidPostalCode,
    area_candidates,
    candidates,
    looks_like_postal_code,
    read_fsa,
    read_postal_code,
)
from advocacy.legislators.recipient import Office
from advocacy.legislators.search import BY_OFFICE, Index
from advocacy.legislators.sources.http_client import Client, SourceError
from advocacy.legislators.sources.live_sources import SOURCES
from advocacy.legislators.sources.opennorth_csv import read_csv
from advocacy.sheets import SheetErrors

MAX_IN_FULL = 20
HEADINGS = {
    Office.PRIME_MINISTER: "Prime Minister",
    Office.MINISTER: "Ministers",
    Office.SPEAKER_COMMONS: "Speaker of the House of Commons",
    Office.MEMBER: "Members of the House of Commons",
    Office.SPEAKER_SENATE: "Speaker of the Senate",
    Office.SENATOR: "Senators",
    Office.PREMIER: "Premiers",
    Office.PROVINCIAL_MINISTER: "Provincial ministers",
    Office.PROVINCIAL_MEMBER: "Provincial members",
    Office.MAYOR: "Mayors",
    Office.OFFICIAL: "People of a campaign’s own list",
}
NARROW = (
    "{count} people: add a name, an office or a province to see fewer, as in “Ontario senators” or “minister of "
    f"health”; up to {MAX_IN_FULL} are shown in full, with their e-mail addresses"
)


MAX_LEFT_NAMED = 20
WHAT_TO_TYPE = "a name, a riding, a province, an office or a postal code"


@click.group()
def legislators() -> None:
    """Find legislators, update the directory, and check it."""


@legislators.command()
@click.argument("text", nargs=-1, required=True)
@click.pass_obj
def find(site: Site, text: tuple[str, ...]) -> None:
    """Find by postal code, name, riding, province or office.

    TEXT is a postal code (K1A 0A6), its first three characters, or words: a name, a riding, a province, an
    office or a minister's title, in either language, and several of these together, such as “Ontario senators”.
    Accents and capitals do not matter. If nothing matches, the nearest matches are listed.
    """
    query, today = " ".join(text), site.now().date()
    if not any(char.isalnum() for char in query):
        raise WrongUse(f"nothing to search for: type {WHAT_TO_TYPE}")
    located = _by_postal_code(query)
    with site.sessions.begin() as session:
        if located is None:
            matches = Index(directory_queries.everyone(session)).search(query)
            if not matches:
                raise click.ClickException(f"no one was found: try {WHAT_TO_TYPE}")
            lines = [f"no one was found under “{query}”; the nearest are:"] if matches[0].near else []
            lines += listing([match.legislator for match in matches], today)
        else:
            explanation = located.explanation.in_language(OPERATOR_LANGUAGE)
            found = directory_queries.members_for(session, located.riding_codes)
            if not found:
                raise click.ClickException(explanation)
            lines = [explanation, *listing(found, today, located.towns)]
            lines.append(located.provenance.in_language(OPERATOR_LANGUAGE))
    click.echo("\n".join(lines))


@legislators.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Import a list even if it is more than 10% shorter than the current one.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The date of the list; today by default.")
@click.pass_obj
def import_file(site: Site, *, file: Path, yes: bool, as_of: datetime | None) -> None:
    """Import a list of legislators from a CSV FILE in the Open North format, in English or French.

    All rows are imported, or none. The file replaces the list of each chamber that it names; people missing from it
    are marked as no longer in office.
    """
    now = site.now()
    as_of_day = as_of.date() if as_of else now.date()
    if as_of_day > now.date():
        raise WrongUse(f"--as-of {as_of_day} is after today, {now.date()}: give the date of the list")
    with site.sessions.begin() as session:
        content, ridings = file.read_bytes(), directory_queries.riding_names(session)
        try:
            records = read_csv(content, ridings)
        except SheetErrors as problems:
            raise click.ClickException(f"{file.name} was not imported:\n{problems}") from None
        result = _merge(session, records, source=file.name[:100], as_of=as_of_day, now=now, yes=yes)
    click.echo(result)


@legislators.command()
@click.argument("source", type=click.Choice(list(SOURCES)))
@click.option("--yes", is_flag=True, help="Accept a list that is more than 10% shorter than the current one.")
@click.pass_obj
def refresh(site: Site, source: str, yes: bool) -> None:
    """Update the members of the House of Commons from a live SOURCE.

    Tested against recorded answers only, not live. `represent` gives e-mail addresses, offices and preferred
    languages; `ourcommons` gives names, honorifics and parties.
    """
    live = SOURCES[source]
    with site.sessions() as session:
        ridings = directory_queries.riding_names(session)
    try:
        records = live.read(Client(), ridings)
    except SourceError as error:
        raise click.ClickException(str(error)) from None
    with site.sessions.begin() as session:
        now = site.now()
        result = _merge(session, records, source=live.name, as_of=now.date(), now=now, yes=yes)
    click.echo(result)


@legislators.command()
@click.pass_obj
def check(site: Site) -> None:
    """List what is old, missing or doubtful; exit 1 if something is broken."""
    with site.sessions.begin() as session:
        remarks = check_directory(session, today=site.now().date())
    for remark in remarks:
        click.echo(str(remark))
    if any(remark.broken for remark in remarks):
        raise click.ClickException("fix what is marked as broken, then check again")


def _by_postal_code(query: str) -> Candidates | None:
    """Return the ridings of a postal code or its beginning; None for words."""
    if fsa := read_fsa(query):
        return area_candidates(fsa)
    if not looks_like_postal_code(query):
        return None
    try:
        return candidates(read_postal_code(query))
    except InvalidPostalCode as refused:
        raise WrongUse(refused.message.in_language(OPERATOR_LANGUAGE)) from None


def _merge(
    session: Session, records: Sequence[SourceRecord], *, source: str, as_of: date, now: datetime, yes: bool
) -> str:
    """Merge a list, in the caller's transaction, and return in words what changed."""
    try:
        with progress("Writing", len(records)) as done:
            merged = merge(session, records, source=source, as_of=as_of, accept_shorter=yes, progress=done)
    except ListRejected as refused:
        raise click.ClickException(f"nothing was changed: {refused}") from None
    for key in sorted({list_key(record) for record in records}, key=str):
        directory_queries.record_import(session, key, source=source, as_of=as_of, now=now)
    summary = f"{merged.total} people read, {len(merged.added)} added, {len(merged.changed)} changed"
    if not merged.left:
        return summary
    others = len(merged.left) - MAX_LEFT_NAMED
    more = f" and {others} more" if others > 0 else ""
    return f"{summary}, {len(merged.left)} left: {', '.join(merged.left[:MAX_LEFT_NAMED])}{more}"


def listing(
    found: Sequence[Legislator], today: date, towns: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> Iterator[str]:
    """Yield the lines that show everyone found, and where the facts about them come from.

    They are shown in full when they are few, and one a line under their offices when they are many.

    `towns` are some of each riding's, where one has to choose among ridings.
    """
    if len(found) <= MAX_IN_FULL:
        for row in found:
            role = row.title.in_language(OPERATOR_LANGUAGE) if row.title else row.office.replace("_", " ")
            yield f"{row.id}  {row.name or 'vacant seat'}, {role}"
            yield f"    {_place(row)}"
            if its_towns := towns.get(row.riding_code or "", ()):
                yield f"    towns: {', '.join(its_towns)}"
            yield f"    {row.email or 'no e-mail: print and mail'}"
            for notice in directory_queries.status_notices(row, today):
                yield f"    {notice.in_language(OPERATOR_LANGUAGE)}"
    else:
        by_office = sorted(found, key=lambda row: BY_OFFICE.index(row.office))
        for office, people in groupby(by_office, key=lambda row: row.office):
            lines = []
            for row in people:
                title = row.title.in_language(OPERATOR_LANGUAGE) if row.title else ""
                notices = [one.in_language(OPERATOR_LANGUAGE) for one in directory_queries.status_notices(row, today)]
                facts = ", ".join(filter(None, (row.name or "vacant seat", title, _place(row))))
                lines.append(" – ".join(filter(None, (f"  {row.id}  {facts}", " ".join(notices)))))
            yield f"{HEADINGS[office]} ({len(lines)})"
            yield from lines
    for line in dict.fromkeys(directory_queries.provenance(row).in_language(OPERATOR_LANGUAGE) for row in found):
        yield f"Source: {line}"
    if len(found) > MAX_IN_FULL:
        yield NARROW.format(count=len(found))


def _place(row: Legislator) -> str:
    place = " / ".join(dict.fromkeys(row.place.values())) if row.place else ""
    where = ", ".join(part for part in (row.riding_code, row.province) if part)
    return f"{place} ({where})" if place else where
