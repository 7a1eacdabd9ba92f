"""A mail of the site's own names campaign and request, and in the end the offices: never the sender, never the text."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import MappingProxyType

import pytest
from sqlalchemy.orm import Session, sessionmaker

from advocacy import morning_mail
from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.documents import find_document, newest_revision
from advocacy.campaigns.legislation import Stage
from advocacy.campaigns.letter_text import Piece
from advocacy.campaigns.library import import_folder, import_shipped
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.delivery.provider import Envelope
from advocacy.delivery.states import State
from advocacy.dispatch import make_kinds
from advocacy.exports.mail import NO_AUTOMATIC_REPLY
from advocacy.language import Language, Wording
from advocacy.legislators.models import Legislator, Riding
from advocacy.letters import samples
from advocacy.letters.compose import compose
from advocacy.letters.confirmation import confirm
from advocacy.letters.holding import Refusal
from advocacy.letters.letter import Kind, Letter, RenderedParagraph
from advocacy.letters.models import Digest, DigestLetter, LetterTally, MessageKind
from advocacy.letters.samples import Trial
from advocacy.letters.submit import NewLetter, NewSubmission, submit
from advocacy.offices.models import OfficeEmail, OfficeLinkKind
from advocacy.offices.office_links import send_link
from advocacy.offices.office_settings import NOTHING_SET, OfficeValues, change
from advocacy.providers.mail_folder import MailFolder
from advocacy.providers.sendgrid import request_body
from advocacy.runtime import shipped_letters
from advocacy.settings import Settings
from advocacy.staff import emails, invitations, publication, revisions
from advocacy.staff.models import Account, Role, StaffEmail
from tests.bills import at_stage
from tests.builders import SECRET, TODAY, a_member, a_template, some_answers, the_campaign
from tests.citizens import BOTH, CAMPAIGN, KEYS, LIMITS, NOW, UNCONFIRMED, came_to, messages, settle_in

# What a mail tells depends on no database; test_mails.py has both make them.

NAME, EMAIL = "Canarine Quetzal-Marquée", "canarine.quetzal@marked.example"
CITY, CODE, STORY = "Canariville", "J9Z 9Z9", "Le canari jaune chante à Zanzibar"
SUBJECT, BODY = "Quinquet, un objet à moi", "Un paragraphe vermillon."
MARKS = ("canari", "quetzal", "marked.example", "j9z", "zanzibar", "quinquet", "vermillon")
OFFICES = ("Member mp-1", "Member mp-2", "Ottawa Centre", "Ottawa-Centre", "parl.example")
TOKEN = re.compile(r"(?<=/)[\w.-]{24,}")
SETTINGS = Settings.from_mapping(
    {
        "ADVOCACY_PROVIDER": "smtp",
        "ADVOCACY_FROM_EMAIL": "letters@example.ca",
        "ADVOCACY_BASE_URL": "https://letters.example.ca",
        "ADVOCACY_SECRET_KEY": SECRET,
    }
)
CONTACT = b'organiser.en = "Tests"\norganiser.fr = "Essais"\nprivacy_contact = "privacy@site.example.ca"\n'
ASKS = a_template().letter.ask
CAMPAIGN_NAME = a_template().campaign.name


def answered_for() -> CampaignFolder:
    """Return the campaign with who answers for it: without that no mail of it leaves."""
    campaign = the_campaign()
    files = {name: held for document in campaign.documents().values() for name, held in document.items()}
    return CampaignFolder.of(campaign.name, {**files, "campaign.toml": CONTACT + files["campaign.toml"]})


@pytest.fixture
def store(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    settle_in(sessions)
    with sessions.begin() as session:
        import_shipped(session, shipped_letters(), now=NOW)
        import_folder(session, answered_for(), now=NOW)
        session.add(Riding(fed_code="35079", name=Wording.of(en="Ottawa Centre", fr="Ottawa-Centre"), province="ON"))
        session.flush()
        session.get_one(Legislator, "mp-1").riding_code = "35079"
    return sessions


def marked(legislator: str, language: Language) -> Letter:
    """A letter of which every word that a citizen can type is marked."""
    answers = some_answers(name=NAME, city=CITY, postal_code=CODE, email=EMAIL, language=language)
    answers = replace(answers, fields=MappingProxyType({"relationship": "parent", "reason": STORY}))
    recipient = a_member(id=legislator, email=f"{legislator}@parl.example")
    letter = compose(a_template(), answers, recipient, language=language, today=TODAY)
    edited = RenderedParagraph(Kind.PARAGRAPH, (Piece(BODY, ""),))
    return replace(letter, subject=SUBJECT, paragraphs=(*letter.paragraphs, edited))


def morning(session: Session) -> str:
    """Let a bill's stage be thirty days old, and return what the morning mail to a publisher is called."""
    import_folder(session, at_stage(Stage.COMMITTEE, confirmed=TODAY - timedelta(days=30)), now=NOW)
    karim = Account(email="k@example.ca", name="Karim", role=Role.PUBLISHER, language=Language.FR, created_at=NOW)
    session.add(karim)
    session.flush()
    morning_mail.put_mails(session, OpenCampaigns().all(session), now=NOW)
    return f"{TODAY}:{karim.id}"


