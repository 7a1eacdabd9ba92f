"""A threat written in a victim's name is seen by the victim before they press, and read by staff before it leaves."""

import pytest
from sqlalchemy import select

from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.letters.letter import Letter, from_json
from advocacy.letters.models import MessageKind, OwnText, StoredLetter
from tests.web.public.sender import AGREED, Sender
from tests.web.public.visitor import FILLED

SUBJECT = "I will come to your house tonight"
BODY = "You know what you did.\n\nI know where you live, and I will come to your house. You should be afraid of me now."


def threatened(sender: Sender, **different: str) -> str:
    """Write a threat over the letter and send it in with somebody's address; return the link they get."""
    visitor = sender.visitor.post("review", {**FILLED, **different})
    [subject] = [field["name"] for field in visitor.form.select('[name^="subject-"]')]
    [body] = [field["name"] for field in visitor.form.select('[name^="body-"]')]
    visitor.press('[formaction$="/send"]', **{str(subject): SUBJECT, str(body): BODY, **AGREED})
    return sender.link()


def letter_in_outbox(sender: Sender) -> tuple[Message, Letter, OwnText | None]:
    with sender.runtime.sessions() as session:
        message = session.scalars(select(Message).where(Message.kind == MessageKind.LETTER)).one()
        stored = session.get_one(StoredLetter, message.ref)
        text = stored.letter
        return message, from_json(text or ""), session.get(OwnText, stored.id)


@pytest.mark.parametrize("forms", [1, 2])
def test_the_victim_sees_the_threat_and_that_it_was_edited_before_the_button(sender: Sender, forms: int) -> None:
    if forms == 2:
        sender.sent(name="Somebody Else")
    page = sender.follow(threatened(sender)).page
    words, button = str(page), str(page.select_one(".btn-main"))
    for line in (SUBJECT, *BODY.split("\n\n"), "Edited."):
        assert line in words
        assert words.index(line) < words.index(button)
    unfolded = " ".join(one.get_text() for one in page.select(".to-send details[open]"))
    assert SUBJECT in unfolded, "it is read without a press, among other forms too"
    assert "someone on our side will read it before it is sent" in words


def test_a_threat_is_held_and_goes_without_the_surveys_source(sender: Sender) -> None:
    link = threatened(sender)
    sender.follow(link)
    receipt = sender.answer(link, act="send").answer.headers["Location"]
    message, letter, own = letter_in_outbox(sender)
    assert (message.state, message.reason) == (State.HELD, "own_text")
    assert (letter.subject, letter.source_note) == (SUBJECT, "")
    assert own is not None
    assert own.kept_percent is not None
    assert own.kept_percent < 5
    said = sender.follow(receipt).page.get_text(" ", strip=True)
    assert "Someone on our side will read it before it is sent." in said
    assert "suspect" not in said.casefold()


def test_a_letter_with_a_story_in_the_form_is_sent(sender: Sender) -> None:
    sender.speaking(Language.FR).sent()
    sender.confirmed()
    message, letter, own = letter_in_outbox(sender)
    assert (message.state, bool(letter.source_note)) == (State.READY, True)
    assert own is not None, "the story is compared with others"
    assert own.kept_percent is None
