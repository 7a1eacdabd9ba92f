"""What a citizen asks to have sent is stored whole, with its one confirmation mail, or not at all.

One mail asks one address to confirm whatever waits for it, and no address is asked more than it can bear.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.orm import Session

from advocacy.campaigns.program import Choice
from advocacy.database import connection_of, insert_rows, table_of
from advocacy.delivery import outbox
from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.letters import caps
from advocacy.letters.caps import Limits, TooMany
from advocacy.letters.choices import add_choice
from advocacy.letters.kinds import Carried
from advocacy.letters.letter import Letter, to_json
from advocacy.letters.models import Confirmation, Standing, StoredLetter, Submission, Suppression, new_id
from advocacy.letters.personal import address_of, hashes_of, sealed
from advocacy.sealing import Keys, hashed

__all__ = ["Limits", "Submitting", "ToSend", "TooMany", "address_of", "submit"]

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
_SUBMISSIONS, _SUPPRESSIONS = table_of(Submission).c, table_of(Suppression).c
_KNOWN = select(_SUBMISSIONS.id).where(_SUBMISSIONS.key_hash == bindparam("form"))
_UNWANTED = select(_SUPPRESSIONS.since).where(
    _SUPPRESSIONS.campaign == bindparam("campaign"),
    _SUPPRESSIONS.email_hash.in_(bindparam("hashes", expanding=True)),
)
_KNOWN_OR_UNWANTED = select(exists(_KNOWN) | exists(_UNWANTED))


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a confirmation mail goes to, for which campaign, in which language.

    `email` is as typed, `address` what every spelling of it has in common, `hashes` what it is looked for by.
    """

    campaign: str
    language: Language
    email: str
    address: str
    hashes: Sequence[str]


@dataclass(frozen=True, slots=True)
class ToSend:
    """One letter as its citizen last saw it.

    `template` is its path, "child-protection/takedown"; `pins` are the ids of the revisions it was made of;
    `fingerprint` is of the text whose alternatives `choice` names; `riding_code` is the recipient's riding where it is
    the citizen's own.
    """

    legislator_id: str
    template: str
    pins: Mapping[str, int]
    letter: Letter
    choice: Choice
    fingerprint: str
    riding_code: str | None
    edited: bool


@dataclass(frozen=True, slots=True)
class Submitting:
    """One form sent in: `key` is the id issued with it, `network` the IP address it came from.

    `language` is the page's, `consent_text` the version of the words agreed to.
    """

    key: str
    campaign: str
    language: Language
    name: str
    email: str
    letters: tuple[ToSend, ...]
    consent_text: str
    network: str

    def __post_init__(self) -> None:
        """Refuse a letter that could never leave."""
        if not self.letters or not all(to_send.letter.recipient.email for to_send in self.letters):
            raise ValueError("submit letters whose recipients have an e-mail address; the others are printed")


def submit(
    session: Session, submitting: Submitting, *, keys: Keys, now: datetime, limits: Limits, unconfirmed: timedelta
) -> None:
    """Store the letters until they are confirmed, within `unconfirmed` of the mail that asks for it.

    A form sent twice is one submission, and nothing is kept for an address that asked to hear no more of the campaign.
    Raises TooMany, upon which the caller rolls back.
    """
    form = hashed(submitting.key)
    if connection_of(session).execute(_KNOWN, {"form": form}).first():
        return
    caps.allow(session, submitting.network, keys=keys, now=now, limits=limits)
    addressee = _addressee_of(submitting, keys)
    # Asked again now that we are alone: the same form may have been on its way twice.
    if _is_known_or_unwanted(session, form, addressee):
        return
    confirmation = request_confirmation(session, addressee, keys=keys, now=now, unconfirmed=unconfirmed)
    submission = _submission(submitting, addressee, keys=keys, now=now) | {
        "key_hash": form,
        "confirmation_id": confirmation,
    }
    insert_rows(session, Submission, submission)
    insert_rows(session, StoredLetter, *_letters(submitting, submission["id"], keys=keys, now=now))
    for letter in submitting.letters:
        add_choice(session, letter.legislator_id, letter.fingerprint, choice=letter.choice)


