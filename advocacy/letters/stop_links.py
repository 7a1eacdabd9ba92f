"""Links that stop a citizen's mail, which mail programs press for their readers (RFC 8058).

Not one of `signed_links.py`: there is no row to name, as a link has to work when the letters are erased. It holds what
the suppression list needs, encrypted, since a signed hash of the mailbox could be read; it lets nobody confirm, read or
erase a letter.
"""

import base64
import binascii
from dataclasses import dataclass

from advocacy.encryption import CannotDecrypt, Keys, decrypt_bytes, encrypt_bytes

PLACE = "stop link"
HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class StopLink:
    """Whose mail of which campaign a link stops; the mailbox is known by its hash alone."""

    campaign: str
    mailbox_hash: str


def stop_token(link: StopLink, *, keys: Keys) -> str:
    """Return the token of a link, another one each time."""
    plain = bytes.fromhex(link.mailbox_hash) + link.campaign.encode()
    return base64.urlsafe_b64encode(encrypt_bytes(keys, plain, of=PLACE)).decode().rstrip("=")


def read_stop_token(token: str, *, keys: Keys) -> StopLink | None:
    """Return what a token stands for; None for one that this site never gave out."""
    try:
        encrypted = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        plain = decrypt_bytes(keys, encrypted, of=PLACE)
    except (CannotDecrypt, binascii.Error, ValueError):
        return None
    return StopLink(plain[HASH_BYTES:].decode(), plain[:HASH_BYTES].hex())
