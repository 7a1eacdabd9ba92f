"""A number for each request: in its lines of the log, in its answer, and on the page of an error, to be quoted."""

import re
from collections.abc import Callable, Iterable
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from flask import request
from structlog.contextvars import bind_contextvars, clear_contextvars

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "X-Request-Id"
FROM_PROXY = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What a proxy may name a request: nginx's `$request_id`, or a UUID. Other words could be a visitor's."""
IN_ENVIRON = "advocacy.request_id"


class RequestIds:
    """Numbers every request, by the proxy's number where one of the site's own stands in front."""

    def __init__(self, application: "WSGIApplication", *, trusts_proxy: bool) -> None:
        self._application, self._trusts_proxy = application, trusts_proxy

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        named = environ.get("HTTP_X_REQUEST_ID", "") if self._trusts_proxy else ""
        number = named if FROM_PROXY.fullmatch(named) else token_hex(8)
        environ[IN_ENVIRON] = number
        clear_contextvars()  # the thread's request before this one
        bind_contextvars(request_id=number)

        def start(status: str, headers: list[tuple[str, str]], *failure: Any) -> Callable[[bytes], object]:
            return start_response(status, [*headers, (HEADER, number)], *failure)

        return self._application(environ, start)


def request_id() -> str:
    """Return the number of the request that is answered now."""
    return str(request.environ.get(IN_ENVIRON, "-"))
