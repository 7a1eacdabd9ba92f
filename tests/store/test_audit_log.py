"""The journal's chain: whatever is changed, left out, added or moved breaks it; an erased reason does not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from advocacy.cli.staff import audit as command
from advocacy.database import KEYS_IN_SESSION, make_engine, make_sessions
from advocacy.encryption import Keys
from advocacy.migrations import migrate
from advocacy.runtime import open_runtime
from advocacy.settings import Settings
from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act, erase_reason, find_breaks, write
from advocacy.staff.models import AuditEntry

DOCS = Path(__file__).parents[2] / "docs" / "running.md"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
KEYS = Keys.make()
Sessions = sessionmaker[Session]
Tampering = Callable[[Session], object]


@pytest.fixture
def journal(sessions: Sessions) -> Sessions:
    """A log that was begun without keys."""
    sessions.configure(info={})
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
        return [number for number, _ in find_breaks(session)]


def test_a_journal_that_nobody_touched_is_whole(journal: Sessions) -> None:
    assert _found(journal) == []
    with journal() as session:
        assert [entry.id for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))] == [1, 2, 3, 4, 5]


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


@pytest.fixture
def signed(journal: Sessions) -> Sessions:
    """A log that is older than the keys, and went on with them."""
    journal.configure(info={KEYS_IN_SESSION: lambda: KEYS})
    for number in (6, 7):
        with journal.begin() as session:
            write(session, Act.PUBLISHED, f"revision:{number}", by=None, now=NOW)
    return journal


def test_entries_without_and_with_a_key_are_one_chain(signed: Sessions) -> None:
    assert _found(signed) == []
    with signed() as session:
        assert audit_log.is_signed(session)


def test_whoever_has_the_database_alone_cannot_forge_it(signed: Sessions) -> None:
    """They can chain every entry anew by SHA-256, as it was done before, and no more."""
    with signed.begin() as session:
        session.info.pop(KEYS_IN_SESSION)
        entries = list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
        acts = [entry.subject for entry in entries]
        for entry in entries:
            session.delete(entry)
        session.flush()
        for subject in acts[:-1]:
            write(session, Act.PUBLISHED, subject, by=None, now=NOW)
    with signed() as session:
        assert not audit_log.is_signed(session)
    with signed.begin() as session:
        write(session, Act.PUBLISHED, "revision:7", by=None, now=NOW)
        session.get_one(AuditEntry, 3).subject = "revision:9"
    assert _found(signed)[0] == 3


def test_entries_are_verified_with_any_key_of_the_site_and_with_no_other(signed: Sessions) -> None:
    signed.configure(info={KEYS_IN_SESSION: lambda: Keys((*Keys.make().newest_first, *KEYS.newest_first))})
    assert _found(signed) == []
    signed.configure(info={KEYS_IN_SESSION: Keys.make})
    assert _found(signed) == [6, 7]


def test_the_command_prints_the_end_and_notices_when_it_is_gone(tmp_path: Path) -> None:
    with open_runtime(Settings(database_url=f"sqlite:///{tmp_path / 'advocacy.sqlite3'}"), now=NOW) as runtime:
        for number in (1, 2, 3):
            with runtime.sessions.begin() as session:
                write(session, Act.PUBLISHED, f"revision:{number}", by=None, now=NOW)
        site = SimpleNamespace(sessions=runtime.sessions)
        run = CliRunner().invoke
        told = run(command, ["check"], obj=site)
        last = told.output.split()[-1]
        assert (told.exit_code, len(last), "3 entries" in told.output) == (0, 64, True)
        with runtime.sessions.begin() as session:
            write(session, Act.PUBLISHED, "revision:4", by=None, now=NOW)
        assert run(command, ["check", "--expect", last], obj=site).exit_code == 0
        with runtime.sessions.begin() as session:
            session.execute(delete(AuditEntry).where(AuditEntry.id >= 3))
        assert run(command, ["check"], obj=site).exit_code == 0, "by itself the log cannot know"
        cut = run(command, ["check", "--expect", last], obj=site)
        assert (cut.exit_code, "is gone" in cut.output) == (1, True)


def _swap(session: Session) -> None:
    second, third = session.get_one(AuditEntry, 2), session.get_one(AuditEntry, 3)
    second.subject, third.subject = third.subject, second.subject
