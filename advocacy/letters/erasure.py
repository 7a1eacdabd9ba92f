"""Erasure: what is no longer needed, or no longer wanted, is overwritten.

A tombstone stays of each letter that was confirmed: it leads to nobody, since it has days instead of moments and no id
that stands in a mail too.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Engine, Select, and_, delete, exists, func, or_, select, text, update
from sqlalchemy.orm import Session, selectinload

from advocacy.database import MAIL_IN_SESSION
from advocacy.delivery import outbox
from advocacy.delivery.handover import GAVE_UP
from advocacy.delivery.models import ERASED, NO_CONTACT, OFFICE_PAUSED, Actor, Message, MessageMove, ProviderEvent
from advocacy.delivery.states import SETTLED, State
from advocacy.erasure_ledger import note_erased
from advocacy.language import day_of
from advocacy.letters import answer_counts, digests, encrypted_columns
from advocacy.letters.holding import ALIKE_WINDOW
from advocacy.letters.letter_counts import UNCONFIRMED, add_to_tally
from advocacy.letters.models import (
    ASKED_RETENTION,
    TO_CITIZEN,
    Confirmation,
    DigestLetter,
    FeatureTally,
    MessageKind,
    OwnText,
    StoredLetter,
    Submission,
    SubmissionStatus,
)
from advocacy.offices.office_settings import MAX_PAUSE
from advocacy.personal_columns import People, erase_row, models_about
from advocacy.sealed_columns import keys_of

MAX_BATCH = 500
"""Letters or confirmations erased in one transaction: those who send meanwhile do not wait long."""
MAX_HOLD = timedelta(days=30)
"""How long something is held for a person to look at, where no setting says otherwise."""
LONGEST_PAUSE = MAX_PAUSE + timedelta(days=1)
"""How long a letter waits for an office that takes no e-mail, however often it pauses."""
WAITS_FOR_CONTACT = and_(Message.state == State.READY, Message.reason == NO_CONTACT)


def delete_expired(session: Session, *, now: datetime, unconfirmed: timedelta, retention: timedelta = MAX_HOLD) -> int:
    """Delete what nobody confirmed in time, `unconfirmed` after its mail was due; return how many confirmations went.

    A setting made shorter counts at once, and a mail that may still be sent keeps its confirmation. One that needs
    staff, or waits for its campaign's contact, keeps it for `unconfirmed` from when it was due first, one that is held
    for `retention`. At most MAX_BATCH a call.
    """
    before = now - unconfirmed
    late = or_(Confirmation.expires_at <= now, Confirmation.due_at <= before)
    mail = exists().where(Message.kind == MessageKind.CONFIRMATION, Message.ref == Confirmation.id)
    stuck = and_(or_(Message.state == State.NEEDS_STAFF, WAITS_FOR_CONTACT), _was_due(before))
    held_too_long = and_(Message.state == State.HELD, Message.changed_at <= now - retention)
    may_leave = mail.where(~Message.state.in_(SETTLED), ~stuck, ~held_too_long)
    found = select(Confirmation.id).where(Confirmation.used_at.is_(None), late, ~may_leave)
    # One that somebody is just confirming is passed over, not waited for and then deleted.
    ids = session.scalars(found.limit(MAX_BATCH).with_for_update(skip_locked=True)).all()
    return len(delete_unconfirmed(session, ids, now=now, by=Actor.SWEEP))


def erase_old(session: Session, *, now: datetime, retention: timedelta) -> int:
    """Erase the letters whose last state is older than `retention`; return how many. At most MAX_BATCH a call.

    Those whose citizen wants to be asked about the answer stay longer (`Submission.retention`).

    With the last of someone's letters goes the person, their receipt and what providers reported. A letter that waited
    for staff, or for its campaign's contact, until then is not sent any more.
    """
    old = _old_letters(now, retention)
    letters = session.scalars(old.limit(MAX_BATCH)).all()
    confirmations = session.scalars(
        select(Submission.confirmation_id)
        .join(StoredLetter, StoredLetter.submission_id == Submission.id)
        .where(StoredLetter.id.in_(letters), Submission.confirmation_id.is_not(None))
    ).all()
    lock_messages(session, [one for one in confirmations if one])
    # Staff may have had one tried again since it was found.
    letters = session.scalars(old.where(StoredLetter.id.in_(letters))).all()
    of_letters = select(Message).where(Message.kind == MessageKind.LETTER, Message.ref.in_(letters))
    messages = session.scalars(of_letters.order_by(Message.id)).all()
    for message in messages:
        # Those known not to have been sent come to their end. One that needs staff for another reason may have been.
        if (message.state, message.reason) in {(State.READY, NO_CONTACT), (State.NEEDS_STAFF, GAVE_UP)}:
            outbox.make_move(session, message, State.EXPIRED, now=now, by=Actor.SWEEP, reason=message.reason)
    _delete_reports(session, [message.public_id for message in messages])
    _erase_letters(session, letters, now=now)
    has_texts = (
        exists()
        .where(StoredLetter.submission_id == Submission.id, StoredLetter.letter_sealed.is_not(None))
        .where(Submission.confirmation_id == Confirmation.id)
    )
    done = session.scalars(select(Confirmation.id).where(Confirmation.id.in_(confirmations), ~has_texts)).all()
    _erase_confirmed(session, done, now=now, by=Actor.SWEEP)
    return len(letters)


def expire_waiting(session: Session, *, now: datetime, retention: timedelta) -> Sequence[Message]:
    """Expire the letters that nobody read within `retention`, and those that an office's pause kept for too long.

    Returns their messages, at most MAX_BATCH a call. Their citizens are to be told so: what is stored of them stays for
    as long again.
    """
    unread = and_(Message.state == State.HELD, Message.changed_at <= now - retention)
    is_paused = and_(Message.state == State.READY, Message.reason == OFFICE_PAUSED)
    may_wait = or_(~digests.is_in_digest(Message.ref), digests.waits_in_digest(Message.ref))
    waits = or_(is_paused, and_(Message.state == State.DIGEST, may_wait))
    # Whoever renews a pause for ever keeps nobody's letter for ever.
    kept = and_(waits, Message.created_at <= now - LONGEST_PAUSE)
    old = select(Message.id).where(Message.kind == MessageKind.LETTER, or_(unread, kept))
    ids = session.scalars(old.order_by(Message.id).limit(MAX_BATCH)).all()
    # Staff may have released one since it was found, or a worker have taken it.
    locked = outbox.locked_in_order(session, ids)
    expired = [
        one
        for one in locked
        if one.state in {State.HELD, State.DIGEST} or (one.state, one.reason) == (State.READY, OFFICE_PAUSED)
    ]
    for message in expired:
        outbox.note_move(session, message, State.EXPIRED, now=now, by=Actor.SWEEP, reason=message.reason)
    session.flush()
    return expired


def erase_address(session: Session, email: str, *, now: datetime) -> int:
    """Erase all that is stored of an address, in every campaign, letters not yet sent included; return how much.

    It stays on the suppression list, which holds a hash alone.
    """
    theirs = confirmations_of(session, email)
    erase_all(session, theirs, now=now, by=Actor.STAFF)
    return len(theirs)


def confirmations_of(session: Session, email: str, *, campaign: str | None = None) -> Sequence[str]:
    """Return the ids of the confirmations of an address, in one campaign or, with None, in all."""
    hashes = encrypted_columns.address_hashes(keys_of(session), email)
    theirs = select(Confirmation.id).where(Confirmation.email_hash.in_(hashes))
    return session.scalars(theirs.where(Confirmation.campaign == campaign) if campaign else theirs).all()


def letter_ids_of(confirmations: Sequence[str]) -> Select[str]:
    """Return the query for the ids of the letters of confirmations."""
    of_them = Submission.confirmation_id.in_(confirmations)
    return select(StoredLetter.id).join(Submission, StoredLetter.submission_id == Submission.id).where(of_them)


def lock_messages(session: Session, confirmations: Sequence[str]) -> None:
    """Keep the worker from all messages of confirmations, in the one order of all who lock several."""
    outbox.locked_in_order(session, _message_ids(session, confirmations))
    # What the session had read before may be older.
    session.expire_all()


def _message_ids(session: Session, confirmations: Sequence[str]) -> Sequence[int]:
    """Return the ids of the messages of confirmations: their letters, and mails to whom they are of."""
    letters = and_(Message.kind == MessageKind.LETTER, Message.ref.in_(letter_ids_of(confirmations)))
    mails = and_(Message.kind.in_(TO_CITIZEN), Message.ref.in_(confirmations))
    return session.scalars(select(Message.id).where(or_(letters, mails))).all()


def erase_all(session: Session, confirmations: Sequence[str], *, now: datetime, by: Actor) -> None:
    """Erase confirmations, those that still wait and those that were confirmed; what was not sent yet is not sent."""
    deleted = delete_unconfirmed(session, confirmations, now=now, by=by)
    # What was being confirmed meanwhile is among these.
    _erase_confirmed(session, [one for one in confirmations if one not in deleted], now=now, by=by)


def delete_unconfirmed(session: Session, confirmations: Sequence[str], *, now: datetime, by: Actor) -> Sequence[str]:
    """Delete confirmations with all that waits for them; their mail is not sent if it was not yet.

    Returns those deleted: one that somebody confirms meanwhile is waited for, and stays.
    """
    # The messages first, as by the worker and whoever joins one: in another order both would wait.
    lock_messages(session, confirmations)
    unconfirmed = select(Confirmation).where(Confirmation.id.in_(confirmations), Confirmation.used_at.is_(None))
    with_letters = selectinload(Confirmation.submissions).selectinload(Submission.letters)
    rows = session.scalars(unconfirmed.order_by(Confirmation.id).options(with_letters).with_for_update()).all()
    ids = [row.id for row in rows]
    note_erased(session, ids, now=now)
    _cancel(session, _message_ids(session, ids), now=now, by=by)
    letters = [letter for row in rows for submission in row.submissions for letter in submission.letters]
    for campaign, number in Counter(letter.campaign for letter in letters if letter.posted_on is None).items():
        key = {"campaign": campaign, "day": day_of(now), "feature": UNCONFIRMED, "cell": ""}
        add_to_tally(session, FeatureTally, number, **key)
    for row in rows:
        session.delete(row)
    session.flush()
    return ids


def _erase_confirmed(session: Session, confirmations: Sequence[str], *, now: datetime, by: Actor) -> None:
    """Make tombstones of confirmed letters, erase the person and the receipt; what was not sent yet is not sent."""
    note_erased(session, confirmations, now=now)
    _cancel(session, _message_ids(session, confirmations), now=now, by=by)
    _erase_letters(session, session.scalars(letter_ids_of(confirmations)).all(), now=now)
    submissions = select(Submission).where(Submission.confirmation_id.in_(confirmations)).order_by(Submission.id)
    for submission in session.scalars(submissions):
        erase_row(submission)
        submission.confirmation_id = None
    session.execute(delete(Confirmation).where(Confirmation.id.in_(confirmations)))


def detach_finished(session: Session, *, now: datetime) -> int:
    """Detach from their mails the messages that were being sent when they were erased; at most MAX_BATCH a call.

    Whoever would have to decide on one has nothing to decide with any more: it is given up.
    """
    tombstone = exists().where(
        StoredLetter.id == Message.ref,
        StoredLetter.submission_id == Submission.id,
        Submission.status == SubmissionStatus.ERASED,
    )
    confirmation = exists().where(Confirmation.id == Message.ref)
    finished = (
        select(Message.id)
        .where(
            or_(and_(Message.kind == MessageKind.LETTER, tombstone), and_(Message.kind.in_(TO_CITIZEN), ~confirmation))
        )
        .where(Message.state.in_({*SETTLED, State.NEEDS_STAFF}))
        .where(or_(Message.attempt > 0, Message.provider_id.is_not(None)))
    )
    ids = session.scalars(finished.order_by(Message.id).limit(MAX_BATCH)).all()
    _cancel(session, ids, now=now, by=Actor.SWEEP)
    return len(ids)


def scrub(engine: Engine) -> bool:
    """Have the files of the database let go of what was erased; False while someone reads, and then it is tried later.

    SQLite writes its log over. PostgreSQL gives up the room of the rows that were erased, without waiting for anybody;
    what it leaves of them are bytes that are encrypted or keyed hashes (docs/decisions/abuse.md).
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":  # neither knows the other's statement
            tables = ", ".join(model.__tablename__ for model in models_about(People.CITIZENS))
            connection.execute(text(f"VACUUM (SKIP_LOCKED) {tables}"))
            return True
        checkpoint = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
        return not checkpoint.busy


