"""Long work of the staff: done once, begun anew after a kill, and gone a day later; its files cannot be read."""

import logging
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from unittest.mock import Mock
from zipfile import ZipFile

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import make_engine, make_sessions
from advocacy.encryption import Keys
from advocacy.language import Language
from advocacy.settings import Settings
from advocacy.staff import job_runner, jobs
from advocacy.staff.job_runner import CannotBeDone, Result, Work, run_job
from advocacy.staff.jobs import FileUnreadable, JobLost, Outcome, TooManyJobs
from advocacy.staff.models import Account, AuditEntry, Job, JobFile, JobKind, JobState, Role
from tests.builders import SECRET
from tests.conftest import DatabaseAt
from tests.databases import Beginning, both_databases

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
KEYS = Keys.make()
SHEET = b"name,city\nAda Roe,Ottawa\n"


@dataclass
class Clock:
    """A clock that stands still."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def account(sessions: Sessions) -> int:
    return add_account(sessions, "m@example.ca")


def add_account(sessions: Sessions, email: str) -> int:
    with sessions.begin() as session:
        made = Account(email=email, name="M", role=Role.PUBLISHER, language=Language.EN, created_at=NOW)
        session.add(made)
        session.flush()
        return made.id


def new_job(sessions: Sessions, account: int, *, content: bytes = SHEET, now: datetime = NOW) -> int:
    with sessions.begin() as session:
        arguments = {"letter": "a/b"}
        return jobs.create(session, JobKind.MERGE, arguments, by=account, now=now, keys=KEYS, file=content)


def start(sessions: Sessions, job_id: int, now: datetime = NOW) -> Job | None:
    with sessions.begin() as session:
        return jobs.start(session, job_id, now=now)


def started(sessions: Sessions, job_id: int, now: datetime = NOW) -> Job:
    job = start(sessions, job_id, now)
    assert job
    return job


def finish(sessions: Sessions, job: Job, now: datetime = NOW) -> None:
    with sessions.begin() as session:
        jobs.finish(session, job, {"code": "made", "letters": 1}, now=now)


def job(sessions: Sessions, job_id: int) -> Job:
    with sessions() as session:
        return session.get_one(Job, job_id)


def files(sessions: Sessions) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(JobFile)) or 0


def waiting(sessions: Sessions, now: datetime = NOW) -> list[int]:
    with sessions() as session:
        return list(jobs.waiting_ids(session, now=now))


def run(sessions: Sessions, job_id: int, clock: Clock) -> None:
    settings = Settings(secret_key=SecretStr(SECRET))
    run_job(job_id, settings=settings, sessions=sessions, keys=KEYS, now=clock)


@pytest.fixture
def runners(monkeypatch: pytest.MonkeyPatch) -> dict[JobKind, Any]:
    """What does the jobs, to be filled by a test."""
    made: dict[JobKind, Any] = {}
    monkeypatch.setattr(job_runner, "RUNNERS", made)
    return made


@both_databases
def test_of_workers_that_come_at_once_one_does_the_job(store_url: str, sessions: Sessions, account: int) -> None:
    job_id = new_job(sessions, account)
    engines = [make_engine(store_url) for _ in range(4)]
    together = threading.Barrier(len(engines))

    def start_together(engine: Engine) -> Job | None:
        together.wait()
        return start(make_sessions(engine), job_id)

    with ThreadPoolExecutor(len(engines)) as threads:
        found = [*threads.map(start_together, engines)]
    for engine in engines:
        engine.dispose()
    assert len([*filter(None, found)]) == 1


def test_a_job_that_stalled_is_started_anew_and_its_first_worker_writes_nothing_more(
    sessions: Sessions, account: int
) -> None:
    job_id = new_job(sessions, account)
    killed = started(sessions, job_id)
    written_at = NOW + timedelta(minutes=1)
    with sessions.begin() as session:
        jobs.write_progress(session, killed, done=3, total=10, now=written_at)
    stalled_at = written_at + jobs.STALLED_AFTER
    assert waiting(sessions, stalled_at - timedelta(seconds=1)) == []
    assert start(sessions, job_id, stalled_at - timedelta(seconds=1)) is None
    assert waiting(sessions, stalled_at) == [job_id]
    again = started(sessions, job_id, stalled_at)
    assert (again.arguments, again.attempt, again.done) == ({"letter": "a/b"}, 2, 0)
    with pytest.raises(JobLost), sessions.begin() as session:
        jobs.write_progress(session, killed, done=4, total=10, now=stalled_at)
    with pytest.raises(JobLost):
        finish(sessions, killed, stalled_at)
    finish(sessions, again, stalled_at)
    assert job(sessions, job_id).state is JobState.DONE
    assert start(sessions, job_id, stalled_at) is None


def test_one_job_runs_at_a_time(sessions: Sessions, account: int) -> None:
    first, second = new_job(sessions, account), new_job(sessions, add_account(sessions, "n@example.ca"))
    running = started(sessions, first)
    assert start(sessions, second) is None
    assert waiting(sessions) == [second]
    finish(sessions, running)
    assert started(sessions, second).id == second


def test_a_job_that_ends_three_workers_is_given_up(sessions: Sessions, account: int) -> None:
    job_id, now = new_job(sessions, account), NOW
    for _ in range(3):
        started(sessions, job_id, now)
        now += jobs.STALLED_AFTER
    assert start(sessions, job_id, now) is None
    failed = job(sessions, job_id)
    assert (failed.state, failed.outcome, files(sessions)) == (JobState.FAILED, {"code": "interrupted"}, 0)
    assert waiting(sessions, now) == []


def test_no_name_can_be_read_in_the_raw_row_nor_as_another_job_s(sessions: Sessions, account: int) -> None:
    job_id, other = new_job(sessions, account), new_job(sessions, account, content=b"")
    with sessions.begin() as session:
        sealed = session.get_one(JobFile, job_id).content_sealed
        assert b"Ottawa" not in sealed
        assert jobs.read_file(session, job_id, keys=KEYS) == SHEET
        session.add(JobFile(job_id=other, content_sealed=sealed))
    with sessions() as session, pytest.raises(FileUnreadable):
        jobs.read_file(session, other, keys=KEYS)


def test_a_job_is_kept_for_a_day_after_it_was_finished_or_put_down(sessions: Sessions, account: int) -> None:
    made, never = new_job(sessions, account), new_job(sessions, account, now=NOW + timedelta(hours=1))
    finish(sessions, started(sessions, made))
    for after, left in ((24, [made, never]), (24.5, [never]), (25.5, [])):
        now = NOW + timedelta(hours=after)
        with sessions() as session:
            assert [job.id for job in jobs.recent(session, by=account, now=now)] == left[::-1]
            assert [job_id for job_id in (made, never) if jobs.find(session, job_id, by=account, now=now)] == left
        with sessions.begin() as session:
            jobs.forget(session, now=now)
        with sessions() as session:
            assert list(session.scalars(select(Job.id).order_by(Job.id))) == left
    assert files(sessions) == 0


def test_a_finished_job_is_done_again_with_other_arguments_and_the_file_it_kept(
    sessions: Sessions, account: int
) -> None:
    job_id = new_job(sessions, account)
    finish(sessions, started(sessions, job_id))
    with sessions.begin() as session:
        jobs.restart(session.get_one(Job, job_id), {"act": "make"}, now=NOW)
    again = started(sessions, job_id)
    assert (again.arguments, again.outcome, again.finished_at) == ({"act": "make"}, None, None)
    with sessions() as session:
        assert jobs.read_file(session, job_id, keys=KEYS) == SHEET


def test_a_job_is_its_owner_s(sessions: Sessions, account: int) -> None:
    job_id, other = new_job(sessions, account), add_account(sessions, "n@example.ca")
    with sessions() as session:
        assert jobs.find(session, job_id, by=other, now=NOW) is None
        assert jobs.recent(session, by=other, now=NOW) == []
        assert jobs.count_unfinished(session, by=account) == 1


def test_an_account_s_jobs_go_with_it(sessions: Sessions, account: int) -> None:
    new_job(sessions, account)
    with sessions.begin() as session:
        session.delete(session.get_one(Account, account))
    with sessions() as session:
        assert list(session.scalars(select(Job))) == []
    assert files(sessions) == 0


def test_nobody_puts_down_more_than_ten(sessions: Sessions, account: int) -> None:
    ids = [new_job(sessions, account) for _ in range(10)]
    with pytest.raises(TooManyJobs):
        new_job(sessions, account)
    finish(sessions, started(sessions, ids[0]))
    new_job(sessions, account)


def test_a_job_is_done_and_what_goes_with_it_is_written_once(
    sessions: Sessions, account: int, *, clock: Clock, runners: dict[JobKind, Any]
) -> None:
    recorded: list[str] = []

    def record(_session: Session) -> Outcome:
        recorded.append("once")
        return {"list": 7}

    def merge(work: Work) -> Result:
        assert work.read_file() == SHEET
        work.progress(1, 2)
        return Result({"code": "made", "letters": 2}, b"letters", record)

    runners[JobKind.MERGE] = merge
    job_id = new_job(sessions, account)
    for _ in range(2):
        run(sessions, job_id, clock)
    done = job(sessions, job_id)
    assert (done.state, done.done, recorded) == (JobState.DONE, 1, ["once"])
    assert done.outcome == {"code": "made", "letters": 2, "list": 7}
    with sessions() as session:
        assert jobs.read_file(session, job_id, keys=KEYS) == b"letters"


def test_progress_is_written_once_a_second(
    sessions: Sessions, account: int, *, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = new_job(sessions, account)
    monkeypatch.setattr(job_runner, "time", Mock(monotonic=Mock(side_effect=[5.0, 5.9, 6.0, 6.5, 7.1])))
    work = Work(started(sessions, job_id), Settings(secret_key=SecretStr(SECRET)), sessions, KEYS, clock)
    seen = []
    for done in range(1, 6):
        work.progress(done, 5)
        seen.append(job(sessions, job_id).done)
    assert seen == [1, 1, 3, 3, 5]


def test_whatever_goes_wrong_fails_the_job_and_its_text_is_not_logged(
    sessions: Sessions,
    account: int,
    *,
    clock: Clock,
    runners: dict[JobKind, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def merge(_work: Work) -> Result:
        raise ValueError("Ada Roe")

    runners[JobKind.MERGE] = merge
    job_id = new_job(sessions, account)
    with caplog.at_level(logging.DEBUG):
        run(sessions, job_id, clock)
    failed = job(sessions, job_id)
    assert (failed.state, failed.outcome, files(sessions)) == (JobState.FAILED, {"code": "unexpected"}, 0)
    assert "ValueError" in caplog.text
    assert "Ada" not in caplog.text


def test_a_job_that_cannot_be_done_says_why(
    sessions: Sessions, account: int, *, clock: Clock, runners: dict[JobKind, Any]
) -> None:
    def merge(_work: Work) -> Result:
        raise CannotBeDone("source", host="example.ca")

    runners[JobKind.MERGE] = merge
    job_id = new_job(sessions, account)
    run(sessions, job_id, clock)
    assert job(sessions, job_id).outcome == {"code": "source", "host": "example.ca"}


def test_what_waits_behind_a_job_is_done_after_it(
    sessions: Sessions, account: int, *, clock: Clock, runners: dict[JobKind, Any]
) -> None:
    first, second = new_job(sessions, account), new_job(sessions, account)
    done: list[int] = []

    def merge(work: Work) -> Result:
        if work.job.id == first:
            run(sessions, second, clock)  # another worker's task meanwhile
        done.append(work.job.id)
        return Result({"code": "made"})

    runners[JobKind.MERGE] = merge
    run(sessions, first, clock)
    assert done == [first, second]


def test_a_cancelled_job_stops_and_leaves_nothing(
    sessions: Sessions, account: int, *, clock: Clock, runners: dict[JobKind, Any]
) -> None:
    job_id = new_job(sessions, account)

    def merge(work: Work) -> Result:
        with sessions.begin() as session:
            jobs.cancel(session, session.get_one(Job, job_id))
        work.progress(1, 2)
        raise AssertionError("it went on")

    runners[JobKind.MERGE] = merge
    run(sessions, job_id, clock)
    with sessions() as session:
        assert (session.get(Job, job_id), files(sessions)) == (None, 0)


KILLED = """
import os
import sys
from advocacy.letters.encrypted_columns import load_keys
from advocacy.runtime import open_runtime, utc_now
from advocacy.letters.encrypted_columns import load_keys
from advocacy.settings import Settings
from advocacy.staff.job_runner import run_job

