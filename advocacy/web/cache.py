"""What is kept from one request to the next: pages and counts that are the same for everyone, by Flask-Caching.

Nothing of a citizen's is ever in it, and nothing with the token of a form.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import cast

from flask_caching import Cache
from sqlalchemy.orm import Session

from advocacy.delivery import outbox
from advocacy.delivery.states import SETTLED, State
from advocacy.letters import letter_counts
from advocacy.letters.letter_counts import Figures, last_finished
from advocacy.letters.models import MessageKind
from advocacy.web.services import services

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

cache = Cache(config={"CACHE_TYPE": "SimpleCache"})


def campaign_figures(session: Session, campaign: str) -> Figures:
    """Return a campaign's figures, computed once an hour: those of a finished day stay, its outcomes change.

    That there is nothing to show yet is not cached: it is found at once.
    """
    now = services().now()
    through = last_finished(now)
    key = f"figures {campaign} {through} {now.astimezone().hour}"
    figures = cast("Figures | None", cache.get(key))
    if figures is None:
        figures = letter_counts.figures(session, campaign, through=through)
        if figures.runs:
            cache.set(key, figures, timeout=HOUR.seconds)
    return figures


def settled_counts(session: Session, kind: str = "") -> Mapping[State, int]:
    """Count the messages of every settled state, or those of one kind, as of a minute ago at most.

    To count them takes as long as there are letters.
    """
    counts = cast("Mapping[State, int] | None", cache.get(f"settled {kind}"))
    if counts is None:
        counts = outbox.count(session, SETTLED, kind=kind or None)
        cache.set(f"settled {kind}", counts, timeout=MINUTE.seconds)
    return counts


def forget_settled_counts() -> None:
    """Count settled messages anew: somebody has decided about one."""
    cache.delete_many("settled ", f"settled {MessageKind.LETTER}")
