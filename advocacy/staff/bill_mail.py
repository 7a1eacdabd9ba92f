"""The mail that asks staff to confirm a bill's stage again: once to each publisher, 30 days after the last time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.campaigns.bill import REMINDER_DAYS, STAGE_DAYS, Bill
from advocacy.campaigns.condition_words import STAGES
from advocacy.campaigns.models import Campaign
from advocacy.campaigns.opened import OpenCampaign, OpenCampaigns
from advocacy.delivery import outbox
from advocacy.delivery.provider import Envelope, NothingToSend
from advocacy.language import Wording, speak_date
from advocacy.letters.mail_pages import Notice
from advocacy.letters.mail_words import GREETING, OR_COPY
from advocacy.letters.moments import day_of
from advocacy.staff.models import Account
from advocacy.staff.roles import Role
from advocacy.staff.staff_mail import StaffMail

KIND = "bill_reminder"
"""The kind of message; its `ref` names campaign, bill, day of confirmation and account, so each is put once."""

SUBJECT = Wording.of(
    en="Please confirm where Bill {number} stands", fr="Où en est le projet de loi {number}? Merci de le confirmer"
)
LAST = Wording.of(
    en="The stage of Bill {number} was last confirmed on {day}: {stage}.",
    fr="L’étape du projet de loi {number} a été confirmée la dernière fois le {day}\u00a0: {stage}.",
)
UNTIL = Wording.of(
    en="Letters of the campaign “{campaign}” name that stage until {until}. After that they say only what is true at "
    "any stage.",
    fr="Les lettres de la campagne «\u00a0{campaign}\u00a0» nomment cette étape jusqu’au {until}. Ensuite, elles "
    "disent seulement ce qui est vrai à toute étape.",
)
BUTTON = Wording.of(en="Confirm the stage", fr="Confirmer l’étape")
CHECK = Wording.of(
    en="Check it first on LEGISinfo, the site of Parliament.",
    fr="Vérifiez-la d’abord sur LEGISinfo, le site du Parlement.",
)
ALSO = Wording.of(
    en="Everyone who publishes letters on this site gets this message. One confirmation is enough.",
    fr="Toutes les personnes qui publient des lettres sur ce site reçoivent ce message. Une seule confirmation suffit.",
)


def put_due(session: Session, campaigns: Sequence[OpenCampaign], *, now: datetime) -> None:
    """Put a reminder for each publisher and each bill whose stage was confirmed 30 to 45 days ago."""
    today = day_of(now)
    refs: list[str] = []
    for campaign in campaigns:
        for bill in campaign.file.bills:
            age = bill.confirmed_days(today)
            if age is not None and REMINDER_DAYS <= age <= STAGE_DAYS:
                refs += _refs(session, campaign.name, bill)
    outbox.put_together(session, KIND, refs, now=now)


def _refs(session: Session, campaign: str, bill: Bill) -> Sequence[str]:
    campaign_id = session.scalar(select(Campaign.id).where(Campaign.name == campaign))
    publishers = select(Account.id).where(Account.active, Account.role.in_([Role.PUBLISHER, Role.MANAGER]))
    accounts = session.scalars(publishers.order_by(Account.id))
    return [f"{campaign_id}:{bill.number}:{bill.confirmed}:{account}" for account in accounts]


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
        language = account.language
        last = LAST.spoken(language).format(
            number=number, day=speak_date(day, language), stage=STAGES[bill.stage].spoken(language)
        )
        until = UNTIL.spoken(language).format(
            campaign=campaign.file.name.spoken(language), until=speak_date(day + timedelta(days=STAGE_DAYS), language)
        )
        notice = Notice(
            language=language,
            subject=SUBJECT.spoken(language).format(number=number),
            greeting=GREETING.spoken(language),
            before=(last, until, CHECK.spoken(language)),
            items=(),
            about=(),
            button=BUTTON.spoken(language),
            or_copy=OR_COPY.spoken(language),
            link=f"{self.mail.base_url}/staff/templates",
            after=(ALSO.spoken(language),),
            footer=(),
        )
        return self.mail.envelope(notice, account.email, public_id)
