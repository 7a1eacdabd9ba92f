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
    """Read the audit log of what staff did, and verify it."""


@audit.command()
@click.pass_obj
def check(site: Site) -> None:
    """Verify that no entry is missing or changed; exit 1 otherwise."""
    with site.sessions() as session:
        broken, entries = list(chain.broken(session)), chain.count(session)
    for number, sentence in broken[:MOST_NAMED]:
        click.echo(f"entry {number}: {sentence}", err=True)
    if broken:
        raise click.ClickException(
            f"the audit log is damaged: {len(broken)} of its {entries} entries, the first is {broken[0][0]}"
        )
    click.echo(f"The audit log is intact: {entries} entries.")


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
        click.echo("The audit log is empty.")
    elif more:
        click.echo("Older entries are on the staff page “Audit log”.")
