"""Letters to an office that takes one mail a day wait for it, go in it once, and come to where it comes to."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.library import import_shipped
from advocacy.database import MAIL_IN_SESSION
from advocacy.delivery import outbox
from advocacy.delivery.models import Actor, Message, MessageMove
from advocacy.delivery.provider import Accepted, Envelope, Kind, NothingToSend, Refused, TryLater, Unknown
from advocacy.delivery.states import State
from advocacy.delivery.worker import Worker
from advocacy.language import Language
from advocacy.letters import digest_delivery, digests, erasure, holding, outcome_mails
from advocacy.letters.confirmation import withdraw
from advocacy.letters.holding import HoldLimits
from advocacy.letters.letter_counts import record
from advocacy.letters.models import (
    DigestLetter,
    FeatureTally,
    MessageKind,
    StoredLetter,
)
from advocacy.offices.models import OfficeSettings
from advocacy.offices.office_settings import settings_of
from advocacy.providers.mail_folder import MailFolder
from advocacy.runtime import shipped_letters
from advocacy.staff.audit_log import Act
from advocacy.staff.office_changes import change_settings
from tests.citizens import NOW, confirmed, messages, sent_in, settle_in
from tests.digests import EVENING, MORNING, OFFICE, digest_of, make_all, take_digests, the_digest_mails, write_letters

Sessions = sessionmaker[Session]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def store(sessions: Sessions) -> Sessions:
    settle_in(sessions)
    with sessions.begin() as session:
        import_shipped(session, shipped_letters(), now=NOW)
    take_digests(sessions)
    return sessions


class Postbox:
    """A provider that keeps what it is given; `fails` is what it raises instead of taking it, `dies` after taking it."""

    name, rehearses = "postbox", False

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.fails: Exception | None = None
        self.dies: BaseException | None = None

    def send(self, envelope: Envelope) -> Accepted:
        if self.fails is not None:
            raise self.fails
        self.mails.append(envelope)
        if self.dies is not None:
            raise self.dies
        return Accepted()

    def close(self) -> None: ...


def a_worker(store: Sessions, postbox: Postbox, clock: Callable[[], datetime]) -> Worker:
    kinds: dict[str, Kind] = {
        MessageKind.DIGEST: Kind(the_digest_mails(now=clock()).digest, digest_delivery.digests_moved),
        MessageKind.LETTER: Kind(_nothing, outcome_mails.letters_moved),
        **{
            kind: Kind(_nothing)
            for kind in (MessageKind.CONFIRMATION, MessageKind.OUTCOME, MessageKind.UNDERWAY, MessageKind.CAME_BACK)
        },
    }
    return Worker(store, postbox, kinds, now=clock, chance=lambda: 0.5, on_alert=lambda _: None, per_hour=60)


def _nothing(session: Session, ref: str, public_id: str) -> Envelope:
    raise NothingToSend


def deliver(store: Sessions, postbox: Postbox, *, now: datetime) -> None:
    worker = a_worker(store, postbox, lambda: now)
    worker.sweep()
    while worker.deliver():
        pass


def states(store: Sessions, kind: str = "letter") -> list[str]:
    with store() as session:
        return [one.state.value for one in messages(session, kind)]


def pause(store: Sessions, until: date | None, *, now: datetime) -> None:
    """Have the office take no letters until a day, or again, as its page does."""
    with store.begin() as session:
        values = replace(settings_of(session, OFFICE), paused_until=until)
        change_settings(session, OFFICE, values, act=Act.OFFICE_CHANGED, by=None, now=now)


def a_letter(store: Sessions, number: int, *, to: tuple[str, ...] = (OFFICE,), now: datetime = EVENING) -> str:
    """Have one citizen write and confirm; return the id of the confirmation."""
    confirmation_id = sent_in(
        store, to=to, key=f"form {number}", email=f"c{number}@example.ca", name=f"Citizen {number}", now=now
    )
    return confirmed(store, confirmation_id, now=now) or ""


def test_six_in_the_morning_is_that_of_ottawa_the_whole_year() -> None:
    assert digests.next_time(EVENING) == MORNING
    assert digests.next_time(MORNING) == MORNING + DAY
    assert digests.latest_time(MORNING) == MORNING
    assert digests.latest_time(MORNING - MINUTE) == MORNING - DAY
    assert digests.next_time(datetime(2026, 7, 1, 3, tzinfo=UTC)) == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert digests.next_time(datetime(2026, 3, 7, 12, tzinfo=UTC)) == datetime(2026, 3, 8, 10, tzinfo=UTC)


def test_letters_of_a_day_leave_in_one_mail_the_next_morning_and_no_worker_sends_one_before(store: Sessions) -> None:
    postbox = Postbox()
    for number in range(3):
        a_letter(store, number)
    assert states(store) == ["digest"] * 3
    deliver(store, postbox, now=EVENING + 2 * HOUR)
    assert make_all(store, now=MORNING - MINUTE) == []
    assert postbox.mails == []
    [digest] = make_all(store)
    assert (digest.legislator_id, digest.day, digest.part) == (OFFICE, date(2026, 11, 26), 1)
    assert make_all(store) == make_all(store, now=MORNING + HOUR) == []
    deliver(store, postbox, now=MORNING)
    [mail] = postbox.mails
    assert all(f"c{number}@example.ca" in mail.text for number in range(3))
    assert states(store) == ["accepted"] * 3
    assert states(store, "digest") == ["accepted"]
    assert states(store, "outcome") == ["cancelled"] * 3, "each citizen is told once; this provider has nothing to send"
    with store() as session:
        moves = session.execute(
            select(MessageMove.state, MessageMove.by)
            .join(Message, Message.id == MessageMove.message_id)
            .where(Message.kind == "letter")
            .order_by(MessageMove.id)
        ).all()
    assert moves == [(State.DIGEST, Actor.SUBMIT)] * 3 + [(State.ACCEPTED, Actor.SWEEP)] * 3


def test_what_comes_after_six_waits_for_the_next_day_and_letters_to_others_leave_at_once(store: Sessions) -> None:
    postbox = Postbox()
    a_letter(store, 1, to=(OFFICE, "mp-2"), now=MORNING + MINUTE)
    assert sorted(states(store)) == ["digest", "ready"]
    assert make_all(store, now=MORNING + 5 * HOUR) == []
    [digest] = make_all(store, now=MORNING + DAY)
    assert digest.day == date(2026, 11, 27)
    deliver(store, postbox, now=MORNING + DAY)
    assert [mail.subject.startswith("1 lettre") for mail in postbox.mails if "List-Id" in mail.headers] == [True]


def test_more_than_one_mail_holds_goes_into_a_second_of_the_same_day(
    store: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest_delivery, "MAX_LETTERS", 2)
    for number in range(5):
        a_letter(store, number)
    made = make_all(store)
    assert [one.part for one in made] == [1, 2, 3]
    mails = [digest_of(store, one) for one in made]
    assert [mail.subject for mail in mails] == [
        "2 lettres de citoyennes et de citoyens, 26 novembre 2026",
        "2 lettres de citoyennes et de citoyens, 26 novembre 2026 (partie 2)",
        "1 lettre d’une citoyenne ou d’un citoyen, 26 novembre 2026 (partie 3)",
    ]
    with store() as session:
        due = [one.due_at for one in messages(session, "digest")]
    assert due == [MORNING, MORNING + MINUTE, MORNING + 2 * MINUTE], "at the pace of any letters"
    monkeypatch.setattr(digest_delivery, "MAX_LETTERS", 200)
    monkeypatch.setattr(digest_delivery, "MAX_CHARACTERS", 10_000)
    for number in range(10, 15):
        a_letter(store, number, now=MORNING + HOUR)
    assert len(make_all(store, now=MORNING + DAY)) > 1, "nor more text than it holds"


def test_an_erased_letter_is_in_no_digest_and_one_of_nothing_else_is_not_sent(store: Sessions) -> None:
    postbox = Postbox()
    for number in range(2):
        a_letter(store, number)
    [digest] = make_all(store)
    assert "c0@example.ca" in digest_of(store, digest).text
    with store.begin() as session:
        assert erasure.erase_address(session, "c0@example.ca", now=MORNING) == 1
    mail = digest_of(store, digest)
    assert ("c0@example.ca" in mail.text, "c1@example.ca" in mail.text) == (False, True)
    with store.begin() as session:
        erasure.erase_address(session, "c1@example.ca", now=MORNING)
    with pytest.raises(NothingToSend):
        digest_of(store, digest)
    deliver(store, postbox, now=MORNING)
    assert postbox.mails == []
    assert states(store, "digest") == ["cancelled"]
    assert states(store) == ["cancelled"] * 2


def test_a_worker_killed_between_handing_over_and_writing_sends_the_digest_twice_at_most(store: Sessions) -> None:
    postbox = Postbox()
    for number in range(3):
        a_letter(store, number)
    make_all(store)
    postbox.dies = KeyboardInterrupt()
    now = MORNING
    for _ in range(6):
        with suppress(KeyboardInterrupt):
            deliver(store, postbox, now=now)
        now += HOUR
    assert len(postbox.mails) == 2
    assert states(store, "digest") == ["needs_staff"]
    assert states(store) == ["digest"] * 3, "nobody is told more than is known"
    with store.begin() as session:
        [digest] = messages(session, "digest")
        outbox.mark_sent_by_staff(session, digest.id, now=now)
        digest_delivery.digests_moved(session, [(digest.ref, State.ACCEPTED)], now)
    assert states(store) == ["accepted"] * 3
    assert [one for mail in postbox.mails for one in range(3) if f"c{one}@example.ca" in mail.text] == [0, 1, 2] * 2


def test_a_digest_that_nobody_knows_of_is_sent_once_more_and_then_its_letters_are_sent(store: Sessions) -> None:
    postbox = Postbox()
    a_letter(store, 1)
    make_all(store)
    postbox.fails = Unknown("connection")
    deliver(store, postbox, now=MORNING)
    assert (states(store, "digest"), states(store)) == (["uncertain"], ["digest"])
    postbox.fails = None
    deliver(store, postbox, now=MORNING + HOUR)
    assert (states(store, "digest"), states(store)) == (["accepted"], ["accepted"])


def test_what_came_back_is_told_of_every_letter_in_it(store: Sessions) -> None:
    postbox = Postbox()
    for number in range(2):
        a_letter(store, number)
    [digest] = make_all(store)
    deliver(store, postbox, now=MORNING)
    with store.begin() as session:
        [row] = messages(session, "digest")
        outbox.follow_report(session, row, State.BOUNCED, now=MORNING + HOUR, by=Actor.EVENT, reason="address")
        digest_delivery.digests_moved(session, [(digest.id, State.BOUNCED)], MORNING + HOUR)
    assert states(store) == ["bounced"] * 2
    with store() as session:
        assert {one.reason for one in messages(session, "letter")} == {"address"}
        assert len(messages(session, "came_back")) == 2


def test_letters_that_did_not_move_with_their_digest_follow_it(store: Sessions) -> None:
    a_letter(store, 1)
    make_all(store)
    with store.begin() as session:
        [digest] = messages(session, "digest")
        for state in (State.SENDING, State.ACCEPTED):
            outbox.make_move(session, digest, state, now=MORNING, by=Actor.WORKER)
    assert states(store) == ["digest"]
    with store.begin() as session:
        digest_delivery.follow_digests(session, now=MORNING + 5 * DAY)
    assert states(store) == ["accepted"], "however long the workers were gone"
    with store.begin() as session:
        outbox.follow_report(
            session, messages(session, "digest")[0], State.DELIVERED, now=MORNING + MINUTE, by=Actor.EVENT
        )
        digest_delivery.follow_digests(session, now=MORNING + 2 * MINUTE)
        digest_delivery.follow_digests(session, now=MORNING + 3 * MINUTE)
    assert states(store) == ["delivered"]


def test_an_office_that_wants_single_mails_again_gets_what_waits_at_its_pace(store: Sessions) -> None:
    for number in range(3):
        a_letter(store, number)
    take_digests(store, takes_digest=False)
    with store.begin() as session:
        digests.follow_settings(session, now=EVENING + HOUR, per_hour=60)
    with store() as session:
        waiting = messages(session, "letter")
    assert [(one.state, one.due_at) for one in waiting] == [
        (State.READY, EVENING + HOUR + nth * MINUTE) for nth in range(3)
    ]
    assert {one.created_at for one in waiting} == {EVENING}, "they count for the day they were confirmed on"
    take_digests(store)
    with store.begin() as session:
        digests.follow_settings(session, now=EVENING + HOUR, per_hour=60)
    assert states(store) == ["digest"] * 3
    assert len(make_all(store)) == 1


def test_what_is_in_a_digest_goes_with_it_whatever_the_office_wants_since(store: Sessions) -> None:
    postbox = Postbox()
    a_letter(store, 1)
    make_all(store)
    take_digests(store, takes_digest=False)
    with store.begin() as session:
        digests.follow_settings(session, now=MORNING, per_hour=60)
    assert states(store) == ["digest"]
    deliver(store, postbox, now=MORNING)
    assert states(store) == ["accepted"]


def test_a_held_letter_goes_with_the_digest_once_it_is_released(store: Sessions) -> None:
    confirmation_id = sent_in(store, to=(OFFICE,), now=EVENING)
    confirmed(store, confirmation_id, now=EVENING, holding=HoldLimits(recipient_per_day=1))
    other = sent_in(store, to=(OFFICE,), key="second", email="second@example.ca", now=EVENING)
    confirmed(store, other, now=EVENING, holding=HoldLimits(recipient_per_day=1))
    assert states(store) == ["digest", "held"]
    with store.begin() as session:
        held = [one.id for one in messages(session, "letter") if one.state is State.HELD]
        holding.release(session, held, now=EVENING + HOUR, per_hour=60)
    assert states(store) == ["digest"] * 2
    [digest] = make_all(store)
    assert digest_of(store, digest).subject.startswith("2 lettres")


def test_a_letter_that_cannot_be_read_fails_alone(store: Sessions) -> None:
    for number in range(2):
        a_letter(store, number)
    with store.begin() as session:
        first = session.scalars(select(StoredLetter).order_by(StoredLetter.created_at, StoredLetter.id)).first()
        assert first is not None
        assert first.letter_sealed is not None
        first.letter_sealed = first.letter_sealed[:-1] + bytes([first.letter_sealed[-1] ^ 1])
    [digest] = make_all(store)
    assert sorted(states(store)) == ["digest", "failed"]
    assert digest_of(store, digest).subject.startswith("1 lettre")
    with store() as session:
        assert len(messages(session, "outcome")) == 1


def test_letters_of_a_campaign_without_a_contact_wait_and_others_go(store: Sessions) -> None:
    a_letter(store, 1)
    with store.begin() as session:
        made = digest_delivery.make_digests(
            session, OFFICE, now=MORNING, per_hour=60, waiting_campaigns={"child-protection"}
        )
    assert made == []
    assert states(store) == ["digest"]


def test_a_letter_that_no_digest_took_in_time_expires_and_its_citizen_is_told(store: Sessions) -> None:
    a_letter(store, 1)
    take_digests(store, paused_until=date(2027, 6, 1))
    late = EVENING + 61 * DAY
    with store.begin() as session:
        assert erasure.expire_waiting(session, now=late - DAY, retention=30 * DAY) == []
        assert erasure.erase_old(session, now=late - DAY, retention=30 * DAY) == 0
    with store.begin() as session:
        expired = erasure.expire_waiting(session, now=late, retention=30 * DAY)
        outcome_mails.letters_moved(session, [(one.ref, one.state) for one in expired], late)
    assert states(store) == ["expired"]
    with store() as session:
        assert len(messages(session, "outcome")) == 1


def test_what_is_in_a_digest_that_nobody_decided_on_is_erased_in_time(store: Sessions) -> None:
    a_letter(store, 1)
    make_all(store)
    with store.begin() as session:
        [digest] = messages(session, "digest")
        for state in (State.SENDING, State.NEEDS_STAFF):
            outbox.make_move(session, digest, state, now=MORNING, by=Actor.WORKER)
    late = MORNING + 31 * DAY
    with store.begin() as session:
        assert erasure.expire_waiting(session, now=late, retention=30 * DAY) == []
        assert erasure.erase_old(session, now=late, retention=30 * DAY) == 1
    with store() as session:
        assert session.scalars(select(DigestLetter)).all() == []
        assert session.scalars(select(StoredLetter.letter_sealed)).all() == [None]


def test_what_is_in_a_digest_that_a_pause_keeps_waits_as_long_as_any_letter_and_its_citizen_is_told(
    store: Sessions,
) -> None:
    a_letter(store, 1)
    make_all(store)
    pause(store, date(2027, 6, 1), now=MORNING + MINUTE)
    with store.begin() as session:
        assert erasure.erase_old(session, now=MORNING + 31 * DAY, retention=30 * DAY) == 0
        assert erasure.expire_waiting(session, now=EVENING + 60 * DAY, retention=30 * DAY) == []
    late = EVENING + 61 * DAY
    with store.begin() as session:
        expired = erasure.expire_waiting(session, now=late, retention=30 * DAY)
        outcome_mails.letters_moved(session, [(one.ref, one.state) for one in expired], late)
    assert states(store) == ["expired"]
    pause(store, None, now=late)
    postbox = Postbox()
    deliver(store, postbox, now=late + DAY)
    assert (postbox.mails, states(store, "digest")) == ([], ["cancelled"])
    with store() as session:
        assert len(messages(session, "outcome")) == 1


def test_a_letter_that_staff_have_sent_once_more_goes_with_the_next_digest(store: Sessions) -> None:
    a_letter(store, 1)
    make_all(store)
    with store.begin() as session:
        [digest], [letter] = messages(session, "digest"), messages(session, "letter")
        # As after a backup is restored: nobody knows whether it left.
        outbox.make_move(session, letter, State.NEEDS_STAFF, now=MORNING, by=Actor.STAFF)
        outbox.make_move(session, digest, State.CANCELLED, now=MORNING, by=Actor.STAFF)
        outbox.retry_by_staff(session, letter.id, now=MORNING)
    for minute in range(2):
        with store.begin() as session:
            digests.follow_settings(session, now=MORNING + minute * MINUTE, per_hour=60)
            digest_delivery.follow_digests(session, now=MORNING + minute * MINUTE)
    assert states(store) == ["digest"]
    [second] = make_all(store, now=MORNING + DAY)
    assert digest_of(store, second, now=MORNING + DAY).subject.startswith("1 lettre")


def test_whoever_takes_back_all_is_told_that_a_digest_may_have_left(store: Sessions) -> None:
    a_letter(store, 1)
    make_all(store)
    with store.begin() as session:
        [digest] = messages(session, "digest")
        outbox.make_move(session, digest, State.SENDING, now=MORNING, by=Actor.WORKER)
    confirmation_id = sent_in(store, to=("mp-2",), key="later", email="c1@example.ca", now=MORNING)
    with store.begin() as session:
        taken_back = withdraw(session, confirmation_id, now=MORNING)
    assert taken_back is not None
    assert taken_back.may_have_left


def test_a_refused_digest_is_a_letter_that_could_not_be_sent(store: Sessions) -> None:
    postbox = Postbox()
    a_letter(store, 1)
    make_all(store)
    postbox.fails = Refused("address", only_this=True)
    deliver(store, postbox, now=MORNING)
    assert (states(store, "digest"), states(store)) == (["failed"], ["failed"])


def test_letters_in_digests_count_for_the_results_of_their_day(store: Sessions) -> None:
    postbox = Postbox()
    for number in range(2):
        a_letter(store, number)
    make_all(store)
    deliver(store, postbox, now=MORNING)
    with store.begin() as session:
        assert record(session, [], now=EVENING + 10 * DAY)
        found = {
            (row.cell, row.letters)
            for row in session.scalars(select(FeatureTally).where(FeatureTally.feature == "outcome"))
        }
    assert found == {("handed_over", 2)}


def test_the_language_is_the_offices_else_that_of_most_letters(store: Sessions) -> None:
    write_letters(store, 5)
    [digest] = make_all(store)
    with store() as session:
        used = session.scalars(select(StoredLetter.language)).all()
    usual = max(Language, key=used.count)
    assert digest_of(store, digest).language is usual
    for wanted in Language:
        with store.begin() as session:
            session.get_one(OfficeSettings, OFFICE).language = wanted
        assert digest_of(store, digest).language is wanted


def test_a_pause_keeps_what_waits_for_a_digest_and_one_that_is_made_until_it_is_over(store: Sessions) -> None:
    postbox = Postbox()
    a_letter(store, 1)
    [digest] = make_all(store)
    a_letter(store, 2, now=MORNING + MINUTE)
    pause(store, date(2026, 11, 28), now=MORNING + 2 * MINUTE)
    end = datetime(2026, 11, 28, 5, tzinfo=UTC)
    deliver(store, postbox, now=MORNING + 3 * MINUTE)
    assert (postbox.mails, states(store, "digest")) == ([], ["ready"])
    with store() as session:
        assert [(one.reason, one.due_at) for one in messages(session, "digest")] == [("office_paused", end)]
        waiting = messages(session, "letter")[1]
        assert (waiting.reason, waiting.due_at) == ("office_paused", end + 6 * HOUR)
        assert len(messages(session, "underway")) == 2, "who waits for it is told"
    with store() as session, pytest.raises(TryLater) as later:
        the_digest_mails(now=MORNING + 3 * MINUTE).digest(session, digest.id, "0" * 32)
    assert later.value.after == end - MORNING - 3 * MINUTE
    a_letter(store, 3, now=MORNING + 5 * MINUTE)
    assert make_all(store, now=MORNING + DAY) == []
    make_all(store, now=end + 6 * HOUR)
    for minute in range(3):
        deliver(store, postbox, now=end + 7 * HOUR + minute * MINUTE)
    assert [[number for number in (1, 2, 3) if f"c{number}@example.ca" in one.text] for one in postbox.mails] == [
        [1],
        [2, 3],
    ]


def test_a_pause_that_is_ended_early_lets_the_digest_leave_at_once(store: Sessions) -> None:
    postbox = Postbox()
    a_letter(store, 1)
    pause(store, date(2026, 12, 20), now=EVENING + MINUTE)
    assert make_all(store) == []
    pause(store, None, now=MORNING + HOUR)
    with store() as session:
        assert messages(session, "letter")[0].due_at == MORNING + DAY
    make_all(store, now=MORNING + HOUR + MINUTE)
    deliver(store, postbox, now=MORNING + HOUR + MINUTE)
    assert len(postbox.mails) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_letter_that_another_transaction_holds_is_passed_over_and_follows(store: Sessions) -> None:
    for number in range(2):
        a_letter(store, number)
    make_all(store)
    with store() as session:
        held, _ = [one.id for one in messages(session, "letter")]
    with store.begin() as erasing:
        outbox.locked_in_order(erasing, [held])
        with store.begin() as session:
            [digest] = messages(session, "digest")
            for state in (State.SENDING, State.ACCEPTED):
                outbox.make_move(session, digest, state, now=MORNING, by=Actor.WORKER)
            digest_delivery.digests_moved(session, [(digest.ref, State.ACCEPTED)], MORNING)
        assert sorted(states(store)) == ["accepted", "digest"]
    with store.begin() as session:
        digest_delivery.follow_digests(session, now=MORNING + MINUTE)
    assert states(store) == ["accepted"] * 2


def test_two_processes_make_each_digest_once(store: Sessions) -> None:
    for number in range(4):
        a_letter(store, number)
    with ThreadPoolExecutor(4) as pool:
        made = [digest for some in pool.map(lambda _: make_all(store), range(4)) for digest in some]
    assert len(made) == 1
    assert len(states(store, "digest")) == 1


def test_a_mail_in_the_folder_of_a_test_site_goes_with_the_first_of_its_letters_that_is_erased(
    store: Sessions, tmp_path: Path
) -> None:
    for number in range(2):
        a_letter(store, number)
    [digest] = make_all(store)
    with store() as session:
        public_id = messages(session, "digest")[0].public_id
        mail = replace(the_digest_mails().digest(session, digest.id, public_id), id=public_id)
    MailFolder(tmp_path, now=lambda: MORNING).send(mail)
    assert len(list(tmp_path.iterdir())) == 1
    with store.begin() as session:
        session.info[MAIL_IN_SESSION] = tmp_path
        erasure.erase_address(session, "c0@example.ca", now=MORNING)
    assert list(tmp_path.iterdir()) == []
