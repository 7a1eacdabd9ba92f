"""A site on which something of every kind stands, so that each staff page has what it shows and each form its object."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from advocacy.abuse.form_ids import MIN_AGE
from advocacy.campaigns.documents import find_document
from advocacy.campaigns.import_preview import compare_imports, fingerprint
from advocacy.campaigns.library import stored_folder
from advocacy.campaigns.models import Revision
from advocacy.campaigns.toml_text import format_letter
from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.encryption import Keys
from advocacy.exports.campaign_archive import pack_campaigns
from advocacy.language import Language, day_of
from advocacy.legislators import pending_import
from advocacy.legislators.legislatures import SENATE
from advocacy.legislators.models import SourceRecord
from advocacy.letters.letter_counts import CAME_BACK, DELIVERED, OUTCOME, add_to_tally
from advocacy.letters.models import FeatureTally, LetterTally, MessageKind
from advocacy.offices.office_settings import OfficeValues
from advocacy.runtime import Runtime
from advocacy.secret_keys import signing_key
from advocacy.signed_links import Purpose, SignedLinks
from advocacy.staff import audit_log, drafts, invitations, jobs, publication, reviews, revisions
from advocacy.staff.audit_log import Act
from advocacy.staff.models import Account, JobKind, Passkey, Role, Schedule
from advocacy.staff.office_changes import change_settings
from advocacy.web.services import NAME
from advocacy.web.staff import STAFF
from tests import campaign_files
from tests.web.public.sender import AGREED, Sender
from tests.web.public.visitor import FILLED
from tests.web.staff.outbox_filled import a_letter
from tests.web.staff.people import PASSWORD, hash_of

CAMPAIGN, LETTER = "child-protection", "takedown-and-standards"
SECRET_WORDS = "Mots que personne d’autre n’a encore vus"
"""What stands in the draft of a colleague."""
NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Stage:
    """What stands on the site, as addresses name it: a colleague's, except the list, which is the manager's own."""

    values: Mapping[str, Any]
    numbers: Mapping[str, int]
    """What `<int:number>` means, by what stands before it."""
    colleague: int
    others_list: int

    def value(self, rule: Rule, name: str) -> Any:
        """Return what stands for an argument of a route."""
        before = rule.rule.partition("/<int")[0].rpartition("/")[2]
        return self.numbers[before] if name == "number" else self.values[name]

    def path(self, app: Flask, rule: Rule) -> str:
        """Return the address of a route, each of its arguments filled in."""
        values = {name: self.value(rule, name) for name in rule.arguments}
        with app.extensions[STAFF].test_request_context():
            built = rule.build(values)
        assert built is not None, rule.rule
        return str(built[1])


def set_up(app: Flask, runtime: Runtime, now: datetime, *, names: Mapping[str, str] = NOBODY) -> Stage:
    """Put something of every kind on a site, and one person of each role, as `browser.sign_in` finds them.

    `names` are what people are called, by what stands before the @ of their address.
    """
    letter, password = _letter(runtime, now), hash_of(app, PASSWORD)
    held = a_letter(runtime, app, State.HELD, now=now)
    with runtime.sessions.begin() as session:
        own = [_account(session, role.value, role, now=now, password=password) for role in Role]
        colleague = _account(session, "colleague", Role.WRITER, now=now, password=password)
        boss = _account(session, "boss", Role.MANAGER, now=now, password=password)
        revision = _revision(session, colleague, now)
        invitation = invitations.invite(session, "new@example.ca", Role.WRITER, by=boss.id, now=now)
        for account in (*own, colleague, boss):
            account.name = names.get(account.email.split("@")[0], account.name)
        entry = audit_log.write(session, Act.LETTER_READ, "message:1", by=boss.id, now=now, reason="a complaint")
        _office(session, "mp-aaron-gunn", now)
        _draft(session, colleague, now)
        _counts(session, now)
        others, mine = _list(session, boss.id, now), _list(session, own[-1].id, now)
        values = {
            "passkey_id": _passkey(session, colleague, now),
            "account_id": colleague.id,
            "invitation_id": invitation.id,
            "token": SignedLinks(signing_key(runtime.settings)).make(Purpose.INVITATION, invitation.id),
            "revision": revision.id,
            "name": "guide-editor.png",
            "page": "your-account",
            "comment": reviews.comment(session, revision, text="Shorter?", by=boss, now=now).id,
            "schedule": _schedule(session, revision, by=boss, now=now),
            "act": "offline",
            "campaign": CAMPAIGN,
            "letter": LETTER,
            "document": LETTER,
            "legislator": "mp-aaron-gunn",
            "key": "commons",
            "picture": "logo",
        }
        keys = app.extensions[NAME].keys
        made, checked = (_job(session, own[-1], act, now=now, keys=keys) for act in ("make", "check"))
        zip_bytes = _zip(session, own[-1], now=now, keys=keys)
        numbers = {
            "log": entry.id,
            "deliveries": letter,
            "held": held,
            "newer": mine,
            "jobs": made,
            "sheet": checked,
            "import": zip_bytes,
        }
        return Stage(values, numbers, colleague.id, others)


def _job(session: Session, by: Account, act: str, *, now: datetime, keys: Keys) -> int:
    """Put a merge down that is done, or a check whose sheet waits."""
    arguments = {"act": act, "letter": f"{CAMPAIGN}/{LETTER}", "language": "en", "format": "txt", "post": "none"}
    sheet = b"name,riding,city,province\nAda Roe,35079,Ottawa,ON\n"
    spoken = {**arguments, "spoken": "en"}
    job_id = jobs.create(session, JobKind.MERGE, spoken, by=by.id, now=now, keys=keys, file=sheet)
    job = jobs.start_next(session, now=now)
    assert job
    counts: dict[str, Any] = {"letters": 1, "left_out": 0}
    made = {"code": "made", **counts, "file": {"name": "letters.zip", "media_type": "application/zip"}}
    jobs.finish(session, job, made if act == "make" else {"code": "checked", **counts}, now=now)
    return job_id


def _zip(session: Session, by: Account, *, now: datetime, keys: Keys) -> int:
    """Put the check of a zip down that is done: a campaign comes in that this site does not have."""
    folders = [campaign_files.campaign()]
    job_id = jobs.create(session, JobKind.IMPORT, {}, by=by.id, now=now, keys=keys, file=pack_campaigns(folders))
    job = jobs.start_next(session, now=now)
    assert job
    seen, report = fingerprint(compare_imports(session, folders)), [{"problems": [], "unseen": False}]
    jobs.finish(session, job, {"code": "compared", "seen": seen, "report": report}, now=now)
    return job_id


def _counts(session: Session, now: datetime) -> None:
    """Count letters of a day whose figures and outcomes are published."""
    of_day: dict[str, Any] = {"campaign": CAMPAIGN, "day": day_of(now) - timedelta(days=5)}
    of_letter = {**of_day, "template": f"{CAMPAIGN}/{LETTER}", "riding_code": "35079"}
    for language, letters in ((Language.EN, 6), (Language.FR, 12)):
        add_to_tally(session, LetterTally, letters, language=language, **of_letter)
    for cell, letters in ((DELIVERED, 13), (CAME_BACK, 5)):
        add_to_tally(session, FeatureTally, letters, feature=OUTCOME, cell=cell, **of_day)


def _letter(runtime: Runtime, now: datetime) -> int:
    """Send a letter in, and let it come to where staff decide."""
    sender = Sender(runtime, clock=[now + timedelta(seconds=1)])  # the newest letter, however many there are
    sender.visitor.post("review", FILLED)
    sender.clock[0] += MIN_AGE  # a served site signs form ids with a secret of its own
    sender.visitor.press('[formaction$="/send"]', **AGREED)
    assert sender.answer(sender.link(), act="send").status == 303
    with runtime.sessions.begin() as session:
        message = session.scalars(
            select(Message).where(Message.kind == MessageKind.LETTER).order_by(Message.id.desc()).limit(1)
        ).first()
        assert message
        message.state = State.NEEDS_STAFF
        return message.id


def _account(session: Session, name: str, role: Role, *, now: datetime, password: str) -> Account:
    account = Account(
        email=f"{name}@example.ca",
        name=name.title(),
        role=role,
        language=Language.EN,
        created_at=now,
        password=password,
    )
    session.add(account)
    session.flush()
    return account


def _revision(session: Session, by: Account, now: datetime) -> Revision:
    """Save a better word, and ask for its publication."""
    files = dict(stored_folder(session, CAMPAIGN).documents()[LETTER])
    place = f"{LETTER}/letter.toml"
    changed = files[place].replace(b"Le retrait vient", b"Le retrait arrive")
    assert changed != files[place]
    made = revisions.save(session, CAMPAIGN, LETTER, files={**files, place: changed}, by=by, now=now)
    publication.request_review(session, [made], by=by, now=now)
    return made


def _schedule(session: Session, revision: Revision, *, by: Account, now: datetime) -> int:
    """Schedule a publication, and cancel it."""
    one = Schedule(
        campaign=revision.document.campaign,
        revisions=[revision.id],
        at=now + timedelta(days=1),
        made_by=by.id,
        made_at=now,
        after_publication_id=0,
        outcome="cancelled",
    )
    session.add(one)
    session.flush()
    return one.id


def _draft(session: Session, by: Account, now: datetime) -> None:
    document = find_document(session, CAMPAIGN, LETTER)
    assert document
    letter = drafts.folder_with_draft(session, document).letter(LETTER)
    words = format_letter(letter).replace(letter.sections[1].alternatives[0].texts[Language.FR], f"{SECRET_WORDS}.")
    drafts.save(session, document, content=words, by=by.id, now=now)


def _office(session: Session, legislator: str, now: datetime) -> None:
    """Let an office set all that it can, its address still to be confirmed."""
    values = OfficeValues(
        language=Language.FR,
        email="office@elsewhere.example",
        takes_digest=True,
        paused_until=day_of(now + timedelta(days=10)),
        acknowledgement={"en": "Thank you for writing.", "fr": "Merci de votre lettre."},
    )
    change_settings(session, legislator, values, act=Act.OFFICE_CHANGED, by=None, now=now)


def _list(session: Session, by: int, now: datetime) -> int:
    """Propose a list of one senator, which is too short to count unless that is meant."""
    records = [SourceRecord(chamber=SENATE, name="Anne Essai", first_name="Anne", last_name="Essai", province="QC")]
    return pending_import.store(session, records, source="a test", as_of=now.date(), by=by, now=now).id


def _passkey(session: Session, of: Account, now: datetime) -> int:
    passkey = Passkey(
        user_id=of.id,
        credential_id=b"one",
        public_key=b"key",
        backup_state=False,
        device_type="single_device",
        create_datetime=now,
        lastuse_datetime=now,
        name="blue key",
        usage="secondary",
        transports=[],
    )
    session.add(passkey)
    session.flush()
    return passkey.id
