"""A message that could not be handed over tries again later, ever later, and never in step with the others."""

from datetime import timedelta

MOST_TRIES = 20
"""Attempts a message has: with these waits it outlasts an outage of a whole day."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=3)


def delay(tries: int, *, chance: float) -> timedelta:
    """Return the wait after `tries` attempts: doubling to a cap, of which `chance` in [0, 1) leaves half to all.

    The half that is left to chance keeps a thousand messages that failed together from coming back together.
    """
    doubled: int = 2 ** min(max(tries, 1) - 1, MOST_TRIES)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT) * (0.5 + chance / 2)
