"""A second letter to the same office: a follow-up where no answer came, thanks where one did, each at most once.

Whoever holds a receipt has proven its mailbox: what they write from there is sent without another confirmation.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from advocacy.abuse.caps import Limits
from advocacy.campaigns.campaign_files import FIRST_DATE, FIRST_SUBJECT, Offer
from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.language import day_of
from advocacy.letters import encrypted_columns, suppression_list
from advocacy.letters.confirmation import UNSUCCESSFUL, confirm
from advocacy.letters.holding import HoldLimits
from advocacy.letters.letter import Letter, from_json
from advocacy.letters.models import (
    AnswerKind,
    Confirmation,
    FollowKind,
    MessageKind,
    StoredLetter,
    Submission,
    SubmissionStatus,
    new_id,
)
from advocacy.letters.receipts import ReceiptLetter
from advocacy.letters.submit import NewSubmission, Outcome, submit

DAYS_UNTIL_FOLLOW_UP = 21
LINK_LIFETIME = timedelta(days=1)
"""How long a form that was opened from a receipt is sent without another confirmation."""
UNANSWERED = frozenset({None, AnswerKind.NOTHING_YET, AnswerKind.ACKNOWLEDGED})
"""After which a letter may be followed up: an acknowledgement only says that it has arrived."""
ANSWERED = frozenset({AnswerKind.ANSWERED})
"""After which thanks may be written."""


@dataclass(frozen=True, slots=True)
class FollowLink:
    """What a form carries that was opened from a receipt: which letter it follows, and whose receipt showed it."""

    letter_id: str
    confirmation_id: str
    kind: FollowKind
    issued_at: datetime

    @classmethod
    def read(cls, key: str | bytes, signed: str) -> "FollowLink | None":
        """Read what `sign` wrote; None for anything else."""
        try:
            letter_id, confirmation_id, kind, issued_at = _serializer(key).loads(signed)
        except BadData:
            return None
        return cls(letter_id, confirmation_id, FollowKind(kind), datetime.fromtimestamp(issued_at, UTC))

    def sign(self, key: str | bytes) -> str:
        """Write the link as a page carries it."""
        fields = [self.letter_id, self.confirmation_id, self.kind.value, int(self.issued_at.timestamp())]
        return str(_serializer(key).dumps(fields))

    def is_current(self, now: datetime) -> bool:
        return now - self.issued_at < LINK_LIFETIME


def _serializer(key: str | bytes) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="letter that follows another")


@dataclass(frozen=True, slots=True)
class FollowedLetter:
    """A letter that was sent, with what the next one to the same office takes from it.

    `first_id` is the letter that the new one is stored as following: the first of its thread. `email` is the address
    that was proven.
    """

    link: FollowLink
    first_id: str
    campaign: str
    legislator_id: str
    riding_code: str
    written_on: date
    letter: Letter
    name: str
    email: str
    email_hash: str | None

    @property
    def kind(self) -> FollowKind:
        return self.link.kind

    @property
    def offer(self) -> Offer:
        """Return which of the campaign's letters it is."""
        return Offer(self.kind.value)

    def proves(self, email: str, now: datetime) -> bool:
        """Whether a letter with this address may be sent without another confirmation."""
        addresses = {encrypted_columns.normalize_address(one) for one in (email, self.email)}
        return len(addresses) == 1 and self.link.is_current(now)

    def quotes(self, longest: int) -> Mapping[str, str]:
        """Return what is quoted of the letter, by the names of fields; a subject longer than its field is cut."""
        subject = self.letter.subject
        if len(subject) > longest:
            subject = subject[: longest - 1].rpartition(" ")[0].rstrip(" ,;:") + "…"
        return {FIRST_DATE: self.written_on.isoformat(), FIRST_SUBJECT: subject}

    def answers(self) -> Mapping[str, str]:
        """Return what its citizen answered about themselves, by the names of fields, as far as the letter tells."""
        sender = self.letter.sender
        return {
            "name": self.name,
            "city": sender.city,
            "province": sender.province,
            "postal_code": sender.postal_code,
            "street": sender.street,
            "email": self.email,
            "riding": "" if sender.postal_code else self.riding_code,
        }


