"""Of each kind one letter leaves after another, whoever presses at the same time and from which mailbox."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery import outbox
from advocacy.delivery.models import Actor
from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.legislators import corrections
from advocacy.legislators.models import Legislator
from advocacy.letters import encrypted_columns
from advocacy.letters.after_bounce import send_to_other_address
from advocacy.letters.erasure import erase_all
from advocacy.letters.follow_ups import FollowedLetter, FollowLink, WrittenAlready, find_followed, submit_follower
from advocacy.letters.holding import NOTHING_HELD
from advocacy.letters.models import Confirmation, FollowKind, StoredLetter
from advocacy.letters.outcome_mails import letters_moved
from advocacy.letters.submit import NewSubmission, Outcome
from tests.citizens import (
    EMAIL,
    KEYS,
    LIMITS,
    NAME,
    NOW,
    UNCONFIRMED,
    came_to,
    confirmed,
    messages,
    new_submission,
    sent_in,
    settle_in,
)

DAY = timedelta(days=1)
LATER = NOW + 21 * DAY


@pytest.fixture
def store(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    settle_in(sessions)
    return sessions


def sent_once(store: sessionmaker[Session], *, email: str = EMAIL) -> FollowedLetter:
    """Send a letter, which is handed over, and open the form of a follow-up from its receipt."""
    receipt = confirmed(store, sent_in(store, to=["mp-1"], email=email))
    assert receipt is not None
    with store.begin() as session:
        [message] = messages(session, "letter")
        came_to(session, message, State.ACCEPTED)
    return opened(store, receipt, message.ref)


def opened(
    store: sessionmaker[Session], receipt: str, letter_id: str, *, kind: FollowKind = FollowKind.FOLLOW_UP
) -> FollowedLetter:
    with store() as session:
        followed = find_followed(session, FollowLink(letter_id, receipt, kind, LATER))
    assert followed is not None
    return followed


def follower(followed: FollowedLetter, key: str, *, email: str = EMAIL) -> NewSubmission:
    submission = new_submission(to=["mp-1"], key=key, email=email)
    letters = [replace(one, follows_id=followed.first_id, follow_kind=followed.kind) for one in submission.letters]
    return replace(submission, letters=tuple(letters))


def press(
    store: sessionmaker[Session], followed: FollowedLetter, key: str, *, email: str = EMAIL, now: datetime = LATER
) -> tuple[Outcome, str | None]:
    """Send the letter, as the review page's button does."""
    try:
        with store.begin() as session:
            return submit_follower(
                session,
                follower(followed, key, email=email),
                followed,
                now=now,
                limits=LIMITS,
                unconfirmed=UNCONFIRMED,
                per_hour=60,
                holding=NOTHING_HELD,
            )
    except WrittenAlready as earlier:
        return Outcome.SENT, earlier.receipt_id


def count(store: sessionmaker[Session], table: type) -> int:
    with store() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def letters_put(store: sessionmaker[Session]) -> int:
    with store() as session:
        return len(messages(session, "letter"))


def test_of_eight_presses_at_once_one_sends_and_all_lead_to_its_receipt(store: sessionmaker[Session]) -> None:
    followed = sent_once(store)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda tab: press(store, followed, f"tab {tab}"), range(8)))
    receipts_ = {receipt for _, receipt in answers}
    assert len(receipts_) == 1
    assert None not in receipts_
    assert (letters_put(store), count(store, StoredLetter), count(store, Confirmation)) == (2, 2, 2)


def test_a_press_and_confirmations_from_other_mailboxes_at_once_send_one(store: sessionmaker[Session]) -> None:
    followed = sent_once(store)
    others = [f"other{number}@example.ca" for number in range(4)]
    for email in others:
        assert press(store, followed, email, email=email) == (Outcome.SENT, None)
    confirmation_ids = [confirmation_of(store, email) for email in others]
    with ThreadPoolExecutor(8) as pool:
        pressed = pool.map(lambda tab: press(store, followed, f"tab {tab}"), range(4))
        by_mail = pool.map(lambda confirmation_id: confirmed(store, confirmation_id, now=LATER), confirmation_ids)
        assert None not in {receipt for _, receipt in pressed}
        assert None not in set(by_mail)
    assert letters_put(store) == 2


def confirmation_of(store: sessionmaker[Session], email: str) -> str:
    """Return the id of the confirmation that this address is asked for."""
    with store() as session:
        asked = select(Confirmation.id).where(
            Confirmation.email_hash.in_(encrypted_columns.address_hashes(KEYS, email))
        )
        return session.scalars(asked).one()