def _old_letters(now: datetime, retention: timedelta) -> Select[str]:
    """Return the query for letters with nothing more to come for their retention.

    One not sent, or mailed on paper, counts from its confirmation. What nobody decided on since then is among them, a
    digest's letters too, and what waits for its campaign's contact for so long.
    """
    in_digest = and_(
        Message.state == State.DIGEST, digests.is_in_digest(StoredLetter.id), ~digests.waits_in_digest(StoredLetter.id)
    )
    ended = or_(Message.state.in_({*SETTLED, State.NEEDS_STAFF}), in_digest)

    def is_older(before: datetime) -> ColumnElement[bool]:
        settled = and_(ended, Message.changed_at <= before)
        waits = and_(WAITS_FOR_CONTACT, _was_due(before))
        has_no_message = or_(StoredLetter.written_before.is_not(None), StoredLetter.posted_on.is_not(None))
        without = and_(Message.id.is_(None), has_no_message, Submission.confirmed_at <= before)
        return or_(settled, waits, without)

    is_old = or_(
        is_older(now - max(retention, ASKED_RETENTION)), and_(~Submission.asks_for_answers, is_older(now - retention))
    )
    return (
        select(StoredLetter.id)
        .join(Submission, StoredLetter.submission_id == Submission.id)
        .outerjoin(Message, and_(Message.kind == MessageKind.LETTER, Message.ref == StoredLetter.id))
        .where(StoredLetter.letter_sealed.is_not(None), is_old)
    )


