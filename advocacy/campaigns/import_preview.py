"""Campaigns to be imported from files: what the import would change, and what is to be fixed before."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_folder import CampaignFolder, digest
from advocacy.campaigns.checks.campaign_check import check_parts
from advocacy.campaigns.documents import StoredCampaign, changed_documents, stored_campaigns
from advocacy.campaigns.library import Documents
from advocacy.campaigns.models import Revision
from advocacy.problems import Problem

MAX_PROBLEMS, MAX_FAULTY_PARTS = 200, 5
"""The checks stop after so many problems, or so many letters and the like with any."""


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What the import of one campaign would do.

    `problems` keep it from being imported, those of letters that stay among them; `is_partial` where the rest was not
    checked. `stored` is None for a new campaign, `result` the campaign as it would be then.
    """

    folder: CampaignFolder
    stored: StoredCampaign | None
    result: CampaignFolder
    changed: Documents
    problems: Sequence[Problem] = ()
    is_partial: bool = False

    @property
    def unchanged(self) -> Sequence[str]:
        """The documents that came in as they are already."""
        return sorted(self.folder.documents().keys() - self.changed.keys())

    @property
    def missing(self) -> Sequence[str]:
        """The documents that the files lack: they stay as they are."""
        return sorted(self.stored.documents.keys() - self.folder.documents().keys()) if self.stored else []

    @property
    def before(self) -> CampaignFolder:
        """The campaign as it was last saved; no files of a new one."""
        return self.stored.newest() if self.stored else CampaignFolder.of(self.folder.name, {})

    @property
    def discarded(self) -> Mapping[str, Revision]:
        """The unpublished revisions of documents that would go back to what is live, by document."""
        documents = self.stored.documents if self.stored else {}
        return {
            name: documents[name].newest
            for name, files in self.changed.items()
            if name in documents and (live := documents[name].live) is not None and live.digest == digest(files)
        }


def preview_imports(session: Session, folders: Sequence[CampaignFolder]) -> Sequence[ImportPreview]:
    """Return what the import of these campaigns would do, checked; nothing is changed."""
    return [*check_imports(compare_imports(session, folders))]


def compare_imports(session: Session, folders: Sequence[CampaignFolder]) -> Sequence[ImportPreview]:
    """Return what the import of these campaigns would change, without looking for problems, which takes the longest."""
    stored, offers = stored_campaigns(session), []
    for folder in folders:
        campaign = stored.get(folder.name)
        newest = campaign.newest() if campaign else CampaignFolder.of(folder.name, {})
        result = newest.with_documents(folder.documents())
        offers.append(ImportPreview(folder, campaign, result, changed_documents(campaign, folder)))
    return offers


def check_imports(offers: Sequence[ImportPreview]) -> Iterator[ImportPreview]:
    """Yield these offers with their problems, each once it is checked."""
    count = faulty = 0

    def is_over() -> bool:
        return count >= MAX_PROBLEMS or faulty >= MAX_FAULTY_PARTS

    for offer in offers:
        problems: set[Problem] = set()
        parts = chain(check_parts(offer.folder), check_parts(offer.result, offer.missing))
        while not is_over() and (part := next(parts, None)) is not None:
            count, faulty = count + len(part), faulty + bool(part)
            problems.update(part)
        yield replace(offer, problems=sorted(problems)[:MAX_PROBLEMS], is_partial=is_over())


def fingerprint(offers: Sequence[ImportPreview]) -> str:
    """Return one number for what these offers would change and what there is before (SHA-256, hexadecimal)."""
    states = [(one.name, digest(dict(one.files))) for offer in offers for one in (offer.before, offer.folder)]
    return hashlib.sha256(repr(states).encode()).hexdigest()
