"""The application of the staff pages: its routes, its sign-in, and the side bar that every page has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.routing import IntegerConverter, ValidationError
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectField

from advocacy.campaigns.campaign_files import Season
from advocacy.campaigns.campaign_folder import CAMPAIGN, OWN_DOCUMENTS, CampaignFolder
from advocacy.campaigns.documents import newest_revision, revision_files
from advocacy.language import Language, day_of
from advocacy.staff.models import ROLE_NAMES, Role
from advocacy.staff.publication_status import campaign_statuses
from advocacy.staff.revisions import IsArchived
from advocacy.web.errors import ERROR_TEMPLATE
from advocacy.web.locale import current_language
from advocacy.web.page import campaign_shown
from advocacy.web.services import services
from advocacy.web.staff import (  # noqa: F401
    account,
    audience,
    bill_stage,
    bounces,
    campaign_archives,
    campaign_bar,
    campaign_settings,
    campaigns,
    deliveries,
    directory_entry,
    directory_lists,
    editor,
    guide,
    history,
    home,
    letter_list,
    letter_preview,
    letter_settings,
    log,
    mail_merge,
    my_jobs,
    needs_a_look,
    people,
    publish,
    results,
    shared_sentences,
    survey,
    texts,
)
from advocacy.web.staff.access import LANGUAGE, account_or_none, bp, is_ours, is_proved, open_to_everyone
from advocacy.web.staff.forms import MAX_ID, StaffForm, form_errors
from advocacy.web.staff.my_jobs import own_jobs
from advocacy.web.staff.sign_in import add_sign_in
from advocacy.web.staff.texts import DOCUMENT_PAGES, campaign_name

STAFF = "advocacy-staff"
"""The name of the staff's application, and of its cookie."""


class IdConverter(IntegerConverter):
    """`<int:…>` in an address; a number that no id reaches, or beyond the route's own `max`, leads to 404."""

    def to_python(self, value: str) -> int:
        """Return the number; raise ValidationError for one that is too large."""
        number: int = super().to_python(value)
        if self.max is None and number > MAX_ID:
            raise ValidationError
        return number


class LanguageForm(StaffForm):
    """The language of the pages, and the page to come back to."""

    language = SelectField(choices=[one.value for one in Language])
    back = HiddenField()


@bp.post("/language")
@open_to_everyone
def language() -> Response:
    """Switch the language of the staff pages, and come back to the same one."""
    form = LanguageForm()
    if form.validate_on_submit():
        session[LANGUAGE] = form.language.data
    back = form.back.data or ""
    return redirect(back if is_ours(back) else url_for("staff.home"), 303)


language.secret = True  # type: ignore[attr-defined]  # an invitation's page has it too, and names itself to nobody


def add_staff_pages(app: Flask) -> None:
    """Make the staff's pages, and their sign-in, on an application of their own."""
    app.extensions[ERROR_TEMPLATE] = _look_of_error
    app.url_map.converters["int"] = IdConverter  # before any route is made
    app.register_blueprint(bp)
    add_sign_in(app)


@bp.app_errorhandler(IsArchived)
def refuse_change_of_archived(_error: IsArchived) -> Response:
    """Lead back to the campaign, where it can be restored."""
    flash(_("This is archived: restore it first."), "refused")
    return redirect(url_for("staff.campaign", campaign=(request.view_args or {})["campaign"]), 303)


def _look_of_error() -> tuple[str, Mapping[str, object]] | None:
    """Return the staff's page of errors for whoever is signed in, None for everybody else."""
    try:
        return ("staff/error.html", {}) if account_or_none() else None
    except SQLAlchemyError:
        g.account = None
        return None


@bp.app_context_processor
def template_context() -> dict[str, object]:
    """Return what every staff page is given besides what all pages are."""
    roles = {role.value: ROLE_NAMES[role].in_language(current_language()) for role in Role}
    return {
        "me": account_or_none(),
        "sidebar": sidebar,
        "staff_places": staff_places,
        "own_jobs": own_jobs,
        "form_errors": form_errors,
        "roles": roles,
        "here": request.path,
        "texts": texts,
    }


# --- The four places


@dataclass(frozen=True, slots=True)
class Place:
    """One of the places that the head of each staff page leads to."""

    name: str
    endpoint: str
    title: str
    role: Role


