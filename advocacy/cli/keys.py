"""`advocacy keys`: the keys that seal personal data, changed while the site serves."""

import click

from advocacy.cli.site import Site, WrongUse
from advocacy.letters.lost_keys import is_lost, keys_of
from advocacy.letters.resealing import never_moved, reseal
from advocacy.sealing import CannotUnseal, Keys, UnknownKey
from advocacy.settings import SettingsError
from advocacy.staff.accounts import Codes
from advocacy.staff.resealing import KeyGone
from advocacy.staff.resealing import reseal as reseal_staff


@click.group()
def keys() -> None:
    """Make keys for personal data, and seal it anew with the newest."""


@keys.command()
def make() -> None:
    """Print a new key.

    To change keys without a stop: write the new key behind the present ones, in ADVOCACY_DATA_KEYS or in the file
    data_keys beside the database, and restart every process; then write it in front, restart again, and only then run
    advocacy keys rotate: a process that does not know the new key cannot open what is sealed with it. The old key
    stays behind for as long as backups need it, and for as long as addresses that asked to hear no more are to be
    known again: of those only a hash made with it is kept, and without the key they would get mail again. So it is
    with the recovery codes of staff, who make new ones on the page of their account.
    """
    click.echo(Keys.make().text)


@keys.command()
@click.pass_obj
def rotate(site: Site) -> None:
    """Seal all personal data anew with the first of the site's keys, while the site goes on serving.

    Restart every process with the new key before: advocacy keys make --help tells the steps.
    """
    try:
        held = keys_of(site.settings, site.sessions)
    except SettingsError as error:
        raise WrongUse(str(error)) from None
    try:
        changed = reseal(site.sessions, held)
        codes = Codes(held, site.settings.shown_name, site.now)
        changed += reseal_staff(site.sessions, codes, keys=held)
    except KeyGone as error:
        advice = "write the missing key behind the others, or have that person set up anew: advocacy staff reset"
        raise click.ClickException(f"{error}; {advice}") from None
    except CannotUnseal as error:
        raise click.ClickException(f"a row cannot be opened: {error}; {_advice(site, error)}") from None
    click.echo(f"rows sealed with the newest key: {changed}")
    with site.sessions() as session:
        spared = never_moved(session)
    if spared:
        click.echo(f"addresses that asked to hear no more: {spared}; {_to_know_them(held)}")


def _to_know_them(keys: Keys) -> str:
    if len(keys.newest_first) > 1:
        return (
            "those that asked before the newest key came are known by an older key alone, and no other can take its "
            "place. Leave the older keys behind the newest: without them mail goes to these addresses again"
        )
    return (
        "those that asked under a key that is not here any more are not known again, and mail goes to them. Where "
        "there was an older key, write it back behind this one"
    )


def _advice(site: Site, error: CannotUnseal) -> str:
    if isinstance(error, UnknownKey):
        with site.sessions() as session:
            if is_lost(session, error.key_id):
                return "write the missing key behind the others"
    return "erase its letter, then go on"
