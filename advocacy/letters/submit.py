"""What a citizen asks to have sent is stored whole, with its one confirmation mail, or not at all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from advocacy.campaigns.program import Choice
from advocacy.database import insert_rows, table_of
from advocacy.language import Language
from advocacy.letters import caps, counted
from advocacy.letters.asking import Asking, ask
from advocacy.letters.caps import Limits, TooMany
from advocacy.letters.letter import Letter
from advocacy.letters.models import Standing, StoredLetter, Submission, Suppression, new_id
from advocacy.letters.personal import address_of, hashes_of, sealed
from advocacy.letters.stored import to_json
from advocacy.sealing import Keys, hashed

__all__ = ["Limits", "Submitting", "ToSend", "TooMany", "address_of", "submit"]

_SUBMISSIONS, _SUPPRESSIONS = table_of(Submission).c, table_of(Suppression).c
_KNOWN = select(_SUBMISSIONS.id).where(_SUBMISSIONS.key_hash == bindparam("form"))
_UNWANTED = select(_SUPPRESSIONS.since).where(
    _SUPPRESSIONS.campaign == bindparam("campaign"),
    _SUPPRESSIONS.email_hash.in_(bindparam("hashes", expanding=True)),
)
_KNOWN_OR_UNWANTED = select(exists(_KNOWN) | exists(_UNWANTED))


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
    if session.connection().execute(_KNOWN, {"form": form}).first():
        return
    caps.allow(session, submitting.network, keys=keys, now=now, limits=limits)
    asking = _asking(submitting, keys)
    # Asked again now that we are alone: the same form may have been on its way twice.
    if _is_known_or_unwanted(session, form, asking):
        return
    confirmation = ask(session, asking, keys=keys, now=now, unconfirmed=unconfirmed)
    submission = _submission(submitting, asking, keys=keys, now=now) | {
        "key_hash": form,
        "confirmation_id": confirmation,
    }
    insert_rows(session, Submission, submission)
    insert_rows(session, StoredLetter, *_letters(submitting, submission["id"], keys=keys, now=now))
    for letter in submitting.letters:
        counted.add(session, letter.legislator_id, letter.fingerprint, choice=letter.choice)


def _is_known_or_unwanted(session: Session, form: str, asking: Asking) -> bool:
    """Tell whether the form was stored, or its address asked to hear no more of the campaign."""
    sought = {"form": form, "campaign": asking.campaign, "hashes": asking.hashes}
    return bool(session.connection().execute(_KNOWN_OR_UNWANTED, sought).scalar_one())


def _asking(submitting: Submitting, keys: Keys) -> Asking:
    address = address_of(submitting.email)
    return Asking(submitting.campaign, submitting.language, submitting.email, address, hashes_of(keys, address))


def _submission(submitting: Submitting, asking: Asking, *, keys: Keys, now: datetime) -> dict[str, Any]:
    new = new_id()
    return {
        "id": new,
        "campaign": submitting.campaign,
        "language": submitting.language,
        "standing": Standing.AWAITING,
        "created_at": now,
        "email_hash": asking.hashes[0],
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
