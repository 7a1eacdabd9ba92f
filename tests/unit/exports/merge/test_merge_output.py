"""The file of rows left out opens where the sheet does, holds no cell, and no cell of it is a formula."""

import csv
import io

import pytest

from advocacy.campaigns.fields import citizen_fields
from advocacy.exports.merge.merge_output import is_rejected_file, rejected_file
from advocacy.exports.merge.row_letters import RejectedRow
from advocacy.exports.merge.sheet_rows import CellError
from advocacy.exports.merge.sheets import CsvSheet, escape_formula
from advocacy.exports.merge.workbook import Workbook
from advocacy.language import Language
from advocacy.letters.forms import NOT_A_PROVINCE, missing

NAME_MISSING = missing(citizen_fields()[0])
REJECTIONS = [
    RejectedRow(3, (CellError("Votre nom", NAME_MISSING), CellError("-Province", NOT_A_PROVINCE))),
    RejectedRow(12, (CellError("", NAME_MISSING),)),
]
COMMAS = CsvSheet(io.BytesIO(), "utf-8", ",")


def test_each_fault_is_a_line_with_row_column_and_reason() -> None:
    lines = csv.reader(io.StringIO(rejected_file(REJECTIONS, COMMAS, Language.FR).decode(), newline=""))
    assert list(lines) == [
        ["ligne", "colonne", "motif"],
        ["3", "Votre nom", "Indiquez votre nom."],
        ["3", "'-Province", "Indiquez une province ou un territoire, par exemple QC ou Québec."],
        ["12", "", "Indiquez votre nom."],
    ]


def test_it_is_encoded_and_parted_as_the_sheet_is() -> None:
    western = rejected_file(REJECTIONS, CsvSheet(io.BytesIO(), "cp1252", ";"), Language.FR)
    assert b"3;Votre nom;Indiquez" in western
    assert "Québec" in western.decode("cp1252")
    assert rejected_file(REJECTIONS, Workbook(io.BytesIO(), 1, formulas=False), Language.EN).startswith(
        b"\xef\xbb\xbfrow,column"
    )


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_cell_that_would_be_a_formula_is_text(sign: str) -> None:
    assert escape_formula(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("cell", ["", "a=1", "’=", "3", "«\u00a0=\u00a0»"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert escape_formula(cell) == cell


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("language", Language)
def test_such_a_file_is_known_again(language: Language, encoding: str, separator: str) -> None:
    made = rejected_file(REJECTIONS, CsvSheet(io.BytesIO(), encoding, separator), language)
    assert is_rejected_file(io.BytesIO(made))
    assert is_rejected_file(io.BytesIO(made.replace(b"\r\n", b"\n")))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"row",
        b"row,column",
        b"row,column,reason,name\r\n",
        b"\r\nrow,column,reason\r\n",
        b"name\nrow,column,reason",
    ],
)
def test_any_other_file_is_not(content: bytes) -> None:
    assert not is_rejected_file(io.BytesIO(content))
