"""What a file is, is told by its content: a name may say anything."""

import io
from collections.abc import Callable
from typing import BinaryIO

from advocacy.exports.merge.bounds import BY_COMMAND, Bounds, Waited, held
from advocacy.exports.merge.csv_sheet import CsvSheet
from advocacy.exports.merge.sheet import MOST_BYTES, TOO_LARGE, Sheet, SheetRefused
from advocacy.exports.merge.workbook import UNREADABLE, Workbook
from advocacy.messages import message

ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
"""Workbooks before .xlsx, and those locked with a password."""
LONGEST_MAGIC = 4

EMPTY = message("This sheet is empty; its first row must name the columns, and each row below is a letter.")


def open_sheet(stream: BinaryIO, knows: Callable[[str], bool], bounds: Bounds = BY_COMMAND) -> Sheet:
    """Open a CSV file or an Excel workbook that can be read more than once; raise SheetRefused for all else.

    `knows` tells a title that means something here: by these the separator is found.
    """
    size = stream.seek(0, io.SEEK_END)
    if not size:
        raise SheetRefused(EMPTY)
    if size > MOST_BYTES:
        raise SheetRefused(TOO_LARGE)
    stream.seek(0)
    magic = stream.read(LONGEST_MAGIC)
    if magic == OLD_EXCEL:
        raise SheetRefused(UNREADABLE)
    sheet = Workbook.of(stream, bounds) if magic == ZIP else CsvSheet.of(stream, knows, bounds)
    return held(sheet, bounds) if isinstance(bounds, Waited) else sheet
