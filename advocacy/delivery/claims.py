"""Claims of messages: one is committed before anything leaves, and only its holder records the result."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery import holds, outages, pacing
from advocacy.delivery.events import follow_stored_events
from advocacy.delivery.models import Actor, Message, Pace
from advocacy.delivery.outages import Failure
from advocacy.delivery.outbox import follow_report, note_move
from advocacy.delivery.states import RANK, State
from advocacy.erasure_ledger import note_moved

LEASE = timedelta(minutes=2)
"""Longer than composing a message takes and a provider's 30 s together."""


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one claim. READY tries again at `due_at`; `counts` uses up an attempt.

    `holds` the outbox: nothing else may leave either. `refused`: for good, and perhaps not only this message.
    `failure`: the provider takes nothing for now. `reached`: it answered for this very message.
    """

    state: State
    reason: str = ""
    provider_id: str | None = None
    due_at: datetime | None = None
    counts: bool = True
    holds: bool = False
    refused: bool = False
    failure: Failure | None = None
    reached: bool = False


def claim(sessions: sessionmaker[Session], *, now: datetime, per_hour: int = 0) -> Message | None:
    """Claim the message that leaves first, as it then is; None when none may leave now.

    Mails leave before letters, and of each the longest due. None leaves while the outbox is held or the provider is
    left alone; after that one, alone, which shows whether the provider takes anything. Uncertain ones follow when none
    is ready: they have waited for a proof, and are sent once more at most.
    """
    with sessions.begin() as session:
        outage = outages.locked(session)
        if holds.current(session) is not None or (outage is not None and now < outage.rest_until):
            return None
        message = None
        for state in (State.READY, State.UNCERTAIN):
            message = message or _next(session, state, now=now, per_hour=per_hour)
        if message is None:
            return None
        message.attempt += 1
        message.resent = message.resent or message.state is State.UNCERTAIN
        note_move(session, message, State.SENDING, now=now, by=Actor.WORKER)
        message.lease_until = now + LEASE
        if outage is not None and outage.failures >= outages.MAX_FAILURES:
            outage.rest_until = now + outages.PROBE_TIME
        in_hand = (message.kind, message.ref, message.public_id)
        note_moved(session, State.SENDING, [in_hand], now=now, lasts=False)
        return message


def _next(session: Session, state: State, *, now: datetime, per_hour: int) -> Message | None:
    """Lock the message in a state that leaves first: a row that another holds is passed over, not waited for."""
    due = (
        select(Message)
        .outerjoin(Pace, Pace.key == Message.pace_key)
        .where(Message.state == state, Message.due_at <= now)
        .where(or_(Pace.left_at.is_(None), Pace.left_at <= now - pacing.interval(per_hour)))
        .order_by(Message.priority, Message.due_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Message)
    )
    if state is State.UNCERTAIN:
        due = due.where(Message.resent.is_(False))
    while (message := session.scalar(due)) is not None:
        key = message.pace_key
        # Another process may have sent a message of this key since it was looked for: then it is not found again.
        if key is None or per_hour <= 0 or pacing.may_leave(session, key, now=now, per_hour=per_hour):
            return message
    return None


def record(session: Session, message: Message, result: Result, *, attempt: int, now: datetime) -> State | None:
    """Record the result of a claim, by its number, on the `locked` message; return the state where it moved.

    Past its lease a holder is believed only when it says that the message left, which spares a second copy. Where an
    event came first, the holder's result is one report more, so either order ends alike.
    """
    is_holder = message.attempt == attempt
    if result.state is State.ACCEPTED:
        message.provider_id = message.provider_id or result.provider_id
    if is_holder and message.state is State.SENDING:
        message.tries += result.counts
        if result.state is State.READY and result.due_at is not None:
            message.due_at = result.due_at
        reason, refused = result.reason, result.refused
        note_move(session, message, result.state, now=now, by=Actor.WORKER, reason=reason, refused=refused)
        return follow_stored_events(session, message, now=now) if result.state is State.UNCERTAIN else message.state
    is_overtaken = is_holder and message.state in RANK and result.state in RANK
    if result.state is not State.ACCEPTED and not is_overtaken:
        return None
    changed = follow_report(session, message, result.state, now=now, by=Actor.WORKER, reason=result.reason)
    return message.state if changed else None
