"""The worker: claim, hand over, write down what came of it. What is wrong with one message stops no other."""

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
from advocacy.delivery.claims import LEASE, Claim, Result, given_back
from advocacy.delivery.handover import AWAY, GAVE_UP, Handover
from advocacy.delivery.models import ERASED, Actor, Message
from advocacy.delivery.outages import MIN_TRIES, PUT_OFF, Failure, Outage
from advocacy.delivery.provider import Kind, Provider
from advocacy.delivery.states import State

log = logging.getLogger(__name__)

WORTH_TELLING = frozenset({State.ACCEPTED, State.DELIVERED, State.BOUNCED, State.FAILED, State.CANCELLED})


class Results:
    """The results of one worker that are still to be written.

    `on_hold` gets the one that held the outbox, `on_outage` an outage of the provider when it begins and when it is
    over; `on_erased` is called when one was of a message erased meanwhile. `chance` gives numbers in [0, 1).
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        kinds: Mapping[str, Kind],
        *,
        now: Callable[[], datetime],
        chance: Callable[[], float],
        on_hold: Callable[[Result], None],
        on_outage: Callable[[Outage], None],
        on_erased: Callable[[], None],
    ) -> None:
        self._sessions, self._kinds, self._now, self._chance = sessions, kinds, now, chance
        self._on_hold, self._on_outage, self._on_erased = on_hold, on_outage, on_erased
        self._kept: list[Result] = []
        self.found_hold = False
        """Whether the outbox was held when a refusal was last written."""

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, *results: Result) -> None:
        """Keep results to be written."""
        self._kept += results

    def write(self) -> None:
        """Write what is kept; while the database is away it stays kept, and what the database said is raised."""
        if len(self._kept) > 1:
            try:
                self._write(self._kept)
            except AWAY:
                raise
            except Exception as error:
                log.warning("%d results cannot be written together (%s)", len(self._kept), type(error).__name__)
            else:
                self._kept = []
        while self._kept:
            self._write_alone(self._kept[0])
            del self._kept[0]

    def tell(self, session: Session, moved: Sequence[tuple[str, str, State]]) -> None:
        """Tell whoever put messages, by kind and ref, where they came to; that they fail undoes nothing that happened.

        All of a kind hear together; where that fails, each by itself.
        """
        some: dict[str, list[tuple[str, State]]] = {}
        for kind, ref, state in moved:
            if state in WORTH_TELLING:
                some.setdefault(kind, []).append((ref, state))
        for kind, these in some.items():
            if not self._told(session, kind, these) and len(these) > 1:
                for one in these:
                    self._told(session, kind, [one])

    def _write_alone(self, result: Result) -> None:
        try:
            self._write([result])
        except AWAY:
            raise
        except Exception as error:
            # The sweep finds the message when its lease runs out.
            log.error("what came of message %d is lost (%s)", result.claim.message_id, type(error).__name__)

    def _write(self, results: Sequence[Result]) -> None:
        now = self._now()
        with immediate(self._sessions) as session:
            results, outage = self._with_rests(session, results, now=now)
            moved = claims.record_all(session, results, now=now)
            erased = claims.found_erased(session) or any(one.reason == ERASED for one in results)
            self.tell(session, [(claim.kind, claim.ref, state) for claim, state in moved])
            holding = [
                one for one in results if one.holds and holds.hold(session, one.reason, now=now, by=Actor.WORKER)
            ]
            refused = [one for one in results if one.refused]
            if refused and holds.hold_after_many(session, self._kinds, now=now):
                holding.append(replace(refused[-1], reason=holds.REFUSALS_IN_A_ROW))
            self.found_hold = bool(refused) and holds.held(session) is not None
            outage = self._put_off_all(session, results, now=now) or outage
        for result in holding:
            self._on_hold(result)
        if outage is not None:
            self._on_outage(outage)
        if erased:
            self._on_erased()

    def _with_rests(
        self, session: Session, results: Sequence[Result], *, now: datetime
    ) -> tuple[Sequence[Result], Outage | None]:
        """Write down where the provider failed or is back; return the results, and an outage that began or is over.

        What the provider did not take is due when it may be asked again: other messages are tried before it. What is
        to blame itself uses up an attempt and waits for itself alone.
        """
        followed, news = [], None
        for one in results:
            if one.failure is not None and self._is_its_own(session, one, one.failure, now=now):
                if one.claim.probes:
                    outages.end_probe(session, now)
                followed.append(self._put_off_alone(one, now=now))
            elif one.failure is not None:
                until, began = outages.note_failure(
                    session,
                    one.failure,
                    one.claim.message_id,
                    probed=bool(one.claim.probes),
                    now=now,
                    chance=self._chance,
                )
                news = began or news
                if one.failure.at_recipient:
                    until = max(until, now + outages.retry_delay(1, chance=self._chance()))
                followed.append(replace(one, due_at=until))
            else:
                if one.claim.probes and one.reached:
                    news = outages.end(session) or news
                elif one.claim.probes:
                    outages.end_probe(session, now)
                followed.append(one)
        return followed, news

    def _is_its_own(self, session: Session, one: Result, failure: Failure, *, now: datetime) -> bool:
        return one.state is State.READY and outages.is_its_own(session, one.claim.message_id, failure, now=now)

    def _put_off_alone(self, one: Result, *, now: datetime) -> Result:
        tries = one.claim.tries + 1
        if tries >= outages.MAX_TRIES:
            return replace(one, state=State.NEEDS_STAFF, reason=GAVE_UP, counts=True)
        return replace(one, counts=True, due_at=now + outages.retry_delay(tries, chance=self._chance()))

    def _put_off_all(self, session: Session, results: Sequence[Result], *, now: datetime) -> Outage | None:
        """Leave the provider alone that puts off one message after the other; return an outage that begins with this.

        Looked for only after a message that was put off often, which is rare.
        """
        often = (one.counts and one.state is State.READY and one.claim.tries + 1 >= MIN_TRIES for one in results)
        if not any(often) or not outages.puts_all_off(session):
            return None
        _, began = outages.note_failure(session, Failure(PUT_OFF), None, probed=False, now=now, chance=self._chance)
        return began

    def _told(self, session: Session, kind: str, moved: Sequence[tuple[str, State]]) -> bool:
        try:
            with session.begin_nested():
                self._kinds[kind].on_moved(session, moved, self._now())
        except Exception as error:
            said = ", ".join(f"{ref} came to {state}" for ref, state in moved)
            log.error("%s %s, and nobody could be told (%s)", kind, said, type(error).__name__)
            return False
        return True


__all__ = ["LEASE", "Worker"]

MAX_CLAIM_AGE_S = 60.0
"""How many seconds after the claim a message may still be handed over: what is left then is given back."""
MAX_BATCH = 20
"""How many messages a worker has in hand at most: so many become uncertain when it is killed."""
MAX_UNWRITTEN = 10
"""How many of those may have left already: so many leave a second time, where no report proves the first."""
FLUSH_INTERVAL_S = 0.5
"""Seconds that what was accepted may stay unwritten; no more is claimed than leaves in them."""
MAX_CONTENT_AGE_S = 1.0
"""How many seconds old a message's content may be when it leaves: what is erased meanwhile must not leave."""
ERASURE_CHECK_INTERVAL_S = 0.2
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
        if taken == self._at_once and took < FLUSH_INTERVAL_S / 2:
            self._at_once = min(2 * self._at_once, MAX_BATCH)
        elif took > FLUSH_INTERVAL_S:
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
                if self._seconds_since(made_at) > MAX_CONTENT_AGE_S:
                    made, made_at = self._handover.made(left), self._moment()
                    looked_at = made_at
                elif self._seconds_since(looked_at) > ERASURE_CHECK_INTERVAL_S:
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
                if left and (
                    len(self._results) >= MAX_UNWRITTEN or self._seconds_since(written_at) >= FLUSH_INTERVAL_S
                ):
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
        return not self._is_stopping() and self._seconds_since(claimed_at) < MAX_CLAIM_AGE_S

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
