"""Legislatures, as `data/legislatures.toml` declares them: chambers, offices, addresses, lists, words of a search."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from advocacy.language import Language, Wording, fold
from advocacy.legislators.recipient import Gender, Office, Recipient
from advocacy.messages import Words, message
from advocacy.problems import Complaint, KeyPath, complaint
from advocacy.toml_source import Frozen, read_toml

FILE = "advocacy/legislators/data/legislatures.toml"
DATA = files("advocacy.legislators").joinpath("data")
COMMONS, SENATE = "commons", "senate"
"""The keys of Parliament's chambers, for what is federal: ridings, the House's own list, the statistics."""
HOUSE_OF_COMMONS = "house-of-commons"
MINISTERS = "ministers"
"""What a campaign's `chambers` call every federal minister of the directory, beside the chambers' slugs."""

Text = Annotated[str, StringConstraints(min_length=1)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,79}$")]
PostalCodeText = Annotated[str, StringConstraints(pattern=r"^[A-Z]\d[A-Z] \d[A-Z]\d$")]


class UnknownChamber(ValueError):
    """The directory has people of a chamber that `legislatures.toml` does not declare; the sentence names it."""


class Province(StrEnum):
    """A province or territory, as Canada Post abbreviates it."""

    AB = "AB"
    BC = "BC"
    MB = "MB"
    NB = "NB"
    NL = "NL"
    NS = "NS"
    NT = "NT"
    NU = "NU"
    ON = "ON"
    PE = "PE"
    QC = "QC"
    SK = "SK"
    YT = "YT"

    @property
    def wording(self) -> Wording:
        return legislatures().provinces[self].name


class Seats(StrEnum):
    """What the members of a chamber sit for."""

    RIDING = "riding"
    PROVINCE = "province"
    DISTRICT = "district"
    MUNICIPALITY = "municipality"


class Verification(StrEnum):
    """How far an entry can be trusted: read in its source, made from a rule there, or for staff to settle."""

    VERIFIED = "verified"
    DERIVED = "derived"
    UNVERIFIED = "unverified"


class Sourced(Frozen):
    """Words with where they come from."""

    status: Verification
    source: Text
    note: Text | None = None


class PostalAddress(Sourced):
    """Where an office receives its post."""

    name: Wording
    street: Wording | None = None
    city: Wording
    province: Province
    postal_code: PostalCodeText


class MemberTitle(Frozen):
    """What a member is called in one language: letters after the name, and the title; "" where there is none."""

    letters: str = ""
    neutral: str = ""
    f: str = ""
    m: str = ""

    def of(self, gender: Gender | None) -> str:
        """Return the title for a gender, the neutral one where the language has none of its own."""
        return {None: "", Gender.F: self.f, Gender.M: self.m}[gender] or self.neutral


class MemberTitles(Sourced):
    """What the members of a chamber are called in each language."""

    by_language: dict[Language, MemberTitle]


class Election(Frozen):
    """The day by which the law wants the next general election, and that law."""

    by: date
    source: Text


class Chamber(Frozen):
    """One chamber; the file says what each key is for, and `province` is its legislature's."""

    key: Key
    province: Province | None = None
    slug: Slug
    name: Wording
    members: Wording
    seats: Seats
    id_prefix: Key
    next_election: Election | None = None
    postage_free: bool = False
    words: tuple[Text, ...] = ()
    offices: Annotated[dict[Office, tuple[Text, ...]], Field(min_length=1)]
    forms: Mapping[Office, Key] = Field(default_factory=dict)
    titles: MemberTitles | None = None
    address: PostalAddress | None = None
    office_addresses: Mapping[Office, PostalAddress] = Field(default_factory=dict)

    @property
    def member_office(self) -> Office:
        return next(iter(self.offices))

    @property
    def has_list_by_province(self) -> bool:
        return self.seats in {Seats.DISTRICT, Seats.MUNICIPALITY}

    def title(self, language: Language) -> MemberTitle:
        return self.titles.by_language[language] if self.titles else MemberTitle()

    def address_of(self, office: Office) -> PostalAddress | None:
        """Return where an office receives its post: at the chamber, unless an address of its own is verified."""
        own = self.office_addresses.get(office)
        return own if own and own.status is Verification.VERIFIED else self.address


class ShippedList(Frozen):
    """One list that comes with the package: `as_of` is the day its newest general facts were true."""

    key: Text
    files: tuple[Text, ...]
    as_of: date
    source: Text


