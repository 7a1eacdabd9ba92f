"""A receipt offers at once what is left after a letter came back: paper, another address, the telephone."""

from dataclasses import replace

from pydantic import SecretStr
from sqlalchemy import func, select, update

from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.legislators.directory_queries import mark_bounced
from advocacy.legislators.models import Legislator, OfficeAddress
from tests.web.public.sender import Sender
from tests.web.public.test_receipt import moved, receipt_of
from tests.web.shared_site import NOW

OWN, NEWER = "mp-yasir-naqvi", "yasir.naqvi.new@parl.gc.ca"


def came_back(sender: Sender) -> str:
    """Have a letter come back, and return the path of its receipt."""
    where = receipt_of(sender)
    moved(sender, State.BOUNCED)
    with sender.runtime.sessions.begin() as session:
        mark_bounced(session, OWN, now=NOW, reason="smtp_550")
        session.get_one(Legislator, OWN).addresses = (OfficeAddress("legislature", (), "613-555-0100"),)
    return where


def corrected(sender: Sender) -> None:
    with sender.runtime.sessions.begin() as session:
        session.execute(update(Legislator).where(Legislator.id == OWN).values(email=NEWER))


def count_letters(sender: Sender) -> int:
    with sender.runtime.sessions() as session:
        return session.scalar(select(func.count()).where(Message.kind == "letter")) or 0


def test_paper_and_telephone_are_offered_at_once(sender: Sender) -> None:
    page = sender.follow(came_back(sender)).page
    ways = page.select_one(".ways")
    assert ways is not None
    [pdf] = ways.select('a[href$="/1/pdf"]')
    assert sender.follow(str(pdf["href"])).answer.mimetype == "application/pdf"
    assert "No stamp is needed" in ways.get_text()
    assert ways.select('a[href^="tel:"]')
    assert not ways.select('[action$="/other-address"]'), "the directory has no other address"
    assert len(page.select(".btn-main")) == 1, "whom else to write to is no rival of what to do now"


def test_a_letter_is_sent_to_the_corrected_address_once(sender: Sender) -> None:
    where = came_back(sender)
    corrected(sender)
    assert NEWER in sender.follow(where).page.select_one(".ways").get_text()  # type: ignore[union-attr]
    assert [sender.answer(f"{where}/1/other-address").status for _ in range(2)] == [303, 303]
    assert count_letters(sender) == 2
    page = sender.follow(where).page
    assert len(page.select(".card-letter")) == 2
    assert not page.select(".ways")
    assert page.select_one("#card-1 .notice") is not None
    assert page.text.count("Follow your letters") == 2, "in the window's title and on the page, once each"


def test_a_letter_that_was_mailed_is_shown_as_mailed_and_offered_no_more(sender: Sender) -> None:
    where = came_back(sender)
    assert [sender.answer(f"{where}/1/posted").status for _ in range(2)] == [303, 303]
    page = sender.follow(where).page
    assert not page.select(".ways")
    assert "You mailed it on November 25, 2026." in page.select_one(".story").get_text()  # type: ignore[union-attr]
    corrected(sender)
    assert sender.answer(f"{where}/1/other-address").status == 303
    assert count_letters(sender) == 1


def test_in_test_mode_no_other_address_is_offered(sender: Sender) -> None:
    where = came_back(sender)
    corrected(sender)
    settings = sender.runtime.settings.model_copy(
        update={
            "provider": "smtp",
            "smtp_url": SecretStr("smtp://localhost:1"),
            "from_email": "letters@example.ca",
            "test_recipient": "tries@example.ca",
        }
    )
    tested = Sender(replace(sender.runtime, settings=settings))
    page = tested.follow(where).page
    assert page.select_one(".ways") is not None
    assert not page.select('[action$="/other-address"]')
    assert tested.answer(f"{where}/1/other-address").status == 400
    assert count_letters(sender) == 1
