"""The columns of a sheet: what a letter's are called and hold, which of them a header names, and a sample sheet.

A title that means nothing here is never repeated, nor guessed.
"""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from babel.numbers import get_decimal_symbol

from advocacy.campaigns.fields import SAMPLE_OF_KIND, Field, FieldKind, citizen_fields
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.language import LOCALES, Language, Wording
from advocacy.messages import Message, Words, message
from advocacy.sheets import SheetRefused, column_letters, escape_formula, fold_title

LANGUAGE_COLUMN, WORDS_LANGUAGE = "language", "words_language"
LEGISLATOR, RIDING, POSTAL_CODE = "legislator", "riding", "postal_code"
NAME, FIRST_NAME, LAST_NAME = "name", "first_name", "last_name"
ADDRESSING = (LEGISLATOR, RIDING, POSTAL_CODE)
"""The columns that decide whom a letter goes to: the first that is filled in."""

# What a letter's own fields are called is in letter.toml, and what every letter shares in citizen.toml too.
TITLES: Mapping[str, tuple[str, ...]] = {
    LANGUAGE_COLUMN: ("Language", "Letter language", "Langue", "Langue de la lettre"),
    WORDS_LANGUAGE: ("Language of own words", "Langue du texte ajouté", "Langue des mots personnels"),
    LEGISLATOR: ("Legislator", "Legislator ID", "Recipient", "Destinataire"),
    RIDING: (
        *("Riding", "Federal riding", "Electoral district", "Federal electoral district", "District ID"),
        *("Circonscription", "Circonscription fédérale"),
    ),
    POSTAL_CODE: ("Postcode", "CP"),
    NAME: ("Name", "Full name", "Nom", "Nom complet", "Prénom et nom"),
    FIRST_NAME: ("First name", "Given name", "Prénom"),
    LAST_NAME: ("Last name", "Family name", "Surname", "Nom de famille"),
    "city": ("City", "Town", "Municipality", "Ville"),
    "province": ("Province", "Territory", "Territoire"),
    "street": ("Street", "Address", "Rue", "Adresse postale"),
    "email": ("E-mail", "Email", "Email address", "Courriel", "Courrier électronique"),
}
"""What people call the columns that every letter shares."""

COLUMN_NAMES: Mapping[str, Message] = {
    NAME: message("Full name"),
    "city": message("City"),
    "province": message("Province"),
    POSTAL_CODE: message("Postal code"),
    RIDING: message("Riding"),
    LEGISLATOR: message("Legislator ID"),
    LANGUAGE_COLUMN: message("Language"),
    "street": message("Street"),
    "email": message("E-mail"),
}
"""What these columns are called to people: on the page, in its sample sheet and in sentences."""
RARE_COLUMN_NAMES: Mapping[str, Message] = {
    FIRST_NAME: message("First name"),
    LAST_NAME: message("Last name"),
    WORDS_LANGUAGE: message("Language of own words"),
}

HELP: Mapping[str, Message] = {
    NAME: message("The whole name; or “First name” and “Last name” in two columns."),
    "city": message("The municipality, as it should appear in the letter."),
    "province": message("The province or territory, by its name or its two letters."),
    POSTAL_CODE: message("Who the letter goes to, if the postal code lies in only one riding."),
    RIDING: message("Who the letter goes to: the riding’s name or its five digits. It is used before the postal code."),
    LEGISLATOR: message("Who the letter goes to: an id from the directory. It is used before the other two."),
    LANGUAGE_COLUMN: message("English or French, for the letter of this row."),
    "street": message("The street address, so that the office can answer by mail."),
    "email": message("The e-mail address, so that the office can answer by e-mail."),
}
EXAMPLES: Mapping[str, tuple[str | Message, str | Message]] = {
    NAME: ("Camille Essai", "Sam Sample"),
    "city": ("Ottawa", "Montréal"),
    "province": ("ON", message("Quebec")),
    POSTAL_CODE: ("K1A 0A6", ""),
    RIDING: ("", "Outremont"),
    LEGISLATOR: ("", ""),
    "street": (message("1 Example Street"), ""),
    "email": ("camille@example.ca", ""),
}
"""What two people's cells hold in the sample sheet."""
OWN_WORDS = message("This matters to me and to my family.")
HELP_OF_KIND: Mapping[FieldKind, Message] = {
    FieldKind.LINE: message("A line, %(most)s characters at most."),
    FieldKind.WORDS: message("Their own words, %(most)s characters at most."),
    FieldKind.CHOICE: message("One of these: %(options)s."),
    FieldKind.EMAIL: message("An e-mail address."),
    FieldKind.POSTAL_CODE: message("A postal code, such as K1A 0A6."),
    FieldKind.PROVINCE: message("A province or territory, by its name or its two letters."),
    FieldKind.STATEMENTS: message("At most %(most)s of these, with “;” between: %(options)s."),
    FieldKind.DATE: message("A day as year-month-day, such as 2026-11-28, or the spreadsheet’s own date."),
}
"""What a cell of a letter's own field may hold."""
MIN_SIMILARITY = 0.75

