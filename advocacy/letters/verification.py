"""What an office is told of a letter by its code: where it comes from, and nothing about the person who wrote it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.encryption import hashed
from advocacy.language import day_of
from advocacy.letters.models import MessageKind, RidingMatch, StoredLetter, Submission, SubmissionStatus
from advocacy.letters.verification_codes import plain_code

NOT_SENT = frozenset({State.CANCELLED, State.EXPIRED})


class LetterOrigin(StrEnum):
    """How far a letter came: only a confirmed one is known to be meant by whoever has the mailbox."""

    CONFIRMED = "confirmed"
    AWAITING = "awaiting"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True)
class VerifiedLetter:
    """What is known of a letter.

    `own_words` is None of a letter of older versions. `is_erased`: its text and its writer are no longer stored.
    """

    origin: LetterOrigin
    campaign: str
    legislator_id: str
    day: date
    own_words: int | None
    edited: bool
    riding_match: RidingMatch | None
    is_erased: bool


def find_letter(session: Session, code: str) -> VerifiedLetter | None:
    """Return what is known of the letter with a code, however it was typed; None for every code that is not ours."""
    found = session.execute(
        select(StoredLetter, Submission.status, Message.state)
        .outerjoin(Submission, StoredLetter.submission_id == Submission.id)
        .outerjoin(Message, and_(Message.kind == MessageKind.LETTER, Message.ref == StoredLetter.id))
        .where(StoredLetter.code_hash == hashed(plain_code(code)))
    ).first()
    if found is None:
        return None
    letter, status, state = found
    if status is SubmissionStatus.AWAITING:
        origin = LetterOrigin.AWAITING
    else:
        # One that was not sent since its writer had written already loses its code with its text.
        origin = LetterOrigin.NOT_SENT if state in NOT_SENT or letter.written_before else LetterOrigin.CONFIRMED
    return VerifiedLetter(
        origin,
        letter.campaign,
        letter.legislator_id,
        day_of(letter.created_at),
        letter.own_words,
        letter.edited,
        letter.riding_match,
        is_erased=letter.letter_sealed is None,
    )
