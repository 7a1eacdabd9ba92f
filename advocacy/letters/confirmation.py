"""Confirmation: letters are sent once their writer has confirmed them from their own mailbox, and only once.

What waits under a link is shown form by form, so that nothing is confirmed unseen. Letters that their writer mailed on
paper are confirmed the same way, and nothing of them is sent.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from advocacy.campaigns.models import Campaign, Document
from advocacy.delivery import outbox
from advocacy.delivery.models import OFFICE_PAUSED, Actor, Message, MessageMove, Priority
from advocacy.delivery.states import RANK, State
from advocacy.language import Language, day_of
from advocacy.legislators.models import Legislator
from advocacy.letters import digests, encrypted_columns, outcome_mails, suppression_list
from advocacy.letters.erasure import (
    confirmations_of,
    erase_all,
    letter_ids_of,
    lock_messages,
)
from advocacy.letters.holding import NOTHING_HELD, HoldLimits, reason_to_hold
from advocacy.letters.letter_counts import count_letters
from advocacy.letters.models import (
    Confirmation,
    MessageKind,
    StoredLetter,
    Submission,
    SubmissionStatus,
)
from advocacy.letters.suppression_list import Scope
from advocacy.offices.office_settings import pause_end, settings_of
from advocacy.sealed_columns import keys_of

REPEAT_WINDOW = timedelta(minutes=10)
"""How long the same answer may be sent again and gives the same receipt."""
MIN_INTERVAL = timedelta(days=30)
"""How long after a letter from one person to one office no other is sent."""
UNSUCCESSFUL = (State.BOUNCED, State.FAILED, State.CANCELLED, State.EXPIRED)
MAY_HAVE_LEFT = (*RANK, State.UNCERTAIN)
"""Of a letter that may have been sent; one that needs staff was UNCERTAIN first, or used up its attempts unsent."""


@dataclass(frozen=True, slots=True)
class PendingLetter:
    """One letter that waits: to whom, without a word of it; a vacant seat's `name` is ""."""

    legislator_id: str
    name: str
    language: Language
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PendingSubmission:
    """What one form sent in: the name it is signed with, "" when it is gone, and when it was written.

    With a `posted_on` its writer mailed the letters on paper on that day.
    """

    id: str
    name: str
    created_at: datetime
    letters: tuple[PendingLetter, ...]
    posted_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewerSubmission:
    """A form sent in later under a link of its own, to offices that this link writes to as well.

    `names` are those offices', "" for a vacant seat; `due_at` is when the mail with its link is due, or was.
    """

    names: tuple[str, ...]
    created_at: datetime
    due_at: datetime
    mail_has_left: bool


@dataclass(frozen=True, slots=True)
class PendingConfirmation:
    """What a confirmation covers, the oldest form first.

    `expires_at` is None where its time has run out and does not count yet: the mail may have left this very moment.
    `wrong` counts the forms that are left out, as what their letters say was found to be wrong.
    """

    language: Language
    campaign: str
    submissions: tuple[PendingSubmission, ...]
    expires_at: datetime | None
    newer: tuple[NewerSubmission, ...] = ()
    wrong: int = 0

    @property
    def letters(self) -> tuple[PendingLetter, ...]:
        return tuple(letter for submission in self.submissions for letter in submission.letters)


def find_pending(session: Session, confirmation_id: str, *, now: datetime) -> PendingConfirmation | None:
    """Return what waits for a confirmation; None for one unknown, used, expired or withdrawn, which cost the same."""
    row = session.scalar(select(Confirmation).where(*_usable(confirmation_id, now)))
    if row is None:
        return None
    wrong = recalled_submissions(session, row)
    waiting = tuple(
        PendingSubmission(
            id=one.id,
            name=one.name or "",
            created_at=one.created_at,
            letters=_letters(session, one),
            posted_on=one.letters[0].posted_on if one.letters else None,
        )
        for one in row.submissions
        if one.status is SubmissionStatus.AWAITING and one.id not in wrong
    )
    expires_at = row.expires_at if row.expires_at > now else None
    newer = tuple(_newer_forms(session, row, waiting, now=now))
    return PendingConfirmation(row.language, row.campaign, waiting, expires_at, newer, len(wrong))


