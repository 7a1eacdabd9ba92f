"""The directory's tables: ridings, people and seats to write to, and where each list came from."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from advocacy.database import Base, UtcDateTime, enum_type
from advocacy.language import Language, Wording
from advocacy.legislators.legislatures import Seats, legislatures
from advocacy.legislators.recipient import CABINET, Gender, Office, Recipient
from advocacy.personal_columns import IMPERSONAL, Kept, People, about, personal

OWN_LIST_CHAMBER = "own_list"
"""The chamber of the people whom one campaign lists itself."""


class Status(StrEnum):
    SITTING = "sitting"
    DEPARTURE_ANNOUNCED = "departure_announced"
    ELECTED_SINCE = "elected_since"
    PAST_RETIREMENT = "past_retirement"
    VACANT = "vacant"
    LEFT = "left"


class Origin(StrEnum):
    """Who brought a list into this database: the shipped files, or the site by an import or a refresh."""

    SHIPPED = "shipped"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class OfficeAddress:
    """One office that takes post: "legislature" or "constituency", its lines as the source writes them."""

    kind: str
    lines: tuple[str, ...] = ()
    telephone: str = ""
    fax: str = ""


class WordingColumn(TypeDecorator[Wording]):
    """A text in every language, kept as one JSON object: a new language needs no new column."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Wording | None, dialect: Dialect) -> Mapping[str, str] | None:
        return None if value is None else {language.value: text for language, text in value.items()}

    def process_result_value(self, value: Any, dialect: Dialect) -> Wording | None:
        """Read it back; raise MissingLanguage when a language was added and the row not yet translated."""
        return None if value is None else Wording(value)


