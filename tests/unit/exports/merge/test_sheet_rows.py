"""Each row that is not blank is one person, under the number its spreadsheet shows."""

import io

import pytest

from advocacy.exports.merge.sheet_rows import SPREADSHEET_ERROR, SURPLUS, CellError, PeopleSheet, read_people
from advocacy.exports.merge.sheets import SheetRefused
from tests.unit.exports.merge.sheets import HEADER, a_row, csv_bytes, the_template, xlsx_bytes


def people(content: bytes) -> PeopleSheet:
    return read_people(io.BytesIO(content), the_template())


def test_rows_are_numbered_as_a_spreadsheet_does_the_header_being_row_1() -> None:
    content = csv_bytes([HEADER, a_row(reason="two\nlines"), (), ("", " "), a_row(name="Zoé")])
    rows = list(people(content).rows())
    assert [(row.number, row.cells["name"]) for row in rows] == [(2, "Camille Essai"), (5, "Zoé")]
    assert rows[0].cells["reason"] == "two\nlines"


def test_the_rows_can_be_read_again() -> None:
    found = people(csv_bytes([HEADER, a_row()]))
    assert list(found.rows()) == list(found.rows())


def test_a_workbook_and_a_csv_file_give_the_same_rows() -> None:
    rows = [HEADER, a_row(reason="two\nlines"), (), a_row(name="Zoé", postal_code="K1A 0A6")]
    assert list(people(csv_bytes(rows)).rows()) == list(people(xlsx_bytes(rows)).rows())


def test_cells_beyond_the_header_of_a_csv_file_have_moved_the_others() -> None:
    (row,) = people(csv_bytes([HEADER, (*a_row(), "", "a stray one")])).rows()
    assert row.errors == (CellError("", SURPLUS),)
    (blank,) = people(csv_bytes([HEADER, (*a_row(), "", " ")])).rows()
    assert blank.errors == ()
    (note,) = people(xlsx_bytes([HEADER, (*a_row(), "", "a note")])).rows()
    assert note.errors == ()


@pytest.mark.parametrize("error", ["#N/A", "#REF!", " #DIV/0! "])
def test_an_error_of_the_spreadsheet_is_no_answer(error: str) -> None:
    (row,) = people(csv_bytes([HEADER, a_row(city=error)])).rows()
    assert row.errors == (CellError("city", SPREADSHEET_ERROR),)


BEFORE = {"blank": [(), ("", " ")], "for Excel": [("sep=;",)], "both": [("SEP=,",), ("",), ("\t",)]}


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
@pytest.mark.parametrize("make", [csv_bytes, xlsx_bytes])
def test_the_header_is_the_first_row_with_titles_and_numbers_stay(before, make) -> None:  # type: ignore[no-untyped-def]
    (row,) = people(make([*before, HEADER, (), a_row(name="Zoé")])).rows()
    assert (row.number, row.cells["name"]) == (len(before) + 3, "Zoé")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_line_that_names_the_separator_is_passed_over(separator: str) -> None:
    found = people(f"\ufeffsep={separator}\r\n".encode() + csv_bytes([HEADER, a_row()], separator=separator))
    assert found.sheet.separator == separator
    assert [row.number for row in found.rows()] == [3]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"sep=;\n;;\n", csv_bytes([("", " "), ()]), xlsx_bytes([])])
def test_a_sheet_without_text_is_refused_as_empty(content: bytes) -> None:
    with pytest.raises(SheetRefused, match="is empty"):
        people(content)


@pytest.mark.parametrize("content", [csv_bytes([HEADER]), csv_bytes([HEADER, (), ("", "")]), xlsx_bytes([HEADER])])
def test_a_sheet_of_titles_alone_is_refused_and_not_called_empty(content: bytes) -> None:
    with pytest.raises(SheetRefused, match="no row below its titles"):
        people(content)


def test_a_sheet_that_breaks_off_says_so_when_it_is_read() -> None:
    found = people(csv_bytes([HEADER, a_row()]) + b'"open')
    with pytest.raises(SheetRefused, match="Row 3"):
        list(found.rows())
