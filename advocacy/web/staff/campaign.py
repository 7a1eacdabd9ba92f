"""The overview of a campaign: what is live, what is missing, what waits, who is writing, and its bills."""

from collections import Counter

from flask import abort, render_template
from sqlalchemy import select

from advocacy.campaigns.campaign_files import season
from advocacy.campaigns.checklist import checklist
from advocacy.campaigns.checks.campaign_check import check_folder
from advocacy.campaigns.folder import CAMPAIGN, OWN_DOCUMENTS
from advocacy.campaigns.library import newest_folder
from advocacy.campaigns.models import Availability, Campaign
from advocacy.language import day_of
from advocacy.staff import own_list
from advocacy.staff.models import Role
from advocacy.staff.publication_status import Status, campaign_statuses
from advocacy.web.cached_figures import cached_figures
from advocacy.web.locale import current_language
from advocacy.web.page import campaign_shown
from advocacy.web.services import services
from advocacy.web.staff.access import current_account, requires
from advocacy.web.staff.bill import bills_of
from advocacy.web.staff.blueprint import bp
from advocacy.web.staff.letter_titles import documents_of, name_of
from advocacy.web.staff.letters import availability_verbs, drafts_of

PENDING = frozenset({Status.IN_REVIEW, Status.CHANGES_ASKED, Status.SCHEDULED, Status.DRAFT})


@bp.get("/campaigns/<campaign>")
@requires(Role.WRITER)
def campaign(campaign: str) -> str:
    """Show how one campaign is doing."""
    with services().sessions() as session:
        status = campaign_statuses(session, campaign).get(campaign)
        if status is None:
            abort(404)
        folder = newest_folder(session, campaign)
        drafts, bills = drafts_of(session, campaign), bills_of(session, campaign)
        made = cached_figures(session, campaign)
        own = own_list.current(session, campaign)
        why = select(Campaign.availability_reason).where(Campaign.name == campaign)
        reason = session.scalar(why) if status.availability is Availability.OFFLINE else ""
    language, opened, today = current_language(), campaign_shown(), day_of(services().now())
    names = documents_of(folder, language)
    file = opened.file if opened else folder.readable_campaign()
    problems = len(check_folder(folder))
    return render_template(
        "staff/campaign_overview.html",
        checklist=checklist(folder, own_list=own.rows if own else 0, problems=problems, live=opened is not None),
        name=campaign,
        title=name_of(folder, language),
        status=status,
        reason=reason,
        file=file,
        season=season(file, today) if opened and file else None,
        letters=Counter(
            one.status.value for name, one in status.documents.items() if name not in OWN_DOCUMENTS.values()
        ),
        waiting=[(names[name], one) for name, one in status.documents.items() if one.pending in PENDING],
        writing=[(names[name], who, at) for name, found in drafts.items() for who, at in found],
        problems=problems,
        bills=bills,
        may_publish=current_account().role.may(Role.PUBLISHER),
        verbs=availability_verbs(status.availability, status.documents[OWN_DOCUMENTS[CAMPAIGN]].live),
        confirmed=made.total,
        this_week=made.week_before(today),
    )
