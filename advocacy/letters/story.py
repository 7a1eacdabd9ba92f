"""A letter's story, from its confirmation to the office's mail server; never that it was read, which nobody knows."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from advocacy.delivery.handover import GAVE_UP
from advocacy.delivery.states import State
from advocacy.letters.moments import moment_in_words
from advocacy.letters.receipts import ReceiptLetter
from advocacy.messages import Message, message
from advocacy.settings import MailMode

SERVER_BUSY = re.compile(r"http_(?:429|5\d\d)|smtp_4\d\d|limit")
"""Reasons by which a server asks for time: 429 and 5xx over HTTP, and what SMTP calls transient (RFC 5321, 4.2.1)."""


class Mark(StrEnum):
    """How a line of the story is drawn; the value is its class in the style sheet."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a story: its mark, its sentence, one more, and when it was (None for what is to come)."""

    mark: Mark
    text: Message
    more: Message
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """How the site sends when a story is shown: at what moment, whether it is paused, and where its mail goes."""

    now: datetime
    paused: bool = False
    mode: MailMode = MailMode.SEND


CONFIRMED = (Mark.DONE, message("You confirmed your address."), message("Nothing is sent without this step."))
PRINT_IT = message("Print the letter and mail it: its text is below.")
NOTHING_DONE = message("The office has received nothing.")
NOTHING_SENT = message("Nothing is sent.")
SAVED_SOON = message("Test site: the letter will be saved to a file.")

Text = tuple[Mark, Message, Message]
MOVES: Mapping[State, Text] = {
    State.ACCEPTED: (
        Mark.DONE,
        message("Accepted by the mail service."),
        message("It is on its way to the office’s server."),
    ),
    State.DELIVERED: (
        Mark.DONE,
        message("Delivered to the office’s server."),
        message("We will not know whether it is read: we do not measure that."),
    ),
    State.BOUNCED: (
        Mark.HOLD,
        message("The office’s server sent it back."),
        message("The address may have changed. Print the letter and mail it: its text is below."),
    ),
    State.FAILED: (Mark.HOLD, message("It could not be sent."), PRINT_IT),
    State.UNCERTAIN: (
        Mark.HOLD,
        message("The connection dropped while sending."),
        message("It may have been sent. We check before sending it again."),
    ),
    State.NEEDS_STAFF: (
        Mark.HOLD,
        message("Someone on our side is looking into it."),
        message("We do not know whether it has arrived. You have nothing to do."),
    ),
    State.CANCELLED: (Mark.HOLD, message("It was withdrawn before it was sent."), NOTHING_DONE),
    State.EXPIRED: (Mark.HOLD, message("It could not be sent in time."), NOTHING_DONE),
}
NOT_SENT_YET: Text = (
    Mark.HOLD,
    message("Someone on our side is looking into it."),
    message("It has not been sent yet. You have nothing to do."),
)
"""Where all attempts are used up: whether it arrived is no question then."""
TEST_MOVES: Mapping[State, Text] = {
    State.ACCEPTED: (
        Mark.DONE,
        message("Accepted by the mail service."),
        message("In test mode it goes to the test address: the office receives nothing."),
    ),
    State.DELIVERED: (Mark.DONE, message("Delivered to the server of the test address."), NOTHING_DONE),
    State.BOUNCED: (
        Mark.HOLD,
        message("The server of the test address sent it back."),
        message("This says nothing about the office’s own address."),
    ),
}
SAVED: Text = (
    Mark.DONE,
    message("Test site: the letter was saved to a file."),
    message("Nothing was sent, and the office receives nothing."),
)
TEXTS: Mapping[MailMode, Mapping[State, Text]] = {
    MailMode.SEND: MOVES,
    MailMode.TEST_RECIPIENT: {**MOVES, **TEST_MOVES},
    MailMode.FOLDER: {**MOVES, State.ACCEPTED: SAVED, State.DELIVERED: SAVED},
}
"""What is said of each move."""


def story(letter: ReceiptLetter, confirmed_at: datetime, sending: Sending) -> list[Line]:
    """Return the lines of a letter's story as far as it goes, and of what comes next."""
    lines = [Line(*text, at=at) for text, at in _past(letter, confirmed_at, TEXTS[sending.mode])]
    ahead = _ahead(letter, sending)
    return [*lines, Line(*ahead)] if ahead else lines


def _past(
    letter: ReceiptLetter, confirmed_at: datetime, texts: Mapping[State, Text]
) -> Iterator[tuple[Text, datetime]]:
    """Return a line for each move that a citizen cares about; a run of delays is one."""
    yield CONFIRMED, confirmed_at
    delayed = tried = False
    for move in letter.moves:
        tried = tried or move.state is State.SENDING
        if move.state is State.READY and tried:
            if not delayed:
                yield _delay(move.reason), move.at
            delayed = True
        elif move.state in texts:
            unsent = move.state is State.NEEDS_STAFF and move.reason == GAVE_UP
            yield NOT_SENT_YET if unsent else texts[move.state], move.at
            delayed = False


