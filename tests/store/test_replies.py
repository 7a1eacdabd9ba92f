"""Whoever replies to a question gets one notice, once; programs, strangers and the site itself get none."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, inspect, select, text
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.library import import_shipped
from advocacy.cli.reply_command import reply_to_mail
from advocacy.database import immediate
from advocacy.delivery import outbox
from advocacy.delivery.models import Actor, Message, MessageMove
from advocacy.delivery.provider import Mailbox, NothingToSend
from advocacy.delivery.states import State
from advocacy.dispatch import make_kinds
from advocacy.exports.mail import to_mail
from advocacy.letters import erasure, suppression_list
from advocacy.letters.encrypted_columns import suppression_hashes
from advocacy.letters.models import Confirmation, MessageKind
from advocacy.letters.replies import MAX_HEADERS, put_notice, read_reply
from advocacy.letters.suppression_list import Scope
from advocacy.runtime import shipped_letters
from advocacy.settings import Settings
from tests.citizens import CAMPAIGN, EMAIL, KEYS, NOW, came_to, confirmed, messages, sent_in, settle_in, the_mails
from tests.databases import both_databases

OURS, REPLIES = "letters@example.ca", "replies@example.ca"
SETTINGS = Settings.from_mapping({"ADVOCACY_FROM_EMAIL": OURS, "ADVOCACY_REPLY_ADDRESS": REPLIES})
NO_MAILBOX = Settings.from_mapping({"ADVOCACY_FROM_EMAIL": OURS})
CANARY = "Le canari jaune chante"


@pytest.fixture
def store(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Somebody whose letters were handed over, and who was asked whether the offices answered."""
    settle_in(sessions)
    with sessions.begin() as session:
        import_shipped(session, shipped_letters(), now=NOW)
    asked(sessions)
    return sessions


def asked(
    sessions: sessionmaker[Session],
    *,
    key: str = "first",
    to: str = "mp-1",
    state: State = State.ACCEPTED,
    asks_for_answers: bool = False,
) -> None:
    """Let somebody's letter be confirmed, and the question to them come to a state."""
    confirmed(sessions, sent_in(sessions, key=key, to=[to], asks_for_answers=asks_for_answers))
    with sessions.begin() as session:
        newest = session.scalars(select(Confirmation.id).order_by(Confirmation.created_at.desc())).all()
        known = {one.ref for one in messages(session, MessageKind.ANSWER_QUESTION)}
        (ref,) = (one for one in newest if one not in known)
        message = outbox.put(session, MessageKind.ANSWER_QUESTION, ref, now=NOW + timedelta(days=14))
        came_to(session, message, state)


def mail(*lines: str, sender: str = EMAIL) -> bytes:
    """Return a reply as a mail server hands it over."""
    head = (f"Return-Path: <{sender}>", f"From: Camille Essai <{sender}>", f"To: <{REPLIES}>", "Subject: Re: answer?")
    return "\n".join((*head, *lines, "", CANARY, "")).encode()


def noticed(sessions: sessionmaker[Session], content: bytes) -> bool:
    with immediate(sessions) as session:
        return put_notice(session, read_reply(content), keys=KEYS, own_addresses=(OURS, REPLIES), now=NOW)


def notices(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        return [one.ref for one in messages(session, MessageKind.REPLY_NOTICE)]


@both_databases
def test_a_reply_gets_one_notice_however_many_come(store: sessionmaker[Session]) -> None:
    assert [noticed(store, mail()) for _ in range(3)] == [True, False, False]
    with store() as session:
        (question,) = messages(session, MessageKind.ANSWER_QUESTION)
    assert notices(store) == [question.ref]


@both_databases
def test_replies_at_the_same_moment_get_one_notice(store: sessionmaker[Session]) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: noticed(store, mail()), range(8)))
    assert len(notices(store)) == 1


@both_databases
def test_who_was_asked_of_two_campaigns_gets_one_notice_in_all(store: sessionmaker[Session]) -> None:
    asked(store, key="second", to="mp-2")
    assert [noticed(store, mail()) for _ in range(3)] == [True, False, False]
    assert len(notices(store)) == 1


@pytest.mark.parametrize("sender", [EMAIL.upper(), "Camille.Essai+lettres@Example.ca"])
def test_any_spelling_of_a_mailbox_is_known(store: sessionmaker[Session], sender: str) -> None:
    assert noticed(store, mail(sender=sender))


def test_a_stranger_and_who_was_asked_nothing_get_none(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store, key="other", email="another@example.ca", to=["mp-2"]))
    assert not noticed(store, mail(sender="stranger@example.ca"))
    assert not noticed(store, mail(sender="another@example.ca"))


@pytest.mark.parametrize("state", [State.CANCELLED, State.FAILED])
def test_a_question_that_never_left_was_not_asked(sessions: sessionmaker[Session], state: State) -> None:
    settle_in(sessions)
    asked(sessions, state=state)
    assert not noticed(sessions, mail())


