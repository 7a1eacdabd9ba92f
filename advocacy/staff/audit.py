"""The journal of what staff did: each entry is chained to the one before it, so that nothing is changed unseen."""

import hashlib
import json
import secrets
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from advocacy.staff.models import AuditEntry

TURN = "SELECT pg_advisory_xact_lock(7203115)"
"""Makes the next writer of the journal wait until this transaction ends; SQLite has one writer at a time anyway."""


class Act(StrEnum):
    """What staff do, as the journal names it. An act says what it is done to: `subject` is an id, as "account:3"."""

    INVITED = "invited"
    INVITATION_WITHDRAWN = "invitation-withdrawn"
    JOINED = "joined"
    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - the name of an act
    SECOND_FACTOR_ADDED = "second-factor-added"
    SECOND_FACTOR_REMOVED = "second-factor-removed"
    RECOVERY_CODES_MADE = "recovery-codes-made"
    RECOVERY_CODE_USED = "recovery-code-used"
    ACCOUNT_CHANGED = "account-changed"
    ROLE_CHANGED = "role-changed"
    ACCOUNT_CLOSED = "account-closed"
    ACCOUNT_OPENED = "account-opened"
    VISITS_ENDED = "visits-ended"
    REVISION_SAVED = "revision-saved"
    PUBLICATION_ASKED = "publication-asked"
    PUBLICATION_WITHDRAWN = "publication-withdrawn"
    PUBLISHED = "published"
    RETURNED = "returned"
    COMMENTED = "commented"
    PUBLICATION_SCHEDULED = "publication-scheduled"
    PUBLICATION_UNSCHEDULED = "publication-unscheduled"
    TAKEN_OFFLINE = "taken-offline"
    PUT_ONLINE = "put-online"
    ARCHIVED = "archived"
    RESTORED = "restored"
    DELETED = "deleted"
    CAMPAIGN_MADE = "campaign-made"
    CAMPAIGN_IMPORTED = "campaign-imported"
    CAMPAIGN_EXPORTED = "campaign-exported"
    OWN_LIST_CHANGED = "own-list-changed"
    RULE_CHANGED = "rule-changed"
    BILL_CONFIRMED = "bill-confirmed"
    LEGISLATOR_CORRECTED = "legislator-corrected"
    DIRECTORY_REFRESHED = "directory-refreshed"
    ADDRESS_TRUSTED = "address-trusted"
    OUTBOX_PAUSED = "outbox-paused"
    OUTBOX_RESUMED = "outbox-resumed"
    LETTER_SENT_AGAIN = "letter-sent-again"
    LETTER_CANCELLED = "letter-cancelled"
    LETTER_MARKED_SENT = "letter-marked-sent"
    LETTER_READ = "letter-read"
    INSIGHT_EXPORTED = "insight-exported"
    DELIVERIES_EXPORTED = "deliveries-exported"
    LETTERS_MERGED = "letters-merged"
    REASON_ERASED = "reason-erased"


def write(
    session: Session,
    act: Act,
    subject: str,
    *,
    by: int | None,
    now: datetime,
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> AuditEntry:
    """Write one act of the account `by` (None: the command line) into the journal, in the caller's transaction.

    `before` and `after` are campaign content that JSON can hold, never anything of a citizen.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(TURN))
    last = session.scalar(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))
    salt = secrets.token_hex(16)
    entry = AuditEntry(
        id=last.id + 1 if last else 1,
        at=now,
        account_id=by,
        act=act.value,
        subject=subject,
        before=before,
        after=after,
        reason=reason or None,
        reason_salt=salt,
        reason_hash=_reason_hash(salt, reason),
    )
    entry.hash = _hash(entry, last.hash if last else "")
    session.add(entry)
    session.flush()
    return entry


def erase_reason(session: Session, entry: AuditEntry, *, by: int | None, now: datetime) -> None:
    """Erase what was typed as a reason; the chain holds, and the erasure is an act of its own."""
    entry.reason = None
    write(session, Act.REASON_ERASED, f"entry:{entry.id}", by=by, now=now)


def broken(session: Session) -> Iterator[tuple[int, str]]:
    """Give every entry at which the chain breaks, with what is wrong, in one sentence."""
    previous, expected = "", 1
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id)).yield_per(1000):
        if entry.id != expected:
            yield entry.id, f"entries {expected} to {entry.id - 1} are missing"
        if entry.hash != _hash(entry, previous):
            yield entry.id, "this entry, or the one before it, was changed"
        if entry.reason is not None and _reason_hash(entry.reason_salt, entry.reason) != entry.reason_hash:
            yield entry.id, "its reason was changed"
        previous, expected = entry.hash, entry.id + 1


def count(session: Session) -> int:
    """Tell how many entries there are."""
    return session.scalar(select(func.count(AuditEntry.id))) or 0


def _reason_hash(salt: str, reason: str) -> str:
    return hashlib.sha256(f"{salt}\0{reason}".encode()).hexdigest()


def _hash(entry: AuditEntry, previous: str) -> str:
    """Hash an entry with the one before it (SHA-256 over JSON with sorted keys)."""
    said = [entry.id, entry.at.isoformat(), entry.account_id, entry.act, entry.subject, entry.before, entry.after]
    whole = json.dumps([previous, *said, entry.reason_hash], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()
