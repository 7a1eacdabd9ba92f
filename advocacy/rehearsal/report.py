"""What a rehearsal found: figures alone, in plain data that is stored and shown; nobody's words are in it."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import combinations
from random import Random
from statistics import fmean, median
from typing import Any, Self

from advocacy.delivery.states import HANDED_OVER, State
from advocacy.letters.alikeness import alikeness, windows

MAX_BUSIEST = 10
MAX_NAMES = 20
"""How many offices a report names at most."""
MAX_COMPARED = 60
"""Letters of one office that are compared with each other; of more a sample is drawn."""
TAIL = 0.95


@dataclass(frozen=True, slots=True)
class LettersPerDay:
    """How many letters an office gets in a day: at most, typically, and the busiest offices with their busiest day."""

    highest: int = 0
    median: float = 0
    busiest: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True, slots=True)
class Alikeness:
    """How alike two letters to one office are (0 to 1): on average, at the 95th percentile, and the nearest pair."""

    pairs: int = 0
    mean: float = 0
    tail: float = 0
    nearest: float = 0
    nearest_office: str = ""


@dataclass(frozen=True, slots=True)
class RehearsalReport:
    """The report of one rehearsal.

    `revisions` are the ids of what was tried out, by document. `blanks` and `problems` are counts by code; `offices`
    names some offices by the code that they are counted under. `states` counts letters by their state at the end.
    Times are in seconds of the simulated clock.
    """

    campaign: str
    wanted: int
    seed: int
    revisions: Mapping[str, int]
    confirmed: int = 0
    per_day: LettersPerDay = LettersPerDay()
    drain_s: float = 0
    longest_wait_s: float = 0
    per_hour: int = 0
    alikeness: Alikeness = Alikeness()
    blanks: Mapping[str, int] = field(default_factory=dict)
    offices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problems: Mapping[str, int] = field(default_factory=dict)
    met: Mapping[str, int] = field(default_factory=dict)
    """What pages and provider were tried with, by code: figures and links that were typed, faults of delivery."""
    states: Mapping[str, int] = field(default_factory=dict)
    lost: int = 0
    doubled: int = 0
    unfinished: int = 0

    @property
    def failures(self) -> Sequence[str]:
        """The codes of what keeps the rehearsal from having passed; none where it passed."""
        found = [code for code, number in self.problems.items() if number]
        counts = {"lost": self.lost, "doubled": self.doubled, "unfinished": self.unfinished}
        found += [code for code, number in counts.items() if number]
        return found if self.confirmed or found else ["nothing_sent"]

    @property
    def passed(self) -> bool:
        return not self.failures

    def to_data(self) -> dict[str, Any]:
        """Return the report as plain data, for JSON."""
        return {**asdict(self), "passed": self.passed, "failures": list(self.failures)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_data` wrote."""
        known = {name: value for name, value in data.items() if name in cls.__dataclass_fields__}
        known["per_day"] = LettersPerDay(**{**data["per_day"], "busiest": [*map(tuple, data["per_day"]["busiest"])]})
        known["alikeness"] = Alikeness(**data["alikeness"])
        return cls(**known)


def letters_per_day(taken: Sequence[tuple[str, date]]) -> LettersPerDay:
    """Count the letters that were taken for an office on a day: `taken` has an office and a day for each letter."""
    days = Counter(taken)
    if not days:
        return LettersPerDay()
    most: dict[str, int] = defaultdict(int)
    for (office, _day), number in days.items():
        most[office] = max(most[office], number)
    busiest = sorted(most.items(), key=lambda one: (-one[1], one[0]))[:MAX_BUSIEST]
    return LettersPerDay(max(days.values()), median(days.values()), busiest)


def measure_alikeness(
    bodies: Mapping[str, Sequence[str]], random: Random, *, heartbeat: Callable[[], None] = lambda: None
) -> Alikeness:
    """Compare the letters to each office with each other; `bodies` are by office. `heartbeat` is called after each."""
    found: list[float] = []
    nearest, nearest_office = 0.0, ""
    for office, some in sorted(bodies.items()):
        compared = random.sample(some, MAX_COMPARED) if len(some) > MAX_COMPARED else some
        for one, other in combinations(map(windows, compared), 2):
            share = alikeness(one, other)
            found.append(share)
            if share > nearest:
                nearest, nearest_office = share, office
        heartbeat()
    if not found:
        return Alikeness()
    tail = sorted(found)[math.ceil(TAIL * len(found)) - 1]
    return Alikeness(len(found), round(fmean(found), 3), round(tail, 3), round(nearest, 3), nearest_office)


def count_unfinished(states: Mapping[str, int]) -> int:
    """Return how many letters are in a state that is no end of theirs: neither handed over nor with the staff."""
    ended = {*HANDED_OVER, State.NEEDS_STAFF, State.HELD}
    return sum(number for state, number in states.items() if state not in ended)
