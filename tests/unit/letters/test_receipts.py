"""A letter's story says what is known: why it waits, until when, and where it really went."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.letters.holding import HoldReason
from advocacy.letters.receipts import ReceiptLetter, SendingMode, StateChange, TimelineEntry, headline, timeline
from advocacy.messages import Message
from advocacy.settings import MailMode
from tests.web.shared_site import NOW

SENDING = SendingMode(NOW)
LATER = NOW + timedelta(minutes=20)
DELAYED = StateChange(NOW, State.READY, ""), StateChange(NOW, State.SENDING, "")


def letter(*moves: StateChange, due_at: timedelta = timedelta()) -> ReceiptLetter:
    return ReceiptLetter("1", "mp", "a/b", Language.EN, None, None, moves[-1].state, NOW + due_at, moves)


def in_state(state: State | None) -> ReceiptLetter:
    return ReceiptLetter("1", "mp", "a/b", Language.EN, None, None, state, NOW, ())


def lines_of(
    *moves: StateChange, sending: SendingMode = SENDING, due_at: timedelta = timedelta()
) -> list[TimelineEntry]:
    return timeline(letter(*moves, due_at=due_at), NOW, sending)


def english(message: Message) -> str:
    return message.in_language(Language.EN)


def test_every_state_has_something_to_say() -> None:
    moments: list[dict[str, Any]] = [{"now": NOW}, {"now": NOW - timedelta(1)}, {"now": NOW, "paused": True}]
    for moment, state, mode, language in product(moments, State, MailMode, Language):
        sending = SendingMode(**moment, mode=mode)
        lines = lines_of(*DELAYED, StateChange(NOW, state, ""), sending=sending)
        assert len(lines) >= 2
        assert all(line.text.in_language(language) and line.more.in_language(language) for line in lines)
        title = headline([in_state(state)], ["Yasir Naqvi"], sending).in_language(language)
        assert "Yasir Naqvi" in title
        assert not any(word in title for word in ("read ", " lue"))


def test_the_first_ready_says_nothing_and_a_later_one_says_that_it_waits() -> None:
    def marks(*states: State) -> list[str]:
        return [line.mark for line in lines_of(*(StateChange(NOW, one, "") for one in states))]

    assert marks(State.READY) == ["done", "now"]
    assert marks(State.READY, State.SENDING, State.READY) == ["done", "hold", "now"]
    assert marks(State.READY, State.SENDING, State.ACCEPTED, State.DELIVERED) == ["done", "done", "done", "next"]
    again = (State.SENDING, State.READY)
    assert marks(State.READY, *again, *again, *again) == ["done", "hold", "now"]
    assert marks(State.READY, *again, State.SENDING, State.UNCERTAIN, *again, *again) == ["done", *["hold"] * 3, "now"]


@pytest.mark.parametrize("reasons", [("http_429", "http_429"), ("http_429", "connection")])
def test_a_run_of_delays_is_one_line_from_its_first(reasons: tuple[str, str]) -> None:
    first = NOW + timedelta(minutes=2)
    again = [StateChange(first + timedelta(hours=at), State.READY, reason) for at, reason in enumerate(reasons)]
    assert [line.at for line in lines_of(*DELAYED, *again)] == [NOW, first, None]


@pytest.mark.parametrize(
    ("reason", "takes_a_lot"),
    [
        ("http_429", True),
        ("http_500", True),
        ("http_503", True),
        ("smtp_451", True),
        ("http_401", False),
        ("smtp_535", False),
        ("connection", False),
        ("database", False),
        ("", False),
    ],
)
def test_only_a_server_that_asks_for_time_is_said_to_take_in_a_lot(reason: str, takes_a_lot: bool) -> None:
    line = lines_of(*DELAYED, StateChange(NOW, State.READY, reason))[1]
    assert english(line.text) == "It could not be sent right away."
    assert ("takes in a lot of e-mail" in english(line.more)) is takes_a_lot


def test_a_letter_that_is_held_says_why_and_what_follows_and_then_that_it_was_read() -> None:
    held = StateChange(NOW, State.HELD, HoldReason.ALIKE)
    lines = [english(line.text) for line in lines_of(held)]
    assert lines[1:] == ["Someone on our side will read it before it is sent.", "Then it will be sent."]
    assert "almost the same" in english(lines_of(held)[1].more)
    released = lines_of(held, StateChange(NOW, State.READY, ""))
    assert [english(line.text) for line in released][2:] == [
        "Someone on our side has read it.",
        "It will be sent soon.",
    ]
    expired = lines_of(held, StateChange(NOW, State.EXPIRED, HoldReason.ALIKE))
    assert english(expired[-1].text) == "Nobody on our side could read it in time."
    assert "suspect" not in " ".join(english(line.more) for line in (*lines_of(held), *released, *expired))


def test_a_pause_is_said_and_no_time_with_it() -> None:
    line = lines_of(
        *DELAYED, StateChange(NOW, State.READY, "http_401"), sending=SendingMode(NOW, paused=True), due_at=LATER - NOW
    )[-1]
    assert (line.mark, english(line.text)) == ("hold", "Sending is paused on our side.")
    assert english(line.more).startswith("Nothing is lost")


def test_what_has_left_is_not_said_to_be_paused() -> None:
    moves = *DELAYED, StateChange(NOW, State.ACCEPTED, "")
    assert lines_of(*moves, sending=SendingMode(NOW, paused=True)) == lines_of(*moves)


def test_a_time_is_given_only_while_it_is_to_come() -> None:
    waiting = lines_of(StateChange(NOW, State.READY, ""), due_at=LATER - NOW)[-1]
    assert english(waiting.more).startswith("Not before November 25")
    over = lines_of(StateChange(NOW, State.READY, ""), sending=SendingMode(LATER))[-1]
    assert (english(over.text), english(over.more)) == ("It will be sent soon.", "It waits its turn.")


UNDERWAY = (State.READY, State.DIGEST, State.SENDING, State.ACCEPTED)
ENDED = {
    State.HELD: "We will check your letter to x before sending it",
    State.BOUNCED: "Your letter to x came back",
    State.FAILED: "Your letter to x could not be sent",
    State.CANCELLED: "Your letter to x was not sent",
    State.EXPIRED: "Your letter to x was not sent",
    State.UNCERTAIN: "We are checking your letter to x",
    State.NEEDS_STAFF: "We are checking your letter to x",
}
TITLES: dict[MailMode, dict[State, str]] = {
    MailMode.SEND: {
        **dict.fromkeys(UNDERWAY, "Your letter is on its way to x"),
        State.DIGEST: "Your letter goes to x with the office’s daily e-mail",
        State.ACCEPTED: "Your letter to x was sent",
        State.DELIVERED: "Your letter to x was delivered to the office’s mail server",
        **ENDED,
    },
    MailMode.TEST_RECIPIENT: {
        **dict.fromkeys(UNDERWAY, "Test: your letter to x goes to the test address"),
        State.DELIVERED: "Test: your letter to x was delivered to the test address",
        **ENDED,
        State.BOUNCED: "Test: your letter to x came back from the test address",
    },
    MailMode.FOLDER: {
        **dict.fromkeys((*UNDERWAY, State.DELIVERED), "Test: your letter to x is not really sent"),
        **ENDED,
    },
}


@pytest.mark.parametrize("mode", MailMode)
def test_the_headline_is_true_of_the_state_and_of_where_mail_goes(mode: MailMode) -> None:
    for state, paused in product(State, [False, True]):
        title = english(headline([in_state(state)], ["x"], SendingMode(NOW, paused, mode)))
        waits = paused and state in {State.READY, State.DIGEST} and mode is not MailMode.FOLDER
        assert title == ("Your letter to x is waiting to be sent" if waits else TITLES[mode][state])


@pytest.mark.parametrize(
    ("states", "title"),
    [
        ((State.READY, State.ACCEPTED), "Your letters are on their way"),
        ((State.DELIVERED, State.DELIVERED), "Your letters were delivered to the offices’ mail servers"),
        ((State.DELIVERED, State.BOUNCED), "Follow your letters"),
        ((State.ACCEPTED, State.ACCEPTED), "Your letters were sent"),
        ((State.DELIVERED, State.ACCEPTED), "Your letters were sent"),
        ((None, None), "You already wrote to these offices"),
        ((State.READY, None), "Follow your letters"),
    ],
)
def test_the_headline_of_several_letters_is_true_of_all(states: tuple[State | None, ...], title: str) -> None:
    assert english(headline([in_state(one) for one in states], ["a", "b"], SENDING)) == title


def test_a_letter_that_waits_for_a_daily_mail_says_when_that_is_sent() -> None:
    waiting = lines_of(StateChange(NOW, State.DIGEST, ""), due_at=timedelta(hours=8))
    assert [english(line.text) for line in waiting[1:]] == [
        "It goes with the office’s daily e-mail.",
        "It will be sent next.",
    ]
    assert english(waiting[-1].more).startswith("Not before November 2")
    alone = lines_of(StateChange(NOW, State.DIGEST, ""), StateChange(LATER, State.READY, ""))
    assert [english(line.text) for line in alone[1:]] == ["It will be sent soon."], (
        "the office wants single mails again"
    )
    sent = lines_of(StateChange(NOW, State.DIGEST, ""), StateChange(LATER, State.ACCEPTED, ""))
    assert english(sent[2].text) == "Accepted by the mail service."
