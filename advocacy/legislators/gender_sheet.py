"""A sheet on which genders and honorifics that no list has are completed from a public source."""

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
    cell_error,
    read_rows,
    text_problems,
)
from advocacy.sheets import CellError, SheetErrors, fold_title

COLUMNS = ("id", "name", "place", "honorific", "gender", "source")
REQUIRED = ("id", "gender", "source")
MAX_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Completion:
    """What a row of the sheet completes of somebody, and the source of it."""

    legislator: Legislator
    facts: Mapping[str, FactValue]
    source: str


def rows_to_complete(session: Session) -> Iterator[Sequence[str]]:
    """Yield the rows of the sheet, its titles first: everybody in office whose gender is unknown."""
    yield COLUMNS
    unknown = select(Legislator).where(UNKNOWN_GENDER)
    for row in session.scalars(unknown.order_by(Legislator.chamber, Legislator.last_name, Legislator.id)):
        place = " / ".join(dict.fromkeys(row.place.values())) if row.place else ""
        yield row.id, row.name, place, row.honorific, "", ""


def read_completed(session: Session, content: bytes) -> Sequence[Completion]:
    """Read a completed sheet; rows without a gender are skipped. Raise SheetErrors with every error there is."""
    sheet = read_rows(content, COLUMNS)
    rows, titles = sheet.rows, [fold_title(title) for title in sheet.header.cells]
    problems = [cell_error(1, title, "no_column") for title in REQUIRED if title not in titles]
    if len(rows) > MAX_ROWS:
        problems.append(cell_error(1, "", "rows", rows=len(rows), most=MAX_ROWS))
    if problems:
        raise SheetErrors(problems)
    completions: list[Completion] = []
    first_rows: dict[str, int] = {}
    for row in rows:
        cells = dict(zip(titles, (" ".join(cell.split()) for cell in row.cells), strict=False))
        if not cells.get("gender"):
            continue
        person = session.get(Legislator, cells["id"]) if cells["id"].isprintable() else None
        earlier = first_rows.setdefault(cells["id"], row.number)
        wrong = list(_cell_problems(row.number, cells))
        if person is None:
            wrong.append(cell_error(row.number, "id", "nobody"))
        elif earlier != row.number:
            wrong.append(cell_error(row.number, "id", "same", earlier=earlier))
        elif not wrong:
            facts = {"gender": GENDER_BY_WORD[fold(cells["gender"])].value, "honorific": cells.get("honorific")}
            allowed = {key: value for key, value in facts.items() if value and key in fields_for(person)}
            completions.append(Completion(person, allowed, cells["source"]))
        problems += wrong
    if problems:
        raise SheetErrors(problems)
    return completions


def _cell_problems(row: int, cells: Mapping[str, str]) -> Iterator[CellError]:
    yield from text_problems(row, cells, {title: title for title in cells})
    if fold(cells["gender"]) not in GENDER_BY_WORD:
        yield cell_error(row, "gender", "gender")
    if not cells.get("source"):
        yield cell_error(row, "source", "no_source")
