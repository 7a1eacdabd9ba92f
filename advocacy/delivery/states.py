"""A message's life as one table: our own wrong move raises, the world's late report is absorbed."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    READY = "ready"
    HELD = "held"
    DIGEST = "digest"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    NEEDS_STAFF = "needs_staff"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class ImpossibleMove(ValueError):
    """A move that no message may make: a mistake of ours."""


MOVES: Mapping[State, frozenset[State]] = {
    State.READY: frozenset({State.SENDING, State.DIGEST, State.CANCELLED, State.EXPIRED}),
    State.HELD: frozenset({State.READY, State.CANCELLED, State.EXPIRED}),
    State.DIGEST: frozenset(
        {
            State.READY,
            State.ACCEPTED,
            State.DELIVERED,
            State.BOUNCED,
            State.FAILED,
            State.NEEDS_STAFF,
            State.CANCELLED,
            State.EXPIRED,
        }
    ),
    State.SENDING: frozenset(
        {
            State.READY,
            State.ACCEPTED,
            State.DELIVERED,
            State.BOUNCED,
            State.FAILED,
            State.UNCERTAIN,
            State.NEEDS_STAFF,
            State.CANCELLED,
        }
    ),
    State.UNCERTAIN: frozenset(
        {State.SENDING, State.ACCEPTED, State.DELIVERED, State.BOUNCED, State.FAILED, State.NEEDS_STAFF}
    ),
    State.NEEDS_STAFF: frozenset(
        {
            State.READY,
            State.CANCELLED,
            State.EXPIRED,
            State.ACCEPTED,
            State.DELIVERED,
            State.BOUNCED,
            State.FAILED,
        }
    ),
    State.ACCEPTED: frozenset({State.DELIVERED, State.FAILED, State.BOUNCED}),
    State.DELIVERED: frozenset({State.FAILED, State.BOUNCED}),
    State.FAILED: frozenset({State.BOUNCED}),
    State.BOUNCED: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
}
"""Every move there is.

HELD is not sent, and no worker claims it: a person looks at it first, and makes it READY or CANCELLED.

DIGEST goes with its recipient's next digest, a message of its own, and no worker claims it: it comes to where that came
to, and to NEEDS_STAFF only where a site was restored from a backup.

SENDING → CANCELLED only where what was to be sent had been erased before the call, or would be a second copy of a mail
that is to be sent once at most; SENDING → NEEDS_STAFF only where all attempts are used up: nothing was sent then, and a
person may have it tried again, until it is EXPIRED.
"""

RANK: Mapping[State, int] = {State.ACCEPTED: 1, State.DELIVERED: 2, State.FAILED: 3, State.BOUNCED: 4}
"""How much a report tells; a lower one never overrides a higher."""
REPORTABLE = frozenset({State.SENDING, State.UNCERTAIN, State.NEEDS_STAFF, *RANK})
"""Where a report from outside may move a message."""
HANDED_OVER = frozenset({State.ACCEPTED, State.DELIVERED})
SETTLED = frozenset({State.ACCEPTED, State.DELIVERED, State.BOUNCED, State.FAILED, State.CANCELLED, State.EXPIRED})
"""Where nothing more is to be done."""


def move(current: State, wanted: State) -> State:
    """Return the state moved to; raise ImpossibleMove for one that is not in the table."""
    if wanted not in MOVES[current]:
        raise ImpossibleMove(f"{current} -> {wanted}")
    return wanted


def follow(current: State, reported: State) -> State:
    """Return the state after a report from outside: it only ever raises the rank, and any order ends alike."""
    if current not in REPORTABLE:
        return current
    return max(current, reported, key=lambda state: RANK.get(state, 0))
