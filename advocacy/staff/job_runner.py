"""A job is done: claimed, run by what does its kind, finished or failed; whatever goes wrong, nothing is raised."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import immediate
from advocacy.sealing import Keys
from advocacy.settings import Settings
from advocacy.staff import job_files, jobs
from advocacy.staff.models import JobKind

log = logging.getLogger(__name__)

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
    """What a job came to. `record` writes what goes with it, as into the audit log, in the transaction that ends it.

    `report` is what the job's page tells row by row; `keeps_input` where a next step begins with the same file.
    """

    outcome: jobs.Outcome
    record: Callable[[Session], None] = lambda _session: None
    report: bytes = b""
    keeps_input: bool = False


class CannotBeDone(Exception):
    """A job that fails for a reason which its page tells."""

    def __init__(self, code: str, **params: Any) -> None:
        self.outcome = jobs.Outcome(code, params)
        super().__init__(code)


RUNNERS: Mapping[JobKind, Callable[[Work], Result]] = {}
"""What does a job of each kind; raises CannotBeDone."""


def run_job(
    job_id: int, *, settings: Settings, sessions: sessionmaker[Session], keys: Keys, now: Callable[[], datetime]
) -> None:
    """Do a job, and then those that wait behind it; nothing happens where it is done already, or another job runs."""
    following: int | None = job_id
    try:
        while following is not None:
            with immediate(sessions) as session:
                claim = jobs.claim(session, following, now=now())
            if claim is None:
                return
            _run(Work(claim, settings, sessions, keys, now))
            with sessions() as session:
                following = next(iter(jobs.waiting(session, now=now())), None)
    except Exception as error:
        # The database is away: the job is claimed again once it is back.
        log.error("a job could not be done (%s); it is tried again", type(error).__name__)


def _run(work: Work) -> None:
    try:
        result = RUNNERS[work.claim.kind](work)
        with immediate(work.sessions) as session:
            keeps = result.keeps_input
            jobs.finish(session, work.claim, result.outcome, now=work.now(), keeps_input=keeps)
            work.store_rest(session)
            job_files.store(session, work.claim.job_id, job_files.REPORT, content=result.report, keys=work.keys)
            result.record(session)
    except jobs.JobLost:
        log.info("job %d was cancelled, or is another worker's", work.claim.job_id)
    except CannotBeDone as refused:
        _fail(work, refused.outcome)
    except Exception as error:
        # Never its text: it may hold what somebody typed.
        log.error("job %d failed (%s)", work.claim.job_id, type(error).__name__)
        _fail(work, jobs.UNEXPECTED)
    except BaseException:
        with immediate(work.sessions) as session:
            jobs.release(session, work.claim)
        raise


def _fail(work: Work, outcome: jobs.Outcome) -> None:
    try:
        with immediate(work.sessions) as session:
            jobs.fail(session, work.claim, outcome, now=work.now())
    except jobs.JobLost:
        log.info("job %d was cancelled, or is another worker's", work.claim.job_id)
