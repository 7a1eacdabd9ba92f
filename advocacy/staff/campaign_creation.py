"""Campaigns created from files, a zip or another campaign: their documents become revisions of whoever imports them."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_folder import OWN_LIST, CampaignFolder, digest
from advocacy.campaigns.documents import StoredCampaign, campaign_names, name_problem
from advocacy.campaigns.import_preview import ImportPreview, compare_imports, fingerprint, preview_imports
from advocacy.campaigns.library import lock_campaigns
from advocacy.campaigns.models import Revision
from advocacy.campaigns.skeletons import with_name
from advocacy.exports.people_csv import Person, read_people_list, write_people_list
from advocacy.language import Wording
from advocacy.legislators.directory_queries import riding_names
from advocacy.messages import Words, message
from advocacy.sheets import SheetErrors
from advocacy.staff import audit_log, own_list, revisions
from advocacy.staff.models import Account, Authorship
from advocacy.staff.reviews import authors_of

MAX_LIST_PROBLEMS = 10
BAD_CELL = message("%(file)s, row %(row)s, column %(column)s: %(problem)s")


class ChangedMeanwhile(Exception):
    """What an archive would change is no longer what was looked over."""


def writer_names(session: Session, saved: Sequence[Revision]) -> Mapping[int, str]:
    """Return the names of those who saved these revisions, by the revisions' ids."""
    rows = select(Authorship.revision_id, Account.name).join(Authorship.account)
    return dict(session.execute(rows.where(Authorship.revision_id.in_([one.id for one in saved]))).all())


def list_problems(session: Session, folders: Sequence[CampaignFolder]) -> Sequence[Words]:
    """Return what keeps the lists of people that come with these campaigns from being read."""
    found: list[Words] = []
    for folder in folders:
        try:
            _people(session, folder)
        except SheetErrors as refused:
            found += [
                BAD_CELL.with_params(file=folder.path(OWN_LIST), row=one.row, column=one.column, problem=one.message)
                for one in refused.errors
            ]
    return found[:MAX_LIST_PROBLEMS]


def matches(offers: Sequence[ImportPreview], seen: str) -> bool:
    """Whether these offers are what a fingerprint was made of."""
    return hmac.compare_digest(seen.encode(), fingerprint(offers).encode())


def import_campaigns(
    session: Session, folders: Sequence[CampaignFolder], *, by: Account, now: datetime, seen: str | None = None
) -> Sequence[Revision]:
    """Save what changes as revisions that are not public yet; raises ValueError where something is to be fixed.

    A list of people that came along waits under Audience, where its difference is shown before it counts. Whoever wrote
    the same files, here or in another campaign, where they were never published, counts as their writer too.

    `seen` is the fingerprint of what was checked before and looked over, and is not checked again; raises
    ChangedMeanwhile where it is no longer what would happen.
    """
    lock_campaigns(session)
    made: list[Revision] = []
    offers = preview_imports(session, folders) if seen is None else compare_imports(session, folders)
    if seen is not None and not matches(offers, seen):
        raise ChangedMeanwhile
    for offer in offers:
        if offer.problems:
            raise ValueError(f"{offer.folder.name} is to be fixed first")
        name = offer.folder.name
        for document, files in offer.changed.items():
            same = session.scalars(select(Revision).where(Revision.digest == digest(files))).all()
            wrote = {account for one in same for account in revisions.unpublished_writers(session, one)}
            made.append(revisions.save(session, name, document, files=files, by=by, now=now, writers=wrote))
        people = _people(session, offer.folder)
        if people:
            own_list.store_pending(session, name, write_people_list(people), by=by.id, now=now)
        if offer.changed:
            documents = {"documents": sorted(offer.changed)}
            audit_log.write(
                session, audit_log.Act.CAMPAIGN_IMPORTED, f"campaign:{name}", by=by.id, now=now, after=documents
            )
    return made


def create_campaign(
    session: Session,
    name: str,
    folder: CampaignFolder,
    *,
    by: Account,
    now: datetime,
    title: Wording | None = None,
    copy_of: StoredCampaign | None = None,
) -> None:
    """Make a campaign of these files, called `title` and open at any time; it is not public yet.

    `folder` has the name of what it is a copy of, "" for a blank one. Whoever wrote what was never published of
    `copy_of` counts as a writer of the copy too. Raises ValueError where the name cannot be had: see `name_problem`.
    """
    lock_campaigns(session)
    if name_problem(name, campaign_names(session)):
        raise ValueError(f"the name {name} cannot be had")
    copied = copy_of.current_revisions() if copy_of else {}
    authors = authors_of(session, [one.id for one in copied.values()])
    for document, files in (with_name(folder, title) if title else folder).documents().items():
        wrote = authors[copied[document].id] if document in copied else ()
        revisions.save(session, name, document, files=files, by=by, now=now, writers=wrote)
    after = {"copied_from": folder.name}
    audit_log.write(session, audit_log.Act.CAMPAIGN_MADE, f"campaign:{name}", by=by.id, now=now, after=after)


def _people(session: Session, folder: CampaignFolder) -> Sequence[Person]:
    """Return the people of the list that came with a campaign's files; raises SheetErrors."""
    content = folder.content(OWN_LIST)
    return read_people_list(content, riding_names(session)) if content else []
