"""How much of a sheet is read: a command takes its time, a page and a worker have others to serve."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from advocacy.exports.merge.sheet import MOST_BYTES, Sheet, SheetRefused
from advocacy.messages import Words, message

TOO_WIDE = message("Row %(row)s has more than %(most)s cells; delete the empty columns beside those you need.")
TOO_BLANK = message(
    "This sheet has more than %(most)s empty rows; delete them, below the last one that is filled in too."
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a file may have at most.

    `unpacked` counts bytes; `marks` the tags and attributes of all of a workbook's parts, `at_once` those that are in
    memory together, `of_row` those of a row or a text; `line` the characters of a line of CSV.
    """

    unpacked: int = MOST_BYTES
    marks: int = 4_000_000
    at_once: int = 500_000
    of_row: int = 50_000
    line: int = 2_000_000


@dataclass(frozen=True, slots=True)
class Waited(Bounds):
    """The same for the site; `rows` count with text in them, `blank` without, `width` the cells of one."""

    unpacked: int = 32_000_000
    marks: int = 1_000_000
    at_once: int = 150_000
    of_row: int = 10_000
    line: int = 200_000
    rows: int = 5_000
    blank: int = 1_000
    width: int = 500


BY_COMMAND, IN_BACKGROUND = Bounds(), Waited()
"""For the command, three hundred thousand cells and more; for the site, what its rows need with twenty columns."""
ABOVE = 2
"""Rows with text above the people: the titles, and Excel's own first line in a CSV file."""


@dataclass(frozen=True, slots=True)
class Held:
    """A sheet that was read once and is in memory as text."""

    described: Words
    encoding: str
    separator: str
    shifts: bool
    kept: Sequence[Sequence[str]]

    def rows(self) -> Iterator[Sequence[str]]:
        """Return every row."""
        return iter(self.kept)


def held(sheet: Sheet, bounds: Waited) -> Held:
    """Read a sheet once, and no further than its first row too many; raise SheetRefused for too many or too wide."""
    kept: list[Sequence[str]] = []
    filled_in = 0
    for number, row in enumerate(sheet.rows(), start=1):
        if len(row) > bounds.width:
            raise SheetRefused(TOO_WIDE.with_params(row=number, most=bounds.width))
        has_text = any(cell.strip() for cell in row)
        filled_in += has_text
        if number - filled_in > bounds.blank:
            raise SheetRefused(TOO_BLANK.with_params(most=bounds.blank))
        kept.append(row if has_text else ())
        if filled_in > bounds.rows + ABOVE:
            break
    return Held(sheet.described, sheet.encoding, sheet.separator, sheet.shifts, kept)