def _is_known_or_unwanted(session: Session, form: str, addressee: Addressee) -> bool:
    """Tell whether the form was stored, or its address asked to hear no more of the campaign."""
    sought = {"form": form, "campaign": addressee.campaign, "hashes": addressee.hashes}
    return bool(connection_of(session).execute(_KNOWN_OR_UNWANTED, sought).scalar_one())


def _addressee_of(submitting: Submitting, keys: Keys) -> Addressee:
    address = address_of(submitting.email)
    return Addressee(submitting.campaign, submitting.language, submitting.email, address, hashes_of(keys, address))


def _submission(submitting: Submitting, addressee: Addressee, *, keys: Keys, now: datetime) -> dict[str, Any]:
    new = new_id()
    return {
        "id": new,
        "campaign": submitting.campaign,
        "language": submitting.language,
        "standing": Standing.AWAITING,
        "created_at": now,
        "email_hash": addressee.hashes[0],
        "consent_text": submitting.consent_text,
        "consented_at": now,
        **sealed(Submission, new, keys=keys, name_sealed=submitting.name, email_sealed=submitting.email),
    }


def _letters(submitting: Submitting, submission: str, *, keys: Keys, now: datetime) -> Iterator[dict[str, Any]]:
    for place, to_send in enumerate(submitting.letters):
        new = new_id()
        yield {
            "id": new,
            "submission_id": submission,
            "place": place,
            "campaign": submitting.campaign,
            "template": to_send.template,
            "pins": dict(to_send.pins),
            "legislator_id": to_send.legislator_id,
            "riding_code": to_send.riding_code,
            "language": to_send.letter.language,
            "edited": to_send.edited,
            "created_at": now,
            **sealed(StoredLetter, new, keys=keys, letter_sealed=to_json(to_send.letter)),
        }


def request_confirmation(
    session: Session, addressee: Addressee, *, keys: Keys, now: datetime, unconfirmed: timedelta
) -> str:
    """Return the id of the confirmation that waits for this address, or of a new one; its mail is in the last language.

    To be called by one transaction at a time. A new one is due when the address may get another mail, and holds for
    `unconfirmed` from then.
    """
    waiting = _waiting_confirmation(session, addressee, now=now)
    if waiting is not None:
        speaks = _CONFIRMATIONS.c
        other = update(_CONFIRMATIONS).where(speaks.id == waiting, speaks.language != addressee.language)
        connection_of(session).execute(other.values(language=addressee.language))
        return waiting
    due_at = caps.count_mail(session, addressee.address, keys=keys, now=now)
    new = new_id()
    row = _confirmation_row(new, addressee, due_at=due_at, keys=keys, now=now)
    insert_rows(session, Confirmation, row | {"expires_at": due_at + unconfirmed})
    outbox.put_together(session, Carried.CONFIRMATION, [new], now=now, due_at=due_at)
    return new


def _waiting_confirmation(session: Session, addressee: Addressee, *, now: datetime) -> str | None:
    """Find the confirmation whose mail no worker has taken up yet, and keep them from it until we end.

    A mail that may be in someone's hands is never joined: what they are about to confirm would change.
    """
    sought = {"campaign": addressee.campaign, "hashes": addressee.hashes, "now": now}
    return connection_of(session).execute(_WAITING, sought).scalars().first()


def _confirmation_row(new: str, addressee: Addressee, *, due_at: datetime, keys: Keys, now: datetime) -> dict[str, Any]:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return {
        "id": new,
        "campaign": addressee.campaign,
        "language": addressee.language,
        "email_hash": addressee.hashes[0],
        "token_hash": hashed(token),
        "created_at": now,
        "due_at": due_at,
        **sealed(Confirmation, new, keys=keys, email_sealed=addressee.email, token_sealed=token),
    }
