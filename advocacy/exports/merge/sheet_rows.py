"""The people of a sheet, one a row, with what each answered under the names of the letter's fields."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from advocacy.campaigns.fields import FieldKind, citizen_fields
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.exports.merge.columns import LEGISLATOR, POSTAL_CODE, RIDING, Columns, folded, known_titles, sample_csv
from advocacy.exports.merge.sheets import (
    COMMAND_LIMITS,
    MAX_BYTES,
    TOO_LARGE,
    UNREADABLE,
    CsvSheet,
    DateCell,
    Limits,
    LoadedSheet,
    Sheet,
    SheetRefused,
    Uncalculated,
    is_header,
)
from advocacy.language import Language
from advocacy.legislators.postal_codes import EXAMPLE, InvalidPostalCode, read_postal_code
from advocacy.letters.compose import Answers
from advocacy.letters.forms import AnswersRefused, keyed, option_keys, read_answers
from advocacy.messages import Words, message

ZIP = b"PK\x03\x04"
SAMPLE_KINDS = ("csv", "xlsx")
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
"""Workbooks before .xlsx, and those locked with a password."""
SPREADSHEET_ERRORS = frozenset(
    {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)

EMPTY = message("This sheet is empty; its first row must name the columns, and each row below is a letter.")
NOBODY = message("This sheet has no row below its titles; each row below them is a letter.")
SURPLUS = message(
    "This row has more cells than the row of titles; put a cell that contains the separator between quotation marks."
)
SPREADSHEET_ERROR = message("This cell shows an error of the spreadsheet; fix its formula.")
NOTES = {
    Uncalculated: message(
        "column “%(column)s” contains a formula that was never calculated, so the letter shows the "
        "formula; open the sheet in a spreadsheet program and save it again"
    ),
    DateCell: message(
        "column “%(column)s” contains a date or a time, which the letter gives in digits, year first; "
        "type it as text to change that"
    ),
}
# What a form says to a citizen speaks of “your text”; a sheet is filled in by staff.
EMPTY_CELL = message("This cell is empty, and every row needs it.")
TOO_LONG = message("This cell is too long: at most %(most)d characters.")
NO_POSTAL_CODE = message("This is no postal code; write it whole, as in %(example)s.", example=EXAMPLE)
LINK = message("This cell contains a link or an address, such as of a site, a mailbox or a file; remove it.")
# The advice beside a form's field names the code that was perhaps meant, which is nearly what was typed.
MISTYPED = message(
    "In a postal code, letters and digits alternate, as in %(example)s; fix the one that does not.", example=EXAMPLE
)


@dataclass(frozen=True, slots=True)
class CellError:
    """Why a row is no letter: the title of the column, "" for the whole row, and what to do; never what it holds."""

    column: str
    reason: Words


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One person: its row's number in the spreadsheet, what its cells hold by key, and what is wrong already.

    `notes` are what should be known of it if nothing is.
    """

    number: int
    cells: Mapping[str, str]
    errors: tuple[CellError, ...]
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class PeopleSheet:
    """A sheet whose columns are understood; `header` is the number of the row that names them.

    `dates` are the keys of the columns that ask for a date.
    """

    sheet: Sheet
    columns: Columns
    header: int
    dates: frozenset[str]

    def rows(self) -> Iterator[SheetRow]:
        """Yield every row that is not blank, as often as asked; raise SheetRefused when the file breaks off."""
        for number, row in enumerate(islice(self.sheet.rows(), self.header, None), start=self.header + 1):
            if any(cell.strip() for cell in row):
                cells = self.columns.cells(row)
                wrong = [key for key, cell in cells.items() if cell.strip() in SPREADSHEET_ERRORS]
                errors = [CellError(self.columns.title(key), SPREADSHEET_ERROR) for key in wrong]
                if self.sheet.cells_can_shift and self.columns.has_surplus(row):
                    errors.insert(0, CellError("", SURPLUS))
                notes = tuple(
                    NOTES[kind].with_params(column=self.columns.title(key))
                    for key, places in self.columns.places.items()
                    for kind in {type(row[place]) for place in places if place < len(row)} & NOTES.keys()
                    if kind is not DateCell or key not in self.dates
                )
                yield SheetRow(number, cells, tuple(errors), notes)