class AddressesColumn(TypeDecorator[tuple[OfficeAddress, ...]]):
    """The addresses of one person, kept with the person: nothing ever looks for an address alone."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[OfficeAddress, ...] | None, dialect: Dialect) -> list[dict[str, Any]]:
        return [asdict(address) for address in value or ()]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[OfficeAddress, ...]:
        return tuple(OfficeAddress(**{**written, "lines": tuple(written["lines"])}) for written in value or ())


class Riding(Base):
    """A federal electoral district of the 2023 Representation Order."""

    __tablename__ = "ridings"
    __about__ = about(People.NOBODY, "the ridings")

    fed_code: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[Wording] = mapped_column(WordingColumn)
    province: Mapped[str] = mapped_column(String(2), index=True)
    aliases: Mapped[list["RidingAlias"]] = relationship(
        back_populates="riding", lazy="selectin", cascade="all, delete-orphan", order_by="RidingAlias.id"
    )


class RidingAlias(Base):
    """Another name a riding may be looked for by; it is never printed."""

    __tablename__ = "riding_aliases"
    __about__ = about(People.NOBODY, "other names of ridings")

    id: Mapped[int] = mapped_column(primary_key=True)
    riding_code: Mapped[str] = mapped_column(ForeignKey("ridings.fed_code"), index=True)
    name: Mapped[Wording] = mapped_column(WordingColumn)
    riding: Mapped[Riding] = relationship(back_populates="aliases")


class Legislator(Base):
    """A person who can be written to, or a vacant seat; rows are never deleted, since letters name them.

    `id` is made once, from the name or the seat, and never changes. `source_id` is the number or slug by
    which the chamber's own site knows the person. A blank fact is unknown, never guessed. `district`
    names what `riding` cannot: a senatorial division, a provincial district, a municipality.
    """

    __tablename__ = "legislators"
    __about__ = about(People.LEGISLATORS, "whom one can write to: name, office, addresses, from public lists")
    __table_args__ = (UniqueConstraint("chamber", "source_id"),)

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    chamber: Mapped[str] = mapped_column(String(32), index=True)
    office: Mapped[Office] = mapped_column(enum_type(Office, length=32), index=True)
    status: Mapped[Status] = mapped_column(enum_type(Status, length=32))
    source_id: Mapped[str | None] = mapped_column(String(100))
    first_name: Mapped[str] = mapped_column(String(100), default="")
    last_name: Mapped[str] = mapped_column(String(100), default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    gender: Mapped[Gender | None] = mapped_column(enum_type(Gender, length=32))
    preferred_language: Mapped[Language | None] = mapped_column(enum_type(Language, length=32))
    riding_code: Mapped[str | None] = mapped_column(ForeignKey("ridings.fed_code"), index=True)
    district: Mapped[Wording | None] = mapped_column(WordingColumn)
    province: Mapped[str | None] = mapped_column(String(2), index=True)
    party: Mapped[Wording | None] = mapped_column(WordingColumn)
    honorific: Mapped[str] = mapped_column(String(50), default="")
    privy_councillor: Mapped[bool] = mapped_column(default=False)
    title: Mapped[Wording | None] = mapped_column(WordingColumn)
    responsible_for: Mapped[str] = mapped_column(String(200), default="")
    """The numbers of the bills that a minister answers for, with spaces between them: "C-34"."""
    email: Mapped[str | None] = mapped_column(String(254))
    addresses: Mapped[tuple[OfficeAddress, ...]] = mapped_column(AddressesColumn, default=())
    profile: Mapped[Wording | None] = mapped_column(WordingColumn)
    since: Mapped[date | None]
    retires_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(100))
    as_of: Mapped[date]
    campaign: Mapped[str | None] = mapped_column(String(60), index=True)
    """The name of the campaign whose own list this person is in, None for the directory."""
    version: Mapped[int] = mapped_column(default=1)
    """It grows with every change, so that whoever has an older page open is told."""
    riding: Mapped[Riding | None] = relationship(lazy="selectin")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # as SQLAlchemy has it

    @property
    def vacant(self) -> bool:
        return self.status is Status.VACANT

    @property
    def place(self) -> Wording | None:
        """The riding, or the division, district or municipality of other chambers."""
        name = self.riding.name if self.riding else self.district
        # The lists write the two letters of a ligature apart, and the typewriter's apostrophe.
        return name and Wording({key: text.replace("Soeurs", "Sœurs").replace("'", "’") for key, text in name.items()})


class OwnList(Base):
    """A campaign's own list of people to write to: the file that counts, and one that waits to be looked over.

    `waiting` was uploaded by the account `waiting_by`.
    """

    __tablename__ = "own_lists"
    __about__ = about(
        People.LEGISLATORS,
        "people a campaign writes to besides the directory; public office, or asked by the campaign",
    )

    campaign: Mapped[str] = mapped_column(String(60), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    rows: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    waiting: Mapped[bytes | None] = mapped_column(LargeBinary)
    waiting_by: Mapped[int | None]


class DataSet(Base):
    """A list that was imported: how fresh it is, its source, when it came in and by whom."""

    __tablename__ = "data_sets"
    __about__ = about(People.NOBODY, "where the directory is from")

    key: Mapped[str] = mapped_column(String(50), primary_key=True)
    as_of: Mapped[date]
    source: Mapped[str] = mapped_column(String(200))
    origin: Mapped[Origin] = mapped_column(enum_type(Origin, length=32))
    digest: Mapped[str] = mapped_column(String(64), default="")
    rows: Mapped[int]
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BouncedAddress(Base):
    """An e-mail address of the directory that mail came back from."""

    __tablename__ = "doubtful_addresses"
    __about__ = about(People.LEGISLATORS, "addresses of legislators that sent letters back")

    email: Mapped[str] = mapped_column(String(254), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(60))


class Correction(Base):
    """A fact that staff set otherwise than the list: the row holds `value`, and `source_value` is what the list says.

    `source_then` is what it said when the correction was made: another one since is a difference to look at. `by` is
    the account that made it. Values are as `corrections.FACTS` writes them.
    """

    __tablename__ = "legislator_corrections"
    __about__ = about(People.STAFF, "corrections of the directory", Kept.STAFF)
    __table_args__ = (UniqueConstraint("legislator_id", "field"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    legislator_id: Mapped[str] = mapped_column(ForeignKey("legislators.id"), index=True)
    field: Mapped[str] = mapped_column(String(40), info=IMPERSONAL)
    value: Mapped[Any] = mapped_column(JSON, nullable=True, info=IMPERSONAL)
    source_value: Mapped[Any] = mapped_column(JSON, nullable=True, info=IMPERSONAL)
    source_then: Mapped[Any] = mapped_column(JSON, nullable=True, info=IMPERSONAL)
    by: Mapped[int] = mapped_column(info=personal("who"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, info=IMPERSONAL)
    legislator: Mapped[Legislator] = relationship()

    @property
    def differs(self) -> bool:
        """Whether the list has changed since, and still does not agree."""
        return bool(self.source_value != self.source_then)


class PendingImport(Base):
    """A list of legislators that somebody confirms before it is imported: `records` are its `SourceRecord`s as JSON.

    `digest` is of these and of the directory that they were compared with.
    """

    __tablename__ = "staff_proposed_lists"
    __about__ = about(People.STAFF, "a list of legislators before it is taken in", Kept.STAFF)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("staff_accounts.id"), index=True, info=personal("who brought it")
    )
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, info=personal("when"))
    source: Mapped[str] = mapped_column(String(100), info=IMPERSONAL)
    as_of: Mapped[date] = mapped_column(info=IMPERSONAL)
    records: Mapped[str] = mapped_column(Text, info=IMPERSONAL)
    digest: Mapped[str] = mapped_column(String(64), info=IMPERSONAL)


ListKey: TypeAlias = tuple[str, str | None]
ProgressCallback: TypeAlias = Callable[[int], object]
"""Called with how many more records are done, for a progress bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """The facts of one source about one person or vacant seat; None, or an empty text, for what it leaves out.

    A status of None is that of someone who is merely listed: an announced departure remains, an absence ends.
    `source` and `as_of` are for a fact that the list as a whole took from elsewhere.
    """

    chamber: str
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    status: Status | None = None
    office: Office | None = None
    source_id: str | None = None
    gender: Gender | None = None
    preferred_language: Language | None = None
    riding_code: str | None = None
    district: Wording | None = None
    province: str | None = None
    party: Wording | None = None
    honorific: str | None = None
    privy_councillor: bool | None = None
    title: Wording | None = None
    email: str | None = None
    addresses: tuple[OfficeAddress, ...] = ()
    profile: Wording | None = None
    since: date | None = None
    retires_on: date | None = None
    note: str = ""
    source: str = ""
    as_of: date | None = None


