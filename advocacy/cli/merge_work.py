"""A merge checked, or made: what it came to goes to stdout, what is amiss to stderr, rows left out to a file."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from advocacy.cli import merge_report as report
from advocacy.cli.merge_files import Making
from advocacy.cli.merge_rejected import RejectedFile
from advocacy.cli.people import SPOKEN
from advocacy.cli.progress import progress
from advocacy.exports.format import CannotExport
from advocacy.exports.merge import Merged, Rejection, SheetRefused, rejected_file
from advocacy.language import Language

LONG_MERGE = 200
"""Letters; a PDF of so many takes some seconds."""


def not_merged(sheet: Path, refused: SheetRefused) -> click.ClickException:
    """Say why a file gives no letters."""
    return click.ClickException(f"{sheet.name}: {refused}")


@dataclass(frozen=True, slots=True)
class Work:
    """One merge of the file `sheet`; the file that names the rows left out does so in `spoken`, a terminal in ours."""

    sheet: Path
    making: Making
    spoken: Language

    def check(self) -> None:
        """Say what would be made and which rows would be left out; write nothing."""
        with self._told():
            self._count(self.making.look())
        making, tally = self.making, self.making.tally
        files = report.counted(making.destination.parts(tally.letters), f"{making.destination.form.name} file")
        click.echo("\n".join(report.described(self.sheet.name, making.people)))
        click.echo(report.columns(making.people.columns))
        click.echo(f"{report.counts(tally)}, {files}")
        self._say_amiss(err=False)
        if tally.rejections:
            rows = report.counted(len(tally.rejections), "row")
            raise click.ClickException(f"{rows} would be left out; fix the sheet first, or merge the others")

    def make(self) -> None:
        """Make every letter; name the rows left out in a file beside the sheet, which goes when there are none.

        Raises WrongUse, and makes nothing, when that file is somebody's own.
        """
        self._rejected.refuse_to_write_over()
        click.echo("\n".join(report.described(self.sheet.name, self.making.people)), err=True)
        with self._told():
            self.making.begin()
            if self.making.destination.stem:
                self._make_joined()
            else:
                with progress("Letters", self._rows(), least=LONG_MERGE, lines=True) as done:
                    self.making.each(done)
            self._name_rejected()
        self._report()

    def _make_joined(self) -> None:
        self._count(self.making.tally.counted(self.making.merge.letters(self.making.people)))
        self._name_rejected()  # a merge that is killed has said so already
        with progress("Letters", self.making.tally.letters, least=LONG_MERGE, lines=True) as done:
            self.making.join_letters(done)

    def _rows(self) -> int:
        """Count the rows first: what breaks a file off is found before anything is made of it."""
        return sum(1 for _ in self.making.people.rows())

    def _count(self, made: Iterable[Merged | Rejection]) -> None:
        with progress("Rows", self._rows(), least=LONG_MERGE, lines=True) as done:
            for _ in made:
                done(1)

    @property
    def _rejected(self) -> RejectedFile:
        return RejectedFile(self.sheet, self.making.record.template)

    def _name_rejected(self) -> None:
        rejections = self.making.tally.rejections
        if not rejections:
            self._rejected.remove()
            return
        try:
            self._rejected.write(rejected_file(rejections, self.making.people.sheet, self.spoken))
        except OSError:
            self._say_amiss(err=True)  # else nobody would learn it
            raise

    def _say_amiss(self, *, err: bool) -> None:
        tally = self.making.tally
        for line in (*report.notes(tally, SPOKEN), *report.rejections(tally.rejections, SPOKEN)):
            click.echo(line, err=err)

    def _report(self) -> None:
        """Say what was made, and fail when any row was left out."""
        self._say_amiss(err=True)
        tally = self.making.tally
        click.echo(f"{report.counts(tally)}, {self._files()}")
        if tally.rejections:
            rows = report.counted(len(tally.rejections), "row")
            raise click.ClickException(
                f"{rows} left out; {self._rejected.path} names the row, the column and the reason"
            )

    def _files(self) -> str:
        making, files = self.making, self.making.files
        if not making.destination.stem or not files:
            return f"{report.counted(files, 'file')} in {making.destination.folder}"
        first, last = (making.destination.part(number, files) for number in (1, files))
        return f"in {first}" if files == 1 else f"{files} files, {first} to {last.name}"

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in a sentence what keeps a merge from its end, and how it goes on."""
        try:
            yield
        except SheetRefused as refused:
            raise not_merged(self.sheet, refused) from None
        except OSError as error:
            where = error.filename or self.making.destination.folder
            told = f"{where} cannot be written ({error.strerror}); fix that, then continue with --resume"
            raise click.ClickException(told) from None
        except CannotExport as error:
            raise click.ClickException(error.message.in_language(SPOKEN)) from None
