"""Encrypted columns: each value can be decrypted in its own row and column alone, with the keys of the session."""

from collections.abc import Callable, Iterator
from typing import Any, Self, overload

from sqlalchemy import LargeBinary
from sqlalchemy.orm import MappedColumn, Session, mapped_column, object_session

from advocacy.database import KEYS_IN_SESSION, Base
from advocacy.encryption import Keys, decrypt, encrypt
from advocacy.personal_columns import SEALED, Protection, nothing, personal


def sealed(what: str) -> MappedColumn[bytes | None]:
    """Declare the column of a `Sealed` attribute, and what it holds of a person."""
    return mapped_column(LargeBinary, info=personal(what, Protection.ENCRYPTED, erase=nothing))


class Sealed:
    """A text that is stored encrypted for its own row: `email = Sealed()` is kept in the column `email_sealed`.

    It is read and written with the keys of the row's session, and can be decrypted in no other row or column. None is
    what was erased. Reading raises CannotDecrypt.
    """

    def __set_name__(self, _owner: type, name: str) -> None:
        self.column = f"{name}{SEALED}"

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: Any, owner: type) -> str | None: ...
    def __get__(self, row: Any, owner: type) -> Self | str | None:
        if row is None:
            return self
        encrypted: bytes | None = getattr(row, self.column)
        return None if encrypted is None else decrypt(_keys_of(row), encrypted, of=self._place(row))

    def __set__(self, row: Any, text: str) -> None:
        setattr(row, self.column, encrypt(_keys_of(row), text, of=self._place(row)))

    def _place(self, row: Any) -> str:
        """Name the one place where a value can be decrypted: "submissions.name_sealed:4f…"."""
        return f"{row.__tablename__}.{self.column}:{row.id}"


def sealed_attributes(model: type[Base]) -> dict[str, Sealed]:
    """Return the `Sealed` attributes of a model, by their names."""
    return {name: attribute for name, attribute in vars(model).items() if isinstance(attribute, Sealed)}


def sealed_models() -> Iterator[Any]:
    """Yield the models that have encrypted columns."""
    yield from (mapper.class_ for mapper in Base.registry.mappers if sealed_attributes(mapper.class_))


def keys_of(session: Session) -> Keys:
    """Return the site's keys, which a session of the site holds."""
    find: Callable[[], Keys] = session.info[KEYS_IN_SESSION]
    return find()


def _keys_of(row: Any) -> Keys:
    session = object_session(row)
    if session is None:
        raise RuntimeError("an encrypted column is read and written in a session")
    return keys_of(session)