def weekly_results(session: Session) -> str:
    """Let letters be counted and somebody ask for the results by mail; return what the mail is called."""
    account = Account(email="w@example.ca", name="W", role=Role.WRITER, language=Language.EN, created_at=NOW)
    letter = {"campaign": CAMPAIGN, "template": f"{CAMPAIGN}/takedown-and-standards", "riding_code": "35079"}
    session.add_all([account, LetterTally(day=TODAY - timedelta(days=9), language=Language.EN, letters=9, **letter)])
    session.flush()
    emails.subscribe_to_results(session, account.id, CAMPAIGN, wanted=True, now=NOW)
    emails.send_results_emails(session, now=NOW + timedelta(days=5))
    (message,) = messages(session, StaffEmail.RESULTS)
    return message.ref


def of_staff(session: Session) -> dict[str, str]:
    """Let a password change, a letter be sent for review and be tried out; return what each mail is called."""
    people = [
        Account(email=f"{name}@example.ca", name=name, role=role, language=Language.EN, created_at=NOW)
        for name, role in (("ines", Role.WRITER), ("karim", Role.PUBLISHER))
    ]
    session.add_all(people)
    session.flush()
    writer, publisher = people
    document = find_document(session, CAMPAIGN, "takedown-and-standards")
    assert document is not None
    newest = newest_revision(session, CAMPAIGN, document.name)
    assert newest is not None
    files = {file.name: file.content.replace(b"companies", b"firms") for file in newest.files}
    made = revisions.save(session, CAMPAIGN, document.name, files=files, by=writer, now=NOW, over=newest.id)
    publication.request_review(session, [made], by=writer, now=NOW, reviewer=publisher, note="Shorter")
    tried = Trial(samples.Kind.MEMBER, Language.EN, own=False, mine=True, choice=())
    emails.send_test_letter_email(session, document, tried, to=writer, now=NOW)
    emails.send_password_changed_email(session, writer.id, now=NOW)
    kinds = (StaffEmail.ACCOUNT, StaffEmail.REVIEW, StaffEmail.TEST_LETTER)
    return {kind: messages(session, kind)[0].ref for kind in kinds}


def of_offices(session: Session) -> dict[str, str]:
    """Let an office ask for a link and change how it gets letters; return what each mail is called."""
    change(session, BOTH[0], OfficeValues(takes_digest=True), now=NOW)
    for kind, former in ((OfficeLinkKind.SETTINGS, None), (OfficeLinkKind.UNDO, NOTHING_SET)):
        send_link(session, BOTH[0], kind, language=Language.EN, now=NOW, former=former)
    return {kind: messages(session, kind)[0].ref for kind in OfficeEmail}


def every_mail(store: sessionmaker[Session], language: Language) -> dict[str, Envelope]:
    """Every kind of message that the site sends, from one form of two letters and one invitation."""
    kinds, made = make_kinds(SETTINGS, KEYS, now=lambda: NOW), {}
    letters = tuple(
        NewLetter(
            legislator_id=id_,
            template=f"{CAMPAIGN}/takedown-and-standards",
            pins={"letter": 1},
            letter=marked(id_, language),
            choice=(0,),
            fingerprint="f" * 16,
            riding_code="35079",
            edited=True,
        )
        for id_ in BOTH
    )
    form = NewSubmission("form", CAMPAIGN, language, NAME, EMAIL, letters, "1", "192.0.2.1", asks_for_answers=True)
    with store.begin() as session:
        submit(session, form, now=NOW, limits=LIMITS, unconfirmed=UNCONFIRMED)
        (asked,) = messages(session, MessageKind.CONFIRMATION)
        confirmation = asked.ref
        made[MessageKind.CONFIRMATION.value] = kinds[MessageKind.CONFIRMATION].content(session, confirmation, "a" * 32)
    with store.begin() as session:
        assert confirm(session, confirmation, now=NOW, per_hour=1)
        made[MessageKind.UNDERWAY.value] = kinds[MessageKind.UNDERWAY].content(session, confirmation, "b" * 32)
        first, second = messages(session, MessageKind.LETTER)
        made[MessageKind.LETTER.value] = kinds[MessageKind.LETTER].content(session, first.ref, "c" * 32)
        session.add(Digest(id="digest", legislator_id=BOTH[0], day=TODAY, part=1))
        session.flush()
        session.add(DigestLetter(letter_id=first.ref, digest_id="digest"))
        first.state = State.DIGEST
        made[MessageKind.DIGEST.value] = kinds[MessageKind.DIGEST].content(session, "digest", "5" * 32)
        first.state = State.READY
        came_to(session, first, State.ACCEPTED)
        came_to(session, second, State.BOUNCED)
    with store.begin() as session:
        made[MessageKind.CAME_BACK.value] = kinds[MessageKind.CAME_BACK].content(session, confirmation, "d" * 32)
        made[MessageKind.OUTCOME.value] = kinds[MessageKind.OUTCOME].content(session, confirmation, "e" * 32)
        for kind in (MessageKind.ANSWER_QUESTION, MessageKind.ANSWER_REMINDER):
            made[kind.value] = kinds[kind].content(session, confirmation, "5" * 32)
        second = messages(session, MessageKind.LETTER)[1]
        second.state, second.reason = State.CANCELLED, Refusal.THREAT
        made[MessageKind.REFUSED.value] = kinds[MessageKind.REFUSED].content(session, confirmation, "6" * 32)
        invited = invitations.invite(session, "staff@example.ca", Role.WRITER, by=None, now=NOW)
        made[StaffEmail.INVITATION] = kinds[StaffEmail.INVITATION].content(session, invited.id, "f" * 32)
        made[StaffEmail.MORNING] = kinds[StaffEmail.MORNING].content(session, morning(session), "9" * 32)
        made[StaffEmail.RESULTS] = kinds[StaffEmail.RESULTS].content(session, weekly_results(session), "8" * 32)
        others = of_staff(session) | of_offices(session)
        made |= {kind: kinds[kind].content(session, ref, "7" * 32) for kind, ref in others.items()}
    assert set(made) == set(kinds), "every kind of mail is held to the rule"
    return made


