"""A sheet is rows of text, whatever program saved it, read from its beginning as often as wanted."""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from advocacy.language import Language
from advocacy.messages import Words, message

MOST_BYTES = 64_000_000
"""Of a file, and of a workbook unpacked: more than a hundred thousand letters' answers."""
MOST_ROWS = 1_048_576
"""What spreadsheet programs hold."""
BLANK = ",;\t \r\n"
_SEPARATOR_LINE = re.compile("sep=.?", re.IGNORECASE)

TOO_LARGE = message("This sheet is too large to be read; delete its empty rows and pictures, or split it.")


class SheetRefused(ValueError):
    """The file cannot be read as a sheet of people; `wording` says what to do and repeats nothing of it."""

    def __init__(self, wording: Words) -> None:
        self.wording = wording
        super().__init__(wording.in_language(Language.EN))


class Uncalculated(str):
    """A cell's own text, where it holds a formula and no value was saved with it."""

    __slots__ = ()


class Moment(str):
    """A cell's date or time as digits; nobody typed it so."""

    __slots__ = ()


class Sheet(Protocol):
    """Where people's answers are read from.

    `encoding` and `separator` are those of a CSV file that the program which saved the sheet will open well.
    """

    @property
    def described(self) -> Words:
        """What kind of file it is, as found out from its content."""

    @property
    def encoding(self) -> str:
        """A Python codec."""

    @property
    def separator(self) -> str:
        """One character."""

    @property
    def shifts(self) -> bool:
        """Whether a cell that holds the separator may have moved the cells after it."""

    def rows(self) -> Iterator[Sequence[str]]:
        """Return every row from the first, as its program numbers them from 1; blank ones have no text.

        Some cells of a workbook say by their class what they are besides text: Uncalculated, Moment.

        Only one reading may be under way at a time. Raises SheetRefused.
        """


def names_columns(row: Sequence[str]) -> bool:
    """Return whether a row may be the header: not a blank one above it, nor "sep=;", which Excel reads for itself.

    Separators alone are blank too, by whichever a row was parted.
    """
    text = "".join(row).strip(BLANK)
    return bool(text) and not _SEPARATOR_LINE.fullmatch(text)
