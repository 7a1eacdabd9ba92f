"""Sheets of people as rows of text: CSV files, limits on what is read, and cells that are written safely."""

import csv
import io
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from string import ascii_uppercase
from typing import BinaryIO, Protocol

from advocacy.language import SOURCE
from advocacy.messages import Words, message

MAX_BYTES = 64_000_000
"""Of a file, and of a workbook unpacked: more than a hundred thousand letters' answers."""
MAX_ROWS = 1_048_576
"""What spreadsheet programs hold."""
MAX_ROWS_ABOVE = 10_000
"""Rows in which the titles are looked for."""
TITLE_ROWS = 2
"""Rows with text above the people: the titles, and Excel's own first line in a CSV file."""
CHUNK = 1 << 20
HEAD = 1000
BLANK = ",;\t \r\n"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
_SEPARATOR_LINE = re.compile("sep=.?", re.IGNORECASE)
SEPARATORS = {",": message("commas"), ";": message("semicolons"), "\t": message("tabs")}
ENCODINGS = {"utf-8-sig": "UTF-8 (BOM)", "utf-8": "UTF-8", "cp1252": "Windows-1252"}

TOO_LARGE = message("This sheet is too large to be read; delete its empty rows and pictures, or split it.")
TOO_WIDE = message("Row %(row)s has more than %(most)s cells; delete the empty columns beside those you need.")
TOO_BLANK = message(
    "This sheet has more than %(most)s empty rows; delete them, below the last one that is filled in too."
)
KIND = message("CSV, %(encoding)s, separated by %(separator)s")
UNREADABLE = message("This workbook cannot be read; save it again as .xlsx or as “CSV UTF-8”, without a password.")
NOT_TEXT = message("This file is not text in UTF-8 or Windows-1252; save it as “CSV UTF-8” or as .xlsx.")
NOT_SEPARATED = message(
    "The first row has only one cell; commas, semicolons or tabs must separate the cells: save the "
    "sheet as “CSV UTF-8” or as .xlsx."
)
MISQUOTED = message(
    "Row %(row)s: a quotation mark opens a cell and does not close it properly; save the sheet again "
    "from a spreadsheet program."
)


class SheetRefused(ValueError):
    """The file cannot be read as a sheet of people; `message` says what to do and repeats nothing of it."""

    def __init__(self, message: Words) -> None:
        self.message = message
        super().__init__(message.in_language(SOURCE))


class Uncalculated(str):
    """A cell's own text, where it holds a formula and no value was saved with it."""

    __slots__ = ()


class DateCell(str):
    """A cell's date or time as digits; nobody typed it so."""

    __slots__ = ()


