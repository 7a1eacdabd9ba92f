"""What must hold after every fault: each confirmed letter stands in one state, came to its reader, and hardly twice."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.delivery.models import Message, MessageMove
from advocacy.delivery.states import HANDED_OVER, MOVES, State
from advocacy.letters.models import MessageKind, StoredLetter, Submission, SubmissionStatus
from advocacy.staff.models import StaffEmail
from tests.builders import OWN_WORDS
from tests.faults.place import Place, Trial

ENDS = HANDED_OVER | {State.NEEDS_STAFF}
ASK_ONCE = frozenset({MessageKind.ANSWER_QUESTION, MessageKind.ANSWER_REMINDER})
"""Mails that never leave twice: one that may have left is given up."""
WHILE_NEEDED = frozenset({MessageKind.CONFIRMATION, StaffEmail.REVIEW, *ASK_ONCE})
"""Mails that ask for something: who has done it already gets none."""
WORDS = tuple(words.split(".")[0] for words in OWN_WORDS.values())


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found of the letters of one fault: their states, how many left once and how many twice, and all wrong."""

    states: Counter[str]
    copies: Counter[int]
    wrong: tuple[str, ...]


def prove(place: Place, trial: Trial, *, after: int) -> Proof:
    """Look at all messages, and at those put after message `after` as the ones this fault met."""
    copies = place.sink.copies()
    with place.runtime.sessions() as session:
        messages = session.scalars(select(Message).order_by(Message.id)).all()
        met = [message for message in messages if message.id > after and message.kind == MessageKind.LETTER]
        wrong = [
            *trial.wrong,
            *_lost(session, messages),
            *_unconfirmed(session, messages, copies),
            *_wrong_moves(session, messages),
        ]
    wrong += [f"an alert: {alert}" for alert in place.alerts]
    for message in messages:
        wrong += _wrong_copies(message, copies[message.public_id], most=trial.most_copies if message.id > after else 2)
    wrong += _told_in_logs(place)
    return Proof(Counter(str(one.state) for one in met), Counter(copies[one.public_id] for one in met), tuple(wrong))


def _lost(session: Session, messages: Sequence[Message]) -> Iterator[str]:
    """Every confirmed letter has its one message."""
    put = Counter(message.ref for message in messages if message.kind == MessageKind.LETTER)
    confirmed = select(StoredLetter.id).join(Submission).where(Submission.status == SubmissionStatus.CONFIRMED)
    for letter in session.scalars(confirmed.where(StoredLetter.written_before.is_(None))):
        if put[letter] != 1:
            yield f"letter {letter} has {put[letter]} messages"


def _unconfirmed(session: Session, messages: Sequence[Message], copies: Counter[str]) -> Iterator[str]:
    """Nothing was put for a letter that nobody confirmed, and nothing left that was not put."""
    asked = select(StoredLetter.id).join(Submission).where(Submission.status != SubmissionStatus.CONFIRMED)
    unconfirmed = set(session.scalars(asked))
    yield from (f"letter {one.ref} was put unconfirmed" for one in messages if one.ref in unconfirmed)
    known = {message.public_id for message in messages}
    yield from (f"{id_} left and nobody put it" for id_ in copies if id_ not in known)


def _wrong_moves(session: Session, messages: Sequence[Message]) -> Iterator[str]:
    """Every message began ready and went by allowed moves to where it stands."""
    walked: dict[int, list[State]] = {message.id: [] for message in messages}
    for move in session.scalars(select(MessageMove).order_by(MessageMove.id)):
        walked[move.message_id].append(move.state)
    for message in messages:
        states = walked[message.id]
        if states[:1] != [State.READY] or states[-1:] != [message.state]:
            yield f"message {message.id} is {message.state} after {' '.join(states)}"
        yield from (
            f"message {message.id} went from {one} to {other}"
            for one, other in pairwise(states)
            if other not in MOVES[one]
        )


def _wrong_copies(message: Message, copies: int, *, most: int) -> Iterator[str]:
    """A message that stands as handed over was, at least once and not too often."""
    no_longer_needed = message.kind in WHILE_NEEDED and message.state is State.CANCELLED
    if message.state not in ENDS and not no_longer_needed:
        yield f"message {message.id} ({message.kind}) ended {message.state}"
    if copies > (1 if message.kind in ASK_ONCE else most) or (copies == 0 and not no_longer_needed):
        yield f"message {message.id} ({message.kind}) has {copies} copies, is {message.state}"


def _told_in_logs(place: Place) -> Iterator[str]:
    """No log holds a name, an address, a word or a token of anyone."""
    for file in sorted(place.folder.glob("*.log")):
        said = file.read_text("utf-8", "replace")
        told = sum(canary in said for canary in (*place.canaries, *WORDS))
        if told:
            yield f"{file.name} tells {told} things of people"
        if "Traceback" in said:
            _, _, after = said.rpartition("Traceback")
            ends_with = next((line for line in after.splitlines()[1:] if line[:1].strip()), "")
            yield f"{file.name} holds a traceback, which ends with {ends_with}"
