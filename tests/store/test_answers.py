"""Whoever wants to be asked about answers is asked twice at most, and never again after an end of any kind."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.library import import_shipped
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.delivery import events
from advocacy.delivery.claims import LEASE
from advocacy.delivery.models import Message
from advocacy.delivery.outbox import PROOF_WAIT
from advocacy.delivery.provider import Accepted, Envelope, Event, NothingToSend
from advocacy.delivery.states import State
from advocacy.delivery.worker import Worker
from advocacy.dispatch import make_kinds
from advocacy.language import Language, day_of
from advocacy.letters import answers, encrypted_columns, erasure, receipts, suppression_list
from advocacy.letters.answers import WrongDay, put_questions, record
from advocacy.letters.confirmation import confirm
from advocacy.letters.models import Answer, AnswerKind, Confirmation, MessageKind, Submission
from advocacy.letters.outcome_mails import letters_moved
from advocacy.letters.suppression_list import Scope
from advocacy.runtime import shipped_letters
from advocacy.settings import Settings
from advocacy.signed_links import Purpose, SignedLinks
from tests.builders import SECRET
from tests.citizens import BOTH, CAMPAIGN, KEYS, NOW, came_to, confirmed, messages, sent_in, settle_in, the_mails
from tests.databases import both_databases

Store = sessionmaker[Session]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONTH = 30 * DAY
SETTINGS = Settings.from_mapping({"ADVOCACY_FROM_EMAIL": "lettres@example.ca", "ADVOCACY_SECRET_KEY": SECRET})
QUESTIONS = (MessageKind.ANSWER_QUESTION, MessageKind.ANSWER_REMINDER)


class Killed(BaseException):
    """What ends a process at any line, as `kill -9` does."""


@dataclass
class Post:
    """A provider that takes everything, and remembers what left to whom and when; `dies` ends the worker after that."""

    clock: Callable[[], datetime]
    name: str = "post"
    rehearses: bool = True
    sent: list[tuple[datetime, str, str]] = field(default_factory=list)
    dies: bool = False

    def send(self, envelope: Envelope) -> Accepted:
        self.sent.append((self.clock(), envelope.to.address, envelope.subject))
        if self.dies:
            raise Killed
        return Accepted("taken")

    def close(self) -> None:
        pass


class Town:
    """Citizens who wrote, a worker, and a clock that is moved by hand."""

    def __init__(self, sessions: Store) -> None:
        self.sessions, self.now = sessions, NOW
        self.post = Post(lambda: self.now)
        self.receipts: dict[str, str] = {}
        self.kinds = make_kinds(SETTINGS, KEYS, now=lambda: self.now)
        settle_in(sessions)

    def writes(self, name: str, *, to: Sequence[str] = BOTH[:1], asks: bool = True) -> None:
        """Let somebody write, confirm, and see the letters handed over."""
        email = f"{name}@example.org"
        confirmation_id = sent_in(self.sessions, key=name, email=email, to=to, now=self.now, asks_for_answers=asks)
        with self.sessions.begin() as session:
            assert confirm(session, confirmation_id, now=self.now, per_hour=0)
        self.receipts[name] = confirmation_id
        self.deliver()

    def worker(self) -> Worker:
        return Worker(
            self.sessions,
            self.post,
            self.kinds,
            now=lambda: self.now,
            chance=lambda: 0.0,
            on_alert=lambda _alert: None,
            per_hour=0,
        )

    def deliver(self) -> None:
        worker = self.worker()
        worker.sweep()
        while worker.deliver():
            pass

    def ask(self) -> None:
        while True:
            with self.sessions.begin() as session:
                if not put_questions(session, now=self.now):
                    return

    def lets_pass(self, time: timedelta, *, step: timedelta = DAY) -> None:
        """Let the time pass, in which the site does its work."""
        until = self.now + time
        while self.now < until:
            self.now = min(self.now + step, until)
            with self.sessions.begin() as session:
                erasure.erase_old(session, now=self.now, retention=MONTH)
            self.ask()
            self.deliver()

    def letters_of(self, name: str) -> list[receipts.ReceiptLetter]:
        with self.sessions() as session:
            shown = receipts.receipt(session, self.receipts[name], now=self.now, retention=MONTH)
        return list(shown.letters) if shown else []

    def says(self, name: str, kind: AnswerKind, *, of: int = 0) -> None:
        letter = self.letters_of(name)[of]
        assert letter.left_on is not None
        with self.sessions.begin() as session:
            today = day_of(self.now)
            assert record(session, letter.id, kind, day=today, left_on=letter.left_on, now=self.now)

    def comes_back(self, name: str, *, number: int = 0) -> None:
        letter = self.letters_of(name)[number]
        with self.sessions.begin() as session:
            session.execute(
                update(Message).where(Message.ref == letter.id).values(state=State.BOUNCED, changed_at=self.now)
            )
            letters_moved(session, [(letter.id, State.BOUNCED)], self.now)

    def is_erased(self, name: str) -> None:
        with self.sessions.begin() as session:
            assert receipts.delete(session, self.receipts[name], now=self.now)

    def wants_no_more(self, name: str, scope: Scope = Scope.CAMPAIGN) -> None:
        mailbox = encrypted_columns.mailbox_hashes(KEYS, f"{name}@example.org")[0]
        with self.sessions.begin() as session:
            suppression_list.add(session, mailbox, campaign=CAMPAIGN, scope=scope, now=self.now)

    def complains(self, name: str) -> None:
        with self.sessions.begin() as session:
            hash_ = encrypted_columns.address_hashes(KEYS, f"{name}@example.org")[0]
            ids = session.scalars(select(Confirmation.id).where(Confirmation.email_hash == hash_)).all()
            suppression_list.add_complaints(session, ids, now=self.now)

    def asked(self) -> dict[str, list[int]]:
        """Return on which days after NOW each citizen was asked; of those who never were, nothing."""
        days: dict[str, list[int]] = {}
        for at, address, subject in self.post.sent:
            if "avez-vous reçu une réponse" in subject.lower():
                days.setdefault(address.partition("@")[0], []).append((day_of(at) - day_of(NOW)).days)
        return days


@pytest.fixture
def town(sessions: Store) -> Town:
    return Town(sessions)


def test_in_sixty_days_nobody_is_asked_more_than_twice_and_nobody_after_an_end(town: Town) -> None:
    early, late = AnswerKind.ANSWERED, AnswerKind.NOT_NEEDED
    town.writes("silent")
    town.writes("not-asking", asks=False)
    for kind in AnswerKind:
        for when in ("before", "after"):
            town.writes(f"{kind.value}-{when}")
    for when in ("before", "after"):
        for reason in ("back", "erased", "stopped", "site-stopped", "complained"):
            town.writes(f"{reason}-{when}")
    town.writes("one-of-two-answers", to=BOTH)
    town.writes("both-answer", to=BOTH)
    town.writes("one-of-two-back", to=BOTH)

    def end(when: str) -> None:
        for kind in AnswerKind:
            town.says(f"{kind.value}-{when}", kind)
        town.comes_back(f"back-{when}")
        town.is_erased(f"erased-{when}")
        town.wants_no_more(f"stopped-{when}")
        town.wants_no_more(f"site-stopped-{when}", Scope.SITE)
        town.complains(f"complained-{when}")

    town.lets_pass(10 * DAY)
    end("before")
    town.says("one-of-two-answers", early, of=1)
    town.says("both-answer", early)
    town.comes_back("one-of-two-back")
    town.lets_pass(6 * DAY)
    end("after")
    town.says("both-answer", late, of=1)
    town.lets_pass(44 * DAY)

    ended = [kind.value for kind in AnswerKind if kind is not AnswerKind.NOTHING_YET]
    ended += ["back", "erased", "stopped", "site-stopped", "complained"]
    assert town.asked() == {
        "silent": [14, 21],
        "nothing_yet-before": [14, 21],
        "nothing_yet-after": [14, 21],
        "one-of-two-answers": [14, 21],
        "one-of-two-back": [14, 21],
        "both-answer": [14],
        **{f"{one}-after": [14] for one in ended},
    }
    assert town.letters_of("not-asking") == []
    assert [one.letter is not None for one in town.letters_of("silent")] == [True]
    town.lets_pass(14 * DAY)
    assert len(town.letters_of("silent")) == 1
    town.lets_pass(DAY)
    assert town.letters_of("silent") == []


def test_letters_are_asked_about_once_the_last_of_them_left_two_weeks_ago(town: Town) -> None:
    town.writes("somebody", to=BOTH)
    second = town.letters_of("somebody")[1]
    with town.sessions.begin() as session:
        session.execute(update(Message).where(Message.ref == second.id).values(state=State.UNCERTAIN))
    town.lets_pass(13 * DAY)
    with town.sessions.begin() as session:
        values = {"state": State.ACCEPTED, "changed_at": NOW + 5 * DAY}
        session.execute(update(Message).where(Message.ref == second.id).values(values))
    town.lets_pass(5 * DAY)
    assert town.asked() == {}
    town.lets_pass(DAY)
    assert town.asked() == {"somebody": [19]}


def test_a_letter_that_waits_for_long_keeps_no_other_from_being_asked_about(town: Town) -> None:
    town.writes("somebody", to=BOTH)
    second = town.letters_of("somebody")[1]
    with town.sessions.begin() as session:
        session.execute(update(Message).where(Message.ref == second.id).values(state=State.HELD))
    town.lets_pass(59 * DAY)
    assert town.asked() == {"somebody": [28, 35]}


def test_nothing_is_asked_again_where_the_question_itself_came_back(town: Town) -> None:
    town.writes("somebody")
    town.lets_pass(15 * DAY)
    with town.sessions.begin() as session:
        (question,) = messages(session, MessageKind.ANSWER_QUESTION)
        question.state = State.BOUNCED
    town.lets_pass(45 * DAY)
    assert town.asked() == {"somebody": [14]}


@pytest.mark.parametrize("is_reported", [False, True])
def test_a_worker_killed_once_a_question_was_accepted_asks_no_second_time(town: Town, *, is_reported: bool) -> None:
    town.writes("somebody")
    town.now += 14 * DAY
    town.ask()
    town.post.dies = True
    with pytest.raises(Killed):
        town.deliver()
    town.post.dies = False
    with town.sessions() as session:
        (question,) = messages(session, MessageKind.ANSWER_QUESTION)
    assert question.state is State.SENDING
    if is_reported:
        with town.sessions.begin() as session:
            event = Event("one", question.public_id, State.DELIVERED, town.now, "delivered")
            events.record_events(session, [event], provider="sendgrid", now=town.now)
    for time in (LEASE, PROOF_WAIT, PROOF_WAIT, DAY):
        town.lets_pass(time + timedelta(minutes=1))
    assert town.asked() == {"somebody": [14]}
    town.lets_pass(20 * DAY)
    assert town.asked() == {"somebody": [14, 21] if is_reported else [14]}
    with town.sessions() as session:
        assert not {State.NEEDS_STAFF, State.UNCERTAIN} & {one.state for one in session.scalars(select(Message))}


@both_databases
def test_two_processes_at_once_put_one_question_each(town: Town) -> None:
    names = [f"citizen-{number}" for number in range(20)]
    for name in names:
        town.writes(name)
    town.now += 14 * DAY
    together = Barrier(4)

    def ask() -> None:
        together.wait()
        town.ask()

    with ThreadPoolExecutor(4) as pool:
        for one in [pool.submit(ask) for _ in range(4)]:
            one.result()
    with town.sessions() as session:
        found = Counter(session.scalars(select(Message.ref).where(Message.kind.in_(QUESTIONS))))
    assert sorted(found.values()) == [1] * 20
    with ThreadPoolExecutor(3) as pool:
        for one in [pool.submit(town.deliver) for _ in range(3)]:
            one.result()
    assert town.asked() == {name: [14] for name in names}


def test_an_answer_that_comes_while_the_letter_is_erased_is_not_kept(town: Town) -> None:
    town.writes("somebody")
    letter = town.letters_of("somebody")[0]
    town.is_erased("somebody")
    with town.sessions.begin() as session:
        assert not record(session, letter.id, AnswerKind.ANSWERED, day=None, left_on=day_of(NOW), now=NOW)
        assert session.scalars(select(Answer)).all() == []


def test_the_latest_answer_counts(town: Town) -> None:
    town.writes("somebody")
    town.says("somebody", AnswerKind.ACKNOWLEDGED)
    town.says("somebody", AnswerKind.NOT_NEEDED)
    (letter,) = town.letters_of("somebody")
    assert (letter.answer, letter.answered_on) == (AnswerKind.NOT_NEEDED, None)
    town.now += DAY
    town.says("somebody", AnswerKind.ANSWERED)
    (letter,) = town.letters_of("somebody")
    assert (letter.answer, letter.answered_on) == (AnswerKind.ANSWERED, day_of(NOW + DAY))


@pytest.mark.parametrize("day", [-1, 4])
def test_no_answer_comes_before_its_letter_or_tomorrow(town: Town, day: int) -> None:
    town.writes("somebody")
    (letter,) = town.letters_of("somebody")
    assert letter.left_on == date(2026, 11, 25)
    with town.sessions() as session, pytest.raises(WrongDay):
        record(
            session,
            letter.id,
            AnswerKind.ANSWERED,
            day=letter.left_on + day * DAY,
            left_on=letter.left_on,
            now=NOW + 3 * DAY,
        )


def test_a_setting_longer_than_the_promise_stays(town: Town) -> None:
    town.writes("somebody")
    with town.sessions.begin() as session:
        assert erasure.erase_old(session, now=NOW + 80 * DAY, retention=90 * DAY) == 0
        assert erasure.erase_old(session, now=NOW + 90 * DAY, retention=90 * DAY) == 1
        assert list(session.scalars(select(Submission.asks_for_answers))) == [False]


def test_a_form_sent_again_asks_as_its_box_was_ticked_last(sessions: Store) -> None:
    settle_in(sessions)
    for asks in (True, False, True):
        confirmation_id = sent_in(sessions, asks_for_answers=asks)
        with sessions() as session:
            assert list(session.scalars(select(Submission.asks_for_answers))) == [asks]
    confirmed(sessions, confirmation_id)


QUESTION = {
    Language.EN: """Hello,

