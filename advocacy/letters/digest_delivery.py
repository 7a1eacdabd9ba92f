"""Digests are made once a day, and their letters come to where they come to.

A digest is a message of its own. What it carries is read when it is sent (`digest_mail.py`).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from advocacy.database import take_turn
from advocacy.delivery import outbox
from advocacy.delivery.models import Actor, Message, Priority
from advocacy.delivery.states import RANK, SETTLED, State, follow
from advocacy.encryption import CannotDecrypt, UnknownKey
from advocacy.erasure_ledger import note_moved, note_moved_after_commit
from advocacy.language import day_of
from advocacy.letters import digests, outcome_mails
from advocacy.letters.models import Digest, DigestLetter, MessageKind, StoredLetter, new_id
from advocacy.offices.models import OfficeSettings

MAX_LETTERS = 200
MAX_CHARACTERS = 500_000
"""How much of letters, as they are stored, goes into one digest; as text and as HTML they take about twice that.

What is more goes into a further one of the same day: servers refuse mails of ten megabytes and more.
"""
FOLLOWED_FOR = timedelta(days=3)
"""For how long after a digest moved it is looked for letters that moved with it before, and did not this time."""


def offices_due(session: Session, *, now: datetime) -> Sequence[str]:
    """Return the offices that a digest is to be made for, in order: not those that paused their letters."""
    waiting = _waiting(now).with_only_columns(StoredLetter.legislator_id).distinct()
    return session.scalars(waiting.order_by(StoredLetter.legislator_id)).all()


def make_digests(
    session: Session,
    office: str,
    *,
    now: datetime,
    per_hour: int,
    waiting_campaigns: Collection[str] = (),
) -> Sequence[Digest]:
    """Make the digests of one office's letters that wait since before the last time; return them.

    Letters of `waiting_campaigns`, by their names, wait on. A letter that cannot be read fails alone. In a
    transaction that writes; whoever comes second finds nothing left.
    """
    take_turn(session, "digests")
    waiting = _waiting(now).where(StoredLetter.legislator_id == office, StoredLetter.campaign.not_in(waiting_campaigns))
    rows = session.execute(waiting.order_by(Message.id).limit(digests.MAX_BATCH)).all()
    letters = {letter.id: letter for _, letter in rows}
    messages = outbox.locked_in_order(session, [one.id for one, _ in rows])
    parts: list[list[Message]] = []
    failed, size = [], 0
    for message in messages:
        if message.state is not State.DIGEST:
            continue
        try:
            length = len(letters[message.ref].letter or "")
        except UnknownKey:  # whether it is lost for good is seen when it is sent
            length = 0
        except CannotDecrypt:
            outbox.note_move(session, message, State.FAILED, now=now, by=Actor.SWEEP, reason="unreadable")
            failed.append(message)
            continue
        if not parts or len(parts[-1]) >= MAX_LETTERS or size + length > MAX_CHARACTERS:
            parts.append([])
            size = 0
        parts[-1].append(message)
        size += length
    session.flush()
    outcome_mails.letters_moved(session, [(one.ref, one.state) for one in failed], now)
    day = day_of(digests.latest_time(now))
    last = select(func.max(Digest.part)).where(Digest.legislator_id == office, Digest.day == day)
    first = (session.scalar(last) or 0) + 1
    made = []
    for part, of in enumerate(parts, start=first):
        made.append(Digest(id=new_id(), legislator_id=office, day=day, part=part))
        _put(session, made[-1], of, now=now, per_hour=per_hour)
    # A site that is restored from an older backup asks a person about these, unless it knows what came of them.
    in_hand = [(one.kind, one.ref, one.public_id) for part in parts for one in part]
    note_moved(session, State.SENDING, in_hand, now=now, lasts=False)
    return made


def digests_moved(
    session: Session, moved: Sequence[tuple[str, State]], now: datetime, *, test_mode: bool = False
) -> None:
    """Move the letters of digests, by their ids, to where these moved to, and put the mails that are due then.

    Letters that another transaction holds are passed over, as it may wait for what is held here: `follow_digests` moves
    them.
    """
    refs = [ref for ref, _ in moved]
    found = select(Message.ref, Message.reason).where(Message.kind == MessageKind.DIGEST, Message.ref.in_(refs))
    reasons = {row.ref: row.reason for row in session.execute(found)}
    _move_letters(session, dict(moved), reasons, now=now, test_mode=test_mode)


def follow_digests(session: Session, *, now: datetime, test_mode: bool = False) -> None:
    """Move the letters that did not move with their digest; in a transaction that writes."""
    digest, letter = aliased(Message), aliased(Message)
    behind = (
        select(digest.ref, digest.state, digest.reason)
        .join(DigestLetter, DigestLetter.digest_id == digest.ref)
        .join(letter, and_(letter.kind == MessageKind.LETTER, letter.ref == DigestLetter.letter_id))
        .where(digest.kind == MessageKind.DIGEST, digest.state.in_(SETTLED))
        .where(or_(digest.changed_at > now - FOLLOWED_FOR, letter.state == State.DIGEST))
        .where(letter.state.in_((State.DIGEST, *RANK)), letter.state != digest.state)
        .distinct()
    )
    rows = session.execute(behind).all()
    if rows:
        states, reasons = {row.ref: row.state for row in rows}, {row.ref: row.reason for row in rows}
        _move_letters(session, states, reasons, now=now, test_mode=test_mode)


def _waiting(now: datetime) -> Select[Message, StoredLetter]:
    """Return the query for the letters that wait since before the last digests, the oldest first."""
    paused = OfficeSettings.paused_until
    return (
        select(Message, StoredLetter)
        .join(StoredLetter, StoredLetter.id == Message.ref)
        .join(OfficeSettings, OfficeSettings.legislator_id == StoredLetter.legislator_id)
        .where(Message.kind == MessageKind.LETTER, Message.state == State.DIGEST)
        .where(Message.changed_at <= digests.latest_time(now))
        .where(StoredLetter.letter_sealed.is_not(None))
        .where(OfficeSettings.takes_digest, or_(paused.is_(None), paused <= day_of(now)))
        .where(~digests.is_in_digest(Message.ref))
    )


def _put(session: Session, digest: Digest, messages: Sequence[Message], *, now: datetime, per_hour: int) -> None:
    session.add(digest)
    session.flush()
    session.add_all(DigestLetter(letter_id=one.ref, digest_id=digest.id) for one in messages)
    outbox.put(
        session,
        MessageKind.DIGEST,
        digest.id,
        now=now,
        pace_key=digest.legislator_id,
        per_hour=per_hour,
        priority=Priority.LETTER,
        by=Actor.SWEEP,
    )


def _move_letters(
    session: Session, states: Mapping[str, State], reasons: Mapping[str, str], *, now: datetime, test_mode: bool
) -> None:
    """Move the letters of digests to where these, by their ids, moved to."""
    letters = (
        select(Message, DigestLetter.digest_id)
        .join(DigestLetter, DigestLetter.letter_id == Message.ref)
        .where(Message.kind == MessageKind.LETTER, DigestLetter.digest_id.in_(states))
        .order_by(Message.id)
        .with_for_update(skip_locked=True, of=Message)
    )
    moved: dict[State, list[Message]] = {}
    for message, digest_id in session.execute(letters, execution_options={"populate_existing": True}).all():
        reported = states[digest_id]
        wanted = reported if message.state is State.DIGEST else follow(message.state, reported)
        if wanted is not message.state:
            outbox.note_move(session, message, wanted, now=now, by=Actor.SWEEP, reason=reasons[digest_id])
            moved.setdefault(wanted, []).append(message)
    session.flush()
    for state, some in moved.items():
        note_moved_after_commit(session, state, [(one.kind, one.ref, one.public_id) for one in some], now=now)
    together = [(one.ref, state) for state, some in moved.items() for one in some]
    outcome_mails.letters_moved(session, together, now, test_mode=test_mode)
