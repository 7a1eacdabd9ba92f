"""The files people download: of one letter, of several joined, or a zip, the same bytes for the same files."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from advocacy.exports.format import ExportOptions, Format, file_name
from advocacy.letters.letter import Letter
from advocacy.messages import message

ZIP = "application/zip"
EARLIEST = date(1980, 1, 1)
"""The first day a zip can hold."""
UNIX, FILE_MODE = 3, 0o644 << 16


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file's name with its ending, its media type, and its bytes."""

    name: str
    media_type: str
    content: bytes


def export_letters(form: Format, letters: Sequence[Letter], options: ExportOptions) -> ExportedFile:
    """Return one or more letters as one file: the letter's own, one that joins them, or a zip of theirs.

    Raises CannotExport.
    """
    names = [f"{file_name(letter, today=options.today)}.{form.name}" for letter in letters]
    if len(letters) == 1:
        return ExportedFile(names[0], form.media_type, form.render(letters, options))
    joined = message("Letters - %(day)s", day=options.today.isoformat()).in_language(letters[0].language)
    if form.joins:
        return ExportedFile(f"{joined}.{form.name}", form.media_type, form.render(letters, options))
    files = ((name, form.render([letter], options)) for name, letter in zip(names, letters, strict=True))
    return ExportedFile(f"{joined}.zip", ZIP, zip_bytes(files, day=options.today))


def zip_bytes(files: Iterable[tuple[str, bytes]], *, day: date = EARLIEST) -> bytes:
    """Return one zip of files, as `write_zip` writes it."""
    buffer = BytesIO()
    write_zip(buffer, files, day=day)
    return buffer.getvalue()


def write_zip(into: IO[bytes], files: Iterable[tuple[str, bytes]], *, day: date = EARLIEST) -> None:
    """Write one zip of files, each of them a name and its content, in their order; all of them are dated `day`.

    A name that comes again, in whatever case, is numbered: "Letter.txt", "Letter 2.txt".
    """
    with ZipFile(into, "w", ZIP_DEFLATED) as archive:
        for name, content in _with_distinct_names(files):
            entry = ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.create_system, entry.external_attr = UNIX, FILE_MODE
            archive.writestr(entry, content, ZIP_DEFLATED)


def _with_distinct_names(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    taken: set[str] = set()
    for name, content in files:
        path, number, free = PurePosixPath(name), 1, name
        while _comparable(free) in taken:
            number += 1
            free = str(path.with_stem(f"{path.stem} {number}"))
        taken.add(_comparable(free))
        yield free, content


def _comparable(name: str) -> str:
    """Return a name as file systems compare it that ignore case and write accents apart."""
    return unicodedata.normalize("NFD", name).casefold()
