"""No group of one to four letters can be reckoned from what is published, on any day and by any subtraction."""

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations, pairwise, product

import pytest

from advocacy.letters.letter_counts import Day, Figures, publishable
from advocacy.letters.small_count_masking import MIN_LETTERS, REST, Table, snapshot

FIRST = date(2026, 11, 1)
PROVINCES = {"r1": "P", "r2": "P", "r3": "P", "r4": "Q", "r5": "Q", "r6": "R"}
RIDINGS = (*PROVINCES, "sen", "min")
LANGUAGES, TEMPLATES = ("en", "fr"), ("t1", "t2", "t3")
PRIME = (1 << 61) - 1

Leaf = tuple[int, str, str, str]
"""A day's number, a language, a template, a riding: an unknown of whoever reads the figures."""
Group = frozenset[Leaf]
FEATURES: Mapping[str, Callable[[Leaf], str]] = {
    "language": lambda leaf: leaf[1],
    "template": lambda leaf: leaf[2],
    "riding": lambda leaf: leaf[3],
    "province": lambda leaf: PROVINCES.get(leaf[3], ""),
}


def some_letters(seed: int, days: int) -> Counter[Leaf]:
    """Letters of a campaign: some days and places busy, most of them not."""
    chance = random.Random(seed)
    counted: Counter[Leaf] = Counter()
    weights = [chance.choice((0, 1, 1, 2, 9)) for _ in RIDINGS]
    weights[chance.randrange(len(weights))] += 1
    for day in range(days):
        for _ in range(chance.choice((0, 1, 3, 6, 12, 25))):
            riding = chance.choices(RIDINGS, weights)[0]
            leaf = (day, chance.choices(LANGUAGES, (1, 4))[0], chance.choices(TEMPLATES, (6, 2, 1))[0], riding)
            counted[leaf] += 1
    return counted


def the_days(letters: Counter[Leaf], days: int) -> list[Day]:
    made = []
    for number in range(days):
        by: dict[str, Counter[str]] = {name: Counter() for name in FEATURES}
        for leaf, count in letters.items():
            if leaf[0] == number:
                for name, feature in FEATURES.items():
                    by[name][feature(leaf)] += count
        made.append(Day(FIRST + timedelta(days=number), by["language"], by["template"], by["riding"]))
    return made


def tables(figures: Figures) -> Iterator[tuple[str, Table]]:
    yield "language", figures.languages
    yield "template", figures.templates
    yield "province", figures.provinces
    for table in figures.ridings.values():
        yield "riding", table


def published(days: Sequence[Day], leaves: Sequence[Leaf]) -> set[Group]:
    """Every group whose count somebody knows who looked at all pages on every day."""
    known: set[Group] = set()
    before = Figures()
    for seen in range(1, len(days) + 1):
        figures = publishable(days[:seen], PROVINCES)
        if len(figures.runs) > len(before.runs):
            run = figures.runs[-1]
            span = range((run.first - FIRST).days, (run.last - FIRST).days + 1)
            known.add(frozenset(leaf for leaf in leaves if leaf[0] in span))
            known |= {of(leaves, name, {cell}, range(span.stop)) for name, cell in brought_up(before, figures)}
            before = figures
    return known


def brought_up(before: Figures, now: Figures) -> Iterator[tuple[str, str]]:
    """Return the cells whose counts a run made exact: those that moved, and all of a table that lacks nothing."""
    pairs = [("language", before.languages, now.languages), ("template", before.templates, now.templates)]
    pairs.append(("province", before.provinces, now.provinces))
    for province, table in now.ridings.items():
        if now.provinces.shown[province] != before.provinces.shown.get(province):
            pairs.append(("riding", before.ridings.get(province, Table()), table))
    for name, old, new in pairs:
        for cell, count in new.shown.items():
            if count != old.shown.get(cell) or not new.rest:
                yield name, cell


def of(leaves: Sequence[Leaf], feature: str, cells: Collection[str], span: range) -> Group:  # noqa: PLR0917
    return frozenset(leaf for leaf in leaves if leaf[0] in span and FEATURES[feature](leaf) in cells)


