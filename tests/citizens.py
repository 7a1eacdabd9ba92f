"""Citizens who ask a site to send their letters: two members to write to, and every step up to the outbox."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy import shipped_folder
from advocacy.abuse import limiter, pressure
from advocacy.abuse.caps import Limits
from advocacy.abuse.challenges import Proof
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.database import KEYS_IN_SESSION, make_sessions
from advocacy.delivery import outbox
from advocacy.delivery.models import Actor, Message
from advocacy.delivery.provider import Mailbox
from advocacy.delivery.states import State
from advocacy.encryption import Keys, hashed
from advocacy.exports.text import to_body
from advocacy.language import Language
from advocacy.legislators.legislatures import COMMONS
from advocacy.legislators.models import Legislator, Status
from advocacy.legislators.recipient import Office
from advocacy.letters.compose import compose
from advocacy.letters.confirmation import confirm
from advocacy.letters.holding import NOTHING_HELD, HoldLimits
from advocacy.letters.letter import Letter
from advocacy.letters.mail_pages import MailPages
from advocacy.letters.mails import Mails
from advocacy.letters.models import Confirmation, Submission
from advocacy.letters.outcome_mails import confirmations_moved
from advocacy.letters.own_text import Measure
from advocacy.letters.submit import NewLetter, NewSubmission, submit
from advocacy.signed_links import SignedLinks
from tests.builders import SECRET, TODAY, a_member, a_template, some_answers

NOW = datetime(2026, 11, 25, 22, 16, tzinfo=UTC)
KEYS = Keys((bytes(range(32)),))
UNCONFIRMED = timedelta(hours=48)
LIMITS = Limits(network_per_day=1000, site_per_day=1000)
NAME, EMAIL = "Camille Essai", "camille.essai@example.ca"
CAMPAIGN = "child-protection"
BOTH = ("mp-1", "mp-2")
STEPS = {
    State.ACCEPTED: (State.SENDING, State.ACCEPTED),
    State.BOUNCED: (State.SENDING, State.ACCEPTED, State.BOUNCED),
    State.FAILED: (State.SENDING, State.FAILED),
    State.CANCELLED: (State.CANCELLED,),
    State.SENDING: (State.SENDING,),
}


def open_sessions(engine: Engine) -> sessionmaker[Session]:
    """Return the factory of sessions that hold KEYS, as a site's own do."""
    sessions = make_sessions(engine)
    sessions.configure(info={KEYS_IN_SESSION: lambda: KEYS})
    return sessions


def put_under_pressure(sessions: sessionmaker[Session], *, now: datetime) -> None:
    """Let more forms have come in than is calm."""
    with sessions.begin() as session:
        limiter.count(session, pressure.KEY, window=pressure.WINDOW, now=now, cost=3000)


def settle_in(sessions: sessionmaker[Session]) -> None:
    """Let two members into the directory."""
    with sessions.begin() as session:
        for id_ in BOTH:
            session.add(
                Legislator(
                    id=id_,
                    chamber=COMMONS,
                    office=Office.MEMBER,
                    status=Status.SITTING,
                    name=f"Member {id_}",
                    email=f"{id_}@parl.example",
                    source="a test",
                    as_of=date(2026, 11, 1),
                )
            )


def written_to(legislator_id: str, language: Language = Language.FR, name: str = NAME) -> Letter:
    """One letter, as its citizen saw it last."""
    recipient = a_member(id=legislator_id, email=f"{legislator_id}@parl.example")
    return compose(a_template(), some_answers(name=name), recipient, language=language, today=TODAY)


def new_submission(
    *,
    to: Sequence[str] = BOTH,
    key: str = "first",
    email: str = EMAIL,
    name: str = NAME,
    language: Language = Language.FR,
    own_text: Measure | None = None,
    network: str = "192.0.2.1",
    proof: Proof | None = None,
    asks_for_answers: bool = False,
) -> NewSubmission:
    """Make a form that can be submitted."""
    letters = tuple(
        NewLetter(
            legislator_id=id_,
            template=f"{CAMPAIGN}/takedown-and-standards",
            pins={"letter": 1},
            letter=written_to(id_, language, name),
            choice=(0,),
            fingerprint="f" * 16,
            riding_code="35079",
            edited=own_text is not None and own_text.kept_percent is not None,
            own_text=own_text,
        )
        for id_ in to
    )
    return NewSubmission(
        key, CAMPAIGN, language, name, email, letters, "1", network, proof=proof, asks_for_answers=asks_for_answers
    )


def sent_in(
    sessions: sessionmaker[Session],
    *,
    to: Sequence[str] = BOTH,
    key: str = "first",
    email: str = EMAIL,
    name: str = NAME,
    now: datetime = NOW,
    hold_reason: str = "",
    own_text: Measure | None = None,
    network: str = "192.0.2.1",
    language: Language = Language.FR,
    asks_for_answers: bool = False,
) -> str:
    """Send a form in; give the id of its confirmation."""
    submitting = new_submission(
        to=to,
        key=key,
        email=email,
        name=name,
        language=language,
        own_text=own_text,
        network=network,
        asks_for_answers=asks_for_answers,
    )
    with sessions.begin() as session:
        submit(
            session,
            submitting,
            now=now,
            limits=LIMITS,
            unconfirmed=UNCONFIRMED,
            hold_reason=hold_reason,
        )
    with sessions() as session:
        asked = select(Confirmation.id).join(Confirmation.submissions).where(Submission.key_hash == hashed(key))
        return session.scalars(asked).one()


def confirmed(
    sessions: sessionmaker[Session], confirmation_id: str, *, now: datetime = NOW, holding: HoldLimits = NOTHING_HELD
) -> str | None:
    """Confirm; give the id of the confirmation, which is the receipt's too, None where it is too late."""
    with sessions.begin() as session:
        done = confirm(session, confirmation_id, now=now, per_hour=60, holding=holding)
    return confirmation_id if done else None


def messages(session: Session, kind: str) -> list[Message]:
    """Return the outbox's messages of a kind, the first put first."""
    return list(session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)))


def came_to(session: Session, message: Message, state: State, *, now: datetime = NOW) -> None:
    """Let a message come to a state, by the moves that lead there."""
    standing = outbox.locked(session, message.id)
    assert standing is not None
    for step in STEPS[state]:
        if standing.state is State.READY or step is not State.SENDING:
            outbox.make_move(session, standing, step, now=now, by=Actor.WORKER)


def mails_left(sessions: sessionmaker[Session], *, now: datetime = NOW) -> None:
    """Let every confirmation mail that waits leave."""
    with sessions.begin() as session:
        for message in messages(session, "confirmation"):
            if message.state is State.READY:
                came_to(session, message, State.ACCEPTED, now=now)
                confirmations_moved(session, [(message.ref, State.ACCEPTED)], now, unconfirmed=UNCONFIRMED)


def the_mails(*, test_recipient: str = "", now: datetime = NOW, test_mode: bool = False) -> Mails:
    """Return what a worker asks for contents, at a time that stands still."""
    pages = MailPages(shipped_folder("templates") / "mail", to_body)
    sender = Mailbox("Lettres citoyennes", "lettres@example.ca")
    return Mails(
        KEYS,
        SignedLinks(SECRET),
        "https://lettres.example.ca",
        sender,
        "lettres.example.ca",
        test_recipient=test_recipient,
        opened=OpenCampaigns(),
        pages=pages,
        now=lambda: now,
        unconfirmed=UNCONFIRMED,
        test_mode=test_mode,
    )
