"""What is held waits for a person, for a reason its citizen is told; nothing of it is lost, and nothing leaves early."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.abuse.caps import Cap, TooMany
from advocacy.delivery.states import State
from advocacy.language import Language, day_of
from advocacy.letters import erasure, holding, outcome_mails, receipts
from advocacy.letters.holding import HoldLimits, HoldReason, Refusal
from advocacy.letters.letter_counts import OUTCOME, record
from advocacy.letters.models import Confirmation, FeatureTally, LetterTally, OwnText
from advocacy.letters.own_text import Measure, sketch_of
from tests.citizens import BOTH, KEYS, NOW, UNCONFIRMED, came_to, confirmed, messages, sent_in, settle_in, the_mails

Sessions = sessionmaker[Session]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LIMITS = HoldLimits(kept_percent=40, alike_per_day=5)


@pytest.fixture
def store(sessions: Sessions) -> Sessions:
    settle_in(sessions)
    return sessions


def sketch(text: str) -> bytes:
    words = text.split()
    return sketch_of([" ".join(words[at : at + 3]) for at in range(len(words) - 2)], keys=KEYS)


FLOOD = "vous devriez avoir honte de ce que vous avez fait et nous reviendrons chaque jour jusqu’à ce que vous partiez"


def write(store: Sessions, number: int, *, own: Measure | None, to: str = "mp-1", late: timedelta = timedelta()) -> str:
    """Have one citizen's letter sent in and confirmed; return its state and why."""
    now = NOW + late
    confirmation_id = sent_in(
        store, to=(to,), key=f"form {number} {to}", email=f"c{number}@example.ca", own_text=own, now=now
    )
    confirmed(store, confirmation_id, now=now, holding=LIMITS)
    with store() as session:
        message = messages(session, "letter")[-1]
        return f"{message.state} {message.reason}".strip()


def test_a_flood_of_alike_letters_to_one_office_is_held_from_the_sixth_on(store: Sessions) -> None:
    flood = [Measure(90, sketch(f"{FLOOD} signé {number}")) for number in range(12)]
    assert [write(store, number, own=one) for number, one in enumerate(flood)] == ["ready"] * 5 + ["held alike"] * 7
    assert (
        write(store, 20, own=Measure(90, sketch("une tout autre histoire que la mienne, racontée sans copie")))
        == "ready"
    )
    assert write(store, 21, own=None) == "ready", "letters of the campaign are alike by nature"
    assert write(store, 22, own=flood[0], to="mp-2") == "ready"
    with store() as session:
        groups = session.scalars(select(OwnText.group_key).where(OwnText.legislator_id == "mp-1")).all()
    assert sorted(groups.count(group) for group in set(groups)) == [1, 12]


def test_letters_of_another_day_are_no_flood_and_their_measures_go(store: Sessions) -> None:
    own = Measure(90, sketch(FLOOD))
    for number in range(6):
        write(store, number, own=own)
    with store.begin() as session:
        holding.forget(session, now=NOW + DAY)
        held = [one.ref for one in messages(session, "letter") if one.state is State.HELD]
        assert list(session.scalars(select(OwnText.letter_id))) == held
    assert write(store, 7, own=own, late=DAY + MINUTE) == "ready"


def test_a_flood_whose_letters_are_erased_once_they_left_is_held_all_the_same(store: Sessions) -> None:
    became = []
    for number in range(8):
        own = Measure(90, sketch(f"{FLOOD} signé {number}"))
        confirmation_id = sent_in(
            store, to=("mp-1",), key=f"form {number}", email=f"c{number}@example.ca", own_text=own
        )
        receipt = confirmed(store, confirmation_id, holding=LIMITS)
        with store.begin() as session:
            message = messages(session, "letter")[-1]
            became.append(message.state)
            if message.state is State.READY:
                came_to(session, message, State.ACCEPTED)
            receipts.delete(session, receipt or "", now=NOW + MINUTE)
    assert became == [State.READY] * 5 + [State.HELD] * 3
    with store.begin() as session:
        kept = session.scalars(select(OwnText)).all()
        assert {(one.kept_percent, one.confirmed_at) for one in kept} == {(None, NOW.replace(minute=0))}
        holding.forget(session, now=NOW + DAY)
        assert session.scalars(select(OwnText)).all() == []


def test_a_letter_of_mostly_own_words_is_held_and_one_that_keeps_enough_is_not(store: Sessions) -> None:
    assert write(store, 1, own=Measure(39, None)) == "held own_text"
    assert write(store, 2, own=Measure(40, None)) == "ready"
    assert write(store, 3, own=Measure(None, sketch(FLOOD))) == "ready", "the form asked for these words"


@pytest.mark.parametrize("language", Language)
def test_the_mail_after_confirming_says_who_reads_it_and_why_in_kind_words(store: Sessions, language: Language) -> None:
    write(store, 1, own=Measure(0, None))
    with store() as session:
        [mail] = messages(session, "underway")
        for row in session.scalars(select(Confirmation)):
            row.language = language
        text = the_mails().underway(session, mail.ref, mail.public_id).text
    read, suspect = {Language.EN: ("read your letter", "suspect"), Language.FR: ("lira votre lettre", "soupçon")}[
        language
    ]
    assert read in text
    assert suspect not in text


def test_staff_release_what_is_held_and_it_leaves_in_its_turn(store: Sessions) -> None:
    write(store, 1, own=Measure(0, None))
    write(store, 2, own=None)
    with store.begin() as session:
        held, ready = messages(session, "letter")
        assert ready.due_at == NOW, "what is held takes no slot"
        released = holding.release(session, [held.id, ready.id], now=NOW + MINUTE, per_hour=60)
        assert [(one.id, one.state, one.due_at) for one in released] == [(held.id, State.READY, NOW + MINUTE)]