def small_groups(letters: Counter[Leaf], leaves: Sequence[Leaf]) -> Iterator[Group]:
    """All, each cell and each two cells, over each span of days, and each unknown alone: where it is one to four."""
    days = range(leaves[-1][0] + 1)
    spans = [range(first, last + 1) for first in days for last in days[first:]]
    cells = {name: sorted({feature(leaf) for leaf in leaves}) for name, feature in FEATURES.items()}
    some = [
        (name, set(chosen)) for name, all_ in cells.items() for many in (1, 2) for chosen in combinations(all_, many)
    ]
    groups = {of(leaves, name, chosen, span) for name, chosen in [*some, ("language", {"en", "fr"})] for span in spans}
    for group in groups | {frozenset((leaf,)) for leaf in leaves}:
        if 0 < sum(letters[leaf] for leaf in group) < MIN_LETTERS:
            yield group


class Reckoner:
    """What linear combinations of known counts give, in arithmetic modulo a large prime."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self._place = {leaf: place for place, leaf in enumerate(leaves)}
        self._rows: dict[int, dict[int, int]] = {}

    def learn(self, group: Group) -> None:
        if rest := self._reduced(group):
            pivot = min(rest)
            inverse = pow(rest[pivot], -1, PRIME)
            self._rows[pivot] = {place: value * inverse % PRIME for place, value in rest.items()}

    def knows(self, group: Group) -> bool:
        return not self._reduced(group)

    def _reduced(self, group: Group) -> dict[int, int]:
        row, done = {self._place[leaf]: 1 for leaf in group}, -1
        while ahead := [place for place in row if place > done and place in self._rows]:
            done = min(ahead)
            times = row[done]
            for place, value in self._rows[done].items():
                row[place] = (row.get(place, 0) - times * value) % PRIME
                if not row[place]:
                    del row[place]
        return row


def told(letters: Counter[Leaf], known: set[Group], leaves: Sequence[Leaf]) -> list[Group]:
    reckoner = Reckoner(leaves)
    for group in known:
        reckoner.learn(group)
    return [group for group in small_groups(letters, leaves) if reckoner.knows(group)]


SOME_AND_MANY = [range(12), pytest.param(range(12, 200), marks=pytest.mark.thorough)]


@pytest.mark.parametrize("seeds", SOME_AND_MANY, ids=["some", "many"])
def test_no_small_group_can_be_reckoned(seeds: Sequence[int]) -> None:
    for seed in seeds:
        days = 3 + seed % 4
        letters = some_letters(seed, days)
        leaves = list(product(range(days), LANGUAGES, TEMPLATES, RIDINGS))
        assert told(letters, published(the_days(letters, days), leaves), leaves) == [], seed


def test_cells_left_blank_alone_would_be_reckoned() -> None:
    leaves = list(product(range(1), LANGUAGES, TEMPLATES, RIDINGS))
    letters = Counter({(0, "fr", "t1", "r1"): 9, (0, "en", "t1", "r1"): 2})
    naive = {frozenset(leaves), frozenset(leaf for leaf in leaves if leaf[1] == "fr")}
    assert told(letters, naive, leaves)


def test_a_day_less_the_day_before_would_be_reckoned() -> None:
    leaves = list(product(range(2), LANGUAGES, TEMPLATES, RIDINGS))
    letters = Counter({(0, "fr", "t1", "r1"): 9, (1, "fr", "t1", "r1"): 2})
    naive = {frozenset(leaf for leaf in leaves if leaf[0] <= last) for last in range(2)}
    assert told(letters, naive, leaves)


@pytest.mark.parametrize("seeds", SOME_AND_MANY, ids=["some", "many"])
def test_each_table_hides_none_or_two_and_its_sums_are_right(seeds: Sequence[int]) -> None:
    for seed in seeds:
        is_right(publishable(the_days(some_letters(seed, 6), 6), PROVINCES))


def is_right(figures: Figures) -> None:
    for name, table in tables(figures):
        behind = [cell for cell, letters in table.behind.items() if letters]
        assert table.rest == 0 or (table.rest >= MIN_LETTERS and len(table.behind) > 1), (name, behind)
        assert all(letters >= MIN_LETTERS for letters in table.shown.values())
    sums = [sum(table.shown.values()) + table.rest for _, table in tables(figures)][:3]
    assert sums == [figures.total] * 3
    for province, table in figures.ridings.items():
        assert sum(table.shown.values()) + table.rest == figures.provinces.shown[province]


def test_what_was_shown_on_an_earlier_day_stays_what_was_shown() -> None:
    days = the_days(some_letters(7, 6), 6)
    earlier = [publishable(days[:seen], PROVINCES).runs for seen in range(7)]
    assert all(longer[: len(shorter)] == shorter for shorter, longer in pairwise(earlier))


def test_enough_is_shown_where_there_is_enough() -> None:
    table = Table()
    table.take({"fr": 40, "en": 20})
    assert (table.shown, table.rest) == ({"fr": 40, "en": 20}, 0)
    table.take({"fr": 9, "en": 2})
    assert (table.shown, table.rest) == ({"fr": 40, "en": 20}, 11)
    table.take({"fr": 9, "en": 4})
    assert (table.shown, table.rest) == ({"fr": 58, "en": 26}, 0)


def corrected(seed: int, days: int) -> Iterator[dict[str, int]]:
    """Counts of seven cells day by day: letters come in, and some are moved from one cell to another."""
    chance = random.Random(seed)
    counts = dict.fromkeys("abcdefg", 0)
    for _ in range(days):
        for _ in range(chance.choice((0, 2, 6, 15))):
            counts[chance.choices("abcdefg", (9, 6, 3, 1, 1, 5, 1))[0]] += 1
        for _ in range(chance.choice((0, 1, 4))):
            source, target = chance.sample("abcdefg", 2)
            if counts[source]:
                counts[source], counts[target] = counts[source] - 1, counts[target] + 1
        yield dict(counts)


def sums_of(shown: Mapping[str, int]) -> dict[frozenset[str], int]:
    """Return every group of cells whose sum a snapshot gives, those under its rest together."""
    hidden = frozenset(cell for cell in "abcdefg" if cell not in shown)
    exact = {frozenset((cell,)): letters for cell, letters in shown.items() if cell != REST}
    blocks = {**exact, hidden: shown[REST]} if REST in shown else {**exact, **{frozenset((c,)): 0 for c in hidden}}
    return {
        frozenset[str]().union(*some): sum(blocks[one] for one in some)
        for many in range(1, len(blocks) + 1)
        for some in combinations(blocks, many)
    }


def test_no_two_snapshots_of_counts_that_also_fall_tell_of_one_to_four_letters() -> None:
    made_in_all = 0
    for seed in range(40):
        made: list[Mapping[str, int]] = []
        for totals in corrected(seed, 12):
            if (found := snapshot(totals, made)) is not None:
                made.append(found)
                assert sum(found.values()) == sum(totals.values())
                assert all(totals[cell] == letters for cell, letters in found.items() if cell != REST)
        sums = [sums_of(one) for one in made]
        small = [(seed, group) for one in sums for group, letters in one.items() if 0 < letters < MIN_LETTERS]
        small += [
            (seed, group)
            for before, after in combinations(sums, 2)
            for group in before.keys() & after.keys()
            if 0 < abs(after[group] - before[group]) < MIN_LETTERS
        ]
        assert small == []
        made_in_all += len({tuple(sorted(one.items())) for one in made})
    assert made_in_all > 80, "what changes by enough is shown"


def test_a_small_cell_is_hidden_behind_a_second_one() -> None:
    assert snapshot({"a": 40, "b": 20, "c": 3}, []) == {"a": 40, REST: 23}
    assert snapshot({"a": 40, "b": 20, "c": 0}, []) == {"a": 40, "b": 20, "c": 0}
    assert snapshot({"a": 4, "b": 0}, []) is None
    assert snapshot({"a": 0}, []) is None


def test_a_letter_that_moved_from_one_cell_to_another_shows_nowhere() -> None:
    before = {"a": 40, "b": 20}
    assert snapshot({"a": 39, "b": 21}, [before]) == {REST: 60}
    assert snapshot({"a": 33, "b": 27}, [before]) == {"a": 33, "b": 27}
    assert snapshot({"a": 33, "b": 29}, [before]) is None, "two more letters in all"