def _delay(reason: str) -> Text:
    more = message("We try again. You have nothing to do.")
    if SERVER_BUSY.fullmatch(reason):
        more = message("This happens when a server takes in a lot of mail. You have nothing to do.")
    return Mark.HOLD, message("It could not be sent right away."), more


def _ahead(letter: ReceiptLetter, sending: Sending) -> Text | None:
    """Return what comes next, None where nothing does or nothing is known."""
    folder = sending.mode is MailMode.FOLDER
    match letter.state:
        case State.READY if sending.paused:
            more = message("Nothing is lost: it will be sent when sending resumes. You have nothing to do.")
            return Mark.HOLD, message("Sending is paused on our side."), more
        case State.READY if letter.due_at and letter.due_at > sending.now:
            due = moment_in_words(letter.due_at)
            if folder:
                return Mark.NOW, SAVED_SOON, message("Nothing is sent. Not before %(moment)s.", moment=due)
            return Mark.NOW, message("It will be sent next."), message("Not before %(moment)s.", moment=due)
        case State.READY | State.SENDING if folder:
            return Mark.NOW, SAVED_SOON, NOTHING_SENT
        case State.READY:
            return Mark.NOW, message("It will be sent soon."), message("It waits its turn.")
        case State.SENDING:
            return Mark.NOW, message("It is being sent."), message("Right now.")
        case State.ACCEPTED | State.DELIVERED if sending.mode is MailMode.SEND:
            more = message("A reply would come to your own e-mail address, often after some weeks.")
            return Mark.NEXT, message("The rest is up to the office."), more
    return None


HEADLINES: Mapping[State, Message] = {
    State.READY: message("Your letter is on its way to %(name)s"),
    State.SENDING: message("Your letter is on its way to %(name)s"),
    State.ACCEPTED: message("Your letter is on its way to %(name)s"),
    State.DELIVERED: message("Your letter to %(name)s was delivered to the office’s mail server"),
    State.BOUNCED: message("Your letter to %(name)s came back"),
    State.FAILED: message("Your letter to %(name)s could not be sent"),
    State.CANCELLED: message("Your letter to %(name)s was not sent"),
    State.EXPIRED: message("Your letter to %(name)s was not sent"),
    State.UNCERTAIN: message("We are checking your letter to %(name)s"),
    State.NEEDS_STAFF: message("We are checking your letter to %(name)s"),
}
UNDERWAY = frozenset({State.READY, State.SENDING, State.ACCEPTED})
TEST_HEADLINES: Mapping[MailMode, Mapping[State, Message]] = {
    MailMode.SEND: {},
    MailMode.TEST_RECIPIENT: {
        **dict.fromkeys(UNDERWAY, message("Test: your letter to %(name)s goes to the test address")),
        State.DELIVERED: message("Test: your letter to %(name)s was delivered to the test address"),
        State.BOUNCED: message("Test: your letter to %(name)s came back from the test address"),
    },
    MailMode.FOLDER: dict.fromkeys(
        UNDERWAY | {State.DELIVERED}, message("Test: your letter to %(name)s is not really sent")
    ),
}
"""What is different where no letter reaches an office."""


def headline(letters: Sequence[ReceiptLetter], names: Sequence[str], sending: Sending) -> Message:
    """Return how it stands with the letters to these people, as a title: no more than is known."""
    states = {one.state for one in letters}
    if len(letters) > 1:
        return _headline_of_several(states, sending)
    (state,), (name,) = states, names
    if state is None:
        return message("You already wrote to %(name)s", name=name)
    if sending.paused and state is State.READY and sending.mode is not MailMode.FOLDER:
        return message("Your letter to %(name)s is waiting to be sent", name=name)
    return replace(TEST_HEADLINES[sending.mode].get(state, HEADLINES[state]), params={"name": name})


def _headline_of_several(states: Set[State | None], sending: Sending) -> Message:
    """Return what is true of all letters of these states; where nothing is, what the page is for."""
    waits = sending.paused and State.READY in states
    match sending.mode:
        case _ if states == {None}:
            return message("You already wrote to these offices")
        case MailMode.FOLDER if states <= UNDERWAY | {State.DELIVERED}:
            return message("Test: your letters are not really sent")
        case MailMode.TEST_RECIPIENT if states == {State.DELIVERED}:
            return message("Test: your letters were delivered to the test address")
        case MailMode.TEST_RECIPIENT if states <= UNDERWAY and not waits:
            return message("Test: your letters go to the test address")
        case MailMode.SEND if states == {State.DELIVERED}:
            return message("Your letters were delivered to the offices’ mail servers")
        case MailMode.SEND if states <= UNDERWAY and not waits:
            return message("Your letters are on their way")
    return message("Follow your letters")
