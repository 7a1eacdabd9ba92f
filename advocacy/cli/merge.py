"""`advocacy merge`: a letter for each row of a sheet; bad rows are named and left out, and a killed merge goes on."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import BufferedReader
from pathlib import Path

import click
from sqlalchemy.orm import Session

from advocacy import __version__
from advocacy.campaigns.campaign_files import LetterTemplate
from advocacy.campaigns.folder import digest
from advocacy.campaigns.library import NoSuchTemplate, find_template, stored_folder
from advocacy.cli.destination import Destination
from advocacy.cli.form_options import LANGUAGE, POST, FormatType, form_of, refuse_without_use
from advocacy.cli.merge_files import Making
from advocacy.cli.merge_record import Record
from advocacy.cli.merge_work import Work, not_merged
from advocacy.cli.people import SPOKEN
from advocacy.cli.site import Site, WrongUse
from advocacy.exports import FORMATS
from advocacy.exports.format import ExportOptions, Post
from advocacy.exports.merge import LANGUAGE_COLUMN, Addressees, Merge, People, SheetRefused, Tally, read_people
from advocacy.language import Language

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("template")
@click.argument("people", type=FILE)
@click.option("--language", type=LANGUAGE, help="The letters' language, for rows whose own column gives none.")
@click.option(
    "--format", "form", type=FormatType(), help=f"One of {', '.join(FORMATS)}; else as --output ends, or txt."
)
@click.option("--post", type=POST, default=Post.NONE.value, help="Paper: add an address sheet, or fit a #10 window.")
@click.option("--output", type=click.Path(path_type=Path), help="A folder, or one file for all letters.")
@click.option("--check", is_flag=True, help="List the letters that would be made and the bad rows; write nothing.")
@click.option("--resume", is_flag=True, help="Resume a merge that was stopped, with its original date.")
@click.pass_obj
def merge(site: Site, /, **options: object) -> None:
    """Write the letter TEMPLATE for each row of PEOPLE, a .csv or .xlsx file.

    Columns are named as the letter's fields, by key or by label in either language; postal_code, riding or
    legislator says whom a letter goes to. docs/merge.md shows a sheet.

    \b
    advocacy merge child-protection/takedown-and-standards people.csv --language fr \\
      --format pdf --output letters.pdf

    A bad row is left out and named, with its column and the reason, in PEOPLE.rejected.csv beside the sheet; the
    others are made, and the exit code is 1. More than 500 pages come in several numbered files.
    """
    asked = Asked(**options)  # type: ignore[arg-type]  # click has read each by the types above
    refuse_without_use(asked.format, Post(asked.post))
    kept = asked.begun()
    try:
        stream = asked.people.open("rb")
    except OSError as error:
        raise click.ClickException(f"{asked.people} cannot be read ({error.strerror}); fix that first") from None
    with stream:
        work = _prepared(site, asked, stream, kept=kept)
        if asked.check:
            work.check()
        else:
            work.make()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was typed after `advocacy merge`."""

    template: str
    people: Path
    language: str | None
    form: str | None
    post: str
    output: Path | None
    check: bool
    resume: bool

    @property
    def format(self) -> str:
        """The letters' form: as it was asked for, or as the output's name ends."""
        return form_of(self.form, self.output)

    @property
    def destination(self) -> Destination:
        """Where the letters go; a check needs to name no place."""
        letter = self.template.rpartition("/")[2]
        if self.output is None and not self.check:
            raise WrongUse("name a folder, or one file for all letters, with --output; or check first with --check")
        return Destination.of(self.output or Path(), FORMATS[self.format], letter, post=Post(self.post))

    def options(self, options: ExportOptions) -> Mapping[str, str]:
        """Return all that was asked for and that shows in the letters."""
        asked = {"language": self.language or "", "format": self.format, "post": self.post}
        return {**asked, "joined": self.destination.stem, "test_recipient": options.test_recipient}

    def begun(self) -> Record | None:
        """Return what the merge that goes on was begun with; refuse to write over letters that are there."""
        destination = self.destination
        kept = Record.read(destination.record) if self.resume else None
        if self.resume and not kept:
            self._refuse_another_form(destination)
        taken = next(destination.taken(), None)
        if taken and not kept and not self.check:
            told = (
                "was not made by a merge that can be resumed"
                if self.resume
                else "already exists; --resume continues it"
            )
            raise WrongUse(f"{taken} {told}; to start again, name another place with --output")
        return kept

    def _refuse_another_form(self, destination: Destination) -> None:
        """Tell that the folder was begun with another --format, if it was."""
        if any(path.exists() for path in destination.records_of_others(self.template.rpartition("/")[2])):
            raise WrongUse(Record.told("options", destination.folder))


def _prepared(site: Site, asked: Asked, stream: BufferedReader, *, kept: Record | None) -> Work:
    """Read the letter, the directory and the head of the sheet; refuse to go on with what was begun otherwise."""
    options = ExportOptions(
        date.fromisoformat(kept.date) if kept else site.now().astimezone().date(),
        Post(asked.post),
        test_recipient=site.settings.test_recipient,
    )
    with site.sessions.begin() as session:
        template = _template(session, asked.template)
        revision = digest(dict(stored_folder(session, asked.template.partition("/")[0]).files))
        addressees = Addressees.of(session, today=options.today, campaign=template.path.partition("/")[0])
    now = Record(
        sheet=hashlib.file_digest(stream, "sha256").hexdigest(),
        template=asked.template,
        revision=revision,
        directory=addressees.digest,
        options=asked.options(options),
        version=__version__,
        date=options.today.isoformat(),
    )
    if kept:
        kept.refuse_other(now, asked.output or asked.destination.folder)
    language = Language(asked.language) if asked.language else None
    merge = Merge(template, addressees, today=options.today, language=language)
    making = Making(merge, _read(asked, stream, template), asked.destination, options, kept or now, Tally())
    return Work(asked.people, making, language or SPOKEN)


def _read(asked: Asked, stream: BufferedReader, template: LetterTemplate) -> People:
    try:
        people = read_people(stream, template)
    except SheetRefused as refused:
        raise not_merged(asked.people, refused) from None
    if not asked.language and LANGUAGE_COLUMN not in people.columns.places:
        raise WrongUse(f"name the letters’ language with --language, or in a column “{LANGUAGE_COLUMN}”")
    return people


def _template(session: Session, path: str) -> LetterTemplate:
    try:
        return find_template(session, path)
    except NoSuchTemplate as error:
        raise WrongUse(str(error)) from None
