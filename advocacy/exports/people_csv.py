"""People to write to as a CSV file: read with a header in English or French, and written so that it reads back."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from advocacy.exports.merge.sheets import (
    FORMULA_SIGNS,
    CsvSheet,
    SheetRefused,
    column_letters,
    is_header,
)
from advocacy.language import Language, Wording, fold, read_language
from advocacy.legislators.directory_queries import RidingNames
from advocacy.legislators.recipient import Gender
from advocacy.letters.text_cleaning import clean
from advocacy.messages import Words, message

MAX_ROWS = 5000
MAX_PROBLEMS = 60
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "nom", "full name", "nom complet", "prenom et nom"),
    "first_name": ("first name", "prenom"),
    "last_name": ("last name", "nom de famille"),
    "title": ("title", "office", "position", "titre", "fonction", "poste"),
    "title_en": ("title (en)", "title in english", "title (english)", "titre (en)", "titre anglais"),
    "title_fr": ("title (fr)", "title in french", "title (french)", "titre (fr)", "titre francais"),
    "email": ("e-mail", "email", "e-mail address", "email address", "courriel", "adresse courriel"),
    "language": ("language", "langue"),
    "gender": ("gender", "genre", "sexe"),
    "honorific": ("honorific", "civilite", "titre de civilite"),
    "riding": ("riding", "electoral district", "circonscription"),
    "city": ("city", "municipality", "town", "ville", "municipalite"),
}
"""What each column may be named."""
TITLES = {language: f"title_{language.value}" for language in Language}
"""The column of the title in each language; `title` is the same in all."""
HEADER = (
    *("name", "first name", "last name", "title (en)", "title (fr)", "e-mail", "language", "gender", "honorific"),
    *("riding", "city"),
)
"""The columns of the file as it is written."""
GENDERS = dict.fromkeys(("f", "female", "woman", "feminin", "femme", "ms", "mrs", "mme", "madame"), Gender.F)
GENDERS |= dict.fromkeys(("m", "male", "man", "masculin", "homme", "mr", "monsieur"), Gender.M)
MAX_LENGTH = 200
MAX_LENGTHS = {"email": 254, "honorific": 50, "first_name": 100, "last_name": 100}
"""Characters that a cell may have, where it is not `MAX_LENGTH`."""


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the list. `riding` is the federal electoral district's five digits."""

    name: str
    first_name: str = ""
    last_name: str = ""
    title: Wording | None = None
    email: str = ""
    language: Language | None = None
    gender: Gender | None = None
    honorific: str = ""
    riding: str = ""
    city: str = ""

    @property
    def key(self) -> str:
        """What tells this person from others: name, title and city."""
        title = next(iter(self.title.values())) if self.title else ""
        return "|".join(fold(text) for text in (self.name, title, self.city))

    @property
    def label(self) -> str:
        """The name with the address that letters go to."""
        return f"{self.name} ({self.email})" if self.email else self.name


@dataclass(frozen=True, slots=True, order=True)
class ListProblem:
    """What is wrong with a cell, by its row and the letter of its column as a spreadsheet shows them."""

    row: int
    column: str
    message: Words


class ListRefused(ValueError):
    """The file is no list of people; `problems` say why, in the order of its rows."""

    def __init__(self, problems: Sequence[ListProblem]) -> None:
        self.problems = sorted(problems, key=lambda one: (one.row, one.column))
        super().__init__(f"{len(problems)} problems")


def read_people_list(content: bytes, ridings: RidingNames) -> Sequence[Person]:
    """Read a CSV file with a header in English or French; raise ListRefused with every problem found, 60 at most."""
    titles = {_folded(title): key for key, known in COLUMNS.items() for title in known}
    try:
        sheet = CsvSheet.of(io.BytesIO(content), lambda title: _folded(title) in titles)
        rows = [(number, row) for number, row in enumerate(sheet.rows(), start=1) if any(cell.strip() for cell in row)]
    except SheetRefused as refused:
        raise ListRefused([ListProblem(1, "A", refused.message)]) from None
    header_at = next((place for place, (_, row) in enumerate(rows) if is_header(row)), None)
    if header_at is None:
        raise ListRefused([ListProblem(1, "A", message("The file is empty."))])
    header = {titles[_folded(title)]: at for at, title in enumerate(rows[header_at][1]) if _folded(title) in titles}
    people = rows[header_at + 1 :]
    problems = list(_header_problems(rows[header_at][0], header, people))
    if problems:
        raise ListRefused(problems)
    found: dict[str, Person] = {}
    for number, row in people:
        cells = {key: clean(row[at], lines=False) if at < len(row) else "" for key, at in header.items()}
        wrong = [
            ListProblem(number, column_letters(header[key]), words) for key, words in _cell_problems(cells, ridings)
        ]
        person = None if wrong else _person(cells, ridings)
        if person and person.key in found:
            wrong.append(ListProblem(number, "A", message("This person is in the list already.")))
        elif person:
            found[person.key] = person
        problems += wrong
        if len(problems) >= MAX_PROBLEMS:
            break
    if problems:
        raise ListRefused(problems[:MAX_PROBLEMS])
    return list(found.values())


