"""Nobody enters whom a route does not name, and a visit ends when it should."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask_security import SQLAlchemySessionUserDatastore
from sqlalchemy.exc import OperationalError

from advocacy.runtime import Runtime
from advocacy.staff.models import Account, Role
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser, sign_in
from tests.web.staff.conftest import Clock, NewBrowser


def test_a_stranger_is_led_to_the_door(app: Flask) -> None:
    answer = app.test_client().get("/staff/account")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/sign-in?next=/staff/account")


def test_staff_are_told_in_their_own_look_what_does_not_exist(browser: NewBrowser, app: Flask) -> None:
    one, other = browser(Role.WRITER), app.test_client()
    for path in ("/staff/nowhere", "/staff/people/nowhere/at/all"):
        answer = one.get(path)
        page = BeautifulSoup(answer.data, "lxml")
        assert answer.status_code == 404
        assert [link.text for link in page.select(".places a")] == ["Today"]
        assert page.select('form[action="/staff/sign-out"]')
        stranger, elsewhere = other.get(path), other.get("/nowhere")
        assert stranger.status_code == 404
        assert stranger.text == elsewhere.text.replace("/nowhere", path)
        assert "staff" not in stranger.text.replace(path, "")


def test_a_page_of_theirs_that_fails_is_told_in_their_look_too(browser: NewBrowser) -> None:
    one = browser(Role.WRITER)
    for answer in (
        one.get("/staff/campaigns/nowhere/settings"),
        one.get("/staff/sign-out"),
        one.client.post("/staff/language"),
    ):
        assert answer.status_code in {400, 404, 405}
        assert 'class="places"' in answer.text


def test_where_the_database_cannot_tell_who_asks_nobody_is_let_in(
    browser: NewBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception())

    one = browser(Role.WRITER)
    monkeypatch.setattr(SQLAlchemySessionUserDatastore, "find_user", away)
    for path in ("/staff/nowhere", "/staff/"):
        answer = one.get(path)
        assert answer.status_code == 503
        assert 'class="places"' not in answer.text


def test_an_idle_visit_ends(app: Flask, runtime: Runtime) -> None:
    for minutes, status in ((29, 200), (31, 303)):
        browser = sign_in(app, runtime, Role.WRITER, NOW - timedelta(minutes=minutes))
        assert browser.get("/staff/account").status_code == status


def test_a_visit_lasts_twelve_hours_at_most(browser: NewBrowser, clock: Clock) -> None:
    one, minutes = browser(Role.WRITER), range(20, 13 * 60, 20)
    for stayed in minutes:
        clock.set(minutes=stayed)
        if one.get("/staff/account").status_code != 200:
            break
    assert stayed == 12 * 60


def test_ending_all_visits_ends_them_at_once(browser: NewBrowser, runtime: Runtime) -> None:
    one = browser(Role.WRITER)
    assert one.get("/staff/account").status_code == 200
    with runtime.sessions.begin() as session:
        session.get_one(Account, one.account_id).end_sessions()
    assert one.get("/staff/account").status_code == 303


def test_without_a_second_factor_only_ones_own_account_opens(browser: NewBrowser) -> None:
    half: Browser = browser(Role.MANAGER, proved=False)
    assert half.get("/staff/account").status_code == 200
    assert half.get("/staff/").headers["Location"] == "/staff/account"
