"""Which column holds what, by the header's titles; a title that means nothing here is never repeated, nor guessed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from advocacy.campaigns.campaign_files import LetterTemplate
from advocacy.campaigns.fields import citizen_fields
from advocacy.exports.merge.sheet import SheetRefused
from advocacy.exports.merge.titles import (
    ADDRESSING,
    FIRST_NAME,
    LAST_NAME,
    NAME,
    folded,
    known_titles,
    shown_titles,
)
from advocacy.language import Language, Wording
from advocacy.messages import Words, message

ALIKE = 0.75
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

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
class Unread:
    """A column whose title means nothing here, by its letters ("A"), and what the column near it is called, if any."""

    column: str
    near: "Words | None"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one sheet: `places` count from 0, a name may have two; `titles` are as the sheet writes them."""

    width: int
    places: Mapping[str, tuple[int, ...]]
    titles: Mapping[str, str]
    unread: tuple[Unread, ...]

    @classmethod
    def of(cls, header: Sequence[str], template: LetterTemplate) -> "Columns":
        """Read the header; raise SheetRefused when a column comes twice, or one lacks that every letter needs."""
        known = known_titles(template)
        keys = [known.get(folded(title)) for title in header]
        shown = shown_titles(template)
        found = _whole_names(_once_each(keys, shown))
        unread = tuple(
            Unread(letters_of(place), _near(header[place], known, shown))
            for place, key in enumerate(keys)
            if key is None and header[place].strip()
        )
        titles = {key: " ".join(header[places[-1]].split()) for key, places in found.items()}
        columns = cls(len(header), found, titles, unread)
        for wanted in _wanted(template):
            columns._require(wanted, shown)
        return columns

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """Return what a row holds, by the columns' keys."""
        filled_in = {key: (row[place] for place in places if place < len(row)) for key, places in self.places.items()}
        return {key: " ".join(filter(str.strip, texts)) for key, texts in filled_in.items()}

    def surplus(self, row: Sequence[str]) -> bool:
        """Return whether a row goes on beyond the header: what moved it there moved its other cells too."""
        return any(cell.strip() for cell in row[self.width :])

    def title(self, key: str) -> str:
        """Return a column's title as the sheet writes it, its key when the sheet lacks it."""
        return self.titles.get(key, key)

    @property
    def named(self) -> Sequence[tuple[str, str]]:
        """The letters of each column that is read ("A"), in their order, and the key it is taken for."""
        places = sorted((place, key) for key, places in self.places.items() for place in places)
        return [(letters_of(place), key) for place, key in places]

    def _require(self, keys: Sequence[str], shown: Mapping[str, Words]) -> None:
        if any(key in self.places for key in keys):
            return
        if NAME in keys and FIRST_NAME in self.places:
            raise SheetRefused(HALF_A_NAME.with_params(column=letters_of(self.places[FIRST_NAME][0])))
        titles = [shown[key] for key in keys]
        near = next((one for one in self.unread if one.near in titles), None)
        meant = MEANT.with_params(column=near.column, key=near.near) if near else ""
        quoted = [QUOTED.with_params(key=title) for title in titles]
        named = Wording(
            {each.value: OR.in_language(each).join(key.in_language(each) for key in quoted) for each in Language}
        )
        raise SheetRefused(MISSING.with_params(keys=named, meant=meant))


def letters_of(place: int) -> str:
    """Name a column, counted from 0, as spreadsheets do: A, B, … Z, AA."""
    before, last = divmod(place, len(LETTERS))
    return (letters_of(before - 1) if before else "") + LETTERS[last]


def _wanted(template: LetterTemplate) -> Iterator[Sequence[str]]:
    """Return the columns there must be, any one of each group."""
    yield from ((field.key,) for field in (*citizen_fields(), *template.fields) if field.required)
    yield ADDRESSING


def _once_each(keys: Sequence[str | None], shown: Mapping[str, Words]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, key in enumerate(keys):
        if key is None:
            continue
        if key in found:
            raise SheetRefused(
                TWICE.with_params(first=letters_of(found[key]), second=letters_of(place), key=shown[key])
            )
        found[key] = place
    return found


def _whole_names(found: dict[str, int]) -> dict[str, tuple[int, ...]]:
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


def _near(title: str, known: Mapping[str, str], shown: Mapping[str, Words]) -> "Words | None":
    alike = get_close_matches(folded(title), known, 1, ALIKE)
    return shown[known[alike[0]]] if alike else None
