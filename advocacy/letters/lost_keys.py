"""Keys that are lost are never replaced in silence: what they sealed is still there, and no new key opens it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import LargeBinary, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from advocacy.encryption import ID_BYTES, Keys
from advocacy.letters.models import Confirmation
from advocacy.letters.resealing import SEALED
from advocacy.secret_keys import DATA_KEYS_FILE, data_keys
from advocacy.settings import Settings, SettingsError


def keys_of(settings: Settings, sessions: sessionmaker[Session]) -> Keys:
    """Return the site's keys, newest first, made where there are none and nothing is sealed yet.

    Raises SettingsError as `data_keys` does, and where the file of keys is gone while letters are stored.
    """
    file = settings.database_file
    kept = file.with_name(DATA_KEYS_FILE) if file and not settings.data_keys.get_secret_value() else None
    if kept and not kept.exists() and _holds_letters(sessions):
        raise SettingsError(f"{kept} is gone; put it back from its copy: without it what is stored cannot be read")
    return data_keys(settings)


def is_lost(session: Session, key_id: bytes) -> bool:
    """Return whether a key that is not known was ever one of the site's: then more than one value was sealed with it.

    What one value alone names is no key but bytes that were changed, in a file or on the way to it.
    """
    return sum(_naming(session, column, key_id) for column in _sealed_columns()) > 1


def _sealed_columns() -> Iterator[Any]:
    for table, names in SEALED.items():
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
