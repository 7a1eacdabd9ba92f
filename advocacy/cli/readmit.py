"""`advocacy readmit`: who asked to hear no more, and has changed their mind, can be written to again."""

import click

from advocacy.cli.address import read_address
from advocacy.cli.site import Site, WrongUse
from advocacy.database import immediate
from advocacy.letters.lost_keys import keys_of
from advocacy.letters.suppressed import lift
from advocacy.settings import SettingsError


@click.command()
@click.option("--campaign", metavar="NAME", help="For this campaign alone; for all of them when left out.")
@click.pass_obj
def readmit(site: Site, campaign: str | None) -> None:
    """Let mail go again to an address that pressed “This is not me: delete”. The address is read from standard input.

    Do so only when its owner asks: whoever pressed that button was promised to get nothing more from the campaign.
    What was deleted then does not come back; letters have to be written anew.
    """
    email = read_address("on standard input")
    try:
        keys = keys_of(site.settings, site.sessions)
    except SettingsError as error:
        raise WrongUse(str(error)) from None
    with immediate(site.sessions) as session:
        lifted = lift(session, email, keys=keys, campaign=campaign)
    if not lifted:
        raise click.ClickException("this address has not asked to hear no more; nothing was changed")
    click.echo(f"mail goes to this address again for: {', '.join(lifted)}")
