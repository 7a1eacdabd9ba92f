"""Hands claimed messages to the provider, and turns its answers into results."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery import outages
from advocacy.delivery.claims import Claim, Result
from advocacy.delivery.models import ERASED, Message
from advocacy.delivery.outages import DATABASE, DEFERRED, MAX_REST_ASKED_FOR, Failure
from advocacy.delivery.provider import (
    Accepted,
    Envelope,
    Kind,
    NotAllowed,
    NothingToSend,
    Provider,
    Refused,
    TryLater,
    Unknown,
)
from advocacy.delivery.states import State

log = logging.getLogger(__name__)

GAVE_UP = "gave_up"
"""Why a message needs a person that has used up its attempts; it was not sent."""
DATABASE_ERRORS = (OperationalError, InterfaceError, PendingRollbackError)
"""The database cannot be reached for now."""

Outgoing: TypeAlias = Envelope | NothingToSend | Refused | NotAllowed | TryLater
"""What a message carries, or why there is nothing to hand over."""


@dataclass(frozen=True, slots=True)
class Handover:
    """Makes results of claims; it writes nothing. `chance` returns numbers in [0, 1)."""

    sessions: sessionmaker[Session]
    provider: Provider
    kinds: Mapping[str, Kind]
    now: Callable[[], datetime]
    chance: Callable[[], float]

    def contents(self, claims: Sequence[Claim]) -> Mapping[int, Outgoing]:
        """Make what each claim's message carries, by the message's id, from what is stored now; raises nothing."""
        try:
            with self.sessions() as session:
                self._preload(session, claims)
                return {claim.message_id: self._content(session, claim) for claim in claims}
        except DATABASE_ERRORS:
            return {claim.message_id: TryLater(DATABASE) for claim in claims}

    def without_erased(self, claims: Sequence[Claim], contents: Mapping[int, Outgoing]) -> Mapping[int, Outgoing]:
        """Return the contents without what was erased since, or is claimed by another now: that does not leave."""
        ids = [claim.message_id for claim in claims]
        ours = select(Message.id, Message.attempt).where(
            Message.id.in_(ids), Message.state == State.SENDING, Message.reason != ERASED
        )
        try:
            with self.sessions() as session:
                current = {(id_, attempt) for id_, attempt in session.execute(ours)}
        except DATABASE_ERRORS:
            return {**contents, **{id_: TryLater(DATABASE) for id_ in ids}}
        gone = [claim.message_id for claim in claims if (claim.message_id, claim.attempt) not in current]
        return {**contents, **{id_: NothingToSend() for id_ in gone}}

    def hand_over(self, claim: Claim, content: Outgoing) -> Result:
        """Hand one message over and return the result; raises nothing."""
        if isinstance(content, Exception):
            return self._not_sent(claim, content)
        try:
            accepted = self._send(content)
        except Refused as refused:
            return Result(claim, State.FAILED, refused.reason, refused=not refused.only_this, reached=True)
        except Unknown as unknown:
            # A line that breaks while a probe is under way is no sign that the provider is back.
            failure = Failure(unknown.reason) if claim.probes else None
            return Result(claim, State.UNCERTAIN, unknown.reason, failure=failure)
        except NotAllowed as refused:
            return self._not_allowed(claim, refused)
        except TryLater as later:
            return self._try_later(claim, later)
        return Result(claim, State.ACCEPTED, provider_id=accepted.provider_id or None, reached=True)

    def _preload(self, session: Session, claims: Sequence[Claim]) -> None:
        refs: dict[str, list[str]] = {}
        for claim in claims:
            refs.setdefault(claim.kind, []).append(claim.ref)
        for kind, some in refs.items():
            try:
                if kind in self.kinds:
                    self.kinds[kind].preload(session, some)
            except Exception as error:
                # Each is then read by itself, and the one that is to blame is found.
                log.warning("%d of %s cannot be read together (%s)", len(some), kind, type(error).__name__)
                session.rollback()

    def _content(self, session: Session, claim: Claim) -> Outgoing:
        try:
            return self.kinds[claim.kind].content(session, claim.ref, claim.public_id)
        except (NothingToSend, NotAllowed, TryLater) as reason:
            return reason
        except Refused as refused:
            about = {"message_id": str(claim.message_id)}
            log.error("message %d cannot be made (%s)", claim.message_id, refused.reason, extra=about)
            return refused
        except DATABASE_ERRORS:
            session.rollback()
            return TryLater(DATABASE)
        except Exception as error:
            # By its type alone: its text may hold what a person wrote.
            about = {"message_id": str(claim.message_id), "error": type(error).__name__}
            log.error("message %d cannot be made (%s)", claim.message_id, type(error).__name__, extra=about)
            session.rollback()
            return Refused("content")

    def _not_sent(self, claim: Claim, why: NothingToSend | Refused | NotAllowed | TryLater) -> Result:
        """Return what comes of a message that could not be made; the provider was not asked."""
        match why:
            case NothingToSend():
                return Result(claim, State.CANCELLED, ERASED)
            case Refused():
                return Result(claim, State.FAILED, why.reason)
            case NotAllowed():
                return self._not_allowed(claim, why)
        wait = why.after if why.after is not None else outages.retry_delay(claim.tries + 1, chance=self.chance())
        return Result(claim, State.READY, why.reason, due_at=self.now() + wait, counts=False)

    def _not_allowed(self, claim: Claim, refused: NotAllowed) -> Result:
        return Result(claim, State.READY, refused.reason, due_at=self.now(), counts=False, holds=True)

    def _send(self, envelope: Envelope) -> Accepted:
        try:
            return self.provider.send(envelope)
        except (TryLater, Refused, Unknown, NotAllowed):
            raise
        except Exception as error:
            log.error("the provider %s failed (%s)", self.provider.name, type(error).__name__)
            raise Unknown("provider") from None

    def _try_later(self, claim: Claim, later: TryLater) -> Result:
        if not later.counts:
            failure = Failure(later.reason, later.after, later.at_recipient)
            return Result(claim, State.READY, later.reason, counts=False, failure=failure)
        if claim.probes == DEFERRED:
            return Result(claim, State.READY, later.reason, counts=False, failure=Failure(DEFERRED))
        tries = claim.tries + 1
        if tries >= outages.MAX_TRIES:
            return Result(claim, State.NEEDS_STAFF, GAVE_UP, reached=True)
        wait = outages.retry_delay(tries, chance=self.chance())
        if later.after is not None:
            wait = min(max(later.after, timedelta()), MAX_REST_ASKED_FOR)
        return Result(claim, State.READY, later.reason, due_at=self.now() + wait, refused=later.refused, reached=True)
