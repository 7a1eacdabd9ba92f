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
from advocacy.personal_columns import IMPERSONAL, Kept, People, Protection, about, personal


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
    Role.WRITER: message("write"),
    Role.PUBLISHER: message("write and approve others’ work"),
    Role.MANAGER: message("write, approve and manage"),
}
"""What each role may, as pages and mails say it."""


class StaffEmail(StrEnum):
    """The kinds of message that go to staff; what each carries is written in `staff/emails.py`."""

    INVITATION = "invitation"
    """Its `ref` is the invitation's id."""
    ACCOUNT = "account"
    """Its `ref` is the id of an `AccountMail`."""
    MORNING = "morning"
    """Its `ref` names the day and the account, so each is put once."""
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
    __about__ = about(People.STAFF, "sign in, and know who did what", Kept.STAFF)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(EMAIL), unique=True, info=personal("the e-mail address"))
    name: Mapped[str] = mapped_column(String(NAME), info=personal("the name"))
    role: Mapped[Role] = mapped_column(enum_type(Role), info=personal("the role"))
    language: Mapped[Language] = mapped_column(enum_type(Language), info=personal("the language"))
    password: Mapped[str | None] = mapped_column(String(255), info=personal("Argon2 of the password", Protection.HASH))
    active: Mapped[bool] = mapped_column(default=True, info=IMPERSONAL)
    fs_uniquifier: Mapped[str] = mapped_column(
        String(64), unique=True, default=lambda: secrets.token_hex(16), info=IMPERSONAL
    )
    tf_primary_method: Mapped[str | None] = mapped_column(String(64), info=IMPERSONAL)
    tf_totp_secret: Mapped[str | None] = mapped_column(
        String(512), info=personal("the secret of an authenticator app", Protection.ENCRYPTED)
    )
    totp_last: Mapped[int | None] = mapped_column(BigInteger, info=IMPERSONAL)
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(
        MutableList.as_mutable(AsaList()), info=personal("recovery codes", Protection.ENCRYPTED)
    )
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(  # type: ignore[assignment]
        String(64), unique=True, default=lambda: secrets.token_hex(32), info=IMPERSONAL
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("since when"))
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=personal("when they last signed in"))
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
    __about__ = about(People.STAFF, "sign in with a passkey", Kept.STAFF)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("staff_accounts.id", ondelete="CASCADE"), index=True, info=personal("whose")
    )
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True, info=personal("the passkey’s id"))
    public_key: Mapped[bytes] = mapped_column(LargeBinary, info=personal("its public key"))
    sign_count: Mapped[int | None] = mapped_column(default=0, info=IMPERSONAL)  # type: ignore[assignment]
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()), info=IMPERSONAL)
    backup_state: Mapped[bool] = mapped_column(info=IMPERSONAL)
    device_type: Mapped[str] = mapped_column(String(64), info=IMPERSONAL)
    extensions: Mapped[str | None] = mapped_column(String(255), info=IMPERSONAL)
    create_datetime: Mapped[datetime] = mapped_column(
        UtcDateTime, server_default=func.now(), info=personal("since when")
    )
    lastuse_datetime: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("last used"))
    name: Mapped[str] = mapped_column(String(64), info=personal("as its owner calls it"))
    usage: Mapped[str] = mapped_column(String(64), info=IMPERSONAL)
    user: Mapped[Account] = relationship(back_populates="webauthn")


class Invitation(Base):
    """A link that makes one account, once. `invited_by` is None for the command line."""

    __tablename__ = "staff_invitations"
    __about__ = about(People.STAFF, "invite somebody to the staff", Kept.LINKS)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=lambda: secrets.token_hex(16))
    email: Mapped[str] = mapped_column(String(EMAIL), index=True, info=personal("the address invited"))
    role: Mapped[Role] = mapped_column(enum_type(Role), info=IMPERSONAL)
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"), info=personal("by whom"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("when"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, info=IMPERSONAL)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=IMPERSONAL)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=IMPERSONAL)


