"""A letter that is tried out, sent as a test to whoever writes it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_files import LetterTemplate
from advocacy.campaigns.documents import newest_id
from advocacy.campaigns.library import readable_folder
from advocacy.campaigns.models import Document
from advocacy.delivery import outbox
from advocacy.delivery.models import By
from advocacy.delivery.provider import Envelope, Mailbox, NothingToSend
from advocacy.language import Language, day_of
from advocacy.letters.samples import Kind, Trial, sample, somebody
from advocacy.messages import message
from advocacy.staff import drafts
from advocacy.staff.models import Account
from advocacy.staff.staff_mail import StaffMail
from advocacy.toml_source import TomlProblems

KIND = "test_letter"
"""The kind of message; its `ref` names account, document, the trial, and a stretch of ten seconds."""
APART_S = 10
"""Seconds in which a second press sends nothing more."""


def send_to_oneself(session: Session, document: Document, trial: Trial, *, to: Account, now: datetime) -> None:
    """Put the letter, as this person's draft has it when it leaves, into the outbox: to them, marked as a test."""
    yes = f"{trial.own:d}{trial.mine:d}"
    choice = ".".join(map(str, trial.choice))[:16]
    stretch = int(now.timestamp()) // APART_S
    ref = f"{to.id}:{document.id}:{trial.to}:{trial.language.value}:{yes}:{choice}:{stretch}"
    outbox.put(session, KIND, ref, now=now, by=By.STAFF)


@dataclass(frozen=True, slots=True)
class TrialMail:
    """Makes the mail."""

    mail: StaffMail

    def content(self, session: Session, ref: str, public_id: str) -> Envelope:
        """Compose the letter; raises NothingToSend where it cannot be composed, or the account is closed."""
        account_id, document_id, to, language, yes, choice, stretch = ref.split(":")
        account, document = session.get(Account, int(account_id)), session.get(Document, int(document_id))
        numbers = tuple(int(one) for one in choice.split(".") if one)
        trial = Trial(Kind(to), Language(language), yes[0] == "1", yes[1] == "1", numbers)
        template = _template(session, document, account) if document and account and account.active else None
        if document is None or account is None or template is None or template.is_uneven:
            raise NothingToSend
        recipient = somebody(session, trial.to, template.campaign, name=document.campaign.name)
        if recipient is None:
            raise NothingToSend
        day = day_of(datetime.fromtimestamp(int(stretch) * APART_S).astimezone())
        letter = sample(template, recipient, trial, today=day).letter
        banner = message("Test: this letter went to nobody but you. Its writer is invented.")
        text, html = self.mail.pages.letter(letter, banner.in_language(account.language))
        return Envelope(
            id=public_id,
            sender=Mailbox(self.mail.sender.name or self.mail.site, self.mail.sender.address),
            to=Mailbox("", self.mail.test_recipient or account.email),
            reply_to=None,
            subject=message("Test: %(subject)s", subject=letter.subject).in_language(account.language),
            text=text,
            html=html,
            language=letter.language,
            automatic=True,
        )


def _template(session: Session, document: Document, account: Account) -> LetterTemplate | None:
    """Return the letter as somebody's draft has it, or as it was saved last; None while it cannot be read."""
    draft = drafts.mine(session, document, account.id)
    stored = draft.files if draft and not draft.discarded else None
    files = stored or drafts.files_of(session, newest_id(session, document))
    folder = readable_folder(session, document.campaign.name).only("").with_texts(files)
    try:
        return folder.template(document.name)
    except TomlProblems:
        return None
