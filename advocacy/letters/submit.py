"""A submission: a citizen's letters are stored until they are confirmed, with one confirmation mail, or not at all.

One mail asks an address to confirm everything that waits for it, and no mailbox gets more mails than `caps` allows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import Enum, auto
from functools import cached_property

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from advocacy.abuse import caps, challenges, pressure
from advocacy.abuse.caps import Limits
from advocacy.abuse.challenges import Proof
from advocacy.campaigns.letter_text import Choice
from advocacy.delivery import outbox
from advocacy.delivery.models import Message as OutboxMessage
from advocacy.delivery.states import State
from advocacy.encryption import Keys, hashed
from advocacy.language import Language
from advocacy.letters import bounce_brake
from advocacy.letters.choices import add_choices
from advocacy.letters.encrypted_columns import (
    address_hashes,
    mailbox_hashes,
    normalize_address,
)
from advocacy.letters.holding import HoldReason, next_mail_due
from advocacy.letters.letter import Letter, own_word_count, to_json
from advocacy.letters.models import (
    ALL_CAMPAIGNS,
    Confirmation,
    FollowKind,
    MessageKind,
    OwnText,
    RidingMatch,
    StoredLetter,
    Submission,
    SubmissionStatus,
    Suppression,
    new_id,
)
from advocacy.letters.own_text import Measure
from advocacy.letters.sentence_wordings import Wordings
from advocacy.letters.verification_codes import address_of, make_code, plain_code
from advocacy.messages import Message, message
from advocacy.sealed_columns import keys_of

CONSENT_VERSION = "2026-11"
"""The version of the consent that the site asks for now."""
POSTED_CONSENT_VERSION = "2026-11-posted"
"""The same for letters that their writer mailed on paper."""
CONSENT_TEXTS: Mapping[str, tuple[Message, Message]] = {
    "2026-11": (
        message(
            "I agree that my name, my municipality, my postal code and my e-mail address be used to send this letter "
            "to %(names)s. Their staff will see them."
        ),
        message(
            "I agree that my name, my municipality, my postal code and my e-mail address be used to send these letters "
            "to %(names)s. Their staff will see them."
        ),
    ),
    "2026-11-posted": (
        message(
            "I agree that this site store my letter to %(names)s and my e-mail address for 75 days, to ask me whether "
            "I got an answer. Nothing is sent to the office."
        ),
        message(
            "I agree that this site store my letters to %(names)s and my e-mail address for 75 days, to ask me whether "
            "I got an answer. Nothing is sent to the offices."
        ),
    ),
}
"""The words of each version anybody may have agreed to, for one letter and for several; new words are a new version."""


@dataclass(frozen=True)
class NewLetter:
    """One letter as its citizen last saw it.

    `template` is its path, "child-protection/takedown"; `pins` are the ids of the revisions it was made of;
    `fingerprint` is of the text whose alternatives `choice` names, and `wordings` are those of the sentences in it
    that are counted; `riding_code` is the recipient's riding where it is the citizen's own; `own_text` measures what is
    not the campaign's; `riding_match` is what the office is told of the postal code, None for one without a riding.
    """

    legislator_id: str
    template: str
    pins: Mapping[str, int]
    letter: Letter
    choice: Choice
    fingerprint: str
    riding_code: str | None
    edited: bool
    own_text: Measure | None = None
    wordings: Wordings = field(default_factory=dict)
    riding_match: RidingMatch | None = None
    follows_id: str | None = None
    """The letter that it follows, as `follow_kind` says."""
    follow_kind: FollowKind | None = None

    @cached_property
    def text(self) -> str:
        return to_json(self.letter)


@dataclass(frozen=True, slots=True)
class NewSubmission:
    """One form sent in: `key` is the id issued with it, `network` the IP address it came from.

    `contents` tells its letters and address from those of the same form changed since. `language` is the page's,
    `consent_text` the version of the words agreed to, `proof` what the browser proved, None where its page had not
    asked for that. `public_base_url` is where letters are verified, "" where they cannot be. Letters with a `posted_on`
    were mailed on paper by their writer on that day: nothing of them is sent, and their writer is to be asked about the
    answer.
    """

    key: str
    campaign: str
    language: Language
    name: str
    email: str
    letters: tuple[NewLetter, ...]
    consent_text: str
    network: str
    contents: str = ""
    proof: Proof | None = None
    public_base_url: str = ""
    asks_for_answers: bool = False
    posted_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse a letter that could never be sent, unless it was mailed on paper."""
        is_posted = self.posted_on is not None
        if not self.letters or not (is_posted or all(one.letter.recipient.email for one in self.letters)):
            raise ValueError("submit letters whose recipients have an e-mail address; the others are printed")
        if is_posted and not self.asks_for_answers:
            raise ValueError("a letter mailed on paper is stored to ask about its answer alone")


