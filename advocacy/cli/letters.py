"""`advocacy letters`: what staff write is checked, taken into the database, and given back byte for byte."""

from collections.abc import Sequence
from pathlib import Path

import click

from advocacy.app import shipped_folder
from advocacy.campaigns.check import check_folder
from advocacy.campaigns.folder import CampaignFolder, read_folders, write_folder
from advocacy.campaigns.library import import_folder, stored_folders
from advocacy.campaigns.models import Author
from advocacy.cli.site import Site, WrongUse

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def letters() -> None:
    """Check, import and export campaigns and their letters."""


@letters.command()
@click.argument("folder", type=FOLDER, required=False)
def check(folder: Path | None) -> None:
    """Check every letter in FOLDER (the shipped ones when left out); exit 1 if anything is to be mended."""
    root = folder or shipped_folder()
    folders = _read(root)
    if _report(folders, root):
        raise SystemExit(1)
    count = sum(len(one.letters()) for one in folders)
    click.echo(
        f"{count} letters in {len(folders)} campaign{'s' if len(folders) > 1 else ''}: nothing to mend"
    )


@letters.command("import")
@click.argument("folder", type=FOLDER)
@click.pass_obj
def import_(site: Site, folder: Path) -> None:
    """Take the campaigns in FOLDER into the database as new revisions; refused while a check fails."""
    folders = _read(folder)
    if _report(folders, folder):
        raise click.ClickException("nothing was imported; mend the lines above first")
    with site.sessions.begin() as session:
        for one in folders:
            made = import_folder(session, one, author=Author.SITE, now=site.now())
            for revision in made:
                click.echo(f"{one.name}/{revision.document.name}: revision {revision.number}")
            if not made:
                click.echo(f"{one.name}: nothing has changed")


@letters.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def export(site: Site, folder: Path) -> None:
    """Write every campaign as it stands into FOLDER, byte for byte as it came in."""
    with site.sessions.begin() as session:
        for one in stored_folders(session):
            try:
                write_folder(one, folder)
            except OSError as error:
                raise click.ClickException(
                    f"{folder} cannot be written ({error.strerror}); name another folder"
                ) from None
            click.echo(f"{one.name}: {len(one.files)} files written to {folder / one.name}")


def _read(root: Path) -> Sequence[CampaignFolder]:
    folders = read_folders(root)
    if not folders:
        raise WrongUse(f"{root} holds no campaign; a campaign is a folder with campaign.toml in it")
    return folders


def _report(folders: Sequence[CampaignFolder], root: Path) -> int:
    """Print every problem with the path it was read from; give how many there are."""
    problems = [problem for folder in folders for problem in check_folder(folder)]
    for problem in problems:
        above = root.parent if (root / "campaign.toml").is_file() else root
        click.echo(f"{above / problem.file}:{problem.line}:{problem.column}: {problem.sentence}")
    return len(problems)
