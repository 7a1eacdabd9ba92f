"""The e-mails to staff: `send_…_email` puts one into the outbox, and `StaffEmails` writes it when it is handed over.

An e-mail about a review names the campaign and the documents; what people wrote to each other is read on the site.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from advocacy.campaigns.documents import document_title
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.campaigns.library import newest_folder
from advocacy.campaigns.models import Campaign, Document, Revision
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.database import insert_into
from advocacy.delivery import outbox
from advocacy.delivery.models import Actor
from advocacy.delivery.provider import Envelope, Mailbox, NothingToSend
from advocacy.language import EASTERN, SOURCE, Language, Wording, day_of, format_date, format_number, format_percent
from advocacy.letters import answer_counts
from advocacy.letters.letter_counts import DELIVERED, figures
from advocacy.letters.mail_pages import MailPages, Notice, Text
from advocacy.letters.samples import Kind, Trial, sample, somebody
from advocacy.messages import Message, message
from advocacy.signed_links import Purpose, SignedLinks
from advocacy.staff import drafts, invitations
from advocacy.staff.invitations import by_email
from advocacy.staff.models import (
    ROLE_NAMES,
    Account,
    AccountMail,
    Invitation,
    Proposal,
    ResultsSubscription,
    ReviewEntry,
    StaffEmail,
)
from advocacy.staff.publication import Refusal
from advocacy.staff.reviews import COMMENT_MAIL_INTERVAL, Event
from advocacy.toml_source import TomlProblems

RESET, PASSWORD, SECOND_FACTOR = "reset", "password", "second-factor"
"""What an e-mail about an account is about."""
RESET_VALID = timedelta(hours=1)
RESET_SALT = "password reset"
"""Separates the links that Flask-Security reads from all others that are signed with the same key."""
ACCOUNT_EMAIL_RETENTION = timedelta(days=30)
RESULTS_HOUR = time(8)
RESULTS_DELAY = timedelta(days=2)
"""A worker that was down sends the results until then, and not after."""
TEST_LETTER_INTERVAL_S = 10
"""Seconds in which a second press sends no second test letter."""
NOT_IN_REVIEW = message("No longer in review: %(documents)s")
REVIEW_TEXTS: Mapping[Event, tuple[Message, Message]] = MappingProxyType(
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
            NOT_IN_REVIEW,
            message("%(name)s withdrew this request for review, in the campaign “%(campaign)s”:"),
        ),
        Event.STARTED_AGAIN: (
            NOT_IN_REVIEW,
            message(
                "%(name)s started again from what is live, so this is no longer in review, in the campaign "
                "“%(campaign)s”:"
            ),
        ),
    }
)
"""The subject of each mail, and its first sentence."""


def send_invitation_email(session: Session, invitation: Invitation, *, now: datetime) -> None:
    outbox.put(session, StaffEmail.INVITATION, invitation.id, now=now, by=Actor.STAFF)


def send_password_reset_email(session: Session, account_id: int, *, now: datetime) -> None:
    """Send somebody who asked for it a link for a new password."""
    _put_account_email(session, account_id, RESET, now=now)


def send_password_changed_email(session: Session, account_id: int, *, now: datetime) -> None:
    _put_account_email(session, account_id, PASSWORD, now=now)


def send_second_factor_changed_email(session: Session, account_id: int, *, now: datetime) -> None:
    _put_account_email(session, account_id, SECOND_FACTOR, now=now)


def _put_account_email(session: Session, account_id: int, kind: str, *, now: datetime) -> None:
    row = AccountMail(account_id=account_id, kind=kind, created_at=now)
    session.add(row)
    session.flush()
    outbox.put(session, StaffEmail.ACCOUNT, str(row.id), now=now, by=Actor.STAFF)


def is_subscribed_to_results(session: Session, account_id: int, campaign: str) -> bool:
    """Whether somebody gets a campaign's results by mail."""
    row = select(ResultsSubscription.since).join(Campaign, Campaign.id == ResultsSubscription.campaign_id)
    found = row.where(ResultsSubscription.account_id == account_id, Campaign.name == campaign)
    return session.scalar(found) is not None


