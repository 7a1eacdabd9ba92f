"""`advocacy doctor`: whether everything around the site is as it should be, and what to do where it is not."""

import json

import click

from advocacy.cli.site import Site, WrongUse
from advocacy.site_checks import check_site
from advocacy.site_problems import Level, SiteProblem, fail

COLORS = {Level.NOTE: None, Level.WARN: "yellow", Level.FAIL: "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON, for a program.")
@click.pass_context
def doctor(context: click.Context, *, as_json: bool) -> None:
    """Check settings, database, worker, provider, DNS, certificate, disk and dates; exit 1 if any check fails.

    Nothing is changed and nothing is sent. Each line is a problem: note, warn or fail, its code, and what to do.
    """
    site: Site = context.obj
    problems: list[SiteProblem] = []
    try:
        problems += check_site(site.settings, now=site.now)
    except WrongUse as error:  # a setting that cannot be read
        problems.append(fail("settings", error.message))
    found = [{"code": problem.code, "level": problem.level, "advice": problem.advice} for problem in problems]
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        for problem in found:
            level = click.style(f"{problem['level']:4}", fg=COLORS[Level(problem["level"])])
            click.echo(f"{level}  {problem['code']}: {problem['advice']}")
        if not found:
            click.echo("Nothing is wrong.")
    if any(problem.level is Level.FAIL for problem in problems):
        context.exit(1)
