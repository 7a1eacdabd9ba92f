"""A CSV file in the Open North form becomes records: all rows, or every error by row and column."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from email_validator import EmailNotValidError, validate_email

from advocacy.language import SOURCE, Wording, fold
from advocacy.legislators.directory_queries import RidingNames
from advocacy.legislators.legislatures import Province, Role, Seats, legislatures, read_province
from advocacy.legislators.models import (
    OfficeAddress,
    ProgressCallback,
    SourceRecord,
    Status,
    no_progress,
)
from advocacy.legislators.recipient import Gender
from advocacy.messages import Message, message

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
COLUMN_BY_TITLE = {fold(title): column for column, titles in COLUMNS.items() for title in titles}


GENDER_BY_WORD = {
    fold(word): gender
    for gender, words in {
        Gender.F: ("F", "Female", "Femme", "Féminin"),
        Gender.M: ("M", "Male", "Homme", "Masculin"),
    }.items()
    for word in words
}


WRONG: Mapping[str, Message] = MappingProxyType(
    {
        "encoding": message("the file is not UTF-8; save it as “CSV UTF-8”"),
        "not_csv": message("the file is not CSV: %(error)s"),
        "rows": message("the file has %(rows)s rows of people; 1 to %(most)s can be imported"),
        "surplus": message(
            "%(cells)s cells where the header has %(width)s; put quotation marks around a cell that contains the "
            "separator"
        ),
        "twice": message("this column is there twice; remove one"),
        "no_column": message("this column is missing"),
        "long": message("longer than %(longest)s characters"),
        "unseen": message("contains a character that cannot be seen; type the cell again"),
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
        "no_source": message("write where the gender is stated: a page or a list"),
        "nobody": message("nobody in the directory has this id"),
        "email": message("not an e-mail address; correct it from the source, or leave it empty"),
    }
)
"""Each thing by its name; blanks in braces are filled with counts and with words known here, never with a cell."""


Cells: TypeAlias = Mapping[str, str]

MAX_ROWS = 20_000
MAX_CELL = 250
# Spreadsheets write a semicolon where the comma stands in numbers, and a tab in their text files.
SEPARATORS = (",", ";", "\t")
VACANT = frozenset({"vacant", "vacante"})
MAX_LENGTHS = {"name": 180, "first_name": 90, "last_name": 90}


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One thing wrong: rows count from 1, the header; `column` is the title as the file writes it."""

    row: int
    column: str
    message: Message

    @classmethod
    def of(cls, row: int, column: str, what: str, /, **blanks: object) -> "CellProblem":
        """Return what is wrong, by its name in `WRONG`, with its blanks filled."""
        return cls(row, column, WRONG[what].with_params(**blanks))

    def __str__(self) -> str:
        where = f"row {self.row}, {self.column}" if self.column else f"row {self.row}"
        return f"{where}: {self.message.in_language(SOURCE)}"


class CsvProblems(ValueError):
    """The file cannot be imported; nothing of it was."""

    def __init__(self, problems: Iterable[CellProblem]) -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.row, problem.column, str(problem)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read_csv(content: bytes, ridings: RidingNames, *, done: ProgressCallback = no_progress) -> list[SourceRecord]:
    """Read a whole file; raise CsvProblems with every error there is.

    `Name` may stand for the first and the last name. Cells are parted by commas, semicolons or tabs, as the
    header shows. An e-mail address is taken as given or refused, never corrected.
    """
    titles, rows = _table(content)
    reader = _Reader(titles, ridings)
    records = []
    for row, cells in rows:
        records.append(reader.read(row, cells))
        done(1)
    reader.find_repeats()
    if reader.problems:
        raise CsvProblems(reader.problems)
    return [record for record in records if record is not None]


