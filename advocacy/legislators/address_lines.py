"""A line of an address is never cut: where it is too long, it goes on below at a place the reader expects."""

import re
from collections.abc import Sequence
from typing import TypeAlias

# Canada Post, Addressing guidelines: less than 40 characters a line without spaces, none cut.
WIDTH = 39

Cost: TypeAlias = tuple[int, int, int]

_PIECE = re.compile(r"[^ —]*—|[^ —]+")


def width_of(line: str) -> int:
    """Count a line's characters as Canada Post does, without spaces."""
    return len("".join(line.split()))


def break_line(line: str, before: Sequence[str], width: int = WIDTH) -> tuple[str, ...]:
    """Break a line longer than `width` after a dash or before one of the words `before`, best ones first.

    Whatever can be kept within `width` is; then the kindest breaks win, then the most even lines.
    """
    if width_of(line) <= width:
        return (line,)
    starts = [match.start() for match in _PIECE.finditer(line)]
    kindest: dict[int, tuple[Cost, tuple[str, ...]]] = {len(line): ((0, 0, 0), ())}
    for start in reversed(starts):
        kindest[start] = min(
            (
                _sum(_cost(line[start:end], _unkindness(line, end, before), width), rest),
                (line[start:end], *below),
            )
            for end, (rest, below) in kindest.items()
        )
    return tuple(part.strip() for part in kindest[starts[0]][1])


def _cost(part: str, unkindness: int, width: int) -> Cost:
    spare = width - width_of(part)
    return max(0, -spare), unkindness, spare**2


def _sum(one: Cost, other: Cost) -> Cost:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _unkindness(line: str, end: int, before: Sequence[str]) -> int:
    """Tell how much a reader minds that a line ends at `end`."""
    if end == len(line):
        return 0
    if line[end - 1] == "—":
        return 1
    places = (place for place, words in enumerate(before, start=1) if line.startswith(words, end))
    return next(places, 2 * len(before))
