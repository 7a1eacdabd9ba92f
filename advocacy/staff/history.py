"""Every revision of a document: who wrote it and when, from when until when it was live, and who saw to that."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from advocacy.campaigns.models import Document, Publication, Revision, live_revision_ids
from advocacy.staff.models import Account, Authorship, Proposal

Written: TypeAlias = Row[int, int, datetime, str]
AT_ONCE = 25
"""How many revisions one page shows."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time during which a revision was live; `until` is None while it is."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One revision, with what was asked for it; `writer` is "" where it came from files.

    `same_as` is the number of an older revision with the same files, `second` whoever answered.
    """

    revision: Revision
    writer: str
    proposal: Proposal | None
    second: str
    spans: Sequence[Span]
    same_as: int | None

    @property
    def live(self) -> bool:
        """Whether it is live now."""
        return any(span.until is None for span in self.spans)


def entries(session: Session, document: Document, *, before: int | None = None, at_once: int = AT_ONCE) -> list[Entry]:
    """Return the revisions of a document, the newest first; `before` leaves out that number and newer ones."""
    writer, second = aliased(Account), aliased(Account)
    rows = (
        select(Revision, writer.name, Proposal, second.name)
        .outerjoin(Authorship, Authorship.revision_id == Revision.id)
        .outerjoin(writer, Authorship.account_id == writer.id)
        .outerjoin(Proposal, Proposal.revision_id == Revision.id)
        .outerjoin(second, Proposal.answered_by == second.id)
        .where(Revision.document_id == document.id)
        .order_by(Revision.number.desc())
        .options(selectinload(Revision.files))
    )
    if before is not None:
        rows = rows.where(Revision.number < before)
    first = select(Revision.digest, func.min(Revision.number)).where(Revision.document_id == document.id)
    oldest, spans = dict(session.execute(first.group_by(Revision.digest)).all()), _spans(session, document)
    return [
        Entry(
            row,
            wrote or "",
            proposal,
            answered or "",
            spans.get(row.id, ()),
            same_as=oldest[row.digest] if oldest[row.digest] < row.number else None,
        )
        for row, wrote, proposal, answered in session.execute(rows.limit(at_once))
    ]


def written_since_live(session: Session, revision_ids: Collection[int]) -> Mapping[int, Sequence[Written]]:
    """Return, by revision, itself and those of its document since the live one, the newest first: one query.

    Of each its `number`, when it was made (`made_at`) and its `writer`, None where it came from files.
    """
    this, published = aliased(Revision), aliased(Revision)
    rows = session.execute(
        select(this.id, Revision.number, Revision.made_at, Account.name.label("writer"))
        .select_from(this)
        .join(Revision, and_(Revision.document_id == this.document_id, Revision.number <= this.number))
        .outerjoin(published, and_(published.document_id == this.document_id, published.id.in_(live_revision_ids())))
        .outerjoin(Authorship, Authorship.revision_id == Revision.id)
        .outerjoin(Account, Account.id == Authorship.account_id)
        .where(this.id.in_(revision_ids))
        .where(or_(Revision.id == this.id, Revision.number > func.coalesce(published.number, 0)))
        .order_by(Revision.number.desc())
    )
    found: dict[int, list[Written]] = {key: [] for key in revision_ids}
    for row in rows:
        found[row.id].append(row)
    return found


def _spans(session: Session, document: Document) -> Mapping[int, Sequence[Span]]:
    """Return the times each revision was live: each publication lasts until the next."""
    published = session.execute(
        select(Publication.revision_id, Publication.at)
        .join(Revision, Publication.revision_id == Revision.id)
        .where(Revision.document_id == document.id)
        .order_by(Publication.id)
    ).all()
    spans: dict[int, list[Span]] = {}
    for place, (revision, since) in enumerate(published, 1):
        until = published[place].at if place < len(published) else None
        spans.setdefault(revision, []).append(Span(since, until))
    return spans
