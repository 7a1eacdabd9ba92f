"""`advocacy readmit`: who asked to hear no more, and has changed their mind, can be written to again."""

import click

from advocacy.cli.address import read_address
from advocacy.cli.site import Site, WrongUse
from advocacy.database import immediate
from advocacy.letters.re_encryption import load_keys
from advocacy.letters.suppression_list import remove
from advocacy.settings import SettingsError


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
        keys = load_keys(site.settings, site.sessions)
    except SettingsError as error:
        raise WrongUse(str(error)) from None
    with immediate(site.sessions) as session:
        lifted = remove(session, email, keys=keys, campaign=campaign)
    if not lifted:
        raise click.ClickException("this address did not ask for no more messages; nothing was changed")
    click.echo(f"mail is allowed to this address again for: {', '.join(lifted)}")
