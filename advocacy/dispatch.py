"""How messages leave this site: the provider that is set, and what each kind of message carries and leads to."""

import logging
import random
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

from sqlalchemy.orm import Session

from advocacy import shipped_folder
from advocacy.abuse import challenges, limiter
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.delivery.holds import DATA_KEYS
from advocacy.delivery.models import Message
from advocacy.delivery.provider import Content, Envelope, EventSource, Kind, Mailbox, NotAllowed, Provider, Refused
from advocacy.delivery.states import State
from advocacy.delivery.worker import Worker
from advocacy.encryption import CannotDecrypt, Keys, UnknownKey
from advocacy.erasure_ledger import CLOCK_TOLERANCE, ErasureLedger
from advocacy.exports.text import to_body
from advocacy.letters import digest_delivery, erasure, holding, outcome_mails
from advocacy.letters.digest_mail import DigestMails
from advocacy.letters.encrypted_columns import is_lost_key, load_keys
from advocacy.letters.mail_pages import MailPages
from advocacy.letters.mails import Mails
from advocacy.letters.models import MessageKind
from advocacy.letters.office_mails import OfficeMails
from advocacy.morning_mail import MorningMail
from advocacy.offices import office_links
from advocacy.offices.models import OfficeEmail
from advocacy.production import require_ready
from advocacy.providers.mail_folder import MailFolder
from advocacy.providers.sendgrid import Sendgrid
from advocacy.providers.sendgrid_events import SendgridEvents
from advocacy.providers.smtp import Smtp
from advocacy.runtime import Runtime, utc_now
from advocacy.secret_keys import signing_key
from advocacy.settings import WHERE, MailMode, Settings, SettingsError
from advocacy.signed_links import SignedLinks
from advocacy.staff import emails, invitations, jobs
from advocacy.staff.emails import StaffEmails
from advocacy.staff.models import StaffEmail

log = logging.getLogger(__name__)

REHEARSAL_SENDER = Mailbox("", "letters@localhost.example")
"""The sender of mail that goes nowhere; without a name of the site's, mail carries its campaign's."""


def make_provider(settings: Settings, *, now: Callable[[], datetime]) -> Provider:
    """Return the provider that is set; raises SettingsError for one that lacks something it needs."""
    try:
        match settings.provider:
            case "smtp":
                return Smtp(settings.smtp_url.get_secret_value(), now=now)
            case "sendgrid":
                return Sendgrid(settings.sendgrid_api_key.get_secret_value(), settings.sendgrid_api_url)
            case _:
                return MailFolder(settings.mail_folder, now=now)
    except ValueError as wrong:
        raise SettingsError(f"fix the settings of the provider: {wrong}; {WHERE}") from None


def make_event_source(settings: Settings) -> EventSource | None:
    """Return what reads the reports of the provider that is set; None where it reports nothing."""
    if settings.provider != "sendgrid":
        return None
    try:
        return SendgridEvents(settings.sendgrid_webhook_public_key)
    except ValueError as wrong:
        raise SettingsError(f"set ADVOCACY_SENDGRID_WEBHOOK_PUBLIC_KEY: {wrong}; {WHERE}") from None


def sender(settings: Settings) -> Mailbox:
    return Mailbox(settings.from_name, settings.from_email) if settings.from_email else REHEARSAL_SENDER


def make_kinds(settings: Settings, keys: Keys, *, now: Callable[[], datetime]) -> Mapping[str, Kind]:
    """Return what each kind of message carries, and who is told where its messages moved to; `now` is the clock."""
    pages, links = MailPages(shipped_folder("templates") / "mail", to_body), SignedLinks(signing_key(settings))
    unconfirmed = timedelta(hours=settings.unconfirmed_hours)
    mails = Mails(
        keys,
        links,
        settings.base_url,
        sender(settings),
        settings.shown_name,
        test_recipient=settings.test_recipient,
        opened=OpenCampaigns(),
        pages=pages,
        now=now,
        unconfirmed=unconfirmed,
        test_mode=settings.mail_mode is not MailMode.SEND,
        abuse_contact=settings.abuse_contact,
        needs_contact=settings.mail_mode is not MailMode.FOLDER,
    )
    staff = StaffEmails(
        links,
        settings.base_url,
        sender(settings),
        test_recipient=settings.test_recipient,
        site=settings.shown_name,
        pages=pages,
        campaigns=OpenCampaigns(),
        now=now,
    )
    offices = OfficeMails(
        links,
        settings.base_url,
        sender(settings),
        settings.shown_name,
        test_recipient=settings.test_recipient,
        pages=pages,
        now=now,
        abuse_contact=settings.abuse_contact,
    )
    digests = DigestMails(
        keys,
        settings.base_url,
        sender(settings),
        settings.shown_name,
        test_recipient=settings.test_recipient,
        opened=OpenCampaigns(),
        pages=pages,
        now=now,
        test_mode=settings.mail_mode is not MailMode.SEND,
        needs_contact=settings.mail_mode is not MailMode.FOLDER,
        abuse_contact=settings.abuse_contact,
    )
    letters_moved = partial(outcome_mails.letters_moved, test_mode=bool(settings.test_recipient))
    confirmations_moved = partial(outcome_mails.confirmations_moved, unconfirmed=unconfirmed)
    return {
        MessageKind.CONFIRMATION: Kind(_with_keys(mails.confirmation), confirmations_moved),
        MessageKind.LETTER: Kind(_with_keys(mails.letter), letters_moved),
        MessageKind.UNDERWAY: Kind(_with_keys(mails.underway)),
        MessageKind.OUTCOME: Kind(_with_keys(mails.outcome)),
        MessageKind.CAME_BACK: Kind(_with_keys(mails.came_back)),
        MessageKind.REFUSED: Kind(_with_keys(mails.refused)),
        MessageKind.DIGEST: Kind(
            _with_keys(digests.digest),
            partial(digest_delivery.digests_moved, test_mode=bool(settings.test_recipient)),
        ),
        OfficeEmail.LINK: Kind(offices.link),
        OfficeEmail.CHANGED: Kind(offices.changed),
        MessageKind.ANSWER_QUESTION: Kind(_with_keys(mails.answer_question)),
        MessageKind.ANSWER_REMINDER: Kind(_with_keys(mails.answer_reminder)),
        StaffEmail.INVITATION: Kind(staff.invitation),
        StaffEmail.ACCOUNT: Kind(staff.account),
        StaffEmail.TEST_LETTER: Kind(_with_keys(staff.test_letter)),
        StaffEmail.MORNING: Kind(MorningMail(staff).write),
        StaffEmail.RESULTS: Kind(staff.results),
        StaffEmail.REVIEW: Kind(staff.review),
    }