def write_people_list(people: Sequence[Person]) -> bytes:
    """Write a list as the CSV file that `read_people_list` reads back."""
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\r\n")
    sheet.writerow(HEADER)
    for one in people:
        titles = [one.title.in_language(language) if one.title else "" for language in Language]
        details = [one.language.value if one.language else "", one.gender.value if one.gender else "", one.honorific]
        sheet.writerow([one.name, one.first_name, one.last_name, *titles, one.email, *details, one.riding, one.city])
    return text.getvalue().encode("utf-8-sig")


def _header_problems(
    row: int, header: Mapping[str, int], people: Sequence[tuple[int, Sequence[str]]]
) -> Iterator[ListProblem]:
    if "name" not in header and not {"first_name", "last_name"} <= header.keys():
        yield ListProblem(row, "A", message("No column is named “Name”. Name the columns in the first row."))
    if "email" not in header:
        yield ListProblem(row, "A", message("No column is named “E-mail”. Name the columns in the first row."))
    if not people:
        yield ListProblem(row, "A", message("The list names nobody."))
    if len(people) > MAX_ROWS:
        yield ListProblem(people[MAX_ROWS][0], "A", message("A list can name %(num)d people at most.", num=MAX_ROWS))


def _cell_problems(cells: Mapping[str, str], ridings: RidingNames) -> Iterator[tuple[str, Words]]:
    yield from _text_problems(cells)
    if not _name(cells):
        yield "name" if "name" in cells else "last_name", message("The name is missing.")
    if cells.get("email"):
        try:
            validate_email(cells["email"], check_deliverability=False)
        except EmailNotValidError:
            yield "email", message("This is not an e-mail address.")
    if cells.get("language") and read_language(cells["language"]) is None:
        yield "language", message("Write en or fr.")
    if cells.get("gender") and _folded(cells["gender"]) not in GENDERS:
        yield "gender", message("Write f or m, or nothing.")
    untitled = [key for key in TITLES.values() if not cells.get(key)]
    if untitled and len(untitled) < len(TITLES) and not cells.get("title"):
        column = untitled[0] if untitled[0] in cells else next(key for key in TITLES.values() if key in cells)
        yield column, message("Write the title in both languages.")
    if cells.get("riding") and _riding(cells["riding"], ridings) is None:
        yield "riding", message("This is not the name of a federal riding.")


def _text_problems(cells: Mapping[str, str]) -> Iterator[tuple[str, Words]]:
    """Yield what is wrong in any cell: too long, or a formula to a spreadsheet program."""
    for key, text in cells.items():
        if text.startswith(FORMULA_SIGNS):
            yield key, message("A cell cannot begin with =, +, - or @.")
        max_length = MAX_LENGTHS.get(key, MAX_LENGTH)
        if len(text) > max_length:
            yield key, message("%(num)d characters at most.", num=max_length)


def _person(cells: Mapping[str, str], ridings: RidingNames) -> Person:
    title, honorific = cells.get("title", ""), cells.get("honorific", "")
    titles = {language.value: cells.get(key) or title for language, key in TITLES.items()}
    gender = GENDERS.get(_folded(cells.get("gender", ""))) or GENDERS.get(_folded(honorific))
    return Person(
        name=_name(cells),
        first_name=cells.get("first_name", ""),
        last_name=cells.get("last_name", ""),
        title=Wording(titles) if all(titles.values()) else None,
        email=cells.get("email", ""),
        language=read_language(cells.get("language", "")),
        gender=gender,
        honorific=honorific,
        riding=_riding(cells.get("riding", ""), ridings) or "",
        city=cells.get("city", ""),
    )


def _name(cells: Mapping[str, str]) -> str:
    parts = (cells.get("first_name", ""), cells.get("last_name", ""))
    return cells.get("name") or " ".join(part for part in parts if part)


def _riding(typed: str, ridings: RidingNames) -> str | None:
    return typed if typed in ridings.provinces else ridings.code(typed)


def _folded(text: str) -> str:
    return " ".join(fold(text).replace("_", " ").split())
