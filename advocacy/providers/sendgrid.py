"""Messages sent by SendGrid, one call each; its answers become the outcomes that every provider has."""

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from time import monotonic
from typing import Any

from sendgrid.helpers.mail import (
    CustomArg,
    Email,
    From,
    Header,
    Mail,
    ReplyTo,
    To,
)
from sendgrid.helpers.mail.exceptions import SendGridException
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import parse_url

from advocacy.delivery.provider import Accepted, Envelope, Mailbox, NotAllowed, Refused, TryLater, Unknown
from advocacy.exports.mail import ascii_address, common_headers, sender_address
from advocacy.exports.text import writable
from advocacy.providers.deadlines import Call, DeadlineWatcher

MAX_SECONDS = 25.0
"""How long one call may last in all, however slowly the answer comes: less than the 30 s a provider has."""
CONNECT_SECONDS = 5.0
"""How long it may take to reach one address of the API."""
MAX_BODY_READ = 16 * 1024
"""The most bytes of an answer that are read so that its connection can be used again."""
MAX_CONNECTIONS = 4
"""How many connections are kept at most, one for each thread that sends."""
MAX_IDLE = 30.0
"""Seconds after which a connection is not used again. A NAT or a firewall between forgets it in silence.

What is sent on a forgotten connection gets no answer, and may have arrived for all that is known. Azure's NAT forgets
after 4 minutes, the NAT gateway of AWS after 350 seconds, unless set otherwise.
"""
MIN_WAIT, MAX_WAIT = timedelta(seconds=1), timedelta(hours=1)
KEY = re.compile(r"[!-~]+")
PROVIDER_ID = re.compile(r"[!-~]{1,200}")

SUCCESS = frozenset({200, 202})
REFUSED: Mapping[int, str] = {400: "http_400", 413: "too_large", 422: "http_422"}
"""What is wrong with this message alone; any other 4xx or 3xx is our key, our account or our address of the API."""
TRY_LATER = frozenset({408, 429})
"""About the service or our pace, as every 5xx is, never about one message."""
MAY_SEND = "mail.send"
UNDECIDED = 504
"""A gateway that got no answer: the message may have been accepted behind it."""


NO_TRACKING: Mapping[str, Any] = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
    "ganalytics": {"enable": False},
}


class Sendgrid:
    """SendGrid's v3 API over connections that are kept.

    Its own client builds the message and names what is wrong with one, but does not send: for each call it makes an
    opener of urllib, which takes longer than the call (docs/decisions/speed.md), and opens a connection.

    `api_url` is where it answers, `ca_certs` a file of the authorities to trust in place of the usual ones, and
    `max_seconds` how long one call may last. Raises ValueError for an `api_url` that is no address.
    """

    name = "sendgrid"
    rehearses = False

    def __init__(
        self, api_key: str, api_url: str, *, ca_certs: str | None = None, max_seconds: float = MAX_SECONDS
    ) -> None:
        url = api_url.strip().rstrip("/")
        self._key = api_key.strip()
        self._client = HttpClient(url, ca_certs=ca_certs, max_seconds=max_seconds)
        root = parse_url(url).path or ""
        self._path, self._scopes_path = f"{root}/v3/mail/send", f"{root}/v3/scopes"
        self._headers = {"Authorization": f"Bearer {self._key}", "Accept": "application/json"}
        self._headers |= {"Content-Type": "application/json"}

    def send(self, envelope: Envelope) -> Accepted:
        """Hand one message over, as every provider does."""
        if not KEY.fullmatch(self._key):
            raise NotAllowed("no_key")
        body = json.dumps(request_body(envelope)).encode()
        try:
            answer = self._client.post(self._path, body, self._headers)
        except NoAnswer as error:
            if error.has_sent:
                raise Unknown(error.reason) from None
            raise TryLater(error.reason, counts=False) from None
        return _accepted(answer.status, answer.headers)

    def check(self) -> None:
        """Ask what the key may do, and send nothing; raises TryLater, NotAllowed.

        Source: https://www.twilio.com/docs/sendgrid/api-reference/api-key-permissions
        """
        if not KEY.fullmatch(self._key):
            raise NotAllowed("no_key")
        try:
            status, body = self._client.get(self._scopes_path, self._headers)
        except NoAnswer as error:
            raise TryLater(error.reason, counts=False) from None
        if status in TRY_LATER or status >= 500:
            raise TryLater(f"http_{status}", counts=False)
        if status not in SUCCESS:
            raise NotAllowed(f"http_{status}")
        try:
            scopes = json.loads(body)["scopes"]
        except (ValueError, TypeError, KeyError):
            raise TryLater("answer", counts=False) from None
        if MAY_SEND not in scopes:
            raise NotAllowed("no_mail_send")

    def close(self) -> None:
        self._client.close()


def request_body(envelope: Envelope) -> dict[str, Any]:
    """Return the body of the request; raise Refused where an address or the text cannot be sent.

    Source: https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
    """
    mail = Mail()
    try:
        mail.from_email = _mailbox(From, envelope.sender, sender_address(envelope))
        mail.add_to(_mailbox(To, envelope.to, ascii_address(envelope.to)))
        if envelope.reply_to is not None:
            mail.reply_to = _mailbox(ReplyTo, envelope.reply_to, ascii_address(envelope.reply_to))
        mail.subject = _line(envelope.subject)
        mail.add_content(_lines(envelope.text), "text/plain")
        if envelope.html:
            mail.add_content(_lines(envelope.html), "text/html")
    except SendGridException:  # its helpers look for keys of its own in the text
        raise Refused("content") from None
    for name, value in common_headers(envelope).items():
        mail.add_header(Header(name, value))
    mail.add_custom_arg(CustomArg("message_id", envelope.id))
    body: dict[str, Any] = mail.get()
    return body | {"tracking_settings": NO_TRACKING}


