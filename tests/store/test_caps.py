"""Forms are counted by network and for the whole site, and what is over a share of 24 hours is not let through."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from advocacy.abuse import caps
from advocacy.abuse.caps import MAILS_A_DAY, OFFICE_LINKS_A_DAY, Cap, Limits, TooMany
from advocacy.abuse.models import RateLimit
from advocacy.encryption import Keys

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, tzinfo=UTC)
KEYS = Keys.make()
HOME, STRANGER = "192.0.2.17", "203.0.113.9"


def refusal(sessions: Sessions, network: str = HOME, *, limits: Limits, now: datetime = NOW) -> Cap | None:
    """Count one form; return which cap refused it, None where it was let through."""
    try:
        with sessions.begin() as session:
            caps.count_form(session, network, keys=KEYS, now=now, limits=limits)
    except TooMany as refused:
        return refused.cap
    return None


def test_a_network_has_its_share_and_others_go_on(sessions: Sessions) -> None:
    limits = Limits(network_per_day=2, site_per_day=100)
    assert [refusal(sessions, limits=limits) for _ in range(3)] == [None, None, Cap.NETWORK]
    assert refusal(sessions, STRANGER, limits=limits) is None


def test_the_site_has_its_share_and_room_comes_back(sessions: Sessions) -> None:
    limits = Limits(network_per_day=10, site_per_day=1)
    assert [refusal(sessions, network, limits=limits) for network in (HOME, STRANGER)] == [None, Cap.SITE]
    assert refusal(sessions, STRANGER, limits=limits, now=NOW + timedelta(days=2)) is None


def test_what_is_refused_is_not_counted(sessions: Sessions) -> None:
    for _ in range(5):
        refusal(sessions, limits=Limits(network_per_day=2, site_per_day=100))
    with sessions() as session:
        assert caps.forms_counted(session, now=NOW) == 2


def test_a_share_that_is_used_up_is_logged_and_not_whose(sessions: Sessions, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        refusal(sessions, limits=Limits(network_per_day=2, site_per_day=100))
    [line] = caplog.messages
    assert "ADVOCACY_NETWORK_PER_DAY" in line
    assert HOME not in line


def test_no_address_stands_in_what_is_counted(sessions: Sessions) -> None:
    with sessions.begin() as session:
        caps.count_form(session, HOME, keys=KEYS, now=NOW, limits=Limits(10, 10))
        caps.count_mail(session, "camille@example.ca", keys=KEYS, now=NOW)
        caps.allow_office_link(session, HOME, keys=KEYS, now=NOW)
        stored = " ".join(session.scalars(select(RateLimit.key)))
    assert "192.0" not in stored
    assert "camille" not in stored


def test_all_spellings_of_a_mailbox_get_three_mails_a_day(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for number in range(MAILS_A_DAY):
            caps.count_mail(session, f"victim+{number}@gmail.com", keys=KEYS, now=NOW)
        with pytest.raises(TooMany) as refused:
            caps.count_mail(session, "vic.tim@googlemail.com", keys=KEYS, now=NOW)
        assert refused.value.cap is Cap.MAILBOX
        caps.count_mail(session, "somebody.else@gmail.com", keys=KEYS, now=NOW)


def test_a_network_has_few_links_to_offices_mailed(sessions: Sessions) -> None:
    with sessions.begin() as session:
        allowed = [caps.allow_office_link(session, HOME, keys=KEYS, now=NOW) for _ in range(OFFICE_LINKS_A_DAY + 1)]
        assert allowed == [True] * OFFICE_LINKS_A_DAY + [False]
        assert caps.allow_office_link(session, STRANGER, keys=KEYS, now=NOW)


def test_what_cannot_be_counted_is_not_let_through(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.execute(text("DROP TABLE rate_limits"))
    with pytest.raises(SQLAlchemyError):
        refusal(sessions, limits=Limits(10, 10))


def test_many_at_once_get_no_more_than_the_share(sessions: Sessions) -> None:
    limits = Limits(network_per_day=100, site_per_day=12)
    with ThreadPoolExecutor(10) as pool:
        refused = list(pool.map(lambda number: refusal(sessions, f"192.0.2.{number}", limits=limits), range(30)))
    assert refused.count(None) == 12
    assert refused.count(Cap.SITE) == 18
