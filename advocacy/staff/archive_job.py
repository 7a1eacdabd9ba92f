"""Campaigns are packed into a zip in the background."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from advocacy.campaigns.folder import CampaignFolder
from advocacy.campaigns.stored_campaigns import stored_campaigns
from advocacy.exports.campaign_archive import packed
from advocacy.staff import audit, own_list
from advocacy.staff.job_work import CannotBeDone, Result, Work
from advocacy.staff.jobs import Outcome


def export(work: Work) -> Result:
    """Pack the campaign that the argument `name` names, or all of them for ""; raises CannotBeDone.

    Each is packed as it is live; one of which nothing is live, as it was saved last.
    """
    wanted = work.arguments["name"]
    with work.sessions() as session:
        found = stored_campaigns(session, wanted or None)
        if wanted and wanted not in found:
            raise CannotBeDone("campaign-gone")
        folders = list[CampaignFolder]()
        for campaign in found.values():
            work.progress(len(folders), len(found))
            folders.append(own_list.with_list(session, campaign.best()))
    work.write(packed(folders))

    def record(session: Session) -> Mapping[str, Any]:
        by, now = work.claim.account_id, work.now()
        for name in found:
            audit.write(session, audit.Act.CAMPAIGN_EXPORTED, f"campaign:{name}", by=by, now=now)
        return {}

    file = {"name": f"{wanted or 'letters'}.zip", "media_type": "application/zip"}
    return Result(Outcome("packed", {"campaigns": len(found), "file": file}), record)
