"""The erasure ledger: what a restored backup must not undo, in files outside the database and its backups.

Each line is a fact of one day: people were erased, an address wants no more messages, messages were being sent or left.
It names them by keyed hashes alone. A backup that is restored is read together with the ledger, so that nobody is back
and nothing is sent twice.
"""

import json
import logging
import os
import platform
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from advocacy.database import KEYS_IN_SESSION, LEDGER_IN_SESSION

if TYPE_CHECKING:
    from advocacy.encryption import Keys

log = logging.getLogger(__name__)

PURPOSE = "erasure ledger"
NAME_LENGTH = 32
"""Hexadecimal digits of a keyed hash: 128 bits tell everything of a site apart."""
FILE_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.([A-Za-z0-9-]+)\.jsonl")
FILE_MODE, FOLDER_MODE = 0o600, 0o700
CLOCK_TOLERANCE = timedelta(days=1)
"""Facts of so long before a backup are read too: the clocks of two machines may differ."""


class Fact(StrEnum):
    """What a line tells."""

    ERASED = "erased"
    """Confirmations were erased, with their people and letters."""
    SUPPRESSED = "suppressed"
    """An address asked for no more messages."""
    READMITTED = "readmitted"
    """An address asked for messages again."""
    MOVED = "moved"
    """Messages moved to a state."""
    BACKUP = "backup"
    """A backup was made: the ledger that has this line covers it."""


class LedgerUnavailable(OSError):
    """The ledger cannot be written: what it should note is not done."""


class LedgerError(Exception):
    """The ledger cannot be read as it is; the text is one sentence that says what to do."""


def note_erased(session: Session, confirmations: Iterable[str], *, now: datetime) -> None:
    """Note, before the commit, that confirmations are erased; raises LedgerUnavailable, upon which nothing is erased.

    Should the commit fail, the ledger says so too early, of people who wanted to be erased.
    """
    ids = [f"confirmation {one}" for one in confirmations]
    if ids:
        _write(session, Fact.ERASED, now=now, ids=ids)


def note_suppressed(session: Session, campaign: str, email_hash: str, *, now: datetime, lifted: bool = False) -> None:
    """Note, before the commit, that an address wants no more messages of a campaign, or, `lifted`, wants them again.

    The hash is the keyed one that the suppression list has.
    """
    fact = Fact.READMITTED if lifted else Fact.SUPPRESSED
    _write(session, fact, now=now, campaign=campaign, email_hash=email_hash)


def note_moved(
    session: Session, state: str, messages: Iterable[tuple[str, str, str]], *, now: datetime, lasts: bool
) -> None:
    """Note that messages, each a kind, a reference and a public id, moved to a state.

    What a worker takes in hand is noted before the provider is asked, and survives a killed process; with `lasts`, a
    power cut too.
    """
    # In two lists, each in an order of its own: a mail's public id leads to no letter's row.
    messages = list(messages)
    ids = sorted(f"message {public_id}" for _, _, public_id in messages)
    refs = sorted(f"{kind} {ref}" for kind, ref, _ in messages)
    if ids:
        _write(session, Fact.MOVED, now=now, ids=ids, refs=refs, state=state, lasts=lasts)


def note_moved_after_commit(
    session: Session, state: str, messages: Sequence[tuple[str, str, str]], *, now: datetime
) -> None:
    """Note the same of messages that a person decided on, once the decision is stored."""

    def note(committed: Session) -> None:
        try:
            note_moved(committed, state, messages, now=now, lasts=True)
        except OSError as error:
            log.error("a decision is not in the erasure ledger (%s)", error.strerror)

    event.listen(session, "after_commit", note, once=True)


