"""What tells who somebody is is kept sealed for its own row, and an address is looked for without being readable."""

import contextlib
import unicodedata
from string import ascii_lowercase, ascii_uppercase
from typing import TypeAlias

from email_validator import EmailNotValidError

from advocacy.email_addresses import read_email_address
from advocacy.encryption import Keys, decrypt, digests, encrypt
from advocacy.letters.models import Confirmation, StoredLetter, Submission

EMAIL_PURPOSE = "email"
EncryptedRow: TypeAlias = Confirmation | StoredLetter | Submission
ASCII_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


def write(row: EncryptedRow, column: str, plain: str, *, keys: Keys) -> None:
    """Put a text into a sealed column; the row's id must be set."""
    setattr(row, column, encrypt(keys, plain, of=place(row, column)))


def read(row: EncryptedRow, column: str, *, keys: Keys) -> str | None:
    """Open a sealed column, None where it was erased; raises CannotDecrypt."""
    sealed = getattr(row, column)
    return None if sealed is None else decrypt(keys, sealed, of=place(row, column))


def decrypt_value(
    sealed: bytes | None, *, table: type[EncryptedRow], row_id: str, column: str, keys: Keys
) -> str | None:
    """Open what a column of a row holds, as `read` does."""
    return None if sealed is None else decrypt(keys, sealed, of=_place(table, row_id, column))


def encrypt_row(table: type[EncryptedRow], row_id: str, *, keys: Keys, **columns: str) -> dict[str, bytes]:
    """Seal the columns of a row that is to be stored under this id."""
    return {column: encrypt(keys, plain, of=_place(table, row_id, column)) for column, plain in columns.items()}


def place(row: EncryptedRow, column: str) -> str:
    """Name the one place where what was sealed can be opened: "submissions.name_sealed:4f…"."""
    return _place(type(row), row.id, column)


def normalize_address(email: str) -> str:
    """Return what every spelling of one mailbox has in common.

    Only A to Z lose their case: other letters that fold alike may be another person's.
    """
    typed = unicodedata.normalize("NFC", email.strip())
    with contextlib.suppress(EmailNotValidError):  # an address that is only looked for may be anything
        typed = read_email_address(typed).normalized
    return typed.translate(ASCII_LOWER)


def address_hashes(keys: Keys, email: str) -> tuple[str, ...]:
    """Return what an address is looked for by: one hash for each key, the newest first, which is the one to store."""
    return hash_address(keys, normalize_address(email))


def hash_address(keys: Keys, address: str) -> tuple[str, ...]:
    """Return the same for what `normalize_address` gave."""
    return digests(keys, address, purpose=EMAIL_PURPOSE)


def _place(table: type[EncryptedRow], row_id: str, column: str) -> str:
    return f"{table.__tablename__}.{column}:{row_id}"
