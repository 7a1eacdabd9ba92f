"""The citizen hears of a wait, of a letter that came back and of the end, of each at most once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery import outbox
from advocacy.delivery.models import Actor, Message
from advocacy.delivery.provider import Envelope, NothingToSend
from advocacy.delivery.states import State
from advocacy.dispatch import make_kinds
from advocacy.language import Wording
from advocacy.legislators.models import Legislator
from advocacy.letters.confirmation import confirm, withdraw
from advocacy.letters.encrypted_columns import address_hashes
from advocacy.letters.models import MessageKind, StoredLetter, Suppression
from advocacy.letters.outcome_mails import letters_moved
from advocacy.settings import Settings
from advocacy.signed_links import Purpose, SignedLinks
from tests.builders import SECRET
from tests.citizens import (
    BOTH,
    CAMPAIGN,
    EMAIL,
    KEYS,
    NOW,
    came_to,
    confirmed,
    mails_left,
    messages,
    sent_in,
    settle_in,
    the_mails,
)

MINUTE = timedelta(minutes=1)
Store = sessionmaker[Session]
TOLD = (MessageKind.UNDERWAY, MessageKind.OUTCOME, MessageKind.CAME_BACK)


@pytest.fixture
def store(sessions: Store) -> Store:
    settle_in(sessions)
    return sessions


def put(store: Store) -> list[str]:
    """Return the mails that tell the citizen something, in the order they were put."""
    with store() as session:
        found = select(Message.kind).where(Message.kind.in_(TOLD)).order_by(Message.id)
        return list(session.scalars(found))


def comes_to(store: Store, number: int, state: State) -> None:
    with store.begin() as session:
        message = messages(session, "letter")[number]
        came_to(session, message, state)
        letters_moved(session, [(message.ref, message.state)], NOW)


def bounces_late(store: Store, number: int) -> None:
    """Let a letter come back that had been handed over."""
    with store.begin() as session:
        message = messages(session, "letter")[number]
        message.state = State.BOUNCED
        session.flush()
        letters_moved(session, [(message.ref, State.BOUNCED)], NOW)


def leaves(store: Store, kind: str) -> str:
    """Let a mail leave; give its words."""
    with store.begin() as session:
        (message,) = messages(session, kind)
        envelope = getattr(the_mails(), kind)(session, message.ref, message.public_id)
        assert isinstance(envelope, Envelope)
        came_to(session, message, State.ACCEPTED)
    return envelope.text


def confirmed_at_a_pace(store: Store, confirmation_id: str, per_hour: int) -> str:
    with store.begin() as session:
        assert confirm(session, confirmation_id, now=NOW, per_hour=per_hour)
    return confirmation_id


def test_a_letter_that_comes_back_after_all_were_sent_is_told_of_once(store: Store) -> None:
    receipt = confirmed(store, sent_in(store))
    for number in (0, 1):
        comes_to(store, number, State.ACCEPTED)
    assert "Toutes vos lettres ont été envoyées." in leaves(store, "outcome")
    bounces_late(store, 1)
    assert put(store) == ["outcome", "came_back"]
    words = leaves(store, "came_back")
    assert "Certaines de vos lettres n’ont pas pu être remises\u00a0:" in words
    assert "Member mp-2\u00a0: revenue" in words
    assert "Member mp-1" not in words
    assert "imprimez-la, signez-la et postez-la" in words
    assert f"https://lettres.example.ca/fr/receipt/{SignedLinks(SECRET).make(Purpose.RECEIPT, receipt or '')}" in words
    bounces_late(store, 0)
    bounces_late(store, 1)
    assert put(store) == ["outcome", "came_back"]


@pytest.mark.parametrize("state", [State.BOUNCED, State.FAILED])
def test_one_that_comes_back_first_is_told_of_at_once_and_the_rest_at_the_end(store: Store, state: State) -> None:
    confirmed(store, sent_in(store))
    comes_to(store, 0, state)
    assert put(store) == ["came_back"]
    leaves(store, "came_back")
    comes_to(store, 1, State.ACCEPTED)
    assert put(store) == ["came_back", "outcome"]
    words = leaves(store, "outcome")
    assert "Vos autres lettres ont été envoyées." in words
    assert "à imprimer et à poster" not in words


def test_what_is_known_when_the_mail_of_the_end_leaves_is_told_by_it_alone(store: Store) -> None:
    confirmed(store, sent_in(store))
    comes_to(store, 0, State.ACCEPTED)
    comes_to(store, 1, State.ACCEPTED)
    bounces_late(store, 0)
    words = leaves(store, "outcome")
    assert "Certaines de vos lettres n’ont pas pu être remises" in words
    assert "imprimez-la, signez-la et postez-la" in words
    bounces_late(store, 1)
    assert put(store) == ["outcome"]


@pytest.mark.parametrize("state", [State.BOUNCED, State.FAILED])
def test_one_letter_alone_that_came_back_is_no_part_of_something(store: Store, state: State) -> None:
    confirmed(store, sent_in(store, to=["mp-1"]))
    comes_to(store, 0, state)
    assert put(store) == ["outcome"]
    words = leaves(store, "outcome")
    assert "Votre lettre n’a pas pu être remise\u00a0:" in words
    assert "Certaines" not in words


def test_one_letter_alone_that_comes_back_late_is_no_part_of_something(store: Store) -> None:
    confirmed(store, sent_in(store, to=["mp-1"]))
    comes_to(store, 0, State.ACCEPTED)
    assert "Votre lettre a été envoyée." in leaves(store, "outcome")
    bounces_late(store, 0)
    assert "Votre lettre n’a pas pu être remise\u00a0:" in leaves(store, "came_back")


def test_the_citizen_hears_of_what_staff_gave_up(store: Store) -> None:
    confirmed(store, sent_in(store))
    comes_to(store, 0, State.CANCELLED)
    assert put(store) == []
    comes_to(store, 1, State.CANCELLED)
    assert put(store) == ["outcome"]
    words = leaves(store, "outcome")
    assert "Vos lettres n’ont pas été envoyées\u00a0:" in words
    assert words.count("non envoyée") == 2


def waiting_long(store: Store, *, to: tuple[str, ...] = ("mp-1",), per_hour: int = 1) -> str:
    """Let somebody else write first, so that these letters wait for an hour; give the receipt."""
    confirmed_at_a_pace(store, sent_in(store, to=to, key="other", email="other@example.ca"), per_hour)
    return confirmed_at_a_pace(store, sent_in(store, to=to), per_hour)


def test_whoever_waits_long_gets_the_receipt_at_once(store: Store) -> None:
    receipt = waiting_long(store, to=BOTH)
    assert put(store) == ["underway"]
    words = leaves(store, "underway")
    assert "la dernière le sera le 25 novembre 2026 à 18\u00a0h\u00a016 (heure de l’Est)." in words
    assert f"https://lettres.example.ca/fr/receipt/{SignedLinks(SECRET).make(Purpose.RECEIPT, receipt or '')}" in words
    with store.begin() as session:
        confirm(session, "no such confirmation", now=NOW, per_hour=1)
    assert put(store) == ["underway"]


def test_one_letter_that_waits_is_one(store: Store) -> None:
    waiting_long(store)
    words = leaves(store, "underway")
    assert "Sauf imprévu, la lettre sera envoyée le" in words
    assert "On peut aussi tout y supprimer" in words


@pytest.mark.parametrize(("per_hour", "told_of"), [(2, []), (1, ["underway"])])
def test_a_wait_of_half_an_hour_is_none(store: Store, per_hour: int, told_of: list[str]) -> None:
    waiting_long(store, per_hour=per_hour)
    assert put(store) == told_of


def test_nobody_is_told_of_a_wait_that_is_over(store: Store) -> None:
    waiting_long(store)
    with store.begin() as session:
        came_to(session, messages(session, "letter")[1], State.ACCEPTED)
    with pytest.raises(NothingToSend):
        leaves(store, "underway")


def test_not_me_takes_along_what_was_confirmed_before_and_waits(store: Store) -> None:
    waiting_long(store)
    mails_left(store)
    confirmation_id = sent_in(store, to=["mp-2"], key="second", now=NOW + MINUTE)
    with store.begin() as session:
        withdrawn = withdraw(session, confirmation_id, now=NOW + MINUTE)
    assert withdrawn is not None
    assert not withdrawn.may_have_left
    with store() as session:
        assert [one.state for one in messages(session, "letter")] == [State.READY, State.CANCELLED], "others' stay"
        kept = session.scalars(select(StoredLetter.letter_sealed)).all()
        assert sorted(words is None for words in kept) == [False, True]
    with pytest.raises(NothingToSend):
        leaves(store, "underway")


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ((), True),
        ((State.ACCEPTED,), True),
        ((State.ACCEPTED, State.BOUNCED), True),
        ((State.FAILED,), True),
        ((State.NEEDS_STAFF,), False),
        ((State.UNCERTAIN, State.NEEDS_STAFF), True),
    ],
)
def test_not_me_says_when_something_may_have_left(store: Store, steps: tuple[State, ...], *, left: bool) -> None:
    confirmed(store, sent_in(store))
    mails_left(store)
    with store.begin() as session:
        letter = messages(session, "letter")[0]
        for step in (State.SENDING, *steps):
            outbox.make_move(session, letter, step, now=NOW, by=Actor.WORKER)
    confirmation_id = sent_in(store, key="second", now=NOW + MINUTE)
    with store.begin() as session:
        withdrawn = withdraw(session, confirmation_id, now=NOW + MINUTE)
    assert withdrawn is not None
    assert withdrawn.may_have_left == left
    with store() as session:
        assert messages(session, "letter")[1].state is State.CANCELLED


def spared(session: Session) -> None:
    session.add(Suppression(campaign=CAMPAIGN, email_hash=address_hashes(KEYS, EMAIL)[0], since=NOW))


@pytest.mark.parametrize("kind", TOLD)
def test_an_address_that_asked_to_hear_no_more_hears_no_more(store: Store, kind: MessageKind) -> None:
    waiting_long(store)
    content: Callable[[Session, str, str], Envelope] = getattr(the_mails(), kind)
    with store.begin() as session:
        ref = messages(session, "underway")[0].ref
        assert content(session, ref, "a" * 32).to.address == EMAIL
        spared(session)
    with store.begin() as session, pytest.raises(NothingToSend):
        content(session, ref, "a" * 32)


@pytest.mark.parametrize(("test_mode", "said"), [(True, 1), (False, 0)])
def test_a_rehearsal_is_called_one(store: Store, *, test_mode: bool, said: int) -> None:
    sent_in(store, key="another", email="another@example.ca")
    waiting_long(store, to=BOTH)
    mails = the_mails(test_mode=test_mode)
    with store() as session:
        (asked, *_), (wait,) = messages(session, "confirmation"), messages(session, "underway")
        made = [mails.confirmation(session, asked.ref, "a" * 32), mails.underway(session, wait.ref, "a" * 32)]
    for number in (0, 1, 2, 3):
        comes_to(store, number, State.ACCEPTED)
    with store() as session:
        made.append(mails.outcome(session, wait.ref, "a" * 32))
    counts = [
        words.count("Site d’essai\u00a0: rien n’est vraiment envoyé.") for one in made for words in (one.text, one.html)
    ]
    assert counts == [said] * 6
    assert ("Toutes vos" in made[-1].text, "\u00a0: envoyée" in made[-1].text) == (not test_mode, not test_mode)


SMTP = {"ADVOCACY_PROVIDER": "smtp", "ADVOCACY_FROM_EMAIL": "letters@example.ca"}


@pytest.mark.parametrize(
    ("variables", "test_mode"),
    [({}, True), (SMTP, False), (SMTP | {"ADVOCACY_TEST_RECIPIENT": "test@example.ca"}, True)],
)
def test_a_site_whose_mail_reaches_no_office_test_mode(
    store: Store, variables: dict[str, str], *, test_mode: bool
) -> None:
    sent_in(store)
    kinds = make_kinds(Settings.from_mapping({**variables, "ADVOCACY_SECRET_KEY": SECRET}), KEYS, now=lambda: NOW)
    with store() as session:
        (asked,) = messages(session, "confirmation")
        envelope = kinds[MessageKind.CONFIRMATION].content(session, asked.ref, asked.public_id)
    assert ("Site d’essai" in envelope.text) == test_mode
    assert {*TOLD} <= set(kinds)


def test_a_minister_is_named_by_the_office_but_to_their_own_constituent(store: Store) -> None:
    confirmed(store, sent_in(store))
    with store.begin() as session:
        for number, id_ in enumerate(BOTH):
            member = session.get_one(Legislator, id_)
            member.title = Wording.of(en="Minister of Health", fr="Ministre de la Santé")
            member.district = Wording.of(en="West", fr="Ouest")
            letter = session.scalars(select(StoredLetter).where(StoredLetter.legislator_id == id_)).one()
            letter.riding_code = "35079" if number else None
    for number in (0, 1):
        comes_to(store, number, State.ACCEPTED)
    words = leaves(store, "outcome")
    assert "Member mp-1 (Ministre de la Santé)" in words
    assert "Member mp-2 (Ouest)" in words
