"""Pages that are the same for everyone, cached in memory: rendered and packed once for all that they depend on.

Nothing of a citizen's is ever in them. How many there are is bounded by the site's own addresses.
"""

import gzip
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from flask import g, request
from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context
from markupsafe import Markup
from werkzeug.datastructures import Accept
from werkzeug.http import http_date, parse_accept_header
from werkzeug.wrappers import Response

from advocacy.database import Sessions
from advocacy.language import day_of
from advocacy.web.security import HEADERS, log_request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

T = TypeVar("T")
Dependencies: TypeAlias = tuple[object, ...]
MAX_PAGES = 256
RECHECK_S = 1.0
"""Seconds after which a request asks the database again whether a page is still what was published."""


class PageCache(Generic[T]):
    """Pages by their address, each with what it was made of: it counts only while all of that is the same."""

    def __init__(self, most: int = MAX_PAGES) -> None:
        self._pages: dict[str, tuple[Dependencies, T]] = {}
        self._most = most
        self._lock = Lock()

    def get(self, address: str, dependencies: Dependencies) -> T | None:
        """Return the page, None where none was made of this."""
        found = self._pages.get(address)
        return found[1] if found is not None and found[0] == dependencies else None

    def pages(self) -> list[T]:
        return [page for _, page in self._pages.values()]

    def put(self, address: str, dependencies: Dependencies, page: T) -> T:
        """Store a page in place of the one before it; the oldest page goes where there are too many."""
        with self._lock:
            self._pages.pop(address, None)
            while len(self._pages) >= self._most:
                del self._pages[next(iter(self._pages))]
            self._pages[address] = dependencies, page
        return page


MAX_FRAGMENTS = 2048


