"""What is settled is counted once in a while: that takes as long as there are letters."""

from collections.abc import Mapping
from datetime import timedelta

from flask import current_app
from sqlalchemy.orm import Session

from advocacy.delivery import outbox
from advocacy.delivery.states import SETTLED, State
from advocacy.web.services import services

KEPT, A_WHILE = "advocacy-settled", timedelta(minutes=1)


def settled(session: Session) -> Mapping[State, int]:
    """Count the messages of every settled state, as it was a minute ago at most."""
    kept, now = current_app.extensions.get(KEPT), services().now()
    if kept is None or now - kept[0] >= A_WHILE:
        kept = current_app.extensions[KEPT] = (now, outbox.count(session, SETTLED))
    counts: Mapping[State, int] = kept[1]
    return counts


def forget_settled() -> None:
    """Count anew: somebody decided."""
    current_app.extensions.pop(KEPT, None)
