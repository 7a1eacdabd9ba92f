"""The worker: claim, hand over, write down what came of it. What is wrong with one message stops no other."""

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery import claims, holds, sweeping
from advocacy.delivery.claims import LEASE, Claim, Result, given_back
from advocacy.delivery.handover import Content, Handover, Kind, Told
from advocacy.delivery.models import Message
from advocacy.delivery.outages import Outage
from advocacy.delivery.provider import Provider
from advocacy.delivery.states import State
from advocacy.delivery.written import Results

__all__ = ["LEASE", "Content", "Kind", "Told", "Worker"]

BEGUN_WITHIN = 60.0
"""How many seconds after the claim a message may still be handed over: what is left then is given back."""
MOST_AT_ONCE = 20
"""How many messages a worker has in hand at most: so many become uncertain when it is killed."""
MOST_UNWRITTEN = 10
"""How many of those may have left already: so many leave a second time, where no report proves the first."""
A_MOMENT = 0.5
"""Seconds that what was accepted may stay unwritten; no more is claimed than leaves in them."""
FRESH = 1.0
"""How many seconds old a message's content may be when it leaves: what is erased meanwhile must not leave."""
GLANCE = 0.2
"""How many seconds ago a message was last seen not to be erased: one look serves all that leave in this time."""


def do_nothing() -> None:
    """Do nothing about what was erased."""


def never() -> bool:
    """Never stop."""
    return False


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment, by the clock and in seconds of the monotonic clock, which stands still while the machine sleeps."""

    clock: datetime
    monotonic: float


class Worker:
    """Delivers by one provider, in one thread. `chance` gives numbers in [0, 1); `on_alert` gets one sentence.

    `on_erased` is called when a message was erased while it was handed over; nothing more is handed over while
    `is_stopping` says so. `now` dates what is written; `monotonic`, in seconds, measures what passes in this process,
    so that a clock that is set right in between changes nothing of that.
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        provider: Provider,
        kinds: Mapping[str, Kind],
        *,
        now: Callable[[], datetime],
        chance: Callable[[], float],
        on_alert: Callable[[str], None],
        per_hour: int,
        on_erased: Callable[[], None] = do_nothing,
        is_stopping: Callable[[], bool] = never,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sessions, self._provider, self._now, self._monotonic = sessions, provider, now, monotonic
        self._handover = Handover(sessions, provider, kinds, now, chance)
        self._results = Results(
            sessions,
            kinds,
            now=now,
            chance=chance,
            on_hold=self._alert,
            on_outage=self._alert_outage,
            on_erased=on_erased,
        )
        self._on_alert, self._per_hour = on_alert, per_hour
        self._is_stopping = is_stopping
        self._at_once = 1

    def deliver(self) -> bool:
        """Deliver messages that are due, as many as leave in a moment; False when there is none.

        False, too, while the provider wants to be left alone.
        """
        began = self._moment()
        taken = self._deliver(self._at_once)
        took = self._seconds_since(began)
        if taken == self._at_once and took < A_MOMENT / 2:
            self._at_once = min(2 * self._at_once, MOST_AT_ONCE)
        elif took > A_MOMENT:
            self._at_once = max(self._at_once // 2, 1)
        return taken > 0

    def deliver_one(self) -> bool:
        """Deliver the message longest due, alone."""
        return self._deliver(1) > 0

    def sweep(self) -> None:
        """Take up what lost workers left behind, and spread what a pause has bunched."""
        sweeping.sweep(self._sessions, now=self._now(), per_hour=self._per_hour, on_move=self.tell)

    def tell(self, session: Session, message: Message, state: State) -> None:
        """Tell whoever put a message where it came to; that they fail does not undo what happened."""
        self._results.tell(session, [(message.kind, message.ref, state)])

    def close(self) -> None:
        """Let go of the provider's connections."""
        self._provider.close()

    def _deliver(self, most: int) -> int:
        """Claim, hand over and write; give how many were claimed. While a result cannot be written nothing is."""
        self._results.write()
        claimed_at = self._moment()
        held = claims.claim_some(self._sessions, now=self._now(), lease=LEASE, most=most)
        if held:
            self._hand_over(held, claimed_at=claimed_at)
        return len(held)

    def _hand_over(self, held: Sequence[Claim], *, claimed_at: Moment) -> None:
        made, left = self._handover.made(held), deque(held)
        made_at = written_at = looked_at = self._moment()
        try:
            while left and self._may_go_on(claimed_at):
                if self._seconds_since(made_at) > FRESH:
                    made, made_at = self._handover.made(left), self._moment()
                    looked_at = made_at
                elif self._seconds_since(looked_at) > GLANCE:
                    made, looked_at = self._handover.looked_over(left, made), self._moment()
                claim = left.popleft()
                result = self._handover.result(claim, made[claim.message_id])
                self._results.keep(result)
                if result.refused:  # at once, so that other processes see it before they are refused as often
                    self._results.write()
                    if self._results.found_hold:
                        break
                if result.holds or result.failure is not None:
                    break
                if left and (len(self._results) >= MOST_UNWRITTEN or self._seconds_since(written_at) >= A_MOMENT):
                    self._results.write()
                    written_at = self._moment()
        except Exception:
            self._results.keep(*map(given_back, left))
            raise
        except BaseException:  # this process is told to end at once: it writes no later what came of the others
            self._results.keep(*map(given_back, left))
            with suppress(Exception):
                self._results.write()
            raise
        self._results.keep(*map(given_back, left))
        self._results.write()

    def _may_go_on(self, claimed_at: Moment) -> bool:
        return not self._is_stopping() and self._seconds_since(claimed_at) < BEGUN_WITHIN

    def _moment(self) -> Moment:
        return Moment(self._now(), self._monotonic())

    def _seconds_since(self, moment: Moment) -> float:
        """Return the seconds since a moment: a clock set back does not count, and a machine that slept has aged."""
        return max(self._monotonic() - moment.monotonic, (self._now() - moment.clock).total_seconds())

    def _alert(self, result: Result) -> None:
        away = f"{self._provider.name} refuses this site ({result.reason})"
        self._on_alert(f"sending is paused: {holds.OURS.get(result.reason, away)}")

    def _alert_outage(self, outage: Outage) -> None:
        since = f"since {outage.since:%Y-%m-%d %H:%M} UTC"
        if outage.is_over:
            self._on_alert(f"{self._provider.name} takes mail again; it took none {since}")
        else:
            self._on_alert(
                f"{self._provider.name} takes no mail {since} ({outage.reason}); everything waits and is tried again"
            )