@dataclass(frozen=True, slots=True)
class ErasureLedger:
    """The ledger's folder: one file for each day (UTC) and machine, to which every process appends."""

    folder: Path

    def append(self, fact: Fact, *, now: datetime, lasts: bool = True, **values: Any) -> None:
        """Append a fact; `lasts` waits for the disk. Raises LedgerUnavailable."""
        day = now.astimezone(UTC).date().isoformat()
        # A line that a power cut left half written must not swallow the next.
        line = "\n" + json.dumps({"day": day, "fact": fact, **values}, separators=(",", ":")) + "\n"
        path = self.folder / f"{day}.{_machine()}.jsonl"
        try:
            self._append(path, line.encode(), lasts=lasts)
        except OSError as error:
            why = f"the erasure ledger cannot be written ({error.strerror})"
            raise LedgerUnavailable(error.errno, why) from None

    def _append(self, path: Path, content: bytes, *, lasts: bool) -> None:
        is_new = not path.exists()
        if is_new:
            self.folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, FILE_MODE)
        try:
            if os.write(descriptor, content) != len(content):
                raise OSError(None, "the line was cut short")
            if lasts:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if is_new and lasts:
            _sync(self.folder)

    def note_backup(self, backup_id: str, *, now: datetime) -> None:
        self.append(Fact.BACKUP, now=now, id=backup_id)

    def read(self, made_at: datetime, backup_id: str) -> "LedgerContents":
        """Read what happened since a backup was made; raises LedgerError where this ledger does not cover it."""
        contents, is_covered, since = LedgerContents(), False, (made_at.astimezone(UTC) - CLOCK_TOLERANCE).date()
        for day, machine, path in self._files():
            if day < since:
                continue
            for line in _lines(path):
                if line["fact"] == Fact.BACKUP:
                    is_covered = is_covered or line["id"] == backup_id
                else:
                    contents.add(line, machine)
        if not is_covered:
            raise LedgerError(
                f"the erasure ledger in {self.folder} does not know this backup: copy the ledger of the site that made "
                "it there (ADVOCACY_ERASURE_LEDGER), or whoever was erased since would be back"
            )
        return contents

    def drop_before(self, day: date) -> None:
        """Remove the files of the days before this one: no backup is left that they are needed for."""
        for file_day, _, path in self._files():
            if file_day < day:
                path.unlink(missing_ok=True)

    def _files(self) -> Sequence[tuple[date, str, Path]]:
        if not self.folder.is_dir():
            return ()
        named = ((FILE_NAME.fullmatch(path.name), path) for path in self.folder.iterdir())
        return sorted((date.fromisoformat(name[1]), name[2], path) for name, path in named if name)


@dataclass(slots=True)
class LedgerContents:
    """What happened since a backup, by what each thing is named in the ledger.

    `states` and `days` are of messages and their references: the state they came to, and on which day.
    """

    erased: set[str] = field(default_factory=set)
    suppressed: dict[tuple[str, str], date] = field(default_factory=dict)
    readmitted: set[tuple[str, str]] = field(default_factory=set)
    key_ids: set[str] = field(default_factory=set)
    days: dict[str, date] = field(default_factory=dict)
    _states: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, line: Mapping[str, Any], machine: str) -> None:
        """Add a line; the last one of a machine tells what it knows of a message."""
        day = date.fromisoformat(line["day"])
        self.key_ids.update([line["key"]])
        match line["fact"]:
            case Fact.ERASED:
                self.erased.update(line["ids"])
            case Fact.SUPPRESSED | Fact.READMITTED:
                address = line["campaign"], line["email_hash"]
                self.suppressed.pop(address, None)
                self.readmitted.discard(address)
                if line["fact"] == Fact.SUPPRESSED:
                    self.suppressed[address] = day
                else:
                    self.readmitted.add(address)
            case Fact.MOVED:
                for name in (*line["ids"], *line["refs"]):
                    self._states[machine][name] = line["state"]
                    self.days[name] = day

    def states(self, severity: Sequence[str]) -> Mapping[str, str]:
        """Return the state each message came to: where machines know different ones, the last in `severity`."""
        found: dict[str, str] = {}
        for states in self._states.values():
            for name, state in states.items():
                if name not in found or severity.index(state) > severity.index(found[name]):
                    found[name] = state
        return found


def ledger_of(session: Session) -> ErasureLedger | None:
    """Return the ledger of the site that a session belongs to; None where it has none, as in a command's preview."""
    folder: Path | None = session.info.get(LEDGER_IN_SESSION)
    return ErasureLedger(folder) if folder else None


def names(keys: "Keys", what: str) -> tuple[str, ...]:
    """Return what something is named by in the ledger: one keyed hash for each key, the newest first."""
    from advocacy.encryption import digests  # noqa: PLC0415  # most commands encrypt nothing

    return tuple(each[:NAME_LENGTH] for each in digests(keys, what, purpose=PURPOSE))


def _write(session: Session, fact: Fact, *, now: datetime, lasts: bool = True, **values: Any) -> None:
    ledger = ledger_of(session)
    if ledger is None:
        return
    from advocacy.encryption import id_of  # noqa: PLC0415

    find: Callable[[], Keys] = session.info[KEYS_IN_SESSION]
    keys = find()
    hashes = {kind: [names(keys, one)[0] for one in values.pop(kind)] for kind in ("ids", "refs") if kind in values}
    hashes = {kind: sorted(some) for kind, some in hashes.items()}
    ledger.append(fact, now=now, lasts=lasts, key=id_of(keys.newest_first[0]).hex(), **hashes, **values)


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the facts of a file; what a power cut left half written is passed over."""
    with path.open(encoding="utf-8", errors="replace") as file:
        for text in file:
            if not text.strip():
                continue
            try:
                line = json.loads(text)
            except ValueError:
                log.warning("a line of the erasure ledger %s is cut short", path.name)
                continue
            yield line


@cache
def _machine() -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", platform.node())[:60] or "machine"


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
