"""What an office set for itself, and the links by which it proves a mailbox."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.database import Base, UtcDateTime, enum_type
from advocacy.language import Language


class OfficeSettings(Base):
    """How one office wants its letters; an office that set nothing has no row.

    `language` is that of the mails to the office and of its digests, None where it leaves that to us. `email` is
    another address that it proved, None for the directory's. While `paused_until` is not over, nothing is sent to it.
    `acknowledgement` is the text, by language, that receipts of letters to it show.
    """

    __tablename__ = "office_settings"

    legislator_id: Mapped[str] = mapped_column(ForeignKey("legislators.id"), primary_key=True)
    language: Mapped[Language | None] = mapped_column(enum_type(Language))
    email: Mapped[str | None] = mapped_column(String(254))
    takes_digest: Mapped[bool] = mapped_column(default=False, server_default=false())
    paused_until: Mapped[date | None]
    acknowledgement: Mapped[Mapping[str, str]] = mapped_column(JSON, default=dict)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OfficeLink(Base):
    """One link mailed to an office: to its settings, or to prove `email`, an address it wants its letters at.

    The token is stored as a hash, and encrypted until the mail has left.
    """

    __tablename__ = "office_links"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    legislator_id: Mapped[str] = mapped_column(ForeignKey("legislators.id"), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[Language] = mapped_column(enum_type(Language))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    token_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
