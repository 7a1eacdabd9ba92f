"""What waits under a token is shown form by form, so that nothing rides along unseen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from advocacy.campaigns.models import Campaign, Document
from advocacy.encryption import Keys, hashed
from advocacy.language import Language
from advocacy.legislators.models import Legislator
from advocacy.letters import personal
from advocacy.letters.models import Confirmation, Standing, StoredLetter, Submission


@dataclass(frozen=True, slots=True)
class WaitingLetter:
    """One letter that waits: to whom, without a word of it; a vacant seat's `name` is ""."""

    legislator_id: str
    name: str
    language: Language
    created_at: datetime


@dataclass(frozen=True, slots=True)
class WaitingSubmission:
    """What one form sent in: the name it is signed with, "" when it is gone, and when it was written."""

    id: str
    name: str
    created_at: datetime
    letters: tuple[WaitingLetter, ...]


@dataclass(frozen=True, slots=True)
class NewerForm:
    """A form sent in later under a link of its own, to offices that this link writes to as well.

    `names` are those offices', "" for a vacant seat; `due_at` is when the mail with its link is due, or was.
    """

    names: tuple[str, ...]
    created_at: datetime
    due_at: datetime
    mail_has_left: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a confirmation covers, the oldest form first; `name` is the newest one's.

    `expires_at` is None where its time has run out and does not count yet: the mail may have left this very moment.
    `wrong` counts the forms that are left out, as what their letters say was found to be wrong.
    """

    name: str
    language: Language
    campaign: str
    submissions: tuple[WaitingSubmission, ...]
    expires_at: datetime | None
    newer: tuple[NewerForm, ...] = ()
    wrong: int = 0

    @property
    def letters(self) -> tuple[WaitingLetter, ...]:
        """Return the letters of all forms."""
        return tuple(letter for submission in self.submissions for letter in submission.letters)


def look(session: Session, token: str, *, keys: Keys, now: datetime) -> Waiting | None:
    """Return what waits under a token; None for one unknown, used, expired or withdrawn, which cost the same."""
    row = session.scalar(select(Confirmation).where(*good(token, now)))
    if row is None:
        return None
    wrong = wrong_forms(session, row)
    waiting = tuple(
        WaitingSubmission(
            id=one.id,
            name=personal.read(one, "name_sealed", keys=keys) or "",
            created_at=one.created_at,
            letters=_letters(session, one),
        )
        for one in row.submissions
        if one.standing is Standing.AWAITING and one.id not in wrong
    )
    expires_at = row.expires_at if row.expires_at > now else None
    newer = tuple(_newer_forms(session, row, waiting, keys=keys, now=now))
    name = next((one.name for one in reversed(waiting) if one.name), "")
    return Waiting(name, row.language, row.campaign, waiting, expires_at, newer, len(wrong))


def wrong_forms(session: Session, row: Confirmation) -> frozenset[str]:
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


def name_of(row: Confirmation, keys: Keys) -> str:
    """Return the name its newest submission was signed with; "" when it is gone."""
    names = (personal.read(submission, "name_sealed", keys=keys) for submission in reversed(row.submissions))
    return next((name for name in names if name), "")


def good(token: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Tell a token that still opens something; its time runs only once its mail is known to have left."""
    return (Confirmation.token_hash == hashed(token), *_open(now))


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Confirmation.used_at.is_(None),
        or_(Confirmation.expires_at > now, Confirmation.token_sealed.is_not(None)),
    )


def _newer_forms(
    session: Session, row: Confirmation, waiting: Sequence[WaitingSubmission], *, keys: Keys, now: datetime
) -> Iterator[NewerForm]:
    """Return what waits under other links of the same address for the same offices and was written later."""
    email = personal.read(row, "email_sealed", keys=keys)
    written = {letter.legislator_id: letter.created_at for one in waiting for letter in one.letters}
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
            Confirmation.email_hash.in_(personal.address_hashes(keys, email)),
            *_open(now),
            Submission.standing == Standing.AWAITING,
            StoredLetter.legislator_id.in_(written),
        )
        .order_by(StoredLetter.created_at, StoredLetter.place)
    )
    forms: dict[tuple[Confirmation, datetime], list[str]] = {}
    for other, legislator_id, name, created_at in found:
        if created_at > written[legislator_id]:
            forms.setdefault((other, created_at), []).append(name)
    for (other, created_at), names in forms.items():
        yield NewerForm(tuple(names), created_at, other.due_at, mail_has_left=other.token_sealed is None)


def _letters(session: Session, submission: Submission) -> tuple[WaitingLetter, ...]:
    found = session.execute(
        select(StoredLetter.legislator_id, Legislator.name, StoredLetter.language, StoredLetter.created_at)
        .join(Legislator, StoredLetter.legislator_id == Legislator.id)
        .where(StoredLetter.submission_id == submission.id)
        .order_by(StoredLetter.place)
    )
    return tuple(WaitingLetter(*letter) for letter in found)
