"""The side bar of the staff pages: a campaign's pages and the organisation's, as far as a role may open them."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from advocacy.campaigns.campaign_files import Season
from advocacy.campaigns.campaign_folder import CAMPAIGN, OWN_DOCUMENTS, CampaignFolder
from advocacy.campaigns.models import Campaign, Document, Revision, RevisionFile
from advocacy.language import day_of
from advocacy.staff.models import Role
from advocacy.staff.publication_status import campaign_statuses
from advocacy.web.locale import current_language
from advocacy.web.page import campaign_shown
from advocacy.web.services import services
from advocacy.web.staff.access import Staff, staff_or_none
from advocacy.web.staff.texts import campaign_name

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
OF_A_DOCUMENT = {"campaign": "campaign_settings", "safety": "campaign_settings", "findings": "survey"}
"""The page under which a document's history is found; a letter's is found under the letters."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the side bar."""

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
    staff = staff_or_none()
    if staff is None or staff.browser_session.proved_at is None:
        return None
    campaign = campaign or (request.view_args or {}).get("campaign")
    name = campaign_title(campaign) if campaign else ""
    first, organisation = _links(FIRST, staff), _links(ORGANISATION, staff)
    of_campaign = _links(OF_A_CAMPAIGN, staff, campaign=campaign) if name else []
    state = _state(campaign) if campaign and name else ""
    return Sidebar(first, of_campaign, organisation, name, state, _current([*first, *of_campaign, *organisation]))


def _current(links: list[Link]) -> Link | None:
    if document := (request.view_args or {}).get("document"):
        return next((link for link in links if link.endpoint == OF_A_DOCUMENT.get(document, "letters")), None)
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
    newest = (
        select(RevisionFile.content)
        .join(Revision, RevisionFile.revision_id == Revision.id)
        .join(Document, Revision.document_id == Document.id)
        .join(Campaign, Document.campaign_id == Campaign.id)
        .where(Campaign.name == campaign, Document.name == OWN_DOCUMENTS[CAMPAIGN], RevisionFile.name == CAMPAIGN)
        .order_by(Revision.number.desc())
        .limit(1)
    )
    try:
        with services().sessions() as session:
            content = session.scalar(newest)
    except SQLAlchemyError:
        return ""
    return campaign_name(CampaignFolder.of(campaign, {CAMPAIGN: content})) if content else ""


def _state(campaign: str) -> str:
    """Return the campaign's status, or that its days are over."""
    opened = campaign_shown()
    if opened and opened.name == campaign and opened.file.season_on(day_of(services().now())) is Season.CLOSED:
        return "closed"
    with services().sessions() as session:
        found = campaign_statuses(session, campaign).get(campaign)
    return found.status.value if found else ""


def _links(pages: tuple[tuple[str, object, Role], ...], staff: Staff, **of: Any) -> list[Link]:
    """Return the links that somebody may open."""
    return [
        Link(endpoint, url_for(f"staff.{endpoint}", **of), str(name))
        for endpoint, name, needed in pages
        if staff.may(needed)
    ]
