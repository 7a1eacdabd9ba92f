"""What a citizen asked to have sent, in the database: personal columns are encrypted, everything else is plain."""

import secrets
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from advocacy.database import Base, UtcDateTime, enum_type
from advocacy.language import Language
from advocacy.legislators.legislatures import COMMONS, SENATE


class MessageKind(StrEnum):
    """A message's kind; its `ref` is a confirmation's id, but a stored letter's for LETTER, a digest's for DIGEST."""

    CONFIRMATION = "confirmation"
    LETTER = "letter"
    UNDERWAY = "underway"
    OUTCOME = "outcome"
    CAME_BACK = "came_back"
    REFUSED = "refused"
    ANSWER_QUESTION = "answer_question"
    ANSWER_REMINDER = "answer_reminder"
    DIGEST = "digest"


TO_CITIZEN = frozenset(MessageKind) - {MessageKind.LETTER, MessageKind.DIGEST}
"""The mails of the site's own: what is erased takes them along."""


class AnswerKind(StrEnum):
    """What an office did after a letter, as its citizen says; NOTHING_YET is what the next question asks about."""

    ANSWERED = "answered"
    PASSED_ON = "passed_on"
    ACKNOWLEDGED = "acknowledged"
    NOT_THEIRS = "not_theirs"
    NOTHING_YET = "nothing_yet"
    NOT_NEEDED = "not_needed"


class FollowKind(StrEnum):
    """What a letter is to the one that it follows."""

    FOLLOW_UP = "follow-up"
    THANKS = "thanks"


class RidingMatch(StrEnum):
    """Whether the postal code that a citizen gave lies in the riding of the office that they write to."""

    LIES_IN = "lies_in"
    MAY_LIE_IN = "may_lie_in"
    ELSEWHERE = "elsewhere"
    NOT_GIVEN = "not_given"


ASKED_RETENTION = timedelta(days=75)
"""How long what is stored of a letter stays where its citizen asked to be asked about the answer."""


class SubmissionStatus(StrEnum):
    AWAITING = "awaiting"
    CONFIRMED = "confirmed"
    ERASED = "erased"


new_id = partial(secrets.token_hex, 16)
"""Makes a row's id before the row is stored: what is encrypted is bound to it."""


