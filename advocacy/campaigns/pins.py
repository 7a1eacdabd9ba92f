"""A letter is pinned to the words it was made of: the revisions of its campaign, its findings and its own text."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.models import Campaign, Document, Publication, Revision

SHARED = ("campaign", "findings")
"""The documents that every letter of a campaign is made of besides its own."""


def of_letter(revisions: Mapping[str, int], letter: str) -> Mapping[str, int]:
    """Give the revisions one letter is made of, of all those its campaign was read from; its own is "letter"."""
    return {"letter" if name == letter else name: revisions[name] for name in (*SHARED, letter)}


def written(revisions: Mapping[str, int]) -> str:
    """Write revisions as a form carries them: "3.7.12"."""
    return ".".join(str(one) for one in sorted(revisions.values()))


def read(text: str) -> frozenset[int]:
    """Read what a form carried; nothing of what is not written so."""
    parts = text.split(".")
    return (
        frozenset(map(int, parts))
        if all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts)
        else frozenset()
    )


def still_good(
    session: Session, campaign: str, revisions: Collection[int], *, since: datetime
) -> Mapping[str, int] | None:
    """Give these revisions by their documents, where all of them were what citizens met at some moment after `since`.

    None where one was not, is of another campaign, or two are of one document.
    """
    published = (
        select(Document.name, Publication.revision_id, Publication.at)
        .join(Revision, Publication.revision_id == Revision.id)
        .join(Document, Revision.document_id == Document.id)
        .join(Campaign, Document.campaign_id == Campaign.id)
        .where(Campaign.name == campaign)
        .order_by(Publication.id.desc())
    )
    good: dict[str, int] = {}
    followed: dict[str, datetime] = {}
    for name, revision, at in session.execute(published):
        until = followed.get(name)
        if revision in revisions and name not in good and (until is None or until > since):
            good[name] = revision
        followed[name] = at
    return good if set(good.values()) == set(revisions) and set(SHARED) <= set(good) else None
