"""A letter or a campaign is taken offline after a second question; citizens see that at once, and lose no words."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from advocacy.delivery.models import Message
from advocacy.letters.models import MessageKind
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from tests.web.public.sender import Sender
from tests.web.public.visitor import Visitor
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser

CAMPAIGN, LETTER = "child-protection", "takedown-and-standards"
OF_LETTER = f"/staff/campaigns/{CAMPAIGN}/letters/{LETTER}/availability"
OF_CAMPAIGN = f"/staff/campaigns/{CAMPAIGN}/availability"


@pytest.fixture
def publisher(browser: NewBrowser) -> Browser:
    """Who may take things offline."""
    return browser(Role.PUBLISHER)


def offline(publisher: Browser, where: str, **more: str) -> None:
    assert publisher.page(f"{where}/offline").select_one("main form")
    assert publisher.post(f"{where}/offline", {"reason": "a wrong figure", **more}).status_code == 303


def test_a_letter_without_a_reason_stays(publisher: Browser, app: Flask) -> None:
    assert publisher.post(f"{OF_LETTER}/offline").status_code == 422
    assert Visitor.of(app).get().status == 200


def test_a_form_in_progress_is_told_and_nothing_is_sent(publisher: Browser, app: Flask) -> None:
    visitor = Visitor.of(app)
    visitor.get("write")
    offline(publisher, OF_LETTER)
    page = visitor.post("review")
    assert page.status == 404
    assert "This letter is not available at the moment" in page.answer.text
    assert "your text is still there to copy" in page.answer.text
    assert LETTER not in visitor.get().answer.text
    assert publisher.post(f"{OF_LETTER}/online").status_code == 303
    assert LETTER in visitor.get().answer.text


def test_a_campaign_is_gone_from_its_pages_and_the_list(publisher: Browser, app: Flask) -> None:
    offline(publisher, OF_CAMPAIGN)
    client = app.test_client()
    for page in ("", "write"):
        answer = client.get(f"/fr/{CAMPAIGN}/{page}")
        assert (answer.status_code, "n’est pas disponible pour le moment" in answer.text) == (404, True)
    assert CAMPAIGN not in client.get("/en/").text
    overview = publisher.page(f"/staff/campaigns/{CAMPAIGN}")
    assert "This campaign is not available at the moment" in overview.get_text()
    assert "Reason: a wrong figure" in overview.get_text()
    assert overview.select_one(".titlebar a[href$='availability/online']")
    publisher.post(f"{OF_CAMPAIGN}/archive")
    assert client.get(f"/en/{CAMPAIGN}/").status_code == 410
    publisher.post(f"{OF_CAMPAIGN}/restore")
    assert client.get(f"/en/{CAMPAIGN}/").status_code == 200


def test_what_waits_for_confirmation_can_be_confirmed_where_the_content_is_right(
    publisher: Browser, runtime: Runtime
) -> None:
    sender = Sender(runtime, clock=[NOW])
    sender.sent()
    offline(publisher, OF_LETTER)
    link = sender.link()
    assert sender.follow(link).status == 200
    assert sender.answer(link, act="send").status == 303


@pytest.mark.parametrize("where", [OF_LETTER, OF_CAMPAIGN])
def test_wrong_content_is_never_sent_and_can_be_written_anew(publisher: Browser, runtime: Runtime, where: str) -> None:
    sender = Sender(runtime, clock=[NOW])
    sender.sent()
    link = sender.link()
    offline(publisher, where, is_wrong="y")
    page = sender.follow(link)
    assert (page.status, "This letter was withdrawn" in page.answer.text) == (410, True)
    assert publisher.post(f"{where}/online").status_code == 303
    assert sender.answer(link, act="send").status == 410
    assert f"/en/{CAMPAIGN}/write" in sender.follow(link).answer.text
    with runtime.sessions() as session:
        assert session.scalars(select(Message).where(Message.kind == MessageKind.LETTER)).all() == []
    sender.clock[0] += timedelta(minutes=1)
    sender.sent()
    [form] = sender.follow(sender.link()).page.select("form[method=post]")[:1]
    assert form
    assert sender.answer(sender.link(), act="send").status == 303
    with runtime.sessions() as session:
        assert len(session.scalars(select(Message).where(Message.kind == MessageKind.LETTER)).all()) == 1


def test_wrong_content_that_was_being_sent_at_that_moment_is_withdrawn_too(
    publisher: Browser, runtime: Runtime
) -> None:
    """Its form was read before, and its letters are stored a moment after."""
    sender = Sender(runtime, clock=[NOW + timedelta(seconds=2)])
    sender.sent()
    offline(publisher, OF_LETTER, is_wrong="y")
    assert sender.answer(sender.link(), act="send").status == 410


def test_no_form_changes_what_is_archived(publisher: Browser) -> None:
    home = f"/staff/campaigns/{CAMPAIGN}"
    publisher.post(f"{OF_CAMPAIGN}/archive")
    form = publisher.page(f"{home}/settings").select_one("main form[method=post]")
    assert form is not None
    typed = {str(one["name"]): one.get("value") or one.get_text().strip() for one in form.select("input, textarea")}
    saved = publisher.post(f"{home}/settings", typed | {"goal-letters": "4242"})
    assert (saved.status_code, "This campaign is archived" in saved.text) == (422, True)
    assert "4242" in saved.text
    added = {"title-en": "New", "title-fr": "Neuve", "start": LETTER}
    assert publisher.post(f"{home}/letters/new", added).headers["Location"] == home
    assert "This is archived: restore it first." in publisher.page(home).get_text()
