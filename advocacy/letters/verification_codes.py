"""Codes by which an office verifies a letter that is sent.

A code is random, and the database has its hash: what an office is told stays with the letter's tombstone. Nothing in a
code is about a person (docs/decisions/verification.md).
"""

import secrets

from advocacy.legislators.postal_codes import Basis, candidates, read_postal_code
from advocacy.legislators.recipient import CABINET, Recipient
from advocacy.letters.models import RidingMatch

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter in it looks like a digit."""
ALIASES = str.maketrans("abcdefghijklmnopqrstuvwxyzILOilo", "ABCDEFGHIJKLMNOPQRSTUVWXYZ110110")
"""How a code may be typed: in small letters, and with the letters that look like digits."""
GROUP = 5
LENGTH = 20
"""Characters without the hyphens between groups: 100 bits of chance."""


def make_code() -> str:
    """Make a random code, in groups with hyphens."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(LENGTH // GROUP))
    return "-".join(groups)


def plain_code(typed: str) -> str:
    """Return a code as it is compared, however it was typed; "" for what is none."""
    code = "".join(typed.split()).replace("-", "").translate(ALIASES)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


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
