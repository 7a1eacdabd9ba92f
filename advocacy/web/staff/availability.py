"""A campaign or a letter taken offline, put back, archived, restored or deleted: each is asked about once more."""

from types import MappingProxyType
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, Length

from advocacy.campaigns.documents import find_document, newest_revision, title_of
from advocacy.campaigns.folder import OWN_DOCUMENTS
from advocacy.campaigns.library import newest_folder
from advocacy.campaigns.models import Campaign, Document
from advocacy.database import immediate
from advocacy.messages import in_language
from advocacy.staff.availability import (
    DELETE,
    MAX_REASON,
    WANTED,
    Change,
    WasPublished,
    acts_of,
    change,
    delete_unpublished,
)
from advocacy.staff.models import Account
from advocacy.staff.roles import Role
from advocacy.web.locale import current_language
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.forms import StaffForm, form_errors
from advocacy.web.staff.letter_titles import name_of

LABELS = MappingProxyType(
    {
        "offline": _l("Take offline"),
        "online": _l("Put back online"),
        "archive": _l("Archive"),
        "restore": _l("Restore from the archive"),
        "delete": _l("Delete"),
    }
)
"""Each verb of `acts_of` as a link to its question says it."""


class AvailabilityForm(StaffForm):
    """The answer to the second question, for what needs no reason."""


class OfflineForm(StaffForm):
    """Why it is taken offline, and whether its content is wrong."""

    reason = TextAreaField(
        _l("Reason"), validators=[DataRequired(_l("Say why, for the audit log.")), Length(max=MAX_REASON)]
    )
    holds_unconfirmed = BooleanField(_l("The content is wrong: stop letters that are not confirmed yet"))


@bp.route("/campaigns/<campaign>/availability/<act>", methods=["GET", "POST"])
@requires(Role.PUBLISHER)
def campaign_availability(campaign: str, act: str) -> ResponseReturnValue:
    """Ask about the whole campaign once more, then do it."""
    return _asked(campaign, None, act)


@bp.route("/campaigns/<campaign>/letters/<letter>/availability/<act>", methods=["GET", "POST"])
@requires(Role.PUBLISHER)
def letter_availability(campaign: str, letter: str, act: str) -> ResponseReturnValue:
    """Ask about one letter once more, then do it."""
    return _asked(campaign, letter, act)


def _asked(campaign: str, letter: str | None, act: str) -> ResponseReturnValue:
    form = OfflineForm() if act == "offline" else AvailabilityForm()
    with immediate(services().sessions) as session:
        of = _find(session, campaign, letter)
        if of is None or act not in LABELS:
            abort(404)
        if act not in acts_of(session, of):
            flash(_("Nothing was changed."))
            return redirect(_back(campaign, letter), 303)
        if not form.validate_on_submit():
            page = _page(session, of, act=act, form=form)
            return (page, 422) if request.method == "POST" else page
        by, now = session.get_one(Account, current_account().id), services().now()
        if act == DELETE:
            try:
                delete_unpublished(session, of, by=by, now=now)
            except WasPublished:
                abort(422)
            flash(_("Deleted."))
            way = url_for("staff.campaigns") if letter is None else url_for("staff.campaign", campaign=campaign)
            return redirect(way, 303)
        reason = form.reason.data if act == "offline" else ""
        holds = form.holds_unconfirmed.data if act == "offline" else False
        change(session, of, Change(WANTED[act], reason, holds), by=by, now=now)
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
        named = in_language(title_of(revision), language)
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
