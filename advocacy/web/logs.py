"""What is logged tells how the site does and nothing of who asks: no address of a person, no typed word, no token."""

import logging
import time

from flask import Flask, Response, g, request

log = logging.getLogger(__name__)

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


def log_requests(app: Flask) -> None:
    """Log every request that reaches the application by its route, which is the same for everyone."""
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    g.started = time.perf_counter()


def _finish(answer: Response) -> Response:
    milliseconds = (time.perf_counter() - g.started) * 1000 if "started" in g else 0.0
    method = request.method if request.method in METHODS else "other"
    rule = request.url_rule.rule if request.url_rule else "-"
    log.info("%s %s %d %.1f ms", method, rule, answer.status_code, milliseconds)
    return answer
