"""What a citizen submits is stored once, whole and sealed, with one mail that asks them, or not at all."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from advocacy.abuse.caps import Cap, Limits, TooMany
from advocacy.database import KEYS_IN_SESSION, Base
from advocacy.delivery import outbox
from advocacy.delivery.claims import claim
from advocacy.delivery.models import Actor, Message
from advocacy.delivery.states import State
from advocacy.encryption import Keys
from advocacy.language import Language
from advocacy.legislators.legislatures import COMMONS
from advocacy.legislators.models import Legislator, Status
from advocacy.legislators.recipient import Office, Recipient
from advocacy.letters import encrypted_columns, erasure
from advocacy.letters.choices import choices_sent
from advocacy.letters.compose import compose
from advocacy.letters.letter import from_json
from advocacy.letters.models import ALL_CAMPAIGNS, Confirmation, StoredLetter, Submission, SubmissionStatus, Suppression
from advocacy.letters.submit import FormUsed, NewLetter, NewSubmission, submit
from tests.builders import OWN_WORDS, TODAY, a_member, a_senator, a_template, some_answers
from tests.citizens import KEYS
from tests.claims import record
from tests.databases import both_databases

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
EMAIL = "camille.essai@example.ca"
LIMITS = Limits(network_per_day=50, site_per_day=1000)
UNCONFIRMED = timedelta(hours=48)
CAMPAIGN, TEXT = "child-protection", "f" * 16
SENATOR = a_senator(email="anne.roy@sen.example")


@pytest.fixture
def site(sessions: Sessions) -> Sessions:
    """A database that knows two people to write to."""
    with sessions.begin() as session:
        session.add_all(
            Legislator(
                id=recipient.id,
                chamber=COMMONS,
                office=Office.MEMBER,
                status=Status.SITTING,
                name=recipient.name,
                source="a test",
                as_of=date(2026, 11, 25),
            )
            for recipient in (a_member(), SENATOR)
        )
    return sessions


def to_send(recipient: Recipient, language: Language = Language.EN, **different: Any) -> NewLetter:
    letter = compose(a_template(), some_answers(), recipient, language=language, today=TODAY)
    made = NewLetter(
        legislator_id=recipient.id,
        template=f"{CAMPAIGN}/takedown-and-standards",
        pins={"campaign": 1, "findings": 2, "letter": 3},
        letter=letter,
        choice=(0, 2, 1),
        fingerprint=TEXT,
        riding_code=recipient.riding_code,
        edited=False,
    )
    return replace(made, **different)


def submitting(key: str = "a form", **different: Any) -> NewSubmission:
    made = NewSubmission(
        key=key,
        campaign=CAMPAIGN,
        language=Language.FR,
        name="Camille Essai",
        email="Camille.Essai@example.ca",
        letters=(to_send(a_member()), to_send(SENATOR, Language.FR, edited=True)),
        consent_text="2026-11",
        network="192.0.2.17",
    )
    return replace(made, **different)


def send(
    sessions: Sessions, form: NewSubmission, *, now: datetime = NOW, limits: Limits = LIMITS, keys: Keys = KEYS
) -> None:
    with sessions.begin() as session:
        session.info[KEYS_IN_SESSION] = lambda: keys
        submit(session, form, now=now, limits=limits, unconfirmed=UNCONFIRMED)


def rows(sessions: Sessions, table: type[Base]) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def mails(sessions: Sessions) -> list[timedelta]:
    """When each confirmation mail is due, from now on."""
    with sessions() as session:
        confirmations = session.scalars(select(Confirmation).order_by(Confirmation.due_at)).all()
        due = session.scalars(select(Message.due_at).order_by(Message.due_at)).all()
    assert [confirmation.due_at for confirmation in confirmations] == list(due)
    return [at - NOW for at in due]


def left(sessions: Sessions, *, now: datetime) -> None:
    """Let the mail that is due leave."""
    claimed = claim(sessions, now=now)
    assert claimed is not None
    with sessions.begin() as session:
        assert record(session, claimed, State.ACCEPTED, now=now) is State.ACCEPTED


# --- what is stored


def test_letters_are_kept_word_for_word_until_they_are_confirmed(site: Sessions) -> None:
    form = submitting()
    send(site, form)
    with site() as session:
        submission = session.scalars(select(Submission)).one()
        confirmation = submission.confirmation
        assert confirmation is not None
        assert submission.status is SubmissionStatus.AWAITING
        assert (submission.campaign, submission.language, submission.confirmed_at) == (CAMPAIGN, Language.FR, None)
        assert (submission.consent_text, submission.consented_at, submission.created_at) == ("2026-11", NOW, NOW)
        assert submission.name == "Camille Essai"
        assert submission.email == "Camille.Essai@example.ca"
        for stored, sent in zip(submission.letters, form.letters, strict=True):
            assert from_json(stored.letter or "") == sent.letter
            assert (stored.legislator_id, stored.template, stored.pins) == (
                sent.legislator_id,
                sent.template,
                sent.pins,
            )
            assert (stored.riding_code, stored.language, stored.edited, stored.campaign) == (
                sent.riding_code,
                sent.letter.language,
                sent.edited,
                CAMPAIGN,
            )


def test_one_mail_asks_to_confirm(site: Sessions) -> None:
    send(site, submitting())
    with site() as session:
        confirmation = session.scalars(select(Confirmation)).one()
        message = outbox.find(session, "confirmation", confirmation.id)
        assert message is not None
        assert (message.state, message.due_at, message.pace_key) == (State.READY, NOW, None)
        assert confirmation.email == "Camille.Essai@example.ca"
        assert (confirmation.due_at, confirmation.expires_at, confirmation.used_at) == (NOW, NOW + UNCONFIRMED, None)
        assert rows(site, Message) == 1, "no letter is put before it is confirmed"


def test_whoever_holds_the_database_alone_reads_nobody(site: Sessions) -> None:
    send(site, submitting(key="the key of a form"))
    with site() as session:
        everything = " ".join(
            str(row) for table in Base.metadata.tables.values() for row in session.execute(select(table)).all()
        )
    assert "takedown-and-standards" in everything, "the rows were looked at"
    for personal_words in ("Camille", "camille", "Essai", "192.0.2", "the key of a form", OWN_WORDS[Language.EN][:20]):
        assert personal_words not in everything


def test_the_choices_of_alternatives_are_counted_now(site: Sessions) -> None:
    send(site, submitting())
    send(site, submitting("another form"))
    with site() as session:
        assert choices_sent(session, a_member().id, TEXT) == {(0, 2, 1): 2}
        assert choices_sent(session, SENATOR.id, TEXT) == {(0, 2, 1): 2}


def test_the_wordings_of_statements_are_counted_for_each_office(site: Sessions) -> None:
    first, second = "a" * 16, "b" * 16
    worded = (to_send(a_member(), wordings={second: 3, first: 1}), to_send(SENATOR, wordings={first: 0}))
    send(site, submitting(letters=worded))
    send(site, submitting("another form", letters=(to_send(a_member(), wordings={first: 1, second: 2}),)))
    with site() as session:
        assert choices_sent(session, a_member().id, first) == {(1,): 2}
        assert choices_sent(session, a_member().id, second) == {(2,): 1, (3,): 1}
        assert choices_sent(session, SENATOR.id, first) == {(0,): 1}
        assert choices_sent(session, SENATOR.id, second) == {}


@pytest.mark.parametrize(
    "letters", [(), (to_send(a_member(email=None)),), (to_send(a_member()), to_send(a_senator(email="")))]
)
def test_a_letter_that_could_never_leave_is_not_submitted(letters: Sequence[NewLetter]) -> None:
    with pytest.raises(ValueError, match="the others are printed"):
        submitting(letters=tuple(letters))


# --- once


def test_a_form_sent_twice_is_one_submission_and_counts_once(site: Sessions) -> None:
    send(site, submitting(), limits=Limits(1, 1))
    send(site, submitting(), limits=Limits(1, 1), now=NOW + 5 * MINUTE)

    assert (rows(site, Submission), rows(site, StoredLetter), rows(site, Message)) == (1, 2, 1)
    with site() as session:
        assert choices_sent(session, SENATOR.id, TEXT) == {(0, 2, 1): 1}


def test_a_form_that_comes_again_with_other_letters_is_refused_and_changes_nothing(site: Sessions) -> None:
    send(site, submitting(contents="as it was"))
    for _ in range(3):
        with pytest.raises(FormUsed):
            send(site, submitting(contents="changed since"), now=NOW + MINUTE)
    send(site, submitting(contents="as it was"))

    assert (rows(site, Submission), rows(site, StoredLetter), rows(site, Message)) == (1, 2, 1)


def test_a_form_sent_from_twenty_places_at_once_is_one_submission(site: Sessions) -> None:
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: send(site, submitting()), range(20)))

    assert (rows(site, Submission), rows(site, StoredLetter), rows(site, Message)) == (1, 2, 1)


def test_twenty_forms_of_one_address_at_once_share_one_mail(site: Sessions) -> None:
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda number: send(site, submitting(f"form {number}")), range(20)))

    assert (rows(site, Submission), rows(site, Confirmation), rows(site, Message)) == (20, 1, 1)


# --- what is let through


@pytest.mark.parametrize("limits", [Limits(1, 50), Limits(50, 1)])
def test_too_many_are_refused_before_anything_is_stored(site: Sessions, limits: Limits) -> None:
    send(site, submitting(), limits=limits)

    with pytest.raises(TooMany):
        send(site, submitting("another form", email="dominique@example.ca"), limits=limits)

    assert (rows(site, Submission), rows(site, Confirmation), rows(site, Message)) == (1, 1, 1)
    with site() as session:
        assert choices_sent(session, SENATOR.id, TEXT) == {(0, 2, 1): 1}


def test_nothing_is_kept_for_an_address_that_asked_to_hear_no_more_of_the_campaign(site: Sessions) -> None:
    older = encrypted_columns.address_hashes(KEYS, "camille.essai@example.ca")[0]
    rotated = Keys((*Keys.make().newest_first, *KEYS.newest_first))
    with site.begin() as session:
        session.add(Suppression(campaign=CAMPAIGN, email_hash=older, since=NOW))

    send(site, submitting(email="CAMILLE.essai@example.ca"), keys=rotated)
    assert (rows(site, Submission), rows(site, Confirmation), rows(site, Message)) == (0, 0, 0)

    send(site, submitting("another form", campaign="another"), keys=rotated)
    send(site, submitting("a third form", email="dominique@example.ca"), keys=rotated)
    assert rows(site, Submission) == 2


def test_a_mailbox_on_the_suppression_list_is_as_much_work_as_any_other(site: Sessions) -> None:
    stored = encrypted_columns.mailbox_hashes(KEYS, EMAIL)[0]
    with site.begin() as session:
        session.add(Suppression(campaign=ALL_CAMPAIGNS, email_hash=stored, since=NOW))
        bind = session.get_bind()
    statements: list[str] = []

    def on_statement(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    send(site, submitting("first", email="first@example.ca"))  # of these ten minutes, which is more work
    event.listen(bind, "before_cursor_execute", on_statement)
    send(site, submitting("listed"))
    of_listed = list(statements)
    statements.clear()
    send(site, submitting("not listed", email="another@example.ca"))
    event.remove(bind, "before_cursor_execute", on_statement)
    assert [one for one in of_listed if "SAVEPOINT" not in one] == [one for one in statements if "SAVEPOINT" not in one]
    assert len(of_listed) == len(statements)
    assert rows(site, Submission) == 2


# --- the mails one address gets


def test_what_comes_before_the_mail_has_left_joins_it_in_the_language_asked_for_last(site: Sessions) -> None:
    send(site, submitting("one"))
    rotated = Keys((*Keys.make().newest_first, *KEYS.newest_first))
    send(
        site,
        submitting("two", email="camille.essai@EXAMPLE.ca", language=Language.EN),
        now=NOW + MINUTE,
        keys=rotated,
    )
    with site() as session:
        confirmation = session.scalars(select(Confirmation)).one()
        assert len(confirmation.submissions) == 2
        assert confirmation.language is Language.EN
        assert (
            confirmation.submissions[1].email_hash
            == encrypted_columns.address_hashes(rotated, "camille.essai@example.ca")[0]
        )
    assert mails(site) == [timedelta(0)]


def test_the_next_mail_waits_ten_minutes_and_what_comes_meanwhile_joins_it(site: Sessions) -> None:
    send(site, submitting("one"))
    left(site, now=NOW)
    send(site, submitting("two"), now=NOW + MINUTE)
    send(site, submitting("three"), now=NOW + 9 * MINUTE)

    assert mails(site) == [timedelta(0), 10 * MINUTE]
    with site() as session:
        confirmations = session.scalars(select(Confirmation).order_by(Confirmation.due_at)).all()
        assert [len(confirmation.submissions) for confirmation in confirmations] == [1, 2]
        assert confirmations[1].expires_at == NOW + 10 * MINUTE + UNCONFIRMED, "the hours count from the mail on"
    assert claim(site, now=NOW + 9 * MINUTE) is None


def test_a_mailbox_gets_three_mails_a_day_also_where_what_it_asked_for_is_erased(site: Sessions) -> None:
    for number in range(3):
        send(site, submitting(f"form {number}"), now=NOW + number * MINUTE)
        with site.begin() as session:
            assert erasure.erase_address(session, EMAIL, now=NOW) == 1
    with pytest.raises(TooMany) as refused:
        send(site, submitting("one more"), now=NOW + 60 * MINUTE)
    assert refused.value.cap is Cap.MAILBOX
    assert rows(site, Submission) == 0
    send(site, submitting("two days later"), now=NOW + 2 * DAY)


def test_an_address_is_written_to_as_it_was_typed(site: Sessions) -> None:
    send(site, submitting(email="V.ictim+letters@GMail.com"))
    with site() as session:
        row = session.scalars(select(Confirmation)).one()
        assert row.email == "V.ictim+letters@GMail.com"
        [mailbox] = encrypted_columns.mailbox_hashes(KEYS, "victim@gmail.com")
        assert row.mailbox_hash == row.submissions[0].mailbox_hash == mailbox != row.email_hash


def test_a_mail_that_waited_past_its_time_is_not_joined(site: Sessions) -> None:
    send(site, submitting("one"))
    send(site, submitting("two"), now=NOW + UNCONFIRMED)

    assert mails(site) == [timedelta(0), UNCONFIRMED]


def test_a_mail_that_was_called_off_is_never_joined(site: Sessions) -> None:
    send(site, submitting("one"))
    with site.begin() as session:
        message = session.scalars(select(Message)).one()
        assert outbox.cancel(session, message, now=NOW, by=Actor.STAFF)
    send(site, submitting("two"))

    assert mails(site) == [timedelta(0), 10 * MINUTE]


def test_another_campaign_asks_in_a_mail_of_its_own_within_the_same_share(site: Sessions) -> None:
    send(site, submitting("one"))
    send(site, submitting("two", campaign="another"))
    send(site, submitting("three", email="dominique@example.ca"))

    assert mails(site) == [timedelta(0), timedelta(0), 10 * MINUTE]


@pytest.mark.parametrize("outcome", [State.READY, State.UNCERTAIN, State.ACCEPTED, State.FAILED, None])
def test_a_mail_that_was_once_taken_up_is_never_joined(site: Sessions, outcome: State | None) -> None:
    send(site, submitting("one"))
    claimed = claim(site, now=NOW)
    assert claimed is not None
    if outcome:
        with site.begin() as session:
            record(session, claimed, outcome, now=NOW, due_at=NOW)

    send(site, submitting("two"), now=NOW + MINUTE)

    with site() as session:
        confirmations = session.scalars(select(Confirmation).order_by(Confirmation.due_at)).all()
        assert [len(confirmation.submissions) for confirmation in confirmations] == [1, 1]
        assert confirmations[1].due_at == NOW + 10 * MINUTE


@both_databases
def test_a_mail_that_is_being_joined_is_passed_over_by_the_worker(site: Sessions) -> None:
    send(site, submitting("one"))
    with site.begin() as session:
        submit(session, submitting("two"), now=NOW, limits=LIMITS, unconfirmed=UNCONFIRMED)
        if session.get_bind().dialect.name == "postgresql":
            assert claim(site, now=NOW) is None

    assert claim(site, now=NOW) is not None


def test_a_mail_that_is_being_taken_up_is_not_joined(site: Sessions) -> None:
    send(site, submitting("one"))
    with ThreadPoolExecutor(1) as pool:
        with site.begin() as session:
            taken = {"state": State.SENDING, "attempt": 1}
            session.execute(update(Message).values(taken))
            second = pool.submit(send, site, submitting("two"))
            wait([second], timeout=0.5)  # it may have read by now that the mail was free
        second.result()

    assert rows(site, Confirmation) == 2
