"""A workbook is read as it shows; nothing in it is calculated, run or fetched, and no bomb goes off."""

import io
from datetime import date, datetime, time, timedelta

import openpyxl  # type: ignore[import-untyped]
import pytest

from advocacy.campaigns.fields import FieldKind
from advocacy.exports.merge.row_letters import Merge, MergedLetter
from advocacy.exports.merge.sheet_rows import NOTES, open_sheet, read_people
from advocacy.exports.merge.sheets import (
    COMMAND_LIMITS,
    MAX_BYTES,
    SITE_LIMITS,
    DateCell,
    Sheet,
    SheetRefused,
    Uncalculated,
)
from advocacy.language import Language
from tests.builders import TODAY
from tests.campaign_files import LETTER, campaign_with_field
from tests.unit.exports.merge.sheets import (
    HEADER,
    a_row,
    csv_bytes,
    the_addressees,
    the_template,
    with_part,
    with_shared_texts,
    xlsx_bytes,
    zip_bytes,
)

SHEET = "xl/worksheets/sheet1.xml"
FORMULAS = xlsx_bytes([["name"], ["=1+1"]])
CELL = b't="inlineStr"><is><t>Zo&#233;</t></is>'
WHOLE = xlsx_bytes([["name"], ["Zoé"]])
SHARED = with_shared_texts(with_part(WHOLE, SHEET, old=CELL, new=b't="s"><v>1</v>'), "nobody", "Zoé")


def opened(content: bytes) -> Sheet:
    return open_sheet(io.BytesIO(content), {"name"}.__contains__)


def read(content: bytes) -> list[list[str]]:
    return [list(row) for row in opened(content).rows()]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Zoé", "Zoé"),
        (35079, "35079"),
        (35079.0, "35079"),
        (12.5, "12.5"),
        (True, "TRUE"),
        (None, ""),
        (date(2026, 11, 25), "2026-11-25"),
        (datetime.fromisoformat("2026-11-25T09:30"), "2026-11-25 09:30:00"),
        (time(9, 30), "09:30:00"),
        ("two\nlines", "two\nlines"),
        ("two_x000D_\nlines", "two\nlines"),
    ],
)
def test_every_cell_is_text(value: object, shown: str) -> None:
    assert read(xlsx_bytes([["name", "city"], [value, "x"]])) == [["name", "city"], [shown, "x"]]


def test_a_formula_is_its_last_value() -> None:
    calculated = with_part(FORMULAS, SHEET, old=b"<f>1+1</f><v></v>", new=b"<f>1+1</f><v>2</v>")
    assert read(calculated) == [["name"], ["2"]]
    assert (
        opened(calculated).kind.in_language(Language.EN)
        == "Excel workbook, formulas by the values last saved with them"
    )


def test_a_formula_never_calculated_is_text_and_is_not_calculated_here() -> None:
    assert read(FORMULAS) == [["name"], ["=1+1"]]


def test_a_formula_that_gives_nothing_is_nothing() -> None:
    blank = with_part(FORMULAS, SHEET, old=b'<c r="A2"><f>1+1</f><v></v>', new=b'<c r="A2" t="str"><f>1+1</f><v></v>')
    assert read(blank) == [["name"], [""]]


def test_a_formula_of_several_cells_never_calculated_is_text_too() -> None:
    many = with_part(FORMULAS, SHEET, old=b"<f>1+1</f>", new=b'<f t="array" ref="A2">1+1</f>')
    assert read(many) == [["name"], ["=1+1"]]


def test_text_that_begins_like_a_formula_is_text() -> None:
    text = with_part(
        FORMULAS, SHEET, old=b'<c r="A2"><f>1+1</f><v></v>', new=b'<c r="A2" t="inlineStr"><is><t>=1+1</t></is>'
    )
    assert read(text) == [["name"], ["=1+1"]]


def test_the_first_visible_sheet_is_read_and_the_others_are_said() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([["hidden"]], [["name"], ["Zoé"]], [["other"]])))
    book.worksheets[0].sheet_state = "hidden"
    held = io.BytesIO()
    book.save(held)
    assert read(held.getvalue()) == [["name"], ["Zoé"]]
    said = opened(held.getvalue()).kind
    assert said.in_language(Language.EN) == "Excel workbook, the first of 3 sheets"
    assert said.in_language(Language.FR) == "classeur Excel, la première de 3 feuilles"


