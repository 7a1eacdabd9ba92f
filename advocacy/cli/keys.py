"""`advocacy keys`: the keys that seal personal data, changed while the site serves."""

import click

from advocacy.cli.site import Site, WrongUse
from advocacy.encryption import CannotDecrypt, Keys, UnknownKey
from advocacy.letters.re_encryption import count_suppressions, is_lost_key, load_keys, re_encrypt
from advocacy.settings import SettingsError
from advocacy.staff import jobs
from advocacy.staff.second_factors import TotpCodes, UnknownAccountKey, encrypt_again


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
