"""Every language of a letter says the same: the same paragraphs, alternatives, conditions, fields and findings."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from advocacy.campaigns.program import Blocks, Choose, Entry, Program, When


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a text's plan: what stands there, the blanks and conditions in it, and its line."""

    what: str
    holds: tuple[str, ...]
    line: int


def differences(first: Program, other: Program, *, name: str) -> Iterator[tuple[int, str]]:
    """Say where `other` differs from `first`, whose file is `name`: the line in `other`, and a sentence.

    Once the plans part, what follows could only be compared askew: that difference is said, and none after it.
    """
    rows = plan(other)
    for one, two in zip_longest(plan(first), rows):
        if one is None or two is None or one.what != two.what:
            there = f"line {one.line} of {name} is {one.what}" if one else f"{name} has nothing more"
            here = two.what if two else "nothing more"
            yield (two or rows[-1]).line, f"{there}, where here is {here}; give both languages the same paragraphs"
            return
        if set(one.holds) != set(two.holds):
            yield two.line, _unlike(one, two, name)


def _unlike(one: Row, two: Row, name: str) -> str:
    """Say which blanks and conditions only one of two paragraphs has."""
    lacking = ", ".join(sorted(set(one.holds) - set(two.holds)))
    more = ", ".join(sorted(set(two.holds) - set(one.holds)))
    this, there = f"this {two.what.split()[-1]}", f"line {one.line} of {name}"
    if not more:
        return f"{this} lacks “{lacking}”, which {there} has"
    if not lacking:
        return f"{this} has “{more}”, which {there} lacks"
    return f"{this} has “{more}” where {there} has “{lacking}”"


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
            rows.append(Row(f"a choose with {' '.join(entry.details)}", (), entry.line))
            for place, alternative in enumerate(block.alternatives, start=1):
                _lay_out(alternative, entries, rows)
                rows.append(Row(f"the end of alternative {place}", (), rows[-1].line))
        elif isinstance(block, When):
            for _, held in block.cases:
                rows.append(_row(next(entries)))
                _lay_out(held, entries, rows)
            rows.append(Row("the end of an if", (), rows[-1].line))
        else:
            rows.append(_row(next(entries)))


def _row(entry: Entry) -> Row:
    article = "an" if entry.what in ("if", "else") else "a"
    return Row(f"{article} {entry.what}", entry.details, entry.line)