def _was_due(before: datetime) -> ColumnElement[bool]:
    """Return the condition for a message that was due first at or before a moment."""
    return func.coalesce(Message.first_due_at, Message.due_at) <= before


def _erase_letters(session: Session, letters: Sequence[str], *, now: datetime) -> None:
    """Erase letters; by its sketch a letter that left counts for a flood until its day is over."""
    _delete_mail_files(session, digests.public_ids(session, letters))
    cancelled = session.scalars(
        select(Message.ref).where(
            Message.kind == MessageKind.LETTER, Message.ref.in_(letters), Message.state == State.CANCELLED
        )
    ).all()
    for own_text in session.scalars(select(OwnText).where(OwnText.letter_id.in_(letters))):
        is_recent = own_text.confirmed_at is not None and own_text.confirmed_at > now - ALIKE_WINDOW
        if is_recent and own_text.sketch is not None and own_text.letter_id not in cancelled:
            erase_row(own_text)
        else:
            session.delete(own_text)
    for letter in session.scalars(select(StoredLetter).where(StoredLetter.id.in_(letters)).order_by(StoredLetter.id)):
        # By the code of a letter that no office got nobody has anything to verify: without its day it would look sent.
        if letter.written_before is not None:
            letter.code_hash = None
        erase_row(letter)
    # The letters first: an answer that is being recorded holds its letter until it can be counted here.
    session.flush()
    session.execute(update(StoredLetter).where(StoredLetter.follows_id.in_(letters)).values(follows_id=None))
    answer_counts.tally_erased(session, letters)
    session.execute(delete(DigestLetter).where(DigestLetter.letter_id.in_(letters)))


