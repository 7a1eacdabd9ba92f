"""A table of answers and their shares, pasted from a spreadsheet or read from a CSV file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pydantic import ValidationInfo, field_validator

from advocacy.findings import parse_share
from advocacy.language import Language
from advocacy.messages import message
from advocacy.sheets import CellProblem, RowModel, SheetErrors, column, fold_title, read_rows

MAX_ROWS, MAX_CELL = 200, 4000
WITHOUT_TITLES = ("answer", "share", "count")
"""The columns of a table whose first line names none."""
_SHARE = re.compile(r"[0-9]{1,3}(?:[.,][0-9])?")
_COUNT = re.compile(r"[0-9]{1,9}")
_GAPS = re.compile(r"[\s\u00a0\u202f]+")


class AnswerRow(RowModel):
    """A line of the table; a text without a language is in that of the page."""

    required = (("answer", "answer_en", "answer_fr"), ("share",))

    question: str = column("Question", longest=MAX_CELL)
    question_en: str = column(
        "Question (en)", "Question en", "Question in English", "Question en anglais", longest=MAX_CELL
    )
    question_fr: str = column(
        "Question (fr)", "Question fr", "Question in French", "Question en français", longest=MAX_CELL
    )
    answer: str = column("Answer", "Réponse", "Option", "Choice", "Choix", longest=MAX_CELL)
    answer_en: str = column(
        "Answer (en)", "Réponse (en)", "Answer en", "Réponse en", "Réponse en anglais", longest=MAX_CELL
    )
    answer_fr: str = column(
        "Answer (fr)", "Réponse (fr)", "Answer fr", "Réponse fr", "Réponse en français", longest=MAX_CELL
    )
    share: Decimal = column("Share", "Part", "Percent", "Percentage", "Pourcentage", "Pct")
    count: int | None = column("Count", "Nombre", "N", "Effectif")

    @field_validator("answer_fr")
    @classmethod
    def _is_answered(cls, cell: str, info: ValidationInfo) -> str:
        if not (cell or info.data.get("answer") or info.data.get("answer_en")):
            raise CellProblem(message("The answer is missing on this line."))
        return cell

    @field_validator("share", mode="before")
    @classmethod
    def _share(cls, cell: str) -> Decimal:
        try:
            return read_share(cell)
        except ValueError:
            raise CellProblem(message("“%(typed)s” is not a share from 0 to 100.", typed=cell[:40])) from None

    @field_validator("count", mode="before")
    @classmethod
    def _count(cls, cell: str) -> int | None:
        try:
            return read_count(cell) if cell else None
        except ValueError:
            raise CellProblem(message("“%(typed)s” is not a number of people.", typed=cell[:40])) from None


@dataclass(frozen=True, slots=True)
class PastedAnswer:
    """One line of the table; the texts are by language, empty where the table has none."""

    answer: Mapping[Language, str]
    share: Decimal
    count: int | None = None
    question: Mapping[Language, str] = field(default_factory=dict)


def read_share(text: str) -> Decimal:
    """Read "61,5 %" or "61.5"; raise ValueError for what is no share from 0 to 100 with one decimal at most."""
    digits = _GAPS.sub("", text).removesuffix("%")
    if not _SHARE.fullmatch(digits):
        raise ValueError(text)
    return parse_share(float(digits.replace(",", ".")) if "." in digits or "," in digits else int(digits))


def read_count(text: str) -> int:
    """Read "1 204" or "1,204"; raise ValueError for what is no whole number of 1 or more."""
    digits = re.sub(r"[,.](?=[0-9]{3}(?:[^0-9]|$))", "", _GAPS.sub("", text))
    if not _COUNT.fullmatch(digits) or int(digits) < 1:
        raise ValueError(text)
    return int(digits)


def read_table(text: str, language: Language) -> Sequence[PastedAnswer]:
    """Read a table whose cells are parted by tabs, semicolons or commas; raise SheetErrors.

    Its first line may name the columns. Where it does not, a line is an answer in `language`, its share and, if there
    is one, its count.
    """
    first = text.lstrip().partition("\n")[0]
    separator = next((sign for sign in "\t;" if sign in first), ",")
    known = {fold_title(title) for about in AnswerRow.columns().values() for title in about["titles"]}
    has_titles = any(fold_title(cell) in known for cell in first.split(separator))
    titles = "" if has_titles else f"{separator.join(WITHOUT_TITLES)}\n"
    try:
        rows = read_rows(f"{titles}{text}".encode(), AnswerRow, max_rows=MAX_ROWS).models()
    except SheetErrors as refused:
        lines_before = titles.count("\n")
        raise SheetErrors(replace(error, row=max(1, error.row - lines_before)) for error in refused.errors) from None
    answers: list[PastedAnswer] = []
    for row in rows:
        question = _texts(row, "question", language) or (answers[-1].question if answers else {})
        answers.append(PastedAnswer(_texts(row, "answer", language), row.share, row.count, question))
    return answers


def _texts(row: AnswerRow, name: str, language: Language) -> Mapping[Language, str]:
    texts: dict[Language, str] = {each: getattr(row, f"{name}_{each.value}") for each in Language}
    texts[language] = texts[language] or getattr(row, name)
    return {each: text for each, text in texts.items() if text}