def _table(content: bytes) -> tuple[dict[str, str], list[tuple[int, Cells]]]:
    """Return the file's own title of each known column, and the rows with their numbers."""
    try:
        text = content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True))
    except UnicodeDecodeError:
        raise CsvProblems([CellProblem.of(1, "", "encoding")]) from None
    except csv.Error as error:
        raise CsvProblems([CellProblem.of(1, "", "not_csv", error=error)]) from None
    titles = _titles(lines[0] if lines else [])
    rows = [(number, line) for number, line in enumerate(lines[1:], start=2) if any(cell.strip() for cell in line)]
    if not rows or len(rows) > MAX_ROWS:
        raise CsvProblems([CellProblem.of(1, "", "rows", rows=len(rows), most=f"{MAX_ROWS:,}")])
    if surplus := list(_surplus(rows, len(lines[0]))):
        raise CsvProblems(surplus)
    places = {column: lines[0].index(title) for column, title in titles.items()}
    return titles, [(number, _cells(line, places)) for number, line in rows]


def _separator(text: str) -> str:
    """Return the separator by which the header has the most titles known here."""

    def known(separator: str) -> int:
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
        return sum(fold(title) in COLUMN_BY_TITLE for title in header)

    return max(SEPARATORS, key=known)


def _surplus(rows: Iterable[tuple[int, list[str]]], width: int) -> Iterator[CellProblem]:
    """Complain of rows longer than the header: a separator inside a cell has moved all that follow it."""
    for number, line in rows:
        if len(line) > width:
            yield CellProblem.of(number, "", "surplus", cells=len(line), width=width)


def _titles(header: list[str]) -> dict[str, str]:
    known = [(column, title) for title in header if (column := COLUMN_BY_TITLE.get(fold(title)))]
    repeated = [column for column, count in Counter(column for column, _ in known).items() if count > 1]
    titles = dict(known)
    if "last_name" in titles and not {"first_name", "name"} & set(titles):
        titles["name"] = titles.pop("last_name")
    problems = [CellProblem.of(1, titles[column], "twice") for column in repeated]
    needed = [column for column in ("role",) if column not in titles]
    if "name" not in titles and "last_name" not in titles:
        needed.append("last_name")
    problems += [CellProblem.of(1, COLUMNS[column][0], "no_column") for column in needed]
    if problems:
        raise CsvProblems(problems)
    return titles


def _cells(line: list[str], places: Mapping[str, int]) -> Cells:
    return {column: " ".join(line[place].split()) if place < len(line) else "" for column, place in places.items()}


