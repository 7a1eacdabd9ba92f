"""What every request and answer passes: limits, tokens and headers, the log by routes, and compression.

No address of a person, no typed word and no token is logged. A page whose token a compressed size could give away is
not compressed (BREACH).
"""

import logging
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache, partial
from io import BytesIO
from types import MappingProxyType
from typing import IO, Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, g, has_request_context, request
from flask.sessions import SecureCookieSessionInterface
from flask_compress import Compress
from flask_wtf.csrf import CSRFError, CSRFProtect, validate_csrf
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import BadRequest, LengthRequired, RequestEntityTooLarge, SecurityError
from werkzeug.utils import cached_property
from wtforms import ValidationError

from advocacy.web.request_metrics import count_request

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])

BODY_LIMIT = 256 * 1024
"""The most bytes a form may have: ten edited letters and all the fields fit several times."""
SIGNED_LIMIT = 1024 * 1024
"""The most bytes a provider may bring at once."""
NULL = "\0"
PARTS_LIMIT = 200
"""The most fields a form may have."""
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Flask-Security draws the code of an authenticator app as a data: address
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
PDF_POLICY = "frame-ancestors 'none'"
HEADERS = MappingProxyType(
    {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        # The check of forms over https wants to know which page they come from.
        "Referrer-Policy": "same-origin",
    }
)
NO_STORE = MappingProxyType({"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
FORWARDED = "X-Forwarded-For"
NOT_BELIEVED = (
    f"a request came with {FORWARDED}, which is not believed: if a proxy of one's own stands in front, set "
    "ADVOCACY_PROXY_HOPS to how many do; until then all visitors count as one network and share its limits"
)
NOT_THERE = (
    f"a form came whose {FORWARDED} names fewer addresses than ADVOCACY_PROXY_HOPS: let every proxy add to that "
    "header, or set how many really stand in front; until then all visitors count as one network and share its limits"
)
HSTS = ("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
"""For two years browsers come back over https alone (RFC 6797)."""
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1"})
LOCAL_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
"""What programs of this machine ask for, whatever name the site has."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Access(StrEnum):
    """Who may enter a route."""

    EVERYONE = "everyone"
    SIGNED = "signed"
    """Whoever brings something signed and no form: a provider its reports, a mail program the link of a mail."""
    OPERATOR = "operator"
    """Whoever keeps the site running: from its own machine, or with the token for it."""
    SIGN_IN = "sign-in"
    """Everyone, to a page of the staff's that lets one in."""
    ACCOUNT = "account"
    """Staff, with their password alone: to their own account."""
    WRITER = "writer"
    PUBLISHER = "publisher"
    MANAGER = "manager"
    """Staff of this role or a higher one, with their second factor."""


def declares(**attributes: object) -> Callable[[View], View]:
    """Return a decorator by which a view declares who may enter it, or how it is to be treated."""

    def declare(view: View) -> View:
        for name, value in attributes.items():
            setattr(view, name, value)
        return view

    return declare


public = declares(access=Access.EVERYONE)
"""Everyone may enter the route; one that declares nothing is a mistake."""
form_page = declares(access=Access.EVERYONE, no_store=True)
"""A page of the form, open to everyone: no cache and no search engine may keep it, blank or not."""
takes_postal_code_alone = declares(postal_code_alone=True)
"""A postal code, with the letter's name at most, may be posted to the view without a token.

It has to come from a page of this site. The page with that form is the same for everyone, and such an answer stores
nothing.
"""
secret_page = declares(access=Access.EVERYONE, no_store=True, secret=True)
"""A page whose address is the secret that lets one in: nothing keeps it, and no request tells of it."""
signed = declares(access=Access.SIGNED, no_store=True, body_limit=SIGNED_LIMIT)
"""A route that believes what is signed and nothing else; it takes more than a form, and no token."""
secret_form = declares(access=Access.EVERYONE, no_store=True, secret=True, referrer="strict-origin")
"""A secret page with a form that goes to a page of the form, whose check wants to know which site it comes from."""
one_click = declares(access=Access.SIGNED, no_store=True, secret=True, needs_no_token=True)
"""A secret page that mail programs post to (RFC 8058): with neither a form's token nor a page that it came from."""
operator = declares(access=Access.OPERATOR, no_store=True)
"""A page for whoever keeps the site running, which the view itself sees to; nothing keeps it."""


def access_of(view: Callable[..., Any]) -> Access | None:
    """Return who may enter a route, None where it does not say."""
    return getattr(view, "access", None)


class InMemoryRequest(Request):
    """A request none of whose files is ever written to a disk, and whose words hold no null: PostgreSQL stores none."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """What is asked for after the address's question mark."""
        return _without_nulls(super().args)

    def _load_form_data(self) -> None:
        super()._load_form_data()
        self.__dict__["form"] = _without_nulls(self.form)

    def _get_file_stream(self, *_: object, **__: object) -> IO[bytes]:
        return BytesIO()


def _without_nulls(words: MultiDict[str, str]) -> MultiDict[str, str]:
    if None in words:
        raise BadRequest  # a field without a name
    return ImmutableMultiDict(
        (name.replace(NULL, ""), word.replace(NULL, "")) for name, word in words.items(multi=True)
    )


class FormTokens(CSRFProtect):  # type: ignore[misc]
    """Every unsafe method wants the form's token; a secret page's browser names no page that it comes from."""

    def protect(self, apply_exemptions: bool = False) -> None:
        """Refuse a request without its token; raises CSRFError."""
        if _is_first_lookup() or _declared("needs_no_token"):
            return
        if not _declared("secret"):
            super().protect(apply_exemptions)
        elif request.method in current_app.config["WTF_CSRF_METHODS"]:
            try:
                validate_csrf(request.form.get(current_app.config["WTF_CSRF_FIELD_NAME"]))
            except ValidationError as refused:
                raise CSRFError(refused.args[0]) from None


class CookieSessions(SecureCookieSessionInterface):
    """A cookie of one application, named and signed for it alone; over https no other host can set it.

    The citizens' holds the form's token and nothing else.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self.salt = f"{name} session"

    def get_cookie_name(self, app: Flask) -> str:
        """Name the cookie so that browsers hold it to its host, where they can."""
        return f"__Host-{self._name}" if _over_https() else self._name

    def get_cookie_secure(self, app: Flask) -> bool:
        """Keep a cookie that came over https from ever leaving without it."""
        return _over_https()


@cache
def _warn_once(sentence: str) -> None:
    """Warn once in a process, of nobody who came."""
    log.warning(sentence)


def _check_proxies(hops: int) -> None:
    """Warn where the proxies in front are not those of the settings."""
    named = request.headers.get(FORWARDED, "")
    if named and not hops:
        _warn_once(NOT_BELIEVED)
    # Forms alone: what watches over the site asks for pages past the proxy, and may.
    elif request.method not in SAFE and hops > (named.count(",") + 1 if named else 0):
        _warn_once(NOT_THERE)


def secure(app: Flask, *, key: str, cookie: str, proxy_hops: int, hosts: Sequence[str] = ()) -> None:
    """Guard every request and answer of the application, whose cookie has this name.

    It answers at these hosts alone, or without any at every name.
    """
    app.config.update(
        SECRET_KEY=key,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        MAX_FORM_PARTS=PARTS_LIMIT,
        WTF_CSRF_TIME_LIMIT=None,  # a letter may be thought over for a night
        TRUSTED_HOSTS=hosts,
    )
    app.session_interface = CookieSessions(cookie)
    app.request_class = InMemoryRequest
    if hosts:
        app.before_request(_refuse_local_names)
    app.before_request(partial(_check_proxies, proxy_hops))
    app.before_request(_set_limits)  # before the token is looked for, which reads the form
    app.before_request(_refuse_incomplete)
    FormTokens(app)
    app.after_request(_add_headers)


def trusted_hosts(base_url: str) -> Sequence[str]:
    """Return the names that a site answers at, without ports: its own, and this machine's for what watches over it.

    They are none, which means every name, for a site that is tried on one machine.
    """
    name = urlsplit(base_url).hostname or ""
    return () if name in LOCAL_HOSTS or ":" in name else (name, *LOCAL_HOSTS)


def _over_https() -> bool:
    return has_request_context() and request.is_secure


def _refuse_local_names() -> None:
    """A site with a name of its own answers under this machine's to what watches over it."""
    if request.host.partition(":")[0] in LOCAL_HOSTS and request.path not in LOCAL_PATHS:
        raise SecurityError


def _set_limits() -> None:
    request.max_content_length = request.max_form_memory_size = _declared("body_limit", BODY_LIMIT)
    request.max_form_parts = _declared("parts_limit", PARTS_LIMIT)
    if (request.content_length or 0) > request.max_content_length:
        raise RequestEntityTooLarge


def _refuse_incomplete() -> None:
    """A form that was cut off on its way is not taken for the whole."""
    if request.mimetype not in FORMS:
        return
    if request.content_length is None and "Transfer-Encoding" in request.headers:
        raise LengthRequired
    if len(request.get_data()) < (request.content_length or 0):
        raise BadRequest


def takes_file() -> bool:
    """Return whether the view that answers takes a file."""
    return bool(_declared("takes_file"))


def _add_headers(answer: Response) -> Response:
    answer.headers.update(HEADERS)
    if request.is_secure:
        answer.headers.set(*HSTS)
    if answer.mimetype == "application/pdf":
        # Chromium applies a file's own policy to the viewer it shows it in, which then stays empty (crbug.com/271452).
        answer.headers["Content-Security-Policy"] = PDF_POLICY
    if _declared("no_store") or answer.status_code >= 400 or request.method not in SAFE:
        answer.headers.update(NO_STORE)
    if _declared("secret"):
        answer.headers["Referrer-Policy"] = _declared("referrer", "no-referrer")
    return answer


def _is_first_lookup() -> bool:
    """Whether a form without a token brings no more than what the view takes without one, from a page of this site."""
    if not _declared("postal_code_alone") or not {"postal_code"} <= set(request.form) <= {"postal_code", "template"}:
        return False
    named = [request.headers.get("Origin", ""), request.headers.get("Referer", "")]
    source = next((one for one in named if one and one != "null"), "")
    if source:
        return urlsplit(source).netloc == request.host
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _declared(name: str, default: Any = False) -> Any:
    """Return what the view that answers declares, `default` where it says nothing."""
    return getattr(current_app.view_functions.get(request.endpoint or ""), name, default)


METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
OTHER_METHOD = "other"
"""What is logged for a method that is none of these: a visitor's word."""


def log_and_compress(app: Flask) -> None:
    """Log every request that reaches the application, and compress what may be compressed of its answers."""

    @app.before_request
    def start_clock() -> None:
        g.started = time.perf_counter()

    @app.after_request  # answers pass through these in the opposite order: compressed last, then logged
    def log_answer(answer: Response) -> Response:
        started = g.started if "started" in g else time.perf_counter()
        rule = request.url_rule.rule if request.url_rule else "-"
        log_request(request.method, rule, answer.status_code, started=started)
        return answer

    app.config["COMPRESS_REGISTER"] = False
    compress = Compress(app)

    @app.after_request
    def compress_what_is_the_same_for_everyone(answer: Response) -> Response:
        """Beside a secret, what is typed would show in the size: no page with a token is compressed (BREACH)."""
        return answer if answer.cache_control.no_store else compress.after_request(answer)


def log_request(method: str, rule: str, status: int, *, started: float) -> None:
    """Log and count an answer by its route; `started` is when its request came, by `time.perf_counter`."""
    milliseconds = (time.perf_counter() - started) * 1000
    method = method if method in METHODS else OTHER_METHOD
    about = {"method": method, "route": rule, "status": status, "ms": round(milliseconds, 1)}
    log.info("%s %s %d %.1f ms", method, rule, status, milliseconds, extra=about)
    count_request(rule, status, milliseconds / 1000)
