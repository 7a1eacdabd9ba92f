"""Each mail is made at the moment it leaves, from what is then stored: what was erased meanwhile is not sent."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.delivery import outbox
from advocacy.delivery.models import HELD
from advocacy.delivery.provider import Envelope, Mailbox, NothingToSend, TryLater
from advocacy.encryption import Keys
from advocacy.language import Language
from advocacy.letters import personal
from advocacy.letters.kinds import Carried
from advocacy.letters.letter import from_json
from advocacy.letters.mail_pages import MailPages, Notice, Text, safe_name
from advocacy.letters.mail_rows import (
    LetterRow,
    campaign_named,
    confirmations_of,
    letter_row,
    statuses_of,
    templates_of,
)
from advocacy.letters.models import Confirmation, StoredLetter, Submission
from advocacy.letters.moments import moment_in_words
from advocacy.letters.outcome import CAME_BACK
from advocacy.letters.outcome_text import OutcomeText, about_the_end, about_waiting, about_what_came_back
from advocacy.letters.suppressed import spared
from advocacy.messages import message, nmessage

HELD_FOR = timedelta(hours=6)
"""How long such mail waits at most once its campaign is complete; a publication from the staff's pages ends it."""
SUPPRESSED = "addresses on the suppression list"
"""Where a session remembers which confirmations are of an address that wants no more mail."""


