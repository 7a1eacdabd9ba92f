"""What citizens say became of their letters, and the two mails that ask those who want to be asked about it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Exists, Select, and_, exists, literal, or_, select
from sqlalchemy.orm import Session

from advocacy.database import insert_into
from advocacy.delivery import outbox
from advocacy.delivery.models import Actor, Message, Priority
from advocacy.delivery.states import HANDED_OVER, SETTLED
from advocacy.language import day_of
from advocacy.letters.models import (
    Answer,
    AnswerKind,
    Confirmation,
    MessageKind,
    StoredLetter,
    Submission,
    SubmissionStatus,
)
from advocacy.messages import Message as Words
from advocacy.messages import message

QUESTION_AFTER = timedelta(days=14)
"""How long after the last of somebody's letters left the first mail asks about answers."""
MAX_WAIT = timedelta(days=28)
"""How long after they were confirmed letters that have not left yet are waited for, as where an office takes none."""
REMINDER_AFTER = timedelta(days=7)
"""How long after that mail left the second one asks."""
MAX_BATCH = 500
"""Confirmations that are asked about in one transaction: those who send meanwhile do not wait long."""
WITHOUT_DAY = frozenset({AnswerKind.NOTHING_YET, AnswerKind.NOT_NEEDED})
"""Kinds that are of no day."""

DESCRIPTIONS: Mapping[AnswerKind, Words] = MappingProxyType(
    {
        AnswerKind.ANSWERED: message("answered"),
        AnswerKind.PASSED_ON: message("passed on to someone else"),
        AnswerKind.ACKNOWLEDGED: message("acknowledged, no answer"),
        AnswerKind.NOT_THEIRS: message("not their responsibility, they say"),
        AnswerKind.NOTHING_YET: message("no answer yet"),
        AnswerKind.NOT_NEEDED: message("no answer needed"),
    }
)


CHOICES: Mapping[AnswerKind, tuple[Words, Words | None]] = MappingProxyType(
    {
        AnswerKind.ANSWERED: (message("They answered me"), None),
        AnswerKind.ACKNOWLEDGED: (message("Only an acknowledgement"), message("They say the letter arrived, no more.")),
        AnswerKind.PASSED_ON: (message("They passed it on"), message("Another office or a department is to answer.")),
        AnswerKind.NOT_THEIRS: (message("They say it is not their responsibility"), None),
        AnswerKind.NOTHING_YET: (message("Nothing yet"), None),
        AnswerKind.NOT_NEEDED: (message("I don’t need an answer"), message("We won’t ask you about it.")),
    }
)
"""What a citizen chooses from: each with one sentence more where it may not be clear."""


class WrongDay(ValueError):
    """A day on which no answer to a letter can have come (`possible_days`)."""


def describe(kind: AnswerKind | None, day: date | None = None) -> Words:
    """Return in words what became of a letter; None stands for nothing that anybody said of it."""
    words = DESCRIPTIONS[kind] if kind else message("nothing noted yet")
    return message("%(answer)s, %(day)s", answer=words, day=day) if day else words


def possible_days(left_on: date, now: datetime) -> tuple[date, date]:
    """Return the first and the last day on which an answer can have come to a letter that left on `left_on`.

    By the clock of the machine that sent it, it may have left tomorrow.
    """
    today = day_of(now)
    return min(left_on, today), today


def record(
    session: Session, letter_id: str, kind: AnswerKind, *, day: date | None, left_on: date, now: datetime
) -> bool:
    """Record what became of a letter that left on a day, instead of what was recorded; False once it is erased.

    Raises WrongDay.
    """
    if kind in WITHOUT_DAY:
        day = None
    first, last = possible_days(left_on, now)
    if day is not None and not first <= day <= last:
        raise WrongDay
    # Whoever erases the letter waits, and then finds the answer.
    stored = select(StoredLetter.id).where(StoredLetter.id == letter_id, StoredLetter.letter_sealed.is_not(None))
    if session.scalar(stored.with_for_update()) is None:
        return False
    values = {"kind": kind, "answered_on": day, "recorded_at": now}
    row = insert_into(session, Answer).values(letter_id=letter_id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["letter_id"], set_=values))
    return True


