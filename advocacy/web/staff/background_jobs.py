"""Jobs of whoever is signed in: started, found, counted; their work is done in the background."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import abort, flash, g, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from advocacy.staff import jobs
from advocacy.staff.jobs import TooManyJobs
from advocacy.staff.models import Job, JobKind, Role
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account
from advocacy.web.staff.texts import format_in_sentence
from advocacy.web.unit_of_work import after_commit

REQUIRED_ROLES: Mapping[JobKind, Role] = {
    JobKind.MERGE: Role.PUBLISHER,
    JobKind.EXPORT: Role.WRITER,
    JobKind.IMPORT: Role.WRITER,
    JobKind.DIRECTORY: Role.MANAGER,
}
"""Who may see a job besides its owner's account being theirs: a role may have been taken away since."""


def find_job(session: Session, number: int) -> Job:
    """Return a job of whoever is signed in; 404 for another's, and for one that their role may no longer see."""
    account = current_account()
    found = jobs.find(session, number, by=account.id, now=services().now())
    if found is None or not account.role.may(REQUIRED_ROLES[found.kind]):
        abort(404)
    return found


def start_job(kind: JobKind, arguments: Mapping[str, Any], *, content: bytes = b"") -> Response:
    """Start a job of whoever is signed in, and redirect to its page; raise TooManyJobs."""
    site, by = services(), current_account().id
    number = jobs.create(g.session, kind, arguments, by=by, now=site.now(), keys=site.keys, content=content)
    after_commit(partial(site.start_job, number))
    return redirect(url_for("staff.job", number=number), 303)


def too_many_jobs() -> str:
    """Return what to do for whoever has as many jobs as they may."""
    return str(_("You have %(num)d jobs waiting. Wait until one is finished, or cancel one.", num=jobs.MAX_UNFINISHED))


@bp.app_errorhandler(TooManyJobs)
def refuse_job(_error: TooManyJobs) -> Response:
    """Redirect to one's jobs, where one can be cancelled."""
    flash(too_many_jobs(), "refused")
    return redirect(url_for("staff.my_jobs"), 303)


def unfinished_jobs() -> int:
    """Return how many jobs of whoever is signed in wait or run; none where the database is away."""
    site = services()
    try:
        return jobs.count_unfinished(g.session, by=current_account().id, now=site.now())
    except SQLAlchemyError:
        return 0


def erasure_time(job: Job) -> str:
    """Return when a job is erased, as a sentence says it."""
    return format_in_sentence((job.finished_at or job.created_at) + jobs.RETENTION)
