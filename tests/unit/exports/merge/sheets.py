"""Sheets of people and a small directory, made in memory."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl  # type: ignore[import-untyped]

from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.exports.merge.addressees import Addressees
from advocacy.exports.merge.row_letters import Merge, MergedLetter, RejectedRow
from advocacy.exports.merge.sheet_rows import read_people
from advocacy.language import Language, Wording
from advocacy.legislators.directory_queries import RidingNames
from advocacy.legislators.legislatures import COMMONS, SENATE
from advocacy.legislators.models import Legislator, Riding, Status
from advocacy.legislators.recipient import Office
from tests.builders import OTTAWA_CENTRE, TODAY, a_template

OUTREMONT = "24053"
EMPTY_SEAT = "24066"
RIDINGS = {
    OTTAWA_CENTRE: Wording.of(en="Ottawa Centre", fr="Ottawa-Centre"),
    OUTREMONT: Wording.same("Outremont"),
    "24048": Wording.of(en="Mount Royal", fr="Mont-Royal"),
    EMPTY_SEAT: Wording.same("Saint-Hyacinthe—Bagot—Acton"),
}


@cache
def the_template() -> LetterTemplate:
    """The letter that the sheets are merged with."""
    return a_template()


def someone(code: str | None, **different: Any) -> Legislator:
    """A member of the House for a riding, unless something else is said."""
    facts: dict[str, Any] = {
        "id": f"mp-{code}",
        "chamber": COMMONS,
        "office": Office.MEMBER,
        "status": Status.SITTING,
        "first_name": "Alex",
        "last_name": "Roy",
        "name": "Alex Roy",
        "riding_code": code,
        "riding": Riding(fed_code=code, name=RIDINGS[code], province="QC") if code else None,
        "province": "QC",
        "privy_councillor": False,
    }
    return Legislator(**facts | different)


def the_addressees(*others: Legislator, today: date = TODAY) -> Addressees:
    """The members for Ottawa Centre, Outremont and Mount Royal, a vacant seat and a senator."""
    nameless = {"id": f"seat-{EMPTY_SEAT}", "status": Status.VACANT, "first_name": "", "last_name": "", "name": ""}
    senator = {"id": "senator-1", "chamber": SENATE, "office": Office.SENATOR}
    people = [someone(code) for code in RIDINGS if code != EMPTY_SEAT]
    people += [someone(EMPTY_SEAT, **nameless), someone(None, **senator), *others]
    names = {code: list(name.values()) for code, name in RIDINGS.items()}
    return Addressees(people, RidingNames(names, dict.fromkeys(RIDINGS, "QC")), today)


def csv_bytes(rows: Iterable[Sequence[str]], *, encoding: str = "utf-8", separator: str = ",") -> bytes:
    """The rows as a spreadsheet program writes them."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(*sheets: Iterable[Sequence[object]]) -> bytes:
    """A workbook of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def parts_of(workbook: bytes) -> dict[str, bytes]:
    """The parts of a workbook by their names."""
    with ZipFile(io.BytesIO(workbook)) as archive:
        return {part.filename: archive.read(part) for part in archive.infolist()}


def zip_bytes(parts: Mapping[str, bytes]) -> bytes:
    """A workbook, or any zip, of these parts."""
    held = io.BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def with_part(workbook: bytes, name: str, *, old: bytes, new: bytes) -> bytes:
    """A workbook with some bytes of one of its parts put in the place of others."""
    parts = parts_of(workbook)
    assert old in parts[name]
    return zip_bytes(parts | {name: parts[name].replace(old, new)})


HEADER = ("name", "city", "province", "postal_code", "riding", "language", "relationship", "reason")
CAMILLE = ("Camille Essai", "Ottawa", "ON", "", OTTAWA_CENTRE, "en", "", "")


def a_row(**different: str) -> tuple[str, ...]:
    """Camille's row, with some cells different."""
    return tuple(different.get(key, cell) for key, cell in zip(HEADER, CAMILLE, strict=True))


def merged(
    *rows: Sequence[str], header: Sequence[str] = HEADER, language: Language | None = None
) -> list[MergedLetter | RejectedRow]:
    """What comes of a sheet of these rows."""
    merge = Merge(the_template(), the_addressees(), today=TODAY, language=language)
    return list(merge.letters(read_people(csv_bytes([header, *rows]), the_template())))
