"""`advocacy audit`: whether the journal of what staff did is whole."""

import click
from sqlalchemy import func, select

from advocacy.cli.site import Site
from advocacy.language import Language
from advocacy.staff import audit_log as chain
from advocacy.staff.models import AuditEntry

MOST_NAMED = 20
NOBODY = {chain.Act.SIGN_IN_FAILED.value: "somebody"}
"""Who did what no account did, where it was not the command line."""


@click.group()
def audit() -> None:
    """Read the audit log of what staff did, and verify it."""


@audit.command()
@click.option("--expect", default="", metavar="LAST", help="The hash that an earlier check printed.")
@click.pass_obj
def check(site: Site, expect: str) -> None:
    """Verify that no entry is missing or changed; exit 1 otherwise.

    The hash that it prints is the log's end: keep it elsewhere. With --expect LAST, a later check notices when the
    entries up to it were cut off or made anew.
    """
    with site.sessions() as session:
        broken, entries = list(chain.broken(session)), session.scalar(select(func.count(AuditEntry.id)))
        is_signed, last = chain.is_signed(session), chain.last_hash(session)
        known = session.scalar(select(AuditEntry.id).where(AuditEntry.hash == expect))
    for number, sentence in broken[:MOST_NAMED]:
        click.echo(f"entry {number}: {sentence}", err=True)
    if broken:
        raise click.ClickException(
            f"the audit log is damaged: {len(broken)} of its {entries} entries, the first is {broken[0][0]}"
        )
    if expect and known is None:
        raise click.ClickException("the audit log is damaged: the entry that it ended with at that check is gone")
    if entries and not is_signed:
        raise click.ClickException(
            "the audit log is not signed: its last entry was not made with this site's keys; after an update from an "
            "older version, sign in to the staff pages once and check again"
        )
    click.echo(f"The audit log is intact: {entries} entries. It ends with {last}")


@audit.command("list")
@click.pass_obj
def list_entries(site: Site) -> None:
    """List the last entries, newest first."""
    with site.sessions() as session:
        entries, more = chain.entries(session)
        for entry in entries:
            who = f"account:{entry.account_id}" if entry.account_id else NOBODY.get(entry.act, "the command line")
            words = chain.act_text(entry.act, Language.EN)
            click.echo(f"{entry.id:>6}  {entry.at:%Y-%m-%d %H:%M} UTC  {who} {words}  {entry.subject}")
    if not entries:
        click.echo("The audit log is empty.")
    elif more:
        click.echo("Older entries are on the staff page “Audit log”.")
