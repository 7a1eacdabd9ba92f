"""The rows left out, as a CSV file that says which, where and why, and holds nothing of what anyone typed."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from advocacy.exports.merge.csv_sheet import SEPARATORS
from advocacy.exports.merge.merging import Rejection
from advocacy.exports.merge.sheet import Sheet
from advocacy.language import Language
from advocacy.messages import message

TITLES = (
    message("row"),
    message("column"),
    message("reason"),
)
HEAD = 100
"""Bytes; the titles are shorter in every encoding."""
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def rejected_file(rejections: Iterable[Rejection], sheet: Sheet, language: Language) -> bytes:
    """Return the file, a line for each fault, in the words of `language`.

    It is encoded and parted as `sheet` is, so that the program that saved the one opens the other.
    """
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=sheet.separator)
    lines.writerow(_titles(language))
    for rejection in rejections:
        for fault in rejection.faults:
            lines.writerow(map(neutral, (str(rejection.row), fault.column, fault.reason.in_language(language))))
    return text.getvalue().encode(sheet.encoding, "replace")


def is_rejected_file(stream: BinaryIO) -> bool:
    """Return whether a file, read from its beginning, is one of these: its first line is the titles."""
    first = stream.read(HEAD).removeprefix(BOM_UTF8).splitlines()[:1]
    ours = [separator.join(_titles(language)).encode() for language in Language for separator in SEPARATORS]
    return any([title] == first for title in ours)


def _titles(language: Language) -> Sequence[str]:
    return [title.in_language(language) for title in TITLES]


def neutral(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV Injection)."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
