"""The audit log of what staff did: each entry is chained to the one before it, so that nothing is changed unseen.

The chain is an HMAC with the site's data keys, which are not in the database: whoever can write there cannot forge it.
Entries of before that are chained by SHA-256 alone; the first one with a key signs them all.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from advocacy.abuse import limiter
from advocacy.database import KEYS_IN_SESSION, take_turn
from advocacy.encryption import Keys, digests
from advocacy.language import EASTERN, Language
from advocacy.messages import Message, message
from advocacy.staff.models import AuditEntry

PAGE = 12
MAX_REPEATED, REPEATED_WINDOW = 10, timedelta(minutes=15)
"""How often an act that can be repeated at will is written, and within which time."""


class Act(StrEnum):
    """What staff do, as the log names it; its `words` go on from the name of who did it.

    An act says what it is done to: `subject` is an id, as "account:3".
    """

    words: Message

    def __new__(cls, name: str, words: Message) -> "Act":
        """Make an act of its name, with its words."""
        act = str.__new__(cls, name)
        act._value_ = name
        act.words = words
        return act

    INVITED = "invited", message("invited somebody")
    INVITATION_WITHDRAWN = "invitation-withdrawn", message("withdrew an invitation")
    JOINED = "joined", message("joined the staff")
    SIGNED_IN = "signed-in", message("signed in")
    SIGNED_OUT = "signed-out", message("signed out")
    SIGN_IN_FAILED = "sign-in-failed", message("failed to sign in")
    REFUSED = "refused", message("was refused a page")
    PASSWORD_CHANGED = "password-changed", message("changed their password")
    SECOND_FACTOR_ADDED = "second-factor-added", message("added a verification method")
    SECOND_FACTOR_REMOVED = "second-factor-removed", message("removed a verification method")
    RECOVERY_CODES_MADE = "recovery-codes-made", message("created recovery codes")
    RECOVERY_CODE_USED = "recovery-code-used", message("used a recovery code")
    ACCOUNT_CHANGED = "account-changed", message("changed their name or language")
    ROLE_CHANGED = "role-changed", message("changed a role")
    ACCOUNT_CLOSED = "account-closed", message("closed an account")
    ACCOUNT_OPENED = "account-opened", message("reopened an account")
    SESSIONS_ENDED = "visits-ended", message("signed somebody out everywhere")
    REVISION_SAVED = "revision-saved", message("saved a revision")
    PUBLICATION_ASKED = "publication-asked", message("sent for review")
    PUBLICATION_WITHDRAWN = "publication-withdrawn", message("withdrew a request for review")
    PUBLISHED = "published", message("published")
    RETURNED = "returned", message("asked for changes")
    COMMENTED = "commented", message("commented on a revision")
    PUBLICATION_SCHEDULED = "publication-scheduled", message("scheduled a publication")
    PUBLICATION_UNSCHEDULED = "publication-unscheduled", message("cancelled a scheduled publication")
    TAKEN_OFFLINE = "taken-offline", message("took offline")
    PUT_ONLINE = "put-online", message("put back online")
    ARCHIVED = "archived", message("archived")
    RESTORED = "restored", message("restored from the archive")
    DELETED = "deleted", message("deleted")
    CAMPAIGN_MADE = "campaign-made", message("created a campaign")
    CAMPAIGN_IMPORTED = "campaign-imported", message("imported a campaign")
    CAMPAIGN_EXPORTED = "campaign-exported", message("exported a campaign")
    OWN_LIST_CHANGED = "own-list-changed", message("changed a campaign’s own list")
    RULE_CHANGED = "rule-changed", message("changed a rule of a campaign")
    BILL_CONFIRMED = "bill-confirmed", message("confirmed the stage of a bill")
    LEGISLATOR_CORRECTED = "legislator-corrected", message("corrected an entry of the directory")
    DIRECTORY_REFRESHED = "directory-refreshed", message("updated the directory")
    OFFICE_CHANGED = "office-changed", message("changed how letters reach it")
    OFFICE_UNDONE = "office-undone", message("took back what an office had set")
    OFFICE_ADDRESS_CONFIRMED = "office-address-confirmed", message("confirmed an office’s address")
    ADDRESS_TRUSTED = "address-trusted", message("restored an address")
    OUTBOX_PAUSED = "outbox-paused", message("paused sending")
    OUTBOX_RESUMED = "outbox-resumed", message("resumed sending")
    LETTER_SENT_AGAIN = "letter-sent-again", message("had a letter sent again")
    LETTER_CANCELLED = "letter-cancelled", message("cancelled a letter")
    LETTER_MARKED_SENT = "letter-marked-sent", message("marked a letter as sent")
    LETTER_READ = "letter-read", message("opened the text of a letter")
    HELD_SENT = "held-sent", message("had what was held sent")
    HELD_REFUSED = "held-refused", message("refused letters that were held")
    HELD_DELETED = "held-deleted", message("deleted forms that were held")
    INSIGHT_EXPORTED = "insight-exported", message("downloaded figures")
    DELIVERIES_EXPORTED = "deliveries-exported", message("downloaded the list of letters")
    LETTERS_MERGED = "letters-merged", message("ran a merge")
    BACKUP_MADE = "backup-made", message("made a backup")
    SITE_RESTORED = "site-restored", message("restored the site from a backup")
    PERSON_EXPORTED = "person-exported", message("exported what is stored about a citizen")
    REASON_ERASED = "reason-erased", message("erased a reason")


def act_text(act: str, language: Language) -> str:
    """Return an act in words; the name itself for one that an older version knew."""
    return next((one.words.in_language(language) for one in Act if one.value == act), act)


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
    """Write one act of the account `by` (None: the command line, an office) into the log, in the caller's transaction.

    `before` and `after` are campaign content that JSON can hold, never anything of a citizen.
    """
    take_turn(session, "audit log")
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


def write_few(session: Session, act: Act, subject: str, *, by: int | None, now: datetime) -> None:
    """Write an act that can be repeated at will, a few times and then no more, so that nobody floods the log."""
    key = f"audit {act} {by or subject}"
    if limiter.hit(session, key, limit=MAX_REPEATED, window=REPEATED_WINDOW, now=now):
        write(session, act, subject, by=by, now=now)


def erase_reason(session: Session, entry: AuditEntry, *, by: int | None, now: datetime) -> None:
    """Erase what was typed as a reason; the chain holds, and the erasure is an act of its own."""
    entry.reason = None
    write(session, Act.REASON_ERASED, f"entry:{entry.id}", by=by, now=now)


def entries(
    session: Session,
    *,
    account_id: int | None = None,
    act: str = "",
    day: date | None = None,
    below: int | None = None,
) -> tuple[Sequence[AuditEntry], bool]:
    """Return one page of the entries, newest first, and whether there are older ones.

    `day` is a day in Ottawa, `below` the id that the page before ended with.
    """
    which = select(AuditEntry).options(joinedload(AuditEntry.account)).order_by(AuditEntry.id.desc()).limit(PAGE + 1)
    if account_id is not None:
        which = which.where(AuditEntry.account_id == account_id)
    if act:
        which = which.where(AuditEntry.act == act)
    if day is not None:
        midnight = datetime.combine(day, time(), EASTERN)
        which = which.where(AuditEntry.at >= midnight, AuditEntry.at < midnight + timedelta(days=1))
    if below is not None:
        which = which.where(AuditEntry.id < below)
    rows = session.scalars(which).all()
    return rows[:PAGE], len(rows) > PAGE


def find_breaks(session: Session) -> Iterator[tuple[int, str]]:
    """Yield every entry at which the chain breaks, with what is wrong, in one sentence."""
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


def is_signed(session: Session) -> bool:
    """Whether an entry is chained with the keys of the site: one of a site that has them is, after the first start."""
    keys, last = _keys(session), list(session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(2)))
    if not keys or not last:
        return False
    return last[0].hash in _signed(_chained(last[0], last[1].hash if len(last) > 1 else ""), keys)


def _reason_hash(salt: str, reason: str) -> str:
    return hashlib.sha256(f"{salt}\0{reason}".encode()).hexdigest()


def _keys(session: Session) -> Keys | None:
    find: Callable[[], Keys] | None = session.info.get(KEYS_IN_SESSION)
    return find() if find else None


def _chained(entry: AuditEntry, previous: str) -> str:
    """Write an entry and the hash of the one before it as one text (JSON with sorted keys)."""
    fields = [entry.id, entry.at.isoformat(), entry.account_id, entry.act, entry.subject, entry.before, entry.after]
    return json.dumps([previous, *fields, entry.reason_hash], sort_keys=True, ensure_ascii=False)


def _signed(text: str, keys: Keys) -> tuple[str, ...]:
    """Return the text's HMAC with each key of the site, the newest first."""
    return digests(keys, text, purpose="staff audit")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
