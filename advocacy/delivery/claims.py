"""Claims of messages: one is committed before anything leaves, and only its holder records the result."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial
from operator import attrgetter
from typing import Any, Self

from sqlalchemy import Integer, bindparam, case, exists, func, select, tuple_, update
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import UtcDateTime, immediate, table_of
from advocacy.delivery import outages
from advocacy.delivery.events import follow_stored_events
from advocacy.delivery.models import ERASED, Actor, Hold, Message, MessageMove
from advocacy.delivery.outages import Failure
from advocacy.delivery.outbox import follow_report, locked_in_order, moves_of, note_move, of_move, write_moves
from advocacy.delivery.states import RANK, State, move
from advocacy.erasure_ledger import note_moved

MESSAGES = table_of(Message)
NOW = bindparam("now", type_=UtcDateTime())
CLAIMED_COLUMNS = tuple(
    MESSAGES.c[name] for name in ("id", "public_id", "kind", "ref", "attempt", "tries", "resent", "priority", "due_at")
)
"""What a claim says of a message."""
LEASE = timedelta(minutes=2)
"""Longer than composing messages takes, the time in which they are handed over, and a provider's 30 s together."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to hand over one message once. `tries` counts the attempts used up before this one.

    `probes` is why the provider took nothing before, where this message shows whether that is over; "" elsewhere.
    """

    message_id: int
    public_id: str
    kind: str
    ref: str
    attempt: int
    tries: int
    resent: bool
    probes: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one claim. READY tries again at `due_at`, or is due as before; `counts` uses up an attempt.

    `holds` the outbox: nothing else may leave either. `refused`: for good, and perhaps not only this message.
    `failure`: the provider takes nothing for now. `reached`: it answered for this very message.
    """

    claim: Claim
    state: State
    reason: str = ""
    provider_id: str | None = None
    due_at: datetime | None = None
    counts: bool = True
    holds: bool = False
    refused: bool = False
    failure: Failure | None = None
    reached: bool = False

    @classmethod
    def not_attempted(cls, claim: Claim) -> Self:
        """Return the result of a claim that nothing was done with: its message is as due as before."""
        return cls(claim, State.READY, counts=False)


def claim_some(sessions: sessionmaker[Session], *, now: datetime, lease: timedelta, limit: int) -> Sequence[Claim]:
    """Claim the messages that leave first, `limit` at most, for as long as `lease`; none while the outbox is held.

    Mails leave before letters, and of each those that are longest due. None while the provider is left alone, and after
    that one, alone, by one process, which shows whether it takes anything: of whatever kind, and one that did not fail
    itself as long as there is one. Where all failures are of one message, another that comes shows that at once.

    Uncertain ones follow when none is ready: they have waited for a proof, and are sent once more at most.
    """
    with immediate(sessions) as session:
        outage = outages.locked(session)
        if outage is not None:
            if outages.is_resting(outage, now) and not outages.may_be_one_message(outage):
                return ()
            limit = 1
        claim_in_state = partial(_claim_in_state, session, now=now, lease=lease, limit=limit, probes=outage is not None)
        claims = claim_in_state(State.READY) or claim_in_state(State.UNCERTAIN)
        in_hand = [(claim.kind, claim.ref, claim.public_id) for claim in claims]
        note_moved(session, State.SENDING, in_hand, now=now, lasts=False)
        if outage is not None and claims:
            outages.begin_probe(outage, now)
            return [replace(each, probes=outage.reason) for each in claims]
        return claims


def record_all(
    session: Session, results: Sequence[Result], *, now: datetime
) -> tuple[Sequence[tuple[Claim, State]], bool]:
    """Record the results of claims, in an `immediate` transaction.

    Return the state of each message that was moved, and whether one of them had been erased meanwhile.

    Past its lease a holder is believed only when it says that the message left, which spares a second copy. Where an
    event came first, the holder's result is one report more, so either order ends alike.
    """
    simple = [one for one in results if one.state is State.ACCEPTED and not one.reason]
    accepted = _record_accepted(session, simple, now=now)
    others = [one for one in results if one.claim.message_id not in accepted]
    messages = {message.id: message for message in locked_in_order(session, [one.claim.message_id for one in others])}
    was_erased = any(message.reason == ERASED for message in messages.values())
    states = [(one.claim, _record(session, messages.get(one.claim.message_id), one, now=now)) for one in others]
    session.flush()
    moved = [(one.claim, State.ACCEPTED) for one in results if one.claim.message_id in accepted]
    return [*moved, *((claim, state) for claim, state in states if state is not None)], was_erased


def _record_accepted(session: Session, results: Sequence[Result], *, now: datetime) -> Collection[int]:
    """Record at once what nearly every message comes to; return the ids of those that their holder still held.

    One that was erased meanwhile is not among them.
    """
    if not results:
        return ()
    values: dict[str, Any] = {"now": now, "claims": [(one.claim.message_id, one.claim.attempt) for one in results]}
    named = [one for one in results if one.provider_id]
    for nth, one in enumerate(named):
        values |= {f"id_{nth}": one.claim.message_id, f"name_{nth}": one.provider_id}
    dialect = session.get_bind().dialect.name
    if dialect == "postgresql":
        values |= of_move(State.ACCEPTED, now=now, by=Actor.WORKER)
    taken = frozenset(session.connection().execute(_accept_statement(len(named), dialect), values).scalars())
    if dialect != "postgresql":
        write_moves(session, sorted(taken), State.ACCEPTED, now=now, by=Actor.WORKER)
    return taken


