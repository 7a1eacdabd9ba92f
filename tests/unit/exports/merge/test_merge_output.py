"""The file of rows left out opens where the sheet does, holds no cell, and no cell of it is a formula."""

import csv
import io

from advocacy.campaigns.fields import citizen_fields
from advocacy.exports.merge.merge_output import rejected_file
from advocacy.exports.merge.row_letters import RejectedRow
from advocacy.language import Language
from advocacy.letters.forms import NOT_A_PROVINCE, missing
from advocacy.sheets import CellError

NAME_MISSING = missing(citizen_fields()[0])
REJECTIONS = [
    RejectedRow(3, (CellError(3, "Votre nom", NAME_MISSING), CellError(3, "-Province", NOT_A_PROVINCE))),
    RejectedRow(12, (CellError(12, "", NAME_MISSING),)),
]


def test_each_fault_is_a_line_with_row_column_and_reason() -> None:
    lines = csv.reader(io.StringIO(rejected_file(REJECTIONS, ",", Language.FR).decode("utf-8-sig"), newline=""))
    assert list(lines) == [
        ["ligne", "colonne", "motif"],
        ["3", "Votre nom", "Indiquez votre nom."],
        ["3", "'-Province", "Indiquez une province ou un territoire, par exemple QC ou Québec."],
        ["12", "", "Indiquez votre nom."],
    ]
