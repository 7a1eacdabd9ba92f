"""What is no longer needed, or no longer wanted, is overwritten; a stub that knows no person stays of what was sent."""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Engine,
    Select,
    Update,
    and_,
    bindparam,
    delete,
    event,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from advocacy.database import Base, insert_into, table_of
from advocacy.delivery import outbox
from advocacy.delivery.handover import GAVE_UP
from advocacy.delivery.models import ERASED, NO_CONTACT, Actor, Message, MessageMove, ProviderEvent, new_public_id
from advocacy.delivery.states import SETTLED, State
from advocacy.encryption import Keys
from advocacy.language import EASTERN, day_of
from advocacy.letters import encrypted_columns
from advocacy.letters.models import (
    TO_CITIZEN,
    Confirmation,
    FeatureTally,
    MessageKind,
    StoredLetter,
    Submission,
    SubmissionStatus,
    new_id,
)

NO_PERSON = {"name_sealed": None, "email_sealed": None, "email_hash": None}
NOT_ON_ITS_WAY = frozenset({*SETTLED, State.NEEDS_STAFF})


def day_alone(moment: datetime) -> datetime:
    """Return the first moment of its day in Ottawa: no more than the day is kept, and counts by day stay right."""
    return moment.astimezone(EASTERN).replace(hour=0, minute=0, second=0, microsecond=0)


def make_tombstones(session: Session, confirmations: Sequence[str]) -> None:
    """Take the person, the consent and the hours from all that was confirmed under these confirmations."""
    submissions = session.execute(
        select(Submission.id, Submission.created_at, Submission.confirmed_at, Submission.consented_at).where(
            Submission.confirmation_id.in_(confirmations)
        )
    ).all()
    ids = [one.id for one in submissions]
    letters = select(StoredLetter.id, StoredLetter.created_at).where(StoredLetter.submission_id.in_(ids))
    _update_rows(
        session, StoredLetter, [{"created_at": day_alone(at), "of": id_} for id_, at in session.execute(letters)]
    )
    # By the form's own id somebody could still tell who sent it, and the form could never be sent again.
    stub = {"standing": SubmissionStatus.ERASED, "confirmation_id": None, "consent_text": "", **NO_PERSON}
    rows = [
        {
            "of": one.id,
            "key_hash": new_id(),
            "created_at": day_alone(one.created_at),
            "confirmed_at": one.confirmed_at and day_alone(one.confirmed_at),
            "consented_at": day_alone(one.consented_at),
        }
        for one in submissions
    ]
    _update_rows(session, Submission, rows, **stub)


def detach_mails(session: Session, message_ids: Sequence[int], *, outgoing: Path | None) -> None:
    """Part messages from the mails that left by them. One that is on its way is marked instead; `tidy` takes it later.

    No report can reach such a message any more: the id that a provider was told is known to nobody here.
    """
    held = outbox.locked_in_order(session, message_ids)
    forget_reports(session, [message.public_id for message in held], outgoing)
    settled = [message for message in held if message.state in SETTLED]
    moving = [message.id for message in held if message.state not in SETTLED]
    execute_unsynchronized(session, update(Message).where(Message.id.in_(moving)).values(reason=ERASED))
    moments = ("created_at", "due_at", "changed_at")
    rows = [
        {"of": one.id, "public_id": new_public_id(), **{at: day_alone(getattr(one, at)) for at in moments}}
        for one in settled
    ]
    # The attempt of no claim: whoever held the last one writes nothing more, and `tidy` knows that it is done.
    _update_rows(session, Message, rows, provider_id=None, attempt=0)
    ids = [one.id for one in settled]
    moves = session.execute(select(MessageMove.id, MessageMove.at).where(MessageMove.message_id.in_(ids)))
    _update_rows(session, MessageMove, [{"at": day_alone(at), "of": id_} for id_, at in moves.all()])
    session.expire_all()


def tidy(session: Session, *, now: datetime, outgoing: Path | None = None) -> int:
    """Part from their mails the messages that were on their way when they were erased; at most 500 a call.

    Whoever would have to decide on one has nothing to decide with any more: it is given up.
    """
    found = select(Message).where(_is_erased(), Message.state.in_(NOT_ON_ITS_WAY))
    unfinished = or_(Message.attempt > 0, Message.provider_id.is_not(None))
    messages = session.scalars(found.where(unfinished).order_by(Message.id).limit(MAX_BATCH)).all()
    for message in messages:
        outbox.cancel(session, message, now=now, by=Actor.SWEEP, reason=ERASED)
    detach_mails(session, [message.id for message in messages], outgoing=outgoing)
    return len(messages)


