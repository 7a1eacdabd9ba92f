"""Limits of pages that take long to make: each network has so many points a minute, and each such page its price."""

import ipaddress
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, Response, current_app, request
from flask_limiter import ApplicationLimit, Limiter

from advocacy.abuse.networks import PREFIXES, SHARES, networks_of
from advocacy.encryption import digests
from advocacy.web.security import BODY_LIMIT, SAFE, declares
from advocacy.web.services import Services, services

PURPOSE = "page points"
KILOBYTE = 1024
MAX_KILOBYTES = 256
"""As many as a form may have: a file of the staff's costs no more."""
WINDOW_S = 60
LIVE_PART = 2
"""What pages ask for by themselves, as somebody types, uses up one part in so many of a network's points: a class that
edits its letters can send them too."""
REDIS_TIMEOUT_S = 1
"""How long Redis may take: a page is not kept waiting, its points are then counted in this process."""


def costs(points: int, *, also_read: bool = False, live: bool = False) -> Callable[[Any], Any]:
    """Return a decorator by which a view declares what it costs, beside a point for each kilobyte that is sent to it.

    Only what is posted costs something, unless the page is also made when it is read; `live` is one that a script asks
    for as somebody types.
    """
    return declares(points=points, points_also_read=also_read, is_live=live)


def limit_costly_pages(app: Flask, services: Services) -> None:
    """Answer 429 to a network that has used up its points of a minute, before its page is made.

    Requests of this machine itself are not counted: those of its monitor, of a rehearsal, of the tests.
    """
    points = services.settings.network_points_per_minute
    if not points:
        return
    queue = services.settings.queue_url
    is_redis = queue.startswith(("redis://", "rediss://"))
    shares = [SHARES[prefix] for prefix in max(PREFIXES.values(), key=len)]
    # The share of scripts first: what is refused there uses up nothing of the others.
    limiter = Limiter(
        partial(_network_key, 0),
        app=app,
        application_limits=[
            _limit(max(1, points // LIVE_PART), scope="live", is_free=lambda: _is_free() or not _declared("is_live")),
            *(
                _limit(points * share, level=level, is_free=partial(_is_free, level))
                for level, share in enumerate(shares)
            ),
        ],
        strategy="sliding-window-counter",
        storage_uri=queue if is_redis else "memory://",
        storage_options=dict.fromkeys(("socket_timeout", "socket_connect_timeout"), REDIS_TIMEOUT_S)
        if is_redis
        else {},
        in_memory_fallback_enabled=is_redis,
        swallow_errors=True,
        key_prefix=app.name,
    )
    # Its line for each refusal names the network, by the same hash each day; that of the request is enough.
    limiter.logger.setLevel(logging.WARNING)

    @app.after_request
    def say_when_again(answer: Response) -> Response:
        current = limiter.current_limit
        if current is not None and current.breached:
            answer.headers["Retry-After"] = str(WINDOW_S)
        return answer


def _limit(points: int, *, is_free: Callable[[], bool], level: int = 0, scope: str = "global") -> ApplicationLimit:
    key = partial(_network_key, level)
    return ApplicationLimit(f"{points} per minute", key_function=key, scope=scope, exempt_when=is_free, cost=_cost)


def _network_key(level: int) -> str:
    """Return what stands for a network where points are counted; nobody can read an address from it.

    `level` 0 is the smallest network that an address lies in.
    """
    network, _ = networks_of(request.remote_addr or "")[level]
    return digests(services().keys, network, purpose=PURPOSE)[0]


def _declared(name: str) -> Any:
    return getattr(current_app.view_functions.get(request.endpoint or ""), name, 0)


def _is_free(level: int = 0) -> bool:
    """Whether nothing is counted for a request, or not at this level: IPv4 has the smallest networks alone."""
    is_read = request.method in SAFE and not _declared("points_also_read")
    is_refused_unread = (request.content_length or 0) > (_declared("body_limit") or BODY_LIMIT)
    if not _declared("points") or is_read or request.method == "OPTIONS" or is_refused_unread:
        return True
    if level >= len(networks_of(request.remote_addr or "")):
        return True
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _cost() -> int:
    is_long = "Transfer-Encoding" in request.headers  # nobody says how long it is, as every browser does
    kilobytes = MAX_KILOBYTES if is_long else (request.content_length or 0) // KILOBYTE
    return int(_declared("points")) + min(kilobytes, MAX_KILOBYTES)