TWICE = message("Columns %(first)s and %(second)s both contain “%(key)s”; remove one, or rename it.")
MISSING = message(
    "The first row must name the columns, and none is named %(keys)s; write it above the right column.%(meant)s"
)
MEANT = message(" Column %(column)s may be meant as “%(key)s”.")
HALF_A_NAME = message(
    "Column %(column)s contains first names, and a last name is missing beside it; write “Last name” "
    "above the right column."
)
QUOTED = message("“%(key)s”")
OR = message(" or ")


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A column whose title means nothing here, by its letters ("A"), and the name of the most similar one, if any."""

    column: str
    similar: "Words | None"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one sheet: `places` count from 0, a name may have two; `titles` are as the sheet writes them."""

    width: int
    places: Mapping[str, tuple[int, ...]]
    titles: Mapping[str, str]
    unknown: tuple[UnknownColumn, ...]

    @classmethod
    def of(cls, header: Sequence[str], template: LetterTemplate) -> "Columns":
        """Read the header; raise SheetRefused when a column comes twice, or one lacks that every letter needs."""
        keys_by_title = known_titles(template)
        keys = [keys_by_title.get(fold_title(title)) for title in header]
        names: Mapping[str, Words] = {
            **{field.key: field.label for field in template.fields},
            **RARE_COLUMN_NAMES,
            **COLUMN_NAMES,
        }
        places = _with_whole_names(_place_of_each(keys, names))
        unknown = tuple(
            UnknownColumn(column_letters(place), names[keys_by_title[similar[0]]] if similar else None)
            for place, key in enumerate(keys)
            if key is None and header[place].strip()
            for similar in [get_close_matches(fold_title(header[place]), keys_by_title, 1, MIN_SIMILARITY)]
        )
        titles = {key: " ".join(header[found[-1]].split()) for key, found in places.items()}
        columns = cls(len(header), places, titles, unknown)
        for field in (*citizen_fields(), *template.fields):
            if field.required:
                columns._require((field.key,), names)
        columns._require(ADDRESSING, names)
        return columns

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """Return what a row holds, by the columns' keys."""
        filled_in = {key: (row[place] for place in places if place < len(row)) for key, places in self.places.items()}
        return {key: " ".join(filter(str.strip, texts)) for key, texts in filled_in.items()}

    def has_surplus(self, row: Sequence[str]) -> bool:
        """Whether a row goes on beyond the header: what moved it there moved its other cells too."""
        return any(cell.strip() for cell in row[self.width :])

    def title(self, key: str) -> str:
        """Return a column's title as the sheet writes it, its key when the sheet lacks it."""
        return self.titles.get(key, key)

    @property
    def keys_by_letters(self) -> Sequence[tuple[str, str]]:
        """The letters of each column that is read ("A"), in their order, and the key it is taken for."""
        places = sorted((place, key) for key, places in self.places.items() for place in places)
        return [(column_letters(place), key) for place, key in places]

    def _require(self, keys: Sequence[str], names: Mapping[str, Words]) -> None:
        """Raise SheetRefused where there is no column of any of these keys."""
        if any(key in self.places for key in keys):
            return
        if NAME in keys and FIRST_NAME in self.places:
            raise SheetRefused(HALF_A_NAME.with_params(column=column_letters(self.places[FIRST_NAME][0])))
        missing = [names[key] for key in keys]
        near = next((one for one in self.unknown if one.similar in missing), None)
        meant = MEANT.with_params(column=near.column, key=near.similar) if near else ""
        quoted = [QUOTED.with_params(key=name) for name in missing]
        either = Wording(
            {each.value: OR.in_language(each).join(name.in_language(each) for name in quoted) for each in Language}
        )
        raise SheetRefused(MISSING.with_params(keys=either, meant=meant))


