"""Turns in a recipient's queue: each network has one letter before any has a second, and two before any has more.

A letter's round is the bit length of how many letters of its network wait for the recipient already: 0, 1, 2, 2, 3, 3,
3, 3, 4, … It takes the place of the earliest letter of a later round, which takes that of the earliest of a round later
still, and so on: there are 15 rounds for 20,000 letters, so as many rows are written at most, and the last of them goes
to the queue's end. As in stochastic fairness queueing (McKenney 1990), one network's flood delays that network.

A letter that gave way MAX_GIVEN times keeps its place from then on: nobody waits for ever behind others who come once.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from advocacy.delivery.models import Message
from advocacy.delivery.states import State

MAX_GIVEN = 8
"""How often a letter gives way: where letters come faster than they leave, a network's others have a ninth of all."""
MAX_COUNTED = 1 << 15
"""Letters of one network that are counted; more are in the last round."""


class RecipientQueue:
    """What waits for one recipient, while its pace is locked; `turn_keys` are those of the messages to be placed.

    They are counted as they are placed: none of them is READY before, `besides` the one of this id.
    """

    def __init__(self, session: Session, pace_key: str, turn_keys: Collection[str | None], *, besides: int = 0) -> None:
        self._session = session
        self._waiting = (Message.pace_key == pace_key, Message.state == State.READY)
        self._latest: int = session.scalar(select(func.max(Message.turn)).where(*self._waiting)) or 0
        of_keys = Message.turn_key.in_([key for key in turn_keys if key is not None])
        waiting = select(Message.turn_key).where(of_keys, *self._waiting, Message.id != besides)
        counted = waiting.limit(MAX_COUNTED).subquery()
        found = session.execute(select(counted.c.turn_key, func.count()).group_by(counted.c.turn_key))
        self._counts: Counter[str] = Counter({row[0]: row[1] for row in found})

    def place(self, message: Message, *, last: datetime) -> None:
        """Set when a message is due, by its round; `last` is the queue's end, where the last that gives way goes.

        Those that give way are planned anew.
        """
        message.turn = 0
        if message.turn_key is not None:
            message.turn = self._counts[message.turn_key].bit_length()
            self._counts[message.turn_key] += 1
        moving, moved = message, []
        for first in sorted(self._first_of_later_rounds(message, before=last), key=lambda one: (one.due_at, one.id)):
            if first.turn > moving.turn:
                moving.due_at = moving.first_due_at = first.due_at
                moved.append(first)
                moving = first
        moving.due_at = moving.first_due_at = last
        for one in moved:
            one.gave_way += 1
            one.turn = one.turn if one.gave_way < MAX_GIVEN else 0
        self._latest = max(self._latest, message.turn)

    def _first_of_later_rounds(self, message: Message, *, before: datetime) -> Iterator[Message]:
        """Yield the first message of each later round, locked; none that a worker has in hand, or tried before."""
        for turn in range(message.turn + 1, self._latest + 1):
            of_round = select(Message).where(
                *self._waiting, Message.turn == turn, Message.attempt == 0, Message.due_at < before
            )
            first = of_round.order_by(Message.due_at).limit(1).with_for_update(skip_locked=True)
            yield from self._session.scalars(first, execution_options={"populate_existing": True}).all()
