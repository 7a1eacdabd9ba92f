"""The outbox: a message is put once and is never lost; its row alone says what is to be done."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from advocacy.database import insert_into
from advocacy.delivery import holds, outages, pacing
from advocacy.delivery.models import OFFICE_PAUSED, Actor, Hold, Message, MessageMove, Priority
from advocacy.delivery.outages import Outage
from advocacy.delivery.states import State, follow, move
from advocacy.erasure_ledger import note_moved_after_commit

PROOF_WAIT = timedelta(minutes=30)
"""How long an uncertain message waits for an event to prove what became of it."""
CANCELLABLE = frozenset({State.READY, State.HELD, State.DIGEST, State.NEEDS_STAFF})
REASON_LENGTH = 60
HOUR = timedelta(hours=1)
PACE_MOVES = 5000
"""Moves that the pace is taken from: a busier outbox is judged by less than an hour."""


class DecisionNotPossible(Exception):
    """A decision that this message does not ask for; the sentence says why."""


class Decision(Protocol):
    """One thing a person may decide of a message; raises DecisionNotPossible."""

    def __call__(self, session: Session, message_id: int, *, now: datetime) -> Message: ...


@dataclass(frozen=True, slots=True)
class Status:
    """The outbox at one moment.

    `counts` are its messages by state, `oldest_due` is when the latest of those that wait was due first, `hold` what
    holds them, and `outage` that the provider takes nothing.
    """

    counts: Mapping[State, int]
    oldest_due: datetime | None
    hold: Hold | None
    outage: Outage | None = None


def put(
    session: Session,
    kind: str,
    ref: str,
    *,
    now: datetime,
    due_at: datetime | None = None,
    pace_key: str | None = None,
    per_hour: int = 0,
    priority: Priority = Priority.MAIL,
    hold_reason: str = "",
    wait_reason: str = "",
    with_digest: bool = False,
    by: Actor = Actor.SUBMIT,
) -> Message:
    """Put one message for `kind` and `ref`, due at once, at `due_at`, or in the next slot of its pace key after it.

    With a `hold_reason`, a short code, it is HELD until a person releases it, and takes its slot then; a `wait_reason`
    says why it waits until `due_at`. Else, `with_digest`, it takes no slot and goes with the next digest, at `due_at`.
    A message already put for them is returned as it is. Put several in the order of their pace keys: two transactions
    that take the same keys in different orders would wait for each other.
    """
    state = State.HELD if hold_reason else State.DIGEST if with_digest else State.READY
    due = due_at or now
    row = insert_into(session, Message).values(
        kind=kind,
        ref=ref,
        pace_key=pace_key,
        state=state,
        priority=priority,
        due_at=due,
        first_due_at=due,
        reason=hold_reason or wait_reason,
        created_at=now,
        changed_at=now,
    )
    once = row.on_conflict_do_nothing(index_elements=["kind", "ref"])  # two transactions at once cannot both
    message: Message | None = session.scalar(once.returning(Message))
    if message is None:
        return session.scalars(select(Message).where(Message.kind == kind, Message.ref == ref)).one()
    if pace_key is not None and state is State.READY:
        message.due_at = message.first_due_at = pacing.next_slot(session, pace_key, now=due, per_hour=per_hour)
    session.add(MessageMove(message_id=message.id, at=now, state=state, by=by, reason=message.reason))
    session.flush()
    return message


def put_all(
    session: Session,
    kind: str,
    refs: Sequence[str],
    *,
    now: datetime,
    due_at: datetime | None = None,
    priority: Priority = Priority.MAIL,
    by: Actor = Actor.SUBMIT,
) -> None:
    """Put a message due at once, or at `due_at`, for each reference that has none."""
    for ref in refs:
        put(session, kind, ref, now=now, due_at=due_at, priority=priority, by=by)


def find(session: Session, kind: str, ref: str) -> Message | None:
    """Return the message put for this kind and reference."""
    return session.scalar(select(Message).where(Message.kind == kind, Message.ref == ref))


def locked(session: Session, message_id: int) -> Message | None:
    """Return a message as it is now, locked until the transaction ends."""
    return session.get(Message, message_id, populate_existing=True, with_for_update=True)


def locked_in_order(session: Session, message_ids: Sequence[int]) -> Sequence[Message]:
    """Return messages as they are now, locked; in a transaction that writes.

    All who lock several do so in this order, the oldest first, or they would wait for each other.
    """
    if not message_ids:
        return ()
    found = select(Message).where(Message.id.in_(message_ids)).order_by(Message.id).with_for_update()
    return session.scalars(found, execution_options={"populate_existing": True}).all()


def make_move(session: Session, message: Message, wanted: State, *, now: datetime, by: Actor, reason: str = "") -> None:
    """Move a message that is `locked`, and record the move; raises ImpossibleMove.

    Nothing else writes the state of a message.
    """
    note_move(session, message, wanted, now=now, by=by, reason=reason)
    session.flush()


def note_move(
    session: Session,
    message: Message,
    wanted: State,
    *,
    now: datetime,
    by: Actor,
    reason: str = "",
    refused: bool = False,
) -> None:
    """Make a move that is written with the next ones, when the session writes; see `MessageMove` for `refused`."""
    message.state = move(message.state, wanted)
    message.reason, message.changed_at, message.lease_until = reason[:REASON_LENGTH], now, None
    if wanted is State.UNCERTAIN:
        message.due_at = now + PROOF_WAIT
    session.add(MessageMove(message_id=message.id, at=now, state=wanted, by=by, reason=message.reason, refused=refused))


def follow_report(
    session: Session, message: Message, reported: State, *, now: datetime, by: Actor, reason: str = ""
) -> bool:
    """Move a `locked` message by a report; False where it says nothing new."""
    if follow(message.state, reported) is message.state:
        return False
    make_move(session, message, reported, now=now, by=by, reason=reason)
    return True


def cancel(session: Session, message: Message, *, now: datetime, by: Actor, reason: str = "") -> bool:
    """Cancel a message that has not left; False when it is too late, or uncertain, or settled."""
    standing = locked(session, message.id)
    if standing is None or standing.state not in CANCELLABLE:
        return False
    make_move(session, standing, State.CANCELLED, now=now, by=by, reason=reason)
    return True


def release(
    session: Session,
    message_ids: Sequence[int],
    *,
    now: datetime,
    per_hour: int,
    by: Actor = Actor.STAFF,
    state: State = State.HELD,
) -> list[Message]:
    """Release messages that are in `state`, due now or in the next slots of their pace keys; return those that were.

    In a transaction that writes.
    """
    released = [message for message in locked_in_order(session, message_ids) if message.state is state]
    for message in sorted(released, key=lambda message: (message.pace_key or "", message.id)):
        key = message.pace_key
        due = now if key is None else pacing.next_slot(session, key, now=now, per_hour=per_hour)
        note_move(session, message, State.READY, now=now, by=by)
        message.due_at = message.first_due_at = due
        if state is State.HELD:
            message.created_at = now  # it counts from now on
    session.flush()
    return released


def postpone(session: Session, pace_key: str, *, until: datetime, reason: str = "") -> Sequence[str]:
    """Have the messages of a pace key that are ready wait `until` a time, for a reason; return their references.

    They then leave in their order, an interval apart.
    """
    waiting = update(Message).where(Message.pace_key == pace_key, Message.state == State.READY)
    postponed = waiting.values(due_at=until, first_due_at=until, reason=reason).returning(Message.ref)
    return session.scalars(postponed, execution_options={"synchronize_session": False}).all()


def retry_by_staff(session: Session, message_id: int, *, now: datetime) -> Message:
    """Send a message that needs a person once more, at once; raises DecisionNotPossible.

    It has all its attempts again. Should it become uncertain again, it comes back to a person without being resent.
    """
    message = _locked_for_decision(session, message_id, frozenset({State.NEEDS_STAFF}))
    message.due_at = message.first_due_at = now
    message.tries = 0
    make_move(session, message, State.READY, now=now, by=Actor.STAFF)
    return message


def cancel_by_staff(session: Session, message_id: int, *, now: datetime) -> Message:
    """Cancel a message that waits, or that needs a person; raises DecisionNotPossible."""
    message = _locked_for_decision(session, message_id, CANCELLABLE)
    make_move(session, message, State.CANCELLED, now=now, by=Actor.STAFF)
    _note_decision(session, message, now=now)
    return message


def mark_sent_by_staff(session: Session, message_id: int, *, now: datetime) -> Message:
    """Mark a message that needs a person as sent; raises DecisionNotPossible."""
    message = _locked_for_decision(session, message_id, frozenset({State.NEEDS_STAFF}))
    make_move(session, message, State.ACCEPTED, now=now, by=Actor.STAFF)
    _note_decision(session, message, now=now)
    return message


def _note_decision(session: Session, message: Message, *, now: datetime) -> None:
    moved = message.kind, message.ref, message.public_id
    note_moved_after_commit(session, message.state, [moved], now=now)


def _locked_for_decision(session: Session, message_id: int, wanted: frozenset[State]) -> Message:
    message = locked(session, message_id)
    if message is None:
        raise DecisionNotPossible(f"there is no message {message_id}")
    if message.state not in wanted:
        allowed = " or ".join(sorted(state.value for state in wanted))
        raise DecisionNotPossible(
            f"message {message_id} is {message.state.value}; only one that is {allowed} can be decided so"
        )
    return message


def count(session: Session, states: Collection[State], *, kind: str | None = None) -> dict[State, int]:
    """Count the messages in these states, each of them named; those of one kind where it is given."""
    found = select(Message.state, func.count()).where(Message.state.in_(states)).group_by(Message.state)
    if kind is not None:
        found = found.where(Message.kind == kind)
    return dict.fromkeys(states, 0) | {row.state: row[1] for row in session.execute(found)}


def status(session: Session, *, now: datetime, states: Collection[State] = tuple(State)) -> Status:
    """Count the messages, every state named, or these; to count what is settled takes as long as there are letters."""
    counts = count(session, states)
    return Status(counts, oldest_due(session, now=now), holds.current(session), outages.current(session))


def count_due(session: Session, *, now: datetime) -> int:
    """Count the messages that are to be sent now, uncertain ones among them."""
    due = Message.state.in_((State.READY, State.UNCERTAIN)) & (Message.due_at <= now)
    return session.scalar(select(func.count()).select_from(Message).where(due)) or 0


def oldest_due(session: Session, *, now: datetime) -> datetime | None:
    """Return when the message that has been due longest was due first, None where none is due."""
    return session.scalar(
        select(func.min(Message.first_due_at)).where(
            Message.state == State.READY, Message.first_due_at <= now, Message.reason != OFFICE_PAUSED
        )
    )


def recent_pace(session: Session, now: datetime) -> int:
    """Return how many messages were handed over in the last hour, or would be in one at the pace of the last moves."""
    latest = select(MessageMove.at, MessageMove.state).order_by(MessageMove.id.desc()).limit(PACE_MOVES).subquery()
    handed = (latest.c.state == State.ACCEPTED) & (latest.c.at > now - HOUR)
    number, looked_at, first = session.execute(
        select(func.count().filter(handed), func.count(), func.min(latest.c.at)).select_from(latest)
    ).one()
    if looked_at < PACE_MOVES or first <= now - HOUR:
        return int(number)
    return int(number * (HOUR / max(now - first, timedelta(seconds=1))))


def needing_staff(session: Session, limit: int = 100) -> Sequence[Message]:
    """List the messages a person must decide on, those that wait longest first."""
    waiting = select(Message).where(Message.state == State.NEEDS_STAFF)
    return session.scalars(waiting.order_by(Message.changed_at, Message.id).limit(limit)).all()