class AccountMail(Base):
    """A mail to one of the staff about their account: `kind` says which."""

    __tablename__ = "staff_account_mails"
    __about__ = about(People.STAFF, "mail about a password or two-step verification", Kept.LINKS)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("staff_accounts.id", ondelete="CASCADE"), index=True, info=personal("to whom")
    )
    kind: Mapped[str] = mapped_column(String(20), info=IMPERSONAL)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("when"))
    account: Mapped[Account] = relationship()


class Draft(Base):
    """The text of a letter as the team works on it, one for all of them, until somebody asks to have it published."""

    __tablename__ = "staff_drafts"
    __about__ = about(People.STAFF, "the text of a letter that the team writes", Kept.STAFF)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), unique=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    """The newest revision when it was saved last; it hides one that was made since."""
    account_id: Mapped[int] = mapped_column(
        ForeignKey("staff_accounts.id"), index=True, info=personal("who saved it last")
    )
    writers: Mapped[list[int]] = mapped_column(JSON, info=personal("who wrote"))
    """The accounts that saved it: each counts as a writer of the revision that is made of it."""
    content: Mapped[str] = mapped_column(Text, info=IMPERSONAL)
    """The letter's file, as `toml_text.format_letter` writes it."""
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("when"))
    document: Mapped[Document] = relationship()
    account: Mapped[Account] = relationship()

    @property
    def version(self) -> str:
        """The version that a page of it shows."""
        return f"{self.document.version}.{self.revision_id}"


class Authorship(Base):
    """Who wrote a revision, and over which one, as its writer had it before them; one without comes from files."""

    __tablename__ = "staff_authorships"
    __about__ = about(People.STAFF, "who wrote a revision", Kept.STAFF)

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), index=True, info=personal("who"))
    over_revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))
    account: Mapped[Account] = relationship()


