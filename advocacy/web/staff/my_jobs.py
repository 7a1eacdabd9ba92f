"""Work in the background: how far it is, what came of it, the file it made; each page that starts some lists it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Response, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as Redirect

from advocacy.language import Wording
from advocacy.legislators import pending_import
from advocacy.staff import job_runner, jobs
from advocacy.staff.models import Job, JobKind, JobState, Role
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, requires
from advocacy.web.staff.forms import StaffForm, check_token
from advocacy.web.staff.texts import format_in_sentence
from advocacy.web.unit_of_work import after_commit


class Place(NamedTuple):
    """Where jobs of a kind are started and waited for: who may do so, what a job is called, the page and its name."""

    role: Role
    title: Any
    page: str
    page_name: Any


PLACES: Mapping[JobKind, Place] = {
    JobKind.MERGE: Place(Role.PUBLISHER, _l("Letters from a sheet"), "staff.merge", _l("Merge")),
    JobKind.EXPORT: Place(Role.WRITER, _l("Export of campaigns"), "staff.campaigns", _l("Campaigns")),
    JobKind.IMPORT: Place(Role.WRITER, _l("Import of campaigns"), "staff.campaign_import", _l("Import a zip")),
    JobKind.DIRECTORY: Place(
        Role.MANAGER, _l("A newer list for the directory"), "staff.directory_newer", _l("Update the directory")
    ),
}
STATES: Mapping[JobState, object] = {
    JobState.WAITING: _l("waiting for its turn"),
    JobState.RUNNING: _l("under way"),
    JobState.DONE: _l("finished"),
    JobState.FAILED: _l("failed"),
}


def own_jobs(kind: str) -> list[tuple[Job, str, object]]:
    """Return the jobs of one kind that whoever asks has of the last day, with their titles and states."""
    mine = jobs.recent(g.session, JobKind(kind), by=current_account().id, now=services().now())
    return [(job, title_of(job), STATES[job.state]) for job in mine]


@bp.get("/jobs/<int:number>")
@requires(Role.WRITER)
def job(number: int) -> ResponseReturnValue:
    """Show how far a job is, or what came of it; what is looked over has a page of its own."""
    job, now = find_job(number), services().now()
    outcome = job.outcome or {"code": ""}
    if outcome["code"] == "compared":
        return redirect(url_for("staff.campaign_compared", number=job.id), 303)
    if "list" in outcome and pending_import.find(g.session, outcome["list"], by=job.account_id, now=now):
        return redirect(url_for("staff.directory_proposed", number=outcome["list"]), 303)
    return render_template(
        "staff/job.html",
        job=job,
        title=title_of(job),
        words=progress_words(job),
        place=PLACES[job.kind],
        outcome=outcome,
        wording=Wording,
        form=StaffForm(formdata=None),
        until=erasure_time(job),
    )


@bp.get("/jobs/<int:number>/progress")
@requires(Role.WRITER)
def job_progress(number: int) -> Mapping[str, Any]:
    """Return the progress of a job for the script."""
    job = find_job(number)
    return {
        "finished": job.state not in jobs.UNFINISHED,
        "running": job.state is JobState.RUNNING,
        "done": job.done,
        "total": job.total,
        "words": progress_words(job),
    }


@bp.get("/jobs/<int:number>/file")
@requires(Role.WRITER)
def job_file(number: int) -> ResponseReturnValue:
    job = find_job(number)
    file = (job.outcome or {}).get("file")
    if file is None:
        abort(404)
    content = jobs.read_file(g.session, job.id, keys=services().keys)
    answer = Response(content, mimetype=file["media_type"])
    answer.headers.set("Content-Disposition", "attachment", filename=file["name"])
    return answer


@bp.post("/jobs/<int:number>/cancel")
@requires(Role.WRITER)
def job_cancelled(number: int) -> ResponseReturnValue:
    """Delete a job, with what it was given or made."""
    check_token()
    job = find_job(number)
    was_unfinished = job.state in jobs.UNFINISHED
    g.session.delete(job)
    flash(_("Cancelled: nothing of it is kept.") if was_unfinished else _("Deleted: nothing of it is kept."))
    return redirect(url_for(PLACES[job.kind].page), 303)


def find_job(number: int) -> Job:
    """Return a job of whoever is signed in; 404 for another's, and for one that their role may no longer see."""
    account = current_account()
    job = jobs.find(g.session, number, by=account.id, now=services().now())
    if job is None or not account.role.may(PLACES[job.kind].role):
        abort(404)
    return job


def start_job(kind: JobKind, arguments: Mapping[str, Any], *, file: bytes = b"") -> Redirect:
    """Start a job of whoever is signed in, and redirect to its page."""
    site, by = services(), current_account().id
    number = jobs.create(g.session, kind, arguments, by=by, now=site.now(), keys=site.keys, file=file)
    after_commit(site.start_jobs)
    return redirect(url_for("staff.job", number=number), 303)


def restart_job(job: Job, arguments: Mapping[str, Any]) -> Redirect:
    """Have a finished job done with other arguments and the file that it kept, and redirect to its page."""
    site = services()
    jobs.restart(job, arguments, now=site.now())
    after_commit(site.start_jobs)
    return redirect(url_for("staff.job", number=job.id), 303)


def erasure_time(job: Job) -> str:
    """Return when a job is erased, as a sentence says it."""
    return format_in_sentence((job.finished_at or job.created_at) + jobs.RETENTION)


def title_of(job: Job) -> str:
    if job.kind is JobKind.MERGE and job.arguments["act"] == job_runner.CHECK:
        return str(_("Check of a sheet"))
    return str(PLACES[job.kind].title)


def progress_words(job: Job) -> str:
    """Return how far a job is, in words; "" where nobody knows."""
    if not job.total:
        return ""
    counted = {"done": format_decimal(job.done), "total": format_decimal(job.total)}
    if job.kind is JobKind.MERGE:
        return str(_("%(done)s of %(total)s rows", **counted))
    return str(_("%(done)s of %(total)s campaigns", **counted))
