"""The morning mail: what waits for each of the staff, on mornings when something has to be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.delivery import outbox
from advocacy.delivery.provider import Envelope, NothingToSend
from advocacy.language import EASTERN, day_of, format_number
from advocacy.letters.letter_counts import LetterCounts, counts_by_campaign
from advocacy.messages import Message, message, nmessage
from advocacy.staff.emails import StaffEmails, formatted
from advocacy.staff.models import Account, Role, StaffEmail
from advocacy.today import Waiting, newest_folders, waiting_for

BEGIN, END = time(7), time(12)
"""When the mails leave, in Ottawa: a worker that was down sends them until noon, and not after."""


def put_mails(session: Session, campaigns: Sequence[OpenCampaign], *, now: datetime) -> None:
    """Put today's mail to each of the staff for whom something has to be done; once, however often called."""
    if not BEGIN <= now.astimezone(EASTERN).time() < END:
        return
    folders = newest_folders(session)
    for account in session.scalars(select(Account).where(Account.active).order_by(Account.id)).all():
        if waiting_for(session, account, campaigns=campaigns, folders=folders, now=now).is_worth_a_mail:
            outbox.put(session, StaffEmail.MORNING, f"{day_of(now)}:{account.id}", now=now)


@dataclass(frozen=True, slots=True)
class MorningMail:
    """Writes the mail when it is handed over, as all mails to staff are."""

    emails: StaffEmails

    def write(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return the mail; raises NothingToSend where nothing waits any more, the day is over or the account closed."""
        day, _colon, account_id = ref.partition(":")
        account, now = session.get(Account, int(account_id), populate_existing=True), self.emails.now()
        if account is None or not account.active or day != day_of(now).isoformat():
            raise NothingToSend
        campaigns = self.emails.campaigns.all(session)
        waiting = waiting_for(session, account, campaigns=campaigns, folders=newest_folders(session), now=now)
        if not waiting.is_worth_a_mail:
            raise NothingToSend
        words = {
            "subject": _subject(waiting),
            "title": _title(waiting),
            "tasks": waiting.tasks,
            "stop": waiting.stop,
            "site": f"{self.emails.base_url}/staff/",
            "yesterday": message("Yesterday"),
            "counts": _counts(session, campaigns, now=now) if account.role.may(Role.MANAGER) else (),
            "after": (
                message("You get this mail on mornings when something waits, and on no other."),
                message("No citizen’s name or words are in it."),
            ),
        }
        subject, text, html = self.emails.pages.page("morning", words, account.language)
        return self.emails.envelope(public_id, account.email, subject, text=text, html=html, language=account.language)


def _title(waiting: Waiting) -> Message:
    return nmessage("%(num)d thing waits for you.", "%(num)d things wait for you.", len(waiting.tasks))


def _subject(waiting: Waiting) -> Message:
    """Return the most urgent thing, and how many more there are."""
    first, others = waiting.tasks[0].title, len(waiting.tasks) - 1
    return (
        nmessage("%(first)s, and %(num)d more", "%(first)s, and %(num)d more", others, first=first) if others else first
    )


def _counts(session: Session, campaigns: Sequence[OpenCampaign], *, now: datetime) -> Sequence[Message]:
    """Return how many letters each campaign had yesterday, and in all."""
    counted = counts_by_campaign(session, day_of(now) - timedelta(days=1))
    return [
        message(
            "%(campaign)s: %(letters)s, %(total)s in all",
            campaign=campaign.file.name,
            letters=nmessage("%(num)d letter", "%(num)d letters", counts.today),
            total=formatted(format_number, counts.all),
        )
        for campaign in campaigns
        if (counts := counted.get(campaign.name, LetterCounts())).all
    ]
