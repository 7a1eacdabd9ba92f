"""What is held until a person has looked at it, for which reasons, and how that is told to citizens.

Letters are looked at that keep little of their campaign's text, that come in floods of alike ones, or that are more
than an office should get in a day; confirmation mails, when nothing shows that a person asked for them, or when many
such mails come back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from advocacy.abuse import caps, limiter
from advocacy.delivery import outbox
from advocacy.delivery.models import Actor, Message
from advocacy.delivery.states import State
from advocacy.erasure_ledger import note_moved_after_commit
from advocacy.letters import digests
from advocacy.letters.letter_counts import count_letters
from advocacy.letters.models import Confirmation, MessageKind, OwnText, StoredLetter
from advocacy.letters.own_text import are_alike
from advocacy.messages import Message as Words
from advocacy.messages import message
from advocacy.settings import Settings

ALIKE_WINDOW = timedelta(days=1)
BETWEEN_MAILS = timedelta(minutes=10)
MAX_COMPARED = 2000
"""The latest letters to one office with own words that a new one is compared with."""


class HoldReason(StrEnum):
    """Why a message is held: a letter by the first three, a confirmation mail by the last two."""

    OWN_TEXT = "own_text"
    ALIKE = "alike"
    RECIPIENT_LIMIT = "recipient_limit"
    NO_PROOF = "no_challenge"
    BOUNCES = "bounces"


class Refusal(StrEnum):
    """Why staff do not have a letter sent, as its citizen is told."""

    THREAT = "refused_threat"
    PRIVATE = "refused_private"
    OFF_TOPIC = "refused_off_topic"
    FALSE = "refused_false"
    ALIKE = "refused_alike"


CITIZEN_REASONS: Mapping[str, Words] = {
    HoldReason.OWN_TEXT: message("You wrote most of it yourself; we read such letters before they are sent."),
    HoldReason.ALIKE: message("Many letters to this office are almost the same today; we read such letters first."),
    HoldReason.RECIPIENT_LIMIT: message(
        "This office is receiving very many letters today; we look at more before we send them."
    ),
}
"""Why a letter waits, as its citizen is told."""
REFUSALS: Mapping[str, Words] = {
    Refusal.THREAT: message("some of its words could be read as a threat or an insult"),
    Refusal.PRIVATE: message("it tells something about a private person"),
    Refusal.OFF_TOPIC: message("it is about something other than this campaign"),
    Refusal.FALSE: message("some of what it says could not be confirmed"),
    Refusal.ALIKE: message("too many letters to this office were almost the same"),
}
"""Why a letter was not sent, as its citizen is told: a clause that goes on from "It was not sent:"."""


NOT_READ = message("nobody on our side could read it in time")
"""The same of a letter that nobody looked at within the retention time."""


@dataclass(frozen=True, slots=True)
class HoldLimits:
    """From where letters are held; 0 holds none.

    Below `kept_percent` of the campaign's text; beyond `alike_per_day` alike ones, or `recipient_per_day` in all, to
    one office in 24 hours.
    """

    kept_percent: int = 0
    alike_per_day: int = 0
    recipient_per_day: int = 0

    @classmethod
    def of(cls, settings: Settings) -> "HoldLimits":
        """Return the site's own."""
        return cls(settings.kept_text_percent, settings.alike_per_day, settings.recipient_per_day)


NOTHING_HELD = HoldLimits()


def reason_to_hold(session: Session, letter: StoredLetter, *, limits: HoldLimits, now: datetime) -> HoldReason | None:
    """Return why a letter that is being confirmed is to be held; None for one that is sent in its turn.

    It is compared with those confirmed for the same office in the last day, and counts for those that follow.
    """
    own = session.get(OwnText, letter.id)
    if own is not None:
        groups = _alike_groups(session, own, now=now)
        own.confirmed_at, own.group_key = now, groups[0] if groups else own.letter_id
        session.flush()
        if limits.alike_per_day and len(groups) >= limits.alike_per_day:
            return HoldReason.ALIKE
        if is_mostly_own(own, limits):
            return HoldReason.OWN_TEXT
    per_day = limits.recipient_per_day
    office = f"letters to {letter.legislator_id}"
    if per_day and not limiter.hit(session, office, limit=per_day, window=caps.DAY, now=now):
        return HoldReason.RECIPIENT_LIMIT
    return None


