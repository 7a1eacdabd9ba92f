"""The letters of a merge become files, each whole or not there, so that a merge that was killed can go on."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from advocacy.cli.destination import Destination
from advocacy.cli.merge_record import Record
from advocacy.cli.whole_files import ManyFiles, clear_aside, write_whole
from advocacy.exports.format import CannotExport, ExportOptions, join_letters
from advocacy.exports.merge import Merge, Merged, People, Rejection, Tally, tried, unshown
from advocacy.legislators.models import ProgressCallback


@dataclass(slots=True)
class Making:
    """One merge on its way to its destination; files that are there already stay as they are."""

    merge: Merge
    people: People
    destination: Destination
    options: ExportOptions
    record: Record
    tally: Tally
    files: int = 0

    def begin(self) -> None:
        """Make the folder, clear what a killed merge left unfinished, and write down what this one is begun with."""
        self.destination.folder.mkdir(parents=True, exist_ok=True)
        clear_aside(self.destination.folder, self.destination.names)
        self.record.write(self.destination.record)

    def look(self) -> Iterator[Merged | Rejection]:
        """ProgressCallback every row and write nothing; letters that the form may not show are made for that."""
        counted = self.tally.counted(self.merge.letters(self.people))
        return tried(counted, self.destination.form, options=self.options, tally=self.tally)

    def _reject_late(self, merged: Merged) -> None:
        self.tally.reject_late(merged, unshown(merged, self.destination.form, self.options))

    def each(self, done: ProgressCallback) -> None:
        """Make a file for each letter, counting rows on the way."""
        files = ManyFiles(self.destination.folder)
        for one in self.tally.counted(self.merge.letters(self.people)):
            if isinstance(one, Merged):
                self._each(one, files)
            done(1)
        files.finish()
        self.files = self.tally.letters

    def _each(self, merged: Merged, files: ManyFiles) -> None:
        path = self.destination.letter(merged)
        if path.exists():
            return
        try:
            files.write(path, self.destination.form.render([merged.letter], self.options))
        except CannotExport:
            self._reject_late(merged)

    def join_letters(self, done: ProgressCallback) -> None:
        """Make files of several letters, once all rows are counted in the tally; count letters on the way."""
        self.files = self.destination.parts(self.tally.letters)
        again = self.merge.letters(self.people, noted=False)
        letters = (one for one in again if isinstance(one, Merged))
        size = -(-self.tally.letters // max(1, self.files))
        for number, part in enumerate(_parted(letters, size), start=1):
            path = self.destination.part(number, self.files)
            if not path.exists():
                self._join(part, path)
            for one in part:
                if one.row in self.record.late:
                    self._reject_late(one)
            done(len(part))

    def _join(self, part: list[Merged], path: Path) -> None:
        file = join_letters(self.destination.form, [one.letter for one in part], self.options)
        if file.left_out:
            self.record = self.record.with_late(part[place].row for place in file.left_out)
            self.record.write(self.destination.record)
        if file.content is not None:
            write_whole(path, file.content)


def _parted(letters: Iterator[Merged], size: int) -> Iterator[list[Merged]]:
    while part := list(islice(letters, size)):
        yield part
