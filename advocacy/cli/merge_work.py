"""A merge checked, or made: what it came to goes to stdout, what is amiss to stderr, rows left out to a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from advocacy.cli import merge_report as report
from advocacy.cli.merge_files import Making
from advocacy.cli.progress import progress
from advocacy.cli.site import WrongUse
from advocacy.cli.whole_files import write_whole
from advocacy.exports.form import CannotBeMade
from advocacy.exports.merge import SheetRefused, is_rejected_file, rejected_file
from advocacy.language import Language

LONG_MERGE = 200
"""Letters; a PDF of so many takes some seconds."""


def not_merged(sheet: Path, refused: SheetRefused) -> click.ClickException:
    """Say why a file gives no letters."""
    return click.ClickException(f"{sheet.name}: {refused}")


@dataclass(frozen=True, slots=True)
class Work:
    """One merge of the file `sheet`; reasons are given in `spoken`."""

    sheet: Path
    making: Making
    spoken: Language

    def check(self) -> None:
        """Say what would be made and which rows would be left out; write nothing."""
        with self._told():
            self._count_all()
        making, tally = self.making, self.making.tally
        files = report.counted(making.destination.parts(tally.letters), f"{making.destination.form.name} file")
        click.echo("\n".join(report.described(self.sheet.name, making.people)))
        click.echo(report.columns(making.people.columns))
        click.echo(f"{report.counts(tally)}, {files}")
        self._say_amiss(err=False)
        if tally.rejections:
            rows = report.counted(len(tally.rejections), "row")
            raise click.ClickException(f"{rows} would be left out; mend the sheet first, or merge the others")

    def make(self) -> None:
        """Make every letter; name the rows left out in a file beside the sheet, which goes when there are none.

        Raises WrongUse, and makes nothing, when that file is somebody's own.
        """
        self._refuse_to_write_over()
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
        self._count_all()
        self._name_rejected()  # a merge that is killed has said so already
        with progress("Letters", self.making.tally.letters, least=LONG_MERGE, lines=True) as done:
            self.making.joined(done)

    def _rows(self) -> int:
        """Count the rows first: what breaks a file off is found before anything is made of it."""
        return sum(1 for _ in self.making.people.rows())

    def _count_all(self) -> None:
        with progress("Rows", self._rows(), least=LONG_MERGE, lines=True) as done:
            for _ in self.making.tally.counted(self.making.merge.letters(self.making.people)):
                done(1)

    @property
    def _rejected(self) -> Path:
        return self.sheet.with_name(f"{self.sheet.stem}.rejected.csv")

    def _name_rejected(self) -> None:
        rejections = self.making.tally.rejections
        if not rejections:
            self._rejected.unlink(missing_ok=True)
            return
        try:
            write_whole(self._rejected, rejected_file(rejections, self.making.people.sheet, self.spoken))
        except OSError:
            self._say_amiss(err=True)  # else nobody would learn it
            raise

    def _refuse_to_write_over(self) -> None:
        try:
            with self._rejected.open("rb") as file:
                ours = is_rejected_file(file)
        except FileNotFoundError:
            return
        except OSError:
            ours = False
        if not ours:
            told = f"{self._rejected} is not from a merge, and rows left out would be named there"
            raise WrongUse(f"{told}; move it away, or rename the sheet")

    def _say_amiss(self, *, err: bool) -> None:
        tally = self.making.tally
        for line in (*report.notes(tally, self.spoken), *report.rejections(tally.rejections, self.spoken)):
            click.echo(line, err=err)

    def _report(self) -> None:
        """Say what was made, and fail when any row was left out."""
        self._say_amiss(err=True)
        tally, files = self.making.tally, report.counted(self.making.files, "file")
        click.echo(f"{report.counts(tally)}, {files} in {self.making.destination.folder}")
        if tally.rejections:
            rows = report.counted(len(tally.rejections), "row")
            raise click.ClickException(f"{rows} left out; {self._rejected} names the row, the column and the reason")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in a sentence what keeps a merge from its end, and how it goes on."""
        try:
            yield
        except SheetRefused as refused:
            raise not_merged(self.sheet, refused) from None
        except OSError as error:
            where = error.filename or self.making.destination.folder
            told = f"{where} cannot be written ({error.strerror}); mend that, then go on with --resume"
            raise click.ClickException(told) from None
        except CannotBeMade as error:
            raise click.ClickException(error.wording.spoken(self.spoken)) from None
