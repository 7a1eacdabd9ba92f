"""A letter tried out on a real legislator with invented answers, and sent as a test to whoever writes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign import LetterTemplate
from advocacy.campaigns.fields import Field, FieldKind
from advocacy.campaigns.folder import OWN_DOCUMENTS, CampaignFolder
from advocacy.campaigns.library import readable_folder
from advocacy.campaigns.models import Document
from advocacy.delivery import outbox
from advocacy.delivery.models import By
from advocacy.delivery.provider import Envelope, Mailbox, NothingToSend
from advocacy.language import Language, day_of
from advocacy.legislators.models import Legislator, Status, to_recipient
from advocacy.legislators.recipient import Office, Recipient
from advocacy.letters.compose import Answers, compose
from advocacy.letters.letter import Letter
from advocacy.letters.samples import EMAIL, NAME, POSTAL_CODE, PROVINCE, invented, own_words
from advocacy.messages import message
from advocacy.staff import drafts
from advocacy.staff.models import Account
from advocacy.staff.staff_mail import StaffMail
from advocacy.toml_source import TomlProblems

KIND = "test_letter"
"""The kind of message; its `ref` names account, document, the trial, and a stretch of ten seconds."""
APART_S = 10
"""Seconds in which a second press sends nothing more."""
_SITTING = Legislator.status == Status.SITTING
RECIPIENTS: Mapping[str, ColumnElement[bool]] = {
    "member": (Legislator.office == Office.MEMBER) & _SITTING,
    "minister": (Legislator.office == Office.MINISTER) & _SITTING,
    "senator": (Legislator.office == Office.SENATOR) & _SITTING,
    "vacant": Legislator.status == Status.VACANT,
}
"""Whom a letter is tried out on: of each kind, the first there is."""
_FIRST = select(
    *(select(func.min(Legislator.id)).where(which).scalar_subquery().label(kind) for kind, which in RECIPIENTS.items())
)


@dataclass(frozen=True, slots=True)
class Trial:
    """How a letter is tried out: on whom, in which language, with own words, by a constituent, with which variants."""

    to: str
    language: Language
    own: bool
    mine: bool
    choice: tuple[int, ...]


def recipients(session: Session) -> Mapping[str, Recipient]:
    """Find the first of each kind, in one query and another for their ridings."""
    ids = session.execute(_FIRST).one()._asdict()
    rows = {row.id: row for row in session.scalars(select(Legislator).where(Legislator.id.in_(ids.values())))}
    return {kind: to_recipient(rows[found]) for kind, found in ids.items() if found in rows}


def is_uneven(template: LetterTemplate) -> bool:
    """Whether the languages offer other variants, so that no one choice fits both."""
    return len({program.groups for program in template.texts.values()}) > 1


def tried(template: LetterTemplate, recipient: Recipient, trial: Trial, *, today: date) -> tuple[Letter, Answers]:
    """Compose the letter with the answers of somebody who does not exist; without `own`, only what must be answered."""
    language = trial.language
    answers = Answers(
        name=NAME[language],
        city="Ottawa",
        province=PROVINCE,
        postal_code=POSTAL_CODE,
        street="",
        email=EMAIL,
        ridings=frozenset({recipient.riding_code} if trial.mine and recipient.riding_code else ()),
        fields={
            field.key: _answer(template, field, language) if trial.own or field.required else ""
            for field in template.fields
        },
        language=language,
    )
    letter = compose(template, answers, recipient, language=language, today=today, choice=trial.choice)
    return letter, answers


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
        trial = Trial(to, Language(language), yes[0] == "1", yes[1] == "1", numbers)
        recipient = recipients(session).get(to)
        template = _template(session, document, account) if document and account and account.active else None
        if account is None or template is None or recipient is None or is_uneven(template):
            raise NothingToSend
        day = day_of(datetime.fromtimestamp(int(stretch) * APART_S).astimezone())
        letter, _answers = tried(template, recipient, trial, today=day)
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
    campaign = document.campaign.name
    draft = drafts.mine(session, document, account.id)
    newest = drafts.newest(session, document)
    files = draft.files if draft and not draft.discarded else drafts.files_of(session, newest.id)
    shared = {name: content for name, content in readable_folder(session, campaign).files if name in OWN_DOCUMENTS}
    folder = CampaignFolder.of(campaign, {**shared, **{name: text.encode() for name, text in files.items()}})
    try:
        return folder.template(document.name)
    except TomlProblems:
        return None


def _answer(template: LetterTemplate, field: Field, language: Language) -> str:
    if field.kind is FieldKind.CHOICE:
        return next((option.key for option in field.options if option.sentence), "")
    if field.kind is FieldKind.WORDS:
        return own_words(template, field, language)
    return invented(field, language)
