"""Everything sealed is sealed anew with the newest key, a few rows at a time, while the site goes on serving."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from advocacy.encryption import Keys, is_newest
from advocacy.letters import personal
from advocacy.letters.models import Confirmation, StoredLetter, Submission, Suppression

Row: TypeAlias = Confirmation | Submission | StoredLetter
SEALED: Mapping[Any, tuple[str, ...]] = {
    Confirmation: ("email_sealed", "token_sealed", "receipt_sealed"),
    Submission: ("name_sealed", "email_sealed"),
    StoredLetter: ("letter_sealed",),
}
AT_ONCE = 100
"""Rows in one transaction: nobody who sends meanwhile waits long."""


def reseal(sessions: sessionmaker[Session], keys: Keys) -> int:
    """Seal every personal column with the newest key; give how many rows changed. Raises CannotDecrypt.

    Addresses are hashed anew too, so that they are found by the newest key alone; what was hashed of an address that
    is not kept, for those who want no mail, still needs the key it was hashed with.
    """
    return sum(_reseal_table(sessions, table, keys) for table in SEALED)


def never_moved(session: Session) -> int:
    """Count what is found only by the key it was hashed with: addresses that asked to hear no more, by campaign."""
    return session.scalar(select(func.count()).select_from(Suppression)) or 0


def _reseal_table(sessions: sessionmaker[Session], table: Any, keys: Keys) -> int:
    changed, last = 0, ""
    while True:
        with sessions.begin() as session:
            rows = session.scalars(select(table).where(table.id > last).order_by(table.id).limit(AT_ONCE)).all()
            changed += sum(_reseal_row(session, row, keys) for row in rows)
        if not rows:
            return changed
        last = rows[-1].id


def _reseal_row(session: Session, row: Row, keys: Keys) -> bool:
    """Write a row's seals anew, unless it was erased or changed since it was read."""
    session.expunge(row)
    old = {name: getattr(row, name) for name in SEALED[type(row)] if getattr(row, name) is not None}
    if all(is_newest(keys, sealed) for sealed in old.values()):
        return False
    new: dict[str, Any] = {}
    for name in old:
        plain = personal.read(row, name, keys=keys) or ""
        personal.keep(row, name, plain, keys=keys)
        new[name] = getattr(row, name)
        if name == "email_sealed":
            new["email_hash"] = personal.address_hashes(keys, plain)[0]
    table: Any = type(row)
    unchanged = and_(table.id == row.id, *(getattr(table, name) == sealed for name, sealed in old.items()))
    done = update(table).where(unchanged).values(**new).returning(table.id)
    return session.scalar(done, execution_options={"synchronize_session": False}) is not None