class Sheet(Protocol):
    """Where people's answers are read from.

    `encoding` and `separator` are those of a CSV file that the program which saved the sheet will open well.
    """

    @property
    def kind(self) -> Words:
        """What kind of file it is, as found out from its content."""

    @property
    def encoding(self) -> str:
        """A Python codec."""

    @property
    def separator(self) -> str:
        """One character."""

    @property
    def cells_can_shift(self) -> bool:
        """Whether a cell that holds the separator may have moved the cells after it."""

    def rows(self) -> Iterator[Sequence[str]]:
        """Yield every row from the first, as its program numbers them from 1; blank ones have no text.

        Some cells of a workbook say by their class what they are besides text: Uncalculated, DateCell.

        Only one reading may be under way at a time. Raises SheetRefused.
        """


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may have at most: a command takes its time, a page and a worker have others to serve.

    `unpacked` counts bytes; `tags` the tags and attributes of all of a workbook's parts, `tags_at_once` those that are
    in memory together, `tags_of_row` those of a row or a text; `line` the characters of a line of CSV. A sheet that is
    read into memory (`loads`) has at most `rows` with text in them, `blank_rows` without, and `cells` in one.
    """

    unpacked: int = MAX_BYTES
    tags: int = 4_000_000
    tags_at_once: int = 500_000
    tags_of_row: int = 50_000
    line: int = 2_000_000
    loads: bool = False
    rows: int = MAX_ROWS
    blank_rows: int = MAX_ROWS
    cells: int = MAX_ROWS


COMMAND_LIMITS = Limits()
"""Three hundred thousand cells and more."""
SITE_LIMITS = Limits(
    unpacked=32_000_000,
    tags=1_000_000,
    tags_at_once=150_000,
    tags_of_row=10_000,
    line=200_000,
    loads=True,
    rows=5_000,
    blank_rows=1_000,
    cells=500,
)
"""What its rows need with twenty columns."""
# Ours is the limit on lines; the library's own would refuse a file for one long cell, which belongs to its row alone.
csv.field_size_limit(2 * COMMAND_LIMITS.line)


@dataclass(frozen=True, slots=True)
class LoadedSheet:
    """A sheet that was read once and is in memory as text."""

    kind: Words
    encoding: str
    separator: str
    cells_can_shift: bool
    loaded: Sequence[Sequence[str]]

    @classmethod
    def of(cls, sheet: Sheet, limits: Limits) -> "LoadedSheet":
        """Read a sheet once, no further than its first row too many; raise SheetRefused for too many or too wide."""
        loaded: list[Sequence[str]] = []
        filled_in = 0
        for number, row in enumerate(sheet.rows(), start=1):
            if len(row) > limits.cells:
                raise SheetRefused(TOO_WIDE.with_params(row=number, most=limits.cells))
            has_text = any(cell.strip() for cell in row)
            filled_in += has_text
            if number - filled_in > limits.blank_rows:
                raise SheetRefused(TOO_BLANK.with_params(most=limits.blank_rows))
            loaded.append(row if has_text else ())
            if filled_in > limits.rows + TITLE_ROWS:
                break
        return cls(sheet.kind, sheet.encoding, sheet.separator, sheet.cells_can_shift, loaded)

    def rows(self) -> Iterator[Sequence[str]]:
        return iter(self.loaded)


@dataclass(frozen=True, slots=True)
class CsvSheet:
    """A CSV file; `encoding` is a Python codec and `separator` one character, both found out from its content."""

    stream: BinaryIO
    encoding: str
    separator: str
    cells_can_shift: bool = True
    max_line: int = COMMAND_LIMITS.line

    @classmethod
    def of(cls, stream: BinaryIO, knows: Callable[[str], bool], limits: Limits = COMMAND_LIMITS) -> "CsvSheet":
        """Find out how it was saved: the separator is that by which the header has the most titles that are known.

        Raises SheetRefused.
        """
        encoding = _encoding(stream)

        def header(separator: str) -> Sequence[str]:
            rows = cls(stream, encoding, separator, max_line=limits.line)._records(strict=False)
            return next(filter(is_header, islice(rows, MAX_ROWS_ABOVE)), [])

        headers = {separator: header(separator) for separator in SEPARATORS}
        if all(len(titles) == 1 and not knows(titles[0]) for titles in headers.values()):
            raise SheetRefused(NOT_SEPARATED)
        best = max(headers, key=lambda separator: sum(map(knows, headers[separator])))
        return cls(stream, encoding, best, max_line=limits.line)

    @property
    def kind(self) -> Words:
        return KIND.with_params(encoding=ENCODINGS[self.encoding], separator=SEPARATORS[self.separator])

    def rows(self) -> Iterator[Sequence[str]]:
        """Yield every row; a cell of several lines is one row's, as in a spreadsheet."""
        return self._records(strict=True)

    def _records(self, *, strict: bool) -> Iterator[list[str]]:
        self.stream.seek(0)
        text = io.TextIOWrapper(self.stream, encoding=self.encoding, newline="")
        reader = csv.reader(_lines(text, self.max_line), delimiter=self.separator, strict=strict)
        try:
            for row in count(1):
                try:
                    cells = next(reader, None)
                except csv.Error:
                    raise SheetRefused(MISQUOTED.with_params(row=row)) from None
                if cells is None:
                    return
                if row > MAX_ROWS:
                    raise SheetRefused(TOO_LARGE)
                yield cells
        finally:
            text.detach()  # the stream is the caller's, to be read again


def is_header(row: Sequence[str]) -> bool:
    """Whether a row may be the header: not a blank one above it, nor "sep=;", which Excel reads for itself.

    Separators alone are blank too, whichever separates the cells.
    """
    text = "".join(row).strip(BLANK)
    return bool(text) and not _SEPARATOR_LINE.fullmatch(text)


def column_letters(place: int) -> str:
    """Return the letters of a column, counted from 0, as spreadsheets write them: A, B, … Z, AA."""
    before, last = divmod(place, len(ascii_uppercase))
    return (column_letters(before - 1) if before else "") + ascii_uppercase[last]


def escape_formula(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV Injection)."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def _encoding(stream: BinaryIO) -> str:
    stream.seek(0)
    head = stream.read(HEAD)
    # UTF-16 has a zero byte beside every plain letter; a stray one in a cell is for its reader to clean.
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or head.count(b"\0") > len(head) / 4:
        raise SheetRefused(NOT_TEXT)
    possible = [name for name in ENCODINGS if (name == "utf-8-sig") is head.startswith(BOM_UTF8)]
    encoding = next((name for name in possible if _decodes(stream, name)), None)
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
