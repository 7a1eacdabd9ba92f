"""Work in the background: its owner sees how far it is, takes its result for a day, and can stop it; nobody else can."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from advocacy.encryption import Keys
from advocacy.runtime import Runtime
from advocacy.staff import jobs
from advocacy.staff.models import Account, Job, JobFile, JobState, Role
from advocacy.web.services import NAME
from advocacy.web.staff import STAFF
from tests.jobs import run_jobs
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import Clock, NewBrowser
from tests.web.staff.test_mail_merge import GOOD, HEADER, bring

SHEET = (HEADER + GOOD).encode()


@pytest.fixture
def publisher(browser: NewBrowser) -> Browser:
    return browser(Role.PUBLISHER)


def begin(browser: Browser, content: bytes = SHEET, **form: str) -> str:
    """Begin a merge; give the address of its page."""
    answer = bring(browser, content, **form)
    assert answer.status_code == 303
    return answer.location


def start(runtime: Runtime, address: str, *, done: int, total: int) -> Job:
    """Be a worker that is so far with a job."""
    with runtime.sessions.begin() as session:
        job = jobs.start(session, int(address.rpartition("/")[2]), now=NOW)
        assert job
        jobs.write_progress(session, job, done=done, total=total, now=NOW)
    return job


def text(browser: Browser, address: str) -> str:
    main = browser.page(address).main
    assert main
    return " ".join(main.get_text(" ").split())


def test_a_job_is_started_after_it_is_committed(app: Flask, publisher: Browser, runtime: Runtime) -> None:
    started: list[int] = []

    def start(job_id: int) -> None:
        with runtime.sessions() as session:
            assert session.get_one(Job, job_id).state is JobState.WAITING
        started.append(job_id)

    staff = app.extensions[STAFF]
    services = staff.extensions[NAME]
    object.__setattr__(services, "start_job", start)
    address = begin(publisher)
    assert started == [int(address.rpartition("/")[2])]


def test_the_page_tells_how_far_it_is_and_is_asked_for_again_by_its_reader_where_no_script_does(
    publisher: Browser, runtime: Runtime
) -> None:
    address = begin(publisher)
    waiting = publisher.page(address)
    assert waiting.select_one("progress:not([value])")
    assert waiting.select_one("meta[http-equiv=refresh]") is None
    assert waiting.select_one(f'main noscript a[href="{address}"]')
    assert publisher.get(f"{address}/progress").json == {
        "finished": False,
        "running": False,
        "done": 0,
        "total": 0,
        "words": "",
    }
    start(runtime, address, done=1312, total=5000)
    page = publisher.page(address)
    assert page.select_one("progress[max='5000'][value='1312']")
    assert "1,312 of 5,000 rows" in page.get_text()
    found = publisher.get(f"{address}/progress").json
    assert found
    assert (found["running"], found["done"], found["words"]) == (True, 1312, "1,312 of 5,000 rows")


def test_a_finished_job_comes_no_more_by_itself_and_its_file_comes_down(
    publisher: Browser, runtime: Runtime, clock: Clock
) -> None:
    address = begin(publisher)
    assert publisher.get(f"{address}/file").status_code == 404
    run_jobs(runtime, lambda: clock.now)
    page = publisher.page(address)
    assert page.select("noscript a, script[src*=job]") == []
    assert "It is erased on November 26, 2026" in text(publisher, address)
    answer = publisher.get(f"{address}/file")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Disposition"] == "attachment; filename=takedown-and-standards.zip"
    assert "no-store" in answer.headers["Cache-Control"]
    found = publisher.get(f"{address}/progress").json
    assert found
    assert found["finished"]


def test_a_day_later_it_is_gone(publisher: Browser, runtime: Runtime, clock: Clock) -> None:
    address = begin(publisher)
    run_jobs(runtime, lambda: clock.now)
    with runtime.sessions.begin() as session:
        job = session.scalars(select(Job)).one()
        job.finished_at = NOW - timedelta(days=1, minutes=1)
    for path in (address, f"{address}/file", f"{address}/progress"):
        assert publisher.get(path).status_code == 404
    assert "Nothing in the last day." in text(publisher, "/staff/jobs")


def test_nobody_else_sees_it_nor_whoever_lost_the_role_for_it(
    publisher: Browser, browser: NewBrowser, runtime: Runtime, *, clock: Clock
) -> None:
    address = begin(publisher)
    run_jobs(runtime, lambda: clock.now)
    other = browser(Role.MANAGER)
    with runtime.sessions.begin() as session:
        session.get_one(Account, publisher.account_id).role = Role.WRITER
    for one in (publisher, other):
        for path in (address, f"{address}/file", f"{address}/progress"):
            assert one.get(path).status_code == 404
        assert one.post(f"{address}/cancel").status_code == 404
        assert "Letters from a sheet" not in text(one, "/staff/jobs")


def test_a_job_can_be_stopped_and_its_result_erased(publisher: Browser, runtime: Runtime, clock: Clock) -> None:
    running, finished = begin(publisher), begin(publisher)
    job = start(runtime, running, done=1, total=2)
    assert publisher.post(f"{running}/cancel").status_code == 303
    assert "Cancelled: nothing of it is kept." in text(publisher, "/staff/jobs")
    with pytest.raises(jobs.JobLost), runtime.sessions.begin() as session:
        jobs.write_progress(session, job, done=2, total=2, now=NOW)
    run_jobs(runtime, lambda: clock.now)
    assert publisher.post(f"{finished}/cancel").location == "/staff/jobs"
    with runtime.sessions() as session:
        assert list(session.scalars(select(Job))) == []
        assert list(session.scalars(select(JobFile))) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [("unexpected", "Something went wrong on our side."), ("interrupted", "The site stopped three times")],
)
def test_what_went_wrong_is_told_in_words(publisher: Browser, runtime: Runtime, *, code: str, words: str) -> None:
    address = begin(publisher)
    job = start(runtime, address, done=1, total=2)
    with runtime.sessions.begin() as session:
        jobs.finish(session, job, {"code": code}, now=NOW, has_failed=True)
    page = publisher.page(address)
    told = page.select_one("main .errors[role=alert]")
    assert told
    assert words in told.get_text()


def test_an_eleventh_job_is_refused_where_one_can_be_cancelled(publisher: Browser) -> None:
    for _ in range(10):
        begin(publisher)
    assert begin(publisher) == "/staff/jobs"
    assert "You have 10 jobs waiting." in text(publisher, "/staff/jobs")


def test_a_result_that_no_key_opens_any_more_is_told_in_words(
    publisher: Browser, runtime: Runtime, clock: Clock
) -> None:
    address = begin(publisher)
    run_jobs(runtime, lambda: clock.now)
    lose_key(runtime, address)
    answer = publisher.get(f"{address}/file")
    assert (answer.status_code, answer.location) == (303, "/staff/jobs")
    assert "encrypted with a key that this site no longer has" in text(publisher, "/staff/jobs")
    assert publisher.post(f"{address}/cancel").status_code == 303


def lose_key(runtime: Runtime, address: str) -> None:
    """Encrypt a job's file with a key that is nobody's."""
    with runtime.sessions.begin() as session:
        jobs.store_file(session, int(address.rpartition("/")[2]), b"[]", keys=Keys.make())
