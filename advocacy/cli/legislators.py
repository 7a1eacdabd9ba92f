"""`advocacy legislators`: find someone to write to, bring in newer lists, see what the directory lacks."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from advocacy.cli.site import Site, WrongUse
from advocacy.language import Language
from advocacy.legislators import directory
from advocacy.legislators.checkup import check as check_directory
from advocacy.legislators.directory import RidingNames
from advocacy.legislators.lookup import Candidates, area_candidates, candidates
from advocacy.legislators.models import Legislator
from advocacy.legislators.postal import PostalCodeRefused, looks_like_postal_code, read_fsa, read_postal_code
from advocacy.legislators.records import Record
from advocacy.legislators.roster import Merged, RosterRefused, merge
from advocacy.legislators.search import Index
from advocacy.legislators.sources import ourcommons, represent
from advocacy.legislators.sources.http import Client, Fetch, SourceTrouble
from advocacy.legislators.sources.opennorth_csv import CsvProblems, read_csv

MOST_SHOWN = 20
# Command line words are English: operators read them.
SPOKEN = Language.EN
Refresh = Callable[[Fetch, RidingNames], list[Record]]
REFRESHES: dict[str, tuple[str, Refresh]] = {
    "represent": (represent.SOURCE, lambda fetch, _: represent.members(fetch)),
    "ourcommons": (ourcommons.SOURCE, lambda fetch, ridings: ourcommons.members(fetch, ridings.code)),
}


@click.group()
def legislators() -> None:
    """Find legislators, bring in newer lists, and see what the directory lacks."""


@legislators.command()
@click.argument("text", nargs=-1, required=True)
@click.pass_obj
def find(site: Site, text: tuple[str, ...]) -> None:
    """Find by postal code, name, riding or province.

    TEXT is a postal code (K1A 0A6), its first three characters, or words: a name, a riding in either
    language, a province. Accents and capitals do not matter, and a slip is forgiven.
    """
    query = " ".join(text)
    today = site.now().date()
    with site.sessions.begin() as session:
        answer = _by_postal_code(query)
        if answer is not None:
            click.echo(answer.explanation.spoken(SPOKEN))
            _show(directory.members_for(session, answer.riding_codes), today)
            click.echo(answer.provenance.spoken(SPOKEN))
            return
        found = [match.legislator for match in Index(directory.everyone(session)).search(query)]
        if not found:
            raise click.ClickException("no one was found: try a last name, a riding, a province or a postal code")
        _show(found, today)


@legislators.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Import a list even when it is more than 10 % shorter than the present one.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day the list was true; today when left out.")
@click.pass_obj
def import_file(site: Site, *, file: Path, yes: bool, as_of: datetime | None) -> None:
    """Import a list of legislators from a CSV FILE in the Open North form, in English or French.

    All rows come in or none does. The file replaces the list of each chamber that it names; whoever it
    leaves out is kept, marked as having left.
    """
    now = site.now()
    with site.sessions.begin() as session:
        try:
            records = read_csv(file.read_bytes(), directory.riding_names(session))
        except CsvProblems as problems:
            raise click.ClickException(f"{file.name} was not imported:\n{problems}") from None
        as_of_day = as_of.date() if as_of else now.date()
        told = _bring(session, records, source=file.name[:100], as_of=as_of_day, now=now, yes=yes)
    click.echo(told)


@legislators.command()
@click.argument("source", type=click.Choice(list(REFRESHES)))
@click.option("--yes", is_flag=True, help="Accept a list that is more than 10 % shorter than the present one.")
@click.pass_obj
def refresh(site: Site, source: str, yes: bool) -> None:
    """Read the members of the House of Commons anew from a live SOURCE.

    Unproven live: both readers are tested against recorded answers only. `represent` brings e-mail
    addresses, offices and preferred languages; `ourcommons` brings names, honorifics and parties.
    """
    name, read = REFRESHES[source]
    with site.sessions() as session:
        ridings = directory.riding_names(session)
    try:
        records = read(Client(), ridings)
    except SourceTrouble as trouble:
        raise click.ClickException(str(trouble)) from None
    with site.sessions.begin() as session:
        now = site.now()
        told = _bring(session, records, source=name, as_of=now.date(), now=now, yes=yes)
    click.echo(told)


@legislators.command()
@click.pass_obj
def check(site: Site) -> None:
    """Say what is old, missing or doubtful; exit 1 when a rule is broken."""
    with site.sessions.begin() as session:
        remarks = check_directory(session, today=site.now().date())
    for remark in remarks:
        click.echo(str(remark))
    if any(remark.broken for remark in remarks):
        raise click.ClickException("mend what is marked as broken, then check again")


def _by_postal_code(query: str) -> Candidates | None:
    """Answer a postal code or its beginning; None for words."""
    if fsa := read_fsa(query):
        return area_candidates(fsa)
    if not looks_like_postal_code(query):
        return None
    try:
        return candidates(read_postal_code(query))
    except PostalCodeRefused as refused:
        raise WrongUse(refused.wording.spoken(SPOKEN)) from None


def _show(found: Sequence[Legislator], today: date) -> None:
    shown = found[:MOST_SHOWN]
    for row in shown:
        click.echo("\n".join(_lines(row, today)))
    if len(found) > len(shown):
        click.echo(f"… and {len(found) - len(shown)} more: add a word to narrow the search")
    for line in dict.fromkeys(directory.provenance(row).spoken(SPOKEN) for row in shown):
        click.echo(f"Source: {line}")


def _lines(row: Legislator, today: date) -> Iterable[str]:
    place = " / ".join(dict.fromkeys(row.place.values())) if row.place else ""
    where = ", ".join(part for part in (row.riding_code, row.province) if part)
    role = row.title.spoken(SPOKEN) if row.title else row.office.replace("_", " ")
    yield f"{row.id}  {row.name or 'vacant seat'}, {role}"
    yield f"    {place} ({where})" if place else f"    {where}"
    yield f"    {row.email or 'no e-mail: print and post'}"
    for notice in directory.standing(row, today):
        yield f"    {notice.spoken(SPOKEN)}"


def _bring(session: Session, records: Sequence[Record], *, source: str, as_of: date, now: datetime, yes: bool) -> str:
    """Merge what was read, in the caller's transaction, and give what it did."""
    try:
        merged = merge(session, records, source=source, as_of=as_of, fewer_is_meant=yes)
    except RosterRefused as refused:
        raise click.ClickException(f"nothing was changed: {refused}") from None
    for key in sorted({record.list_key for record in records}, key=str):
        directory.record_list(session, key, source=source, as_of=as_of, now=now)
    return _told(merged)


def _told(merged: Merged) -> str:
    told = f"{merged.total} people read, {len(merged.added)} added, {len(merged.changed)} changed"
    if not merged.left:
        return told
    others = len(merged.left) - MOST_SHOWN
    more = f" and {others} more" if others > 0 else ""
    return f"{told}, {len(merged.left)} left: {', '.join(merged.left[:MOST_SHOWN])}{more}"