On November 25, 2026, you sent 2 letters and wanted us to ask: did you get an answer?

- Member mp-1: answered, November 30, 2026
- Member mp-2: nothing noted yet

Campaign: Protecting children online
Request: Require companies to take down stolen pictures of children, and to meet safety standards.

Tell us
LINK

Offices often take some weeks. It is fine to ignore this message: we will ask once more in a week, and then no more.
""",
    Language.FR: """Bonjour,

Le 25 novembre 2026, vous avez envoyé 2 lettres et accepté qu’on vous pose la question\u00a0: avez-vous reçu une \
réponse?

- Member mp-1\u00a0: réponse reçue, 30 novembre 2026
- Member mp-2\u00a0: rien de noté pour l’instant

Campagne\u00a0: Protéger les enfants sur Internet
Demande\u00a0: Obliger les entreprises à retirer les images volées d’enfants et à respecter des normes de sécurité.

Dites-le-nous
LINK

Les bureaux mettent souvent quelques semaines à répondre. Vous pouvez ignorer ce message\u00a0: nous reposerons la \
question une seule fois, dans une semaine.
""",
}
REMINDER = {
    Language.EN: (
        "Last question: did you get an answer?",
        "We asked you about the letter you sent on November 25, 2026. Have you had an answer since?",
        "This is the last time we ask, and you can leave it at that.",
    ),
    Language.FR: (
        "Dernière question\u00a0: avez-vous reçu une réponse?",
        "Nous vous avons demandé des nouvelles de la lettre que vous avez envoyée le 25 novembre 2026. Avez-vous reçu "
        "une réponse depuis?",
        "C’est la dernière fois que nous posons la question; vous pouvez en rester là.",
    ),
}


def handed_over(store: Store, language: Language, *, to: Sequence[str] = BOTH) -> str:
    """Let letters be handed over; give the confirmation."""
    settle_in(store)
    with store.begin() as session:
        import_shipped(session, shipped_letters(), now=NOW)
    receipt = confirmed(store, sent_in(store, to=to, language=language, asks_for_answers=True))
    with store.begin() as session:
        for message in messages(session, "letter"):
            came_to(session, message, State.ACCEPTED)
    assert receipt
    return receipt


@pytest.mark.parametrize("language", Language)
def test_the_question_lists_each_office_and_leads_to_the_receipt(sessions: Store, language: Language) -> None:
    receipt = handed_over(sessions, language)
    with sessions.begin() as session:
        first = messages(session, "letter")[0]
        day = date(2026, 11, 30)
        assert record(session, first.ref, AnswerKind.ANSWERED, day=day, left_on=day_of(NOW), now=NOW + 10 * DAY)
    with sessions() as session:
        (mail,) = messages(session, "confirmation")
        envelope = the_mails().answer_question(session, mail.ref, "a" * 32)
    token = SignedLinks(SECRET).make(Purpose.RECEIPT, receipt)
    link = f"https://lettres.example.ca/{language}/receipt/{token}#answers"
    assert envelope.text.startswith(QUESTION[language].replace("LINK", link))
    assert link in envelope.html
    assert envelope.automatic
    assert "<img" not in envelope.html


@pytest.mark.parametrize("language", Language)
def test_the_second_question_says_that_it_is_the_last(sessions: Store, language: Language) -> None:
    handed_over(sessions, language, to=BOTH[:1])
    with sessions() as session:
        (mail,) = messages(session, "confirmation")
        envelope = the_mails().answer_reminder(session, mail.ref, "a" * 32)
    subject, *sentences = REMINDER[language]
    assert envelope.subject == subject
    assert all(sentence in envelope.text for sentence in sentences)


def test_the_subject_names_nothing_and_a_discreet_campaign_is_not_named(
    sessions: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_over(sessions, Language.EN)
    with sessions() as session:
        mails, (mail,) = the_mails(), messages(session, "confirmation")
        named = mails.opened.get(session, CAMPAIGN)
        assert named is not None
        discreet = replace(named, file=named.file.model_copy(update={"discreet": True}))
        monkeypatch.setattr(OpenCampaigns, "get", lambda *_: discreet)
        envelope = mails.answer_question(session, mail.ref, "a" * 32)
    assert envelope.subject == "Did you get an answer?"
    assert envelope.sender.name == "lettres.example.ca"
    assert named.file.name.in_language(Language.EN) not in envelope.text


@pytest.fixture
def answered(sessions: Store) -> Store:
    handed_over(sessions, Language.EN, to=BOTH[:1])
    with sessions.begin() as session:
        (letter,) = messages(session, "letter")
        record(session, letter.ref, AnswerKind.ANSWERED, day=None, left_on=day_of(NOW), now=NOW)
    return sessions


@pytest.mark.parametrize("kind", QUESTIONS)
def test_what_was_answered_between_the_outbox_and_the_mail_is_not_asked(answered: Store, kind: MessageKind) -> None:
    with answered() as session:
        (mail,) = messages(session, "confirmation")
        with pytest.raises(NothingToSend):
            getattr(the_mails(), kind)(session, mail.ref, "a" * 32)


def test_every_kind_of_answer_has_words_and_a_choice() -> None:
    assert set(answers.DESCRIPTIONS) == set(answers.CHOICES) == set(AnswerKind)
