"""A postal code is read as people type it; what is doubtful is asked back, never changed in silence.

Every postal code's ridings are in one small file, read once; a page of codes is unpacked when it is asked for. The file
is a magic word, the length of a header, the header (zlib, JSON), and one page (zlib) per forward sortation area. A page
has a byte for each of the 2,000 codes that can exist there: 0 for a code not known, else the place, from 1, of the
code's ridings in the area's list of choices. `python -m scripts.make_postal_table` makes it.
"""

import json
import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TypeAlias

from advocacy.language import Wording

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

MISSING = Wording.of(
    en=f"Enter your postal code, for example {EXAMPLE}.",
    fr=f"Entrez votre code postal, par exemple {EXAMPLE}.",
)
INCOMPLETE = Wording.of(
    en=f"That postal code is incomplete. Example: {EXAMPLE}.",
    fr=f"Ce code postal est incomplet. Exemple : {EXAMPLE}.",
)
NOT_CANADIAN = Wording.of(
    en=f"That postal code doesn’t look right. Example: {EXAMPLE}.",
    fr=f"Ce code postal semble inexact. Exemple : {EXAMPLE}.",
)
DID_YOU_MEAN = Wording.of(
    en="Did you mean {code}? In a postal code, letters and digits alternate.",
    fr="Vouliez-vous dire {code}? Dans un code postal, les lettres et les chiffres alternent.",
)


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


class PostalCodeRefused(ValueError):
    """The text is no postal code; `wording` says what to do, `suggestion` is what was perhaps meant."""

    def __init__(self, wording: Wording, suggestion: PostalCode | None = None) -> None:
        self.wording = wording
        self.suggestion = suggestion
        super().__init__(next(iter(wording.values())))


def read_postal_code(text: str) -> PostalCode:
    """Read "k1a0a6", "K1A-0A6", full-width forms and the like; raise PostalCodeRefused for anything else."""
    plain = _plain(text)
    if _fits(plain, PATTERN):
        return PostalCode(plain)
    if not plain:
        raise PostalCodeRefused(MISSING)
    meant = "".join(_mended(char, offered) for char, offered in zip(plain, PATTERN, strict=False))
    if len(plain) == len(PATTERN) and _fits(meant, PATTERN):
        suggestion = PostalCode(meant)
        raise PostalCodeRefused(_asking(suggestion), suggestion)
    is_begun = len(plain) < len(PATTERN) and _fits(meant, PATTERN[: len(plain)])
    raise PostalCodeRefused(INCOMPLETE if is_begun else NOT_CANADIAN)


def read_fsa(text: str) -> str | None:
    """Read the first three characters of a postal code standing alone; None for anything else."""
    plain = _plain(text)
    return plain if _fits(plain, PATTERN[:3]) else None


def looks_like_postal_code(text: str) -> bool:
    """Tell a postal code, even a mistyped one, from a name: short, and with letters and digits mixed."""
    plain = _plain(text)
    mixed = any(char.isdigit() for char in plain) and any(char.isalpha() for char in plain)
    return mixed and len(plain) <= len(PATTERN) + 1


def _plain(text: str) -> str:
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).upper()


def _fits(plain: str, pattern: tuple[str, ...]) -> bool:
    return len(plain) == len(pattern) and all(char in offered for char, offered in zip(plain, pattern, strict=True))


def _mended(char: str, offered: str) -> str:
    return char if char in offered else TAKEN_FOR.get(char, char)


def _asking(suggestion: PostalCode) -> Wording:
    return Wording({language: text.format(code=suggestion) for language, text in DID_YOU_MEAN.items()})


MAGIC = b"POSTAL1\n"
LENGTH_BYTES = 4
PAGE_SIZE = len(DIGITS) * len(LETTERS) * len(DIGITS)
PAGES_KEPT = 256
DATA = files("advocacy.legislators").joinpath("data")
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
        self._places: dict[str, tuple[int, int]] = {}
        for fsa, (size, choices, ridings) in json.loads(zlib.decompress(content[start:end])).items():
            self._areas[fsa], self._choices[fsa], self._places[fsa] = ridings, choices, (end, end + size)
            end += size
        self._content = content
        self._page = lru_cache(maxsize=PAGES_KEPT)(self._unpack)

    def ridings_of(self, code: PostalCode) -> Ridings:
        """Return the ridings the whole code may lie in; none for a code not known."""
        if code.fsa not in self._places:
            return ()
        choice = self._page(code.fsa)[place_of(code.plain)]
        return tuple(self._choices[code.fsa][choice - 1]) if choice else ()

    def ridings_of_area(self, fsa: str) -> Ridings:
        """Return the ridings of the codes that begin with these three characters; none for an unknown area."""
        return tuple(self._areas.get(fsa, ()))

    def _unpack(self, fsa: str) -> bytes:
        start, end = self._places[fsa]
        return zlib.decompress(self._content[start:end])


@cache
def shipped_table() -> PostalTable:
    """Return the table that comes with the package, read on first use and kept."""
    return PostalTable(DATA.joinpath(TABLE_NAME).read_bytes())


def place_of(code: str) -> int:
    """Return where a code stands in the page of its area."""
    return (int(code[3]) * len(LETTERS) + LETTERS.index(code[4])) * len(DIGITS) + int(code[5])
