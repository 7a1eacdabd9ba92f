"""Long work of the staff, done in the background: a table is the truth, the task that does a job carries its id alone.

One job runs at a time on a site. A job whose worker was killed is claimed again and starts anew; what a job was given
is deleted when it is finished, the job and its result a day later.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import immediate, take_turn
from advocacy.encryption import CannotDecrypt, Keys, decrypt_bytes, encrypt_bytes, is_newest
from advocacy.staff.models import Job, JobFile, JobKind, JobState

INPUT, RESULT, REPORT = "input", "result", "report"
"""What a job was given, what it made to be downloaded, and what its page shows row by row."""
MADE = (RESULT, REPORT)
LOST_AFTER = timedelta(seconds=60)
"""A running job that was not heard of for so long has lost its worker."""
RETENTION = timedelta(days=1)
"""How long a job and its result are kept once it is finished, and how long it may wait for that."""
MAX_ATTEMPTS = 3
"""So many workers take a job up; one that ends each of them is given up."""
MAX_UNFINISHED = 10
"""How many jobs of one person may wait or run."""
UNFINISHED = (JobState.WAITING, JobState.RUNNING)


class JobLost(Exception):
    """The job is another worker's by now, or was cancelled: whoever still works on it stops."""


class TooManyJobs(Exception):
    """This person has MAX_UNFINISHED jobs already."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job as the worker has it that does it."""

    job_id: int
    kind: JobKind
    account_id: int
    arguments: Mapping[str, Any]
    attempt: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: a code, and in plain data what its sentences need."""

    code: str
    params: Mapping[str, Any]


INTERRUPTED = Outcome("interrupted", {})
UNEXPECTED = Outcome("unexpected", {})
UNREADABLE = Outcome("unreadable", {})
"""The key of a file is lost."""


def create(
    session: Session,
    kind: JobKind,
    arguments: Mapping[str, Any],
    *,
    by: int,
    now: datetime,
    keys: Keys,
    content: bytes = b"",
) -> int:
    """Create a job, with the file it works on, and return its id; it is started after the commit.

    Raises TooManyJobs.
    """
    mine = select(Job.id).where(Job.account_id == by, Job.state.in_(UNFINISHED)).limit(MAX_UNFINISHED)
    if len(session.scalars(mine).all()) == MAX_UNFINISHED:
        raise TooManyJobs
    job = Job(kind=kind, account_id=by, arguments=dict(arguments), state=JobState.WAITING, created_at=now)
    session.add(job)
    session.flush()
    store_file(session, job.id, INPUT, content=content, keys=keys)
    return job.id


def waiting_ids(session: Session, *, now: datetime) -> Sequence[int]:
    """Return the ids of the jobs that wait for a worker, or have lost theirs, the oldest first."""
    ready = or_(Job.state == JobState.WAITING, and_(Job.state == JobState.RUNNING, ~_has_worker(now)))
    return session.scalars(select(Job.id).where(ready).order_by(Job.id)).all()


def claim(session: Session, job_id: int, *, now: datetime) -> Claim | None:
    """Claim a job, in a transaction that writes; None where it is not to be done, or another job runs."""
    take_turn(session, "jobs")
    if session.scalar(select(Job.id).where(Job.state == JobState.RUNNING, _has_worker(now)).limit(1)) is not None:
        return None
    job = session.get(Job, job_id, populate_existing=True)
    if job is None or job.state not in UNFINISHED:
        return None
    if job.attempt >= MAX_ATTEMPTS:
        for name, value in _ended(JobState.FAILED, INTERRUPTED, now).items():
            setattr(job, name, value)
        delete_files(session, job_id)
        return None
    job.state, job.attempt = JobState.RUNNING, job.attempt + 1
    job.started_at = job.beat_at = now
    job.done = job.total = 0
    delete_files(session, job_id, MADE)  # what an attempt before this one left
    return Claim(job_id, job.kind, job.account_id, job.arguments, job.attempt)


def progress(session: Session, claim: Claim, *, done: int, total: int, now: datetime) -> None:
    """Record how far a job is, which also shows that its worker lives; raises JobLost."""
    _hold(session, claim, done=done, total=total, beat_at=now)


def finish(session: Session, claim: Claim, outcome: Outcome, *, now: datetime, keeps_input: bool = False) -> None:
    """Finish a job; raises JobLost. What a job was given is deleted, unless a next step begins with it."""
    _hold(session, claim, **_ended(JobState.DONE, outcome, now))
    if not keeps_input:
        delete_files(session, claim.job_id, (INPUT,))


def fail(session: Session, claim: Claim, outcome: Outcome, *, now: datetime) -> None:
    """Fail a job, with the reason; raises JobLost. Its files are deleted, but for the report."""
    _hold(session, claim, **_ended(JobState.FAILED, outcome, now))
    delete_files(session, claim.job_id, (INPUT, RESULT))


def release(session: Session, claim: Claim) -> None:
    """Release a job, as its worker is being stopped: another one begins it anew. Raises JobLost."""
    _hold(session, claim, state=JobState.WAITING, attempt=claim.attempt - 1)


def find(session: Session, job_id: int, *, by: int, now: datetime) -> Job | None:
    """Return a job of this person; None for another's, and for one past its time."""
    job = session.get(Job, job_id)
    return job if job is not None and job.account_id == by and not _is_past(job, now) else None


