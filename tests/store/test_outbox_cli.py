"""`advocacy outbox` says in sentences what waits and why, and carries out what only a person can decide."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from pydantic import SecretStr
from sqlalchemy.orm import Session, sessionmaker

from advocacy import dispatch
from advocacy.cli.outbox_command import CONSEQUENCES, NAMES
from advocacy.cli.outbox_command import outbox as outbox_group
from advocacy.delivery import holds, outbox
from advocacy.delivery.models import Actor, Message
from advocacy.delivery.states import State
from advocacy.dispatch import make_kinds
from advocacy.encryption import Keys
from advocacy.letters.models import TO_CITIZEN
from advocacy.settings import Settings
from advocacy.staff.models import StaffEmail
from tests.builders import SECRET
from tests.citizens import confirmed, messages, sent_in, settle_in

Sessions = sessionmaker[Session]
Run = Callable[..., Result]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Teller:
    """Stands where the worker stands: it tells whoever put a message."""

    def __init__(self) -> None:
        self.told: list[tuple[str, State]] = []

    def notify(self, session: Session, message: Message, state: State) -> None:
        self.told.append((message.ref, state))

    def close(self) -> None:
        pass


@pytest.fixture
def teller(monkeypatch: pytest.MonkeyPatch) -> Teller:
    teller = Teller()
    monkeypatch.setattr(dispatch, "make_worker", lambda runtime, now: teller, raising=False)
    return teller


@pytest.fixture
def run(sessions: Sessions, teller: Teller) -> Run:
    settings = SimpleNamespace(recipient_per_hour=60)
    site = SimpleNamespace(sessions=sessions, settings=settings, runtime=None, now=lambda: NOW)

    def run(*words: str) -> Result:
        return CliRunner().invoke(outbox_group, words, obj=site)

    return run


def put(sessions: Sessions, ref: str, state: State = State.READY, *, due_at: datetime = NOW) -> int:
    with sessions.begin() as session:
        message = outbox.put(session, "letter", ref, now=NOW, due_at=due_at)
        message.state = state
        return message.id


def state_of(sessions: Sessions, ref: str) -> State:
    with sessions() as session:
        message = outbox.find(session, "letter", ref)
    assert message is not None
    return message.state


def test_an_empty_outbox_is_said_to_be_one(run: Run) -> None:
    told = run("status")
    assert (told.exit_code, told.stdout) == (0, "There is no message in the outbox.\nSending is not paused.\n")
    assert run("list").stdout == "No message needs a decision.\n"


def test_every_state_is_counted_with_what_it_means(run: Run, sessions: Sessions) -> None:
    for state in State:
        put(sessions, state, state, due_at=NOW - timedelta(minutes=7))
    lines = run("status").stdout.splitlines()
    assert [line.split(":")[0] for line in lines[:-2]] == [f"      1  {state}" for state in State]
    assert lines[0] == "      1  ready: are waiting to be sent"
    assert lines[-2].startswith("The oldest has been due for 7 min; ")


def test_sending_is_paused_and_resumed_and_each_says_so(run: Run, sessions: Sessions) -> None:
    assert run("pause").stdout.startswith("Sending is paused, except ")
    told = "Sending is paused since 2026-11-25 12:00 UTC, by hand; nothing is lost. To resume: advocacy outbox resume\n"
    assert run("pause").stdout == told
    assert run("status").stdout.endswith(told)
    assert run("resume").stdout == "Sending has resumed, in the order planned.\n"
    assert run("resume").stdout == "Sending was not paused.\n"
    with sessions() as session:
        assert holds.current(session) is None


@pytest.mark.parametrize(
    ("reason", "why"),
    [("http_401", "the provider answered http_401"), ("data_keys", "a data key is missing (ADVOCACY_DATA_KEYS)")],
)
def test_a_pause_for_a_wrong_key_is_said_with_whose_it_is(
    run: Run, sessions: Sessions, *, reason: str, why: str
) -> None:
    with sessions.begin() as session:
        holds.hold(session, reason, now=NOW, by=Actor.WORKER)
    assert f"by the worker: {why}; nothing is lost" in run("status").stdout


@pytest.mark.parametrize(
    ("command", "state", "said"),
    [
        ("retry", State.READY, "will be sent again; if it was already sent, the recipient gets it twice."),
        ("cancel", State.CANCELLED, "is cancelled; if it was already sent, it cannot be recalled."),
        ("mark-sent", State.ACCEPTED, "is marked as sent."),
    ],
)
def test_a_decision_is_carried_out_said_and_told(
    run: Run, sessions: Sessions, teller: Teller, *, command: str, state: State, said: str
) -> None:
    number = put(sessions, "one", State.NEEDS_STAFF)
    listed = run("list").stdout
    assert listed.startswith(f"{number:>7}  a letter, since 2026-11-25 12:00 UTC, known to the provider as ")
    assert "mark-sent, retry or cancel" in listed
    told = run(command, str(number))
    assert (told.exit_code, told.stdout) == (0, f"Message {number}, a letter, {said}\n")
    assert state_of(sessions, "one") is state
    assert teller.told == [("one", state)]


@pytest.mark.parametrize("command", ["retry", "cancel", "mark-sent"])
def test_what_was_sent_is_decided_no_more(run: Run, sessions: Sessions, teller: Teller, *, command: str) -> None:
    number = put(sessions, "one", State.DELIVERED)
    told = run(command, str(number))
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.startswith(f"Error: message {number} is delivered; ")
    assert run(command, "99").stderr == "Error: there is no message 99\n"
    assert run(command, "0").exit_code == 2
    assert (state_of(sessions, "one"), teller.told) == (State.DELIVERED, [])


def test_what_is_decided_is_named_by_the_office_it_goes_to(run: Run, sessions: Sessions) -> None:
    settle_in(sessions)
    confirmed(sessions, sent_in(sessions))
    with sessions() as session:
        first, second = (message.id for message in messages(session, "letter"))
    told = run("cancel", str(second)).stdout
    assert (
        told
        == f"Message {second}, the letter to Member mp-2, is cancelled; if it was already sent, it cannot be recalled.\n"
    )
    listed = run("list", "--waiting").stdout
    assert f"{first:>7}  the letter to Member mp-1, due 2026-11-25 22:16 UTC\n" in listed
    assert f"{second:>7}  " not in listed


def test_every_kind_of_message_has_a_name_and_every_mail_somebody_who_waits_for_it() -> None:
    kinds = make_kinds(Settings(secret_key=SecretStr(SECRET)), Keys.make(), now=lambda: NOW)
    assert set(NAMES) == set(kinds)
    assert {*TO_CITIZEN, StaffEmail.INVITATION} <= set(CONSEQUENCES) <= set(NAMES)


def test_what_is_held_is_listed_by_number_with_where_it_is_decided(run: Run, sessions: Sessions) -> None:
    for number in range(3):
        put(sessions, f"held {number}", State.HELD)
    assert run("list").output.splitlines() == [
        "No message needs a decision.",
        "Held until someone has looked at them: 3. A manager finds them under Deliveries, Needs a look.",
    ]
