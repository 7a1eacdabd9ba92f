"""Mail sent by a server of one's own choosing: one connection is kept, and its answers become our outcomes.

What a permanent refusal is about, its three-digit code does not tell: 550 is "no such mailbox" and "daily sending
limit" alike. The enhanced status code does (RFC 3463, its registry in RFC 5248): class, subject, detail, as in
"550 5.1.1 no such user".
"""

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain
from pathlib import Path
from time import monotonic
from urllib.parse import parse_qs, unquote, urlsplit

from advocacy.delivery.provider import POLICY, Accepted, Envelope, NotAllowed, Refused, TryLater, Unknown
from advocacy.exports.mail import ascii_address, sender_address, sender_domain, to_mail
from advocacy.providers.deadlines import Call, DeadlineWatcher

MAX_SECONDS = 25.0
"""How long one mail may take, from the connection to the last answer."""
PROBE_SECONDS = 5.0
"""How long a connection that was kept has to show that there is still someone at its end."""
QUIT_SECONDS = 2.0
MAX_IDLE = 30.0
"""Seconds after which a connection is not used again: one that a NAT forgot costs those of a probe and of quitting."""

SUCCESS, GO_ON, TRY_LATER, PERMANENT = range(200, 300), frozenset({354}), 400, range(500, 600)
CLOSING, TOO_LARGE, LOGIN_NEEDED = 421, 552, frozenset({530, 535})
"""421 closes the connection whatever was asked (RFC 5321, 3.8): it is never about one mail."""
# About us, not about the mail: every other one would be answered alike.
NO_RELAY = re.compile(rb"\brelay(?:ing)?(?: access)? (?:denied|not |prohibited)|unable to relay", re.IGNORECASE)
QUEUED = re.compile(rb"queued as <?([A-Za-z0-9._-]{4,64})", re.IGNORECASE)
LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)

ENHANCED_STATUS = re.compile(rb"5\.(\d{1,3})\.(\d{1,3})\b")
"""At the start of a refusal's text (RFC 2034, 4)."""
ABOUT_RECIPIENT = frozenset({1, 2})
"""Subjects: addressing and mailbox status."""
ABOUT_MAIL = 6
"""Subject: content or media."""
ABOUT_SYSTEM_OR_POLICY = frozenset({3, 4, 5, 7})
"""Subjects: mail system, network and routing, mail delivery protocol, security or policy."""
MAIL_TOO_LARGE = frozenset({(2, 3), (3, 4)})
RECIPIENTS_POLICY = frozenset({(7, 2), (7, 17), (7, 18), (7, 19)})
"""Of the policies, those that are the recipient's: a list takes no mail (RFC 3463), a mailbox or a domain has another
owner by now (RFC 7293)."""
LIMIT = frozenset({(1, 90), (3, 1), (3, 2), (4, 5), (5, 3), (7, 28)})
"""Over by itself after a while: the day's recipients are used up (1.90 at Microsoft), a mail system is full or takes
nothing now (3.1, 3.2), congestion, which is also how Google names its daily limit (4.5), too many recipients, though a
mail here has one (5.3), a flood (7.28, RFC 7372)."""
ABOUT_ACCOUNT = frozenset(
    chain(
        {(1, 7), (1, 8), (2, 252)},
        ((7, detail) for detail in range(8, 15)),
        ((7, detail) for detail in range(20, 28)),
    )
)
"""About the sender, whoever the recipient is: its address (1.7, 1.8) or its right to it (2.252 at Microsoft), its
sign-in and account (7.8 to 7.14, RFC 5248), its DKIM, SPF and reverse name (7.20 to 7.26, RFC 7372), a sender's domain
that takes no mail (7.27, RFC 7505)."""

HOW_TO_WRITE_IT = "smtp://user:password@mail.example.ca:587 or smtps://user:password@mail.example.ca:465"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Reply = tuple[int, bytes]


class Tls(StrEnum):
    """How a connection is encrypted; the words stand in the address as `?tls=`."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Server:
    """The address of a mail server, and how to sign in to it; `user` may be ""."""

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

        `smtps` is encrypted from the start. `smtp` asks for TLS and goes no further without, unless the server is on
        this machine; `?tls=none` and `?tls=starttls` say otherwise.
        """
        try:
            parts = urlsplit(url)
            implicit = {"smtp": False, "smtps": True}[parts.scheme]
            default = Tls.NONE if parts.hostname in LOOPBACK else Tls.STARTTLS
            wanted = parse_qs(parts.query, strict_parsing=True)["tls"][0] if parts.query else default
            tls = Tls.IMPLICIT if implicit else Tls(wanted)
            port = parts.port or (465 if implicit else 587)
        except (KeyError, ValueError):
            raise ValueError(f"write it as {HOW_TO_WRITE_IT}") from None
        if not parts.hostname or parts.path.strip("/") or parts.fragment:
            raise ValueError(f"write it as {HOW_TO_WRITE_IT}; in a password, / is %2F and # is %23")
        return cls(parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""), tls)


