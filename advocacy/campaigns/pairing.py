"""Which part of one language's source stands beside which of the other's."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from advocacy.campaigns.prose import TAG
from advocacy.campaigns.source_parts import Cases, Part

MOST = 40_000
"""Pairs that are weighed; two texts that would make more are paired in order."""

PAIR, ALIKE = 1_000, 100
"""What a pair weighs, and what more when both cite the same; more pairs outweigh pairs more alike."""

_NAME = re.compile(r"[\w.]+")
_NOTHING: Cases = (("", ""),)


def paired(ones: Sequence[Part], others: Sequence[Part]) -> Iterator[tuple[Part | None, Part | None]]:
    """Return both languages' parts side by side and in order, None where one has nothing."""
    if len(ones) * len(others) > MOST:
        for one, other in zip_longest(ones, others):
            together = one is not None and other is not None and fits(one, other)
            apart = [pair for pair in ((one, None), (None, other)) if pair != (None, None)]
            yield from [(one, other)] if together else apart
        return
    pairs = _pairs(ones, others)
    weights = _weights(pairs)
    i = j = 0
    while i < len(ones) or j < len(others):
        pair = pairs[i][j] if i < len(ones) and j < len(others) else 0
        if pair and weights[i][j] == weights[i + 1][j + 1] + pair:
            yield ones[i], others[j]
            i, j = i + 1, j + 1
        elif j == len(others) or (i < len(ones) and weights[i][j] == weights[i + 1][j]):
            yield ones[i], None
            i += 1
        else:
            yield None, others[j]
            j += 1


def fits(one: Part, other: Part) -> bool:
    """Return whether two parts can share their cells: the same kind, and cases that ask the same as far as both go."""
    return one.kind is other.kind and all(_fit(*pair) for pair in zip(one.variants, other.variants, strict=False))


def _fit(one: Cases, other: Cases) -> bool:
    if _NOTHING in (one, other):
        return True
    return all(a == b for (a, _), (b, _) in zip(one, other, strict=False))


def _pairs(ones: Sequence[Part], others: Sequence[Part]) -> Sequence[Sequence[int]]:
    """Say what each pair weighs, 0 where the two do not fit."""
    cited = [_names(other) for other in others]
    return [
        [_weight(mine, yours) if fits(one, other) else 0 for other, yours in zip(others, cited, strict=True)]
        for one, mine in ((one, _names(one)) for one in ones)
    ]


def _weights(pairs: Sequence[Sequence[int]]) -> Sequence[Sequence[int]]:
    """Weigh the best way to pair what is left from each place on, from the end."""
    wide = len(pairs[0]) if pairs else 0
    weights = [[0] * (wide + 1)]
    for row in reversed(pairs):
        below, here = weights[0], [0] * (wide + 1)
        for j in reversed(range(wide)):
            together = below[j + 1] + row[j] if row[j] else 0
            here[j] = max(together, below[j], here[j + 1])
        weights.insert(0, here)
    return weights


def _names(part: Part) -> frozenset[str]:
    texts = [text for cases in part.variants for _, text in cases]
    return frozenset(name for text in texts for tag in TAG.findall(text) for name in _NAME.findall(tag))


def _weight(mine: frozenset[str], yours: frozenset[str]) -> int:
    """Weigh a pair by the names that both parts use."""
    return PAIR + (ALIKE * len(mine & yours) // len(mine | yours) if mine or yours else ALIKE)