PLACES = (
    Place("today", "staff.home", _l("Today"), Role.WRITER),
    Place("letters-sent", "staff.deliveries", _l("Letters sent"), Role.MANAGER),
    Place("legislators", "staff.directory", _l("Legislators"), Role.MANAGER),
    Place("organisation", "staff.people", _l("Organisation"), Role.MANAGER),
)


def staff_places() -> list[Place]:
    """Return the places that whoever is signed in may open; none before the second factor."""
    me = account_or_none()
    return [place for place in PLACES if me.role.may(place.role)] if me and is_proved() else []


# --- The side bar

FIRST = (
    ("home", _l("Home"), Role.WRITER),
    ("campaigns", _l("Campaigns"), Role.WRITER),
)
OF_A_CAMPAIGN = (
    ("campaign", _l("Overview"), Role.WRITER),
    ("letters", _l("Letters"), Role.WRITER),
    ("survey", _l("Survey"), Role.WRITER),
    ("audience", _l("Audience"), Role.WRITER),
    ("results", _l("Results"), Role.WRITER),
    ("campaign_settings", _l("Settings"), Role.WRITER),
)
ORGANISATION = (
    ("people", _l("People"), Role.MANAGER),
    ("directory", _l("Directory"), Role.MANAGER),
    ("deliveries", _l("Deliveries"), Role.MANAGER),
    ("merge", _l("Merge"), Role.PUBLISHER),
    ("log", _l("Audit log"), Role.MANAGER),
)


@dataclass(frozen=True, slots=True)
class Link:
    endpoint: str
    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Sidebar:
    """What the side bar and the menu show; on pages that belong to no campaign, none of one.

    `current` is the link under which the page asked for lies, None where none does.
    """

    first: list[Link]
    of_campaign: list[Link]
    organisation: list[Link]
    campaign_name: str
    state: str
    current: Link | None


def sidebar(campaign: str | None = None) -> Sidebar | None:
    """Return the side bar of the page asked for, None before the second factor.

    `campaign` is the one that the page belongs to; without it, the one in the page's address.
    """
    me = account_or_none()
    if me is None or not is_proved():
        return None
    campaign = campaign or (request.view_args or {}).get("campaign")
    name = campaign_title(campaign) if campaign else ""
    first, organisation = _links(FIRST, me.role), _links(ORGANISATION, me.role)
    of_campaign = _links(OF_A_CAMPAIGN, me.role, campaign=campaign) if name else []
    state = _state(campaign) if campaign and name else ""
    return Sidebar(first, of_campaign, organisation, name, state, _current([*first, *of_campaign, *organisation]))


def _current(links: list[Link]) -> Link | None:
    if document := (request.view_args or {}).get("document"):
        return next((link for link in links if link.endpoint == DOCUMENT_PAGES.get(document, "letters")), None)
    if request.endpoint in {"staff.needs_a_look", "staff.hold_group", "staff.hold_text"}:
        return next((link for link in links if link.endpoint == "deliveries"), None)
    above = [
        link
        for link in links
        if request.path == link.address or (link.endpoint != "home" and request.path.startswith(f"{link.address}/"))
    ]
    return max(above, key=lambda link: len(link.address), default=None)


def campaign_title(campaign: str) -> str:
    """Return a campaign's name: as it is live, else as it was saved last; empty where there is none such."""
    opened = campaign_shown()
    if opened and opened.name == campaign:
        return opened.file.name.in_language(current_language())
    try:
        newest = newest_revision(g.session, campaign, OWN_DOCUMENTS[CAMPAIGN])
        files = revision_files(newest) if newest else {}
    except SQLAlchemyError:
        return ""
    return campaign_name(CampaignFolder.of(campaign, files)) if files else ""


def _state(campaign: str) -> str:
    """Return the campaign's status, or that its days are over."""
    opened = campaign_shown()
    if opened and opened.name == campaign and opened.file.season_on(day_of(services().now())) is Season.CLOSED:
        return "closed"
    found = campaign_statuses(g.session, campaign).get(campaign)
    return found.status.value if found else ""


def _links(pages: tuple[tuple[str, object, Role], ...], role: Role, **of: Any) -> list[Link]:
    """Return the links that somebody of this role may open."""
    return [
        Link(endpoint, url_for(f"staff.{endpoint}", **of), str(name))
        for endpoint, name, needed in pages
        if role.may(needed)
    ]