def find_followed(session: Session, link: FollowLink) -> FollowedLetter | None:
    """Return the letter that a link names, None once it is erased, or where the receipt is not its own."""
    found = session.execute(
        select(StoredLetter, Submission, Confirmation)
        .join(Submission, StoredLetter.submission_id == Submission.id)
        .join(Confirmation, Submission.confirmation_id == Confirmation.id)
        .where(StoredLetter.id == link.letter_id, Confirmation.id == link.confirmation_id)
        .where(Submission.status == SubmissionStatus.CONFIRMED)
    ).first()
    if found is None:
        return None
    stored, submission, confirmation = found
    text = stored.letter
    email = submission.email
    if text is None or email is None:
        return None
    return FollowedLetter(
        link=link,
        first_id=stored.follows_id or stored.id,
        campaign=stored.campaign,
        legislator_id=stored.legislator_id,
        riding_code=stored.riding_code or "",
        written_on=day_of(stored.created_at),
        letter=from_json(text),
        name=submission.name or "",
        email=email,
        email_hash=confirmation.email_hash,
    )


@dataclass(frozen=True, slots=True)
class Follower:
    """A letter that follows another: since when it is confirmed, and the state of its message, None without one.

    `is_posted` tells that its writer mailed it on paper. `receipt_id` is the confirmation that its own receipt is of,
    `email_hash` of the address that it was confirmed from.
    """

    first_id: str
    kind: FollowKind
    confirmed_at: datetime
    state: State | None
    is_posted: bool
    receipt_id: str
    email_hash: str | None

    @property
    def is_sent(self) -> bool:
        """Whether it was sent, or will be: it did not come to nothing."""
        return self.is_posted or (self.state is not None and self.state not in UNSUCCESSFUL)


def find_followers(session: Session, first_ids: Sequence[str]) -> Sequence[Follower]:
    """Return the confirmed letters that follow these, the oldest first."""
    found = session.execute(
        select(StoredLetter, Submission.confirmed_at, Confirmation, Message.state)
        .join(Submission, StoredLetter.submission_id == Submission.id)
        .join(Confirmation, Submission.confirmation_id == Confirmation.id)
        .outerjoin(Message, and_(Message.kind == MessageKind.LETTER, Message.ref == StoredLetter.id))
        .where(StoredLetter.follows_id.in_(first_ids), Submission.status == SubmissionStatus.CONFIRMED)
        .order_by(Submission.confirmed_at, StoredLetter.id)
    )
    return [
        Follower(
            first_id=letter.follows_id or "",
            kind=letter.follow_kind or FollowKind.FOLLOW_UP,
            confirmed_at=confirmed_at or letter.created_at,
            state=state,
            is_posted=letter.posted_on is not None,
            receipt_id=confirmation.id,
            email_hash=confirmation.email_hash,
        )
        for letter, confirmed_at, confirmation, state in found
    ]


def find_receipt_id(session: Session, followed: FollowedLetter, *, sent: bool) -> str | None:
    """Return whose receipt tells what was written after a letter; with `sent`, only if that did not fail.

    Where that was confirmed from another address, whose receipt is not this citizen's, it is the followed letter's own.
    """
    followers = find_followers(session, [followed.first_id])
    found = [one for one in followers if one.kind is followed.kind and (one.is_sent or not sent)]
    if not found:
        return None
    is_theirs = found[-1].email_hash == followed.email_hash
    return found[-1].receipt_id if is_theirs else followed.link.confirmation_id


class WrittenAlready(Exception):
    """A letter of this kind was sent after the same one; `receipt_id` says which receipt to show."""

    def __init__(self, receipt_id: str) -> None:
        self.receipt_id = receipt_id
        super().__init__("a letter is followed by one follow-up and one letter of thanks")


