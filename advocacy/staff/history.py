"""Every revision of a document: who wrote it and when, from when until when citizens met it, and who saw to that."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from advocacy.campaigns.models import Author, Document, Publication, Revision, live
from advocacy.staff.models import Account, Authorship, Proposal

AT_ONCE = 25
"""How many revisions one page shows."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time during which a revision was live; `until` is None while it is."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One revision. `writer` is "" where it came from files, `answer` "waiting" while somebody is asked to publish it.

    `same_as` is the number of an older revision with the same files, `second` whoever answered, `word` what they wrote.
    """

    id: int
    number: int
    author: Author
    writer: str
    made_at: datetime
    spans: tuple[Span, ...]
    answer: str
    second: str
    word: str
    same_as: int | None

    @property
    def live(self) -> bool:
        """Tell whether citizens meet it now."""
        return any(span.until is None for span in self.spans)


def entries(session: Session, document: Document, *, before: int | None = None, at_once: int = AT_ONCE) -> list[Entry]:
    """Give the revisions of a document, the newest first; `before` leaves out that number and newer ones."""
    writer, second = aliased(Account), aliased(Account)
    rows = (
        select(Revision, writer.name, second.name)
        .outerjoin(Authorship, Authorship.revision_id == Revision.id)
        .outerjoin(writer, Authorship.account_id == writer.id)
        .outerjoin(Proposal, Proposal.revision_id == Revision.id)
        .outerjoin(second, Proposal.answered_by == second.id)
        .where(Revision.document_id == document.id)
        .order_by(Revision.number.desc())
    )
    if before is not None:
        rows = rows.where(Revision.number < before)
    found = session.execute(rows.limit(at_once)).all()
    spans, older, asked = _spans(session, document), _oldest(session, document), _proposals(session, document)
    return [
        Entry(
            row.id,
            row.number,
            row.author,
            wrote or "",
            row.made_at,
            spans=tuple(spans.get(row.id, ())),
            answer=(asked[row.id].answer or "waiting") if row.id in asked else "",
            second=answered or "",
            word=asked[row.id].word if row.id in asked else "",
            same_as=older[row.digest] if older[row.digest] < row.number else None,
        )
        for row, wrote, answered in found
    ]


@dataclass(frozen=True, slots=True)
class Written:
    """One revision since the live one: its number, when, and by whom, "" where it came from files."""

    number: int
    made_at: datetime
    writer: str


def written_since_live(session: Session, revision_ids: Collection[int]) -> Mapping[int, Sequence[Written]]:
    """Return, by revision, those of its document since the live one, the newest first: one query."""
    this, published = aliased(Revision), aliased(Revision)
    rows = session.execute(
        select(this.id, Revision.number, Revision.made_at, Account.name)
        .select_from(this)
        .join(Revision, and_(Revision.document_id == this.document_id, Revision.number <= this.number))
        .outerjoin(published, and_(published.document_id == this.document_id, published.id.in_(live())))
        .outerjoin(Authorship, Authorship.revision_id == Revision.id)
        .outerjoin(Account, Account.id == Authorship.account_id)
        .where(this.id.in_(revision_ids), Revision.number > func.coalesce(published.number, 0))
        .order_by(Revision.number.desc())
    )
    found: dict[int, list[Written]] = {key: [] for key in revision_ids}
    for key, number, made_at, name in rows:
        found[key].append(Written(number, made_at, name or ""))
    return found


def _proposals(session: Session, document: Document) -> Mapping[int, Proposal]:
    which = select(Proposal).join(Revision, Proposal.revision_id == Revision.id)
    return {one.revision_id: one for one in session.scalars(which.where(Revision.document_id == document.id))}


def _spans(session: Session, document: Document) -> Mapping[int, Sequence[Span]]:
    """Give the times each revision was live: each publication lasts until the next."""
    published = session.execute(
        select(Publication.revision_id, Publication.at)
        .join(Revision, Publication.revision_id == Revision.id)
        .where(Revision.document_id == document.id)
        .order_by(Publication.id)
    ).all()
    spans: dict[int, list[Span]] = {}
    for place, (revision, since) in enumerate(published):
        until = published[place + 1].at if place + 1 < len(published) else None
        spans.setdefault(revision, []).append(Span(since, until))
    return spans


def _oldest(session: Session, document: Document) -> Mapping[str, int]:
    """Give, for each content there was, the number of the first revision that had it."""
    rows = session.execute(
        select(Revision.digest, Revision.number)
        .where(Revision.document_id == document.id)
        .order_by(Revision.number.desc())
    )
    return dict(rows.all())
