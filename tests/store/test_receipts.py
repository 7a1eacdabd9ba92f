"""A receipt tells what was sent and what became of it, to whoever holds it, until it is deleted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import MAIL_IN_SESSION
from advocacy.delivery.holds import PAUSED, hold
from advocacy.delivery.models import Actor, Message, ProviderEvent
from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.legislators.directory_queries import bounce_warnings, bounced_addresses, clear_bounced
from advocacy.legislators.models import Legislator
from advocacy.letters import receipts
from advocacy.letters.models import Confirmation, StoredLetter, Submission, SubmissionStatus
from advocacy.letters.outcome_mails import confirmations_moved, letters_moved
from tests.citizens import (
    EMAIL,
    NAME,
    NOW,
    UNCONFIRMED,
    came_to,
    confirmed,
    mails_left,
    messages,
    sent_in,
    settle_in,
    written_to,
)
from tests.databases import both_databases

DAY = timedelta(days=1)


@pytest.fixture
def store(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    settle_in(sessions)
    return sessions


@pytest.fixture
def confirmation_id(store: sessionmaker[Session]) -> str:
    receipt = confirmed(store, sent_in(store))
    assert receipt
    return receipt


def opened(sessions: sessionmaker[Session], confirmation_id: str) -> receipts.Receipt | None:
    with sessions() as session:
        return receipts.receipt(session, confirmation_id, now=NOW, retention=30 * DAY)


def comes_to(sessions: sessionmaker[Session], number: int, state: State, *, test_mode: bool = False) -> None:
    """Let the letter of this number come to a state, and let it be heard."""
    with sessions.begin() as session:
        message = messages(session, "letter")[number]
        came_to(session, message, state)
        letters_moved(session, [(message.ref, state)], NOW, test_mode=test_mode)


def test_it_tells_the_words_and_the_story(store: sessionmaker[Session], confirmation_id: str) -> None:
    comes_to(store, 0, State.ACCEPTED)
    receipt = opened(store, confirmation_id)
    assert receipt is not None
    assert (receipt.name, receipt.confirmed_at, receipt.expires) == (NAME, NOW, None)
    first, second = receipt.letters
    assert first.letter == written_to("mp-1")
    assert [move.state for move in first.moves] == [State.READY, State.SENDING, State.ACCEPTED]
    assert (second.state, second.due_at) == (State.READY, NOW)


def test_it_ends_a_while_after_the_last_word(store: sessionmaker[Session], confirmation_id: str) -> None:
    for number in (0, 1):
        comes_to(store, number, State.ACCEPTED)
    receipt = opened(store, confirmation_id)
    assert receipt is not None
    assert receipt.expires == NOW + 30 * DAY


def test_it_tells_of_a_letter_not_sent_because_one_went_before(
    store: sessionmaker[Session], confirmation_id: str
) -> None:
    with store.begin() as session:
        came_to(session, messages(session, "confirmation")[0], State.ACCEPTED)
    again = confirmed(store, sent_in(store, key="again", now=NOW + DAY), now=NOW + DAY)
    assert again
    receipt = opened(store, again)
    assert receipt is not None
    assert [(str(letter.written_before), letter.state, letter.due_at) for letter in receipt.letters] == [
        ("2026-11-25", None, None)
    ] * 2


def test_what_waits_to_be_confirmed_has_no_receipt(store: sessionmaker[Session]) -> None:
    waiting = sent_in(store)
    assert opened(store, waiting) is None
    with store.begin() as session:
        assert not receipts.delete(session, waiting, now=NOW)


def test_a_receipt_tells_that_sending_is_paused(store: sessionmaker[Session], confirmation_id: str) -> None:
    receipt = opened(store, confirmation_id)
    assert receipt is not None
    assert not receipt.paused
    with store.begin() as session:
        hold(session, PAUSED, now=NOW, by=Actor.STAFF)
    receipt = opened(store, confirmation_id)
    assert receipt is not None
    assert receipt.paused


def test_deleting_leaves_stubs_that_know_no_person(
    store: sessionmaker[Session], confirmation_id: str, tmp_path: Path
) -> None:
    comes_to(store, 0, State.ACCEPTED)
    with store.begin() as session:
        sent, _ = messages(session, "letter")
        ours = tmp_path / f"20261125-{sent.public_id}.eml"
        others = tmp_path / "20261125-another.eml"
        ours.touch()
        others.touch()
        session.add(a_report(sent))
        session.info[MAIL_IN_SESSION] = tmp_path
        assert receipts.delete(session, confirmation_id, now=NOW)
    assert opened(store, confirmation_id) is None
    assert (ours.exists(), others.exists()) == (False, True)
    with store.begin() as session:
        assert receipts.delete(session, confirmation_id, now=NOW) is False
        assert [message.state for message in messages(session, "letter")] == [State.ACCEPTED, State.CANCELLED]
        assert session.scalars(select(ProviderEvent)).all() == []
        assert session.scalars(select(Confirmation)).all() == []
        (submission,) = session.scalars(select(Submission))
        assert (submission.status, submission.confirmation_id) == (SubmissionStatus.ERASED, None)
        assert (submission.name_sealed, submission.email_sealed, submission.email_hash) == (None, None, None)
        for letter in session.scalars(select(StoredLetter)):
            assert (letter.letter_sealed, letter.pins, letter.riding_code) == (None, {}, "35079")


def test_deleting_takes_all_of_the_address_and_nobody_elses(store: sessionmaker[Session], confirmation_id: str) -> None:
    mails_left(store)
    soon = NOW + timedelta(minutes=1)
    second = confirmed(store, sent_in(store, to=["mp-1"], key="second", email=EMAIL.upper(), now=soon), now=soon)
    waiting = sent_in(store, to=["mp-1"], key="third", now=soon)
    neighbour = sent_in(store, key="theirs", email="someone.else@example.ca", now=soon)
    with store.begin() as session:
        assert receipts.delete(session, confirmation_id, now=soon)
    assert second
    assert opened(store, second) is None
    assert confirmed(store, waiting, now=soon) is None
    with store() as session:
        states = [message.state for message in messages(session, "confirmation")]
        assert states == [State.ACCEPTED, State.CANCELLED, State.CANCELLED, State.READY]
        assert {message.state for message in messages(session, "letter")} == {State.CANCELLED}
    assert confirmed(store, neighbour, now=soon)


def a_report(message: Message) -> ProviderEvent:
    return ProviderEvent(
        provider="sendgrid",
        provider_event_id="1",
        public_id=message.public_id,
        kind="delivered",
        reported=State.DELIVERED,
        at=NOW,
        received_at=NOW,
        raw={},
    )


def outcomes(sessions: sessionmaker[Session]) -> int:
    with sessions() as session:
        return len(messages(session, "outcome"))


def test_the_citizen_hears_once_when_all_is_handed_over(store: sessionmaker[Session], confirmation_id: str) -> None:
    comes_to(store, 0, State.ACCEPTED)
    assert outcomes(store) == 0
    comes_to(store, 1, State.ACCEPTED)
    assert outcomes(store) == 1
    with store.begin() as session:
        letters_moved(session, [(messages(session, "letter")[0].ref, State.DELIVERED)], NOW)
    assert outcomes(store) == 1


def test_a_bounce_puts_the_address_in_doubt_until_it_is_trusted_again(
    store: sessionmaker[Session], confirmation_id: str
) -> None:
    comes_to(store, 0, State.BOUNCED)
    comes_to(store, 1, State.FAILED)
    with store.begin() as session:
        assert bounced_addresses(session) == {"mp-1@parl.example": NOW}
        member, other = session.get(Legislator, "mp-1"), session.get(Legislator, "mp-2")
        assert member is not None
        assert other is not None
        assert "no stamp needed" in bounce_warnings(session, member)[0].in_language(Language.EN)
        assert bounce_warnings(session, other) == ()
        assert clear_bounced(session, "MP-1@parl.example")
        session.flush()
        assert bounce_warnings(session, member) == ()
        assert not clear_bounced(session, "mp-1@parl.example")


def test_what_comes_back_from_a_test_address_says_nothing_of_a_member(
    store: sessionmaker[Session], confirmation_id: str
) -> None:
    comes_to(store, 0, State.BOUNCED, test_mode=True)
    with store() as session:
        assert bounced_addresses(session) == {}


def test_a_letter_erased_meanwhile_is_heard_of_in_silence(store: sessionmaker[Session], confirmation_id: str) -> None:
    with store.begin() as session:
        receipts.delete(session, confirmation_id, now=NOW)
        letters_moved(session, [(messages(session, "letter")[0].ref, State.ACCEPTED)], NOW)
        letters_moved(session, [("no such letter", State.ACCEPTED)], NOW)
    assert outcomes(store) == 0


def test_the_time_to_confirm_runs_from_when_the_mail_left(store: sessionmaker[Session]) -> None:
    sent_in(store)
    with store.begin() as session:
        (message,) = messages(session, "confirmation")
        for days, state in enumerate((State.ACCEPTED, State.DELIVERED, State.BOUNCED), 3):
            confirmations_moved(session, [(message.ref, state)], NOW + timedelta(days), unconfirmed=UNCONFIRMED)
            left_at = NOW + timedelta(3)
            times = session.execute(select(Confirmation.due_at, Confirmation.expires_at)).one()
            assert tuple(times) == (left_at, left_at + UNCONFIRMED)


@both_databases
def test_two_letters_handed_over_at_the_same_moment_are_told_of(
    store: sessionmaker[Session], confirmation_id: str
) -> None:
    both_have_moved = Barrier(2)

    def hand_over(number: int) -> None:
        with store.begin() as session:
            message = messages(session, "letter")[number]
            came_to(session, message, State.ACCEPTED)
            if session.get_bind().dialect.name == "postgresql":  # SQLite lets one write at a time
                both_have_moved.wait()
            letters_moved(session, [(message.ref, State.ACCEPTED)], NOW)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(hand_over, (0, 1)))
    assert outcomes(store) == 1
