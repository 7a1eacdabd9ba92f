"""Two sample letters without a browser, and how to write one's own."""

from types import MappingProxyType

import click

from advocacy.campaigns.library import find_template
from advocacy.cli.site import Site
from advocacy.exports.text import to_text
from advocacy.language import Language
from advocacy.legislators.directory import members_for, to_recipient
from advocacy.letters.compose import compose
from advocacy.letters.forms import read_answers

TEMPLATE = "child-protection/takedown-and-standards"
RIDING = "35079"
SAMPLE = MappingProxyType(
    {
        "name": "Camille Essai",
        "city": "Ottawa",
        "province": "ON",
        "postal_code": "K1A 0A6",
        "relationship": "parent",
    }
)
HOW = """Your own letter:

  .venv/bin/advocacy letter child-protection/takedown-and-standards --language en \\
    --postal-code "K1A 0A6" --set name="Your name" --set city="Your town" --set province=ON \\
    --set reason="Why this matters to you, in your own words."

Your legislators:  .venv/bin/advocacy legislators find "K1A 0A6"
The letters:       .venv/bin/advocacy letters check
All commands:      .venv/bin/advocacy --help
"""


@click.command(hidden=True)
@click.pass_obj
def demo(site: Site) -> None:
    """Print a sample letter in each language, and how to make your own. Nothing is sent or stored."""
    with site.sessions.begin() as session:
        template = find_template(session, TEMPLATE)
        recipient = to_recipient(members_for(session, [RIDING])[0])
    for language in Language:
        answers = read_answers(SAMPLE, template, language=language).of_ridings(frozenset({RIDING}))
        letter = compose(template, answers, recipient, language=language, today=site.now().astimezone().date())
        click.echo(f"{'─' * 72}\n{to_text(letter)}")
    click.echo(f"{'─' * 72}\n{HOW}", nl=False)
