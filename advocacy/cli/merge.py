"""`advocacy merge`: a letter for each row of a sheet, in a new folder; bad rows are named and left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from advocacy.campaigns.library import NoSuchTemplate, find_template
from advocacy.cli.format_options import LANGUAGE, POST, TEXT_FORMAT, FormatType, refuse_unused_options
from advocacy.cli.progress import progress
from advocacy.cli.site import OPERATOR_LANGUAGE, Site, WrongUse
from advocacy.exports import FORMATS
from advocacy.exports.format import CannotExport, ExportOptions, Post
from advocacy.exports.merge.addressees import Addressees
from advocacy.exports.merge.columns import LANGUAGE_COLUMN
from advocacy.exports.merge.merge_output import REJECTED_FILE, MergeOutput, output_files, reject_unprintable
from advocacy.exports.merge.row_letters import Merge, MergeSummary
from advocacy.exports.merge.sheet_rows import PeopleSheet, read_people
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
@click.option("--format", "form", type=FormatType(), default=TEXT_FORMAT, help=f"One of {', '.join(FORMATS)}.")
@click.option("--post", type=POST, default=Post.NONE.value, help="Paper: add an address sheet, or fit a #10 window.")
@click.option("--output", type=click.Path(path_type=Path), help="A new folder for the letters.")
@click.option("--check", is_flag=True, help="List the letters that would be made and the bad rows; write nothing.")
@click.pass_obj
def merge(site: Site, /, **options: object) -> None:
    """Write the letter TEMPLATE for each row of PEOPLE, a .csv or .xlsx file.

    Columns are named as the letter's fields, by key or by label in either language; postal_code, riding or
    legislator says whom a letter goes to. docs/merge.md shows a sheet.

    \b
    advocacy merge child-protection/takedown-and-standards people.csv --language fr \\
      --format pdf --output letters

    A bad row is left out and named, with its column and the reason, in rejected.csv in the folder; the others are
    made, and the exit code is 1. PDF comes in files of 180 letters, other formats in a file for each letter.
    """
    request = MergeRequest(**options)  # type: ignore[arg-type]  # click has read each by the types above
    refuse_unused_options(request.form, Post(request.post))
    if not request.check:
        if request.output is None:
            raise WrongUse("name a new folder with --output; or check first with --check")
        if request.output.exists():
            raise WrongUse(f"{request.output} already exists; name a new folder with --output")
    work = _prepare(site, request)
    try:
        if request.output is None or request.check:
            work.check()
        else:
            work.write(request.output)
    except OSError as error:
        where = error.filename or request.output
        raise click.ClickException(f"{where} cannot be written ({error.strerror})") from None
    except CannotExport as error:
        raise click.ClickException(error.message.in_language(OPERATOR_LANGUAGE)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRequest:
    """What was typed after `advocacy merge`."""

    template: str
    people: Path
    language: str | None
    form: str
    post: str
    output: Path | None
    check: bool


def _prepare(site: Site, request: MergeRequest) -> "MergeWork":
    """Read the letter, the directory and the sheet."""
    today: date = site.now().astimezone().date()
    try:
        content = request.people.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{request.people} cannot be read ({error.strerror}); fix that first") from None
    with site.sessions.begin() as session:
        try:
            template = find_template(session, request.template)
        except NoSuchTemplate as error:
            raise WrongUse(str(error)) from None
        addressees = Addressees.of(session, today=today, campaign=template.path.partition("/")[0])
    try:
        people = read_people(content, template)
    except SheetRefused as refused:
        raise click.ClickException(f"{request.people.name}: {refused}") from None
    language = Language(request.language) if request.language else None
    if not language and LANGUAGE_COLUMN not in people.columns.places:
        raise WrongUse(f"name the letters’ language with --language, or in a column “{LANGUAGE_COLUMN}”")
    form, letter = FORMATS[request.form], request.template.rpartition("/")[2]
    options = ExportOptions(today, Post(request.post), test_recipient=site.settings.test_recipient)
    output = MergeOutput(form, options, joins=form.name == "pdf", name=letter)
    merge = Merge(template, addressees, today=today, language=language)
    return MergeWork(request.people, merge, people, output, language or OPERATOR_LANGUAGE, MergeSummary())


@dataclass(frozen=True, slots=True)
class MergeWork:
    """One merge of the file `sheet`: what it came to goes to stdout, what is wrong to stderr.

    The file of rows left out is in `language`, a terminal in the operators'.
    """

    sheet: Path
    merge: Merge
    people: PeopleSheet
    output: MergeOutput
    language: Language
    summary: MergeSummary

    def check(self) -> None:
        """Print what would be made and which rows would be left out; write nothing."""
        merged = self.summary.count(self.merge.letters(self.people))
        with progress("Rows", len(self.people.rows), least=MIN_FOR_PROGRESS, lines=True) as done:
            for _ in reject_unprintable(merged, self.output.form, options=self.output.options, summary=self.summary):
                done(1)
        for line in self._description():
            click.echo(line)
        columns = self.people.columns.keys_by_letters
        click.echo("columns: " + ", ".join(f"{letters} {key}" for letters, key in columns))
        click.echo(_counts(self.summary))
        self._print_notes_and_rejections(err=False)
        if self.summary.rejected:
            rows = _counted(len(self.summary.rejected), "row")
            raise click.ClickException(f"{rows} would be left out; fix the sheet first, or merge the others")

    def write(self, output: Path) -> None:
        """Write every letter, and the rows left out, into a folder that appears when all of it is there."""
        for line in self._description():
            click.echo(line, err=True)
        output.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=output.parent, prefix=f".{output.name}.") as temporary:
            folder = Path(temporary) / "letters"
            folder.mkdir()
            with progress("Letters", len(self.people.rows), least=MIN_FOR_PROGRESS, lines=True) as done:
                rows = 0
                for name, content in self._files():
                    (folder / name).write_bytes(content)
                    done(self.summary.rows - rows)
                    rows = self.summary.rows
            folder.rename(output)
        self._print_notes_and_rejections(err=True)
        click.echo(f"{_counts(self.summary)} in {output}")
        if self.summary.rejected:
            rejected = _counted(len(self.summary.rejected), "row")
            path = output / REJECTED_FILE
            raise click.ClickException(f"{rejected} left out; {path} names the row, the column and the reason")

    def _files(self) -> Iterator[tuple[str, bytes]]:
        letters = self.merge.letters(self.people)
        return output_files(letters, self.people, self.output, language=self.language, summary=self.summary)

    def _description(self) -> Iterator[str]:
        """Yield how the sheet was read, and which of its columns were not."""
        yield f"{self.sheet.name}: {self.people.sheet.kind.in_language(OPERATOR_LANGUAGE)}"
        for unknown in self.people.columns.unknown:
            meant = f"; is it “{unknown.similar.in_language(OPERATOR_LANGUAGE)}”?" if unknown.similar else ""
            yield f"column {unknown.column} is not read: its title matches no field of this letter{meant}"

    def _print_notes_and_rejections(self, *, err: bool) -> None:
        """Print each note once with its first rows, then the first rows left out; no cell is repeated."""
        for note, rows in self.summary.notes.items():
            named = ", ".join(map(str, rows[:MAX_ROWS_NAMED]))
            more = f" and {len(rows) - MAX_ROWS_NAMED:,} more" if len(rows) > MAX_ROWS_NAMED else ""
            text = note.in_language(OPERATOR_LANGUAGE)
            click.echo(f"row{'s' if len(rows) > 1 else ''} {named}{more}: {text}", err=err)
        rejected = self.summary.rejected
        for row in rejected[:MAX_REJECTIONS_NAMED]:
            for error in row.errors:
                click.echo(str(error), err=err)
        if len(rejected) > MAX_REJECTIONS_NAMED:
            click.echo(f"… and {len(rejected) - MAX_REJECTIONS_NAMED:,} more", err=err)


def _counts(summary: MergeSummary) -> str:
    """Return how many letters there are in each language."""
    each = ", ".join(f"{number:,} {language}" for language, number in sorted(summary.languages.items()) if number)
    return f"{_counted(summary.letters, 'letter')}{f' ({each})' if each else ''}"


def _counted(number: int, thing: str) -> str:
    """Return a number of things: "1 letter", "1,000 letters"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
