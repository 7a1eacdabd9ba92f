"""What a citizen asks to have sent is stored whole, with its one confirmation mail, or not at all.

One mail asks one address to confirm whatever waits for it, and no address is asked more than it can bear.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    bindparam,
    cast,
    exists,
    literal,
    null,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from advocacy.campaigns.grammar.program import Choice
from advocacy.database import Batch, connection_of, table_of
from advocacy.delivery import outbox
from advocacy.delivery.models import Message as OutboxMessage
from advocacy.delivery.states import State
from advocacy.encryption import Keys, hashed
from advocacy.language import Language
from advocacy.letters import caps
from advocacy.letters.caps import Limits, TooMany
from advocacy.letters.choices import add_choice
from advocacy.letters.encrypted_columns import encrypt_row, hash_normalized, normalize_address
from advocacy.letters.letter import Letter, to_json
from advocacy.letters.models import (
    Confirmation,
    Mailing,
    MessageKind,
    StoredLetter,
    Submission,
    SubmissionStatus,
    Suppression,
    new_id,
)
from advocacy.messages import Message, message

CONSENT = "2026-11"
"""The version the site asks for now."""
VERSIONS: Mapping[str, tuple[Message, Message]] = {
    "2026-11": (
        message(
            "I agree that my name, my municipality, my postal code and my e-mail address be used to send this letter "
            "to %(names)s. Their staff will see them."
        ),
        message(
            "I agree that my name, my municipality, my postal code and my e-mail address be used to send these letters "
            "to %(names)s. Their staff will see them."
        ),
    )
}
"""Every version anybody may have agreed to: to one person, and to several."""


def agreed(version: str, names: Sequence[str], language: Language) -> str | None:
    """Return the words of a version, for letters to these people; None for a version that is not known."""
    if version not in VERSIONS or not names:
        return None
    to_one, to_several = VERSIONS[version]
    *first, last = names
    listed: Message | str = message("%(first)s and %(last)s", first=", ".join(first), last=last) if first else last
    words = to_several if first else to_one
    return message(words.msgid, names=listed).in_language(language)


__all__ = ["Limits", "Submitting", "ToSend", "TooMany", "normalize_address", "submit"]

TOKEN_BYTES = 24
REFUSED, WAITING, MAIL = "refused", "waiting", "mail"

_CONFIRMATIONS, _MESSAGES = table_of(Confirmation), table_of(OutboxMessage)
_MAILINGS, _SUBMISSIONS, _SUPPRESSIONS = (table_of(one).c for one in (Mailing, Submission, Suppression))


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a confirmation mail goes to, for which campaign, in which language.

    `email` is as typed; every spelling of it has the same `hashes`, by which it is looked for, and `mail_hashes`, by
    which its mails are counted, the newest first.
    """

    campaign: str
    language: Language
    email: str
    hashes: Sequence[str]
    mail_hashes: Sequence[str]


@dataclass(frozen=True, slots=True)
class WaitingConfirmation:
    """A confirmation whose mail no worker has taken up yet, and the language the mail will be in."""

    id: str
    language: Language


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds about a form and its address before the form is stored.

    `is_refused`: the form is stored already, or its address asked to hear no more of the campaign. `latest_mails` are
    when the last mails to the address were due, the last first.
    """

    is_refused: bool
    waiting: WaitingConfirmation | None
    latest_mails: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class ToSend:
    """One letter as its citizen last saw it.

    `template` is its path, "child-protection/takedown"; `pins` are the ids of the revisions it was made of;
    `fingerprint` is of the text whose alternatives `choice` names; `riding_code` is the recipient's riding where it is
    the citizen's own. `stored_text` is the letter as it is stored.
    """

    legislator_id: str
    template: str
    pins: Mapping[str, int]
    letter: Letter
    choice: Choice
    fingerprint: str
    riding_code: str | None
    edited: bool
    stored_text: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Write the letter as it is stored."""
        object.__setattr__(self, "stored_text", to_json(self.letter))


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
    if not caps.allow(session, submitting.network, keys=keys, now=now, limits=limits, form=form):
        return
    addressee = _addressee_of(submitting, keys)
    # Now that we are alone; the same form may have been on its way twice.
    stored = _stored(session, form, addressee, now=now)
    if stored.is_refused:
        return
    batch = Batch(session)
    if stored.waiting:
        confirmation = _join_confirmation(session, stored.waiting, addressee)
    else:
        due_at = caps.next_mail_due(stored.latest_mails, now=now)
        confirmation = _request_confirmation(
            batch, addressee, due_at=due_at, expires_at=due_at + unconfirmed, keys=keys, now=now
        )
    submission = _submission(submitting, addressee, keys=keys, now=now)
    batch.insert(Submission, submission | {"key_hash": form, "confirmation_id": confirmation})
    for letter in _letters(submitting, submission["id"], keys=keys, now=now):
        batch.insert(StoredLetter, letter)
    for one in submitting.letters:  # each to another office
        add_choice(batch, one.legislator_id, one.fingerprint, choice=one.choice)
    batch.execute()


def _addressee_of(submitting: Submitting, keys: Keys) -> Addressee:
    address = normalize_address(submitting.email)
    hashes, mail_hashes = hash_normalized(keys, address), caps.mail_hashes(keys, address)
    return Addressee(submitting.campaign, submitting.language, submitting.email, hashes, mail_hashes)


