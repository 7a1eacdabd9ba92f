"""What the database stores about people: each column says it where it is declared, and each table once.

The map in `docs/privacy.md`, what a citizen is handed out, and what erasure writes over follow from it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from advocacy.database import Base
from advocacy.language import EASTERN

SEALED = "_sealed"
"""How the name of a column ends that holds an encrypted value."""


class People(StrEnum):
    """Whom a table tells of."""

    CITIZENS = "citizens"
    STAFF = "staff"
    LEGISLATORS = "legislators"
    NOBODY = "nobody"


class Protection(StrEnum):
    """How a value is stored."""

    PLAIN = "plain"
    ENCRYPTED = "encrypted"
    """By AES-256-GCM with the site's data keys."""
    KEYED_HASH = "keyed hash"
    """HMAC-SHA-256 with the site's data keys."""
    TOKEN_HASH = "token hash"  # noqa: S105  # no password: the name of a protection
    """SHA-256 of a random secret."""
    HASH = "hash"

    @property
    def is_hash(self) -> bool:
        return self not in {Protection.PLAIN, Protection.ENCRYPTED}


class Kept(StrEnum):
    """How long the rows of a table are kept, as the map says it; what a setting decides has the setting's name."""

    UNCONFIRMED_HOURS = (
        "`ADVOCACY_UNCONFIRMED_HOURS` hours after the confirmation e-mail was due, unless it was confirmed"
    )
    RETENTION_DAYS = "`ADVOCACY_RETENTION_DAYS` days after a letter’s last state"
    ASKED_DAYS = "75 days after a letter’s last state, where its writer asked to be asked about the answer"
    COUNTED = "24 hours, and up to an hour more until it is deleted"
    SUPPRESSED = "until the owner of the address asks otherwise"
    RECORD = "the anonymous record stays with the site"
    STAFF = "as long as the site, or the account, is kept"
    JOBS = "a day after the work is done"
    LINKS = "30 days after the link has ended"


def unchanged(value: Any) -> Any:
    """Erase nothing: the row is deleted, or the anonymous record needs the value."""
    return value


def nothing(_value: Any) -> None:
    """Erase a value whole."""


def truncate_to_day(moment: datetime | None) -> datetime | None:
    """Return the first moment of its day in Ottawa: no more than the day is kept, and counts by day stay right."""
    return moment and moment.astimezone(EASTERN).replace(hour=0, minute=0, second=0, microsecond=0)


def truncate_to_hour(moment: datetime | None) -> datetime | None:
    """Return the first moment of its hour."""
    return moment and moment.replace(minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class PersonalColumn:
    """What a column holds of a person. `erase` returns what is left of a value in the anonymous record.

    `withheld` is why the person is not handed it out. A hash is not either: it is made of what they are, or of a
    secret that they have.
    """

    what: str
    protection: Protection
    withheld: str
    erase: Callable[[Any], Any]

    @property
    def is_exported(self) -> bool:
        return not self.withheld and not self.protection.is_hash


@dataclass(frozen=True, slots=True)
class TableContents:
    """Of whom a table tells, what for, and how long its rows are kept."""

    people: People
    purpose: str
    kept: tuple[Kept, ...]


def about(people: People, purpose: str, *kept: Kept) -> TableContents:
    """Declare of whom a table tells, beside its name."""
    return TableContents(people, purpose, kept)


def personal(
    what: str,
    protection: Protection = Protection.PLAIN,
    *,
    withheld: str = "",
    erase: Callable[[Any], Any] = unchanged,
) -> dict[str, Any]:
    """Declare what a column holds of a person, as its `info`."""
    return {"personal": PersonalColumn(what, protection, withheld, erase)}


IMPERSONAL: dict[str, Any] = {"personal": None}
"""The `info` of a column that tells of nobody by itself; a primary or foreign key need not say so."""


def contents_of(model: type[Base]) -> TableContents:
    """Return what a model says of its table; raises KeyError where it says nothing."""
    contents: TableContents = vars(model)["__about__"]
    return contents


def models_about(people: People) -> Iterator[type[Base]]:
    """Yield the models whose tables tell of these people."""
    yield from (one.class_ for one in Base.registry.mappers if contents_of(one.class_).people is people)


def personal_columns(model: type[Base]) -> Iterator[tuple[str, PersonalColumn]]:
    """Yield the attributes of a model that hold something of a person, each with its declaration."""
    for attribute in model.__mapper__.column_attrs:
        column = attribute.columns[0]
        declared: PersonalColumn | None = column.info.get("personal")
        if declared is not None:
            yield attribute.key, declared


def erase_row(row: Base) -> None:
    """Leave of a row what its columns say is left in the anonymous record."""
    for name, declared in personal_columns(type(row)):
        if declared.erase is not unchanged:
            setattr(row, name, declared.erase(getattr(row, name)))


def export_row(row: Base) -> dict[str, Any]:
    """Return what the person is handed out of a row, by the names of its columns, as JSON can hold it."""
    values = {
        name.removesuffix(SEALED): getattr(row, name.removesuffix(SEALED))
        for name, declared in personal_columns(type(row))
        if declared.is_exported
    }
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
