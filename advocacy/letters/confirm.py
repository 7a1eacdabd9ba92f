"""Nothing leaves before its writer said so from their own mailbox, and saying so twice sends nothing twice."""

import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from advocacy.database import insert_into
from advocacy.delivery import outbox
from advocacy.delivery.models import By, Message, MessageMove, Priority
from advocacy.delivery.states import RANK, State
from advocacy.encryption import Keys, hashed
from advocacy.language import day_of
from advocacy.legislators.models import Legislator
from advocacy.legislators.recipient import CABINET
from advocacy.letters import outcome, personal
from advocacy.letters.erase import delete_unconfirmed, erase_confirmed, keep_from_leaving, letters_of, same_writer
from advocacy.letters.kinds import Carried
from advocacy.letters.models import (
    AUDIENCES,
    MINISTERS,
    OTHERS,
    Confirmation,
    LetterTally,
    Standing,
    StoredLetter,
    Submission,
    Suppression,
)
from advocacy.letters.waiting import Waiting, WaitingLetter, WaitingSubmission, good, look, name_of, wrong_forms

__all__ = [
    "Waiting",
    "WaitingLetter",
    "WaitingSubmission",
    "Withdrawn",
    "confirm",
    "look",
    "name_of",
    "withdraw",
]

AGAIN = timedelta(minutes=10)
"""How long the same answer may be sent again and is answered alike."""
TOKEN_BYTES = 32
ONCE_IN = timedelta(days=30)
"""How long one letter from one person to one office is enough."""
CAME_TO_NOTHING = (State.BOUNCED, State.FAILED, State.CANCELLED, State.EXPIRED)
MAY_HAVE_LEFT = (*RANK, State.UNCERTAIN)
"""States that tell it of a letter; one that needs staff was uncertain first, or has used up its attempts unsent."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was withdrawn is erased; `left` where something confirmed before may have left already."""

    left: bool


def confirm(
    session: Session,
    token: str,
    *,
    keys: Keys,
    now: datetime,
    per_hour: int,
    only: Collection[str] | None = None,
) -> str | None:
    """Put every letter that waits under a token into the outbox; give the token of the receipt, None when too late.

    The same token within ten minutes gives the same receipt and puts nothing. `per_hour` letters at most reach one
    office in an hour. With `only`, ids of submissions, those left out are deleted unsent; so is what is wrong.
    """
    _lock_siblings(session, token)
    row = _take(session, token, now)
    if row is None:
        return _again(session, token, keys=keys, now=now)
    receipt = secrets.token_urlsafe(TOKEN_BYTES)
    row.receipt_hash = hashed(receipt)
    personal.keep(row, "receipt_sealed", receipt, keys=keys)
    row.token_sealed = None
    _leave_out(session, row, only)
    # In one order, or two people who write to the same two offices at once would wait for each other.
    letters = sorted(_confirmed(row, now), key=lambda letter: letter.legislator_id)
    due = [_put(session, letter, row, keys=keys, now=now, per_hour=per_hour) for letter in letters]
    session.flush()
    outcome.letters_confirmed(session, row.id, due, now=now)
    return receipt


def withdraw(
    session: Session, token: str, *, keys: Keys, now: datetime, outgoing: Path | None = None
) -> Withdrawn | None:
    """Erase at once all that is kept of this address in this campaign, and let no more mail go there for it.

    What was confirmed before and has not left does not leave. None for a token that is unknown, used, expired or
    withdrawn.
    """
    row = session.scalar(select(Confirmation).where(*good(token, now)))
    if row is None:
        return None
    taken, campaign, found = row.id, row.campaign, same_writer(session, row, keys=keys)
    email = personal.read(row, "email_sealed", keys=keys)
    keep_from_leaving(session, found)
    gone = delete_unconfirmed(session, found, now=now, by=By.CITIZEN, outgoing=outgoing)
    if taken not in gone:
        return None
    confirmed = [one for one in found if one not in gone]
    left = _may_have_left(session, confirmed)
    erase_confirmed(session, confirmed, now=now, by=By.CITIZEN, outgoing=outgoing)
    if email:
        hashes = personal.address_hashes(keys, email)
        session.merge(Suppression(campaign=campaign, email_hash=hashes[0], since=now))
    return Withdrawn(left)


