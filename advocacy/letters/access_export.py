"""Everything that is stored about a citizen, as they may ask for it: what JSON can hold, and what a page shows.

Each row stands here by the names of its columns; a column that is withheld says why where it is declared.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.delivery.models import Message, MessageMove, ProviderEvent
from advocacy.letters import encrypted_columns
from advocacy.letters.letter import from_json
from advocacy.letters.mails import VACANT
from advocacy.letters.models import (
    ALL_CAMPAIGNS,
    TO_CITIZEN,
    Answer,
    Confirmation,
    MessageKind,
    OwnText,
    StoredLetter,
    Submission,
    Suppression,
)
from advocacy.letters.receipts import find_confirmation, receipt
from advocacy.letters.submit import render_consent
from advocacy.personal_columns import export_row
from advocacy.sealed_columns import keys_of

FORMAT = 1
Data = Mapping[str, Any]


def of_receipt(session: Session, confirmation_id: str, *, now: datetime, retention: timedelta) -> Data | None:
    """Return all that is stored under a receipt and about its address in that campaign; None for no receipt."""
    row = find_confirmation(session, confirmation_id)
    if row is None:
        return None
    campaigns = {row.campaign, ALL_CAMPAIGNS}
    listed = [one for one in _suppressions(session, row.email or "") if one.campaign in campaigns]
    return _data(row.email or "", [_request(session, row, now=now, retention=retention)], listed, now=now)


def of_address(session: Session, email: str, *, now: datetime, retention: timedelta) -> Data:
    """Return all that is stored about an address, in every campaign, confirmed or not."""
    hashes = encrypted_columns.address_hashes(keys_of(session), email)
    theirs = select(Confirmation).where(Confirmation.email_hash.in_(hashes)).order_by(Confirmation.created_at)
    requests = [_request(session, row, now=now, retention=retention) for row in session.scalars(theirs)]
    return _data(email, requests, _suppressions(session, email), now=now)


def _data(email: str, requests: Sequence[Data], listed: Sequence[Suppression], *, now: datetime) -> Data:
    return {
        "format": FORMAT,
        "written_at": now.isoformat(),
        "email": email,
        "requests": requests,
        "no_more_messages": [export_row(suppression) for suppression in listed],
    }


def _suppressions(session: Session, email: str) -> Sequence[Suppression]:
    hashes = encrypted_columns.mailbox_hashes(keys_of(session), email)
    return session.scalars(select(Suppression).where(Suppression.email_hash.in_(hashes))).all()


def _request(session: Session, row: Confirmation, *, now: datetime, retention: timedelta) -> Data:
    shown = receipt(session, row.id, now=now, retention=retention)
    expires = shown.expires if shown else row.expires_at
    mails = select(Message).where(Message.kind.in_(TO_CITIZEN), Message.ref == row.id).order_by(Message.id)
    return {
        **export_row(row),
        "kept_until": expires and expires.isoformat(),
        "kept_days_after_sending": (shown.retention if shown else retention).days,
        "mails": [_message(session, message) for message in session.scalars(mails)],
        "submissions": [_submission(session, submission) for submission in row.submissions],
    }


def _submission(session: Session, row: Submission) -> Data:
    # Whom the letters go to, in the language of the page they were sent from.
    vacant = VACANT.in_language(row.language)
    names = [from_json(letter.letter).recipient.name or vacant for letter in row.letters if letter.letter]
    return {
        **export_row(row),
        "consent_words": render_consent(row.consent_text, names, row.language),
        "letters": [_letter(session, letter) for letter in row.letters],
    }


def _letter(session: Session, row: StoredLetter) -> Data:
    sending = session.scalar(select(Message).where(Message.kind == MessageKind.LETTER, Message.ref == row.id))
    own_text, answer = session.get(OwnText, row.id), session.get(Answer, row.id)
    return {
        **export_row(row),
        "letter": json.loads(row.letter) if row.letter else None,
        "own_text": export_row(own_text) if own_text else None,
        "answer": export_row(answer) if answer else None,
        "sending": _message(session, sending) if sending else None,
    }


def _message(session: Session, row: Message) -> Data:
    moves = select(MessageMove).where(MessageMove.message_id == row.id).order_by(MessageMove.id)
    reports = select(ProviderEvent).where(ProviderEvent.public_id == row.public_id).order_by(ProviderEvent.id)
    return {
        **export_row(row),
        "states": [export_row(move) for move in session.scalars(moves)],
        "reports": [export_row(report) for report in session.scalars(reports)],
    }