def _submission(submitting: Submitting, addressee: Addressee, *, keys: Keys, now: datetime) -> dict[str, Any]:
    new = new_id()
    return {
        "id": new,
        "campaign": submitting.campaign,
        "language": submitting.language,
        "standing": SubmissionStatus.AWAITING,
        "created_at": now,
        "email_hash": addressee.hashes[0],
        "consent_text": submitting.consent_text,
        "consented_at": now,
        **encrypt_row(Submission, new, keys=keys, name_sealed=submitting.name, email_sealed=submitting.email),
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
            **encrypt_row(StoredLetter, new, keys=keys, letter_sealed=to_send.stored_text),
        }


def _request_confirmation(
    batch: Batch, addressee: Addressee, *, due_at: datetime, expires_at: datetime, keys: Keys, now: datetime
) -> str:
    """Put a new confirmation and its mail, and return its id.

    The mail is counted for its address, whatever the campaign: that stays so when the mail's own row is erased.
    """
    new, token = new_id(), secrets.token_urlsafe(TOKEN_BYTES)
    row = {
        "id": new,
        "campaign": addressee.campaign,
        "language": addressee.language,
        "email_hash": addressee.hashes[0],
        "token_hash": hashed(token),
        "created_at": now,
        "due_at": due_at,
        "expires_at": expires_at,
        **encrypt_row(Confirmation, new, keys=keys, email_sealed=addressee.email, token_sealed=token),
    }
    batch.insert(Mailing, {"key": addressee.mail_hashes[0], "due_at": due_at})
    batch.insert(Confirmation, row)
    outbox.put_in_batch(batch, MessageKind.CONFIRMATION, [new], now=now, due_at=due_at)
    return new


def _join_confirmation(session: Session, waiting: WaitingConfirmation, addressee: Addressee) -> str:
    """Let the mail that waits be in the language asked for last, and return the id of its confirmation."""
    if waiting.language is not addressee.language:
        mail = update(_CONFIRMATIONS).where(_CONFIRMATIONS.c.id == waiting.id)
        connection_of(session).execute(mail.values(language=addressee.language))
    return waiting.id


def _stored(session: Session, form: str, addressee: Addressee, *, now: datetime) -> Stored:
    """Return what is stored, and keep workers from the mail that waits until the transaction ends.

    To be called by one transaction at a time. A mail that may be in someone's hands is never joined: what they are
    about to confirm would change.
    """
    sought: dict[str, Any] = {"form": form, "campaign": addressee.campaign, "now": now}
    sought |= {f"email_hash_{number}": one for number, one in enumerate(addressee.hashes)}
    sought |= {f"mail_key_{number}": one for number, one in enumerate(addressee.mail_hashes)}
    rows = connection_of(session).execute(_stored_rows(len(addressee.hashes), len(addressee.mail_hashes)), sought).all()
    waiting = [WaitingConfirmation(row.id, row.language) for row in rows if row.what == WAITING]
    return Stored(
        is_refused=any(row.what == REFUSED for row in rows),
        waiting=waiting[0] if waiting else None,
        latest_mails=sorted((row.due_at for row in rows if row.what == MAIL), reverse=True),
    )


@cache
def _stored_rows(email_hashes: int, mail_keys: int) -> CompoundSelect[Any]:
    """Build the statement for so many hashes of an address: one whose IN has to be expanded costs twice as much."""
    hashes: list[Any] = [bindparam(f"email_hash_{number}") for number in range(email_hashes)]
    keys: list[Any] = [bindparam(f"mail_key_{number}") for number in range(mail_keys)]
    known = exists().where(_SUBMISSIONS.key_hash == bindparam("form"))
    unwanted = exists().where(_SUPPRESSIONS.campaign == bindparam("campaign"), _SUPPRESSIONS.email_hash.in_(hashes))
    waiting = (
        select(_CONFIRMATIONS.c.id, _CONFIRMATIONS.c.language)
        .join(_MESSAGES, (_MESSAGES.c.kind == MessageKind.CONFIRMATION) & (_MESSAGES.c.ref == _CONFIRMATIONS.c.id))
        .where(
            _MESSAGES.c.state == State.READY,
            _MESSAGES.c.attempt == 0,
            _CONFIRMATIONS.c.campaign == bindparam("campaign"),
            _CONFIRMATIONS.c.email_hash.in_(hashes),
            _CONFIRMATIONS.c.used_at.is_(None),
            _CONFIRMATIONS.c.expires_at > bindparam("now"),
        )
        .with_for_update(of=_MESSAGES)
        .cte("waiting")
    )
    latest = select(_MAILINGS.due_at).where(_MAILINGS.key.in_(keys)).order_by(_MAILINGS.due_at.desc())
    mails = latest.limit(caps.MAILS_A_DAY).cte("mails")
    nothing = {column.name: cast(null(), column.type) for column in (*waiting.c, *mails.c)}

    def rows(what: str, *found: ColumnElement[Any]) -> Select[Any]:
        columns = nothing | {column.name: column for column in found}
        return select(literal(what).label("what"), *(column.label(name) for name, column in columns.items()))

    return union_all(rows(REFUSED).where(known | unwanted), rows(WAITING, *waiting.c), rows(MAIL, *mails.c))
