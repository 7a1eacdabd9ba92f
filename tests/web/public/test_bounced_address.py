"""Whoever writes to an address that mail came back from is told before it leaves, on the form and over the letter."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from advocacy.language import Language
from advocacy.legislators.directory_queries import CAME_BACK, clear_bounced, mark_bounced
from tests.web.public.sender import Sender
from tests.web.public.visitor import FILLED
from tests.web.shared_site import NOW

OWN, OWN_ADDRESS = "mp-yasir-naqvi", "yasir.naqvi@parl.gc.ca"
OTHER = "mp-anthony-housefather"
PLACES = {"write": ".seat", "review": ".r-exits > .notice"}


def told(sender: Sender, place: str, recipient: str) -> list[str]:
    """Return what a page warns of beside one recipient's name or letter; a second passes, as the directory is kept."""
    sender.clock[0] += timedelta(seconds=1)
    said = sender.visitor.post(place, {**FILLED, "recipient": [OWN, OTHER], "go": "find"}).answer.text
    page = BeautifulSoup(said, "lxml")
    where = f'[data-letter="{recipient}"]' if place == "review" else f'.recip:has([value="{recipient}"])'
    [found] = page.select(where)
    return [one.get_text().strip() for one in found.select(PLACES[place])]


def come_back(sender: Sender) -> None:
    with sender.runtime.sessions.begin() as session:
        mark_bounced(session, OWN, now=NOW, reason="550")


@pytest.mark.parametrize("place", PLACES)
def test_an_address_in_doubt_is_told_at_once_of_the_one_it_is_and_until_it_is_trusted(
    sender: Sender, place: str
) -> None:
    assert told(sender, place, OWN) == []
    come_back(sender)
    assert told(sender, place, OWN) == [CAME_BACK.in_language(Language.EN)]
    assert told(sender, place, OTHER) == []
    with sender.runtime.sessions.begin() as session:
        clear_bounced(session, OWN_ADDRESS)
    assert told(sender, place, OWN) == []


def test_a_warning_is_read_out_with_the_name_and_forbids_nothing(sender: Sender) -> None:
    come_back(sender)
    page = sender.visitor.post("write", {**FILLED, "recipient": OWN, "go": "find"}).page
    assert page.select_one(f'#recipient-{OWN}[aria-describedby="seat-{OWN}"]') is not None
    assert sender.sent().status == 303
