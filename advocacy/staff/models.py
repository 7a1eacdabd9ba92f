"""The staff of a site in the database: accounts and roles, drafts, reviews, schedules, the audit log, jobs."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_security import AsaList, UserMixin, WebAuthnMixin
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    func,
)
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from advocacy.campaigns.models import Campaign, Document, Revision
from advocacy.database import Base, UtcDateTime, enum_type
from advocacy.language import Language
from advocacy.messages import message


class Role(StrEnum):
    """A writer drafts letters; a publisher also publishes others' drafts; a manager also runs the site."""

    WRITER = "writer"
    PUBLISHER = "publisher"
    MANAGER = "manager"

    def may(self, needed: "Role") -> bool:
        """Return whether this role may do what `needed` may."""
        return RANK[self] >= RANK[needed]


RANK = {role: rank for rank, role in enumerate(Role)}

ROLE_NAMES = {
    Role.WRITER: message("Writer"),
    Role.PUBLISHER: message("Publisher"),
    Role.MANAGER: message("Manager"),
}
"""Each role as a page names it."""


class StaffEmail(StrEnum):
    """The kinds of message that go to staff; what each carries is written in `staff/emails.py`."""

    INVITATION = "invitation"
    """Its `ref` is the invitation's id."""
    ACCOUNT = "account"
    """Its `ref` is the id of an `AccountMail`."""
    BILL_REMINDER = "bill_reminder"
    """Its `ref` names campaign, bill, day of confirmation and account, so each is put once."""
    RESULTS = "results"
    """Its `ref` names the Monday, the campaign and the account, so each is put once."""
    REVIEW = "review"
    """Its `ref` names an entry of a conversation, or the comments of some minutes, and the account."""
    TEST_LETTER = "test_letter"
    """Its `ref` names account, document, what is tried out, and a stretch of ten seconds."""


EMAIL = 254
NAME = 100


class Account(Base, UserMixin):
    """An account of one person. `fs_uniquifier` names them in their sessions: a new one ends them all.

    `tf_totp_secret` and `mf_recovery_codes` are encrypted; `totp_last` is the last counter used, so that a code lets in
    once.
    """

    __tablename__ = "staff_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(EMAIL), unique=True)
    name: Mapped[str] = mapped_column(String(NAME))
    role: Mapped[Role] = mapped_column(enum_type(Role))
    language: Mapped[Language] = mapped_column(enum_type(Language))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=lambda: secrets.token_hex(16))
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(512))
    totp_last: Mapped[int | None] = mapped_column(BigInteger)
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(  # type: ignore[assignment]
        String(64), unique=True, default=lambda: secrets.token_hex(32)
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    webauthn: Mapped[list["Passkey"]] = relationship(  # type: ignore[assignment]
        back_populates="user", cascade="all, delete-orphan", order_by="Passkey.id"
    )

    @property
    def has_second_factor(self) -> bool:
        """Return whether a code or a passkey can be asked for besides the password."""
        return self.tf_totp_secret is not None or bool(self.webauthn)

    def end_sessions(self) -> None:
        self.fs_uniquifier = secrets.token_hex(16)


class Passkey(Base, WebAuthnMixin):
    """One passkey of a person (Web Authentication), named by them."""

    __tablename__ = "staff_passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int | None] = mapped_column(default=0)  # type: ignore[assignment]
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    create_datetime: Mapped[datetime] = mapped_column(UtcDateTime, server_default=func.now())
    lastuse_datetime: Mapped[datetime] = mapped_column(UtcDateTime)
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))
    user: Mapped[Account] = relationship(back_populates="webauthn")


class Invitation(Base):
    """A link that makes one account, once: kept as a hash of its token. `invited_by` is None for the command line."""

    __tablename__ = "staff_invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(EMAIL), index=True)
    role: Mapped[Role] = mapped_column(enum_type(Role))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    token_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The token for the mail that carries it, gone once that has left."""
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AccountMail(Base):
    """A mail to one of the staff about their account: `kind` says which; its token is encrypted, until it is sent."""

    __tablename__ = "staff_account_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    token_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    account: Mapped[Account] = relationship()


class Draft(Base):
    """The text of a letter as the team works on it, one for all of them, until somebody asks to have it published.

    `version` grows with every save, so that whoever has an older page open is told.
    """

    __tablename__ = "staff_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    """Who saved it last."""
    writers: Mapped[list[int]] = mapped_column(JSON)
    """The accounts that saved it: each counts as a writer of the revision that is made of it."""
    content: Mapped[str] = mapped_column(Text)
    """The letter's file, as `toml_text.format_letter` writes it."""
    version: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    document: Mapped[Document] = relationship()
    account: Mapped[Account] = relationship()


