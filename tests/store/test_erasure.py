"""What is past its time goes, and what somebody wants gone is found in no file afterwards."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, delete, select, text
from sqlalchemy.orm import Session, sessionmaker

from advocacy.cli.personal_data import erase as erase_command
from advocacy.cli.personal_data import erase_person
from advocacy.cli.personal_data import keys as keys_command
from advocacy.cli.site import Site
from advocacy.database import KEYS_IN_SESSION, make_engine
from advocacy.delivery import outbox
from advocacy.delivery.models import NO_CONTACT, Actor
from advocacy.delivery.states import State
from advocacy.encryption import CannotDecrypt, Keys, hashed
from advocacy.letters import encrypted_columns, erasure, receipts
from advocacy.letters.confirmation import confirm, find_pending, withdraw
from advocacy.letters.encrypted_columns import re_encrypt
from advocacy.letters.models import Confirmation, StoredLetter, Submission, SubmissionStatus
from tests.citizens import (
    BOTH,
    EMAIL,
    KEYS,
    NOW,
    UNCONFIRMED,
    came_to,
    confirmed,
    messages,
    open_sessions,
    sent_in,
    settle_in,
)
from tests.databases import Beginning, Files, both_databases

DAY = timedelta(days=1)
MONTH = timedelta(days=30)
MINUTE = timedelta(minutes=1)
NEWER = Keys((b"n" * 32, *KEYS.newest_first))


@pytest.fixture
def store(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    settle_in(sessions)
    return sessions


def statuses(sessions: sessionmaker[Session]) -> list[SubmissionStatus]:
    with sessions() as session:
        return list(session.scalars(select(Submission.status).order_by(Submission.created_at)))


def left(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        came_to(session, messages(session, "confirmation")[0], State.ACCEPTED)


def kept_letters(sessions: sessionmaker[Session]) -> int:
    with sessions() as session:
        return len(session.scalars(select(StoredLetter).where(StoredLetter.letter_sealed.is_not(None))).all())


@pytest.mark.parametrize("unconfirmed", [UNCONFIRMED, DAY])
def test_what_nobody_confirmed_goes_after_its_time(store: sessionmaker[Session], unconfirmed: timedelta) -> None:
    """A time made shorter counts at once."""
    sent_in(store)
    left(store)
    with store.begin() as session:
        assert erasure.delete_expired(session, now=NOW + unconfirmed - MINUTE, unconfirmed=unconfirmed) == 0
        assert erasure.delete_expired(session, now=NOW + unconfirmed, unconfirmed=unconfirmed) == 1
        assert session.scalars(select(StoredLetter)).all() == []
        assert [message.state for message in messages(session, "confirmation")] == [State.ACCEPTED]
    assert statuses(store) == []


@pytest.mark.parametrize("state", [None, State.SENDING])
def test_what_a_mail_still_to_leave_asks_for_does_not_expire(store: sessionmaker[Session], state: State | None) -> None:
    sent_in(store)
    with store.begin() as session:
        if state:
            came_to(session, messages(session, "confirmation")[0], state)
        assert erasure.delete_expired(session, now=NOW + 9 * UNCONFIRMED, unconfirmed=UNCONFIRMED) == 0
    assert statuses(store) == [SubmissionStatus.AWAITING]


def wait_for_contact(sessions: sessionmaker[Session], kind: str) -> None:
    with sessions.begin() as session:
        for message in messages(session, kind):
            message.reason, message.due_at = NO_CONTACT, message.due_at + timedelta(hours=6)


def give_up(sessions: sessionmaker[Session], kind: str, *, reason: str = "gave_up") -> None:
    """Let every message of a kind need staff, as one does whose attempts are used up or that nothing proves."""
    with sessions.begin() as session:
        for message in messages(session, kind):
            steps = (State.SENDING, State.UNCERTAIN) if reason == "no_proof" else (State.SENDING,)
            for step in (*steps, State.NEEDS_STAFF):
                why = reason if step is State.NEEDS_STAFF else ""
                outbox.make_move(session, message, step, now=NOW, by=Actor.WORKER, reason=why)


@pytest.mark.parametrize("reason", ["gave_up", "no_proof", NO_CONTACT])
def test_what_a_mail_that_never_left_asks_for_goes_after_its_time(store: sessionmaker[Session], reason: str) -> None:
    sent_in(store)
    if reason == NO_CONTACT:
        wait_for_contact(store, "confirmation")
    else:
        give_up(store, "confirmation", reason=reason)
    for late, gone in ((-MINUTE, 0), (timedelta(), 1)):
        with store.begin() as session:
            assert erasure.delete_expired(session, now=NOW + UNCONFIRMED + late, unconfirmed=UNCONFIRMED) == gone
    with store() as session:
        assert [message.state for message in messages(session, "confirmation")] == [State.CANCELLED]
    assert (statuses(store), kept_letters(store)) == ([], 0)


def test_a_held_mail_keeps_what_it_asks_for_until_the_retention_ends(store: sessionmaker[Session]) -> None:
    sent_in(store, hold_reason="no_proof")
    for late, gone in ((-MINUTE, 0), (timedelta(), 1)):
        with store.begin() as session:
            now = NOW + MONTH + late
            assert erasure.delete_expired(session, now=now, unconfirmed=UNCONFIRMED, retention=MONTH) == gone
    assert (statuses(store), kept_letters(store)) == ([], 0)


def test_a_held_letter_is_given_up_after_the_retention_and_stays_for_as_long_again(
    store: sessionmaker[Session],
) -> None:
    confirmed(store, sent_in(store, to=BOTH[:1]))
    with store.begin() as session:
        [letter] = messages(session, "letter")
        letter.state, letter.reason = State.HELD, "alike"
    for late, number in ((-MINUTE, 0), (timedelta(), 1)):
        with store.begin() as session:
            expired = erasure.expire_waiting(session, now=NOW + MONTH + late, retention=MONTH)
            assert [one.state for one in expired] == [State.EXPIRED] * number
            assert erasure.erase_old(session, now=NOW + MONTH + late, retention=MONTH) == 0
    assert kept_letters(store) == 1


def test_a_mail_that_staff_had_tried_again_has_its_whole_time(store: sessionmaker[Session]) -> None:
    sent_in(store)
    give_up(store, "confirmation")
    with store.begin() as session:
        outbox.retry_by_staff(session, messages(session, "confirmation")[0].id, now=NOW + DAY)
    wait_for_contact(store, "confirmation")
    for late, gone in ((-MINUTE, 0), (timedelta(), 1)):
        with store.begin() as session:
            assert erasure.delete_expired(session, now=NOW + DAY + UNCONFIRMED + late, unconfirmed=UNCONFIRMED) == gone


@pytest.mark.parametrize("reason", ["gave_up", "no_proof", NO_CONTACT])
def test_letters_that_nobody_decided_on_or_that_wait_for_a_contact_go_after_their_time(
    store: sessionmaker[Session], reason: str
) -> None:
    confirmed(store, sent_in(store))
    if reason == NO_CONTACT:
        wait_for_contact(store, "letter")
    else:
        give_up(store, "letter", reason=reason)
    for late, gone in ((-MINUTE, 0), (timedelta(), 2)):
        with store.begin() as session:
            assert erasure.erase_old(session, now=NOW + MONTH + late, retention=MONTH) == gone
    assert (statuses(store), kept_letters(store)) == ([SubmissionStatus.ERASED], 0)
    with store() as session:
        assert session.scalars(select(Confirmation)).all() == []
        assert not {State.READY, State.NEEDS_STAFF} & {message.state for message in messages(session, "letter")}


def test_a_letter_that_gave_up_and_is_past_its_time_says_so_while_another_is_kept(store: sessionmaker[Session]) -> None:
    receipt = confirmed(store, sent_in(store))
    with store.begin() as session:
        one, other = messages(session, "letter")
        came_to(session, other, State.ACCEPTED, now=NOW + DAY)
        outbox.make_move(session, one, State.SENDING, now=NOW, by=Actor.WORKER)
        outbox.make_move(session, one, State.NEEDS_STAFF, now=NOW, by=Actor.WORKER, reason="gave_up")
    with store.begin() as session:
        assert erasure.erase_old(session, now=NOW + MONTH, retention=MONTH) == 1
    with store() as session:
        assert [message.state for message in messages(session, "letter")] == [State.EXPIRED, State.ACCEPTED]
        assert receipt
        shown = receipts.receipt(session, receipt, now=NOW + MONTH, retention=MONTH)
    assert shown
    assert {one.state for one in shown.letters} == {State.EXPIRED, State.ACCEPTED}
    assert (statuses(store), kept_letters(store)) == ([SubmissionStatus.CONFIRMED], 1)


@both_databases
def test_what_is_just_being_confirmed_does_not_expire(store: sessionmaker[Session]) -> None:
    confirmation_id, late = sent_in(store), NOW + UNCONFIRMED
    left(store)
    with store.begin() as session:
        assert confirm(session, confirmation_id, now=late - MINUTE, per_hour=60)
        session.flush()
        if session.get_bind().dialect.name == "postgresql":  # SQLite lets one write at a time
            with store.begin() as sweep:
                sweep.execute(text("SET LOCAL lock_timeout = '5s'"))
                assert erasure.delete_expired(sweep, now=late, unconfirmed=UNCONFIRMED) == 0
    with store.begin() as session:
        assert erasure.delete_expired(session, now=late, unconfirmed=UNCONFIRMED) == 0
    assert statuses(store) == [SubmissionStatus.CONFIRMED]
    assert kept_letters(store) == 2


@both_databases
@pytest.mark.parametrize("staff", [False, True])
def test_what_is_being_confirmed_meanwhile_is_erased_as_confirmed_or_not_at_all(
    store: sessionmaker[Session], *, staff: bool
) -> None:
    confirmation_id = sent_in(store)
    left(store)

    def erased() -> int:
        with store.begin() as session:
            if staff:
                return erasure.erase_address(session, EMAIL, now=NOW)
            return bool(withdraw(session, confirmation_id, now=NOW))

    with ThreadPoolExecutor(1) as pool:
        with store.begin() as session:
            assert confirm(session, confirmation_id, now=NOW, per_hour=60)
            asked = pool.submit(erased)
            wait([asked], timeout=0.5)  # it may have read by now that nobody had confirmed
        assert asked.result() == staff
    assert statuses(store) == [SubmissionStatus.ERASED if staff else SubmissionStatus.CONFIRMED]
    with store() as session:
        wanted = State.CANCELLED if staff else State.READY
        assert [message.state for message in messages(session, "letter")] == [wanted, wanted]


def test_a_form_may_be_sent_again_after_it_was_erased(store: sessionmaker[Session]) -> None:
    confirmation_id = confirmed(store, sent_in(store))
    assert confirmation_id
    with store.begin() as session:
        receipts.delete(session, confirmation_id, now=NOW)
        assert session.scalars(select(Submission.key_hash)).one() != hashed("first")
    assert sent_in(store, now=NOW + DAY)
    assert statuses(store) == [SubmissionStatus.ERASED, SubmissionStatus.AWAITING]


def test_words_go_a_while_after_the_last_state_and_the_person_with_the_last_of_them(
    store: sessionmaker[Session],
) -> None:
    confirmation_id = confirmed(store, sent_in(store))
    assert confirmation_id
    with store.begin() as session:
        first, _ = messages(session, "letter")
        came_to(session, first, State.ACCEPTED)
    with store.begin() as session:
        assert erasure.erase_old(session, now=NOW + MONTH - MINUTE, retention=MONTH) == 0
        assert erasure.erase_old(session, now=NOW + MONTH, retention=MONTH) == 1
    assert statuses(store) == [SubmissionStatus.CONFIRMED]
    with store.begin() as session:
        receipt = receipts.receipt(session, confirmation_id, now=NOW)
        assert receipt is not None
        assert [letter.letter is None for letter in receipt.letters] == [True, False]
        came_to(session, messages(session, "letter")[1], State.BOUNCED, now=NOW + DAY)
    with store.begin() as session:
        assert erasure.erase_old(session, now=NOW + DAY + MONTH, retention=MONTH) == 1
        assert session.scalars(select(Confirmation)).all() == []
        assert [message.state for message in messages(session, "letter")] == [State.ACCEPTED, State.BOUNCED]
    assert statuses(store) == [SubmissionStatus.ERASED]
    assert kept_letters(store) == 0


def test_a_letter_not_sent_because_one_went_before_is_forgotten_too(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store))
    with store.begin() as session:
        came_to(session, messages(session, "confirmation")[0], State.ACCEPTED)
    confirmed(store, sent_in(store, key="again", now=NOW + DAY), now=NOW + DAY)
    with store.begin() as session:
        assert erasure.erase_old(session, now=NOW + DAY + MONTH, retention=MONTH) == 2
    assert statuses(store) == [SubmissionStatus.CONFIRMED, SubmissionStatus.ERASED]


def test_an_address_is_erased_whole_and_no_other(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store))
    with store.begin() as session:
        came_to(session, messages(session, "confirmation")[0], State.ACCEPTED)
    waiting = sent_in(store, key="waiting", now=NOW + MINUTE)
    other = sent_in(store, key="other", email="another@example.ca", now=NOW + 2 * MINUTE)
    with store.begin() as session:
        assert erasure.erase_address(session, EMAIL.upper(), now=NOW) == 2
    with store() as session:
        assert find_pending(session, waiting, now=NOW) is None
        assert find_pending(session, other, now=NOW) is not None
        assert {message.state for message in messages(session, "letter")} == {State.CANCELLED}
    assert statuses(store) == [SubmissionStatus.ERASED, SubmissionStatus.AWAITING]


def test_a_new_key_opens_what_an_old_one_sealed(store: sessionmaker[Session]) -> None:
    confirmation_id = sent_in(store)
    receipt = confirmed(store, sent_in(store, key="other", email="another@example.ca", now=NOW + MINUTE))
    assert receipt
    store.configure(info={KEYS_IN_SESSION: lambda: NEWER})
    assert re_encrypt(store) == 2 + 2 + 4
    assert re_encrypt(store) == 0
    alone = Keys(NEWER.newest_first[:1])
    store.configure(info={KEYS_IN_SESSION: lambda: alone})
    with store.begin() as session:
        assert find_pending(session, confirmation_id, now=NOW) is not None
        assert receipts.receipt(session, receipt, now=NOW) is not None
        for row in session.scalars(select(Confirmation)):
            address = row.email
            assert address
            assert row.email_hash == encrypted_columns.address_hashes(alone, address)[0]
        session.info[KEYS_IN_SESSION] = lambda: KEYS
        with pytest.raises(CannotDecrypt):
            find_pending(session, confirmation_id, now=NOW)
        session.info[KEYS_IN_SESSION] = lambda: alone
        assert erasure.erase_address(session, EMAIL, now=NOW) == 1


def test_what_was_erased_stays_so_when_keys_change(store: sessionmaker[Session]) -> None:
    confirmation_id = confirmed(store, sent_in(store))
    assert confirmation_id
    with store.begin() as session:
        receipts.delete(session, confirmation_id, now=NOW)
    store.configure(info={KEYS_IN_SESSION: lambda: NEWER})
    assert re_encrypt(store) == 0
    assert kept_letters(store) == 0


def test_a_missing_key_is_said(store: sessionmaker[Session]) -> None:
    sent_in(store)
    store.configure(info={KEYS_IN_SESSION: lambda: Keys((b"x" * 32,))})
    with pytest.raises(CannotDecrypt):
        re_encrypt(store)


@pytest.fixture
def site(filled_files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sessionmaker[Session]]:
    """The database that commands find by their settings, with a newer key, and one letter that waits."""
    url = filled_files.lay(tmp_path / "site.sqlite3", Beginning.TABLES)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADVOCACY_DATABASE_URL", url)
    monkeypatch.setenv("ADVOCACY_DATA_KEYS", NEWER.text)
    engine = make_engine(url)
    sessions = open_sessions(engine)
    settle_in(sessions)
    yield sessions
    engine.dispose()


def test_the_commands(site: sessionmaker[Session]) -> None:
    sent_in(site)
    left(site)
    confirmed(site, sent_in(site, key="other", email="another@example.ca", now=NOW + MINUTE))
    assert told(keys_command, "rotate") == "rows encrypted with the newest key: 8\n"
    assert told(erase_person, "--email", "Another@Example.CA").startswith("requests of this address erased: 1;")
    assert told(erase_command) == "unconfirmed requests deleted: 1; letters made anonymous: 0\n"
    assert "requests of this address erased: 0;" in run(erase_person, typed="another@example.ca\n").stdout
    assert len(Keys.read(told(keys_command, "make")).newest_first[0]) == 32


def test_whom_only_an_older_key_knows_is_said_when_keys_change(site: sessionmaker[Session]) -> None:
    confirmation_id = sent_in(site)
    with site.begin() as session:
        assert withdraw(session, confirmation_id, now=NOW)
    first, second = told(keys_command, "rotate").splitlines()
    assert first == "rows encrypted with the newest key: 0"
    assert "Keep the older keys after the newest" in second


@pytest.mark.parametrize("email", ["", "camille.essai", f"{EMAIL}, another@example.ca"])
def test_an_address_that_is_none_erases_nothing(site: sessionmaker[Session], email: str) -> None:
    sent_in(site)
    answer = run(erase_person, "--email", email)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "camille" not in answer.stderr
    assert statuses(site) == [SubmissionStatus.AWAITING], "what is past its time was not asked about"


def run(command: click.Command, *arguments: str, typed: str = "") -> Result:
    with ExitStack() as stack:
        return CliRunner().invoke(command, arguments, input=typed, obj=Site(stack, now=lambda: NOW + UNCONFIRMED))


def told(command: click.Command, *arguments: str) -> str:
    answer = run(command, *arguments)
    assert answer.exit_code == 0, answer.output
    return answer.stdout


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgresql_gives_up_the_room_of_what_was_erased(sessions: sessionmaker[Session]) -> None:
    settle_in(sessions)
    sent_in(sessions)
    with sessions.begin() as session:
        engine = session.get_bind()
        assert isinstance(engine, Engine)
    with sessions.begin() as session:
        session.execute(delete(StoredLetter))
        session.execute(delete(Submission))
        session.execute(delete(Confirmation))
    assert erasure.scrub(engine)
    with sessions() as session:
        sizes = [
            session.scalar(text(f"SELECT pg_relation_size('{name}')")) for name in ("confirmations", "submissions")
        ]
    assert sizes == [0, 0]
