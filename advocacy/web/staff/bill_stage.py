"""Where a campaign's bill stands: shown to staff on their first page and on Publish, and confirmed by one press."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from advocacy.campaigns.legislation import Bill, Stage
from advocacy.campaigns.library import lock_campaigns
from advocacy.campaigns.models import Availability
from advocacy.campaigns.terms import STAGES
from advocacy.language import day_of
from advocacy.staff.bill_confirmation import MAX_SOURCE, UnknownBill, confirm, find_confirmation
from advocacy.staff.models import AuditEntry, Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import bp, current_account, is_ours, requires
from advocacy.web.staff.forms import StaffForm


class StageForm(StaffForm):
    """What a publisher confirms: the stage, and where they read it."""

    number = HiddenField()
    stage = SelectField(
        _l("Stage today"),
        choices=lambda: [
            (one.value, STAGES[one].in_language(current_language())) for one in Stage if one is not Stage.UNKNOWN
        ],
    )
    source = StringField(
        _l("Where you read it"),
        validators=[DataRequired(_l("Say where you read it, for example LEGISinfo.")), Length(max=MAX_SOURCE)],
    )
    back = HiddenField()


@bp.post("/campaigns/<campaign>/bill", endpoint="bill_confirmed")
@requires(Role.PUBLISHER)
def confirmed(campaign: str) -> Response:
    """Confirm the stage of a bill, live at once, and come back to the page it was confirmed on."""
    form, site = StageForm(), services()
    back = form.back.data or ""
    way = back if is_ours(back) else url_for("staff.campaign_settings", campaign=campaign)
    if not form.validate_on_submit():
        for errors in form.errors.values():
            flash(errors[0], "refused")
        return redirect(way, 303)
    now = site.now()
    try:
        lock_campaigns(g.session)
        by = current_account()
        stage, source = Stage(form.stage.data), " ".join((form.source.data or "").split())
        number = form.number.data or ""
        confirm(g.session, campaign, number, stage=stage, source=source, by=by, now=now)
    except UnknownBill:
        g.session.rollback()
        abort(404)
    flash(_("Confirmed. Letters written from now on name this stage for 45 days."))
    return redirect(way, 303)


@dataclass(frozen=True, slots=True)
class BillNotice:
    """One bill of a live campaign as pages show it: by whom its stage was confirmed, and the form that confirms it."""

    campaign: str
    bill: Bill
    today: date
    entry: AuditEntry | None
    form: StageForm


def bills_of(session: Session, campaign: str) -> Sequence[BillNotice]:
    """Return the bills of a live campaign; none of one that is not live, or archived."""
    opened, today, notices = services().opened.get(session, campaign), day_of(services().now()), []
    if opened is None or opened.availability is Availability.ARCHIVED:
        return ()
    for bill in opened.file.bills:
        entry = find_confirmation(session, campaign, bill)
        data = {
            "number": bill.number,
            "stage": (bill.stage if bill.stage is not Stage.UNKNOWN else Stage.INTRODUCED).value,
            "source": entry.after.get("source", "") if entry else "",
            "back": request.path,
        }
        notices.append(BillNotice(campaign, bill, today, entry, StageForm(formdata=None, data=data)))
    return notices
