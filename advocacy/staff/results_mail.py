"""The mail that tells staff who asked for it a campaign's results, each Monday at 8:00 in Ottawa."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from advocacy.campaigns.models import Campaign
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.database import insert_into
from advocacy.delivery import outbox
from advocacy.delivery.provider import Envelope, NothingToSend
from advocacy.language import EASTERN, Language, Wording, format_date, format_number, format_percent
from advocacy.letters.letter_counts import DELIVERED, figures
from advocacy.letters.mail_pages import Notice
from advocacy.messages import message
from advocacy.staff.models import Account, ResultsSubscription
from advocacy.staff.staff_mail import StaffMail

KIND = "results"
"""The kind of message; its `ref` names the Monday, the campaign and the account, so each is put once."""
HOUR = time(8)
LATEST = timedelta(days=2)
"""A worker that was down sends the mail until then, and not after."""


def subscribed(session: Session, account_id: int, campaign: str) -> bool:
    """Whether somebody gets a campaign's results by mail."""
    row = select(ResultsSubscription.since).join(Campaign, Campaign.id == ResultsSubscription.campaign_id)
    found = row.where(ResultsSubscription.account_id == account_id, Campaign.name == campaign)
    return session.scalar(found) is not None


def subscribe(session: Session, account_id: int, campaign: str, *, wanted: bool, now: datetime) -> None:
    """Send somebody a campaign's results each week, or no longer."""
    campaign_id = session.scalars(select(Campaign.id).where(Campaign.name == campaign)).one()
    key = {"account_id": account_id, "campaign_id": campaign_id}
    if wanted:
        session.execute(insert_into(session, ResultsSubscription).values(since=now, **key).on_conflict_do_nothing())
    else:
        session.execute(delete(ResultsSubscription).filter_by(**key))


def put_due(session: Session, *, now: datetime) -> None:
    """Put the mail of the last Monday for everybody who had asked for it by then, once each."""
    here = now.astimezone(EASTERN)
    monday = here.date() - timedelta(days=here.weekday())
    due = datetime.combine(monday, HOUR, tzinfo=EASTERN)
    if not due <= now < due + LATEST:
        return
    rows = session.scalars(
        select(ResultsSubscription)
        .join(Account, Account.id == ResultsSubscription.account_id)
        .where(Account.active, ResultsSubscription.since < due)
        .order_by(ResultsSubscription.account_id, ResultsSubscription.campaign_id)
    )
    refs = [f"{monday}:{row.campaign_id}:{row.account_id}" for row in rows]
    outbox.put_together(session, KIND, refs, now=now)


@dataclass(frozen=True, slots=True)
class ResultsMail:
    """Makes the mail."""

    mail: StaffMail
    opened: OpenCampaigns

    def content(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return the mail with the figures of the week that ended on Sunday; they are masked as on the page.

        Raises NothingToSend where nothing is shown, and where the mail is no longer wanted.
        """
        day, campaign_id, account_id = ref.split(":")
        sunday = date.fromisoformat(day) - timedelta(days=1)
        account = session.get(Account, int(account_id), populate_existing=True)
        row = session.get(Campaign, int(campaign_id))
        campaign = self.opened.named(session, row.name) if row else None
        wanted = session.get(ResultsSubscription, (int(account_id), int(campaign_id)), populate_existing=True)
        if campaign is None or account is None or not account.active or wanted is None:
            raise NothingToSend
        made = figures(session, campaign.name, through=sunday)
        if not made.total:
            raise NothingToSend
        goal, delivered, until = campaign.file.goal, made.outcomes.shown.get(DELIVERED), made.outcomes_through
        items = [message("Letters confirmed so far: %(count)s", count=_spoken(format_number, made.total))]
        if week := made.week_before(sunday + timedelta(days=1)):
            items.append(message("In the last 7 days: %(count)s", count=_spoken(format_number, week)))
        if goal:
            items.append(
                message(
                    "Goal: %(count)s letters, %(percent)s reached",
                    count=_spoken(format_number, goal.letters),
                    percent=_spoken(format_percent, 100 * made.total // goal.letters),
                )
            )
        if delivered is not None and until:
            items.append(
                message(
                    "Reported as delivered, of those confirmed up to %(day)s: %(count)s",
                    count=_spoken(format_number, delivered),
                    day=_spoken(format_date, until),
                )
            )
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
                    day=_spoken(format_date, sunday),
                ),
            ),
            items=tuple(items),
            about=tuple(
                message(
                    "“%(letter)s”: %(count)s", letter=one.letter.title, count=_spoken(format_number, shown[one.path])
                )
                for one in letters
            ),
            button=message("See the results"),
            link=f"{self.mail.base_url}/staff/campaigns/{campaign.name}/results",
            after=(
                message("No figure covers fewer than five letters."),
                message("To stop this e-mail, clear the box at the end of the page of results."),
            ),
        )
        return self.mail.envelope(notice, account.email, public_id)


def _spoken(speak: Callable[[Any, Language], str], value: object) -> Wording:
    return Wording({language: speak(value, language) for language in Language})
