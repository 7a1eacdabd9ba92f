"""Where a merge puts its letters, and how it goes on: files that are whole or not there, and a record beside them."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path

from advocacy.cli.atomic_files import FileBatch, remove_unfinished, write_file
from advocacy.cli.site import WrongUse
from advocacy.exports import FORMATS
from advocacy.exports.format import CannotExport, ExportOptions, Format, Post, join_letters
from advocacy.exports.merge.merge_output import (
    ROW_DIGITS,
    format_errors,
    is_rejected_file,
    letter_name,
    reject_unprintable,
)
from advocacy.exports.merge.row_letters import Merge, MergedLetter, MergeSummary, RejectedRow
from advocacy.exports.merge.sheet_rows import PeopleSheet
from advocacy.legislators.models import ProgressCallback

MAX_JOINED_PAGES, PAGES_PER_FILE = 500, 180
"""The most pages in one file, and, where they are more, the most in each of several.

A typesetter holds half a megabyte for each. What is prepared for the mail counts as two: an address sheet is one, and
under a window's address a letter often goes on to another.
"""
PAGES_IN_THE_MAIL = 2
ALWAYS_JOINED = frozenset({"pdf"})
"""Formats for the printer, which come in parts even in a folder."""
PART_DIGITS = 2
CHANGED = {
    "sheet": "the sheet is not the one",
    "template": "the letter is not the one",
    "revision": "the letter’s text is not the one",
    "directory": "the directory of legislators is not the one",
    "options": "the options are not the ones",
    "version": "this version of advocacy is not the one",
}
"""What must be the same to resume a merge, and what to say when it is not."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A folder, and the beginning of the names of joined files; "" means a file for each letter, of so many `pages`."""

    folder: Path
    form: Format
    stem: str
    pages: int = 1

    @classmethod
    def of(cls, output: Path, form: Format, letter: str, *, post: Post = Post.NONE) -> "Destination":
        """Read what `--output` names: a file by its ending, else a folder; raise WrongUse for what does not fit.

        `letter` is the letter's own name, which joined files in a folder begin with.
        """
        pages = 1 if post is Post.NONE else PAGES_IN_THE_MAIL
        ending = output.suffix.lower().removeprefix(".")
        if output.is_dir() or ending not in FORMATS:
            if output.exists() and not output.is_dir():
                raise WrongUse(f"{output} is a file; name a folder, or a file that ends in .{form.name}")
            return cls(output, form, letter if form.name in ALWAYS_JOINED else "", pages)
        if not form.joins:
            article = "an" if form.name.startswith(tuple("aeiou")) else "a"
            raise WrongUse(f"{article} .{form.name} file holds one letter; name a folder with --output")
        return cls(output.parent, form, output.stem, pages)

    def file_count(self, letters: int) -> int:
        """Return how many files hold so many letters."""
        if not self.stem:
            return letters
        if letters * self.pages <= MAX_JOINED_PAGES:
            return min(letters, 1)
        return -(-letters // (PAGES_PER_FILE // self.pages))

    def part(self, number: int, parts: int) -> Path:
        """Return the path of one joined file: "letters.pdf", or "letters-03-of-20.pdf" where there are several."""
        width = max(PART_DIGITS, len(str(parts)))
        which = f"-{number:0{width}}-of-{parts:0{width}}" if parts > 1 else ""
        return self.folder / f"{self.stem}{which}.{self.form.name}"

    @property
    def record(self) -> Path:
        """Where the merge's record is written; no joined file's is named as a folder's is."""
        form = self.form.name
        return self.folder / (f".{self.stem}.{form}.merge.json" if self.stem else f".merge.{form}.json")

    def records_of_other_formats(self, letter: str) -> Iterator[Path]:
        """Yield where merges of `letter` in other formats have their records, if this one goes into a folder."""
        if self.stem not in ("", letter):
            return
        for form in FORMATS.values():
            if form.name != self.form.name:
                yield Destination(self.folder, form, letter if form.name in ALWAYS_JOINED else "").record

    def is_ours(self, name: str) -> bool:
        """Whether a file of this name belongs to this merge: its letters, joined or each alone, or its record."""
        which = rf"{re.escape(self.stem)}(-\d+-of-\d+)?" if self.stem else rf"\d{{{ROW_DIGITS},}} - .+"
        return name == self.record.name or bool(re.fullmatch(rf"{which}\.{self.form.name}", name))

    def existing_files(self) -> Iterator[Path]:
        """Yield what is already where the letters are to go."""
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.iterdir()):
            if not path.name.startswith(".") and (not self.stem or self.is_ours(path.name)):
                yield path


