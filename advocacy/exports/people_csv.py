"""People to write to as a CSV file: read with a header in English or French, and written so that it reads back."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from advocacy.language import Language, Wording, fold, read_language
from advocacy.legislators.directory_queries import RidingNames
from advocacy.legislators.recipient import Gender
from advocacy.letters.text_cleaning import clean
from advocacy.messages import Words, message
from advocacy.sheets import (
    FORMULA_SIGNS,
    CellError,
    Row,
    Sheet,
    SheetErrors,
    SheetRefused,
    column_letters,
    fold_title,
    read_sheet,
)

MAX_ROWS = 5000
MAX_ERRORS = 60
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


def read_people_list(content: bytes, ridings: RidingNames) -> Sequence[Person]:
    """Read a sheet with titles in English or French; raise SheetErrors with every error there is, 60 at most."""
    keys = {fold_title(title): key for key, titles in COLUMNS.items() for title in titles}
    try:
        sheet = read_sheet(content, keys, max_rows=MAX_ROWS)
    except SheetRefused as refused:
        raise SheetErrors([CellError(1, "A", refused.message)]) from None
    places = {
        keys[fold_title(title)]: place for place, title in enumerate(sheet.header.cells) if fold_title(title) in keys
    }
    errors = list(_header_errors(sheet, places))
    if errors:
        raise SheetErrors(errors)
    people: dict[str, Person] = {}
    for row in sheet.rows:
        cells = {key: _cell(row, place) for key, place in places.items()}
        row_errors = [
            CellError(row.number, column_letters(places[key]), words) for key, words in _cell_problems(cells, ridings)
        ]
        person = None if row_errors else _person(cells, ridings)
        if person and person.key in people:
            row_errors.append(CellError(row.number, "A", message("This person is in the list already.")))
        elif person:
            people[person.key] = person
        errors += row_errors
        if len(errors) >= MAX_ERRORS:
            break
    if errors:
        raise SheetErrors(errors[:MAX_ERRORS])
    return list(people.values())


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


def _header_errors(sheet: Sheet, places: Mapping[str, int]) -> Iterator[CellError]:
    row = sheet.header.number
    if "name" not in places and not {"first_name", "last_name"} <= places.keys():
        yield CellError(row, "A", message("No column is named “Name”. Name the columns in the first row."))
    if "email" not in places:
        yield CellError(row, "A", message("No column is named “E-mail”. Name the columns in the first row."))
    if not sheet.rows:
        yield CellError(row, "A", message("The list names nobody."))
    if len(sheet.rows) > MAX_ROWS:
        last = sheet.rows[MAX_ROWS].number
        yield CellError(last, "A", message("A list can name %(num)d people at most.", num=MAX_ROWS))


def _cell(row: Row, place: int) -> str:
    return clean(row.cells[place], lines=False) if place < len(row.cells) else ""


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
    if cells.get("gender") and fold_title(cells["gender"]) not in GENDERS:
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
    gender = GENDERS.get(fold_title(cells.get("gender", ""))) or GENDERS.get(fold_title(honorific))
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
