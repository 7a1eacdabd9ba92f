"""Work in the background: how far it is, what came of it, the file it made; and one's own work of the last day."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from advocacy.encryption import CannotDecrypt
from advocacy.language import Wording
from advocacy.legislators import pending_import
from advocacy.staff import job_runner, jobs
from advocacy.staff.models import Job, JobKind, JobState, Role
from advocacy.web.services import services
from advocacy.web.staff import background_jobs
from advocacy.web.staff.access import bp, current_account, requires
from advocacy.web.staff.forms import StaffForm, check_token
from advocacy.web.staff.texts import format_in_sentence

TITLES: Mapping[JobKind, object] = {
    JobKind.MERGE: _l("Letters from a sheet"),
    JobKind.EXPORT: _l("Export of campaigns"),
    JobKind.IMPORT: _l("Import of campaigns"),
    JobKind.DIRECTORY: _l("A newer list for the directory"),
}
STATES: Mapping[JobState, object] = {
    JobState.WAITING: _l("waiting for its turn"),
    JobState.RUNNING: _l("under way"),
    JobState.DONE: _l("finished"),
    JobState.FAILED: _l("failed"),
}


@bp.get("/jobs")
@requires(Role.WRITER)
def my_jobs() -> str:
    site, account = services(), current_account()
    mine = jobs.recent(g.session, by=account.id, now=site.now())
    return render_template(
        "staff/jobs.html",
        jobs=[
            (job, title_of(job), STATES[job.state])
            for job in mine
            if account.role.may(background_jobs.REQUIRED_ROLES[job.kind])
        ],
        when=format_in_sentence,
    )


@bp.get("/jobs/<int:number>")
@requires(Role.WRITER)
def job(number: int) -> ResponseReturnValue:
    """Show how far a job is, or what came of it."""
    site = services()
    found = background_jobs.find_job(g.session, number)
    ahead = sum(one < found.id for one in jobs.waiting_ids(g.session, now=site.now()))
    report = _read_report(found)
    if report is None:
        return _page(found, unreadable=found.state not in jobs.UNFINISHED)
    following = _next_page(found)
    if following:
        return redirect(following, 303)
    return _page(found, ahead=ahead, report=json.loads(report) if report else {})


def _page(found: Job, *, ahead: int = 0, report: Mapping[str, Any] | None = None, unreadable: bool = False) -> str:
    return render_template(
        "staff/job.html",
        job=found,
        title=title_of(found),
        words=progress_words(found),
        ahead=ahead,
        outcome=found.outcome or {"code": ""},
        report=report,
        unreadable=unreadable,
        wording=Wording,
        form=StaffForm(formdata=None),
        until=background_jobs.erasure_time(found),
    )


def _read_report(found: Job) -> bytes | None:
    """Return what the page tells row by row; None where a file of the job cannot be decrypted any more."""
    keys = services().keys
    try:
        report = jobs.read_file(g.session, found.id, jobs.REPORT, keys=keys)
    except CannotDecrypt:
        return None
    return report if jobs.are_files_readable(g.session, found.id, keys=keys) else None


def _next_page(found: Job) -> str:
    """Return the address where what a job came to is looked over; "" where its own page shows it."""
    outcome = found.outcome or {"code": ""}
    if outcome["code"] == "compared":
        return url_for("staff.campaign_compared", number=found.id)
    proposed, now = outcome.get("list", 0), services().now()
    if proposed and pending_import.find(g.session, proposed, by=found.account_id, now=now):
        return url_for("staff.directory_proposed", number=proposed)
    return ""


@bp.get("/jobs/<int:number>/progress")
@requires(Role.WRITER)
def job_progress(number: int) -> Mapping[str, Any]:
    """Return the progress of a job for the script."""
    found = background_jobs.find_job(g.session, number)
    return {
        "finished": found.state not in jobs.UNFINISHED,
        "running": found.state is JobState.RUNNING,
        "done": found.done,
        "total": found.total,
        "words": progress_words(found),
    }


@bp.get("/jobs/<int:number>/file")
@requires(Role.WRITER)
def job_file(number: int) -> ResponseReturnValue:
    site = services()
    found = background_jobs.find_job(g.session, number)
    if not jobs.are_files_readable(g.session, found.id, keys=site.keys):
        return redirect(url_for("staff.job", number=number), 303)
    content = jobs.read_file(g.session, found.id, jobs.RESULT, keys=site.keys)
    file = (found.outcome or {}).get("file")
    if found.state is not JobState.DONE or file is None:
        abort(404)
    answer = Response(content, mimetype=file["media_type"])
    answer.headers.set("Content-Disposition", "attachment", filename=file["name"])
    return answer


@bp.post("/jobs/<int:number>/cancel")
@requires(Role.WRITER)
def job_cancelled(number: int) -> ResponseReturnValue:
    """Delete a job, with what it was given and what it made."""
    check_token()
    found = background_jobs.find_job(g.session, number)
    was_unfinished = found.state in jobs.UNFINISHED
    jobs.cancel(g.session, found)
    flash(_("Cancelled: nothing of it is kept.") if was_unfinished else _("Deleted: nothing of it is kept."))
    return redirect(url_for("staff.my_jobs"), 303)


def title_of(job: Job) -> str:
    if job.kind is JobKind.MERGE and job.arguments["act"] == job_runner.CHECK:
        return str(_("Check of a sheet"))
    return str(TITLES[job.kind])


def progress_words(job: Job) -> str:
    """Return how far a job is, in words; "" where nobody knows."""
    if not job.total:
        return ""
    counted = {"done": format_decimal(job.done), "total": format_decimal(job.total)}
    match job.kind:
        case JobKind.MERGE:
            return str(_("%(done)s of %(total)s rows", **counted))
        case _:
            return str(_("%(done)s of %(total)s campaigns", **counted))
