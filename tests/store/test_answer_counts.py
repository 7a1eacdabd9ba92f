"""What citizens say of answers is counted once, outlives their letters, and is shown where there is enough."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery.models import Actor
from advocacy.delivery.states import State
from advocacy.language import day_of
from advocacy.legislators.legislatures import COMMONS
from advocacy.legislators.models import Legislator, Status
from advocacy.letters import answer_counts, erasure
from advocacy.letters.answer_counts import LATER, counts_by_office, period_of
from advocacy.letters.models import Answer, AnswerKind, AnswerTally, Confirmation, StoredLetter
from tests.citizens import CAMPAIGN, EMAIL, NOW, came_to, confirmed, messages, sent_in, settle_in

DAY = timedelta(days=1)
TODAY = day_of(NOW)


@pytest.fixture
def store(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    settle_in(sessions)
    return sessions


def answered_letters(sessions: sessionmaker[Session], *kinds: AnswerKind, after: int = 10) -> list[str]:
    """Let one citizen's letters to both offices be handed over, and say what became of them; return their ids."""
    confirmation_id = sent_in(sessions)
    confirmed(sessions, confirmation_id)
    with sessions.begin() as session:
        for message, kind in zip(messages(session, "letter"), kinds, strict=True):
            came_to(session, message, State.ACCEPTED)
            answered_on = TODAY + after * DAY if kind is AnswerKind.ANSWERED else None
            recorded_at = NOW + (after + 1) * DAY
            session.add(Answer(letter_id=message.ref, kind=kind, answered_on=answered_on, recorded_at=recorded_at))
        return [message.ref for message in messages(session, "letter")]


def tallies(session: Session) -> dict[tuple[str, AnswerKind, int], int]:
    return {(one.legislator_id, one.kind, one.within_days): one.letters for one in session.scalars(select(AnswerTally))}


def counted(sessions: sessionmaker[Session]) -> dict[str, Counter[int]]:
    with sessions() as session:
        offices = counts_by_office(session, today=TODAY + 90 * DAY).get(CAMPAIGN, {})
        return {office: count.by_period for office, count in offices.items()}


def by_retention(session: Session) -> None:
    erasure.erase_old(session, now=NOW + 75 * DAY, retention=75 * DAY)


def by_their_citizen(session: Session) -> None:
    (confirmation,) = session.scalars(select(Confirmation.id))
    erasure.erase_all(session, [confirmation], now=NOW + 12 * DAY, by=Actor.CITIZEN)


def by_staff(session: Session) -> None:
    erasure.erase_address(session, EMAIL, now=NOW + 12 * DAY)


@pytest.mark.parametrize("erase", [by_retention, by_their_citizen, by_staff])
def test_what_was_said_outlives_the_letter_as_a_count_however_it_is_erased(
    store: sessionmaker[Session], erase: Callable[[Session], None]
) -> None:
    answered_letters(store, AnswerKind.ANSWERED, AnswerKind.NOTHING_YET)
    before = counted(store)
    with store.begin() as session:
        erase(session)
    with store() as session:
        assert session.scalars(select(StoredLetter).where(StoredLetter.letter_sealed.is_not(None))).all() == []
        assert session.scalars(select(Answer)).all() == []
        assert tallies(session) == {
            ("mp-1", AnswerKind.ANSWERED, 14): 1,
            ("mp-2", AnswerKind.NOTHING_YET, LATER): 1,
        }
    assert counted(store) == before == {"mp-1": {14: 1}, "mp-2": {LATER: 1}}


def test_nothing_is_counted_twice(store: sessionmaker[Session]) -> None:
    letters = answered_letters(store, AnswerKind.ANSWERED, AnswerKind.ANSWERED)
    for _ in range(2):
        with store.begin() as session:
            answer_counts.tally_erased(session, letters)
    with store.begin() as session:
        by_retention(session)
        by_staff(session)
    with store() as session:
        assert sum(tallies(session).values()) == 2


def test_tallies_of_several_letters_add_up(store: sessionmaker[Session]) -> None:
    for number in range(3):
        confirmed(store, sent_in(store, to=["mp-1"], key=f"k{number}", email=f"one{number}@example.ca"))
    with store.begin() as session:
        for message in messages(session, "letter"):
            came_to(session, message, State.ACCEPTED)
            session.add(Answer(letter_id=message.ref, kind=AnswerKind.PASSED_ON, recorded_at=NOW + 3 * DAY))
    with store.begin() as session:
        by_retention(session)
        assert tallies(session) == {("mp-1", AnswerKind.PASSED_ON, LATER): 3}
    assert counted(store) == {}, "another office is to answer it"


def test_a_letter_that_its_citizen_mailed_counts_from_that_day(store: sessionmaker[Session]) -> None:
    first, second = answered_letters(store, AnswerKind.ANSWERED, AnswerKind.ANSWERED, after=20)
    with store.begin() as session:
        session.get_one(StoredLetter, first).posted_on = TODAY + 8 * DAY
    with store() as session:
        assert answer_counts.handed_over_days(session, [first, second]) == {first: TODAY + 8 * DAY, second: TODAY}
    assert counted(store) == {"mp-1": {14: 1}, "mp-2": {30: 1}}


@pytest.mark.parametrize(("days", "period"), [(-1, 14), (0, 14), (14, 14), (15, 30), (30, 30), (60, 60), (61, LATER)])
def test_an_answer_counts_in_the_first_period_that_it_came_in(days: int, period: int) -> None:
    answered_on = TODAY + days * DAY
    assert period_of(AnswerKind.ANSWERED, answered_on, NOW + 90 * DAY, since=TODAY) == period


