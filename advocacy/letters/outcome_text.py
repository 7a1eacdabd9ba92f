"""What a mail says about letters that wait, were sent, were not sent or came back, as they are when it is made."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from advocacy.delivery.provider import NothingToSend
from advocacy.delivery.states import HANDED_OVER, State
from advocacy.language import Language, Wording, speak_date
from advocacy.letters.mail_rows import LetterStatus
from advocacy.letters.moments import moment_in_words
from advocacy.letters.outcome import CAME_BACK
from advocacy.messages import Message, message, nmessage

VACANT = message("Office of the seat")
WHAT_TO_DO = message(
    "What you can do: the receipt has the text of each letter, to print and mail; you can also write again."
)
ABOUT_THE_RECEIPT = message(
    "The receipt shows what was sent, to whom and when. You can also print it, download your data or delete it there."
)
STATES: Mapping[State, Message] = {
    State.READY: message("waiting to be sent"),
    State.SENDING: message("being sent"),
    State.ACCEPTED: message("sent"),
    State.DELIVERED: message("received by the office’s mail service"),
    State.BOUNCED: message("came back"),
    State.FAILED: message("could not be sent"),
    State.UNCERTAIN: message("being checked"),
    State.NEEDS_STAFF: message("being checked"),
    State.CANCELLED: message("not sent"),
    State.EXPIRED: message("not sent"),
}


@dataclass(frozen=True, slots=True)
class OutcomeText:
    """The words of one mail: its subject, what stands before its items, the items, and what comes after them."""

    subject: Message
    before: Message
    items: tuple[Message, ...]
    after: tuple[Message, ...]


def about_waiting(letters: Sequence[LetterStatus]) -> OutcomeText:
    """Say that letters wait, and when the last one is due; raises NothingToSend once none waits."""
    due = [one.due_at for one in letters if one.state is State.READY and one.due_at is not None]
    if not due:
        raise NothingToSend
    before = nmessage(
        "Confirmed. The letter should be sent on %(moment)s.",
        "Confirmed. The letters are sent one after another; the last should be sent on %(moment)s.",
        len(due),
        moment=moment_in_words(max(due)),
    )
    after = message(
        "The page shows what was sent. You can also delete everything there: a letter that was not sent by then will "
        "not be. We will write again at the end."
    )
    return OutcomeText(message("Confirmed, and waiting to be sent"), before, (), (after,))


def about_what_came_back(letters: Sequence[LetterStatus]) -> OutcomeText:
    """Say which offices a letter did not reach, and what one can do."""
    back = [one for one in letters if one.state in CAME_BACK]
    if len(back) < len(letters):
        before = message("Not everything you confirmed could be delivered:")
    else:
        before = message("What you confirmed could not be delivered:")
    return OutcomeText(message("What could not be delivered"), before, _items(back, test_mode=False), (WHAT_TO_DO,))


def about_the_end(letters: Sequence[LetterStatus], *, mailed_before: bool, test_mode: bool) -> OutcomeText:
    """Say how all letters ended; `mailed_before` where another mail was about one that came back."""
    states = [one.state for one in letters]
    advice = () if mailed_before or CAME_BACK.isdisjoint(states) else (WHAT_TO_DO,)
    all_sent = HANDED_OVER.issuperset(set(states) - CAME_BACK if mailed_before else states)
    if test_mode and all_sent and not CAME_BACK.issuperset(states):
        before = message("If this were not a test, what you confirmed would have been sent.")
    else:
        before = _summary(states, mailed_before=mailed_before)
    subject, items = message("What happened after you confirmed"), _items(letters, test_mode=test_mode)
    return OutcomeText(subject, before, items, (*advice, ABOUT_THE_RECEIPT))


def _summary(states: Collection[State | None], *, mailed_before: bool) -> Message:
    """Say in one sentence how all letters ended."""
    others = set(states) - CAME_BACK
    if not others and states:
        return message("What you confirmed could not be delivered:")
    if others != set(states):
        if mailed_before and HANDED_OVER.issuperset(others):
            return message("The rest of what you confirmed has been sent.")
        return message("Not everything you confirmed could be delivered:")
    if HANDED_OVER.issuperset(others):
        if len(states) > 1:
            return message("Everything you confirmed has been sent.")
        return message("What you confirmed has been sent.")
    if others == {None}:
        return message("Nothing was sent this time: you had written already, and once is enough.")
    if HANDED_OVER.isdisjoint(others):
        return message("What you confirmed was not sent:")
    return message("Not everything you confirmed was sent:")


def _items(letters: Iterable[LetterStatus], *, test_mode: bool) -> tuple[Message, ...]:
    items = []
    for one in letters:
        if one.state is None and one.written_before:
            day = Wording({language: speak_date(one.written_before, language) for language in Language})
            status = message("not sent, since you wrote to this office on %(day)s", day=day)
        elif one.state is None:
            status = STATES[State.CANCELLED]
        elif test_mode and one.state in HANDED_OVER:
            status = message("not sent, since this is a test")
        else:
            status = STATES[one.state]
        name = one.name or VACANT
        office = message("%(name)s (%(place)s)", name=name, place=one.place) if one.place else name
        items.append(message("%(office)s: %(status)s", office=office, status=status))
    return tuple(items)
