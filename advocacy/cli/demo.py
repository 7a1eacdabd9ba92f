"""`advocacy demo`: two sample letters, how to write one's own, and a second campaign to look at."""

from types import MappingProxyType

import click

from advocacy import PACKAGE
from advocacy.campaigns.campaign_folder import read_folder
from advocacy.campaigns.library import find_template, import_folder, stored_folder
from advocacy.cli.site import OPERATOR_LANGUAGE, Site
from advocacy.database import immediate
from advocacy.exports.text import to_text
from advocacy.language import Language
from advocacy.legislators.directory_queries import members_for
from advocacy.legislators.models import to_recipient
from advocacy.letters.compose import compose
from advocacy.letters.forms import read_answers

TEMPLATE = "child-protection/takedown-and-standards"
RIDING = "35079"
SECOND_CAMPAIGN = PACKAGE / "demo" / "clean-air-in-schools"
SAMPLE_ANSWERS = MappingProxyType(
    {
        "name": "Camille Essai",
        "city": "Ottawa",
        "province": "ON",
        "postal_code": "K1A 0A6",
        "relationship": "parent",
    }
)
HELP = """Your own letter:

  .venv/bin/advocacy letter child-protection/takedown-and-standards --language en \\
    --postal-code "K1A 0A6" --set name="Your name" --set city="Your town" --set province=ON \\
    --set reason="Why this matters to you, in your own words."

Your legislators:  .venv/bin/advocacy legislators find "K1A 0A6"
The letters:       .venv/bin/advocacy letters check
All commands:      .venv/bin/advocacy --help
"""


@click.command(hidden=True)
@click.option("--second-campaign", is_flag=True, help="Publish a sample campaign about something else on this site.")
@click.pass_obj
def demo(site: Site, *, second_campaign: bool) -> None:
    """Print a sample letter in each language, and how to make your own. Nothing is sent or stored."""
    if second_campaign:
        _publish_second_campaign(site)
        return
    with site.sessions.begin() as session:
        template = find_template(session, TEMPLATE)
        recipient = to_recipient(members_for(session, [RIDING])[0])
    for language in Language:
        answers = read_answers(SAMPLE_ANSWERS, template, language=language).of_ridings(frozenset({RIDING}))
        letter = compose(template, answers, recipient, language=language, today=site.now().astimezone().date())
        click.echo(f"{'─' * 72}\n{to_text(letter)}")
    click.echo(f"{'─' * 72}\n{HELP}", nl=False)


def _publish_second_campaign(site: Site) -> None:
    """Publish the sample campaign unless the site has it, whatever was made of it since."""
    settings = site.settings
    if settings.provider != "folder" and not settings.test_recipient:
        raise click.ClickException(
            "this site sends letters, and the sample campaign’s survey is invented; "
            "set ADVOCACY_TEST_RECIPIENT, or use a site that sends nothing"
        )
    folder = read_folder(SECOND_CAMPAIGN)
    with immediate(site.sessions) as session:
        is_there = bool(stored_folder(session, folder.name).files)
        if not is_there:
            import_folder(session, folder, now=site.now())
    done = "was on this site already and stays as it is" if is_there else "is published on this site"
    click.echo(f"The sample campaign “{folder.campaign().name.in_language(OPERATOR_LANGUAGE)}” {done}:")
    for language in Language:
        click.echo(f"  {settings.base_url}/{language}/{folder.name}/")
    click.echo("Its survey is invented. “advocacy serve” starts the site.")
