"""Where a campaign's bill stands: shown to staff on their first page and on Publish, and confirmed by one press."""

from collections.abc import Sequence

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from advocacy.campaigns.bill import Stage
from advocacy.campaigns.condition_words import STAGES
from advocacy.campaigns.library import wait_for_turn
from advocacy.database import immediate
from advocacy.language import day_of
from advocacy.staff.bill import MAX_SOURCE, BillStatus, NoSuchBill, confirm, statuses
from advocacy.staff.models import Account
from advocacy.staff.roles import Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, is_ours, requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.forms import StaffForm


class StageForm(StaffForm):
    """What a publisher confirms: the stage, and where they read it."""

    number = HiddenField()
    stage = SelectField(
        _l("Stage today"), choices=lambda: [(one.value, _stage(one)) for one in Stage if one is not Stage.UNKNOWN]
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
        with immediate(site.sessions) as session:
            wait_for_turn(session)
            by = session.get_one(Account, current_account().id)
            stage, source = Stage(form.stage.data), " ".join((form.source.data or "").split())
            number = form.number.data or ""
            confirm(session, campaign, number, stage=stage, source=source, by=by, now=now, today=day_of(now))
    except NoSuchBill:
        abort(404)
    flash(_("Confirmed. Letters written from now on name this stage for 45 days."))
    return redirect(way, 303)


def bills_of(session: Session, campaign: str | None = None) -> Sequence[tuple[BillStatus, StageForm, str]]:
    """Return the bills of the live campaigns, or of one, each with its form and its stage in words."""
    site, today = services(), day_of(services().now())
    shown = []
    for one in site.opened.all(session):
        if campaign is not None and one.name != campaign:
            continue
        for status in statuses(session, one.name, one.file, today=today):
            stage = status.bill.stage if status.bill.stage is not Stage.UNKNOWN else Stage.INTRODUCED
            source = status.confirmation.source if status.confirmation else ""
            form = StageForm(
                formdata=None,
                data={"number": status.bill.number, "stage": stage.value, "source": source, "back": request.path},
            )
            shown.append((status, form, _stage(status.bill.stage)))
    return shown


def _stage(stage: Stage) -> str:
    return STAGES[stage].spoken(current_language())