@pytest.mark.parametrize("writes_again", [True, False])
def test_one_that_came_back_goes_to_another_address_unless_another_was_written(
    store: sessionmaker[Session], *, writes_again: bool
) -> None:
    followed = sent_once(store)
    _, receipt = press(store, followed, "tab 1")
    assert receipt is not None
    with store.begin() as session:
        message = messages(session, "letter")[1]
        came_to(session, message, State.BOUNCED, now=LATER)
        session.get_one(Legislator, "mp-1").email = "new@parl.example"
    hour = LATER + timedelta(hours=1)
    if writes_again:
        press(store, followed, "tab 2", now=hour)
    with store.begin() as session:
        assert send_to_other_address(session, receipt, message.ref, now=hour, per_hour=60)
    assert letters_put(store) == 3
    assert press(store, followed, "tab 3", now=hour)[1] is not None
    assert letters_put(store) == 3


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_report_and_a_press_about_one_letter_do_not_wait_for_each_other(store: sessionmaker[Session]) -> None:
    _, receipt = press(store, sent_once(store), "tab 1")
    assert receipt is not None
    with store.begin() as session:
        message = messages(session, "letter")[1]
        came_to(session, message, State.FAILED, now=LATER)
        office = session.get_one(Legislator, "mp-1")
        corrections.correct(session, office, {"email": "new@parl.example"}, by=1, now=LATER + timedelta(hours=1))

    def send_again() -> bool:
        with store.begin() as session:
            session.execute(text("SET LOCAL application_name = 'press'"))
            return send_to_other_address(session, receipt, message.ref, now=LATER, per_hour=60)

    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'press' AND wait_event_type = 'Lock'"
    )
    with ThreadPoolExecutor(1) as pool:
        with store.begin() as session:
            locked = outbox.locked(session, message.id)
            assert locked is not None
            pressed = pool.submit(send_again)
            with store() as other:
                while not other.scalar(waiting):
                    other.rollback()
            outbox.make_move(session, locked, State.BOUNCED, now=LATER, by=Actor.EVENT)
            letters_moved(session, [(message.ref, State.BOUNCED)], LATER)
        assert pressed.result()
    assert letters_put(store) == 3


def test_no_mail_asks_to_confirm_and_none_is_counted(store: sessionmaker[Session]) -> None:
    followed = sent_once(store)
    with store() as session:
        before = len(messages(session, "confirmation"))
    press(store, followed, "tab 1")
    with store() as session:
        assert len(messages(session, "confirmation")) == before


def test_a_follow_up_counts_for_the_letters_after_it(store: sessionmaker[Session]) -> None:
    press(store, sent_once(store), "tab 1")
    another = sent_in(store, to=["mp-1"], key="another", now=NOW + 45 * DAY)
    confirmed(store, another, now=NOW + 45 * DAY)
    assert letters_put(store) == 2
    with store() as session:
        newest = session.scalars(select(StoredLetter).order_by(StoredLetter.created_at.desc())).first()
        assert newest is not None
        assert newest.written_before == date(2026, 12, 16)


def test_another_letter_sent_meanwhile_stops_a_follow_up(store: sessionmaker[Session]) -> None:
    followed = sent_once(store)
    confirmation_id = sent_in(store, to=["mp-1"], key="another", now=NOW + 31 * DAY)
    confirmed(store, confirmation_id, now=NOW + 31 * DAY)
    later = replace(followed, link=replace(followed.link, issued_at=NOW + 35 * DAY))
    press(store, later, "tab 1", now=NOW + 35 * DAY)
    assert letters_put(store) == 2


def test_thanks_pass_whatever_went_before_in_their_thread(store: sessionmaker[Session]) -> None:
    followed = sent_once(store)
    _, receipt = press(store, followed, "tab 1")
    assert receipt is not None
    with store() as session:
        follow_up = session.scalars(select(StoredLetter).where(StoredLetter.follows_id.is_not(None))).one()
    thanks = opened(store, receipt, follow_up.id, kind=FollowKind.THANKS)
    assert thanks.first_id == followed.first_id
    press(store, thanks, "thanks 1", now=LATER + timedelta(hours=1))
    press(store, thanks, "thanks 2", now=LATER + timedelta(hours=2))
    assert letters_put(store) == 3


def test_erasing_the_first_letter_leaves_no_link_to_it(store: sessionmaker[Session]) -> None:
    followed = sent_once(store)
    press(store, followed, "other", email="other@example.ca")
    confirmed(store, confirmation_of(store, "other@example.ca"), now=LATER)
    with store.begin() as session:
        erase_all(session, [followed.link.confirmation_id], now=LATER, by=Actor.CITIZEN)
    with store() as session:
        rest = session.scalars(select(StoredLetter).where(StoredLetter.letter_sealed.is_not(None))).one()
        assert (rest.follows_id, rest.follow_kind) == (None, FollowKind.FOLLOW_UP)
        assert find_followed(session, followed.link) is None


def test_what_is_known_of_its_citizen_is_read_off_a_letter(store: sessionmaker[Session]) -> None:
    followed = sent_once(store)
    assert followed.answers() == {
        "name": NAME,
        "city": "Ottawa",
        "province": "ON",
        "postal_code": "K1A 0A6",
        "street": "",
        "email": EMAIL,
        "riding": "",
    }
    assert followed.letter.language is Language.FR
