"""People to write to as a CSV file: read with a header in English or French, and written so that it reads back."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationInfo, field_validator

from advocacy.language import Language, Wording, fold, read_language
from advocacy.legislators.directory_queries import RidingNames
from advocacy.legislators.recipient import Gender
from advocacy.messages import message
from advocacy.sheets import FORMULA_SIGNS, CellProblem, EmailCell, RowModel, column, fold_title, read_rows

MAX_ROWS = 5000
HEADER = (
    *("name", "first name", "last name", "title (en)", "title (fr)", "e-mail", "language", "gender", "honorific"),
    *("riding", "city"),
)
"""The columns of the file as it is written."""
GENDERS = dict.fromkeys(("f", "female", "woman", "feminin", "femme", "ms", "mrs", "mme", "madame"), Gender.F)
GENDERS |= dict.fromkeys(("m", "male", "man", "masculin", "homme", "mr", "monsieur"), Gender.M)


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


class PersonRow(RowModel):
    """A row of the list as it is typed; a riding's name becomes its code."""

    required = (("name", "last_name"), ("email",))

    first_name: str = column("First name", "Prénom", longest=100)
    last_name: str = column("Last name", "Nom de famille", longest=100)
    name: str = column("Name", "Nom", "Full name", "Nom complet", "Prénom et nom", longest=200)
    title: str = column("Title", "Titre", "Office", "Position", "Fonction", "Poste", longest=200)
    title_en: str = column("Title (en)", "Titre (en)", "Title in English", "Title (English)", "Titre anglais")
    title_fr: str = column("Title (fr)", "Titre (fr)", "Title in French", "Title (French)", "Titre français")
    email: EmailCell = column("E-mail", "Courriel", "Email", "E-mail address", "Email address", "Adresse courriel")
    language: Language | None = column("Language", "Langue")
    honorific: str = column("Honorific", "Civilité", "Titre de civilité", longest=50)
    gender: Gender | None = column("Gender", "Genre", "Sexe")
    riding: str = column("Riding", "Circonscription", "Electoral district")
    city: str = column("City", "Ville", "Municipality", "Municipalité", "Town")

    @field_validator("name")
    @classmethod
    def _whole_name(cls, cell: str, info: ValidationInfo) -> str:
        name = cell or " ".join(filter(None, (info.data.get("first_name"), info.data.get("last_name"))))
        if not name:
            raise CellProblem(message("The name is missing."))
        return name

    @field_validator("title_fr")
    @classmethod
    def _is_in_both_languages(cls, cell: str, info: ValidationInfo) -> str:
        if bool(cell) != bool(info.data.get("title_en")) and not info.data.get("title"):
            raise CellProblem(message("Write the title in both languages."))
        return cell

    @field_validator("language", mode="before")
    @classmethod
    def _language(cls, cell: str) -> Language | None:
        if cell and read_language(cell) is None:
            raise CellProblem(message("Write en or fr."))
        return read_language(cell)

    @field_validator("gender", mode="before")
    @classmethod
    def _gender(cls, cell: str, info: ValidationInfo) -> Gender | None:
        if cell and fold_title(cell) not in GENDERS:
            raise CellProblem(message("Write f or m, or nothing."))
        return GENDERS.get(fold_title(cell)) or GENDERS.get(fold_title(info.data.get("honorific", "")))

    @field_validator("riding")
    @classmethod
    def _riding_code(cls, cell: str, info: ValidationInfo) -> str:
        ridings: RidingNames = info.context  # type: ignore[assignment]
        code = cell if cell in ridings.provinces else ridings.code(cell)
        if cell and code is None:
            raise CellProblem(message("This is not the name of a federal riding."))
        return code or ""

    @field_validator("*", mode="before")
    @classmethod
    def _is_no_formula(cls, cell: str) -> str:
        if cell.startswith(FORMULA_SIGNS):  # whoever opens the list again would have it calculated
            raise CellProblem(message("A cell cannot begin with =, +, - or @."))
        return cell

    @property
    def person(self) -> Person:
        """The person of this row; one title stands for both languages."""
        titles = {Language.EN.value: self.title_en or self.title, Language.FR.value: self.title_fr or self.title}
        shared = self.model_dump(exclude={"title", "title_en", "title_fr"})
        return Person(**shared, title=Wording(titles) if all(titles.values()) else None)


def read_people_list(content: bytes, ridings: RidingNames) -> Sequence[Person]:
    """Read a sheet with titles in English or French; raise SheetErrors with every error there is."""
    rows = read_rows(content, PersonRow, max_rows=MAX_ROWS, context=ridings)
    rows.refuse_same("name", lambda row: row.person.key)
    return [row.person for row in rows.models()]


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
