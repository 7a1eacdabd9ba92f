"""Each mail is made at the moment it leaves, from what is then kept: what was erased meanwhile is not sent."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from advocacy.campaigns.opened import OpenCampaigns
from advocacy.delivery import outbox
from advocacy.delivery.provider import Envelope, Mailbox, NothingToSend
from advocacy.language import Language
from advocacy.legislators.models import Legislator
from advocacy.letters import mail_words as words
from advocacy.letters import personal
from advocacy.letters.kinds import Carried
from advocacy.letters.mail_pages import MailPages, Notice, safe_name
from advocacy.letters.mail_rows import campaign_named, confirmations_of, standings_of, templates_of
from advocacy.letters.models import Confirmation, StoredLetter, Submission
from advocacy.letters.moments import speak_moment
from advocacy.letters.outcome import CAME_BACK
from advocacy.letters.stored import from_json
from advocacy.letters.suppressed import spared
from advocacy.letters.telling import Telling, of_a_wait, of_the_end, of_what_came_back
from advocacy.sealing import Keys

SPARED = "addresses to be left alone"


@dataclass(frozen=True, slots=True)
class Mails:
    """What a worker asks for the contents of messages; each raises NothingToSend for what was erased.

    `sender` is the site's own mailbox; with a `test_recipient`, which may be "", all mail goes there. `now` is the
    clock, and `unconfirmed` how long there is to confirm once a mail has left, however late it leaves. `rehearses`: no
    letter reaches an office, and every mail to a citizen says so.
    """

    keys: Keys
    base_url: str
    sender: Mailbox
    test_recipient: str
    opened: OpenCampaigns
    pages: MailPages
    now: Callable[[], datetime]
    unconfirmed: timedelta
    rehearses: bool = False

    def confirmation(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Ask for a confirmation, by the campaign and what is asked alone."""
        row = session.get(Confirmation, ref)
        token = personal.read(row, "token_sealed", keys=self.keys) if row and row.used_at is None else None
        if row is None or token is None:
            raise NothingToSend
        spoken = row.language
        # What is kept is moved when the mail is known to have left, and then is never earlier than what is said here.
        moment = speak_moment(self.now() + self.unconfirmed, spoken)
        until = words.CONFIRM_UNTIL.spoken(spoken).format(moment=moment)
        letters = len(templates_of(session, row.id))
        said = (words.CONFIRM_SOME if letters > 1 else words.CONFIRM_ONE).spoken(spoken)
        notice = Notice(
            language=spoken,
            subject=words.CONFIRM_SUBJECT.spoken(spoken),
            greeting=words.GREETING.spoken(spoken),
            before=(said.format(count=letters),),
            items=(),
            about=self._about(session, row),
            button=words.CONFIRM_BUTTON.spoken(spoken),
            or_copy=words.OR_COPY.spoken(spoken),
            link=f"{self.base_url}/{spoken}/confirm/{token}",
            after=(until, words.NOT_YOU.spoken(spoken)),
            footer=self._footer(session, row),
        )
        return self._to_citizen(session, row, notice, public_id=public_id)

    def underway(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Tell that letters were confirmed and wait their turn, with the link to the receipt."""
        row = self._with_receipt(session, ref)
        telling = of_a_wait(standings_of(session, ref), row.language)
        return self._told(session, row, telling, public_id=public_id)

    def outcome(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Tell what became of the letters of a confirmation, as it stands now, with the link to the receipt."""
        row = self._with_receipt(session, ref)
        standings, told_before = standings_of(session, ref), False
        if not CAME_BACK.isdisjoint(one.state for one in standings):
            told_before = outbox.find(session, Carried.CAME_BACK, ref) is not None
        telling = of_the_end(standings, row.language, told_before=told_before, rehearses=self.rehearses)
        return self._told(session, row, telling, public_id=public_id)

    def came_back(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Tell which letters of a confirmation came back, with the link to the receipt."""
        row = self._with_receipt(session, ref)
        telling = of_what_came_back(standings_of(session, ref), row.language)
        return self._told(session, row, telling, public_id=public_id)

    def letter(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Give a letter as its citizen confirmed it; answers go to them, and it goes to one address alone."""
        stored = session.get(StoredLetter, ref)
        kept = personal.read(stored, "letter_sealed", keys=self.keys) if stored else None
        if stored is None or stored.submission is None or kept is None:
            raise NothingToSend
        letter, writer = from_json(kept), self._writer(stored.submission)
        # The directory may know a better address by now than when the letter was written.
        row = session.get(Legislator, stored.legislator_id)
        address = (row.email if row else None) or letter.recipient.email
        if not address:
            raise NothingToSend
        text, html = self.pages.letter(letter)
        via = self.sender.name or self._campaign(session, stored.campaign, stored.language)
        shown = words.VIA.spoken(letter.language).format(name=writer.name, campaign=via)
        return Envelope(
            id=public_id,
            sender=Mailbox(shown if writer.name else via, self.sender.address),
            to=self._to(Mailbox(letter.recipient.name, address)),
            reply_to=writer,
            subject=letter.subject,
            text=text,
            html=html,
            language=letter.language,
            automatic=False,
        )

    def _with_receipt(self, session: Session, ref: str) -> Confirmation:
        """Give a confirmation that a mail may tell of: not one erased, nor of an address that asked to hear no more."""
        row = session.get(Confirmation, ref)
        email = personal.read(row, "email_sealed", keys=self.keys) if row else None
        if row is None or email is None or self._is_spared(session, row, email):
            raise NothingToSend
        return row

    def _is_spared(self, session: Session, row: Confirmation, email: str) -> bool:
        """Tell whether an address is spared, asking once for all that were read together."""
        told: dict[str, bool] = session.info.setdefault(SPARED, {})
        if row.id not in told:
            read = {one.id: personal.read(one, "email_sealed", keys=self.keys) for one in confirmations_of(session)}
            campaigns = {one.id: one.campaign for one in confirmations_of(session)}
            known = {id_: (campaigns[id_], address) for id_, address in read.items() if address is not None}
            told |= spared(session, {**known, row.id: (row.campaign, email)}, keys=self.keys)
        return told[row.id]

    def _told(self, session: Session, row: Confirmation, telling: Telling, *, public_id: str) -> Envelope:
        token, spoken = personal.read(row, "receipt_sealed", keys=self.keys), row.language
        if token is None:
            raise NothingToSend
        notice = Notice(
            language=spoken,
            subject=telling.subject.spoken(spoken),
            greeting=words.GREETING.spoken(spoken),
            before=(telling.before,),
            items=telling.items,
            about=self._about(session, row),
            button=words.OUTCOME_BUTTON.spoken(spoken),
            or_copy=words.OR_COPY.spoken(spoken),
            link=f"{self.base_url}/{spoken}/receipt/{token}",
            after=tuple(one.spoken(spoken) for one in telling.after),
            footer=self._footer(session, row),
        )
        return self._to_citizen(session, row, notice, public_id=public_id)

    def _to_citizen(self, session: Session, row: Confirmation, notice: Notice, *, public_id: str) -> Envelope:
        address = personal.read(row, "email_sealed", keys=self.keys)
        if address is None:
            raise NothingToSend
        if self.rehearses:
            notice = replace(notice, before=(words.REHEARSAL.spoken(notice.language), *notice.before))
        text, html = self.pages.notice(notice)
        return Envelope(
            id=public_id,
            sender=Mailbox(
                self.sender.name or self._campaign(session, row.campaign, row.language), self.sender.address
            ),
            to=self._to(Mailbox("", address)),
            reply_to=None,
            subject=notice.subject,
            text=text,
            html=html,
            language=notice.language,
            automatic=True,
        )

    def _to(self, mailbox: Mailbox) -> Mailbox:
        return Mailbox("", self.test_recipient) if self.test_recipient else mailbox

    def _writer(self, submission: Submission) -> Mailbox:
        address = personal.read(submission, "email_sealed", keys=self.keys)
        if address is None:
            raise NothingToSend
        return Mailbox(safe_name(personal.read(submission, "name_sealed", keys=self.keys) or ""), address)

    def _about(self, session: Session, row: Confirmation) -> tuple[str, ...]:
        """Name the campaign and what its letters ask; where they ask different things, what the campaign asks."""
        campaign, spoken = campaign_named(session, self.opened, row.campaign), row.language
        if campaign is None:
            return ()
        asked = [campaign.letters.get(name) for name in sorted(set(templates_of(session, row.id)))]
        ask = campaign.file.ask.spoken(spoken)
        if len(asked) == 1 and asked[0] is not None:
            ask = words.REQUEST.spoken(spoken).format(ask=asked[0].letter.ask.spoken(spoken))
        return (words.CAMPAIGN.spoken(spoken).format(name=campaign.file.name.spoken(spoken)), ask)

    def _campaign(self, session: Session, name: str, language: Language) -> str:
        campaign = campaign_named(session, self.opened, name)
        return campaign.file.name.spoken(language) if campaign else ""

    def _footer(self, session: Session, row: Confirmation) -> tuple[str, ...]:
        """Give who answers for the campaign: the law asks for it under every mail."""
        campaign = campaign_named(session, self.opened, row.campaign)
        if campaign is None:
            return ()
        organiser = campaign.file.organiser
        lines = (organiser.spoken(row.language) if organiser else "", campaign.file.privacy_contact or "")
        return tuple(line for line in lines if line)
