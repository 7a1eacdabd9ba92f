"""A mail provider that takes mail from a rehearsal, fails as real ones do, and sends nothing to anyone."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from advocacy.delivery.provider import Accepted, Envelope, Event, TryLater, Unknown
from advocacy.delivery.states import State
from advocacy.rehearsal.simulated_clock import SimulatedClock

TOO_MANY, SERVER_ERROR, TIMEOUT, LOST_ANSWER, OUTAGE = "http_429", "http_500", "timeout", "lost_answer", "outage"
SHARES = {TOO_MANY: 0.01, SERVER_ERROR: 0.01, TIMEOUT: 0.005, LOST_ANSWER: 0.01}
"""How many mails meet each fault."""
RETRY_AFTER = timedelta(seconds=30)
WAIT_FOR_ANSWER = timedelta(seconds=30)
REPORT_DELAY = timedelta(minutes=2)
"""After which the provider reports that a mail arrived."""
OUTAGE_LASTS = timedelta(minutes=20)


class FaultyProvider:
    """Takes every mail in the end, and reports each as delivered; an outage begins at `outage_at`.

    A mail whose answer was lost was taken in one half of the cases. `times_taken` counts mails by their id;
    `on_taken` gets each mail when it is taken first.
    """

    name = "rehearsal"
    rehearses = True

    def __init__(
        self, clock: SimulatedClock, random: Random, *, outage_at: datetime, on_taken: Callable[[Envelope], None]
    ) -> None:
        self._clock, self._random, self._outage_at, self._on_taken = clock, random, outage_at, on_taken
        self.times_taken: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self._reports: list[Event] = []

    def send(self, envelope: Envelope) -> Accepted:
        """Take a mail, or fail; raises TryLater and Unknown."""
        if self._outage_at <= self._clock.now() < self._outage_at + OUTAGE_LASTS:
            self.faults[OUTAGE] += 1
            raise TryLater(SERVER_ERROR, counts=False)
        names, shares = [*SHARES, ""], [*SHARES.values(), 1 - sum(SHARES.values())]
        [fault] = self._random.choices(names, shares)
        if fault:
            self.faults[fault] += 1
        match fault:
            case "http_429":
                raise TryLater(fault, after=RETRY_AFTER, counts=False)
            case "http_500":
                raise TryLater(fault, counts=False)
            case "timeout":
                self._clock.advance(WAIT_FOR_ANSWER)
                raise TryLater(fault, counts=False)
            case "lost_answer":
                self._clock.advance(WAIT_FOR_ANSWER)
                if self._random.random() < 0.5:
                    self._take(envelope)
                raise Unknown(fault)
        self._take(envelope)
        return Accepted(envelope.id)

    def close(self) -> None:
        """Nothing is open."""

    def due_reports(self) -> list[Event]:
        """Return the reports that are due by now, each once."""
        now = self._clock.now()
        due = [one for one in self._reports if one.at <= now]
        self._reports = [one for one in self._reports if one.at > now]
        return due

    @property
    def next_report_at(self) -> datetime | None:
        """When the next report is due, None where none is."""
        return min((one.at for one in self._reports), default=None)

    def _take(self, envelope: Envelope) -> None:
        self.times_taken[envelope.id] += 1
        number, at = self.times_taken[envelope.id], self._clock.now() + REPORT_DELAY
        self._reports.append(Event(f"{envelope.id}-{number}", envelope.id, State.DELIVERED, at, "delivered"))
        if number == 1:
            self._on_taken(envelope)
