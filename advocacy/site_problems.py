"""What is wrong with a running site: one list, in English, for `advocacy doctor`, `/readyz` and `/metrics`.

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
from advocacy.language import SOURCE, day_of
from advocacy.legislators.directory_check import OLD_AFTER_DAYS
from advocacy.legislators.directory_queries import bounced_entries
from advocacy.legislators.legislatures import SENATE
from advocacy.legislators.models import DataSet, Legislator, Status
from advocacy.letters import bounce_brake, digest_delivery
from advocacy.messages import format_moment
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
    """One thing wrong with the site: `code` names its kind, `advice` says to operators what is wrong, or what to do."""

    code: str
    level: Level
    advice: str


def note(code: str, advice: str) -> SiteProblem:
    return SiteProblem(code, Level.NOTE, advice)


def warn(code: str, advice: str) -> SiteProblem:
    return SiteProblem(code, Level.WARN, advice)


def fail(code: str, advice: str) -> SiteProblem:
    return SiteProblem(code, Level.FAIL, advice)


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
        yield fail("sending-paused", "Sending is paused: resume it once the cause is corrected.")
    if outage := outages.current(session):
        since = format_moment(outage.since, SOURCE)
        yield fail("provider-outage", f"The mail service has accepted no e-mail since {since}.")
    oldest_due = outbox.oldest_due(session, now=now)
    if oldest_due is not None and now - oldest_due > MESSAGE_LATE:
        since = format_moment(oldest_due, SOURCE)
        yield fail("messages-late", f"Messages are late: one has been due since {since}.")
    if digest_delivery.offices_due(session, now=now):
        yield warn("digests-late", "Daily mails of offices have not been made: look at the worker’s log.")
    if bounce_brake.is_on(session, now=now):
        yield fail("confirmations-held", "Many confirmation e-mails come back: new ones are held.")


def _waiting_problems(session: Session, now: datetime) -> Iterator[SiteProblem]:
    count, is_late = _waiting(session, State.NEEDS_STAFF, before=now - DECISION_LATE)
    if count:
        yield (warn if is_late else note)("decisions-wait", f"Messages that need a decision: {count}.")
    count, is_late = _waiting(session, State.HELD, before=now - LOOK_LATE)
    if count:
        yield (warn if is_late else note)("held-wait", f"Messages that somebody has to read first: {count}.")


def _waiting(session: Session, state: State, *, before: datetime) -> tuple[int, bool]:
    """Return how many messages are in a state, and whether one has been since before that moment."""
    waiting = select(Message.changed_at).where(Message.state == state).order_by(Message.changed_at).limit(MAX_COUNTED)
    moments = session.scalars(waiting).all()
    return len(moments), bool(moments) and moments[0] < before


def _directory_problems(session: Session, today: date) -> Iterator[SiteProblem]:
    if count := len(bounced_entries(session)):
        yield note("addresses-bounced", f"Addresses of legislators that e-mail comes back from: {count}.")
    if count := len(awaiting_confirmation(session)):
        yield note("addresses-unconfirmed", f"Offices that named another address for their letters: {count}.")
    if count := without_address(session):
        yield note("addresses-missing", f"Legislators without an e-mail address, senators left out: {count}.")
    if lists := old_lists(session, today):
        yield warn("directory-old", f"Lists of more than {OLD_AFTER_DAYS} days: {', '.join(lists)}.")


def without_address(session: Session) -> int:
    """Count those in office who have no e-mail address; senators, for whom no list has one, are left out."""
    is_missing = Legislator.status.not_in((Status.VACANT, Status.LEFT)) & Legislator.email.is_(None)
    counted = select(func.count()).where(is_missing, Legislator.chamber != SENATE)
    return session.scalar(counted) or 0


def old_lists(session: Session, today: date) -> Sequence[str]:
    """Return the keys of the lists of legislators that somebody should look for a newer one of."""
    is_old = DataSet.as_of < today - timedelta(days=OLD_AFTER_DAYS)
    return session.scalars(select(DataSet.key).where(is_old).order_by(DataSet.key)).all()


def _campaign_problems(campaigns: Sequence[OpenCampaign], today: date) -> Iterator[SiteProblem]:
    files = {campaign.name: campaign.file for campaign in campaigns}
    silent = [name for name, file in files.items() if not (file.organiser and file.privacy_contact)]
    if silent:
        yield warn("contact-missing", f"Nobody is named who runs it, or to write to: {', '.join(silent)}.")
    unconfirmed = [
        f"{bill.number} ({name})"
        for name, file in files.items()
        for bill in file.bills
        if bill.needs_confirmation(today)
    ]
    if unconfirmed:
        yield warn("bill-unconfirmed", f"The stage is to be confirmed of {', '.join(unconfirmed)}.")


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
