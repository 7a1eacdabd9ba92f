"""What an office set for itself, and the links by which it proves a mailbox."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from advocacy.database import Base, UtcDateTime, enum_type
from advocacy.language import Language
from advocacy.personal_columns import People, about


class OfficeEmail(StrEnum):
    """The kinds of message that go to offices besides letters; the `ref` of each is the id of an `OfficeLink`."""

    LINK = "office_link"
    """A link that an office, or somebody for it, asked for."""
    CHANGED = "office_changed"
    """What was changed, with a link that undoes it."""


class OfficeLinkKind(StrEnum):
    """What a link mailed to an office lets its reader do."""

    SETTINGS = "settings"
    PROOF = "proof"
    """Have the office's letters sent to the address that the link went to."""
    UNDO = "undo"


class OfficeSettings(Base):
    """How one office wants its letters; an office that set nothing has no row.

    `language` is that of the mails to the office and of its digests, None where it leaves that to us. `email` is
    another address that it proved, None for the directory's; letters go there from `email_from` on, None while staff
    have to confirm it first. Nothing is sent to it before the day `paused_until`, in Ottawa. `acknowledgement` is the
    text, by language, that receipts of letters to it show.
    """

    __tablename__ = "office_settings"
    __about__ = about(
        People.LEGISLATORS, "how an office wants its letters: language, address, daily mail, pause, acknowledgement"
    )

    legislator_id: Mapped[str] = mapped_column(ForeignKey("legislators.id"), primary_key=True)
    language: Mapped[Language | None] = mapped_column(enum_type(Language))
    email: Mapped[str | None] = mapped_column(String(254))
    email_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    takes_digest: Mapped[bool] = mapped_column(default=False)
    paused_until: Mapped[date | None]
    acknowledgement: Mapped[Mapping[str, str]] = mapped_column(JSON, default=dict)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OfficeLink(Base):
    """One link mailed to an office: to `email`, or to its address in the directory where that is None.

    `former` are the settings that a link which undoes a change brings back.
    """

    __tablename__ = "office_links"
    __about__ = about(People.LEGISLATORS, "links mailed to an office, by which it proves its mailbox")

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    legislator_id: Mapped[str] = mapped_column(ForeignKey("legislators.id"), index=True)
    kind: Mapped[OfficeLinkKind] = mapped_column(enum_type(OfficeLinkKind))
    email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[Language] = mapped_column(enum_type(Language))
    former: Mapped[Any] = mapped_column(JSON, nullable=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
