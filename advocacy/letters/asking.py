"""One mail asks one address to confirm whatever waits for it, and no address is asked more than it can bear."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from advocacy.database import insert_rows, table_of
from advocacy.delivery import outbox
from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.letters import caps
from advocacy.letters.kinds import Carried
from advocacy.letters.models import Confirmation, new_id
from advocacy.letters.personal import sealed
from advocacy.sealing import Keys, hashed

TOKEN_BYTES = 24

_CONFIRMATIONS, _MESSAGES = table_of(Confirmation), table_of(Message)
_WAITING = (
    select(_CONFIRMATIONS.c.id)
    .join(_MESSAGES, (_MESSAGES.c.kind == Carried.CONFIRMATION) & (_MESSAGES.c.ref == _CONFIRMATIONS.c.id))
    .where(
        _MESSAGES.c.state == State.READY,
        _MESSAGES.c.attempt == 0,
        _CONFIRMATIONS.c.campaign == bindparam("campaign"),
        _CONFIRMATIONS.c.email_hash.in_(bindparam("hashes", expanding=True)),
        _CONFIRMATIONS.c.used_at.is_(None),
        _CONFIRMATIONS.c.expires_at > bindparam("now"),
    )
    .with_for_update(of=_MESSAGES)
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom to ask, for which campaign, in which language.

    `email` is as typed, `address` what every spelling of it has in common, `hashes` what it is looked for by.
    """

    campaign: str
    language: Language
    email: str
    address: str
    hashes: Sequence[str]


def ask(session: Session, asking: Asking, *, keys: Keys, now: datetime, unconfirmed: timedelta) -> str:
    """Give the id of the confirmation that waits for this address, or of a new one; its mail speaks the last language.

    To be called by one transaction at a time. A new one is due when the address may get another mail, and holds for
    `unconfirmed` from then.
    """
    waiting = _waiting(session, asking, now=now)
    if waiting is not None:
        speaks = _CONFIRMATIONS.c
        other = update(_CONFIRMATIONS).where(speaks.id == waiting, speaks.language != asking.language)
        session.connection().execute(other.values(language=asking.language))
        return waiting
    due_at = caps.count_mail(session, asking.address, keys=keys, now=now)
    new = new_id()
    row = _row(new, asking, due_at=due_at, keys=keys, now=now)
    insert_rows(session, Confirmation, row | {"expires_at": due_at + unconfirmed})
    outbox.put_together(session, Carried.CONFIRMATION, [new], now=now, due_at=due_at)
    return new


def _waiting(session: Session, asking: Asking, *, now: datetime) -> str | None:
    """Find the confirmation whose mail no worker has taken up yet, and keep them from it until we end.

    A mail that may be in someone's hands is never joined: what they are about to confirm would change.
    """
    sought = {"campaign": asking.campaign, "hashes": asking.hashes, "now": now}
    return session.connection().execute(_WAITING, sought).scalars().first()


def _row(new: str, asking: Asking, *, due_at: datetime, keys: Keys, now: datetime) -> dict[str, Any]:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return {
        "id": new,
        "campaign": asking.campaign,
        "language": asking.language,
        "email_hash": asking.hashes[0],
        "token_hash": hashed(token),
        "created_at": now,
        "due_at": due_at,
        **sealed(Confirmation, new, keys=keys, email_sealed=asking.email, token_sealed=token),
    }
