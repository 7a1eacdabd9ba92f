"""The publication of revisions, one or all that waits in a campaign: reviewed, published now or later, refused."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from advocacy.campaigns import library
from advocacy.campaigns.documents import folder_problems, folder_with_revisions, is_archived, live_revision
from advocacy.campaigns.library import newest_folder, readable_folder, stored_folder
from advocacy.campaigns.models import Availability, Campaign, Document, Publication, Revision, live_revision_ids
from advocacy.delivery import holds
from advocacy.language import SOURCE
from advocacy.letters.delivery_search import of_campaign
from advocacy.messages import Message, message
from advocacy.problems import Problem
from advocacy.staff import audit_log, drafts, reviews
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, Authorship, CampaignRule, Proposal, Role, Schedule
from advocacy.staff.reviews import PUBLISHED, RETURNED, WITHDRAWN, Event, all_authors, authors_of
from advocacy.staff.revisions import audit_data, restore

CAMPAIGN = "campaign"
"""The document that says who answers for a campaign."""
MAX_NOTE = 2000
"""Characters of a note from one person to another."""
REFUSED, CANCELLED = "refused", "cancelled"
"""What can become of a schedule, besides published."""


class Refusal(StrEnum):
    """Why something may not be published, or sent for review: a code with its sentence."""

    OWN = "own", message("You wrote part of this: another person must publish it.")
    OWN_REQUEST = "own-request", message("You asked for this yourself: another person must publish it.")
    FOR_ITS_WRITERS = (
        "for-its-writers",
        message("You didn’t write any of this: only someone who did can send it for review."),
    )
    NOT_YOURS = "not-yours", message("Your role does not allow this: ask a publisher or a manager.")
    REQUESTED = "requested", message("This revision is in review already.")
    UNREQUESTED = (
        "unrequested",
        message("Not all of this was sent for review: someone who wrote part of each document must send it first."),
    )
    SENT_BACK = "sent-back", message("Changes were asked for: edit it and save a new revision.")
    WITHDRAWN = "withdrawn", message("The request was withdrawn in the meantime.")
    PUBLISHED = "published", message("This revision was published meanwhile.")
    LIVE = "live", message("This revision is live already.")
    STALE = (
        "stale",
        message(
            "Revision %(live)s was published in the meantime, and this one does not include it: copy your changes "
            "into revision %(live)s, then save."
        ),
    )
    PROBLEMS = "problems", message("There are problems to fix: fix what the checks list, then save again.")
    NO_CONTACT = (
        "no-contact",
        message("Say who runs the campaign and give its privacy contact first: this site really sends letters."),
    )
    NOTHING = "nothing", message("There is nothing to publish here any more.")
    MOVED = "moved", message("Something changed in the meantime. Check again what would be published.")
    ARCHIVED = "archived", message("This is archived: restore it first.")

    sentence: Message

    def __new__(cls, code: str, *sentence: Message) -> "Refusal":
        """Make a member that is its code and carries its sentence; a code alone finds its member."""
        member = str.__new__(cls, code)
        member._value_, [member.sentence] = code, sentence
        return member


ANSWERED = {RETURNED: Refusal.SENT_BACK, WITHDRAWN: Refusal.WITHDRAWN, PUBLISHED: Refusal.PUBLISHED}


MAY_STILL_RETURN = frozenset({Refusal.PROBLEMS, Refusal.NO_CONTACT})
"""What keeps somebody from publishing who may still ask for changes."""


class NotAllowed(Exception):
    """A publication that may not be: `code` says why, `problems` which checks fail."""

    def __init__(self, code: Refusal, problems: Sequence[Problem] = (), **params: object) -> None:
        self.code, self.problems = code, tuple(problems)
        self.message = code.sentence.with_params(**params)
        super().__init__(self.message.in_language(SOURCE))


@dataclass(frozen=True, slots=True)
class Options:
    """What a person may do with revisions of one campaign that they look at together.

    `refusal` is what keeps them from publishing these, None where nothing does; `requestable` are those of the
    `unrequested` that they can send for review. `wrote` says whether part of it is theirs, `alone` whether the campaign
    lets them publish that too.
    """

    refusal: NotAllowed | None
    unrequested: Sequence[Revision]
    requestable: Sequence[Revision]
    withdrawable: Sequence[Revision]
    may_return: bool
    wrote: bool
    alone: bool


def pending_revisions(session: Session, campaign: str) -> Sequence[Revision]:
    """Return the newest revision of each document that is not what is live, with its files; archived letters excepted.

    What somebody asked changes of is among them: see `to_publish`.
    """
    last = select(func.max(Revision.id)).group_by(Revision.document_id)
    live_digests = select(Revision.digest).where(
        Revision.id.in_(live_revision_ids()), Revision.document_id == Document.id
    )
    which = (
        _revisions(campaign)
        .where(Revision.id.in_(last), Document.availability != Availability.ARCHIVED)
        .where(Revision.digest.not_in(live_digests.correlate(Document)))
    )
    return session.scalars(which).all()


def to_publish(session: Session, campaign: str) -> Sequence[Revision]:
    """Return what waits in a campaign, except what was sent back."""
    found = pending_revisions(session, campaign)
    answers = {one.revision_id: one.answer for one in proposals_of(session, found)}
    return [one for one in found if answers.get(one.id) != RETURNED]


def request_review(
    session: Session,
    revisions: Sequence[Revision],
    *,
    by: Account,
    now: datetime,
    reviewer: Account | None = None,
    note: str = "",
) -> None:
    """Send revisions of one campaign for review, to one person or to anyone who may publish them.

    Raises NotAllowed for whoever wrote no part of one of them (see `requestable`), where one is stale, live, sent back
    or in review, and where a check fails both beside what is live and beside all else that waits.
    """
    library.lock_campaigns(session)
    refuse_stale(session, revisions)
    if len(requestable(session, revisions, by)) < len(revisions):
        raise NotAllowed(Refusal.FOR_ITS_WRITERS)
    for former in proposals_of(session, revisions):
        if former.answer != WITHDRAWN:
            raise NotAllowed(ANSWERED.get(former.answer or "", Refusal.REQUESTED))
    campaign = revisions[0].document.campaign.name
    problems = folder_problems(folder_with_revisions(readable_folder(session, campaign), revisions))
    if problems and folder_problems(folder_with_revisions(newest_folder(session, campaign), revisions)):
        raise NotAllowed(Refusal.PROBLEMS, problems)
    for revision in revisions:
        _close_requests(session, revision.document_id, by=by, now=now)
        proposal = proposal_of(session, revision) or Proposal(revision=revision)
        proposal.asked_by, proposal.asked_at, proposal.note = by.id, now, note[:MAX_NOTE]
        proposal.reviewer_id = reviewer.id if reviewer else None
        proposal.answer = proposal.answered_by = proposal.answered_at = None
        proposal.word = ""
        session.add(proposal)
        _log(session, Act.PUBLICATION_ASKED, revision, by=by, now=now, after=audit_data(revision))
    mail_to = {reviewer.id} if reviewer else {one.id for one in reviewers(session, revisions)}
    reviews.record(session, Event.REQUESTED, revisions, by=by, now=now, text=note, mail_to=mail_to)


def selected_revisions(session: Session, campaign: str, ids: Collection[int]) -> Sequence[Revision]:
    """Return the revisions of a campaign that a page showed; raise NotAllowed where one is not there, or none."""
    found = session.scalars(_revisions(campaign).where(Revision.id.in_([one for one in ids if 0 < one < 2**31]))).all()
    if not found or len(found) != len(set(ids)):
        raise NotAllowed(Refusal.MOVED)
    return found


def publish(
    session: Session,
    campaign: str,
    ids: Collection[int],
    *,
    by: Account,
    now: datetime,
    whole: bool = False,
    note: str = "",
    sends: bool = False,
) -> Sequence[Revision]:
    """Publish these revisions of a campaign together and return them; a second press changes nothing, and returns none.

    `whole` says that they are all that waits there, `sends` that letters of the site leave. What waited for
    the campaign's contact leaves. Raises NotAllowed: see `check_publishable`.
    """
    library.lock_campaigns(session)
    revisions = selected_revisions(session, campaign, ids)
    proposals = {one.revision_id: one for one in proposals_of(session, revisions)}
    if revisions and all(one.id in proposals and proposals[one.id].answer == PUBLISHED for one in revisions):
        return ()
    if whole:
        _refuse_moved(session, campaign, ids)
    own = check_publishable(session, revisions, by, sends=sends)
    concerned = _concerned(session, revisions)
    for revision in revisions:
        before = live_revision(session, revision.document_id)
        library.publish(session, revision, now=now)
        proposal = proposals.get(revision.id) or Proposal(revision=revision, asked_by=by.id, asked_at=now)
        session.add(proposal)
        _answer(proposal, PUBLISHED, by, now=now, word=note)
        after = {**(audit_data(revision) or {}), "by_its_writer": own, **({"together": True} if whole else {})}
        _log(session, Act.PUBLISHED, revision, by=by, now=now, before=audit_data(before), after=after)
        _close_requests(session, revision.document_id, by=by, now=now)
    if any(one.document.name == CAMPAIGN for one in revisions):
        holds.release_campaign(session, of_campaign(campaign), now=now)
    _unschedule(session, ids, PUBLISHED, by=by, now=now)
    reviews.record(session, Event.PUBLISHED, revisions, by=by, now=now, text=note, mail_to=concerned)
    return revisions


def ask_for_changes(session: Session, revisions: Sequence[Revision], *, by: Account, now: datetime, note: str) -> None:
    """Send revisions back to their writers with what should change; a second press changes nothing.

    Raises NotAllowed where one is not in review any more, or the role does not allow it.
    """
    if not by.role.may(Role.PUBLISHER):
        raise NotAllowed(Refusal.NOT_YOURS)
    library.lock_campaigns(session)
    _answer_requests(session, revisions, RETURNED, by=by, now=now, note=note)


def withdraw(session: Session, revisions: Sequence[Revision], *, by: Account, now: datetime) -> None:
    """Take requests back; it is for whoever asked or wrote, or a manager. Raises NotAllowed for others."""
    library.lock_campaigns(session)
    in_review = [one for one in proposals_of(session, revisions) if one.answer is None]
    if len(withdrawable(session, revisions, by)) < len(in_review):
        raise NotAllowed(Refusal.NOT_YOURS)
    _answer_requests(session, revisions, WITHDRAWN, by=by, now=now)


def schedule(
    session: Session,
    campaign: str,
    ids: Collection[int],
    *,
    at: datetime,
    by: Account,
    now: datetime,
    whole: bool = False,
    note: str = "",
    sends: bool = False,
) -> Schedule:
    """Have these revisions published together at a moment, checked now and again then. Raises NotAllowed as now."""
    library.lock_campaigns(session)
    revisions = selected_revisions(session, campaign, ids)
    if whole:
        _refuse_moved(session, campaign, ids)
    check_publishable(session, revisions, by, sends=sends)
    _unschedule(session, ids, CANCELLED, by=by, now=now)
    made = Schedule(
        campaign=revisions[0].document.campaign,
        revisions=sorted(ids),
        whole=whole,
        at=at,
        note=note[:MAX_NOTE],
        made_by=by.id,
        made_at=now,
        after_publication_id=last_publication(session, campaign),
    )
    session.add(made)
    for revision in revisions:
        after = {**(audit_data(revision) or {}), "at": at.isoformat()}
        _log(session, Act.PUBLICATION_SCHEDULED, revision, by=by, now=now, after=after)
    concerned = _concerned(session, revisions)
    reviews.record(session, Event.SCHEDULED, revisions, by=by, now=now, text=note, mail_to=concerned)
    return made


def cancel_schedule(session: Session, one: Schedule, *, by: Account, now: datetime) -> bool:
    """Cancel a scheduled publication; False where it was carried out, refused or cancelled meanwhile."""
    library.lock_campaigns(session)
    session.refresh(one)
    if one.outcome is not None:
        return False
    _unschedule(session, one.revisions, CANCELLED, by=by, now=now)
    return True


def schedules(session: Session, campaign: str | None = None) -> Sequence[Schedule]:
    """Return the scheduled publications that are still to come, of one campaign or of all, the next one first."""
    which = select(Schedule).join(Schedule.campaign).where(Schedule.outcome.is_(None))
    if campaign is not None:
        which = which.where(Campaign.name == campaign)
    which = which.options(joinedload(Schedule.campaign), joinedload(Schedule.account))
    return session.scalars(which.order_by(Schedule.at, Schedule.id)).all()


def publish_scheduled(session: Session, *, now: datetime, sends: bool = False) -> int:
    """Publish what is due, and return how many publications were; what may not be published any more is told by mail.

    To be called by any process, as often as it likes: each schedule is settled in the transaction that publishes.
    """
    due = select(Schedule.id).where(Schedule.outcome.is_(None), Schedule.at <= now)
    if session.scalar(due.limit(1)) is None:
        return 0
    library.lock_campaigns(session)
    done = 0
    which = select(Schedule).where(Schedule.outcome.is_(None), Schedule.at <= now).order_by(Schedule.at, Schedule.id)
    for one in session.scalars(which.execution_options(populate_existing=True)).all():
        campaign = one.campaign.name
        try:
            if one.after_publication_id != last_publication(session, campaign):
                raise NotAllowed(Refusal.MOVED)
            publish(
                session,
                campaign,
                one.revisions,
                by=one.account,
                now=now,
                whole=one.whole,
                note=one.note,
                sends=sends,
            )
            done += 1
        except NotAllowed as refused:
            one.outcome, one.settled_at = REFUSED, now
            revisions = session.scalars(_revisions(campaign).where(Revision.id.in_(one.revisions))).all()
            concerned = {*_concerned(session, revisions), one.made_by}
            reviews.record(session, Event.REFUSED, revisions, by=None, now=now, text=refused.code, mail_to=concerned)
    return done


def carry_schedules_over(session: Session, campaign: str, *, before: int, replaced: Mapping[int, int]) -> None:
    """Keep schedules although a bill's stage was published after `before`, with what replaced their revisions."""
    last = last_publication(session, campaign)
    for one in schedules(session, campaign):
        if one.after_publication_id == before:
            one.after_publication_id = last
        one.revisions = [replaced.get(key, key) for key in one.revisions]


