"""Codes by which an office verifies a letter: a random one for a letter that is sent, a signed one for a file.

Of a sent letter the database has a hash of its code, and what an office is told stays with the letter's tombstone. Of a
file nothing is stored: all that an office is told is in its code, with a keyed hash that nobody else can make. Nothing
in a code is about a person (docs/decisions/verification.md).
"""

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from types import MappingProxyType

from advocacy.encryption import Keys, digests
from advocacy.legislators.postal_codes import Basis, candidates, read_postal_code
from advocacy.legislators.recipient import CABINET, Recipient
from advocacy.letters.letter import Letter, own_word_count
from advocacy.letters.models import RidingMatch

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter in it looks like a digit."""
ALIASES = str.maketrans("abcdefghijklmnopqrstuvwxyzILOilo", "ABCDEFGHIJKLMNOPQRSTUVWXYZ110110")
"""How a code may be typed: in small letters, and with the letters that look like digits."""
BITS = 5
"""Of one character."""
GROUP = 5
SENT_LENGTH, FILE_LENGTH = 20, 35
"""Characters without the hyphens between groups: 100 bits of chance, and 95 bits with 80 of a keyed hash."""
MAC_HEX = 20
"""Characters of that hash: RFC 2104, section 5, wants 80 bits at least."""
PURPOSE = "verification code"
VERSION = 1
FIRST_DAY = date(2026, 1, 1)
WIDTHS = MappingProxyType(
    {"version": 3, "edited": 1, "riding_match": 3, "day": 15, "own_words": 12, "campaign": 24, "office": 37}
)
"""The bits of each part of a file's code, in order; the campaign and the office are the beginnings of hashes."""
RIDING_MATCHES = (None, *RidingMatch)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file's code tells: `campaign` and `office` are numbers that `number_of` gives for their names."""

    campaign: int
    office: int
    day: date
    own_words: int
    edited: bool
    riding_match: RidingMatch | None


@dataclass(frozen=True, slots=True)
class FileCodes:
    """What gives letters that nothing stores their codes: the site's keys, and where the codes are looked up."""

    keys: Keys
    base_url: str

    def add_to(self, letter: Letter, *, template: str, day: date, edited: bool, match: RidingMatch | None) -> Letter:
        """Return a letter with the address at which it is verified.

        `template` is its path, "child-protection/takedown", and `match` its `riding_match`.
        """
        facts = FileFacts(
            number_of(template.partition("/")[0], "campaign"),
            number_of(letter.recipient.id, "office"),
            day,
            own_word_count(letter),
            edited,
            match,
        )
        return replace(letter, verification=address_of(make_file_code(facts, keys=self.keys), self.base_url))


def make_sent_code() -> str:
    """Make the code of a letter that is sent, at random."""
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(SENT_LENGTH)))


def make_file_code(facts: FileFacts, *, keys: Keys) -> str:
    """Make the code of a letter that nothing stores: the same facts and keys give the same code."""
    parts = {
        "version": VERSION,
        "edited": int(facts.edited),
        "riding_match": RIDING_MATCHES.index(facts.riding_match),
        "day": (facts.day - FIRST_DAY).days,
        "own_words": min(facts.own_words, (1 << WIDTHS["own_words"]) - 1),
        "campaign": facts.campaign,
        "office": facts.office,
    }
    body = 0
    for name, width in WIDTHS.items():
        body = body << width | parts[name]
    number = body << 4 * MAC_HEX | int(_macs(body, keys)[0], 16)
    return _grouped("".join(ALPHABET[number >> BITS * place & 31] for place in reversed(range(FILE_LENGTH))))


def read_file_code(code: str, *, keys: Keys) -> FileFacts | None:
    """Read a code that was made with any of the keys; None for every other text, after the same work."""
    plain = plain_code(code)
    is_whole = len(plain) == FILE_LENGTH
    number = 0
    for character in plain if is_whole else "":
        number = number << BITS | ALPHABET.index(character)
    body, mac = number >> 4 * MAC_HEX, f"{number & (1 << 4 * MAC_HEX) - 1:0{MAC_HEX}x}"
    is_signed = sum(hmac.compare_digest(mac, ours) for ours in _macs(body, keys)) > 0  # by each key, whichever fits
    parts: dict[str, int] = {}
    for name, width in reversed(tuple(WIDTHS.items())):
        body, parts[name] = body >> width, body & (1 << width) - 1
    if not (is_whole and is_signed and parts["version"] == VERSION):
        return None
    return FileFacts(
        parts["campaign"],
        parts["office"],
        FIRST_DAY + timedelta(days=parts["day"]),
        parts["own_words"],
        bool(parts["edited"]),
        RIDING_MATCHES[parts["riding_match"]],
    )


def plain_code(typed: str) -> str:
    """Return a code as it is compared, however it was typed; "" for what is none."""
    code = "".join(typed.split()).replace("-", "").translate(ALIASES)
    return code if len(code) in {SENT_LENGTH, FILE_LENGTH} and set(code) <= set(ALPHABET) else ""


def number_of(name: str, part: str) -> int:
    """Return what stands for the name of a campaign or the id of an office in a file's code."""
    return int.from_bytes(sha256(f"{part}\0{name}".encode()).digest()) >> 256 - WIDTHS[part]


def find_by_number(number: int, part: str, names: Iterable[str]) -> str | None:
    """Return the one of these names that a number stands for."""
    found = [name for name in names if number_of(name, part) == number]
    return found[0] if len(found) == 1 else None


def address_of(code: str, base_url: str) -> str:
    """Return the address of a code's page, in the reader's language."""
    return f"{base_url}/v/{code}"


def riding_match(postal_code: str, recipient: Recipient) -> RidingMatch | None:
    """Return whether a postal code, "" where none was given, lies in the riding of whom a letter goes to.

    None for an office without a riding, and for a minister who is written to from elsewhere, as everybody may.
    """
    if not recipient.riding_code:
        return None
    if not postal_code:
        return RidingMatch.NOT_GIVEN
    found = candidates(read_postal_code(postal_code))
    if found.basis is not Basis.UNKNOWN and recipient.riding_code not in found.riding_codes:
        return None if recipient.office in CABINET else RidingMatch.ELSEWHERE
    return RidingMatch.LIES_IN if found.basis is Basis.CODE else RidingMatch.MAY_LIE_IN


def _macs(body: int, keys: Keys) -> tuple[str, ...]:
    """Return the keyed hash of a code's facts, by each key, the newest first."""
    return tuple(one[:MAC_HEX] for one in digests(keys, f"{body:x}", purpose=PURPOSE))


def _grouped(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
