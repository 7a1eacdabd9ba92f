"""What stays of what was erased leads to nobody: days instead of moments, and no id that stands in a mail too."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Delete, Update, and_, bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from advocacy.database import Base, table_of
from advocacy.delivery import outbox
from advocacy.delivery.models import ERASED, By, Message, MessageMove, ProviderEvent, new_public_id
from advocacy.delivery.states import SETTLED, State
from advocacy.language import EASTERN
from advocacy.letters.kinds import TO_CITIZEN, Carried
from advocacy.letters.models import Confirmation, Standing, StoredLetter, Submission, new_id

AT_ONCE = 500
NO_PERSON = {"name_sealed": None, "email_sealed": None, "email_hash": None}
NOT_ON_ITS_WAY = frozenset({*SETTLED, State.NEEDS_STAFF})


def day_alone(moment: datetime) -> datetime:
    """Return the first moment of its day in Ottawa: no more than the day is kept, and counts by day stay right."""
    return moment.astimezone(EASTERN).replace(hour=0, minute=0, second=0, microsecond=0)


def of_submissions(session: Session, confirmations: Sequence[str]) -> None:
    """Take the person, the consent and the hours from all that was confirmed under these confirmations."""
    submissions = session.execute(
        select(Submission.id, Submission.created_at, Submission.confirmed_at, Submission.consented_at).where(
            Submission.confirmation_id.in_(confirmations)
        )
    ).all()
    ids = [one.id for one in submissions]
    letters = select(StoredLetter.id, StoredLetter.created_at).where(StoredLetter.submission_id.in_(ids))
    _change(session, StoredLetter, [{"created_at": day_alone(at), "of": id_} for id_, at in session.execute(letters)])
    # By the form's own id somebody could still tell who sent it, and the form could never be sent again.
    stub = {"standing": Standing.ERASED, "confirmation_id": None, "consent_text": "", **NO_PERSON}
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
    _change(session, Submission, rows, **stub)


def of_messages(session: Session, message_ids: Sequence[int], *, outgoing: Path | None) -> None:
    """Part messages from the mails that left by them. One that is on its way is marked instead; `tidy` takes it later.

    No report can reach such a message any more: the id that a provider was told is known to nobody here.
    """
    held = outbox.locked_in_order(session, message_ids)
    forget_reports(session, [message.public_id for message in held], outgoing)
    settled = [message for message in held if message.state in SETTLED]
    moving = [message.id for message in held if message.state not in SETTLED]
    run(session, update(Message).where(Message.id.in_(moving)).values(reason=ERASED))
    moments = ("created_at", "due_at", "changed_at")
    rows = [
        {"of": one.id, "public_id": new_public_id(), **{at: day_alone(getattr(one, at)) for at in moments}}
        for one in settled
    ]
    # The attempt of no claim: whoever held the last one writes nothing more, and `tidy` knows that it is done.
    _change(session, Message, rows, provider_id=None, attempt=0)
    ids = [one.id for one in settled]
    moves = session.execute(select(MessageMove.id, MessageMove.at).where(MessageMove.message_id.in_(ids)))
    _change(session, MessageMove, [{"at": day_alone(at), "of": id_} for id_, at in moves.all()])
    session.expire_all()


def tidy(session: Session, *, now: datetime, outgoing: Path | None = None) -> int:
    """Part from their mails the messages that were on their way when they were erased; at most 500 a call.

    Whoever would have to decide on one has nothing to decide with any more: it is given up.
    """
    found = select(Message).where(_is_erased(), Message.state.in_(NOT_ON_ITS_WAY))
    unfinished = or_(Message.attempt > 0, Message.provider_id.is_not(None))
    messages = session.scalars(found.where(unfinished).order_by(Message.id).limit(AT_ONCE)).all()
    for message in messages:
        outbox.cancel(session, message, now=now, by=By.SWEEP, reason=ERASED)
    of_messages(session, [message.id for message in messages], outgoing=outgoing)
    return len(messages)


def forget_reports(session: Session, public_ids: Sequence[str], outgoing: Path | None) -> None:
    """Delete what providers reported of messages, and their mails from the folder that mail is laid in."""
    run(session, delete(ProviderEvent).where(ProviderEvent.public_id.in_(public_ids)))
    if outgoing is None or not outgoing.is_dir():
        return
    for file in list(outgoing.iterdir()):
        if not _parts(file.name).isdisjoint(public_ids):
            file.unlink(missing_ok=True)


def run(session: Session, statement: Delete | Update) -> None:
    """Run a statement that the session need not follow."""
    session.execute(statement, execution_options={"synchronize_session": False})


def _is_erased() -> Any:
    """Tell a message whose letter is a stub, or whose confirmation is gone."""
    stub = exists().where(
        StoredLetter.id == Message.ref,
        StoredLetter.submission_id == Submission.id,
        Submission.standing == Standing.ERASED,
    )
    gone = ~exists().where(Confirmation.id == Message.ref)
    return or_(and_(Message.kind == Carried.LETTER, stub), and_(Message.kind.in_(TO_CITIZEN), gone))


def _parts(name: str) -> set[str]:
    return set(name.replace(".", "-").split("-"))


def _change(session: Session, model: type[Base], rows: Sequence[dict[str, Any]], **alike: Any) -> None:
    """Change rows, each by what it says itself, `of` being its id, and all of them alike."""
    if not rows:
        return
    table = table_of(model)
    session.connection().execute(update(table).where(table.c.id == bindparam("of")).values(alike), rows)
