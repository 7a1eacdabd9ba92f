"""What a merge found and did, in lines that name rows and columns and repeat no cell."""

from collections.abc import Iterator, Sequence

from advocacy.cli.people import SPOKEN
from advocacy.exports.merge import Columns, People, Rejection, Tally
from advocacy.language import Language

MOST_REJECTIONS = 20
MOST_ROWS_NAMED = 5


def described(name: str, people: People) -> Iterator[str]:
    """Say how the sheet was read, and which of its columns were not."""
    yield f"{name}: {people.sheet.described.in_language(SPOKEN)}"
    for unread in people.columns.unread:
        meant = f"; is it “{unread.near.in_language(SPOKEN)}”?" if unread.near else ""
        yield f"column {unread.column} is not read: its title matches no field of this letter{meant}"


def columns(found: Columns) -> str:
    """Say what each column is taken for."""
    return "columns: " + ", ".join(f"{letters} {key}" for letters, key in found.named)


def counts(tally: Tally) -> str:
    """Say how many letters there are in each language."""
    each = ", ".join(f"{number:,} {language}" for language, number in sorted(tally.languages.items()) if number)
    return f"{counted(tally.letters, 'letter')}{f' ({each})' if each else ''}"


def rejections(found: Sequence[Rejection], language: Language) -> Iterator[str]:
    """Name the first rows left out, a line for each fault, and how many more there are."""
    for rejection in found[:MOST_REJECTIONS]:
        for fault in rejection.faults:
            where = f"row {rejection.row}, {fault.column}" if fault.column else f"row {rejection.row}"
            yield f"{where}: {fault.reason.in_language(language)}"
    if len(found) > MOST_REJECTIONS:
        yield f"… and {len(found) - MOST_REJECTIONS:,} more"


def notes(tally: Tally, language: Language) -> Iterator[str]:
    """Say what should be known of some letters, each thing once with its first rows."""
    for note, rows in tally.notes.items():
        named = ", ".join(map(str, rows[:MOST_ROWS_NAMED]))
        more = f" and {len(rows) - MOST_ROWS_NAMED:,} more" if len(rows) > MOST_ROWS_NAMED else ""
        yield f"row{'s' if len(rows) > 1 else ''} {named}{more}: {note.in_language(language)}"


def counted(number: int, thing: str) -> str:
    """Write a number of things: "1 letter", "1,000 letters"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