def no_progress(_: int) -> None:
    """Report progress to nobody."""


def data_set_key(key: ListKey) -> str:
    """Return the name under which a list's provenance is kept: "commons", "assembly-ON"."""
    return "-".join(part for part in key if part)


def list_key(person: "Legislator | SourceRecord") -> ListKey:
    """Return which list somebody belongs to: a chamber's, or one province's of it."""
    by_province = (
        person.chamber != OWN_LIST_CHAMBER
        and legislatures().chamber(person.chamber, person.province).has_list_by_province
    )
    return person.chamber, person.province if by_province else None


def sits_for_riding(person: "Legislator | SourceRecord") -> bool:
    """Whether somebody is of a chamber whose members sit for the federal ridings."""
    return person.chamber in legislatures().keys_by_seats[Seats.RIDING]


def seat_id(riding_code: str) -> str:
    """Return the id of a riding's seat, under which it is written to while it is vacant."""
    return f"seat-{riding_code}"


def to_recipient(row: Legislator) -> Recipient:
    """Return the value a letter is addressed with."""
    if row.chamber == OWN_LIST_CHAMBER:
        seats = Seats.RIDING if row.riding else Seats.MUNICIPALITY
    else:
        seats = legislatures().chamber(row.chamber, row.province).seats
    return Recipient(
        id=row.id,
        office=row.office,
        first_name=row.first_name,
        last_name=row.last_name,
        name=row.name,
        gender=row.gender,
        riding_code=row.riding_code,
        riding=row.place if seats in {Seats.RIDING, Seats.DISTRICT} else None,
        province=row.province,
        title=row.title,
        privy_councillor=row.privy_councillor,
        email=row.email,
        vacant=row.vacant,
        city=row.district if seats is Seats.MUNICIPALITY or row.chamber == OWN_LIST_CHAMBER else None,
        responsible_for=frozenset(row.responsible_for.split()) if row.office in CABINET else frozenset(),
        chamber=row.chamber,
    )
