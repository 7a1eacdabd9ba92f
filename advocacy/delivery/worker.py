"""The worker: it claims messages, hands them over and records the results. A message that fails stops no other."""

import logging
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import immediate
from advocacy.delivery import claims, holds, outages, sweeping
from advocacy.delivery.claims import LEASE, Claim, Result
from advocacy.delivery.handover import DATABASE_ERRORS, GAVE_UP, Handover
from advocacy.delivery.models import ERASED, Actor, Message
from advocacy.delivery.outages import DEFERRED, MIN_TRIES, Failure, Outage
from advocacy.delivery.provider import Kind, Provider
from advocacy.delivery.states import State
from advocacy.erasure_ledger import note_moved

__all__ = ["LEASE", "Worker"]

log = logging.getLogger(__name__)

MAX_CLAIM_AGE_S = 60.0
"""How many seconds after the claim a message may still be handed over: what is left then is due again."""
MAX_BATCH = 20
"""How many messages a worker claims at once: so many become uncertain when it is killed."""
MAX_UNWRITTEN = 10
"""How many of those may have left already: so many leave a second time, where no report proves the first."""
FLUSH_INTERVAL_S = 0.5
"""How long a result may stay unwritten; no more is claimed than leaves in this time."""
MAX_CONTENT_AGE_S = 1.0
"""How old a message's content may be when it leaves: what is erased meanwhile must not leave."""
ERASURE_CHECK_INTERVAL_S = 0.2
"""How long ago a message was last seen not to be erased: one look serves all that leave in this time."""
NOTIFIED = frozenset({State.ACCEPTED, State.DELIVERED, State.BOUNCED, State.FAILED, State.CANCELLED})
"""The states of which a message's kind is told."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment, by the clock and in seconds of the monotonic clock, which stands still while the machine sleeps."""

    clock: datetime
    monotonic: float


