"""A letter's story says what is known: why it waits, until when, and where it really went."""

from datetime import timedelta

import pytest

from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.letters.receipts import Moved, ReceiptLetter
from advocacy.web.public.story import Line, Site, story
from advocacy.web.public.story_words import Way
from tests.web.conftest import NOW

SITE = Site(NOW)
LATER = NOW + timedelta(minutes=20)
DELAYED = Moved(NOW, State.READY, ""), Moved(NOW, State.SENDING, "")


def letter(*moves: Moved, due_at: timedelta = timedelta()) -> ReceiptLetter:
    return ReceiptLetter("1", "mp", "a/b", Language.EN, None, None, moves[-1].state, NOW + due_at, moves)


def told(*moves: Moved, site: Site = SITE, due_at: timedelta = timedelta()) -> list[Line]:
    return story(letter(*moves, due_at=due_at), NOW, Language.EN, site=site)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("way", Way)
def test_every_state_has_something_to_say(state: State, way: Way, language: Language) -> None:
    for site in (Site(NOW, way=way), Site(NOW - timedelta(1), way=way), Site(NOW, paused=True, way=way)):
        lines = story(letter(*DELAYED, Moved(NOW, state, "")), NOW, language, site=site)
        assert len(lines) >= 2
        assert not any("{" in line.first + line.more for line in lines)


def test_the_first_ready_says_nothing_and_a_later_one_tells_of_the_wait() -> None:
    def marks(*states: State) -> list[str]:
        return [line.mark for line in told(*(Moved(NOW, one, "") for one in states))]

    assert marks(State.READY) == ["", "now"]
    assert marks(State.READY, State.SENDING, State.READY) == ["", "hold", "now"]
    assert marks(State.READY, State.SENDING, State.ACCEPTED, State.DELIVERED) == ["", "", "", "next"]
    again = (State.SENDING, State.READY)
    assert marks(State.READY, *again, *again, *again) == ["", "hold", "now"]
    assert marks(State.READY, *again, State.SENDING, State.UNCERTAIN, *again, *again) == ["", *["hold"] * 3, "now"]


@pytest.mark.parametrize("reasons", [("http_429", "http_429"), ("http_429", "connection")])
def test_a_run_of_delays_is_told_from_its_first(reasons: tuple[str, str]) -> None:
    first = NOW + timedelta(minutes=2)
    again = [Moved(first + timedelta(hours=at), State.READY, reason) for at, reason in enumerate(reasons)]
    assert [line.at for line in told(*DELAYED, *again)] == [NOW, first, None]


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
    line = told(*DELAYED, Moved(NOW, State.READY, reason))[1]
    assert line.first == "It could not be sent right away."
    assert ("takes in a lot of mail" in line.more) is takes_a_lot


def test_a_pause_is_told_and_no_time_with_it() -> None:
    line = told(*DELAYED, Moved(NOW, State.READY, "http_401"), site=Site(NOW, paused=True), due_at=LATER - NOW)[-1]
    assert (line.mark, line.first) == ("hold", "Sending is paused on our side.")
    assert line.more.startswith("Nothing is lost")


def test_what_has_left_is_not_told_to_be_paused() -> None:
    moves = *DELAYED, Moved(NOW, State.ACCEPTED, "")
    assert told(*moves, site=Site(NOW, paused=True)) == told(*moves)


def test_a_time_is_told_only_while_it_is_to_come() -> None:
    waiting = told(Moved(NOW, State.READY, ""), due_at=LATER - NOW)[-1]
    assert waiting.more.startswith("Not before November 25")
    over = story(letter(Moved(NOW, State.READY, "")), NOW, Language.EN, site=Site(LATER))[-1]
    assert (over.first, over.more) == ("It will be sent soon.", "It waits its turn.")
