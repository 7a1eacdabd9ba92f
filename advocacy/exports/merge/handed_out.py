"""All letters of a merge at once, as one file in memory: what a page hands out, and the command lays into a folder."""

from collections.abc import Sequence
from dataclasses import dataclass

from advocacy.exports.archive import zipped
from advocacy.exports.form import CannotBeMade, Form, Wishes
from advocacy.exports.joining import joined
from advocacy.exports.merge.merging import Merge, Merged
from advocacy.exports.merge.rejected import rejected_file
from advocacy.exports.merge.rows import People
from advocacy.exports.merge.tally import Tally
from advocacy.exports.merge.unshown import unshown
from advocacy.exports.names import office_name
from advocacy.language import Language

WIDTH_OF_ROW = 5
REJECTED = "rejected.csv"
ZIP = "application/zip"


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A file: its ending, its kind and its bytes."""

    ending: str
    media_type: str
    content: bytes


def letter_name(merged: Merged, form: Form) -> str:
    """Name one letter's file, by its row and office: "00002 - Ottawa Centre.txt"."""
    return f"{merged.row:0{WIDTH_OF_ROW}} - {office_name(merged.letter)}.{form.name}"


def hand_out(
    merge: Merge, people: People, form: Form, *, wishes: Wishes, joins: bool, name: str, spoken: Language
) -> tuple[HandedOut | None, Tally]:
    """Make every letter: joined into one file where `joins`, else a file each in a zip; None when no row gives one.

    Rows left out are named, with the reasons in `spoken`, in a file of the zip, which is made for that alone too.
    Raises CannotBeMade and SheetRefused.
    """
    tally = Tally()
    letters = [one for one in tally.counted(merge.letters(people)) if isinstance(one, Merged)]
    files = (
        _joined(letters, form, wishes, tally=tally, name=name) if joins else _each(letters, form, wishes, tally=tally)
    )
    if not files:
        return None, tally
    if joins and not tally.rejections:
        return HandedOut(form.name, form.media_type, files[0][1]), tally
    if tally.rejections:
        files.append((REJECTED, rejected_file(tally.rejections, people.sheet, spoken)))
    return HandedOut("zip", ZIP, zipped(files, day=wishes.today)), tally


def _joined(
    letters: Sequence[Merged], form: Form, wishes: Wishes, *, tally: Tally, name: str
) -> list[tuple[str, bytes]]:
    if not letters:
        return []
    made = joined(form, [one.letter for one in letters], wishes)
    for place in made.left_out:
        tally.reject_late(letters[place], unshown(letters[place], form, wishes))
    return [] if made.content is None else [(f"{name}.{form.name}", made.content)]


def _each(letters: Sequence[Merged], form: Form, wishes: Wishes, *, tally: Tally) -> list[tuple[str, bytes]]:
    files = []
    for one in letters:
        try:
            files.append((letter_name(one, form), form.make([one.letter], wishes)))
        except CannotBeMade:
            tally.reject_late(one, unshown(one, form, wishes))
    return files
