"""Which alternatives an office's next letter speaks: each combination once before any comes twice."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import count
from math import prod

from advocacy.campaigns.grammar.program import Choice, Program


def allot(program: Program, sent: Mapping[Choice, int]) -> Choice:
    """Choose the alternatives for the next letter to an office, given how often it got each combination of paragraphs.

    Draws without replacement: the first unused of the least-used combinations, in an order that puts combinations
    sharing few paragraphs next to each other. Subjects take turns. `sent` counts choices and knows no person.
    """
    places = _body_groups(program)
    used: Counter[Choice] = Counter()
    for choice, times in sent.items():
        if len(choice) != len(program.groups):
            continue  # sent from a revision with other groups, whose combinations say nothing here
        used[tuple(choice[place] for place in places)] += times
    body = _least_used(tuple(program.groups[place] for place in places), used)
    return _with_subject(program, body, sum(used.values()))


def sequence(program: Program) -> Iterator[Choice]:
    """Return the choices of an office's first, second, third … letter; it never ends."""
    sizes = tuple(program.groups[place] for place in _body_groups(program))
    for turn in count():
        yield _with_subject(program, _combination(turn % prod(sizes), sizes), turn)


def _body_groups(program: Program) -> list[int]:
    return [place for place in range(len(program.groups)) if place not in program.subject_groups]


def _with_subject(program: Program, body: Choice, turn: int) -> Choice:
    """Return a choice of the body's alternatives with the subject whose turn it is."""
    filled = dict(zip(_body_groups(program), body, strict=True))
    return tuple(filled.get(place, turn % size) for place, size in enumerate(program.groups))


def _least_used(sizes: tuple[int, ...], used: Mapping[Choice, int]) -> Choice:
    """Return the first of the least-used combinations; looks at no more combinations than the office got letters."""
    total = prod(sizes)
    fewest = min(used.values()) if len(used) >= total else 0
    combinations = (_combination(number, sizes) for number in range(total))
    return next(combination for combination in combinations if used.get(combination, 0) <= fewest)


@lru_cache(maxsize=100_000)
def _combination(number: int, sizes: tuple[int, ...]) -> Choice:
    """Return the combination with this number; near numbers share few alternatives.

    The number is written in digits, one a group, that of the smallest group first. An alternative is its group's digit,
    moved on by the digits before it: digit `i` moves digit `j` by `1 + i * (j + 1)`, so that each number has a
    combination of its own. These weights were found by trying: docs/decisions/alternatives.md.
    """
    digits: list[int] = []
    alternatives: dict[int, int] = {}
    for place in sorted(range(len(sizes)), key=sizes.__getitem__):
        number, digit = divmod(number, sizes[place])
        moved = sum(before * (1 + index * (len(digits) + 1)) for index, before in enumerate(digits))
        alternatives[place] = (digit + moved) % sizes[place]
        digits.append(digit)
    return tuple(alternatives[place] for place in range(len(sizes)))
