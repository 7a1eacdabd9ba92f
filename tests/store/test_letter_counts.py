"""What is counted of letters, and what a manager sees and decides of them, on both databases."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.delivery import outbox
from advocacy.delivery.states import State
from advocacy.language import Language, Wording
from advocacy.legislators.models import Riding
from advocacy.letters.delivery_search import waiting_deliveries
from advocacy.letters.erasure import delete_expired
from advocacy.letters.letter_counts import alternatives, figures, record
from advocacy.letters.models import ChoiceCount, FeatureTally, LetterTally
from tests.builders import a_template
from tests.citizens import CAMPAIGN, NOW, UNCONFIRMED, came_to, confirmed, mails_left, messages, sent_in, settle_in

LETTER = f"{CAMPAIGN}/takedown-and-standards"
NEXT = NOW + timedelta(days=1)


@pytest.fixture
def store(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    settle_in(sessions)
    return sessions


def counted(store: sessionmaker[Session]) -> list[tuple[date, str, str, int]]:
    with store() as session:
        rows = session.scalars(select(LetterTally).order_by(LetterTally.day))
        return [(row.day, row.template, row.riding_code, row.letters) for row in rows]


def test_a_letter_is_counted_once_when_it_is_confirmed(store: sessionmaker[Session]) -> None:
    confirmation_id = sent_in(store)
    assert counted(store) == []
    confirmed(store, confirmation_id)
    confirmed(store, confirmation_id)
    assert counted(store) == [(date(2026, 11, 25), LETTER, "35079", 2)]


def test_a_letter_written_before_is_not_counted_again(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store, to=["mp-1"]))
    with store.begin() as session:
        came_to(session, messages(session, "confirmation")[0], State.ACCEPTED)
    confirmed(store, sent_in(store, key="again", now=NEXT), now=NEXT)
    days = [(date(2026, 11, 25), 1), (date(2026, 11, 26), 1)]
    assert [(day, letters) for day, _, _, letters in counted(store)] == days


def test_days_and_places_are_read_together(store: sessionmaker[Session]) -> None:
    kept = [(1, "en", "35079", 6), (1, "fr", "24037", 7), (2, "fr", "24037", 3), (3, "fr", "", 9)]
    with store.begin() as session:
        for code, province in (("35079", "ON"), ("24037", "QC")):
            session.add(Riding(fed_code=code, name=Wording.same(code), province=province))
        for day, language, riding, letters in kept:
            spoken, when = Language(language), date(2026, 11, day)
            same = {"campaign": CAMPAIGN, "template": LETTER, "riding_code": riding}
            session.add(LetterTally(day=when, language=spoken, letters=letters, **same))
    with store() as session:
        made = figures(session, CAMPAIGN, through=date(2026, 11, 2))
        assert (made.total, made.languages.shown, made.riding("35079", "ON")) == (13, {"en": 6, "fr": 7}, 6)
        later = figures(session, CAMPAIGN, through=date(2026, 11, 3))
        assert (later.total, later.templates.shown) == (25, {LETTER: 25})
        assert figures(session, "another", through=date(2026, 11, 3)).runs == []


def test_what_became_of_letters_is_recorded_once_the_day_is_over(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store))
    with store.begin() as session:
        first, second = messages(session, "letter")
        came_to(session, first, State.BOUNCED)
        came_to(session, second, State.ACCEPTED)
        more = {"campaign": CAMPAIGN, "template": LETTER, "riding_code": "35079", "language": Language.EN}
        session.add(LetterTally(day=date(2026, 11, 25), letters=3, **more))
        assert not record(session, (), now=NOW + timedelta(days=1))
    for _again in range(2):
        with store.begin() as session:
            record(session, (), now=NOW + timedelta(days=4))
    with store() as session:
        rows = session.scalars(select(FeatureTally)).all()
        made = figures(session, CAMPAIGN, through=date(2026, 11, 28))
    assert {row.cell: row.letters for row in rows} == {"came_back": 1, "handed_over": 1, "": 3}
    assert (made.total, made.outcomes.shown, made.outcomes.rest) == (5, {}, 5)
    assert made.outcomes_through == date(2026, 11, 25)


def test_outcomes_wait_for_the_first_day_that_is_not_recorded(store: sessionmaker[Session]) -> None:
    same = {"campaign": CAMPAIGN, "template": LETTER, "riding_code": "35079", "language": Language.EN}
    with store.begin() as session:
        session.add_all(LetterTally(day=date(2026, 11, day), letters=9, **same) for day in (1, 2, 3))
        for day in (1, 3):
            of_day = {"campaign": CAMPAIGN, "day": date(2026, 11, day), "feature": "outcome"}
            session.add(FeatureTally(cell="delivered", letters=9, **of_day))
        made = figures(session, CAMPAIGN, through=date(2026, 11, 20))
    assert (made.total, made.outcomes.shown, made.outcomes_through) == (27, {"delivered": 9}, date(2026, 11, 1))


def test_letters_nobody_confirms_are_counted_when_they_go(store: sessionmaker[Session]) -> None:
    for number in range(3):
        sent_in(store, key=str(number), email=f"{number}@example.ca")
    mails_left(store)
    with store.begin() as session:
        assert delete_expired(session, now=NOW + timedelta(days=3), unconfirmed=UNCONFIRMED)
    with store() as session:
        before, after = (figures(session, CAMPAIGN, through=date(2026, 11, day)) for day in (27, 28))
    assert (before.unconfirmed, after.unconfirmed) == (0, 6)


def test_alternatives_are_counted_where_each_grew_by_five_or_by_none(store: sessionmaker[Session]) -> None:
    template = a_template()
    printed = template.fingerprints[Language.EN]
    campaign = OpenCampaign(CAMPAIGN, template.campaign, template.survey, {"letter": template})
    first = ".".join("0" for _ in template.sizes)
    second = ".".join(str(size - 1) for size in template.sizes)

    def said(choice: str, count: int) -> None:
        with store.begin() as session:
            session.merge(ChoiceCount(legislator_id="mp-1", fingerprint=printed, choice=choice, count=count))
            session.merge(LetterTally(day=days.pop(), language=Language.EN, letters=1, riding_code="", **of))
            session.flush()
            record(session, (campaign,), now=NOW)
            found = alternatives(session, CAMPAIGN).get((template.path, Language.EN), [[]])
            counts.append(found[0])

    days = [date(2026, 11, day) for day in (4, 3, 2, 1)]
    of = {"campaign": CAMPAIGN, "template": template.path}
    counts: list[Sequence[int]] = []
    said(first, 4)
    said(first, 9)
    said(second, 4)
    said(second, 6)
    assert [(one[0], one[-1]) if one else () for one in counts] == [(), (9, 0), (9, 0), (9, 6)]


def test_the_pace_and_what_waits_for_a_decision(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store))
    with store.begin() as session:
        first, second = messages(session, "letter")
        came_to(session, first, State.ACCEPTED)
        came_to(session, second, State.SENDING)
        second.state = State.NEEDS_STAFF
    with store() as session:
        assert outbox.recent_pace(session, NOW + timedelta(minutes=59)) == 1
        assert outbox.recent_pace(session, NOW + timedelta(minutes=61)) == 0
        waiting = waiting_deliveries(session)
        assert [(one.message.id, one.legislator and one.legislator.id) for one in waiting] == [(second.id, "mp-2")]