class Outcome(Enum):
    """What became of a form: its mail is sent, or waits for a person; or nothing is stored, a proof is asked for."""

    SENT = auto()
    HELD = auto()
    PROOF_NEEDED = auto()


def render_consent(version: str, names: Sequence[str], language: Language) -> str | None:
    """Render a version of the consent, for letters to these people; None for a version that is not known."""
    if version not in CONSENT_TEXTS or not names:
        return None
    to_one, to_several = CONSENT_TEXTS[version]
    *first, last = names
    listed: Message | str = message("%(first)s and %(last)s", first=", ".join(first), last=last) if first else last
    return (to_several if first else to_one).with_params(names=listed).in_language(language)


class FormUsed(Exception):
    """A form that was sent in already came again with other letters, or another address."""


def submit(
    session: Session,
    new: NewSubmission,
    *,
    now: datetime,
    limits: Limits,
    unconfirmed: timedelta,
    hold_reason: str = "",
    confirmation_id: str = "",
) -> Outcome:
    """Store the letters until they are confirmed, within `unconfirmed` of the mail that asks for it.

    With a `hold_reason` (`letters/holding.py`) that mail is held until a person releases it. Forms of one address that
    are held share one mail, and no other form joins it. Under pressure the mail of a form without a proof, or with one
    that counted before, is held too; of a form that was not asked for one nothing is stored.

    With a `confirmation_id` of its own, which the caller confirms in the same transaction, no mail asks: the mailbox is
    proven already. What would be held is asked about and held all the same, under another id.

    A form sent twice is one submission, which asks about answers if its box was ticked the last time. Nothing is stored
    for a mailbox on the suppression list, and the same work is done for it: how long it takes would tell that it is
    listed. Raises TooMany, or FormUsed, upon which the caller rolls back. In a transaction that writes.
    """
    keys = keys_of(session)
    if stored := _find_stored(session, new):
        return _outcome_of(session, stored, new)
    caps.count_form(session, new.network, keys=keys, now=now, limits=limits)
    if stored := _find_stored(session, new):  # the same form was on its way twice, and we waited for the first
        return _outcome_of(session, stored, new)
    if not hold_reason and bounce_brake.is_on(session, now=now):
        hold_reason = HoldReason.BOUNCES
    if _lacks_proof(session, new.proof, now=now, limits=limits):
        if new.proof is None:
            return Outcome.PROOF_NEEDED
        hold_reason = HoldReason.NO_PROOF  # what is held for bounces is sent by itself when fewer come back
    is_proven = bool(confirmation_id) and not hold_reason
    state = State.HELD if hold_reason else State.READY
    confirmation = None if is_proven else _find_waiting(session, new, keys=keys, now=now, state=state)
    if confirmation is None and not is_proven:
        caps.count_mail(session, normalize_address(new.email), keys=keys, now=now)
    storing = session.begin_nested()
    if confirmation is not None:
        confirmation.language = new.language  # the mail is in the language of the last form
    elif is_proven:
        confirmation = _add_confirmation(session, new, confirmation_id, now=now, due_at=now, unconfirmed=unconfirmed)
    else:
        due_at = now if hold_reason else next_mail_due(session, mailbox_hashes(keys, new.email), now=now)
        confirmation = _add_confirmation(session, new, new_id(), now=now, due_at=due_at, unconfirmed=unconfirmed)
        kind = MessageKind.CONFIRMATION
        outbox.put(session, kind, confirmation.id, now=now, due_at=due_at, hold_reason=hold_reason)
    _add_submission(session, new, confirmation, now=now)
    session.flush()
    if _is_unwanted(session, new, keys=keys):
        storing.rollback()
    else:
        storing.commit()
    return Outcome.HELD if hold_reason else Outcome.SENT


def _lacks_proof(session: Session, proof: Proof | None, *, now: datetime, limits: Limits) -> bool:
    """Count a form for the pressure; return whether it is on and this form proves nothing.

    A proof is spent also while all is calm, so that it counts for nothing later.
    """
    before = pressure.count_form(session, now=now, calm=limits.calm_per_ten_minutes)
    is_proved = proof is not None and challenges.spend(session, proof)
    return before.is_on and not is_proved


def _find_stored(session: Session, new: NewSubmission) -> Submission | None:
    """Return what is stored of this form; raises FormUsed where that is something else."""
    stored = session.scalar(select(Submission).where(Submission.key_hash == hashed(new.key)))
    if stored is not None and stored.contents_hash != _contents_hash(new):
        raise FormUsed
    return stored


def _outcome_of(session: Session, stored: Submission, new: NewSubmission) -> Outcome:
    """Return what became of a form that was sent before, and take over whether it asks about answers."""
    if stored.status is SubmissionStatus.AWAITING:
        stored.asks_for_answers = new.asks_for_answers
    mail = outbox.find(session, MessageKind.CONFIRMATION, stored.confirmation_id or "")
    return Outcome.HELD if mail is not None and mail.state is State.HELD else Outcome.SENT