def recalled_submissions(session: Session, row: Confirmation) -> frozenset[str]:
    """Return the ids of the forms that cannot be confirmed: their campaign or a letter was offline as wrong since."""
    letter = and_(Document.campaign_id == Campaign.id, Campaign.name + "/" + Document.name == StoredLetter.template)
    which = (
        select(Submission.id)
        .join(StoredLetter, StoredLetter.submission_id == Submission.id)
        .join(Campaign, Campaign.name == StoredLetter.campaign)
        .outerjoin(Document, letter)
        .where(Submission.confirmation_id == row.id)
        .where(or_(Submission.created_at <= Campaign.wrong_before, Submission.created_at <= Document.wrong_before))
    )
    return frozenset(session.scalars(which))


def name_of(row: Confirmation) -> str:
    """Return the name its newest submission was signed with; "" when it is gone."""
    names = (submission.name for submission in reversed(row.submissions))
    return next((name for name in names if name), "")


def _usable(confirmation_id: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for a link that can be used; its time runs only once its mail is known to have left."""
    return (Confirmation.id == confirmation_id, *_open(now))


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Confirmation.used_at.is_(None),
        or_(Confirmation.expires_at > now, Confirmation.mailed_at.is_(None)),
    )


def _newer_forms(
    session: Session, row: Confirmation, waiting: Sequence[PendingSubmission], *, now: datetime
) -> Iterator[NewerSubmission]:
    """Return what waits under other links of the same address for the same offices and was written later."""
    email = row.email
    to_send = [one for one in waiting if one.posted_on is None]
    written = {letter.legislator_id: letter.created_at for one in to_send for letter in one.letters}
    if not email or not written:
        return
    found = session.execute(
        select(Confirmation, StoredLetter.legislator_id, Legislator.name, StoredLetter.created_at)
        .join(Submission, Submission.confirmation_id == Confirmation.id)
        .join(StoredLetter, StoredLetter.submission_id == Submission.id)
        .join(Legislator, StoredLetter.legislator_id == Legislator.id)
        .where(
            Confirmation.id != row.id,
            Confirmation.campaign == row.campaign,
            Confirmation.email_hash.in_(encrypted_columns.address_hashes(keys_of(session), email)),
            *_open(now),
            Submission.status == SubmissionStatus.AWAITING,
            StoredLetter.legislator_id.in_(written),
            StoredLetter.posted_on.is_(None),
        )
        .order_by(StoredLetter.created_at, StoredLetter.place)
    )
    forms: dict[tuple[Confirmation, datetime], list[str]] = {}
    for other, legislator_id, name, created_at in found:
        if created_at > written[legislator_id]:
            forms.setdefault((other, created_at), []).append(name)
    for (other, created_at), names in forms.items():
        yield NewerSubmission(tuple(names), created_at, other.due_at, mail_has_left=other.mailed_at is not None)


def _letters(session: Session, submission: Submission) -> tuple[PendingLetter, ...]:
    found = session.execute(
        select(StoredLetter.legislator_id, Legislator.name, StoredLetter.language, StoredLetter.created_at)
        .join(Legislator, StoredLetter.legislator_id == Legislator.id)
        .where(StoredLetter.submission_id == submission.id)
        .order_by(StoredLetter.place)
    )
    return tuple(PendingLetter(*letter) for letter in found)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What was withdrawn is erased; something confirmed before `may_have_left` already."""

    may_have_left: bool


def confirm(
    session: Session,
    confirmation_id: str,
    *,
    now: datetime,
    per_hour: int,
    holding: HoldLimits = NOTHING_HELD,
    only: Collection[str] | None = None,
) -> bool:
    """Put every letter that waits for a confirmation into the outbox; return whether it was not too late.

    One that its writer mailed on paper is stored, and not put.

    The same once more within ten minutes is as good, and puts nothing. `per_hour` letters at most reach one
    office in an hour, and `holding` says which are held. With `only`, ids of submissions, those left out are deleted
    unsent; so is what is wrong.
    """
    # Whoever confirms other letters of the same mailbox is waited for, or letters that follow the same one: each must
    # see what the other sends.
    this = Confirmation.id == confirmation_id
    address = select(Confirmation.email_hash).where(this).scalar_subquery()
    mailbox = select(Confirmation.mailbox_hash).where(this).scalar_subquery()
    same = or_(Confirmation.email_hash == address, Confirmation.mailbox_hash == mailbox)
    if followed := _followed_confirmations(session, confirmation_id):
        same = or_(same, Confirmation.id.in_(followed))
    siblings = select(Confirmation.id).where(same)
    session.execute(siblings.order_by(Confirmation.id).with_for_update())
    # The link is used up in one statement: of many at once, one gets the row.
    use = update(Confirmation).where(*_usable(confirmation_id, now)).values(used_at=now)
    if session.scalar(use.returning(Confirmation.id)) is None:
        repeated = select(Confirmation.id).where(this, Confirmation.used_at >= now - REPEAT_WINDOW)
        return session.scalar(repeated) is not None
    row = session.get_one(Confirmation, confirmation_id, populate_existing=True)
    wrong = recalled_submissions(session, row)
    row.submissions = [one for one in row.submissions if one.id not in wrong and (only is None or one.id in only)]
    session.flush()
    letters: list[StoredLetter] = []
    # The oldest first: of two letters to one office, what was written later replaces nothing.
    for submission in row.submissions:
        if submission.status is SubmissionStatus.AWAITING:
            submission.status, submission.confirmed_at = SubmissionStatus.CONFIRMED, now
            letters += submission.letters
    # In one order, or two people who write to the same two offices at once would wait for each other.
    letters.sort(key=lambda letter: letter.legislator_id)
    to_send = [one for one in letters if one.posted_on is None]
    sent = [send_letter(session, one, row, now=now, per_hour=per_hour, holding=holding) for one in to_send]
    session.flush()
    is_posted = len(to_send) < len(letters)
    outcome_mails.letters_confirmed(session, row.id, sent, is_posted=is_posted, now=now)
    return True


def withdraw(
    session: Session,
    confirmation_id: str,
    *,
    now: datetime,
    stop: Scope | None = Scope.CAMPAIGN,
) -> Withdrawal | None:
    """Erase at once all that is stored of this address in this campaign, and send its mailbox no more of `stop`.

    What waits for another spelling of the address goes too.

    What was confirmed before and has not left does not leave. None for one that is unknown, used, expired or
    withdrawn.
    """
    row = session.scalar(select(Confirmation).where(*_usable(confirmation_id, now)))
    if row is None:
        return None
    campaign, email = row.campaign, row.email or ""
    of_mailbox = Confirmation.mailbox_hash.in_(encrypted_columns.mailbox_hashes(keys_of(session), email))
    waiting = select(Confirmation.id).where(
        of_mailbox, Confirmation.campaign == campaign, Confirmation.used_at.is_(None)
    )
    theirs = [*confirmations_of(session, email, campaign=campaign), *session.scalars(waiting)]
    lock_messages(session, theirs)
    # It may have been confirmed meanwhile; from now on it cannot be.
    if session.scalar(select(Confirmation.id).where(*_usable(confirmation_id, now)).with_for_update()) is None:
        return None
    sent = (
        select(Message.id)
        .join(MessageMove, MessageMove.message_id == Message.id)
        .where(Message.kind == MessageKind.LETTER, Message.ref.in_(letter_ids_of(theirs)))
        .where(
            or_(
                Message.state == State.SENDING,
                MessageMove.state.in_(MAY_HAVE_LEFT),
                digests.may_have_left(Message.ref),
            )
        )
    )
    may_have_left = session.scalar(sent.limit(1)) is not None
    erase_all(session, theirs, now=now, by=Actor.CITIZEN)
    if stop is not None:
        mailbox = encrypted_columns.mailbox_hashes(keys_of(session), email)[0]
        suppression_list.add(session, mailbox, campaign=campaign, scope=stop, now=now)
    return Withdrawal(may_have_left)


def send_letter(
    session: Session,
    letter: StoredLetter,
    row: Confirmation,
    *,
    now: datetime,
    per_hour: int,
    holding: HoldLimits = NOTHING_HELD,
) -> Message | None:
    """Put a letter into the outbox, where it waits its turn or is held; None for one that is not sent."""
    email = row.email or ""
    letter.written_before = _written_before(session, letter, email, now=now)
    if letter.written_before is not None:
        return None
    office = settings_of(session, letter.legislator_id)
    paused = office.is_paused(now)
    due_at = pause_end(office.paused_until) if office.paused_until and paused else None
    message = outbox.put(
        session,
        MessageKind.LETTER,
        letter.id,
        now=now,
        pace_key=letter.legislator_id,
        per_hour=per_hour,
        priority=Priority.LETTER,
        due_at=digests.next_time(due_at or now) if office.takes_digest else due_at,
        wait_reason=OFFICE_PAUSED if paused else "",
        hold_reason=reason_to_hold(session, letter, limits=holding, now=now) or "",
        with_digest=office.takes_digest,
    )
    if message.state is not State.HELD:  # what is held is counted once it is released
        count_letters(session, [letter], now=now)
    return message


def _followed_confirmations(session: Session, confirmation_id: str) -> Sequence[str]:
    """Return the ids of the confirmations whose letters are followed by those of this one."""
    follower, followed, its_submission = aliased(StoredLetter), aliased(StoredLetter), aliased(Submission)
    found = (
        select(Submission.confirmation_id)
        .join(followed, followed.submission_id == Submission.id)
        .join(follower, follower.follows_id == followed.id)
        .join(its_submission, follower.submission_id == its_submission.id)
        .join(Confirmation, its_submission.confirmation_id == Confirmation.id)
        .where(Confirmation.id == confirmation_id, Submission.confirmation_id.is_not(None))
    )
    return [one for one in session.scalars(found) if one]


def _written_before(session: Session, letter: StoredLetter, email: str, *, now: datetime) -> date | None:
    """Return the day on which a letter from the same mailbox went to the same office, unless that came to nothing.

    One that its writer mailed on paper went there, whatever became of it by e-mail. A letter that follows another may
    go whenever those of its thread went; of each kind there goes only one, from whichever mailbox.
    """
    address = encrypted_columns.address_hashes(keys_of(session), email)
    mailbox = encrypted_columns.mailbox_hashes(keys_of(session), email)
    theirs = or_(Submission.mailbox_hash.in_(mailbox), Submission.email_hash.in_((*address, *mailbox)))
    counts = and_(theirs, Submission.confirmed_at > now - MIN_INTERVAL)
    if letter.follows_id is not None:
        in_thread = or_(
            StoredLetter.id == letter.follows_id, func.coalesce(StoredLetter.follows_id, "") == letter.follows_id
        )
        counts = or_(and_(counts, ~in_thread), and_(in_thread, StoredLetter.follow_kind == letter.follow_kind))
    before = session.scalar(
        select(func.max(Submission.confirmed_at))
        .select_from(StoredLetter)
        .join(Submission, StoredLetter.submission_id == Submission.id)
        .outerjoin(Message, and_(Message.kind == MessageKind.LETTER, Message.ref == StoredLetter.id))
        .where(
            StoredLetter.legislator_id == letter.legislator_id,
            StoredLetter.campaign == letter.campaign,
            counts,
            or_(StoredLetter.posted_on.is_not(None), Message.state.not_in(UNSUCCESSFUL)),
        )
    )
    return day_of(before) if before else None