def restart_from_live(session: Session, document: Document, *, by: Account, now: datetime) -> Revision | None:
    """Save what is live as the newest revision, and put the draft away; None where nothing is live.

    What was in review of the document no longer is, and whoever sent it or was to review it is told by mail.
    """
    current = live_revision(session, document.id)
    if current is None:
        return None
    library.lock_campaigns(session)
    made = restore(session, current, by=by, now=now)
    closed = _close_requests(session, document.id, by=by, now=now)
    if closed:
        revisions = [one.revision for one in closed]
        concerned = _concerned(session, revisions)
        reviews.record(session, Event.STARTED_AGAIN, revisions, by=by, now=now, mail_to=concerned)
    if draft := drafts.draft_of(session, document):
        drafts.drop(session, draft)
    return made


def open_requests(session: Session, document_id: int) -> Sequence[Proposal]:
    """Return what is in review of a document, whichever its revision."""
    which = select(Proposal).join(Proposal.revision).where(Revision.document_id == document_id)
    return session.scalars(which.where(Proposal.answer.is_(None)).order_by(Proposal.id)).all()


def check_publishable(session: Session, revisions: Sequence[Revision], by: Account, *, sends: bool = False) -> bool:
    """Raise NotAllowed for whatever keeps this person from publishing these together; return whether they wrote of it.

    Nobody publishes what they wrote part of or sent for review, unless the campaign's rule lets one person do both.
    What the checks say comes last: where nothing else is in the way, this person may still ask for changes. Where the
    site `sends`, no campaign goes live that does not say who answers for it: its letters would wait.
    """
    if not revisions:
        raise NotAllowed(Refusal.NOTHING)
    campaign = revisions[0].document.campaign.name
    if any(is_archived(one.document) for one in revisions):
        raise NotAllowed(Refusal.ARCHIVED)
    refuse_stale(session, revisions)
    alone = one_person_rule(session, campaign)
    _refuse_unrequested(session, revisions, by, alone=alone)
    if not by.active or not by.role.may(Role.PUBLISHER):
        raise NotAllowed(Refusal.NOT_YOURS)
    wrote = by.id in all_authors(session, revisions)
    if not alone and wrote:
        raise NotAllowed(Refusal.OWN)
    if not alone and any(one.asked_by == by.id for one in proposals_of(session, revisions)):
        raise NotAllowed(Refusal.OWN_REQUEST)
    if problems := folder_problems(folder_with_revisions(stored_folder(session, campaign), revisions)):
        raise NotAllowed(Refusal.PROBLEMS, problems)
    if sends and any(one.document.name == CAMPAIGN for one in revisions):
        file = folder_with_revisions(stored_folder(session, campaign), revisions).campaign()
        if not (file.organiser and file.privacy_contact):
            raise NotAllowed(Refusal.NO_CONTACT)
    return wrote