class Worker:
    """Delivers by one provider, in one thread. `chance` returns numbers in [0, 1); `on_alert` gets one sentence.

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
        on_erased: Callable[[], None] = lambda: None,
        is_stopping: Callable[[], bool] = lambda: False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sessions, self._provider, self._kinds = sessions, provider, kinds
        self._now, self._chance, self._monotonic = now, chance, monotonic
        self._on_alert, self.on_erased, self._is_stopping = on_alert, on_erased, is_stopping
        self._per_hour = per_hour
        self._handover = Handover(sessions, provider, kinds, now, chance)
        self._batch = 1
        self._results: list[Result] = []
        """Results that are still to be written."""
        self._is_held = False
        """Whether the outbox was held when a refusal was last written."""

    def deliver(self) -> bool:
        """Deliver as many due messages as leave in FLUSH_INTERVAL_S; False when there is none.

        False, too, while the provider is left alone.
        """
        began = self._moment()
        claimed = self._deliver(self._batch)
        took = self._seconds_since(began)
        if claimed == self._batch and took < FLUSH_INTERVAL_S / 2:
            self._batch = min(2 * self._batch, MAX_BATCH)
        elif took > FLUSH_INTERVAL_S:
            self._batch = max(self._batch // 2, 1)
        return claimed > 0

    def deliver_one(self) -> bool:
        """Deliver the message longest due, alone."""
        return self._deliver(1) > 0

    def sweep(self) -> None:
        """Take up what lost workers left behind, and spread what a pause has bunched."""
        sweeping.sweep(self._sessions, now=self._now(), per_hour=self._per_hour, on_move=self.notify)

    def notify(self, session: Session, message: Message, state: State) -> None:
        """Notify a message's kind which state it moved to; that this fails does not undo what happened."""
        self._notify_all(session, [(message.kind, message.ref, state)])

    def close(self) -> None:
        self._provider.close()

    def _deliver(self, limit: int) -> int:
        """Claim, hand over and write; return how many were claimed. While a result cannot be written nothing is."""
        self._write_results()
        claimed_at = self._moment()
        claimed = claims.claim_some(self._sessions, now=self._now(), lease=LEASE, limit=limit)
        if claimed:
            self._hand_over(claimed, claimed_at=claimed_at)
        return len(claimed)

    def _hand_over(self, claimed: Sequence[Claim], *, claimed_at: Moment) -> None:
        contents, left = self._handover.contents(claimed), deque(claimed)
        made_at = written_at = looked_at = self._moment()
        try:
            while left and not self._is_stopping() and self._seconds_since(claimed_at) < MAX_CLAIM_AGE_S:
                if self._seconds_since(made_at) > MAX_CONTENT_AGE_S:
                    contents, made_at = self._handover.contents(left), self._moment()
                    looked_at = made_at
                elif self._seconds_since(looked_at) > ERASURE_CHECK_INTERVAL_S:
                    contents, looked_at = self._handover.without_erased(left, contents), self._moment()
                claim = left.popleft()
                result = self._handover.hand_over(claim, contents[claim.message_id])
                self._results.append(result)
                if result.refused:  # at once, so that other processes see it before they are refused as often
                    self._write_results()
                    if self._is_held:
                        break
                if result.holds or result.failure is not None:
                    break
                if left and (
                    len(self._results) >= MAX_UNWRITTEN or self._seconds_since(written_at) >= FLUSH_INTERVAL_S
                ):
                    self._write_results()
                    written_at = self._moment()
        except Exception:
            self._results += map(Result.not_attempted, left)
            raise
        except BaseException:  # this process is told to end at once: it writes no later what came of the others
            self._results += map(Result.not_attempted, left)
            with suppress(Exception):
                self._write_results()
            raise
        self._results += map(Result.not_attempted, left)
        self._write_results()

    def _write_results(self) -> None:
        """Write the results together, or each by itself where one of them cannot be written.

        While the database is away they are kept, and its error is raised.
        """
        if len(self._results) > 1:
            try:
                self._write(self._results)
            except DATABASE_ERRORS:
                raise
            except Exception as error:
                log.warning("%d results cannot be written together (%s)", len(self._results), type(error).__name__)
            else:
                self._results = []
        while self._results:
            try:
                self._write(self._results[:1])
            except DATABASE_ERRORS:
                raise
            except Exception as error:
                # The sweep finds the message when its lease runs out.
                log.error(
                    "the result of message %d is lost (%s)", self._results[0].claim.message_id, type(error).__name__
                )
            del self._results[0]

    def _write(self, results: Sequence[Result]) -> None:
        now = self._now()
        with immediate(self._sessions) as session:
            results, outage = self._follow_failures(session, results, now=now)
            moved, was_erased = claims.record_all(session, results, now=now)
            self._notify_all(session, [(claim.kind, claim.ref, state) for claim, state in moved])
            reasons = [
                one.reason for one in results if one.holds and holds.hold(session, one.reason, now=now, by=Actor.WORKER)
            ]
            refused = any(one.refused for one in results)
            if refused and holds.hold_after_refusals(session, self._kinds, now=now):
                reasons.append(holds.REFUSALS_IN_A_ROW)
            self._is_held = refused and holds.current(session) is not None
            outage = self._follow_deferrals(session, results, now=now) or outage
        self._note_moved(session, moved, now=now)
        for reason in reasons:
            refuses = f"{self._provider.name} refuses this site ({reason})"
            self._on_alert(f"sending is paused: {holds.OWN_REASONS.get(reason, refuses)}")
        if outage is not None:
            since = f"since {outage.since:%Y-%m-%d %H:%M} UTC"
            waits = f"takes no mail {since} ({outage.reason}); everything waits and is tried again"
            news = f"takes mail again; it took none {since}" if outage.is_over else waits
            self._on_alert(f"{self._provider.name} {news}")
        if was_erased or any(one.reason == ERASED for one in results):
            self.on_erased()

    def _note_moved(self, session: Session, moved: Sequence[tuple[Claim, State]], *, now: datetime) -> None:
        """Note what was written in the erasure ledger; where that fails, a restored site asks a person about these."""
        by_state: dict[State, list[Claim]] = {}
        for claim, state in moved:
            by_state.setdefault(state, []).append(claim)
        try:
            for state, some in by_state.items():
                messages = [(claim.kind, claim.ref, claim.public_id) for claim in some]
                note_moved(session, state, messages, now=now, lasts=True)
        except OSError as error:
            log.error("%d results are not in the erasure ledger (%s)", len(moved), error.strerror)

    def _follow_failures(
        self, session: Session, results: Sequence[Result], *, now: datetime
    ) -> tuple[Sequence[Result], Outage | None]:
        """Record where the provider failed or is back; return the results, and an outage that began or is over.

        What the provider did not take is due when it may be asked again: other messages are tried before it. A message
        that is to blame itself uses up an attempt, and waits alone.
        """
        followed, news = [], None
        for one in results:
            probes, message_id = bool(one.claim.probes), one.claim.message_id
            if one.failure is None:
                if probes and one.reached:
                    news = outages.end(session) or news
                elif probes:
                    outages.end_probe(session, now)
                followed.append(one)
            elif one.state is State.READY and outages.is_about_message(session, message_id, one.failure, now=now):
                if probes:
                    outages.end_probe(session, now)
                tries = one.claim.tries + 1
                if tries >= outages.MAX_TRIES:
                    followed.append(replace(one, state=State.NEEDS_STAFF, reason=GAVE_UP, counts=True))
                else:
                    due_at = now + outages.retry_delay(tries, chance=self._chance())
                    followed.append(replace(one, counts=True, due_at=due_at))
            else:
                until, began = outages.note_failure(
                    session, one.failure, message_id, probed=probes, now=now, chance=self._chance
                )
                news = began or news
                if one.failure.at_recipient:
                    until = max(until, now + outages.retry_delay(1, chance=self._chance()))
                followed.append(replace(one, due_at=until))
        return followed, news

    def _follow_deferrals(self, session: Session, results: Sequence[Result], *, now: datetime) -> Outage | None:
        """Leave a provider alone that defers one message after the other; return an outage that begins with this.

        Looked for only after a message that was deferred often, which is rare.
        """
        often = (one.counts and one.state is State.READY and one.claim.tries + 1 >= MIN_TRIES for one in results)
        if not any(often) or not outages.defers_everything(session):
            return None
        _, began = outages.note_failure(session, Failure(DEFERRED), None, probed=False, now=now, chance=self._chance)
        return began

    def _notify_all(self, session: Session, moved: Sequence[tuple[str, str, State]]) -> None:
        """Notify each kind which states its messages moved to: all of a kind together; where that fails, each alone."""
        by_kind: dict[str, list[tuple[str, State]]] = {}
        for kind, ref, state in moved:
            if state in NOTIFIED:
                by_kind.setdefault(kind, []).append((ref, state))
        for kind, some in by_kind.items():
            if not self._notify_kind(session, kind, some) and len(some) > 1:
                for one in some:
                    self._notify_kind(session, kind, [one])

    def _notify_kind(self, session: Session, kind: str, moved: Sequence[tuple[str, State]]) -> bool:
        try:
            with session.begin_nested():
                self._kinds[kind].on_moved(session, moved, self._now())
        except Exception as error:
            moves = ", ".join(f"{ref} moved to {state}" for ref, state in moved)
            log.error("%s %s, and nobody could be told (%s)", kind, moves, type(error).__name__)
            return False
        return True

    def _moment(self) -> Moment:
        return Moment(self._now(), self._monotonic())

    def _seconds_since(self, moment: Moment) -> float:
        """Return the seconds since a moment: a clock set back does not count, and a machine that slept has aged."""
        return max(self._monotonic() - moment.monotonic, (self._now() - moment.clock).total_seconds())
