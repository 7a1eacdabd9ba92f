"""`advocacy letters`: what staff write is checked, taken into the database, and given back byte for byte."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.orm import Session

from advocacy.campaigns.check import check_folder
from advocacy.campaigns.folder import CAMPAIGN, CampaignFolder, campaign_folders, read_folder, write_folder
from advocacy.campaigns.library import import_folder, stored_folder, stored_folders
from advocacy.cli.site import Site, WrongUse
from advocacy.parts import shipped_digests
from advocacy.shipped import shipped_folder

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def letters() -> None:
    """Check, import and export campaigns and their letters."""


@letters.command()
@click.argument("folder", type=FOLDER, required=False)
def check(folder: Path | None) -> None:
    """Check every letter in FOLDER (by default the shipped ones); exit 1 if there is anything to fix.

    FOLDER is one campaign, or contains several. Each line is one thing to fix: file:line:column: what to do.
    """
    campaigns = _read(folder or shipped_folder())
    found = sum(_report(campaign, path) for path, campaign in campaigns.items())
    if found:
        raise click.ClickException(f"{_count(found, 'thing')} to fix")
    letters = _count(sum(len(campaign.letters()) for campaign in campaigns.values()), "letter")
    click.echo(f"{letters} in {_count(len(campaigns), 'campaign')}: nothing to fix")


@letters.command("import")
@click.argument("folder", type=FOLDER)
@click.pass_obj
def import_(site: Site, folder: Path) -> None:
    """Import the campaigns in FOLDER as new revisions; refused while a check fails.

    All campaigns are imported, or none. Unchanged documents get no new revision. Letters missing from FOLDER stay in
    the database.
    """
    campaigns = _read(folder)
    if sum(_report(campaign, path) for path, campaign in campaigns.items()):
        raise click.ClickException("nothing was imported; fix the lines above first")
    with site.sessions.begin() as session:
        told = [line for path, campaign in campaigns.items() for line in _import(session, path, campaign, site=site)]
    for line in told:
        click.echo(line)


@letters.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def export(site: Site, folder: Path) -> None:
    """Export every live campaign into FOLDER, byte for byte as it was imported.

    Files of the same name are overwritten; other files in FOLDER are kept and listed.
    """
    with site.sessions.begin() as session:
        stored = list(stored_folders(session))
    for campaign in stored:
        path = folder / campaign.name
        with _readable(folder, "written"):
            write_folder(campaign, folder)
            there = read_folder(path)
        click.echo(f"{campaign.name}: {_count(len(campaign.files), 'file')} written to {path}")
        for name in sorted(dict(there.files).keys() - dict(campaign.files).keys()):
            click.echo(f"{path / name} is not part of the campaign and was kept", err=True)


def _read(root: Path) -> Mapping[Path, CampaignFolder]:
    with _readable(root, "read"):
        found = {path: read_folder(path) for path in campaign_folders(root)}
    if (root.resolve().parent / CAMPAIGN).is_file() and not found:
        raise WrongUse(f"{root} is part of a campaign; name the whole campaign, {root.resolve().parent}")
    if not found:
        raise WrongUse(f"{root} contains no campaign; a campaign is a folder with {CAMPAIGN} in it")
    return found


@contextmanager
def _readable(folder: Path, done: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or folder
        raise click.ClickException(f"{where} cannot be {done} ({error.strerror}); fix that or name another") from None


def _report(campaign: CampaignFolder, path: Path) -> int:
    """Print every problem under the path the campaign was read from; give how many there are."""
    problems = check_folder(campaign)
    for problem in problems:
        file = path / problem.file.removeprefix(f"{campaign.name}/")
        click.echo(f"{file}:{problem.line}:{problem.column}: {problem.sentence}")
    return len(problems)


def _import(session: Session, path: Path, campaign: CampaignFolder, *, site: Site) -> Sequence[str]:
    """Import one campaign and say what was done, unless the letters that stay no longer fit what came in."""
    made = import_folder(session, campaign, now=site.now(), shipped=shipped_digests())
    whole = stored_folder(session, campaign.name)
    staying = sorted(set(whole.letters()) - set(campaign.letters()))
    if staying and _report(whole, Path(campaign.name)):
        raise click.ClickException(
            f"nothing was imported: {', '.join(staying)}, missing from {path}, would no longer fit; "
            "export, add what is missing, and fix the lines above"
        )
    return [
        *(f"{campaign.name}/{revision.document.name}: revision {revision.number}" for revision in made),
        *([] if made else [f"{campaign.name}: nothing has changed"]),
        *(f"{campaign.name}/{letter}: not in {path}, unchanged" for letter in staying),
    ]


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
