"""What came of claims is kept until it is written: in one transaction, or each by itself where one of them is bad."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import immediate
from advocacy.delivery import backoff, claims, holds, outages, refusals
from advocacy.delivery.claims import Result
from advocacy.delivery.handover import AWAY, GAVE_UP, Kind
from advocacy.delivery.models import ERASED, By
from advocacy.delivery.outages import MIN_TRIES, PUT_OFF, Failure, Outage
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
            holding = [one for one in results if one.holds and holds.hold(session, one.reason, now=now, by=By.WORKER)]
            refused = [one for one in results if one.refused]
            if refused and refusals.hold_after_many(session, self._kinds, now=now):
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
                    until = max(until, now + backoff.delay(1, chance=self._chance()))
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
        if tries >= backoff.MOST_TRIES:
            return replace(one, state=State.NEEDS_STAFF, reason=GAVE_UP, counts=True)
        return replace(one, counts=True, due_at=now + backoff.delay(tries, chance=self._chance()))

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
                self._kinds[kind].told(session, moved, self._now())
        except Exception as error:
            said = ", ".join(f"{ref} came to {state}" for ref, state in moved)
            log.error("%s %s, and nobody could be told (%s)", kind, said, type(error).__name__)
            return False
        return True