settings = Settings.from_mapping(os.environ)
with open_runtime(settings, now=utc_now()) as runtime:
    keys = load_keys(settings, runtime.sessions)
    run_job(int(sys.argv[1]), settings=settings, sessions=runtime.sessions, keys=keys, now=utc_now)
"""


@pytest.mark.loopback
def test_a_merge_whose_worker_is_killed_is_made_anew_and_written_down_once(database_at: DatabaseAt) -> None:
    url = database_at(Beginning.SITE)
    engine = make_engine(url)
    sessions = make_sessions(engine)
    owner, now = add_account(sessions, "m@example.ca"), datetime.now(UTC)
    arguments = {
        "act": "make",
        "letter": "child-protection/takedown-and-standards",
        "language": "en",
        "format": "docx",
        "post": "none",
        "spoken": "en",
    }
    sheet = b"name,riding,city,province\n" + b"Ada Roe,35079,Ottawa,ON\n" * 100
    with sessions.begin() as session:
        job_id = jobs.create(session, JobKind.MERGE, arguments, by=owner, now=now, keys=KEYS, file=sheet)
    environment = {
        **os.environ,
        "ADVOCACY_DATABASE_URL": url,
        "ADVOCACY_DATA_KEYS": KEYS.text,
        "ADVOCACY_SECRET_KEY": SECRET,
    }
    with subprocess.Popen([sys.executable, "-c", KILLED, str(job_id)], env=environment) as worker:
        while job(sessions, job_id).done == 0:
            assert worker.poll() is None
            time.sleep(0.05)
        worker.kill()
    assert job(sessions, job_id).state is JobState.RUNNING
    later = Clock(datetime.now(UTC) + jobs.STALLED_AFTER)
    run(sessions, job_id, later)
    done = job(sessions, job_id)
    assert (done.state, done.attempt, done.outcome["letters"]) == (JobState.DONE, 2, 100)
    with sessions() as session:
        with ZipFile(BytesIO(jobs.read_file(session, job_id, keys=KEYS))) as archive:
            assert len(archive.namelist()) == 100
        assert [entry.act for entry in session.scalars(select(AuditEntry))] == ["letters-merged"]
    engine.dispose()
