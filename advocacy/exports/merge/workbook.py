"""Excel workbooks: the first sheet as it shows it, nothing of it calculated, run or fetched; and the sample sheet."""

import io
import re
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

import openpyxl  # type: ignore[import-untyped]

from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.exports.merge.columns import sample_rows
from advocacy.exports.merge.sheets import (
    CHUNK,
    COMMAND_LIMITS,
    MAX_ROWS,
    TOO_LARGE,
    UNREADABLE,
    DateCell,
    Limits,
    SheetRefused,
    Uncalculated,
)
from advocacy.language import Language
from advocacy.messages import Words, message

FORMULA, NUMBER = "f", "n"
_CUT = re.compile(rb"<(?:\w+:)?(?:row|si)\b|</(?:\w+:)?sheetData\b")

KIND = message("Excel workbook")
FIRST_OF = message("%(kind)s, the first of %(sheets)s sheets")
CALCULATED = message("%(kind)s, formulas by the values last saved with them")


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook's first visible sheet, of `sheets`; `formulas` says whether any are in it."""

    stream: BinaryIO
    sheets: int
    formulas: bool
    encoding: str = "utf-8-sig"
    separator: str = ","
    cells_can_shift: bool = False

    @classmethod
    def of(cls, stream: BinaryIO, limits: Limits = COMMAND_LIMITS) -> "Workbook":
        """Look it over before anything is unpacked; raise SheetRefused for what is no workbook or too much of one."""
        try:
            formulas = _has_formulas(stream, limits)
        except (BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, zlib.error):
            raise SheetRefused(UNREADABLE) from None
        with _Reading(stream) as reading:
            return cls(stream, reading.sheets, formulas)

    @property
    def kind(self) -> Words:
        """What kind of file it is, and how it was read."""
        kind = FIRST_OF.with_params(kind=KIND, sheets=self.sheets) if self.sheets > 1 else KIND
        return CALCULATED.with_params(kind=kind) if self.formulas else kind

    def rows(self) -> Iterator[Sequence[str]]:
        """Yield every row as text: dates as 2026-11-25, whole numbers without a point.

        A formula is the value last saved with it. Where none was saved its own text stands, as for any other cell:
        nothing is calculated here.
        """
        with _Reading(self.stream) as values:
            if not self.formulas:
                for row in values:
                    yield [_text(cell.value) for cell in row]
                return
            with _Reading(self.stream, formulas=True) as typed:
                for row, formulas in zip(values, typed, strict=True):
                    yield [_text_with_formula(*pair) for pair in zip(row, formulas, strict=True)]


class _Reading:
    """One way through the cells; whatever is amiss in a file from anywhere refuses it, and the library warns nobody."""

    def __init__(self, stream: BinaryIO, *, formulas: bool = False) -> None:
        self._book = _guarded(
            lambda: openpyxl.load_workbook(stream, read_only=True, data_only=not formulas, keep_links=False)
        )
        self.sheets = len(self._book.worksheets)

    def __enter__(self) -> "_Reading":
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def __iter__(self) -> Iterator[Sequence[Any]]:
        visible = [sheet for sheet in self._book.worksheets if sheet.sheet_state == "visible"]
        if not visible:
            raise SheetRefused(UNREADABLE)
        visible[0].reset_dimensions()  # what a file says of its own size is not to be relied on
        rows = iter(visible[0].iter_rows())
        for _ in range(MAX_ROWS):
            row = _guarded(lambda: next(rows, None))
            if row is None:
                return
            yield row
        raise SheetRefused(TOO_LARGE)


def _guarded(read: Callable[[], Any]) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they tell of styles and, of odd dates, what stands in the cell
            return read()
    except Exception:  # the library fails in as many ways as there are broken files
        raise SheetRefused(UNREADABLE) from None


def _has_formulas(stream: BinaryIO, limits: Limits) -> bool:
    """Return whether there are formulas; refuse what would not fit into memory, by what unpacking it would give."""
    tags, formulas = 0, False
    with ZipFile(stream) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > limits.unpacked:
            raise SheetRefused(TOO_LARGE)
        for part in parts:
            weight = _Weight(limits)
            with archive.open(part) as content:
                while chunk := content.read(CHUNK):
                    weight.add(chunk)
                    formulas = formulas or (part.filename.startswith("xl/worksheets/") and b"</f>" in chunk)
            tags += weight.tags
            if tags > limits.tags:
                raise SheetRefused(TOO_LARGE)
    return formulas


class _Weight:
    """How many tags and attributes a part has, in all and between the beginnings of rows and texts."""

    def __init__(self, limits: Limits) -> None:
        self.tags = 0
        self._limits = limits
        self._at_once, self._most = 0, limits.tags_at_once

    def add(self, chunk: bytes) -> None:
        """Count more of the part; raise SheetRefused when too many would be in memory together."""
        start = 0
        for cut in _CUT.finditer(chunk):
            self._count(chunk[start : cut.start()])
            self._at_once, self._most = (
                0,
                self._limits.tags_at_once if cut[0].startswith(b"</") else self._limits.tags_of_row,
            )
            start = cut.start()
        self._count(chunk[start:])

    def _count(self, piece: bytes) -> None:
        found = piece.count(b"<") + piece.count(b"=")
        self.tags += found
        self._at_once += found
        if self._at_once > self._most:
            raise SheetRefused(TOO_LARGE)


def _text_with_formula(value: Any, formula: Any) -> str:
    """Return what a cell shows; one whose formula gave "" has a kind of text, one never calculated that of a number."""
    if formula.data_type == FORMULA and value.value is None and value.data_type == NUMBER:
        return Uncalculated(getattr(formula.value, "text", formula.value))
    return _text(value.value)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("_x000D_", "")  # how Excel writes the first half of a line break
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return DateCell(value.date().isoformat())
    return DateCell(value) if isinstance(value, date | time | timedelta) else str(value)


def sample_workbook(template: LetterTemplate, language: Language) -> bytes:
    """Return the sample sheet for one letter as a workbook."""
    book = openpyxl.Workbook()
    for row in sample_rows(template, language):
        book.active.append(row)
    for cell in chain.from_iterable(book.active.rows):
        cell.data_type = "s"  # a text, whatever sign it begins with
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