def known_titles(template: LetterTemplate) -> Mapping[str, str]:
    """Return the key of the column for each folded title; what every letter shares comes before a letter's own."""
    keys = {fold_title(title): key for key, titles in TITLES.items() for title in (key, *titles)}
    for field in (*citizen_fields(), *template.fields):
        for title in (field.key, *field.label.values()):
            keys.setdefault(fold_title(title), field.key)
    return keys


def _place_of_each(keys: Sequence[str | None], names: Mapping[str, Words]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, key in enumerate(keys):
        if key is None:
            continue
        if key in places:
            first, second = column_letters(places[key]), column_letters(place)
            raise SheetRefused(TWICE.with_params(first=first, second=second, key=names[key]))
        places[key] = place
    return places


def _with_whole_names(found: Mapping[str, int]) -> dict[str, tuple[int, ...]]:
    """Join a first and a last name; beside a first name, "Nom" is the last."""
    places: dict[str, tuple[int, ...]] = {key: (place,) for key, place in found.items()}
    first, last = places.pop(FIRST_NAME, ()), places.pop(LAST_NAME, ())
    if first and last:
        places.setdefault(NAME, (*first, *last))
    elif first and NAME in places:
        places[NAME] = (*first, *places[NAME])
    elif first:
        places[FIRST_NAME] = first
    return places


@dataclass(frozen=True, slots=True)
class SampleColumn:
    """One column that a sheet may have: its title, what goes in, whether every row needs it, and two rows' examples.

    `addresses` is whether it decides whom the letter goes to: a row needs one such column.
    """

    title: str
    help: str
    required: bool
    addresses: bool
    examples: tuple[str, str]


def sample_columns(template: LetterTemplate, language: Language) -> Sequence[SampleColumn]:
    """Return the columns of a sheet for one letter, in one language, those that are needed first."""
    required = {field.key for field in citizen_fields() if field.required}
    shared = [
        SampleColumn(
            name.in_language(language),
            HELP[key].in_language(language),
            key in required,
            key in ADDRESSING,
            _shared_examples(key, language),
        )
        for key, name in COLUMN_NAMES.items()
    ]
    own = [_own_column(field, language) for field in template.fields]
    return sorted((*shared, *own), key=lambda column: (not column.required, not column.addresses))


def sample_rows(template: LetterTemplate, language: Language) -> Iterator[list[str]]:
    """Yield the rows of the sample sheet, without what no cell can hold."""
    found = sample_columns(template, language)
    for row in ([column.title for column in found], *zip(*(column.examples for column in found), strict=True)):
        yield ["".join(filter(str.isprintable, cell)) for cell in row]


def sample_sheet(template: LetterTemplate, language: Language) -> bytes:
    """Return a CSV file of two invented people for one letter, which spreadsheet programs open as it is."""
    # Spreadsheet programs separate cells by commas, by semicolons in languages whose decimals have a comma.
    separator = ";" if get_decimal_symbol(LOCALES[language]) == "," else ","
    text = io.StringIO(newline="")
    rows = ([escape_formula(cell) for cell in row] for row in sample_rows(template, language))
    csv.writer(text, delimiter=separator).writerows(rows)
    return BOM_UTF8 + text.getvalue().encode()


def _shared_examples(key: str, language: Language) -> tuple[str, str]:
    if key == LANGUAGE_COLUMN:
        other = next(one for one in Language if one is not language)
        names = LOCALES[language].languages
        return names[language], names[other]
    first, second = (one if isinstance(one, str) else one.in_language(language) for one in EXAMPLES[key])
    return first, second


def _own_column(field: Field, language: Language) -> SampleColumn:
    """Return a letter's own column: something to see in the first row, and in the second only what it must have."""
    label, options = field.label.in_language(language), field.options
    labels = [one.label.in_language(language) for one in field.offered or options]
    most = field.max_ticks if field.kind is FieldKind.STATEMENTS else field.max_characters
    holds = HELP_OF_KIND[field.kind].with_params(options="; ".join(labels), most=most)
    if field.kind is FieldKind.CHOICE:
        first = next((one for one in options if one.sentence), options[0]).label.in_language(language)
    elif field.kind is FieldKind.STATEMENTS:
        return SampleColumn(
            label, holds.in_language(language), False, False, ("", "; ".join(labels[: field.max_ticks]))
        )
    elif field.kind is FieldKind.WORDS:
        first = OWN_WORDS.in_language(language)
    else:
        first = SAMPLE_OF_KIND.get(field.kind, label if field.required else "")
    first = first if len(first) <= field.max_characters else label
    return SampleColumn(label, holds.in_language(language), field.required, False, (first, first * field.required))