@dataclass(frozen=True, slots=True)
class Record:
    """What a merge was begun with: it resumes only with the same, and under its first date.

    `sheet`, `revision` and `directory` are digests (SHA-256) of the sheet, the campaign's files and the directory.
    `late` are the rows that were found to take no such format only when it was made.
    """

    sheet: str
    template: str
    revision: str
    directory: str
    options: Mapping[str, str]
    version: str
    date: str
    late: tuple[int, ...] = ()

    @classmethod
    def read(cls, path: Path) -> "Record | None":
        """Read what was written; None where nothing was, WrongUse when it is no record."""
        try:
            record = cls(**json.loads(path.read_text(encoding="utf-8")))
            return replace(record, date=date.fromisoformat(record.date).isoformat(), late=tuple(map(int, record.late)))
        except FileNotFoundError:
            return None
        except (OSError, TypeError, ValueError):
            raise WrongUse(f"{path} cannot be read; merge again into another place") from None

    def write(self, path: Path) -> None:
        write_file(path, json.dumps(asdict(self), ensure_ascii=False, indent=1).encode())

    def refuse_other(self, other: "Record", where: Path) -> None:
        """Raise WrongUse when the merge to resume is another than this one."""
        for name in CHANGED:
            if getattr(self, name) != getattr(other, name):
                raise self.changed(name, where)

    @staticmethod
    def changed(name: str, where: Path) -> WrongUse:
        """Return the error that one of these is another than a merge was begun with."""
        return WrongUse(f"{CHANGED[name]} that {where} was started with; use the same, or merge into another place")


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """`people.rejected.csv`, the rows left out of `people.csv`; only the same sheet and letter replace or remove it."""

    sheet: Path
    letter: str

    @property
    def path(self) -> Path:
        return self.sheet.with_name(f"{self.sheet.stem}.rejected.csv")

    @property
    def note(self) -> Path:
        """Where it is written down whose rows the file names; `people.xlsx` has a file of the same name."""
        return self.path.with_name(f".{self.path.name}.merge.json")

    def refuse_to_overwrite(self) -> None:
        """Raise WrongUse when the file is somebody's own, or of another sheet or letter."""
        try:
            with self.path.open("rb") as file:
                of_a_merge = is_rejected_file(file)
        except FileNotFoundError:
            return
        except OSError:
            of_a_merge = False
        if not of_a_merge:
            problem = f"{self.path} is not from a merge, and rows left out would be named there"
            raise WrongUse(f"{problem}; move it away, or rename the sheet")
        try:
            note = json.loads(self.note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            note = None
        if note != self._content_of_note:
            problem = f"{self.path} names rows left out of another sheet, or with another letter"
            raise WrongUse(f"{problem}; move it away when it has been read, or rename the sheet")

    def write(self, content: bytes) -> None:
        """Write the file, whole or not at all; raise OSError."""
        write_file(self.note, json.dumps(self._content_of_note, ensure_ascii=False).encode())
        write_file(self.path, content)

    def remove(self) -> None:
        """Remove it, as no row is left out any more; raise OSError."""
        self.path.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)

    @property
    def _content_of_note(self) -> dict[str, str]:
        return {"sheet": self.sheet.name, "letter": self.letter}


@dataclass(slots=True)
class MergeFiles:
    """One merge on its way to its destination; files that are there already stay as they are."""

    merge: Merge
    people: PeopleSheet
    destination: Destination
    options: ExportOptions
    record: Record
    summary: MergeSummary
    files: int = 0

    def begin(self) -> None:
        """Make the folder, remove what a killed merge left unfinished, and write the record."""
        self.destination.folder.mkdir(parents=True, exist_ok=True)
        remove_unfinished(self.destination.folder, self.destination.is_ours)
        self.record.write(self.destination.record)

    def check(self) -> Iterator[MergedLetter | RejectedRow]:
        """Count every row and write nothing; letters that the format may not show are made for that."""
        counted = self.summary.count(self.merge.letters(self.people))
        return reject_unprintable(counted, self.destination.form, options=self.options, summary=self.summary)

    def _reject_late(self, merged: MergedLetter) -> None:
        self.summary.reject_late(merged, format_errors(merged, self.destination.form, self.options))

    def write_each(self, progress: ProgressCallback) -> None:
        """Write a file for each letter, counting rows on the way."""
        form, files = self.destination.form, FileBatch(self.destination.folder)
        for one in self.summary.count(self.merge.letters(self.people)):
            if isinstance(one, MergedLetter):
                path = self.destination.folder / letter_name(one, form)
                if not path.exists():
                    try:
                        files.write(path, form.render([one.letter], self.options))
                    except CannotExport:
                        self._reject_late(one)
            progress(1)
        files.finish()
        self.files = self.summary.letters

    def write_joined(self, progress: ProgressCallback) -> None:
        """Write files of several letters, once all rows are counted; count letters on the way."""
        self.files = self.destination.file_count(self.summary.letters)
        again = self.merge.letters(self.people, with_notes=False)
        letters = (one for one in again if isinstance(one, MergedLetter))
        size = -(-self.summary.letters // max(1, self.files))
        number = 0
        while part := list(islice(letters, size)):
            number += 1
            path = self.destination.part(number, self.files)
            if not path.exists():
                file = join_letters(self.destination.form, [one.letter for one in part], self.options)
                if file.left_out:
                    late: Iterable[int] = {*self.record.late, *(part[place].row for place in file.left_out)}
                    self.record = replace(self.record, late=tuple(sorted(late)))
                    self.record.write(self.destination.record)
                if file.content is not None:
                    write_file(path, file.content)
            for one in part:
                if one.row in self.record.late:
                    self._reject_late(one)
            progress(len(part))
