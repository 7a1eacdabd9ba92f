"""`advocacy erase`: what is no longer needed, or what somebody asks to have erased, by hand."""

from datetime import datetime, timedelta
from pathlib import Path

import click

from advocacy.cli.address import STDIN, read_address, refuse_unreadable
from advocacy.cli.site import Site, WrongUse
from advocacy.dispatch import outgoing
from advocacy.letters import erasure as erasing
from advocacy.letters.re_encryption import load_keys
from advocacy.settings import SettingsError


@click.command()
@click.option("--before", type=click.IntRange(min=0), metavar="DAYS", help="Erase letters settled this many days ago.")
@click.option("--email", metavar="ADDRESS", help="Erase everything kept about one e-mail address; - reads it.")
@click.pass_obj
def erase(site: Site, before: int | None, email: str | None) -> None:
    """Erase what is past its time, or everything kept about one address.

    Without an option, do what the worker does every hour: delete what was not confirmed in time, and remove the text
    and the person from letters settled ADVOCACY_RETENTION_DAYS ago. An anonymous record of each letter stays. With
    --email, letters not sent yet are not sent; --email - reads the address from standard input, where no other user
    of the machine sees it.
    """
    if before is not None and email is not None:
        raise WrongUse("ask for --before or for --email, not for both")
    if email is not None:
        email = read_address("on standard input") if email == STDIN else refuse_unreadable(email, "after --email")
    now, folder = site.now(), outgoing(site.settings)
    told = _of_age(site, before, now, folder) if email is None else _of_address(site, email, now, folder)
    scrubbed = erasing.scrub(site.runtime.engine)
    click.echo(told)
    if not scrubbed:
        raise click.ClickException("erased, but the database’s log is still in use: run advocacy erase again")


def _of_address(site: Site, email: str, now: datetime, folder: Path) -> str:  # noqa: PLR0917
    try:
        keys = load_keys(site.settings, site.sessions)
    except SettingsError as error:
        raise WrongUse(str(error)) from None
    with site.sessions.begin() as session:
        erased = erasing.of_address(session, email, keys=keys, now=now, outgoing=folder)
    return f"requests of this address erased: {erased}; what is in backups goes with the backups"


def _of_age(site: Site, before: int | None, now: datetime, folder: Path) -> str:  # noqa: PLR0917
    settings = site.settings
    unconfirmed = timedelta(hours=settings.unconfirmed_hours)
    retention = timedelta(days=settings.retention_days if before is None else before)
    expired = forgotten = 0
    while True:
        with site.sessions.begin() as session:
            late = erasing.expire(session, now=now, unconfirmed=unconfirmed, outgoing=folder)
            old = erasing.forget(session, now=now, retention=retention, outgoing=folder)
        expired, forgotten = expired + late, forgotten + old
        if not late and not old:
            return f"unconfirmed requests deleted: {expired}; letters made anonymous: {forgotten}"