def subscribe_to_results(session: Session, account_id: int, campaign: str, *, wanted: bool, now: datetime) -> None:
    """Send somebody a campaign's results each week, or no longer."""
    campaign_id = session.scalars(select(Campaign.id).where(Campaign.name == campaign)).one()
    key = {"account_id": account_id, "campaign_id": campaign_id}
    if wanted:
        session.execute(insert_into(session, ResultsSubscription).values(since=now, **key).on_conflict_do_nothing())
    else:
        session.execute(delete(ResultsSubscription).filter_by(**key))


def send_results_emails(session: Session, *, now: datetime) -> None:
    """Send the week's results, on Monday at 8:00 in Ottawa, once to everybody who had asked for them by then."""
    here = now.astimezone(EASTERN)
    monday = here.date() - timedelta(days=here.weekday())
    due = datetime.combine(monday, RESULTS_HOUR, tzinfo=EASTERN)
    if not due <= now < due + RESULTS_DELAY:
        return
    rows = session.scalars(
        select(ResultsSubscription)
        .join(Account, Account.id == ResultsSubscription.account_id)
        .where(Account.active, ResultsSubscription.since < due)
        .order_by(ResultsSubscription.account_id, ResultsSubscription.campaign_id)
    )
    refs = [f"{monday}:{row.campaign_id}:{row.account_id}" for row in rows]
    outbox.put_all(session, StaffEmail.RESULTS, refs, now=now)


def send_test_letter_email(session: Session, document: Document, trial: Trial, *, to: Account, now: datetime) -> None:
    """Send a letter, as its draft has it when it leaves, to them, marked as a test."""
    yes = f"{trial.own:d}{trial.mine:d}"
    choice = ".".join(map(str, trial.choice))[:16]
    stretch = int(now.timestamp()) // TEST_LETTER_INTERVAL_S
    ref = f"{to.id}:{document.id}:{trial.to}:{trial.language.value}:{yes}:{choice}:{stretch}"
    outbox.put(session, StaffEmail.TEST_LETTER, ref, now=now, by=Actor.STAFF)


