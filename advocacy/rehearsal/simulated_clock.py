"""A clock that stands still until it is moved."""

from datetime import datetime, timedelta


class SimulatedClock:
    """The one clock of a rehearsal: a day passes in it in a minute of ours."""

    def __init__(self, start: datetime) -> None:
        self._start = self._now = start

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        """Return the seconds that have passed."""
        return (self._now - self._start).total_seconds()

    def advance(self, by: timedelta) -> None:
        self._now += by

    def move_to(self, moment: datetime) -> None:
        """Move on to a moment; one that is past changes nothing."""
        self._now = max(self._now, moment)
