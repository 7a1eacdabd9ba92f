"""The staff's work in the background, done at once where a test wants it."""

from collections.abc import Callable
from datetime import datetime

from advocacy.letters.encrypted_columns import load_keys
from advocacy.runtime import Runtime
from advocacy.staff import jobs
from advocacy.staff.job_runner import run_job


def run_jobs(runtime: Runtime, now: Callable[[], datetime]) -> None:
    """Do what waits, as a worker does."""
    with runtime.sessions() as session:
        waiting = jobs.waiting_ids(session, now=now())
    keys = load_keys(runtime.settings, runtime.sessions)
    for job_id in waiting:
        run_job(job_id, settings=runtime.settings, sessions=runtime.sessions, keys=keys, now=now)
