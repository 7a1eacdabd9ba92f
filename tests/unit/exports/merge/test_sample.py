"""A sheet to begin with is text alone, whatever a letter's labels begin with, and its columns are known again."""

from io import BytesIO

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.exports.merge.sheet_rows import SAMPLE_KINDS, read_people, sample_sheet
from advocacy.language import Language
from tests.campaign_files import LETTER, campaign
from tests.unit.exports.merge.sheets import the_template

FIELD = r"""
[[field]]
key = "strange"
kind = "line"
label = { en = "=SUM(A1)\u0001", fr = "=SUM(A1)" }
required = true
"""


@pytest.mark.parametrize("kind", SAMPLE_KINDS)
def test_no_label_is_a_formula_and_no_sign_keeps_a_sheet_from_being_made(kind: str) -> None:
    files = dict(campaign().files)
    files[f"{LETTER}/letter.toml"] += FIELD.encode()
    letter = CampaignFolder.of("sample", files).template(LETTER)
    made = sample_sheet(kind, letter, Language.EN)
    assert "strange" in read_people(BytesIO(made), letter).columns.places
    if kind == "xlsx":
        cells = [cell for row in load_workbook(BytesIO(made)).active for cell in row if cell.value]
        assert {cell.data_type for cell in cells} == {"s"}
    else:
        assert b",=" not in made


@pytest.mark.parametrize(
    ("language", "relationship", "reason"),
    [
        (Language.EN, "Concerned citizen", "This matters to me and to my family."),
        (Language.FR, "Citoyenne ou citoyen", "Cette question compte pour moi et pour ma famille."),
    ],
)
def test_an_optional_answer_is_shown_in_the_first_row(language: Language, relationship: str, reason: str) -> None:
    made = read_people(BytesIO(sample_sheet("csv", the_template(), language)), the_template())
    first, second = made.rows()
    assert (first.cells["relationship"], first.cells["reason"]) == (relationship, reason)
    assert (second.cells["relationship"], second.cells["reason"]) == ("", "")