def _mailbox(kind: type[Email], mailbox: Mailbox, address: str) -> Any:
    written = kind()  # given to the constructor alone, an address would be taken apart
    written.email = address
    if name := _line(mailbox.name):
        written.name = name
    return written


def _line(text: str) -> str:
    return writable(text).strip(" ")


def _lines(text: str) -> str:
    """Leave out half characters, which no mail can hold."""
    return text.encode(errors="ignore").decode()


def _accepted(status: int, headers: Mapping[str, str]) -> Accepted:
    if status in SUCCESS:
        named = headers.get("X-Message-Id", "")
        return Accepted(named if PROVIDER_ID.fullmatch(named) else "")
    reason = REFUSED.get(status, f"http_{status}")
    if status == UNDECIDED or status < 300:
        raise Unknown(reason)
    if status in TRY_LATER or status >= 500:
        raise TryLater(reason, after=retry_after(headers), counts=False)
    raise (Refused if status in REFUSED else NotAllowed)(reason)


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Return the time to wait by Retry-After (RFC 9110, 10.2.3), else by X-RateLimit-Reset; None where neither says.

    It is an hour at most. `headers` are found whatever their case. A moment is compared with the answer's own Date, by
    the same clock.
    """
    now = _timestamp(headers.get("Date", ""))
    value = headers.get("Retry-After", "").strip()
    seconds, moment = _number(value), _timestamp(value)
    if seconds is None and moment is None:
        moment = _number(headers.get("X-RateLimit-Reset", "").strip())
    if seconds is None and moment is not None and now is not None:
        seconds = moment - now
    return None if seconds is None else timedelta(seconds=min(max(seconds, MIN_WAIT.seconds), MAX_WAIT.seconds))


def _number(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _timestamp(text: str) -> float | None:
    """Return the seconds since 1970 of a date as mail and HTTP write it."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


class NoAnswer(Exception):
    """No answer came; `has_sent` says whether the request, or some of it, may have arrived; `reason` is a code."""

    def __init__(self, reason: str, *, has_sent: bool) -> None:
        self.reason, self.has_sent = reason, has_sent
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """The status and headers of an answer; its text is not kept, as it may contain an address."""

    status: int
    headers: Mapping[str, str]


class _ThreadState(threading.local):
    """The call of this thread."""

    call: Call


_thread = _ThreadState()


class WatchedConnection(HTTPConnection):
    """A connection that its thread's call can cut, and that is opened anew after a long silence."""

    _used_at = 0.0
    """When something was last sent on it, in seconds of the monotonic clock."""

    def connect(self) -> None:
        """Connect, which is sending something."""
        super().connect()
        self._used_at = monotonic()

    def request(self, *args: Any, **options: Any) -> None:
        """Connect first, then register the socket with the call, then send."""
        now = monotonic()
        if not self.is_closed and now - self._used_at > MAX_IDLE:
            self.close()
        if self.is_closed:
            self.connect()
        self._used_at = now
        _thread.call.use(self.sock)
        super().request(*args, **options)


class WatchedTlsConnection(WatchedConnection, HTTPSConnection):
    """The same over TLS."""


class HttpClient:
    """Kept connections to one address; raises ValueError for what is none."""

    def __init__(self, url: str, *, ca_certs: str | None, max_seconds: float) -> None:
        timeout = Timeout(connect=min(CONNECT_SECONDS, max_seconds), read=max_seconds)
        self._watcher, self._max_seconds = DeadlineWatcher(), max_seconds
        self._open = partial(_pool, url, ca_certs, timeout)
        self._pool = self._open()

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        """Send a request once; raise NoAnswer where no answer comes."""
        with Call(self._watcher, self._max_seconds) as call:
            _thread.call = call
            try:
                response = self._pool.urlopen("POST", path, body, headers, False, redirect=False, preload_content=False)
            except (HTTPError, OSError, ValueError):
                reason = "no_answer" if call.has_sent else "no_connection"
                raise NoAnswer(reason, has_sent=call.has_sent) from None
            _read_to_the_end(response)
        return HttpAnswer(response.status, response.headers)

    def get(self, path: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Ask for something that is not large; return the status and the text. Raises NoAnswer."""
        with Call(self._watcher, self._max_seconds) as call:
            _thread.call = call
            try:
                response = self._pool.urlopen("GET", path, None, headers, False, redirect=False, preload_content=False)
                text = response.read(MAX_BODY_READ)
            except (HTTPError, OSError, ValueError):
                raise NoAnswer("no_answer" if call.has_sent else "no_connection", has_sent=call.has_sent) from None
            _read_to_the_end(response)
        return response.status, text

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        self._pool.close()
        self._watcher.close()
        self._pool = self._open()


def _read_to_the_end(response: BaseHTTPResponse) -> None:
    """Empty the connection for the next call, or close it; the answer is valid either way."""
    try:
        left = len(response.read(MAX_BODY_READ, decode_content=False)) == MAX_BODY_READ
    except (HTTPError, OSError):
        left = True
    if left:
        response.close()
    response.release_conn()


def _pool(url: str, ca_certs: str | None, timeout: Timeout) -> HTTPConnectionPool:
    parts = parse_url(url)
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise ValueError("the address of the API begins with https:// and names a host")
    if parts.scheme == "http":
        plain = HTTPConnectionPool(parts.host, parts.port, timeout, MAX_CONNECTIONS)
        plain.ConnectionCls = WatchedConnection
        return plain
    secure = HTTPSConnectionPool(parts.host, parts.port, timeout, MAX_CONNECTIONS, ca_certs=ca_certs)
    secure.ConnectionCls = WatchedTlsConnection
    return secure