class CachedFragments(Extension):
    """The tag `{% cache a, b %}…{% endcache %}`: what is between is rendered once for each outcome of `a` and `b`.

    It also depends on the campaign in the address, the language and the root in its addresses; on a page of no campaign
    nothing is cached. A template that uses it is imported with its context.
    """

    tags = {"cache"}  # noqa: RUF012 - as Jinja2 declares it

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._fragments: PageCache[Markup] = PageCache(most=MAX_FRAGMENTS)

    @property
    def texts(self) -> list[str]:
        return [str(fragment) for fragment in self._fragments.pages()]

    def parse(self, parser: Parser) -> nodes.Node:
        """Read a tag, its expressions and what is between."""
        line = next(parser.stream).lineno
        dependencies: list[nodes.Expr] = []
        while parser.stream.current.type != "block_end":
            if dependencies:
                parser.stream.expect("comma")
            dependencies.append(parser.parse_expression())
        body = parser.parse_statements(("name:endcache",), drop_needle=True)
        place = nodes.Const(f"{parser.name}:{line}")
        arguments = [nodes.ContextReference(), place, nodes.Tuple(dependencies, "load")]
        call = self.call_method("_fragment", arguments, lineno=line)
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _fragment(
        self, context: Context, place: str, dependencies: Dependencies, *, caller: Callable[[], Markup]
    ) -> Markup:
        """Return a part of a page, rendered where it was not yet, or of another campaign than it is now."""
        campaign = g.get("campaign")
        if campaign is None:
            return caller()
        values = (campaign, request.root_path)
        address = " ".join((place, context["language"], campaign.name, *map(str, dependencies)))
        found = self._fragments.get(address, values)
        return self._fragments.put(address, values, caller()) if found is None else found


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A page as it travels, plain and packed, with its ETag; both have one, a weak one (RFC 9110, section 8.8.1)."""

    plain: bytes
    packed: bytes
    etag: str

    @classmethod
    def of(cls, page: str) -> "CachedPage":
        plain = page.encode()
        return cls(plain, gzip.compress(plain, mtime=0), sha256(plain).hexdigest()[:32])

    def answer(self, environ: "WSGIEnvironment") -> Response:
        """Return the answer to a request: 304 where its browser has the page. Browsers ask again each time."""
        takes_packed = _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        answer = Response(self.packed if takes_packed else self.plain, mimetype="text/html")
        if takes_packed:
            answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Vary"] = "Accept-Encoding"
        answer.headers["Cache-Control"] = "no-cache"
        answer.set_etag(self.etag, weak=True)
        return answer.make_conditional(environ)

    def headers(self, *, is_packed: bool) -> Sequence[tuple[str, str]]:
        """Return what a server is given with the whole page, the day and hour left out."""
        environ = {"REQUEST_METHOD": "GET", "HTTP_ACCEPT_ENCODING": "gzip" if is_packed else ""}
        answer = self.answer(environ)
        answer.headers.update(HEADERS)
        return [one for one in answer.get_wsgi_headers(environ).to_wsgi_list() if one[0] != "Date"]


@lru_cache(maxsize=64)
def _takes_gzip(accepted: str) -> bool:
    return parse_accept_header(accepted, Accept)["gzip"] > 0


@dataclass(slots=True)
class _Shown:
    """A page that was shown at an address: `rule` is its route, `looked` when it was last known to be published."""

    page: CachedPage
    rule: str
    day: date
    commits: int
    looked: float
    plain_headers: Sequence[tuple[str, str]]
    packed_headers: Sequence[tuple[str, str]]


@dataclass(slots=True)
class RecentPages:
    """The pages shown in the last second, by their paths, for requests that are answered before the application.

    A page counts for a second, until Ottawa's day ends or until this process commits anything.
    """

    sessions: Sessions
    now: Callable[[], datetime]
    _shown: dict[str, _Shown] = field(default_factory=dict)

    def show(self, path: str, page: CachedPage, rule: str) -> None:
        """Note that a page was just found to be what is published. Only paths of pages that exist are noted."""
        if len(self._shown) >= MAX_PAGES:
            self._shown.clear()
        day, commits, looked = day_of(self.now()), self.sessions.commits, time.monotonic()
        before = self._shown.get(path)
        if before is not None and before.page is page:
            headers = before.plain_headers, before.packed_headers
        else:
            headers = page.headers(is_packed=False), page.headers(is_packed=True)
        self._shown[path] = _Shown(page, rule, day, commits, looked, *headers)

    def at(self, path: str) -> _Shown | None:
        """Return what was shown at a path, None where it has to be looked for again."""
        shown = self._shown.get(path)
        if shown is None or shown.commits != self.sessions.commits:
            return None
        if time.monotonic() - shown.looked >= RECHECK_S or shown.day != day_of(self.now()):
            return None
        return shown


OTHER_WISHES = (
    "QUERY_STRING",
    "SCRIPT_NAME",
    "CONTENT_LENGTH",
    "HTTP_TRANSFER_ENCODING",
    "HTTP_IF_MATCH",
    "HTTP_RANGE",
)
"""What is in a request that asks for more than the page at a path."""


class RecentPagesMiddleware:
    """Answers for the pages shown in the last second, in front of the application, which answers everything else.

    The same answer, headers and line of the log as the application's. A page is known by its path alone: a request with
    a query, a body or a condition other than an ETag is left to the application, as is one under another root or for a
    name that is not among `hosts`.
    """

    def __init__(
        self, application: "WSGIApplication", recent: Callable[[], RecentPages], *, hosts: Sequence[str] = ()
    ) -> None:
        self._application, self._recent = application, recent
        self._host = hosts[0] if hosts else ""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        started = time.perf_counter()
        shown = self._recent().at(environ.get("PATH_INFO", ""))
        method = environ["REQUEST_METHOD"]
        if shown is None or method not in {"GET", "HEAD"} or any(map(environ.get, OTHER_WISHES)):
            return self._application(environ, start_response)
        if self._host and environ.get("HTTP_HOST", "").partition(":")[0] != self._host:
            return self._application(environ, start_response)
        if environ.get("HTTP_IF_NONE_MATCH"):
            answer = shown.page.answer(environ)
            answer.headers.update(HEADERS)
            log_request(method, shown.rule, answer.status_code, started=started)
            return answer(environ, start_response)
        is_packed = _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        headers = shown.packed_headers if is_packed else shown.plain_headers
        start_response("200 OK", [*headers, ("Date", http_date())])
        log_request(method, shown.rule, 200, started=started)
        return [] if method == "HEAD" else [shown.page.packed if is_packed else shown.page.plain]