@pytest.mark.parametrize(
    "line",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner-email=camille@example.ca",
        "AUTO-SUBMITTED: Auto-Replied (vacation)",
        "auto-submitted: anything",
        "Auto-Submitted: no\nAuto-Submitted: auto-replied",
        "Precedence: bulk",
        "Precedence: List",
        "Precedence: junk",
        "Precedence: auto_reply",
        "List-Id: <neighbours.example.ca>",
        "List-Unsubscribe: <https://example.ca>",
        "X-Auto-Response-Suppress: All",
        "X-Autoreply: yes",
        "X-Autorespond: yes",
        "X-Failed-Recipients: replies@example.ca",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
        "From: somebody@example.ca",
    ],
)
def test_what_a_program_may_have_sent_gets_none(store: sessionmaker[Session], line: str) -> None:
    assert not noticed(store, mail(line))
    assert notices(store) == []


@pytest.mark.parametrize("line", ["Auto-Submitted: no", "Auto-Submitted: No (typed)", "Precedence: first-class"])
def test_what_a_person_sent_gets_one(store: sessionmaker[Session], line: str) -> None:
    assert noticed(store, mail(line))


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.replace(f"Return-Path: <{EMAIL}>".encode(), b"Return-Path: <>"),
        lambda content: content.replace(f"Return-Path: <{EMAIL}>".encode(), b"Return-Path: <MAILER-DAEMON@x.example>"),
        lambda content: content.replace(f"Return-Path: <{EMAIL}>".encode(), b"Return-Path: <owner-l@x.example>"),
        lambda content: content.replace(b"From: Camille", b"X-From: Camille"),
        lambda content: content.replace(f"<{EMAIL}>".encode(), f"<{EMAIL}>, <another@example.ca>".encode()),
        lambda content: b"",
        lambda content: b"\xff\xfe\x00" * 1000,
        lambda content: b"From: =?utf-8?q?=FF?= <\xff@example.ca>\n\n",
        lambda content: b"From: " + b"(" * 100_000 + b"\n\n",
        lambda content: b"X: y\n" * MAX_HEADERS + content,
    ],
)
def test_a_mail_that_leads_to_nobody_gets_none(store: sessionmaker[Session], change: Callable[[bytes], bytes]) -> None:
    assert not noticed(store, change(mail()))


@pytest.mark.parametrize("name", ["mailer-daemon", "no-reply", "noreply", "postmaster", "bounce", "ne-pas-repondre"])
def test_a_programs_address_gets_none_even_where_it_was_asked(sessions: sessionmaker[Session], name: str) -> None:
    settle_in(sessions)
    address = f"{name}@example.ca"
    confirmed(sessions, sent_in(sessions, email=address, to=["mp-1"]))
    with sessions.begin() as session:
        (ref,) = session.scalars(select(Confirmation.id))
        came_to(session, outbox.put(session, MessageKind.ANSWER_QUESTION, ref, now=NOW), State.ACCEPTED)
    assert not noticed(sessions, mail(sender=address))


def test_a_mail_with_the_line_that_mailboxes_begin_it_with_is_read(store: sessionmaker[Session]) -> None:
    assert noticed(store, b"From camille.essai@example.ca Wed Nov 25 22:16:00 2026\n" + mail())


def notice_mail(sessions: sessionmaker[Session]) -> bytes:
    """Return the notice as it leaves."""
    with sessions() as session:
        (message,) = messages(session, MessageKind.REPLY_NOTICE)
        return to_mail(the_mails().reply_notice(session, message.ref, message.public_id), at=NOW)


def test_the_notice_says_that_it_is_one_and_gets_none_itself(store: sessionmaker[Session]) -> None:
    """Fed back as it left, from our own address, and as if its reader's program had sent it back."""
    assert noticed(store, mail())
    sent = notice_mail(store)
    assert b"Auto-Submitted: auto-replied\r\n" in sent
    assert b"auto-generated" not in sent
    assert b"X-Auto-Response-Suppress: All\r\n" in sent
    assert b"Reply-To" not in sent
    with store.begin() as session:  # as if nobody had had a notice
        (message,) = messages(session, MessageKind.REPLY_NOTICE)
        session.execute(delete(MessageMove).where(MessageMove.message_id == message.id))
        session.execute(delete(Message).where(Message.id == message.id))
    assert not noticed(store, sent)
    bare = b"\r\n".join(line for line in sent.split(b"\r\n") if not line.startswith((b"Auto-", b"X-Auto", b"List-")))
    assert not noticed(store, bare), "from an address that was asked nothing"
    assert not noticed(store, mail(sender=OURS))
    assert notices(store) == []
    assert noticed(store, mail())


