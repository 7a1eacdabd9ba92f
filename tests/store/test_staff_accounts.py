"""What managers decide about people, two of them at the same moment too."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.language import Language
from advocacy.staff import accounts
from advocacy.staff.accounts import LastManager
from advocacy.staff.models import Account, AuditEntry, Role

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def an_account(sessions: Sessions, name: str, role: Role = Role.MANAGER) -> int:
    with sessions.begin() as session:
        account = Account(
            email=f"{name}@example.ca", name=name, role=role, language=Language.FR, created_at=NOW, active=True
        )
        session.add(account)
        session.flush()
        return account.id


def decided(session: Session, account_id: int) -> Account:
    account = accounts.lock_to_decide(session, account_id)
    assert account is not None
    return account


def roles(sessions: Sessions) -> dict[str, tuple[Role, bool]]:
    with sessions() as session:
        return {one.name: (one.role, one.active) for one in accounts.all_accounts(session)}


def test_the_last_manager_is_neither_demoted_nor_closed(sessions: Sessions) -> None:
    only = an_account(sessions, "only")
    an_account(sessions, "writer", Role.WRITER)
    with sessions.begin() as session, pytest.raises(LastManager):
        accounts.change_role(session, decided(session, only), Role.PUBLISHER, by=only, now=NOW)
    with sessions.begin() as session, pytest.raises(LastManager):
        accounts.close(session, decided(session, only), by=only, now=NOW)
    closed = an_account(sessions, "closed")
    with sessions.begin() as session:
        accounts.close(session, decided(session, closed), by=only, now=NOW)
    with sessions.begin() as session, pytest.raises(LastManager):
        accounts.close(session, decided(session, only), by=only, now=NOW)
    assert roles(sessions)["only"] == (Role.MANAGER, True)


@pytest.mark.parametrize("act", ["demote", "close"])
def test_two_managers_who_remove_each_other_at_the_same_moment_leave_one(sessions: Sessions, act: str) -> None:
    one, two = an_account(sessions, "one"), an_account(sessions, "two")
    together = Barrier(2)

    def remove(by: int, whom: int) -> bool:
        together.wait()
        try:
            with sessions.begin() as session:
                account = decided(session, whom)
                if act == "demote":
                    accounts.change_role(session, account, Role.WRITER, by=by, now=NOW)
                else:
                    accounts.close(session, account, by=by, now=NOW)
        except LastManager:
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(remove, (one, two), (two, one)))

    assert sorted(done) == [False, True]
    assert sum(standing == (Role.MANAGER, True) for standing in roles(sessions).values()) == 1


def test_a_change_of_role_ends_visits_and_the_same_role_again_changes_nothing(sessions: Sessions) -> None:
    manager, writer = an_account(sessions, "manager"), an_account(sessions, "writer", Role.WRITER)
    with sessions.begin() as session:
        account = decided(session, writer)
        uniquifier = account.fs_uniquifier
        accounts.change_role(session, account, Role.WRITER, by=manager, now=NOW)
        assert account.fs_uniquifier == uniquifier
        accounts.change_role(session, account, Role.PUBLISHER, by=manager, now=NOW)
        assert account.fs_uniquifier != uniquifier
    with sessions() as session:
        [entry] = session.scalars(select(AuditEntry))
        assert (entry.act, entry.subject, entry.account_id) == ("role-changed", f"account:{writer}", manager)
        assert (entry.before, entry.after) == ("writer", "publisher")