def _refuse_unrequested(session: Session, revisions: Sequence[Revision], by: Account, *, alone: bool) -> None:
    """Raise NotAllowed where one is not in review; whoever may publish alone need not send their own."""
    answers = {one.revision_id: one.answer for one in proposals_of(session, revisions)}
    for answer in answers.values():
        if answer in {PUBLISHED, RETURNED}:
            raise NotAllowed(ANSWERED[answer])
    unrequested = [one for one in revisions if answers.get(one.id, WITHDRAWN)]
    mine = requestable(session, unrequested, by)
    if unrequested and not (alone and len(mine) == len(unrequested)):
        raise NotAllowed(Refusal.UNREQUESTED if mine or len(revisions) > 1 else Refusal.FOR_ITS_WRITERS)


def publication_refusal(
    session: Session, revisions: Sequence[Revision], by: Account, *, sends: bool = False
) -> NotAllowed | None:
    """Return why this person may not publish these revisions together, None where they may."""
    try:
        check_publishable(session, revisions, by, sends=sends)
    except NotAllowed as refused:
        return refused
    return None


def options(session: Session, revisions: Sequence[Revision], by: Account, *, sends: bool = False) -> Options:
    """Return what this person may do with these revisions of one campaign."""
    refused = publication_refusal(session, revisions, by, sends=sends)
    in_review = {one.revision_id for one in proposals_of(session, revisions) if one.answer is None}
    unrequested = [one for one in revisions if one.id not in in_review]
    return Options(
        refused,
        unrequested,
        requestable(session, unrequested, by),
        withdrawable(session, revisions, by),
        not unrequested and (refused is None or refused.code in MAY_STILL_RETURN),
        by.id in all_authors(session, revisions),
        bool(revisions) and one_person_rule(session, revisions[0].document.campaign.name),
    )


