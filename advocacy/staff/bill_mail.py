"""The mail that asks staff to confirm a bill's stage again: once to each publisher, 30 days after the last time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.editor.condition_phrases import STAGES
from advocacy.campaigns.legislation import REMINDER_DAYS, STAGE_DAYS
from advocacy.campaigns.models import Campaign
from advocacy.campaigns.open_campaigns import OpenCampaign, OpenCampaigns
from advocacy.delivery import outbox
from advocacy.delivery.provider import Envelope, NothingToSend
from advocacy.language import Language, Wording, day_of, format_date
from advocacy.letters.mail_pages import Notice
from advocacy.messages import message
from advocacy.staff.models import Account, Role
from advocacy.staff.staff_mail import StaffMail

KIND = "bill_reminder"
"""The kind of message; its `ref` names campaign, bill, day of confirmation and account, so each is put once."""


def put_due(session: Session, campaigns: Sequence[OpenCampaign], *, now: datetime) -> None:
    """Put a reminder for each publisher and each bill whose stage was confirmed 30 to 45 days ago."""
    publishers = select(Account.id).where(Account.active, Account.role.in_([Role.PUBLISHER, Role.MANAGER]))
    accounts = session.scalars(publishers.order_by(Account.id)).all()
    for campaign in campaigns:
        campaign_id = session.scalar(select(Campaign.id).where(Campaign.name == campaign.name))
        for bill in campaign.file.bills:
            age = bill.confirmed_days(day_of(now))
            if age is not None and REMINDER_DAYS <= age <= STAGE_DAYS:
                refs = [f"{campaign_id}:{bill.number}:{bill.confirmed}:{account}" for account in accounts]
                outbox.put_together(session, KIND, refs, now=now)


@dataclass(frozen=True, slots=True)
class BillMail:
    """Makes the mail."""

    mail: StaffMail
    opened: OpenCampaigns

    def content(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Ask one publisher; raises NothingToSend where the stage was confirmed since, or the account is closed."""
        campaign_id, number, confirmed, account_id = ref.split(":")
        account = session.get(Account, int(account_id), populate_existing=True)
        row = session.get(Campaign, int(campaign_id))
        campaign = self.opened.named(session, row.name) if row else None
        bills = campaign.file.bills if campaign else ()
        day = date.fromisoformat(confirmed)
        bill = next((one for one in bills if one.number == number and one.confirmed == day), None)
        if campaign is None or bill is None or account is None or not account.active:
            raise NothingToSend
        notice = Notice(
            language=account.language,
            subject=message("Please confirm the stage of Bill %(number)s", number=number),
            before=(
                message(
                    "The stage of Bill %(number)s was last confirmed on %(day)s: %(stage)s.",
                    number=number,
                    day=_in_words(day),
                    stage=STAGES[bill.stage],
                ),
                message(
                    "Letters of the campaign “%(campaign)s” name that stage until %(until)s. After that they say only "
                    "what is true at any stage.",
                    campaign=campaign.file.name,
                    until=_in_words(day + timedelta(days=STAGE_DAYS)),
                ),
                message("Check it first on LEGISinfo, the site of Parliament."),
            ),
            button=message("Confirm the stage"),
            link=f"{self.mail.base_url}/staff/campaigns/{campaign.name}",
            after=(
                message("Everyone who publishes letters on this site gets this message. One confirmation is enough."),
            ),
        )
        return self.mail.envelope(notice, account.email, public_id)


def _in_words(day: date) -> Wording:
    return Wording({language: format_date(day, language) for language in Language})