class Legislature(Frozen):
    """A parliament, a province's legislature, or the councils of all municipalities."""

    division: Annotated[str, StringConstraints(pattern=r"^ocd-division/country:ca(/|$)")] | None = None
    province: Province | None = None
    name: Wording
    lists: tuple[ShippedList, ...] = ()
    chambers: Annotated[tuple[Chamber, ...], Field(alias="chamber", min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _set_province_of_chambers(cls, table: Any) -> Any:
        chambers = table.get("chamber")
        if "province" not in table or not isinstance(chambers, list):
            return table
        return {**table, "chamber": [{**chamber, "province": table["province"]} for chamber in chambers]}


class SearchWords(Frozen):
    """Words that stand for any of some offices, or for vacant seats."""

    words: tuple[Text, ...]
    offices: tuple[Office, ...] = ()
    vacant_seats: bool = False


class ProvinceNames(Frozen):
    """The name of a province or territory, and what people also write."""

    name: Wording
    also: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """What a word for a role in a list says: the chamber, an office beyond a member's, the province it implies."""

    chamber: Chamber
    office: Office | None
    province: Province | None


class Legislatures(Frozen):
    """All of legislatures.toml."""

    legislatures: Annotated[tuple[Legislature, ...], Field(alias="legislature")]
    search: tuple[SearchWords, ...] = ()
    provinces: Annotated[dict[Province, ProvinceNames], Field(alias="province")]

    @cached_property
    def chambers(self) -> Sequence[Chamber]:
        return [chamber for legislature in self.legislatures for chamber in legislature.chambers]

    @cached_property
    def by_slug(self) -> Mapping[str, Chamber]:
        """Every chamber by its name in campaign files."""
        return {chamber.slug: chamber for chamber in self.chambers}

    @cached_property
    def by_key(self) -> Mapping[str, Mapping[str | None, Chamber]]:
        """The chambers of each key by their province: one chamber, or one of each province."""
        found: dict[str, dict[str | None, Chamber]] = {}
        for chamber in self.chambers:
            found.setdefault(chamber.key, {})[chamber.province] = chamber
        return found

    @cached_property
    def roles(self) -> Mapping[str, Role]:
        """What each word for a role says, as the word is written; one of several provinces implies none of them."""
        found: dict[str, Role] = {}
        for chamber in self.chambers:
            for office, words in chamber.offices.items():
                special = None if office is chamber.member_office else office
                for word in words:
                    found[word] = Role(chamber, special, None if word in found else chamber.province)
        return found

    def chamber(self, key: str, province: str | None = None) -> Chamber:
        """Return the chamber of a list; `province` tells those of one key apart. Raises UnknownChamber."""
        found = self.by_key.get(key, {})
        chamber = next(iter(found.values())) if len(found) == 1 else found.get(province)
        if chamber is None:
            where = f" of {province}" if province else ""
            raise UnknownChamber(f"{FILE} declares no chamber “{key}”{where}; add it")
        return chamber

    def chamber_of(self, recipient: Recipient) -> Chamber | None:
        """Return the chamber of a recipient, or the first with such an office; None for people of an own list."""
        if recipient.chamber in self.by_key:
            return self.chamber(recipient.chamber, recipient.province)
        with_office = (chamber for chamber in self.chambers if recipient.office in chamber.offices)
        return next((chamber for chamber in with_office if chamber.province in {None, recipient.province}), None)

    @cached_property
    def keys_by_seats(self) -> Mapping[Seats, frozenset[str]]:
        """The keys of the chambers by what their members sit for."""
        return {seats: frozenset(one.key for one in self.chambers if one.seats is seats) for seats in Seats}


@cache
def legislatures() -> Legislatures:
    return read_legislatures(DATA.joinpath("legislatures.toml").read_text("utf-8"), file=FILE)


def read_legislatures(text: str, *, file: str) -> Legislatures:
    """Read legislatures; raise TomlProblems with file and line for whatever the program could not use."""
    return read_toml(text, Legislatures, file=file, also=_gaps)


def audience_name(name: str) -> Words:
    """Return in words whom a campaign file's `chambers` call so."""
    if name == MINISTERS:
        return message("ministers")
    chamber = legislatures().by_slug.get(name)
    return chamber.name if chamber else Wording.same(name)


def read_province(text: str) -> Province | None:
    """Read a province by its letters or its name in any language, however typed; None when it is none."""
    return _provinces_by_name().get(fold(text.replace(".", "")))


@cache
def _provinces_by_name() -> Mapping[str, Province]:
    names = legislatures().provinces
    return {
        fold(text): province
        for province in Province
        for text in (*names[province].also, province, *names[province].name.values())
    }


def _gaps(read_data: Legislatures) -> Iterator[tuple[KeyPath, Complaint]]:
    """Every province has a name, every title every language, and no chamber is declared twice."""
    yield from absent(("province",), read_data.provinces, Province)
    slugs: set[str] = {MINISTERS}
    lists: set[tuple[str, Province | None]] = set()
    for number, legislature in enumerate(read_data.legislatures):
        for place, chamber in enumerate(legislature.chambers):
            path = ("legislature", number, "chamber", place)
            if chamber.titles:
                yield from absent((*path, "titles", "by_language"), chamber.titles.by_language, Language)
            if chamber.slug in slugs:
                yield (*path, "slug"), complaint("chamber-twice", text=chamber.slug)
            if (chamber.key, legislature.province) in lists:
                yield (*path, "key"), complaint("chamber-twice", text=chamber.key)
            slugs.add(chamber.slug)
            lists.add((chamber.key, legislature.province))


def absent(path: KeyPath, table: Mapping[Any, object], keys: Iterable[str]) -> Iterator[tuple[KeyPath, Complaint]]:
    """Complain of each key that a table lacks."""
    yield from ((path, complaint("missing", key=str(key))) for key in keys if key not in table)
