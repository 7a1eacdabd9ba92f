"""What a merge came to, in words that name rows and columns and repeat no cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from advocacy.exports.merge import People, Tally, letters_of
from advocacy.language import Language
from advocacy.messages import in_language

MOST_FAULTS, MOST_ROWS_NAMED = 200, 8
"""How many lines a page has, and how many rows it names for one thing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one row is left out: its number in the sheet, the column's title ("" for the whole row), what to do."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """What should be known of some letters: the first rows, and how many more there are."""

    rows: Sequence[int]
    more: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A column that is not read, by its letters, and the field that its title may mean."""

    column: str
    near: str


@dataclass(frozen=True, slots=True)
class Report:
    """How a sheet was read, what of it becomes letters, and what does not."""

    described: str
    columns: Sequence[tuple[str, str]]
    unread: Sequence[Unread]
    letters: int
    left_out: int
    faults: Sequence[Fault]
    more: int
    notes: Sequence[Note]


def reported(people: People, tally: Tally, language: Language) -> Report:
    """Report on a merge that was counted, in one language."""
    read = sorted((place, key) for key, places in people.columns.places.items() for place in places)
    faults = [
        Fault(rejection.row, fault.column, in_language(fault.reason, language))
        for rejection in tally.rejections
        for fault in rejection.faults
    ]
    return Report(
        described=people.sheet.described.spoken(language),
        columns=[(letters_of(place), people.columns.title(key)) for place, key in read],
        unread=[Unread(one.column, one.near.spoken(language) if one.near else "") for one in people.columns.unread],
        letters=tally.letters,
        left_out=len(tally.rejections),
        faults=faults[:MOST_FAULTS],
        more=max(0, len(faults) - MOST_FAULTS),
        notes=[
            Note(rows[:MOST_ROWS_NAMED], max(0, len(rows) - MOST_ROWS_NAMED), note.spoken(language))
            for note, rows in tally.notes.items()
        ],
    )
