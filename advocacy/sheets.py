"""Sheets that people upload, CSV files or Excel workbooks: rows of text or of models, and what is wrong with a cell."""

import csv
import io
import re
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from string import ascii_uppercase
from typing import Annotated, Any, ClassVar, Generic, TypeAlias, TypeVar
from zipfile import ZipFile

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from advocacy.language import SOURCE, Language, Wording, fold
from advocacy.messages import Words, message

Rows: TypeAlias = Iterable[Sequence[str]]

MAX_BYTES = 64_000_000
"""Of a file, and of a workbook unpacked."""
MAX_TAGS = 1_500_000
"""Tags and attributes of a workbook: 200,000 cells. All may be in memory together."""
MAX_ROWS = 1_048_576
"""What spreadsheet programs hold."""
MAX_BLANK_ROWS = 1_000
MAX_CELLS = 500
"""Of a row."""
CHUNK = 1 << 20
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
"""Workbooks before .xlsx, and those locked with a password."""
ENCODINGS = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
SEPARATORS = {",": message("commas"), ";": message("semicolons"), "\t": message("tabs")}
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
_SEPARATOR_LINE = re.compile("sep=.?", re.IGNORECASE)
csv.field_size_limit(MAX_BYTES)

CSV = message("CSV, %(encoding)s, separated by %(separator)s")
WORKBOOK = message("Excel workbook")
FIRST_OF = message("%(kind)s, the first of %(sheets)s sheets")
EMPTY = message("This sheet is empty; its first row must name the columns.")
TOO_LARGE = message("This sheet is too large to be read; delete its empty rows and pictures, or split it.")
TOO_WIDE = message("Row %(row)s has more than %(most)s cells; delete the empty columns beside those you need.")
TOO_BLANK = message(
    "This sheet has more than %(most)s empty rows; delete them, below the last one that is filled in too."
)
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
NO_ROWS = message("This sheet has no rows below its titles.")
TOO_MANY = message("A sheet can have %(num)d rows at most.")
SURPLUS = message(
    "This row has more cells than the first row; put quotation marks around a cell with a separator in it."
)
TWICE = message("Two columns have this title; remove one.")
NO_COLUMN = message("No column is named “%(title)s”. Name the columns in the first row.")
TOO_LONG = message("%(num)d characters at most.")
UNPRINTABLE = message("This contains a character that cannot be seen; type the cell again.")
SAME = message("This is also in row %(row)s.")


