"""A list of legislators is read from its source in the background, and kept to be looked over."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from advocacy.language import day_of
from advocacy.legislators import pending_import
from advocacy.legislators.directory_queries import riding_names
from advocacy.legislators.sources import SOURCES
from advocacy.legislators.sources.http_client import Client, SourceError
from advocacy.staff.job_work import CannotBeDone, Result, Work
from advocacy.staff.jobs import Outcome

TIMEOUT_S = 30.0
"""For each page of a source; a job that is silent for a minute counts as lost."""


def run(work: Work) -> Result:
    """Read the source that the argument `source` names; raises CannotBeDone. The outcome has the list's number."""
    source, pages = SOURCES[work.arguments["source"]], 0
    client = Client(total_seconds=TIMEOUT_S)

    def fetch(url: str) -> bytes:
        nonlocal pages
        work.progress(pages, 0)
        pages += 1
        return client(url)

    with work.sessions() as session:
        ridings = riding_names(session)
    try:
        records = source.read(fetch, ridings)
    except SourceError as trouble:
        raise CannotBeDone("source", source=source.name, detail=str(trouble)) from None

    def propose(session: Session) -> Mapping[str, Any]:
        by, now = work.claim.account_id, work.now()
        proposed = pending_import.store(session, records, source=source.name, as_of=day_of(now), by=by, now=now)
        return {"list": proposed.id}

    return Result(Outcome("read", {}), propose)