def _find_waiting(
    session: Session, new: NewSubmission, *, keys: Keys, now: datetime, state: State
) -> Confirmation | None:
    """Return a confirmation of this address whose mail is in a state in which no worker has taken it up, locked.

    A mail that may be in someone's hands is never joined: what they are about to confirm would change.
    """
    waiting = (
        select(Confirmation)
        .join(
            OutboxMessage,
            (OutboxMessage.kind == MessageKind.CONFIRMATION) & (OutboxMessage.ref == Confirmation.id),
        )
        .where(
            OutboxMessage.state == state,
            OutboxMessage.attempt == 0,
            Confirmation.campaign == new.campaign,
            Confirmation.email_hash.in_(address_hashes(keys, new.email)),
            Confirmation.used_at.is_(None),
            or_(Confirmation.expires_at > now, OutboxMessage.state == State.HELD),
        )
    )
    return session.scalars(waiting.limit(1).with_for_update(of=OutboxMessage)).first()


def _is_unwanted(session: Session, new: NewSubmission, *, keys: Keys) -> bool:
    """Whether the mailbox wants no mail of this campaign."""
    listed = exists().where(
        Suppression.campaign.in_([new.campaign, ALL_CAMPAIGNS]),
        Suppression.email_hash.in_(mailbox_hashes(keys, new.email)),
    )
    return bool(session.scalar(select(listed)))


def _add_confirmation(
    session: Session,
    new: NewSubmission,
    confirmation_id: str,
    *,
    now: datetime,
    due_at: datetime,
    unconfirmed: timedelta,
) -> Confirmation:
    keys = keys_of(session)
    confirmation = Confirmation(
        id=confirmation_id,
        campaign=new.campaign,
        language=new.language,
        email_hash=address_hashes(keys, new.email)[0],
        mailbox_hash=mailbox_hashes(keys, new.email)[0],
        created_at=now,
        due_at=due_at,
        expires_at=due_at + unconfirmed,
    )
    session.add(confirmation)
    confirmation.email = new.email
    return confirmation


def _add_submission(session: Session, new: NewSubmission, confirmation: Confirmation, *, now: datetime) -> None:
    keys = keys_of(session)
    submission = Submission(
        id=new_id(),
        key_hash=hashed(new.key),
        contents_hash=_contents_hash(new),
        confirmation=confirmation,
        campaign=new.campaign,
        language=new.language,
        status=SubmissionStatus.AWAITING,
        created_at=now,
        email_hash=address_hashes(keys, new.email)[0],
        mailbox_hash=mailbox_hashes(keys, new.email)[0],
        consent_text=new.consent_text,
        consented_at=now,
        asks_for_answers=new.asks_for_answers,
    )
    session.add(submission)
    submission.name, submission.email = new.name, new.email
    for place, letter in enumerate(new.letters):
        _add_letter(session, new, letter, submission=submission, place=place, now=now)
    for letter in new.letters:
        wordings = {statement: (wording,) for statement, wording in letter.wordings.items()}
        add_choices(session, letter.legislator_id, {letter.fingerprint: letter.choice, **wordings})


def _add_letter(
    session: Session,
    new: NewSubmission,
    new_letter: NewLetter,
    *,
    submission: Submission,
    place: int,
    now: datetime,
) -> None:
    letter, code = new_letter.letter, ""
    if new.public_base_url:  # made now, so that every attempt and every file of the receipt carries the same
        code = make_code()
        letter = replace(letter, verification=address_of(code, new.public_base_url))
    stored = StoredLetter(
        id=new_id(),
        place=place,
        campaign=new.campaign,
        template=new_letter.template,
        pins=dict(new_letter.pins),
        legislator_id=new_letter.legislator_id,
        riding_code=new_letter.riding_code,
        language=letter.language,
        edited=new_letter.edited,
        created_at=now,
        code_hash=hashed(plain_code(code)) if code else None,
        own_words=own_word_count(letter),
        riding_match=new_letter.riding_match,
        posted_on=new.posted_on,
        follows_id=new_letter.follows_id,
        follow_kind=new_letter.follow_kind,
    )
    submission.letters.append(stored)
    stored.letter = to_json(letter)
    if new_letter.own_text is not None:
        session.flush()
        session.add(
            OwnText(
                letter_id=stored.id,
                legislator_id=new_letter.legislator_id,
                kept_percent=new_letter.own_text.kept_percent,
                sketch=new_letter.own_text.sketch,
            )
        )


def _contents_hash(new: NewSubmission) -> str:
    return hashed(f"{new.key} {new.contents}")