class SheetRefused(ValueError):
    """The file cannot be read as a sheet; `message` says what to do and repeats nothing of it."""

    def __init__(self, message: Words) -> None:
        self.message = message
        super().__init__(message.in_language(SOURCE))


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong with a cell, without its text; `column` is its title or letters, "" for the whole row."""

    row: int
    column: str
    message: Words

    def __str__(self) -> str:
        where = f"row {self.row}, {self.column}" if self.column else f"row {self.row}"
        return f"{where}: {self.message.in_language(SOURCE)}"


class SheetErrors(ValueError):
    """Nothing of the sheet is taken; `errors` are in the order of its rows."""

    def __init__(self, errors: Iterable[CellError]) -> None:
        self.errors = sorted(errors, key=lambda error: (error.row, error.column))
        super().__init__("\n".join(map(str, self.errors)))


@dataclass(frozen=True, slots=True)
class Row:
    """A row that has text, numbered from 1 as its spreadsheet program does."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The row of titles and the rows below it.

    `separator` is that of a CSV file which the program that saved this sheet opens well. In a CSV file a cell that
    holds the separator moves the cells after it: `cells_can_shift`.
    """

    kind: Words
    separator: str
    cells_can_shift: bool
    header: Row
    rows: Sequence[Row]


def read_sheet(content: bytes, titles: Collection[str], *, max_rows: int = MAX_ROWS) -> Sheet:
    """Read a CSV file or a workbook, by its content, up to its first row more than `max_rows`; raise SheetRefused.

    The separator of a CSV file is that by which its header has the most of `titles`, which are folded.
    """
    if not content:
        raise SheetRefused(EMPTY)
    if len(content) > MAX_BYTES:
        raise SheetRefused(TOO_LARGE)
    if content.startswith(OLD_EXCEL):
        raise SheetRefused(UNREADABLE)
    if content.startswith(ZIP):
        kind, rows = _workbook(content)
        header, filled = _split(rows, max_rows)
        return Sheet(kind, ",", cells_can_shift=False, header=header, rows=filled)
    encoding, text = _decoded(content)
    headers = {separator: _header(text, separator) for separator in SEPARATORS}
    counts = {separator: sum(fold_title(title) in titles for title in cells) for separator, cells in headers.items()}
    if not any(counts.values()) and all(len(cells) == 1 for cells in headers.values()):
        raise SheetRefused(NOT_SEPARATED)
    separator = max(counts, key=counts.__getitem__)
    kind = CSV.with_params(encoding=ENCODINGS[encoding], separator=SEPARATORS[separator])
    header, filled = _split(_csv_rows(text, separator), max_rows)
    return Sheet(kind, separator, cells_can_shift=True, header=header, rows=filled)


class CellProblem(ValueError):
    """What the validator of a column says of its cell; `message` repeats nothing of it."""

    def __init__(self, message: Words) -> None:
        self.message = message
        super().__init__(message.in_language(SOURCE))


def column(*titles: str, longest: int = 250) -> Any:
    """Declare a field of a `RowModel` by the titles of its column: in English, in French, then any others.

    `longest` is how many characters a cell may have. A sheet that lacks the column has empty cells in it.
    """
    return Field("", json_schema_extra={"titles": list(titles), "longest": longest})


def check_email(cell: str) -> str:
    """Return an address as it is typed, never corrected, or an empty cell; raises CellProblem."""
    try:
        return cell and validate_email(cell, check_deliverability=False).original
    except EmailNotValidError:
        raise CellProblem(message("This is not an e-mail address.")) from None


EmailCell = Annotated[str, AfterValidator(check_email)]


class RowModel(BaseModel):
    """A row as a model whose fields are columns; their validators raise CellProblem.

    A sheet needs one column of each group in `required`; what is said of one that it lacks is said of another of them.
    """

    model_config = ConfigDict(frozen=True, validate_default=True)
    required: ClassVar[Sequence[Sequence[str]]] = ()

    @classmethod
    def columns(cls) -> Mapping[str, Any]:
        """Return what `column` declares of each field: `titles` and `longest`."""
        return {name: field.json_schema_extra for name, field in cls.model_fields.items()}


Model = TypeVar("Model", bound=RowModel)


@dataclass(frozen=True, slots=True)
class RowModels(Generic[Model]):
    """The rows that could be read, by their numbers; what is wrong with others; the sheet's title of each column."""

    rows: Sequence[tuple[int, Model]]
    errors: list[CellError]
    titles: Mapping[str, str]

    def refuse_same(self, field: str, value: Callable[[Model], object]) -> None:
        """Add an error to a row that has the value of an earlier one; an empty value is nobody's."""
        first: dict[object, int] = {}
        for number, model in self.rows:
            if (key := value(model)) and (earlier := first.setdefault(key, number)) != number:
                self.errors.append(CellError(number, self.titles.get(field, ""), SAME.with_params(row=earlier)))

    def models(self) -> list[Model]:
        """Return the rows; raise SheetErrors where anything is wrong with one."""
        if self.errors:
            raise SheetErrors(self.errors)
        return [model for _number, model in self.rows]


def read_rows(content: bytes, model: type[Model], *, max_rows: int, context: object = None) -> RowModels[Model]:
    """Read a sheet row by row; `context` is what validators are given besides.

    Raises SheetErrors where the sheet cannot be read, or its first row lacks a column.
    """
    declared = model.columns()
    fields = {fold_title(title): key for key, about in declared.items() for title in about["titles"]}
    try:
        sheet = read_sheet(content, fields, max_rows=max_rows)
    except SheetRefused as refused:
        raise SheetErrors([CellError(1, "", refused.message)]) from None
    keys = [fields.get(fold_title(title)) for title in sheet.header.cells]
    titles = {key: title for key, title in zip(keys, sheet.header.cells, strict=True) if key}
    number = sheet.header.number
    errors = [CellError(number, title, said) for title, said in _header_problems(keys, titles, model)]
    errors += _size_errors(sheet, max_rows)
    if errors:
        raise SheetErrors(errors)
    rows = []
    for row in sheet.rows:
        if sheet.cells_can_shift and len(row.cells) > len(keys):
            errors.append(CellError(row.number, "", SURPLUS))
            continue
        cells = {key: " ".join(cell.split()) for key, cell in zip(keys, row.cells, strict=False) if key}
        problems = dict(_text_problems(cells, declared))
        try:
            rows.append((row.number, model.model_validate(cells, context=context)))
        except ValidationError as wrong:
            for error in wrong.errors():
                problems.setdefault(str(error["loc"][0]), error["ctx"]["error"].message)
        for key, problem in problems.items():
            title = _title(key, titles, model.required) or declared[key]["titles"][0]
            errors.append(CellError(row.number, title, problem))
    return RowModels(rows, errors, titles)


def _header_problems(
    keys: Sequence[str | None], titles: Mapping[str, str], model: type[RowModel]
) -> Iterator[tuple[str, Words]]:
    for key, title in titles.items():
        if keys.count(key) > 1:
            yield title, TWICE
    for group in model.required:
        if not titles.keys() & set(group):
            english, french, *_others = model.columns()[group[0]]["titles"]
            named = Wording({Language.EN.value: english, Language.FR.value: french})
            yield "", NO_COLUMN.with_params(title=named)


def _size_errors(sheet: Sheet, max_rows: int) -> Iterator[CellError]:
    if not sheet.rows:
        yield CellError(sheet.header.number, "", NO_ROWS)
    if len(sheet.rows) > max_rows:
        yield CellError(sheet.rows[max_rows].number, "", TOO_MANY.with_params(num=max_rows))


