"""How much of a letter is the campaign's text, by the measure that mail filters of legislators' offices use."""

from bisect import bisect_left
from collections.abc import Callable

WINDOW = 32
"""Bytes. WriteToThem's similarity test compares windows of this size."""


def share_from(body: str, source: str) -> float:
    """Return the share (0 to 1) of a body's windows that come from `source`: what was added to it counts, cuts do not.

    Where both begin or end alike, only what differs is looked at: a window that stands in a body twice counts twice.
    """
    text, known = body.encode(), source.encode()
    count = max(1, len(text) - WINDOW + 1)
    begins = _common(len(text), len(known), lambda length: text[:length] == known[:length])
    ends = _common(len(text), len(known), lambda length: text[-length:] == known[-length:])
    differing = range(max(0, begins - WINDOW + 1), min(count, len(text) - ends))
    own = sum(text[start : start + WINDOW] not in known for start in differing)
    return 1 - own / count


def _common(one: int, other: int, is_same: Callable[[int], bool]) -> int:
    """Return the greatest length, in bytes, that two texts have in common."""
    return bisect_left(range(1, min(one, other) + 1), True, key=lambda length: not is_same(length))
