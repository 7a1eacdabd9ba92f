"""A campaign's figures are computed once an hour: those of a finished day do not change, its outcomes do."""

from flask import current_app
from sqlalchemy.orm import Session

from advocacy.letters.letter_counts import Figures, figures, last_finished
from advocacy.web.services import services

CACHE, MAX_CACHED = "advocacy-figures", 16


def cached_figures(session: Session, campaign: str) -> Figures:
    """Return a campaign's figures; that there is nothing to show yet is not remembered, since that is found at once."""
    cache, now = current_app.extensions.setdefault(CACHE, {}), services().now()
    key = campaign, last_finished(now), now.astimezone().hour
    if key in cache:
        found: Figures = cache[key]
        return found
    made = figures(session, campaign, through=key[1])
    if made.runs:
        while len(cache) >= MAX_CACHED:
            cache.pop(next(iter(cache)), None)
        cache[key] = made
    return made
