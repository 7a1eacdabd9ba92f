"""A number for each request: in its lines of the log, in its answer, and on the page of an error, to be quoted."""

import re
from secrets import token_hex

from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

HEADER = "X-Request-Id"
FROM_PROXY = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What a proxy may name a request: nginx's `$request_id`, or a UUID. Other words could be a visitor's."""


def number_requests(app: Flask, *, trusts_proxy: bool) -> None:
    """Number every request, by the proxy's number where one of the site's own stands in front."""

    @app.before_request
    def choose_number() -> None:
        named = request.headers.get(HEADER, "") if trusts_proxy else ""
        g.request_id = named if FROM_PROXY.fullmatch(named) else token_hex(8)
        clear_contextvars()  # the thread's request before this one
        bind_contextvars(request_id=g.request_id)

    @app.after_request
    def add_number(answer: Response) -> Response:
        answer.headers[HEADER] = request_id()
        return answer


def request_id() -> str:
    """Return the number of the request that is answered now."""
    return str(g.get("request_id", "-"))
