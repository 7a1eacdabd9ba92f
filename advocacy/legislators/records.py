"""What a source says of a person or a vacant seat, before it is merged, and which list that belongs to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from advocacy.language import Language, Wording
from advocacy.legislators.models import Address, Chamber, Legislator, Status
from advocacy.legislators.recipient import Gender, Office

ListKey: TypeAlias = tuple[Chamber, str | None]
# Told how many more records are done, so that a person who waits can be shown.
Count: TypeAlias = Callable[[int], object]

CHAMBERS_OF_RIDINGS = frozenset({Chamber.COMMONS})
CHAMBERS_BY_PROVINCE = frozenset({Chamber.ASSEMBLY, Chamber.COUNCIL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one source says of one person or vacant seat. None, or an empty text, is what it does not say.

    A status of None is that of someone who is merely listed: an announced departure stands, an absence ends.
    `source` and `as_of` are for a fact that the list as a whole took from elsewhere.
    """

    chamber: Chamber
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
    addresses: tuple[Address, ...] = ()
    profile: Wording | None = None
    since: date | None = None
    retires_on: date | None = None
    note: str = ""
    source: str = ""
    as_of: date | None = None

    @property
    def list_key(self) -> ListKey:
        """Which list the record belongs to: a chamber, or one province's."""
        return self.chamber, self.province if self.chamber in CHAMBERS_BY_PROVINCE else None


def uncounted(_: int) -> None:
    """Let records be done without anyone waiting."""


def data_set_key(key: ListKey) -> str:
    """Return the name under which a list's provenance is kept: "commons", "assembly-ON"."""
    return "-".join(part for part in key if part)


def list_key(row: Legislator) -> ListKey:
    """Which list a row belongs to."""
    return row.chamber, row.province if row.chamber in CHAMBERS_BY_PROVINCE else None


def seat_id(riding_code: str) -> str:
    """Return the id of a riding's seat, under which it is written to while it is vacant."""
    return f"seat-{riding_code}"