def refuse_stale(session: Session, revisions: Sequence[Revision]) -> None:
    """Raise NotAllowed where something newer is live than what one of these revisions was written over."""
    current, over = aliased(Revision), aliased(Revision)
    rows = session.execute(
        select(Revision.digest, Revision.number, current.digest, current.number, over.number)
        .select_from(Revision)
        .join(current, and_(current.document_id == Revision.document_id, current.id.in_(live_revision_ids())))
        .outerjoin(Authorship, Authorship.revision_id == Revision.id)
        .outerjoin(over, over.id == Authorship.over_revision_id)
        .where(Revision.id.in_([one.id for one in revisions]))
    )
    for digest, number, live_digest, live_number, over_number in rows:
        if digest == live_digest:
            raise NotAllowed(Refusal.LIVE)
        if live_number > number or live_number > (over_number or live_number):
            raise NotAllowed(Refusal.STALE, live=live_number)


def fits_together(session: Session, revision: Revision) -> bool:
    """Whether no check fails with this revision beside all else that was written in its campaign."""
    return not folder_problems(
        folder_with_revisions(newest_folder(session, revision.document.campaign.name), [revision])
    )


def requestable(session: Session, revisions: Sequence[Revision], by: Account) -> Sequence[Revision]:
    """Return those of these revisions that this person may send for review: whoever wrote part of it may.

    Where nobody who did has an open account, as it came from files or they have left, a publisher may.
    """
    wrote = authors_of(session, [one.id for one in revisions])
    everyone = frozenset[int]().union(*wrote.values())
    here = set(session.scalars(select(Account.id).where(Account.id.in_(everyone), Account.active)))
    publishes = by.role.may(Role.PUBLISHER)
    return [one for one in revisions if by.id in wrote[one.id] or (publishes and here.isdisjoint(wrote[one.id]))]


