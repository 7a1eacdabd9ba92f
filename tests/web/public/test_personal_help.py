"""Whoever needs help with something personal finds the office's contact, and no campaign letter with it."""

import pytest
from bs4 import Tag

from advocacy.legislators.models import Legislator, OfficeAddress
from tests.web.public.sender import Sender
from tests.web.public.visitor import FILLED

OWN = "mp-yasir-naqvi"


@pytest.fixture
def known(sender: Sender) -> Sender:
    """A site whose directory knows where one office is."""
    with sender.runtime.sessions.begin() as session:
        session.get_one(Legislator, OWN).addresses = (
            OfficeAddress("legislature", (), "613-555-0100"),
            OfficeAddress("constituency", ("109 Catherine Street", "Ottawa ON  K2P 0P4"), "613-555-0199"),
        )
    return sender


def panel(sender: Sender) -> Tag:
    found = sender.visitor.page.select_one("#personal")
    assert found is not None
    return found


def test_the_question_is_asked_on_the_form_and_asks_where_one_lives_first(sender: Sender) -> None:
    sender.visitor.get()
    asked = panel(sender)
    assert "something personal?" in asked.get_text()
    assert not asked.has_attr("open")
    assert not asked.select('a[href^="mailto:"]')
    assert asked.select('button[name="go"][value="help"]')


def test_it_shows_how_to_reach_the_office_without_a_word_of_the_campaign(known: Sender) -> None:
    known.visitor.post("write", {"postal_code": "K1A 0A6", "go": "help"})
    asked = panel(known)
    assert asked.has_attr("open"), "whoever looked the office up in it finds it open"
    assert [link["href"] for link in asked.select("a")] == [
        "mailto:yasir.naqvi@parl.gc.ca",
        "tel:613-555-0100",
        "tel:613-555-0199",
    ]
    assert "109 Catherine Street" in asked.get_text()
    assert known.stored() == []


def test_it_follows_whom_the_reader_chooses(known: Sender) -> None:
    chosen = {**FILLED, "recipient": [OWN, "mp-anthony-housefather"]}
    page = known.visitor.post("legislators", {**chosen, "go": "recipient"})
    assert page.status == 200
    names = [one.get_text() for one in panel(known).select(".contact b")]
    assert names == ["Yasir Naqvi", "Anthony Housefather"]


def test_nothing_of_it_travels_with_the_letter(known: Sender) -> None:
    known.visitor.post("write", {**FILLED, "go": "help"})
    assert not panel(known).select("input, select, textarea")
    known.sent()
    assert len(known.stored()) == 1
