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
from advocacy.personal_columns import (
    IMPERSONAL,
    Kept,
    People,
    Protection,
    about,
    nothing,
    personal,
    truncate_to_day,
    truncate_to_hour,
)
from advocacy.sealed_columns import Sealed, sealed


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
    """One confirmation mail to one address, and the letters that wait for it; once confirmed, their receipt."""

    __tablename__ = "confirmations"
    __about__ = about(
        People.CITIZENS,
        "ask an address to confirm its letters, and give its receipt",
        Kept.UNCONFIRMED_HOURS,
        Kept.RETENTION_DAYS,
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    campaign: Mapped[str] = mapped_column(String(60), info=personal("for which campaign"))
    language: Mapped[Language] = mapped_column(enum_type(Language), info=personal("the language of the mails"))
    email_sealed: Mapped[bytes | None] = sealed("the e-mail address")
    email = Sealed()
    email_hash: Mapped[str | None] = mapped_column(
        String(64), index=True, info=personal("of the address, to find it", Protection.KEYED_HASH)
    )
    mailbox_hash: Mapped[str | None] = mapped_column(
        String(64), index=True, info=personal("of the mailbox, to count its spellings as one", Protection.KEYED_HASH)
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("when the letter was asked for"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("when the mail was due"))
    mailed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, info=personal("when the mail had left, or was given up")
    )
    expires_at: Mapped[datetime] = mapped_column(
        UtcDateTime, index=True, info=personal("until when it can be confirmed")
    )
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=personal("when it was confirmed"))
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=personal("when the outcome was told"))
    bounce_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=personal("when a return was told"))
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
    __about__ = about(
        People.CITIZENS,
        "what one form sent in, and the agreement to it",
        Kept.UNCONFIRMED_HOURS,
        Kept.RETENTION_DAYS,
        Kept.ASKED_DAYS,
        Kept.RECORD,
    )
    __table_args__ = (
        Index(
            "ix_submissions_asks_for_answers",
            "confirmed_at",
            sqlite_where=text("asks_for_answers = 1"),
            postgresql_where=text("asks_for_answers"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key_hash: Mapped[str] = mapped_column(
        String(64), unique=True, info=personal("of the form’s number", Protection.TOKEN_HASH, erase=lambda _: new_id())
    )
    contents_hash: Mapped[str | None] = mapped_column(
        String(64),
        info=personal(
            "of the letters and the address with a random id that is stored nowhere", Protection.HASH, erase=nothing
        ),
    )
    confirmation_id: Mapped[str | None] = mapped_column(ForeignKey("confirmations.id", ondelete="SET NULL"), index=True)
    campaign: Mapped[str] = mapped_column(String(60), info=personal("for which campaign"))
    language: Mapped[Language] = mapped_column(enum_type(Language), info=personal("the language of the page"))
    status: Mapped[SubmissionStatus] = mapped_column(
        "standing",
        enum_type(SubmissionStatus),
        index=True,
        info=personal("whether it waits, was confirmed or was erased", erase=lambda _: SubmissionStatus.ERASED),
    )
    created_at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=personal("when the form came; the day alone in the anonymous record", erase=truncate_to_day)
    )
    confirmed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime,
        info=personal("when it was confirmed; the day alone in the anonymous record", erase=truncate_to_day),
    )
    name_sealed: Mapped[bytes | None] = sealed("the name")
    name = Sealed()
    email_sealed: Mapped[bytes | None] = sealed("the e-mail address")
    email = Sealed()
    email_hash: Mapped[str | None] = mapped_column(
        String(64),
        index=True,
        info=personal(
            "of the address, to know whether it wrote to the same office before", Protection.KEYED_HASH, erase=nothing
        ),
    )
    mailbox_hash: Mapped[str | None] = mapped_column(
        String(64), index=True, info=personal("of the mailbox", Protection.KEYED_HASH, erase=nothing)
    )
    consent_text: Mapped[str] = mapped_column(
        String(40), info=personal("the version of the words agreed to", erase=lambda _: "")
    )
    consented_at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=personal("when; the day alone in the anonymous record", erase=truncate_to_day)
    )
    asks_for_answers: Mapped[bool] = mapped_column(
        default=False, info=personal("whether its writer asked to be asked about answers", erase=lambda _: False)
    )
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
    __about__ = about(
        People.CITIZENS,
        "the letter, word for word, to be sent and shown on its receipt",
        Kept.UNCONFIRMED_HOURS,
        Kept.RETENTION_DAYS,
        Kept.ASKED_DAYS,
        Kept.RECORD,
    )
    __table_args__ = (
        UniqueConstraint("submission_id", "legislator_id"),
        Index("ix_stored_letters_legislator_id_created_at", "legislator_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    submission_id: Mapped[str | None] = mapped_column(ForeignKey("submissions.id", ondelete="SET NULL"), index=True)
    place: Mapped[int] = mapped_column(info=personal("which of the form’s letters"))
    campaign: Mapped[str] = mapped_column(String(60), info=personal("for which campaign"))
    template: Mapped[str] = mapped_column(String(121), info=personal("which letter"))
    pins: Mapped[Any] = mapped_column(JSON, info=personal("the revisions it was made of", erase=lambda _: {}))
    legislator_id: Mapped[str] = mapped_column(ForeignKey("legislators.id"), info=personal("the office"))
    riding_code: Mapped[str | None] = mapped_column(
        String(5), info=personal("the riding, where it is the citizen’s own")
    )
    language: Mapped[Language] = mapped_column(enum_type(Language), info=personal("the letter’s language"))
    edited: Mapped[bool] = mapped_column(info=personal("whether its text was changed"))
    letter_sealed: Mapped[bytes | None] = sealed("every word, the signature, the street and the postal code")
    letter = Sealed()
    created_at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=personal("when; the day alone in the anonymous record", erase=truncate_to_day)
    )
    written_before: Mapped[date | None] = mapped_column(
        info=personal("the day on which the same person had written to the same office", erase=nothing)
    )
    code_hash: Mapped[str | None] = mapped_column(
        String(64),
        unique=True,
        index=True,
        info=personal("of the code under the letter, by which its office verifies it", Protection.TOKEN_HASH),
    )
    own_words: Mapped[int | None] = mapped_column(info=personal("how many words are the writer’s own"))
    riding_match: Mapped[RidingMatch | None] = mapped_column(
        enum_type(RidingMatch), info=personal("whether the postal code lies in the office’s riding")
    )
    posted_on: Mapped[date | None] = mapped_column(info=personal("the day its writer mailed it on paper"))
    follows_id: Mapped[str | None] = mapped_column(
        String(32),
        index=True,
        info=personal("the letter that it follows", withheld="the number of a row", erase=nothing),
    )
    follow_kind: Mapped[FollowKind | None] = mapped_column(
        enum_type(FollowKind),
        info=personal("whether it follows up on a letter, or thanks for its answer", erase=nothing),
    )
    submission: Mapped[Submission | None] = relationship(back_populates="letters")


class OwnText(Base):
    """What is measured of a letter's text that is not the campaign's; a letter without any has no row.

    `kept_percent` is how much of an edited letter is the campaign's text still. `sketch` is a keyed fingerprint of the
    rest, None where that is short; letters that are alike have one `group_key`.
    """

    __tablename__ = "own_texts"
    __about__ = about(
        People.CITIZENS,
        "notice floods of letters that are nearly the same, and letters that are no longer the campaign’s",
        Kept.UNCONFIRMED_HOURS,
        Kept.RETENTION_DAYS,
        Kept.COUNTED,
    )
    __table_args__ = (Index("ix_own_texts_legislator_id_confirmed_at", "legislator_id", "confirmed_at"),)

    letter_id: Mapped[str] = mapped_column(ForeignKey("stored_letters.id", ondelete="CASCADE"), primary_key=True)
    legislator_id: Mapped[str] = mapped_column(String(100), info=personal("the office"))
    kept_percent: Mapped[int | None] = mapped_column(
        info=personal("how much of the letter is the campaign’s text", erase=nothing)
    )
    sketch: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=personal("of the rest, by which alike letters are known", Protection.KEYED_HASH)
    )
    group_key: Mapped[str | None] = mapped_column(String(32), info=IMPERSONAL)
    confirmed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, info=personal("when it was confirmed", erase=truncate_to_hour)
    )