class _Reader:
    """One file being read: the problems so far, and what may not come twice."""

    def __init__(self, titles: Mapping[str, str], ridings: RidingNames) -> None:
        self.problems: list[CellProblem] = []
        self._titles, self._ridings = titles, ridings
        self._roles = {fold(word): role for word, role in legislatures().roles.items()}
        self._given: list[tuple[int, str, str]] = []

    def read(self, row: int, cells: Cells) -> SourceRecord | None:
        """Read one row; None when it has a problem."""
        before = len(self.problems)
        for column, cell in cells.items():
            longest = MAX_LENGTHS.get(column, MAX_CELL)
            if len(cell) > longest:
                self._say(row, column, "long", longest=longest)
            if not cell.isprintable():
                self._say(row, column, "unseen")
        role = self._roles.get(fold(cells["role"]))
        if role is None:
            self._say(row, "role", "role", roles=", ".join(legislatures().roles))
            return None
        if fold(cells.get("last_name") or cells.get("name", "")) in VACANT:
            return self._vacant(row, cells, role)
        record = self._record(row, cells, role)
        return record if len(self.problems) == before else None

    def find_repeats(self) -> None:
        """Complain of every e-mail address, and every seat of one person, that another row already gave."""
        first: dict[tuple[str, str], int] = {}
        for row, column, value in self._given:
            earlier = first.setdefault((column, value), row)
            if earlier != row:
                self._say(row, column, "same", earlier=earlier)

    def _record(self, row: int, cells: Cells, role: Role) -> SourceRecord:
        first, last, name = self._names(row, cells)
        province = self._province(row, cells, role)
        riding = self._riding(row, cells) if role.chamber.seats is Seats.RIDING else None
        return SourceRecord(
            chamber=role.chamber.key,
            office=role.office,
            name=name,
            first_name=first,
            last_name=last,
            gender=self._gender(row, cells),
            riding_code=riding,
            district=self._district(row, cells, role),
            province=self._ridings.provinces.get(riding or "", province),
            party=Wording.same(cells["party"]) if cells.get("party") else None,
            email=self._email(row, cells),
            addresses=_addresses(cells),
        )

    def _vacant(self, row: int, cells: Cells, role: Role) -> SourceRecord | None:
        if role.chamber.seats is not Seats.RIDING:
            self._say(row, "role", "vacant")
            return None
        riding = self._riding(row, cells)
        province = self._ridings.provinces.get(riding or "")
        return SourceRecord(chamber=role.chamber.key, status=Status.VACANT, riding_code=riding, province=province)

    def _names(self, row: int, cells: Cells) -> tuple[str, str, str]:
        first, last, name = (cells.get(column, "") for column in ("first_name", "last_name", "name"))
        if not name and not last:
            self._say(row, "last_name" if "last_name" in self._titles else "name", "no_name")
        return first, last, name or f"{first} {last}".strip()

    def _province(self, row: int, cells: Cells, role: Role) -> Province | None:
        written = cells.get("province", "")
        found = role.province or read_province(written)
        if written and read_province(written) is None:
            self._say(row, "province", "province")
        elif found is None and role.chamber.seats is not Seats.RIDING:
            self._say(row, "province", "no_province")
        return found

    def _riding(self, row: int, cells: Cells) -> str | None:
        """Find the riding by code and by name; where both are given they must agree."""
        code, name = cells.get("district_id", ""), cells.get("district", "")
        by_code = code if code in self._ridings.provinces else None
        by_name = self._ridings.code(name)
        if code and by_code is None:
            self._say(row, "district_id", "code")
        elif name and by_name is None:
            self._say(row, "district", "riding")
        elif by_code and by_name and by_code != by_name:
            self._say(row, "district", "two_ridings")
        elif not by_code and not by_name:
            self._say(row, "district" if "district" in self._titles else "district_id", "no_riding")
        riding = by_code or by_name
        if riding:
            self._given.append((row, "district" if "district" in self._titles else "district_id", riding))
        return riding

    def _district(self, row: int, cells: Cells, role: Role) -> Wording | None:
        if role.chamber.seats is Seats.RIDING:
            return None
        name = cells.get("district", "")
        if not name and role.chamber.has_list_by_province:
            self._say(row, "district", "no_district")
        return Wording.same(name) if name else None

    def _gender(self, row: int, cells: Cells) -> Gender | None:
        written = cells.get("gender", "")
        if written and fold(written) not in GENDER_BY_WORD:
            self._say(row, "gender", "gender")
        return GENDER_BY_WORD.get(fold(written))

    def _email(self, row: int, cells: Cells) -> str | None:
        written = cells.get("email", "")
        if not written:
            return None
        try:
            validate_email(written, check_deliverability=False)
        except EmailNotValidError:
            self._say(row, "email", "email")
        self._given.append((row, "email", written.casefold()))
        return written

    def _say(self, row: int, column: str, what: str, /, **blanks: object) -> None:
        title = self._titles.get(column, COLUMNS[column][0])
        self.problems.append(CellProblem.of(row, title, what, **blanks))


def _addresses(cells: Cells) -> tuple[OfficeAddress, ...]:
    locality = " ".join(cells[column] for column in ("locality", "province") if cells.get(column))
    last = "  ".join(part for part in (locality, cells.get("postal_code", "")) if part)
    lines = (
        tuple(line for line in (cells.get("line_1"), cells.get("line_2"), last) if line) if cells.get("line_1") else ()
    )
    telephone, fax = cells.get("telephone", ""), cells.get("fax", "")
    return (OfficeAddress("legislature", lines, telephone, fax),) if lines or telephone or fax else ()
