"""What waits for digests: letters to offices that take one mail a day, until six in the morning of Ottawa."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from advocacy.delivery import outbox
from advocacy.delivery.models import OFFICE_PAUSED, Actor, Message
from advocacy.delivery.states import State
from advocacy.language import EASTERN, day_of
from advocacy.letters.models import Digest, DigestLetter, MessageKind
from advocacy.offices.models import OfficeSettings

TIME = time(6)
"""When digests are made, in Ottawa: before an office opens."""
MAX_BATCH = 500
"""How many letters one transaction moves."""


def next_time(now: datetime) -> datetime:
    """Return when the next digests are made."""
    today = datetime.combine(day_of(now), TIME, EASTERN)
    if today > now:
        return today
    return datetime.combine(day_of(now) + timedelta(days=1), TIME, EASTERN)


def latest_time(now: datetime) -> datetime:
    """Return when digests were last to be made."""
    today = datetime.combine(day_of(now), TIME, EASTERN)
    return today if today <= now else datetime.combine(day_of(now) - timedelta(days=1), TIME, EASTERN)


def are_used(session: Session) -> bool:
    """Whether an office takes digests, or did."""
    waits = exists().where(Message.kind == MessageKind.LETTER, Message.state == State.DIGEST)
    takes, made = exists().where(OfficeSettings.takes_digest), exists(select(Digest.id))
    return bool(session.scalar(select(or_(takes, made, waits))))


def is_in_digest(letter_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Return the condition for a letter that a digest was made with."""
    return exists().where(DigestLetter.letter_id == letter_id)


def may_have_left(letter_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Return the condition for a letter whose digest is being sent, or was perhaps."""
    return _has_digest(letter_id, (State.SENDING, State.UNCERTAIN, State.NEEDS_STAFF))


def waits_in_digest(letter_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Return the condition for a letter whose digest was made and waits, as while its office takes none."""
    return _has_digest(letter_id, (State.READY,))


def _has_digest(letter_id: InstrumentedAttribute[str], states: Sequence[State]) -> ColumnElement[bool]:
    digest = aliased(Message)
    return (
        exists()
        .where(DigestLetter.letter_id == letter_id, digest.ref == DigestLetter.digest_id)
        .where(digest.kind == MessageKind.DIGEST, digest.state.in_(states))
    )


def public_ids(session: Session, letters: Sequence[str]) -> Sequence[str]:
    """Return the public ids of the digests that letters are in."""
    joined = select(Message.public_id).join(DigestLetter, DigestLetter.digest_id == Message.ref).distinct()
    found = joined.where(Message.kind == MessageKind.DIGEST, DigestLetter.letter_id.in_(letters))
    return session.scalars(found).all()


def add_waiting(session: Session, ready: Sequence[Message], *, now: datetime, by: Actor) -> None:
    """Have those of these `locked` letters that are to offices that take digests wait for the next one."""
    takes = set(session.scalars(select(OfficeSettings.legislator_id).where(OfficeSettings.takes_digest)))
    waiting = [one for one in ready if one.pace_key in takes]
    for message in waiting:
        is_paused = message.reason == OFFICE_PAUSED
        outbox.note_move(session, message, State.DIGEST, now=now, by=by, reason=OFFICE_PAUSED if is_paused else "")
        message.due_at = message.first_due_at = next_time(message.due_at if is_paused else now)
    session.flush()
    # One that staff have sent once more has nothing to do with the digest that it was in.
    session.execute(delete(DigestLetter).where(DigestLetter.letter_id.in_([one.ref for one in waiting])))


def plan_anew(session: Session, office: str, *, begin: datetime, reason: str = "") -> Sequence[str]:
    """Plan the letters that wait for an office's next digest for the first one after `begin`; return their ids.

    They wait for this `reason`, "" where they merely wait for the digest. In a transaction that writes.
    """
    due = next_time(begin)
    waiting = (
        select(Message.id)
        .where(Message.kind == MessageKind.LETTER, Message.state == State.DIGEST, Message.pace_key == office)
        .where(~is_in_digest(Message.ref))
    )
    messages = outbox.locked_in_order(session, session.scalars(waiting).all())
    planned = [one for one in messages if one.state is State.DIGEST]
    for message in planned:
        message.due_at = message.first_due_at = due
        message.reason = reason
    session.flush()
    return [one.ref for one in planned]


def follow_settings(session: Session, *, now: datetime, per_hour: int) -> None:
    """Have letters wait for digests, or leave one by one again, as their offices want it now; MAX_BATCH of each.

    What a digest was made with goes with it. In a transaction that writes.
    """
    takes = select(OfficeSettings.legislator_id).where(OfficeSettings.takes_digest)
    of_letter = Message.kind == MessageKind.LETTER
    alone = select(Message.id).where(
        of_letter, Message.state == State.DIGEST, Message.pace_key.not_in(takes), ~is_in_digest(Message.ref)
    )
    ids = session.scalars(alone.order_by(Message.id).limit(MAX_BATCH)).all()
    outbox.release(session, ids, now=now, per_hour=per_hour, by=Actor.SWEEP, state=State.DIGEST)
    ready = select(Message).where(of_letter, Message.state == State.READY, Message.pace_key.in_(takes))
    # One that is being claimed leaves alone.
    locking = ready.order_by(Message.id).limit(MAX_BATCH).with_for_update(skip_locked=True)
    rows = session.scalars(locking, execution_options={"populate_existing": True}).all()
    add_waiting(session, rows, now=now, by=Actor.SWEEP)