class Answer(Base):
    """What a citizen says became of one letter; `answered_on` is the day they name, where they name one."""

    __tablename__ = "answers"
    __about__ = about(People.CITIZENS, "what a citizen says became of a letter", Kept.RETENTION_DAYS, Kept.ASKED_DAYS)

    letter_id: Mapped[str] = mapped_column(ForeignKey("stored_letters.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[AnswerKind] = mapped_column(enum_type(AnswerKind), info=personal("answered, passed on and the like"))
    answered_on: Mapped[date | None] = mapped_column(info=personal("the day they name"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("when they said it"))


class AnswerTally(Base):
    """How many erased letters to one office had one kind of answer within so many days; it knows no person.

    `within_days` is the first of 14, 30 and 60 that the answer came in, 0 for a later one and for kinds without a day.
    """

    __tablename__ = "answer_tallies"
    __about__ = about(People.NOBODY, "how many letters to an office were answered, within how many days")

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
    __about__ = about(People.NOBODY, "what may be shown of answers, by chamber and office")

    campaign: Mapped[str] = mapped_column(String(60), primary_key=True)
    legislator_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    cell: Mapped[str] = mapped_column(String(60), primary_key=True)
    letters: Mapped[int]


class Digest(Base):
    """One day's letters to an office that takes them together, in one mail; more than one mail holds are in parts."""

    __tablename__ = "digests"
    __about__ = about(People.LEGISLATORS, "one day’s letters to an office that takes them in one mail")
    __table_args__ = (UniqueConstraint("legislator_id", "day", "part"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    legislator_id: Mapped[str] = mapped_column(ForeignKey("legislators.id"))
    day: Mapped[date]
    part: Mapped[int] = mapped_column(SmallInteger)


class DigestLetter(Base):
    """That a letter goes with a digest, and with no other."""

    __tablename__ = "digest_letters"
    __about__ = about(
        People.CITIZENS, "that a letter goes with its office’s daily mail", Kept.RETENTION_DAYS, Kept.ASKED_DAYS
    )

    letter_id: Mapped[str] = mapped_column(ForeignKey("stored_letters.id", ondelete="CASCADE"), primary_key=True)
    digest_id: Mapped[str] = mapped_column(ForeignKey("digests.id", ondelete="CASCADE"), index=True)


class ChoiceCount(Base):
    """How often an office was sent one choice of alternatives, or one wording of a statement; it knows no person."""

    __tablename__ = "choice_counts"
    __about__ = about(People.NOBODY, "how often an office was sent one choice of words")

    legislator_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(16), primary_key=True)
    """Of the text the choice was made in, or of the statement."""
    choice: Mapped[str] = mapped_column(String(100), primary_key=True)
    """The alternatives, as "0.2.1", or the one wording."""
    count: Mapped[int]


ALL_CAMPAIGNS = ""
"""What stands for every campaign where one is named."""


class Suppression(Base):
    """A mailbox that asked to hear no more of one campaign, or of all; only its hash is stored."""

    __tablename__ = "suppressions"
    __about__ = about(People.CITIZENS, "never write again to who asked for it", Kept.SUPPRESSED)

    campaign: Mapped[str] = mapped_column(String(60), primary_key=True, info=personal("for which campaign"))
    email_hash: Mapped[str] = mapped_column(
        String(64), primary_key=True, info=personal("of the mailbox", Protection.KEYED_HASH)
    )
    since: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("since when"))


MINISTERS, OTHERS = "min", "other"
AUDIENCES = MappingProxyType({COMMONS: "mps", SENATE: "sen"})
"""Whom letters go to that are not to their writer's own member; "" where it was not counted yet."""


class LetterTally(Base):
    """How many letters of one kind were confirmed on one day in Ottawa; it knows no person, and outlasts them.

    `riding_code` is the riding of the citizen's own member; for a letter that is not to them it is the audience.
    """

    __tablename__ = "letter_tallies"
    __about__ = about(
        People.NOBODY, "letters by day, campaign, letter, language and riding; small counts are not shown"
    )

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
    __about__ = about(People.NOBODY, "letters of a day by audience and outcome")

    campaign: Mapped[str] = mapped_column(String(60), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    feature: Mapped[str] = mapped_column(String(16), primary_key=True)
    cell: Mapped[str] = mapped_column(String(16), primary_key=True)
    letters: Mapped[int]


class AlternativeTally(Base):
    """How many letters said each alternative of a place of one text, as it may be shown: updated once a day at most."""

    __tablename__ = "alternative_tallies"
    __about__ = about(People.NOBODY, "how many letters said each alternative")

    campaign: Mapped[str] = mapped_column(String(60), primary_key=True)
    template: Mapped[str] = mapped_column(String(121), primary_key=True)
    language: Mapped[Language] = mapped_column(enum_type(Language), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    alternative: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fingerprint: Mapped[str] = mapped_column(String(16))
    """Of the text they were counted in."""
    letters: Mapped[int]
