"""Postal codes as people type them, and the ridings each may lie in; a slip is asked about, never corrected in silence.

Every postal code's ridings are in one small file, read once; a page of codes is unpacked when it is asked for. The file
is a magic word, the length of a header, the header (zlib, JSON), and one page (zlib) per forward sortation area. A page
has a byte for each of the 2,000 codes that can exist there: 0 for a code not known, else the place, from 1, of the
code's ridings in the area's list of choices. `python -m scripts.make_postal_table` makes it.
"""

import csv
import json
import re
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple, TypeAlias

from advocacy.language import SOURCE
from advocacy.legislators.legislatures import DATA
from advocacy.messages import Message, message

# Canada Post: no D, F, I, O, Q or U anywhere, and no W or Z in first place.
FIRST_LETTERS = "ABCEGHJKLMNPRSTVXY"
LETTERS = "ABCEGHJKLMNPRSTVWXYZ"
DIGITS = "0123456789"
RURAL = "0"
"""The second character of a rural postal code."""
PATTERN = (FIRST_LETTERS, DIGITS, LETTERS, DIGITS, LETTERS, DIGITS)
TAKEN_FOR = {
    "O": "0",
    "I": "1",
    "L": "1",
    "S": "5",
    "B": "8",
    "Z": "2",
    "1": "L",
    "5": "S",
    "8": "B",
    "2": "Z",
}
EXAMPLE = "K1A\u00a00A6"
_IGNORED = re.compile(r"[\s.,'’_\-\u00ad\u2010-\u2015\u2212\u200b-\u200d\u2060\ufeff]+")

MISSING = message("Enter your postal code, for example %(example)s.", example=EXAMPLE)
INCOMPLETE = message("That postal code is incomplete. Example: %(example)s.", example=EXAMPLE)
NOT_CANADIAN = message("That postal code doesn’t look right. Example: %(example)s.", example=EXAMPLE)
DID_YOU_MEAN = message("Did you mean %(code)s? In a postal code, letters and digits alternate.")


@dataclass(frozen=True, slots=True, order=True)
class PostalCode:
    """A code that fits Canada Post's pattern, whether or not it is in use. Made by `read_postal_code`."""

    plain: str

    @property
    def fsa(self) -> str:
        """The first three characters: the forward sortation area."""
        return self.plain[:3]

    @property
    def unit(self) -> str:
        """The last three characters: the local delivery unit."""
        return self.plain[3:]

    @property
    def rural(self) -> bool:
        """Whether it is that of a rural area, where one post office serves many places."""
        return self.plain[1] == RURAL

    def __str__(self) -> str:
        return f"{self.plain[:3]} {self.plain[3:]}"


class InvalidPostalCode(ValueError):
    """The text is no postal code; `message` says what to do, `suggestion` is what was perhaps meant."""

    def __init__(self, message: Message, suggestion: PostalCode | None = None) -> None:
        self.message = message
        self.suggestion = suggestion
        super().__init__(message.in_language(SOURCE))


def read_postal_code(text: str) -> PostalCode:
    """Read "k1a0a6", "K1A-0A6", full-width forms and the like; raise InvalidPostalCode for anything else."""
    plain = _plain(text)
    if _fits(plain, PATTERN):
        return PostalCode(plain)
    if not plain:
        raise InvalidPostalCode(MISSING)
    meant = "".join(
        char if char in offered else TAKEN_FOR.get(char, char) for char, offered in zip(plain, PATTERN, strict=False)
    )
    if len(plain) == len(PATTERN) and _fits(meant, PATTERN):
        suggestion = PostalCode(meant)
        raise InvalidPostalCode(DID_YOU_MEAN.with_params(code=suggestion), suggestion)
    is_begun = len(plain) < len(PATTERN) and _fits(meant, PATTERN[: len(plain)])
    raise InvalidPostalCode(INCOMPLETE if is_begun else NOT_CANADIAN)


def read_fsa(text: str) -> str | None:
    """Read the first three characters of a postal code standing alone; None for anything else."""
    plain = _plain(text)
    return plain if _fits(plain, PATTERN[:3]) else None


