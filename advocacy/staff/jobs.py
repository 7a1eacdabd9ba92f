"""Long work of the staff, done in the background: a table is the truth, the task that does a job carries its id alone.

One job runs at a time on a site. A job that has stalled is started anew. Its file is what it was given, until the
transaction that ends it stores what it made; a day later the job is deleted.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from advocacy.encryption import CannotDecrypt, Keys, decrypt_bytes, encrypt_bytes
from advocacy.staff.models import Job, JobFile, JobKind, JobState

Outcome: TypeAlias = Mapping[str, Any]
"""What came of a job: its "code", and in plain data what its sentences need."""

STALLED_AFTER = timedelta(minutes=2)
"""A running job without progress for so long has lost its worker."""
RETENTION = timedelta(days=1)
"""How long a job and its file are kept once it is finished, and how long it may wait for that."""
MAX_ATTEMPTS = 3
"""How often a job is started; one that ends each of its workers is given up."""
MAX_UNFINISHED = 10
"""How many jobs of one person may wait or run."""
UNFINISHED = (JobState.WAITING, JobState.RUNNING)


class JobLost(Exception):
    """The job is another worker's by now, or was cancelled: whoever still works on it stops."""


class TooManyJobs(Exception):
    """This person has MAX_UNFINISHED jobs already."""


class FileUnreadable(Exception):
    """The key of a file is lost."""


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
    """Create a job, with the file it works on, and return its id; it is started after the commit.

    Raises TooManyJobs.
    """
    if count_unfinished(session, by=by) >= MAX_UNFINISHED:
        raise TooManyJobs
    job = Job(kind=kind, account_id=by, arguments=dict(arguments), state=JobState.WAITING, created_at=now)
    session.add(job)
    session.flush()
    store_file(session, job.id, file, keys=keys)
    return job.id


def waiting_ids(session: Session, *, now: datetime) -> Sequence[int]:
    """Return the ids of the jobs that wait for a worker, or have stalled, the oldest first."""
    return session.scalars(select(Job.id).where(_is_ready(now)).order_by(Job.id)).all()


def start(session: Session, job_id: int, *, now: datetime) -> Job | None:
    """Start a job that waits or has stalled; None where it is not to be done, or another one runs."""
    if session.scalar(select(Job.id).where(Job.state == JobState.RUNNING, ~_is_stalled(now)).limit(1)) is not None:
        return None
    ready = update(Job).where(Job.id == job_id, _is_ready(now))
    started = ready.values(state=JobState.RUNNING, attempt=Job.attempt + 1, progress_at=now, done=0, total=0)
    job = session.scalar(started.returning(Job), execution_options={"populate_existing": True})
    if job is not None and job.attempt > MAX_ATTEMPTS:
        finish(session, job, {"code": "interrupted"}, now=now, has_failed=True)
        delete_file(session, job.id)
        return None
    return job


def write_progress(session: Session, job: Job, *, done: int, total: int, now: datetime) -> None:
    """Write how far a job is; raises JobLost."""
    _change(session, job, done=done, total=total, progress_at=now)


def finish(session: Session, job: Job, outcome: Outcome, *, now: datetime, has_failed: bool = False) -> None:
    """Finish a job; raises JobLost."""
    state = JobState.FAILED if has_failed else JobState.DONE
    _change(session, job, state=state, finished_at=now, outcome=dict(outcome))


def restart(job: Job, arguments: Mapping[str, Any], *, now: datetime) -> None:
    """Have a finished job done with other arguments, with the file that it kept; it is started after the commit."""
    job.arguments, job.state, job.attempt = dict(arguments), JobState.WAITING, 0
    job.created_at, job.finished_at, job.outcome = now, None, None
    job.done = job.total = 0


def find(session: Session, job_id: int, *, by: int, now: datetime) -> Job | None:
    """Return a job of this person; None for another's, and for one past its time."""
    return session.scalar(select(Job).where(Job.id == job_id, Job.account_id == by, ~_is_past(now)))


def recent(session: Session, *, by: int, now: datetime) -> Sequence[Job]:
    """Return this person's jobs, the newest first."""
    return session.scalars(select(Job).where(Job.account_id == by, ~_is_past(now)).order_by(Job.id.desc())).all()


def count_unfinished(session: Session, *, by: int) -> int:
    """Return how many jobs of this person wait or run."""
    mine = select(func.count()).select_from(Job).where(Job.account_id == by, Job.state.in_(UNFINISHED))
    return session.scalar(mine) or 0


def cancel(session: Session, job: Job) -> None:
    """Delete a job with its file; a worker that does it stops when it next writes its progress."""
    session.delete(job)


def forget(session: Session, *, now: datetime) -> None:
    """Delete the jobs that were finished a day ago, and those that nobody did within a day, with their files."""
    session.execute(delete(Job).where(_is_past(now)))


def _is_ready(now: datetime) -> ColumnElement[bool]:
    return or_(Job.state == JobState.WAITING, and_(Job.state == JobState.RUNNING, _is_stalled(now)))


def _is_stalled(now: datetime) -> ColumnElement[bool]:
    return Job.progress_at <= now - STALLED_AFTER


def _is_past(now: datetime) -> ColumnElement[bool]:
    return func.coalesce(Job.finished_at, Job.created_at) < now - RETENTION


def _change(session: Session, job: Job, **values: Any) -> None:
    """Change a job that is still this worker's, in one statement; raises JobLost."""
    still = (Job.id == job.id, Job.state == JobState.RUNNING, Job.attempt == job.attempt)
    changed = update(Job).where(*still).values(**values).returning(Job.id)
    if session.scalar(changed, execution_options={"synchronize_session": False}) is None:
        raise JobLost


def store_file(session: Session, job_id: int, content: bytes, *, keys: Keys) -> None:
    """Encrypt and store the file of a job in place of the one it had; b"" for none."""
    delete_file(session, job_id)
    if content:
        session.add(JobFile(job_id=job_id, content_sealed=encrypt_bytes(keys, content, of=_file_place(job_id))))


def read_file(session: Session, job_id: int, *, keys: Keys) -> bytes:
    """Return the file of a job, b"" where there is none; raises FileUnreadable."""
    file = session.get(JobFile, job_id)
    try:
        return decrypt_bytes(keys, file.content_sealed, of=_file_place(job_id)) if file else b""
    except CannotDecrypt:
        raise FileUnreadable from None


def delete_file(session: Session, job_id: int) -> None:
    session.execute(delete(JobFile).where(JobFile.job_id == job_id))


def _file_place(job_id: int) -> str:
    return f"job_files.content_sealed:{job_id}"
