"""What is no longer needed, or no longer wanted, is overwritten; a stub that knows no person stays of what was sent."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Delete, Engine, Select, Update, and_, delete, exists, or_, select, text, update
from sqlalchemy.orm import Session

from advocacy.delivery import outbox
from advocacy.delivery.models import By, Message, ProviderEvent
from advocacy.delivery.states import SETTLED
from advocacy.letters import personal
from advocacy.letters.kinds import Carried
from advocacy.letters.models import Confirmation, Standing, StoredLetter, Submission, new_id
from advocacy.sealing import Keys

REASON = "erased"
AT_ONCE = 500
"""Letters or confirmations erased in one transaction: those who send meanwhile do not wait long."""
PARTS_OF_A_NAME = re.compile(r"[-.]")
NO_PERSON = {"name_sealed": None, "email_sealed": None, "email_hash": None}


def expire(session: Session, *, now: datetime, unconfirmed: timedelta, outgoing: Path | None = None) -> int:
    """Delete what nobody confirmed in time, `unconfirmed` after its mail was due; give how many confirmations went.

    A setting made shorter counts at once, and a mail that may still leave keeps its confirmation. At most 500 a call.
    """
    late = or_(Confirmation.expires_at <= now, Confirmation.due_at <= now - unconfirmed)
    mail = exists().where(Message.kind == Carried.CONFIRMATION, Message.ref == Confirmation.id)
    found = select(Confirmation.id).where(
        Confirmation.used_at.is_(None), late, ~mail.where(~Message.state.in_(SETTLED))
    )
    # One that somebody is just confirming is passed over, not waited for and then deleted.
    ids = session.scalars(found.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    return len(delete_unconfirmed(session, ids, now=now, by=By.SWEEP, outgoing=outgoing))


def forget(session: Session, *, now: datetime, retention: timedelta, outgoing: Path | None = None) -> int:
    """Make stubs of the letters whose last state is older than `retention`; give how many. At most 500 a call.

    With the last of someone's letters goes the person, their receipt and what providers reported.
    """
    letters = session.scalars(_old_letters(now - retention).limit(AT_ONCE)).all()
    touched = session.scalars(
        select(Submission.confirmation_id)
        .join(StoredLetter, StoredLetter.submission_id == Submission.id)
        .where(StoredLetter.id.in_(letters), Submission.confirmation_id.is_not(None))
    ).all()
    _overwrite(session)
    _make_stubs(session, letters, outgoing)
    erase_confirmed(session, _done(session, touched), now=now, by=By.SWEEP, outgoing=outgoing)
    return len(letters)


def of_address(session: Session, email: str, *, keys: Keys, now: datetime, outgoing: Path | None) -> int:
    """Erase all that is kept of one address, in every campaign, its letters not yet sent included; give how much.

    What an address asked to be spared of stays asked for: that is a hash alone.
    """
    hashes = personal.address_hashes(keys, email)
    found = session.scalars(select(Confirmation.id).where(Confirmation.email_hash.in_(hashes))).all()
    gone = delete_unconfirmed(session, found, now=now, by=By.STAFF, outgoing=outgoing)
    # What was being confirmed meanwhile is among these.
    confirmed = [one for one in found if one not in gone]
    erase_confirmed(session, confirmed, now=now, by=By.STAFF, outgoing=outgoing)
    return len(found)


def delete_unconfirmed(
    session: Session, confirmations: Sequence[str], *, now: datetime, by: By, outgoing: Path | None = None
) -> Sequence[str]:
    """Delete confirmations with all that waits for them; their mail, if it has not left, does not leave.

    Gives those deleted: one that somebody confirms meanwhile is waited for, and stays.
    """
    _overwrite(session)
    confirmations = _held_unconfirmed(session, confirmations)
    _settle(session, Carried.CONFIRMATION, confirmations, now=now, by=by)
    _forget_reports(session, Carried.CONFIRMATION, confirmations, outgoing)
    submissions = select(Submission.id).where(Submission.confirmation_id.in_(confirmations))
    _run(session, delete(StoredLetter).where(StoredLetter.submission_id.in_(submissions)))
    _run(session, delete(Submission).where(Submission.confirmation_id.in_(confirmations)))
    _run(session, delete(Confirmation).where(Confirmation.id.in_(confirmations), Confirmation.used_at.is_(None)))
    session.expire_all()
    return confirmations


def erase_confirmed(
    session: Session, confirmations: Sequence[str], *, now: datetime, by: By, outgoing: Path | None
) -> None:
    """Make stubs of confirmed letters and take the person away, with the receipt; what has not left does not leave."""
    _overwrite(session)
    of_them = Submission.confirmation_id.in_(confirmations)
    letters = session.scalars(
        select(StoredLetter.id).join(Submission, StoredLetter.submission_id == Submission.id).where(of_them)
    ).all()
    _settle(session, Carried.LETTER, letters, now=now, by=by)
    _make_stubs(session, letters, outgoing)
    for kind in (Carried.CONFIRMATION, Carried.OUTCOME):
        _settle(session, kind, confirmations, now=now, by=by)
        _forget_reports(session, kind, confirmations, outgoing)
    for submission in session.scalars(select(Submission.id).where(of_them)).all():
        # By the form's own id somebody could still tell who sent it, and the form could never be sent again.
        stub = {"standing": Standing.ERASED, "confirmation_id": None, "key_hash": new_id(), **NO_PERSON}
        _run(session, update(Submission).where(Submission.id == submission).values(**stub))
    _run(session, delete(Confirmation).where(Confirmation.id.in_(confirmations)))
    session.expire_all()


def scrub(engine: Engine) -> bool:
    """Write what was erased over in SQLite's own files; False while someone reads, and then it is tried later."""
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        busy, _, _ = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    return not busy


