"""Outages of the provider, which every process then leaves alone, and how long a message waits before a retry."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from advocacy.database import insert_into, table_of
from advocacy.delivery.models import Actor, Message, MessageMove, ProviderOutage
from advocacy.delivery.states import State

MAX_TRIES = 20
"""Attempts a message has: with these waits it outlasts an outage of a whole day."""
MIN_WAIT = timedelta(minutes=1)
MAX_WAIT = timedelta(hours=3)
ONLY_ID = 1
"""There is one provider, so one row."""
MIN_FAILURES = 3
"""Failures in a row that are an outage: with the rests between them, two to five minutes of it."""
MAX_REST = timedelta(minutes=15)
"""The longest rest where the provider asks for none: mail leaves this soon after the provider is back."""
MAX_REST_ASKED_FOR = timedelta(hours=1)
"""The longest rest that a provider may ask for; an absurd answer strands no letter."""
PROBE_TIME = timedelta(minutes=1)
"""How long the other processes wait for what comes of a probe: longer than the 30 s a provider may take."""
CLOCKS_APART = timedelta(minutes=1)
"""How far the clocks of two machines may differ without anything being set right."""
DEFERRED = "put_off"
"""The provider answers and defers every message, each by an answer that is about that message."""
MIN_DEFERRED, MIN_TRIES = 5, 4
"""So many messages to different recipients, each deferred at least so often, with none accepted between.

Fewer tries say nothing: a server that greylists (RFC 6647) or verifies addresses first puts every new one off, for
minutes.
"""
RECENT_MOVES = 100
DATABASE = "database"
"""Why a message is deferred that could not be read: no answer of the provider's."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The provider took nothing, whatever it was given; `asked` is how long it wants to be left alone.

    `at_recipient`: it took the sender before, and may have said this of the one recipient.
    """

    reason: str
    asked: timedelta | None = None
    at_recipient: bool = False


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage as it is reported: why and since when the provider takes nothing, or took nothing until now."""

    reason: str
    since: datetime
    is_over: bool = False


def retry_delay(tries: int, *, chance: float) -> timedelta:
    """Return the wait after `tries` attempts: doubling to a cap, of which `chance` in [0, 1) leaves half to all.

    The half that is left to chance keeps a thousand messages that failed together from coming back together.
    """
    doubled: int = 2 ** min(max(tries, 1) - 1, MAX_TRIES)
    return min(MIN_WAIT * doubled, MAX_WAIT) * (0.5 + chance / 2)


def current(session: Session) -> Outage | None:
    """Return the outage there is; one or two failures in a row are none yet."""
    row = session.get(ProviderOutage, ONLY_ID, populate_existing=True)
    return Outage(row.reason, row.since) if row is not None and row.failures >= MIN_FAILURES else None


def locked(session: Session) -> ProviderOutage | None:
    """Return the record of failures in a row, locked; in an `immediate` transaction."""
    if session.connection().execute(_locking()).first() is None:  # as nearly always, and looked for with each claim
        return None
    return session.get(ProviderOutage, ONLY_ID, populate_existing=True, with_for_update=True)


@cache
def _locking() -> Select[tuple[int]]:
    table = table_of(ProviderOutage)
    return select(table.c.id).where(table.c.id == ONLY_ID).with_for_update()


def is_resting(row: ProviderOutage, now: datetime) -> bool:
    """Whether nothing may be handed over yet, by a clock that may be somewhat behind the one that began the rest."""
    return row.rest_from - CLOCKS_APART <= now < row.rest_until


def may_be_one_message(row: ProviderOutage) -> bool:
    """Whether another message may show at once that the provider takes mail: one alone failed, and kept failing.

    Not in a rest as short as that of a first failure or a probe, which all wait for.
    """
    return row.only_message_id is not None and row.rest_until - row.rest_from > PROBE_TIME


def begin_probe(row: ProviderOutage, now: datetime) -> None:
    """Have other processes wait for the result of the one message that is handed over now."""
    row.rest_from, row.rest_until = now, now + PROBE_TIME


def end_probe(session: Session, now: datetime) -> None:
    """Allow another probe at once, where the last one did not show whether the provider is back.

    Where the provider meanwhile asked to be left alone for longer, it is.
    """
    row = locked(session)
    if row is not None and row.rest_until <= row.rest_from + PROBE_TIME:
        row.rest_from = row.rest_until = now


