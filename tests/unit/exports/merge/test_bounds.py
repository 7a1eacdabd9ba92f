"""A page reads no more of a sheet than its rows need, and says what to take away."""

import io
from dataclasses import replace

import pytest

from advocacy.exports.merge.sheet_rows import read_people
from advocacy.exports.merge.sheets import SITE_LIMITS, SheetRefused
from tests.unit.exports.merge.sheets import CAMILLE, HEADER, csv_bytes, the_template, with_part, xlsx_bytes

WHOLE = xlsx_bytes([HEADER, CAMILLE])
SHEET = "xl/worksheets/sheet1.xml"


def with_rows(rows: bytes) -> bytes:
    """A workbook with more rows below."""
    return with_part(WHOLE, SHEET, old=b"</sheetData>", new=rows + b"</sheetData>")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (with_rows(b'<row r="1048000"><c t="inlineStr"><is><t>a</t></is></c></row>'), "more than 1000 empty rows"),
        (with_rows(b'<row r="3"><c r="XFD3"><v>1</v></c></row>'), "Row 3 has more than 500 cells"),
        (with_rows(b"<row/>" * (SITE_LIMITS.tags + 1)), "too large"),
        (csv_bytes([HEADER, CAMILLE, *[[""]] * (SITE_LIMITS.blank_rows + 1)]), "more than 1000 empty rows"),
        (csv_bytes([HEADER, ["x"] * 501]), "Row 2 has more than 500 cells"),
        (csv_bytes([HEADER, ["x" * (SITE_LIMITS.line + 1)]]), "too large"),
        (b"sep=;\n" * 20_000, "empty"),
    ],
)
def test_what_a_page_would_long_be_reading_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(SheetRefused, match=reason):
        read_people(io.BytesIO(content), the_template(), SITE_LIMITS)


@pytest.mark.parametrize("make", [xlsx_bytes, csv_bytes])
def test_a_page_reads_up_to_its_first_row_too_many(make) -> None:  # type: ignore[no-untyped-def]
    rows = [HEADER, *[CAMILLE, [""]] * 600]
    people = read_people(io.BytesIO(make(rows)), the_template(), replace(SITE_LIMITS, rows=500))
    numbers = [row.number for row in people.rows()]
    assert 500 < len(numbers) < 510
    assert numbers[:3] == [2, 4, 6]
