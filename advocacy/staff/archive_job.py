"""Campaigns are packed into a zip, and a zip that comes in is checked, in the background."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from advocacy.campaigns.documents import stored_campaigns
from advocacy.campaigns.folder import CampaignFolder
from advocacy.campaigns.imports import ImportPreview, check_imports, compare_imports, fingerprint
from advocacy.exports.campaign_archive import BadArchive, packed, unpacked
from advocacy.problems import problem_data, problem_from_data
from advocacy.staff import audit_log, importing, own_list
from advocacy.staff.job_work import CannotBeDone, Result, Work, in_every_language
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
            audit_log.write(session, audit_log.Act.CAMPAIGN_EXPORTED, f"campaign:{name}", by=by, now=now)
        return {}

    file = {"name": f"{wanted or 'letters'}.zip", "media_type": "application/zip"}
    return Result(Outcome("packed", {"campaigns": len(found), "file": file}), record)


def check(work: Work) -> Result:
    """Look for what is to be fixed in the campaigns of a zip; raises CannotBeDone.

    The outcome's `seen` is the fingerprint of what was compared, the report says what is to be fixed. The zip is kept,
    to be looked over and taken.
    """
    try:
        folders = unpacked(work.read_input())
    except BadArchive as refused:
        raise CannotBeDone("zip-refused", sentences=[in_every_language(refused.message)]) from None
    with work.sessions() as session:
        wrong = importing.list_problems(session, folders)
        offers = compare_imports(session, folders)
    if wrong:
        raise CannotBeDone("zip-refused", sentences=[in_every_language(one) for one in wrong])
    found: list[Mapping[str, Any]] = []
    work.progress(0, len(offers))
    for offer in check_imports(offers):
        found.append({"problems": [problem_data(one) for one in offer.problems], "unseen": offer.unseen})
        work.progress(len(found), len(offers))
    outcome = Outcome("compared", {"seen": fingerprint(offers)})
    return Result(outcome, report=json.dumps(found).encode("ascii"), keeps_input=True)


def with_report(offers: Sequence[ImportPreview], report: bytes) -> Sequence[ImportPreview]:
    """Return these offers with what the check of the same ones found."""
    return [
        replace(offer, problems=[problem_from_data(one) for one in found["problems"]], unseen=found["unseen"])
        for offer, found in zip(offers, json.loads(report), strict=True)
    ]
