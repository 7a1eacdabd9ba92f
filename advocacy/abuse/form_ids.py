"""Ids of forms: issued by the site with the page that sends, good for a day, and for one submission."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from itsdangerous import BadData, URLSafeSerializer

LIFE = timedelta(hours=24)
"""As long as the letters of a form stay those that it was opened with."""
MIN_AGE = timedelta(seconds=3)
"""Nobody reads a letter over in less."""
ID_BYTES = 16


class FormIdProblem(StrEnum):
    """Why nothing is sent under an id."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    TOO_SOON = "too soon"


@dataclass(frozen=True, slots=True)
class FormId:
    """What tells one form from every other, and when it was issued."""

    text: str
    issued_at: datetime

    @classmethod
    def issue(cls, now: datetime) -> "FormId":
        return cls(secrets.token_urlsafe(ID_BYTES), now)

    @classmethod
    def read(cls, key: str | bytes, signed: str) -> "FormId | None":
        """Read what `sign` wrote; None for anything else.

        What counts is the text within: one signature can be spelled in several ways.
        """
        try:
            text, issued_at = _serializer(key).loads(signed)
        except BadData:
            return None
        return cls(str(text), datetime.fromtimestamp(int(issued_at), UTC))

    def sign(self, key: str | bytes) -> str:
        """Write the id as a page carries it."""
        return str(_serializer(key).dumps([self.text, int(self.issued_at.timestamp())]))

    def is_expired(self, now: datetime) -> bool:
        return now - self.issued_at > LIFE


def problem_of(form_id: FormId | None, now: datetime) -> FormIdProblem | None:
    """Return why nothing is sent under an id now; one from a clock that was ahead can be used."""
    if form_id is None:
        return FormIdProblem.UNKNOWN
    if form_id.is_expired(now):
        return FormIdProblem.EXPIRED
    return FormIdProblem.TOO_SOON if timedelta() <= now - form_id.issued_at < MIN_AGE else None


def _serializer(key: str | bytes) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="form id")
