"""Who asked to hear no more can be written to again when they ask for it, and nobody else is."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import event, func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, sessionmaker

from advocacy.cli.personal_data import readmit
from advocacy.database import KEYS_IN_SESSION
from advocacy.encryption import Keys
from advocacy.letters import suppression_list
from advocacy.letters.confirmation import withdraw
from advocacy.letters.encrypted_columns import mailbox_hashes
from advocacy.letters.models import Suppression
from advocacy.letters.suppression_list import Scope, remove
from tests.citizens import CAMPAIGN, EMAIL, KEYS, NOW, sent_in, settle_in

OTHER = "another@example.ca"


@pytest.fixture
def store(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Two addresses that asked to hear no more."""
    settle_in(sessions)
    for email in (EMAIL, OTHER):
        confirmation_id = sent_in(sessions, key=email, email=email)
        with sessions.begin() as session:
            assert withdraw(session, confirmation_id, now=NOW)
    return sessions


def count(sessions: sessionmaker[Session]) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(Suppression)) or 0


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_link_that_is_pressed_while_it_is_answered_is_answered_too(store: sessionmaker[Session]) -> None:
    is_inserting = Event()

    def stop(session: Session) -> None:
        suppression_list.add(session, "a" * 64, campaign=CAMPAIGN, scope=Scope.SITE, now=NOW)

    def is_asking(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT"):
            is_inserting.set()

    def stop_too() -> None:
        with store.begin() as session:
            event.listen(session.connection(), "before_cursor_execute", is_asking)
            stop(session)

    with ThreadPoolExecutor(1) as pool:
        with store.begin() as session:
            stop(session)
            second = pool.submit(stop_too)
            assert is_inserting.wait(10)
        second.result(10)
    assert count(store) == 3


def run(sessions: sessionmaker[Session], *words: str, typed: str) -> Result:
    return CliRunner().invoke(
        readmit, words, input=typed, obj=SimpleNamespace(sessions=sessions, keys=KEYS, now=lambda: NOW)
    )


@pytest.mark.parametrize("spelling", [EMAIL, f"  {EMAIL.upper()}\n"])
def test_an_address_is_asked_to_confirm_again(store: sessionmaker[Session], spelling: str) -> None:
    with pytest.raises(NoResultFound):
        sent_in(store, key="too early")
    answer = run(store, typed=spelling)
    assert (answer.exit_code, answer.stdout.splitlines()[-1]) == (
        0,
        f"mail is allowed to this address again for: {CAMPAIGN}",
    )
    assert sent_in(store, key="again")
    with pytest.raises(NoResultFound):
        sent_in(store, key="the other’s", email=OTHER)


@pytest.mark.parametrize("typed", ["", "camille.essai", "unknown@example.ca"])
def test_what_cannot_be_found_changes_nothing_and_is_not_repeated(store: sessionmaker[Session], typed: str) -> None:
    answer = run(store, typed=typed)
    assert answer.exit_code > 0
    assert not any(word in answer.stderr for word in ("camille", "another", "unknown"))
    assert count(store) == 2


def test_another_campaign_is_left_as_it_is(store: sessionmaker[Session]) -> None:
    assert run(store, "--campaign", "another", typed=EMAIL).exit_code == 1
    assert count(store) == 2
    assert run(store, "--campaign", CAMPAIGN, typed=EMAIL).exit_code == 0
    assert count(store) == 1


def test_an_address_is_known_by_an_older_key_too(store: sessionmaker[Session]) -> None:
    for keys, campaigns in ((Keys.make(), []), (Keys((b"n" * 32, *KEYS.newest_first)), [CAMPAIGN])):
        with store(info={KEYS_IN_SESSION: lambda keys=keys: keys}) as session:
            assert remove(session, EMAIL, now=NOW) == campaigns


def test_an_address_that_wanted_no_mail_of_any_campaign_is_readmitted_to_all_alone(
    store: sessionmaker[Session],
) -> None:
    with store.begin() as session:
        mailbox = mailbox_hashes(KEYS, EMAIL)[0]
        suppression_list.add(session, mailbox, campaign="another", scope=Scope.SITE, now=NOW)
    answer = run(store, "--campaign", CAMPAIGN, typed=EMAIL)
    assert (answer.exit_code, "without --campaign" in answer.output) == (1, True)
    with pytest.raises(NoResultFound):
        sent_in(store, key="still listed")
    answer = run(store, typed=EMAIL)
    assert answer.exit_code == 0
    assert "all campaigns" in answer.output
    assert sent_in(store, key="again")
