"""A submission: a citizen's letters are stored until they are confirmed, with one confirmation mail, or not at all.

One mail asks an address to confirm everything that waits for it, and no address gets more mails than `caps` allows.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import Enum, auto
from functools import cache, cached_property, partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    bindparam,
    cast,
    exists,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from advocacy.abuse import caps, challenges, pressure
from advocacy.abuse.caps import Limits, TooMany
from advocacy.abuse.challenges import Proof
from advocacy.abuse.mailboxes import mailbox_of
from advocacy.abuse.models import Mailing
from advocacy.abuse.networks import networks_of
from advocacy.campaigns.letter_text import Choice
from advocacy.database import Batch, connection_of, table_of
from advocacy.delivery import outbox
from advocacy.delivery.models import Message as OutboxMessage
from advocacy.delivery.states import State
from advocacy.encryption import Keys, digests, hashed
from advocacy.language import Language
from advocacy.letters import bounce_brake
from advocacy.letters.choices import add_choice
from advocacy.letters.encrypted_columns import encrypt_row, hash_normalized, normalize_address
from advocacy.letters.holding import HoldReason
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

new_token = partial(secrets.token_urlsafe, 24)
"""Makes the token of a confirmation."""
TURN_PURPOSE = "turn"
STORED, UNWANTED, WAITING, MAIL = "stored", "unwanted", "waiting", "mail"

_CONFIRMATIONS, _MESSAGES = table_of(Confirmation), table_of(OutboxMessage)
_MAILINGS, _SUBMISSIONS, _SUPPRESSIONS = (table_of(one).c for one in (Mailing, Submission, Suppression))
_FORM_IS_STORED = exists().where(_SUBMISSIONS.key_hash == bindparam("form"))


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
    keys: Keys,
    now: datetime,
    limits: Limits,
    unconfirmed: timedelta,
    hold_reason: str = "",
    token: str = "",
) -> Outcome:
    """Store the letters until they are confirmed, within `unconfirmed` of the mail that asks for it.

    With a `hold_reason` (`letters/holding.py`) that mail is held until a person releases it: it is counted for its
    address then, and no more are held for a mailbox than it gets in a day. Forms of one address that are held share one
    mail, and no other form joins it. Under pressure the mail of a form without a proof, or with one that counted
    before, is held too; of a form that was not asked for one nothing is stored.

    With a `token`, which the caller confirms with in the same transaction, no mail asks: the mailbox is proven already.
    What would be held is asked about and held all the same, and the token is then unknown.

    A form sent twice is one submission, which asks about answers if its box was ticked the last time. Nothing is stored
    for a mailbox on the suppression list, and the same work is done for it: how long it takes would tell that it is
    listed. Raises TooMany, or FormUsed, upon which the caller rolls back.
    """
    if not hold_reason and bounce_brake.is_on(session, now=now):
        hold_reason = HoldReason.BOUNCES
    form, contents = hashed(new.key), hashed(f"{new.key} {new.contents}")
    is_new = caps.allow(
        session, new.network, keys=keys, now=now, limits=limits, unless=_FORM_IS_STORED, params={"form": form}
    )
    batch = Batch(session)
    if is_new:
        unproved = _count_arrival(batch, new.proof, now=now, limits=limits)
        if unproved is None:
            batch.execute()
            return Outcome.PROOF_NEEDED
        hold_reason = unproved or hold_reason  # what is held for bounces is sent by itself when fewer come back
    address = normalize_address(new.email)
    hashes = hash_normalized(keys, address)
    mailbox, mail_keys = hash_normalized(keys, mailbox_of(address)), caps.mail_hashes(keys, address)
    token = "" if hold_reason else token
    # Now that we are alone; the same form may have been on its way twice.
    state = State.HELD if hold_reason else State.READY
    found = _find_stored(
        session, form, new.campaign, hashes=hashes, mailbox=mailbox, mail_keys=mail_keys, state=state, now=now
    )
    stored = next((row for row in found if row.what == STORED), None)
    if stored is not None and stored.contents_hash != contents:
        raise FormUsed
    if stored is not None or not is_new:
        batch.execute()
        waiting_form = (_SUBMISSIONS.key_hash == form, _SUBMISSIONS.standing == SubmissionStatus.AWAITING)
        asks = update(table_of(Submission)).where(*waiting_form).values(asks_for_answers=new.asks_for_answers)
        connection_of(session).execute(asks)
        return _outcome_of(session, form)
    storing = connection_of(session).begin_nested()
    waiting = next((row for row in found if row.what == WAITING), None)
    if token:
        confirmation_id = _add_confirmation(batch, new, token, keys=keys, now=now, due_at=now, unconfirmed=unconfirmed)
    elif waiting is None:
        latest_mails = sorted((row.due_at for row in found if row.what == MAIL), reverse=True)
        due_at = now if hold_reason else caps.next_mail_due(latest_mails, now=now)
        confirmation_id = _put_confirmation(
            batch, new, keys=keys, now=now, due_at=due_at, unconfirmed=unconfirmed, hold_reason=hold_reason
        )
    else:
        confirmation_id = waiting.id
        if waiting.language is not new.language:  # the mail is in the language of the last form
            mail = update(_CONFIRMATIONS).where(_CONFIRMATIONS.c.id == waiting.id)
            connection_of(session).execute(mail.values(language=new.language))
    submission_id = new_id()
    batch.insert(
        Submission,
        {
            "id": submission_id,
            "key_hash": form,
            "contents_hash": contents,
            "confirmation_id": confirmation_id,
            "campaign": new.campaign,
            "language": new.language,
            "standing": SubmissionStatus.AWAITING,
            "created_at": now,
            "email_hash": hashes[0],
            "mailbox_hash": mailbox[0],
            "consent_text": new.consent_text,
            "consented_at": now,
            "asks_for_answers": new.asks_for_answers,
            "network_hash": digests(keys, networks_of(new.network)[-1][0], purpose=TURN_PURPOSE)[0],
            **encrypt_row(Submission, submission_id, keys=keys, name_sealed=new.name, email_sealed=new.email),
        },
    )
    _add_letters(batch, new, submission_id, keys=keys, now=now)
    batch.execute()
    if any(row.what == UNWANTED for row in found):
        storing.rollback()
    else:
        storing.commit()
    return Outcome.HELD if hold_reason else Outcome.SENT


def _add_letters(batch: Batch, new: NewSubmission, submission_id: str, *, keys: Keys, now: datetime) -> None:
    for place, one in enumerate(new.letters):
        letter_id = new_id()
        code, letter = "", one.letter
        if new.public_base_url:  # made now, so that every attempt and every file of the receipt carries the same
            code = make_code()
            letter = replace(letter, verification=address_of(code, new.public_base_url))
        batch.insert(
            StoredLetter,
            {
                "id": letter_id,
                "submission_id": submission_id,
                "place": place,
                "campaign": new.campaign,
                "template": one.template,
                "pins": dict(one.pins),
                "legislator_id": one.legislator_id,
                "riding_code": one.riding_code,
                "language": one.letter.language,
                "edited": one.edited,
                "created_at": now,
                "code_hash": hashed(plain_code(code)) if code else None,
                "own_words": own_word_count(letter),
                "riding_match": one.riding_match,
                "posted_on": new.posted_on,
                "follows_id": one.follows_id,
                "follow_kind": one.follow_kind,
                **encrypt_row(StoredLetter, letter_id, keys=keys, letter_sealed=to_json(letter)),
            },
        )
        if one.own_text is not None:
            batch.insert(
                OwnText,
                {
                    "letter_id": letter_id,
                    "legislator_id": one.legislator_id,
                    "kept_percent": one.own_text.kept_percent,
                    "sketch": one.own_text.sketch,
                },
            )
    for one in new.letters:  # each to another office
        add_choice(batch, one.legislator_id, one.fingerprint, choice=one.choice)
        for statement, wording in sorted(one.wordings.items()):  # in one order for all, so that none waits in a ring
            add_choice(batch, one.legislator_id, statement, choice=(wording,))


def _put_confirmation(
    batch: Batch,
    new: NewSubmission,
    *,
    keys: Keys,
    now: datetime,
    due_at: datetime,
    unconfirmed: timedelta,
    hold_reason: str,
) -> str:
    """Put the mail that asks to confirm, and return its id; raises TooMany where it would be due too late."""
    if due_at > now + caps.DAY:  # whoever spells one address in many ways has no mails waiting for weeks
        raise TooMany(due_at - caps.DAY, caps.ADDRESS)
    address = normalize_address(new.email)
    if hold_reason and _count_held(batch.session, address, keys=keys) >= caps.MAILS_A_DAY:
        raise TooMany(now + caps.DAY, caps.ADDRESS)  # nor any that wait for weeks once they are released
    # Counted for its address, whatever the campaign: that stays so when the mail's own row is erased.
    if not hold_reason:
        batch.insert(Mailing, {"key": caps.mail_hashes(keys, address)[0], "due_at": due_at})
    confirmation_id = _add_confirmation(
        batch, new, new_token(), keys=keys, now=now, due_at=due_at, unconfirmed=unconfirmed
    )
    refs = [confirmation_id]
    outbox.put_in_batch(batch, MessageKind.CONFIRMATION, refs, now=now, due_at=due_at, hold_reason=hold_reason)
    return confirmation_id


def _add_confirmation(
    batch: Batch,
    new: NewSubmission,
    token: str,
    *,
    keys: Keys,
    now: datetime,
    due_at: datetime,
    unconfirmed: timedelta,
) -> str:
    """Add a confirmation that a token opens, and return its id."""
    address, confirmation_id = normalize_address(new.email), new_id()
    batch.insert(
        Confirmation,
        {
            "id": confirmation_id,
            "campaign": new.campaign,
            "language": new.language,
            "email_hash": hash_normalized(keys, address)[0],
            "mailbox_hash": hash_normalized(keys, mailbox_of(address))[0],
            "token_hash": hashed(token),
            "created_at": now,
            "due_at": due_at,
            "expires_at": due_at + unconfirmed,
            **encrypt_row(Confirmation, confirmation_id, keys=keys, email_sealed=new.email, token_sealed=token),
        },
    )
    return confirmation_id


def _count_held(session: Session, address: str, *, keys: Keys) -> int:
    """Count the mails of a mailbox that are held: they count for its day when they are released."""
    mail = (_MESSAGES.c.kind == MessageKind.CONFIRMATION) & (_MESSAGES.c.ref == _CONFIRMATIONS.c.id)
    theirs = _CONFIRMATIONS.c.mailbox_hash.in_(hash_normalized(keys, mailbox_of(address)))
    held = select(_CONFIRMATIONS.c.id).join(_MESSAGES, mail).where(theirs, _MESSAGES.c.state == State.HELD)
    return len(connection_of(session).execute(held.limit(caps.MAILS_A_DAY)).all())


def _count_arrival(batch: Batch, proof: Proof | None, *, now: datetime, limits: Limits) -> str | None:
    """Count a form for the pressure; return why its mail is to be held, if it is, None where a proof is asked for.

    A proof is spent also while all is calm, so that it counts for nothing later.
    """
    before = pressure.read(batch.session, now=now)
    pressure.count_form(batch, before, now=now, floor=limits.calm_per_ten_minutes, site_per_day=limits.site_per_day)
    is_proved = proof is not None and challenges.spend(batch.session, proof)
    if is_proved or not before.is_on:
        return ""
    return None if proof is None else HoldReason.NO_PROOF


def _outcome_of(session: Session, form: str) -> Outcome:
    """Return what became of a form that is stored already, by its mail."""
    mail = (_MESSAGES.c.kind == MessageKind.CONFIRMATION) & (_MESSAGES.c.ref == _SUBMISSIONS.confirmation_id)
    is_held = exists().where(_SUBMISSIONS.key_hash == form, mail, _MESSAGES.c.state == State.HELD)
    return Outcome.HELD if connection_of(session).execute(select(is_held)).scalar() else Outcome.SENT


def _find_stored(
    session: Session,
    form: str,
    campaign: str,
    *,
    hashes: Sequence[str],
    mailbox: Sequence[str],
    mail_keys: Sequence[str],
    state: State,
    now: datetime,
) -> Sequence[Row[Any]]:
    """Return what is stored about a form and its address, each row with `what` it is.

    STORED: the form itself. UNWANTED: its mailbox is on the suppression list. WAITING: a confirmation whose mail is in
    this `state`, so that no worker has taken it up yet; it is locked until the transaction ends. MAIL: when one of the
    latest mails to the mailbox was due.

    To be called by one transaction at a time. A mail that may be in someone's hands is never joined: what they are
    about to confirm would change.
    """
    params: dict[str, Any] = {
        "form": form,
        "campaign": campaign,
        "state": state,
        "now": now,
        "in_a_day": now + caps.DAY,
    }
    params |= {f"email_hash_{number}": one for number, one in enumerate((*hashes, *mailbox))}
    params |= {f"mail_key_{number}": one for number, one in enumerate(mail_keys)}
    return connection_of(session).execute(_stored_rows(len(hashes), len(mail_keys)), params).all()


@cache
def _stored_rows(email_hashes: int, mail_keys: int) -> CompoundSelect[Any]:
    """Build the statement for so many hashes of an address: one whose IN has to be expanded costs twice as much."""
    hashes: list[Any] = [bindparam(f"email_hash_{number}") for number in range(email_hashes)]
    unwanted_hashes: list[Any] = [bindparam(f"email_hash_{number}") for number in range(2 * email_hashes)]
    keys: list[Any] = [bindparam(f"mail_key_{number}") for number in range(mail_keys)]
    known = select(_SUBMISSIONS.contents_hash).where(_SUBMISSIONS.key_hash == bindparam("form")).cte("known")
    of_campaign = _SUPPRESSIONS.campaign.in_([bindparam("campaign"), literal(ALL_CAMPAIGNS)])
    unwanted = exists().where(of_campaign, _SUPPRESSIONS.email_hash.in_(unwanted_hashes))
    waiting = (
        select(_CONFIRMATIONS.c.id, _CONFIRMATIONS.c.language)
        .join(_MESSAGES, (_MESSAGES.c.kind == MessageKind.CONFIRMATION) & (_MESSAGES.c.ref == _CONFIRMATIONS.c.id))
        .where(
            _MESSAGES.c.state == bindparam("state"),
            _MESSAGES.c.attempt == 0,
            _CONFIRMATIONS.c.campaign == bindparam("campaign"),
            _CONFIRMATIONS.c.email_hash.in_(hashes),
            _CONFIRMATIONS.c.used_at.is_(None),
            or_(_CONFIRMATIONS.c.expires_at > bindparam("now"), _MESSAGES.c.state == State.HELD),
        )
        .with_for_update(of=_MESSAGES)
        .cte("waiting")
    )
    # None is planned later than in a day but by a clock that was wrong.
    mine = _MAILINGS.key.in_(keys), _MAILINGS.due_at <= bindparam("in_a_day")
    latest = select(_MAILINGS.due_at).where(*mine).order_by(_MAILINGS.due_at.desc())
    mails = latest.limit(caps.MAILS_A_DAY).cte("mails")
    nothing = {column.name: cast(null(), column.type) for column in (*known.c, *waiting.c, *mails.c)}

    def rows(what: str, *found: ColumnElement[Any]) -> Select[Any]:
        columns = nothing | {column.name: column for column in found}
        return select(literal(what).label("what"), *(column.label(name) for name, column in columns.items()))

    return union_all(
        rows(STORED, *known.c), rows(UNWANTED).where(unwanted), rows(WAITING, *waiting.c), rows(MAIL, *mails.c)
    )