def told_by(envelope: Envelope, folder: Path) -> Iterator[tuple[str, str]]:
    """Everything that leaves with a mail but its address: the file's name, each header, each part, SendGrid's request."""
    MailFolder(folder, now=lambda: NOW).send(envelope)
    (file,) = folder.iterdir()
    yield "file name", file.name
    mail = message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)
    yield from ((name, str(value)) for name, value in mail.items() if name != "To")
    for part in mail.walk():
        if not part.is_multipart():
            yield from ((name, str(value)) for name, value in part.items())
            yield part.get_content_type(), part.get_content()
    body = request_body(envelope)
    del body["personalizations"]
    yield "request", json.dumps(body, ensure_ascii=False)


@pytest.mark.parametrize("language", Language)
def test_no_mail_of_the_sites_own_tells_who_writes_or_what(
    store: sessionmaker[Session], language: Language, tmp_path: Path
) -> None:
    found: dict[str, set[str]] = {}
    for kind, envelope in every_mail(store, language).items():
        told = [(where, TOKEN.sub("", text).casefold()) for where, text in told_by(envelope, tmp_path / kind)]
        found[kind] = {mark for _, text in told for mark in MARKS if mark in text}
    assert found.pop("letter") == found.pop("digest") == set(MARKS), "the marks are seen where they are"
    assert {kind: marks for kind, marks in found.items() if marks} == {}


@pytest.mark.parametrize("language", Language)
def test_mails_name_campaign_and_request_and_those_that_tell_of_sending_the_offices(
    store: sessionmaker[Session], language: Language, tmp_path: Path
) -> None:
    made = every_mail(store, language)
    named: dict[str, set[str]] = {}
    for kind in ("confirmation", "underway", "came_back", "outcome", "refused"):
        told = "\n".join(text for _, text in told_by(made[kind], tmp_path / kind))
        named[kind] = {office for office in OFFICES if office in told}
        for words in (made[kind].text, made[kind].html):
            assert CAMPAIGN_NAME.in_language(language) in words
            assert ASKS.in_language(language) in words
            assert {"en": "Hello,", "fr": "Bonjour,"}[language] in words
    riding = {"en": "Ottawa Centre", "fr": "Ottawa-Centre"}[language]
    assert named == {
        "confirmation": set(),
        "underway": set(),
        "came_back": {"Member mp-2"},
        "outcome": {"Member mp-1", "Member mp-2", riding},
        "refused": {"Member mp-2"},
    }


def test_only_a_letter_may_be_answered_automatically(store: sessionmaker[Session]) -> None:
    made = every_mail(store, Language.EN)
    assert {kind for kind, envelope in made.items() if not envelope.automatic} == {"letter"}
    assert not set(NO_AUTOMATIC_REPLY) & set(request_body(made["letter"])["headers"])


def test_letters_that_ask_different_things_are_told_of_by_what_the_campaign_asks(store: sessionmaker[Session]) -> None:
    letters = tuple(
        NewLetter(
            id_, f"{CAMPAIGN}/{name}", {"letter": 1}, marked(id_, Language.EN), (0,), "f" * 16, None, edited=False
        )
        for id_, name in zip(BOTH, ("takedown-and-standards", "safety-standards"), strict=True)
    )
    form = NewSubmission("form", CAMPAIGN, Language.EN, NAME, EMAIL, letters, "1", "192.0.2.1")
    with store.begin() as session:
        submit(session, form, now=NOW, limits=LIMITS, unconfirmed=UNCONFIRMED)
        (asked,) = messages(session, MessageKind.CONFIRMATION)
        kinds = make_kinds(SETTINGS, KEYS, now=lambda: NOW)
        text = kinds[MessageKind.CONFIRMATION].content(session, asked.ref, "a" * 32).text
    assert a_template().campaign.ask.in_language(Language.EN) in text
    assert "Request:" not in text
