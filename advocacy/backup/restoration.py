"""Restores a backup in one transaction, and does again what it must not undo: nobody is back, nothing is sent twice."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, inspect, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from advocacy.backup import archive
from advocacy.backup.archive import BackupError, Header, Loader, own_tables, reset_sequences
from advocacy.database import KEYS_IN_SESSION
from advocacy.delivery import holds, outbox
from advocacy.delivery.models import Actor, Hold, Message, MessageMove, new_public_id
from advocacy.delivery.states import RANK, State
from advocacy.encryption import Keys, id_of
from advocacy.erasure_ledger import ErasureLedger, LedgerContents, LedgerError, names
from advocacy.letters import erasure
from advocacy.letters.models import TO_CITIZEN, Confirmation, MessageKind, StoredLetter, Suppression
from advocacy.migrations import VERSION_TABLE, lock_tables, newest_revision
from advocacy.offices.models import OfficeLink, OfficeSettings
from advocacy.staff import audit_log
from advocacy.staff.models import Account, AccountMail, Invitation

BATCH = 500
LOCK_TIMEOUT_MS = 30_000
"""How long a process of the site that still runs is waited for."""
SEVERITY = (
    State.READY,
    State.HELD,
    State.DIGEST,
    State.EXPIRED,
    State.SENDING,
    State.UNCERTAIN,
    State.NEEDS_STAFF,
    State.CANCELLED,
    *RANK,
)
"""Of what several machines noted of a message, the last is what counts: once it left, nothing else does."""
MAY_HAVE_LEFT = frozenset({State.SENDING, State.UNCERTAIN, State.NEEDS_STAFF})
PATHS: Mapping[State, tuple[State, ...]] = {
    State.ACCEPTED: (State.SENDING, State.ACCEPTED),
    State.DELIVERED: (State.SENDING, State.DELIVERED),
    State.BOUNCED: (State.SENDING, State.BOUNCED),
    State.FAILED: (State.SENDING, State.FAILED),
    State.CANCELLED: (State.CANCELLED,),
    State.NEEDS_STAFF: (State.SENDING, State.UNCERTAIN, State.NEEDS_STAFF),
}
"""By which moves a message that waits comes to where it was; those it has behind it are left out."""
UNSETTLED = (State.READY, State.HELD, State.DIGEST, State.SENDING, State.UNCERTAIN, State.NEEDS_STAFF)
WITH_PEOPLE = ("confirmations", "submissions", "staff_accounts", "staff_audit")
"""Tables that a first start leaves empty: a database with rows in one of them was used."""

Notify = Callable[[Session, Iterable[tuple[Message, State]], datetime], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it: rows put back, confirmations erased again, messages known to have left, and those in doubt."""

    rows: int
    erased: int
    left: int
    doubtful: int
    made_at: datetime


def is_used(connection: Connection) -> bool:
    """Whether a database holds more than a first start leaves in it."""
    there = set(inspect(connection).get_table_names())
    return any(
        connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first() is not None  # noqa: S608  # names of ours
        for name in WITH_PEOPLE
        if name in there
    )