def test_an_answer_without_a_day_came_no_later_than_it_was_told_of() -> None:
    assert period_of(AnswerKind.ANSWERED, None, NOW + 20 * DAY, since=TODAY) == 30
    assert period_of(AnswerKind.ACKNOWLEDGED, TODAY, NOW, since=TODAY) == LATER


Told = Iterable[tuple[str, AnswerKind, int, int]]
"""Office, kind, period, letters."""


def tally(sessions: sessionmaker[Session], told: Told) -> None:
    with sessions.begin() as session:
        for office, kind, period, letters in told:
            key = {"legislator_id": office, "kind": kind, "within_days": period}
            session.merge(AnswerTally(campaign=CAMPAIGN, letters=letters, **key))


def recorded(sessions: sessionmaker[Session], *, now: datetime = NOW) -> answer_counts.AnswerFigures:
    with sessions.begin() as session:
        answer_counts.record(session, now=now)
    with sessions() as session:
        return answer_counts.figures(session, CAMPAIGN)


def test_answers_are_shown_by_chamber_and_of_offices_with_enough_letters(store: sessionmaker[Session]) -> None:
    tally(
        store,
        [
            ("mp-1", AnswerKind.ANSWERED, 14, 9),
            ("mp-1", AnswerKind.ANSWERED, 30, 6),
            ("mp-1", AnswerKind.NOTHING_YET, LATER, 7),
            ("mp-2", AnswerKind.ANSWERED, 60, 8),
            ("mp-2", AnswerKind.ACKNOWLEDGED, LATER, 11),
            ("mp-2", AnswerKind.NOT_THEIRS, LATER, 50),
        ],
    )
    found = recorded(store)
    assert (found.day, found.letters) == (TODAY, 41)
    (commons,) = found.chambers
    assert (commons.chamber, commons.letters, dict(commons.within)) == (COMMONS, 41, {14: 9, 30: 15, 60: 23})
    (office,) = found.offices
    assert (office.name, dict(office.within)) == ("Member mp-1", {14: 40, 30: 65, 60: 65}), "9 and 15 of 22"


def test_a_chamber_with_few_answers_of_one_kind_hides_it_behind_a_second(store: sessionmaker[Session]) -> None:
    tally(store, [("mp-1", AnswerKind.ANSWERED, 14, 30), ("mp-1", AnswerKind.ANSWERED, 60, 2)])
    assert recorded(store).chambers == ()
    tally(store, [("mp-1", AnswerKind.ANSWERED, 30, 9)])
    (commons,) = recorded(store, now=NOW + DAY).chambers
    assert (commons.letters, dict(commons.within)) == (None, {14: 30, 30: None, 60: None})


def test_of_four_letters_nothing_is_shown(store: sessionmaker[Session]) -> None:
    tally(store, [("mp-1", AnswerKind.ANSWERED, 14, 4)])
    assert recorded(store) == answer_counts.AnswerFigures()


def test_one_more_answer_changes_nothing_that_is_shown(store: sessionmaker[Session]) -> None:
    tally(store, [("mp-1", AnswerKind.ANSWERED, 14, 30), ("mp-1", AnswerKind.NOTHING_YET, LATER, 30)])
    before = recorded(store)
    tally(store, [("mp-1", AnswerKind.ANSWERED, 14, 34)])
    assert recorded(store, now=NOW + DAY) == before
    tally(store, [("mp-1", AnswerKind.ANSWERED, 14, 35)])
    assert recorded(store, now=NOW + DAY).letters == 65


def test_the_share_of_an_office_stays_for_a_week(store: sessionmaker[Session]) -> None:
    tally(store, [("mp-1", AnswerKind.ANSWERED, 14, 10), ("mp-1", AnswerKind.NOTHING_YET, LATER, 10)])
    shares = []
    for day in range(0, 9, 2):
        shares.append(recorded(store, now=NOW + day * DAY).offices[0].within[30])
        tally(store, [("mp-1", AnswerKind.ANSWERED, 14, 10 + 2 * (day + 2))])
    assert shares == [50, 50, 50, 50, 70]


def test_a_letter_counts_for_the_share_of_a_period_once_that_is_over(store: sessionmaker[Session]) -> None:
    tally(store, [("mp-1", AnswerKind.ANSWERED, 14, 19)])
    answered_letters(store, AnswerKind.NOTHING_YET, AnswerKind.NOTHING_YET)
    assert recorded(store, now=NOW + 13 * DAY).offices == ()
    (office,) = recorded(store, now=NOW + 30 * DAY).offices
    assert dict(office.within) == {14: 95, 30: 95}


@pytest.mark.parametrize("status", [Status.VACANT, Status.LEFT])
def test_an_office_that_nobody_holds_any_more_is_not_named(store: sessionmaker[Session], status: Status) -> None:
    tally(store, [("mp-1", AnswerKind.ANSWERED, 14, 40)])
    with store.begin() as session:
        session.get_one(Legislator, "mp-1").status = status
    assert recorded(store).offices == ()


def test_figures_up_to_a_day_are_those_of_that_day(store: sessionmaker[Session]) -> None:
    for number, letters in enumerate((20, 30)):
        tally(store, [("mp-1", AnswerKind.ANSWERED, 14, letters)])
        recorded(store, now=NOW + number * DAY)
    with store() as session:
        found = [answer_counts.figures(session, CAMPAIGN, through=TODAY + n * DAY) for n in (-1, 0, 1)]
    assert [one.letters for one in found] == [0, 20, 30]
