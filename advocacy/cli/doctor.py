"""`advocacy doctor`: whether everything around the site is as it should be, and what to do where it is not."""

import json
from dataclasses import asdict

import click

from advocacy.cli.site import Site, WrongUse
from advocacy.site_checks import Check, Level, check_site, fail, has_failed

COLORS = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON, for a program.")
@click.pass_context
def doctor(context: click.Context, *, as_json: bool) -> None:
    """Check settings, database, worker, provider, DNS, certificate, disk and dates; exit 1 if any check fails.

    Nothing is changed and nothing is sent. Each line is ok, warn or fail, with what to do.
    """
    site: Site = context.obj
    checks: list[Check] = []
    try:
        for check in check_site(site.settings, now=site.now):
            checks.append(check)
            if not as_json:
                click.echo(f"{click.style(f'{check.level:4}', fg=COLORS[check.level])}  {check.name}: {check.sentence}")
    except WrongUse as error:  # a setting that cannot be read
        checks.append(fail("settings", error.message))
        if not as_json:
            click.echo(f"fail  settings: {error.message}")
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks], indent=2))
    if has_failed(checks):
        context.exit(1)
