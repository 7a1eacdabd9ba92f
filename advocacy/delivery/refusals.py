"""When the messages of several recipients are refused in a row, it is not the recipients: the outbox is held.

A provider that refuses for good may mean this site and not say so: a daily limit as a bare "550", or a filter that took
a dislike to the text of a campaign. Without this every message that waits would fail within seconds.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from advocacy.database import insert_into, take_turn
from advocacy.delivery import holds
from advocacy.delivery.models import By, Message, MessageMove, PeriodicRun
from advocacy.delivery.provider import POLICY
from advocacy.delivery.states import State

MAX_OFFICES = 5
"""How many recipients that have a pace, whose addresses are the directory's, may be refused in a row."""
MAX_OTHERS = 15
"""How many of any kind: the addresses of citizens are typed, and anybody may type several that do not exist."""
MAX_MOVES = 200
"""How many of the last moves are looked at."""
COUNTED_SINCE = "refusals in a row"
"""The name under which it is kept when the outbox was last held for this: what was refused before counts no more."""


def hold_after_many(session: Session, *, now: datetime) -> bool:
    """Hold the outbox where the last moves written are refusals of too many recipients; whether it was held just now.

    To be called in the transaction that writes a refusal, by whichever process: the moves of all of them are looked at.
    """
    take_turn(session, COUNTED_SINCE)
    offices, others = set(), set()
    for pace_key, ref in _refused_in_a_row(session):
        if pace_key is None:
            others.add(ref)
        else:
            offices.add(pace_key)
    if len(offices) < MAX_OFFICES and len(offices) + len(others) < MAX_OTHERS:
        return False
    began = insert_into(session, PeriodicRun).values(name=COUNTED_SINCE, started_at=now)
    session.execute(began.on_conflict_do_update(index_elements=["name"], set_={"started_at": now}))
    return holds.hold(session, holds.REFUSALS_IN_A_ROW, now=now, by=By.WORKER)


def _refused_in_a_row(session: Session) -> Iterator[tuple[str | None, str]]:
    """Yield the pace keys and refs of the messages refused since the last that was accepted, the latest first."""
    began = session.scalar(select(PeriodicRun.started_at).where(PeriodicRun.name == COUNTED_SINCE))
    refused = or_(
        MessageMove.state == State.FAILED, and_(MessageMove.state == State.READY, MessageMove.reason == POLICY)
    )
    moves = (
        select(MessageMove.state, Message.pace_key, Message.ref)
        .join(Message, MessageMove.message_id == Message.id)
        .where(MessageMove.by == By.WORKER, or_(MessageMove.state == State.ACCEPTED, refused))
        .where(MessageMove.at > (began or datetime.min.replace(tzinfo=UTC)))
        .order_by(MessageMove.id.desc())
        .limit(MAX_MOVES)
    )
    for state, pace_key, ref in session.execute(moves):
        if state is State.ACCEPTED:
            return
        yield pace_key, ref
