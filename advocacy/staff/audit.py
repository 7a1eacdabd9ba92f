"""The audit log of what staff did: each entry is chained to the one before it, so that nothing is changed unseen.

The chain is an HMAC with the site's data keys, which are not in the database: whoever can write there cannot forge it.
Entries of before that are chained by SHA-256 alone; the first one with a key signs them all.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from advocacy.data_keys import IN_SESSION
from advocacy.sealing import Keys, digests
from advocacy.staff.models import AuditEntry

TURN = "SELECT pg_advisory_xact_lock(7203115)"
"""Makes the next writer of the log wait until this transaction ends; SQLite has one writer at a time anyway."""


class Act(StrEnum):
    """What staff do, as the log names it. An act says what it is done to: `subject` is an id, as "account:3"."""

    INVITED = "invited"
    INVITATION_WITHDRAWN = "invitation-withdrawn"
    JOINED = "joined"
    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    SIGN_IN_FAILED = "sign-in-failed"
    REFUSED = "refused"
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
    """Write one act of the account `by` (None: the command line) into the log, in the caller's transaction.

    `before` and `after` are campaign content that JSON can hold, never anything of a citizen.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sql(TURN))
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
    text = _chained(entry, last.hash if last else "")
    keys = _keys(session)
    entry.hash = _signed(text, keys)[0] if keys else _hash(text)
    session.add(entry)
    session.flush()
    return entry


def erase_reason(session: Session, entry: AuditEntry, *, by: int | None, now: datetime) -> None:
    """Erase what was typed as a reason; the chain holds, and the erasure is an act of its own."""
    entry.reason = None
    write(session, Act.REASON_ERASED, f"entry:{entry.id}", by=by, now=now)


def broken(session: Session) -> Iterator[tuple[int, str]]:
    """Give every entry at which the chain breaks, with what is wrong, in one sentence."""
    previous, expected, signed, keys = "", 1, False, _keys(session)
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id)).yield_per(1000):
        if entry.id != expected:
            yield entry.id, f"entries {expected} to {entry.id - 1} are missing"
        text = _chained(entry, previous)
        if keys and entry.hash in _signed(text, keys):
            signed = True
        elif signed or entry.hash != _hash(text):
            yield entry.id, "this entry, or the one before it, was changed, or its key is not known here"
        if entry.reason is not None and _reason_hash(entry.reason_salt, entry.reason) != entry.reason_hash:
            yield entry.id, "its reason was changed"
        previous, expected = entry.hash, entry.id + 1


def last_hash(session: Session) -> str:
    """Return the hash that the log ends with, "" for an empty one; kept elsewhere, it shows whether the end was cut."""
    return session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)) or ""


def has(session: Session, entry_hash: str) -> bool:
    """Whether an entry has this hash."""
    return session.scalar(select(AuditEntry.id).where(AuditEntry.hash == entry_hash)) is not None


def is_signed(session: Session) -> bool:
    """Whether an entry is chained with the keys of the site: one of a site that has them is, after the first start."""
    keys, last = _keys(session), list(session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(2)))
    if not keys or not last:
        return False
    return last[0].hash in _signed(_chained(last[0], last[1].hash if len(last) > 1 else ""), keys)


def is_milestone(times: int) -> bool:
    """Whether what happened so often is written down again: at 1, 3, 10, 30, 100 … times."""
    return str(times).rstrip("0") in {"1", "3"}


def count(session: Session) -> int:
    """Tell how many entries there are."""
    return session.scalar(select(func.count(AuditEntry.id))) or 0


def _reason_hash(salt: str, reason: str) -> str:
    return hashlib.sha256(f"{salt}\0{reason}".encode()).hexdigest()


def _keys(session: Session) -> Keys | None:
    find: Callable[[], Keys] | None = session.info.get(IN_SESSION)
    return find() if find else None


def _chained(entry: AuditEntry, previous: str) -> str:
    """Write an entry and the hash of the one before it as one text (JSON with sorted keys)."""
    said = [entry.id, entry.at.isoformat(), entry.account_id, entry.act, entry.subject, entry.before, entry.after]
    return json.dumps([previous, *said, entry.reason_hash], sort_keys=True, ensure_ascii=False)


def _signed(text: str, keys: Keys) -> tuple[str, ...]:
    """Return the text's HMAC with each key of the site, the newest first."""
    return digests(keys, text, purpose="staff audit")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
