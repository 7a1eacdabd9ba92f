"""A sheet to begin with is text alone, whatever a letter's labels begin with, and its columns are known again."""

from io import BytesIO

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]

from advocacy.campaigns.folder import CampaignFolder
from advocacy.exports.merge import SAMPLES, read_people
from advocacy.language import Language
from tests.campaign_files import LETTER, campaign

FIELD = r"""
[[field]]
key = "strange"
kind = "line"
label = { en = "=SUM(A1)\u0001", fr = "=SUM(A1)" }
required = true
"""


@pytest.mark.parametrize("kind", SAMPLES)
def test_no_label_is_a_formula_and_no_sign_keeps_a_sheet_from_being_made(kind: str) -> None:
    files = dict(campaign().files)
    files[f"{LETTER}/letter.toml"] += FIELD.encode()
    letter = CampaignFolder.of("sample", files).template(LETTER)
    made = SAMPLES[kind](letter, Language.EN)
    assert "strange" in read_people(BytesIO(made), letter).columns.places
    if kind == "xlsx":
        cells = [cell for row in load_workbook(BytesIO(made)).active for cell in row if cell.value]
        assert {cell.data_type for cell in cells} == {"s"}
    else:
        assert b",=" not in made
