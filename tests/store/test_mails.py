"""A mail carries what it must and no more, and what was erased is not sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.campaign_folder import CampaignFolder
from advocacy.campaigns.library import import_folder, import_shipped, stored_folder
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.delivery.models import NO_CONTACT
from advocacy.delivery.provider import Envelope, Mailbox, NothingToSend, TryLater
from advocacy.delivery.states import State
from advocacy.exports.mail import to_mail
from advocacy.exports.text import to_body
from advocacy.language import Language
from advocacy.legislators.models import Legislator
from advocacy.letters import receipts, suppression_list
from advocacy.letters.confirmation import find_pending
from advocacy.letters.encrypted_columns import mailbox_hashes
from advocacy.letters.letter import Letter, from_json
from advocacy.letters.models import StoredLetter
from advocacy.letters.stop_links import StopLink, read_stop_token
from advocacy.letters.suppression_list import Scope
from advocacy.messages import format_moment
from advocacy.runtime import shipped_letters
from advocacy.signed_links import Purpose, SignedLinks
from tests.builders import SECRET, a_template
from tests.citizens import (
    BOTH,
    CAMPAIGN,
    EMAIL,
    KEYS,
    NOW,
    UNCONFIRMED,
    came_to,
    confirmed,
    mails_left,
    messages,
    sent_in,
    settle_in,
    the_mails,
    written_to,
)

DAY = timedelta(days=1)
CHEEKY = 'Camille "<b>" http://evil.example/?x=1 evil.com\r\nBcc: all@example.com 555-1234'


@pytest.fixture
def store(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    settle_in(sessions)
    with sessions.begin() as session:
        import_shipped(session, shipped_letters(), now=NOW)
    return sessions


def the_mail(store: sessionmaker[Session], kind: str, *, test_recipient: str = "") -> Envelope:
    with store() as session:
        (first, *_) = messages(session, kind)
        content = getattr(the_mails(test_recipient=test_recipient), kind)
        envelope = content(session, first.ref, first.public_id)
    assert isinstance(envelope, Envelope)
    assert envelope.id == first.public_id
    return envelope


def test_a_confirmation_names_the_campaign_and_what_is_asked_and_no_office(store: sessionmaker[Session]) -> None:
    confirmation_id = sent_in(store)
    envelope = the_mail(store, "confirmation")
    assert envelope.sender == Mailbox("Lettres citoyennes", "lettres@example.ca")
    assert envelope.to == Mailbox("", EMAIL)
    assert (envelope.reply_to, envelope.subject) == (None, "Confirmez l’envoi de vos lettres")
    token = SignedLinks(SECRET).make(Purpose.CONFIRMATION, confirmation_id)
    link = f"https://lettres.example.ca/fr/confirm/{token}"
    moment = "27 novembre 2026 à 17\u00a0h\u00a016 (heure de l’Est)"
    for words in (envelope.text, envelope.html):
        assert "Bonjour," in words
        assert "pour confirmer l’envoi de 2 lettres." in words
        assert "Campagne\u00a0: Protéger les enfants sur Internet" in words
        assert f"Demande\u00a0: {a_template().letter.ask.in_language(Language.FR)}" in words
        assert link in words
        assert moment in words
        assert not any(told in words for told in ("Member", "Naqvi", "Camille", "takedown"))


def test_a_discreet_campaign_is_named_in_no_part_of_the_mail(
    store: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_in(store)
    campaign = a_template().campaign
    with store() as session:
        mails, (asked,) = the_mails(), messages(session, "confirmation")
        named = mails.opened.get(session, CAMPAIGN)
        assert named is not None
        discreet = replace(named, file=named.file.model_copy(update={"discreet": True}))
        monkeypatch.setattr(OpenCampaigns, "get", lambda *_: discreet)
        envelope = mails.confirmation(session, asked.ref, asked.public_id)
    assert envelope.sender.name == "lettres.example.ca"
    assert envelope.subject == "Confirmez l’envoi de vos lettres"
    for words in (envelope.text, envelope.html):
        assert "lettres.example.ca" in words
        assert campaign.name.in_language(Language.FR) not in words
        assert a_template().letter.ask.in_language(Language.FR) not in words
        assert campaign.ask.in_language(Language.FR) not in words
    assert not campaign.organiser or campaign.organiser.in_language(Language.FR) not in envelope.text


def test_a_mail_that_leaves_late_gives_its_whole_time(store: sessionmaker[Session]) -> None:
    confirmation_id, late = sent_in(store), NOW + 2 * UNCONFIRMED
    with store() as session:
        (asked,) = messages(session, "confirmation")
        envelope = the_mails(now=late).confirmation(session, asked.ref, asked.public_id)
    end = late + UNCONFIRMED
    assert format_moment(end, Language.FR) in envelope.text
    with store() as session:
        waiting = find_pending(session, confirmation_id, now=late)
    assert waiting is not None, "nobody can tell yet that it has left, and it may be read already"
    assert waiting.expires_at is None
    mails_left(store, now=late)
    with store() as session:
        waiting = find_pending(session, confirmation_id, now=end - timedelta(seconds=1))
        assert waiting is not None
        assert waiting.expires_at == end
        assert find_pending(session, confirmation_id, now=end) is None
    assert confirmed(store, confirmation_id, now=end - timedelta(seconds=1))


def test_a_name_carries_no_link_no_header_and_no_tag(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store, name=CHEEKY))
    envelope = the_mail(store, "letter")
    told = f"{envelope.sender.name} {envelope.reply_to}"
    assert not any(bad in told for bad in ("evil.com", "evil.example", "http://evil", "Bcc:", "all@", "555", "<b>"))
    headers = message_from_bytes(to_mail(envelope, at=NOW), policy=default)
    assert "Bcc" not in headers


def test_a_letter_leaves_in_its_writers_name_and_its_own_words(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store))
    envelope = the_mail(store, "letter")
    letter = written_to("mp-1")
    assert envelope.sender == Mailbox("Camille Essai via Lettres citoyennes", "lettres@example.ca")
    assert envelope.to == Mailbox("Yasir Naqvi", "mp-1@parl.example")
    assert envelope.reply_to == Mailbox("Camille Essai", EMAIL)
    assert (envelope.subject, envelope.language) == (letter.subject, Language.FR)
    assert envelope.text.startswith(to_body(letter))


def test_all_mail_goes_to_a_test_recipient(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store, key="first"))
    sent_in(store, key="another", email="another@example.ca")
    with store() as session:
        last = messages(session, "confirmation")[-1]
        asked = the_mails(test_recipient="test@example.ca").confirmation(session, last.ref, last.public_id)
    letter = the_mail(store, "letter", test_recipient="test@example.ca")
    assert asked.to == letter.to == Mailbox("", "test@example.ca")


def hear_the_outcome(store: sessionmaker[Session], *states: State) -> tuple[str, Envelope]:
    receipt = confirmed(store, sent_in(store))
    assert receipt
    with store.begin() as session:
        for each, state in zip(messages(session, "letter"), states, strict=True):
            came_to(session, each, state)
    with store() as session:
        (asked,) = messages(session, "confirmation")
        return receipt, the_mails().outcome(session, asked.ref, "a" * 32)


def test_the_outcome_tells_each_standing_and_links_to_the_receipt(store: sessionmaker[Session]) -> None:
    receipt, envelope = hear_the_outcome(store, State.ACCEPTED, State.BOUNCED)
    assert envelope.to == Mailbox("", EMAIL)
    for words in (envelope.text, envelope.html):
        assert "n’ont pas pu être remises\u00a0:" in words
        assert "Member mp-1\u00a0: envoyée" in words
        assert "Member mp-2\u00a0: revenue" in words
        assert f"https://lettres.example.ca/fr/receipt/{SignedLinks(SECRET).make(Purpose.RECEIPT, receipt)}" in words


@pytest.mark.parametrize("to", [BOTH, ("mp-2",)])
def test_whoever_wrote_to_each_office_before_hears_that_nothing_leaves(
    store: sessionmaker[Session], to: Sequence[str]
) -> None:
    confirmed(store, sent_in(store))
    mails_left(store)
    confirmation_id, later = sent_in(store, to=to, key="again", now=NOW + DAY), NOW + DAY
    assert confirmed(store, confirmation_id, now=later) == confirmed(store, confirmation_id, now=later)
    envelope = the_mail(store, "outcome")
    with store() as session:
        assert len(messages(session, "outcome")) == 1
    for words in (envelope.text, envelope.html):
        assert "Rien n’a été envoyé cette fois\u00a0: vous aviez déjà écrit, et une fois suffit." in words
        told = [
            f"Member {id_}\u00a0: non envoyée, puisque vous avez écrit à ce bureau le 25 novembre 2026" for id_ in to
        ]
        assert [line in words for line in told] == [True] * len(to)


def test_an_outcome_names_what_was_not_sent_beside_what_was(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store, to=["mp-1"]))
    mails_left(store)
    assert confirmed(store, sent_in(store, key="again", now=NOW + DAY), now=NOW + DAY)
    with store() as session:
        assert messages(session, "outcome") == [], "one letter is still to leave"
    with store.begin() as session:
        came_to(session, messages(session, "letter")[-1], State.ACCEPTED)
    with store() as session:
        again = messages(session, "confirmation")[-1]
        envelope = the_mails().outcome(session, again.ref, "a" * 32)
    assert "Member mp-1\u00a0: non envoyée, puisque" in envelope.text
    assert "Member mp-2\u00a0: envoyée" in envelope.text
    assert "Certaines de vos lettres n’ont pas été envoyées" in envelope.text


def test_what_was_erased_is_not_sent(store: sessionmaker[Session]) -> None:
    confirmation_id = confirmed(store, sent_in(store))
    assert confirmation_id
    with store.begin() as session:
        refs = {kind: messages(session, kind)[0].ref for kind in ("confirmation", "letter")}
        receipts.delete(session, confirmation_id, now=NOW)
    mails = the_mails()
    with store() as session:
        for content, ref in (
            (mails.confirmation, refs["confirmation"]),
            (mails.outcome, refs["confirmation"]),
            (mails.letter, refs["letter"]),
            (mails.letter, "no such letter"),
        ):
            with pytest.raises(NothingToSend):
                content(session, ref, "a" * 32)


def test_a_confirmation_used_already_is_not_asked_for_again(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store))
    with pytest.raises(NothingToSend):
        the_mail(store, "confirmation")


def test_a_better_address_known_since_is_the_one_written_to(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store))
    with store.begin() as session:
        session.get_one(Legislator, "mp-1").email = "better@parl.example"
        session.get_one(Legislator, "mp-2").email = None
    with store() as session:
        put = messages(session, "letter")
        to = {the_mails().letter(session, each.ref, each.public_id).to.address for each in put}
    assert to == {"better@parl.example", "mp-2@parl.example"}


def test_mail_of_a_campaign_that_does_not_say_who_answers_for_it_waits_where_it_would_leave(
    store: sessionmaker[Session],
) -> None:
    sent_in(store)
    mails = replace(the_mails(), needs_contact=True)
    with store() as session:
        (first, *_) = messages(session, "confirmation")
        with pytest.raises(TryLater) as later:
            mails.confirmation(session, first.ref, first.public_id)
    assert (later.value.reason, later.value.counts) == (NO_CONTACT, False)
    with store.begin() as session:
        folder = stored_folder(session, CAMPAIGN)
        files = dict(folder.files)
        files["campaign.toml"] = CONTACT + files["campaign.toml"]
        import_folder(session, CampaignFolder.of(CAMPAIGN, files), now=NOW)
    with store() as session:
        assert isinstance(mails.confirmation(session, first.ref, first.public_id), Envelope)


CONTACT = b'organiser.en = "Tests"\norganiser.fr = "Essais"\nprivacy_contact = "privacy@site.example.ca"\n'


@pytest.mark.parametrize("kind", ["confirmation", "underway", "outcome", "came_back"])
def test_every_mail_to_a_citizen_can_be_stopped_by_a_link_that_is_no_other_links(
    store: sessionmaker[Session], kind: str
) -> None:
    envelope = mail_of_kind(store, kind)
    token = envelope.stop_link.removeprefix("https://lettres.example.ca/fr/stop/")
    link = read_stop_token(token, keys=KEYS)
    assert link == StopLink(CAMPAIGN, mailbox_hashes(KEYS, EMAIL)[0])
    assert token not in envelope.text + envelope.html
    assert envelope.automatic


def mail_of_kind(store: sessionmaker[Session], kind: str) -> Envelope:
    """Return a mail of this kind about letters of which one came back, as far as it is about any."""
    if kind == "confirmation":
        sent_in(store)
        return the_mail(store, kind)
    confirmed(store, sent_in(store))
    with store() as session:
        ref = messages(session, "letter")[0].ref
        stored = session.get_one(StoredLetter, ref)
        assert stored.submission is not None
        confirmation = stored.submission.confirmation_id
    if kind == "came_back":
        with store.begin() as session:
            came_to(session, messages(session, "letter")[0], State.BOUNCED)
    with store() as session:
        envelope = getattr(the_mails(), kind)(session, confirmation, "0" * 32)
    assert isinstance(envelope, Envelope)
    return envelope


def test_a_letter_cannot_be_stopped_by_its_office(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store))
    assert the_mail(store, "letter").stop_link == ""


def test_under_a_letter_stands_where_it_comes_from_and_where_misuse_is_reported(store: sessionmaker[Session]) -> None:
    confirmed(store, sent_in(store))
    line = "Envoyé par lettres.example.ca à la demande de la personne qui écrit."
    with store() as session:
        first = messages(session, "letter")[0]
        plain = the_mails().letter(session, first.ref, first.public_id)
        reported = replace(the_mails(), abuse_contact="abus@example.ca").letter(session, first.ref, first.public_id)
    body = to_body(stored_letter(store, first.ref)).rstrip()
    assert plain.text == f"{body}\n\n-- \n{line}\n"
    assert reported.text == f"{body}\n\n-- \n{line} Pour signaler un abus\u00a0: abus@example.ca\n"
    assert f"{line} Pour signaler un abus\u00a0: abus@example.ca</p>" in reported.html


def stored_letter(store: sessionmaker[Session], ref: str) -> Letter:
    with store() as session:
        text = session.get_one(StoredLetter, ref).letter
    assert text is not None
    return from_json(text)


def test_an_address_that_wants_no_more_mail_is_not_asked_to_confirm(store: sessionmaker[Session]) -> None:
    sent_in(store)
    mailbox = mailbox_hashes(KEYS, EMAIL)[0]
    with store.begin() as session:
        suppression_list.add(session, mailbox, campaign="another", scope=Scope.SITE, now=NOW)
    with pytest.raises(NothingToSend):
        the_mail(store, "confirmation")
