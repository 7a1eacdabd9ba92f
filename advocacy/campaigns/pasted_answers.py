"""A table of answers and their shares, pasted from a spreadsheet or read from a CSV file."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from advocacy.findings import parse_share
from advocacy.language import SIDE_BY_SIDE, Language, fold
from advocacy.messages import Message, message

MAX_ROWS, MAX_CELL = 200, 4000
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "question": ("question",),
        "answer": ("answer", "reponse", "option", "choice", "choix"),
        "share": ("share", "part", "percent", "percentage", "pourcentage", "pct", "%"),
        "count": ("count", "nombre", "n", "effectif"),
    }
)
WITHOUT_HEADER = SIDE_BY_SIDE[:2]
"""The languages of two texts in a line, where no first line names the columns."""
NOTHING: Mapping[Language, str] = MappingProxyType({})
_SHARE = re.compile(r"[0-9]{1,3}(?:[.,][0-9])?")
_COUNT = re.compile(r"[0-9]{1,9}")
_GAPS = re.compile(r"[\s\u00a0\u202f]+")
_DECIMAL_SPLIT = re.compile(r"[0-9](?:\s?%)?")
"""What follows the comma of "61,5 %" where commas part the cells too."""


@dataclass(frozen=True, slots=True)
class PastedAnswer:
    """One line of the table; the texts are by language, "" and empty where the table has none."""

    answer: Mapping[Language, str]
    share: Decimal
    count: int | None = None
    question: Mapping[Language, str] = field(default_factory=dict)


@dataclass(slots=True)
class PastedTable:
    """What was read of a table, and what is wrong with its lines, counted from 1."""

    answers: list[PastedAnswer] = field(default_factory=list)
    errors: list[tuple[int, Message]] = field(default_factory=list)


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


def read_table(text: str, language: Language) -> PastedTable:
    """Read a table whose cells are parted by tabs, semicolons or commas.

    With a heading, columns are found by their names ("question", "answer", "share", "count" or their French, with
    "en" or "fr" after them). Without one, a line is an answer in `language`, or in French and English, and its share.
    """
    delimiter = next((one for one in "\t;" if one in text), ",")
    table = PastedTable()
    columns: dict[tuple[str, Language | None], int] | None = None
    question: Mapping[Language, str] = NOTHING
    # Lines are parted before: a stray quotation mark spoils its own line alone.
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
        if not any(cells):
            continue
        if columns is None:
            columns = _header(cells)
            if columns:
                continue
        if len(table.answers) >= MAX_ROWS:
            table.errors.append((number, message("This table has too many lines: paste it in parts.")))
            break
        try:
            answer = (
                _parse_with_header(cells, columns, language)
                if columns
                else _parse_without_header(cells, delimiter, language)
            )
        except _InvalidLine as invalid:
            table.errors.append((number, invalid.message))
            continue
        question = answer.question or question  # a question is beside the first of its answers only
        table.answers.append(PastedAnswer(answer.answer, answer.share, answer.count, question))
    return table


class _InvalidLine(ValueError):
    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.msgid)


@cache
def _language_names() -> Mapping[str, Language]:
    """Return the languages by what a column can call them: their codes, and their names in every language."""
    return {
        fold(name): language for language in Language for name in (language.value, *map(language.name_in, Language))
    }


def _header(cells: Sequence[str]) -> dict[tuple[str, Language | None], int]:
    """Find the columns by their names; none where the line is no heading."""
    found: dict[tuple[str, Language | None], int] = {}
    for place, cell in enumerate(cells):
        words = re.findall(r"[a-z]+|%", fold(cell.replace("_", " ")))
        name = next((name for name, titles in COLUMNS.items() if {*words} & {*titles}), "")
        if name:
            language = next((_language_names()[word] for word in words if word in _language_names()), None)
            found.setdefault((name, language), place)
    return found if {"answer", "share"} <= {name for name, _ in found} else {}


def _parse_with_header(
    cells: Sequence[str], columns: Mapping[tuple[str, Language | None], int], language: Language
) -> PastedAnswer:
    filled = {which: cells[place] for which, place in columns.items() if place < len(cells)}

    def texts(name: str) -> dict[Language, str]:
        return {(which or language): text for (column, which), text in filled.items() if column == name and text}

    return _answer(
        texts("answer"), filled.get(("share", None), ""), filled.get(("count", None), ""), question=texts("question")
    )


def _parse_without_header(cells: Sequence[str], delimiter: str, language: Language) -> PastedAnswer:
    cells = [cell for cell in cells if cell]
    if delimiter == "," and len(cells) > 2 and _DECIMAL_SPLIT.fullmatch(cells[-1]) and cells[-2].isdecimal():
        cells = [*cells[:-2], f"{cells[-2]},{cells[-1]}"]
    numbers = [cell for cell in cells if _is_number(cell)]
    texts = [cell for cell in cells if not _is_number(cell)]
    if not 1 <= len(texts) <= 2 or not 1 <= len(numbers) <= 2:
        raise _InvalidLine(message("Write an answer and its share on this line, or name the columns in a first line."))
    numbers.sort(key=lambda cell: "%" not in cell)  # the share first, where its sign distinguishes it from the count
    names = (language,) if len(texts) == 1 else WITHOUT_HEADER
    return _answer(dict(zip(names, texts, strict=True)), numbers[0], numbers[1] if len(numbers) > 1 else "")


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[0-9.,\s\u00a0\u202f]+%?", cell) is not None


def _answer(
    answer: Mapping[Language, str], percent: str, count: str, *, question: Mapping[Language, str] = NOTHING
) -> PastedAnswer:
    if not answer:
        raise _InvalidLine(message("The answer is missing on this line."))
    if any(len(text) > MAX_CELL for text in (*answer.values(), *question.values())):
        raise _InvalidLine(message("A text on this line is too long."))
    try:
        read = read_share(percent)
    except ValueError:
        raise _InvalidLine(message("“%(typed)s” is not a share from 0 to 100.", typed=percent[:40])) from None
    try:
        return PastedAnswer(answer, read, read_count(count) if count else None, question)
    except ValueError:
        raise _InvalidLine(message("“%(typed)s” is not a number of people.", typed=count[:40])) from None
