"""What a mail server's permanent refusal is about: the recipient, the mail, or this site and its account.

The three-digit code does not tell them apart: 550 says "no such mailbox" and "daily sending limit" alike. The enhanced
status code does (RFC 3463, its registry in RFC 5248): class, subject, detail, as in "550 5.1.1 no such user".
"""

import re
from itertools import chain

from advocacy.delivery.provider import POLICY, NotAllowed, Refused, TryLater

STATUS = re.compile(rb"5\.(\d{1,3})\.(\d{1,3})\b")
"""At the start of a refusal's text (RFC 2034, 4)."""
Status = tuple[int, int]

OF_THE_RECIPIENT = frozenset({1, 2})
"""Subjects: addressing and mailbox status."""
OF_THE_MAIL = 6
"""Subject: content or media."""
OF_SYSTEM_OR_POLICY = frozenset({3, 4, 5, 7})
"""Subjects: mail system, network and routing, mail delivery protocol, security or policy."""
TOO_LARGE = frozenset({(2, 3), (3, 4)})
RECIPIENTS_POLICY = frozenset({(7, 2), (7, 17), (7, 18), (7, 19)})
"""Of the policies, those that are the recipient's: a list takes no mail (RFC 3463), a mailbox or a domain has another
owner by now (RFC 7293)."""
LIMIT = frozenset({(1, 90), (3, 1), (3, 2), (4, 5), (5, 3), (7, 28)})
"""What passes by waiting: the day's recipients are used up (1.90 at Microsoft), a mail system is full or takes nothing
now (3.1, 3.2), congestion, which is also how Google names its daily limit (4.5), too many recipients, though a mail
here has one (5.3), a flood (7.28, RFC 7372)."""
OUR_ACCOUNT = frozenset(
    chain(
        {(1, 7), (1, 8), (2, 252)},
        ((7, detail) for detail in range(8, 15)),
        ((7, detail) for detail in range(20, 28)),
    )
)
"""What is said of the sender, whoever the recipient is: its address (1.7, 1.8) or its right to it (2.252 at Microsoft),
its sign-in and account (7.8 to 7.14, RFC 5248), its DKIM, SPF and reverse name (7.20 to 7.26, RFC 7372), a sender's
domain that takes no mail (7.27, RFC 7505)."""


def refusal(code: int, said: bytes, otherwise: Refused | NotAllowed) -> Refused | NotAllowed | TryLater:
    """Return what a permanent refusal, of a code from 500 to 599, asks for; `otherwise` where no status code tells.

    A policy (5.7.1) may be against this one mail or against all: it is tried again, up to the attempts a message has,
    and the outbox is held where the mails of several recipients meet the same. So no letter fails for our account, and
    no letter of one citizen, whatever they wrote in it, stops those of the others.
    """
    found = STATUS.match(said)
    if found is None:
        return otherwise
    status = int(found[1]), int(found[2])
    if status in TOO_LARGE:
        return Refused("too_large")
    if status in LIMIT:
        return TryLater("limit", counts=False)
    if status in OUR_ACCOUNT:
        return NotAllowed(f"smtp_{code}")
    if status in RECIPIENTS_POLICY or status[0] in OF_THE_RECIPIENT:
        return Refused("address", only_this=True) if isinstance(otherwise, Refused) else otherwise
    if status[0] == OF_THE_MAIL:
        return Refused("content")
    if status[0] in OF_SYSTEM_OR_POLICY and isinstance(otherwise, Refused):
        return TryLater(POLICY, refused=True)
    return otherwise