class Confirmation(Base):
    """One confirmation mail to one address, and the letters that wait for it.

    The token is stored as a hash, and encrypted until the mail has left, so that every attempt carries the same one.
    """

    __tablename__ = "confirmations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    campaign: Mapped[str] = mapped_column(String(60))
    language: Mapped[Language] = mapped_column(enum_type(Language))
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    mailbox_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    """Of the one address that all spellings of a mailbox are counted as; None in rows of versions before 0021."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    token_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    receipt_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    receipt_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the mail that tells the outcome was put into the outbox."""
    bounce_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a mail that tells of a letter that came back was put, or was still to be made and will tell of it."""
    submissions: Mapped[list["Submission"]] = relationship(
        back_populates="confirmation", order_by="Submission.created_at", cascade="all, delete-orphan"
    )


class Submission(Base):
    """What one form sent in. `key_hash` is of the form's own id: a form sent twice is one submission.

    `contents_hash` tells its letters and address from those of the same form changed since; the id that is in it is
    stored nowhere.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        Index(
            "ix_submissions_asks_for_answers",
            "confirmed_at",
            sqlite_where=text("asks_for_answers = 1"),
            postgresql_where=text("asks_for_answers"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    contents_hash: Mapped[str | None] = mapped_column(String(64))
    confirmation_id: Mapped[str | None] = mapped_column(ForeignKey("confirmations.id", ondelete="SET NULL"), index=True)
    campaign: Mapped[str] = mapped_column(String(60))
    language: Mapped[Language] = mapped_column(enum_type(Language))
    status: Mapped[SubmissionStatus] = mapped_column("standing", enum_type(SubmissionStatus), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    mailbox_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    consent_text: Mapped[str] = mapped_column(String(40))
    """Which version of the words was agreed to."""
    consented_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asks_for_answers: Mapped[bool] = mapped_column(default=False)
    """Its citizen wants to be asked whether the offices answered: what is stored of it stays for longer."""
    confirmation: Mapped[Confirmation | None] = relationship(back_populates="submissions")
    letters: Mapped[list["StoredLetter"]] = relationship(
        back_populates="submission", order_by="StoredLetter.place", cascade="all, delete-orphan"
    )

    def retention(self, setting: timedelta) -> timedelta:
        """Return how long its letters stay after their last state, where the site's setting is `setting`."""
        return max(setting, ASKED_RETENTION) if self.asks_for_answers else setting


class StoredLetter(Base):
    """One letter, word for word as it was previewed; its text is erased in time, a tombstone stays.

    `pins` are the ids of the revisions it was made of. `written_before` is the day on which the same citizen had
    already written to the same office for this campaign: such a letter is not sent.

    By the code that stands under it an office verifies it: the hash, how many words are the citizen's own, and whether
    the postal code lies in the riding stay with the tombstone.

    A letter that its citizen prints and mails has `posted_on`, and no message. `follows_id` is the letter that it
    follows up on, or thanks for the answer to, until that one is erased; `follow_kind` says which.
    """

    __tablename__ = "stored_letters"
    __table_args__ = (
        UniqueConstraint("submission_id", "legislator_id"),
        Index("ix_stored_letters_legislator_id_created_at", "legislator_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    submission_id: Mapped[str | None] = mapped_column(ForeignKey("submissions.id", ondelete="SET NULL"), index=True)
    place: Mapped[int]
    campaign: Mapped[str] = mapped_column(String(60))
    template: Mapped[str] = mapped_column(String(121))
    pins: Mapped[Any] = mapped_column(JSON)
    legislator_id: Mapped[str] = mapped_column(ForeignKey("legislators.id"))
    riding_code: Mapped[str | None] = mapped_column(String(5))
    language: Mapped[Language] = mapped_column(enum_type(Language))
    edited: Mapped[bool]
    letter_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_before: Mapped[date | None]
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    own_words: Mapped[int | None]
    riding_match: Mapped[RidingMatch | None] = mapped_column(enum_type(RidingMatch))
    posted_on: Mapped[date | None]
    follows_id: Mapped[str | None] = mapped_column(String(32), index=True)
    follow_kind: Mapped[FollowKind | None] = mapped_column(enum_type(FollowKind))
    submission: Mapped[Submission | None] = relationship(back_populates="letters")


class OwnText(Base):
    """What is measured of a letter's text that is not the campaign's; a letter without any has no row.

    `kept_percent` is how much of an edited letter is the campaign's text still. `sketch` is a keyed fingerprint of the
    rest, None where that is short; letters that are alike have one `group_key`.
    """

    __tablename__ = "own_texts"
    __table_args__ = (Index("ix_own_texts_legislator_id_confirmed_at", "legislator_id", "confirmed_at"),)

    letter_id: Mapped[str] = mapped_column(ForeignKey("stored_letters.id", ondelete="CASCADE"), primary_key=True)
    legislator_id: Mapped[str] = mapped_column(String(100))
    kept_percent: Mapped[int | None]
    sketch: Mapped[bytes | None] = mapped_column(LargeBinary)
    group_key: Mapped[str | None] = mapped_column(String(32))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Answer(Base):
    """What a citizen says became of one letter; `answered_on` is the day they name, where they name one."""

    __tablename__ = "answers"

    letter_id: Mapped[str] = mapped_column(ForeignKey("stored_letters.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[AnswerKind] = mapped_column(enum_type(AnswerKind))
    answered_on: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AnswerTally(Base):
    """How many erased letters to one office had one kind of answer within so many days; it knows no person.

    `within_days` is the first of 14, 30 and 60 that the answer came in, 0 for a later one and for kinds without a day.
    """

    __tablename__ = "answer_tallies"

    campaign: Mapped[str] = mapped_column(String(60), primary_key=True)
    legislator_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    kind: Mapped[AnswerKind] = mapped_column(enum_type(AnswerKind), primary_key=True)
    within_days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    letters: Mapped[int]


class AnswerFigure(Base):
    """What may be shown of answers from one day on, as `answer_counts.record` found it; it knows no person.

    By chamber, with "" as `legislator_id`, the cells of a day are one snapshot. Of an office they are how many letters
    were told of and answered within each period; its rounded share alone is shown.
    """

    __tablename__ = "answer_figures"

    campaign: Mapped[str] = mapped_column(String(60), primary_key=True)
    legislator_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    cell: Mapped[str] = mapped_column(String(60), primary_key=True)
    letters: Mapped[int]


class Digest(Base):
    """One day's letters to an office that takes them together, in one mail; more than one mail holds are in parts."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("legislator_id", "day", "part"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    legislator_id: Mapped[str] = mapped_column(ForeignKey("legislators.id"))
    day: Mapped[date]
    part: Mapped[int] = mapped_column(SmallInteger)


class DigestLetter(Base):
    """That a letter goes with a digest, and with no other."""

    __tablename__ = "digest_letters"

    letter_id: Mapped[str] = mapped_column(ForeignKey("stored_letters.id", ondelete="CASCADE"), primary_key=True)
    digest_id: Mapped[str] = mapped_column(ForeignKey("digests.id", ondelete="CASCADE"), index=True)


class ChoiceCount(Base):
    """How often an office was sent one choice of alternatives, or one wording of a statement; it knows no person."""

    __tablename__ = "choice_counts"

    legislator_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(16), primary_key=True)
    """Of the text the choice was made in, or of the statement."""
    choice: Mapped[str] = mapped_column(String(100), primary_key=True)
    """The alternatives, as "0.2.1", or the one wording."""
    count: Mapped[int]


ALL_CAMPAIGNS = ""
"""What stands for every campaign where one is named."""


class Suppression(Base):
    """A mailbox that asked to hear no more of one campaign, or of all; only its hash is stored.

    Those of versions before 0021 are hashes of one spelling of its address.
    """

    __tablename__ = "suppressions"

    campaign: Mapped[str] = mapped_column(String(60), primary_key=True)
    email_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


MINISTERS, OTHERS = "min", "other"
AUDIENCES = MappingProxyType({COMMONS: "mps", SENATE: "sen"})
"""Whom letters go to that are not to their writer's own member; "" where it was not counted yet."""


class LetterTally(Base):
    """How many letters of one kind were confirmed on one day in Ottawa; it knows no person, and outlasts them.

    `riding_code` is the riding of the citizen's own member; for a letter that is not to them it is the audience.
    """

    __tablename__ = "letter_tallies"

    day: Mapped[date] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(String(60), primary_key=True)
    template: Mapped[str] = mapped_column(String(121), primary_key=True)
    language: Mapped[Language] = mapped_column(enum_type(Language), primary_key=True)
    riding_code: Mapped[str] = mapped_column(String(5), primary_key=True)
    letters: Mapped[int]


class FeatureTally(Base):
    """How many of one day's letters have one feature, counted once the day is over; it knows no person.

    Under `audience` (whom they went to) and `outcome` (what became of them) the cells of a campaign's day add up to its
    letters in `letter_tallies`; "" is what is not known. Under `unconfirmed` are letters nobody confirmed, by the day
    they were deleted.
    """

    __tablename__ = "feature_tallies"

    campaign: Mapped[str] = mapped_column(String(60), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    feature: Mapped[str] = mapped_column(String(16), primary_key=True)
    cell: Mapped[str] = mapped_column(String(16), primary_key=True)
    letters: Mapped[int]


class AlternativeTally(Base):
    """How many letters said each alternative of a place of one text, as it may be shown: updated once a day at most."""

    __tablename__ = "alternative_tallies"

    campaign: Mapped[str] = mapped_column(String(60), primary_key=True)
    template: Mapped[str] = mapped_column(String(121), primary_key=True)
    language: Mapped[Language] = mapped_column(enum_type(Language), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    alternative: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fingerprint: Mapped[str] = mapped_column(String(16))
    """Of the text they were counted in."""
    letters: Mapped[int]
