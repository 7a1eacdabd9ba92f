"""The worker: it claims a message, hands it over and records the result. A message that fails stops no other."""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery import claims, holds, outages, sweeping
from advocacy.delivery.claims import LEASE, Result
from advocacy.delivery.handover import DATABASE_ERRORS, Handover
from advocacy.delivery.models import ERASED, Actor, Message
from advocacy.delivery.outages import Outage
from advocacy.delivery.outbox import locked
from advocacy.delivery.provider import Kind, Provider
from advocacy.delivery.states import State
from advocacy.erasure_ledger import note_moved

__all__ = ["LEASE", "Worker"]

log = logging.getLogger(__name__)

WRITE_AGAIN_AFTER_S = (0.1, 1.0, 5.0)
"""After how many seconds a result is written again that the database did not take: a restart of it costs no copy."""
NOTIFIED = frozenset({State.ACCEPTED, State.DELIVERED, State.BOUNCED, State.FAILED, State.CANCELLED})
"""The states of which a message's kind is told."""


class Worker:
    """Delivers by one provider, in one thread. `chance` returns numbers in [0, 1); `on_alert` gets one sentence.

    `on_erased` is called when a message was erased while it was handed over.
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
        on_erased: Callable[[], None] = lambda: None,
    ) -> None:
        self._sessions, self._provider, self._kinds, self._now = sessions, provider, kinds, now
        self._on_alert, self._on_erased, self._per_hour = on_alert, on_erased, per_hour
        self._handover = Handover(sessions, provider, kinds, now, chance)

    def deliver(self) -> bool:
        """Deliver the message that leaves first; False when none may leave now."""
        message = claims.claim(self._sessions, now=self._now(), per_hour=self._per_hour)
        if message is None:
            return False
        self._record(message, self._handover.hand_over(message))
        return True

    def sweep(self) -> None:
        """Take up what lost workers left behind."""
        sweeping.sweep(self._sessions, now=self._now(), on_move=self.notify)

    def notify(self, session: Session, message: Message, state: State) -> None:
        """Notify a message's kind which state it moved to; that this fails does not undo what happened."""
        if state not in NOTIFIED:
            return
        try:
            with session.begin_nested():
                self._kinds[message.kind].on_moved(session, [(message.ref, state)], self._now())
        except Exception as error:
            kind, ref, name = message.kind, message.ref, type(error).__name__
            log.error("%s %s moved to %s, and nobody could be told (%s)", kind, ref, state, name)

    def close(self) -> None:
        self._provider.close()

    def _record(self, message: Message, result: Result) -> None:
        """Record a result; where the database stays away, the sweep finds the message when its lease runs out."""
        for seconds in WRITE_AGAIN_AFTER_S:
            try:
                return self._write(message, result)
            except DATABASE_ERRORS:
                time.sleep(seconds)
        return self._write(message, result)

    def _write(self, claimed: Message, result: Result) -> None:
        now, alerts = self._now(), list[str]()
        with self._sessions.begin() as session:
            result, outage = self._follow_provider(session, claimed, result, now=now)
            message = locked(session, claimed.id)
            was_erased = result.reason == ERASED or (message is not None and message.reason == ERASED)
            state = None
            if message is not None:
                state = claims.record(session, message, result, attempt=claimed.attempt, now=now)
            if message is not None and state is not None:
                session.flush()
                self.notify(session, message, state)
            if result.holds and holds.hold(session, result.reason, now=now, by=Actor.WORKER):
                refuses = f"{self._provider.name} refuses this site ({result.reason})"
                alerts.append(f"sending is paused: {holds.OWN_REASONS.get(result.reason, refuses)}")
            if result.refused and holds.hold_after_refusals(session, now=now):
                alerts.append(f"sending is paused: {holds.OWN_REASONS[holds.REFUSALS_IN_A_ROW]}")
        if state is not None:
            self._note_moved(session, claimed, state, now=now)
        if outage is not None:
            alerts.append(self._outage_news(outage))
        for alert in alerts:
            self._on_alert(alert)
        if was_erased:
            self._on_erased()

    def _follow_provider(
        self, session: Session, message: Message, result: Result, *, now: datetime
    ) -> tuple[Result, Outage | None]:
        """Record whether the provider failed or answered; return the result, and an outage that began or is over."""
        if result.failure is None:
            return result, outages.end(session) if result.reached else None
        row, began = outages.note_failure(session, result.failure, now=now)
        is_out = row.rest_until > now or result.failure.asked is not None
        return self._handover.failed(message, result, until=row.rest_until, is_out=is_out), began

    def _outage_news(self, outage: Outage) -> str:
        since = f"since {outage.since:%Y-%m-%d %H:%M} UTC"
        waits = f"takes no mail {since} ({outage.reason}); everything waits and is tried again"
        return f"{self._provider.name} {f'takes mail again; it took none {since}' if outage.is_over else waits}"

    def _note_moved(self, session: Session, message: Message, state: State, *, now: datetime) -> None:
        """Note what was written in the erasure ledger; where that fails, a restored site asks a person about it."""
        try:
            note_moved(session, state, [(message.kind, message.ref, message.public_id)], now=now, lasts=True)
        except OSError as error:
            log.error("the result of message %d is not in the erasure ledger (%s)", message.id, error.strerror)
