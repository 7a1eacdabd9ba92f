"""What managers decide about people, two of them at the same moment too."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy.orm import Session, sessionmaker

from advocacy.language import Language
from advocacy.staff import accounts
from advocacy.staff.accounts import LastManager
from advocacy.staff.models import Account, Role

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
        accounts.change_role(session, decided(session, only), Role.PUBLISHER)
    with sessions.begin() as session, pytest.raises(LastManager):
        accounts.close(session, decided(session, only))
    closed = an_account(sessions, "closed")
    with sessions.begin() as session:
        accounts.close(session, decided(session, closed))
    with sessions.begin() as session, pytest.raises(LastManager):
        accounts.close(session, decided(session, only))
    assert roles(sessions)["only"] == (Role.MANAGER, True)


@pytest.mark.parametrize("act", ["demote", "close"])
def test_two_managers_who_remove_each_other_at_the_same_moment_leave_one(sessions: Sessions, act: str) -> None:
    one, two = an_account(sessions, "one"), an_account(sessions, "two")
    together = Barrier(2)

    def remove(whom: int) -> bool:
        together.wait()
        try:
            with sessions.begin() as session:
                account = decided(session, whom)
                if act == "demote":
                    accounts.change_role(session, account, Role.WRITER)
                else:
                    accounts.close(session, account)
        except LastManager:
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(remove, (two, one)))

    assert sorted(done) == [False, True]
    assert sum(standing == (Role.MANAGER, True) for standing in roles(sessions).values()) == 1


def test_a_change_of_role_ends_visits(sessions: Sessions) -> None:
    writer = an_account(sessions, "writer", Role.WRITER)
    with sessions.begin() as session:
        account = decided(session, writer)
        uniquifier = account.fs_uniquifier
        accounts.change_role(session, account, Role.PUBLISHER)
        assert account.fs_uniquifier != uniquifier
