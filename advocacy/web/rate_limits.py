"""Limits of pages that take long to make: each network has so many points a minute, and each such page its price."""

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request
from flask_limiter import ApplicationLimit, Limiter

from advocacy.abuse.networks import network_hash
from advocacy.web.security import BODY_LIMIT, SAFE, declares
from advocacy.web.services import Services, services

KILOBYTE = 1024
LOOPBACK = {"127.0.0.1", "::1"}
REDIS_TIMEOUT_S = 1
"""How long Redis may take: a page is not kept waiting, its points are then counted in this process."""


def costs(points: int, *, also_read: bool = False) -> Callable[[Any], Any]:
    """Return a decorator by which a view declares what it costs, beside a point for each kilobyte that is sent to it.

    Only what is posted costs something, unless the page is also made when it is read.
    """
    return declares(points=points, points_also_read=also_read)


def limit_costly_pages(app: Flask, services: Services) -> None:
    """Answer 429 to a network that has used up its points of a minute, before its page is made.

    Requests of this machine itself are not counted: those of its monitor, of the tests.
    """
    points, queue = services.settings.network_points_per_minute, services.settings.queue_url
    if not points:
        return
    is_redis = queue.startswith(("redis://", "rediss://"))
    limiter = Limiter(
        _network,
        app=app,
        application_limits=[ApplicationLimit(f"{points} per minute", exempt_when=_is_free, cost=_cost)],
        strategy="sliding-window-counter",
        storage_uri=queue if is_redis else "memory://",
        storage_options=dict.fromkeys(("socket_timeout", "socket_connect_timeout"), REDIS_TIMEOUT_S)
        if is_redis
        else {},
        in_memory_fallback_enabled=is_redis,
        swallow_errors=True,
        headers_enabled=True,
        key_prefix=app.name,
    )
    # Its line for each refusal names the network, by the same hash each day; that of the request is enough.
    limiter.logger.setLevel(logging.WARNING)


def _network() -> str:
    return network_hash(services().keys, request.remote_addr or "")


def _declared(name: str) -> Any:
    return getattr(current_app.view_functions.get(request.endpoint or ""), name, 0)


def _is_free() -> bool:
    """Whether nothing is counted for a request: what is too long is refused unread."""
    is_read = request.method in SAFE and not _declared("points_also_read")
    is_too_long = (request.content_length or 0) > (_declared("body_limit") or BODY_LIMIT)
    return not _declared("points") or is_read or is_too_long or request.remote_addr in LOOPBACK


def _cost() -> int:
    is_long = "Transfer-Encoding" in request.headers  # nobody says how long it is, as every browser does
    length = BODY_LIMIT if is_long else request.content_length or 0
    return int(_declared("points")) + min(length, BODY_LIMIT) // KILOBYTE