def put_questions(session: Session, *, now: datetime) -> int:
    """Put the mails that ask about answers and are due; return how many. At most MAX_BATCH of each kind a call.

    The first is due `QUESTION_AFTER` the last of somebody's letters left, once all of them have come to their end or
    after `MAX_WAIT`; the second `REMINDER_AFTER` the first one left. There is one of each at most, and none where no
    letter is left to ask about, which is looked at again when the mail is made.
    """
    put = 0
    for kind, due in (
        (MessageKind.ANSWER_QUESTION, _due_for_question(now)),
        (MessageKind.ANSWER_REMINDER, _due_for_reminder(now)),
    ):
        # One that is just being erased is passed over.
        batch = due.limit(MAX_BATCH).with_for_update(skip_locked=True, of=Confirmation)
        refs = sorted(session.scalars(batch))
        outbox.put_all(session, kind, refs, now=now, priority=Priority.LETTER, by=Actor.SWEEP)
        put += len(refs)
    return put


def _due_for_question(now: datetime) -> Select[Any]:
    before = now - QUESTION_AFTER
    left_lately = or_(
        StoredLetter.posted_on > day_of(before),
        and_(StoredLetter.posted_on.is_(None), Message.state.in_(HANDED_OVER), Message.changed_at > before),
    )
    is_waited_for = and_(Message.state.not_in(SETTLED), Submission.confirmed_at > now - MAX_WAIT)
    return _who_asks(before).where(
        ~_has_mail(MessageKind.ANSWER_QUESTION),
        _has_letter(_is_open()),
        ~_has_letter(or_(is_waited_for, left_lately)),
    )


def _due_for_reminder(now: datetime) -> Select[Any]:
    has_left = and_(Message.state.in_(HANDED_OVER), Message.changed_at <= now - REMINDER_AFTER)
    return _who_asks(now - QUESTION_AFTER - REMINDER_AFTER).where(
        _has_mail(MessageKind.ANSWER_QUESTION, has_left),
        ~_has_mail(MessageKind.ANSWER_REMINDER),
        _has_letter(_is_open()),
    )


def _who_asks(confirmed_before: datetime) -> Select[Any]:
    """Return the query for the confirmations of those who want to be asked."""
    asking = select(Submission.confirmation_id).where(
        Submission.asks_for_answers,
        Submission.confirmed_at <= confirmed_before,
        Submission.status == SubmissionStatus.CONFIRMED,
    )
    return select(Confirmation.id).where(Confirmation.id.in_(asking))


def _has_mail(kind: MessageKind, *more: ColumnElement[bool]) -> Exists:
    return exists().where(Message.kind == kind, Message.ref == Confirmation.id, *more)


def _has_letter(which: ColumnElement[bool]) -> Exists:
    """Return the condition for a confirmation with such a letter among those that its citizen wants to be asked about.

    What `which` says of a message is said of the letter's own, and of an answer likewise.
    """
    letters = (
        select(literal(1))
        .select_from(StoredLetter)
        .join(Submission, StoredLetter.submission_id == Submission.id)
        .outerjoin(Message, and_(Message.kind == MessageKind.LETTER, Message.ref == StoredLetter.id))
        .outerjoin(Answer, Answer.letter_id == StoredLetter.id)
        .where(Submission.confirmation_id == Confirmation.id, Submission.asks_for_answers)
        .where(StoredLetter.letter_sealed.is_not(None), which)
    )
    return letters.exists()


def _is_open() -> ColumnElement[bool]:
    """Return the condition for a letter that left, did not come back, and is still without an answer."""
    has_left = or_(StoredLetter.posted_on.is_not(None), Message.state.in_(HANDED_OVER))
    return and_(has_left, or_(Answer.kind.is_(None), Answer.kind == AnswerKind.NOTHING_YET))
