"""Turns in a recipient's queue: each network has one letter before any has a second, and two before any has more.

A letter's round is the bit length of how many letters of its network wait for the recipient already: 0, 1, 2, 2, 3, 3,
3, 3, 4, … It takes the place of the earliest letter of a later round, which takes that of the earliest of a round later
still, and so on: there are 15 rounds for 20,000 letters, so as many rows are written at most, and the last of them goes
to the queue's end. As in stochastic fairness queueing (McKenney 1990), one network's flood delays that network.

A letter that gave way MAX_GIVEN times keeps its place from then on: nobody waits for ever behind others who come once.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from advocacy.delivery.models import Message
from advocacy.delivery.states import State

MAX_GIVEN = 8
"""How often a letter gives way: where letters come faster than they leave, a network's others have a ninth of all."""
MAX_COUNTED = 1 << 15
"""Letters of one network that are counted; more are in the last round."""


def round_of(session: Session, message: Message) -> int:
    """Return the round of a message that was just put, by how many others of its network wait for its recipient."""
    if message.turn_key is None:
        return 0
    others = select(Message.id).where(
        Message.turn_key == message.turn_key,
        Message.pace_key == message.pace_key,
        Message.state == State.READY,
        Message.id != message.id,
    )
    number: int = session.execute(select(func.count()).select_from(others.limit(MAX_COUNTED).subquery())).scalar_one()
    return number.bit_length()


def take_place(session: Session, message: Message, *, last: datetime) -> None:
    """Place a message that was just put in its queue, while its recipient's pace is locked; `last` is the queue's end.

    Those that give way are planned anew.
    """
    message.turn = round_of(session, message)
    moving, moved = message, []
    for first in sorted(_first_of_later_rounds(session, message, before=last), key=lambda one: (one.due_at, one.id)):
        if first.turn > moving.turn:
            moving.due_at = moving.first_due_at = first.due_at
            moved.append(first)
            moving = first
    moving.due_at = moving.first_due_at = last
    for one in moved:
        one.gave_way += 1
        one.turn = one.turn if one.gave_way < MAX_GIVEN else 0
    session.flush()


def _first_of_later_rounds(session: Session, message: Message, *, before: datetime) -> Iterator[Message]:
    """Yield the first message of each later round, locked; none that a worker has in hand, or tried before."""
    waiting = (Message.pace_key == message.pace_key, Message.state == State.READY)
    latest = session.scalar(select(func.max(Message.turn)).where(*waiting)) or 0
    for turn in range(message.turn + 1, latest + 1):
        of_round = select(Message).where(*waiting, Message.turn == turn, Message.attempt == 0, Message.due_at < before)
        first = of_round.order_by(Message.due_at).limit(1).with_for_update(skip_locked=True)
        yield from session.scalars(first, execution_options={"populate_existing": True}).all()
