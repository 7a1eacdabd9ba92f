"""Whoever mailed a letter on paper can be asked about the answer: nothing of it is sent, and all else is as for any."""

from datetime import date

from sqlalchemy import func, select

from advocacy.delivery.models import Message
from advocacy.letters.letter import from_json
from advocacy.letters.models import MessageKind
from advocacy.letters.submit import POSTED_CONSENT_VERSION
from tests.web.public.sender import AGREED, Sender
from tests.web.public.visitor import FILLED, Visitor
from tests.web.shared_site import NOW

OWN, OTHER = "mp-yasir-naqvi", "mp-anthony-housefather"
MAILED = '#sendbox [formaction$="/posted"]'


def printed(sender: Sender, **different: str | list[str]) -> Visitor:
    """Review letters and open the page that prints them."""
    visitor = sender.visitor.post("review", {**FILLED, **different})
    return visitor.press('[formaction$="/download/html"]')


def mailed(sender: Sender, **different: str | list[str]) -> Visitor:
    """Print letters and tell that they were mailed, both boxes ticked."""
    printed(sender, **different)
    return sender.visitor.press(MAILED, **AGREED)


def letters_in_outbox(sender: Sender) -> int:
    with sender.runtime.sessions() as session:
        return session.scalar(select(func.count()).where(Message.kind == MessageKind.LETTER)) or 0


def test_a_mailed_letter_is_stored_as_printed_and_never_sent(sender: Sender) -> None:
    shown = printed(sender).sheets()
    visitor = sender.visitor.press(MAILED, **AGREED)
    assert visitor.status == 303
    [submission] = sender.stored()
    [letter] = submission.letters
    assert letter.posted_on == date(2026, 11, 25)
    assert submission.asks_for_answers
    assert submission.consent_text == POSTED_CONSENT_VERSION
    words = letter.letter
    assert words is not None
    assert from_json(words).subject in shown[0]
    page = sender.follow(sender.link())
    assert page.page.select_one(".signed") is not None
    receipt = sender.answer(sender.link(), act="send")
    assert receipt.status == 303
    assert letters_in_outbox(sender) == 0
    assert sender.follow(str(receipt.answer.headers["Location"])).status == 200
    story = sender.visitor.page.select_one(".story")
    assert story is not None
    assert "November 25, 2026" in story.get_text()


def test_neither_box_is_ticked_for_anyone_and_the_letter_stays_on_the_page(sender: Sender) -> None:
    shown = printed(sender).sheets()
    assert not sender.visitor.page.select("#sendbox input[checked]")
    visitor = sender.visitor.press(MAILED)
    assert visitor.status == 422
    assert set(visitor.errors()) == {"age_ok", "consent"}
    assert visitor.sheets() == shown
    assert sender.stored() == []
    assert visitor.press(MAILED, **AGREED).status == 303


def test_one_letter_of_several_is_mailed(sender: Sender) -> None:
    sender.visitor.post("review", {**FILLED, "recipient": [OWN, OTHER]})
    sender.visitor.press(f'[formaction$="/download/html"][name="letter"][value="{OTHER}"]')
    assert len(sender.visitor.sheets()) == 1
    assert sender.visitor.press(MAILED, **AGREED).status == 303
    assert [letter.legislator_id for letter in sender.stored()[0].letters] == [OTHER]


def test_looking_changes_nothing(sender: Sender) -> None:
    assert sender.visitor.get("posted").status == 405
    mailed(sender)
    sender.follow(sender.link())
    assert [letter.posted_on for one in sender.stored() for letter in one.letters] == [NOW.date()]
    assert letters_in_outbox(sender) == 0


def test_no_page_promises_that_a_mailed_letter_is_sent(sender: Sender) -> None:
    place = mailed(sender).answer.headers["Location"]
    sent = sender.follow(place).page.get_text()
    confirming = sender.follow(sender.link())
    button = confirming.page.select_one('[name="act"][value="send"]')
    assert button is not None
    wrong = ("is not sent until", "Send my letter")
    for text in (sent, button.get_text(), confirming.page.h1.get_text() if confirming.page.h1 else ""):
        assert not any(words in text for words in wrong), text
    assert "Nothing is sent to the office" in confirming.page.get_text()
