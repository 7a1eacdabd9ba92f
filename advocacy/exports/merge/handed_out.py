"""All letters of a merge as one file, written as it is made: no more of it is in memory than one part."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from advocacy.exports.format import CannotExport, ExportOptions, Format, join_letters, office_name
from advocacy.exports.merge.merging import Merge, Merged, Rejection
from advocacy.exports.merge.rejected import rejected_file
from advocacy.exports.merge.rows import People
from advocacy.exports.merge.tally import Tally
from advocacy.exports.merge.unshown import unshown
from advocacy.exports.zip_files import Stream, write_zip
from advocacy.language import Language

WIDTH_OF_ROW = 5
REJECTED = "rejected.csv"
ZIP = "application/zip"
PART = 180
"""How many letters one PDF holds at most, as the command's parts do; Typst keeps half a megabyte for each meanwhile."""


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What kind of file was written: its ending and its media type."""

    ending: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Paper:
    """How letters are written: their format and options, several in one file where `joins`; `name` begins its name."""

    form: Format
    options: ExportOptions
    joins: bool
    name: str


def letter_name(merged: Merged, form: Format) -> str:
    """Name one letter's file, by its row and office: "00002 - Ottawa Centre.txt"."""
    return f"{merged.row:0{WIDTH_OF_ROW}} - {office_name(merged.letter)}.{form.name}"


def hand_out(
    merge: Merge, people: People, paper: Paper, *, spoken: Language, into: Stream, done: Callable[[int], None]
) -> tuple[HandedOut | None, Tally]:
    """Make every letter and write them into `into`: as one file, or as a zip of several; None when no row gives one.

    Rows left out are named, with the reasons in `spoken`, in a file of the zip, which is made for that alone too.
    `done` is given how many rows were read. Raises CannotExport and SheetRefused.
    """
    tally = Tally()
    parts = -(-sum(1 for _row in people.rows()) // PART)
    letters = tally.counted(merge.letters(people, noted=False))
    make = (
        _joined(letters, paper, several=parts > 1, tally=tally) if paper.joins else _each(letters, paper, tally=tally)
    )
    files = _counting(make, tally, done)
    first = next(files, None)
    if first is None:
        return None, tally
    if paper.joins and parts == 1 and not tally.rejections:
        into.write(first[1])
        return HandedOut(paper.form.name, paper.form.media_type), tally
    write_zip(into, chain([first], files, _rejected(tally, people, spoken)), day=paper.options.today)
    return HandedOut("zip", ZIP), tally


def _counting(
    files: Iterator[tuple[str, bytes]], tally: Tally, done: Callable[[int], None]
) -> Iterator[tuple[str, bytes]]:
    for one in files:
        done(tally.rows)
        yield one


def _joined(
    made: Iterator[Merged | Rejection], paper: Paper, *, several: bool, tally: Tally
) -> Iterator[tuple[str, bytes]]:
    """Return the files of several letters each, numbered where there are `several`."""
    letters = (one for one in made if isinstance(one, Merged))
    number = 0
    while part := list(islice(letters, PART)):
        file = join_letters(paper.form, [one.letter for one in part], paper.options)
        for place in file.left_out:
            tally.reject_late(part[place], unshown(part[place], paper.form, paper.options))
        if file.content is not None:
            number += 1
            which = f"-{number:02}" if several else ""
            yield f"{paper.name}{which}.{paper.form.name}", file.content


def _each(made: Iterator[Merged | Rejection], paper: Paper, *, tally: Tally) -> Iterator[tuple[str, bytes]]:
    for one in made:
        if not isinstance(one, Merged):
            continue
        try:
            content = paper.form.render([one.letter], paper.options)
        except CannotExport:
            tally.reject_late(one, unshown(one, paper.form, paper.options))
        else:
            yield letter_name(one, paper.form), content


def _rejected(tally: Tally, people: People, spoken: Language) -> Iterator[tuple[str, bytes]]:
    """Return the file that names the rows left out, once all others are made."""
    if tally.rejections:
        yield REJECTED, rejected_file(tally.rejections, people.sheet, spoken)
