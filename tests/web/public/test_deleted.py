"""Whoever says “not me” is told that nothing was sent only where that is so."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.web.services import Services
from tests.citizens import came_to, mails_left
from tests.web.public.sender import Sender
from tests.web.shared_site import NOW

NOTHING = "Nothing was sent to anyone."
EARLIER = "may already have been sent; offices keep what they received."
NO_MORE = "This address will get nothing more from this campaign."


def letters(sender: Sender) -> list[State]:
    with sender.runtime.sessions() as session:
        return list(session.scalars(select(Message.state).where(Message.kind == "letter")))


def confirmed_before(sender: Sender) -> str:
    """Confirm a letter, then have another form sent in; give the link to that one."""
    sender.sent()
    link = sender.link()
    sender.follow(link)
    assert sender.answer(link, act="send").status == 303
    mails_left(sender.runtime.sessions)
    sender.clock[0] = NOW + timedelta(minutes=1)
    sender.sent(city="Gatineau")
    return sender.link()


def deleted(sender: Sender, link: str) -> str:
    sender.follow(link)
    page = sender.answer(link, act="delete")
    assert page.status == 200
    main = page.page.select_one("main")
    assert main is not None
    return main.get_text(" ", strip=True)


def test_what_was_confirmed_and_waits_is_taken_along(sender: Sender) -> None:
    link = confirmed_before(sender)
    assert letters(sender) == [State.READY]
    said = deleted(sender, link)
    assert letters(sender) == [State.CANCELLED]
    assert NOTHING in said
    assert EARLIER not in said


def test_what_left_before_is_not_denied(sender: Sender) -> None:
    link = confirmed_before(sender)
    with sender.runtime.sessions.begin() as session:
        came_to(session, session.scalars(select(Message).where(Message.kind == "letter")).one(), State.ACCEPTED)
    said = deleted(sender, link)
    assert NOTHING not in said
    assert EARLIER in said
    assert NO_MORE in said


def test_whoever_erases_by_a_receipt_may_hear_more(sender: Sender) -> None:
    sender.sent()
    where = sender.confirmed()
    sender.follow(where)
    said = sender.answer(f"{where}/delete").page.get_text(" ", strip=True)
    assert "offices keep what they received" in said
    assert NO_MORE not in said
    assert "If you wrote in another tab, close it" in said


@pytest.mark.parametrize("contact", ["", "privacy@example.ca"])
def test_a_contact_is_spoken_of_only_where_there_is_one(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, contact: str
) -> None:
    def campaigns(_: Services) -> list[OpenCampaign]:
        return [replace(one, file=one.file.model_copy(update={"privacy_contact": contact})) for one in listed]

    with sender.runtime.sessions() as session:
        listed = sender.site.opened.all(session)
    monkeypatch.setattr(Services, "campaigns", campaigns)
    words = {
        "/en/confirm/unknown": "For questions:",
        "/en/receipt/unknown": "For questions:",
        "/en/privacy": "For access, correction, deletion or questions:",
        "/en/accessibility": "Is something in your way?",
        "/en/offices": "Who runs the campaigns",
    }
    for path, said in words.items():
        text = sender.follow(path).page.get_text(" ", strip=True)
        assert (said in text) is bool(contact)
        assert "privacy@example.ca" in text if contact else "contact yet" not in text
