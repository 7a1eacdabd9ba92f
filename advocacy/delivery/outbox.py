"""The outbox: a message is put once and is never lost; its row alone says what is to be done."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Protocol

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Insert,
    String,
    bindparam,
    false,
    func,
    insert,
    literal_column,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from advocacy.database import UtcDateTime, table_of
from advocacy.delivery import holds, outages, pacing
from advocacy.delivery.models import OFFICE_PAUSED, Actor, Hold, Message, MessageMove, Priority, new_public_id
from advocacy.delivery.old_statements import Batch, connection_of, insert_in, insert_rows
from advocacy.delivery.outages import Outage
from advocacy.delivery.states import SETTLED, State, follow, move
from advocacy.delivery.turns import RecipientQueue
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
    turn_key: str | None = None,
    per_hour: int = 0,
    priority: Priority = Priority.MAIL,
    hold_reason: str = "",
    wait_reason: str = "",
    with_digest: bool = False,
    by: Actor = Actor.SUBMIT,
) -> Message:
    """Put one message for `kind` and `ref`, due at once, at `due_at`, or in the next slot of its pace key after it.

    Messages of one `turn_key` let those of others pass there (`turns.py`). With a `hold_reason`, a short code, it is
    HELD until a person releases it, and takes its slot then; a `wait_reason` says why it waits until `due_at`. Else,
    `with_digest`, it takes no slot and goes with the next digest, at `due_at`. A message already put for them is
    returned as it is. Put several in the order of their pace keys: two transactions that take the same keys in
    different orders would wait for each other.
    """
    due = due_at or now
    row = {
        **_row(kind, ref, now=now, due=due, pace_key=pace_key, priority=priority, hold_reason=hold_reason),
        "turn_key": turn_key,
        "reason": hold_reason or wait_reason,
    }
    if with_digest and not hold_reason:
        row["state"] = State.DIGEST
    message = session.scalar(_once(session.get_bind().dialect.name), row)  # two transactions at once cannot both
    if message is None:
        return session.scalars(select(Message).where(Message.kind == kind, Message.ref == ref)).one()
    if pace_key is not None and message.state is State.READY:
        message.due_at = message.first_due_at = pacing.next_slot(session, pace_key, now=due, per_hour=per_hour)
        if per_hour > 0 and due_at is None:
            queue = RecipientQueue(session, pace_key, {turn_key}, besides=message.id)
            queue.place(message, last=message.due_at)
        session.flush()
    first = {"message_id": message.id, "at": now, "state": message.state, "by": by, "reason": message.reason}
    insert_rows(session, MessageMove, first)
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
    batch = Batch(session)
    put_in_batch(batch, kind, refs, now=now, due_at=due_at, priority=priority, by=by)
    batch.execute()


def put_in_batch(
    batch: Batch,
    kind: str,
    refs: Sequence[str],
    *,
    now: datetime,
    due_at: datetime | None = None,
    priority: Priority = Priority.MAIL,
    hold_reason: str = "",
    by: Actor = Actor.SUBMIT,
) -> None:
    """Put the same with other writes: in `batch` where that is one statement, else at once.

    With a `hold_reason` they are HELD, as by `put`.
    """
    if not refs:
        return
    state = State.HELD if hold_reason else State.READY
    if batch.is_one_statement:
        moved = {**of_move(state, now=now, by=by), **({"moved_for": hold_reason} if hold_reason else {})}
        ids = {"refs": list(refs), "public_ids": [new_public_id() for _ in refs]}
        statement = _once_together(kind, priority, is_held=bool(hold_reason))
        batch.add(statement, {"due": due_at or now, **ids, **moved})
        return
    due = due_at or now
    rows = [_row(kind, ref, now=now, due=due, priority=priority, hold_reason=hold_reason) for ref in refs]
    put_now = batch.connection.execute(_once_each(batch.connection.dialect.name), rows).scalars().all()
    write_moves(batch.session, put_now, state, now=now, by=by, reason=hold_reason)


def find(session: Session, kind: str, ref: str) -> Message | None:
    """Return the message put for this kind and reference."""
    return session.scalar(select(Message).where(Message.kind == kind, Message.ref == ref))


def locked(session: Session, message_id: int) -> Message | None:
    """Return a message as it is now, locked until the transaction ends.

    An UPDATE that changes nothing locks on both databases; SQLite knows no SELECT … FOR UPDATE.
    """
    statement = update(Message).where(Message.id == message_id).values(attempt=Message.attempt).returning(Message)
    return session.scalar(statement, execution_options={"populate_existing": True, "synchronize_session": False})


def locked_in_order(session: Session, message_ids: Sequence[int]) -> Sequence[Message]:
    """Return messages as they are now, locked; in an `immediate` transaction.

    All who lock several do so in this order, the oldest first, or they would wait for each other.
    """
    if not message_ids:
        return ()
    found = select(Message).where(Message.id.in_(message_ids)).order_by(Message.id).with_for_update()
    return session.scalars(found, execution_options={"populate_existing": True}).all()


def make_move(session: Session, message: Message, wanted: State, *, now: datetime, by: Actor, reason: str = "") -> None:
    """Move a message that is `locked`, and record the move; raises ImpossibleMove.

    Besides the claim, which is one statement, nothing else writes the state of a message.
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
    if wanted in SETTLED:
        message.turn_key = None  # the network it came from is of no more use
    if wanted is State.UNCERTAIN:
        message.due_at = now + PROOF_WAIT
    session.add(MessageMove(message_id=message.id, at=now, state=wanted, by=by, reason=message.reason, refused=refused))


