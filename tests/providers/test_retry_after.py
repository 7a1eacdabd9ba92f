"""A server is left alone as long as it asks, by its own clock, within reason."""

from datetime import timedelta

import pytest
from urllib3 import HTTPHeaderDict

from advocacy.providers.sendgrid import retry_after

DATE = "Wed, 25 Nov 2026 17:00:00 GMT"
NOON_FIVE = "1795626005"
"""Five seconds after DATE, in seconds since 1970."""


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"retry-after": " 7 "}, 7),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": "86400"}, 3600),
        ({"Retry-After": "9" * 19}, 3600),
        ({"Retry-After": "Wed, 25 Nov 2026 17:02:00 GMT", "Date": DATE}, 120),
        ({"Retry-After": "Wed, 25 Nov 2026 16:00:00 GMT", "Date": DATE}, 1),
        ({"X-RateLimit-Reset": NOON_FIVE, "Date": DATE}, 5),
        ({"X-RateLimit-Reset": "1", "Date": DATE}, 1),
        ({"Retry-After": "7", "X-RateLimit-Reset": NOON_FIVE, "Date": DATE}, 7),
        ({"Retry-After": "soon", "X-RateLimit-Reset": NOON_FIVE, "Date": DATE}, 5),
    ],
)
def test_the_time_asked_for_is_waited(headers: dict[str, str], seconds: int) -> None:
    assert retry_after(HTTPHeaderDict(headers)) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Retry-After": ""},
        {"Retry-After": "soon"},
        {"Retry-After": "-5"},
        {"Retry-After": "1.5"},
        {"Retry-After": "٧"},
        {"Retry-After": "9" * 400},
        {"Retry-After": "Wed, 25 Nov 2026 17:02:00 GMT"},
        {"Retry-After": "Wed, 99 Nov 2026 17:02:00 GMT", "Date": DATE},
        {"Retry-After": "Wed, 25 Nov 99999 17:02:00 GMT", "Date": DATE},
        {"X-RateLimit-Reset": NOON_FIVE},
        {"X-RateLimit-Reset": NOON_FIVE, "Date": "today"},
        {"X-RateLimit-Reset": "never", "Date": DATE},
    ],
)
def test_what_says_nothing_asks_for_no_time(headers: dict[str, str]) -> None:
    assert retry_after(HTTPHeaderDict(headers)) is None
