"""The worker: claim, hand over, write down what came of it. What is wrong with one message stops no other."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery import claims, holds, sweeping
from advocacy.delivery.claims import Claim, Result, given_back
from advocacy.delivery.handover import Content, Handover, Kind, Told
from advocacy.delivery.models import Message
from advocacy.delivery.provider import Provider
from advocacy.delivery.states import State
from advocacy.delivery.written import Results

__all__ = ["Content", "Kind", "Told", "Worker"]

LEASE = timedelta(minutes=2)
"""Longer than composing messages takes, the time in which they are handed over, and the 30 s a provider may take."""
BEGUN_WITHIN = timedelta(minutes=1)
"""How long after the claim a message may still be handed over: what is left then is given back."""
MOST_AT_ONCE = 20
"""How many messages a worker has in hand at most: so many become uncertain when it is killed."""
MOST_UNWRITTEN = 10
"""How many of those may have left already: so many leave a second time, where no report proves the first."""
A_MOMENT = timedelta(seconds=0.5)
"""How long what was accepted may stay unwritten while others are handed over; no more is claimed than leaves in it."""
FRESH = timedelta(seconds=1)
"""How old the content of a message may be when it is handed over: what is erased meanwhile must not leave."""
GLANCE = timedelta(milliseconds=200)
"""How long ago a message was last seen not to be erased: one look serves all that leave in this time."""


def do_nothing() -> None:
    """Do nothing about what was erased."""


def never() -> bool:
    """Never stop."""
    return False


class Worker:
    """Delivers by one provider, in one thread. `chance` gives numbers in [0, 1); `on_alert` gets one sentence.

    `on_erased` is called when a message was erased while it was handed over; nothing more is handed over while
    `is_stopping` says so.
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
    ) -> None:
        self._sessions, self._provider, self._now = sessions, provider, now
        self._handover = Handover(sessions, provider, kinds, now, chance)
        self._results = Results(sessions, kinds, now=now, on_hold=self._alert, on_erased=on_erased)
        self._on_alert, self._per_hour = on_alert, per_hour
        self._is_stopping = is_stopping
        self._at_once, self._rests = 1, 0
        self._rest_until = now()

    def deliver(self) -> bool:
        """Deliver messages that are due, as many as leave in a moment; False when there is none.

        False, too, while the provider wants to be left alone.
        """
        began = self._now()
        taken = self._deliver(self._at_once)
        took = self._now() - began
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
        now = self._now()
        if now < self._rest_until:
            return 0
        held = claims.claim_some(self._sessions, now=now, lease=LEASE, most=most)
        if held:
            self._hand_over(held, claimed_at=now)
        return len(held)

    def _hand_over(self, held: Sequence[Claim], *, claimed_at: datetime) -> None:
        made, left = self._handover.made(held), deque(held)
        made_at = written_at = looked_at = self._now()
        try:
            while left and self._may_go_on(claimed_at):
                if self._now() - made_at > FRESH:
                    made, made_at = self._handover.made(left), self._now()
                    looked_at = made_at
                elif self._now() - looked_at > GLANCE:
                    made, looked_at = self._handover.looked_over(left, made), self._now()
                claim = left.popleft()
                result = self._handover.result(claim, made[claim.message_id], rests=self._rests)
                self._results.keep(result)
                self._rest(result)
                if result.refused:  # at once, so that other processes see it before they are refused as often
                    self._results.write()
                    if self._results.found_hold:
                        break
                if result.holds:
                    break
                if left and (len(self._results) >= MOST_UNWRITTEN or self._now() - written_at >= A_MOMENT):
                    self._results.write()
                    written_at = self._now()
        finally:
            self._results.keep(*map(given_back, left))
        self._results.write()

    def _may_go_on(self, claimed_at: datetime) -> bool:
        now = self._now()
        return not self._is_stopping() and self._rest_until <= now < claimed_at + BEGUN_WITHIN

    def _rest(self, result: Result) -> None:
        """Leave the provider alone for as long as it wants, and count how often in a row, until it takes a message."""
        if result.rest_until is not None:
            self._rest_until, self._rests = result.rest_until, self._rests + 1
        elif result.state is State.ACCEPTED:
            self._rests = 0

    def _alert(self, result: Result) -> None:
        away = f"{self._provider.name} refuses this site ({result.reason})"
        self._on_alert(f"sending is paused: {holds.OURS.get(result.reason, away)}")
