"""A letter as a mail not yet sent: opened in a mail program, it is a draft that its citizen sends."""

import re
from collections.abc import Sequence
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.policy import compat32
from email.utils import formataddr

from advocacy.exports.characters import writable
from advocacy.exports.form import Wishes
from advocacy.exports.parts import parts
from advocacy.exports.text import to_body
from advocacy.letters.letter import Letter

# The newer policies lose U+00A0 where they fold a subject, and read “=?” in one as a code.
POLICY = compat32.clone(linesep="\r\n", mangle_from_=False)
UTF_8 = Charset("utf-8")
UTF_8.body_encoding = QP
MOST_UNBROKEN = 60
"""Characters of a subject that stand on one line of the header."""

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+", re.ASCII)


def to_eml(letters: Sequence[Letter], wishes: Wishes) -> bytes:
    """Return one letter as an e-mail file (RFC 5322), its words in UTF-8, quoted-printable.

    `X-Unsent: 1` opens it as a draft. Who writes, when, and under what number are for the mail program to say. A
    legislator without an address has no `To`; with a test recipient, that address stands in for one that is there.
    """
    (letter,) = letters
    mail: Message[str, str | Header] = Message(POLICY)
    mail["X-Unsent"] = "1"
    if to := _to(letter, wishes.test_recipient):
        mail["To"] = to
    mail["Subject"] = _worded(writable(letter.subject))
    mail["Content-Language"] = ", ".join(_languages(letter))
    mail["MIME-Version"] = "1.0"
    mail.set_payload(to_body(letter).encode(errors="ignore").decode(), UTF_8)
    return mail.as_bytes()


def _to(letter: Letter, test_recipient: str) -> str:
    address = letter.recipient.email and (test_recipient or letter.recipient.email)
    if not address or not _ADDRESS.fullmatch(address):
        return ""
    return address if test_recipient else formataddr((writable(letter.recipient.name), address))


def _worded(text: str) -> str | Header:
    """Write a subject so that it is read back as it is: in encoded words, unless it is plain and short (RFC 2047)."""
    plain = text.isascii() and "=?" not in text and len(text) <= MOST_UNBROKEN
    return text if plain else Header(text, "utf-8", header_name="Subject")


def _languages(letter: Letter) -> list[str]:
    """Return the languages that are in it, the letter's own first (RFC 3282)."""
    spoken = [passage.language for part in parts(letter) for line in part.lines for passage in line]
    return [language.value for language in dict.fromkeys([letter.language, *spoken])]
