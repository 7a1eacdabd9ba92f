"""How a measured figure is shown: beside its limit or its peer, from one run."""

import sys
from dataclasses import dataclass

SHORT = "--short"
IS_SHORT = SHORT in sys.argv
"""Whether this run only shows that everything that is measured still works."""


def size(whole: int, short: int) -> int:
    """Return how many of something are measured: `short` in a run that is."""
    return short if IS_SHORT else whole


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; `at_least` or `at_most` is the limit it is held against."""

    what: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def holds(self) -> bool:
        """Return whether the figure keeps its limit."""
        above = self.at_least is None or self.value >= self.at_least
        return above and (self.at_most is None or self.value <= self.at_most)

    def __str__(self) -> str:
        limit = f"  (at least {self.at_least:g})" if self.at_least is not None else ""
        limit = f"  (at most {self.at_most:g})" if self.at_most is not None else limit
        return f"{self.value:>12,.3g} {self.unit:<12} {self.what}{limit}{'' if self.holds else '  MISSED'}"
