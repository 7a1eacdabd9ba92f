"""From a saved revision to what citizens meet: asked for by one person, published by another."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns import library
from advocacy.campaigns.folder import digest
from advocacy.campaigns.models import Author, Revision
from advocacy.staff import audit, standing
from advocacy.staff.audit import Act
from advocacy.staff.models import Account, Authorship, Proposal
from advocacy.staff.roles import Role
from advocacy.staff.standing import NotAllowed, authors

__all__ = ["NotAllowed", "ask", "authors", "publish", "restore", "save", "send_back", "withdraw"]

PUBLISHED, RETURNED, WITHDRAWN = "published", "returned", "withdrawn"
"""What can become of a proposal."""
LONGEST_WORD = 2000
"""How many characters one person's word to another may have."""


def save(
    session: Session,
    campaign: str,
    document: str,
    *,
    files: Mapping[str, bytes],
    by: Account,
    now: datetime,
    over: int | None = None,
) -> Revision:
    """Store a new revision of a document with its writer, written into the journal; nobody meets it yet.

    `document` is "campaign", "findings", "safety" or a letter's folder name; one that does not exist is made.
    `over` is the id of the revision it was written over, the live one when left out. Files that are those of the newest
    revision make no other: that one is given.
    """
    library.wait_for_turn(session)
    newest = standing.newest(session, campaign, document)
    if newest is not None and newest.digest == digest(files):
        return newest
    made = library.revise(session, campaign, document, files=files, author=Author.SITE, now=now)
    live = standing.live_revision(session, made.document_id)
    base = session.get(Revision, over) if over is not None else live
    session.add(Authorship(revision_id=made.id, account_id=by.id, over_revision_id=base.id if base else None))
    before, after = _named(base), _named(made)
    audit.write(session, Act.REVISION_SAVED, _subject(made), by=by.id, now=now, before=before, after=after)
    return made


def restore(session: Session, revision: Revision, *, by: Account, now: datetime) -> Revision:
    """Make a new revision with the files of an old one; it is to be asked for like any."""
    files = {file.name: file.content for file in revision.files}
    document = revision.document
    return save(session, document.campaign.name, document.name, files=files, by=by, now=now)


def ask(session: Session, revision: Revision, *, by: Account, now: datetime, checked: bool = False) -> Proposal:
    """Ask somebody else to publish a revision, as one who wrote part of it (see `standing.may_ask`).

    Raises NotAllowed for others, where it is stale, live, sent back or asked for, and where a check fails: of it beside
    what is live and, if it is the newest, beside all else that waits. `checked` tells that nothing fails.
    """
    library.wait_for_turn(session)
    standing.refuse_stale(session, revision)
    if not standing.may_ask(session, revision, by):
        raise NotAllowed(standing.FOR_ITS_WRITERS)
    proposal = proposal_of(session, revision)
    if proposal is not None and proposal.answer != WITHDRAWN:
        raise NotAllowed(standing.SENT_BACK if proposal.answer == RETURNED else standing.ASKED)
    if not checked:
        standing.refuse_unready(session, revision)
    if proposal is None:
        proposal = Proposal(revision=revision)
        session.add(proposal)
    proposal.asked_by, proposal.asked_at = by.id, now
    proposal.answer = proposal.answered_by = proposal.answered_at = None
    proposal.word = ""
    audit.write(session, Act.PUBLICATION_ASKED, _subject(revision), by=by.id, now=now, after=_named(revision))
    return proposal


def publish(session: Session, proposal: Proposal, *, by: Account, now: datetime, word: str = "") -> None:
    """Publish what was asked for; a second press changes nothing.

    Raises NotAllowed for whoever wrote part of it or asked for it (unless the campaign is run alone), for a check that
    fails, and where something else was published meanwhile.
    """
    library.wait_for_turn(session)
    if not _is_open(session, proposal, unless=PUBLISHED):
        return
    revision = proposal.revision
    alone = standing.refuse_same_person(session, revision, by)
    standing.refuse_stale(session, revision)
    standing.refuse_problems(session, revision)
    before = standing.live_revision(session, revision.document_id)
    library.publish(session, revision, now=now)
    _answer(proposal, PUBLISHED, by, now=now, word=word)
    after = {**(_named(revision) or {}), "by_its_writer": alone}
    audit.write(session, Act.PUBLISHED, _subject(revision), by=by.id, now=now, before=_named(before), after=after)
    _close_older(session, revision, by=by, now=now)


def send_back(session: Session, proposal: Proposal, *, by: Account, now: datetime, word: str) -> None:
    """Return what was asked for to its writer, with a word; raises NotAllowed where it was answered otherwise."""
    if not by.role.may(Role.PUBLISHER):
        raise NotAllowed(standing.NOT_YOURS)
    library.wait_for_turn(session)
    if _is_open(session, proposal, unless=RETURNED):
        _answer(proposal, RETURNED, by, now=now, word=word)
        audit.write(session, Act.RETURNED, _subject(proposal.revision), by=by.id, now=now)


def withdraw(session: Session, proposal: Proposal, *, by: Account, now: datetime) -> None:
    """Take a request back; it is for whoever asked or wrote, or a manager. Raises NotAllowed for others."""
    library.wait_for_turn(session)
    mine = authors(session, proposal.revision) | {proposal.asked_by}
    if by.id not in mine and not by.role.may(Role.MANAGER):
        raise NotAllowed(standing.NOT_YOURS)
    if _is_open(session, proposal, unless=WITHDRAWN):
        _answer(proposal, WITHDRAWN, by, now=now)
        audit.write(session, Act.PUBLICATION_WITHDRAWN, _subject(proposal.revision), by=by.id, now=now)


def proposal_of(session: Session, revision: Revision) -> Proposal | None:
    """Give what was asked for a revision, None when nothing was."""
    which = select(Proposal).where(Proposal.revision_id == revision.id)
    return session.scalar(which.execution_options(populate_existing=True))


def _is_open(session: Session, proposal: Proposal, *, unless: str) -> bool:
    """Tell whether it waits for an answer; a second press of the same answer changes nothing, another is refused."""
    session.refresh(proposal)
    if proposal.answer not in {None, unless}:
        raise NotAllowed(standing.ANSWERED[proposal.answer or ""])
    return proposal.answer is None


def _answer(proposal: Proposal, answer: str, by: Account, *, now: datetime, word: str = "") -> None:
    proposal.answer, proposal.answered_by, proposal.answered_at = answer, by.id, now
    proposal.word = word[:LONGEST_WORD]


def _close_older(session: Session, revision: Revision, *, by: Account, now: datetime) -> None:
    """Take back what was asked for older revisions of the document: they can no longer be published."""
    older = (
        select(Proposal)
        .join(Revision, Proposal.revision_id == Revision.id)
        .where(Revision.document_id == revision.document_id, Revision.number < revision.number)
        .where(Proposal.answer.is_(None))
    )
    for proposal in session.scalars(older).all():
        _answer(proposal, WITHDRAWN, by, now=now)
        audit.write(session, Act.PUBLICATION_WITHDRAWN, _subject(proposal.revision), by=by.id, now=now)


def _subject(revision: Revision) -> str:
    return f"revision:{revision.id}"


def _named(revision: Revision | None) -> dict[str, object] | None:
    if revision is None:
        return None
    document = f"{revision.document.campaign.name}/{revision.document.name}"
    return {"document": document, "number": revision.number, "digest": revision.digest}
