"""A postal code is read as people type it; what is doubtful is asked back, never changed in silence."""

import re
import unicodedata
from dataclasses import dataclass

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
    en=f"This is only half a postal code: add the last three characters, as in {EXAMPLE}.",
    fr=f"Il manque la moitié du code postal : ajoutez les trois derniers caractères, comme dans {EXAMPLE}.",
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
    if _fits(plain, PATTERN[:3]):
        raise PostalCodeRefused(INCOMPLETE)
    meant = "".join(_mended(char, offered) for char, offered in zip(plain, PATTERN, strict=False))
    if len(plain) == len(PATTERN) and _fits(meant, PATTERN):
        suggestion = PostalCode(meant)
        raise PostalCodeRefused(_asking(suggestion), suggestion)
    raise PostalCodeRefused(NOT_CANADIAN)


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