def restore(
    engine: Engine,
    path: Path,
    identities: Sequence[Any],
    *,
    keys: Keys,
    ledger: ErasureLedger,
    now: datetime,
    max_age: timedelta,
    notify: Notify,
) -> Restored:
    """Replace everything in the database by a backup, all of it or nothing; sending is paused then.

    Raises BackupError, and LedgerError where the ledger does not cover the backup.
    """
    from advocacy.migrations.alembic_upgrade import upgrade  # noqa: PLC0415  # only where there is something to do

    read: list[tuple[Header, LedgerContents]] = []
    with engine.begin() as connection:
        lock_tables(connection, timeout_ms=LOCK_TIMEOUT_MS)

        def begin(header: Header) -> Loader:
            read.append((header, _check(header, keys=keys, ledger=ledger, now=now, max_age=max_age)))
            for table in reversed([*own_tables(connection).values()]):
                table.drop(connection)
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {VERSION_TABLE.name}")
            upgrade(connection, header.revision)
            loader = Loader(connection)
            # What a migration puts into new tables is in the backup too.
            for table in reversed([*loader.tables.values()]):
                connection.execute(delete(table))
            return loader

        try:
            counts = archive.read(path, identities, on_header=begin)
        except IntegrityError:
            raise BackupError("this backup is damaged: a row in it refers to one that is not there") from None
        header, facts = read[0]
        reset_sequences(connection)
        upgrade(connection)
        session = Session(bind=connection, join_transaction_mode="rollback_only", info={KEYS_IN_SESSION: lambda: keys})
        left, doubtful = _replay_messages(session, facts, keys=keys, now=now, notify=notify)
        erased = _replay_erasures(session, facts, keys=keys, now=now)
        _replay_suppressions(session, facts)
        _end_access(session, now=now)
        session.execute(delete(Hold))
        holds.hold(session, holds.RESTORED, now=now, by=Actor.STAFF)
        audit_log.write(session, audit_log.Act.SITE_RESTORED, f"backup:{header.id}", by=None, now=now)
        session.commit()
    return Restored(sum(counts.values()), erased, left, doubtful, header.moment)


def _check(header: Header, *, keys: Keys, ledger: ErasureLedger, now: datetime, max_age: timedelta) -> LedgerContents:
    """Refuse a backup that is too old, too new, or unreadable here; return what happened since it was made."""
    if header.revision > newest_revision():
        raise BackupError("a newer version of advocacy made this backup; install it first")
    if now - header.moment > max_age:
        raise BackupError(
            f"this backup is of {header.moment:%Y-%m-%d}, older than ADVOCACY_BACKUP_DAYS: the erasure ledger no "
            "longer says who was erased since; delete it and restore a later one"
        )
    ids = {id_.hex() for id_ in keys.by_id()}
    if header.key_ids and header.key_ids[0] not in ids:
        raise BackupError(
            "the data keys of this site do not read this backup: put back the copy of its data keys first, the file "
            "data_keys beside the database, or ADVOCACY_DATA_KEYS"
        )
    facts = ledger.read(header.moment, header.id)
    if not facts.key_ids <= ids:
        raise LedgerError(
            "the erasure ledger was written with a data key that is not known here: write it after the others in "
            "ADVOCACY_DATA_KEYS or the file data_keys"
        )
    return facts


def _replay_messages(
    session: Session, facts: LedgerContents, *, keys: Keys, now: datetime, notify: Notify
) -> tuple[int, int]:
    """Bring messages to where they were; return how many are known to have left, and how many may have."""
    states = facts.states(SEVERITY)
    reached = [*_replay_unknown(session, facts, states, keys=keys, now=now)]
    last = 0
    while True:
        of_batch = select(Message).where(Message.state.in_(UNSETTLED), Message.id > last)
        batch = session.scalars(of_batch.order_by(Message.id).limit(BATCH)).all()
        if not batch:
            break
        last, moved = batch[-1].id, list[tuple[Message, State]]()
        for message in batch:
            name = _ledger_name(states, keys, f"message {message.public_id}")
            # One that a worker had in hand when the backup was made, and nobody knows more of, may have left.
            state = _restored_state(states[name] if name else message.state)
            if state is None:
                continue
            at = _moment_of(facts, name, message.changed_at) if name else message.changed_at
            for step in steps(message.state, state):
                outbox.note_move(session, message, step, now=at, by=Actor.STAFF, reason=holds.RESTORED)
            reached.append(state)
            if state in RANK:
                moved.append((message, state))
        session.flush()
        notify(session, moved, now)
    return sum(state in RANK for state in reached), sum(state is State.NEEDS_STAFF for state in reached)


def steps(current: State, wanted: State) -> Sequence[State]:
    """Return the moves by which a message comes to a state."""
    path = PATHS[wanted]
    if current is wanted:
        return ()
    if current is State.UNCERTAIN and wanted is State.CANCELLED:
        return State.NEEDS_STAFF, State.CANCELLED
    if current is State.DIGEST:
        return (wanted,)
    if current is State.HELD:
        return path if wanted is State.CANCELLED else (State.READY, *path)
    if current in path:
        return path[path.index(current) + 1 :]
    return path if current is State.READY else (wanted,)


