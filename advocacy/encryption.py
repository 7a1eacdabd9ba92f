"""Encryption of personal columns: whoever has the database alone reads nobody's name, and a changed byte is noticed."""

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
"""NIST SP 800-38D, 8.2.2: random nonces of 96 bits."""
ID_BYTES = 4
MAX_KEYS = 64
"""Keys of which what is derived is remembered: a site has a few, and derives it many times for each letter."""
MIN_BYTES = ID_BYTES + NONCE_BYTES + 16
"""The length of an encrypted empty text: AES-GCM's tag is 16 bytes long."""


class CannotDecrypt(ValueError):
    """It cannot be decrypted: its key is not known here, or it was changed or moved to another row."""


class UnknownKey(CannotDecrypt):
    """The key that it names is not known here: a setting of ours is wrong, or these bytes of it were changed.

    `key_id` is what it names the key by.
    """

    def __init__(self, key_id: bytes) -> None:
        self.key_id = key_id
        super().__init__("its key is not known here")


class KeysUnreadable(ValueError):
    """A text that holds no keys; the sentence says what it should be."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a site, newest first: the first one encrypts, all of them decrypt. A key's id is derived from it."""

    newest_first: tuple[bytes, ...]

    @classmethod
    def read(cls, text: str) -> Self:
        """Read keys parted by spaces, each 32 bytes in base64url; raises KeysUnreadable."""
        try:
            keys = tuple(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)) for word in text.split())
        except (binascii.Error, ValueError):
            keys = ()
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise KeysUnreadable("write keys of 32 bytes in base64url, newest first, parted by spaces")
        return cls(keys)

    @classmethod
    def make(cls) -> Self:
        return cls((secrets.token_bytes(KEY_BYTES),))

    @property
    def text(self) -> str:
        """Write the keys as `read` reads them."""
        return " ".join(base64.urlsafe_b64encode(key).decode().rstrip("=") for key in self.newest_first)

    def by_id(self) -> Mapping[bytes, bytes]:
        return {id_of(key): key for key in self.newest_first}


@lru_cache(maxsize=MAX_KEYS)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


@lru_cache(maxsize=MAX_KEYS)
def _search_key(key: bytes) -> bytes:
    return hmac.digest(key, b"search", "sha256")


@lru_cache(maxsize=MAX_KEYS)
def id_of(key: bytes) -> bytes:
    """Return what an encrypted column names its key by; it reveals nothing of the key."""
    return hmac.digest(key, b"key id", "sha256")[:ID_BYTES]


def encrypt(keys: Keys, plain: str, *, of: str) -> bytes:
    """Encrypt a text for one place, as "submissions.name:4f…": there alone it can be decrypted (AES-256-GCM)."""
    return encrypt_bytes(keys, plain.encode(), of=of)


def encrypt_bytes(keys: Keys, plain: bytes, *, of: str) -> bytes:
    """Encrypt bytes for one place, as `encrypt` does a text."""
    key, nonce = keys.newest_first[0], secrets.token_bytes(NONCE_BYTES)
    return id_of(key) + nonce + _cipher(key).encrypt(nonce, plain, of.encode())


def decrypt(keys: Keys, encrypted: bytes, *, of: str) -> str:
    """Decrypt a text that was encrypted for this place; raises UnknownKey, else CannotDecrypt."""
    return decrypt_bytes(keys, encrypted, of=of).decode()


def decrypt_bytes(keys: Keys, encrypted: bytes, *, of: str) -> bytes:
    """Decrypt bytes that were encrypted for this place; raises UnknownKey, else CannotDecrypt."""
    if len(encrypted) < MIN_BYTES:
        raise CannotDecrypt("it was cut short")
    key = keys.by_id().get(encrypted[:ID_BYTES])
    if key is None:
        raise UnknownKey(encrypted[:ID_BYTES])
    nonce, body = encrypted[ID_BYTES : ID_BYTES + NONCE_BYTES], encrypted[ID_BYTES + NONCE_BYTES :]
    try:
        return _cipher(key).decrypt(nonce, body, of.encode())
    except InvalidTag:
        raise CannotDecrypt("it was changed, or belongs elsewhere") from None


def is_newest(keys: Keys, encrypted: bytes) -> bool:
    """Whether it was encrypted with the newest key."""
    return encrypted[:ID_BYTES] == id_of(keys.newest_first[0])


def digests(keys: Keys, text: str, *, purpose: str) -> tuple[str, ...]:
    """Return what a text is looked for by without being readable: one for each key, the newest first.

    Store the first, look for any.
    """
    return tuple(
        hmac.digest(_search_key(key), f"{purpose}\0{text}".encode(), "sha256").hex() for key in keys.newest_first
    )


def hashed(token: str) -> str:
    """Hash a random token: 100 bits of chance and more need no key."""
    return sha256(token.encode()).hexdigest()
