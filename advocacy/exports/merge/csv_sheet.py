"""A CSV file is read in the encoding and with the separator it was saved in, both found out and never guessed away."""

import csv
import io
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import BinaryIO

from advocacy.exports.merge.bounds import BY_COMMAND, Bounds
from advocacy.exports.merge.sheet import MOST_ROWS, TOO_LARGE, SheetRefused, names_columns
from advocacy.messages import Words, message

SEPARATORS = {
    ",": message("commas"),
    ";": message("semicolons"),
    "\t": message("tabs"),
}
ENCODINGS = {"utf-8-sig": "UTF-8 (BOM)", "utf-8": "UTF-8", "cp1252": "Windows-1252"}
CHUNK = 1 << 20
HEAD = 1000
MOST_ABOVE = 10_000
"""Rows in which the titles are looked for."""
# Ours is the bound on lines; the library's own would refuse a file for one long cell, which belongs to its row alone.
csv.field_size_limit(2 * BY_COMMAND.line)

DESCRIBED = message("CSV, %(encoding)s, separated by %(separator)s")
NOT_TEXT = message("This file is not text in UTF-8 or Windows-1252; save it as “CSV UTF-8” or as .xlsx.")
NOT_PARTED = message(
    "The first row has only one cell; commas, semicolons or tabs must separate the cells: save the "
    "sheet as “CSV UTF-8” or as .xlsx."
)
MISQUOTED = message(
    "Row %(row)s: a quotation mark opens a cell and does not close it properly; save the sheet again "
    "from a spreadsheet program."
)


@dataclass(frozen=True, slots=True)
class CsvSheet:
    """A CSV file; `encoding` is a Python codec and `separator` one character."""

    stream: BinaryIO
    encoding: str
    separator: str
    shifts: bool = True
    longest_line: int = BY_COMMAND.line

    @classmethod
    def of(cls, stream: BinaryIO, knows: Callable[[str], bool], bounds: Bounds = BY_COMMAND) -> "CsvSheet":
        """Find out how it was saved: the separator is that by which the header has the most titles that are known.

        Raises SheetRefused.
        """
        encoding = _encoding(stream)

        def header(separator: str) -> Sequence[str]:
            rows = cls(stream, encoding, separator, longest_line=bounds.line)._records(strict=False)
            return next(filter(names_columns, islice(rows, MOST_ABOVE)), [])

        headers = {separator: header(separator) for separator in SEPARATORS}
        if all(len(titles) == 1 and not knows(titles[0]) for titles in headers.values()):
            raise SheetRefused(NOT_PARTED)
        best = max(headers, key=lambda separator: sum(map(knows, headers[separator])))
        return cls(stream, encoding, best, longest_line=bounds.line)

    @property
    def described(self) -> Words:
        """What kind of file it is."""
        return DESCRIBED.with_params(encoding=ENCODINGS[self.encoding], separator=SEPARATORS[self.separator])

    def rows(self) -> Iterator[Sequence[str]]:
        """Return every row; a cell of several lines is one row's, as in a spreadsheet."""
        return self._records(strict=True)

    def _records(self, *, strict: bool) -> Iterator[list[str]]:
        self.stream.seek(0)
        text = io.TextIOWrapper(self.stream, encoding=self.encoding, newline="")
        reader = csv.reader(_lines(text, self.longest_line), delimiter=self.separator, strict=strict)
        try:
            for row in count(1):
                try:
                    cells = next(reader, None)
                except csv.Error:
                    raise SheetRefused(MISQUOTED.with_params(row=row)) from None
                if cells is None:
                    return
                if row > MOST_ROWS:
                    raise SheetRefused(TOO_LARGE)
                yield cells
        finally:
            text.detach()  # the stream is the caller's, to be read again


def _encoding(stream: BinaryIO) -> str:
    stream.seek(0)
    head = stream.read(HEAD)
    # UTF-16 has a zero byte beside every plain letter; a stray one in a cell is for its reader to clean.
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or head.count(b"\0") > len(head) / 4:
        raise SheetRefused(NOT_TEXT)
    known = [name for name in ENCODINGS if (name == "utf-8-sig") is head.startswith(BOM_UTF8)]
    encoding = next((name for name in known if _decodes(stream, name)), None)
    if encoding is None:
        raise SheetRefused(NOT_TEXT)
    return encoding


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    stream.seek(0)
    decoder = getincrementaldecoder(encoding)()
    try:
        while chunk := stream.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _lines(text: io.TextIOWrapper, longest: int) -> Iterator[str]:
    while line := text.readline(longest + 1):
        if len(line) > longest:
            raise SheetRefused(TOO_LARGE)
        yield line
