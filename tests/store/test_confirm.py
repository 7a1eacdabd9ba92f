"""Nothing leaves unconfirmed, one link counts once, and whoever says “not me” is believed at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery.states import State
from advocacy.letters.confirmation import NewerSubmission, confirm, find_pending, withdraw
from advocacy.letters.models import Confirmation, StoredLetter, Submission, SubmissionStatus, Suppression
from tests.citizens import BOTH, EMAIL, NAME, NOW, came_to, confirmed, mails_left, messages, sent_in, settle_in
from tests.databases import both_databases

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def store(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    settle_in(sessions)
    return sessions


def count(sessions: sessionmaker[Session], table: type) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def letters_put(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        owner = {letter.id: letter.legislator_id for letter in session.scalars(select(StoredLetter))}
        return sorted(owner[message.ref] for message in messages(session, "letter"))


def test_looking_tells_to_whom_and_sends_nothing(store: sessionmaker[Session]) -> None:
    confirmation_id = sent_in(store)
    with store.begin() as session:
        waiting = find_pending(session, confirmation_id, now=NOW)
    assert waiting is not None
    assert (waiting.campaign, waiting.language) == ("child-protection", "fr")
    assert [(letter.legislator_id, letter.name) for letter in waiting.letters] == [
        ("mp-1", "Member mp-1"),
        ("mp-2", "Member mp-2"),
    ]
    assert letters_put(store) == []


def test_confirming_puts_one_message_for_each_letter_and_the_same_again_none(store: sessionmaker[Session]) -> None:
    confirmation_id = sent_in(store)
    receipt = confirmed(store, confirmation_id)
    assert receipt
    assert confirmed(store, confirmation_id, now=NOW + 9 * MINUTE) == receipt
    assert confirmed(store, confirmation_id, now=NOW + 11 * MINUTE) is None
    assert letters_put(store) == list(BOTH)
    with store() as session:
        assert set(session.scalars(select(Submission.status))) == {SubmissionStatus.CONFIRMED}
        assert find_pending(session, confirmation_id, now=NOW) is None


@both_databases
def test_twenty_at_once_put_one_message_for_each_letter(store: sessionmaker[Session]) -> None:
    confirmation_id = sent_in(store)
    with ThreadPoolExecutor(20) as pool:
        receipts = set(pool.map(lambda _: confirmed(store, confirmation_id), range(20)))
    assert len(receipts) == 1
    assert None not in receipts
    assert letters_put(store) == list(BOTH)


@pytest.mark.parametrize("late", [timedelta(hours=48), timedelta(days=30)])
def test_a_link_has_an_end(store: sessionmaker[Session], late: timedelta) -> None:
    confirmation_id = sent_in(store)
    mails_left(store)
    assert confirmed(store, confirmation_id, now=NOW + late) is None
    with store.begin() as session:
        assert find_pending(session, confirmation_id, now=NOW + late) is None
        assert withdraw(session, confirmation_id, now=NOW + late) is None
    assert letters_put(store) == []


def test_not_me_erases_at_once_and_stops_further_mail(store: sessionmaker[Session]) -> None:
    confirmation_id = sent_in(store)
    with store.begin() as session:
        assert withdraw(session, confirmation_id, now=NOW)
    assert [count(store, table) for table in (Confirmation, Submission, StoredLetter)] == [0, 0, 0]
    assert count(store, Suppression) == 1
    with store() as session:
        assert [message.state for message in messages(session, "confirmation")] == [State.CANCELLED]
    assert confirmed(store, confirmation_id) is None
    with pytest.raises(NoResultFound):  # nothing was stored
        sent_in(store, key="second")


def test_not_me_after_confirming_comes_too_late(store: sessionmaker[Session]) -> None:
    confirmation_id = sent_in(store)
    confirmed(store, confirmation_id)
    with store.begin() as session:
        assert withdraw(session, confirmation_id, now=NOW) is None
    assert letters_put(store) == list(BOTH)


def test_not_me_takes_what_waits_for_every_spelling_of_the_mailbox(store: sessionmaker[Session]) -> None:
    first, second = (
        sent_in(store, key=spelling, email=f"{spelling}@gmail.com", now=NOW + late)
        for spelling, late in (("victim+1", timedelta()), ("vic.tim", MINUTE))
    )
    sent_in(store, key="somebody else", email="victor@gmail.com")
    with store.begin() as session:
        assert withdraw(session, first, now=NOW + MINUTE)
    assert confirmed(store, second, now=NOW + MINUTE) is None
    assert count(store, Submission) == 1
    with pytest.raises(NoResultFound):
        sent_in(store, key="again", email="victim+2@gmail.com")


def again(store: sessionmaker[Session], *, after: timedelta, email: str = EMAIL) -> list[date | None]:
    with store.begin() as session:
        message = messages(session, "confirmation")[0]
        if message.state is State.READY:
            came_to(session, message, State.ACCEPTED)
    assert confirmed(store, sent_in(store, key="again", email=email, now=NOW + after), now=NOW + after)
    with store() as session:
        stored = session.scalars(select(StoredLetter).where(StoredLetter.created_at == NOW + after))
        return [letter.written_before for letter in stored]


@pytest.mark.parametrize("spelling", [EMAIL, EMAIL.upper()])
def test_one_letter_a_month_to_an_office_is_enough(store: sessionmaker[Session], spelling: str) -> None:
    confirmed(store, sent_in(store, to=["mp-1"]))
    found = again(store, after=DAY, email=spelling)
    assert sorted(map(str, found)) == ["2026-11-25", "None"]
    assert letters_put(store) == list(BOTH)


def test_after_a_month_a_letter_goes_again(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store, to=["mp-1"]))
    assert again(store, after=30 * DAY) == [None, None]


def test_somebody_else_may_write_to_the_same_office(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store, to=["mp-1"]))
    assert again(store, after=DAY, email="another@example.ca") == [None, None]


@pytest.mark.parametrize("state", [State.BOUNCED, State.FAILED, State.CANCELLED])
def test_a_letter_that_came_to_nothing_may_be_written_again(store: sessionmaker[Session], state: State) -> None:
    confirmed(store, sent_in(store, to=["mp-1"]))
    with store.begin() as session:
        came_to(session, messages(session, "letter")[0], state)
    assert again(store, after=DAY) == [None, None]


@both_databases
def test_two_confirmations_of_one_address_at_once_send_one_letter(store: sessionmaker[Session]) -> None:
    first = sent_in(store, to=["mp-1"])
    with store.begin() as session:
        came_to(session, messages(session, "confirmation")[0], State.ACCEPTED)
    second = sent_in(store, to=["mp-1"], key="second", now=NOW + MINUTE)
    with ThreadPoolExecutor(2) as pool:
        receipts = list(
            pool.map(lambda confirmation_id: confirmed(store, confirmation_id, now=NOW + MINUTE), [first, second])
        )
    assert all(receipts)
    assert letters_put(store) == ["mp-1"]


def two_forms(store: sessionmaker[Session], *, to: tuple[str, str]) -> tuple[str, list[str]]:
    confirmation_id = sent_in(store, to=[to[0]], name="Somebody Else")
    assert sent_in(store, to=[to[1]], key="second", now=NOW + MINUTE) == confirmation_id
    with store() as session:
        return confirmation_id, list(session.scalars(select(Submission.id).order_by(Submission.created_at)))


def test_every_form_is_shown_with_its_name_and_its_moment(store: sessionmaker[Session]) -> None:
    confirmation_id, forms = two_forms(store, to=BOTH)
    with store() as session:
        waiting = find_pending(session, confirmation_id, now=NOW)
    assert waiting is not None
    assert [(one.id, one.name, one.created_at) for one in waiting.submissions] == [
        (forms[0], "Somebody Else", NOW),
        (forms[1], NAME, NOW + MINUTE),
    ]
    assert [[letter.legislator_id for letter in one.letters] for one in waiting.submissions] == [["mp-1"], ["mp-2"]]


def test_a_link_tells_of_a_newer_form_to_its_offices_that_has_a_link_of_its_own(store: sessionmaker[Session]) -> None:
    older = sent_in(store, to=["mp-1"])
    mails_left(store)
    newer = sent_in(store, key="second", email=EMAIL.upper(), now=NOW + MINUTE)
    sent_in(store, key="theirs", email="someone.else@example.ca", now=NOW + MINUTE)
    with store() as session:
        told = [find_pending(session, confirmation_id, now=NOW + MINUTE) for confirmation_id in (older, newer)]
    assert [waiting and waiting.newer for waiting in told] == [
        (NewerSubmission(("Member mp-1",), NOW + MINUTE, NOW + 10 * MINUTE, mail_has_left=False),),
        (),
    ]
    assert confirmed(store, newer, now=NOW + 10 * MINUTE)
    assert letters_put(store) == list(BOTH), "the older one was not confirmed"
    with store() as session:
        after = find_pending(session, older, now=NOW + 10 * MINUTE)
    assert after is not None
    assert after.newer == ()


@pytest.mark.parametrize("kept", [0, 1])
def test_a_form_left_out_is_deleted_unsent(store: sessionmaker[Session], kept: int) -> None:
    confirmation_id, forms = two_forms(store, to=BOTH)
    with store.begin() as session:
        assert confirm(session, confirmation_id, now=NOW + MINUTE, per_hour=60, only={forms[kept]})
    assert letters_put(store) == [BOTH[kept]]
    assert (count(store, Submission), count(store, StoredLetter)) == (1, 1)


def test_of_two_letters_to_one_office_what_rode_along_later_is_not_sent(store: sessionmaker[Session]) -> None:
    confirmation_id, forms = two_forms(store, to=("mp-1", "mp-1"))
    assert confirmed(store, confirmation_id, now=NOW + MINUTE)
    with store() as session:
        (message,) = messages(session, "letter")
        letters = {letter.submission_id: letter for letter in session.scalars(select(StoredLetter))}
    assert message.ref == letters[forms[0]].id
    assert letters[forms[1]].written_before == date(2026, 11, 25)


def test_however_a_mailbox_is_spelled_an_office_gets_one_letter_from_it(store: sessionmaker[Session]) -> None:
    """Before: `victim+0…39@` were 40 letters to one member, confirmed by one person."""
    spellings = ["victim+0", "vic.tim", "v.i.c.t.i.m+2"]
    confirmation_ids = [
        sent_in(store, key=one, email=f"{one}@gmail.com", to=["mp-1"], now=NOW + timedelta(minutes=number))
        for number, one in enumerate(spellings)
    ]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda confirmation_id: confirmed(store, confirmation_id, now=NOW + MINUTE), confirmation_ids))
    assert letters_put(store) == ["mp-1"]


def test_a_letter_of_a_row_without_its_mailbox_is_found_by_its_address(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store, key="one", email="victim@gmail.com", to=["mp-1"]))
    with store.begin() as session:
        for table in (Confirmation, Submission):
            session.execute(update(table).values(mailbox_hash=None))
    confirmed(store, sent_in(store, key="two", email="vic.tim+2@gmail.com", to=["mp-1"]))
    assert letters_put(store) == ["mp-1"]