class Erased(NamedTuple):
    """How many unconfirmed requests were deleted, and letters made anonymous."""

    deleted: int
    anonymous: int


def apply_retention(runtime: Runtime, *, now: datetime, days: int | None = None) -> Erased:
    """Erase what is past its time, some at a time; letters `days` after they were settled, where these are given."""
    settings = runtime.settings
    unconfirmed = timedelta(hours=settings.unconfirmed_hours)
    retention = timedelta(days=settings.retention_days if days is None else days)
    deleted, anonymous, more = 0, 0, True
    while more:
        with runtime.sessions.begin() as session:
            late = erasure.delete_expired(session, now=now, unconfirmed=unconfirmed, retention=retention)
            expired = erasure.expire_waiting(session, now=now, retention=retention)
            outcome_mails.letters_moved(session, [(one.ref, one.state) for one in expired], now)
            old = erasure.erase_old(session, now=now, retention=retention)
            more = any((late, expired, old, erasure.detach_finished(session, now=now)))
            of_citizens = (challenges, holding)
            of_staff = (invitations, emails, jobs)
            for module in (*of_citizens, office_links, *of_staff):
                module.forget(session, now=now)
            limiter.forget_expired(session, now=now)
        deleted, anonymous = deleted + late, anonymous + old
    drop_old_facts(settings, now=now)
    # Also where nothing went just now: what citizens erase themselves may still stand in SQLite's log.
    erasure.scrub(runtime.engine)
    return Erased(deleted, anonymous)


def drop_old_facts(settings: Settings, *, now: datetime) -> None:
    """Remove from the erasure ledger what no backup that is still there can be too old for."""
    oldest_backup = (now - timedelta(days=settings.backup_days)).astimezone(UTC).date()
    ErasureLedger(settings.ledger_folder).drop_before(oldest_backup - CLOCK_TOLERANCE)


def make_notifier(kinds: Mapping[str, Kind]) -> Callable[[Session, Iterable[tuple[Message, State]], datetime], None]:
    """Return the function that tells the kinds of messages that a provider's report, or a decision, moved them."""

    def notify(session: Session, moved: Iterable[tuple[Message, State]], now: datetime) -> None:
        by_kind: dict[str, list[tuple[str, State]]] = {}
        for message, state in moved:
            by_kind.setdefault(message.kind, []).append((message.ref, state))
        for kind, some in by_kind.items():
            kinds[kind].on_moved(session, some, now)

    return notify


def _with_keys(content: Content) -> Content:
    """Hold the outbox where a key is missing, and give up only the message whose own bytes were changed or moved."""

    def with_keys(session: Session, ref: str, public_id: str) -> Envelope:
        try:
            return content(session, ref, public_id)
        except UnknownKey as unknown:
            if is_lost_key(session, unknown.key_id):
                raise NotAllowed(DATA_KEYS) from None
            raise Refused("unreadable") from None
        except CannotDecrypt:
            raise Refused("unreadable") from None

    return with_keys


def make_worker(
    runtime: Runtime,
    kinds: Mapping[str, Kind] | None = None,
    *,
    now: Callable[[], datetime] = utc_now,
    on_erased: Callable[[], None] = lambda: None,
) -> Worker:
    """Return a worker for the provider that is set; raises SettingsError where something it needs is missing."""
    settings = runtime.settings
    require_ready(settings)
    return Worker(
        runtime.sessions,
        make_provider(settings, now=now),
        kinds or make_kinds(settings, load_keys(settings, runtime.sessions), now=now),
        now=now,
        chance=random.SystemRandom().random,
        on_alert=log.error,
        per_hour=settings.recipient_per_hour,
        on_erased=on_erased,
    )
