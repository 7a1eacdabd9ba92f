"""The columns that a sheet may have for one letter, in a reader's words, and a sheet of two rows to begin with."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import chain

from advocacy.campaigns.campaign_files import LetterTemplate
from advocacy.campaigns.fields import Field, FieldKind, citizen_fields
from advocacy.exports.merge.rejected import neutral
from advocacy.exports.merge.titles import ADDRESSING, LANGUAGE_COLUMN, LEGISLATOR, POSTAL_CODE, RIDING, SHOWN
from advocacy.language import Language, Wording
from advocacy.messages import Message, message

SEPARATOR: Mapping[Language, str] = {Language.EN: ",", Language.FR: ";"}
"""What spreadsheet programs of each language part the cells of a CSV file by, in Canada."""
HOLDS: Mapping[str, Message] = {
    "name": message("The whole name; or “First name” and “Last name” in two columns."),
    "city": message("The municipality, as it should appear in the letter."),
    "province": message("The province or territory, by its name or its two letters."),
    POSTAL_CODE: message("Who the letter goes to, if the postal code lies in only one riding."),
    RIDING: message("Who the letter goes to: the riding’s name or its five digits. It is used before the postal code."),
    LEGISLATOR: message("Who the letter goes to: an id from the directory. It is used before the other two."),
    LANGUAGE_COLUMN: message("English or French, for the letter of this row."),
    "street": message("The street address, so that the office can answer by mail."),
    "email": message("The e-mail address, so that the office can answer by e-mail."),
}
EXAMPLES: Mapping[str, tuple[Wording, Wording]] = {
    "name": (Wording.same("Camille Essai"), Wording.same("Sam Sample")),
    "city": (Wording.same("Ottawa"), Wording.same("Montréal")),
    "province": (Wording.same("ON"), Wording.of(en="Quebec", fr="Québec")),
    POSTAL_CODE: (Wording.same("K1A 0A6"), Wording.same("")),
    RIDING: (Wording.same(""), Wording.same("Outremont")),
    LEGISLATOR: (Wording.same(""), Wording.same("")),
    LANGUAGE_COLUMN: (Wording.of(en="English", fr="français"), Wording.of(en="French", fr="anglais")),
    "street": (Wording.of(en="1 Example Street", fr="1, rue de l’Exemple"), Wording.same("")),
    "email": (Wording.same("camille@example.ca"), Wording.same("")),
}
OWN_WORDS = message("This matters to me and to my family.")
CHOICE = message("One of these: %(options)s.")
WORDS = message("Their own words, %(most)s characters at most.")
LINE = message("A line, %(most)s characters at most.")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, what goes in, whether every row needs it, and what two rows may hold.

    `addresses` tells that it says whom the letter goes to: a row needs one of these.
    """

    title: str
    holds: str
    required: bool
    addresses: bool
    examples: tuple[str, str]


def columns(template: LetterTemplate, language: Language) -> Sequence[Column]:
    """Return the columns of a sheet for one letter, in one language, those that are needed first."""
    own = [_own(field, language) for field in template.fields]
    needed = {field.key for field in citizen_fields() if field.required}
    shared = [_shared(key, language, required=key in needed) for key in SHOWN]
    return sorted((*shared, *own), key=lambda column: (not column.required, not column.addresses))


def sample_csv(template: LetterTemplate, language: Language) -> bytes:
    """Return a sheet as a CSV file that spreadsheet programs open as it is."""
    text = io.StringIO(newline="")
    rows = ([neutral(cell) for cell in row] for row in _rows(template, language))
    csv.writer(text, delimiter=SEPARATOR[language]).writerows(rows)
    return BOM_UTF8 + text.getvalue().encode()


def sample_workbook(template: LetterTemplate, language: Language) -> bytes:
    """Return the same sheet as a workbook."""
    book = import_module("openpyxl").Workbook()
    for row in _rows(template, language):
        book.active.append(row)
    for cell in chain.from_iterable(book.active.rows):
        cell.data_type = "s"  # a text, whatever sign it begins with
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


SAMPLES = {"csv": sample_csv, "xlsx": sample_workbook}


def _rows(template: LetterTemplate, language: Language) -> Iterator[list[str]]:
    found = columns(template, language)
    for row in ([column.title for column in found], *zip(*(column.examples for column in found), strict=True)):
        yield ["".join(filter(str.isprintable, cell)) for cell in row]


def _shared(key: str, language: Language, *, required: bool) -> Column:
    first, second = (one.in_language(language) for one in EXAMPLES[key])
    return Column(
        SHOWN[key].in_language(language),
        HOLDS[key].in_language(language),
        required,
        key in ADDRESSING,
        (first, second),
    )


def _own(field: Field, language: Language) -> Column:
    sentence = {FieldKind.CHOICE: CHOICE, FieldKind.WORDS: WORDS}.get(field.kind, LINE)
    labels = [option.label.in_language(language) for option in field.options]
    holds = sentence.with_params(options="; ".join(labels), most=field.max_characters).in_language(language)
    return Column(field.label.in_language(language), holds, field.required, False, _examples(field, language))


def _examples(field: Field, language: Language) -> tuple[str, str]:
    """Return what two rows may hold: something to see in the first, and in the second only what it must have."""
    if field.kind is FieldKind.CHOICE:
        said = [option.label.in_language(language) for option in field.options if option.sentence]
        first = next(iter(said), field.options[0].label.in_language(language))
    elif field.kind is FieldKind.WORDS:
        first = OWN_WORDS.in_language(language)
    else:
        first = field.label.in_language(language) if field.required else ""
    first = first if len(first) <= field.max_characters else field.label.in_language(language)
    return first, first if field.required else ""
