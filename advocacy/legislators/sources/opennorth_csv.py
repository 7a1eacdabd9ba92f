"""Lists in Open North's CSV form: read whole, or refused with every error by its row and column."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from email_validator import EmailNotValidError, validate_email

from advocacy.language import Wording, fold
from advocacy.legislators.directory_queries import RidingNames
from advocacy.legislators.legislatures import Province, Role, Seats, legislatures, read_province
from advocacy.legislators.models import OfficeAddress, ProgressCallback, SourceRecord, Status, no_progress
from advocacy.legislators.recipient import Gender
from advocacy.messages import message
from advocacy.sheets import CellError, Sheet, SheetErrors, SheetRefused, fold_title, read_sheet

Cells: TypeAlias = Mapping[str, str]

MAX_ROWS = 20_000
MAX_CELL = 250
MAX_LENGTHS = {"name": 180, "first_name": 90, "last_name": 90, "honorific": 50}
"""Characters of a cell, where it is not MAX_CELL."""
VACANT = frozenset({"vacant", "vacante"})
# Open North's own column names, by what the column holds. The French ones are those its importer knows.
COLUMNS = {
    "district": ("District name", "Nom du district"),
    "district_id": ("District ID", "Identifiant du district"),
    "role": ("Primary role", "Rôle"),
    "name": ("Name", "Nom complet"),
    "first_name": ("First name", "Prénom"),
    "last_name": ("Last name", "Nom", "Nom de famille"),
    "gender": ("Gender", "Genre"),
    "party": ("Party name", "Nom du parti"),
    "email": ("Email", "E-mail", "Courriel"),
    "source_url": ("Source URL", "URL source"),
    "website": ("Website", "Site web"),
    "line_1": ("Address line 1", "Adresse ligne 1"),
    "line_2": ("Address line 2", "Adresse ligne 2"),
    "locality": ("Locality", "Localité"),
    "province": ("Province",),
    "postal_code": ("Postal code", "Code postal"),
    "telephone": ("Phone", "Téléphone"),
    "fax": ("Fax", "Télécopieur"),
}
COLUMN_BY_TITLE = {fold_title(title): column for column, titles in COLUMNS.items() for title in titles}


GENDER_BY_WORD = {
    fold(word): gender
    for gender, words in {
        Gender.F: ("F", "Female", "Femme", "Féminin"),
        Gender.M: ("M", "Male", "Homme", "Masculin"),
    }.items()
    for word in words
}
PROBLEMS = {
    "rows": message("the file has %(rows)s rows of people; 1 to %(most)s can be imported"),
    "surplus": message(
        "%(cells)s cells where the header has %(width)s; put quotation marks around a cell that contains the separator"
    ),
    "twice": message("this column is there twice; remove one"),
    "no_column": message("this column is missing"),
    "long": message("longer than %(longest)s characters"),
    "unprintable": message("contains a character that cannot be seen; type the cell again"),
    "role": message("not a role known here; write one of: %(roles)s"),
    "same": message("the same as in row %(earlier)s"),
    "vacant": message("leave vacant seats out of this list"),
    "no_name": message("the name is missing"),
    "province": message("not a province or territory; write its two letters, such as ON"),
    "no_province": message("needed for this role; write its two letters, such as ON"),
    "code": message("not a federal riding’s code; it has five digits, such as 35079"),
    "riding": message("no federal riding has this name; fix its spelling or give its District ID"),
    "two_ridings": message("another riding than the District ID gives"),
    "no_riding": message("the riding is missing"),
    "no_district": message("the district is missing"),
    "gender": message("write F or M, or leave it empty when it is not known"),
    "email": message("not an e-mail address; correct it from the source, or leave it empty"),
}
"""What can be wrong, by its code; filled in are counts and words known here, never a cell."""


def cell_error(row: int, column: str, code: str, **params: object) -> CellError:
    """Return one thing wrong; `column` is its title in the file, "" for a whole row."""
    return CellError(row, column, PROBLEMS[code].with_params(**params))


def read_csv(content: bytes, ridings: RidingNames, *, progress: ProgressCallback = no_progress) -> list[SourceRecord]:
    """Read a whole file; raise SheetErrors with every error there is.

    `Name` may stand for the first and the last name. Cells are parted by commas, semicolons or tabs, as the
    header shows. An e-mail address is taken as it is or refused, never corrected.
    """
    sheet = _read_rows(content)
    header, rows = sheet.header.cells, sheet.rows
    titles = _titles(header)
    if not rows or len(rows) > MAX_ROWS:
        raise SheetErrors([cell_error(1, "", "rows", rows=len(rows), most=f"{MAX_ROWS:,}")])
    # A separator inside a cell has moved all that follow it.
    longer = [row for row in rows if len(row.cells) > len(header)]
    if longer:
        raise SheetErrors(
            cell_error(row.number, "", "surplus", cells=len(row.cells), width=len(header)) for row in longer
        )
    reader = _Reader(titles, ridings)
    records = []
    for row in rows:
        cells = dict.fromkeys(titles, "") | {
            column: " ".join(row.cells[place].split())
            for column, title in titles.items()
            if (place := header.index(title)) < len(row.cells)
        }
        records.append(reader.read(row.number, cells))
        progress(1)
    if reader.errors:
        raise SheetErrors(reader.errors)
    return [record for record in records if record is not None]


def _read_rows(content: bytes) -> Sheet:
    """Read the rows of a sheet; raise SheetErrors for what is none."""
    try:
        return read_sheet(content, COLUMN_BY_TITLE)
    except SheetRefused as refused:
        raise SheetErrors([CellError(1, "", refused.message)]) from None


def _text_problems(row: int, cells: Cells, titles: Mapping[str, str]) -> Iterator[CellError]:
    """Yield what no cell may be: too long, or with characters that cannot be seen."""
    for column, cell in cells.items():
        longest = MAX_LENGTHS.get(column, MAX_CELL)
        if len(cell) > longest:
            yield cell_error(row, titles[column], "long", longest=longest)
        if not cell.isprintable():
            yield cell_error(row, titles[column], "unprintable")


def _titles(header: Sequence[str]) -> dict[str, str]:
    """Return the file's own title of each column that is read."""
    columns = [(column, title) for title in header if (column := COLUMN_BY_TITLE.get(fold_title(title)))]
    titles = dict(columns)
    if "last_name" in titles and not {"first_name", "name"} & set(titles):
        titles["name"] = titles.pop("last_name")
    counts = Counter(column for column, _ in columns)
    problems = [cell_error(1, titles[column], "twice") for column, count in counts.items() if count > 1]
    if "role" not in titles:
        problems.append(cell_error(1, COLUMNS["role"][0], "no_column"))
    if not {"name", "last_name"} & set(titles):
        problems.append(cell_error(1, COLUMNS["last_name"][0], "no_column"))
    if problems:
        raise SheetErrors(problems)
    return titles


