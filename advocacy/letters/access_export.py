"""Everything that is stored about a citizen, as they may ask for it: what JSON can hold, and what a page shows.

`data_map.toml` names, for each column of every table that tells of citizens, where it stands here or why it does not.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from advocacy.delivery.models import Message, MessageMove, ProviderEvent
from advocacy.delivery.states import SETTLED
from advocacy.encryption import Keys
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
from advocacy.letters.receipts import find_confirmation
from advocacy.letters.submit import render_consent

FORMAT = 1
Data = Mapping[str, Any]


def of_receipt(session: Session, token: str, *, keys: Keys, now: datetime, retention: timedelta) -> Data | None:
    """Return all that is stored under a receipt and about its address in that campaign; None for no receipt."""
    row = find_confirmation(session, token)
    if row is None:
        return None
    email = encrypted_columns.read(row, "email_sealed", keys=keys) or ""
    return _data(session, email, [row], keys=keys, now=now, retention=retention, campaign=row.campaign)


def of_address(session: Session, email: str, *, keys: Keys, now: datetime, retention: timedelta) -> Data:
    """Return all that is stored about an address, in every campaign, confirmed or not."""
    hashes = encrypted_columns.address_hashes(keys, email)
    theirs = select(Confirmation).where(Confirmation.email_hash.in_(hashes)).order_by(Confirmation.created_at)
    return _data(session, email, session.scalars(theirs).all(), keys=keys, now=now, retention=retention)


def _data(
    session: Session,
    email: str,
    rows: Iterable[Confirmation],
    *,
    keys: Keys,
    now: datetime,
    retention: timedelta,
    campaign: str | None = None,
) -> Data:
    listed = select(Suppression).where(
        Suppression.email_hash.in_(encrypted_columns.suppression_hashes(keys, email)),
        Suppression.campaign.in_({campaign, ALL_CAMPAIGNS}) if campaign else true(),
    )
    return {
        "format": FORMAT,
        "written_at": now.isoformat(),
        "email": email,
        "requests": [_request(session, row, keys=keys, retention=retention) for row in rows],
        "no_more_messages": [
            {"campaign": one.campaign, "since": one.since.isoformat()} for one in session.scalars(listed)
        ],
    }


def _request(session: Session, row: Confirmation, *, keys: Keys, retention: timedelta) -> Data:
    submissions = [_submission(session, one, keys=keys) for one in row.submissions]
    mails = session.scalars(
        select(Message).where(Message.kind.in_(TO_CITIZEN), Message.ref == row.id).order_by(Message.id)
    ).all()
    return {
        "campaign": row.campaign,
        "language": row.language.value,
        "email": encrypted_columns.read(row, "email_sealed", keys=keys),
        "asked_at": row.created_at.isoformat(),
        "mail_due_at": row.due_at.isoformat(),
        "confirm_until": row.expires_at.isoformat(),
        "confirmed_at": _moment(row.used_at),
        "outcome_told_at": _moment(row.told_at),
        "return_told_at": _moment(row.bounce_told_at),
        "kept_until": _erasure_time(row, submissions, retention),
        "kept_days_after_sending": max((one.retention(retention) for one in row.submissions), default=retention).days,
        "mails": [_message(session, one) for one in mails],
        "submissions": submissions,
    }


def _submission(session: Session, row: Submission, *, keys: Keys) -> Mapping[str, Any]:
    texts = [encrypted_columns.read(one, "letter_sealed", keys=keys) for one in row.letters]
    # Whom the letters go to, in the language of the page they were sent from.
    vacant = VACANT.in_language(row.language)
    names = [from_json(text).recipient.name or vacant for text in texts if text]
    return {
        "name": encrypted_columns.read(row, "name_sealed", keys=keys),
        "email": encrypted_columns.read(row, "email_sealed", keys=keys),
        "campaign": row.campaign,
        "language": row.language.value,
        "status": row.status.value,
        "sent_in_at": row.created_at.isoformat(),
        "confirmed_at": _moment(row.confirmed_at),
        "consent": row.consent_text,
        "consent_words": render_consent(row.consent_text, names, row.language),
        "consented_at": row.consented_at.isoformat(),
        "asked_about_answers": row.asks_for_answers,
        "letters": [_letter(session, one, text) for one, text in zip(row.letters, texts, strict=True)],
    }


def _letter(session: Session, row: StoredLetter, text: str | None) -> Mapping[str, Any]:
    sending = session.scalar(select(Message).where(Message.kind == MessageKind.LETTER, Message.ref == row.id))
    own_text, answer = session.get(OwnText, row.id), session.get(Answer, row.id)
    return {
        "to": row.legislator_id,
        "campaign": row.campaign,
        "template": row.template,
        "revisions": row.pins,
        "place": row.place,
        "language": row.language.value,
        "riding": row.riding_code,
        "edited": row.edited,
        "percent_of_the_campaign": own_text.kept_percent if own_text else None,
        "stored_at": row.created_at.isoformat(),
        "own_words": row.own_words,
        "postal_code_in_the_riding": row.riding_match and row.riding_match.value,
        "mailed_on_paper_on": row.posted_on and row.posted_on.isoformat(),
        "follows_as": row.follow_kind and row.follow_kind.value,
        "answer": {
            "kind": answer.kind.value,
            "day": answer.answered_on and answer.answered_on.isoformat(),
            "recorded_at": answer.recorded_at.isoformat(),
        }
        if answer
        else None,
        "not_sent_because_written_on": row.written_before and row.written_before.isoformat(),
        "letter": json.loads(text) if text else None,
        "sending": _message(session, sending) if sending else None,
    }


def _message(session: Session, row: Message) -> Mapping[str, Any]:
    moves = select(MessageMove).where(MessageMove.message_id == row.id).order_by(MessageMove.id)
    reports = select(ProviderEvent).where(ProviderEvent.public_id == row.public_id).order_by(ProviderEvent.id)
    return {
        "kind": row.kind,
        "id": row.public_id,
        "id_at_the_mail_service": row.provider_id,
        "recipient": row.pace_key,
        "state": row.state.value,
        "reason": row.reason,
        "put_at": row.created_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
        "due_at": row.due_at.isoformat(),
        "first_due_at": _moment(row.first_due_at),
        "attempts": row.tries,
        "sent_again": row.resent,
        "states": [
            {"at": one.at.isoformat(), "state": one.state.value, "reason": one.reason, "by": one.by.value}
            for one in session.scalars(moves)
        ],
        "reports": [
            {
                "by": one.provider,
                "id": one.provider_event_id,
                "kind": one.kind,
                "state": one.reported and one.reported.value,
                "at": one.at.isoformat(),
                "received_at": one.received_at.isoformat(),
                "reason": one.reason,
                "as_received": one.raw,
            }
            for one in session.scalars(reports)
        ],
    }


def _erasure_time(row: Confirmation, submissions: Sequence[Data], retention: timedelta) -> str | None:
    """Return when all of it is erased; None while something is still to come."""
    if row.used_at is None:
        return row.expires_at.isoformat()
    ends = [row.used_at + retention]
    for submission, data in zip(row.submissions, submissions, strict=True):
        messages = [letter["sending"] for letter in data["letters"] if letter["sending"]]
        if any(message["state"] not in SETTLED for message in messages):
            return None
        last = max((datetime.fromisoformat(message["changed_at"]) for message in messages), default=row.used_at)
        ends.append(last + submission.retention(retention))
    return max(ends).isoformat()


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
