"""A job is done: claimed, run by what does its kind, finished or failed; whatever goes wrong, nothing is raised."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import immediate
from advocacy.encryption import CannotDecrypt, Keys
from advocacy.settings import Settings
from advocacy.staff import archive_job, directory_job, job_files, jobs, merge_job
from advocacy.staff.job_work import CannotBeDone, Result, Work
from advocacy.staff.models import JobKind

log = logging.getLogger(__name__)

RUNNERS: Mapping[JobKind, Callable[[Work], Result]] = {
    JobKind.MERGE: merge_job.run,
    JobKind.EXPORT: archive_job.export,
    JobKind.IMPORT: archive_job.check,
    JobKind.DIRECTORY: directory_job.run,
}
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
            _end(session, work, result)
    except jobs.JobLost:
        log.info("job %d was cancelled, or is another worker's", work.claim.job_id)
    except CannotBeDone as refused:
        _fail(work, refused.outcome)
    except CannotDecrypt:
        _fail(work, jobs.UNREADABLE)
    except Exception as error:
        # Never its text: it may hold what somebody typed.
        log.error("job %d failed (%s)", work.claim.job_id, type(error).__name__)
        _fail(work, jobs.UNEXPECTED)
    except BaseException:
        with immediate(work.sessions) as session:
            jobs.release(session, work.claim)
        raise


def _end(session: Session, work: Work, result: Result) -> None:
    outcome = replace(result.outcome, params={**result.outcome.params, **result.record(session)})
    if result.has_failed:
        jobs.fail(session, work.claim, outcome, now=work.now())
    else:
        jobs.finish(session, work.claim, outcome, now=work.now(), keeps_input=result.keeps_input)
        work.store_rest(session)
    job_files.store(session, work.claim.job_id, job_files.REPORT, content=result.report, keys=work.keys)


def _fail(work: Work, outcome: jobs.Outcome) -> None:
    try:
        with immediate(work.sessions) as session:
            jobs.fail(session, work.claim, outcome, now=work.now())
    except jobs.JobLost:
        log.info("job %d was cancelled, or is another worker's", work.claim.job_id)