@pytest.mark.parametrize("refusal", Refusal)
def test_a_refused_letter_is_told_to_its_citizen_with_the_reason_and_never_its_text(
    store: Sessions, refusal: Refusal
) -> None:
    write(store, 1, own=Measure(0, None))
    with store.begin() as session:
        [held] = messages(session, "letter")
        refused = holding.refuse(session, [held.id], refusal, now=NOW)
        outcome_mails.letters_moved(session, [(one.ref, one.state) for one in refused], NOW)
    with store() as session:
        [mail] = messages(session, "outcome")
        envelope = the_mails().outcome(session, mail.ref, mail.public_id)
    assert "Votre lettre n’a pas été envoyée" in envelope.text
    assert holding.REFUSALS[refusal].in_language(Language.FR) in envelope.text
    assert "Ce que vous pouvez faire" in envelope.text
    assert "nous faisons erreur" in envelope.text
    assert envelope.subject == "Votre lettre n’a pas été envoyée"
    assert "honte" not in envelope.text


def counted(store: Sessions) -> int:
    with store() as session:
        return session.scalar(select(func.sum(LetterTally.letters))) or 0


def test_a_flood_that_staff_refuse_is_in_no_figure_and_what_they_release_is(store: Sessions) -> None:
    for number in range(4):
        write(store, number, own=Measure(0, None))
    write(store, 5, own=None)
    assert counted(store) == 1
    with store.begin() as session:
        held = [one.id for one in messages(session, "letter") if one.state is State.HELD]
        holding.refuse(session, held[:2], Refusal.ALIKE, now=NOW)
        holding.release(session, held[2:3], now=NOW + DAY, per_hour=60)
    assert counted(store) == 2
    with store.begin() as session:
        record(session, [], now=NOW + 9 * DAY)
        outcomes = select(FeatureTally.day, FeatureTally.letters).where(FeatureTally.feature == OUTCOME)
        days = {row.day: row.letters for row in session.execute(outcomes)}
    assert days == {day_of(NOW): 1, day_of(NOW + DAY): 1}


def test_where_another_letter_still_waits_the_refusal_is_told_at_once(store: Sessions) -> None:
    confirmation_id = sent_in(store, to=BOTH, own_text=Measure(0, None))
    confirmed(store, confirmation_id, holding=LIMITS)
    with store.begin() as session:
        held = messages(session, "letter")
        refused = holding.refuse(session, [held[0].id], Refusal.THREAT, now=NOW)
        outcome_mails.letters_moved(session, [(one.ref, one.state) for one in refused], NOW)
        assert messages(session, "outcome") == []
        [mail] = messages(session, "refused")
        envelope = the_mails().refused(session, mail.ref, mail.public_id)
    assert "Member mp-1" in envelope.text
    assert "Member mp-2" not in envelope.text


def test_a_letter_nobody_read_in_time_is_told_to_its_citizen(store: Sessions) -> None:
    write(store, 1, own=Measure(0, None))
    late = NOW + timedelta(days=30)
    with store.begin() as session:
        expired = erasure.expire_waiting(session, now=late, retention=timedelta(days=30))
        outcome_mails.letters_moved(session, [(one.ref, one.state) for one in expired], late)
        [mail] = messages(session, "outcome")
        text = the_mails(now=late).outcome(session, mail.ref, mail.public_id).text
    assert holding.NOT_READ.in_language(Language.FR) in text
    assert "nous faisons erreur" not in text


def test_a_held_confirmation_is_counted_for_its_address_when_it_is_released(store: Sessions) -> None:
    first = sent_in(store, key="first", hold_reason=HoldReason.NO_PROOF)
    again = sent_in(store, key="second", hold_reason=HoldReason.NO_PROOF)
    assert first == again, "one mail for all forms of an address"
    assert sent_in(store, key="third") != first
    with store.begin() as session:
        held, ready = messages(session, "confirmation")
        assert (held.state, held.reason, ready.state, ready.due_at) == (
            State.HELD,
            HoldReason.NO_PROOF,
            State.READY,
            NOW,
        )
        [released] = holding.release(session, [held.id], now=NOW + MINUTE, per_hour=60)
        assert released.due_at == NOW + timedelta(minutes=10), "ten minutes after the address's last mail"
        row = session.get_one(Confirmation, held.ref)
        assert (row.due_at, row.expires_at) == (released.due_at, released.due_at + UNCONFIRMED)
        came_to(session, held, State.ACCEPTED, now=NOW + timedelta(minutes=10))


def test_no_mailbox_has_mails_for_weeks_when_what_is_held_is_released(store: Sessions) -> None:
    for number in range(3):
        sent_in(store, key=f"form {number}", email=f"victim+{number}@gmail.com", hold_reason=HoldReason.BOUNCES)
    with pytest.raises(TooMany) as refused:
        sent_in(store, key="form 3", email="vic.tim@gmail.com", hold_reason=HoldReason.BOUNCES)
    assert refused.value.cap is Cap.MAILBOX
    sent_in(store, key="form 4", email="victim+1@gmail.com", hold_reason=HoldReason.BOUNCES)  # shares a mail
    sent_in(store, key="form 5", email="another@gmail.com", hold_reason=HoldReason.BOUNCES)
    with store.begin() as session:
        held = [one.id for one in messages(session, "confirmation") if one.state is State.HELD]
        released = holding.release(session, held, now=NOW, per_hour=60)
        assert len(released) == 4
        assert max(one.due_at for one in released) <= NOW + DAY