@cache
def _accept_statement(named: int, dialect: str) -> Any:
    """Build the statement that writes what was accepted, so many of them under a name of the provider's.

    On PostgreSQL it writes the moves too. It is built once, as is that of a claim: building one takes longer than
    having it carried out.
    """
    held = (
        select(MESSAGES.c.id)
        .where(MESSAGES.c.state == State.SENDING, MESSAGES.c.reason != ERASED)
        .where(tuple_(MESSAGES.c.id, MESSAGES.c.attempt).in_(bindparam("claims", expanding=True)))
        .order_by(MESSAGES.c.id)
        .with_for_update()
        .cte("held")
    )
    changes: dict[str, Any] = {"state": move(State.SENDING, State.ACCEPTED), "reason": "", "changed_at": NOW}
    changes |= {"lease_until": None, "tries": MESSAGES.c.tries + 1, "turn_key": None}
    if named:
        kind = MESSAGES.c.provider_id.type
        names = {
            bindparam(f"id_{nth}", type_=MESSAGES.c.id.type): bindparam(f"name_{nth}", type_=kind)
            for nth in range(named)
        }
        names_by_id = case(*((MESSAGES.c.id == id_, name) for id_, name in names.items()), else_=None)
        changes["provider_id"] = func.coalesce(MESSAGES.c.provider_id, names_by_id)
    taken = update(MESSAGES).where(MESSAGES.c.id.in_(select(held.c.id))).values(changes).returning(MESSAGES.c.id)
    if dialect != "postgresql":
        return taken
    return moves_of(taken.cte("taken")).returning(table_of(MessageMove).c.message_id)


def _claim_in_state(
    session: Session, state: State, *, now: datetime, lease: timedelta, limit: int, probes: bool
) -> Sequence[Claim]:
    """Move messages due to SENDING in one statement: a row that another holds is passed over, not waited for."""
    values: dict[str, Any] = {"now": now, "lease_until": now + lease, "limit": limit}
    dialect = session.get_bind().dialect.name
    if dialect == "postgresql":
        values |= of_move(State.SENDING, now=now, by=Actor.WORKER)
    rows = session.connection().execute(_claim_statement(state, dialect, probes=probes), values).all()
    if dialect != "postgresql":
        write_moves(session, [row.id for row in rows], State.SENDING, now=now, by=Actor.WORKER)
    return [
        Claim(row.id, row.public_id, row.kind, ref=row.ref, attempt=row.attempt, tries=row.tries, resent=row.resent)
        for row in sorted(rows, key=attrgetter("priority", "due_at", "id"))
    ]


@cache
def _claim_statement(state: State, dialect: str, *, probes: bool) -> Any:
    """Build the statement that claims messages in a state; an uncertain one is sent again once and no more.

    On PostgreSQL it writes the moves too. One that `probes` is not chosen by what leaves first: the same message,
    deferred for its own sake, would be asked for each time. The one that failed last comes last.
    """
    first: tuple[Any, ...] = (MESSAGES.c.priority, MESSAGES.c.due_at, MESSAGES.c.id)
    if probes:
        first = (case((MESSAGES.c.reason == "", 0), else_=1), MESSAGES.c.changed_at, MESSAGES.c.id)
    due = (
        select(MESSAGES.c.id)
        .where(MESSAGES.c.state == state, MESSAGES.c.due_at <= NOW, ~exists(select(Hold.id)))
        .order_by(*first)
        .limit(bindparam("limit", type_=Integer))
        .with_for_update(skip_locked=True, of=MESSAGES)
    )
    changes: dict[str, Any] = {
        "state": State.SENDING,
        "attempt": MESSAGES.c.attempt + 1,
        "reason": "",
        "changed_at": NOW,
    }
    changes["lease_until"] = bindparam("lease_until", type_=UtcDateTime())
    if state is State.UNCERTAIN:
        due, changes["resent"] = due.where(MESSAGES.c.resent.is_(False)), True
    # Apart, so that PostgreSQL looks for them once: in a join it may look again, and take more.
    ids = select(due.cte("due").c.id)
    taking = update(MESSAGES).where(MESSAGES.c.id.in_(ids)).values(changes).returning(*CLAIMED_COLUMNS)
    if dialect != "postgresql":
        return taking
    taken = taking.cte("taken")
    return select(taken).add_cte(moves_of(taken).returning(table_of(MessageMove).c.id).cte("moved"))


def _record(session: Session, message: Message | None, result: Result, *, now: datetime) -> State | None:
    if message is None:
        return None
    holds = message.attempt == result.claim.attempt
    if result.state is State.ACCEPTED:
        message.provider_id = message.provider_id or result.provider_id
    if not holds or message.state is not State.SENDING:
        return _record_late(session, message, result, now=now, holds=holds)
    message.tries += result.counts
    if result.state is State.READY and result.due_at is not None:
        message.due_at = result.due_at
    note_move(session, message, result.state, now=now, by=Actor.WORKER, reason=result.reason, refused=result.refused)
    return follow_stored_events(session, message, now=now) if result.state is State.UNCERTAIN else message.state


def _record_late(session: Session, message: Message, result: Result, *, now: datetime, holds: bool) -> State | None:
    """Record a result as a report, from a holder that lost its claim or after an event."""
    overtaken = holds and message.state in RANK and result.state in RANK
    if result.state is not State.ACCEPTED and not overtaken:
        return None
    changed = follow_report(session, message, result.state, now=now, by=Actor.WORKER, reason=result.reason)
    return message.state if changed else None
