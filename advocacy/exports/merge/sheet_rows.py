"""The people of a sheet, one a row, with what each answered under the names of the letter's fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advocacy.campaigns.fields import FieldKind, citizen_fields
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.exports.merge.columns import LEGISLATOR, POSTAL_CODE, RIDING, Columns, known_titles
from advocacy.language import Language
from advocacy.legislators.postal_codes import EXAMPLE, InvalidPostalCode, read_postal_code
from advocacy.letters.compose import Answers
from advocacy.letters.forms import AnswersRefused, keyed, option_keys, read_answers
from advocacy.messages import Words, message
from advocacy.sheets import MAX_ROWS, CellError, Sheet, SheetRefused, read_sheet

SPREADSHEET_ERRORS = frozenset(
    {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)

NOBODY = message("This sheet has no row below its titles; each row below them is a letter.")
SURPLUS = message(
    "This row has more cells than the row of titles; put a cell that contains the separator between quotation marks."
)
SPREADSHEET_ERROR = message("This cell shows an error of the spreadsheet; fix its formula.")
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
class SheetRow:
    """One person: its row's number in the spreadsheet, what its cells hold by key, and what is wrong already."""

    number: int
    cells: Mapping[str, str]
    errors: tuple[CellError, ...]


@dataclass(frozen=True, slots=True)
class PeopleSheet:
    """A sheet whose columns are understood."""

    sheet: Sheet
    columns: Columns
    rows: Sequence[SheetRow]


def read_people(content: bytes, template: LetterTemplate, *, max_rows: int = MAX_ROWS) -> PeopleSheet:
    """Read a sheet of people for one letter; raise SheetRefused."""
    sheet = read_sheet(content, known_titles(template), max_rows=max_rows)
    columns = Columns.of(sheet.header.cells, template)
    if not sheet.rows:
        raise SheetRefused(NOBODY)
    people = []
    for row in sheet.rows:
        cells = columns.cells(row.cells)
        wrong = [key for key, cell in cells.items() if cell.strip() in SPREADSHEET_ERRORS]
        errors = [CellError(row.number, columns.title(key), SPREADSHEET_ERROR) for key in wrong]
        if sheet.cells_can_shift and columns.has_surplus(row.cells):
            errors.insert(0, CellError(row.number, "", SURPLUS))
        people.append(SheetRow(row.number, cells, tuple(errors)))
    return PeopleSheet(sheet, columns, people)


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
