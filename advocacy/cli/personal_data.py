"""`advocacy person`, `erase`, `keys`: what is stored about people, and the keys that encrypt it."""

import json
from datetime import timedelta
from pathlib import Path

import click
from email_validator import EmailNotValidError, validate_email

from advocacy.cli.atomic_files import open_file
from advocacy.cli.site import Site
from advocacy.dispatch import apply_retention
from advocacy.encryption import CannotDecrypt, Keys, UnknownKey
from advocacy.letters import access_export, erasure, suppression_list
from advocacy.letters.encrypted_columns import count_suppressions, is_lost_key, re_encrypt
from advocacy.staff import audit_log
from advocacy.staff.second_factors import TotpCodes, UnknownAccountKey, encrypt_again


class EmailAddress(click.ParamType[str]):
    """One e-mail address; an error does not repeat what was typed."""

    name = "address"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            validate_email(value.strip(), check_deliverability=False)
        except EmailNotValidError:
            self.fail("enter one e-mail address, like someone@example.ca", param, ctx)
        return value.strip()


address = click.option(
    "--email",
    type=EmailAddress(),
    prompt="E-mail address",
    metavar="ADDRESS",
    help="Asked for where it is not given: shells and lists of processes keep what is typed behind a command.",
)


@click.group()
def person() -> None:
    """Hand out, erase or readmit what is stored about one e-mail address."""


@person.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@address
@click.pass_obj
def export(site: Site, file: Path, email: str) -> None:
    """Write everything that is stored about the address to FILE, as JSON, for its owner.

    Be sure that it is the owner who asks: send the file to that address, or have them open the link of their receipt,
    where they can download the same of one campaign.
    """
    retention = timedelta(days=site.settings.retention_days)
    with site.sessions.begin() as session:
        data = access_export.of_address(session, email, now=site.now(), retention=retention)
        audit_log.write(session, audit_log.Act.PERSON_EXPORTED, "command line", by=None, now=site.now())
    with open_file(file, mode=0o600) as target:
        target.write(json.dumps(data, ensure_ascii=False, indent=2).encode() + b"\n")
    requests, listed = len(data["requests"]), len(data["no_more_messages"])
    click.echo(f"requests written to {file}: {requests}; campaigns that may not write to this address: {listed}")
    click.echo("Send it to that address alone, then delete it here.")


@person.command("erase")
@address
@click.pass_obj
def erase_person(site: Site, email: str) -> None:
    """Erase everything stored about the address; letters not sent yet are not sent.

    An anonymous record of each confirmed letter stays.
    """
    with site.sessions.begin() as session:
        erased = erasure.erase_address(session, email, now=site.now())
    click.echo(f"requests of this address erased: {erased}; what is in backups goes with the backups")
    _scrub(site)


@person.command()
@address
@click.option("--campaign", metavar="NAME", help="For this campaign only; for all of them by default.")
@click.pass_obj
def readmit(site: Site, email: str, campaign: str | None) -> None:
    """Allow mail again to an address that asked for no more.

    Only do this at the owner's request: that button, and the link that stops mail, promised nothing more. Deleted
    letters are not restored.
    """
    with site.sessions.begin() as session:
        campaigns = suppression_list.remove(session, email, now=site.now(), campaign=campaign)
        is_listed_for_all = campaign is not None and suppression_list.is_listed_for_all(session, email)
    if is_listed_for_all:
        raise click.ClickException("this address wants no mail of any campaign; run this without --campaign")
    if not campaigns:
        raise click.ClickException("this address did not ask for no more messages; nothing was changed")
    click.echo(f"mail is allowed to this address again for: {', '.join(one or 'all campaigns' for one in campaigns)}")


@click.command()
@click.option("--before", type=click.IntRange(min=0), metavar="DAYS", help="Erase letters settled this many days ago.")
@click.pass_obj
def erase(site: Site, before: int | None) -> None:
    """Erase what is past its time, as the worker does every hour.

    What was not confirmed in time is deleted; the text and the person are removed from letters settled
    ADVOCACY_RETENTION_DAYS ago, or 75 days where their writer wants to be asked about the answer. An anonymous record
    of each letter stays.
    """
    counts = apply_retention(site.runtime, now=site.now(), days=before)
    click.echo(f"unconfirmed requests deleted: {counts.deleted}; letters made anonymous: {counts.anonymous}")
    _scrub(site)


def _scrub(site: Site) -> None:
    if not erasure.scrub(site.runtime.engine):
        raise click.ClickException("erased, but the database’s log is still in use: run advocacy erase again")


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
    Files of the staff's work in the background stay as they are: they are erased within a day.
    """
    codes = TotpCodes(site.keys, site.settings.shown_name, site.now)
    try:
        changed = re_encrypt(site.sessions) + encrypt_again(site.sessions, codes, keys=site.keys)
    except UnknownAccountKey as error:
        advice = "write the missing key after the others, or reset that person’s verification: advocacy staff reset"
        raise click.ClickException(f"{error}; {advice}") from None
    except CannotDecrypt as error:
        raise click.ClickException(f"a row cannot be decrypted: {error}; {_advice(site, error)}") from None
    click.echo(f"rows encrypted with the newest key: {changed}")
    with site.sessions() as session:
        suppressions = count_suppressions(session)
    if suppressions:
        advice = (
            "each is recognized with the key alone that it asked under. Keep the older keys after the newest, or write "
            "them back: without them these addresses get mail again"
        )
        click.echo(f"addresses that asked for no more messages: {suppressions}; {advice}")


def _advice(site: Site, error: CannotDecrypt) -> str:
    if isinstance(error, UnknownKey):
        with site.sessions() as session:
            if is_lost_key(session, error.key_id):
                return "write the missing key after the others"
    return "erase its letter, then run this again"
