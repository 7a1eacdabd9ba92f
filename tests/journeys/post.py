"""What the site delivers while a citizen waits, and the link they find in their mail."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from advocacy.delivery.worker import Worker


@dataclass
class Post:
    """The site's worker, which delivers when it is told to, into the folder `outgoing`."""

    worker: Worker
    outgoing: Path

    def deliver(self) -> "Post":
        """Deliver all that is due."""
        while self.worker.deliver():
            pass
        return self

    def mails_to(self, address: str) -> list[EmailMessage]:
        """Return every mail that came to one address, the first delivered first."""
        files = sorted(self.outgoing.iterdir()) if self.outgoing.exists() else []
        mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return [mail for mail in mails if address in str(mail["To"])]

    def link(self, page: str, *, to: str) -> str:
        """Return the one address of a page, "confirm" or "receipt", that mail to someone leads to."""
        texts = [body.get_content() for mail in self.mails_to(to) if (body := mail.get_body(("plain",)))]
        [found] = {one for text in texts for one in re.findall(rf"http://localhost:\d+/(?:en|fr)/{page}/[\w.-]+", text)}
        return str(found)