class Proposal(Base):
    """A revision sent for review, to `reviewer_id` or to anyone who may publish it.

    `answer` is published, returned (changes asked) or withdrawn; None while it waits.
    """

    __tablename__ = "staff_proposals"
    __about__ = about(People.STAFF, "review by a second person", Kept.STAFF)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), unique=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), info=personal("who asked"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("when"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"), info=personal("whom"))
    note: Mapped[str] = mapped_column(Text, default="", info=IMPERSONAL)
    """What the first person wrote to the second."""
    answer: Mapped[str | None] = mapped_column(String(16), info=IMPERSONAL)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"), info=personal("who answered"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=personal("when"))
    word: Mapped[str] = mapped_column(Text, default="", info=IMPERSONAL)
    """What the second person wrote to the first."""
    revision: Mapped[Revision] = relationship()
    asker: Mapped[Account] = relationship(foreign_keys=asked_by)


class ReviewEntry(Base):
    """One entry of the conversation on a document: a request, an answer, or a comment on a text.

    `kind` is an `Event` of `staff/reviews.py`; `account_id` is None for the site itself. Entries made by one press
    share `act_id`, the id of the first of them.
    """

    __tablename__ = "staff_review_entries"
    __about__ = about(People.STAFF, "the conversation about a revision", Kept.STAFF)

    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(index=True, default=0, info=IMPERSONAL)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"), info=personal("who"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("when"))
    kind: Mapped[str] = mapped_column(String(16), info=IMPERSONAL)
    text: Mapped[str] = mapped_column(Text, default="", info=personal("what they wrote"))
    language: Mapped[Language | None] = mapped_column(enum_type(Language), info=IMPERSONAL)
    cell: Mapped[str | None] = mapped_column(String(80), info=IMPERSONAL)
    """The key of the alternative of a letter that a comment is on, "opening-0", and the language it is quoted in."""
    quote: Mapped[str] = mapped_column(Text, default="", info=IMPERSONAL)
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"), info=personal("who settled it"))
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=personal("when"))
    account: Mapped[Account | None] = relationship(foreign_keys=account_id)
    revision: Mapped[Revision] = relationship()


class Schedule(Base):
    """Revisions of one campaign to be published together at a moment, by who agreed to it.

    `outcome` is published, refused or cancelled; None until then.
    """

    __tablename__ = "staff_schedules"
    __about__ = about(People.STAFF, "publish at a set hour", Kept.STAFF)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    revisions: Mapped[list[int]] = mapped_column(JSON, info=IMPERSONAL)
    whole: Mapped[bool] = mapped_column(default=False, info=IMPERSONAL)
    """Whether it is all that waits in the campaign."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, info=IMPERSONAL)
    note: Mapped[str] = mapped_column(Text, default="", info=IMPERSONAL)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), info=personal("who"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("when"))
    after_publication_id: Mapped[int] = mapped_column(info=IMPERSONAL)
    """The campaign's last publication when it was made, 0 for none: after another one it is refused."""
    outcome: Mapped[str | None] = mapped_column(String(16), index=True, info=IMPERSONAL)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"), info=personal("who ended it"))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=personal("when"))
    campaign: Mapped[Campaign] = relationship()
    account: Mapped[Account] = relationship(foreign_keys=made_by)


class CampaignRule(Base):
    """What staff set of a campaign besides its files; `alone`: one person may publish what they wrote."""

    __tablename__ = "staff_campaign_rules"
    __about__ = about(People.NOBODY, "rules of a campaign")

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    alone: Mapped[bool] = mapped_column(Boolean, default=False)


class ResultsSubscription(Base):
    """Somebody who asked for a campaign's results by mail each Monday."""

    __tablename__ = "staff_results_subscriptions"
    __about__ = about(People.STAFF, "the weekly results by mail", Kept.STAFF)

    account_id: Mapped[int] = mapped_column(
        ForeignKey("staff_accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, info=personal("who")
    )
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("since when"))


class AuditEntry(Base):
    """One act of one person, chained to the one before it: a changed or missing row breaks the chain.

    `before` and `after` hold campaign content alone; everything else is named by its id. A `reason` can be erased:
    what is chained is `reason_hash`, salted.
    """

    __tablename__ = "staff_audit"
    __about__ = about(People.STAFF, "know who did what", Kept.STAFF)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("when"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"), index=True, info=personal("who"))
    act: Mapped[str] = mapped_column(String(40), index=True, info=IMPERSONAL)
    subject: Mapped[str] = mapped_column(String(200), info=IMPERSONAL)
    before: Mapped[Any] = mapped_column(JSON, nullable=True, info=IMPERSONAL)
    after: Mapped[Any] = mapped_column(JSON, nullable=True, info=IMPERSONAL)
    reason: Mapped[str | None] = mapped_column(Text, info=personal("why, as typed; can be erased"))
    reason_salt: Mapped[str] = mapped_column(String(32), info=IMPERSONAL)
    reason_hash: Mapped[str] = mapped_column(String(64), info=IMPERSONAL)
    hash: Mapped[str] = mapped_column(String(64), info=IMPERSONAL)
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
    __about__ = about(People.STAFF, "long work, such as a mail merge", Kept.JOBS)
    __table_args__ = ({"sqlite_autoincrement": True},)
    """An id in an address never becomes another job's."""

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[JobKind] = mapped_column(enum_type(JobKind), info=IMPERSONAL)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("staff_accounts.id", ondelete="CASCADE"), index=True, info=personal("who asked for it")
    )
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, info=IMPERSONAL)
    """Ids, names and choices; never anything of a citizen."""
    state: Mapped[JobState] = mapped_column(enum_type(JobState), info=IMPERSONAL)
    attempt: Mapped[int] = mapped_column(default=0, info=IMPERSONAL)
    done: Mapped[int] = mapped_column(default=0, info=IMPERSONAL)
    total: Mapped[int] = mapped_column(default=0, info=IMPERSONAL)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("when"))
    progress_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=IMPERSONAL)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=IMPERSONAL)
    outcome: Mapped[Any] = mapped_column(JSON, nullable=True, info=IMPERSONAL)
    """The code of what came of it, and the parameters of its sentences."""


class JobFile(Base):
    """The file of a job, encrypted: what it was given, then what it made.

    It has a table of its own, as SQLite writes a whole row again with each progress.
    """

    __tablename__ = "job_files"
    __about__ = about(
        People.STAFF,
        "the sheet of a mail merge and its letters: people whom staff write for, until the work is fetched",
        Kept.JOBS,
    )

    job_id: Mapped[int] = mapped_column(
        ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    content_sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info=personal("whatever is in the sheet", Protection.ENCRYPTED)
    )