@dataclass(frozen=True, slots=True)
class StaffEmails:
    """Writes the e-mails; `sender` is the site's own mailbox, `site` its name, `now` the clock.

    With a `test_recipient` every e-mail goes there.
    """

    links: SignedLinks
    base_url: str
    sender: Mailbox
    test_recipient: str
    site: str
    pages: MailPages
    campaigns: OpenCampaigns
    now: Callable[[], datetime]

    def invitation(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return the mail of an invitation; raises NothingToSend where it cannot be used any more."""
        row = invitations.find(session, ref, now=self.now())
        if row is None:
            raise NothingToSend
        account = by_email(session, row.email)
        inviter = session.get(Account, row.invited_by) if row.invited_by else None
        speaker = account or inviter
        language = speaker.language if speaker else SOURCE
        subject = message("An invitation to join the team")
        before = message("Use this link to join the team of %(site)s. There you may %(role)s.")
        if account:
            subject = message("A new password")
            before = message("Use this link to choose a new password for %(site)s. There you may %(role)s.")
        what = before.with_params(role=ROLE_NAMES[row.role], site=self.site)
        others = () if account else [what.in_language(one) for one in Language if one is not language]
        notice = self._with_link(
            language,
            subject,
            (what, *others),  # of a stranger no language is known
            path=f"join/{self.links.make(Purpose.INVITATION, row.id)}",
            until=row.expires_at,
            otherwise=message("If this wasn’t meant for you, do nothing: without the link nothing happens."),
        )
        return self._notice(notice, row.email, public_id)

    def account(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return one e-mail about an account; raises NothingToSend where it is closed, or the e-mail is too late."""
        row = session.get(AccountMail, int(ref), populate_existing=True)
        if row is None or not row.account.active:
            raise NothingToSend
        notice = self._reset(row) if row.kind == RESET else self._changed(row)
        return self._notice(notice, row.account.email, public_id)

    def _reset(self, row: AccountMail) -> Notice:
        """Return the e-mail with a link to Flask-Security's page, which wants the account's `fs_uniquifier` in it."""
        now = self.now()
        if row.created_at + RESET_VALID <= now:
            raise NothingToSend
        serializer = URLSafeTimedSerializer(self.links.signing_key, salt=RESET_SALT)
        token = serializer.dumps([row.account.fs_uniquifier, None])
        return self._with_link(
            row.account.language,
            message("A new password"),
            (message("Use this link to choose a new password for %(site)s.").with_params(site=self.site),),
            path=f"forgotten/{token}",
            until=now + RESET_VALID,
            otherwise=message("If you didn’t ask for this, do nothing: your password stays the same."),
        )

    def _with_link(
        self,
        language: Language,
        subject: Message,
        before: tuple[Text, ...],
        *,
        path: str,
        until: datetime,
        otherwise: Message,
    ) -> Notice:
        valid = message("This link works once, and until %(moment)s.", moment=until)
        return Notice(
            language=language,
            subject=subject,
            before=before,
            button=message("Choose a password"),
            link=f"{self.base_url}/staff/{path}",
            after=(valid, otherwise),
        )

    def _changed(self, row: AccountMail) -> Notice:
        subject = message("Your two-step verification was changed")
        what = message("A verification method of your account on %(site)s changed on %(moment)s.")
        if row.kind == PASSWORD:
            subject = message("Your password was changed")
            what = message("The password of your account on %(site)s was changed on %(moment)s.")
        return Notice(
            language=row.account.language,
            subject=subject,
            before=(what.with_params(site=self.site, moment=row.created_at),),
            button=message("My account"),
            link=f"{self.base_url}/staff/account",
            after=(message("If it wasn’t you, choose a new password now and tell a manager of the site."),),
        )

    def results(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return the mail with the figures of the week that ended on Sunday; they are masked as on the page.

        Raises NothingToSend where nothing is shown, and where the mail is no longer wanted.
        """
        day, campaign_id, account_id = ref.split(":")
        sunday = date.fromisoformat(day) - timedelta(days=1)
        account = session.get(Account, int(account_id), populate_existing=True)
        row = session.get(Campaign, int(campaign_id))
        campaign = self.campaigns.get(session, row.name) if row else None
        wanted = session.get(ResultsSubscription, (int(account_id), int(campaign_id)), populate_existing=True)
        if campaign is None or account is None or not account.active or wanted is None:
            raise NothingToSend
        made = figures(session, campaign.name, through=sunday)
        if not made.total:
            raise NothingToSend
        goal, delivered, until = campaign.file.goal, made.outcomes.shown.get(DELIVERED), made.outcomes_through
        items = [message("Letters confirmed so far: %(count)s", count=formatted(format_number, made.total))]
        if week := made.week_before(sunday + timedelta(days=1)):
            items.append(message("In the last 7 days: %(count)s", count=formatted(format_number, week)))
        if goal:
            items.append(
                message(
                    "Goal: %(count)s letters, %(percent)s reached",
                    count=formatted(format_number, goal.letters),
                    percent=formatted(format_percent, 100 * made.total // goal.letters),
                )
            )
        if delivered is not None and until:
            items.append(
                message(
                    "Reported as delivered, of those confirmed up to %(day)s: %(count)s",
                    count=formatted(format_number, delivered),
                    day=formatted(format_date, until),
                )
            )
        if answers := answer_counts.figures(session, campaign.name, through=sunday).letters:
            words = message("Letters whose answer writers reported on: %(count)s")
            items.append(words.with_params(count=formatted(format_number, answers)))
        shown = made.templates.shown
        letters = sorted(
            (one for one in campaign.letters.values() if one.path in shown), key=lambda one: -shown[one.path]
        )
        notice = Notice(
            language=account.language,
            subject=message("Results of the week: %(campaign)s", campaign=campaign.file.name),
            before=(
                message(
                    "Results of the campaign “%(campaign)s” up to %(day)s:",
                    campaign=campaign.file.name,
                    day=formatted(format_date, sunday),
                ),
            ),
            items=tuple(items),
            about=tuple(
                message(
                    "“%(letter)s”: %(count)s", letter=one.letter.title, count=formatted(format_number, shown[one.path])
                )
                for one in letters
            ),
            button=message("See the results"),
            link=f"{self.base_url}/staff/campaigns/{campaign.name}/results",
            after=(
                message("No figure covers fewer than five letters."),
                message("To stop this e-mail, clear the box at the end of the page of results."),
            ),
        )
        return self._notice(notice, account.email, public_id)

    def review(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return the e-mail about one act to one account; raises NothingToSend where it matters no more."""
        act, _, account_id = ref.partition(":")
        account = session.get(Account, int(account_id), populate_existing=True)
        which = select(ReviewEntry).order_by(ReviewEntry.id)
        if act.startswith("c"):  # comments of some minutes on one revision, by others than whoever reads the mail
            revision, end = act[1:].split(".")
            until = datetime.fromtimestamp(int(end) * COMMENT_MAIL_INTERVAL.total_seconds(), UTC)
            which = which.where(ReviewEntry.revision_id == int(revision), ReviewEntry.kind == Event.COMMENT.value)
            which = which.where(ReviewEntry.at >= until - COMMENT_MAIL_INTERVAL, ReviewEntry.at < until)
            which = which.where(ReviewEntry.account_id != int(account_id))
        else:
            which = which.where(ReviewEntry.act_id == int(act))
        whole = joinedload(ReviewEntry.revision).joinedload(Revision.document)
        entries = session.scalars(which.options(joinedload(ReviewEntry.account), whole)).all()
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
        subject, sentence = REVIEW_TEXTS[event]
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
            link=f"{self.base_url}/staff/{path}",
            after=after,
        )
        return self._notice(notice, account.email, public_id)

    def test_letter(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Compose the letter; raises NothingToSend where it cannot be composed, or the account is closed."""
        account_id, document_id, to, language, yes, choice, stretch = ref.split(":")
        account, document = session.get(Account, int(account_id)), session.get(Document, int(document_id))
        numbers = tuple(int(one) for one in choice.split(".") if one)
        trial = Trial(Kind(to), Language(language), yes[0] == "1", yes[1] == "1", numbers)
        template = _template(session, document) if document and account and account.active else None
        if document is None or account is None or template is None:
            raise NothingToSend
        recipient = somebody(session, trial.to, template.campaign, name=document.campaign.name)
        if recipient is None:
            raise NothingToSend
        day = day_of(datetime.fromtimestamp(int(stretch) * TEST_LETTER_INTERVAL_S).astimezone())
        letter = sample(template, recipient, trial, today=day)
        banner = message("Test: this letter went to nobody but you. Its writer is invented.")
        text, html = self.pages.letter(letter, banner=banner.in_language(account.language))
        subject = message("Test: %(subject)s", subject=letter.subject).in_language(account.language)
        return self.envelope(public_id, account.email, subject, text=text, html=html, language=letter.language)

    def _notice(self, notice: Notice, address: str, public_id: str) -> Envelope:
        subject, text, html = self.pages.notice(notice)
        return self.envelope(public_id, address, subject, text=text, html=html, language=notice.language)

    def envelope(
        self, public_id: str, address: str, subject: str, *, text: str, html: str, language: Language
    ) -> Envelope:
        return Envelope(
            id=public_id,
            sender=Mailbox(self.sender.name or self.site, self.sender.address),
            to=Mailbox("", self.test_recipient or address),
            reply_to=None,
            subject=subject,
            text=text,
            html=html,
            language=language,
            automatic=True,
        )


def forget(session: Session, *, now: datetime) -> None:
    """Delete the record of old e-mails about accounts."""
    session.execute(delete(AccountMail).where(AccountMail.created_at <= now - ACCOUNT_EMAIL_RETENTION))


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


def _template(session: Session, document: Document) -> LetterTemplate | None:
    """Return the letter as its draft has it, or as it was saved last; None while it cannot be composed."""
    try:
        return drafts.folder_with_draft(session, document).template(document.name)
    except TomlProblems:
        return None


def formatted(format_value: Callable[[Any, Language], str], value: object) -> Wording:
    return Wording({language: format_value(value, language) for language in Language})