def test_empty_rows_between_keep_the_numbers_of_the_rows() -> None:
    gapped = with_part(xlsx_bytes([["name"], ["Zoé"]]), SHEET, old=b'<row r="2">', new=b'<row r="4">')
    gapped = with_part(gapped, SHEET, old=b'"A2"', new=b'"A4"')
    assert [row for row in read(gapped) if any(row)] == [["name"], ["Zoé"]]
    assert read(gapped)[3] == ["Zoé"]


def test_a_size_that_the_file_lies_about_is_not_believed() -> None:
    lying = with_part(xlsx_bytes([["name"], ["Zoé"]]), SHEET, old=b'ref="A1:A2"', new=b'ref="A1:XFD1048576"')
    assert read(lying) == [["name"], ["Zoé"]]


def test_what_the_library_would_warn_of_is_said_to_nobody() -> None:
    odd = with_part(xlsx_bytes([["name"], [date(2026, 11, 25)]]), SHEET, old=b"<v>46351</v>", new=b"<v>99999999999</v>")
    assert read(odd) == [["name"], ["#VALUE!"]]


def test_texts_in_a_table_of_their_own_are_read() -> None:
    assert read(SHARED) == [["name"], ["Zoé"]]


def test_a_name_says_nothing_the_content_does() -> None:
    assert opened(csv_bytes([["name"], ["Zoé"]])).separator == ","
    assert opened(xlsx_bytes([["name"]])).kind.in_language(Language.FR) == "classeur Excel"


