"""A mail from the site to one of its staff."""

from dataclasses import dataclass

from advocacy.delivery.provider import Envelope, Mailbox
from advocacy.letters.mail_pages import MailPages, Notice


@dataclass(frozen=True, slots=True)
class StaffMail:
    """Puts notices into envelopes; `sender` is the site's own mailbox, `site` its name.

    With a `test_recipient` every mail goes there.
    """

    base_url: str
    sender: Mailbox
    test_recipient: str
    site: str
    pages: MailPages

    def envelope(self, notice: Notice, address: str, public_id: str) -> Envelope:
        """Return the mail that carries a notice to an address."""
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