def forget_reports(session: Session, public_ids: Sequence[str], outgoing: Path | None) -> None:
    """Delete what providers reported of messages, and their mails from the folder that mail is laid in."""
    execute_unsynchronized(session, delete(ProviderEvent).where(ProviderEvent.public_id.in_(public_ids)))
    if outgoing is None or not outgoing.is_dir():
        return
    for file in list(outgoing.iterdir()):
        if not _name_parts(file.name).isdisjoint(public_ids):
            file.unlink(missing_ok=True)


def execute_unsynchronized(session: Session, statement: Delete | Update) -> None:
    """Run a statement that the session need not follow."""
    session.execute(statement, execution_options={"synchronize_session": False})


def _is_erased() -> Any:
    """Tell a message whose letter is a stub, or whose confirmation is gone."""
    stub = exists().where(
        StoredLetter.id == Message.ref,
        StoredLetter.submission_id == Submission.id,
        Submission.status == SubmissionStatus.ERASED,
    )
    gone = ~exists().where(Confirmation.id == Message.ref)
    return or_(and_(Message.kind == MessageKind.LETTER, stub), and_(Message.kind.in_(TO_CITIZEN), gone))


def _name_parts(name: str) -> set[str]:
    return set(name.replace(".", "-").split("-"))


def _update_rows(session: Session, model: type[Base], rows: Sequence[dict[str, Any]], **alike: Any) -> None:
    """Change rows, each by what it says itself, `of` being its id, and all of them alike."""
    if not rows:
        return
    table = table_of(model)
    session.connection().execute(update(table).where(table.c.id == bindparam("of")).values(alike), rows)


log = logging.getLogger(__name__)

MAX_BATCH = 500
"""Letters or confirmations erased in one transaction: those who send meanwhile do not wait long."""
WAITS_FOR_CONTACT = and_(Message.state == State.READY, Message.reason == NO_CONTACT)
A_SECOND = 1000
"""Milliseconds that a page waits for others who read: it is tried again every hour."""


def expire(session: Session, *, now: datetime, unconfirmed: timedelta, outgoing: Path | None = None) -> int:
    """Delete what nobody confirmed in time, `unconfirmed` after its mail was due; give how many confirmations went.

    A setting made shorter counts at once, and a mail that may still leave keeps its confirmation. One that needs staff,
    or waits for its campaign's contact, keeps it for `unconfirmed` from when it was due first. At most 500 a call.
    """
    before = now - unconfirmed
    late = or_(Confirmation.expires_at <= now, Confirmation.due_at <= before)
    mail = exists().where(Message.kind == MessageKind.CONFIRMATION, Message.ref == Confirmation.id)
    stuck = and_(or_(Message.state == State.NEEDS_STAFF, WAITS_FOR_CONTACT), _was_due(before))
    may_leave = mail.where(~Message.state.in_(SETTLED), ~stuck)
    found = select(Confirmation.id).where(Confirmation.used_at.is_(None), late, ~may_leave)
    # One that somebody is just confirming is passed over, not waited for and then deleted.
    ids = session.scalars(found.limit(MAX_BATCH).with_for_update(skip_locked=True)).all()
    return len(delete_unconfirmed(session, ids, now=now, by=Actor.SWEEP, outgoing=outgoing))


def forget(session: Session, *, now: datetime, retention: timedelta, outgoing: Path | None = None) -> int:
    """Make stubs of the letters whose last state is older than `retention`; give how many. At most 500 a call.

    With the last of someone's letters goes the person, their receipt and what providers reported. A letter that waited
    for staff, or for its campaign's contact, until then does not leave any more.
    """
    before = now - retention
    letters = session.scalars(_old_letters(before).limit(MAX_BATCH)).all()
    touched = session.scalars(
        select(Submission.confirmation_id)
        .join(StoredLetter, StoredLetter.submission_id == Submission.id)
        .where(StoredLetter.id.in_(letters), Submission.confirmation_id.is_not(None))
    ).all()
    keep_from_leaving(session, [one for one in touched if one])
    # Staff may have had one tried again since it was found.
    letters = session.scalars(_old_letters(before).where(StoredLetter.id.in_(letters))).all()
    _overwrite(session, Actor.SWEEP)
    _expire_unsent(session, letters, now=now)
    reported = select(Message.public_id).where(Message.kind == MessageKind.LETTER, Message.ref.in_(letters))
    forget_reports(session, session.scalars(reported).all(), outgoing)
    _take_words(session, letters)
    erase_confirmed(session, _done(session, touched), now=now, by=Actor.SWEEP, outgoing=outgoing)
    return len(letters)


def of_address(session: Session, email: str, *, keys: Keys, now: datetime, outgoing: Path | None) -> int:
    """Erase all that is kept of one address, in every campaign, its letters not yet sent included; give how much.

    What an address asked to be spared of stays asked for: that is a hash alone.
    """
    hashes = encrypted_columns.address_hashes(keys, email)
    found = session.scalars(select(Confirmation.id).where(Confirmation.email_hash.in_(hashes))).all()
    erase_all(session, found, now=now, by=Actor.STAFF, outgoing=outgoing)
    return len(found)


