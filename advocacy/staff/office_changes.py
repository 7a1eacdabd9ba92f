"""A change of what an office set, by itself or by staff: with its entry in the audit log, and with what follows it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from advocacy.database import take_turn
from advocacy.delivery import outbox
from advocacy.delivery.models import OFFICE_PAUSED
from advocacy.letters import digests, outcome_mails
from advocacy.offices import office_settings
from advocacy.offices.office_settings import OfficeValues, pause_end
from advocacy.staff import audit_log
from advocacy.staff.audit_log import Act
from advocacy.staff.models import AuditEntry


def change_settings(
    session: Session,
    legislator_id: str,
    values: OfficeValues,
    *,
    act: Act,
    by: int | None,
    now: datetime,
    reason: str = "",
) -> OfficeValues | None:
    """Set an office's settings; return those before, None where nothing differs. In a transaction that writes.

    A pause keeps the letters that wait already, and their citizens are mailed that they do; where it ends, they are due
    one after another.
    """
    take_turn(session, f"office {legislator_id}")
    before = office_settings.settings_of(session, legislator_id)
    if before == values:
        return None
    office_settings.change(session, legislator_id, values, now=now)
    if before.paused_until != values.paused_until:
        until = values.paused_until if values.is_paused(now) else None
        begin, wait = (pause_end(until), OFFICE_PAUSED) if until else (now, "")
        alone = outbox.postpone(session, legislator_id, until=begin, reason=wait)
        waiting = [*alone, *digests.plan_anew(session, legislator_id, begin=begin, reason=wait)]
        if until:
            outcome_mails.office_paused(session, waiting, now=now)
    subject = subject_of(legislator_id)
    audit_log.write(session, act, subject, by=by, now=now, before=before.content, after=values.content, reason=reason)
    return before


def former_settings(session: Session, legislator_id: str) -> OfficeValues:
    """Return what an office's settings were before it last changed them."""
    changes = select(AuditEntry).where(AuditEntry.subject == subject_of(legislator_id))
    last = session.scalar(
        changes.where(AuditEntry.act == Act.OFFICE_CHANGED.value).order_by(AuditEntry.id.desc()).limit(1)
    )
    return OfficeValues.read(last.before or {}) if last is not None else OfficeValues()


def subject_of(legislator_id: str) -> str:
    """Return what the audit log calls an office's settings."""
    return f"office:{legislator_id}"
