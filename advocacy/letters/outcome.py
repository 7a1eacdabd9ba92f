"""The citizen hears once that the letters take a while, once of one that came back, and once when all is settled."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from advocacy.delivery import outbox
from advocacy.delivery.models import Message
from advocacy.delivery.states import HANDED_OVER, SETTLED, State
from advocacy.legislators.doubtful import doubt
from advocacy.letters.kinds import Carried
from advocacy.letters.models import Confirmation, StoredLetter, Submission

CAME_BACK = frozenset({State.BOUNCED, State.FAILED})
LONG = timedelta(minutes=30)
"""After how long a wait for the last letter the link to the receipt goes out before."""
MARKS = {Carried.OUTCOME: Confirmation.told_at, Carried.CAME_BACK: Confirmation.bounce_told_at}
ONCE = {"synchronize_session": False}


def told(session: Session, moved: Sequence[tuple[str, State]], now: datetime, *, rehearsing: bool = False) -> None:
    """Hear to which states letters came, each by its id, in the transaction that writes it.

    `rehearsing` says that mail goes to a test address: what comes back then says nothing of a legislator's own.
    """
    found = session.execute(
        select(StoredLetter.id, StoredLetter.legislator_id, Submission.confirmation_id)
        .outerjoin(Submission, StoredLetter.submission_id == Submission.id)
        .where(StoredLetter.id.in_([ref for ref, _ in moved]))
    ).all()
    bounced = {ref for ref, state in moved if state is State.BOUNCED and not rehearsing}
    for letter in found:
        if letter.id in bounced:
            doubt(session, letter.legislator_id, now=now, reason=_reason(session, letter.id))
    if confirmations := {letter.confirmation_id for letter in found if letter.confirmation_id is not None}:
        _tell(session, confirmations, now)


def confirmation_told(
    session: Session, moved: Sequence[tuple[str, State]], now: datetime, *, unconfirmed: timedelta
) -> None:
    """Hear to which states confirmation mails came: once no attempt is to follow, their tokens are hashes alone.

    The time to confirm, `unconfirmed`, runs from when the mail was first known to have left.
    """
    if left := sorted(ref for ref, state in moved if state in HANDED_OVER):
        first = (Confirmation.id.in_(left), Confirmation.token_sealed.is_not(None))
        session.execute(update(Confirmation).where(*first).values(due_at=now, expires_at=now + unconfirmed))
    if settled := sorted(ref for ref, state in moved if state in SETTLED):
        session.execute(update(Confirmation).where(Confirmation.id.in_(settled)).values(token_sealed=None))


def put(session: Session, confirmation: str, due: Collection[datetime | None], *, now: datetime) -> None:
    """Hear when the letters just confirmed are due, None for each that is not sent, its office written to before.

    Where none leaves, or the last one leaves late, the citizen hears of it now.
    """
    last = max((at for at in due if at is not None), default=None)
    if due and last is None:
        _put_once(session, Carried.OUTCOME, [confirmation], now=now)
    elif last is not None and last > now + LONG:
        outbox.put_together(session, Carried.UNDERWAY, [confirmation], now=now)


def _tell(session: Session, confirmations: Collection[str], now: datetime) -> None:
    # Of two letters handed over at the same moment, the second waits here and then sees the first.
    these = Confirmation.id.in_(confirmations)
    session.execute(select(Confirmation.id).where(these).order_by(Confirmation.id).with_for_update())
    standing = _states(session, confirmations)
    _put_once(session, Carried.OUTCOME, [one for one, its in standing.items() if SETTLED.issuperset(its)], now=now)
    back = [one for one, its in standing.items() if not CAME_BACK.isdisjoint(its)]
    if not back:
        return
    covered = _to_be_made(session, back)
    _first(session, Carried.CAME_BACK, covered, now=now)
    _put_once(session, Carried.CAME_BACK, [one for one in back if one not in covered], now=now)


def _put_once(session: Session, kind: Carried, confirmations: Collection[str], *, now: datetime) -> None:
    outbox.put_together(session, kind, _first(session, kind, confirmations, now=now), now=now)


def _first(session: Session, kind: Carried, confirmations: Collection[str], *, now: datetime) -> Sequence[str]:
    """Mark confirmations as told of; give those that were not yet."""
    if not confirmations:
        return ()
    mark = MARKS[kind]
    once = update(Confirmation).where(Confirmation.id.in_(confirmations), mark.is_(None)).values({mark: now})
    return session.scalars(once.returning(Confirmation.id), execution_options=ONCE).all()


def _to_be_made(session: Session, confirmations: Collection[str]) -> Collection[str]:
    """Give those whose outcome mail is made after this: it tells what is known by then.

    One that another holds is not waited for: whoever erases it may wait for what is held here.
    """
    mail = select(Message.ref).where(Message.kind == Carried.OUTCOME, Message.ref.in_(confirmations))
    return session.scalars(mail.where(Message.state == State.READY).with_for_update(skip_locked=True)).all()


def _states(session: Session, confirmations: Collection[str]) -> Mapping[str, Collection[State]]:
    found = session.execute(
        select(Submission.confirmation_id, Message.state)
        .join(StoredLetter, StoredLetter.submission_id == Submission.id)
        .join(Message, and_(Message.kind == Carried.LETTER, Message.ref == StoredLetter.id))
        .where(Submission.confirmation_id.in_(confirmations))
    )
    states: dict[str, set[State]] = defaultdict(set)
    for confirmation, state in found:
        if confirmation is not None:
            states[confirmation].add(state)
    return states


def _reason(session: Session, ref: str) -> str:
    message = outbox.find(session, Carried.LETTER, ref)
    return message.reason if message else ""
