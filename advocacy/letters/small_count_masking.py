"""A published count never tells of fewer than five letters, however two tables, or two days, are subtracted.

The danger is not a small cell, which is easily left blank, but what can be reckoned: a total less the other cells, a
province less its ridings, today's figure less yesterday's. So no cell is ever shown as it stands. It is brought up to
date only when at least five more letters stand behind it, and what is not shown yet is one sum for its whole table:

- The days of a campaign are split into runs of at least five letters. Nothing is shown for part of a run, and a
  day without an end has no figures at all: everything published changes at the end of a run, or not at all.
- At the end of a run, a cell with five letters or more since it was last brought up to date is a candidate.
- The cells that stay behind must be two or more and must lack five letters or more in all, or nothing may be lacking;
  and since each earlier time, what hides each other now, and what did then, must have grown by five or more, or by
  none. Else the smallest candidates stay behind with them.
- Ridings move only when their province does, by the same rule within it, as if its growth were a run of its own.

Why no sum of published figures gives one cell's small growth: take each cell's letters of one run as an unknown. It
stands in two sums at most: its run's, and that of the runs over which its cell was last brought up to date. An unknown
is determined only if it is a bridge between the sums it stands in. One that stands alone in its cell's sum is that
figure, five or more; any other belongs to a cell that stayed behind at the end of one of these runs, and so did a
second cell, which is a second way round. Tables by different features have nothing in common but the runs' totals.
That nobody wrote is no secret, since it tells of nobody.

That holds for counts that only grow. What people correct later also falls: of such counts `snapshot` shows all at once,
or keeps what was shown before.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

MIN_LETTERS = 5
"""Letters; fewer are never shown."""
REST = ""
"""The cell of a snapshot under which all stand that it does not show by themselves."""


@dataclass(frozen=True, slots=True)
class Event:
    """One time a table took letters in: all it had then by their cells, and those known exactly, None for each."""

    totals: Mapping[str, int]
    exact: frozenset[str] | None


@dataclass(slots=True)
class Table:
    """Counts by one feature: `shown` is what may be published of each cell, `behind` what each cell lacks in it."""

    shown: dict[str, int] = field(default_factory=dict)
    behind: dict[str, int] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    @property
    def rest(self) -> int:
        """How many letters stand behind no published cell: none, or five and more, of two cells and more."""
        return sum(self.behind.values())

    def take(self, fresh: Mapping[str, int]) -> Mapping[str, int]:
        """Take in at least five letters by their cells; return the cells brought up to date, each with its growth."""
        for cell, letters in fresh.items():
            self.behind[cell] = self.behind.get(cell, 0) + letters
        totals = {cell: letters + self.shown.get(cell, 0) for cell, letters in self.behind.items()}
        forward = {cell: self.behind[cell] for cell in self._forward(totals)}
        for cell in forward:
            self.shown[cell], self.behind[cell] = totals[cell], 0
        self.events.append(Event(totals, frozenset(forward) if self.rest else None))
        return forward

    def _forward(self, totals: Mapping[str, int]) -> list[str]:
        """Return the cells that may move, the fullest first, such that those that stay behind hide each other."""
        forward = [cell for cell, letters in self.behind.items() if letters >= MIN_LETTERS]
        forward.sort(key=lambda cell: (-self.behind[cell], cell))
        while forward and not self._tells_of_nobody(self.behind.keys() - set(forward), totals):
            forward.pop()
        return forward

    def _tells_of_nobody(self, staying: Set[str], totals: Mapping[str, int]) -> bool:
        lacking = sum(self.behind[cell] for cell in staying)
        if not lacking:
            return self._has_grown_enough(frozenset(), totals)
        return len(staying) > 1 and lacking >= MIN_LETTERS and self._has_grown_enough(staying, totals)

    def _has_grown_enough(self, staying: Set[str], totals: Mapping[str, int]) -> bool:
        """Whether what hides one another then and now has grown by none or by enough, since each earlier time.

        Where some are hidden both then and now, all of them are one group; before all was known, nothing is new.
        """
        enough = False  # those that stay only ever grow, the further one looks back
        for event in reversed(self.events):
            exact = totals.keys() if event.exact is None else event.exact
            joined = not staying <= exact
            if not (joined and enough):
                grown = _grown(staying, event, totals)
                then = _grown(totals.keys() - exact - staying, event, totals)
                if _is_few(grown + then) if joined else _is_few(grown) or _is_few(then):
                    return False
                enough = grown >= MIN_LETTERS
            if event.exact is None:
                break
        return True


def _grown(cells: Set[str], since: Event, totals: Mapping[str, int]) -> int:
    return sum(totals[cell] - since.totals.get(cell, 0) for cell in cells)


def _is_few(letters: int) -> bool:
    return 0 < letters < MIN_LETTERS


def snapshot(totals: Mapping[str, int], earlier: Sequence[Mapping[str, int]]) -> Mapping[str, int] | None:
    """Return as many cells as may be shown of counts that also fall, the others under REST; None where none may.

    A cell that is shown is at nought or has five letters or more; those under REST are two cells and more, and five
    letters and more. Since each earlier snapshot no sum of cells that both show changed by one to four letters.
    """
    nought = {cell: letters for cell, letters in totals.items() if not letters}
    shown = sorted((cell for cell, letters in totals.items() if letters >= MIN_LETTERS), key=lambda c: (-totals[c], c))
    for number in range(len(shown), -1, -1):
        made = {**{cell: totals[cell] for cell in shown[:number]}, **nought}
        hidden = {cell: letters for cell, letters in totals.items() if cell not in made}
        rest = sum(hidden.values())
        if rest:
            made[REST] = rest
        hides = not rest or (len(hidden) > 1 and rest >= MIN_LETTERS)
        if (
            (number or rest)
            and hides
            and all(_has_changed_enough(before, made, cells=totals.keys()) for before in earlier)
        ):
            return made
    return None


def _has_changed_enough(before: Mapping[str, int], after: Mapping[str, int], *, cells: Set[str]) -> bool:
    """Whether every sum of cells that two snapshots both show changed by nothing or by five letters and more."""
    hidden = [cells - one.keys() if REST in one else frozenset[str]() for one in (before, after)]
    blocks = [hidden[0] | hidden[1]] if hidden[0] & hidden[1] else hidden
    blocks = [*blocks, *(frozenset((cell,)) for cell in cells - hidden[0] - hidden[1])]
    sums = {0}
    for block in blocks:
        change = _sum_of(after, block, hidden=hidden[1]) - _sum_of(before, block, hidden=hidden[0])
        sums |= {each + change for each in sums}
    return not any(_is_few(abs(each)) for each in sums)


def _sum_of(shown: Mapping[str, int], block: Set[str], *, hidden: Set[str]) -> int:
    """Return the sum of a block in a snapshot, in which all that it hides is inside the block, or all outside."""
    return sum(shown.get(cell, 0) for cell in block) + (shown[REST] if hidden and hidden <= block else 0)
