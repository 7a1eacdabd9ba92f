"""Where nothing proves what became of a message, a person decides, and the decision is written down."""

from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from advocacy.delivery.models import By, Message
from advocacy.delivery.outbox import CANCELLABLE, locked, make_move
from advocacy.delivery.states import State


class NotPossible(Exception):
    """A decision that this message does not ask for; the sentence says why."""


class Decision(Protocol):
    """One thing a person may decide of a message; raises NotPossible."""

    def __call__(self, session: Session, message_id: int, *, now: datetime) -> Message: ...


def retry(session: Session, message_id: int, *, now: datetime) -> Message:
    """Send a message that needs a person once more, at once; raises NotPossible.

    It has all its attempts again. Should it become uncertain again, it comes back to a person without being resent.
    """
    message = _standing(session, message_id, frozenset({State.NEEDS_STAFF}))
    message.due_at = message.first_due_at = now
    message.tries = 0
    make_move(session, message, State.READY, now=now, by=By.STAFF)
    return message


def cancel(session: Session, message_id: int, *, now: datetime) -> Message:
    """Return up a message that waits, or that needs a person; raises NotPossible."""
    message = _standing(session, message_id, CANCELLABLE)
    make_move(session, message, State.CANCELLED, now=now, by=By.STAFF)
    return message


def mark_sent(session: Session, message_id: int, *, now: datetime) -> Message:
    """Believe that a message that needs a person was sent; raises NotPossible."""
    message = _standing(session, message_id, frozenset({State.NEEDS_STAFF}))
    make_move(session, message, State.ACCEPTED, now=now, by=By.STAFF)
    return message


def _standing(session: Session, message_id: int, wanted: frozenset[State]) -> Message:
    message = locked(session, message_id)
    if message is None:
        raise NotPossible(f"there is no message {message_id}")
    if message.state not in wanted:
        asked = " or ".join(sorted(state.value for state in wanted))
        raise NotPossible(f"message {message_id} is {message.state.value}; only one that is {asked} can be decided so")
    return message
