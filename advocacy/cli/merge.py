"""`advocacy merge`: a letter for each row of a sheet; bad rows are named and left out, and a killed merge goes on."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import BufferedReader
from pathlib import Path

import click

from advocacy import __version__
from advocacy.campaigns.campaign_folder import digest
from advocacy.campaigns.library import NoSuchTemplate, find_template, stored_folder
from advocacy.cli.format_options import LANGUAGE, POST, FormatType, format_name, refuse_unused_options
from advocacy.cli.merge_files import Destination, MergeFiles, Record, RejectedFile
from advocacy.cli.progress import progress
from advocacy.cli.site import OPERATOR_LANGUAGE, Site, WrongUse
from advocacy.exports import FORMATS
from advocacy.exports.format import CannotExport, ExportOptions, Post
from advocacy.exports.merge.addressees import Addressees
from advocacy.exports.merge.columns import LANGUAGE_COLUMN
from advocacy.exports.merge.merge_output import rejected_file
from advocacy.exports.merge.row_letters import Merge, MergedLetter, MergeSummary, RejectedRow
from advocacy.exports.merge.sheet_rows import read_people
from advocacy.language import Language
from advocacy.sheets import SheetRefused

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MIN_FOR_PROGRESS = 200
"""Letters; a PDF of so many takes some seconds."""
MAX_REJECTIONS_NAMED = 20
MAX_ROWS_NAMED = 5


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
    request = MergeRequest(**options)  # type: ignore[arg-type]  # click has read each by the types above
    refuse_unused_options(request.format, Post(request.post))
    record = request.record()
    try:
        stream = request.people.open("rb")
    except OSError as error:
        raise click.ClickException(f"{request.people} cannot be read ({error.strerror}); fix that first") from None
    with stream:
        work = _prepare(site, request, stream, record=record)
        if request.check:
            work.check()
        else:
            work.write()


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRequest:
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
        """The letters' format: as it was asked for, or as the output's name ends."""
        return format_name(self.form, self.output)

    @property
    def destination(self) -> Destination:
        """Where the letters go; a check needs to name no place."""
        letter = self.template.rpartition("/")[2]
        if self.output is None and not self.check:
            raise WrongUse("name a folder, or one file for all letters, with --output; or check first with --check")
        return Destination.of(self.output or Path(), FORMATS[self.format], letter, post=Post(self.post))

    def options(self, test_recipient: str) -> Mapping[str, str]:
        """Return all that was asked for and that shows in the letters."""
        asked = {"language": self.language or "", "format": self.format, "post": self.post}
        return {**asked, "joined": self.destination.stem, "test_recipient": test_recipient}

    def record(self) -> Record | None:
        """Return the record of the merge to resume; raise WrongUse rather than write over letters that are there."""
        destination = self.destination
        record = Record.read(destination.record) if self.resume else None
        if self.resume and not record:
            others = destination.records_of_other_formats(self.template.rpartition("/")[2])
            if any(path.exists() for path in others):
                raise Record.changed("options", destination.folder)
        existing = next(destination.existing_files(), None)
        if existing and not record and not self.check:
            problem = (
                "was not made by a merge that can be resumed"
                if self.resume
                else "already exists; --resume continues it"
            )
            raise WrongUse(f"{existing} {problem}; to start again, name another place with --output")
        return record


def _prepare(site: Site, request: MergeRequest, stream: BufferedReader, *, record: Record | None) -> "MergeWork":
    """Read the letter, the directory and the head of the sheet; refuse to resume what was begun otherwise."""
    today = date.fromisoformat(record.date) if record else site.now().astimezone().date()
    options = ExportOptions(today, Post(request.post), test_recipient=site.settings.test_recipient)
    with site.sessions.begin() as session:
        try:
            template = find_template(session, request.template)
        except NoSuchTemplate as error:
            raise WrongUse(str(error)) from None
        campaign = template.path.partition("/")[0]
        revision = digest(dict(stored_folder(session, campaign).files))
        addressees = Addressees.of(session, today=today, campaign=campaign)
    new = Record(
        sheet=hashlib.file_digest(stream, "sha256").hexdigest(),
        template=request.template,
        revision=revision,
        directory=addressees.digest,
        options=request.options(options.test_recipient),
        version=__version__,
        date=today.isoformat(),
    )
    if record:
        record.refuse_other(new, request.output or request.destination.folder)
    language = Language(request.language) if request.language else None
    merge = Merge(template, addressees, today=today, language=language)
    try:
        stream.seek(0)
        people = read_people(stream.read(), template)
    except SheetRefused as refused:
        raise click.ClickException(f"{request.people.name}: {refused}") from None
    if not language and LANGUAGE_COLUMN not in people.columns.places:
        raise WrongUse(f"name the letters’ language with --language, or in a column “{LANGUAGE_COLUMN}”")
    files = MergeFiles(merge, people, request.destination, options, record or new, MergeSummary())
    return MergeWork(request.people, files, language or OPERATOR_LANGUAGE)


@dataclass(frozen=True, slots=True)
class MergeWork:
    """One merge of the file `sheet`; what it came to goes to stdout, what is wrong to stderr, rows left out to a file.

    That file is in `language`, a terminal in the operators'.
    """

    sheet: Path
    files: MergeFiles
    language: Language

    def check(self) -> None:
        """Print what would be made and which rows would be left out; write nothing."""
        with self._explained():
            self._count(self.files.check())
        destination, summary = self.files.destination, self.files.summary
        for line in self._description():
            click.echo(line)
        columns = self.files.people.columns.keys_by_letters
        click.echo("columns: " + ", ".join(f"{letters} {key}" for letters, key in columns))
        files = _counted(destination.file_count(summary.letters), f"{destination.form.name} file")
        click.echo(f"{_counts(summary)}, {files}")
        self._print_notes_and_rejections(err=False)
        if summary.rejected:
            rows = _counted(len(summary.rejected), "row")
            raise click.ClickException(f"{rows} would be left out; fix the sheet first, or merge the others")

    def write(self) -> None:
        """Write every letter; name the rows left out in a file beside the sheet, which goes when there are none.

        Raises WrongUse, and writes nothing, when that file is somebody's own.
        """
        self._rejected_file.refuse_to_overwrite()
        for line in self._description():
            click.echo(line, err=True)
        joined = bool(self.files.destination.stem)
        with self._explained():
            self.files.begin()
            if joined:
                self._count(self.files.summary.count(self.files.merge.letters(self.files.people)))
                self._write_rejected()  # a merge that is killed has named them already
            total = self.files.summary.letters if joined else len(self.files.people.rows)
            with progress("Letters", total, least=MIN_FOR_PROGRESS, lines=True) as done:
                if joined:
                    self.files.write_joined(done)
                else:
                    self.files.write_each(done)
            self._write_rejected()
        self._print_notes_and_rejections(err=True)
        click.echo(f"{_counts(self.files.summary)}, {self._where()}")
        if self.files.summary.rejected:
            rows = _counted(len(self.files.summary.rejected), "row")
            path = self._rejected_file.path
            raise click.ClickException(f"{rows} left out; {path} names the row, the column and the reason")

    def _count(self, merged: Iterable[MergedLetter | RejectedRow]) -> None:
        with progress("Rows", len(self.files.people.rows), least=MIN_FOR_PROGRESS, lines=True) as done:
            for _ in merged:
                done(1)

    @property
    def _rejected_file(self) -> RejectedFile:
        return RejectedFile(self.sheet, self.files.record.template)

    def _write_rejected(self) -> None:
        rejected = self.files.summary.rejected
        if not rejected:
            self._rejected_file.remove()
            return
        try:
            self._rejected_file.write(rejected_file(rejected, self.files.people.sheet.separator, self.language))
        except OSError:
            self._print_notes_and_rejections(err=True)  # else nobody would learn it
            raise

    def _description(self) -> Iterator[str]:
        """Yield how the sheet was read, and which of its columns were not."""
        people = self.files.people
        yield f"{self.sheet.name}: {people.sheet.kind.in_language(OPERATOR_LANGUAGE)}"
        for unknown in people.columns.unknown:
            meant = f"; is it “{unknown.similar.in_language(OPERATOR_LANGUAGE)}”?" if unknown.similar else ""
            yield f"column {unknown.column} is not read: its title matches no field of this letter{meant}"

    def _print_notes_and_rejections(self, *, err: bool) -> None:
        """Print each note once with its first rows, then the first rows left out; no cell is repeated."""
        summary = self.files.summary
        for note, rows in summary.notes.items():
            named = ", ".join(map(str, rows[:MAX_ROWS_NAMED]))
            more = f" and {len(rows) - MAX_ROWS_NAMED:,} more" if len(rows) > MAX_ROWS_NAMED else ""
            text = note.in_language(OPERATOR_LANGUAGE)
            click.echo(f"row{'s' if len(rows) > 1 else ''} {named}{more}: {text}", err=err)
        for rejected in summary.rejected[:MAX_REJECTIONS_NAMED]:
            for error in rejected.errors:
                where = f"row {rejected.row}, {error.column}" if error.column else f"row {rejected.row}"
                click.echo(f"{where}: {error.message.in_language(OPERATOR_LANGUAGE)}", err=err)
        if len(summary.rejected) > MAX_REJECTIONS_NAMED:
            click.echo(f"… and {len(summary.rejected) - MAX_REJECTIONS_NAMED:,} more", err=err)

    def _where(self) -> str:
        destination, files = self.files.destination, self.files.files
        if not destination.stem or not files:
            return f"{_counted(files, 'file')} in {destination.folder}"
        first, last = (destination.part(number, files) for number in (1, files))
        return f"in {first}" if files == 1 else f"{files} files, {first} to {last.name}"

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what prevents the end of a merge into a sentence, with how it goes on."""
        try:
            yield
        except OSError as error:
            where = error.filename or self.files.destination.folder
            problem = f"{where} cannot be written ({error.strerror}); fix that, then continue with --resume"
            raise click.ClickException(problem) from None
        except CannotExport as error:
            raise click.ClickException(error.message.in_language(OPERATOR_LANGUAGE)) from None


def _counts(summary: MergeSummary) -> str:
    """Return how many letters there are in each language."""
    each = ", ".join(f"{number:,} {language}" for language, number in sorted(summary.languages.items()) if number)
    return f"{_counted(summary.letters, 'letter')}{f' ({each})' if each else ''}"


def _counted(number: int, thing: str) -> str:
    """Return a number of things: "1 letter", "1,000 letters"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