def withdrawable(session: Session, revisions: Sequence[Revision], by: Account) -> Sequence[Revision]:
    """Return those in review whose request this person may take back: whoever asked or wrote, or a manager."""
    requesters = {one.revision_id: one.asked_by for one in proposals_of(session, revisions) if one.answer is None}
    wrote = authors_of(session, list(requesters))
    is_manager = by.role.may(Role.MANAGER)
    return [
        one
        for one in revisions
        if (requester := requesters.get(one.id)) and (is_manager or by.id in {*wrote[one.id], requester})
    ]


def reviewers(session: Session, revisions: Sequence[Revision]) -> Sequence[Account]:
    """Return the accounts that may publish these revisions, by name."""
    which = select(Account).where(Account.active, Account.role.in_([Role.PUBLISHER, Role.MANAGER]))
    everyone = session.scalars(which.order_by(Account.name, Account.id)).all()
    if not revisions or one_person_rule(session, revisions[0].document.campaign.name):
        return everyone
    wrote = all_authors(session, revisions)
    return [one for one in everyone if one.id not in wrote]


def one_person_rule(session: Session, campaign: str) -> bool:
    """Whether whoever wrote something of this campaign may publish it too."""
    return bool(session.scalar(select(CampaignRule.alone).join(Campaign).where(Campaign.name == campaign)))