def _replay_unknown(
    session: Session, facts: LedgerContents, states: Mapping[str, str], *, keys: Keys, now: datetime
) -> Sequence[State]:
    """Make the messages of letters and confirmations that were put after the backup, and left; return their states.

    Whoever confirms such a letter once more is answered as before, and it is not sent again.
    """
    made = []
    ids: Sequence[tuple[Any, Sequence[MessageKind]]] = (
        (StoredLetter.id, (MessageKind.LETTER,)),
        (Confirmation.id, sorted(TO_CITIZEN)),
    )
    for column, kinds in ids:
        for kind in kinds:
            there = select(Message.id).where(Message.kind == kind, Message.ref == column).exists()
            for ref in session.scalars(select(column).where(~there)).all():
                name = _ledger_name(states, keys, f"{kind} {ref}")
                state = _restored_state(states[name]) if name else None
                if name and state and state is not State.CANCELLED:
                    _make_message(session, kind, ref, state=state, at=_moment_of(facts, name, None), now=now)
                    made.append(state)
    return made


def _make_message(session: Session, kind: str, ref: str, *, state: State, at: datetime, now: datetime) -> None:
    at = min(at, now)
    message = Message(
        public_id=new_public_id(),
        kind=kind,
        ref=ref,
        state=state,
        due_at=at,
        first_due_at=at,
        created_at=at,
        changed_at=at,
        reason=holds.RESTORED,
    )
    session.add(message)
    session.flush()
    session.add(MessageMove(message_id=message.id, at=at, state=state, by=Actor.STAFF, reason=holds.RESTORED))


def _replay_erasures(session: Session, facts: LedgerContents, *, keys: Keys, now: datetime) -> int:
    """Erase again who was erased since; return how many confirmations that were."""
    found = [
        id_
        for id_ in session.scalars(select(Confirmation.id)).all()
        if not facts.erased.isdisjoint(names(keys, f"confirmation {id_}"))
    ]
    for first in range(0, len(found), BATCH):
        batch = found[first : first + BATCH]
        erasure.erase_all(session, batch, now=now, by=Actor.STAFF)
    return len(found)


def _replay_suppressions(session: Session, facts: LedgerContents) -> None:
    for (campaign, email_hash), day in facts.suppressed.items():
        since = datetime.combine(day, time(), UTC)
        session.merge(Suppression(campaign=campaign, email_hash=email_hash, since=since))
    for campaign, email_hash in facts.readmitted:
        listed = Suppression.campaign == campaign, Suppression.email_hash == email_hash
        session.execute(delete(Suppression).where(*listed))


def _end_access(session: Session, *, now: datetime) -> None:
    """End what gave access when the backup was made, and may have been ended since: sessions, links, invitations.

    Offices' letters go to the directory's addresses again: another one may have been undone since.
    """
    session.execute(delete(OfficeLink))
    session.execute(update(OfficeSettings).values(email=None, email_from=None))
    session.execute(delete(AccountMail))
    is_open = Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None)
    session.execute(update(Invitation).where(*is_open).values(withdrawn_at=now))
    for account in session.scalars(select(Account)):
        account.end_sessions()


def _ledger_name(states: Mapping[str, str], keys: Keys, what: str) -> str | None:
    """Return what something is named by in the ledger, None where the ledger does not tell of it."""
    return next((name for name in names(keys, what) if name in states), None)


def _restored_state(noted: str) -> State | None:
    """Return where a message belongs that came to a state; None where it waits as in the backup."""
    state = State(noted)
    if state in MAY_HAVE_LEFT:
        return State.NEEDS_STAFF
    return state if state in PATHS else None


def _moment_of(facts: LedgerContents, name: str, earliest: datetime | None) -> datetime:
    """Return the day of a fact, from which retention counts, but no moment before the backup's own."""
    day = datetime.combine(facts.days[name], time(), UTC)
    return max(day, earliest) if earliest else day


def key_ids(keys: Keys) -> Sequence[str]:
    """Return what a backup names the keys by that it cannot be read without, the newest first."""
    return [id_of(key).hex() for key in keys.newest_first]
