"""The mails of a review, to staff alone: a request, changes asked, a publication, or one that could not be.

A mail names the campaign and the documents. What people wrote to each other is read on the site.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from advocacy.campaigns.documents import document_title
from advocacy.campaigns.library import newest_folder
from advocacy.campaigns.models import Revision
from advocacy.delivery.provider import Envelope, NothingToSend
from advocacy.letters.mail_pages import Notice, Text
from advocacy.messages import Message, message
from advocacy.staff.models import Account, Proposal, ReviewEntry
from advocacy.staff.publication import Refusal
from advocacy.staff.review import COMMENTS_EVERY, Event
from advocacy.staff.staff_mail import StaffMail
from advocacy.toml_source import TomlProblems

NO_LONGER = message("No longer in review: %(documents)s")
WORDS: Mapping[Event, tuple[Message, Message]] = MappingProxyType(
    {
        Event.REQUESTED: (
            message("To review: %(documents)s"),
            message("%(name)s sent this for review, in the campaign “%(campaign)s”:"),
        ),
        Event.CHANGES: (
            message("Changes asked: %(documents)s"),
            message("%(name)s asks for changes, in the campaign “%(campaign)s”:"),
        ),
        Event.PUBLISHED: (
            message("Published: %(documents)s"),
            message("%(name)s published this, in the campaign “%(campaign)s”:"),
        ),
        Event.SCHEDULED: (
            message("Publication scheduled: %(documents)s"),
            message("%(name)s scheduled a publication, in the campaign “%(campaign)s”:"),
        ),
        Event.REFUSED: (
            message("Not published: %(documents)s"),
            message("A scheduled publication was not carried out, in the campaign “%(campaign)s”:"),
        ),
        Event.COMMENT: (
            message("New comments: %(documents)s"),
            message("%(name)s commented, in the campaign “%(campaign)s”:"),
        ),
        Event.WITHDRAWN: (
            NO_LONGER,
            message("%(name)s withdrew this request for review, in the campaign “%(campaign)s”:"),
        ),
        Event.STARTED_AGAIN: (
            NO_LONGER,
            message(
                "%(name)s started again from what is live, so this is no longer in review, in the campaign "
                "“%(campaign)s”:"
            ),
        ),
    }
)
"""The subject of each mail, and its first sentence."""


@dataclass(frozen=True, slots=True)
class ReviewMail:
    """Makes the mails."""

    mail: StaffMail

    def content(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Tell one account of one act; raises NothingToSend where it does not matter any more."""
        act, _, account_id = ref.partition(":")
        account = session.get(Account, int(account_id), populate_existing=True)
        if act.startswith("c"):
            entries = _comments(session, act[1:], int(account_id))
        else:
            entries = session.scalars(_entries().where(ReviewEntry.act_id == int(act))).all()
        if not entries or account is None or not account.active or not _still_matters(session, entries):
            raise NothingToSend
        first = entries[0]
        event, revisions = Event(first.kind), list({one.revision_id: one.revision for one in entries}.values())
        campaign = revisions[0].document.campaign.name
        try:
            named: Text = newest_folder(session, campaign).campaign().name
        except TomlProblems:
            named = campaign
        titles = tuple(document_title(one) for one in revisions)
        subject, sentence = WORDS[event]
        button = message("Open the review")
        path = f"review/{first.revision_id}/publish" if len(revisions) == 1 else f"campaigns/{campaign}/publish"
        if event is Event.PUBLISHED and not first.text:  # nothing is left to review
            button, path = message("Open the campaign"), f"campaigns/{campaign}"
        after: tuple[Text, ...] = ()
        if event is Event.REFUSED:
            after = (Refusal(first.text).sentence,)
        elif first.text and event is not Event.COMMENT:
            after = (message("There is a note for you on that page."),)
        notice = Notice(
            language=account.language,
            subject=subject.with_params(documents=titles[0] if len(titles) == 1 else named),
            before=(sentence.with_params(name=first.account.name if first.account else "", campaign=named),),
            items=titles,
            button=button,
            link=f"{self.mail.base_url}/staff/{path}",
            after=after,
        )
        return self.mail.envelope(notice, account.email, public_id)


def _comments(session: Session, named: str, reader: int) -> Sequence[ReviewEntry]:
    """Return the comments of some minutes on one revision, by others than whoever reads the mail."""
    revision, end = named.split(".")
    until = datetime.fromtimestamp(int(end) * COMMENTS_EVERY.total_seconds(), UTC)
    which = _entries().where(ReviewEntry.revision_id == int(revision), ReviewEntry.kind == Event.COMMENT.value)
    which = which.where(ReviewEntry.at >= until - COMMENTS_EVERY, ReviewEntry.at < until)
    return session.scalars(which.where(ReviewEntry.account_id != reader)).all()


def _entries() -> Select[ReviewEntry]:
    whole = joinedload(ReviewEntry.revision).joinedload(Revision.document)
    return select(ReviewEntry).options(joinedload(ReviewEntry.account), whole).order_by(ReviewEntry.id)


def _still_matters(session: Session, entries: Sequence[ReviewEntry]) -> bool:
    """Whether there is still something to do: a request may be answered, and an answer tells of comments too."""
    event = Event(entries[0].kind)
    asked = select(Proposal).where(Proposal.revision_id.in_([one.revision_id for one in entries]))
    proposals = session.scalars(asked.execution_options(populate_existing=True)).all()
    if event is Event.REQUESTED:
        return any(one.answer is None and one.asked_at == entries[0].at for one in proposals)
    if event is Event.COMMENT:
        return all(one.answered_at is None or one.answered_at < entries[-1].at for one in proposals)
    return True