def _overwrite(session: Session) -> None:
    """Let SQLite write zeros where a row stood, which it does not do by itself."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete=ON"))


def _held_unconfirmed(session: Session, confirmations: Sequence[str]) -> Sequence[str]:
    """Keep everybody else from confirmations until the transaction ends; give those that are still unconfirmed.

    Their mails first, as the worker and whoever joins one do: in another order they and we would wait for each other.
    """
    mails = select(Message.id).where(Message.kind == Carried.CONFIRMATION, Message.ref.in_(confirmations))
    session.execute(mails.where(~Message.state.in_(SETTLED)).order_by(Message.id).with_for_update())
    unconfirmed = select(Confirmation.id).where(Confirmation.id.in_(confirmations), Confirmation.used_at.is_(None))
    return session.scalars(unconfirmed.order_by(Confirmation.id).with_for_update()).all()


def _old_letters(before: datetime) -> Select[str]:
    """Give the letters with nothing more to come since `before`; one not sent counts from its confirmation."""
    settled = and_(Message.state.in_(SETTLED), Message.changed_at <= before)
    unsent = and_(StoredLetter.written_before.is_not(None), Submission.confirmed_at <= before)
    return (
        select(StoredLetter.id)
        .join(Submission, StoredLetter.submission_id == Submission.id)
        .outerjoin(Message, and_(Message.kind == Carried.LETTER, Message.ref == StoredLetter.id))
        .where(StoredLetter.letter_sealed.is_not(None), or_(settled, unsent))
    )


def _done(session: Session, confirmations: Sequence[str | None]) -> Sequence[str]:
    """Give those of which no letter is kept any more."""
    kept = (
        exists()
        .where(StoredLetter.submission_id == Submission.id, StoredLetter.letter_sealed.is_not(None))
        .where(Submission.confirmation_id == Confirmation.id)
    )
    return session.scalars(select(Confirmation.id).where(Confirmation.id.in_(confirmations), ~kept)).all()


def _make_stubs(session: Session, letters: Sequence[str], outgoing: Path | None) -> None:
    _forget_reports(session, Carried.LETTER, letters, outgoing)
    stub: dict[str, Any] = {"letter_sealed": None, "pins": {}, "edited": False, "written_before": None}
    _run(session, update(StoredLetter).where(StoredLetter.id.in_(letters)).values(**stub))


def _settle(session: Session, kind: Carried, refs: Sequence[str], *, now: datetime, by: By) -> None:
    """Cancel what has not left; what is on its way finds nothing to send, or has been sent."""
    found = select(Message).where(Message.kind == kind, Message.ref.in_(refs), ~Message.state.in_(SETTLED))
    for message in session.scalars(found.order_by(Message.id)).all():
        outbox.cancel(session, message, now=now, by=by, reason=REASON)


def _forget_reports(session: Session, kind: Carried, refs: Sequence[str], outgoing: Path | None) -> None:  # noqa: PLR0917
    ids = set(session.scalars(select(Message.public_id).where(Message.kind == kind, Message.ref.in_(refs))))
    _run(session, delete(ProviderEvent).where(ProviderEvent.public_id.in_(ids)))
    if outgoing is not None and outgoing.is_dir():
        for file in [file for file in outgoing.iterdir() if not ids.isdisjoint(PARTS_OF_A_NAME.split(file.name))]:
            file.unlink(missing_ok=True)


def _run(session: Session, statement: Delete | Update) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})
