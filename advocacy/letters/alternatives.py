"""Which alternatives an office's next letter speaks: each combination once before any comes twice."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import count, islice, product

from advocacy.campaigns.grammar.program import Choice, Program


def allot(program: Program, sent: Mapping[Choice, int]) -> Choice:
    """Choose the alternatives for the next letter to an office, given how often it got each combination of paragraphs.

    Draws without replacement: the first unused of the least-used combinations, in an order that puts combinations
    sharing few paragraphs next to each other. Subjects take turns. `sent` counts choices and knows no person.
    """
    places = [place for place in range(len(program.groups)) if place not in program.subject_groups]
    used: Counter[Choice] = Counter()
    for choice, times in sent.items():
        if len(choice) != len(program.groups):
            continue  # sent from a revision with other groups, whose combinations say nothing here
        used[tuple(choice[place] for place in places)] += times
    body = _least_used(tuple(program.groups[place] for place in places), used)
    turn = sum(used.values())
    filled = dict(zip(places, body, strict=True))
    return tuple(filled.get(place, turn % size) for place, size in enumerate(program.groups))


def sequence(program: Program) -> Iterator[Choice]:
    """Return the choices of an office's first, second, third … letter; it never ends."""
    sent: Counter[Choice] = Counter()
    while True:
        choice = allot(program, sent)
        sent[choice] += 1
        yield choice


def _least_used(sizes: tuple[int, ...], used: Mapping[Choice, int]) -> Choice:
    order = _Order.of(sizes)
    fewest = (
        min((used.get(combination, 0) for combination in order.all), default=0) if len(used) >= len(order.all) else 0
    )
    return next(combination for combination in order if used.get(combination, 0) <= fewest)


class _Order:
    """All combinations of alternatives, those that share few paragraphs first.

    Combinations whose numbers add up alike modulo the largest size differ from one another in two places or more; they
    come before all others. Among them the next is always one as far as can be from all that went before. With five
    paragraphs of three alternatives the first 9 share at most two of five, the first 81 at most three.
    """

    def __init__(self, sizes: tuple[int, ...]) -> None:
        self.all = tuple(product(*(range(size) for size in sizes)))
        self._layers = max(sizes, default=1)
        self._ordered: list[Choice] = []
        self._rest = self._farthest_first()

    @staticmethod
    @lru_cache(maxsize=256)
    def of(sizes: tuple[int, ...]) -> "_Order":
        return _Order(sizes)

    def __iter__(self) -> Iterator[Choice]:
        for place in count():
            while place >= len(self._ordered):
                following = list(islice(self._rest, 1))
                if not following:
                    return
                self._ordered += following
            yield self._ordered[place]

    def _farthest_first(self) -> Iterator[Choice]:
        for layer in range(self._layers):
            waiting = [combination for combination in self.all if sum(combination) % self._layers == layer]
            shared = dict.fromkeys(waiting, (0, 0))
            while waiting:
                chosen = min(waiting, key=shared.__getitem__)
                waiting.remove(chosen)
                yield chosen
                for combination in waiting:
                    alike = sum(map(int.__eq__, combination, chosen))
                    most, total = shared[combination]
                    shared[combination] = (max(most, alike), total + alike * alike)