@dataclass(frozen=True, slots=True)
class Mails:
    """What a worker asks for the contents of messages; each raises NothingToSend for what was erased.

    `sender` is the site's own mailbox and `site` its name; with a `test_recipient`, which may be "", all mail goes
    there. `now` is the clock, and `unconfirmed` how long there is to confirm once a mail has left, however late it
    leaves. `test_mode`: no letter reaches an office, and every mail to a citizen says so. `needs_contact`: mail of a
    campaign that does not say who answers for it waits.
    """

    keys: Keys
    base_url: str
    sender: Mailbox
    site: str
    test_recipient: str
    opened: OpenCampaigns
    pages: MailPages
    now: Callable[[], datetime]
    unconfirmed: timedelta
    test_mode: bool = False
    needs_contact: bool = False

    def confirmation(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Ask for a confirmation, naming the campaign and what is asked, and nothing else."""
        row = session.get(Confirmation, ref)
        token = personal.read(row, "token_sealed", keys=self.keys) if row and row.used_at is None else None
        if row is None or token is None:
            raise NothingToSend
        self._hold_without_contact(session, row.campaign)
        # What is stored is moved when the mail is known to have left, and is never earlier than what is said here.
        until = moment_in_words(self.now() + self.unconfirmed)
        notice = Notice(
            language=row.language,
            subject=nmessage("Confirm your letter", "Confirm your letters", len(templates_of(session, row.id))),
            before=(
                nmessage(
                    "This address was given on our site to confirm a letter. Nothing is sent until you confirm.",
                    "This address was given on our site to confirm %(num)d letters. Nothing is sent until you confirm.",
                    len(templates_of(session, row.id)),
                ),
            ),
            about=self._about(session, row),
            button=message("Read and confirm"),
            link=f"{self.base_url}/{row.language}/confirm/{token}",
            after=(
                message("This link works once, and until %(moment)s.", moment=until),
                message(
                    "If this wasn’t you, the same link lets you delete everything at once. If you do nothing, "
                    "everything is deleted after that time."
                ),
            ),
            footer=self._footer(session, row),
        )
        return self._to_citizen(session, row, notice, public_id=public_id)

    def underway(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Say that letters were confirmed and wait their turn, with the link to the receipt."""
        row = self._with_receipt(session, ref)
        return self._with_outcome(session, row, about_waiting(statuses_of(session, ref)), public_id=public_id)

    def outcome(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Say how the letters of a confirmation ended, as it is now, with the link to the receipt."""
        row = self._with_receipt(session, ref)
        statuses, mailed_before = statuses_of(session, ref), False
        if not CAME_BACK.isdisjoint(one.state for one in statuses):
            mailed_before = outbox.find(session, Carried.CAME_BACK, ref) is not None
        text = about_the_end(statuses, mailed_before=mailed_before, test_mode=self.test_mode)
        return self._with_outcome(session, row, text, public_id=public_id)

    def came_back(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Say which letters of a confirmation came back, with the link to the receipt."""
        row = self._with_receipt(session, ref)
        return self._with_outcome(session, row, about_what_came_back(statuses_of(session, ref)), public_id=public_id)

    def letter(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return a letter as its citizen confirmed it; answers go to them, and it goes to one address alone."""
        stored = letter_row(session, ref)
        if stored is None or stored.submission_id is None:
            raise NothingToSend
        place: dict[str, Any] = {"table": StoredLetter, "row_id": stored.id, "column": "letter_sealed"}
        plain = personal.unsealed(stored.letter_sealed, **place, keys=self.keys)
        if plain is None:
            raise NothingToSend
        letter, writer = from_json(plain), self._writer(stored.submission_id, stored)
        # The directory may know a better address by now than when the letter was written.
        address = stored.office_email or letter.recipient.email
        if not address:
            raise NothingToSend
        self._hold_without_contact(session, stored.campaign)
        text, html = self.pages.letter(letter)
        site = self.sender.name or self._campaign(session, stored.campaign, stored.language)
        return Envelope(
            id=public_id,
            sender=Mailbox(f"{writer.name} via {site}" if writer.name else site, self.sender.address),
            to=self._to(Mailbox(letter.recipient.name, address)),
            reply_to=writer,
            subject=letter.subject,
            text=text,
            html=html,
            language=letter.language,
            automatic=False,
        )

    def _with_receipt(self, session: Session, ref: str) -> Confirmation:
        """Return a confirmation that a mail may be about: not erased, its address not on the suppression list."""
        row = session.get(Confirmation, ref)
        email = personal.read(row, "email_sealed", keys=self.keys) if row else None
        if row is None or email is None or self._is_suppressed(session, row, email):
            raise NothingToSend
        self._hold_without_contact(session, row.campaign)
        return row

    def _hold_without_contact(self, session: Session, name: str) -> None:
        """Raise TryLater where nobody is named who answers for a campaign: nothing is sent in nobody's name."""
        campaign = campaign_named(session, self.opened, name) if self.needs_contact else None
        if campaign is not None and not (campaign.file.organiser and campaign.file.privacy_contact):
            raise TryLater(HELD, after=HELD_FOR, counts=False)

    def _is_suppressed(self, session: Session, row: Confirmation, email: str) -> bool:
        """Whether an address wants no more mail; asked once for all confirmations that were read together."""
        suppressed: dict[str, bool] = session.info.setdefault(SUPPRESSED, {})
        if row.id not in suppressed:
            addresses = {row.id: (row.campaign, email)}
            for one in confirmations_of(session):
                address = personal.read(one, "email_sealed", keys=self.keys)
                if address is not None:
                    addresses[one.id] = (one.campaign, address)
            suppressed |= spared(session, addresses, keys=self.keys)
        return suppressed[row.id]

    def _with_outcome(self, session: Session, row: Confirmation, text: OutcomeText, *, public_id: str) -> Envelope:
        token = personal.read(row, "receipt_sealed", keys=self.keys)
        if token is None:
            raise NothingToSend
        notice = Notice(
            language=row.language,
            subject=text.subject,
            before=(text.before,),
            items=text.items,
            about=self._about(session, row),
            button=nmessage("Follow your letter", "Follow your letters", len(templates_of(session, row.id))),
            link=f"{self.base_url}/{row.language}/receipt/{token}",
            after=text.after,
            footer=self._footer(session, row),
        )
        return self._to_citizen(session, row, notice, public_id=public_id)

    def _to_citizen(self, session: Session, row: Confirmation, notice: Notice, *, public_id: str) -> Envelope:
        address = personal.read(row, "email_sealed", keys=self.keys)
        if address is None:
            raise NothingToSend
        if self.test_mode:
            notice = replace(notice, before=(message("Test site: nothing is really sent."), *notice.before))
        subject, text, html = self.pages.notice(notice)
        return Envelope(
            id=public_id,
            sender=Mailbox(self._sender_name(session, row), self.sender.address),
            to=self._to(Mailbox("", address)),
            reply_to=None,
            subject=subject,
            text=text,
            html=html,
            language=notice.language,
            automatic=True,
        )

    def _sender_name(self, session: Session, row: Confirmation) -> str:
        campaign = campaign_named(session, self.opened, row.campaign)
        if campaign and campaign.file.discreet:
            return self.site
        return self.sender.name or self._campaign(session, row.campaign, row.language)

    def _to(self, mailbox: Mailbox) -> Mailbox:
        return Mailbox("", self.test_recipient) if self.test_recipient else mailbox

    def _writer(self, submission: str, stored: LetterRow) -> Mailbox:
        of: dict[str, Any] = {"table": Submission, "row_id": submission, "keys": self.keys}
        address = personal.unsealed(stored.email_sealed, column="email_sealed", **of)
        if address is None:
            raise NothingToSend
        name = personal.unsealed(stored.name_sealed, column="name_sealed", **of)
        return Mailbox(safe_name(name or ""), address)

    def _about(self, session: Session, row: Confirmation) -> tuple[Text, ...]:
        """Name the campaign and what its letters ask, or what it asks where they ask different things.

        A discreet campaign is not named: the mailbox may be read by others.
        """
        campaign = campaign_named(session, self.opened, row.campaign)
        if campaign is None:
            return ()
        if campaign.file.discreet:
            return (self.site,)
        templates = [campaign.letters.get(name) for name in sorted(set(templates_of(session, row.id)))]
        ask: Text = campaign.file.ask
        if len(templates) == 1 and templates[0] is not None:
            ask = message("Request: %(ask)s", ask=templates[0].letter.ask)
        return (message("Campaign: %(name)s", name=campaign.file.name), ask)

    def _campaign(self, session: Session, name: str, language: Language) -> str:
        campaign = campaign_named(session, self.opened, name)
        return campaign.file.name.in_language(language) if campaign else ""

    def _footer(self, session: Session, row: Confirmation) -> tuple[Text, ...]:
        """Return who answers for the campaign, as the law asks under every mail; a discreet one, the site alone."""
        campaign = campaign_named(session, self.opened, row.campaign)
        if campaign is None or campaign.file.discreet:
            return (self.site, self.base_url) if campaign else ()
        return tuple(line for line in (campaign.file.organiser, campaign.file.privacy_contact) if line)