def is_mostly_own(own: OwnText, limits: HoldLimits) -> bool:
    """Whether an edited letter keeps less of its campaign's text than is sent without a look at it."""
    return own.kept_percent is not None and own.kept_percent < limits.kept_percent


def _alike_groups(session: Session, own: OwnText, *, now: datetime) -> Sequence[str]:
    """Return the group of each letter of the last day to the same office whose own text is alike, the first first."""
    if own.sketch is None:
        return ()
    recent = (
        select(OwnText.sketch, OwnText.group_key)
        .where(OwnText.legislator_id == own.legislator_id, OwnText.confirmed_at > now - ALIKE_WINDOW)
        .where(OwnText.sketch.is_not(None), OwnText.letter_id != own.letter_id)
        .order_by(OwnText.confirmed_at.desc())
        .limit(MAX_COMPARED)
    )
    rows = session.execute(recent).all()
    return [one.group_key for one in reversed(rows) if are_alike(one.sketch, own.sketch)]


def release(
    session: Session,
    message_ids: Sequence[int],
    *,
    now: datetime,
    per_hour: int,
    by: Actor = Actor.STAFF,
) -> Sequence[Message]:
    """Release held messages, each in its turn or with its office's next digest; return those that were held until now.

    In a transaction that writes.
    """
    released = outbox.release(session, message_ids, now=now, per_hour=per_hour, by=by)
    digests.add_waiting(session, [one for one in released if one.kind == MessageKind.LETTER], now=now, by=by)
    letters = select(StoredLetter).where(
        StoredLetter.id.in_([one.ref for one in released if one.kind == MessageKind.LETTER])
    )
    count_letters(session, session.scalars(letters), now=now)
    mails = {one.ref: one for one in released if one.kind == MessageKind.CONFIRMATION}
    rows = select(Confirmation).where(Confirmation.id.in_(mails)).order_by(Confirmation.id)
    for row in session.scalars(rows).all():
        lasts, mailbox = row.expires_at - row.due_at, [row.mailbox_hash or ""]
        row.due_at = next_mail_due(session, mailbox, now=now, besides=row.id)
        mails[row.id].due_at = mails[row.id].first_due_at = row.due_at
        row.expires_at = row.due_at + lasts
    session.flush()
    return released


def next_mail_due(session: Session, mailbox: Sequence[str], *, now: datetime, besides: str | None = None) -> datetime:
    """Return when a mailbox, by its hashes, may get another mail that asks to confirm.

    Some minutes after the last one, and a day after the last but two, which holds also where many are released at once.
    """
    held = select(Message.ref).where(Message.kind == MessageKind.CONFIRMATION, Message.state == State.HELD)
    planned = select(Confirmation.due_at).where(
        Confirmation.mailbox_hash.in_(mailbox), Confirmation.id != besides, Confirmation.id.not_in(held)
    )
    latest = session.scalars(planned.order_by(Confirmation.due_at.desc()).limit(caps.MAILS_A_DAY)).all()
    due_at = max([now, *(last + BETWEEN_MAILS for last in latest[:1])])
    return max(due_at, latest[-1] + caps.DAY) if len(latest) == caps.MAILS_A_DAY else due_at


def refuse(session: Session, message_ids: Sequence[int], refusal: Refusal, *, now: datetime) -> Sequence[Message]:
    """Cancel held letters, as a person decided; return those that were held until now, to be notified of."""
    locked = outbox.locked_in_order(session, message_ids)
    refused = [one for one in locked if one.state is State.HELD and one.kind == MessageKind.LETTER]
    for one in refused:
        outbox.note_move(session, one, State.CANCELLED, now=now, by=Actor.STAFF, reason=refusal)
    session.flush()
    moved = [(one.kind, one.ref, one.public_id) for one in refused]
    note_moved_after_commit(session, State.CANCELLED, moved, now=now)
    return refused


def forget(session: Session, *, now: datetime) -> None:
    """Delete the measures that no letter is compared with any more, besides those of letters that are held."""
    held = select(Message.ref).where(Message.kind == MessageKind.LETTER, Message.state == State.HELD)
    old = delete(OwnText).where(OwnText.confirmed_at <= now - ALIKE_WINDOW, OwnText.letter_id.not_in(held))
    session.execute(old, execution_options={"synchronize_session": False})
