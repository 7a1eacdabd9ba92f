"""The letters of a merge as one file, and the rows left out as another: no more is in memory than one part."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import IO

from advocacy.exports.export_files import write_zip
from advocacy.exports.format import CannotExport, ExportOptions, Format, join_letters, office_name
from advocacy.exports.merge.row_letters import Merge, MergedLetter, MergeSummary, RejectedRow, is_unusual
from advocacy.exports.merge.sheet_rows import PeopleSheet
from advocacy.language import Language
from advocacy.letters.letter import Letter, Sender
from advocacy.messages import message
from advocacy.sheets import CellError, escape_formula

ROW_DIGITS = 5
ZIP = "application/zip"
LETTERS_PER_PDF = 180
"""How many letters one PDF holds at most; Typst keeps half a megabyte for each meanwhile."""
MAX_BATCH = 250
"""Letters tried together: one that holds nothing wrong takes as long alone as some dozens with others."""
REJECTED_FILE = "rejected.csv"
REJECTED_TITLES = (message("row"), message("column"), message("reason"))

# What a format says of it names the characters it lacks, which were typed.
NO_FONT_FOR_CELL = message(
    "This cell contains a character that our fonts cannot show; replace it, or make this letter as "
    "docx, txt or html, which keep it."
)
NO_FONT_FOR_LETTER = message(
    "This letter contains a character that our fonts cannot show; make it as docx, txt or html, which keep it."
)


@dataclass(frozen=True, slots=True)
class MergeOutput:
    """How letters are written: their format and options, several in one file where `joins`; `name` begins its name."""

    form: Format
    options: ExportOptions
    joins: bool
    name: str


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """What kind of file was written: its ending and its media type."""

    ending: str
    media_type: str


def letter_name(merged: MergedLetter, form: Format) -> str:
    """Return the name of one letter's file, by its row and office: "00002 - Ottawa Centre.txt"."""
    return f"{merged.row:0{ROW_DIGITS}} - {office_name(merged.letter)}.{form.name}"


def write_letters(
    merge: Merge,
    people: PeopleSheet,
    output: MergeOutput,
    *,
    language: Language,
    into: IO[bytes],
    progress: Callable[[int], None],
) -> tuple[WrittenFile | None, MergeSummary]:
    """Write every letter into `into`: as one file, or as a zip of several; return None when no row gives one.

    Rows left out are named, with the reasons in `language`, in a file of the zip, which is made for that alone too.
    `progress` is called with how many rows were read. Raises CannotExport.
    """
    summary = MergeSummary()

    def counted() -> Iterator[tuple[str, bytes]]:
        for file in output_files(
            merge.letters(people, with_notes=False), people, output, language=language, summary=summary
        ):
            progress(summary.rows)
            yield file

    files = counted()
    first = next(files, None)
    if first is None or not summary.letters:
        return None, summary
    second = next(files, None)
    if output.joins and second is None:
        into.write(first[1])
        return WrittenFile(output.form.name, output.form.media_type), summary
    write_zip(into, chain([first], [second] if second else [], files), day=output.options.today)
    return WrittenFile("zip", ZIP), summary


def output_files(
    merged: Iterable[MergedLetter | RejectedRow],
    people: PeopleSheet,
    output: MergeOutput,
    *,
    language: Language,
    summary: MergeSummary,
) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each file of letters, then of rows left out with the reasons in `language`.

    What was read is counted in `summary`. Raises CannotExport.
    """
    letters = (row for row in summary.count(merged) if isinstance(row, MergedLetter))
    if output.joins:
        yield from _joined_files(letters, output, several=len(people.rows) > LETTERS_PER_PDF, summary=summary)
    else:
        yield from _letter_files(letters, output, summary=summary)
    if summary.rejected:
        yield REJECTED_FILE, rejected_file(summary.rejected, people.sheet.separator, language)


def _joined_files(
    merged: Iterator[MergedLetter], output: MergeOutput, *, several: bool, summary: MergeSummary
) -> Iterator[tuple[str, bytes]]:
    """Yield files of several letters each, numbered where there are `several`."""
    number = 0
    while part := list(islice(merged, LETTERS_PER_PDF)):
        file = join_letters(output.form, [one.letter for one in part], output.options)
        for place in file.left_out:
            summary.reject_late(part[place], format_errors(part[place], output.form, output.options))
        if file.content is not None:
            number += 1
            which = f"-{number:02}" if several else ""
            yield f"{output.name}{which}.{output.form.name}", file.content


def _letter_files(
    merged: Iterator[MergedLetter], output: MergeOutput, *, summary: MergeSummary
) -> Iterator[tuple[str, bytes]]:
    for one in merged:
        try:
            content = output.form.render([one.letter], output.options)
        except CannotExport:
            summary.reject_late(one, format_errors(one, output.form, output.options))
        else:
            yield letter_name(one, output.form), content


def format_errors(merged: MergedLetter, form: Format, options: ExportOptions) -> tuple[CellError, ...]:
    """Return why a letter cannot take a format: an error for each cell that prevents it, never what it holds."""
    # A letter that holds one cell and nothing else that was typed shows whether it is that cell.
    cells = merged.unusual_cells.items()
    alone = ((column, Sender(cell, "", "", "", "", "")) for column, cell in cells)
    bare = replace(merged.letter, paragraphs=())
    columns = [column for column, sender in alone if not form.can_show(replace(bare, sender=sender), options)]
    errors = tuple(CellError(merged.row, column, NO_FONT_FOR_CELL) for column in columns)
    return errors or (CellError(merged.row, "", NO_FONT_FOR_LETTER),)


def reject_unprintable(
    merged: Iterable[MergedLetter | RejectedRow], form: Format, *, options: ExportOptions, summary: MergeSummary
) -> Iterator[MergedLetter | RejectedRow]:
    """Pass counted letters on and render those few that a format may not show; reject in the summary those it cannot.

    Nothing else is rendered. Formats that hold one letter a file set no type: nothing is lacking to them.
    """
    doubtful: list[MergedLetter] = []

    def reject() -> None:
        if doubtful and form.joins:
            for place in join_letters(form, [one.letter for one in doubtful], options).left_out:
                summary.reject_late(doubtful[place], format_errors(doubtful[place], form, options))

    for one in merged:
        if isinstance(one, MergedLetter) and is_unusual(_texts(one.letter)):
            doubtful.append(one)
        if len(doubtful) == MAX_BATCH:
            reject()
            doubtful = []
        yield one
    reject()


def _texts(letter: Letter) -> Iterator[str]:
    yield from (letter.date_line, *letter.recipient_block, letter.subject, letter.appel)
    yield from (paragraph.text for paragraph in letter.paragraphs)
    yield from (letter.closing, letter.sender.name, *letter.sender_lines, letter.source_note)


def rejected_file(rejected: Iterable[RejectedRow], separator: str, language: Language) -> bytes:
    """Return the rows left out as a CSV file: a line for each error, in `language`, and nothing that anyone typed.

    Its separator is the sheet's, so that the program that saved the one opens the other.
    """
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=separator)
    lines.writerow([title.in_language(language) for title in REJECTED_TITLES])
    for one in rejected:
        for error in one.errors:
            lines.writerow(map(escape_formula, (str(error.row), error.column, error.message.in_language(language))))
    return text.getvalue().encode("utf-8-sig")
