"""Claimed messages are made and handed to the provider; the words providers speak come back as states."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery import backoff
from advocacy.delivery.claims import Claim, Result
from advocacy.delivery.models import Message
from advocacy.delivery.provider import (
    Accepted,
    Envelope,
    NotAllowed,
    NothingToSend,
    Provider,
    Refused,
    TryLater,
    Unknown,
)
from advocacy.delivery.states import State

log = logging.getLogger(__name__)

LONGEST_AFTER = timedelta(hours=1)
"""What a provider may ask to wait; an absurd answer strands no letter."""
ERASED = "erased"
"""Why a message has nothing to carry any more; one that was on its way by then is marked with it."""
AWAY = (OperationalError, InterfaceError, PendingRollbackError)
"""The database cannot be reached for now."""

Content: TypeAlias = Callable[[Session, str, str], Envelope]
"""Makes the envelope of a message's `ref` and public id; raises NothingToSend for what was erased."""
Told: TypeAlias = Callable[[Session, Sequence[tuple[str, State]], datetime], None]
"""Hears, in the same transaction, to which states the messages of some `ref`s came."""
Read: TypeAlias = Callable[[Session, Sequence[str]], None]
"""Reads what the contents of these `ref`s need, in a few queries, for as long as the session lives."""
Made: TypeAlias = Envelope | NothingToSend | Refused | NotAllowed | TryLater
"""What a message carries, or why there is nothing to hand over."""


def read_nothing(_session: Session, _refs: Sequence[str]) -> None:
    """Leave it to each content to read what it needs."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What the worker must know of one kind of message."""

    content: Content
    told: Told
    read: Read = read_nothing


@dataclass(frozen=True, slots=True)
class Handover:
    """The way from a claim to a result; it writes nothing. `chance` gives numbers in [0, 1)."""

    sessions: sessionmaker[Session]
    provider: Provider
    kinds: Mapping[str, Kind]
    now: Callable[[], datetime]
    chance: Callable[[], float]

    def made(self, claims: Sequence[Claim]) -> Mapping[int, Made]:
        """Make what each claim's message carries, by the message's id, from what is kept now; raises nothing."""
        try:
            with self.sessions() as session:
                self._read(session, claims)
                return {claim.message_id: self._made(session, claim) for claim in claims}
        except AWAY:
            return {claim.message_id: TryLater("database") for claim in claims}

    def looked_over(self, claims: Sequence[Claim], made: Mapping[int, Made]) -> Mapping[int, Made]:
        """Give what was made without what was erased since, or is claimed by another now: that does not leave."""
        ids = [claim.message_id for claim in claims]
        ours = select(Message.id, Message.attempt).where(
            Message.id.in_(ids), Message.state == State.SENDING, Message.reason != ERASED
        )
        try:
            with self.sessions() as session:
                held = {(id_, attempt) for id_, attempt in session.execute(ours)}
        except AWAY:
            return {**made, **{id_: TryLater("database") for id_ in ids}}
        gone = [claim.message_id for claim in claims if (claim.message_id, claim.attempt) not in held]
        return {**made, **{id_: NothingToSend() for id_ in gone}}

    def result(self, claim: Claim, made: Made, *, rests: int = 0) -> Result:
        """Hand one message over and give what came of it; raises nothing.

        `rests` counts how often in a row the provider wanted to be left alone before this.
        """
        try:
            accepted = self._send(claim, made)
        except NothingToSend:
            return Result(claim, State.CANCELLED, ERASED)
        except Refused as refused:
            counted = not refused.only_this and isinstance(made, Envelope)
            return Result(claim, State.FAILED, refused.reason, refused=counted)
        except Unknown as unknown:
            return Result(claim, State.UNCERTAIN, unknown.reason)
        except NotAllowed as barred:
            return Result(claim, State.READY, barred.reason, due_at=self.now(), counts=False, holds=True)
        except TryLater as later:
            return self._later(claim, later, rests)
        return Result(claim, State.ACCEPTED, provider_id=accepted.provider_id or None)

    def _read(self, session: Session, claims: Sequence[Claim]) -> None:
        refs: dict[str, list[str]] = {}
        for claim in claims:
            refs.setdefault(claim.kind, []).append(claim.ref)
        for kind, some in refs.items():
            try:
                if kind in self.kinds:
                    self.kinds[kind].read(session, some)
            except Exception as error:
                # Each is then read by itself, and the one that is to blame is found.
                log.warning("%d of %s cannot be read together (%s)", len(some), kind, type(error).__name__)
                session.rollback()

    def _made(self, session: Session, claim: Claim) -> Made:
        try:
            return self.kinds[claim.kind].content(session, claim.ref, claim.public_id)
        except (NothingToSend, NotAllowed) as known:
            return known
        except Refused as refused:
            log.error("message %d cannot be made (%s)", claim.message_id, refused.reason)
            return refused
        except AWAY:
            session.rollback()
            return TryLater("database")
        except Exception as error:
            # By its type alone: its text may hold what a person wrote.
            log.error("message %d cannot be made (%s)", claim.message_id, type(error).__name__)
            session.rollback()
            return Refused("content")

    def _send(self, claim: Claim, made: Made) -> Accepted:
        if isinstance(made, Exception):
            raise made
        try:
            return self.provider.send(made)
        except (TryLater, Refused, Unknown, NotAllowed):
            raise
        except Exception as error:
            log.error("the provider %s failed (%s)", self.provider.name, type(error).__name__)
            raise Unknown("provider") from None

    def _later(self, claim: Claim, later: TryLater, rests: int) -> Result:
        tries, now = claim.tries + 1, self.now()
        if later.counts and tries >= backoff.MOST_TRIES:
            return Result(claim, State.FAILED, "gave_up")
        if later.after is None and later.counts:
            due_at = now + backoff.delay(tries, chance=self.chance())
            return Result(claim, State.READY, later.reason, due_at=due_at, counts=later.counts, refused=later.refused)
        due_at = now + self._rest(later.after, rests)
        return Result(claim, State.READY, later.reason, due_at=due_at, counts=later.counts, rest_until=due_at)

    def _rest(self, asked: timedelta | None, rests: int) -> timedelta:
        """Give how long to leave the provider alone: as it asks, ever longer where that did not help or is not said."""
        grown = backoff.delay(rests + 1, chance=self.chance()) if rests or asked is None else timedelta()
        return min(max(asked or grown, grown), LONGEST_AFTER)
