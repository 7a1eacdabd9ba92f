"""Several files in one zip, the same bytes for the same files."""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Protocol, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EARLIEST = date(1980, 1, 1)
"""The first day a zip can tell."""
UNIX, READABLE = 3, 0o644 << 16


class Stream(Protocol):
    """What a file is written into from its beginning to its end."""

    def write(self, content: bytes, /) -> int:
        """Write on."""

    def flush(self) -> None:
        """Write what is buffer back, where it has to be written at once."""


def zip_bytes(files: Iterable[tuple[str, bytes]], *, day: date = EARLIEST) -> bytes:
    """Return one zip of files, as `write_zip` writes it."""
    buffer = BytesIO()
    write_zip(buffer, files, day=day)
    return buffer.getvalue()


def write_zip(into: Stream, files: Iterable[tuple[str, bytes]], *, day: date = EARLIEST) -> None:
    """Write one zip of files, each of them a name and its content, in their order; all of them are dated `day`.

    A name that comes again, in whatever case, is numbered: "Letter.txt", "Letter 2.txt".
    """
    with ZipFile(cast(IO[bytes], into), "w", ZIP_DEFLATED) as archive:
        for name, content in _told_apart(files):
            entry = ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.create_system, entry.external_attr = UNIX, READABLE
            archive.writestr(entry, content, ZIP_DEFLATED)


def _told_apart(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    taken: set[str] = set()
    for name, content in files:
        path, number, free = PurePosixPath(name), 1, name
        while _as_systems_see(free) in taken:
            number += 1
            free = str(path.with_stem(f"{path.stem} {number}"))
        taken.add(_as_systems_see(free))
        yield free, content


def _as_systems_see(name: str) -> str:
    """Return a name as file systems compare it that know no case and write accents apart."""
    return unicodedata.normalize("NFD", name).casefold()
