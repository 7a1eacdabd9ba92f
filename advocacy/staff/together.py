"""All that waits in one campaign is published at once: what fits only together, as a campaign nobody has met yet."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns import library
from advocacy.campaigns.models import Revision
from advocacy.language import Wording
from advocacy.staff import audit, publishing, standing
from advocacy.staff.campaign_files import Held, Kept, held
from advocacy.staff.models import Account, Authorship, Proposal
from advocacy.staff.roles import Role
from advocacy.staff.standing import NotAllowed

NOTHING = Wording.of(en="There is nothing to publish here any more.", fr="Il n’y a plus rien à publier ici.")
MOVED = Wording.of(
    en="Something changed in the meantime. Check again what would be published.",
    fr="Quelque chose a changé entre-temps. Vérifiez de nouveau ce qui serait publié.",
)

UNASKED = Wording.of(
    en="Publication was not requested for all of this: someone who wrote part of each document must ask for it first.",
    fr="La publication n’est pas demandée pour tout ceci\u00a0: pour chaque document, une personne qui en a "
    "écrit une partie doit d’abord la demander.",
)


def waiting(campaign: Held) -> Sequence[Kept]:
    """Give the documents that were written since they were last published."""
    return [kept for kept in campaign.documents.values() if kept.waits]


def asked(session: Session, campaign: Held) -> frozenset[int]:
    """Give the ids of the waiting revisions whose publication was asked for."""
    ids = [kept.newest.id for kept in waiting(campaign)]
    which = select(Proposal.revision_id).where(Proposal.revision_id.in_(ids), Proposal.answer.is_(None))
    return frozenset(session.scalars(which))


def unasked(session: Session, campaign: Held) -> Sequence[Revision]:
    """Give the waiting revisions whose publication nobody asked for."""
    known = asked(session, campaign)
    return [kept.newest for kept in waiting(campaign) if kept.newest.id not in known]


def may_ask(session: Session, campaign: Held, by: Account) -> bool:
    """Tell whether something waits that this person may ask for."""
    return any(standing.may_ask(session, revision, by) for revision in unasked(session, campaign))


def writers(session: Session, kept: Kept) -> Sequence[tuple[Revision, str]]:
    """Give every revision of a document since the live one with its writer's name, "" where it came from files."""
    since = kept.live.number if kept.live else 0
    rows = session.execute(
        select(Revision, Account.name)
        .outerjoin(Authorship, Authorship.revision_id == Revision.id)
        .outerjoin(Account, Account.id == Authorship.account_id)
        .where(Revision.document_id == kept.newest.document_id, Revision.number > since)
        .order_by(Revision.number)
    )
    return [(revision, name or "") for revision, name in rows]


def ask(session: Session, campaign: Held, *, by: Account, now: datetime) -> int:
    """Ask somebody else to publish what waits and is this person's to ask for; give for how many documents.

    Raises NotAllowed where something waits that nobody asked for, and none of it is theirs, or a check fails.
    """
    new = unasked(session, campaign)
    theirs = [revision for revision in new if standing.may_ask(session, revision, by)]
    if new and not theirs:
        raise NotAllowed(standing.FOR_ITS_WRITERS)
    if theirs:
        _refuse_problems(campaign)
    for revision in theirs:
        publishing.ask(session, revision, by=by, now=now, checked=True)
    return len(theirs)


def withdrawable(session: Session, campaign: Held, by: Account) -> Sequence[Revision]:
    """Give the waiting revisions that were asked for, and whose request this person may take back."""
    known = asked(session, campaign)
    found = [kept.newest for kept in waiting(campaign) if kept.newest.id in known]
    if by.role.may(Role.MANAGER):
        return found
    return [one for one in found if by.id in standing.authors(session, one) or by.id == standing.asked_by(session, one)]


def withdraw(session: Session, campaign: Held, *, by: Account, now: datetime) -> int:
    """Take back what was asked for and is this person's to take back; give for how many documents."""
    theirs = withdrawable(session, campaign, by)
    for revision in theirs:
        proposal = publishing.proposal_of(session, revision)
        if proposal is not None:
            publishing.withdraw(session, proposal, by=by, now=now)
    return len(theirs)


def refusal(session: Session, campaign: Held, *, by: Account) -> NotAllowed | None:
    """Say why this person may not publish what waits; None where they may."""
    try:
        _refuse(session, campaign, by)
    except NotAllowed as refused:
        return refused
    return None


def publish(session: Session, name: str, shown: frozenset[int], *, by: Account, now: datetime) -> Sequence[Revision]:
    """Publish and give all that waits in a campaign; raises NotAllowed where it is not what was `shown` (its ids)."""
    library.wait_for_turn(session)
    campaign = held(session, name)[name]
    kept = waiting(campaign)
    if kept and {one.newest.id for one in kept} != shown:
        raise NotAllowed(MOVED)
    alone = _refuse(session, campaign, by)
    for one in kept:
        library.publish(session, one.newest, now=now)
        _answer(session, one.newest, by=by, now=now)
        before, after = (
            {"number": each.number, "digest": each.digest} if each else None for each in (one.live, one.newest)
        )
        whole = {**(after or {}), "document": f"{name}/{one.name}", "by_its_writer": alone, "together": True}
        audit.write(
            session, audit.Act.PUBLISHED, f"revision:{one.newest.id}", by=by.id, now=now, before=before, after=whole
        )
    return [one.newest for one in kept]


def _refuse(session: Session, campaign: Held, by: Account) -> bool:
    """Raise NotAllowed for what keeps this person from publishing all of it; tell whether they wrote some of it."""
    kept = waiting(campaign)
    if not kept:
        raise NotAllowed(NOTHING)
    for one in kept:
        standing.refuse_stale(session, one.newest)
        proposal = publishing.proposal_of(session, one.newest)
        if proposal is not None and proposal.answer == publishing.RETURNED:
            raise NotAllowed(standing.SENT_BACK)
    _refuse_problems(campaign)
    if unasked(session, campaign):
        raise NotAllowed(UNASKED)
    own = [standing.refuse_same_person(session, one.newest, by) for one in kept]
    return any(own)


def _refuse_problems(campaign: Held) -> None:
    problems = standing.problems_of(campaign.newest())
    if problems:
        raise NotAllowed(standing.CHECKS, problems)


def _answer(session: Session, revision: Revision, *, by: Account, now: datetime) -> None:
    """Answer what was asked for this document: nobody needs to look at it any more."""
    open_ones = (
        select(Proposal)
        .join(Revision, Proposal.revision_id == Revision.id)
        .where(Revision.document_id == revision.document_id, Proposal.answer.is_(None))
    )
    for proposal in session.scalars(open_ones).all():
        ours = proposal.revision_id == revision.id
        proposal.answer = publishing.PUBLISHED if ours else publishing.WITHDRAWN
        proposal.answered_by, proposal.answered_at = by.id, now
