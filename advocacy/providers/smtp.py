"""Mail by a server of one's own choosing: one line is kept open, and every answer of its becomes one of our words."""

import contextlib
import re
import ssl
from collections.abc import Callable, Container
from datetime import datetime
from pathlib import Path
from time import monotonic

from advocacy.delivery.provider import Accepted, Envelope, NotAllowed, Refused, TryLater, Unknown
from advocacy.exports.mail import ascii_address, sender_address, sender_domain, to_mail
from advocacy.providers.smtp_line import Line, Server, opened
from advocacy.providers.smtp_refusal import refusal

LONGEST = 25.0
"""Seconds that one mail may take, from the connection to the last answer."""
AWAKE = 5.0
"""Seconds that a line which was kept has, to show that there is still someone at its end."""
LEAVE = 2.0
"""Seconds to say goodbye in."""
MAX_IDLE = 30.0
"""Seconds after which a kept line is not used again: one that a NAT forgot costs those of `AWAKE` and `LEAVE`."""

TAKEN, GO_ON, LATER, PERMANENT = range(200, 300), frozenset({354}), 400, range(500, 600)
CLOSING, TOO_LARGE, LOGIN_WANTED = 421, 552, frozenset({530, 535})
"""421 closes the line whatever was asked (RFC 5321, 3.8): it is never said of one mail."""
# Said of us, not of the mail: every other one would be answered alike.
NO_RELAY = re.compile(rb"\brelay(?:ing)?(?: access)? (?:denied|not |prohibited)|unable to relay", re.IGNORECASE)
QUEUED = re.compile(rb"queued as <?([A-Za-z0-9._-]{4,64})", re.IGNORECASE)
LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)

Reply = tuple[int, bytes]


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
        longest: float = LONGEST,
    ) -> None:
        self._server = Server.read(url)
        self._trust = ssl.create_default_context(cafile=ca_certs)
        self._now, self._helo, self._longest = now, helo, longest
        self._line: Line | None = None
        self._used_at = 0.0

    def send(self, envelope: Envelope) -> Accepted:
        """Hand one mail over; raises TryLater, Refused, Unknown, NotAllowed, nothing else.

        Ends within 30 s, once the system has looked the server's name up. What went wrong also ends the line: the next
        mail begins on a new one.
        """
        to = ascii_address(envelope.to)
        mail = to_mail(envelope, at=self._now(), to=to)
        until = monotonic() + self._longest
        try:
            line = self._begin(envelope, len(mail), until=until)
        except OSError:
            self.close()
            raise TryLater("connection", counts=False) from None
        except (TryLater, Refused, NotAllowed):
            self.close()
            raise
        try:
            _heed_at_recipient(line.docmd("rcpt", f"TO:<{to}>"))
            _heed(line.docmd("data"), Refused("content"), good=GO_ON)
            return _hand_over(line, mail)
        except (TryLater, Refused, Unknown, NotAllowed):
            self.close()
            raise
        except OSError:
            self.close()
            raise TryLater("connection") from None

    def close(self) -> None:
        """Say goodbye and close the line; the next mail opens another."""
        line, self._line = self._line, None
        if line is None:
            return
        line.until = monotonic() + LEAVE
        with contextlib.suppress(OSError):
            if self._is_idle():
                line.putcmd("quit")  # the answer may never come, and nobody needs it
            else:
                line.quit()
        line.close()

    def _is_idle(self) -> bool:
        """Whether nothing was said for so long that the line may be gone without either end knowing."""
        return monotonic() - self._used_at > MAX_IDLE

    def _begin(self, envelope: Envelope, size: int, *, until: float) -> Line:
        """Return a line that has taken the sender's address: the one kept, or a new one where that has gone dead."""
        if self._is_idle():
            self.close()
        self._used_at = monotonic()
        line, sender = self._line, sender_address(envelope)
        reply = _still_answers(line, sender, size, until=until) if line else None
        if line is None or reply is None:
            self.close()
            helo = self._helo or sender_domain(envelope)
            self._line = line = opened(self._server, helo=helo, trust=self._trust, until=until)
            reply = _mail(line, sender, size)
        code, _ = reply
        if code not in TAKEN and code not in PERMANENT:  # said of the server or of the sender: of every mail
            raise TryLater(f"smtp_{code}", counts=False)
        _heed(reply, Refused("too_large") if code == TOO_LARGE else NotAllowed(f"smtp_{code}"))
        return line


def _still_answers(line: Line, sender: str, size: int, *, until: float) -> Reply | None:
    """Return the answer to the sender's address; None where the server has closed the line, or is gone."""
    line.until = min(until, monotonic() + AWAKE)
    with contextlib.suppress(OSError):
        reply = _mail(line, sender, size)
        line.until = until
        return None if reply[0] == CLOSING else reply
    return None


def _mail(line: Line, sender: str, size: int) -> Reply:
    """Name the sender; an address from `bare` need not be taken apart again, as the library's own words for it do."""
    return line.docmd("mail", f"FROM:<{sender}>" + (f" size={size}" if line.has_extn("size") else ""))


def _hand_over(line: Line, mail: bytes) -> Accepted:
    """Say the mail itself; from here on, a line that breaks may have carried it."""
    try:
        line.send(LEADING_DOT.sub(b"..", mail) + b".\r\n")
        code, said = line.getreply()
    except OSError:
        raise Unknown("connection") from None
    if code < LATER and code not in TAKEN:
        raise Unknown("answer")
    _heed((code, said), Refused("too_large" if code == TOO_LARGE else "content"))
    found = QUEUED.search(said)
    return Accepted(found[1].decode() if found else "")


def _heed_at_recipient(reply: Reply) -> None:
    """Go on after a good answer to the recipient's address; raise what any other asks for."""
    try:
        _heed(reply, Refused("address"))
    except TryLater as later:
        raise TryLater(later.reason, counts=later.counts, refused=later.refused, at_recipient=True) from None


def _heed(reply: Reply, otherwise: Refused | NotAllowed, *, good: Container[int] = TAKEN) -> None:
    """Go on after a good answer; raise what any other asks for, `otherwise` after a refusal that does not say why."""
    code, said = reply
    if code in good:
        return
    if code in LOGIN_WANTED or (code in PERMANENT and NO_RELAY.search(said)):
        raise NotAllowed(f"smtp_{code}")
    if code in PERMANENT:
        raise refusal(code, said, otherwise)
    raise TryLater(f"smtp_{code}", counts=code != CLOSING)
