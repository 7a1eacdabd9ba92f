"""An envelope as the mail that leaves: in one name, to one address, with nothing in its headers that was not meant."""

import re
from collections.abc import Mapping
from datetime import datetime
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.mime.text import MIMEText
from email.policy import Compat32
from email.utils import format_datetime, formataddr
from functools import lru_cache
from typing import Any

from email_validator import EmailNotValidError, validate_email

from advocacy.delivery.provider import Envelope, Mailbox, Refused
from advocacy.exports.characters import writable

MOST_UNBROKEN = 60
"""Characters of a subject or a name that stand on one line of the header."""


class _Policy(Compat32):
    """The oldest policy: the newer ones lose U+00A0 where they fold a subject, and read “=?” in one as a code."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Write a header; one that needs no folding costs most of the time a mail takes, unless it is just written."""
        plain = isinstance(value, str) and len(value) <= MOST_UNBROKEN and value.isascii() and value.isprintable()
        if plain and value == value.strip():
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


POLICY = _Policy(linesep="\r\n", mangle_from_=False)
UTF_8 = Charset("utf-8")
UTF_8.body_encoding = QP
AUTOMATIC: Mapping[str, str] = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
"""What keeps automatic answers away: RFC 3834, and what Exchange reads ([MS-OXCMAIL] 2.1.3.2.20)."""
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def message(envelope: Envelope, *, at: datetime) -> bytes:
    """Give the mail (RFC 5322): its words twice, as text and as HTML, in UTF-8, quoted-printable.

    `Message-ID` is the envelope's id at the sender's domain, so it is the same in every attempt. Raises Refused for an
    address that is not exactly one.
    """
    mail: Message[str, str | Header] = Message(POLICY)
    mail["From"] = _named("From", envelope.sender)
    mail["To"] = _named("To", envelope.to)
    if envelope.reply_to is not None:
        mail["Reply-To"] = _named("Reply-To", envelope.reply_to)
    mail["Subject"] = _worded("Subject", envelope.subject)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{_id(envelope)}@{domain(envelope)}>"
    for name, value in headers(envelope).items():
        mail[name] = value
    mail["MIME-Version"] = "1.0"
    # No line of quoted-printable holds “=_”, so no text can end a part.
    mail["Content-Type"] = f'multipart/alternative; boundary="=_{_id(envelope)}"'
    mail.attach(_part("plain", envelope.text))
    mail.attach(_part("html", envelope.html))
    return mail.as_bytes()


def headers(envelope: Envelope) -> Mapping[str, str]:
    """Return the headers that do not depend on how a provider is spoken to."""
    return {"Content-Language": envelope.language.value, **(AUTOMATIC if envelope.automatic else {})}


def bare(mailbox: Mailbox) -> str:
    """Give a mailbox's address as every mail server takes it: in ASCII, an international domain in its own code.

    Raises Refused for what is not one address, and for a name before the @ that only some servers take (RFC 6531).
    """
    if (found := _ascii(mailbox.address)) is None:
        raise Refused("address", only_this=True)
    return found


def domain(envelope: Envelope) -> str:
    """Give the domain that a mail leaves in the name of."""
    return bare(envelope.sender).rpartition("@")[2]


@lru_cache(maxsize=8)
def _ascii(address: str) -> str | None:
    """Give an address in ASCII, None for what is none; a mail asks for each of its three more than once."""
    try:
        # It looks nothing up, and lets the names kept for tests through.
        return validate_email(address, check_deliverability=False, test_environment=True).ascii_email
    except EmailNotValidError:
        return None


def _id(envelope: Envelope) -> str:
    if not ID.fullmatch(envelope.id):
        raise Refused("id")
    return envelope.id


def _named(header: str, mailbox: Mailbox) -> str | Header:
    """Write a name and its address; the name is read as a name, whatever it looks like."""
    name = _worded(header, mailbox.name.strip())
    if isinstance(name, str):
        return formataddr((name, bare(mailbox)))
    name.append(f"<{bare(mailbox)}>", "us-ascii")
    return name


def _worded(header: str, text: str) -> str | Header:
    """Write a text so that it is read back as it is: in encoded words, unless it is plain and short (RFC 2047)."""
    shown = writable(text)
    plain = shown.isascii() and "=?" not in shown and len(shown) <= MOST_UNBROKEN
    return shown if plain else Header(shown, "utf-8", header_name=header)


def _part(subtype: str, text: str) -> MIMEText:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return MIMEText(lines.encode(errors="ignore").decode(), subtype, UTF_8, policy=POLICY)  # type: ignore[arg-type]
