"""The mails to offices about their settings: links that they asked for, and what was changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from advocacy.delivery.provider import Envelope, Mailbox, NothingToSend
from advocacy.language import Language, Wording
from advocacy.legislators.models import Legislator
from advocacy.letters.mail_pages import MailPages, Notice, Text
from advocacy.letters.mails import VACANT
from advocacy.messages import Message, message
from advocacy.offices.models import OfficeLink, OfficeLinkKind
from advocacy.offices.office_links import page_name
from advocacy.offices.office_settings import OfficeValues, settings_of
from advocacy.signed_links import Purpose, SignedLinks

UNTIL = message("The link works until %(moment)s.")
NOT_BY_YOU = message("If this wasn’t your office, do nothing: without the link nothing changes.")


@dataclass(frozen=True, slots=True)
class OfficeMails:
    """What a worker asks for the contents of mails to offices; each raises NothingToSend for a link that is over.

    `sender` is the site's own mailbox and `site` its name; with a `test_recipient` all mail goes there.
    """

    links: SignedLinks
    base_url: str
    sender: Mailbox
    site: str
    test_recipient: str
    pages: MailPages
    now: Callable[[], datetime]
    abuse_contact: str = ""

    def link(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return the mail with a link to an office's settings, or that asks whether its letters may come here."""
        link, office = self._read(session, ref)
        name = office.name or VACANT
        if link.kind is OfficeLinkKind.PROOF:
            notice = self._notice(
                link,
                subject=message("Letters to %(name)s: confirm this address", name=name),
                before=(
                    message(
                        "The office of %(name)s wants its letters from %(site)s at this address. They come here only "
                        "once you confirm.",
                        name=name,
                        site=self.site,
                    ),
                ),
                button=message("Look and confirm"),
                after=(UNTIL.with_params(moment=link.expires_at), NOT_BY_YOU),
            )
        else:
            notice = self._notice(
                link,
                subject=message("How your office gets letters"),
                before=(
                    message(
                        "With this link you set how letters from %(site)s to %(name)s reach you: one by one or in one "
                        "e-mail a day, at which address, and from when.",
                        site=self.site,
                        name=name,
                    ),
                ),
                button=message("Open the settings"),
                after=(UNTIL.with_params(moment=link.expires_at), NOT_BY_YOU),
            )
        return self._envelope(notice, link.email or office.email, public_id)

    def changed(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Return the mail on what was changed and can be undone; nothing where it has been undone meanwhile."""
        link, office = self._read(session, ref)
        former, values = OfficeValues.read(link.former or {}), settings_of(session, office.id)
        changes = change_texts(former, values)
        if not changes:
            raise NothingToSend
        before = message(
            "The settings for letters from %(site)s to %(name)s were changed on %(moment)s:",
            site=self.site,
            name=office.name or VACANT,
            moment=link.created_at,
        )
        notice = self._notice(
            link,
            subject=message("Your settings for letters were changed"),
            before=(before,),
            items=changes,
            button=message("Look and undo"),
            after=(
                message("If this was your office, you have nothing to do."),
                message("If it wasn’t, undo it with the link. It works until %(moment)s.", moment=link.expires_at),
            ),
        )
        return self._envelope(notice, link.email or office.email, public_id)

    def _read(self, session: Session, ref: str) -> tuple[OfficeLink, Legislator]:
        link = session.get(OfficeLink, ref, populate_existing=True)
        if link is None or link.expires_at <= self.now():
            raise NothingToSend
        return link, session.get_one(Legislator, link.legislator_id)

    def _notice(
        self,
        link: OfficeLink,
        *,
        subject: Message,
        before: tuple[Text, ...],
        button: Message,
        after: tuple[Text, ...],
        items: tuple[Text, ...] = (),
    ) -> Notice:
        token = self.links.make(Purpose.OFFICE, link.id)
        contact = (message("To report misuse of this site: %(contact)s", contact=self.abuse_contact),)
        return Notice(
            language=link.language,
            subject=subject,
            before=before,
            items=items,
            button=button,
            link=f"{self.base_url}/{link.language}/{page_name(link.language)}/{token}",
            after=after,
            footer=(self.site, self.base_url, *(contact if self.abuse_contact else ())),
        )

    def _envelope(self, notice: Notice, address: str | None, public_id: str) -> Envelope:
        """Return the mail; nothing is sent to an office without an address."""
        if not address:
            raise NothingToSend
        subject, text, html = self.pages.notice(notice)
        return Envelope(
            id=public_id,
            sender=Mailbox(self.sender.name or self.site, self.sender.address),
            to=Mailbox("", self.test_recipient or address),
            reply_to=None,
            subject=subject,
            text=text,
            html=html,
            language=notice.language,
            automatic=True,
        )


def change_texts(before: OfficeValues, after: OfficeValues) -> tuple[Message, ...]:
    """Return what differs between an office's settings, each as one sentence on how it is now."""
    found: list[Message] = []
    if (before.email, before.email_from) != (after.email, after.email_from):
        if after.email is None:
            found.append(message("Letters go to the address that the directory has."))
        elif after.email_from is None:
            found.append(message("Letters go to %(email)s once we have confirmed it.", email=after.email))
        else:
            found.append(
                message("Letters go to %(email)s from %(moment)s.", email=after.email, moment=after.email_from)
            )
    if before.paused_until != after.paused_until:
        paused = message("No letters until %(day)s.", day=after.paused_until)
        found.append(paused if after.paused_until else message("Letters are not paused."))
    if before.takes_digest != after.takes_digest:
        daily, single = message("All letters of a day in one e-mail."), message("One e-mail for each letter.")
        found.append(daily if after.takes_digest else single)
    if before.language != after.language:
        found.append(message("Language of our e-mails: %(language)s.", language=_language_name(after.language)))
    if dict(before.acknowledgement) != dict(after.acknowledgement):
        text = " / ".join(after.acknowledgement.values())
        new = message("Acknowledgement on the writers’ pages: %(text)s", text=text)
        found.append(new if after.acknowledgement else message("No acknowledgement on the writers’ pages."))
    return tuple(found)


def _language_name(language: Language | None) -> Text:
    if language is None:
        return message("whichever fits the letters")
    return Wording({each: language.name_in(each) for each in Language})
