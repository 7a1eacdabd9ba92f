"""What an office sets is stored whole; its links expire, and are as many as a day has."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.legislators.models import BouncedAddress, Legislator
from advocacy.letters.models import MessageKind
from advocacy.letters.outcome_mails import letters_moved
from advocacy.offices import office_links
from advocacy.offices.models import OfficeLink, OfficeLinkKind, OfficeSettings
from advocacy.offices.office_links import TooManyLinks, find, send_link
from advocacy.offices.office_settings import (
    NOTHING_SET,
    OfficeValues,
    change,
    is_official_domain,
    is_paused,
    letter_address,
    own_address,
    pause_end,
    paused_offices,
    settings_of,
)
from tests.citizens import NOW as CITIZENS_NOW
from tests.citizens import came_to, confirmed, messages, sent_in, settle_in, the_mails

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OFFICE = "mp-1"
ALL = OfficeValues(
    language=Language.FR,
    email="office@parl.example",
    email_from=NOW + 2 * DAY,
    takes_digest=True,
    paused_until=date(2026, 12, 6),
    acknowledgement={"en": "Thank you.", "fr": "Merci."},
)


@pytest.fixture(autouse=True)
def offices(sessions: Sessions) -> None:
    settle_in(sessions)


def send(sessions: Sessions, *, kind: OfficeLinkKind = OfficeLinkKind.SETTINGS) -> str:
    """Send a link; return its id."""
    with sessions.begin() as session:
        send_link(session, OFFICE, kind, language=Language.EN, now=NOW)
        return session.scalars(select(Message.ref).order_by(Message.id.desc()).limit(1)).one()


def test_settings_are_read_as_they_were_set_and_default_ones_leave_no_row(sessions: Sessions) -> None:
    with sessions.begin() as session:
        assert change(session, OFFICE, ALL, now=NOW) == NOTHING_SET
    with sessions.begin() as session:
        assert settings_of(session, OFFICE) == ALL == OfficeValues.read(ALL.content)
        assert change(session, OFFICE, NOTHING_SET, now=NOW) == ALL
    with sessions() as session:
        assert session.get(OfficeSettings, OFFICE) is None
    assert OfficeValues.read(NOTHING_SET.content) == NOTHING_SET


def test_a_pause_ends_as_its_day_begins_in_ottawa(sessions: Sessions) -> None:
    with sessions.begin() as session:
        change(session, OFFICE, ALL, now=NOW)
    end = pause_end(date(2026, 12, 6))
    assert end == datetime(2026, 12, 6, 5, tzinfo=UTC)
    for moment, paused in ((end - timedelta(seconds=1), True), (end, False)):
        assert is_paused(ALL.paused_until, moment) is paused
        with sessions() as session:
            assert bool(paused_offices(session, now=moment)) is paused


def test_letters_go_to_another_address_once_it_counts() -> None:
    for begins, expected in ((NOW, "own"), (NOW + DAY, "directory"), (None, "directory")):
        assert letter_address("directory", "own", begins, now=NOW) == expected
    assert letter_address("directory", None, None, now=NOW) == "directory"


@pytest.mark.parametrize(
    ("email", "official"),
    [
        ("else@parl.example", True),
        ("else@PARL.example", True),
        ("else@gmail.com", False),
        ("else@x.parl.example", False),
    ],
)
def test_an_address_at_the_chambers_own_domain_needs_nobody_to_confirm_it(
    sessions: Sessions, *, email: str, official: bool
) -> None:
    with sessions() as session:
        assert is_official_domain(session, session.get_one(Legislator, OFFICE), email) is official


def test_a_domain_of_one_office_alone_is_not_its_chambers(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.get_one(Legislator, OFFICE).email = "someone@gmail.com"
    with sessions() as session:
        assert not is_official_domain(session, session.get_one(Legislator, OFFICE), "other@gmail.com")


def test_an_office_gets_so_many_links_a_day_and_no_more(sessions: Sessions) -> None:
    for _ in range(office_links.MAX_A_DAY[OfficeLinkKind.SETTINGS]):
        send(sessions)
    with pytest.raises(TooManyLinks):
        send(sessions)
    send(sessions, kind=OfficeLinkKind.PROOF)


def test_a_link_is_found_until_it_expires(sessions: Sessions) -> None:
    link_id = send(sessions)
    with sessions() as session:
        assert session.scalars(select(Message.ref)).one() == link_id
        assert find(session, link_id, now=NOW + DAY - timedelta(seconds=1)) is not None
        assert find(session, link_id, now=NOW + DAY) is None


def test_links_that_have_expired_are_forgotten(sessions: Sessions) -> None:
    send(sessions)
    send(sessions, kind=OfficeLinkKind.UNDO)
    with sessions.begin() as session:
        office_links.forget(session, now=NOW + DAY)
        assert [one.kind for one in session.scalars(select(OfficeLink))] == [OfficeLinkKind.UNDO]


def test_letters_go_to_the_directorys_address_once_mail_to_another_came_back(sessions: Sessions) -> None:
    own = OfficeValues(email="Own@parl.example", email_from=NOW - DAY)
    with sessions.begin() as session:
        change(session, OFFICE, own, now=NOW - DAY)
    assert confirmed(sessions, sent_in(sessions, to=(OFFICE,)))
    with sessions.begin() as session:
        [letter] = messages(session, MessageKind.LETTER)
        assert the_mails().letter(session, letter.ref, "id").to.address == own.email
        came_to(session, letter, State.BOUNCED, now=CITIZENS_NOW)
        for _ in range(2):  # another one that came back meanwhile says nothing about the directory's
            letters_moved(session, [(letter.ref, State.BOUNCED)], CITIZENS_NOW + timedelta(minutes=1))
    with sessions() as session:
        assert [one.email for one in session.scalars(select(BouncedAddress))] == ["own@parl.example"]
        assert the_mails().letter(session, letter.ref, "id").to.address == "mp-1@parl.example"
        assert own_address(session, OFFICE, CITIZENS_NOW + DAY) is None
