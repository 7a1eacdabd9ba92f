"""The bar of a campaign's pages: its name, its state, what is missing or not public, and the act that comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g
from sqlalchemy import select

from advocacy.campaigns.campaign_files import Season
from advocacy.campaigns.documents import folder_problems
from advocacy.campaigns.library import newest_folder
from advocacy.language import day_of
from advocacy.messages import Message, message, nmessage
from advocacy.staff import publication
from advocacy.staff.models import Account, Proposal
from advocacy.staff.publication_status import CampaignStatus, Status, campaign_statuses
from advocacy.web.services import services
from advocacy.web.staff.access import bp, or_404
from advocacy.web.staff.texts import campaign_name, format_in_sentence


@dataclass(frozen=True, slots=True)
class CampaignBar:
    """What the bar says: `problems` are to be mended before it can open, `changes` are those that are not public.

    `reviewer` is whom it was sent to, "" for anybody who may approve it, and `asked_at` when.
    """

    campaign: str
    name: str
    status: Status
    is_open: bool
    is_closed: bool
    problems: int
    changes: int
    reviewer: str
    asked_at: datetime | None
    approves_alone: bool

    @property
    def state(self) -> Message:
        """The state in words."""
        if self.status is Status.IN_REVIEW:
            return message("With %(name)s", name=self.reviewer) if self.reviewer else message("Waits for approval")
        if self.status is Status.CHANGES_ASKED:
            return message("Changes asked")
        if self.status is Status.ARCHIVED:
            return message("Archived")
        if self.is_closed or self.status is Status.OFFLINE:
            return message("Closed")
        return message("Open") if self.is_open else message("Draft")

    @property
    def is_on(self) -> bool:
        """Whether citizens can write, and nobody has to do anything."""
        return self.is_open and not self.is_closed and self.status in {Status.LIVE, Status.DRAFT}

    @property
    def line(self) -> Message | None:
        """What is missing, not public yet, or waited for."""
        if self.status is Status.IN_REVIEW and self.asked_at:
            sent = format_in_sentence(self.asked_at)
            return message("Sent %(when)s. If you change something, it comes back to you.", when=sent)
        if self.problems:
            return nmessage(
                "1 thing is missing before it can open.",
                "%(num)s things are missing before it can open.",
                self.problems,
            )
        if not self.is_open:
            return message("Ready to open.")
        return (
            nmessage("1 change is not public yet.", "%(num)s changes are not public yet.", self.changes)
            if self.changes
            else None
        )


@bp.app_template_global()
def campaign_bar(campaign: str) -> CampaignBar:
    """Return what the bar of a campaign says now."""
    status = or_404(campaign_statuses(g.session, campaign).get(campaign))
    folder, opened = newest_folder(g.session, campaign), services().opened.get(g.session, campaign)
    asked_at, reviewer = _open_request(status)
    return CampaignBar(
        campaign,
        campaign_name(folder),
        status.pending or status.status,
        opened is not None and opened.is_online,
        opened is not None and opened.file.season_on(day_of(services().now())) is Season.CLOSED,
        len(folder_problems(folder)),
        len(publication.pending_revisions(g.session, campaign)),
        reviewer,
        asked_at,
        publication.one_person_rule(g.session, campaign),
    )


def _open_request(status: CampaignStatus) -> tuple[datetime | None, str]:
    """Return when what waits of a campaign was sent last, and to whom; None and "" where nothing was."""
    newest: Sequence[int] = [document.newest_id for document in status.documents.values()]
    which = (
        select(Proposal.asked_at, Account.name)
        .outerjoin(Account, Account.id == Proposal.reviewer_id)
        .where(Proposal.revision_id.in_(newest), Proposal.answer.is_(None))
        .order_by(Proposal.asked_at.desc())
    )
    row = g.session.execute(which).first()
    return (row.asked_at, row.name or "") if row else (None, "")
