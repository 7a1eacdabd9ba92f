"""Sliding windows: how much was counted in the last 24 hours or the last one, in counts of an hour each.

Of the oldest hour counts the share that the window still covers, as if what came in it had come evenly. So room comes
back little by little, and nobody waits for midnight.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

HOUR = 3600
DAY_HOURS = 24
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Window:
    """The last `hours` up to a moment, in hours since 1970: `first` counts by its `weight`, those after it whole."""

    first: int
    last: int
    weight: float

    @classmethod
    def until(cls, now: datetime, *, hours: int = DAY_HOURS) -> "Window":
        """Return the window that ends now."""
        last, seconds = divmod(now.timestamp(), HOUR)
        return cls(int(last) - hours, int(last), 1 - seconds / HOUR)

    def used(self, counts: Mapping[int, int]) -> float:
        """Return how much of what was counted by the hour lies in it."""
        inside = (count for hour, count in counts.items() if self.first < hour <= self.last)
        return sum(inside) + counts.get(self.first, 0) * self.weight


def has_room(used: float, share: int) -> bool:
    """Whether what was used, the newest included, is within a share."""
    return used <= share + ROUNDING


def room_at(counts: Mapping[int, int], share: int, *, now: datetime, hours: int = DAY_HOURS) -> datetime:
    """Return when there is room for one more, to the second; `share` is at least one."""
    window = Window.until(now, hours=hours)
    for later in range(hours + 2):
        first, last = window.first + later, window.last + later
        whole = sum(count for hour, count in counts.items() if first < hour <= window.last)
        left, oldest = share - 1 - whole, counts.get(first, 0)
        if left < 0:
            continue
        part = 1 - left / oldest if oldest > left else 0.0
        seconds = last * HOUR + part * HOUR
        at = datetime.fromtimestamp(int(seconds), UTC) + timedelta(seconds=1 if seconds % 1 > ROUNDING else 0)
        return max(now, at)
    return now + timedelta(hours=hours)
