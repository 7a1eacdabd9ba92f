"""What a manager sets of a campaign besides its files: whether one person may publish what they wrote."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.models import Campaign
from advocacy.staff import audit
from advocacy.staff.models import Account, CampaignRule


def alone(session: Session, campaign: str) -> bool:
    """Tell whether whoever wrote something of this campaign may publish it too."""
    return bool(session.scalar(select(CampaignRule.alone).join(Campaign).where(Campaign.name == campaign)))


def set_alone(session: Session, campaign: str, wanted: bool, *, by: Account, now: datetime) -> bool:
    """Let one person publish what they wrote, or want a second one again; tell whether that changed anything.

    The campaign has to exist. To be called by one transaction at a time.
    """
    before = alone(session, campaign)
    if before is wanted:
        return False
    owner = session.scalars(select(Campaign).where(Campaign.name == campaign)).one()
    session.merge(CampaignRule(campaign_id=owner.id, alone=wanted))
    audit.write(
        session,
        audit.Act.RULE_CHANGED,
        f"campaign:{campaign}",
        by=by.id,
        now=now,
        before={"alone": before},
        after={"alone": wanted},
    )
    return True
