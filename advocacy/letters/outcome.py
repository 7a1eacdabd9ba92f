"""The citizen hears once what became of the letters: when all are handed over, or as soon as one came back."""

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
        _tell(session, _worth_telling(session, confirmations), now)


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


def none_leaves(session: Session, confirmation: str, now: datetime) -> None:
    """Let a citizen hear that none of the confirmed letters is sent: each office was written to before."""
    _tell(session, [confirmation], now)


def _worth_telling(session: Session, confirmations: Collection[str]) -> Sequence[str]:
    # Of two letters handed over at the same moment, the second waits here and then sees the first.
    these = Confirmation.id.in_(confirmations)
    session.execute(select(Confirmation.id).where(these).order_by(Confirmation.id).with_for_update())
    return [one for one, states in _states(session, confirmations).items() if _is_worth_telling(states)]


def _is_worth_telling(states: Collection[State]) -> bool:
    return not CAME_BACK.isdisjoint(states) or (SETTLED.issuperset(states) and not HANDED_OVER.isdisjoint(states))


def _tell(session: Session, confirmations: Sequence[str], now: datetime) -> None:
    once = update(Confirmation).where(Confirmation.id.in_(confirmations), Confirmation.told_at.is_(None))
    first = session.scalars(
        once.values(told_at=now).returning(Confirmation.id), execution_options={"synchronize_session": False}
    ).all()
    outbox.put_together(session, Carried.OUTCOME, first, now=now)


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
