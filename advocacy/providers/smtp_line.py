"""A line to a mail server, opened as its address says, on which all waiting together ends in time."""

import smtplib
import socket
import ssl
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from advocacy.delivery.provider import NotAllowed, TryLater

HOW_TO_WRITE_IT = "smtp://user:password@mail.example.ca:587 or smtps://user:password@mail.example.ca:465"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PIECE = 4096
SLACK = 0.2
"""Seconds by which a wait may be longer than the time that is left."""
PERMANENT = 500


class Tls(StrEnum):
    """How what is said is kept secret; the words stand in the address as `?tls=`."""

    FROM_THE_START = "implicit"
    ASKED_FOR = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Server:
    """Where a mail server is, and how it is entered; `user` may be ""."""

    host: str
    port: int
    user: str
    password: str
    tls: Tls

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port})"

    @classmethod
    def read(cls, url: str) -> "Server":
        """Read an address like `smtp://user:password@host:587`; raises ValueError, which repeats nothing of it.

        `smtps` speaks TLS from the start. `smtp` asks for it and goes no further without, unless the server is on this
        machine; `?tls=none` and `?tls=starttls` say otherwise.
        """
        try:
            parts = urlsplit(url)
            at_once = {"smtp": False, "smtps": True}[parts.scheme]
            wanted = parse_qs(parts.query, strict_parsing=True)["tls"][0] if parts.query else _usual(parts.hostname)
            tls = Tls.FROM_THE_START if at_once else Tls(wanted)
            port = parts.port or (465 if at_once else 587)
        except (KeyError, ValueError):
            raise ValueError(f"write it as {HOW_TO_WRITE_IT}") from None
        if not parts.hostname or parts.path.strip("/") or parts.fragment:
            raise ValueError(f"write it as {HOW_TO_WRITE_IT}; in a password, / is %2F and # is %23")
        return cls(parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""), tls)


def _usual(host: str | None) -> Tls:
    return Tls.NONE if host in LOOPBACK else Tls.ASKED_FOR


class Line(smtplib.SMTP):
    """The standard library's line, whose every wait ends when `until` has come, on the monotonic clock in seconds.

    Its own time limit is one for each wait: a server that gives a byte now and then would hold it for ever.
    """

    def __init__(self, server: Server, *, helo: str, trust: ssl.SSLContext, until: float) -> None:
        self.until = until
        self._limit = 0.0
        self._from_the_start = trust if server.tls is Tls.FROM_THE_START else None
        super().__init__(server.host, server.port, helo)

    def left(self) -> float:
        """Return the seconds left; raises TimeoutError when there are none."""
        if (seconds := self.until - time.monotonic()) <= 0:
            raise TimeoutError
        return seconds

    def limit(self) -> None:
        """End the next wait when the time is over, or at most `SLACK` later: each setting is a system call."""
        left = self.left()
        if self.sock is not None and not left <= self._limit <= left + SLACK:
            self._limit = left + SLACK / 2
            self.sock.settimeout(self._limit)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        found = self._connected(host, port)
        return self._from_the_start.wrap_socket(found, server_hostname=host) if self._from_the_start else found

    def _connected(self, host: str, port: int) -> socket.socket:
        trouble: OSError = TimeoutError()
        addresses = [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        for nth, address in enumerate(addresses):
            try:
                # The first address that does not answer leaves time for the others.
                opened = socket.create_connection((address, port), self.left() / (len(addresses) - nth))
                opened.settimeout(self.left())
                return opened
            except OSError as error:
                trouble = error
        raise trouble

    def send(self, s: Any) -> None:
        """Say something, in the time that is left."""
        self.limit()
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        """Hear the answer, in the time that is left."""
        if self.file is None:
            self.file = _Replies(self)
        return super().getreply()


class _Replies:
    """What the server says, line by line; in place of a file, whose reading knows no end."""

    def __init__(self, line: Line) -> None:
        self._line, self._heard = line, b""

    def readline(self, most: int) -> bytes:
        while b"\n" not in self._heard and len(self._heard) < most and (piece := self._piece()):
            self._heard += piece
        end = min(self._heard.find(b"\n") + 1 or len(self._heard), most)
        told, self._heard = self._heard[:end], self._heard[end:]
        return told

    def close(self) -> None:
        self._heard = b""

    def _piece(self) -> bytes:
        if self._line.sock is None:
            return b""
        self._line.limit()
        return self._line.sock.recv(PIECE)


def opened(server: Server, *, helo: str, trust: ssl.SSLContext, until: float) -> Line:
    """Open a line, with TLS and a login as `server` says. Raises TryLater, and NotAllowed where no try will help."""
    line = None
    try:
        line = Line(server, helo=helo, trust=trust, until=until)
        if server.tls is Tls.ASKED_FOR:
            line.starttls(context=trust)
        line.ehlo_or_helo_if_needed()
        if server.user:
            line.login(server.user, server.password)
    except (OSError, UnicodeError) as error:
        if line is not None:
            line.close()
        raise _what_to_do(error) from None
    return line


def _what_to_do(error: OSError | UnicodeError) -> TryLater | NotAllowed:
    """Say what a line that did not open asks for. SMTPException and SSLError are kinds of OSError."""
    match error:
        case ssl.SSLEOFError():
            return TryLater("connection", counts=False)
        case ssl.SSLError():
            return NotAllowed("tls")
        case smtplib.SMTPNotSupportedError():
            return NotAllowed("not_offered")
        case smtplib.SMTPResponseException(smtp_code=code):
            return NotAllowed(f"smtp_{code}") if code >= PERMANENT else TryLater(f"smtp_{code}", counts=False)
        case UnicodeError():
            return NotAllowed("login")
    return TryLater("connection", counts=False)
