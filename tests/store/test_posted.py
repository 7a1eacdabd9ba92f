"""A letter that its writer mailed on paper: confirmed and erased like any, put into no outbox, counted as none sent."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery.provider import NothingToSend
from advocacy.encryption import hashed
from advocacy.language import Language
from advocacy.letters import access_export, erasure, receipts
from advocacy.letters.models import (
    ASKED_RETENTION,
    Confirmation,
    FeatureTally,
    LetterTally,
    MessageKind,
    StoredLetter,
    Submission,
)
from advocacy.letters.receipts import SendingMode, headline, timeline
from advocacy.letters.submit import NewSubmission, submit
from tests.citizens import (
    BOTH,
    LIMITS,
    NOW,
    UNCONFIRMED,
    confirmed,
    mails_left,
    messages,
    new_submission,
    sent_in,
    settle_in,
    the_mails,
)

DAY = timedelta(days=1)
POSTED_ON = date(2026, 11, 25)


@pytest.fixture
def store(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    settle_in(sessions)
    return sessions


def posted(sessions: sessionmaker[Session], *, to: tuple[str, ...] = BOTH, key: str = "on paper") -> str:
    """Tell that letters were mailed; give the id of the confirmation."""
    new = replace(new_submission(to=to, key=key), asks_for_answers=True, posted_on=POSTED_ON)
    with sessions.begin() as session:
        submit(session, new, now=NOW, limits=LIMITS, unconfirmed=UNCONFIRMED)
    with sessions() as session:
        asked = select(Confirmation.id).join(Confirmation.submissions).where(Submission.key_hash == hashed(key))
        return session.scalars(asked).one()


def put(sessions: sessionmaker[Session]) -> list[str]:
    """Return the offices that a letter waits for in the outbox."""
    with sessions() as session:
        owner = {one.id: one.legislator_id for one in session.scalars(select(StoredLetter))}
        return sorted(owner[message.ref] for message in messages(session, MessageKind.LETTER))


def test_a_letter_without_an_address_is_stored_only_if_it_was_mailed() -> None:
    new = new_submission(to=["mp-1"])
    [letter] = new.letters
    unreached = replace(letter, letter=replace(letter.letter, recipient=replace(letter.letter.recipient, email=None)))
    with pytest.raises(ValueError, match="e-mail address"):
        replace(new, letters=(unreached,))
    on_paper: NewSubmission = replace(new, letters=(unreached,), asks_for_answers=True, posted_on=POSTED_ON)
    assert on_paper.letters == (unreached,)
    with pytest.raises(ValueError, match="ask about its answer"):
        replace(new, posted_on=POSTED_ON)


def test_confirming_puts_no_letter_and_tells_that_we_will_ask(store: sessionmaker[Session]) -> None:
    confirmation_id = posted(store)
    assert confirmed(store, confirmation_id)
    assert put(store) == []
    with store() as session:
        assert set(session.scalars(select(StoredLetter.posted_on))) == {POSTED_ON}
        assert set(session.scalars(select(Submission.asks_for_answers))) == {True}
        assert [one.kind for one in messages(session, MessageKind.OUTCOME)] == [MessageKind.OUTCOME]
        assert session.scalar(select(func.count()).select_from(LetterTally)) == 0


def test_the_mails_of_a_mailed_letter_are_true(store: sessionmaker[Session]) -> None:
    confirmation_id = posted(store, to=("mp-1",))
    with store() as session:
        [mail] = messages(session, MessageKind.CONFIRMATION)
        asking = the_mails().confirmation(session, mail.ref, "id")
    assert asking.subject == "Confirmez votre adresse"
    assert "postée" in asking.text
    assert "rien n’est envoyé au bureau" in asking.text
    assert "Rien n’est envoyé sans" not in asking.text
    confirmed(store, confirmation_id)
    with store() as session:
        telling = the_mails().outcome(session, messages(session, MessageKind.OUTCOME)[0].ref, "id")
    assert "Member mp-1" in telling.text
    assert "postée par vous le 25 novembre 2026" in telling.text
    assert "/fr/receipt/" in telling.text


def test_what_is_sent_and_what_was_mailed_are_confirmed_together_and_told_apart(store: sessionmaker[Session]) -> None:
    confirmation_id = sent_in(store, to=["mp-1"])
    assert posted(store, to=("mp-2",)) == confirmation_id
    with store() as session:
        [mail] = messages(session, MessageKind.CONFIRMATION)
        asking = the_mails().confirmation(session, mail.ref, "id")
    assert "pour confirmer l’envoi d’une lettre" in asking.text
    assert "une lettre postée" in asking.text
    assert confirmed(store, confirmation_id)
    assert put(store) == ["mp-1"]
    with store() as session:  # the mail at the end tells of both; there is none before the letter has left
        assert messages(session, MessageKind.OUTCOME) == []


def test_whoever_mailed_a_letter_has_written(store: sessionmaker[Session]) -> None:
    confirmed(store, posted(store, to=("mp-1",)))
    confirmed(store, sent_in(store, key="later", now=NOW + DAY), now=NOW + DAY)
    assert put(store) == ["mp-2"]
    with store() as session:
        days = select(StoredLetter.written_before).where(StoredLetter.posted_on.is_(None))
        assert set(session.scalars(days)) == {POSTED_ON, None}


def test_whoever_wrote_may_have_mailed_too(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store, to=["mp-1"]))
    mails_left(store)
    receipt = confirmed(store, posted(store, to=("mp-1",)))
    assert receipt is not None
    with store() as session:
        found = receipts.receipt(session, receipt, now=NOW)
    assert found is not None
    [letter] = found.letters
    assert (letter.state, letter.written_before, letter.posted_on) == (None, None, POSTED_ON)


def test_a_receipt_tells_that_it_was_mailed_and_not_that_it_was_sent(store: sessionmaker[Session]) -> None:
    receipt = confirmed(store, posted(store, to=("mp-1",)))
    assert receipt is not None
    with store() as session:
        found = receipts.receipt(session, receipt, now=NOW)
    assert found is not None
    sending = SendingMode(NOW)
    assert headline(found.letters, ["Yasir Naqvi"], sending).in_language(Language.EN) == (
        "You mailed your letter to Yasir Naqvi"
    )
    lines = [one.text.in_language(Language.EN) for one in timeline(found.letters[0], NOW, sending)]
    assert lines == ["You confirmed your address.", "You mailed it on November 25, 2026."]
    assert found.expires == NOW + ASKED_RETENTION


def test_what_nobody_confirmed_counts_as_no_letter(store: sessionmaker[Session]) -> None:
    posted(store)
    mails_left(store)
    with store.begin() as session:
        assert erasure.delete_expired(session, now=NOW + UNCONFIRMED, unconfirmed=UNCONFIRMED) == 1
        assert session.scalars(select(StoredLetter)).all() == []
        assert session.scalars(select(FeatureTally)).all() == []


def test_it_stays_for_as_long_as_we_ask_and_then_goes(store: sessionmaker[Session]) -> None:
    receipt = confirmed(store, posted(store))
    assert receipt is not None
    month = timedelta(days=30)
    with store.begin() as session:
        data = access_export.of_receipt(session, receipt, now=NOW, retention=month)
        assert data is not None
        assert data["requests"][0]["kept_until"] == (NOW + ASKED_RETENTION).isoformat()
        before = NOW + ASKED_RETENTION - timedelta(minutes=1)
        assert erasure.erase_old(session, now=before, retention=month) == 0
        assert erasure.erase_old(session, now=NOW + ASKED_RETENTION, retention=month) == 2
        assert session.scalars(select(Confirmation)).all() == []
        assert set(session.scalars(select(StoredLetter.posted_on))) == {POSTED_ON}
        assert set(session.scalars(select(StoredLetter.letter_sealed))) == {None}


def test_deleting_takes_it_and_the_mail_about_it(store: sessionmaker[Session]) -> None:
    receipt = confirmed(store, posted(store))
    assert receipt is not None
    with store.begin() as session:
        ref = messages(session, MessageKind.OUTCOME)[0].ref
        assert receipts.delete(session, receipt, now=NOW)
    with store() as session:
        assert set(session.scalars(select(StoredLetter.letter_sealed))) == {None}
        with pytest.raises(NothingToSend):
            the_mails().outcome(session, ref, "id")
