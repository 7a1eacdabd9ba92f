"""Whoever holds a receipt sees what was sent and how it stands, downloads it, or has it erased."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.delivery import holds
from advocacy.delivery.models import By, Message, MessageMove
from advocacy.delivery.states import SETTLED, State
from advocacy.encryption import Keys, hashed
from advocacy.language import Language
from advocacy.letters import personal
from advocacy.letters.confirm import name_of
from advocacy.letters.consent import agreed
from advocacy.letters.erase import erase_all, same_writer
from advocacy.letters.kinds import Carried
from advocacy.letters.letter import Letter, from_json
from advocacy.letters.models import Confirmation, Standing, StoredLetter, Submission
from advocacy.letters.outcome_text import VACANT


@dataclass(frozen=True, slots=True)
class Moved:
    """One step of a letter's story; `reason` is a short code, "" for most."""

    at: datetime
    state: State
    reason: str


@dataclass(frozen=True, slots=True)
class ReceiptLetter:
    """One letter and its story.

    `letter` is None once its text was erased, `state` and `due_at` where it was not sent because the same person had
    written to the same office on `written_before`.
    """

    id: str
    legislator_id: str
    template: str
    language: Language
    letter: Letter | None
    written_before: date | None
    state: State | None
    due_at: datetime | None
    moves: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one confirmation sent.

    `expires` is when it is erased, None while something is still to come; `paused` tells that nothing leaves just now.
    """

    campaign: str
    language: Language
    name: str
    confirmed_at: datetime
    letters: tuple[ReceiptLetter, ...]
    expires: datetime | None
    paused: bool


def receipt(
    session: Session, token: str, *, keys: Keys, now: datetime, retention: timedelta = timedelta(days=30)
) -> Receipt | None:
    """Return what a receipt's token opens; None for one unknown or erased. `retention` is the site's setting."""
    row = _row(session, token)
    if row is None or row.used_at is None:
        return None
    letters = tuple(_letters(session, row, keys=keys))
    expires = _settled_at(letters, row.used_at)
    expires = expires and max(expires + retention, now)
    return Receipt(
        row.campaign,
        row.language,
        name_of(row, keys),
        row.used_at,
        letters=letters,
        expires=expires,
        paused=holds.held(session) is not None,
    )


def data_of(session: Session, token: str, *, keys: Keys, now: datetime) -> Mapping[str, Any] | None:
    """Return all that is kept of a person under this receipt, as what JSON can hold; None for no receipt."""
    row = _row(session, token)
    if row is None:
        return None
    return {
        "written_at": now.isoformat(),
        "email": personal.read(row, "email_sealed", keys=keys),
        "campaign": row.campaign,
        "language": row.language.value,
        "asked_at": row.created_at.isoformat(),
        "confirmed_at": row.used_at and row.used_at.isoformat(),
        "submissions": [_submitted(session, submission, keys) for submission in row.submissions],
    }


def delete(session: Session, token: str, *, keys: Keys, now: datetime, outgoing: Path | None) -> bool:
    """Erase all that is kept of a receipt's address in its campaign, for ever; what has not left does not leave.

    What still waits to be confirmed goes too, with the mail that would ask for it.
    """
    row = _row(session, token)
    if row is None:
        return False
    erase_all(session, same_writer(session, row, keys=keys), now=now, by=By.CITIZEN, outgoing=outgoing)
    return True


def _row(session: Session, token: str) -> Confirmation | None:
    return session.scalar(select(Confirmation).where(Confirmation.receipt_hash == hashed(token)))


def _letters(session: Session, row: Confirmation, *, keys: Keys) -> Sequence[ReceiptLetter]:
    stored = [
        letter
        for submission in row.submissions
        if submission.standing is Standing.CONFIRMED
        for letter in submission.letters
    ]
    refs = [letter.id for letter in stored]
    found = session.scalars(select(Message).where(Message.kind == Carried.LETTER, Message.ref.in_(refs)))
    messages = {message.ref: message for message in found}
    moves = _moves(session, [message.id for message in messages.values()])
    return [_told(letter, messages.get(letter.id), moves, keys=keys) for letter in stored]


def _moves(session: Session, messages: Sequence[int]) -> Mapping[int, tuple[Moved, ...]]:
    found: dict[int, tuple[Moved, ...]] = defaultdict(tuple)
    for move in session.scalars(
        select(MessageMove).where(MessageMove.message_id.in_(messages)).order_by(MessageMove.id)
    ):
        found[move.message_id] += (Moved(move.at, move.state, move.reason),)
    return found


def _told(
    letter: StoredLetter, message: Message | None, moves: Mapping[int, tuple[Moved, ...]], *, keys: Keys
) -> ReceiptLetter:
    words = personal.read(letter, "letter_sealed", keys=keys)
    return ReceiptLetter(
        id=letter.id,
        legislator_id=letter.legislator_id,
        template=letter.template,
        language=letter.language,
        letter=from_json(words) if words else None,
        written_before=letter.written_before,
        state=message.state if message else None,
        due_at=message.due_at if message else None,
        moves=moves[message.id] if message else (),
    )


def _settled_at(letters: Sequence[ReceiptLetter], confirmed_at: datetime) -> datetime | None:
    if any(letter.state not in SETTLED for letter in letters if letter.state):
        return None
    return max((move.at for letter in letters for move in letter.moves), default=confirmed_at)


def _submitted(session: Session, submission: Submission, keys: Keys) -> Mapping[str, Any]:
    language = submission.language
    return {
        "name": personal.read(submission, "name_sealed", keys=keys),
        "language": language.value,
        "sent_in_at": submission.created_at.isoformat(),
        "consent": submission.consent_text,
        "consent_words": agreed(submission.consent_text, _names(submission, keys), language),
        "consented_at": submission.consented_at.isoformat(),
        "letters": [_data(session, letter, keys) for letter in submission.letters],
    }


def _names(submission: Submission, keys: Keys) -> Sequence[str]:
    """Name whom the letters go to, in the language of the page they were sent from."""
    words = [personal.read(letter, "letter_sealed", keys=keys) for letter in submission.letters]
    return [from_json(one).recipient.name or VACANT.in_language(submission.language) for one in words if one]


def _data(session: Session, letter: StoredLetter, keys: Keys) -> Mapping[str, Any]:
    words = personal.read(letter, "letter_sealed", keys=keys)
    message = session.scalar(select(Message).where(Message.kind == Carried.LETTER, Message.ref == letter.id))
    moves = _moves(session, [message.id])[message.id] if message else ()
    return {
        "to": letter.legislator_id,
        "template": letter.template,
        "language": letter.language.value,
        "riding": letter.riding_code,
        "edited": letter.edited,
        "not_sent_because_written_on": letter.written_before and letter.written_before.isoformat(),
        "letter": json.loads(words) if words else None,
        "states": [{"at": move.at.isoformat(), "state": move.state.value, "reason": move.reason} for move in moves],
    }