def write_moves(
    session: Session, message_ids: Sequence[int], state: State, *, now: datetime, by: Actor, reason: str = ""
) -> None:
    """Record that these messages, whose rows are written already, moved to one state."""
    if not message_ids:
        return
    dialect, moved = connection_of(session).dialect.name, {"at": now, "state": state, "by": by, "reason": reason}
    if dialect == "postgresql":
        connection_of(session).execute(_separate_moves(dialect), {"message_ids": list(message_ids), **moved})
    else:
        connection_of(session).execute(_separate_moves(dialect), [{"message_id": id_, **moved} for id_ in message_ids])


def of_move(state: State, *, now: datetime, by: Actor) -> Mapping[str, Any]:
    """Return the values that a statement with `moves_of` needs."""
    return {"moved_at": now, "moved_to": state, "moved_by": by}


def moves_of(changed: CTE, reason: ColumnElement[str] | None = None) -> Insert:
    """Build the part of a statement of PostgreSQL that writes a move for each row changed by another part."""
    table = table_of(MessageMove)
    binds = {"at": "moved_at", "state": "moved_to", "by": "moved_by"}
    rows = select(changed.c.id, *(bindparam(bind, type_=table.c[name].type) for name, bind in binds.items()))
    why = literal_column("''") if reason is None else reason
    return insert(table).from_select(["message_id", *binds, "reason"], rows.add_columns(why))


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

    In an `immediate` transaction. Paces first, then messages, each in order, as by all who lock several.
    """
    of_keys = select(Message.pace_key).where(Message.id.in_(message_ids), Message.pace_key.is_not(None))
    for pace_key in sorted({key for key in session.scalars(of_keys) if key}):
        pacing.lock(session, pace_key, now=now)
    released = [one for one in locked_in_order(session, message_ids) if one.state is state]
    for key in {one.pace_key for one in released}:
        of_key = [one for one in released if one.pace_key == key]
        slots: Sequence[datetime] = [now] * len(of_key)
        if key is not None and per_hour > 0:
            queue = RecipientQueue(session, key, {one.turn_key for one in of_key})
            slots = pacing.next_slots(session, key, len(of_key), now=now, per_hour=per_hour)
        for message, slot in zip(of_key, slots, strict=True):
            note_move(session, message, State.READY, now=now, by=by)
            message.due_at = message.first_due_at = slot
            if state is State.HELD:
                message.created_at = now  # it counts from now on
            if key is not None and per_hour > 0:
                queue.place(message, last=slot)
    session.flush()
    return released


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


def _row(
    kind: str,
    ref: str,
    *,
    now: datetime,
    due: datetime,
    pace_key: str | None = None,
    priority: int = Priority.MAIL,
    hold_reason: str = "",
) -> Mapping[str, Any]:
    state = State.HELD if hold_reason else State.READY
    row = {"public_id": new_public_id(), "kind": kind, "ref": ref, "pace_key": pace_key, "state": state}
    moments = {"due_at": due, "first_due_at": due, "created_at": now, "changed_at": now}
    return {**row, **moments, "priority": priority, "attempt": 0, "tries": 0, "resent": False, "reason": hold_reason}


@cache
def _once(dialect: str) -> ReturningInsert[Message]:
    """Build the statement once: building it costs more than having it carried out."""
    statement = insert_in(dialect, Message).on_conflict_do_nothing(index_elements=["kind", "ref"])
    return statement.returning(Message)


@cache
def _once_each(dialect: str) -> Any:
    table = table_of(Message)
    statement = insert_in(dialect, table).on_conflict_do_nothing(index_elements=["kind", "ref"])
    return statement.returning(table.c.id)


@cache
def _once_together(kind: str, priority: Priority, *, is_held: bool) -> Insert:
    """Build the statement of PostgreSQL that puts messages by their `refs` and writes their moves.

    Constants are written out: psycopg remembers how to send a statement of up to 50 values.
    """
    table, due = table_of(Message), bindparam("due", type_=UtcDateTime())
    texts = ARRAY(String)
    unnested = func.unnest(bindparam("refs", type_=texts), bindparam("public_ids", type_=texts))
    reason: ColumnElement[str] = bindparam("moved_for", type_=String) if is_held else literal_column("''")
    one, now = unnested.table_valued("ref", "public_id").render_derived(), bindparam("moved_at", type_=UtcDateTime())
    row = {
        "public_id": one.c.public_id,
        "kind": literal_column(f"'{kind}'"),
        "ref": one.c.ref,
        "pace_key": null(),
        "state": bindparam("moved_to", type_=table.c.state.type),
        "due_at": due,
        "first_due_at": due,
        "created_at": now,
        "changed_at": now,
        "priority": literal_column(str(priority.value)),
        "attempt": literal_column("0"),
        "tries": literal_column("0"),
        "resent": false(),
        "reason": reason,
        "turn": literal_column("0"),
        "gave_way": literal_column("0"),
    }
    putting = insert_in("postgresql", table).from_select(list(row), select(*row.values()))
    put_now = putting.on_conflict_do_nothing(index_elements=["kind", "ref"]).returning(table.c.id).cte("put_now")
    return moves_of(put_now, reason)


@cache
def _separate_moves(dialect: str) -> Insert:
    """Build the insert of moves: on PostgreSQL one statement for all, where psycopg would carry out one for each."""
    table = table_of(MessageMove)
    if dialect != "postgresql":
        return insert(table).inline()
    columns = [table.c[name] for name in ("at", "state", "by", "reason")]
    ids = func.unnest(bindparam("message_ids", type_=ARRAY(BigInteger)))
    rows = select(ids, *(bindparam(column.name, type_=column.type) for column in columns))
    return insert(table).from_select(["message_id", *(column.name for column in columns)], rows)
