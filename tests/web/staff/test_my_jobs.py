"""Work in the background: its owner sees how far it is, takes its result for a day, and can stop it; nobody else can."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from advocacy.runtime import Runtime
from advocacy.staff import jobs
from advocacy.staff.models import Account, Job, JobFile, JobState, Role
from advocacy.web.services import NAME
from advocacy.web.staff import STAFF
from tests.jobs import run_jobs
from tests.web.shared_site import NOW
from tests.web.staff.browser import Browser
from tests.web.staff.conftest import NewBrowser
from tests.web.staff.test_sheet import GOOD, HEADER, bring, job_of

SHEET = (HEADER + GOOD).encode()


@pytest.fixture
def publisher(browser: NewBrowser) -> Browser:
    return browser(Role.PUBLISHER)


def begin(browser: Browser) -> tuple[str, str]:
    """Begin the check of a sheet; return the page that shows it, and the address of the job."""
    answer = bring(browser, SHEET)
    assert answer.status_code == 303
    return answer.location, f"/staff/jobs/{job_of(answer)}"


def finish(browser: Browser, runtime: Runtime) -> tuple[str, str]:
    """Have letters made; return the page that shows them, and the address of the job."""
    page, address = begin(browser)
    run_jobs(runtime, lambda: NOW)
    browser.post(f"/staff/organisation/sheet/{address.rpartition('/')[2]}")
    run_jobs(runtime, lambda: NOW)
    return page, address


def start(runtime: Runtime, *, done: int, total: int) -> Job:
    """Be a worker that is so far with a job."""
    with runtime.sessions.begin() as session:
        job = jobs.start_next(session, now=NOW)
        assert job
        jobs.write_progress(session, job, done=done, total=total, now=NOW)
    return job


def shown(browser: Browser, address: str) -> str:
    """Return what the page says of jobs; nothing where it has none."""
    found = browser.page(address).select("#sheet .jobs")
    return " ".join(section.get_text(" ") for section in found)


def test_a_job_is_started_after_it_is_committed(app: Flask, publisher: Browser, runtime: Runtime) -> None:
    started: list[JobState] = []

    def start() -> None:
        with runtime.sessions() as session:
            started.extend(session.scalars(select(Job.state)))

    object.__setattr__(app.extensions[STAFF].extensions[NAME], "start_jobs", start)
    begin(publisher)
    assert started == [JobState.WAITING]


def test_where_it_was_started_the_page_tells_how_far_it_is(publisher: Browser, runtime: Runtime) -> None:
    page, address = begin(publisher)
    waiting = publisher.page(page)
    assert waiting.select_one("#sheet[open] progress:not([value])")
    assert waiting.select_one("#sheet .jobs noscript a")
    still = {"finished": "", "running": False, "done": 0, "total": 0, "words": ""}
    assert publisher.get(f"{address}/progress").json == still
    start(runtime, done=1312, total=5000)
    running = {"finished": "", "running": True, "done": 1312, "total": 5000, "words": "1,312 of 5,000 rows"}
    assert publisher.get(f"{address}/progress").json == running
    assert publisher.page(page).select_one("progress[max='5000'][value='1312']")
    assert "1,312 of 5,000 rows" in shown(publisher, page)


def test_when_it_is_finished_the_script_is_told_where_to_go_and_its_file_comes_down(
    publisher: Browser, runtime: Runtime
) -> None:
    page, address = finish(publisher, runtime)
    assert publisher.get(f"{address}/progress").json["finished"] == page  # type: ignore[index]
    assert publisher.page(page).select("[data-job]") == []
    assert "It is erased on November 26, 2026" in shown(publisher, page)
    answer = publisher.get(f"{address}/file")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Disposition"] == "attachment; filename=takedown-and-standards.zip"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_day_later_it_is_gone(publisher: Browser, runtime: Runtime) -> None:
    page, address = finish(publisher, runtime)
    with runtime.sessions.begin() as session:
        session.scalars(select(Job)).one().finished_at = NOW - timedelta(days=1, minutes=1)
    for path in (f"{address}/file", f"{address}/progress"):
        assert publisher.get(path).status_code == 404
    assert shown(publisher, page) == ""


def test_nobody_else_sees_it_nor_whoever_lost_the_role_for_it(
    publisher: Browser, browser: NewBrowser, runtime: Runtime
) -> None:
    page, address = finish(publisher, runtime)
    other = browser(Role.MANAGER)
    with runtime.sessions.begin() as session:
        session.get_one(Account, publisher.account_id).role = Role.WRITER
    for somebody in (publisher, other):
        for path in (f"{address}/file", f"{address}/progress"):
            assert somebody.get(path).status_code == 404
        assert somebody.post(f"{address}/cancel").status_code == 404
        assert shown(somebody, page) == ""


def test_a_job_can_be_stopped_and_its_result_erased(publisher: Browser, runtime: Runtime) -> None:
    page, running = begin(publisher)
    job = start(runtime, done=1, total=2)
    assert publisher.post(f"{running}/cancel").location == page.partition("&job=")[0]
    assert "Cancelled: nothing of it is kept." in publisher.page(page).get_text()
    with pytest.raises(jobs.JobLost), runtime.sessions.begin() as session:
        jobs.write_progress(session, job, done=2, total=2, now=NOW)
    _page, finished = finish(publisher, runtime)
    publisher.post(f"{finished}/cancel")
    with runtime.sessions() as session:
        assert list(session.scalars(select(Job))) == []
        assert list(session.scalars(select(JobFile))) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [("unexpected", "Something went wrong on our side."), ("interrupted", "The site stopped three times")],
)
def test_what_went_wrong_is_told_in_words(publisher: Browser, runtime: Runtime, *, code: str, words: str) -> None:
    page, _address = begin(publisher)
    job = start(runtime, done=1, total=2)
    with runtime.sessions.begin() as session:
        jobs.finish(session, job, {"code": code}, now=NOW, has_failed=True)
    told = publisher.page(page).select_one("#sheet .errors[role=alert]")
    assert told
    assert words in told.get_text()