def _may_have_left(session: Session, confirmations: Sequence[str]) -> bool:
    moved = (
        select(Message.id)
        .join(MessageMove, MessageMove.message_id == Message.id)
        .where(Message.kind == Carried.LETTER, Message.ref.in_(letters_of(confirmations)))
        .where(or_(Message.state == State.SENDING, MessageMove.state.in_(MAY_HAVE_LEFT)))
    )
    return session.scalar(moved.limit(1)) is not None


def _lock_siblings(session: Session, token: str) -> None:
    """Wait for whoever confirms other letters of the same address: each must see what the other sends."""
    address = select(Confirmation.email_hash).where(Confirmation.token_hash == hashed(token)).scalar_subquery()
    siblings = select(Confirmation.id).where(Confirmation.email_hash == address)
    session.execute(siblings.order_by(Confirmation.id).with_for_update())


def _take(session: Session, token: str, now: datetime) -> Confirmation | None:
    """Use a token up, in one statement: of many at once, one gets the row."""
    taken = session.scalar(update(Confirmation).where(*good(token, now)).values(used_at=now).returning(Confirmation.id))
    return session.get(Confirmation, taken, populate_existing=True) if taken else None


def _again(session: Session, token: str, *, keys: Keys, now: datetime) -> str | None:
    row = session.scalar(
        select(Confirmation)
        .where(Confirmation.token_hash == hashed(token), Confirmation.used_at >= now - AGAIN)
        .execution_options(populate_existing=True)
    )
    return personal.read(row, "receipt_sealed", keys=keys) if row else None


def _leave_out(session: Session, row: Confirmation, only: Collection[str] | None) -> None:
    wrong = wrong_forms(session, row)
    row.submissions = [one for one in row.submissions if one.id not in wrong and (only is None or one.id in only)]
    session.flush()


def _confirmed(row: Confirmation, now: datetime) -> Iterator[StoredLetter]:
    # The oldest first: of two letters to one office, what rode along later replaces nothing.
    for submission in row.submissions:
        if submission.standing is Standing.AWAITING:
            submission.standing, submission.confirmed_at = Standing.CONFIRMED, now
            yield from submission.letters


def _put(
    session: Session, letter: StoredLetter, row: Confirmation, *, keys: Keys, now: datetime, per_hour: int
) -> datetime | None:
    """Put a letter into the outbox and give when it is due; None for one that is not sent."""
    email = personal.read(row, "email_sealed", keys=keys) or ""
    hashes = personal.address_hashes(keys, email)
    letter.written_before = _written_before(session, letter, hashes, now=now)
    if letter.written_before is not None:
        return None
    pace_key = letter.legislator_id
    message = outbox.put(
        session, Carried.LETTER, letter.id, now=now, pace_key=pace_key, per_hour=per_hour, priority=Priority.LETTER
    )
    _count_confirmed(session, letter, day_of(now))
    return message.due_at


def _written_before(session: Session, letter: StoredLetter, hashes: tuple[str, ...], *, now: datetime) -> date | None:
    """Return the day on which the same person wrote to the same office, unless that came to nothing."""
    before = session.scalar(
        select(func.max(Submission.confirmed_at))
        .select_from(StoredLetter)
        .join(Submission, StoredLetter.submission_id == Submission.id)
        .join(Message, and_(Message.kind == Carried.LETTER, Message.ref == StoredLetter.id))
        .where(
            StoredLetter.legislator_id == letter.legislator_id,
            StoredLetter.campaign == letter.campaign,
            Submission.email_hash.in_(hashes),
            Submission.confirmed_at > now - ONCE_IN,
            Message.state.not_in(CAME_TO_NOTHING),
        )
    )
    return day_of(before) if before else None


def _audience(session: Session, letter: StoredLetter) -> str:
    """Return whom a letter goes to that is not to its writer's own member, as `LetterTally` counts it."""
    office, chamber = session.execute(
        select(Legislator.office, Legislator.chamber).where(Legislator.id == letter.legislator_id)
    ).one()
    return MINISTERS if office in CABINET else AUDIENCES.get(chamber, OTHERS)


def _count_confirmed(session: Session, letter: StoredLetter, day: date) -> None:
    """Count a letter that its citizen confirmed on this day in Ottawa."""
    key = {
        "day": day,
        "campaign": letter.campaign,
        "template": letter.template,
        "language": letter.language,
        "riding_code": letter.riding_code or _audience(session, letter),
    }
    first = insert_into(session, LetterTally).values(letters=1, **key)
    session.execute(first.on_conflict_do_update(index_elements=list(key), set_={"letters": LetterTally.letters + 1}))