def submit_follower(
    session: Session,
    new: NewSubmission,
    followed: FollowedLetter,
    *,
    now: datetime,
    limits: Limits,
    unconfirmed: timedelta,
    per_hour: int,
    holding: HoldLimits,
) -> tuple[Outcome, str | None]:
    """Store a letter that follows another, and send it where its mailbox is proven; return whose receipt to show then.

    From another mailbox, or where mails are held, a mail asks to confirm it as any letter. Raises what `submit` does,
    or WrittenAlready, upon which the caller rolls back.
    """
    if earlier := find_receipt_id(session, followed, sent=True):
        raise WrittenAlready(earlier)
    confirmation_id = new_id() if followed.proves(new.email, now) else ""
    outcome = submit(
        session,
        new,
        now=now,
        limits=limits,
        unconfirmed=unconfirmed,
        confirmation_id=confirmation_id,
    )
    if earlier := find_receipt_id(session, followed, sent=True):  # a press at the same time was waited for
        raise WrittenAlready(earlier)
    if not confirmation_id:
        return outcome, None
    if confirm(session, confirmation_id, now=now, per_hour=per_hour, holding=holding):
        return outcome, confirmation_id
    # The same form again, whose letter came to nothing, or one that is held.
    return outcome, find_receipt_id(session, followed, sent=False) if outcome is Outcome.SENT else None


@dataclass(frozen=True, slots=True)
class SentFollower:
    """A letter that followed, as the receipt tells; `receipt_id` is "" where it belongs to another address."""

    kind: FollowKind
    sent_on: date
    receipt_id: str


@dataclass(frozen=True, slots=True)
class FollowOptions:
    """What can be written after a letter: now, or a follow-up `from_day` on; and what was."""

    kind: FollowKind | None = None
    from_day: date | None = None
    sent: tuple[SentFollower, ...] = ()

    def of_kinds(self, kinds: Collection[FollowKind]) -> "FollowOptions":
        """Return the options where only letters of these kinds can be written."""
        kind = self.kind if self.kind in kinds else None
        return replace(self, kind=kind, from_day=self.from_day if FollowKind.FOLLOW_UP in kinds else None)


def follow_options(session: Session, letters: Sequence[ReceiptLetter], *, now: datetime) -> Mapping[str, FollowOptions]:
    """Return what can be written after each of these letters, by its id; nothing for a suppressed mailbox."""
    rows = session.scalars(select(StoredLetter).where(StoredLetter.id.in_([one.id for one in letters])))
    stored = {one.id: one for one in rows}
    suppressed = _suppressed(session, stored.values())
    followers: dict[str, list[Follower]] = defaultdict(list)
    for one in find_followers(session, [row.follows_id or row.id for row in stored.values()]):
        if one.is_sent:
            followers[one.first_id].append(one)
    options = {}
    for letter in letters:
        row = stored[letter.id]
        thread = followers[row.follows_id or row.id]
        if row.follow_kind is not None:  # on the follow-up's own receipt, thanks alone came after it
            thread = [one for one in thread if one.kind is not row.follow_kind is FollowKind.FOLLOW_UP]
        email_hash = row.submission.email_hash if row.submission else None
        sent = tuple(
            SentFollower(one.kind, day_of(one.confirmed_at), one.receipt_id if one.email_hash == email_hash else "")
            for one in thread
        )
        written = {one.kind for one in sent}
        kind = from_day = None
        if letter.left_on is None or not letter.takes_answer or row.submission_id in suppressed:
            pass
        elif letter.answer in ANSWERED:
            kind = FollowKind.THANKS if FollowKind.THANKS not in written else None
        elif letter.answer in UNANSWERED and row.follow_kind is None and not written:
            from_day = letter.left_on + timedelta(DAYS_UNTIL_FOLLOW_UP)
            if from_day <= day_of(now):
                kind, from_day = FollowKind.FOLLOW_UP, None
        options[letter.id] = FollowOptions(kind, from_day, sent)
    return options


def _suppressed(session: Session, letters: Iterable[StoredLetter]) -> Collection[str | None]:
    """Return the ids of the submissions of these letters whose address is on the suppression list."""
    submissions = {one.submission for one in letters if one.submission}
    emails = {one.id: (one.campaign, one.email) for one in submissions}
    addresses = {name: (campaign, email) for name, (campaign, email) in emails.items() if email}
    found = suppression_list.find_suppressed(session, addresses)
    return {name for name, is_listed in found.items() if is_listed}