class _Reader:
    """One file being read: the problems so far, and the first row of each e-mail address and riding."""

    def __init__(self, titles: Mapping[str, str], ridings: RidingNames) -> None:
        self.errors: list[CellError] = []
        self._titles, self._ridings = titles, ridings
        self._roles = {fold(word): role for word, role in legislatures().roles.items()}
        self._first_rows: dict[tuple[str, str], int] = {}

    def read(self, row: int, cells: Cells) -> SourceRecord | None:
        """Read one row; None when its role is not known, or a seat is vacant that has no riding."""
        self.errors += _text_problems(row, cells, self._titles)
        role = self._roles.get(fold(cells["role"]))
        if role is None:
            self._complain(row, "role", "role", roles=", ".join(legislatures().roles))
            return None
        has_riding = role.chamber.seats is Seats.RIDING
        first, last, name = (cells.get(column, "") for column in ("first_name", "last_name", "name"))
        if fold(last or name) in VACANT:
            if not has_riding:
                self._complain(row, "role", "vacant")
                return None
            riding = self._riding(row, cells)
            province = self._ridings.provinces.get(riding or "")
            return SourceRecord(chamber=role.chamber.key, status=Status.VACANT, riding_code=riding, province=province)
        if not name and not last:
            self._complain(row, "last_name" if "last_name" in self._titles else "name", "no_name")
        province = self._province(row, cells, role)
        riding = self._riding(row, cells) if has_riding else None
        district = "" if has_riding else cells.get("district", "")
        if role.chamber.has_list_by_province and not district:
            self._complain(row, "district", "no_district")
        gender = cells.get("gender", "")
        if gender and fold(gender) not in GENDER_BY_WORD:
            self._complain(row, "gender", "gender")
        return SourceRecord(
            chamber=role.chamber.key,
            office=role.office,
            name=name or f"{first} {last}".strip(),
            first_name=first,
            last_name=last,
            gender=GENDER_BY_WORD.get(fold(gender)),
            riding_code=riding,
            district=Wording.same(district) if district else None,
            province=self._ridings.provinces.get(riding or "", province),
            party=Wording.same(cells["party"]) if cells.get("party") else None,
            email=self._email(row, cells),
            addresses=_addresses(cells),
        )

    def _province(self, row: int, cells: Cells, role: Role) -> Province | None:
        text = cells.get("province", "")
        province = role.province or read_province(text)
        if text and read_province(text) is None:
            self._complain(row, "province", "province")
        elif province is None and role.chamber.seats is not Seats.RIDING:
            self._complain(row, "province", "no_province")
        return province

    def _riding(self, row: int, cells: Cells) -> str | None:
        """Find the riding by code and by name; where both are there they must agree."""
        code, name = cells.get("district_id", ""), cells.get("district", "")
        by_code = code if code in self._ridings.provinces else None
        by_name = self._ridings.code(name)
        column = "district" if "district" in self._titles else "district_id"
        if code and by_code is None:
            self._complain(row, "district_id", "code")
        elif name and by_name is None:
            self._complain(row, "district", "riding")
        elif by_code and by_name and by_code != by_name:
            self._complain(row, "district", "two_ridings")
        elif not by_code and not by_name:
            self._complain(row, column, "no_riding")
        riding = by_code or by_name
        if riding:
            self._check_first(row, column, riding)
        return riding

    def _email(self, row: int, cells: Cells) -> str | None:
        text = cells.get("email", "")
        if not text:
            return None
        try:
            validate_email(text, check_deliverability=False)
        except EmailNotValidError:
            self._complain(row, "email", "email")
        self._check_first(row, "email", text.casefold())
        return text

    def _check_first(self, row: int, column: str, value: str) -> None:
        earlier = self._first_rows.setdefault((column, value), row)
        if earlier != row:
            self._complain(row, column, "same", earlier=earlier)

    def _complain(self, row: int, column: str, code: str, **params: object) -> None:
        title = self._titles.get(column, COLUMNS[column][0])
        self.errors.append(cell_error(row, title, code, **params))


def _addresses(cells: Cells) -> tuple[OfficeAddress, ...]:
    locality = " ".join(cells[column] for column in ("locality", "province") if cells.get(column))
    last = "  ".join(part for part in (locality, cells.get("postal_code", "")) if part)
    lines = (
        tuple(line for line in (cells.get("line_1"), cells.get("line_2"), last) if line) if cells.get("line_1") else ()
    )
    telephone, fax = cells.get("telephone", ""), cells.get("fax", "")
    return (OfficeAddress("legislature", lines, telephone, fax),) if lines or telephone or fax else ()