def test_our_own_address_gets_none_even_where_it_was_asked(sessions: sessionmaker[Session]) -> None:
    settle_in(sessions)
    confirmed(sessions, sent_in(sessions, email=REPLIES, to=["mp-1"]))
    with sessions.begin() as session:
        (ref,) = session.scalars(select(Confirmation.id))
        came_to(session, outbox.put(session, MessageKind.ANSWER_QUESTION, ref, now=NOW), State.ACCEPTED)
    assert not noticed(sessions, mail(sender=REPLIES))


def test_the_notice_leads_to_the_receipt_in_the_language_of_the_letter(store: sessionmaker[Session]) -> None:
    assert noticed(store, mail())
    with store() as session:
        (message,) = messages(session, MessageKind.REPLY_NOTICE)
        envelope = the_mails().reply_notice(session, message.ref, message.public_id)
    assert envelope.to.address == EMAIL
    assert "Personne ne lit cette boîte" in envelope.text
    assert "/fr/receipt/" in envelope.text
    assert "#answers" in envelope.text
    assert CANARY not in envelope.text + envelope.html + envelope.subject


def test_who_wants_no_more_mail_or_is_erased_gets_none(store: sessionmaker[Session]) -> None:
    assert noticed(store, mail())
    with store.begin() as session:
        (message,) = messages(session, MessageKind.REPLY_NOTICE)
        hashed = suppression_hashes(KEYS, EMAIL)[0]
        suppression_list.add(session, hashed, campaign=CAMPAIGN, scope=Scope.CAMPAIGN, now=NOW)
    with store() as session, pytest.raises(NothingToSend):
        the_mails().reply_notice(session, message.ref, message.public_id)
    with immediate(store) as session:
        erasure.erase_all(session, [message.ref], now=NOW, by=Actor.CITIZEN, outgoing=None)
    with store() as session:
        assert [one.state for one in messages(session, MessageKind.REPLY_NOTICE)] == [State.CANCELLED]
    assert not noticed(store, mail()), "nothing is known of them any more"


@pytest.mark.parametrize(("settings", "address"), [(SETTINGS, REPLIES), (NO_MAILBOX, None)])
@pytest.mark.parametrize("kind", [MessageKind.ANSWER_QUESTION, MessageKind.ANSWER_REMINDER])
def test_replies_to_a_question_go_where_the_site_says(
    sessions: sessionmaker[Session], *, settings: Settings, address: str | None, kind: MessageKind
) -> None:
    settle_in(sessions)
    with sessions.begin() as session:
        import_shipped(session, shipped_letters(), now=NOW)
    asked(sessions, asks_for_answers=True)
    with sessions.begin() as session:
        for message in messages(session, MessageKind.LETTER):
            came_to(session, message, State.ACCEPTED)
    kinds = make_kinds(settings, KEYS, now=lambda: NOW)
    with sessions() as session:
        (ref,) = session.scalars(select(Confirmation.id))
        mail_of = {one: kinds[one].content(session, ref, "a" * 32) for one in (kind, MessageKind.OUTCOME)}
    assert mail_of[kind].reply_to == (Mailbox("", address) if address else None)
    assert mail_of[MessageKind.OUTCOME].reply_to is None
    assert (f"Reply-To: {address}\r\n".encode() in to_mail(mail_of[kind], at=NOW)) is bool(address)


def run(sessions: sessionmaker[Session], content: bytes, *, keys: object = KEYS) -> Result:
    site = SimpleNamespace(sessions=sessions, keys=keys, now=lambda: NOW, settings=SETTINGS)
    return CliRunner().invoke(reply_to_mail, input=content, obj=site)


@both_databases
def test_the_command_takes_a_reply_and_says_nothing(store: sessionmaker[Session]) -> None:
    answer = run(store, mail() + b"x" * 3 * MAX_HEADERS)
    assert (answer.exit_code, answer.output) == (0, "")
    assert len(notices(store)) == 1


@pytest.mark.parametrize("content", [b"", mail(sender="stranger@example.ca"), mail("Auto-Submitted: auto-replied")])
def test_the_command_lets_nothing_bounce(store: sessionmaker[Session], content: bytes) -> None:
    answer = run(store, content)
    assert (answer.exit_code, answer.output, notices(store)) == (0, "", [])


def test_the_command_asks_for_another_try_where_it_fails_and_repeats_no_word(store: sessionmaker[Session]) -> None:
    answer = run(store, mail(), keys=None)
    assert answer.exit_code == os.EX_TEMPFAIL
    assert answer.output == "Error: the mail was not taken and is to be sent again (AttributeError)\n"


def test_nothing_of_a_reply_is_stored(store: sessionmaker[Session]) -> None:
    run(store, mail(f"X-Canary: {CANARY}"))
    with store() as session:
        connection = session.connection()
        rows = [
            repr(tuple(row))
            for table in inspect(connection).get_table_names()
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
        ]
    assert len(notices(store)) == 1
    assert not any("canari" in row or "Camille Essai" in row for row in rows)
