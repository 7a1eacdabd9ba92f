"""What is counted of letters, and what a manager sees and decides of them, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import immediate
from advocacy.delivery.deciding import NotPossible
from advocacy.delivery.models import MessageMove
from advocacy.delivery.states import State
from advocacy.language import Language, Wording
from advocacy.legislators.models import Riding
from advocacy.letters.models import LetterTally
from advocacy.staff import deliveries
from advocacy.staff.deliveries import Choice
from advocacy.staff.insights import portrait
from advocacy.staff.models import Account, AuditEntry
from advocacy.staff.roles import Role
from tests.citizens import CAMPAIGN, NOW, came_to, confirmed, messages, sent_in, settle_in
from tests.databases import both_databases

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


@both_databases
def test_a_letter_is_counted_once_when_it_is_confirmed(store: sessionmaker[Session]) -> None:
    token = sent_in(store)
    assert counted(store) == []
    confirmed(store, token)
    confirmed(store, token)
    assert counted(store) == [(date(2026, 11, 25), LETTER, "35079", 2)]


def test_a_letter_written_before_is_not_counted_again(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store, to=["mp-1"]))
    with store.begin() as session:
        came_to(session, messages(session, "confirmation")[0], State.ACCEPTED)
    confirmed(store, sent_in(store, key="again", now=NEXT), now=NEXT)
    days = [(date(2026, 11, 25), 1), (date(2026, 11, 26), 1)]
    assert [(day, letters) for day, _, _, letters in counted(store)] == days


@both_databases
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
        made = portrait(session, CAMPAIGN, through=date(2026, 11, 2))
        assert (made.total, made.languages.shown, made.riding("35079", "ON")) == (13, {"en": 6, "fr": 7}, 6)
        later = portrait(session, CAMPAIGN, through=date(2026, 11, 3))
        assert (later.total, later.templates.shown) == (25, {LETTER: 25})
        assert portrait(session, "another", through=date(2026, 11, 3)).runs == []


@both_databases
def test_pace_waiting_and_a_decision(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store))
    with store.begin() as session:
        first, second = messages(session, "letter")
        came_to(session, first, State.ACCEPTED)
        came_to(session, second, State.SENDING)
        second.state = State.NEEDS_STAFF
        account = Account(email="m@example.ca", name="M", role=Role.MANAGER, language=Language.FR, created_at=NOW)
        session.add(account)
        session.flush()
        by = account.id
    with store() as session:
        assert deliveries.pace(session, NOW + timedelta(minutes=59)) == 1
        assert deliveries.pace(session, NOW + timedelta(minutes=61)) == 0
        waiting = deliveries.waiting(session)
        assert [(one.message.id, one.legislator and one.legislator.id) for one in waiting] == [(second.id, "mp-2")]
        last = max(session.scalars(select(MessageMove.id)))
    with immediate(store) as session:
        deliveries.decide(session, second.id, Choice.RETRY, seen=last, by=by, now=NOW)
    with pytest.raises(NotPossible), immediate(store) as session:
        deliveries.decide(session, second.id, Choice.RETRY, seen=last, by=by, now=NOW)
    with store() as session:
        assert session.scalars(select(AuditEntry.subject)).all() == [f"letter:{second.id}"]
