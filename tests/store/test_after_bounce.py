"""A letter that came back is mailed on paper, or sent to another address: once, however often a button is pressed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery import outbox
from advocacy.delivery.models import Actor
from advocacy.delivery.states import State
from advocacy.legislators import corrections
from advocacy.legislators.directory_queries import is_bounced, mark_bounced
from advocacy.legislators.models import Legislator, OfficeAddress, Status
from advocacy.letters import after_bounce, erasure, receipts
from advocacy.letters.answers import put_questions
from advocacy.letters.letter import from_json
from advocacy.letters.models import LetterTally, MessageKind, StoredLetter, Submission
from advocacy.letters.outcome_mails import letters_moved
from advocacy.letters.receipts import Receipt
from advocacy.offices.office_settings import OfficeValues, change, other_address
from tests.citizens import BOTH, NOW, came_to, confirmed, messages, sent_in, settle_in, the_mails

DAY = timedelta(days=1)
TODAY = date(2026, 11, 25)
NEWER = "mp-1.new@parl.example"


@pytest.fixture
def store(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    settle_in(sessions)
    return sessions


def returned(sessions: sessionmaker[Session], state: State = State.BOUNCED, *, to: tuple[str, ...] = ("mp-1",)) -> str:
    """Send letters that come back; give the confirmation."""
    receipt = confirmed(sessions, sent_in(sessions, to=to))
    assert receipt is not None
    with sessions.begin() as session:
        for message in messages(session, MessageKind.LETTER):
            came_to(session, message, state)
            letters_moved(session, [(message.ref, state)], NOW)
    return receipt


def corrected(sessions: sessionmaker[Session], email: str | None = NEWER) -> None:
    with sessions.begin() as session:
        session.execute(update(Legislator).where(Legislator.id == "mp-1").values(email=email))


def under(sessions: sessionmaker[Session], receipt: str) -> Receipt:
    with sessions() as session:
        found = receipts.receipt(session, receipt, now=NOW)
    assert found is not None
    return found


def pressed(sessions: sessionmaker[Session], receipt: str, letter: str, *, at: datetime = NOW) -> bool:
    with sessions.begin() as session:
        return after_bounce.send_to_other_address(session, receipt, letter, now=at, per_hour=60)


def test_a_letter_is_sent_to_another_address_once_however_often_it_is_pressed(store: sessionmaker[Session]) -> None:
    receipt = returned(store)
    [first] = under(store, receipt).letters
    corrected(store)
    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(lambda _: pressed(store, receipt, first.id), range(8))) == [*[False] * 7, True]
    before, second = under(store, receipt).letters
    assert before == first
    assert second.state is State.READY
    assert second.letter is not None
    assert second.letter.recipient.email == NEWER
    with store() as session:
        assert len(messages(session, MessageKind.LETTER)) == 2
        sent = the_mails().letter(session, second.id, "id")
        assert after_bounce.sent_elsewhere(session, [first.id, second.id]) == {first.id}
        assert session.scalar(select(func.sum(LetterTally.letters))) == 2
    assert sent.to.address == NEWER
    assert sent.reply_to is not None
    assert sent.reply_to.address == "camille.essai@example.ca"


def test_the_same_words_and_code_are_sent_again(store: sessionmaker[Session]) -> None:
    receipt = returned(store)
    [first] = under(store, receipt).letters
    with store.begin() as session:
        session.execute(update(StoredLetter).values(code_hash="c" * 64, own_words=12))
    corrected(store)
    assert pressed(store, receipt, first.id)
    _, second = under(store, receipt).letters
    assert first.letter is not None
    assert second.letter is not None
    assert second.letter.body == first.letter.body
    with store() as session:
        codes = {one.id: (one.code_hash, one.own_words) for one in session.scalars(select(StoredLetter))}
    assert codes == {first.id: (None, 12), second.id: ("c" * 64, 12)}


@pytest.mark.parametrize("email", ["mp-1@parl.example", "MP-1@parl.example", None])
def test_without_another_address_nothing_is_sent(store: sessionmaker[Session], email: str | None) -> None:
    receipt = returned(store)
    [first] = under(store, receipt).letters
    corrected(store, email)
    assert not pressed(store, receipt, first.id)
    assert len(under(store, receipt).letters) == 1


def test_an_address_that_mail_came_back_from_is_no_other(store: sessionmaker[Session]) -> None:
    returned(store)
    corrected(store)
    with store.begin() as session:
        office = session.get_one(Legislator, "mp-1")
        assert other_address(session, office, "mp-1@parl.example", now=NOW) == NEWER
        mark_bounced(session, "mp-1", now=NOW, reason="550")
        assert other_address(session, office, "mp-1@parl.example", now=NOW) == ""
    with store.begin() as session:
        session.execute(update(Legislator).values(status=Status.LEFT, email="someone@parl.example"))
        session.expire_all()
        assert other_address(session, session.get_one(Legislator, "mp-1"), "mp-1@parl.example", now=NOW) == ""


@pytest.mark.parametrize(("left", "doubted"), [(NOW, False), (NOW + 2 * DAY, True)])
def test_a_return_of_what_left_before_a_correction_says_nothing_of_the_address_that_is_right_now(
    store: sessionmaker[Session], left: datetime, *, doubted: bool
) -> None:
    assert confirmed(store, sent_in(store, to=("mp-1",)))
    with store.begin() as session:
        office = session.get_one(Legislator, "mp-1")
        corrections.correct(session, office, {"email": NEWER}, by=1, now=NOW + DAY)
        [message] = messages(session, MessageKind.LETTER)
        came_to(session, message, State.ACCEPTED, now=left)
        outbox.make_move(session, message, State.BOUNCED, now=NOW + 3 * DAY, by=Actor.EVENT)
        letters_moved(session, [(message.ref, State.BOUNCED)], NOW + 3 * DAY)
        assert is_bounced(session, NEWER) is doubted
        assert other_address(session, office, "mp-1@parl.example", now=NOW) == ("" if doubted else NEWER)


@pytest.mark.parametrize("state", [State.ACCEPTED, State.CANCELLED, State.SENDING])
def test_only_what_came_back_is_sent_again_or_mailed(store: sessionmaker[Session], state: State) -> None:
    receipt = returned(store, state)
    [first] = under(store, receipt).letters
    corrected(store)
    assert not pressed(store, receipt, first.id)
    with store.begin() as session:
        assert not after_bounce.note_posted(session, receipt, first.id, now=NOW)


def test_nobody_sends_the_letter_of_another_receipt(store: sessionmaker[Session]) -> None:
    receipt = returned(store)
    other = confirmed(store, sent_in(store, to=["mp-2"], key="other", email="someone@example.ca"))
    assert other is not None
    [first] = under(store, receipt).letters
    corrected(store)
    assert not pressed(store, other, first.id)
    with store.begin() as session:
        assert not after_bounce.note_posted(session, other, first.id, now=NOW)
        assert not after_bounce.note_posted(session, "no receipt", first.id, now=NOW)


def test_whoever_mails_it_is_asked_about_the_answer_from_the_first_press_on(store: sessionmaker[Session]) -> None:
    receipt = returned(store)
    [first] = under(store, receipt).letters
    for day in range(3):
        with store.begin() as session:
            noted = after_bounce.note_posted(session, receipt, first.id, now=NOW + day * DAY)
        assert noted is (day == 0)
    with store() as session:
        [letter] = session.scalars(select(StoredLetter))
        assert letter.posted_on == TODAY
        assert letter.submission is not None
        assert letter.submission.asks_for_answers
    corrected(store)
    assert not pressed(store, receipt, first.id), "it is on its way already"


def test_erasing_takes_the_second_letter_too(store: sessionmaker[Session]) -> None:
    receipt = returned(store)
    [first] = under(store, receipt).letters
    corrected(store)
    assert pressed(store, receipt, first.id)
    with store.begin() as session:
        assert receipts.delete(session, receipt, now=NOW)
    with store() as session:
        assert set(session.scalars(select(StoredLetter.letter_sealed))) == {None}
        assert set(session.scalars(select(Submission.email_sealed))) == {None}
        assert [one.state for one in messages(session, MessageKind.LETTER)] == [State.BOUNCED, State.CANCELLED]
    assert not pressed(store, receipt, first.id)


def test_the_second_letter_stays_as_long_as_any(store: sessionmaker[Session]) -> None:
    receipt = returned(store)
    [first] = under(store, receipt).letters
    corrected(store)
    assert pressed(store, receipt, first.id)
    with store.begin() as session:
        came_to(session, messages(session, MessageKind.LETTER)[1], State.ACCEPTED, now=NOW + 10 * DAY)
    with store.begin() as session:
        assert erasure.erase_old(session, now=NOW + 30 * DAY, retention=30 * DAY) == 1
        kept = session.scalars(select(StoredLetter).where(StoredLetter.letter_sealed.is_not(None))).all()
        assert [one.letter is not None for one in kept] == [True]
        assert from_json(kept[0].letter or "").recipient.email == NEWER


def test_the_mail_about_a_return_offers_paper_and_the_telephone(store: sessionmaker[Session]) -> None:
    with store.begin() as session:
        session.get_one(Legislator, "mp-1").addresses = (OfficeAddress("legislature", (), "613-555-0100"),)
    returned(store)
    with store() as session:
        [mail] = [*messages(session, MessageKind.CAME_BACK), *messages(session, MessageKind.OUTCOME)]
        told = the_mails().outcome(session, mail.ref, "id") if mail.kind == MessageKind.OUTCOME else None
        told = told or the_mails().came_back(session, mail.ref, "id")
    assert "613-555-0100" in told.text
    assert "PDF" in told.text
    assert "timbre" in told.text
    assert "autre adresse" not in told.text
    corrected(store)
    with store() as session:
        again = the_mails().outcome(session, mail.ref, "id")
        tested = the_mails(test_mode=True).outcome(session, mail.ref, "id")
    assert "autre adresse" in again.text
    assert "autre adresse" not in tested.text


def test_two_letters_that_came_back_are_each_sent_on_their_own(store: sessionmaker[Session]) -> None:
    receipt = returned(store, to=BOTH)
    with store.begin() as session:
        for id_ in BOTH:
            session.execute(update(Legislator).where(Legislator.id == id_).values(email=f"{id_}.new@parl.example"))
    letters = under(store, receipt).letters
    assert [pressed(store, receipt, one.id) for one in letters] == [True, True]
    assert len(under(store, receipt).letters) == 4


def test_where_letters_go_to_an_address_of_the_office_s_own_no_other_is_offered(store: sessionmaker[Session]) -> None:
    receipt = returned(store)
    [first] = under(store, receipt).letters
    corrected(store)
    with store.begin() as session:
        change(session, "mp-1", OfficeValues(email="own@parl.example", email_from=NOW), now=NOW)
    assert not pressed(store, receipt, first.id)


def test_where_the_office_s_own_address_sends_letters_back_the_directory_s_is_another(
    store: sessionmaker[Session],
) -> None:
    with store.begin() as session:
        change(session, "mp-1", OfficeValues(email="own@parl.example", email_from=NOW), now=NOW)
    receipt = returned(store)
    [first] = under(store, receipt).letters
    with store() as session:
        assert is_bounced(session, "own@parl.example")
        assert not is_bounced(session, "mp-1@parl.example")
    assert pressed(store, receipt, first.id, at=NOW + DAY)
    with store() as session:
        assert the_mails(now=NOW + DAY).letter(session, under(store, receipt).letters[1].id, "id").to.address == (
            "mp-1@parl.example"
        )


def test_the_answer_is_asked_about_two_weeks_after_it_was_mailed_and_not_after_the_return(
    store: sessionmaker[Session],
) -> None:
    receipt = returned(store)
    [first] = under(store, receipt).letters
    with store.begin() as session:
        assert put_questions(session, now=NOW + 15 * DAY) == 0
    with store.begin() as session:
        assert after_bounce.note_posted(session, receipt, first.id, now=NOW + 2 * DAY)
    for day, put in ((14, 0), (15, 0), (17, 1), (18, 0)):
        with store.begin() as session:
            assert put_questions(session, now=NOW + day * DAY) == put, day
    with store.begin() as session:  # it is still there for the second question
        assert erasure.erase_old(session, now=NOW + 40 * DAY, retention=30 * DAY) == 0
