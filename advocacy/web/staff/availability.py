"""A campaign or a letter taken offline, put back, archived, restored or deleted: each is asked about once more."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, Length

from advocacy.campaigns.documents import document_title, find_document, newest_revision
from advocacy.campaigns.folder import OWN_DOCUMENTS
from advocacy.campaigns.library import lock_campaigns, newest_folder
from advocacy.campaigns.models import Campaign, Document
from advocacy.database import immediate
from advocacy.staff.models import Account, Role
from advocacy.staff.visibility import DELETE, MAX_REASON, MOVES, acts_of, change, delete_unpublished
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.forms import StaffForm, form_errors
from advocacy.web.staff.letter_titles import name_of


class OfflineForm(StaffForm):
    """Why it is taken offline, and whether its content is wrong."""

    reason = TextAreaField(
        _l("Reason"),
        description=_l("Only the team sees it."),
        validators=[DataRequired(_l("Say why, for the audit log.")), Length(max=MAX_REASON)],
    )
    is_wrong = BooleanField(_l("The content is wrong: withdraw the letters that are not confirmed yet"))


@bp.route("/campaigns/<campaign>/availability/<act>", methods=["GET", "POST"], endpoint="campaign_availability")
@bp.route(
    "/campaigns/<campaign>/letters/<letter>/availability/<act>", methods=["GET", "POST"], endpoint="letter_availability"
)
@requires(Role.PUBLISHER)
def change_availability(campaign: str, act: str, letter: str | None = None) -> ResponseReturnValue:
    """Ask about a whole campaign or one letter once more, then do it."""
    form = OfflineForm() if act == "offline" else StaffForm()
    with immediate(services().sessions) as session:
        lock_campaigns(session)
        of = _find(session, campaign, letter)
        if of is None or act not in (*MOVES, DELETE):
            abort(404)
        if act not in acts_of(session, of):
            flash(_("Nothing was changed."))
            return redirect(_back(campaign, letter), 303)
        if not form.validate_on_submit():
            page = _page(session, of, act=act, form=form)
            return (page, 422) if request.method == "POST" else page
        by, now = session.get_one(Account, current_account().id), services().now()
        if act == DELETE:
            delete_unpublished(session, of, by=by, now=now)
            flash(_("Deleted."))
            whole = letter is None
            return redirect(url_for("staff.campaigns") if whole else url_for("staff.campaign", campaign=campaign), 303)
        why = {"reason": form.reason.data, "is_wrong": form.is_wrong.data} if act == "offline" else {}
        change(session, of, act, by=by, now=now, **why)
    flash(
        {
            "offline": _("Offline. The public no longer sees it."),
            "online": _("Back online."),
            "archive": _("Archived. You can restore it at any time."),
            "restore": _("Restored."),
        }[act]
    )
    return redirect(_back(campaign, letter), 303)


def _find(session: Session, campaign: str, letter: str | None) -> Campaign | Document | None:
    if letter is None:
        return session.scalar(select(Campaign).where(Campaign.name == campaign))
    return None if letter in OWN_DOCUMENTS.values() else find_document(session, campaign, letter)


def _page(session: Session, of: Campaign | Document, *, act: str, form: Any) -> str:
    language = current_language()
    campaign = of.name if isinstance(of, Campaign) else of.campaign.name
    named = name_of(newest_folder(session, campaign), language)
    if isinstance(of, Document) and (revision := newest_revision(session, campaign, of.name)):
        named = document_title(revision).in_language(language)
    letter = of.name if isinstance(of, Document) else None
    return render_template(
        "staff/availability.html",
        act=act,
        form=form,
        named=named,
        is_letter=letter is not None,
        back=_back(campaign, letter),
        errors=form_errors(form),
        campaign_key=campaign,
    )


def _back(campaign: str, letter: str | None) -> str:
    if letter is None:
        return url_for("staff.campaign", campaign=campaign)
    return url_for("staff.history", campaign=campaign, document=letter)
