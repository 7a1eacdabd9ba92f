"""An envelope as the mail that leaves: in one name, to one address, with nothing in its headers that was not meant."""

import re
from binascii import b2a_qp
from collections.abc import Mapping
from datetime import datetime
from email.header import Header
from email.policy import Compat32
from email.utils import format_datetime, formataddr
from functools import lru_cache

from email_validator import EmailNotValidError

from advocacy.addresses import read_address
from advocacy.delivery.provider import Envelope, Mailbox, Refused
from advocacy.exports.characters import writable

MAX_LINE = 78
"""Characters of a header's line (RFC 5322, 2.1.1)."""
MOST_UNBROKEN = 60
"""Characters of a subject or a name that stand on one line of the header."""
POLICY = Compat32(linesep="\r\n", mangle_from_=False)
"""The oldest policy: the newer ones lose U+00A0 where they fold a subject, and read “=?” in one as a code."""
PART = "\r\n".join(
    (
        "",
        "--{boundary}",
        'Content-Type: text/{subtype}; charset="utf-8"',
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "",
    )
)
AUTOMATIC: Mapping[str, str] = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
"""What keeps automatic answers away: RFC 3834, and what Exchange reads ([MS-OXCMAIL] 2.1.3.2.20)."""
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def message(envelope: Envelope, *, at: datetime, to: str | None = None) -> bytes:
    """Return the mail (RFC 5322): its words twice, as text and as HTML, in UTF-8, quoted-printable (RFC 2045, 6.7).

    `Message-ID` is the envelope's id at the sender's domain, so it is the same in every attempt. Raises Refused for an
    address that is not exactly one; `to` is what `bare` gave for the recipient's, where that is known. It is put
    together here, since the standard library's generator took a third of the processor time of sending
    (docs/decisions/speed.md); what has to be encoded or folded is left to that library.
    """
    boundary = f"=_{_id(envelope)}"  # no line of quoted-printable holds “=_”, so no text can end a part
    lines = [_named("From", envelope.sender, sender_address(envelope))]
    lines.append(_named("To", envelope.to, to or bare(envelope.to)))
    if envelope.reply_to is not None:
        lines.append(_named("Reply-To", envelope.reply_to, bare(envelope.reply_to)))
    lines.append(_folded("Subject", _worded("Subject", envelope.subject)))
    lines.append(f"Date: {format_datetime(at)}\r\n")
    lines.append(_folded("Message-ID", f"<{envelope.id}@{domain(envelope)}>"))
    lines += [f"{name}: {value}\r\n" for name, value in headers(envelope).items()]
    lines.append(f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n')
    head = "".join(lines).encode("ascii")
    parts = [
        part
        for subtype, text in (("plain", envelope.text), ("html", envelope.html))
        for part in (PART.format(boundary=boundary, subtype=subtype).encode("ascii"), _quoted_printable(text))
    ]
    return b"".join((head, *parts, f"\r\n--{boundary}--\r\n".encode("ascii")))


def headers(envelope: Envelope) -> Mapping[str, str]:
    """Return the headers that do not depend on how a provider is spoken to."""
    return {"Content-Language": envelope.language.value, **(AUTOMATIC if envelope.automatic else {})}


def bare(mailbox: Mailbox) -> str:
    """Return a mailbox's address as every mail server takes it: in ASCII, an international domain in its own code.

    Raises Refused for what is not one address, and for a name before the @ that only some servers take (RFC 6531).
    It is not kept: a citizen's address stays in memory no longer than the mail that is made for it.
    """
    return _taken(_ascii(mailbox.address))


def sender_address(envelope: Envelope) -> str:
    """Return what `bare` gives for the sender; it is kept, since it is the site's own and stands in every mail."""
    return _taken(_sender_ascii(envelope.sender.address))


def domain(envelope: Envelope) -> str:
    """Return the domain that a mail leaves in the name of."""
    return sender_address(envelope).rpartition("@")[2]


def _taken(address: str | None) -> str:
    if address is None:
        raise Refused("address", only_this=True)
    return address


def _ascii(address: str) -> str | None:
    """Return an address in ASCII, None for what is none."""
    try:
        # It looks nothing up, and lets the names kept for tests through.
        return read_address(address, test_environment=True).ascii
    except EmailNotValidError:
        return None


_sender_ascii = lru_cache(maxsize=8)(_ascii)


def _id(envelope: Envelope) -> str:
    if not ID.fullmatch(envelope.id):
        raise Refused("id")
    return envelope.id


def _named(header: str, mailbox: Mailbox, address: str) -> str:
    """Write the header of a name and its address; the name is read as a name, whatever it looks like."""
    name = _worded(header, mailbox.name.strip())
    if isinstance(name, str):
        return _folded(header, formataddr((name, address)))
    name.append(f"<{address}>", "us-ascii")
    return _folded(header, name)


def _worded(header: str, text: str) -> str | Header:
    """Write a text so that it is read back as it is: in encoded words, unless it is plain and short (RFC 2047)."""
    shown = writable(text)
    plain = shown.isascii() and "=?" not in shown and len(shown) <= MOST_UNBROKEN
    return shown if plain else Header(shown, "utf-8", header_name=header)


def _folded(name: str, value: str | Header) -> str:
    """Write a header; one that fits on a line is just written, since the library takes its time over it."""
    if isinstance(value, str) and len(name) + 2 + len(value) <= MAX_LINE and value == value.strip():
        return f"{name}: {value}\r\n"
    folded: str = POLICY.fold(name, value)  # type: ignore[arg-type]
    return folded


def _quoted_printable(text: str) -> bytes:
    """Encode a text in lines of at most 76 characters; half characters, which no mail can hold, are left out.

    `b2a_qp` ends the lines that it breaks itself as the first of the text ends: in a text of one line, by LF alone.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return b2a_qp(lines.encode(errors="ignore")).replace(b"\n", b"\r\n")