def recent(session: Session, *, by: int, now: datetime) -> Sequence[Job]:
    """Return this person's jobs, the newest first."""
    mine = session.scalars(select(Job).where(Job.account_id == by).order_by(Job.id.desc()))
    return [job for job in mine if not _is_past(job, now)]


def count_unfinished(session: Session, *, by: int, now: datetime) -> int:
    """Return how many jobs of this person wait or run."""
    return sum(job.state in UNFINISHED for job in recent(session, by=by, now=now))


def cancel(session: Session, job: Job) -> None:
    """Delete a job with all its files; a worker that does it stops when it next writes its progress."""
    delete_files(session, job.id)
    session.delete(job)


def forget(session: Session, *, now: datetime) -> None:
    """Delete the jobs that were finished a day ago, and those that nobody did within a day, with their files."""
    past = or_(Job.finished_at < now - RETENTION, and_(Job.finished_at.is_(None), Job.created_at < now - RETENTION))
    for job in session.scalars(select(Job).where(past)):
        cancel(session, job)


def _has_worker(now: datetime) -> ColumnElement[bool]:
    """Whether a running job was heard of lately; a time that is to come yet was told by a clock that was wrong."""
    return and_(Job.beat_at > now - LOST_AFTER, Job.beat_at < now + LOST_AFTER)


def _hold(session: Session, claim: Claim, **values: Any) -> None:
    """Change a job that is still this worker's, in one statement; raises JobLost."""
    still = (Job.id == claim.job_id, Job.state == JobState.RUNNING, Job.attempt == claim.attempt)
    done = update(Job).where(*still).values(**values).returning(Job.id)
    if session.scalar(done, execution_options={"synchronize_session": False}) is None:
        raise JobLost


def _ended(state: JobState, outcome: Outcome, now: datetime) -> Mapping[str, Any]:
    return {"state": state, "finished_at": now, "outcome": {"code": outcome.code, **outcome.params}}


def _is_past(job: Job, now: datetime) -> bool:
    return (job.finished_at or job.created_at) < now - RETENTION


def store_file(session: Session, job_id: int, role: str, *, content: bytes, keys: Keys) -> None:
    """Encrypt and store a file, unless it is empty."""
    if content:
        sealed = encrypt_bytes(keys, content, of=_file_place(job_id, role))
        session.add(JobFile(job_id=job_id, role=role, content_sealed=sealed))


def read_file(session: Session, job_id: int, role: str, *, keys: Keys) -> bytes:
    """Return a file, b"" where there is none; raises CannotDecrypt."""
    file = session.get(JobFile, (job_id, role))
    return decrypt_bytes(keys, file.content_sealed, of=_file_place(job_id, role)) if file else b""


def are_files_readable(session: Session, job_id: int, *, keys: Keys) -> bool:
    """Whether the keys of a job's files are known."""
    for file in session.scalars(select(JobFile).where(JobFile.job_id == job_id)):
        try:
            decrypt_bytes(keys, file.content_sealed, of=_file_place(job_id, file.role))
        except CannotDecrypt:
            return False
    return True


def delete_files(session: Session, job_id: int, roles: Collection[str] = (INPUT, *MADE)) -> None:
    session.execute(delete(JobFile).where(JobFile.job_id == job_id, JobFile.role.in_(roles)))


def encrypt_files_again(sessions: sessionmaker[Session], *, keys: Keys) -> int:
    """Encrypt every file with the newest key, each in a transaction of its own; return how many changed.

    A file whose key is not known stays as it is: it is deleted within a day.
    """
    with sessions() as session:
        places = session.execute(select(JobFile.job_id, JobFile.role)).all()
    changed = 0
    for job_id, role in places:
        with immediate(sessions) as session:
            file = session.get(JobFile, (job_id, role), with_for_update=True)
            if file is None or is_newest(keys, file.content_sealed):
                continue
            place = _file_place(job_id, role)
            with suppress(CannotDecrypt):
                file.content_sealed = encrypt_bytes(keys, decrypt_bytes(keys, file.content_sealed, of=place), of=place)
                changed += 1
    return changed


def _file_place(job_id: int, role: str) -> str:
    return f"jobs.content_sealed:{job_id}/{role}"