def is_about_message(session: Session, message_id: int, failure: Failure, *, now: datetime) -> bool:
    """Whether a message is to blame and not the provider: it failed for this reason, and fails again after others left.

    Another message is then asked for at once, alone: should the provider be out after all, that one shows it.
    """
    if failure.asked is not None or failure.reason == DEFERRED:
        return False
    before = (
        select(MessageMove.at, MessageMove.reason)
        .where(MessageMove.message_id == message_id, MessageMove.by == Actor.WORKER)
        .where(MessageMove.state == State.READY, MessageMove.reason != "")
        .order_by(MessageMove.id.desc())
        .limit(1)
    )
    last = session.execute(before).first()
    if last is None or last.reason != failure.reason[: MessageMove.reason.type.length]:
        return False
    row = locked(session)
    if row is not None:
        return bool(row.since > last.at)
    _write_first(session, failure, message_id, now=now)
    return True


def _write_first(session: Session, failure: Failure, message_id: int | None, *, now: datetime) -> None:
    first = {
        "reason": failure.reason,
        "since": now,
        "failures": 0,
        "rest_from": now,
        "rest_until": now,
        "only_message_id": message_id,
    }
    session.execute(insert_into(session, ProviderOutage).values(id=ONLY_ID, **first).on_conflict_do_nothing())


def note_failure(
    session: Session,
    failure: Failure,
    message_id: int | None,
    *,
    probed: bool,
    now: datetime,
    chance: Callable[[], float],
) -> tuple[datetime, Outage | None]:
    """Record one failure; return when the provider may be asked again, and the outage where it begins with this.

    `message_id` is the message that failed; None where the failure is known to be of several.

    Messages that were under way when another one failed make no rest longer, unless the provider asks for that. The
    first failure makes none where it may be about the one recipient: another message shows at once what it is about.
    """
    _write_first(session, failure, message_id, now=now)
    row = session.get_one(ProviderOutage, ONLY_ID, populate_existing=True, with_for_update=True)
    if failure.asked is not None or row.only_message_id != message_id:
        row.only_message_id = None
    asked = min(failure.asked, MAX_REST_ASKED_FOR) if failure.asked is not None else timedelta()
    if not probed and is_resting(row, now):
        row.rest_until = max(row.rest_until, now + asked)
        return row.rest_until, None
    row.failures += 1
    row.reason = failure.reason[: ProviderOutage.reason.type.length]
    grown = timedelta()
    if row.failures > 1 or (failure.asked is None and not failure.at_recipient):
        grown = min(retry_delay(row.failures, chance=chance()), MAX_REST)
    row.rest_from, row.rest_until = now, now + max(asked, grown)
    began = row.failures == MIN_FAILURES
    return row.rest_until, Outage(row.reason, row.since) if began else None


def end(session: Session) -> Outage | None:
    """End the outage and return it, None where there was none."""
    row = session.execute(
        delete(ProviderOutage)
        .where(ProviderOutage.id == ONLY_ID)
        .returning(ProviderOutage.reason, ProviderOutage.since, ProviderOutage.failures)
    ).first()
    return Outage(row.reason, row.since, is_over=True) if row and row.failures >= MIN_FAILURES else None


def forget(session: Session) -> None:
    """Forget failures where nothing waits that could show whether the provider is back: the next message does."""
    row = locked(session)
    waits = select(Message.id).where(Message.state.in_((State.READY, State.SENDING, State.UNCERTAIN))).limit(1)
    if row is not None and session.scalar(waits) is None:
        session.delete(row)


def defers_everything(session: Session) -> bool:
    """Whether the provider, by its last answers, deferred one recipient's message after the other and accepted none.

    Letters to one recipient share a pace key, and count once: its mailbox may be full. A message without one is its
    recipient's only one.
    """
    last = (
        select(MessageMove.state, MessageMove.message_id, MessageMove.reason, Message.tries, Message.pace_key)
        .join(Message, MessageMove.message_id == Message.id)
        .where(MessageMove.by == Actor.WORKER, MessageMove.state.in_((State.READY, State.ACCEPTED, State.FAILED)))
        .order_by(MessageMove.id.desc())
        .limit(RECENT_MOVES)
    )
    deferred = set[str | int]()
    for move in session.execute(last):
        if move.state is not State.READY:
            break
        if move.reason not in {"", DATABASE} and move.tries >= MIN_TRIES:
            deferred.add(move.pace_key or move.message_id)
    return len(deferred) >= MIN_DEFERRED
