"""What is wrong with a running site: one list for `advocacy doctor`, `/readyz`, `/metrics` and the staff's Home.

Its thresholds are those of the alerts as well, which ask for nothing but codes and levels.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from advocacy.abuse import caps
from advocacy.campaigns.open_campaigns import OpenCampaign
from advocacy.delivery import holds, outages, outbox
from advocacy.delivery.models import Message, PeriodicRun
from advocacy.delivery.states import State
from advocacy.language import SOURCE, Wording, day_of
from advocacy.legislators.directory_check import OLD_AFTER_DAYS
from advocacy.legislators.directory_queries import bounced_entries
from advocacy.legislators.models import DataSet, Legislator, Status
from advocacy.letters import bounce_brake, digest_delivery
from advocacy.messages import Words, format_moment, message, nmessage
from advocacy.offices.office_settings import awaiting_confirmation
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, AuditEntry, Role

MAX_COUNTED = 1000
"""What waits is counted up to this many, so that the list costs the same whatever is stored."""
MESSAGE_LATE = timedelta(minutes=10)
"""Workers look every few seconds, and a crowd of letters passes sooner."""
SWEEP_LATE = timedelta(minutes=5)
"""A worker sweeps each minute."""
DECISION_LATE = timedelta(hours=1)
LOOK_LATE = timedelta(hours=12)
BACKUP_OLD = timedelta(days=2)
MIN_FREE_BYTES = 1024**3
"""Some hours of a busy site, its log included."""


class Level(StrEnum):
    """How bad a problem is."""

    NOTE = "note"
    """Work that waits for the staff, as on any day."""
    WARN = "warn"
    """The site works, and somebody should look by tomorrow."""
    FAIL = "fail"
    """Something does not work, or soon will not."""


@dataclass(frozen=True, slots=True)
class SiteProblem:
    """One thing wrong with the site: `code` names its kind, `advice` says what is wrong, or what to do.

    `page` is the page of the staff on which it is put right, of `campaign` where it is about one; without a page it is
    the operators', who read English.
    """

    code: str
    level: Level
    advice: Words
    page: str = ""
    campaign: str = ""


def note(code: str, advice: Words, page: str) -> SiteProblem:
    return SiteProblem(code, Level.NOTE, advice, page)


def warn(code: str, advice: "Words | str", page: str = "", *, campaign: str = "") -> SiteProblem:
    return SiteProblem(code, Level.WARN, Wording.same(advice) if isinstance(advice, str) else advice, page, campaign)


def fail(code: str, advice: "Words | str", page: str = "") -> SiteProblem:
    return SiteProblem(code, Level.FAIL, Wording.same(advice) if isinstance(advice, str) else advice, page)


def site_problems(
    session: Session, campaigns: Sequence[OpenCampaign], folder: Path, *, forms_a_day: int, now: datetime
) -> Iterator[SiteProblem]:
    """Yield what is wrong with the site whose open campaigns these are, and which writes to this folder.

    `forms_a_day` is how many forms it takes within 24 hours.
    """
    today = day_of(now)
    yield from _sending_problems(session, now)
    if caps.forms_counted(session, now=now) >= forms_a_day:
        advice = "All forms of 24 hours are taken: raise ADVOCACY_SITE_PER_DAY if people have sent them."
        yield fail("forms-full", advice)
    yield from _waiting_problems(session, now)
    yield from _directory_problems(session, today)
    yield from _campaign_problems(campaigns, today)
    yield from _upkeep_problems(session, now)
    if free_bytes(folder) < MIN_FREE_BYTES:
        yield fail("disk-full", "The disk is almost full: make room, no letter can be taken on a full one.")


def free_bytes(folder: Path) -> int:
    """Return what is free of the disk that a folder lies on, or would."""
    path = folder.absolute()
    return shutil.disk_usage(next(parent for parent in (path, *path.parents) if parent.exists())).free


def _sending_problems(session: Session, now: datetime) -> Iterator[SiteProblem]:
    swept_at = session.scalar(select(PeriodicRun.started_at).where(PeriodicRun.name == "sweep"))
    if swept_at is None or now - swept_at > SWEEP_LATE:
        since = f"since {format_moment(swept_at, SOURCE)}" if swept_at else "yet"
        yield fail("worker-gone", f"No worker has run {since}: look at its log, start advocacy worker.")
    if holds.current(session) is not None:
        yield fail("sending-paused", message("Sending is paused: resume it once the cause is corrected."), "deliveries")
    if outage := outages.current(session):
        advice = message("The mail service has accepted no e-mail since %(moment)s.", moment=outage.since)
        yield fail("provider-outage", advice, "deliveries")
    oldest_due = outbox.oldest_due(session, now=now)
    if oldest_due is not None and now - oldest_due > MESSAGE_LATE:
        advice = message("Messages are late: one has been due since %(moment)s.", moment=oldest_due)
        yield fail("messages-late", advice, "deliveries")
    if digest_delivery.offices_due(session, now=now):
        yield warn("digests-late", "Daily mails of offices have not been made: look at the worker’s log.")
    if bounce_brake.is_on(session, now=now):
        advice = message("Many confirmation e-mails come back: new ones are held.")
        yield fail("confirmations-held", advice, "needs_a_look")


def _waiting_problems(session: Session, now: datetime) -> Iterator[SiteProblem]:
    count, is_late = _waiting(session, State.NEEDS_STAFF, before=now - DECISION_LATE)
    if count:
        advice = nmessage("%(num)d delivery needs a decision.", "%(num)d deliveries need a decision.", count)
        yield (warn if is_late else note)("decisions-wait", advice, "deliveries")
    count, is_late = _waiting(session, State.HELD, before=now - LOOK_LATE)
    if count:
        advice = nmessage("%(num)d needs a look before it is sent.", "%(num)d need a look before they are sent.", count)
        yield (warn if is_late else note)("held-wait", advice, "needs_a_look")


def _waiting(session: Session, state: State, *, before: datetime) -> tuple[int, bool]:
    """Return how many messages are in a state, and whether one has been since before that moment."""
    waiting = select(Message.changed_at).where(Message.state == state).order_by(Message.changed_at).limit(MAX_COUNTED)
    moments = session.scalars(waiting).all()
    return len(moments), bool(moments) and moments[0] < before


def _directory_problems(session: Session, today: date) -> Iterator[SiteProblem]:
    if count := len(bounced_entries(session)):
        advice = nmessage(
            "E-mail to %(num)d address of the directory comes back: correct it.",
            "E-mail to %(num)d addresses of the directory comes back: correct them.",
            count,
        )
        yield note("addresses-bounced", advice, "bounces")
    if count := len(awaiting_confirmation(session)):
        advice = nmessage(
            "%(num)d office named another address for its letters: confirm it.",
            "%(num)d offices named another address for their letters: confirm them.",
            count,
        )
        yield note("addresses-unconfirmed", advice, "directory")
    is_missing = Legislator.status.not_in((Status.VACANT, Status.LEFT)) & Legislator.email.is_(None)
    if count := session.scalar(select(func.count()).where(is_missing)) or 0:
        advice = nmessage(
            "%(num)d person in the directory has no e-mail address.",
            "%(num)d people in the directory have no e-mail address.",
            count,
        )
        yield note("addresses-missing", advice, "directory")
    is_old = DataSet.as_of < today - timedelta(days=OLD_AFTER_DAYS)
    if count := session.scalar(select(func.count()).where(is_old)) or 0:
        advice = nmessage(
            "%(num)d list of the directory is more than %(days)d days old.",
            "%(num)d lists of the directory are more than %(days)d days old.",
            count,
            days=OLD_AFTER_DAYS,
        )
        yield warn("directory-old", advice, "directory")


def _campaign_problems(campaigns: Sequence[OpenCampaign], today: date) -> Iterator[SiteProblem]:
    for campaign in campaigns:
        name = campaign.file.name
        if not (campaign.file.organiser and campaign.file.privacy_contact):
            advice = message("%(name)s: say who runs the campaign and whom to write to about privacy.", name=name)
            yield warn("contact-missing", advice, "campaign_settings", campaign=campaign.name)
        for bill in campaign.file.bills:
            if bill.needs_confirmation(today):
                advice = message("%(name)s: confirm the stage of %(bill)s.", name=name, bill=bill.number)
                yield warn("bill-unconfirmed", advice, "campaign", campaign=campaign.name)


def _upkeep_problems(session: Session, now: datetime) -> Iterator[SiteProblem]:
    made_at = session.scalar(select(func.max(AuditEntry.at)).where(AuditEntry.act == Act.BACKUP_MADE))
    if made_at is None:
        yield warn("backup-missing", "No backup was ever made: systemctl enable advocacy-backup.timer.")
    elif now - made_at > BACKUP_OLD:
        advice = "look at journalctl -u advocacy-backup"
        yield fail("backup-old", f"The last backup is of {format_moment(made_at, SOURCE)}: {advice}.")
    managers = select(Account.id).where(Account.role == Role.MANAGER, Account.active).limit(1)
    if session.scalar(managers) is None:
        yield warn("manager-missing", "There is no manager: advocacy staff invite EMAIL --role manager.")
