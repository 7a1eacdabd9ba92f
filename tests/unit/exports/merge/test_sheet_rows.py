"""Each row that is not blank is one person, under the number its spreadsheet shows."""

import pytest

from advocacy.exports.merge.sheet_rows import (
    EMPTY_CELL,
    LINK,
    MISTYPED,
    SPREADSHEET_ERROR,
    SURPLUS,
    AnswerReader,
    PeopleSheet,
    read_people,
)
from advocacy.language import Language, read_language
from advocacy.letters.compose import Answers
from advocacy.sheets import CellError, SheetRefused
from tests.unit.exports.merge.sheets import HEADER, a_row, csv_bytes, the_template, xlsx_bytes

CELLS = {"name": "Camille Essai", "city": "Ottawa", "province": "Ontario", "postal_code": "k1a0a6"}


def read(**different: str) -> object:
    return AnswerReader(the_template()).read(CELLS | different, Language.FR)


@pytest.mark.parametrize(
    ("cell", "language"),
    [
        ("fr", Language.FR),
        ("FR", Language.FR),
        (" français ", Language.FR),
        ("French", Language.FR),
        ("fr-CA", Language.FR),
        ("en", Language.EN),
        ("English", Language.EN),
        ("Anglais (Canada)", Language.EN),
        ("de", None),
        ("frisian", None),
        ("", None),
    ],
)
def test_a_language_is_read_as_people_write_it(cell: str, language: Language | None) -> None:
    assert read_language(cell) is language


def test_a_choice_is_read_by_key_or_by_label_in_any_language() -> None:
    (field,) = (field for field in the_template().fields if field.key == "relationship")
    option = next(option for option in field.options if option.key == "parent")
    for cell in (option.key, *option.label.values(), option.label.in_language(Language.FR).upper()):
        answers = read(relationship=cell)
        assert isinstance(answers, Answers)
        assert answers.fields["relationship"] == "parent"


def test_every_refusal_comes_at_once() -> None:
    refused = read(name=" ", province="Texas", relationship="x")
    assert isinstance(refused, dict)
    assert list(refused) == ["name", "province", "relationship"]
    assert refused["name"] == EMPTY_CELL


def test_nothing_is_said_as_a_form_says_it_to_its_citizen() -> None:
    wrong = {"name": "x" * 81, "city": "", "province": "Texas", "postal_code": "K1", "email": "x", "reason": "a.b@c.ca"}
    refused = read(**wrong)
    assert isinstance(refused, dict)
    assert refused.keys() == wrong.keys()
    for language, yours in ((Language.EN, "your"), (Language.FR, "votre")):
        assert not [one for one in refused.values() if yours in one.in_language(language).lower()]


def test_a_postal_code_is_needed_unless_a_riding_or_a_legislator_is_named() -> None:
    refused = read(postal_code="")
    assert isinstance(refused, dict)
    assert list(refused) == ["postal_code"]
    assert isinstance(read(postal_code="", riding="Outremont"), Answers)
    assert isinstance(read(postal_code="", legislator="mp-1"), Answers)


def test_a_link_is_told_of_the_cell_and_not_to_the_citizen() -> None:
    assert read(reason="see www.example.com") == {"reason": LINK}


@pytest.mark.parametrize("typed", ["K1AOA6", "KlA 0A6"])
def test_a_postal_code_nearly_right_is_not_repeated(typed: str) -> None:
    assert read(postal_code=typed) == {"postal_code": MISTYPED}


def people(content: bytes) -> PeopleSheet:
    return read_people(content, the_template())


def test_cells_beyond_the_header_of_a_csv_file_have_moved_the_others() -> None:
    (row,) = people(csv_bytes([HEADER, (*a_row(), "", "a stray one")])).rows
    assert row.errors == (CellError(2, "", SURPLUS),)
    (blank,) = people(csv_bytes([HEADER, (*a_row(), "", " ")])).rows
    assert blank.errors == ()
    (note,) = people(xlsx_bytes([HEADER, (*a_row(), "", "a note")])).rows
    assert note.errors == ()


@pytest.mark.parametrize("error", ["#N/A", "#REF!", " #DIV/0! "])
def test_an_error_of_the_spreadsheet_is_no_answer(error: str) -> None:
    (row,) = people(csv_bytes([HEADER, a_row(city=error)])).rows
    assert row.errors == (CellError(2, "city", SPREADSHEET_ERROR),)


@pytest.mark.parametrize("content", [csv_bytes([HEADER]), csv_bytes([HEADER, (), ("", "")]), xlsx_bytes([HEADER])])
def test_a_sheet_of_titles_alone_is_refused_and_not_called_empty(content: bytes) -> None:
    with pytest.raises(SheetRefused, match="no row below its titles"):
        people(content)