class Smtp:
    """Sends by the server at `url` (see `Server.read`; raises ValueError); of use to one thread at a time.

    `now` dates the mails; `helo` is the name of this machine, the sender's domain where none is given; `ca_certs` is a
    file of certificates to trust in place of the system's.
    """

    name = "smtp"
    rehearses = False

    def __init__(
        self,
        url: str,
        *,
        now: Callable[[], datetime],
        helo: str | None = None,
        ca_certs: Path | None = None,
        max_seconds: float = MAX_SECONDS,
    ) -> None:
        self._server = Server.read(url)
        self._trust = ssl.create_default_context(cafile=ca_certs)
        self._now, self._helo, self._max_seconds = now, helo, max_seconds
        self._watcher = DeadlineWatcher()
        self._connection: SmtpConnection | None = None
        self._used_at = 0.0

    def send(self, envelope: Envelope) -> Accepted:
        """Send one mail; raises TryLater, Refused, Unknown, NotAllowed, nothing else.

        Ends within 30 s, once the system has looked the server's name up. What went wrong also closes the connection:
        the next mail begins on a new one.
        """
        to = ascii_address(envelope.to)
        mail = to_mail(envelope, at=self._now(), to=to)
        with Call(self._watcher, self._max_seconds) as call:
            try:
                connection = self._begin(envelope, len(mail), call)
            except OSError:
                self._quit()
                raise TryLater("connection", counts=False) from None
            except (TryLater, Refused, NotAllowed):
                self._quit()
                raise
            try:
                _require(connection.docmd("rcpt", f"TO:<{to}>"), Refused("address"))
                _require(connection.docmd("data"), Refused("content"), success=GO_ON)
                return _send_content(connection, mail)
            except (TryLater, Refused, Unknown, NotAllowed):
                self._quit()
                raise
            except OSError:
                self._quit()
                raise TryLater("connection") from None

    def check(self) -> None:
        """Connect and sign in, and send nothing; raises TryLater, NotAllowed."""
        with Call(self._watcher, self._max_seconds) as call:
            self._connection = _connect(self._server, helo=self._helo or "localhost", trust=self._trust, call=call)
            try:
                _require(self._connection.noop(), NotAllowed("noop"))
            except OSError:
                raise TryLater("connection", counts=False) from None
            finally:
                self._quit()

    def close(self) -> None:
        """Close the connection; the next mail opens another."""
        self._quit()
        self._watcher.close()

    def _quit(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with contextlib.suppress(OSError), Call(self._watcher, QUIT_SECONDS) as call:
            connection.use(call)
            if self._is_idle():
                connection.putcmd("quit")  # the answer may never come, and nobody needs it
            else:
                connection.quit()
        connection.close()

    def _is_idle(self) -> bool:
        """Whether nothing was sent for so long that the connection may be gone without either end knowing."""
        return monotonic() - self._used_at > MAX_IDLE

    def _begin(self, envelope: Envelope, size: int, call: Call) -> "SmtpConnection":
        """Return a connection whose server has accepted the sender: the one kept, or a new one where that is gone."""
        if self._is_idle():
            self._quit()
        self._used_at = monotonic()
        sender = sender_address(envelope)
        connection, reply = self._connection, None
        if connection is not None:
            with contextlib.suppress(OSError), Call(self._watcher, PROBE_SECONDS) as probe:
                connection.use(probe)
                reply = _mail_from(connection, sender, size)
                connection.use(call)
        if connection is None or reply is None or reply[0] == CLOSING:
            self._quit()
            helo = self._helo or sender_domain(envelope)
            connection = self._connection = _connect(self._server, helo=helo, trust=self._trust, call=call)
            reply = _mail_from(connection, sender, size)
        code, _ = reply
        if code not in SUCCESS and code not in PERMANENT:  # about the server or the sender: about every mail
            raise TryLater(f"smtp_{code}", counts=False)
        _require(reply, Refused("too_large") if code == TOO_LARGE else NotAllowed(f"smtp_{code}"))
        return connection


class SmtpConnection(smtplib.SMTP):
    """The standard library's connection, opened in the time of a call, which can cut it.

    The library's own time limit is one for each wait: a server that sends a byte now and then would hold it for ever.
    """

    def __init__(self, server: Server, *, helo: str, trust: ssl.SSLContext, call: Call) -> None:
        self._call = call
        self._implicit_tls = trust if server.tls is Tls.IMPLICIT else None
        super().__init__(server.host, server.port, helo)

    def connect(self, host: str = "localhost", port: int = 0, source_address: object = None) -> Reply:
        """Connect to the first address that answers, and read the greeting."""
        opened = self._open(host, port)
        self._call.use(opened)
        self.sock = self._implicit_tls.wrap_socket(opened, server_hostname=host) if self._implicit_tls else opened
        return self.getreply()

    def use(self, call: Call) -> None:
        """Go on in the time of another call; raise OSError where the connection is closed, or the time over."""
        if self.sock is None:
            raise ConnectionError
        self._call = call
        call.use(self.sock)

    def getreply(self) -> Reply:
        """Read the answer; raise TimeoutError when the time is over, since it may then be the half of one."""
        reply = super().getreply()
        self._call.seconds_left()
        return reply

    def _open(self, host: str, port: int) -> socket.socket:
        failure: OSError = TimeoutError()
        addresses = [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        for nth, address in enumerate(addresses):
            try:
                # The first address that does not answer leaves time for the others.
                opened = socket.create_connection((address, port), self._call.seconds_left() / (len(addresses) - nth))
            except OSError as error:
                failure = error
            else:
                opened.settimeout(None)  # the call ends every wait
                return opened
        raise failure


def _connect(server: Server, *, helo: str, trust: ssl.SSLContext, call: Call) -> SmtpConnection:
    """Connect, with TLS and a login as `server` says. Raises TryLater, and NotAllowed where trying again is no use."""
    connection = None
    try:
        connection = SmtpConnection(server, helo=helo, trust=trust, call=call)
        if server.tls is Tls.STARTTLS:
            connection.starttls(context=trust)
        connection.ehlo_or_helo_if_needed()
        if server.user:
            connection.login(server.user, server.password)
    except (OSError, UnicodeError) as error:
        if connection is not None:
            connection.close()
        raise _outcome_of(error) from None
    return connection


def _outcome_of(error: OSError | UnicodeError) -> TryLater | NotAllowed:
    """Return the outcome of a failure to connect. SMTPException and SSLError are kinds of OSError."""
    match error:
        case ssl.SSLEOFError():
            return TryLater("connection", counts=False)
        case ssl.SSLError():
            return NotAllowed("tls")
        case smtplib.SMTPNotSupportedError():
            return NotAllowed("not_offered")
        case smtplib.SMTPResponseException(smtp_code=code):
            return NotAllowed(f"smtp_{code}") if code in PERMANENT else TryLater(f"smtp_{code}", counts=False)
        case UnicodeError():
            return NotAllowed("login")
    return TryLater("connection", counts=False)


def _mail_from(connection: SmtpConnection, sender: str, size: int) -> Reply:
    """Name the sender, in an address that need not be taken apart again, as the library's own method does."""
    return connection.docmd("mail", f"FROM:<{sender}>" + (f" size={size}" if connection.has_extn("size") else ""))


def _send_content(connection: SmtpConnection, mail: bytes) -> Accepted:
    """Send the mail itself; from here on, a connection that breaks may have carried it."""
    try:
        connection.send(LEADING_DOT.sub(b"..", mail) + b".\r\n")
        code, text = connection.getreply()
    except OSError:
        raise Unknown("connection") from None
    if code < TRY_LATER and code not in SUCCESS:
        raise Unknown("answer")
    _require((code, text), Refused("too_large" if code == TOO_LARGE else "content"))
    found = QUEUED.search(text)
    return Accepted(found[1].decode() if found else "")


def _require(reply: Reply, otherwise: Refused | NotAllowed, *, success: Container[int] = SUCCESS) -> None:
    """Return after a good answer; raise the outcome of any other, `otherwise` for a refusal that does not say why."""
    code, text = reply
    if code in success:
        return
    if code in LOGIN_NEEDED or (code in PERMANENT and NO_RELAY.search(text)):
        raise NotAllowed(f"smtp_{code}")
    if code in PERMANENT:
        raise refusal(code, text, otherwise)
    raise TryLater(f"smtp_{code}", counts=code != CLOSING)


def refusal(code: int, text: bytes, otherwise: Refused | NotAllowed) -> Refused | NotAllowed | TryLater:
    """Return what a permanent refusal, of a code from 500 to 599, asks for; `otherwise` where it has no status code.

    A policy (5.7.1) may be against this one mail or against all: it is tried again, up to the attempts a message has,
    and the outbox is held where the mails of several recipients meet the same. So no letter fails for our account, and
    no letter of one citizen, whatever they wrote in it, stops those of the others.
    """
    found = ENHANCED_STATUS.match(text)
    if found is None:
        return otherwise
    status = int(found[1]), int(found[2])
    if status in MAIL_TOO_LARGE:
        return Refused("too_large")
    if status in LIMIT:
        return TryLater("limit", counts=False)
    if status in ABOUT_ACCOUNT:
        return NotAllowed(f"smtp_{code}")
    if status in RECIPIENTS_POLICY or status[0] in ABOUT_RECIPIENT:
        return Refused("address", only_this=True) if isinstance(otherwise, Refused) else otherwise
    if status[0] == ABOUT_MAIL:
        return Refused("content")
    if status[0] in ABOUT_SYSTEM_OR_POLICY and isinstance(otherwise, Refused):
        return TryLater(POLICY, refused=True)
    return otherwise
