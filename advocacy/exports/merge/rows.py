"""The people of a sheet, one a row, with what each answered under the names of the letter's fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from advocacy.campaigns.campaign_files import LetterTemplate
from advocacy.exports.merge.bounds import BY_COMMAND, Bounds
from advocacy.exports.merge.columns import Columns
from advocacy.exports.merge.opening import EMPTY, open_sheet
from advocacy.exports.merge.sheet import Moment, Sheet, SheetRefused, Uncalculated, names_columns
from advocacy.exports.merge.titles import folded, known_titles
from advocacy.messages import Words, message

SURPLUS = message(
    "This row has more cells than the row of titles; put a cell that contains the separator between quotation marks."
)
NOBODY = message("This sheet has no row below its titles; each row below them is a letter.")
ERROR = message("This cell shows an error of the spreadsheet; fix its formula.")
UNCALCULATED = message(
    "column “%(column)s” contains a formula that was never calculated, so the letter shows the "
    "formula; open the sheet in a spreadsheet program and save it again"
)
MOMENT = message(
    "column “%(column)s” contains a date or a time, which the letter gives in digits, year first; "
    "type it as text to change that"
)
NOTED = {Uncalculated: UNCALCULATED, Moment: MOMENT}
ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is no letter: the title of the column, "" for the whole row, and what to do; never what it holds."""

    column: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Row:
    """One person: its row's number in the spreadsheet, what its cells hold by key, and what is amiss already.

    `notes` are what should be known of it if nothing is.
    """

    number: int
    cells: Mapping[str, str]
    faults: tuple[Fault, ...]
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class People:
    """A sheet whose columns are understood; `header` is the number of the row that names them."""

    sheet: Sheet
    columns: Columns
    header: int

    def rows(self) -> Iterator[Row]:
        """Return every row that is not blank, as often as asked; raise SheetRefused when the file breaks off."""
        for number, row in enumerate(islice(self.sheet.rows(), self.header, None), start=self.header + 1):
            if any(cell.strip() for cell in row):
                yield self._row(number, row)

    def _row(self, number: int, row: Sequence[str]) -> Row:
        cells = self.columns.cells(row)
        moved = self.sheet.shifts and self.columns.surplus(row)
        errors = [Fault(self.columns.title(key), ERROR) for key, cell in cells.items() if cell.strip() in ERRORS]
        faults = (Fault("", SURPLUS), *errors) if moved else tuple(errors)
        return Row(number, cells, faults, tuple(self._notes(row)))

    def _notes(self, row: Sequence[str]) -> Iterator[Words]:
        for key, places in self.columns.places.items():
            for kind in {type(row[place]) for place in places if place < len(row)} & NOTED.keys():
                yield NOTED[kind].with_params(column=self.columns.title(key))


def read_people(stream: BinaryIO, template: LetterTemplate, bounds: Bounds = BY_COMMAND) -> People:
    """Open a sheet of people for one letter, from a stream that can be read more than once; raise SheetRefused."""
    known = known_titles(template)
    sheet = open_sheet(stream, lambda title: folded(title) in known, bounds)
    header = next((found for found in enumerate(sheet.rows(), start=1) if names_columns(found[1])), None)
    if header is None:
        raise SheetRefused(EMPTY)
    number, titles = header
    people = People(sheet, Columns.of(titles, template), number)
    if next(people.rows(), None) is None:
        raise SheetRefused(NOBODY)
    return people
