"""A CSV file is read in the encoding and with the separator it was saved in; what is no such text is refused."""

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advocacy.exports.merge.sheet_rows import read_people
from advocacy.exports.merge.sheets import COMMAND_LIMITS, SITE_LIMITS, CsvSheet, SheetRefused
from advocacy.language import Language
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


TITLES = frozenset({"name", "city"})
ROWS = [["name", "city"], ["Zoé", "Hull; Québec, Canada"], ["Œuvre\nde «\u00a0paix\u00a0»", "Trois-Rivières\t"]]


def sheet(content: bytes) -> CsvSheet:
    return CsvSheet.of(io.BytesIO(content), TITLES.__contains__)


def read(content: bytes) -> list[list[str]]:
    return [list(row) for row in sheet(content).rows()]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encoding_and_separator_are_found_out(encoding: str, separator: str) -> None:
    found = sheet(csv_bytes(ROWS, encoding=encoding, separator=separator))
    assert (found.encoding, found.separator) == (encoding, separator)
    assert [list(row) for row in found.rows()] == ROWS
    assert [list(row) for row in found.rows()] == ROWS


def test_how_it_was_saved_is_said_in_both_languages() -> None:
    said = sheet(csv_bytes(ROWS, encoding="cp1252", separator=";")).kind
    assert said.in_language(Language.EN) == "CSV, Windows-1252, separated by semicolons"
    assert said.in_language(Language.FR) == "CSV, Windows-1252, séparateur\u00a0: point-virgule"


@pytest.mark.parametrize("content", [b"name|city\nZo|Hull\n", b'"name"|"city"\n"Zo"|"Hull"\n', b"name city\n"])
def test_another_separator_is_refused_by_naming_those_that_are_read(content: bytes) -> None:
    with pytest.raises(SheetRefused, match="commas, semicolons or tabs must separate"):
        sheet(content)


@settings(max_examples=50)
@given(
    st.lists(
        st.lists(st.text(st.characters(codec="cp1252", exclude_characters="\0")), min_size=2, max_size=3), max_size=6
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
    st.sampled_from([",", ";", "\t"]),
)
def test_whatever_a_spreadsheet_writes_is_read_back(rows: list[list[str]], encoding: str, separator: str) -> None:
    content = csv_bytes([["name", "city"], *rows], encoding=encoding, separator=separator)
    # Some texts of Windows-1252 are those of UTF-8 too, and mean that.
    if encoding != "cp1252" or not _is_utf_8(content):
        assert read(content) == [["name", "city"], *rows]


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return not content.isascii()


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them_and_a_cell_of_several_lines_is_one_row(ending: str) -> None:
    content = ending.join(["name,city", '"a', 'b",c', "", "d,e"]).encode()
    assert read(content) == [["name", "city"], [f"a{ending}b", "c"], [], ["d", "e"]]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_refused_with_advice(encoding: str) -> None:
    with pytest.raises(SheetRefused, match="save it as “CSV UTF-8”"):
        sheet(csv_bytes(ROWS, encoding=encoding))


@pytest.mark.parametrize(
    "content", [b"name,city\n\x81,b\n", b"\xef\xbb\xbfname,city\n\xff,b\n", b"\x89PNG\r\n\x1a\n" + bytes(9)]
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(SheetRefused, match="not text in UTF-8 or Windows-1252"):
        sheet(content)


@pytest.mark.parametrize("line", ['"Zoé,Hull\nBob,Hull', '"Zoé"e,Hull\nBob,Hull', '"Zoé" ,Hull'])
def test_a_quotation_mark_out_of_place_is_named_by_its_row(line: str) -> None:
    with pytest.raises(SheetRefused, match="Row 3: a quotation mark") as refused:
        read(f"name,city\nA,B\n{line}\n".encode())
    assert "Zoé" not in "".join(refused.value.message.in_language(language) for language in Language)


def test_a_zero_byte_in_a_cell_is_left_for_its_reader_to_clean() -> None:
    assert read(b"name,city\nc\0d,e\n")[-1] == ["c\0d", "e"]


def test_a_cell_of_a_megabyte_is_one_cell() -> None:
    assert read(b"name,city\n" + b"x" * 1_000_000 + b",b\n")[1] == ["x" * 1_000_000, "b"]


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(SheetRefused, match="too large"):
        read(b"name,city\n" + b"," * (COMMAND_LIMITS.line + 1))


def test_the_stream_stays_open_for_the_next_reading() -> None:
    stream = io.BytesIO(csv_bytes(ROWS))
    found = CsvSheet.of(stream, TITLES.__contains__)
    assert next(iter(found.rows())) == ROWS[0]
    assert not stream.closed
