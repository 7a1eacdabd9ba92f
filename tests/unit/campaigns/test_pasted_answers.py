"""A pasted table is read as people have it, and what cannot be read is said by line."""

from decimal import Decimal

import pytest

from advocacy.campaigns.pasted_answers import MAX_ROWS, PastedAnswer, read_count, read_share, read_table
from advocacy.language import Language
from advocacy.sheets import SheetErrors

EN, FR = Language.EN, Language.FR


def errors(text: str) -> list[tuple[int, str]]:
    with pytest.raises(SheetErrors) as refused:
        read_table(text, EN)
    return [(error.row, error.message.in_language(EN)) for error in refused.value.errors]


@pytest.mark.parametrize(
    ("typed", "share"), [("95", "95"), ("61,5 %", "61.5"), ("61.5\u00a0%", "61.5"), ("0%", "0"), ("100", "100")]
)
def test_a_share_is_read_as_either_language_writes_it(typed: str, share: str) -> None:
    assert read_share(typed) == Decimal(share)


@pytest.mark.parametrize("typed", ["", "-1", "101", "100,1", "61.55", "9٥", "ninety", "1e1", "%"])
def test_what_is_no_share_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_share(typed)


def test_a_number_of_people_is_read_with_its_thousands() -> None:
    assert {read_count(typed) for typed in ("1204", "1,204", "1 204", "1\u202f204")} == {1204}
    for typed in ("0", "1.5", "some"):
        with pytest.raises(ValueError, match=r".*"):
            read_count(typed)


@pytest.mark.parametrize(
    "text",
    [
        "Filters\t61,5 %\t740\nWindows\t48%\t",
        "Filters;61,5;740\n\nWindows;48\n",
        'Filters,61.5%,740\r\n"Windows",48',
        "count,answer,share\n740,Filters,61.5%\n,Windows,48 %",
    ],
)
def test_an_answer_and_its_share_stand_on_a_line(text: str) -> None:
    assert read_table(text, EN) == [
        PastedAnswer({EN: "Filters"}, Decimal("61.5"), 740),
        PastedAnswer({EN: "Windows"}, Decimal(48)),
    ]


def test_a_heading_names_the_columns_and_a_question_goes_on() -> None:
    text = (
        "Question (en);Réponse fr;answer_en;Part;n\n"
        "What first?;Filtres;Filters;60;12\n;Fenêtres;Windows;39;\nAnd then?;Rien;Nothing;100;"
    )
    rows = read_table(text, EN)
    assert [row.question for row in rows] == [{EN: "What first?"}, {EN: "What first?"}, {EN: "And then?"}]
    assert [(row.answer[FR], row.answer[EN], row.share, row.count) for row in rows] == [
        ("Filtres", "Filters", Decimal(60), 12),
        ("Fenêtres", "Windows", Decimal(39), None),
        ("Rien", "Nothing", Decimal(100), None),
    ]


def test_what_is_wrong_is_told_by_its_line() -> None:
    assert errors("answer;share\nFilters;60\nWindows;x\n;12\nPaint;30\nNotes") == [
        (3, "“x” is not a share from 0 to 100."),
        (4, "The answer is missing on this line."),
        (6, "“” is not a share from 0 to 100."),
    ]
    assert [row for row, _said in errors("Filters\t60\nonly words\na\t2\t3\t5")] == [2, 3]
    assert [row for row, _said in errors('"Filters\t60')] == [1]


def test_a_table_with_too_many_lines_is_refused() -> None:
    assert errors("a\t1\n" * (MAX_ROWS + 50)) == [(MAX_ROWS + 1, "A sheet can have 200 rows at most.")]