def same_writer(session: Session, row: Confirmation, *, keys: Keys) -> Sequence[str]:
    """Return the ids of a confirmation and of all others of its address in its campaign."""
    email = encrypted_columns.read(row, "email_sealed", keys=keys)
    if not email:
        return [row.id]
    theirs = Confirmation.email_hash.in_(encrypted_columns.address_hashes(keys, email))
    return session.scalars(select(Confirmation.id).where(Confirmation.campaign == row.campaign, theirs)).all()


def erase_all(
    session: Session, confirmations: Sequence[str], *, now: datetime, by: Actor, outgoing: Path | None
) -> None:
    """Erase confirmations, those that still wait and those that were confirmed; what has not left does not leave."""
    keep_from_leaving(session, confirmations)
    gone = delete_unconfirmed(session, confirmations, now=now, by=by, outgoing=outgoing)
    # What was being confirmed meanwhile is among these.
    confirmed = [one for one in confirmations if one not in gone]
    erase_confirmed(session, confirmed, now=now, by=by, outgoing=outgoing)


def keep_from_leaving(session: Session, confirmations: Sequence[str]) -> None:
    """Keep the worker from all messages of confirmations, in the one order of all who keep several."""
    letters = and_(Message.kind == MessageKind.LETTER, Message.ref.in_(letters_of(confirmations)))
    outbox.locked_in_order(
        session, session.scalars(select(Message.id).where(or_(_mails(confirmations), letters))).all()
    )


def letters_of(confirmations: Sequence[str]) -> Select[str]:
    """Return the query for the ids of the letters of confirmations."""
    of_them = Submission.confirmation_id.in_(confirmations)
    return select(StoredLetter.id).join(Submission, StoredLetter.submission_id == Submission.id).where(of_them)


def delete_unconfirmed(
    session: Session, confirmations: Sequence[str], *, now: datetime, by: Actor, outgoing: Path | None = None
) -> Sequence[str]:
    """Delete confirmations with all that waits for them; their mail, if it has not left, does not leave.

    Gives those deleted: one that somebody confirms meanwhile is waited for, and stays.
    """
    _overwrite(session, by)
    confirmations = _held_unconfirmed(session, confirmations)
    _part_from_mails(session, _mails(confirmations), now=now, by=by, outgoing=outgoing)
    submissions = select(Submission.id).where(Submission.confirmation_id.in_(confirmations))
    _count_unconfirmed(session, submissions, day_of(now))
    execute_unsynchronized(session, delete(StoredLetter).where(StoredLetter.submission_id.in_(submissions)))
    execute_unsynchronized(session, delete(Submission).where(Submission.confirmation_id.in_(confirmations)))
    execute_unsynchronized(
        session, delete(Confirmation).where(Confirmation.id.in_(confirmations), Confirmation.used_at.is_(None))
    )
    session.expire_all()
    return confirmations


def _count_unconfirmed(session: Session, submissions: Select[str], day: date) -> None:
    """Count the letters of submissions that are about to be deleted."""
    letters = select(StoredLetter.campaign, func.count()).where(StoredLetter.submission_id.in_(submissions))
    for campaign, number in session.execute(letters.group_by(StoredLetter.campaign)).all():
        key = {"campaign": campaign, "day": day, "feature": "unconfirmed", "cell": ""}
        first = insert_into(session, FeatureTally).values(letters=number, **key)
        added = {"letters": FeatureTally.letters + number}
        session.execute(first.on_conflict_do_update(index_elements=list(key), set_=added))


def erase_confirmed(
    session: Session, confirmations: Sequence[str], *, now: datetime, by: Actor, outgoing: Path | None
) -> None:
    """Make stubs of confirmed letters and take the person away, with the receipt; what has not left does not leave."""
    _overwrite(session, by)
    letters = session.scalars(letters_of(confirmations)).all()
    theirs = or_(and_(Message.kind == MessageKind.LETTER, Message.ref.in_(letters)), _mails(confirmations))
    _part_from_mails(session, theirs, now=now, by=by, outgoing=outgoing)
    _take_words(session, letters)
    make_tombstones(session, confirmations)
    execute_unsynchronized(session, delete(Confirmation).where(Confirmation.id.in_(confirmations)))
    session.expire_all()


def scrub(engine: Engine, *, patience: int | None = None) -> bool:
    """Write what was erased over in SQLite's own files; False while someone reads, and then it is tried later.

    `patience` is for how many milliseconds to wait for them, else for as long as any statement waits.
    """
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        usual = connection.execute(text("PRAGMA busy_timeout")).scalar_one()
        try:
            connection.execute(text(f"PRAGMA busy_timeout={usual if patience is None else patience}"))
            busy, _, _ = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
        finally:
            connection.execute(text(f"PRAGMA busy_timeout={usual}"))
    return not busy


