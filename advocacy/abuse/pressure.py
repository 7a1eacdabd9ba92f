"""Pressure: more forms come in within ten minutes than is calm. Browsers are asked for a proof of work meanwhile."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from advocacy.abuse import limiter

WINDOW = timedelta(minutes=10)
KEY = "forms in ten minutes"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pressure:
    """The site at one moment: how many forms came in within the last ten minutes, and how many are calm."""

    forms: int
    calm: int | None

    @property
    def is_on(self) -> bool:
        return self.calm is not None and self.forms > self.calm


def read(session: Session, *, now: datetime, calm: int | None) -> Pressure:
    """Read how it stands; without a number that is `calm` pressure never begins."""
    return Pressure(int(limiter.used(session, KEY, window=WINDOW, now=now)), calm)


def count_form(session: Session, *, now: datetime, calm: int | None) -> Pressure:
    """Count one form, and return how it stood before it."""
    forms = int(limiter.count(session, KEY, window=WINDOW, now=now))
    if forms - 1 == calm:
        log.warning(
            "more than %d forms came in within ten minutes (ADVOCACY_CALM_PER_TEN_MINUTES): browsers are asked for a "
            "proof of work, and the confirmation mail of a form without one waits for staff",
            calm,
        )
    return Pressure(forms - 1, calm)
