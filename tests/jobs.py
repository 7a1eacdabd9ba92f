"""The staff's work in the background, done at once where a test wants it."""

from collections.abc import Callable
from datetime import datetime

from advocacy.letters.encrypted_columns import load_keys
from advocacy.runtime import Runtime
from advocacy.staff import job_runner


def run_jobs(runtime: Runtime, now: Callable[[], datetime]) -> None:
    """Do what waits, as a worker does."""
    keys = load_keys(runtime.settings, runtime.sessions)
    job_runner.run_jobs(settings=runtime.settings, sessions=runtime.sessions, keys=keys, now=now)
