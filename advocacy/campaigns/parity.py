"""Every language of a letter says the same: the same paragraphs, alternatives, conditions, fields and findings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from advocacy.campaigns.program import Blocks, Choose, Entry, Kind, Program, When
from advocacy.campaigns.recovery import LEFT_OUT
from advocacy.messages import Message, message
from advocacy.problems import Complaint, complaint


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a text's plan: what stands there, the blanks and conditions in it, and its line."""

    what: Message
    holds: tuple[str, ...]
    line: int


def differences(first: Program, other: Program, *, names: tuple[str, str]) -> Iterator[tuple[str, int, Complaint]]:
    """Yield where two texts differ: the file that lacks something, its line, and what; `names` are their files.

    Once the plans part, what follows could only be compared askew: that difference is yielded, and none after it.
    """
    rows = plan(other)
    for one, two in zip_longest(plan(first), rows):
        if two is not None and one is None:
            yield names[1], two.line, complaint("language-ends", file=names[0], here=two.what)
            return
        if one is not None and (two is None or one.what != two.what):
            here = two.what if two else message("nothing more")
            line = (two or rows[-1]).line
            yield names[1], line, complaint("languages-part", line=one.line, file=names[0], there=one.what, here=here)
            return
        if one is not None and two is not None:
            if any(LEFT_OUT in held for row in (one, two) if row for held in row.holds):
                continue  # a paragraph that could not be read
            for file, lacking, has, has_file in ((names[1], two, one, names[0]), (names[0], one, two, names[1])):
                more = tuple(sorted(set(has.holds) - set(lacking.holds)))
                if more:
                    yield file, lacking.line, complaint("language-lacks", names=more, line=has.line, file=has_file)


def plan(program: Program) -> list[Row]:
    """Lay a text out as rows, with a row where each `if`, `choose` and alternative ends."""
    rows: list[Row] = []
    _lay_out(program.blocks, iter(program.outline), rows)
    return rows


def _lay_out(blocks: Blocks, entries: Iterator[Entry], rows: list[Row]) -> None:
    """Follow the blocks through the outline, which names them in the same order but not where they end."""
    for block in blocks:
        if isinstance(block, Choose):
            entry = next(entries)
            rows.append(Row(message("%(number)s variants", number=entry.details[0]), (), entry.line))
            for place, alternative in enumerate(block.alternatives, start=1):
                _lay_out(alternative, entries, rows)
                rows.append(Row(message("the end of variant %(number)s", number=place), (), rows[-1].line))
        elif isinstance(block, When):
            for _, held in block.cases:
                rows.append(_row(next(entries)))
                _lay_out(held, entries, rows)
            rows.append(Row(message("the end of a condition"), (), rows[-1].line))
        else:
            rows.append(_row(next(entries)))


def _row(entry: Entry) -> Row:
    return Row(KINDS[entry.what], entry.details, entry.line)


KINDS: Mapping[str, Message] = {
    Kind.PARAGRAPH: message("a paragraph"),
    Kind.HEADING: message("a subject"),
    Kind.BULLET: message("an item of a list"),
    Kind.QUOTATION: message("a quotation"),
    "if": message("a condition"),
    "else": message("an “otherwise”"),
}
