"""What the writer of a letter that came back can do: mail it on paper, or have it sent to another address.

The message of such a letter is at its end (`delivery/states.py`), and late reports about it may still come. The letter
is therefore put once more as one of its own, under the same confirmation: the key of its submission is made of the
first letter's id, so that it exists once however often a button is pressed.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.delivery import outbox, pacing
from advocacy.encryption import Keys, hashed
from advocacy.language import day_of
from advocacy.legislators.models import Legislator
from advocacy.letters import encrypted_columns
from advocacy.letters.confirmation import send_letter
from advocacy.letters.letter import from_json, to_json
from advocacy.letters.models import (
    Confirmation,
    MessageKind,
    StoredLetter,
    Submission,
    SubmissionStatus,
    new_id,
)
from advocacy.letters.outcome_mails import CAME_BACK
from advocacy.letters.receipts import find_confirmation
from advocacy.offices.office_settings import other_address


def note_posted(session: Session, token: str, letter_id: str, *, now: datetime) -> bool:
    """Note that the writer of a letter that came back mailed it today, and wants to be asked about the answer.

    False where there is no such letter under the receipt, where it was mailed before, or sent to another address.
    """
    found = _lock_returned(session, token, letter_id, now=now)
    submission = found[1].submission if found else None
    if found is None or submission is None:
        return False
    found[1].posted_on, submission.asks_for_answers = day_of(now), True
    session.flush()
    return True


def send_to_other_address(
    session: Session, token: str, letter_id: str, *, keys: Keys, now: datetime, per_hour: int
) -> bool:
    """Send a letter that came back to the address that the directory has now.

    False where there is no such letter under the receipt, or no such address, and where it was sent or mailed before.
    """
    found = _lock_returned(session, token, letter_id, now=now)
    if found is None:
        return False
    row, first = found
    text = encrypted_columns.read(first, "letter_sealed", keys=keys)
    office = session.get_one(Legislator, first.legislator_id)
    letter = from_json(text or "")
    address = other_address(session, office, letter.recipient.email or "", now=now)
    if not address or first.submission is None:
        return False
    letter = replace(letter, recipient=replace(letter.recipient, email=address))
    before = first.submission
    submission = Submission(
        id=new_id(),
        key_hash=_key_of(first.id),
        confirmation_id=row.id,
        campaign=before.campaign,
        language=before.language,
        status=SubmissionStatus.CONFIRMED,
        created_at=now,
        confirmed_at=now,
        email_hash=before.email_hash,
        mailbox_hash=before.mailbox_hash,
        consent_text=before.consent_text,
        consented_at=before.consented_at,
        asks_for_answers=before.asks_for_answers,
    )
    for column in ("name_sealed", "email_sealed"):
        encrypted_columns.write(submission, column, encrypted_columns.read(before, column, keys=keys) or "", keys=keys)
    second = StoredLetter(
        id=new_id(),
        submission_id=submission.id,
        place=0,
        campaign=first.campaign,
        template=first.template,
        pins=first.pins,
        legislator_id=first.legislator_id,
        riding_code=first.riding_code,
        language=first.language,
        edited=first.edited,
        created_at=now,
        code_hash=first.code_hash,
        own_words=first.own_words,
        riding_match=first.riding_match,
        follows_id=first.follows_id,
    )
    encrypted_columns.write(second, "letter_sealed", to_json(letter), keys=keys)
    first.code_hash = None  # the code stands under the letter that its office gets
    session.flush()
    session.add_all([submission, second])
    session.flush()
    send_letter(session, second, row, keys=keys, now=now, per_hour=per_hour)
    return True


def sent_elsewhere(session: Session, letter_ids: Collection[str]) -> frozenset[str]:
    """Return the letters among these that were sent to another address after they came back."""
    keys = {_key_of(one): one for one in letter_ids}
    found: Sequence[str] = session.scalars(select(Submission.key_hash).where(Submission.key_hash.in_(keys))).all()
    return frozenset(keys[one] for one in found)


def _key_of(letter_id: str) -> str:
    return hashed(f"other address {letter_id}")


def _lock_returned(
    session: Session, token: str, letter_id: str, *, now: datetime
) -> tuple[Confirmation, StoredLetter] | None:
    """Return a letter under a receipt that came back and that nothing was done about yet.

    Its message is locked, as by whoever erases it: what is erased meanwhile is not found. The pace comes first, as with
    all who lock both.
    """
    row, letter = find_confirmation(session, token), session.get(StoredLetter, letter_id)
    message = outbox.find(session, MessageKind.LETTER, letter_id)
    if row is None or letter is None or message is None:
        return None
    pacing.lock(session, letter.legislator_id, now=now)
    locked = outbox.locked(session, message.id)
    session.refresh(letter)
    is_theirs = letter.submission is not None and letter.submission.confirmation_id == row.id
    is_returned = locked is not None and locked.state in CAME_BACK and letter.letter_sealed is not None
    is_done = letter.posted_on is not None or bool(sent_elsewhere(session, [letter_id]))
    return (row, letter) if is_theirs and is_returned and not is_done else None