def looks_like_postal_code(text: str) -> bool:
    """Whether a text is a postal code, even a mistyped one, rather than a name: short, letters and digits mixed."""
    plain = _plain(text)
    mixed = any(char.isdigit() for char in plain) and any(char.isalpha() for char in plain)
    return mixed and len(plain) <= len(PATTERN) + 1


def _plain(text: str) -> str:
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).upper()


def _fits(plain: str, pattern: tuple[str, ...]) -> bool:
    return len(plain) == len(pattern) and all(char in offered for char, offered in zip(plain, pattern, strict=True))


MAGIC = b"POSTAL1\n"
LENGTH_BYTES = 4
PAGE_SIZE = len(DIGITS) * len(LETTERS) * len(DIGITS)
MAX_PAGES = 256
TABLE_NAME = "postal_ridings.bin"

Ridings: TypeAlias = tuple[str, ...]


class PostalTable:
    """Postal code → federal riding codes, the likeliest first."""

    def __init__(self, content: bytes) -> None:
        """Take a file made by `pack`; raise ValueError for anything else."""
        if not content.startswith(MAGIC):
            raise ValueError("not a postal table; make one with python -m scripts.make_postal_table")
        start = len(MAGIC) + LENGTH_BYTES
        end = start + int.from_bytes(content[len(MAGIC) : start], "big")
        self._areas: dict[str, list[str]] = {}
        self._choices: dict[str, list[list[str]]] = {}
        self._places: dict[str, slice] = {}
        for fsa, (size, choices, ridings) in json.loads(zlib.decompress(content[start:end])).items():
            self._areas[fsa], self._choices[fsa], self._places[fsa] = ridings, choices, slice(end, end + size)
            end += size
        self._page = lru_cache(maxsize=MAX_PAGES)(lambda fsa: zlib.decompress(content[self._places[fsa]]))

    def ridings_of(self, code: PostalCode) -> Ridings:
        """Return the ridings the whole code may lie in; none for a code not known."""
        if code.fsa not in self._places:
            return ()
        choice = self._page(code.fsa)[place_of(code.plain)]
        return tuple(self._choices[code.fsa][choice - 1]) if choice else ()

    def ridings_of_area(self, fsa: str) -> Ridings:
        """Return the ridings of the codes that begin with these three characters; none for an unknown area."""
        return tuple(self._areas.get(fsa, ()))


@cache
def shipped_table() -> PostalTable:
    """Return the table that comes with the package, read on first use and kept."""
    return PostalTable(DATA.joinpath(TABLE_NAME).read_bytes())


def place_of(code: str) -> int:
    """Return where a code is in the page of its area."""
    return (int(code[3]) * len(LETTERS) + LETTERS.index(code[4])) * len(DIGITS) + int(code[5])


PROVENANCE = message(
    "A suggestion to confirm: computed from GeoNames postal points (CC BY 4.0) placed in the ridings "
    "drawn by Elections Canada and in Statistics Canada’s postal areas; near a boundary it may be off by "
    "100 to 300 metres."
)

# What elections.ca itself links to as “Find your electoral district”, by postal code or address; L is the language.
RIDING_FINDER = message("https://www.elections.ca/Scripts/vis/FindED?L=e&QID=-1&PAGEID=20")


class Basis(StrEnum):
    """How far the table could follow a postal code."""

    CODE = "code"
    NEAR_BOUNDARY = "near_boundary"
    RURAL = "rural"
    AREA_INSTEAD = "area_instead"
    AREA_ONLY = "area_only"
    UNKNOWN = "unknown"


EXPLANATIONS = {
    Basis.CODE: message("This postal code lies in one riding."),
    Basis.NEAR_BOUNDARY: message("This postal code lies near a boundary: choose your riding."),
    Basis.RURAL: message(
        "A rural postal code covers a large area, so your riding may be any of these; the likeliest comes first."
    ),
    Basis.AREA_ONLY: message("Postal codes that begin with %(fsa)s can lie here; the whole code says more."),
    Basis.AREA_INSTEAD: message(
        "This postal code is not in our list; its first three characters, %(fsa)s, can lie here."
    ),
    Basis.UNKNOWN: message(
        "No riding is known for postal codes that begin with %(fsa)s: search by riding or by name instead."
    ),
}


