"""Mail as it is written for the network (RFC 5322): a message of the outbox, a letter as a draft, a mailto link."""

import re
from binascii import b2a_qp
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.header import Header
from email.policy import Compat32
from email.utils import format_datetime, formataddr
from functools import lru_cache
from urllib.parse import quote

from email_validator import EmailNotValidError

from advocacy.delivery.provider import Envelope, Mailbox, Refused
from advocacy.email_addresses import read_email_address
from advocacy.exports.format import ExportOptions
from advocacy.exports.letter_parts import letter_parts
from advocacy.exports.text import to_body, to_text, writable
from advocacy.letters.letter import Letter

MAX_LINE = 78
"""Characters of a header's line (RFC 5322, 2.1.1)."""
MAX_UNENCODED = 60
"""Characters of a subject or a name that stand on one line of the header."""
MAX_LINK = 2_000
"""Characters of a mailto link; mail programs and browsers cut longer ones."""
POLICY = Compat32(linesep="\r\n", mangle_from_=False)
"""The oldest policy: the newer ones lose U+00A0 where they fold a subject, and read “=?” in one as a code."""
PART = 'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
NO_AUTOMATIC_REPLY: Mapping[str, str] = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
"""What keeps automatic answers away: RFC 3834, and what Exchange reads ([MS-OXCMAIL] 2.1.3.2.20)."""
ONE_CLICK: Mapping[str, str] = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
"""What tells a mail program that it may press the stop link for its reader (RFC 8058)."""
ENVELOPE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def to_mail(envelope: Envelope, *, at: datetime, to: str | None = None) -> bytes:
    """Return a message as a mail: its words twice, as text and as HTML, in UTF-8, quoted-printable (RFC 2045, 6.7).

    `Message-ID` is the envelope's id at the sender's domain, so it is the same in every attempt. Raises Refused for an
    address that is not exactly one; `to` is the recipient's `ascii_address`, where that is known. The mail is written
    here, since the standard library's generator took a third of the processor time of sending
    (docs/decisions/speed.md); what has to be encoded or folded is left to that library.
    """
    if not ENVELOPE_ID.fullmatch(envelope.id):
        raise Refused("id")
    boundary = f"=_{envelope.id}"  # no line of quoted-printable holds “=_”, so no text can end a part
    lines = [
        _address_header("From", envelope.sender, sender_address(envelope)),
        _address_header("To", envelope.to, to or ascii_address(envelope.to)),
    ]
    if envelope.reply_to is not None:
        lines.append(_address_header("Reply-To", envelope.reply_to, ascii_address(envelope.reply_to)))
    lines += [
        _header("Subject", _encoded("Subject", envelope.subject)),
        f"Date: {format_datetime(at)}\r\n",
        _header("Message-ID", f"<{envelope.id}@{sender_domain(envelope)}>"),
        *(f"{name}: {value}\r\n" for name, value in common_headers(envelope).items()),
        f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n',
    ]
    parts = [
        piece
        for subtype, text in (("plain", envelope.text), ("html", envelope.html))
        for piece in (f"\r\n--{boundary}\r\n{PART.format(subtype=subtype)}".encode("ascii"), _quoted_printable(text))
    ]
    return b"".join(("".join(lines).encode("ascii"), *parts, f"\r\n--{boundary}--\r\n".encode("ascii")))


def to_eml(letters: Sequence[Letter], options: ExportOptions) -> bytes:
    """Return one letter as a mail not yet sent: opened in a mail program, it is a draft that its citizen sends.

    `X-Unsent: 1` opens it as a draft. Who writes, when, and under what number are for the mail program to say. A
    legislator without an address has no `To`; with a test recipient, that address stands in for one that is there.
    """
    (letter,) = letters
    lines = ["X-Unsent: 1\r\n"]
    if letter.recipient.email and (address := _ascii(options.test_recipient or letter.recipient.email)):
        name = "" if options.test_recipient else letter.recipient.name
        lines.append(_address_header("To", Mailbox(name, address), address))
    passages = [passage for part in letter_parts(letter) for line in part.lines for passage in line]
    languages = dict.fromkeys([letter.language, *(passage.language for passage in passages)])
    lines += [
        _header("Subject", _encoded("Subject", letter.subject)),
        f"Content-Language: {', '.join(languages)}\r\n",  # the letter's own first (RFC 3282)
        f"MIME-Version: 1.0\r\n{PART.format(subtype='plain')}",
    ]
    return "".join(lines).encode("ascii") + _quoted_printable(to_body(letter))


def mail_link(letter: Letter, *, test_recipient: str) -> tuple[str, bool]:
    """Return a link that opens the citizen's mail program, and whether the letter is in it; "" without an address.

    The letter goes into the link only while all of it stays under `MAX_LINK` characters.
    """
    if not letter.recipient.email:
        return "", False
    address = quote(test_recipient or letter.recipient.email, safe="@+.-_")
    link = f"mailto:{address}?subject={quote(letter.subject, safe='')}"
    with_body = f"{link}&body={quote(to_text(letter).replace(chr(10), chr(13) + chr(10)), safe='')}"
    return (with_body, True) if len(with_body) < MAX_LINK else (link, False)


def common_headers(envelope: Envelope) -> Mapping[str, str]:
    """Return the headers that are the same whichever way a message is sent."""
    headers = {"Content-Language": envelope.language.value, **(NO_AUTOMATIC_REPLY if envelope.automatic else {})}
    if envelope.stop_link:
        headers |= {"List-Unsubscribe": f"<{envelope.stop_link}>", **ONE_CLICK}
    return {**headers, **envelope.headers}


def ascii_address(mailbox: Mailbox) -> str:
    """Return a mailbox's address as every mail server takes it: in ASCII, an international domain in its own code.

    Raises Refused for what is not one address, and for a name before the @ that only some servers take (RFC 6531).
    It is not cached: a citizen's address stays in memory no longer than the mail that is made for it.
    """
    return _address_or_refuse(_ascii(mailbox.address))


def sender_address(envelope: Envelope) -> str:
    """Return the sender's `ascii_address`; it is cached, since it is the site's own and stands in every mail."""
    return _address_or_refuse(_sender_ascii(envelope.sender.address))


def sender_domain(envelope: Envelope) -> str:
    """Return the domain that a mail is sent in the name of."""
    return sender_address(envelope).rpartition("@")[2]


def _address_or_refuse(address: str | None) -> str:
    if address is None:
        raise Refused("address", only_this=True)
    return address


def _ascii(address: str) -> str | None:
    """Return an address in ASCII, None for what is none."""
    try:
        # It looks nothing up, and lets the names reserved for tests through.
        return read_email_address(address, test_environment=True).ascii
    except EmailNotValidError:
        return None


_sender_ascii = lru_cache(maxsize=8)(_ascii)


def _address_header(header: str, mailbox: Mailbox, address: str) -> str:
    """Return the header of a name and its address; the name is read as a name, whatever it looks like."""
    name = _encoded(header, mailbox.name.strip())
    if isinstance(name, str):
        return _header(header, formataddr((name, address)))
    name.append(f"<{address}>", "us-ascii")
    return _header(header, name)


def _encoded(header: str, text: str) -> str | Header:
    """Return a text that is read back as it is: in encoded words, unless it is plain and short (RFC 2047)."""
    line = writable(text)
    plain = line.isascii() and "=?" not in line and len(line) <= MAX_UNENCODED
    return line if plain else Header(line, "utf-8", header_name=header)


def _header(name: str, value: str | Header) -> str:
    """Return a header; one that fits on a line is just written, since the library takes its time over it."""
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
