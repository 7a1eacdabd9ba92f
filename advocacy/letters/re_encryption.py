"""Keys that are lost are never replaced in silence: what they sealed is still there, and no new key opens it."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from sqlalchemy import LargeBinary, and_, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from advocacy.encryption import ID_BYTES, Keys, is_newest
from advocacy.letters import encrypted_columns
from advocacy.letters.models import Confirmation, StoredLetter, Submission, Suppression
from advocacy.secret_keys import DATA_KEYS_FILE, data_keys
from advocacy.settings import Settings, SettingsError

Row: TypeAlias = Confirmation | Submission | StoredLetter
ENCRYPTED_COLUMNS: Mapping[Any, tuple[str, ...]] = {
    Confirmation: ("email_sealed", "token_sealed", "receipt_sealed"),
    Submission: ("name_sealed", "email_sealed"),
    StoredLetter: ("letter_sealed",),
}
MAX_BATCH = 100
"""Rows in one transaction: nobody who sends meanwhile waits long."""


def re_encrypt(sessions: sessionmaker[Session], keys: Keys) -> int:
    """Seal every personal column with the newest key; give how many rows changed. Raises CannotDecrypt.

    Addresses are hashed anew too, so that they are found by the newest key alone; what was hashed of an address that
    is not kept, for those who want no mail, still needs the key it was hashed with.
    """
    return sum(_re_encrypt_table(sessions, table, keys) for table in ENCRYPTED_COLUMNS)


def count_suppressions(session: Session) -> int:
    """Count what is found only by the key it was hashed with: addresses that asked to hear no more, by campaign."""
    return session.scalar(select(func.count()).select_from(Suppression)) or 0


def _re_encrypt_table(sessions: sessionmaker[Session], table: Any, keys: Keys) -> int:
    changed, last = 0, ""
    while True:
        with sessions.begin() as session:
            rows = session.scalars(select(table).where(table.id > last).order_by(table.id).limit(MAX_BATCH)).all()
            changed += sum(_re_encrypt_row(session, row, keys) for row in rows)
        if not rows:
            return changed
        last = rows[-1].id


def _re_encrypt_row(session: Session, row: Row, keys: Keys) -> bool:
    """Write a row's seals anew, unless it was erased or changed since it was read."""
    session.expunge(row)
    old = {name: getattr(row, name) for name in ENCRYPTED_COLUMNS[type(row)] if getattr(row, name) is not None}
    if all(is_newest(keys, sealed) for sealed in old.values()):
        return False
    new: dict[str, Any] = {}
    for name in old:
        plain = encrypted_columns.read(row, name, keys=keys) or ""
        encrypted_columns.write(row, name, plain, keys=keys)
        new[name] = getattr(row, name)
        if name == "email_sealed":
            new["email_hash"] = encrypted_columns.address_hashes(keys, plain)[0]
    table: Any = type(row)
    unchanged = and_(table.id == row.id, *(getattr(table, name) == sealed for name, sealed in old.items()))
    done = update(table).where(unchanged).values(**new).returning(table.id)
    return session.scalar(done, execution_options={"synchronize_session": False}) is not None


def load_keys(settings: Settings, sessions: sessionmaker[Session]) -> Keys:
    """Return the site's keys, newest first, made where there are none and nothing is sealed yet.

    Raises SettingsError as `data_keys` does, and where the file of keys is gone while letters are stored.
    """
    file = settings.database_file
    kept = file.with_name(DATA_KEYS_FILE) if file and not settings.data_keys.get_secret_value() else None
    if kept and not kept.exists() and _holds_letters(sessions):
        raise SettingsError(f"{kept} is gone; put it back from its copy: without it what is stored cannot be read")
    return data_keys(settings)


def is_lost_key(session: Session, key_id: bytes) -> bool:
    """Return whether a key that is not known was ever one of the site's: then more than one value was sealed with it.

    What one value alone names is no key but bytes that were changed, in a file or on the way to it.
    """
    return sum(_naming(session, column, key_id) for column in _columns()) > 1


def _columns() -> Iterator[Any]:
    for table, names in ENCRYPTED_COLUMNS.items():
        yield from (getattr(table, name) for name in names)


def _naming(session: Session, column: Any, key_id: bytes) -> int:
    """Count the values that name a key, as far as two."""
    named = func.substr(column, 1, ID_BYTES, type_=LargeBinary) == key_id
    return len(session.scalars(select(column).where(named).limit(2)).all())


def _holds_letters(sessions: sessionmaker[Session]) -> bool:
    try:
        with sessions() as session:
            return session.scalar(select(Confirmation.id).limit(1)) is not None
    except SQLAlchemyError:  # a database that is away, or has no tables, keeps no page from saying so
        return False
