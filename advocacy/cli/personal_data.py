"""`advocacy keys`: the keys that seal personal data, changed while the site serves."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

import click
from email_validator import EmailNotValidError, validate_email

from advocacy.cli.site import Site, WrongUse
from advocacy.database import immediate
from advocacy.dispatch import mail_folder
from advocacy.encryption import CannotDecrypt, Keys, UnknownKey
from advocacy.letters import erasure as erasing
from advocacy.letters.encrypted_columns import count_suppressions, is_lost_key, load_keys, re_encrypt
from advocacy.letters.suppression_list import remove
from advocacy.settings import SettingsError
from advocacy.staff import jobs
from advocacy.staff.second_factors import TotpCodes, UnknownAccountKey, encrypt_again

STDIN = "-"


def read_address(where: str) -> str:
    """Read one address, asked for where somebody types; WrongUse, saying `where` it belongs, for what is none."""
    typed: str = click.prompt("E-mail address", err=True) if sys.stdin.isatty() else sys.stdin.read()
    return refuse_unreadable(typed, where)


def refuse_unreadable(email: str, where: str) -> str:
    """Return an address without what surrounds it; WrongUse for what is none, which is not repeated."""
    try:
        validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError:
        raise WrongUse(f"enter one e-mail address {where}, like someone@example.ca") from None
    return email.strip()


@click.command()
@click.option("--campaign", metavar="NAME", help="For this campaign only; for all of them by default.")
@click.pass_obj
def readmit(site: Site, campaign: str | None) -> None:
    """Allow mail again to an address that chose “This is not me: delete”. The address is read from standard input.

    Only do this at the owner's request: that button promised nothing more from the campaign. Deleted letters are not
    restored.
    """
    email = read_address("on standard input")
    try:
        data_keys = load_keys(site.settings, site.sessions)
    except SettingsError as error:
        raise WrongUse(str(error)) from None
    with immediate(site.sessions) as session:
        lifted = remove(session, email, keys=data_keys, campaign=campaign)
    if not lifted:
        raise click.ClickException("this address did not ask for no more messages; nothing was changed")
    click.echo(f"mail is allowed to this address again for: {', '.join(lifted)}")


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
    now, folder = site.now(), mail_folder(site.settings)
    told = _of_age(site, before, now, folder) if email is None else _of_address(site, email, now, folder)
    scrubbed = erasing.scrub(site.runtime.engine)
    click.echo(told)
    if not scrubbed:
        raise click.ClickException("erased, but the database’s log is still in use: run advocacy erase again")


def _of_address(site: Site, email: str, now: datetime, folder: Path) -> str:  # noqa: PLR0917
    try:
        data_keys = load_keys(site.settings, site.sessions)
    except SettingsError as error:
        raise WrongUse(str(error)) from None
    with site.sessions.begin() as session:
        erased = erasing.erase_address(session, email, keys=data_keys, now=now, outgoing=folder)
    return f"requests of this address erased: {erased}; what is in backups goes with the backups"


def _of_age(site: Site, before: int | None, now: datetime, folder: Path) -> str:  # noqa: PLR0917
    settings = site.settings
    unconfirmed = timedelta(hours=settings.unconfirmed_hours)
    retention = timedelta(days=settings.retention_days if before is None else before)
    expired = forgotten = 0
    while True:
        with site.sessions.begin() as session:
            late = erasing.delete_expired(session, now=now, unconfirmed=unconfirmed, outgoing=folder)
            old = erasing.erase_old(session, now=now, retention=retention, outgoing=folder)
        expired, forgotten = expired + late, forgotten + old
        if not late and not old:
            return f"unconfirmed requests deleted: {expired}; letters made anonymous: {forgotten}"


@click.group()
def keys() -> None:
    """Create keys for personal data, and encrypt the data again with the newest."""


@keys.command()
def make() -> None:
    """Print a new key.

    To change keys while the site runs: write the new key after the others, in ADVOCACY_DATA_KEYS or in the file
    data_keys beside the database, and restart every process. Then move it to the front, restart again, and run
    advocacy keys rotate. Keep the old key: backups need it, as do addresses that asked for no more messages (only a
    hash made with it is stored) and the recovery codes of staff.
    """
    click.echo(Keys.make().text)


@keys.command()
@click.pass_obj
def rotate(site: Site) -> None:
    """Encrypt all personal data again with the first of the site's keys, while the site runs.

    First restart every process with the new key; advocacy keys make --help lists the steps.
    """
    try:
        held = load_keys(site.settings, site.sessions)
    except SettingsError as error:
        raise WrongUse(str(error)) from None
    try:
        changed = re_encrypt(site.sessions, held)
        codes = TotpCodes(held, site.settings.shown_name, site.now, sessions=site.sessions)
        changed += encrypt_again(site.sessions, codes, keys=held)
        changed += jobs.encrypt_files_again(site.sessions, keys=held)
    except UnknownAccountKey as error:
        advice = "write the missing key after the others, or reset that person’s verification: advocacy staff reset"
        raise click.ClickException(f"{error}; {advice}") from None
    except CannotDecrypt as error:
        raise click.ClickException(f"a row cannot be decrypted: {error}; {_advice(site, error)}") from None
    click.echo(f"rows encrypted with the newest key: {changed}")
    with site.sessions() as session:
        spared = count_suppressions(session)
    if spared:
        click.echo(f"addresses that asked for no more messages: {spared}; {_to_know_them(held)}")


def _to_know_them(keys: Keys) -> str:
    if len(keys.newest_first) > 1:
        return (
            "those that asked before the newest key existed are recognized only with an older key. Keep the older "
            "keys after the newest, or these addresses get mail again"
        )
    return (
        "those that asked under a key that is gone are not recognized and get mail again. If there was an older "
        "key, write it back after this one"
    )


def _advice(site: Site, error: CannotDecrypt) -> str:
    if isinstance(error, UnknownKey):
        with site.sessions() as session:
            if is_lost_key(session, error.key_id):
                return "write the missing key after the others"
    return "erase its letter, then run this again"
