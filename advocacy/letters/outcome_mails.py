"""Mails to the citizen: one if the letters take a while, one if a letter came back, one when all have ended."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from advocacy.delivery import outbox
from advocacy.delivery.models import OFFICE_PAUSED, Message, MessageMove
from advocacy.delivery.states import HANDED_OVER, SETTLED, State
from advocacy.legislators.corrections import is_corrected_since
from advocacy.legislators.directory_queries import mark_bounced
from advocacy.letters.holding import HoldReason, Refusal
from advocacy.letters.models import Confirmation, MessageKind, StoredLetter, Submission
from advocacy.offices.office_settings import own_address

CAME_BACK = frozenset({State.BOUNCED, State.FAILED})
NOT_SENT = {State.CANCELLED: frozenset(Refusal), State.EXPIRED: frozenset({*HoldReason, OFFICE_PAUSED})}
"""The states, and the reasons in them, of letters that a person kept from being sent, or that waited for too long."""
LONG_WAIT = timedelta(minutes=30)
"""Where the last letter waits longer than this, the link to the receipt is mailed at once."""
MARKS = {MessageKind.OUTCOME: Confirmation.told_at, MessageKind.CAME_BACK: Confirmation.bounce_told_at}
REFS: BindParameter[Any] = bindparam("refs", expanding=True)
CONFIRMATIONS: BindParameter[Any] = bindparam("confirmations", expanding=True)


def letters_moved(
    session: Session, moved: Sequence[tuple[str, State]], now: datetime, *, test_mode: bool = False
) -> None:
    """Put the mails that are due once letters, by their ids, moved to these states; in the transaction that writes it.

    In `test_mode` mail goes to a test address: what comes back then says nothing about a legislator's own.
    """
    session.flush()
    if bounced := [ref for ref, state in moved if state is State.BOUNCED and not test_mode]:
        for letter in session.connection().execute(_bounced(), {"refs": bounced}).all():
            message = outbox.find(session, MessageKind.LETTER, letter.id)
            left_at, reason = (_left_at(session, message) or now, message.reason) if message else (now, "")
            own = own_address(session, letter.legislator_id, left_at)
            # What left before staff corrected the directory says nothing of the address that is there now.
            if own is not None or not is_corrected_since(session, letter.legislator_id, "email", moment=left_at):
                mark_bounced(session, letter.legislator_id, now=now, reason=reason, email=own)
    # Of two letters handed over at the same moment, the second waits here and then sees the first.
    locked = session.connection().execute(_lock(), {"refs": [ref for ref, _ in moved]})
    confirmations = locked.scalars().all()
    if not confirmations:
        return
    states: dict[str, set[State]] = defaultdict(set)
    refused = set()
    for confirmation, state, reason in session.connection().execute(_states(), {"confirmations": confirmations}):
        states[confirmation].add(state)
        if reason in NOT_SENT.get(state, ()):
            refused.add(confirmation)
    ended = [one for one, its in states.items() if SETTLED.issuperset(its)]
    _put_once(session, MessageKind.OUTCOME, ended, now=now)
    outbox.put_all(session, MessageKind.REFUSED, sorted(refused.difference(ended)), now=now)
    came_back = [one for one, its in states.items() if not CAME_BACK.isdisjoint(its)]
    if not came_back:
        return
    # An outcome mail that is still to be made will say so. One that another holds is not waited for: whoever erases it
    # may wait for what is held here.
    outcome = select(Message.ref).where(Message.kind == MessageKind.OUTCOME, Message.ref.in_(came_back))
    waiting = outcome.where(Message.state == State.READY).with_for_update(skip_locked=True)
    covered = session.scalars(waiting).all()
    _mark(session, MessageKind.CAME_BACK, covered, now=now)
    _put_once(session, MessageKind.CAME_BACK, [one for one in came_back if one not in covered], now=now)


def confirmations_moved(
    session: Session, moved: Sequence[tuple[str, State]], now: datetime, *, unconfirmed: timedelta
) -> None:
    """Note which confirmation mails have left, or never will.

    The time to confirm, `unconfirmed`, runs from when the mail was first known to have left.
    """
    if left := sorted(ref for ref, state in moved if state in HANDED_OVER):
        first = (Confirmation.id.in_(left), Confirmation.mailed_at.is_(None))
        session.execute(update(Confirmation).where(*first).values(due_at=now, expires_at=now + unconfirmed))
    if settled := sorted(ref for ref, state in moved if state in SETTLED):
        first = (Confirmation.id.in_(settled), Confirmation.mailed_at.is_(None))
        session.execute(update(Confirmation).where(*first).values(mailed_at=now))


def letters_confirmed(
    session: Session, confirmation: str, letters: Collection[Message | None], *, is_posted: bool = False, now: datetime
) -> None:
    """Put the mail that is due once letters are confirmed: None stands for each whose office was written to before.

    There is one where no letter leaves, where one is held, or where the last one leaves late. `is_posted` tells that
    others were mailed on paper.
    """
    put = [one for one in letters if one is not None]
    if (letters or is_posted) and not put:
        _put_once(session, MessageKind.OUTCOME, [confirmation], now=now)
    elif any(one.state is State.HELD or one.due_at > now + LONG_WAIT for one in put):
        outbox.put_all(session, MessageKind.UNDERWAY, [confirmation], now=now)


def office_paused(session: Session, letters: Sequence[str], *, now: datetime) -> None:
    """Put the mail that letters, by their ids, wait, to those of their citizens who had none yet."""
    of_letters = select(Submission.confirmation_id).join(StoredLetter, StoredLetter.submission_id == Submission.id)
    found = session.scalars(of_letters.where(StoredLetter.id.in_(letters)))
    outbox.put_all(session, MessageKind.UNDERWAY, sorted({one for one in found if one}), now=now)


def _left_at(session: Session, message: Message) -> datetime | None:
    """Return when a message was sent last."""
    sent = MessageMove.state.in_((State.SENDING, State.ACCEPTED))
    moment: datetime | None = session.scalar(
        select(func.max(MessageMove.at)).where(MessageMove.message_id == message.id, sent)
    )
    return moment


def _put_once(session: Session, kind: MessageKind, confirmations: Collection[str], *, now: datetime) -> None:
    outbox.put_all(session, kind, _mark(session, kind, confirmations, now=now), now=now)


def _mark(session: Session, kind: MessageKind, confirmations: Collection[str], *, now: datetime) -> Sequence[str]:
    """Mark confirmations as mailed about; return those that were not yet."""
    if not confirmations:
        return ()
    marking = session.connection().execute(_mark_statement(kind), {"confirmations": list(confirmations), "now": now})
    return marking.scalars().all()


# Statements built once, over tables rather than classes: built anew for each batch they took a tenth of the processor
# time of sending.


@cache
def _bounced() -> Select[Any]:
    letters = StoredLetter.__table__
    return select(letters.c.id, letters.c.legislator_id).where(letters.c.id.in_(REFS))


@cache
def _lock() -> Select[Any]:
    letters, submissions, ids = StoredLetter.__table__, Submission.__table__, Confirmation.__table__.c.id
    these = (
        select(submissions.c.confirmation_id)
        .join(letters, letters.c.submission_id == submissions.c.id)
        .where(letters.c.id.in_(REFS))
    )
    return select(ids).where(ids.in_(these)).order_by(ids).with_for_update()


@cache
def _states() -> Select[Any]:
    letters, submissions, messages = StoredLetter.__table__, Submission.__table__, Message.__table__
    return (
        select(submissions.c.confirmation_id, messages.c.state, messages.c.reason)
        .join(letters, letters.c.submission_id == submissions.c.id)
        .join(messages, and_(messages.c.kind == MessageKind.LETTER, messages.c.ref == letters.c.id))
        .where(submissions.c.confirmation_id.in_(CONFIRMATIONS))
    )


@cache
def _mark_statement(kind: MessageKind) -> ReturningUpdate[Any]:
    table = Confirmation.__table__
    mark = table.c[MARKS[kind].key]
    these = update(table).where(table.c.id.in_(CONFIRMATIONS), mark.is_(None))
    return these.values({mark: bindparam("now", type_=mark.type)}).returning(table.c.id)
