"""What a mail says about letters that wait, were sent, were not sent or came back, as they are when it is made."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from advocacy.delivery.provider import NothingToSend
from advocacy.delivery.states import HANDED_OVER, State
from advocacy.language import Language, Wording, format_date
from advocacy.letters.mail_rows import LetterStatus
from advocacy.letters.moments import moment_in_words
from advocacy.letters.outcome import CAME_BACK
from advocacy.messages import Message, message, nmessage

VACANT = message("Office of the seat")
WHAT_TO_DO = message(
    "What you can do: the page has the text of each letter, to print and mail; you can also write again."
)
ABOUT_THE_RECEIPT = message(
    "The page shows what was sent, to whom and when. You can also print it, download your data or delete it there."
)
SOME_NOT_DELIVERED = message("Not all of your letters could be delivered:")
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
    return OutcomeText(
        nmessage("Your letter is confirmed", "Your letters are confirmed", len(letters)), before, (), (after,)
    )


def about_what_came_back(letters: Sequence[LetterStatus]) -> OutcomeText:
    """Say which offices a letter did not reach, and what one can do."""
    back = [one for one in letters if one.state in CAME_BACK]
    before = _none_delivered(len(letters)) if len(back) == len(letters) else SOME_NOT_DELIVERED
    return OutcomeText(
        nmessage("A letter came back", "%(num)d letters came back", len(back)),
        before,
        _items(back, test_mode=False),
        (WHAT_TO_DO,),
    )


def about_the_end(letters: Sequence[LetterStatus], *, mailed_before: bool, test_mode: bool) -> OutcomeText:
    """Say how all letters ended; `mailed_before` where another mail was about one that came back."""
    number, states = len(letters), [one.state for one in letters]
    rest = set(states) - CAME_BACK if mailed_before else set(states)
    subject = nmessage("News about your letter", "News about your letters", number)
    if rest and HANDED_OVER.issuperset(rest):
        if test_mode:
            before = nmessage(
                "If this were not a test, your letter would have been sent.",
                "If this were not a test, your letters would have been sent.",
                number,
            )
        elif HANDED_OVER.issuperset(states):
            subject = nmessage("Your letter was sent", "Your letters were sent", number)
            before = nmessage("Your letter was sent.", "All your letters were sent.", number)
        else:
            before = message("Your other letters were sent.")
    else:
        before = _not_all_sent(states)
    advice = () if mailed_before or CAME_BACK.isdisjoint(states) else (WHAT_TO_DO,)
    return OutcomeText(subject, before, _items(letters, test_mode=test_mode), (*advice, ABOUT_THE_RECEIPT))


def _not_all_sent(states: Collection[State | None]) -> Message:
    """Say in one sentence how letters ended of which one at least was not sent."""
    if CAME_BACK.issuperset(states):
        return _none_delivered(len(states))
    if not CAME_BACK.isdisjoint(states):
        return SOME_NOT_DELIVERED
    if set(states) == {None}:
        return message("Nothing was sent this time: you had written already, and once is enough.")
    if HANDED_OVER.isdisjoint(states):
        return nmessage("Your letter was not sent:", "Your letters were not sent:", len(states))
    return message("Not all of your letters were sent:")


def _none_delivered(number: int) -> Message:
    return nmessage("Your letter could not be delivered:", "None of your letters could be delivered:", number)


def _items(letters: Iterable[LetterStatus], *, test_mode: bool) -> tuple[Message, ...]:
    items = []
    for one in letters:
        if one.state is None and one.written_before:
            day = Wording({language: format_date(one.written_before, language) for language in Language})
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
