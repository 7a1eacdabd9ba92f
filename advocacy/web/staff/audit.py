"""The audit log, as managers read it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from advocacy.database import immediate
from advocacy.staff import audit as chain
from advocacy.staff import journal
from advocacy.staff.audit_words import Changed, act_text, subject_text
from advocacy.staff.models import AuditEntry
from advocacy.staff.roles import Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import requires, staff
from advocacy.web.staff.audit_changes import changed
from advocacy.web.staff.audit_links import About, found
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.forms import StaffForm
from advocacy.web.staff.numbers import asked_number

UNKNOWN = About("", "")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the page shows it."""

    entry: AuditEntry
    who: str
    act: str
    subject: str
    page: str
    """The address of what it names, "" where that has no page."""
    changes: Sequence[Changed]


class EraseForm(StaffForm):
    """One button."""


@bp.get("/log", endpoint="log")
@requires(Role.MANAGER)
def audit() -> str:
    """Show the log, newest first."""
    asked, language = _asked(), current_language()
    with services().sessions() as session:
        entries, more = journal.read(session, asked)
        people = journal.people(session)
        things = found(session, {entry.subject for entry in entries})
    lines = [
        Line(
            entry,
            _who(entry),
            act=act_text(entry.act, language),
            subject=about.name or subject_text(entry.subject, language),
            page=about.page,
            changes=changed(entry, language),
        )
        for entry in entries
        for about in (things.get(entry.subject, UNKNOWN),)
    ]
    acts = sorted(((act.value, act_text(act.value, language)) for act in chain.Act), key=lambda pair: pair[1])
    return render_template("staff/audit.html", lines=lines, more=more, people=people, acts=acts, asked=asked)


@bp.route("/log/<int:number>/reason", methods=["GET", "POST"], endpoint="log_reason")
@requires(Role.MANAGER)
def erase_reason(number: int) -> Response | str:
    """Ask once more whether a reason is to be erased, and erase it; the chain holds."""
    form = EraseForm()
    with immediate(services().sessions) as session:
        entry = session.get(AuditEntry, number, options=[joinedload(AuditEntry.account)])
        if entry is None or (entry.reason is None and request.method == "GET"):
            abort(404)
        if not form.validate_on_submit():
            act = act_text(entry.act, current_language())
            return render_template("staff/audit_reason.html", entry=entry, act=act, who=_who(entry), form=form)
        if entry.reason is not None:
            chain.erase_reason(session, entry, by=staff().id, now=services().now())
    flash(_("Reason erased. The log shows that it was."))
    return redirect(url_for("staff.log"), 303)


def _who(entry: AuditEntry) -> str:
    if entry.account:
        return entry.account.name
    return str(_("Somebody") if entry.act == chain.Act.SIGN_IN_FAILED else _("The command line"))


def _asked() -> journal.Asked:
    """Read what is asked for; what cannot be read asks for nothing."""
    day = None
    with suppress(ValueError):
        day = date.fromisoformat(request.args.get("day", ""))
    return journal.Asked(
        account_id=asked_number("person"),
        act=request.args.get("act", "")[:40],
        day=None if day == date.max else day,  # its end is beyond what can be told
        below=asked_number("below"),
    )
