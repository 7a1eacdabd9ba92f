"""Campaigns in the database: documents and their revisions, which are written once and never changed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, Select, String, Text, UniqueConstraint, event, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, ORMExecuteState, Session, mapped_column, relationship

from advocacy.database import Base, UtcDateTime, enum_type
from advocacy.personal_columns import People, about


class Author(StrEnum):
    """Where a revision comes from: the files shipped with the software, or the people of this site."""

    SHIPPED = "shipped"
    SITE = "site"


class Availability(StrEnum):
    """Whether citizens are shown what is live of a campaign or a letter."""

    ONLINE = "online"
    OFFLINE = "offline"
    ARCHIVED = "archived"


class RevisionIsImmutable(RuntimeError):
    """A revision was about to be changed. Write a new one: letters are pinned to the words they were made of."""


class Available:
    """Whether citizens are shown a campaign or a document, and why not."""

    availability: Mapped[Availability] = mapped_column(enum_type(Availability), default=Availability.ONLINE)
    availability_reason: Mapped[str] = mapped_column(Text, default="")
    wrong_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was last taken offline as its content was wrong: letters sent in until then cannot be confirmed."""


class Campaign(Available, Base):
    __tablename__ = "campaigns"
    __about__ = about(People.NOBODY, "the campaigns")

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    availability_version: Mapped[int] = mapped_column(default=0)
    """Grows whenever the availability of the campaign or one of its documents changes, for whoever has it read."""


class Document(Available, Base):
    """What is revised as a whole: `campaign`, `findings`, `safety`, or a letter in all languages by its folder.

    `version` grows with every revision and every save of a letter's draft, so that whoever has an older page open is
    told.
    """

    __tablename__ = "documents"
    __about__ = about(People.NOBODY, "their letters and files")
    __table_args__ = (UniqueConstraint("campaign_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    name: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(default=0)
    campaign: Mapped[Campaign] = relationship()
    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012  # as SQLAlchemy has it


class Revision(Base):
    """One state of a document, immutable: its files to the byte, and their digest, equal for equal files."""

    __tablename__ = "revisions"
    __about__ = about(People.NOBODY, "what staff saved")
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    author: Mapped[Author] = mapped_column(enum_type(Author))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    document: Mapped[Document] = relationship()
    files: Mapped[list["RevisionFile"]] = relationship(order_by="RevisionFile.name", passive_deletes="all")


class RevisionFile(Base):
    """One file of a revision, byte for byte; `name` is its place inside the campaign's folder."""

    __tablename__ = "revision_files"
    __about__ = about(People.NOBODY, "the files of a revision")

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Publication(Base):
    """The moment from which a revision is live; of a document's publications, the newest counts."""

    __tablename__ = "publications"
    __about__ = about(People.NOBODY, "what was live when")

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    revision: Mapped[Revision] = relationship()


def live_revision_ids() -> Select[int]:
    """Select the ids of the revisions that are live: of each document, the one published last."""
    last = (
        select(func.max(Publication.id))
        .join(Revision, Publication.revision_id == Revision.id)
        .group_by(Revision.document_id)
    )
    return select(Publication.revision_id).where(Publication.id.in_(last))


def _refuse(target: type[Base]) -> None:
    raise RevisionIsImmutable(f"{target.__name__} is written once; add a new revision instead")


@event.listens_for(Revision, "before_update")
@event.listens_for(RevisionFile, "before_update")
@event.listens_for(Revision, "before_delete")
@event.listens_for(RevisionFile, "before_delete")
def _refuse_change(_mapper: Mapper[Base], _connection: Connection, target: Base) -> None:
    _refuse(type(target))


@event.listens_for(Session, "do_orm_execute")
def _refuse_statement(state: ORMExecuteState) -> None:
    """The same for `update()` and `delete()` statements, which reach no single object."""
    changed = state.bind_mapper.class_ if state.bind_mapper and (state.is_update or state.is_delete) else None
    if changed in (Revision, RevisionFile):
        _refuse(changed)
