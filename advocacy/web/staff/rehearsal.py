"""The rehearsal of a campaign: the report of the last one, the button for another, and whether one is required."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from advocacy.campaigns.library import lock_campaigns
from advocacy.campaigns.models import Revision
from advocacy.delivery.states import State
from advocacy.language import Language, format_number
from advocacy.messages import Message, message, nmessage
from advocacy.staff import publication, rehearsals
from advocacy.staff.models import JobKind, Role
from advocacy.staff.rehearsals import BLANKS, MET, OFFICES, PROBLEMS, SIZES, describe
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import account_in, bp, or_404, requires
from advocacy.web.staff.background_jobs import start_job
from advocacy.web.staff.campaign_documents import find_campaign
from advocacy.web.staff.forms import StaffForm, query_number
from advocacy.web.staff.texts import STATE_CHANGES, campaign_name

NOT_WANTED = 0


class RehearsalForm(StaffForm):
    """How many letters are written; `revision` is what is to be published by itself, "" for all that waits."""

    letters = SelectField(_l("Letters"), coerce=int, validators=[InputRequired()])
    revision = HiddenField()

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.letters.choices = [SelectChoice(one, format_decimal(one)) for one in SIZES]


class RehearsalRuleForm(StaffForm):
    """With how many letters the campaign has to be rehearsed before it is published."""

    required = SelectField(_l("What is required"), coerce=int, validators=[InputRequired()])

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.required.choices = [
            SelectChoice(NOT_WANTED, _("No rehearsal is required")),
            *(SelectChoice(one, _("A rehearsal with %(num)s letters", num=format_decimal(one))) for one in SIZES),
        ]


@dataclass(frozen=True, slots=True)
class Count:
    """One line of a report: what was counted, and how often."""

    words: str
    number: int


@bp.get("/campaigns/<campaign>/rehearsal")
@requires(Role.WRITER)
def rehearsal(campaign: str) -> str:
    return _page(campaign, query_number("revision"))


@bp.post("/campaigns/<campaign>/rehearsal")
@requires(Role.WRITER)
def rehearsal_started(campaign: str) -> ResponseReturnValue:
    """Start a rehearsal of what would be live once all that waits, or one revision, is published."""
    form = RehearsalForm()
    find_campaign(g.session, campaign)
    typed = form.revision.data or ""
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
    if not form.validate_on_submit():
        return _page(campaign, number, form=form), 422
    revisions = rehearsals.revisions_after(g.session, campaign, _to_publish(campaign, number))
    return start_job(JobKind.REHEARSAL, {"name": campaign, "revisions": revisions, "letters": form.letters.data})


@bp.post("/campaigns/<campaign>/rehearsal/rule")
@requires(Role.MANAGER)
def rehearsal_rule(campaign: str) -> ResponseReturnValue:
    """Set whether this campaign has to be rehearsed before it is published."""
    form = RehearsalRuleForm()
    if not form.validate_on_submit():
        abort(422)
    site = services()
    lock_campaigns(g.session)
    find_campaign(g.session, campaign)
    letters = form.required.data
    rehearsals.set_required_letters(g.session, campaign, letters, by=account_in(g.session), now=site.now())
    flash(_("Saved. The log shows it."))
    return redirect(url_for("staff.rehearsal", campaign=campaign, _anchor="rule"), 303)


def _to_publish(campaign: str, revision: int | None) -> Sequence[Revision]:
    if revision is None:
        return publication.to_publish(g.session, campaign)
    found = or_404(g.session.get(Revision, revision))
    if found.document.campaign.name != campaign:
        abort(404)
    return [found]


def _page(campaign: str, revision: int | None, *, form: RehearsalForm | None = None) -> str:
    stored = find_campaign(g.session, campaign)
    waiting = _to_publish(campaign, revision)
    after = rehearsals.revisions_after(g.session, campaign, waiting)
    required = rehearsals.required_letters(g.session, campaign)
    last = next(iter(rehearsals.stored_rehearsals(g.session, campaign)), None)
    return render_template(
        "staff/rehearsal.html",
        campaign_key=campaign,
        title=campaign_name(stored.current()),
        waiting=len(waiting),
        one=waiting[0] if revision is not None else None,
        required=required,
        is_missing=rehearsals.is_missing(g.session, campaign, waiting),
        last=last,
        is_of_this=last is not None and last.revisions == after,
        form=form or RehearsalForm(formdata=None, data={"revision": revision or "", "letters": required or SIZES[0]}),
        rule=RehearsalRuleForm(formdata=None, data={"required": required}),
        largest=SIZES[-1],
        **(_report(last.report, current_language()) if last else {}),
    )


def _report(report: Mapping[str, Any], language: Language) -> Mapping[str, Any]:
    """Return a stored report as its page shows it."""
    per_day, alike = report["per_day"], report["alikeness"]
    numbers = {name: report[name] for name in ("lost", "doubled", "unfinished")} | report["problems"]
    states = [Count(_state_words(state), number) for state, number in report["states"].items()]
    return {
        "report": report,
        "problems": _counts({code: numbers.get(code, 0) for code in report["failures"]}, PROBLEMS, language),
        "blanks": _counts(report["blanks"], BLANKS, language),
        "met": _counts(report["met"], MET, language),
        "states": states,
        "offices": [
            (describe(code, OFFICES).in_language(language), names) for code, names in report["offices"].items()
        ],
        "busiest": [Count(name, number) for name, number in per_day["busiest"]],
        "drain": _duration(report["drain_s"]).in_language(language),
        "wait": _duration(report["longest_wait_s"]).in_language(language),
        "alikeness": {name: format_number(round(alike[name], 2), language) for name in ("mean", "tail", "nearest")},
    }


def _counts(counts: Mapping[str, int], words: Mapping[str, Message], language: Language) -> Sequence[Count]:
    return [Count(describe(code, words).in_language(language), number) for code, number in counts.items()]


def _state_words(state: str) -> str:
    return str(STATE_CHANGES[State(state)]) if state in set(State) else _("Never confirmed.")


def _duration(seconds: float) -> Message:
    """Return a time that passes, in the largest unit that says enough."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return message("less than a minute")
    if minutes < 120:
        return nmessage("%(num)d minute", "%(num)d minutes", minutes)
    hours = round(minutes / 60)
    return (
        nmessage("%(num)d hour", "%(num)d hours", hours)
        if hours < 48
        else nmessage("%(num)d day", "%(num)d days", round(hours / 24))
    )