def _overwrite(session: Session, by: Actor) -> None:
    """Let SQLite write zeros where a row stood; where a citizen asks, in its log too, as soon as all is committed."""
    if session.get_bind().dialect.name != "sqlite":
        return
    session.execute(text("PRAGMA secure_delete=ON"))
    if by is Actor.CITIZEN:
        event.listen(session, "after_commit", _scrub_now, once=True)


def _scrub_now(session: Session) -> None:
    engine = session.get_bind()
    try:
        done = isinstance(engine, Engine) and scrub(engine, patience=A_SECOND)
    except OperationalError:
        done = False
    if not done:
        log.warning("what was erased stays in the log of the database until the worker writes it over, in an hour")


def _held_unconfirmed(session: Session, confirmations: Sequence[str]) -> Sequence[str]:
    """Keep everybody else from confirmations until the transaction ends; give those that are still unconfirmed.

    Their mails first, as the worker and whoever joins one do: in another order they and we would wait for each other.
    """
    mails = select(Message.id).where(_mails(confirmations))
    session.execute(mails.order_by(Message.id).with_for_update())
    unconfirmed = select(Confirmation.id).where(Confirmation.id.in_(confirmations), Confirmation.used_at.is_(None))
    return session.scalars(unconfirmed.order_by(Confirmation.id).with_for_update()).all()


def _old_letters(before: datetime) -> Select[str]:
    """Return the letters with nothing more to come since `before`; one not sent counts from its confirmation.

    What nobody decided on since then is among them, and what waits for its campaign's contact for so long.
    """
    settled = and_(Message.state.in_({*SETTLED, State.NEEDS_STAFF}), Message.changed_at <= before)
    waits = and_(WAITS_FOR_CONTACT, _was_due(before))
    unsent = and_(StoredLetter.written_before.is_not(None), Submission.confirmed_at <= before)
    return (
        select(StoredLetter.id)
        .join(Submission, StoredLetter.submission_id == Submission.id)
        .outerjoin(Message, and_(Message.kind == MessageKind.LETTER, Message.ref == StoredLetter.id))
        .where(StoredLetter.letter_sealed.is_not(None), or_(settled, waits, unsent))
    )


def _was_due(before: datetime) -> ColumnElement[bool]:
    """Return the condition for a message that was due first at or before a moment."""
    return func.coalesce(Message.first_due_at, Message.due_at) <= before


def _expire_unsent(session: Session, letters: Sequence[str], *, now: datetime) -> None:
    """Let those of these letters that have not left, as is known, come to their end; kept from others already.

    Whether one that needs staff for another reason has left is not known: it stays as it is.
    """
    unsent = or_(WAITS_FOR_CONTACT, and_(Message.state == State.NEEDS_STAFF, Message.reason == GAVE_UP))
    found = select(Message).where(Message.kind == MessageKind.LETTER, Message.ref.in_(letters), unsent)
    for message in session.scalars(found.order_by(Message.id)).all():
        outbox.make_move(session, message, State.EXPIRED, now=now, by=Actor.SWEEP, reason=message.reason)


def _done(session: Session, confirmations: Sequence[str | None]) -> Sequence[str]:
    """Return those of which no letter is kept any more."""
    kept = (
        exists()
        .where(StoredLetter.submission_id == Submission.id, StoredLetter.letter_sealed.is_not(None))
        .where(Submission.confirmation_id == Confirmation.id)
    )
    return session.scalars(select(Confirmation.id).where(Confirmation.id.in_(confirmations), ~kept)).all()


def _mails(confirmations: Sequence[str]) -> ColumnElement[bool]:
    return and_(Message.kind.in_(TO_CITIZEN), Message.ref.in_(confirmations))


def _take_words(session: Session, letters: Sequence[str]) -> None:
    stub: dict[str, Any] = {"letter_sealed": None, "pins": {}, "edited": False, "written_before": None}
    execute_unsynchronized(session, update(StoredLetter).where(StoredLetter.id.in_(letters)).values(**stub))


def _part_from_mails(
    session: Session, which: ColumnElement[bool], *, now: datetime, by: Actor, outgoing: Path | None
) -> None:
    """Cancel what has not left; what is on its way finds nothing to send, or has been sent."""
    # All of them first and in one order, as everybody does who keeps several.
    found = session.scalars(select(Message).where(which).order_by(Message.id).with_for_update()).all()
    for message in found:
        if message.state not in SETTLED:
            outbox.cancel(session, message, now=now, by=by, reason=ERASED)
    detach_mails(session, [message.id for message in found], outgoing=outgoing)
