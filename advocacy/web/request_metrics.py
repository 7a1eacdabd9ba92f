"""Requests counted and timed by route, over all web processes of one machine: each writes a file, any reads them all.

prometheus-client does so where PROMETHEUS_MULTIPROC_DIR is set before it is imported, as `advocacy serve` and
gunicorn.conf.py do. Under another server there are no such figures: each process would answer with its own.
"""

from collections.abc import Iterable
from contextlib import suppress

from prometheus_client import CollectorRegistry, Counter, Histogram, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import MutexValue, ValueClass

BUCKETS_S = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
REGISTRY = CollectorRegistry()
IS_SHARED = ValueClass is not MutexValue
"""Whether the web processes count together."""
REQUESTS = Counter(
    "advocacy_http_requests",
    "Requests answered, by route and class of status.",
    ("route", "status"),
    registry=REGISTRY,
)
DURATIONS = Histogram(
    "advocacy_http_request_duration_seconds",
    "How long answers took, by route.",
    ("route",),
    buckets=BUCKETS_S,
    registry=REGISTRY,
)


def count_request(route: str, status: int, seconds: float) -> None:
    """Count an answer; `route` is the rule of its address, of which there are as many as pages."""
    if not IS_SHARED:
        return
    with suppress(OSError):  # the folder is gone, or full: an answer is worth more than its count
        REQUESTS.labels(route, f"{status // 100}xx").inc()
        DURATIONS.labels(route).observe(seconds)


def request_metrics() -> Iterable[Metric]:
    """Return what all web processes of this machine have counted since they were started."""
    if not IS_SHARED:
        return ()
    found: Iterable[Metric] = MultiProcessCollector(None).collect()  # type: ignore[no-untyped-call]
    return found
