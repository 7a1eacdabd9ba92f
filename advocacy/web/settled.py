"""What is settled is counted once in a while: that takes as long as there are letters."""

from collections.abc import Mapping
from datetime import timedelta

from flask import current_app
from sqlalchemy.orm import Session

from advocacy.delivery import outbox
from advocacy.delivery.states import SETTLED, State
from advocacy.web.services import services

CACHE, MAX_AGE = "advocacy-settled", timedelta(minutes=1)


def settled(session: Session, kind: str | None = None) -> Mapping[State, int]:
    """Count the messages of every settled state, or those of one kind, as it was a minute ago at most."""
    cache, now = current_app.extensions.setdefault(CACHE, {}), services().now()
    if kind not in cache or now - cache[kind][0] >= MAX_AGE:
        cache[kind] = (now, outbox.count(session, SETTLED, kind=kind))
    counts: Mapping[State, int] = cache[kind][1]
    return counts


def forget_settled() -> None:
    """Count anew: somebody decided."""
    current_app.extensions.pop(CACHE, None)
