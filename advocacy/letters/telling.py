"""What a mail tells of letters that wait, have left, stayed or came back, as they stand when it is made."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from advocacy.delivery.provider import NothingToSend
from advocacy.delivery.states import HANDED_OVER, State
from advocacy.language import Language, Wording, speak_date
from advocacy.letters import mail_words as words
from advocacy.letters.mail_rows import LetterStanding
from advocacy.letters.moments import speak_moment
from advocacy.letters.outcome import CAME_BACK


@dataclass(frozen=True, slots=True)
class Telling:
    """The words of one mail: before its items, the items, and after them."""

    subject: Wording
    before: str
    items: tuple[str, ...]
    after: tuple[Wording, ...]


def of_a_wait(standings: Sequence[LetterStanding], language: Language) -> Telling:
    """Tell that letters wait and when the last one is due; raises NothingToSend once none waits."""
    due = [one.due_at for one in standings if one.state is State.READY and one.due_at is not None]
    if not due:
        raise NothingToSend
    said = words.SOME_UNDERWAY if len(due) > 1 else words.ONE_UNDERWAY
    before = said.spoken(language).format(moment=speak_moment(max(due), language))
    return Telling(words.UNDERWAY_SUBJECT, before, (), (words.WHAT_THE_PAGE_DOES,))


def of_what_came_back(standings: Sequence[LetterStanding], language: Language) -> Telling:
    """Tell which offices a letter did not reach, and what one can do."""
    back = [one for one in standings if one.state in CAME_BACK]
    said = words.ONE_CAME_BACK if len(back) < len(standings) else words.NONE_DELIVERED
    items = _items(back, language, rehearses=False)
    return Telling(words.CAME_BACK_SUBJECT, said.spoken(language), items, (words.WHAT_ONE_CAN_DO,))


def of_the_end(
    standings: Sequence[LetterStanding], language: Language, *, told_before: bool, rehearses: bool
) -> Telling:
    """Tell what became of all letters; `told_before` where another mail told of one that came back."""
    states = [one.state for one in standings]
    advice = () if told_before or CAME_BACK.isdisjoint(states) else (words.WHAT_ONE_CAN_DO,)
    head = _head(states, told_before=told_before)
    if rehearses and head in {words.ALL_GONE, words.ONE_GONE, words.REST_GONE}:
        head = words.REHEARSED
    items = _items(standings, language, rehearses=rehearses)
    return Telling(words.OUTCOME_SUBJECT, head.spoken(language), items, (*advice, words.WHAT_THE_RECEIPT_DOES))


def _head(states: Collection[State | None], *, told_before: bool) -> Wording:
    """Say in one sentence what became of all the letters together."""
    others = set(states) - CAME_BACK
    if not others and states:
        return words.NONE_DELIVERED
    if others == set(states):
        return _of_none_back(states)
    return words.REST_GONE if told_before and HANDED_OVER.issuperset(others) else words.ONE_CAME_BACK


def _of_none_back(states: Collection[State | None]) -> Wording:
    if HANDED_OVER.issuperset(states):
        return words.ONE_GONE if len(states) == 1 else words.ALL_GONE
    if set(states) == {None}:
        return words.NONE_LEFT
    return words.NONE_SENT if HANDED_OVER.isdisjoint(states) else words.ONE_STAYED


def _items(standings: Iterable[LetterStanding], language: Language, *, rehearses: bool) -> tuple[str, ...]:
    return tuple(_spoken(one, language, rehearses=rehearses) for one in standings)


def _spoken(one: LetterStanding, language: Language, *, rehearses: bool) -> str:
    if one.state is None:
        day = speak_date(one.written_before, language) if one.written_before else ""
        standing = words.WRITTEN_BEFORE.spoken(language).format(day=day)
    else:
        said = words.NOT_REALLY if rehearses and one.state in HANDED_OVER else words.STANDINGS[one.state]
        standing = said.spoken(language)
    holder, place = one.name or words.VACANT.spoken(language), one.place.spoken(language) if one.place else ""
    office = f"{holder} ({place})" if place else holder
    return words.ONE_STANDING.spoken(language).format(office=office, standing=standing)