def _cancel(session: Session, message_ids: Sequence[int], *, now: datetime, by: Actor) -> None:
    """Cancel messages that were not sent, and detach them from the mails that were sent by them.

    No report can reach such a message any more: the id that a provider was told is known to nobody here. What is being
    sent finds nothing to send, or has been sent: it is marked for `detach_finished`.
    """
    messages = outbox.locked_in_order(session, message_ids)
    _delete_reports(session, [message.public_id for message in messages])
    for message in messages:
        if message.state in outbox.CANCELLABLE:
            outbox.note_move(session, message, State.CANCELLED, now=now, by=by, reason=ERASED)
        if message.state in SETTLED:
            erase_row(message)
            # The attempt of no claim: whoever held the last one writes nothing more, `detach_finished` passes it over.
            message.attempt = 0
        else:
            message.reason = ERASED
    settled = [message.id for message in messages if message.state in SETTLED]
    for move in session.scalars(
        select(MessageMove).where(MessageMove.message_id.in_(settled)).order_by(MessageMove.id)
    ):
        erase_row(move)
    session.flush()


def _delete_reports(session: Session, public_ids: Sequence[str]) -> None:
    """Delete what providers reported of messages, and their mails from the folder that mail is laid in."""
    session.execute(delete(ProviderEvent).where(ProviderEvent.public_id.in_(public_ids)))
    _delete_mail_files(session, public_ids)


def _delete_mail_files(session: Session, public_ids: Sequence[str]) -> None:
    folder: Path | None = session.info.get(MAIL_IN_SESSION)
    if folder is not None and folder.is_dir():
        for file in list(folder.iterdir()):
            if not set(re.split("[-.]", file.name)).isdisjoint(public_ids):
                file.unlink(missing_ok=True)