@dataclass(frozen=True, slots=True)
class Candidates:
    """The ridings a postal code may lie in, the likeliest first, and how that is known.

    The order helps a reader; it is no reason to choose for them. `unit` is the last three characters of the code that
    was looked up, "" for an area.
    """

    fsa: str
    riding_codes: Ridings
    basis: Basis
    unit: str = ""

    @property
    def towns(self) -> Mapping[str, tuple[str, ...]]:
        """Towns by which a person tells which riding is theirs, by riding code; none where there is one riding."""
        if len(self.riding_codes) < 2:
            return {}
        return distinguishing_towns(self.fsa, self.riding_codes, unit=self.unit)

    @property
    def explanation(self) -> Message:
        return EXPLANATIONS[self.basis].with_params(fsa=self.fsa)

    @property
    def provenance(self) -> Message:
        """Where the answer comes from and how much it is worth; goes with every answer."""
        return PROVENANCE


def candidates(code: PostalCode, table: PostalTable | None = None) -> Candidates:
    """List the ridings of a postal code, or of its first three characters when the code is not known.

    A rural code has the other ridings of its area after its own: its one point does not say where the people it serves
    live.
    """
    table = table or shipped_table()
    own, area = table.ridings_of(code), table.ridings_of_area(code.fsa)
    if not own:
        return Candidates(code.fsa, area, Basis.AREA_INSTEAD if area else Basis.UNKNOWN, code.unit)
    ridings = tuple(dict.fromkeys((*own, *area))) if code.rural else own
    several = Basis.RURAL if code.rural else Basis.NEAR_BOUNDARY
    return Candidates(code.fsa, ridings, Basis.CODE if len(ridings) == 1 else several, code.unit)


def area_candidates(fsa: str, table: PostalTable | None = None) -> Candidates:
    """List the ridings of the codes that begin with `fsa`; ValueError when no code can begin so."""
    area = read_fsa(fsa)
    if area is None:
        raise ValueError("the first three characters of a postal code look like K1A")
    ridings = (table or shipped_table()).ridings_of_area(area)
    return Candidates(area, ridings, Basis.AREA_ONLY if ridings else Basis.UNKNOWN)


TOWNS_TABLE = "towns.csv"
TOWNS_HEADER = ("fsa", "fed_code", "town", "codes")
MAX_TOWNS = 4


class Town(NamedTuple):
    """A town of an area: its name, and the last three characters of its rural postal codes, with spaces between."""

    name: str
    codes: str


TownsByRiding = Mapping[str, Sequence[Town]]


@cache
def shipped_towns() -> Mapping[str, TownsByRiding]:
    """Return the table that comes with the package, read on first use: area → riding → its towns, largest first."""
    areas: dict[str, dict[str, list[Town]]] = {}
    rows = csv.reader(DATA.joinpath(TOWNS_TABLE).read_text(encoding="utf-8").splitlines())
    next(rows)
    for fsa, riding, name, codes in rows:
        areas.setdefault(fsa, defaultdict(list))[riding].append(Town(name, codes))
    return areas


def distinguishing_towns(
    fsa: str, ridings: Sequence[str], *, unit: str = "", table: Mapping[str, TownsByRiding] | None = None
) -> dict[str, tuple[str, ...]]:
    """Return up to four towns of the area for each of these ridings; nothing for a riding without a known one.

    The town of the postal code itself comes first; `unit` is the code's last three characters. A town of all the
    ridings that have any tells none of them apart and is left out.
    """
    area = (shipped_towns() if table is None else table).get(fsa, {})
    towns = {riding: area[riding] for riding in ridings if riding in area}
    everywhere: set[str] = set()
    if len(towns) > 1:
        everywhere = set.intersection(*({town.name for town in some} for some in towns.values()))
    own_first = {
        riding: sorted(some, key=lambda town: unit not in town.codes.split()) for riding, some in towns.items()
    }
    names = {riding: [town.name for town in some if town.name not in everywhere] for riding, some in own_first.items()}
    return {riding: tuple(some[:MAX_TOWNS]) for riding, some in names.items() if some}
