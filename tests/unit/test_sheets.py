"""A CSV file and a workbook give the same rows of text; what cannot be read is refused with advice."""

import io
from datetime import date, datetime, time

import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advocacy.sheets import (
    MAX_BLANK_ROWS,
    MAX_BYTES,
    MAX_CELLS,
    MAX_TAGS,
    Sheet,
    SheetRefused,
    escape_formula,
    read_sheet,
)
from tests.unit.exports.merge.sheets import csv_bytes, with_part, xlsx_bytes, zip_bytes

TITLES = frozenset({"name", "city"})
ROWS = [["name", "city"], ["Zoé", "Hull; Québec, Canada"], ["Œuvre\nde «\u00a0paix\u00a0»", "Trois-Rivières\t"]]
SHEET = "xl/worksheets/sheet1.xml"
WHOLE = xlsx_bytes([["name"], ["Zoé"]])
FORMULA = xlsx_bytes([["name", "city"], ["=1+1", "x"]])


def read(content: bytes) -> Sheet:
    return read_sheet(content, TITLES)


def rows_of(content: bytes) -> list[list[str]]:
    sheet = read(content)
    return [list(row.cells) for row in (sheet.header, *sheet.rows)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encoding_and_separator_are_found(encoding: str, separator: str) -> None:
    content = csv_bytes(ROWS, encoding=encoding, separator=separator)
    assert read(content).separator == separator
    assert rows_of(content) == ROWS


@settings(max_examples=50)
@given(
    st.lists(st.lists(st.text(st.characters(codec="cp1252", exclude_characters="\0")), min_size=2, max_size=3)),
    st.sampled_from(["utf-8", "utf-8-sig"]),
    st.sampled_from([",", ";", "\t"]),
)
def test_whatever_a_spreadsheet_writes_is_read_back(rows: list[list[str]], encoding: str, separator: str) -> None:
    content = csv_bytes([["name", "city"], *rows], encoding=encoding, separator=separator)
    assert rows_of(content)[1:] == [row for row in rows if any(cell.strip() for cell in row)]


@pytest.mark.parametrize("make", [csv_bytes, xlsx_bytes])
@pytest.mark.parametrize("before", [[("", " ")], [("sep=;",)], [("SEP=,",), ("",), ("\t",)]])
def test_rows_are_numbered_as_the_program_numbers_them(make, before) -> None:  # type: ignore[no-untyped-def]
    sheet = read(make([*before, ("name", "city"), ("", ""), ("Zoé", "two\nlines"), ("Bob", "Hull")]))
    first = len(before) + 1
    assert (sheet.header.number, [row.number for row in sheet.rows]) == (first, [first + 2, first + 3])


@pytest.mark.parametrize("make", [csv_bytes, xlsx_bytes])
def test_reading_stops_at_the_first_row_too_many(make) -> None:  # type: ignore[no-untyped-def]
    assert len(read_sheet(make([["name", "city"], *[["Zoé", "Hull"]] * 9]), TITLES, max_rows=5).rows) == 6


REFUSED = {
    "nothing": (b"", "is empty"),
    "no text": (b"sep=;\n;;\n", "is empty"),
    "a workbook without cells": (xlsx_bytes([]), "is empty"),
    "another separator": (b"name|city\nZo|Hull\n", "commas, semicolons or tabs must separate"),
    "UTF-16": (csv_bytes(ROWS, encoding="utf-16"), "not text in UTF-8"),
    "no encoding": (b"name,city\n\x81,b\n", "not text in UTF-8"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(9), "not text in UTF-8"),
    "a quotation mark": (b'name,city\nA,B\n"Zo"e,Hull\n', "Row 3: a quotation mark"),
    "a wide row": (csv_bytes([["name", "city"], ["x"] * (MAX_CELLS + 1)]), "Row 2 has more than 500 cells"),
    "blank rows": (csv_bytes([["name", "city"], *[["", ""]] * (MAX_BLANK_ROWS + 1)]), "more than 1000 empty rows"),
    "a row far below": (
        with_part(WHOLE, SHEET, old=b"</sheetData>", new=b'<row r="1048000"><c><v>1</v></c></row></sheetData>'),
        "more than 1000 empty rows",
    ),
    "a cell far to the right": (
        with_part(WHOLE, SHEET, old=b"</sheetData>", new=b'<row r="3"><c r="XFD3"><v>1</v></c></row></sheetData>'),
        "Row 3 has more than 500 cells",
    ),
    "a large file": (bytes(MAX_BYTES + 1), "too large"),
    "a zip of nothing": (zip_bytes({SHEET: bytes(MAX_BYTES + 1)}), "too large"),
    "many cells": (with_part(WHOLE, SHEET, old=b"</row>", new=b"<c/>" * MAX_TAGS + b"</row>"), "too large"),
    "a workbook cut off": (WHOLE[: len(WHOLE) // 2], "cannot be read"),
    "another zip": (zip_bytes({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "cannot be read"),
    "an old or locked workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "cannot be read"),
    "broken XML": (with_part(WHOLE, SHEET, old=b"</sheetData>", new=b""), "cannot be read"),
    "no visible sheet": (
        with_part(WHOLE, "xl/workbook.xml", old=b'state="visible"', new=b'state="veryHidden"'),
        "cannot be read",
    ),
}


@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_with_advice(content: bytes, reason: str) -> None:
    with pytest.raises(SheetRefused, match=reason):
        read(content)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (35079.0, "35079"),
        (12.5, "12.5"),
        (True, "TRUE"),
        (None, ""),
        (date(2026, 11, 25), "2026-11-25"),
        (datetime.fromisoformat("2026-11-25T09:30"), "2026-11-25 09:30:00"),
        (time(9, 30), "09:30:00"),
        ("two_x000D_\nlines", "two\nlines"),
        ("#N/A", "#N/A"),
    ],
)
def test_every_cell_of_a_workbook_is_text(value: object, text: str) -> None:
    assert rows_of(xlsx_bytes([["name", "city"], [value, "x"]]))[1] == [text, "x"]


def test_a_formula_is_its_last_value_and_is_not_calculated() -> None:
    calculated = with_part(FORMULA, SHEET, old=b"<f>1+1</f><v></v>", new=b"<f>1+1</f><v>2</v>")
    assert rows_of(calculated)[1] == ["2", "x"]
    assert rows_of(FORMULA)[1] == ["", "x"]


def test_the_first_visible_sheet_is_read() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([["hidden"]], [["name"], ["Zoé"]])))
    book.worksheets[0].sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    assert rows_of(content.getvalue()) == [["name"], ["Zoé"]]


def test_entities_are_neither_multiplied_nor_fetched() -> None:
    text = b"<is><t>Zo&#233;</t></is>"
    for entity in (b'<!ENTITY e SYSTEM "file:///etc/hostname">', b'<!ENTITY f "ha"><!ENTITY e "&f;&f;">'):
        declared = with_part(WHOLE, SHEET, old=b"<worksheet", new=b"<!DOCTYPE x [" + entity + b"]><worksheet")
        with pytest.raises(SheetRefused, match="cannot be read"):
            read(with_part(declared, SHEET, old=text, new=b"<is><t>&e;</t></is>"))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_cell_that_would_be_a_formula_is_written_as_text(sign: str) -> None:
    assert escape_formula(f"{sign}1+1") == f"'{sign}1+1"
    assert escape_formula(f"a{sign}1") == f"a{sign}1"