BROKEN = {
    "cut off": WHOLE[: len(WHOLE) // 2],
    "another zip": zip_bytes({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
    "old or locked": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
    "broken XML": with_part(WHOLE, SHEET, old=b"</sheetData>", new=b""),
    "a text that is not there": with_part(SHARED, SHEET, old=b"<v>1</v>", new=b"<v>99</v>"),
    "no visible sheet": with_part(WHOLE, "xl/workbook.xml", old=b'state="visible"', new=b'state="veryHidden"'),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_workbook_that_is_none_is_refused_with_advice(content: bytes) -> None:
    with pytest.raises(SheetRefused, match=r"save it again .* without a password"):
        read(content)


BOMBS = {
    "much of nothing": zip_bytes({SHEET: bytes(MAX_BYTES + 1)}),
    "many small parts": zip_bytes({f"xl/{number}.xml": bytes(MAX_BYTES // 8) for number in range(9)}),
    "a crowd of rows": zip_bytes({SHEET: b'<row a="" b=""/>' * (COMMAND_LIMITS.tags // 3 + 1)}),
    "a row of many cells": with_part(WHOLE, SHEET, old=b"</row>", new=b"<c/>" * COMMAND_LIMITS.tags_of_row + b"</row>"),
    "a row of many attributes": with_part(
        WHOLE, SHEET, old=b"<row ", new=b"<row " + b'a="" ' * COMMAND_LIMITS.tags_of_row
    ),
    "a text of many pieces": with_shared_texts(WHOLE, "<r/>" * COMMAND_LIMITS.tags_of_row),
    "many styles": with_part(WHOLE, "xl/styles.xml", old=b"</styleSheet>", new=b"<x/>" * COMMAND_LIMITS.tags_at_once),
    "much after the rows": with_part(WHOLE, SHEET, old=b"</worksheet>", new=b"<x/>" * COMMAND_LIMITS.tags_at_once),
}


@pytest.mark.parametrize("content", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_before_it_is_unpacked(content: bytes) -> None:
    with pytest.raises(SheetRefused, match="too large"):
        opened(content)


def test_a_sheet_of_many_rows_and_links_is_read() -> None:
    links = b"".join(b'<hyperlink ref="A%d" r:id="rId%d"/>' % (row, row) for row in range(60_000))
    space = b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    linked = with_part(
        WHOLE, SHEET, old=b"</sheetData>", new=b"</sheetData><hyperlinks" + space + b">" + links + b"</hyperlinks>"
    )
    assert read(linked) == [["name"], ["Zoé"]]
    assert len(read(xlsx_bytes([["name", "city"]] * 3_000))) == 3_000


def test_entities_that_multiply_do_not() -> None:
    ten = b"".join(b'<!ENTITY e%d "%s">' % (level, b"&e%d;" % (level - 1) * 10) for level in range(1, 10))
    entities = b'<!DOCTYPE x [<!ENTITY e0 "' + b"ha" * 1_000 + b'">'
    bomb = with_part(SHARED, SHEET, old=b"<worksheet", new=entities + ten + b"]><worksheet")
    bomb = with_part(bomb, SHEET, old=b"<v>1</v>", new=b"<v>&e9;</v>")
    with pytest.raises(SheetRefused, match="cannot be read"):
        read(bomb)


def test_a_file_from_elsewhere_is_not_opened() -> None:
    table = "xl/sharedStrings.xml"
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><sst'
    with pytest.raises(SheetRefused, match="cannot be read"):
        read(with_part(with_part(SHARED, table, old=b"<sst", new=entity), table, old="Zoé".encode(), new=b"&e;"))


def test_nothing_and_too_much_are_refused() -> None:
    with pytest.raises(SheetRefused, match="empty"):
        opened(b"")
    with pytest.raises(SheetRefused, match="too large"):
        opened(bytes(MAX_BYTES + 1))


def noted(rows: list[list[object]]) -> list[tuple[int, list[str]]]:
    """What is noted of each row, in English."""
    people = read_people(io.BytesIO(xlsx_bytes(rows)), the_template())
    return [(row.number, [note.in_language(Language.EN) for note in row.notes]) for row in people.rows()]


def test_a_formula_never_calculated_and_a_moment_are_noted_by_their_column_and_row() -> None:
    header: list[object] = ["Prénom", "Nom", "Ville", "Province", "riding", "reason", "elsewhere"]
    assert noted(
        [
            header,
            ["Zoé", "Roy", '=CONCATENATE("Mont","réal")', "QC", "24053", None, "=1+1"],
            ["Zoé", "Roy", "Ottawa", "ON", "35079", date(2026, 11, 25), date(2026, 11, 25)],
            ["Zoé", time(9, 30), "Ottawa", "ON", "35079", "2026-11-25", None],
            ["Zoé", "Roy", "Ottawa", "ON", "35079", timedelta(days=1), None],
        ]
    ) == [
        (2, [NOTES[Uncalculated].with_params(column="Ville").in_language(Language.EN)]),
        (3, [NOTES[DateCell].with_params(column="reason").in_language(Language.EN)]),
        (4, [NOTES[DateCell].with_params(column="Nom").in_language(Language.EN)]),
        (5, [NOTES[DateCell].with_params(column="reason").in_language(Language.EN)]),
    ]


def test_a_date_that_a_letter_asks_for_is_taken_from_the_cell_and_not_noted() -> None:
    template = campaign_with_field(FieldKind.DATE).template(LETTER)
    book = xlsx_bytes([[*HEADER, "closed_on"], [*a_row(), date(2026, 11, 28)], [*a_row(), "2026-11-28"]])
    merge = Merge(template, the_addressees(), today=TODAY, language=Language.EN)
    for made in merge.letters(read_people(io.BytesIO(book), template)):
        assert isinstance(made, MergedLetter)
        assert made.letter.paragraphs[-1].text == "November 28, 2026"
        assert made.notes == ()


def test_what_is_noted_of_a_row_is_noted_of_its_letter() -> None:
    book = xlsx_bytes([HEADER, a_row(city="=1+1"), a_row()])
    merge = Merge(the_template(), the_addressees(), today=TODAY, language=None)
    first, second = merge.letters(read_people(io.BytesIO(book), the_template(), SITE_LIMITS))
    assert isinstance(first, MergedLetter)
    assert isinstance(second, MergedLetter)
    assert first.notes == (NOTES[Uncalculated].with_params(column="city"),)
    assert second.notes == ()
