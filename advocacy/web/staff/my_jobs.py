"""Work in the background: how far it is, what came of it, the file it made; and one's own work of the last day."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Redirect

from advocacy.language import Wording
from advocacy.legislators import pending_import
from advocacy.staff import job_runner, jobs
from advocacy.staff.jobs import FileUnreadable, TooManyJobs
from advocacy.staff.models import Job, JobKind, JobState, Role
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, requires
from advocacy.web.staff.forms import StaffForm, check_token
from advocacy.web.staff.texts import format_in_sentence
from advocacy.web.unit_of_work import after_commit

REQUIRED_ROLES: Mapping[JobKind, Role] = {
    JobKind.MERGE: Role.PUBLISHER,
    JobKind.EXPORT: Role.WRITER,
    JobKind.IMPORT: Role.WRITER,
    JobKind.DIRECTORY: Role.MANAGER,
}
"""Who may see a job besides its owner's account being theirs: a role may have been taken away since."""
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
    account = current_account()
    mine = jobs.recent(g.session, by=account.id, now=services().now())
    return render_template(
        "staff/jobs.html",
        jobs=[(job, title_of(job), STATES[job.state]) for job in mine if account.role.may(REQUIRED_ROLES[job.kind])],
        when=format_in_sentence,
    )


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
        ahead=sum(waiting < job.id for waiting in jobs.waiting_ids(g.session, now=now)),
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
    jobs.cancel(g.session, job)
    flash(_("Cancelled: nothing of it is kept.") if was_unfinished else _("Deleted: nothing of it is kept."))
    return redirect(url_for("staff.my_jobs"), 303)


@bp.app_errorhandler(TooManyJobs)
def refuse_job(_error: TooManyJobs) -> Redirect:
    """Redirect to one's jobs, where one can be cancelled."""
    most = jobs.MAX_UNFINISHED
    flash(_("You have %(num)d jobs waiting. Wait until one is finished, or cancel one.", num=most), "refused")
    return redirect(url_for("staff.my_jobs"), 303)


@bp.app_errorhandler(FileUnreadable)
def show_unreadable(_error: FileUnreadable) -> Redirect:
    """Redirect to one's jobs, where it can be erased."""
    flash(_("The file was encrypted with a key that this site no longer has. Start it again."), "refused")
    return redirect(url_for("staff.my_jobs"), 303)


def find_job(number: int) -> Job:
    """Return a job of whoever is signed in; 404 for another's, and for one that their role may no longer see."""
    account = current_account()
    job = jobs.find(g.session, number, by=account.id, now=services().now())
    if job is None or not account.role.may(REQUIRED_ROLES[job.kind]):
        abort(404)
    return job


def start_job(kind: JobKind, arguments: Mapping[str, Any], *, file: bytes = b"") -> Redirect:
    """Start a job of whoever is signed in, and redirect to its page; raises TooManyJobs."""
    site, by = services(), current_account().id
    number = jobs.create(g.session, kind, arguments, by=by, now=site.now(), keys=site.keys, file=file)
    after_commit(partial(site.start_job, number))
    return redirect(url_for("staff.job", number=number), 303)


def restart_job(job: Job, arguments: Mapping[str, Any]) -> Redirect:
    """Have a finished job done with other arguments and the file that it kept, and redirect to its page."""
    site = services()
    jobs.restart(job, arguments, now=site.now())
    after_commit(partial(site.start_job, job.id))
    return redirect(url_for("staff.job", number=job.id), 303)


def unfinished_jobs() -> int:
    """Return how many jobs of whoever is signed in wait or run; none where the database is away."""
    try:
        return jobs.count_unfinished(g.session, by=current_account().id)
    except SQLAlchemyError:
        return 0


def erasure_time(job: Job) -> str:
    """Return when a job is erased, as a sentence says it."""
    return format_in_sentence((job.finished_at or job.created_at) + jobs.RETENTION)


def title_of(job: Job) -> str:
    if job.kind is JobKind.MERGE and job.arguments["act"] == job_runner.CHECK:
        return str(_("Check of a sheet"))
    return str(TITLES[job.kind])


def progress_words(job: Job) -> str:
    """Return how far a job is, in words; "" where nobody knows."""
    if not job.total:
        return ""
    counted = {"done": format_decimal(job.done), "total": format_decimal(job.total)}
    if job.kind is JobKind.MERGE:
        return str(_("%(done)s of %(total)s rows", **counted))
    return str(_("%(done)s of %(total)s campaigns", **counted))
