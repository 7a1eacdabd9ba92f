"""How long a server asks to be left alone, reckoned by its own clock and never longer than an hour."""

from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime

LEAST, MOST = timedelta(seconds=1), timedelta(hours=1)


def time_to_wait(headers: Mapping[str, str]) -> timedelta | None:
    """Return the time by Retry-After (RFC 9110, 10.2.3), else by X-RateLimit-Reset; None where neither says.

    `headers` are found whatever their case. A moment is held against the answer's own Date: the two clocks agree.
    """
    asked = headers.get("Retry-After", "").strip()
    seconds = _number(asked)
    if seconds is None:
        seconds = _from_now(_moment(asked), headers)
    if seconds is None:
        seconds = _from_now(_number(headers.get("X-RateLimit-Reset", "").strip()), headers)
    return None if seconds is None else timedelta(seconds=min(max(seconds, LEAST.seconds), MOST.seconds))


def _from_now(moment: float | None, headers: Mapping[str, str]) -> float | None:
    now = _moment(headers.get("Date", ""))
    return None if moment is None or now is None else moment - now


def _number(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _moment(text: str) -> float | None:
    """Return the seconds since 1970 of a date as mail and HTTP write it."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
