"""Hands a claimed message to the provider, and turns its answer into a result."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery import outages
from advocacy.delivery.claims import Result
from advocacy.delivery.models import ERASED, Message
from advocacy.delivery.outages import MAX_REST_ASKED_FOR, Failure
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
DATABASE = "database"
"""Why a message is deferred that could not be read: no answer of the provider's."""
DATABASE_ERRORS = (OperationalError, InterfaceError, PendingRollbackError)
"""The database cannot be reached for now."""


@dataclass(frozen=True, slots=True)
class Handover:
    """Makes results of claims; it writes nothing. `chance` returns numbers in [0, 1)."""

    sessions: sessionmaker[Session]
    provider: Provider
    kinds: Mapping[str, Kind]
    now: Callable[[], datetime]
    chance: Callable[[], float]

    def hand_over(self, message: Message) -> Result:
        """Hand one message over, made from what is stored now, and return the result; raises nothing."""
        try:
            envelope = self._envelope(message)
        except NothingToSend:
            return Result(State.CANCELLED, ERASED)
        except Refused as refused:
            return Result(State.FAILED, refused.reason)
        except NotAllowed as refused:
            return self._not_allowed(refused)
        except TryLater as later:
            wait = self._retry_delay(message) if later.after is None else later.after
            return Result(State.READY, later.reason, due_at=self.now() + wait, counts=False)
        try:
            accepted = self._send(envelope)
        except Refused as refused:
            return Result(State.FAILED, refused.reason, refused=not refused.only_this, reached=True)
        except Unknown as unknown:
            return Result(State.UNCERTAIN, unknown.reason)
        except NotAllowed as refused:
            return self._not_allowed(refused)
        except TryLater as later:
            return self._try_later(message, later)
        return Result(State.ACCEPTED, provider_id=accepted.provider_id or None, reached=True)

    def failed(self, message: Message, result: Result, *, until: datetime, is_out: bool) -> Result:
        """Return the result of a message that a failing provider did not take.

        It is due when the provider may be asked again. Where the provider is not known to be out, the message may be
        to blame itself, and has used up an attempt.
        """
        if is_out:
            return Result(State.READY, result.reason, due_at=until, counts=False)
        if message.tries + 1 >= outages.MAX_TRIES:
            return Result(State.NEEDS_STAFF, GAVE_UP)
        return Result(State.READY, result.reason, due_at=self.now() + self._retry_delay(message))

    def _envelope(self, message: Message) -> Envelope:
        """Make what a message carries; raises NothingToSend, Refused, NotAllowed, TryLater, nothing else."""
        about = {"message_id": str(message.id)}
        try:
            with self.sessions() as session:
                return self.kinds[message.kind].content(session, message.ref, message.public_id)
        except (NothingToSend, NotAllowed, TryLater):
            raise
        except Refused as refused:
            log.error("message %d cannot be made (%s)", message.id, refused.reason, extra=about)
            raise
        except DATABASE_ERRORS:
            raise TryLater(DATABASE) from None
        except Exception as error:
            # By its type alone: its text may hold what a person wrote.
            about["error"] = type(error).__name__
            log.error("message %d cannot be made (%s)", message.id, type(error).__name__, extra=about)
            raise Refused("content") from None

    def _send(self, envelope: Envelope) -> Accepted:
        try:
            return self.provider.send(envelope)
        except (TryLater, Refused, Unknown, NotAllowed):
            raise
        except Exception as error:
            log.error("the provider %s failed (%s)", self.provider.name, type(error).__name__)
            raise Unknown("provider") from None

    def _not_allowed(self, refused: NotAllowed) -> Result:
        return Result(State.READY, refused.reason, due_at=self.now(), counts=False, holds=True)

    def _try_later(self, message: Message, later: TryLater) -> Result:
        if not later.counts:
            return Result(State.READY, later.reason, counts=False, failure=Failure(later.reason, later.after))
        if message.tries + 1 >= outages.MAX_TRIES:
            return Result(State.NEEDS_STAFF, GAVE_UP, reached=True)
        wait = self._retry_delay(message)
        if later.after is not None:
            wait = min(max(later.after, timedelta()), MAX_REST_ASKED_FOR)
        return Result(State.READY, later.reason, due_at=self.now() + wait, refused=later.refused, reached=True)

    def _retry_delay(self, message: Message) -> timedelta:
        return outages.retry_delay(message.tries + 1, chance=self.chance())
