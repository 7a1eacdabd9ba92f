"""A receipt tells what became of each letter, hands out all that is kept, and erases it when asked twice over."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from advocacy.delivery.models import By, Message, MessageMove
from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.letters.receipts import Moved, ReceiptLetter
from advocacy.web.public.story import story
from tests.web.conftest import NOW
from tests.web.public.sender import Sender
from tests.web.public.visitor import STORY


def receipt_of(sender: Sender) -> str:
    sender.sent()
    link = sender.link()
    sender.follow(link)
    return sender.answer(link, act="send").answer.headers["Location"]


def moved(sender: Sender, state: State) -> None:
    with sender.parts.sessions.begin() as session:
        message = session.scalars(select(Message).where(Message.kind == "letter")).one()
        message.state = state
        session.add(MessageMove(message_id=message.id, at=NOW + timedelta(minutes=1), state=state, by=By.WORKER))


@pytest.mark.parametrize("language", Language)
def test_the_words_sent_stand_on_the_receipt(sender: Sender, language: Language) -> None:
    sender.speaking(language)
    sender.visitor.post("review")
    shown = sender.visitor.sheets()[0]
    page = sender.follow(receipt_of(sender))
    assert STORY in shown
    assert STORY in page.page.select_one(".as-sent").text  # type: ignore[union-attr]
    assert page.page.select_one('[data-stories="open"]') is not None


def test_a_delivered_letter_is_settled(sender: Sender) -> None:
    where = receipt_of(sender)
    moved(sender, State.DELIVERED)
    page = sender.follow(where).page
    assert page.select_one('[data-stories="settled"]') is not None
    assert [line.select_one("b").text for line in page.select(".story li")] == [  # type: ignore[union-attr]
        "You confirmed your address.",
        "Delivered to the office’s server.",
        "The rest is up to them.",
    ]


def test_everything_kept_can_be_taken_along(sender: Sender) -> None:
    where = receipt_of(sender)
    sender.follow(where)
    answer = sender.answer(f"{where}/data").answer
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == "attachment; filename=letters.json"
    kept = json.loads(answer.data)
    assert kept["email"] == "camille.essai@example.ca"
    assert STORY in json.dumps(kept, ensure_ascii=False)


@pytest.mark.parametrize("base_url", ["http://localhost", "https://letters.example"])
def test_erased_is_erased(sender: Sender, base_url: str) -> None:
    sender.visitor.base_url = base_url
    where = receipt_of(sender)
    form = sender.follow(where).page.select_one("details.second:not([open]) form")
    assert form is not None
    assert form["action"] == f"{where}/delete"
    assert sender.answer(f"{where}/delete").status == 200
    assert sender.follow(where).status == 410
    assert sender.answer(f"{where}/data").status == 410
    assert sender.answer(f"{where}/delete").status == 410
    with sender.parts.sessions() as session:
        assert session.scalars(select(Message.state).where(Message.kind == "letter")).one() is State.CANCELLED


def test_the_same_office_twice_is_told_that_once_is_enough(sender: Sender) -> None:
    receipt_of(sender)
    sender.clock[0] = NOW + timedelta(hours=1)
    page = sender.follow(receipt_of(sender)).page
    assert page.select_one(".card-letter .notice") is not None
    assert not page.select(".story")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("state", State)
def test_every_state_has_something_to_say(state: State, language: Language) -> None:
    moves = (Moved(NOW, State.READY, ""), Moved(NOW, State.SENDING, ""), Moved(NOW, state, ""))
    letter = ReceiptLetter("1", "mp", "a/b", Language.EN, None, None, state, NOW, moves)
    lines = story(letter, NOW, language)
    assert len(lines) >= 2
    assert not any("{" in line.first + line.more for line in lines)


def test_the_first_ready_says_nothing_and_a_later_one_tells_of_the_wait() -> None:
    def marks(*states: State) -> list[str]:
        letter = ReceiptLetter(
            "1", "mp", "a/b", Language.EN, None, None, states[-1], NOW, tuple(Moved(NOW, one, "") for one in states)
        )
        return [line.mark for line in story(letter, NOW, Language.EN)]

    assert marks(State.READY) == ["", "now"]
    assert marks(State.READY, State.SENDING, State.READY) == ["", "hold", "now"]
    assert marks(State.READY, State.SENDING, State.ACCEPTED, State.DELIVERED) == ["", "", "", "next"]
    again = (State.SENDING, State.READY)
    assert marks(State.READY, *again, *again, *again) == ["", "hold", "now"]
    assert marks(State.READY, *again, State.SENDING, State.UNCERTAIN, *again, *again) == ["", *["hold"] * 3, "now"]


def test_a_run_of_delays_is_told_from_its_first() -> None:
    first = NOW + timedelta(minutes=2)
    again = [Moved(first + timedelta(hours=each), State.READY, "http_429") for each in range(9)]
    moves = (Moved(NOW, State.READY, ""), Moved(first, State.SENDING, ""), *again)
    letter = ReceiptLetter("1", "mp", "a/b", Language.EN, None, None, State.READY, NOW, moves)
    assert [line.at for line in story(letter, NOW, Language.EN)] == [NOW, first, None]