def set_one_person_rule(session: Session, campaign: str, wanted: bool, *, by: Account, now: datetime) -> bool:
    """Set whether one person may publish what they wrote; return whether that changed anything.

    The campaign has to exist. To be called by one transaction at a time.
    """
    before = one_person_rule(session, campaign)
    if before is wanted:
        return False
    owner = session.scalars(select(Campaign).where(Campaign.name == campaign)).one()
    session.merge(CampaignRule(campaign_id=owner.id, alone=wanted))
    old, new = {"alone": before}, {"alone": wanted}
    audit_log.write(session, Act.RULE_CHANGED, f"campaign:{campaign}", by=by.id, now=now, before=old, after=new)
    return True


def proposals_of(session: Session, revisions: Iterable[Revision]) -> Sequence[Proposal]:
    """Return what was asked for these revisions, as it is now."""
    which = select(Proposal).where(Proposal.revision_id.in_([one.id for one in revisions]))
    return session.scalars(which.execution_options(populate_existing=True)).all()


def proposal_of(session: Session, revision: Revision) -> Proposal | None:
    """Return what was asked for a revision, None when nothing was."""
    return next(iter(proposals_of(session, [revision])), None)


def last_publication(session: Session, campaign: str) -> int:
    """Return the id of what was published last in a campaign, 0 for nothing."""
    which = (
        select(func.max(Publication.id))
        .join(Revision, Publication.revision_id == Revision.id)
        .join(Document, Revision.document_id == Document.id)
        .join(Campaign, Document.campaign_id == Campaign.id)
    )
    return session.scalar(which.where(Campaign.name == campaign)) or 0


