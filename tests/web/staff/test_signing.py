"""Signing in: two steps, each of them once, alike for known and unknown, in a cookie that is new each time."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from advocacy.app import create_app
from advocacy.parts import Parts
from advocacy.staff import attempts, factors
from advocacy.staff.attempts import MOST, Kind
from advocacy.staff.models import Account, Attempt, AuditEntry, Visit
from advocacy.staff.roles import Role
from advocacy.web.staff.access import VISIT, WANTED
from advocacy.web.staff.safe import SAFE, Safe
from tests.web.conftest import NOW
from tests.web.staff.browser import TOKEN
from tests.web.staff.people import PASSWORD, Person, enter, enter_fully, post, somebody


@pytest.fixture
def maude(app: Flask, parts: Parts) -> Person:
    return somebody(app, parts, NOW)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def token_of(client: FlaskClient) -> str:
    with client.session_transaction() as cookie:
        return str(cookie.get(VISIT, ""))


def acts(parts: Parts) -> list[str]:
    with parts.sessions() as session:
        return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def test_password_and_code_open_the_page_that_was_wanted(client: FlaskClient, maude: Person, parts: Parts) -> None:
    assert client.get("/staff/people").status_code == 303
    assert enter(client, maude).headers["Location"] == "/staff/second"
    assert client.get("/staff/people").headers["Location"] == "/staff/account", "the password alone opens nothing"
    assert client.get("/staff/account").headers["Location"] == "/staff/second"
    assert post(client, "/staff/second", code=maude.code(NOW)).headers["Location"] == "/staff/account"
    assert client.get("/staff/account").status_code == 200
    assert acts(parts) == ["signed-in"]


def test_after_signing_in_one_comes_to_the_page_one_asked_for(client: FlaskClient, maude: Person) -> None:
    client.get("/staff/people")
    enter(client, maude)
    assert post(client, "/staff/second", code=maude.code(NOW)).headers["Location"] == "/staff/people"


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "/fr/",
    "/staff/\\evil",
    "/staff//x",
    "/staff/a\nb",
    "/staff/" + "x" * 600,
]


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_led_to_another_site(client: FlaskClient, maude: Person, elsewhere: str) -> None:
    enter(client, maude)
    with client.session_transaction() as cookie:
        cookie[WANTED] = elsewhere
    assert post(client, "/staff/second", code=maude.code(NOW)).headers["Location"] == "/staff/"


def test_who_signs_in_again_ends_the_visit_before(client: FlaskClient, maude: Person, parts: Parts) -> None:
    enter_fully(client, maude, NOW)
    older = client.get_cookie("advocacy")
    assert older
    data = {"email": maude.email, "password": PASSWORD}
    assert post(client, "/staff/sign-in", "/staff/forgotten", **data).headers["Location"] == "/staff/second"
    client.set_cookie("advocacy", older.value)
    assert client.get("/staff/").headers["Location"] == "/staff/sign-in"
    with parts.sessions() as session:
        assert session.scalar(select(func.count(Visit.id))) == 1


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_another_language_leads_nobody_to_another_site(client: FlaskClient, elsewhere: str) -> None:
    answer = post(client, "/staff/language", "/staff/sign-in", language="fr", back=elsewhere)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/")


def test_an_address_too_long_for_a_cookie_is_not_remembered(client: FlaskClient) -> None:
    for length, remembered in ((100, True), (3000, False)):
        assert client.get(f"/staff/campaigns/{'x' * length}/settings").status_code == 303
        with client.session_transaction() as cookie:
            assert (cookie.pop(WANTED, None) is not None) is remembered


def test_the_cookie_is_new_after_each_step_and_the_older_one_opens_nothing(
    client: FlaskClient, app: Flask, maude: Person
) -> None:
    with client.session_transaction() as cookie:
        cookie[VISIT] = "a token that somebody else put there"
    enter(client, maude)
    first, kept = token_of(client), client.get_cookie("advocacy")
    post(client, "/staff/second", code=maude.code(NOW))
    second = token_of(client)
    assert len({"a token that somebody else put there", first, second}) == 3
    assert kept
    thief = app.test_client()
    thief.set_cookie("advocacy", kept.value)
    assert thief.get("/staff/account").headers["Location"] == "/staff/sign-in"


def test_known_and_unknown_wrong_and_closed_are_answered_alike(
    app: Flask, parts: Parts, maude: Person, *, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = somebody(app, parts, NOW, email="closed@example.ca")
    invited = somebody(app, parts, NOW, email="invited@example.ca")
    with parts.sessions.begin() as session:
        session.get_one(Account, closed.id).active = False
        session.get_one(Account, invited.id).password = None
    safe: Safe = app.extensions[SAFE]
    compared: list[str | None] = []
    right = safe.vault.is_right

    def noting(typed: str, kept: str | None) -> bool:
        compared.append(kept)
        return right(typed, kept)

    monkeypatch.setattr(safe.vault, "is_right", noting)
    answers = set()
    for email, password in (
        ("maude@example.ca", "wrong"),
        ("nobody@example.ca", PASSWORD),
        ("closed@example.ca", PASSWORD),
        ("invited@example.ca", PASSWORD),
        ("no address", PASSWORD),
    ):
        client = app.test_client()
        answer = post(client, "/staff/sign-in", email=email, password=password)
        page = TOKEN.sub("", answer.text.replace(email, "ADDRESS"))
        answers.add((answer.status_code, len(page), page.count("ADDRESS")))
        assert PASSWORD not in answer.text
        assert "is not right, or the account is closed" in answer.text
    assert len(answers) == 1
    assert [kept is None for kept in compared] == [False, True, True, True, True], "each was compared with something"


def test_too_many_tries_are_told_alike_and_keep_the_right_password_out_too(app: Flask, maude: Person) -> None:
    stranger = Person(0, "nobody@example.ca", None)
    told = set()
    for person in (maude, stranger):
        client = app.test_client()
        statuses = [
            post(client, "/staff/sign-in", email=person.email, password="wrong").status_code
            for _ in range(MOST[Kind.PASSWORD])
        ]
        assert set(statuses) == {422}
        answer = enter(client, person)
        told.add((answer.status_code, answer.headers["Retry-After"], "Wait 15 minutes" in answer.text))
        assert not token_of(client)
    assert told == {(429, "900", True)}


def test_right_tries_are_not_counted(app: Flask, parts: Parts, maude: Person) -> None:
    for _ in range(MOST[Kind.PASSWORD] + 1):
        assert enter(app.test_client(), maude).status_code == 303
    with parts.sessions() as session:
        assert session.scalar(select(func.count(Attempt.id))) == 0


def test_second_steps_are_counted_too(client: FlaskClient, maude: Person) -> None:
    enter(client, maude)
    wrong = [{"code": "000000"}, {"recovery": "0000-0000-0000"}, {"answer": "{}"}, {"code": ""}, {"answer": "[1]"}]
    assert [post(client, "/staff/second", **one).status_code for one in wrong] == [422] * 5
    assert post(client, "/staff/second", code=maude.code(NOW)).status_code == 429
    assert client.get("/staff/account").headers["Location"] == "/staff/second"


def test_where_tries_cannot_be_counted_nobody_is_let_in(client: FlaskClient, maude: Person, parts: Parts) -> None:
    client.get("/staff/sign-in")
    with parts.sessions.begin() as session:
        session.execute(text("DROP TABLE staff_attempts"))
    assert enter(client, maude).status_code in {500, 503}
    assert not token_of(client)


def test_a_code_lets_in_once(app: Flask, parts: Parts, maude: Person) -> None:
    assert enter_fully(app.test_client(), maude, NOW).status_code == 303
    assert enter_fully(app.test_client(), maude, NOW).status_code == 422
    later = create_app(parts, now=lambda: NOW + timedelta(seconds=30)).test_client()
    enter(later, maude)
    assert post(later, "/staff/second", code=maude.code(NOW, 30)).status_code == 303


def test_a_recovery_code_lets_in_once(app: Flask, parts: Parts, maude: Person) -> None:
    safe: Safe = app.extensions[SAFE]
    with parts.sessions.begin() as session:
        me = factors.locked(session, maude.id)
        codes = factors.make_recovery_codes(session, me, keys=safe.services.keys, now=NOW)
    statuses = []
    for _ in range(2):
        client = app.test_client()
        enter(client, maude)
        statuses.append(post(client, "/staff/second", recovery=codes[0]).status_code)
    assert statuses == [303, 422]
    assert acts(parts) == ["recovery-codes-made", "recovery-code-used", "signed-in"]


def test_signing_out_ends_the_visit_and_is_written_down(client: FlaskClient, parts: Parts, maude: Person) -> None:
    enter_fully(client, maude, NOW)
    kept = client.get_cookie("advocacy")
    assert kept
    assert post(client, "/staff/sign-out", "/staff/account").headers["Location"] == "/staff/sign-in"
    client.set_cookie("advocacy", kept.value)
    assert client.get("/staff/account").status_code == 303
    assert acts(parts) == ["signed-in", "signed-out"]


def test_without_the_forms_token_nothing_is_tried(client: FlaskClient, maude: Person, parts: Parts) -> None:
    assert client.post("/staff/sign-in", data={"email": maude.email, "password": PASSWORD}).status_code == 400
    with parts.sessions() as session:
        assert session.scalar(select(func.count(Visit.id))) == 0


def test_a_password_changed_while_it_is_compared_lets_nobody_in(
    app: Flask, client: FlaskClient, maude: Person, *, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    safe: Safe = app.extensions[SAFE]
    right: Callable[[str, str | None], bool] = safe.vault.is_right

    def slow(password: str, kept: str | None) -> bool:
        with parts.sessions.begin() as session:
            session.get_one(Account, maude.id).password = "changed"
        return right(password, kept)

    monkeypatch.setattr(safe.vault, "is_right", slow)
    assert enter(client, maude).status_code == 422


def test_every_visit_of_a_demoted_manager_ends(app: Flask, parts: Parts) -> None:
    chief = somebody(app, parts, NOW, email="chief@example.ca", role=Role.MANAGER)
    other = somebody(app, parts, NOW, email="other@example.ca", role=Role.MANAGER)
    theirs, mine = app.test_client(), app.test_client()
    enter_fully(theirs, other, NOW)
    enter_fully(mine, chief, NOW)
    assert theirs.get("/staff/people").status_code == 200
    page = f"/staff/people/{other.id}"
    assert post(mine, page, act="role", role="writer").status_code == 303
    assert theirs.get("/staff/people").headers["Location"] == "/staff/sign-in"
    later = create_app(parts, now=lambda: NOW + timedelta(seconds=60)).test_client()
    enter(later, other)
    post(later, "/staff/second", code=other.code(NOW, 60))
    assert later.get("/staff/people").status_code == 403


def test_what_to_do_without_a_password_is_told_to_everybody(client: FlaskClient) -> None:
    answer = client.get("/staff/forgotten")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert int(attempts.WINDOW.total_seconds()) == 15 * 60, "the pages say so"
