"""Replies to the question whether an office answered: each person who was asked gets one notice, once.

Nobody reads what they write, and nothing of it is stored. What a program sent, or may have sent, gets none (RFC 3834).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email.message import Message as Mail
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from advocacy.abuse.mailboxes import mailbox_of
from advocacy.delivery import outbox
from advocacy.delivery.models import Message
from advocacy.delivery.states import HANDED_OVER, State
from advocacy.encryption import Keys
from advocacy.letters.encrypted_columns import mailbox_hashes, normalize_address
from advocacy.letters.models import Confirmation, MessageKind

MAX_HEADERS = 256 * 1024
"""The most bytes of a mail's headers that are read."""
END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
QUESTIONS = frozenset({MessageKind.ANSWER_QUESTION, MessageKind.ANSWER_REMINDER})
PROGRAMS = re.compile(
    r"mailer-daemon|postmaster|no-?reply|do-?not-?reply|ne-?pas-?r[eé]pondre|bounces?|listserv|majordomo|daemon|root"
    r"|owner-.*|.*-(?:request|owner|bounces?)"
)
"""Names before the @ of programs: those of RFC 3834, section 2, and those that wish for no reply."""
OF_PROGRAMS = ("X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Failed-Recipients")
"""Headers that only programs write."""
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
COMMENT = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Reply:
    """What is looked at of a mail: its headers, and the address that its bounces go to, None where it is not known."""

    headers: Mail
    return_path: str | None


def read_reply(content: bytes) -> Reply:
    """Read the headers of a mail as it came, with or without the line that mailboxes begin it with."""
    headers = BytesHeaderParser().parsebytes(END_OF_HEADERS.split(content[:MAX_HEADERS], maxsplit=1)[0])
    found = headers.get("Return-Path")
    return Reply(headers, None if found is None else str(found).strip().strip("<>").strip())


def put_notice(session: Session, reply: Reply, *, keys: Keys, own_addresses: Collection[str], now: datetime) -> bool:
    """Put the notice to whoever wrote a reply; False where it gets none.

    That is whatever a program may have sent, from one of the site's `own_addresses` too, and anybody who was asked
    nothing, or who had the notice before.
    """
    sender = _sender(reply)
    if sender is None or mailbox_of(sender) in {mailbox_of(normalize_address(one)) for one in own_addresses if one}:
        return False
    of_mailbox = Confirmation.mailbox_hash.in_(mailbox_hashes(keys, sender))
    noticed = exists().where(Message.kind == MessageKind.REPLY_NOTICE, Message.ref == Confirmation.id)
    if session.scalar(select(Confirmation.id).where(of_mailbox, noticed).limit(1)) is not None:
        return False
    asked = (
        select(Confirmation.id)
        .join(Message, Message.ref == Confirmation.id)
        .where(of_mailbox, Message.kind.in_(QUESTIONS), Message.state.in_({*HANDED_OVER, State.UNCERTAIN}))
        .order_by(Message.created_at.desc(), Message.id.desc())
    )
    confirmation = session.scalar(asked.limit(1))
    if confirmation is None:
        return False
    outbox.put(session, MessageKind.REPLY_NOTICE, confirmation, now=now)
    return True


def _sender(reply: Reply) -> str | None:
    """Return the one address that a person wrote from; None where a program may have, or where bounces go nowhere."""
    headers = reply.headers
    if reply.return_path == "" or any(name in headers for name in OF_PROGRAMS):
        return None
    if any(name.lower().startswith("list-") for name in headers.keys()):  # noqa: SIM118 - a mail is no mapping
        return None
    if any(_first_word(value) != "no" for value in headers.get_all("Auto-Submitted", ())):
        return None
    if any(_first_word(value) in BULK for value in headers.get_all("Precedence", ())):
        return None
    if headers.get_content_type() in {"multipart/report", "message/delivery-status"}:
        return None
    try:
        senders = getaddresses([str(value) for value in headers.get_all("From", ())])
    except RecursionError:  # of comments in comments
        return None
    if len(senders) != 1 or "@" not in senders[0][1]:
        return None
    for address in (senders[0][1], reply.return_path or ""):
        if PROGRAMS.fullmatch(address.rpartition("@")[0].casefold()):
            return None
    return normalize_address(senders[0][1])


def _first_word(value: object) -> str:
    """Return a header's keyword, without its parameters and comments (RFC 3834, section 5)."""
    return COMMENT.sub("", str(value)).partition(";")[0].strip().casefold()
