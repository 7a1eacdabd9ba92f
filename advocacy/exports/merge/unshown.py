"""Letters that cannot take a form are known before any is made, and told by the column that is to blame."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from advocacy.exports.format import CannotExport, ExportOptions, Format, join_letters
from advocacy.exports.merge.merging import Merged, Rejection
from advocacy.exports.merge.rare import is_rare
from advocacy.exports.merge.rows import Fault
from advocacy.exports.merge.tally import Tally
from advocacy.letters.letter import Letter
from advocacy.messages import message

# What a form says of it names the characters it lacks, which were typed.
NO_FONT_FOR_CELL = message(
    "This cell contains a character that our fonts cannot show; replace it, or make this letter as "
    "docx, txt or html, which keep it."
)
NO_FONT_FOR_LETTER = message(
    "This letter contains a character that our fonts cannot show; make it as docx, txt or html, which keep it."
)
AT_ONCE = 250
"""Letters tried together: one that holds nothing amiss takes as long alone as some dozens with others."""


def unshown(merged: Merged, form: Format, options: ExportOptions) -> tuple[Fault, ...]:
    """Say why a letter cannot take a form: a fault for each cell that keeps it from that, never what it holds."""
    columns = [column for column, cell in merged.rare.items() if not _shows(cell, merged.letter, form, options=options)]
    return tuple(Fault(column, NO_FONT_FOR_CELL) for column in columns) or (Fault("", NO_FONT_FOR_LETTER),)


def tried(
    made: Iterable[Merged | Rejection], form: Format, *, options: ExportOptions, tally: Tally
) -> Iterator[Merged | Rejection]:
    """Pass counted letters on and make those few that a form may not show; reject in the tally what it does not."""
    doubtful: list[Merged] = []
    for one in made:
        if isinstance(one, Merged) and is_rare(_texts(one.letter)):
            doubtful.append(one)
        if len(doubtful) == AT_ONCE:
            _try(doubtful, form, options=options, tally=tally)
            doubtful = []
        yield one
    _try(doubtful, form, options=options, tally=tally)


def _try(doubtful: Sequence[Merged], form: Format, *, options: ExportOptions, tally: Tally) -> None:
    # Forms that hold one letter a file set no type: nothing is lacking to them.
    if doubtful and form.joins:
        for place in join_letters(form, [one.letter for one in doubtful], options).left_out:
            tally.reject_late(doubtful[place], unshown(doubtful[place], form, options))


def _texts(letter: Letter) -> Iterator[str]:
    yield from (letter.date_line, *letter.recipient_block, letter.subject, letter.appel)
    yield from (paragraph.text for paragraph in letter.paragraphs)
    yield from (letter.closing, letter.signature, *letter.sender, letter.source_note)


def _shows(cell: str, letter: Letter, form: Format, *, options: ExportOptions) -> bool:
    """Make a letter that holds one cell and nothing else that was typed."""
    bare = replace(letter, paragraphs=(), signature=cell, sender=())
    try:
        form.render([bare], options)
    except CannotExport:
        return False
    return True
