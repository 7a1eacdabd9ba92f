"""Nothing leaves before its writer said so from their own mailbox, and saying so twice sends nothing twice."""

import secrets
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import Session

from advocacy.delivery import outbox
from advocacy.delivery.models import By, Message
from advocacy.delivery.states import State
from advocacy.letters import outcome, personal
from advocacy.letters.erase import delete_unconfirmed
from advocacy.letters.kinds import Carried
from advocacy.letters.models import Confirmation, Standing, StoredLetter, Submission, Suppression
from advocacy.letters.moments import day_of
from advocacy.letters.tally import one_confirmed
from advocacy.letters.waiting import Waiting, WaitingLetter, WaitingSubmission, good, look, name_of
from advocacy.sealing import Keys, hashed

__all__ = ["Waiting", "WaitingLetter", "WaitingSubmission", "confirm", "look", "name_of", "withdraw"]

AGAIN = timedelta(minutes=10)
"""How long the same answer may be sent again and is answered alike."""
TOKEN_BYTES = 32
ONCE_IN = timedelta(days=30)
"""How long one letter from one person to one office is enough."""
CAME_TO_NOTHING = (State.BOUNCED, State.FAILED, State.CANCELLED, State.EXPIRED)


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
    office in an hour. With `only`, ids of submissions, those left out are deleted unsent.
    """
    _lock_siblings(session, token)
    row = _take(session, token, now)
    if row is None:
        return _again(session, token, keys=keys, now=now)
    receipt = secrets.token_urlsafe(TOKEN_BYTES)
    row.receipt_hash = hashed(receipt)
    personal.keep(row, "receipt_sealed", receipt, keys=keys)
    row.token_sealed = None
    if only is not None:
        _leave_out(session, row, only)
    # In one order, or two people who write to the same two offices at once would wait for each other.
    letters = sorted(_confirmed(row, now), key=lambda letter: letter.legislator_id)
    for letter in letters:
        _put(session, letter, row, keys=keys, now=now, per_hour=per_hour)
    session.flush()
    if letters and all(letter.written_before for letter in letters):
        outcome.none_leaves(session, row.id, now)
    return receipt


def withdraw(session: Session, token: str, *, keys: Keys, now: datetime, outgoing: Path | None = None) -> bool:
    """Erase at once what waits for this address in this campaign, and let no more mail go there for it.

    False for a token that is unknown, used, expired or withdrawn.
    """
    row = session.scalar(select(Confirmation).where(*good(token, now)))
    if row is None:
        return False
    taken, campaign, waiting = row.id, row.campaign, [row.id]
    known: tuple[str, ...] = ()
    if email := personal.read(row, "email_sealed", keys=keys):
        known = personal.address_hashes(keys, email)
        theirs = (Confirmation.campaign == campaign, Confirmation.email_hash.in_(known))
        waiting += session.scalars(select(Confirmation.id).where(*theirs, Confirmation.used_at.is_(None)))
    if taken not in delete_unconfirmed(session, waiting, now=now, by=By.CITIZEN, outgoing=outgoing):
        return False
    if known:
        session.merge(Suppression(campaign=campaign, email_hash=known[0], since=now))
    return True


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


def _leave_out(session: Session, row: Confirmation, only: Collection[str]) -> None:
    row.submissions = [submission for submission in row.submissions if submission.id in only]
    session.flush()


def _confirmed(row: Confirmation, now: datetime) -> Iterator[StoredLetter]:
    # The newest first: of two letters to one office, the older is the one that is not sent.
    for submission in reversed(row.submissions):
        if submission.standing is Standing.AWAITING:
            submission.standing, submission.confirmed_at = Standing.CONFIRMED, now
            yield from submission.letters


def _put(
    session: Session, letter: StoredLetter, row: Confirmation, *, keys: Keys, now: datetime, per_hour: int
) -> None:
    email = personal.read(row, "email_sealed", keys=keys) or ""
    hashes = personal.address_hashes(keys, email)
    letter.written_before = _written_before(session, letter, hashes, now=now)
    if letter.written_before is None:
        pace_key = letter.legislator_id
        outbox.put(session, Carried.LETTER, letter.id, now=now, pace_key=pace_key, per_hour=per_hour)
        one_confirmed(session, letter, day_of(now))


def _written_before(session: Session, letter: StoredLetter, hashes: tuple[str, ...], *, now: datetime) -> date | None:
    """Give the day on which the same person wrote to the same office, unless that came to nothing."""
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
