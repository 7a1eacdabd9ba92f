"""`advocacy audit`: whether the journal of what staff did is whole."""

import click

from advocacy.cli.site import Site
from advocacy.language import Language
from advocacy.staff import audit as chain
from advocacy.staff import journal
from advocacy.staff.audit_words import acted

MOST_NAMED = 20


@click.group()
def audit() -> None:
    """Read the journal of what staff did, and see whether it is whole."""


@audit.command()
@click.pass_obj
def check(site: Site) -> None:
    """Tell whether every entry is there and as it was written; exit 1 where one is not."""
    with site.sessions() as session:
        broken, entries = list(chain.broken(session)), chain.count(session)
    for number, sentence in broken[:MOST_NAMED]:
        click.echo(f"entry {number}: {sentence}", err=True)
    if broken:
        raise click.ClickException(
            f"the journal is broken at {len(broken)} of its {entries} entries, first at {broken[0][0]}"
        )
    click.echo(f"The journal is whole: {entries} entries.")


@audit.command("list")
@click.pass_obj
def list_entries(site: Site) -> None:
    """List the last entries, newest first."""
    with site.sessions() as session:
        entries, more = journal.read(session, journal.Asked())
        for entry in entries:
            who = f"account:{entry.account_id}" if entry.account_id else "the command line"
            words = acted(entry.act).spoken(Language.EN)
            click.echo(f"{entry.id:>6}  {entry.at:%Y-%m-%d %H:%M} UTC  {who} {words}  {entry.subject}")
    if not entries:
        click.echo("The journal is empty.")
    elif more:
        click.echo("Older entries stand on the staff page “Journal”.")