def _revisions(campaign: str) -> Select[Revision]:
    return (
        select(Revision)
        .join(Revision.document)
        .join(Document.campaign)
        .where(Campaign.name == campaign)
        .options(joinedload(Revision.document).joinedload(Document.campaign), selectinload(Revision.files))
        .order_by(Document.name)
    )


def _refuse_moved(session: Session, campaign: str, ids: Collection[int]) -> None:
    found = {one.id for one in to_publish(session, campaign)}
    if found != set(ids):
        raise NotAllowed(Refusal.MOVED if found else Refusal.NOTHING)


def _answer_requests(
    session: Session, revisions: Sequence[Revision], answer: str, *, by: Account, now: datetime, note: str = ""
) -> None:
    """Ask for changes or withdraw; a second press changes nothing. Raises NotAllowed where it was answered already."""
    proposals = {one.revision_id: one for one in proposals_of(session, revisions)}
    if len(proposals) < len(revisions):
        raise NotAllowed(Refusal.UNREQUESTED)
    for former in proposals.values():  # all of them first: whoever catches the refusal keeps the transaction
        if former.answer not in {None, answer}:
            raise NotAllowed(ANSWERED[former.answer or ""])
    done = [one for one in revisions if proposals[one.id].answer is None]
    for revision in done:
        _answer(proposals[revision.id], answer, by, now=now, word=note)
        _log(session, Act.RETURNED if answer == RETURNED else Act.PUBLICATION_WITHDRAWN, revision, by=by, now=now)
    _unschedule(session, [one.id for one in done], CANCELLED, by=by, now=now)
    if done:
        event, concerned = Event.CHANGES if answer == RETURNED else Event.WITHDRAWN, _concerned(session, done)
        reviews.record(session, event, done, by=by, now=now, text=note, mail_to=concerned)


def _answer(proposal: Proposal, answer: str, by: Account, *, now: datetime, word: str = "") -> None:
    proposal.answer, proposal.answered_by, proposal.answered_at = answer, by.id, now
    proposal.word = word[:MAX_NOTE]


def _close_requests(session: Session, document_id: int, *, by: Account, now: datetime) -> Sequence[Proposal]:
    """Take back what is still asked for any revision of a document: another one has taken its place."""
    closed = open_requests(session, document_id)
    for proposal in closed:
        _answer(proposal, WITHDRAWN, by, now=now)
        _log(session, Act.PUBLICATION_WITHDRAWN, proposal.revision, by=by, now=now)
        _unschedule(session, [proposal.revision_id], CANCELLED, by=by, now=now)
    return closed


def _unschedule(session: Session, ids: Collection[int], outcome: str, *, by: Account, now: datetime) -> None:
    """Settle the schedules that hold one of these revisions."""
    for one in session.scalars(select(Schedule).where(Schedule.outcome.is_(None))).all():
        if not set(one.revisions).isdisjoint(ids):
            one.outcome = outcome if set(one.revisions) <= set(ids) else CANCELLED
            one.settled_by, one.settled_at = by.id, now
            if one.outcome == CANCELLED:
                revisions = session.scalars(select(Revision).where(Revision.id.in_(one.revisions))).all()
                for revision in revisions:
                    _log(session, Act.PUBLICATION_UNSCHEDULED, revision, by=by, now=now)
                reviews.record(session, Event.UNSCHEDULED, revisions, by=by, now=now)


def _concerned(session: Session, revisions: Sequence[Revision]) -> frozenset[int]:
    """Return who wrote any of these revisions since what is live, sent one for review, or was chosen to review it."""
    people = set(all_authors(session, revisions))
    for proposal in proposals_of(session, revisions):
        people |= {proposal.asked_by, *([proposal.reviewer_id] if proposal.reviewer_id else [])}
    return frozenset(people)


def _log(session: Session, act: Act, revision: Revision, *, by: Account, now: datetime, **changes: Any) -> None:
    """Write an act on a revision into the audit log; `changes` are what it was `before`, and `after`."""
    audit_log.write(session, act, f"revision:{revision.id}", by=by.id, now=now, **changes)
