"""Offices that take digests, and what waits for one; run as a program, it writes a digest to look at.

`python -m tests.digests 40 FOLDER fr` lays digest.html, digest.txt and digest.eml of 40 letters into a folder.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy import shipped_folder
from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.library import import_shipped
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.database import make_engine
from advocacy.delivery.models import Message
from advocacy.delivery.provider import Envelope, Mailbox
from advocacy.exports.mail import to_mail
from advocacy.exports.text import to_body
from advocacy.language import Language
from advocacy.letters import encrypted_columns
from advocacy.letters.compose import Answers, compose, reader_of
from advocacy.letters.confirmation import confirm
from advocacy.letters.digest_delivery import make_digests, offices_due
from advocacy.letters.digest_mail import DigestMails
from advocacy.letters.edited import editable_body, with_edits
from advocacy.letters.letter import Letter
from advocacy.letters.mail_pages import MailPages
from advocacy.letters.models import Confirmation, Digest, RidingMatch, StoredLetter, Submission
from advocacy.letters.submit import NewLetter, NewSubmission, submit
from advocacy.migrations.alembic_upgrade import upgrade
from advocacy.offices.models import OfficeSettings
from advocacy.runtime import shipped_letters
from tests.builders import OTTAWA_CENTRE, a_member
from tests.citizens import KEYS, LIMITS, UNCONFIRMED, open_sessions, settle_in

OFFICE = "mp-1"
EVENING = datetime(2026, 11, 25, 22, 16, tzinfo=UTC)
MORNING = datetime(2026, 11, 26, 11, 0, tzinfo=UTC)
"""Six in Ottawa on the day after."""
PLACES = (("Ottawa", "K1S 1A1"), ("Ottawa", "K2P 0B1"), ("Ottawa", "K1R 7X2"))
SITE = "https://lettres.example.ca"
OWN_SHARE, EDITED_SHARE = 0.6, 0.1
FIRST_NAMES = ("Alice", "Benoit", "Camille", "Élodie", "Farid", "Hugo", "Imane", "Noah", "Priya", "Zoé")
LAST_NAMES = ("Arbour", "Cheung", "Doiron", "Gosselin", "Kowalczyk", "Nakamura", "O’Leary", "Sandhu", "Tootoosis", "Xu")
REASONS: Mapping[Language, Sequence[Sequence[str]]] = {
    Language.EN: (
        (
            "I live in %(town)s and I have followed this question since last winter.",
            "In %(town)s we talk about this more often than you might think.",
            "I run a small shop in %(town)s, and customers raise this without being asked.",
        ),
        (
            "What troubles me is how long people wait before anything happens.",
            "Those who need help are passed from one office to the next.",
            "I do not expect a perfect law, but I do expect a start.",
        ),
        (
            "I would like to know what you mean to do about it, and by when.",
            "Please do not let this wait for another election.",
            "If you disagree, I would honestly like to read why.",
        ),
    ),
    Language.FR: (
        (
            "J’habite à %(town)s et je suis cette question depuis l’hiver dernier.",
            "À %(town)s, on en parle plus souvent qu’on ne le pense.",
            "J’ai pris ma retraite à %(town)s et j’ai le temps de lire ce qui est proposé.",
        ),
        (
            "Au travail, aucune règle ne nous guide, alors chacun invente la sienne.",
            "Les personnes qui ont besoin d’aide sont renvoyées d’un bureau à l’autre.",
            "Je n’attends pas une loi parfaite, mais j’attends un début.",
        ),
        (
            "J’aimerais savoir ce que vous comptez faire, et d’ici quand.",
            "De grâce, que cela n’attende pas une autre élection.",
            "Si vous êtes d’un autre avis, j’aimerais vraiment lire pourquoi.",
        ),
    ),
}
"""What somebody writes of their own, a sentence of each kind."""


def take_digests(sessions: sessionmaker[Session], *, office: str = OFFICE, **chosen: object) -> None:
    """Have an office take one mail a day, as it chose."""
    with sessions.begin() as session:
        wanted = {"takes_digest": True, "changed_at": EVENING, **chosen}
        row = session.get(OfficeSettings, office)
        if row is None:
            session.add(OfficeSettings(legislator_id=office, **wanted))
        else:
            for name, value in wanted.items():
                setattr(row, name, value)


def make_all(sessions: sessionmaker[Session], *, now: datetime = MORNING) -> Sequence[Digest]:
    """Make the digests that are due, as the task does."""
    with sessions() as session:
        offices = offices_due(session, now=now)
    made: list[Digest] = []
    for office in offices:
        with sessions.begin() as session:
            made += make_digests(session, office, now=now, per_hour=60)
    return made


def the_digest_mails(*, now: datetime = MORNING, test_mode: bool = False, needs_contact: bool = False) -> DigestMails:
    """Return what a worker asks for the contents of digests."""
    return DigestMails(
        KEYS,
        SITE,
        Mailbox("Lettres citoyennes", "lettres@example.ca"),
        "lettres.example.ca",
        test_recipient="",
        opened=OpenCampaigns(),
        pages=MailPages(shipped_folder("templates") / "mail", to_body),
        now=lambda: now,
        test_mode=test_mode,
        needs_contact=needs_contact,
    )


def an_invented_letter(number: int, random: Random, campaign: CampaignFolder) -> tuple[NewLetter, Answers]:
    """Return the letter of somebody who does not exist; most have own words, and a few change the text too."""
    template = campaign.template(random.choice(["takedown-and-standards", "family", "bill"]))
    language = Language.FR if random.random() < 0.4 else Language.EN
    city, postal_code = random.choice(PLACES)
    has_own = random.random() < OWN_SHARE
    reasons = [random.choice(some) % {"town": city} for some in REASONS[language]]
    asked = {field.key for field in template.fields}
    answers = Answers(
        f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}",
        city,
        "ON",
        postal_code=postal_code,
        street="",
        email=f"citizen.{number}@example.com",
        ridings=frozenset({OTTAWA_CENTRE}),
        fields=MappingProxyType(
            {"reason": " ".join(reasons[: random.randint(1, 3)])} if has_own and "reason" in asked else {}
        ),
        language=language,
    )
    member, today = a_member(id=OFFICE), date(2026, 11, 25)
    options = template.options_for(reader_of(template, answers, member, today=today))
    choice = tuple(random.choice(places) if places else 0 for places in options)
    letter: Letter = compose(template, answers, member, language=language, today=today, choice=choice)
    edited = random.random() < EDITED_SHARE
    if edited:
        *paragraphs, last = editable_body(letter).split("\n\n")
        letter = with_edits(letter, None, "\n\n".join([*paragraphs[:-1], random.choice(REASONS[language][1]), last]))
    new = NewLetter(
        legislator_id=OFFICE,
        template=template.path,
        pins={"letter": 1},
        letter=letter,
        choice=choice,
        fingerprint="f" * 16,
        riding_code=OTTAWA_CENTRE,
        edited=edited,
        riding_match=random.choice([RidingMatch.LIES_IN, RidingMatch.LIES_IN, RidingMatch.MAY_LIE_IN]),
    )
    return new, answers


def send_in(
    sessions: sessionmaker[Session], new: NewLetter, *, name: str, email: str, now: datetime, per_hour: int = 60
) -> str:
    """Have one letter sent in and confirmed; return its id."""
    key = f"form of {email}"
    form = NewSubmission(
        key, "child-protection", new.letter.language, name, email, (new,), "1", "192.0.2.1", public_base_url=SITE
    )
    with sessions.begin() as session:
        submit(session, form, now=now, limits=LIMITS, unconfirmed=UNCONFIRMED)
    with sessions.begin() as session:
        of_email = Confirmation.email_hash.in_(encrypted_columns.address_hashes(KEYS, email))
        row = session.scalars(select(Confirmation).where(of_email, Confirmation.used_at.is_(None))).one()
        assert confirm(session, row.id, now=now, per_hour=per_hour)
        joined = select(StoredLetter.id).join(Submission, StoredLetter.submission_id == Submission.id)
        return session.scalars(joined.where(Submission.confirmation_id == row.id)).one()


def write_letters(sessions: sessionmaker[Session], number: int, *, now: datetime = EVENING, seed: int = 1) -> None:
    """Have so many invented citizens write to the office."""
    random, campaign = Random(seed), shipped_letters()[0]
    for nth in range(number):
        new, answers = an_invented_letter(nth + 1000 * seed, random, campaign)
        send_in(sessions, new, name=answers.name, email=answers.email, now=now)


def digest_of(sessions: sessionmaker[Session], digest: Digest, *, now: datetime = MORNING) -> Envelope:
    """Return the mail of a digest as it would be sent then."""
    with sessions() as session:
        message = session.scalars(select(Message).where(Message.ref == digest.id)).one()
        return the_digest_mails(now=now).digest(session, digest.id, message.public_id)


def main(number: int, folder: Path, language: Language) -> None:
    """Write a digest of so many letters for an office of this language."""
    with TemporaryDirectory() as temporary:
        url = f"sqlite:///{temporary}/advocacy.sqlite3"
        engine = make_engine(url)
        with engine.begin() as connection:
            upgrade(connection)
        sessions = open_sessions(engine)
        settle_in(sessions)
        with sessions.begin() as session:
            import_shipped(session, shipped_letters(), now=EVENING)
        take_digests(sessions, language=language)
        write_letters(sessions, number)
        folder.mkdir(parents=True, exist_ok=True)
        for digest in make_all(sessions):
            envelope = digest_of(sessions, digest)
            name = f"digest-{digest.part}" if digest.part > 1 else "digest"
            folder.joinpath(f"{name}.html").write_text(envelope.html, "utf-8")
            folder.joinpath(f"{name}.txt").write_text(envelope.text, "utf-8")
            mail = to_mail(replace(envelope, id="0" * 32), at=MORNING)
            folder.joinpath(f"{name}.eml").write_bytes(mail)
            sys.stdout.write(
                f"{envelope.subject}: {len(envelope.html):,} characters of HTML, {len(mail):,} bytes as a mail\n"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Language(sys.argv[3]) if sys.argv[3:] else Language.EN)