def _text_problems(cells: Mapping[str, str], declared: Mapping[str, Any]) -> Iterator[tuple[str, Words]]:
    for key, cell in cells.items():
        if len(cell) > declared[key]["longest"]:
            yield key, TOO_LONG.with_params(num=declared[key]["longest"])
        elif not cell.isprintable():
            yield key, UNPRINTABLE


def _title(key: str, titles: Mapping[str, str], required: Iterable[Sequence[str]]) -> str:
    """Return the sheet's title of a column, or of one that stands for it; "" where it has neither."""
    others = next((group for group in required if key in group), ())
    return next((titles[other] for other in (key, *others) if other in titles), "")


def fold_title(title: str) -> str:
    """Reduce a title to what two people would both write for it."""
    return " ".join(fold(title.replace("_", " ").removeprefix("'")).split()).rstrip(" :*")


def column_letters(place: int) -> str:
    """Return the letters of a column, counted from 0, as spreadsheets write them: A, B, … Z, AA."""
    before, last = divmod(place, len(ascii_uppercase))
    return (column_letters(before - 1) if before else "") + ascii_uppercase[last]


def escape_formula(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV Injection)."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def _split(rows: Rows, max_rows: int) -> tuple[Row, Sequence[Row]]:
    """Return the row of titles, and the rows below it that have text."""
    header: Row | None = None
    filled: list[Row] = []
    for number, cells in enumerate(rows, start=1):
        if number > MAX_ROWS:
            raise SheetRefused(TOO_LARGE)
        if len(cells) > MAX_CELLS:
            raise SheetRefused(TOO_WIDE.with_params(row=number, most=MAX_CELLS))
        if header is None:
            header = Row(number, cells) if _is_header(cells) else None
        elif any(cell.strip() for cell in cells):
            filled.append(Row(number, cells))
        if number - len(filled) > MAX_BLANK_ROWS + 1:
            raise SheetRefused(TOO_BLANK.with_params(most=MAX_BLANK_ROWS))
        if len(filled) > max_rows:
            break
    if header is None:
        raise SheetRefused(EMPTY)
    return header, filled


def _is_header(cells: Sequence[str]) -> bool:
    """Whether a row has titles: it is neither blank nor "sep=;", which Excel reads for itself."""
    text = "".join(cells).strip(",;\t \r\n")
    return bool(text) and not _SEPARATOR_LINE.fullmatch(text)


def _decoded(content: bytes) -> tuple[str, str]:
    # UTF-16 has a zero byte beside every plain letter; a stray one in a cell is for its reader to clean.
    if content[:1000].count(b"\0") <= len(content[:1000]) / 4:
        for encoding in ENCODINGS:
            try:
                return encoding, content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise SheetRefused(NOT_TEXT)


def _header(text: str, separator: str) -> Sequence[str]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return next(filter(_is_header, reader), [])


def _csv_rows(text: str, separator: str) -> Iterator[Sequence[str]]:
    rows = 0
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows += 1
            yield cells
    except csv.Error:
        raise SheetRefused(MISQUOTED.with_params(row=rows + 1)) from None


def _workbook(content: bytes) -> tuple[Words, Rows]:
    """Return the first visible sheet of a workbook as its program last showed it: nothing is calculated."""
    # openpyxl takes 0.25 s and 37 MB, as much as fifty letters on paper: it is imported for workbooks alone.
    import openpyxl  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        _refuse_large(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles, and of dates that are none
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            sheet = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
            sheet.reset_dimensions()  # what a file says of its own size is not to be relied on
            rows = []
            blank_rows = 0
            for cells in sheet.iter_rows(values_only=True):
                row = [_text(cell) for cell in cells]
                blank_rows = 0 if any(row) else blank_rows + 1
                if blank_rows > MAX_BLANK_ROWS + 1:
                    break
                rows.append(row)
    except SheetRefused:
        raise
    except Exception:  # the library fails in as many ways as there are broken files
        raise SheetRefused(UNREADABLE) from None
    sheets = len(book.worksheets)
    return FIRST_OF.with_params(kind=WORKBOOK, sheets=sheets) if sheets > 1 else WORKBOOK, rows


def _refuse_large(content: bytes) -> None:
    """Refuse what would not fit into memory, before it is unpacked there."""
    tags = 0
    with ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_BYTES:
            raise SheetRefused(TOO_LARGE)
        for part in archive.infolist():
            with archive.open(part) as unpacked:
                while chunk := unpacked.read(CHUNK):
                    tags += chunk.count(b"<") + chunk.count(b"=")
    if tags > MAX_TAGS:
        raise SheetRefused(TOO_LARGE)


def _text(value: object) -> str:
    """Return a cell's text: dates as 2026-11-25, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("_x000D_", "")  # how Excel writes the first half of a line break
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value)
