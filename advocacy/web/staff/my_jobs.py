"""Work in the background: the page that starts some shows how far it is, what came of it, and the file it made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import Response, abort, flash, g, redirect, request, url_for
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
from advocacy.web.staff.forms import check_token
from advocacy.web.staff.organisation import address
from advocacy.web.staff.texts import format_in_sentence
from advocacy.web.unit_of_work import after_commit


class Work(NamedTuple):
    """A kind of job: who may have it done, and what it is called."""

    role: Role
    title: Any


WORK: Mapping[JobKind, Work] = {
    JobKind.MERGE: Work(Role.PUBLISHER, _l("Letters from a sheet")),
    JobKind.EXPORT: Work(Role.WRITER, _l("Export of campaigns")),
    JobKind.IMPORT: Work(Role.WRITER, _l("Import of campaigns")),
    JobKind.DIRECTORY: Work(Role.MANAGER, _l("A newer list of legislators")),
}
STATES: Mapping[JobState, object] = {
    JobState.WAITING: _l("waiting for its turn"),
    JobState.RUNNING: _l("under way"),
    JobState.DONE: _l("finished"),
    JobState.FAILED: _l("failed"),
}


@dataclass(frozen=True, slots=True)
class ShownJob:
    """A job as the page that started it shows it; `result` is the page where what came of it is looked over."""

    job: Job
    title: str
    state: object
    progress: str
    started: str
    erased: str
    outcome: Mapping[str, Any]
    result: str
    is_new: bool
    """Whether the page was opened for it."""


def own_jobs(*kinds: str) -> Sequence[ShownJob]:
    """Return the jobs of these kinds that whoever asks has of the last day, the newest first."""
    by, now = current_account().id, services().now()
    mine = [job for kind in kinds for job in jobs.recent(g.session, JobKind(kind), by=by, now=now)]
    asked_for = request.args.get("job", type=int)
    return [
        ShownJob(
            job,
            title=_title(job),
            state=STATES[job.state],
            progress=_progress(job),
            started=format_in_sentence(job.created_at),
            erased=erasure_time(job),
            outcome=job.outcome or {"code": ""},
            result=_result(job),
            is_new=job.id == asked_for,
        )
        for job in sorted(mine, key=lambda job: job.id, reverse=True)
    ]


def wording(texts: Mapping[str, str]) -> Wording:
    """Return a sentence of an outcome, which holds it in every language."""
    return Wording(texts)


@bp.get("/jobs/<int:number>/progress")
@requires(Role.WRITER)
def job_progress(number: int) -> Mapping[str, Any]:
    """Return the progress of a job for the script, and where to go once it is finished."""
    job = find_job(number)
    return {
        "finished": "" if job.state in jobs.UNFINISHED else _result(job) or _place(job, is_shown=True),
        "running": job.state is JobState.RUNNING,
        "done": job.done,
        "total": job.total,
        "words": _progress(job),
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
    return redirect(_place(job), 303)


def find_job(number: int) -> Job:
    """Return a job of whoever is signed in; 404 for another's, and for one that their role may no longer see."""
    account = current_account()
    job = jobs.find(g.session, number, by=account.id, now=services().now())
    if job is None or not account.role.may(WORK[job.kind].role):
        abort(404)
    return job


def start_job(kind: JobKind, arguments: Mapping[str, Any], *, file: bytes = b"") -> Redirect:
    """Start a job of whoever is signed in, and redirect to where it is shown."""
    site, by = services(), current_account().id
    number = jobs.create(g.session, kind, arguments, by=by, now=site.now(), keys=site.keys, file=file)
    after_commit(site.start_jobs)
    return redirect(_place(g.session.get_one(Job, number), is_shown=True), 303)


def restart_job(job: Job, arguments: Mapping[str, Any]) -> Redirect:
    """Have a finished job done with other arguments and the file that it kept, and redirect to where it is shown."""
    site = services()
    jobs.restart(job, arguments, now=site.now())
    after_commit(site.start_jobs)
    return redirect(_place(job, is_shown=True), 303)


def erasure_time(job: Job) -> str:
    """Return when a job is erased, as a sentence says it."""
    return format_in_sentence((job.finished_at or job.created_at) + jobs.RETENTION)


def _place(job: Job, *, is_shown: bool = False) -> str:
    """Return the address of the page that starts jobs of this kind; opened for this job if `is_shown`."""
    more: dict[str, Any] = {"job": job.id} if is_shown else {}
    match job.kind:
        case JobKind.DIRECTORY:
            return url_for("staff.directory_newer", **more)
        case JobKind.MERGE:
            return address("sheet", letter=job.arguments["letter"], **more)
        case JobKind.EXPORT | JobKind.IMPORT:
            return address("zips", **more)


def _result(job: Job) -> str:
    """Return the page where what came of a job is looked over; "" where it is shown with the job."""
    outcome = job.outcome or {}
    if outcome.get("code") == "compared":
        return url_for("staff.campaign_compared", number=job.id)
    now = services().now()
    if "list" in outcome and pending_import.find(g.session, outcome["list"], by=job.account_id, now=now):
        return url_for("staff.directory_proposed", number=outcome["list"])
    return ""


def _title(job: Job) -> str:
    if job.kind is JobKind.MERGE and job.arguments["act"] == job_runner.CHECK:
        return str(_("Check of a sheet"))
    return str(WORK[job.kind].title)


def _progress(job: Job) -> str:
    """Return how far a job is, in words; "" where nobody knows."""
    if not job.total:
        return ""
    counted = {"done": format_decimal(job.done), "total": format_decimal(job.total)}
    if job.kind is JobKind.MERGE:
        return str(_("%(done)s of %(total)s rows", **counted))
    return str(_("%(done)s of %(total)s campaigns", **counted))
