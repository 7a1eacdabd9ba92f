"""Long work of the staff: done once, begun anew after a kill, and gone a day later; its files cannot be read."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import immediate, make_engine, make_sessions
from advocacy.encryption import CannotDecrypt, Keys
from advocacy.language import Language
from advocacy.settings import Settings
from advocacy.staff import job_runner, jobs
from advocacy.staff.job_runner import CannotBeDone, Result, Work, run_job
from advocacy.staff.jobs import JobLost, Outcome, TooManyJobs
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
    with immediate(sessions) as session:
        arguments = {"letter": "a/b"}
        return jobs.create(session, JobKind.MERGE, arguments, by=account, now=now, keys=KEYS, content=content)


def claim(sessions: Sessions, job_id: int, now: datetime = NOW) -> jobs.Claim | None:
    with immediate(sessions) as session:
        return jobs.claim(session, job_id, now=now)


def claimed(sessions: Sessions, job_id: int, now: datetime = NOW) -> jobs.Claim:
    found = claim(sessions, job_id, now)
    assert found
    return found


def finish(sessions: Sessions, held: jobs.Claim, now: datetime = NOW, **more: Any) -> None:
    with immediate(sessions) as session:
        jobs.finish(session, held, Outcome("made", {"letters": 1}), now=now, **more)


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
    ids = [new_job(sessions, account) for _ in range(5)]
    engines = [make_engine(store_url) for _ in range(4)]
    held: list[jobs.Claim] = []
    failed: list[BaseException] = []
    together = threading.Barrier(len(engines))

    def take(own: Sessions) -> None:
        try:
            for job_id in ids:
                together.wait()
                if found := claim(own, job_id):
                    held.append(found)
                together.wait()
                if found:
                    finish(own, found)
        except BaseException as error:
            failed.append(error)
            together.abort()

    threads = [threading.Thread(target=take, args=(make_sessions(engine),)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for engine in engines:
        engine.dispose()
    assert failed == []
    assert [one.job_id for one in held] == ids


@both_databases
def test_a_job_whose_worker_was_killed_is_taken_up_after_60_seconds(sessions: Sessions, account: int) -> None:
    job_id = new_job(sessions, account)
    killed = claimed(sessions, job_id)
    later = NOW + timedelta(seconds=40)
    with immediate(sessions) as session:
        jobs.progress(session, killed, done=3, total=10, now=later)
        jobs.store_file(session, job_id, jobs.RESULT, content=b"half", keys=KEYS)
    assert waiting(sessions, later + timedelta(seconds=59)) == []
    assert claim(sessions, job_id, later + timedelta(seconds=59)) is None
    assert waiting(sessions, later + timedelta(seconds=60)) == [job_id]
    again = claimed(sessions, job_id, later + timedelta(seconds=60))
    assert (again.arguments, again.attempt) == ({"letter": "a/b"}, 2)
    with sessions() as session:
        assert jobs.read_file(session, job_id, jobs.RESULT, keys=KEYS) == b""
        assert jobs.read_file(session, job_id, jobs.INPUT, keys=KEYS) == SHEET
    assert job(sessions, job_id).done == 0
    late: list[Callable[[Session], None]] = [
        lambda session: jobs.progress(session, killed, done=4, total=10, now=later),
        lambda session: jobs.finish(session, killed, Outcome("made", {}), now=later),
        lambda session: jobs.fail(session, killed, Outcome("source", {}), now=later),
        lambda session: jobs.release(session, killed),
    ]
    for act in late:
        with pytest.raises(JobLost), immediate(sessions) as session:
            act(session)
    finish(sessions, again, later)
    assert job(sessions, job_id).state is JobState.DONE


def test_a_job_heard_of_at_a_time_to_come_has_lost_its_worker(sessions: Sessions, account: int) -> None:
    job_id = new_job(sessions, account)
    claimed(sessions, job_id, NOW + timedelta(days=8))
    assert waiting(sessions) == [job_id]
    assert claimed(sessions, job_id).attempt == 2


def test_one_job_runs_at_a_time(sessions: Sessions, account: int) -> None:
    first, second = new_job(sessions, account), new_job(sessions, add_account(sessions, "n@example.ca"))
    held = claimed(sessions, first)
    assert claim(sessions, second) is None
    assert waiting(sessions) == [second]
    finish(sessions, held)
    assert claimed(sessions, second).job_id == second


def test_a_job_that_ends_three_workers_is_given_up(sessions: Sessions, account: int) -> None:
    job_id, now = new_job(sessions, account), NOW
    for _ in range(3):
        claimed(sessions, job_id, now)
        now += timedelta(minutes=2)
    assert claim(sessions, job_id, now) is None
    failed = job(sessions, job_id)
    assert (failed.state, failed.outcome, files(sessions)) == (JobState.FAILED, {"code": "interrupted"}, 0)
    assert waiting(sessions, now) == []


@both_databases
def test_no_name_can_be_read_in_the_raw_rows(sessions: Sessions, account: int) -> None:
    job_id = new_job(sessions, account, content=SHEET * 60_000)
    with sessions() as session:
        sealed = session.get_one(JobFile, (job_id, jobs.INPUT)).content_sealed
        for word in (b"Ottawa", SHEET[:12], SHEET[-12:]):  # three letters stand in 2 MB of chance by chance
            assert word not in sealed
        assert jobs.read_file(session, job_id, jobs.INPUT, keys=KEYS) == SHEET * 60_000
    with immediate(sessions) as session:
        session.get_one(JobFile, (job_id, jobs.INPUT)).role = jobs.RESULT
    with sessions() as session, pytest.raises(CannotDecrypt):
        jobs.read_file(session, job_id, jobs.RESULT, keys=KEYS)


def test_what_a_job_was_given_goes_when_it_is_finished_and_all_of_it_a_day_later(
    sessions: Sessions, account: int
) -> None:
    made, kept = new_job(sessions, account), new_job(sessions, account)
    never = new_job(sessions, account, now=NOW + timedelta(hours=1))
    finish(sessions, claimed(sessions, made))
    assert files(sessions) == 2
    finish(sessions, claimed(sessions, kept), NOW + timedelta(hours=1), keeps_input=True)
    assert files(sessions) == 2
    for after, left in ((24, [made, kept, never]), (24.5, [kept, never]), (25.5, [])):
        now = NOW + timedelta(hours=after)
        with sessions() as session:
            assert [one.id for one in jobs.recent(session, by=account, now=now)] == left[::-1]
            assert [one for one in (made, kept, never) if jobs.find(session, one, by=account, now=now)] == left
        with immediate(sessions) as session:
            jobs.forget(session, now=now)
        with sessions() as session:
            assert list(session.scalars(select(Job.id).order_by(Job.id))) == left
    assert files(sessions) == 0


def test_a_job_is_its_owner_s(sessions: Sessions, account: int) -> None:
    job_id, other = new_job(sessions, account), add_account(sessions, "n@example.ca")
    with sessions() as session:
        assert jobs.find(session, job_id, by=other, now=NOW) is None
        assert jobs.recent(session, by=other, now=NOW) == []
        assert jobs.count_unfinished(session, by=account, now=NOW) == 1


@both_databases
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
    finish(sessions, claimed(sessions, ids[0]))
    new_job(sessions, account)


def test_a_job_is_done_and_what_goes_with_it_is_written_once(
    sessions: Sessions, account: int, *, clock: Clock, runners: dict[JobKind, Any]
) -> None:
    recorded: list[str] = []

    def record(_session: Session) -> Mapping[str, Any]:
        recorded.append("once")
        return {"list": 7}

    def merge(work: Work) -> Result:
        assert work.read_input() == SHEET
        work.progress(1, 2)
        work.result.write(b"x" * 1_500_000)
        return Result(Outcome("made", {"letters": 2}), record, b"[]")

    runners[JobKind.MERGE] = merge
    job_id = new_job(sessions, account)
    for _ in range(2):
        run(sessions, job_id, clock)
    done = job(sessions, job_id)
    assert (done.state, done.outcome, recorded) == (
        JobState.DONE,
        {"code": "made", "letters": 2, "list": 7},
        ["once"],
    )
    with sessions() as session:
        assert jobs.read_file(session, job_id, jobs.RESULT, keys=KEYS) == b"x" * 1_500_000
        assert jobs.read_file(session, job_id, jobs.REPORT, keys=KEYS) == b"[]"


def test_progress_is_written_once_a_second(sessions: Sessions, account: int, clock: Clock) -> None:
    job_id, at = new_job(sessions, account), iter([5.0, 5.9, 6.0, 6.5, 7.1])
    work = Work(
        claimed(sessions, job_id), Settings(secret_key=SecretStr(SECRET)), sessions, KEYS, clock, lambda: next(at)
    )
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
    met: list[tuple[int, Mapping[str, Any]]] = []

    def merge(work: Work) -> Result:
        if work.claim.job_id == first:
            run(sessions, second, clock)  # another worker's task meanwhile
        met.append((work.claim.job_id, work.arguments))
        return Result(Outcome("made", {}))

    runners[JobKind.MERGE] = merge
    run(sessions, first, clock)
    assert [job_id for job_id, _arguments in met] == [first, second]


def test_a_cancelled_job_stops_and_leaves_nothing(
    sessions: Sessions, account: int, *, clock: Clock, runners: dict[JobKind, Any]
) -> None:
    job_id, recorded = new_job(sessions, account), list[str]()

    def merge(work: Work) -> Result:
        work.result.write(b"x" * 1_000_000)
        with immediate(sessions) as session:
            jobs.cancel(session, session.get_one(Job, job_id))
        work.progress(1, 2)
        raise AssertionError("it went on")

    runners[JobKind.MERGE] = merge
    run(sessions, job_id, clock)
    with sessions() as session:
        assert (session.get(Job, job_id), files(sessions), recorded) == (None, 0, [])


def test_a_job_whose_worker_is_stopped_is_given_back_at_once(
    sessions: Sessions, account: int, *, clock: Clock, runners: dict[JobKind, Any]
) -> None:
    def merge(_work: Work) -> Result:
        raise KeyboardInterrupt

    runners[JobKind.MERGE] = merge
    job_id = new_job(sessions, account)
    with pytest.raises(KeyboardInterrupt):
        run(sessions, job_id, clock)
    assert waiting(sessions) == [job_id]
    assert claimed(sessions, job_id).attempt == 1


def test_files_are_encrypted_again_with_a_new_key(sessions: Sessions, account: int) -> None:
    job_id, new = new_job(sessions, account), Keys.make()
    both = Keys((*new.newest_first, *KEYS.newest_first))
    assert jobs.encrypt_files_again(sessions, keys=both) == 1
    assert jobs.encrypt_files_again(sessions, keys=both) == 0
    with sessions() as session:
        assert jobs.read_file(session, job_id, jobs.INPUT, keys=new) == SHEET
    assert jobs.encrypt_files_again(sessions, keys=Keys.make()) == 0


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


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.thorough)], indirect=True)
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
    with immediate(sessions) as session:
        job_id = jobs.create(session, JobKind.MERGE, arguments, by=owner, now=now, keys=KEYS, content=sheet)
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
    later = Clock(datetime.now(UTC) + timedelta(minutes=2))
    run(sessions, job_id, later)
    done = job(sessions, job_id)
    assert (done.state, done.attempt, done.outcome["letters"]) == (JobState.DONE, 2, 100)
    with sessions() as session:
        with ZipFile(BytesIO(jobs.read_file(session, job_id, jobs.RESULT, keys=KEYS))) as archive:
            assert len(archive.namelist()) == 100
        assert [entry.act for entry in session.scalars(select(AuditEntry))] == ["letters-merged"]
    engine.dispose()
