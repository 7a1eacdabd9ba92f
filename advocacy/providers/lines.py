"""A call over a kept connection ends in time, and tells whether anything had been said when it broke."""

import contextlib
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import parse_url

CONNECTS = 5.0
"""Seconds to reach one address of the other side."""
BODY_READ = 16 * 1024
"""The most bytes of an answer that are read so that its connection can be kept."""
KEPT = 4
"""How many connections are kept at most, one for each thread that speaks."""
MAX_IDLE = 30.0
"""Seconds after which a kept connection is not used again. A NAT or a firewall between forgets it in silence.

What is said on a forgotten connection gets no answer, and may have arrived for all that is known. Azure's NAT forgets
after 4 minutes, the NAT gateway of AWS after 350 seconds, unless set otherwise.
"""


class Broken(Exception):
    """No answer came; `said` tells whether the request, or some of it, may have arrived. `reason` is a short code."""

    def __init__(self, reason: str, *, said: bool) -> None:
        self.reason, self.said = reason, said
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Answer:
    """How the other side answered; its words are not kept, they may hold an address."""

    status: int
    headers: Mapping[str, str]


class Watch:
    """Cuts the calls that last longer than `seconds`: one thread for all, which ends once there are none.

    A timer for each call is a thread for each, and takes more time than the call's own TLS.
    """

    def __init__(self, seconds: float) -> None:
        self.name = f"calls of at most {seconds:g} s {id(self)}"
        self._seconds = seconds
        self._ends: dict[Call, float] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def begin(self, call: "Call") -> None:
        """Cut this call when its time is over, unless it ends before."""
        with self._changed:
            self._ends[call] = monotonic() + self._seconds
            if self._thread is None or not self._thread.is_alive():  # a thread does not outlive a fork
                self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self._thread.start()

    def end(self, call: "Call") -> None:
        """Leave this call alone from now on."""
        with self._changed:
            self._ends.pop(call, None)

    def close(self) -> None:
        """End the thread, unless there are calls."""
        with self._changed:
            self._changed.notify()

    def _run(self) -> None:
        # Every call lasts as long as any other: while this waits for the first to end, none that comes ends before.
        with self._changed:
            while self._ends:
                left = min(self._ends.values()) - monotonic()
                if left > 0:
                    self._changed.wait(left)
                    continue
                call = min(self._ends, key=self._ends.__getitem__)
                del self._ends[call]
                call.cut()
            self._thread = None


class Call:
    """One call: when its time is over the connection is cut, and nothing is said any more."""

    def __init__(self, watch: Watch) -> None:
        self.said = False
        self._over = False
        self._line: socket.socket | None = None
        self._lock = threading.Lock()
        self._watch = watch

    def __enter__(self) -> "Call":
        self._watch.begin(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._watch.end(self)
        with self._lock:
            self._line = None

    def speak(self, line: socket.socket | None) -> None:
        """Begin to speak on a connection; raise TimeoutError when the time is over."""
        with self._lock:
            if self._over:
                raise TimeoutError
            self._line, self.said = line, True

    def cut(self) -> None:
        """End the call now: whoever waits for an answer hears that none comes."""
        with self._lock:
            self._over = True
            if self._line is not None:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(self._line, socket.SHUT_RDWR)  # below TLS, which would wait for an answer


class _Now(threading.local):
    """The call of this thread."""

    call: Call


_now = _Now()


class Line(HTTPConnection):
    """A connection that says nothing outside a call, and nothing after a long silence: then it is made anew."""

    _used_at = 0.0
    """When something was last said on it, in seconds of the monotonic clock."""

    def connect(self) -> None:
        """Connect, which is saying something."""
        super().connect()
        self._used_at = monotonic()

    def request(self, *args: Any, **options: Any) -> None:
        """Connect first, then say so to the call, then speak."""
        now = monotonic()
        if not self.is_closed and now - self._used_at > MAX_IDLE:
            self.close()
        if self.is_closed:
            self.connect()
        self._used_at = now
        _now.call.speak(self.sock)
        super().request(*args, **options)


class SecureLine(Line, HTTPSConnection):
    """The same over TLS."""


class Lines:
    """Kept connections to one address; raises ValueError for what is none."""

    def __init__(self, url: str, *, ca_certs: str | None, patience: float) -> None:
        timeout = Timeout(connect=min(CONNECTS, patience), read=patience)
        self._watch = Watch(patience)
        self._open = partial(_pool, url, ca_certs, timeout)
        self._pool = self._open()

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Say it once; raise Broken where no answer comes."""
        with Call(self._watch) as call:
            _now.call = call
            try:
                response = self._pool.urlopen("POST", path, body, headers, False, redirect=False, preload_content=False)
            except (HTTPError, OSError, ValueError):
                raise Broken("no_answer" if call.said else "no_connection", said=call.said) from None
            _read_to_the_end(response)
        return Answer(response.status, response.headers)

    def close(self) -> None:
        """Let go of the connections; the next call makes new ones."""
        self._pool.close()
        self._watch.close()
        self._pool = self._open()


def _read_to_the_end(response: BaseHTTPResponse) -> None:
    """Empty the connection for the next call, or drop it; the answer stands either way."""
    try:
        left = len(response.read(BODY_READ, decode_content=False)) == BODY_READ
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
        plain = HTTPConnectionPool(parts.host, parts.port, timeout, KEPT)
        plain.ConnectionCls = Line
        return plain
    secure = HTTPSConnectionPool(parts.host, parts.port, timeout, KEPT, ca_certs=ca_certs)
    secure.ConnectionCls = SecureLine
    return secure
