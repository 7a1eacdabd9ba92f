"""What whoever does a job works with, and what they say came of it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import immediate
from advocacy.encryption import Keys
from advocacy.language import Language
from advocacy.messages import Words
from advocacy.settings import Settings
from advocacy.staff import job_files, jobs

PROGRESS_EVERY_S = 1.0


@dataclass(slots=True)
class Work:
    """A job under way, as whoever does it sees it. `clock` gives seconds that only grow."""

    claim: jobs.Claim
    settings: Settings
    sessions: sessionmaker[Session]
    keys: Keys
    now: Callable[[], datetime]
    clock: Callable[[], float] = time.monotonic
    _pieces: int = 0
    _left: bytearray = field(default_factory=bytearray)
    _written_at: float | None = None

    @property
    def arguments(self) -> Mapping[str, Any]:
        """What is to be done: ids, names and choices."""
        return self.claim.arguments

    def progress(self, done: int, total: int) -> None:
        """Tell how far it is; it is written once a second at most. Raises JobLost when the work is to stop."""
        at = self.clock()
        if self._written_at is not None and at - self._written_at < PROGRESS_EVERY_S:
            return
        self._written_at = at
        with immediate(self.sessions) as session:
            jobs.progress(session, self.claim, done=done, total=total, now=self.now())

    def read_input(self) -> bytes:
        """Return the file that the job was given."""
        with self.sessions() as session:
            return job_files.read(session, self.claim.job_id, job_files.INPUT, keys=self.keys)

    def write(self, content: bytes) -> int:
        """Add to the result, as to a file that is opened for writing; raises JobLost."""
        self._left += content
        whole = len(self._left) - len(self._left) % job_files.PIECE_BYTES
        if whole:
            self._store(bytes(self._left[:whole]))
            del self._left[:whole]
        return len(content)

    def flush(self) -> None:
        """Write nothing yet: a piece is stored when it is full."""

    def store_rest(self, session: Session) -> None:
        """Store the last piece of the result, in the transaction that finishes the job."""
        self._add(session, bytes(self._left))

    def _store(self, content: bytes) -> None:
        with immediate(self.sessions) as session:
            jobs.beat(session, self.claim, now=self.now())
            self._add(session, content)

    def _add(self, session: Session, content: bytes) -> None:
        job_id, role, first = self.claim.job_id, job_files.RESULT, self._pieces
        self._pieces = job_files.store(session, job_id, role, content=content, keys=self.keys, first=first)


@dataclass(frozen=True, slots=True)
class Result:
    """What a job came to.

    `record` writes what goes with it, as into the audit log, in the transaction that ends it, and returns what the
    outcome should say besides.

    `report` is what the job's page tells row by row; `keeps_input` where a next step begins with the same file;
    `has_failed` where there is nothing but the report.
    """

    outcome: jobs.Outcome
    record: Callable[[Session], Mapping[str, Any]] = lambda _session: {}
    report: bytes = b""
    keeps_input: bool = False
    has_failed: bool = False


class CannotBeDone(Exception):
    """A job that fails for a reason which its page tells."""

    def __init__(self, code: str, **params: Any) -> None:
        self.outcome = jobs.Outcome(code, params)
        super().__init__(code)


def in_every_language(words: Words) -> Mapping[str, str]:
    """Return a sentence by language, as plain data: who reads it may choose another language than whoever began it."""
    return {language.value: words.in_language(language) for language in Language}
