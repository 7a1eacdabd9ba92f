"""`advocacy staff` invites, lists, and helps whoever is locked out, from the machine the site runs on."""

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from pydantic import SecretStr
from sqlalchemy.orm import Session, sessionmaker

from advocacy.language import Language
from advocacy.settings import Settings
from advocacy.signed_links import Purpose, SignedLinks
from advocacy.staff import invitations
from advocacy.staff.models import Account, Role
from tests.builders import SECRET

# By its name: the package shows the command group under the module's own name.
commands = import_module("advocacy.cli.staff")
Sessions = sessionmaker[Session]
Run = Callable[..., Result]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def runtime(sessions: Sessions) -> SimpleNamespace:
    return SimpleNamespace(
        sessions=sessions, settings=Settings(base_url="https://letters.example.ca", secret_key=SecretStr(SECRET))
    )


@pytest.fixture
def run(runtime: SimpleNamespace) -> Run:
    site = SimpleNamespace(sessions=runtime.sessions, runtime=runtime, now=lambda: NOW)
    return lambda *words: CliRunner().invoke(commands.staff, words, obj=site)


def an_account(sessions: Sessions, **different: object) -> None:
    with sessions.begin() as session:
        given = {"email": "maude@example.ca", "name": "Maude", "role": Role.MANAGER, "language": Language.FR}
        session.add(Account(**given | {"created_at": NOW} | different))


def found(sessions: Sessions, said: str) -> object:
    invitation_id = SignedLinks(SECRET).read(Purpose.INVITATION, said.split("/staff/join/")[1].split()[0])
    with sessions() as session:
        return invitations.find(session, invitation_id, now=NOW)


def test_a_link_is_printed_that_lets_in_once(run: Run, sessions: Sessions) -> None:
    said = run("invite", "Maude@Example.ca", "--role", "publisher")
    assert said.exit_code == 0
    assert "maude@example.ca joins as a publisher. It works once, until 2026-12-02 12:00 UTC" in said.output
    assert "https://letters.example.ca/staff/join/" in said.output
    assert found(sessions, said.output) is not None


def test_whoever_has_an_account_gets_a_new_password(run: Run, sessions: Sessions) -> None:
    an_account(sessions)
    assert "maude@example.ca chooses a new password" in run("invite", "maude@example.ca").output


@pytest.mark.parametrize("odd", ["maude", "", "maude@example.ca, karim@example.ca"])
def test_what_is_no_address_is_wrong_use(run: Run, odd: str) -> None:
    assert run("invite", odd).exit_code == 2


def test_a_closed_account_gets_no_link(run: Run, sessions: Sessions) -> None:
    an_account(sessions, active=False)
    said = run("invite", "maude@example.ca")
    assert (said.exit_code, "this account is closed" in said.output) == (1, True)


def test_everybody_is_listed(run: Run, sessions: Sessions) -> None:
    assert "nobody yet" in run("list").output
    an_account(sessions, tf_totp_secret="secret", signed_in_at=NOW)
    run("invite", "karim@example.ca")
    assert run("list").output.splitlines() == [
        "maude@example.ca  manager, two-step verification on, last sign-in 2026-11-25 12:00 UTC",
        "karim@example.ca  writer, invited until 2026-12-02 12:00 UTC",
    ]


def test_a_second_step_is_taken_away(run: Run, sessions: Sessions) -> None:
    an_account(sessions, tf_totp_secret="secret")
    assert run("reset", "MAUDE@example.ca").exit_code == 0
    assert "two-step verification off" in run("list").output
    assert run("reset", "nobody@example.ca").exit_code == 1


def test_a_start_prints_a_link_for_the_first_manager_while_there_is_none(
    runtime: SimpleNamespace, sessions: Sessions
) -> None:
    [first] = commands.first_manager_line(runtime, now=NOW)
    [second] = commands.first_manager_line(runtime, now=NOW)
    assert (found(sessions, first), found(sessions, second) is None) == (None, False)
    an_account(sessions)
    assert list(commands.first_manager_line(runtime, now=NOW)) == []
