"""Figures for Prometheus, read from the database when they are asked for: no process counts on its own.

Whoever asks from this very machine is answered, and whoever knows the token; to all others the page does not exist.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from hmac import compare_digest
from ipaddress import IPv6Address, ip_address

from flask import Blueprint, Response, abort, request
from prometheus_client import Metric, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from advocacy.letters.caps import Limits
from advocacy.web.health import unreadable
from advocacy.web.measures import measure
from advocacy.web.metric_families import families
from advocacy.web.security import operator
from advocacy.web.services import Services
from advocacy.web.settled import settled

HERE = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?", re.IGNORECASE)
"""What this machine calls itself: a page elsewhere whose name was made to lead here asks for its own."""
PASSED_ON = re.compile(r"x-forwarded-.*|forwarded|x-real-ip|via", re.IGNORECASE)
"""Headers that tell of a proxy, believed or not."""

Page = Callable[[], Response]


class _Collected(Collector):
    """Metrics already collected, as prometheus-client wants to write them."""

    def __init__(self, collected: Iterable[Metric]) -> None:
        self._collected = collected

    def collect(self) -> Iterable[Metric]:
        """Return them."""
        return self._collected


def metrics(services: Services) -> Blueprint:
    """Make the route `/metrics`."""
    routes = Blueprint("metrics", __name__)
    process = ProcessCollector(registry=None)
    limits = Limits(services.settings.network_per_day, services.settings.site_per_day)

    @routes.get("/metrics")
    @operator
    @_for_readers(services.settings.metrics_token.get_secret_value())
    def figures() -> Response:
        now = services.now()
        try:
            with services.sessions() as session:
                measures, done = measure(session, now=now, limits=limits), settled(session)
        except SQLAlchemyError:
            return unreadable()
        found = families(measures, done, now=now, provider=services.settings.provider)
        collected = [*found, *_of_process(process)]
        return Response(generate_latest(_Collected(collected)), content_type=CONTENT_TYPE_PLAIN_0_0_4)

    return routes


def _of_process(process: Collector) -> Iterator[Metric]:
    """Return what is true of the process that answers; a counter would jump with every other one that answers."""
    return (metric for metric in process.collect() if metric.type == "gauge")


def _for_readers(token: str) -> Callable[[Page], Page]:
    def guard(page: Page) -> Page:
        @wraps(page)
        def guarded() -> Response:
            if not (_is_direct() or _shows(token)):
                abort(404)
            return page()

        return guarded

    return guard


def _is_direct() -> bool:
    """Whether a program of this machine asks by itself: what a proxy passes on comes from anywhere."""
    passed_on = any(PASSED_ON.fullmatch(name) for name, _ in request.headers)
    return not passed_on and HERE.fullmatch(request.host) is not None and _is_loopback(request.remote_addr or "")


def _is_loopback(peer: str) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:  # a socket file has no address
        return False
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (inner or address).is_loopback


def _shows(token: str) -> bool:
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    return bool(token) and scheme.lower() == "bearer" and compare_digest(shown.strip().encode(), token.encode())
