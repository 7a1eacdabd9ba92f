"""Which alternatives an office's next letter speaks: each combination once before any comes twice."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import count
from math import prod

from advocacy.campaigns.letter_text import Choice

Options = Sequence[Sequence[int]]
"""For each section of a letter, its subject first: the places of the alternatives that its reader may get.

None of them where the section is left out.
"""


def allot(options: Options, sent: Mapping[Choice, int]) -> Choice:
    """Choose the alternatives for the next letter to an office, given how often it got each combination of paragraphs.

    Draws without replacement: the first unused of the least-used combinations, in an order that puts combinations
    sharing few paragraphs next to each other. Subjects take turns. `sent` counts choices and knows no person.
    """
    used: Counter[Choice] = Counter()
    for choice, times in sent.items():
        digits = _digits(options, choice)
        if digits is not None:
            used[digits[1:]] += times
    return _choice(options, _least_used(_body_sizes(options), used), sum(used.values()))


def sequence(options: Options) -> Iterator[Choice]:
    """Return the choices of an office's first, second, third … letter; it never ends."""
    sizes = _body_sizes(options)
    for turn in count():
        yield _choice(options, _combination(turn % prod(sizes), sizes), turn)


def _body_sizes(options: Options) -> tuple[int, ...]:
    return tuple(max(1, len(places)) for places in options[1:])


def _digits(options: Options, choice: Choice) -> Choice | None:
    """Return which of the options a choice took of each section, None where this reader could not get it now."""
    if len(choice) != len(options):
        return None  # sent from a revision with other sections, whose combinations say nothing here
    if any(places and place not in places for places, place in zip(options, choice, strict=True)):
        return None
    return tuple(places.index(place) if places else 0 for places, place in zip(options, choice, strict=True))


def _choice(options: Options, body: Choice, turn: int) -> Choice:
    """Return a choice of the body's alternatives with the subject whose turn it is."""
    digits = (turn % max(1, len(options[0])), *body)
    return tuple(places[digit] if places else 0 for places, digit in zip(options, digits, strict=True))


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
