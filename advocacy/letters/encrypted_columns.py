"""The keys of personal columns: an e-mail address is found by its hash alone, and rows are encrypted with new keys.

The site's keys are loaded here too, as what is stored decides whether new ones may be made; so are rows encrypted anew
with the newest key, a few at a time, while the site goes on serving.
"""

import contextlib
import unicodedata
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from email_validator import EmailNotValidError
from sqlalchemy import LargeBinary, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from advocacy.abuse.mailboxes import mailbox_of
from advocacy.email_addresses import read_email_address
from advocacy.encryption import ID_BYTES, Keys, digests, is_newest
from advocacy.letters.models import Confirmation, Suppression
from advocacy.sealed_columns import keys_of, sealed_attributes, sealed_models
from advocacy.secret_keys import DATA_KEYS_FILE, data_keys
from advocacy.settings import Settings, SettingsError

EMAIL_PURPOSE = "email"
ASCII_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
MAX_BATCH = 100
"""Rows in one transaction: nobody who sends meanwhile waits long."""


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
    return digests(keys, normalize_address(email), purpose=EMAIL_PURPOSE)


def mailbox_hashes(keys: Keys, email: str) -> tuple[str, ...]:
    """Return the same for the mailbox of an address, however it is spelled."""
    return digests(keys, mailbox_of(normalize_address(email)), purpose=EMAIL_PURPOSE)


def load_keys(settings: Settings, sessions: sessionmaker[Session]) -> Keys:
    """Return the site's keys, newest first, made where there are none and nothing is encrypted yet.

    Raises SettingsError as `data_keys` does, and where the file of keys is gone while letters are stored: no new key
    decrypts them.
    """
    database = settings.database_file
    file = database.with_name(DATA_KEYS_FILE) if database and not settings.data_keys.get_secret_value() else None
    if file and not file.exists() and _has_letters(sessions):
        raise SettingsError(f"{file} is gone; put it back from its copy: without it what is stored cannot be read")
    return data_keys(settings)


def is_lost_key(session: Session, key_id: bytes) -> bool:
    """Return whether an unknown key was ever one of the site's: then more than one value was encrypted with it.

    What one value alone names is no key but bytes that were changed, in a file or on the way to it.
    """
    values = 0
    for model in sealed_models():
        for attribute in sealed_attributes(model).values():
            column = getattr(model, attribute.column)
            named = func.substr(column, 1, ID_BYTES, type_=LargeBinary) == key_id
            values += len(session.scalars(select(column).where(named).limit(2)).all())
    return values > 1


def re_encrypt(sessions: sessionmaker[Session]) -> int:
    """Encrypt every personal column with the newest key; return how many rows changed. Raises CannotDecrypt.

    Addresses are hashed anew too, so that they are found by the newest key alone. The hashes of `count_suppressions`
    cannot be: they still need the key they were made with.
    """
    changed = 0
    for model in sealed_models():
        last = ""
        while True:
            following = select(model).where(model.id > last).order_by(model.id).limit(MAX_BATCH)
            with sessions.begin() as session:
                rows = session.scalars(following.with_for_update()).all()
                changed += sum(_re_encrypt_row(row, keys_of(session)) for row in rows)
            if not rows:
                break
            last = rows[-1].id
    return changed


def count_suppressions(session: Session) -> int:
    """Count the hashed addresses on the suppression list, by campaign: the addresses themselves are not stored."""
    return session.scalar(select(func.count()).select_from(Suppression)) or 0


def _re_encrypt_row(row: Any, keys: Keys) -> bool:
    stored = {name: getattr(row, attribute.column) for name, attribute in sealed_attributes(type(row)).items()}
    names = [name for name, value in stored.items() if value is not None]
    if all(is_newest(keys, stored[name]) for name in names):
        return False
    for name in names:
        setattr(row, name, getattr(row, name))
    if "email" in names:
        row.email_hash = address_hashes(keys, row.email)[0]
        row.mailbox_hash = mailbox_hashes(keys, row.email)[0]
    return True


def _has_letters(sessions: sessionmaker[Session]) -> bool:
    try:
        with sessions() as session:
            return session.scalar(select(Confirmation.id).limit(1)) is not None
    except SQLAlchemyError:  # a database that is away, or has no tables, keeps no page from saying so
        return False
