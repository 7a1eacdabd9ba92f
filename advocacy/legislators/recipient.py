"""The person or the vacant seat a letter is addressed to, whole in one value that can be compared."""

from dataclasses import dataclass
from enum import StrEnum

from advocacy.language import Wording


class Office(StrEnum):
    """The capacity in which someone is written to; a letter's conditions use these names."""

    MEMBER = "member"
    SPEAKER_COMMONS = "speaker_commons"
    SENATOR = "senator"
    SPEAKER_SENATE = "speaker_senate"
    MINISTER = "minister"
    PRIME_MINISTER = "prime_minister"
    PREMIER = "premier"
    PROVINCIAL_MINISTER = "provincial_minister"
    PROVINCIAL_MEMBER = "provincial_member"
    MAYOR = "mayor"
    OFFICIAL = "official"
    """Someone of a campaign's own list, whatever their office."""


class Gender(StrEnum):
    """The gender a recipient is known to be addressed in; None when not known, never a guess."""

    F = "f"
    M = "m"


CABINET = (Office.PRIME_MINISTER, Office.MINISTER)
SPEAKERS = (Office.SPEAKER_COMMONS, Office.SPEAKER_SENATE)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Someone a letter can be sent to, or a vacant seat.

    `name` is the full name as the source writes it. `riding_code` is the federal electoral district's five
    digits, `province` the two letters used in addresses ("ON"). `title` is the whole title of the role as the
    source gives it ("Ministre de la Santé", "Minister of Health"), never put together from parts. A vacant
    seat has no names. `chamber` is the key of the list they are in, "" where that was not stored. `responsible_for`
    holds the numbers of the bills that a minister answers for ("C-34").
    """

    id: str
    office: Office
    first_name: str
    last_name: str
    name: str
    gender: Gender | None
    riding_code: str | None
    riding: Wording | None
    province: str | None
    title: Wording | None
    privy_councillor: bool
    email: str | None
    vacant: bool
    city: Wording | None = None
    responsible_for: frozenset[str] = frozenset()
    chamber: str = ""

    def __hash__(self) -> int:
        """Hash by who they are alone: forms of address are cached by recipient, and equality compares the rest."""
        return hash((self.id, self.name, self.riding_code))
