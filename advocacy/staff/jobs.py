"""Long work of the staff, done in the background: a row says what is to be done, how far it is and what came of it.

One job runs at a time on a site; one without progress for STALLED_AFTER is started again. Its file is what it was
given, until the transaction that ends it stores what it made; a day later the job is deleted.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from advocacy.database import take_turn
from advocacy.encryption import Keys, decrypt_bytes, encrypt_bytes
from advocacy.staff.models import Job, JobFile, JobKind, JobState

Outcome: TypeAlias = Mapping[str, Any]
"""What came of a job: its "code", and in plain data what its sentences need."""

STALLED_AFTER = timedelta(minutes=2)
"""A running job without progress for so long has lost its worker."""
RETENTION = timedelta(days=1)
"""How long a job and its file are kept once it is finished, and how long it may wait for that."""
MAX_ATTEMPTS = 3
"""How often a job is started; one that ends each of its workers is given up."""
UNFINISHED = (JobState.WAITING, JobState.RUNNING)


class JobLost(Exception):
    """The job was started again meanwhile, or cancelled: whoever still works on it stops."""


def create(
    session: Session,
    kind: JobKind,
    arguments: Mapping[str, Any],
    *,
    by: int,
    now: datetime,
    keys: Keys,
    file: bytes = b"",
) -> int:
    """Create a job, with the file it works on, and return its id."""
    job = Job(kind=kind, account_id=by, arguments=dict(arguments), state=JobState.WAITING, created_at=now)
    session.add(job)
    session.flush()
    store_file(session, job.id, file, keys=keys)
    return job.id


def restart(job: Job, arguments: Mapping[str, Any], *, now: datetime) -> None:
    """Have a finished job done with other arguments, with the file that it kept."""
    job.arguments, job.state, job.attempt = dict(arguments), JobState.WAITING, 0
    job.created_at, job.finished_at, job.outcome = now, None, None
    job.done = job.total = 0


def is_any_waiting(session: Session) -> bool:
    return session.scalar(select(Job.id).where(Job.state.in_(UNFINISHED)).limit(1)) is not None


def start_next(session: Session, *, now: datetime) -> Job | None:
    """Start the oldest job that waits or has stalled; None where there is none, or another one runs."""
    take_turn(session, "jobs")
    is_alive = Job.progress_at > now - STALLED_AFTER
    if session.scalar(select(Job.id).where(Job.state == JobState.RUNNING, is_alive).limit(1)) is not None:
        return None
    job = session.scalar(select(Job).where(Job.state.in_(UNFINISHED)).order_by(Job.id).limit(1))
    if job is not None and job.attempt == MAX_ATTEMPTS:
        finish(session, job, {"code": "interrupted"}, now=now, has_failed=True)
        delete_file(session, job.id)
        return start_next(session, now=now)
    if job is not None:
        job.state, job.attempt, job.progress_at = JobState.RUNNING, job.attempt + 1, now
        job.done = job.total = 0
    return job


def write_progress(session: Session, job: Job, *, done: int, total: int, now: datetime) -> None:
    """Write how far a job is; raises JobLost."""
    _change(session, job, done=done, total=total, progress_at=now)


def finish(session: Session, job: Job, outcome: Outcome, *, now: datetime, has_failed: bool = False) -> None:
    """Finish a job; raises JobLost."""
    state = JobState.FAILED if has_failed else JobState.DONE
    _change(session, job, state=state, finished_at=now, outcome=dict(outcome))


def _change(session: Session, job: Job, **values: Any) -> None:
    """Change a running job that nobody started again meanwhile; raises JobLost."""
    still = (Job.id == job.id, Job.state == JobState.RUNNING, Job.attempt == job.attempt)
    if session.scalar(update(Job).where(*still).values(**values).returning(Job.id)) is None:
        raise JobLost


def find(session: Session, job_id: int, *, by: int, now: datetime) -> Job | None:
    """Return a job of this person; None for another's, and for one past its time."""
    return session.scalar(select(Job).where(Job.id == job_id, Job.account_id == by, ~_is_past(now)))


def recent(session: Session, kind: JobKind, *, by: int, now: datetime) -> Sequence[Job]:
    """Return this person's jobs of one kind, the newest first."""
    mine = select(Job).where(Job.kind == kind, Job.account_id == by, ~_is_past(now))
    return session.scalars(mine.order_by(Job.id.desc())).all()


def forget(session: Session, *, now: datetime) -> None:
    """Delete the jobs that were finished a day ago, and those that nobody did within a day, with their files."""
    session.execute(delete(Job).where(_is_past(now)))


def _is_past(now: datetime) -> ColumnElement[bool]:
    return func.coalesce(Job.finished_at, Job.created_at) < now - RETENTION


def store_file(session: Session, job_id: int, content: bytes, *, keys: Keys) -> None:
    """Encrypt and store the file of a job in place of the one it had; b"" for none."""
    delete_file(session, job_id)
    if content:
        session.add(JobFile(job_id=job_id, content_sealed=encrypt_bytes(keys, content, of=_file_place(job_id))))


def read_file(session: Session, job_id: int, *, keys: Keys) -> bytes:
    """Return the file of a job, b"" where there is none; raises CannotDecrypt."""
    file = session.get(JobFile, job_id)
    return decrypt_bytes(keys, file.content_sealed, of=_file_place(job_id)) if file else b""


def delete_file(session: Session, job_id: int) -> None:
    session.execute(delete(JobFile).where(JobFile.job_id == job_id))


def _file_place(job_id: int) -> str:
    return f"job_files.content_sealed:{job_id}"
