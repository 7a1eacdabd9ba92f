"""What happens to every request and answer: logged by its route, which is the same for everyone, and compressed.

No address of a person, no typed word and no token is logged. A page whose token a compressed size could give away is
not compressed (BREACH).
"""

import gzip
import logging
import time

from flask import Flask, Response, g, request

log = logging.getLogger(__name__)

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
MIN_BYTES = 1024
"""Bytes under which compressing saves nothing that a phone would notice."""
LEVEL = 5


def log_and_compress(app: Flask) -> None:
    """Log every request that reaches the application, and compress what may be compressed of its answers."""
    app.before_request(_start_clock)
    app.after_request(_log)  # answers pass through these in the opposite order: compressed last, then logged
    app.after_request(_compress)


def _start_clock() -> None:
    g.started = time.perf_counter()


def _log(answer: Response) -> Response:
    started = g.started if "started" in g else time.perf_counter()
    log_request(request.method, request.url_rule.rule if request.url_rule else "-", answer.status_code, started=started)
    return answer


def log_request(method: str, rule: str, status: int, *, started: float) -> None:
    """Log an answer by its route; `started` is when its request came, by `time.perf_counter`."""
    milliseconds = (time.perf_counter() - started) * 1000
    log.info("%s %s %d %.1f ms", method if method in METHODS else "other", rule, status, milliseconds)


def _compress(answer: Response) -> Response:
    """Compress a page that is the same for everyone: beside a secret, what is typed would show in the size."""
    if answer.mimetype != "text/html" or answer.status_code != 200 or answer.cache_control.no_store:
        return answer
    if "Content-Encoding" in answer.headers:
        return answer
    answer.vary.add("Accept-Encoding")
    whole = answer.get_data()
    if len(whole) >= MIN_BYTES and request.accept_encodings["gzip"] > 0:
        answer.set_data(gzip.compress(whole, LEVEL, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    return answer
