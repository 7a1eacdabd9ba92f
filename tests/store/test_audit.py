"""The journal's chain: whatever is changed, left out, added or moved breaks it; an erased reason does not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import make_engine, make_sessions
from advocacy.migrations import migrate
from advocacy.staff import audit
from advocacy.staff.audit import Act, broken, erase_reason, write
from advocacy.staff.models import AuditEntry
from tests.databases import both_databases

DOCS = Path(__file__).parents[2] / "docs" / "running.md"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
Sessions = sessionmaker[Session]
Tampering = Callable[[Session], object]


@pytest.fixture
def journal(sessions: Sessions) -> Sessions:
    for number in range(1, 6):
        with sessions.begin() as session:
            at, reason = NOW + timedelta(minutes=number), "a complaint" if number == 3 else ""
            write(
                session,
                Act.PUBLISHED,
                f"revision:{number}",
                by=None,
                now=at,
                before={"é": number},
                after=None,
                reason=reason,
            )
    return sessions


def _found(sessions: Sessions) -> list[int]:
    with sessions() as session:
        return [number for number, _ in broken(session)]


@both_databases
def test_a_journal_that_nobody_touched_is_whole(journal: Sessions) -> None:
    assert _found(journal) == []
    with journal() as session:
        assert audit.count(session) == 5
        assert [entry.id for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))] == [1, 2, 3, 4, 5]


@both_databases
@pytest.mark.parametrize(
    ("tamper", "at"),
    [
        (lambda session: session.execute(update(AuditEntry).where(AuditEntry.id == 2).values(subject="revision:9")), 2),
        (
            lambda session: session.execute(
                update(AuditEntry).where(AuditEntry.id == 2).values(account_id=None, act="returned")
            ),
            2,
        ),
        (lambda session: session.execute(update(AuditEntry).where(AuditEntry.id == 4).values(at=NOW)), 4),
        (lambda session: session.execute(update(AuditEntry).where(AuditEntry.id == 4).values(before={"é": 5})), 4),
        (lambda session: session.execute(update(AuditEntry).where(AuditEntry.id == 3).values(reason="another")), 3),
        (lambda session: session.execute(delete(AuditEntry).where(AuditEntry.id == 2)), 3),
        (lambda session: session.execute(delete(AuditEntry).where(AuditEntry.id == 1)), 2),
        (lambda session: _swap(session), 2),
    ],
)
def test_whatever_is_done_to_it_is_found(journal: Sessions, tamper: Tampering, at: int) -> None:
    with journal.begin() as session:
        tamper(session)
    assert _found(journal)[0] == at


def test_an_entry_put_in_is_found(journal: Sessions) -> None:
    with journal.begin() as session:
        last = session.get_one(AuditEntry, 5)
        values = {column: getattr(last, column) for column in list(AuditEntry.__table__.columns.keys())}
        session.add(AuditEntry(**{**values, "id": 6}))
    assert _found(journal) == [6]


def test_an_erased_reason_leaves_the_chain_whole_and_says_so(journal: Sessions) -> None:
    with journal.begin() as session:
        erase_reason(session, session.get_one(AuditEntry, 3), by=None, now=NOW)
    assert _found(journal) == []
    with journal() as session:
        assert session.get_one(AuditEntry, 3).reason is None
        told = session.get_one(AuditEntry, 6)
        assert (told.act, told.subject) == (Act.REASON_ERASED, "entry:3")


def test_the_databases_own_role_can_write_but_neither_change_nor_delete(postgresql_url: str) -> None:
    """The grants are those that docs/running.md tells."""
    from_docs = [
        line for line in (DOCS.read_text("utf-8")).splitlines() if "staff_audit" in line and "advocacy_app" in line
    ]
    assert from_docs, "docs/running.md names the grants"
    engine = make_engine(postgresql_url)
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS advocacy_app"))
        connection.execute(text("CREATE ROLE advocacy_app"))
        connection.execute(text("GRANT USAGE ON SCHEMA public TO advocacy_app"))
        for grant in from_docs:
            connection.execute(text(grant.strip().rstrip(";")))
    try:
        with make_sessions(engine).begin() as session:
            session.execute(text("SET LOCAL ROLE advocacy_app"))
            entry = write(session, Act.PUBLISHED, "revision:1", by=None, now=NOW, reason="why")
            erase_reason(session, entry, by=None, now=NOW)
        for forbidden in ("UPDATE staff_audit SET subject = 'x'", "DELETE FROM staff_audit"):
            with engine.begin() as connection:
                connection.execute(text("SET LOCAL ROLE advocacy_app"))
                with pytest.raises(ProgrammingError, match="permission denied"):
                    connection.execute(text(forbidden))
                connection.rollback()
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP OWNED BY advocacy_app"))
            connection.execute(text("DROP ROLE advocacy_app"))
        engine.dispose()


def _swap(session: Session) -> None:
    second, third = session.get_one(AuditEntry, 2), session.get_one(AuditEntry, 3)
    second.subject, third.subject = third.subject, second.subject
