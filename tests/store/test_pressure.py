"""The site notices by itself that more forms come in than is calm, asks for proofs until that ends, and loses no form."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.abuse import challenges, pressure
from advocacy.abuse.caps import Limits, TooMany
from advocacy.abuse.challenges import LIFETIME, Proof
from advocacy.abuse.models import SpentChallenge
from advocacy.abuse.pressure import WINDOW, Pressure
from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.letters.models import Submission, Suppression
from advocacy.letters.submit import Outcome, submit
from tests.citizens import EMAIL, UNCONFIRMED, new_submission, settle_in

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CALM, PER_DAY = 5, 2000
LIMITS = Limits(network_per_day=10_000, site_per_day=PER_DAY, calm_per_ten_minutes=CALM)


@pytest.fixture
def site(sessions: Sessions) -> Sessions:
    """A site whose letters reach two members."""
    settle_in(sessions)
    return sessions


def arrive(sessions: Sessions, forms: int, *, now: datetime, calm: int | None = CALM) -> None:
    """Let forms come in, one after another."""
    for _ in range(forms):
        with sessions.begin() as session:
            pressure.count_form(session, now=now, calm=calm)


def reading(sessions: Sessions, now: datetime) -> Pressure:
    with sessions() as session:
        return pressure.read(session, now=now, calm=CALM)


def is_on(sessions: Sessions, now: datetime) -> bool:
    return reading(sessions, now).is_on


def send(
    sessions: Sessions, key: str, *, proof: Proof | None = None, email: str = EMAIL, now: datetime = NOW
) -> Outcome:
    form = new_submission(key=key, email=email, proof=proof)
    with sessions.begin() as session:
        return submit(session, form, now=now, limits=LIMITS, unconfirmed=UNCONFIRMED)


def proof(number: int, *, now: datetime = NOW) -> Proof:
    """What reading a good solution gives."""
    return Proof(f"{number:064x}", now + LIFETIME)


def mails(sessions: Sessions) -> list[tuple[State, str]]:
    with sessions() as session:
        found = session.execute(select(Message.state, Message.reason).order_by(Message.id))
        return [(state, reason) for state, reason in found]


def count(sessions: Sessions, table: type[Submission | SpentChallenge]) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


# --- it begins and ends


def test_it_begins_with_one_form_more_than_is_calm_and_ends_when_they_no_longer_come(
    sessions: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    arrive(sessions, CALM, now=NOW)
    assert not is_on(sessions, NOW)
    assert caplog.messages == []
    arrive(sessions, 20, now=NOW)
    assert is_on(sessions, NOW + MINUTE)
    assert len(caplog.messages) == 1
    assert not is_on(sessions, NOW + 2 * WINDOW)


def test_without_a_number_it_never_begins_and_forms_are_counted_all_the_same(sessions: Sessions) -> None:
    arrive(sessions, 20, now=NOW, calm=None)
    with sessions() as session:
        found = pressure.read(session, now=NOW, calm=None)
    assert (found.forms, found.is_on) == (20, False)


# --- what becomes of a form


def test_while_all_is_calm_a_form_needs_no_proof(site: Sessions) -> None:
    assert send(site, "one") is Outcome.SENT
    assert send(site, "two", proof=Proof(), email="other@example.ca") is Outcome.SENT
    assert mails(site) == [(State.READY, "")] * 2


def test_under_pressure_the_mail_of_a_form_without_a_proof_is_held(site: Sessions) -> None:
    arrive(site, CALM + 1, now=NOW)
    assert send(site, "no proof", proof=Proof()) is Outcome.HELD
    assert send(site, "a proof", proof=proof(1), email="other@example.ca") is Outcome.SENT
    assert mails(site) == [(State.HELD, "no_challenge"), (State.READY, "")]
    assert count(site, Submission) == 2, "nothing is lost"


def test_a_form_whose_page_had_asked_for_nothing_is_not_stored_and_may_come_again(site: Sessions) -> None:
    arrive(site, CALM + 1, now=NOW)
    before = reading(site, NOW).forms
    assert send(site, "one") is Outcome.PROOF_NEEDED
    assert count(site, Submission) == 0
    assert reading(site, NOW).forms == before + 1, "or whoever sends no more than that would end the pressure"
    assert send(site, "one", proof=proof(1)) is Outcome.SENT


def test_forms_that_are_refused_for_their_network_keep_no_pressure_up(site: Sessions) -> None:
    form, limits = new_submission(key="one"), Limits(1, PER_DAY, CALM)
    with site.begin() as session:
        submit(session, form, now=NOW, limits=limits, unconfirmed=UNCONFIRMED)
    with pytest.raises(TooMany), site.begin() as session:
        submit(session, new_submission(key="two"), now=NOW, limits=limits, unconfirmed=UNCONFIRMED)
    assert reading(site, NOW).forms == 1


def test_a_form_sent_twice_is_answered_alike(site: Sessions) -> None:
    arrive(site, CALM + 1, now=NOW)
    assert [send(site, "held", proof=Proof()) for _ in range(2)] == [Outcome.HELD] * 2
    sent = [send(site, "sent", proof=proof(1), email="other@example.ca") for _ in range(2)]
    assert sent == [Outcome.SENT] * 2, "the second press brings the same proof"
    assert count(site, Submission) == 2


def test_an_address_that_wants_no_mail_is_answered_like_any_other(site: Sessions) -> None:
    arrive(site, CALM + 1, now=NOW)
    send(site, "one", proof=proof(1))
    with site.begin() as session:
        stored = session.scalars(select(Submission)).one()
        session.add(Suppression(campaign=stored.campaign, email_hash=stored.email_hash or "", since=NOW))
    assert send(site, "two", proof=Proof()) is Outcome.HELD
    assert send(site, "three", proof=proof(2)) is Outcome.SENT
    assert count(site, Submission) == 1


# --- a challenge counts once


def test_a_challenge_that_has_expired_is_forgotten(sessions: Sessions) -> None:
    with sessions.begin() as session:
        challenges.spend(session, proof(1))
        challenges.forget(session, now=NOW)
    assert count(sessions, SpentChallenge) == 1
    with sessions.begin() as session:
        challenges.forget(session, now=NOW + LIFETIME)
    assert count(sessions, SpentChallenge) == 0


def test_a_solution_that_counted_once_is_refused_twice(site: Sessions) -> None:
    arrive(site, CALM + 1, now=NOW)
    emails = [f"citizen{number}@example.ca" for number in range(3)]
    outcomes = [send(site, email, email=email, proof=proof(1)) for email in emails]
    assert outcomes == [Outcome.SENT, Outcome.HELD, Outcome.HELD]


def test_a_solution_given_while_all_was_calm_is_spent_too(site: Sessions) -> None:
    assert send(site, "one", proof=proof(1)) is Outcome.SENT
    arrive(site, CALM + 1, now=NOW)
    assert send(site, "two", proof=proof(1), email="other@example.ca") is Outcome.HELD


def test_of_many_at_once_one_spends_a_solution(sessions: Sessions) -> None:
    def spend(_: int) -> bool:
        with sessions.begin() as session:
            return challenges.spend(session, proof(1))

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(spend, range(8))) == [False] * 7 + [True]


def test_a_solution_whose_form_was_not_stored_after_all_can_be_used_again(sessions: Sessions) -> None:
    with sessions() as session:
        assert challenges.spend(session, proof(1))
        session.rollback()
    with sessions.begin() as session:
        assert challenges.spend(session, proof(1))