class Authorship(Base):
    """Who wrote a revision, and over which one, as its writer had it before them; one without comes from files."""

    __tablename__ = "staff_authorships"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    over_revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))
    account: Mapped[Account] = relationship()


class Proposal(Base):
    """A revision sent for review, to `reviewer_id` or to anyone who may publish it.

    `answer` is published, returned (changes asked) or withdrawn; None while it waits.
    """

    __tablename__ = "staff_proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), unique=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    """What the first person wrote to the second."""
    answer: Mapped[str | None] = mapped_column(String(16))
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    word: Mapped[str] = mapped_column(Text, default="")
    """What the second person wrote to the first."""
    revision: Mapped[Revision] = relationship()
    asker: Mapped[Account] = relationship(foreign_keys=asked_by)


class ReviewEntry(Base):
    """One entry of the conversation on a document: a request, an answer, or a comment on a text.

    `kind` is an `Event` of `staff/reviews.py`; `account_id` is None for the site itself. Entries made by one press
    share `act_id`, the id of the first of them.
    """

    __tablename__ = "staff_review_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(index=True, default=0)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[Language | None] = mapped_column(enum_type(Language))
    cell: Mapped[str | None] = mapped_column(String(80))
    """The key of the alternative of a letter that a comment is on, "opening-0", and the language it is quoted in."""
    quote: Mapped[str] = mapped_column(Text, default="")
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    account: Mapped[Account | None] = relationship(foreign_keys=account_id)
    revision: Mapped[Revision] = relationship()


class Schedule(Base):
    """Revisions of one campaign to be published together at a moment, by who agreed to it.

    `outcome` is published, refused or cancelled; None until then.
    """

    __tablename__ = "staff_schedules"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    revisions: Mapped[list[int]] = mapped_column(JSON)
    whole: Mapped[bool] = mapped_column(default=False)
    """Whether it is all that waits in the campaign."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    after_publication_id: Mapped[int]
    """The campaign's last publication when it was made, 0 for none: after another one it is refused."""
    outcome: Mapped[str | None] = mapped_column(String(16), index=True)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    campaign: Mapped[Campaign] = relationship()
    account: Mapped[Account] = relationship(foreign_keys=made_by)


class CampaignRule(Base):
    """What staff set of a campaign besides its files; `alone`: one person may publish what they wrote."""

    __tablename__ = "staff_campaign_rules"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    alone: Mapped[bool] = mapped_column(Boolean, default=False)


class ResultsSubscription(Base):
    """Somebody who asked for a campaign's results by mail each Monday."""

    __tablename__ = "staff_results_subscriptions"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("staff_accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditEntry(Base):
    """One act of one person, chained to the one before it: a changed or missing row breaks the chain.

    `before` and `after` hold campaign content alone; everything else is named by its id. A `reason` can be erased:
    what is chained is `reason_hash`, salted.
    """

    __tablename__ = "staff_audit"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    act: Mapped[str] = mapped_column(String(40), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    before: Mapped[Any] = mapped_column(JSON, nullable=True)
    after: Mapped[Any] = mapped_column(JSON, nullable=True)
    reason: Mapped[str | None] = mapped_column(Text)
    reason_salt: Mapped[str] = mapped_column(String(32))
    reason_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    account: Mapped[Account | None] = relationship()


class JobKind(StrEnum):
    """What long work of the staff is done in the background."""

    MERGE = "merge"
    EXPORT = "export"
    IMPORT = "import"
    DIRECTORY = "directory"


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """Long work of one of the staff. The task that does it carries the id alone; this row says what is to be done.

    `attempt` counts how often it was started: a worker whose number it no longer is has lost the job.
    """

    __tablename__ = "jobs"
    __table_args__ = ({"sqlite_autoincrement": True},)
    """An id in an address never becomes another job's."""

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[JobKind] = mapped_column(enum_type(JobKind))
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id", ondelete="CASCADE"), index=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Ids, names and choices; never anything of a citizen."""
    state: Mapped[JobState] = mapped_column(enum_type(JobState))
    attempt: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    progress_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[Any] = mapped_column(JSON, nullable=True)
    """The code of what came of it, and the parameters of its sentences."""


class JobFile(Base):
    """The file of a job, encrypted: what it was given, then what it made.

    It has a table of its own, as SQLite writes a whole row again with each progress.
    """

    __tablename__ = "job_files"

    job_id: Mapped[int] = mapped_column(
        ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
