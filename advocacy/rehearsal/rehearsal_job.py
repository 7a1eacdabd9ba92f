"""A rehearsal as work in the background, which staff start; what came of it is stored with the campaign."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from advocacy.rehearsal.rehearse import CannotRehearse, rehearse
from advocacy.staff import jobs, rehearsals
from advocacy.staff.job_runner import CannotBeDone, Result, Work


def run_rehearsal(work: Work) -> Result:
    """Rehearse the campaign that the argument `name` names, as the `revisions` make it, with so many `letters`.

    Raises CannotBeDone.
    """
    campaign, by = work.arguments["name"], work.claim.account_id
    try:
        report = rehearse(
            work.sessions,
            campaign,
            work.arguments["revisions"],
            letters=work.arguments["letters"],
            settings=work.settings,
            now=work.now(),
            seed=work.claim.job_id,
            progress=work.progress,
        )
    except CannotRehearse as refused:
        raise CannotBeDone(f"rehearsal-{refused.code}") from None

    def record(session: Session) -> Mapping[str, Any]:
        rehearsals.store(session, campaign, report.to_data(), by=by, now=work.now())
        return {"campaign": campaign}

    return Result(jobs.Outcome("rehearsed", {}), record)