def read_people(stream: BinaryIO, template: LetterTemplate, limits: Limits = COMMAND_LIMITS) -> PeopleSheet:
    """Open a sheet of people for one letter, from a stream that can be read more than once; raise SheetRefused."""
    titles = known_titles(template)
    sheet = open_sheet(stream, lambda title: folded(title) in titles, limits)
    header = next((found for found in enumerate(sheet.rows(), start=1) if is_header(found[1])), None)
    if header is None:
        raise SheetRefused(EMPTY)
    dates = frozenset(field.key for field in template.fields if field.kind is FieldKind.DATE)
    people = PeopleSheet(sheet, Columns.of(header[1], template), header[0], dates)
    if next(people.rows(), None) is None:
        raise SheetRefused(NOBODY)
    return people


def open_sheet(stream: BinaryIO, knows: Callable[[str], bool], limits: Limits = COMMAND_LIMITS) -> Sheet:
    """Open a CSV file or an Excel workbook that can be read more than once; raise SheetRefused for all else.

    Which it is, its content tells: a name may say anything. `knows` tells a title that means something here: by these
    the separator is found.
    """
    size = stream.seek(0, io.SEEK_END)
    if not size:
        raise SheetRefused(EMPTY)
    if size > MAX_BYTES:
        raise SheetRefused(TOO_LARGE)
    stream.seek(0)
    magic = stream.read(len(ZIP))
    if magic == OLD_EXCEL:
        raise SheetRefused(UNREADABLE)
    sheet: Sheet
    if magic == ZIP:
        # openpyxl takes 0.25 s and 37 MB, as much as fifty letters on paper: it is imported for workbooks alone.
        from advocacy.exports.merge.workbook import Workbook  # noqa: PLC0415

        sheet = Workbook.of(stream, limits)
    else:
        sheet = CsvSheet.of(stream, knows, limits)
    return LoadedSheet.of(sheet, limits) if limits.loads else sheet


def sample_sheet(kind: str, template: LetterTemplate, language: Language) -> bytes:
    """Return a sheet of two invented people for one letter, as `kind` of `SAMPLE_KINDS`."""
    if kind == "csv":
        return sample_csv(template, language)
    from advocacy.exports.merge.workbook import sample_workbook  # noqa: PLC0415

    return sample_workbook(template, language)


class AnswerReader:
    """Reads rows' cells into one letter's answers, as if each had been typed into its field."""

    def __init__(self, template: LetterTemplate) -> None:
        self._template = template
        self._fields = {field.key: field for field in (*citizen_fields(), *template.fields)}
        self._keys = option_keys(template)

    def read(self, cells: Mapping[str, str], language: Language) -> Answers | Mapping[str, Words]:
        """Return the answers, or the reason against each field that cannot be used, which repeats no cell."""
        typed = keyed(self.answer_cells(cells), self._keys)
        located = any(cells.get(key, "").strip() for key in (LEGISLATOR, RIDING))
        needed = not located and POSTAL_CODE in cells
        try:
            return read_answers(typed, self._template, language=language, needs_postal_code=needed)
        except AnswersRefused as refused:
            return {key: self._reason(key, typed.get(key, ""), words) for key, words in refused.reasons.items()}

    def answer_cells(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Return the cells that answer the letter's fields."""
        return {key: cell for key, cell in cells.items() if key in self._fields}

    def _reason(self, key: str, cell: str, form_words: Words) -> Words:
        """Return what to do about a cell, in words for whoever fills in the sheet, else in those of a form."""
        field = self._fields[key]
        if not cell.strip():
            return EMPTY_CELL
        if field.kind is FieldKind.POSTAL_CODE:
            try:
                read_postal_code(cell)
            except InvalidPostalCode as refused:
                return MISTYPED if refused.suggestion is not None else NO_POSTAL_CODE
            return NO_POSTAL_CODE
        if len(cell) > field.max_characters:
            return TOO_LONG.with_params(most=field.max_characters)
        return LINK if field.kind in {FieldKind.LINE, FieldKind.WORDS} else form_words
