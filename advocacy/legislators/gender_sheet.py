"""A sheet on which genders and honorifics that no list gives are completed from a public source."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.language import fold
from advocacy.legislators.corrections import FactValue, fields_for
from advocacy.legislators.directory_queries import UNKNOWN_GENDER
from advocacy.legislators.models import Legislator
from advocacy.legislators.sources.opennorth_csv import (
    GENDER_BY_WORD,
    MAX_CELL,
    SEPARATORS,
    CellProblem,
    CsvProblems,
)

COLUMNS = ("id", "name", "place", "honorific", "gender", "source")
NEEDED = ("id", "gender", "source")
MAX_ROWS = 2_000
MAX_LENGTHS = {"honorific": 50}
"""Characters of a cell, where it is not MAX_CELL."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What a row of the sheet says of somebody, and where that is stated."""

    legislator: Legislator
    facts: Mapping[str, FactValue]
    source: str


def rows_to_complete(session: Session) -> Iterator[Sequence[str]]:
    """Return the rows of the sheet, its titles first: everybody in office whose gender is unknown."""
    yield COLUMNS
    unknown = select(Legislator).where(UNKNOWN_GENDER)
    for row in session.scalars(unknown.order_by(Legislator.chamber, Legislator.last_name, Legislator.id)):
        yield (
            row.id,
            row.name,
            " / ".join(dict.fromkeys(row.place.values())) if row.place else "",
            row.honorific,
            "",
            "",
        )


def read_completed(session: Session, content: bytes) -> Sequence[Completion]:
    """Read a completed sheet; rows without a gender are passed over. Raise CsvProblems with every error there is."""
    try:
        text = content.decode("utf-8-sig")
        separator = max(SEPARATORS, key=text.partition("\n")[0].count)
        titles, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    except (ValueError, csv.Error):  # no UTF-8, or no row at all
        raise CsvProblems([CellProblem.of(1, "", "encoding")]) from None
    titles = [fold(title) for title in titles]
    problems = [CellProblem.of(1, title, "no_column") for title in NEEDED if title not in titles]
    if len(rows) > MAX_ROWS:
        problems.append(CellProblem.of(1, "", "rows", rows=len(rows), most=MAX_ROWS))
    if problems:
        raise CsvProblems(problems)
    found: list[Completion] = []
    first: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        cells = dict(zip(titles, (" ".join(cell.split()) for cell in row), strict=False))
        if not cells.get("gender"):
            continue
        person = session.get(Legislator, cells["id"]) if cells["id"].isprintable() else None
        earlier = first.setdefault(cells["id"], number)
        wrong = list(_problems(number, cells))
        if person is None:
            wrong.append(CellProblem.of(number, "id", "nobody"))
        elif earlier != number:
            wrong.append(CellProblem.of(number, "id", "same", earlier=earlier))
        elif not wrong:
            facts = {"gender": GENDER_BY_WORD[fold(cells["gender"])].value, "honorific": cells.get("honorific")}
            allowed = {key: value for key, value in facts.items() if value and key in fields_for(person)}
            found.append(Completion(person, allowed, cells["source"]))
        problems += wrong
    if problems:
        raise CsvProblems(problems)
    return found


def _problems(row: int, cells: Mapping[str, str]) -> Iterator[CellProblem]:
    if fold(cells["gender"]) not in GENDER_BY_WORD:
        yield CellProblem.of(row, "gender", "gender")
    if not cells.get("source"):
        yield CellProblem.of(row, "source", "no_source")
    for column, cell in cells.items():
        if len(cell) > MAX_LENGTHS.get(column, MAX_CELL):
            yield CellProblem.of(row, column, "long", longest=MAX_LENGTHS.get(column, MAX_CELL))
        if not cell.isprintable():
            yield CellProblem.of(row, column, "unseen")
