"""What the writer of a letter that came back can do: mail it on paper, or have it sent to another address.

The message of such a letter is at its end (`delivery/states.py`), and late reports about it may still come. The letter
is therefore put once more as one of its own, under the same confirmation: the key of its submission is made of the
first letter's id, so that it exists once however often a button is pressed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import and_, func, inspect, select
from sqlalchemy.orm import Session

from advocacy.delivery import outbox, pacing
from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.encryption import hashed
from advocacy.language import day_of
from advocacy.legislators.directory_queries import IN_OFFICE
from advocacy.legislators.models import BouncedAddress, Legislator
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

Row = TypeVar("Row", Submission, StoredLetter)


def note_posted(session: Session, confirmation_id: str, letter_id: str, *, now: datetime) -> bool:
    """Note that the writer of a letter that came back mailed it today, and wants to be asked about the answer.

    False where there is no such letter under the receipt, where it was mailed before, or sent to another address.
    """
    found = _lock_returned(session, confirmation_id, letter_id, now=now)
    submission = found[1].submission if found else None
    if found is None or submission is None:
        return False
    found[1].posted_on, submission.asks_for_answers = day_of(now), True
    session.flush()
    return True


def send_to_other_address(
    session: Session, confirmation_id: str, letter_id: str, *, now: datetime, per_hour: int
) -> bool:
    """Send a letter that came back to the address that the directory has now.

    False where there is no such letter under the receipt, or no such address, and where it was sent or mailed before.
    """
    found = _lock_returned(session, confirmation_id, letter_id, now=now)
    if found is None:
        return False
    row, first = found
    text = first.letter
    office = session.get_one(Legislator, first.legislator_id)
    letter = from_json(text or "")
    address = other_address(session, office, letter.recipient.email or "", now=now)
    if not address or first.submission is None:
        return False
    letter = replace(letter, recipient=replace(letter.recipient, email=address))
    before = first.submission
    submission = _copy(
        before,
        id=new_id(),
        key_hash=_key_of(first.id),
        contents_hash=None,
        status=SubmissionStatus.CONFIRMED,
        created_at=now,
        confirmed_at=now,
    )
    second = _copy(first, id=new_id(), submission_id=submission.id, place=0, created_at=now)
    first.code_hash = None  # the code stands under the letter that its office gets
    session.flush()
    session.add_all([submission, second])
    submission.name, submission.email, second.letter = before.name or "", before.email or "", to_json(letter)
    session.flush()
    send_letter(session, second, row, now=now, per_hour=per_hour)
    return True


def sent_elsewhere(session: Session, letter_ids: Collection[str]) -> frozenset[str]:
    """Return the letters among these that were sent to another address after they came back."""
    keys = {_key_of(one): one for one in letter_ids}
    found: Sequence[str] = session.scalars(select(Submission.key_hash).where(Submission.key_hash.in_(keys))).all()
    return frozenset(keys[one] for one in found)


@dataclass(frozen=True, slots=True)
class BouncingAddress:
    """An address that mail came back from: since when, why (a short code), and whose it is in the directory.

    `office` is None where nobody has it any more; `letters` are those to the office that came back since then.
    """

    email: str
    since: datetime
    reason: str
    office: Legislator | None
    letters: int


def bouncing_addresses(session: Session) -> Sequence[BouncingAddress]:
    """Return every address that mail came back from, the one with most letters first."""
    rows = session.execute(
        select(BouncedAddress, Legislator)
        .outerjoin(Legislator, and_(func.lower(Legislator.email) == BouncedAddress.email, IN_OFFICE))
        .order_by(BouncedAddress.email, Legislator.id)
    )
    found = []
    for doubt, office in rows:
        letters = 0
        if office is not None:
            came_back = and_(Message.kind == MessageKind.LETTER, Message.ref == StoredLetter.id)
            theirs = select(func.count()).select_from(StoredLetter).join(Message, came_back)
            theirs = theirs.where(StoredLetter.legislator_id == office.id, Message.state == State.BOUNCED)
            letters = session.scalar(theirs.where(Message.changed_at >= doubt.since)) or 0
        found.append(BouncingAddress(doubt.email, doubt.since, doubt.reason, office, letters))
    return sorted(found, key=lambda one: -one.letters)


def _copy(row: Row, **different: Any) -> Row:
    """Return a row like another one; what is encrypted is bound to the id, and to be written anew."""
    columns = inspect(type(row)).column_attrs.keys()
    return type(row)(**{name: getattr(row, name) for name in columns} | different)


def _key_of(letter_id: str) -> str:
    return hashed(f"other address {letter_id}")


def _lock_returned(
    session: Session, confirmation_id: str, letter_id: str, *, now: datetime
) -> tuple[Confirmation, StoredLetter] | None:
    """Return a letter under a receipt that came back and that nothing was done about yet.

    Its message is locked, as by whoever erases it: what is erased meanwhile is not found. Then comes the confirmation,
    as with reports, where another follow-up may be sent in place of this one, and then the pace, as with whoever
    confirms. Those who lock a pace first lock messages that wait, and this one does not.
    """
    row, letter = find_confirmation(session, confirmation_id), session.get(StoredLetter, letter_id)
    message = outbox.find(session, MessageKind.LETTER, letter_id)
    if row is None or letter is None or message is None:
        return None
    if message.state not in CAME_BACK:
        return None
    locked = outbox.locked(session, message.id)
    if letter.follows_id is not None:
        session.execute(select(Confirmation.id).where(Confirmation.id == row.id).with_for_update())
    pacing.locked(session, letter.legislator_id, now=now)
    session.refresh(letter)
    is_theirs = letter.submission is not None and letter.submission.confirmation_id == row.id
    is_returned = locked is not None and locked.state in CAME_BACK and letter.letter_sealed is not None
    is_done = letter.posted_on is not None or bool(sent_elsewhere(session, [letter_id]))
    return (row, letter) if is_theirs and is_returned and not is_done else None
