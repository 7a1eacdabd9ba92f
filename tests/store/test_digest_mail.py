"""A digest says what an office needs to count, to verify and to answer, and leaves no word of a letter out."""

import re
from collections.abc import Sequence
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.library import import_shipped
from advocacy.delivery.models import NO_CONTACT
from advocacy.delivery.provider import Envelope, TryLater
from advocacy.exports.mail import to_mail
from advocacy.language import Language
from advocacy.letters.digest_mail import MAX_EXCERPT
from advocacy.letters.edited import editable_body, with_edits
from advocacy.letters.letter import Letter, Sender, from_json
from advocacy.letters.models import RidingMatch, StoredLetter
from advocacy.letters.submit import NewLetter
from advocacy.runtime import shipped_letters
from tests.builders import OTTAWA_CENTRE
from tests.citizens import CAMPAIGN, NOW, settle_in, written_to
from tests.digests import (
    EVENING,
    MORNING,
    OFFICE,
    digest_of,
    make_all,
    send_in,
    take_digests,
    the_digest_mails,
    write_letters,
)

Sessions = sessionmaker[Session]
NAMES = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


@pytest.fixture
def store(sessions: Sessions) -> Sessions:
    settle_in(sessions)
    with sessions.begin() as session:
        import_shipped(session, shipped_letters(), now=NOW)
    take_digests(sessions, language=Language.EN)
    return sessions


def send(
    store: Sessions,
    number: int,
    *,
    own: str = "",
    language: Language = Language.EN,
    name: str = "",
    cut: bool = False,
    wording: str = "",
    match: RidingMatch | None = RidingMatch.LIES_IN,
) -> str:
    """Have one letter wait for the digest: as the campaign wrote it, or with own words, cut, or in another wording."""
    letter = without_own_words(written_to(OFFICE, language))
    if wording:
        first, *rest = letter.paragraphs
        letter = replace(letter, paragraphs=(first._replace(pieces=(first.pieces[0]._replace(text=wording),)), *rest))
    body = editable_body(letter)
    if cut:
        body = body.partition("\n\n")[2]
    letter = with_edits(letter, None, f"{body}\n\n{own}" if own else body)
    name = name or f"Citizen {NAMES[number % len(NAMES)]}"
    email = f"c{number}@example.ca"
    letter = replace(letter, sender=Sender(name, "", "Ottawa", "ON", "K1S 1A1", email))
    template = f"{CAMPAIGN}/takedown-and-standards"
    new = NewLetter(OFFICE, template, {"letter": 1}, letter, (0,), "f" * 16, OTTAWA_CENTRE, edited=bool(own or cut))
    return send_in(store, replace(new, riding_match=match), name=name, email=email, now=EVENING)


def without_own_words(letter: Letter) -> Letter:
    typed = [one for one in letter.paragraphs if any(map(letter.is_own, one.pieces))]
    return replace(letter, paragraphs=tuple(one for one in letter.paragraphs if one not in typed))


def the_mail(store: Sessions) -> Envelope:
    [digest] = make_all(store)
    return digest_of(store, digest)


def words(text: str) -> Sequence[str]:
    """Return the words of a text, without the marks that only text has."""
    return re.sub(r"(?m)^(\||•|=+|-+|-- ) ?|_(?=\w)|(?<=[\w.])_", " ", text).replace("\u00a0", " ").split()


def headings(mail: Envelope) -> list[str]:
    return [one.get_text() for one in BeautifulSoup(mail.html, "html.parser").select("h3")]


def test_own_words_come_first_then_what_was_changed_and_the_campaigns_text_is_there_once(store: Sessions) -> None:
    for number in range(3):
        send(store, number)
    send(store, 10, cut=True)
    send(store, 11, own="My neighbours ask me about this.")
    send(store, 12, own="My sister has waited for an answer from anybody for two years now.")
    mail = the_mail(store)
    assert headings(mail) == [
        "1. Citizen Twelve, Ottawa ON  K1S 1A1: 13 own words",
        "2. Citizen Eleven, Ottawa ON  K1S 1A1: 6 own words",
        "3. Citizen Ten, Ottawa ON  K1S 1A1: campaign’s text changed",
        "4. 3 people sent “Takedown and safety standards” without words of their own, in English",
    ]
    shared = mail.text.partition("4. 3 people")[2].partition("4. 3 people")[2]
    assert shared.count("Dear Yasir Naqvi:") == 1
    assert "The campaign’s wording varies." not in shared
    assert [f"Citizen {name}, Ottawa" in shared for name in NAMES[:3]] == [True] * 3
    assert "6 letters, 2 with own words, 6 from your riding" in mail.text


def test_every_word_of_every_letter_is_in_the_text_and_in_the_html(store: Sessions) -> None:
    write_letters(store, 12)
    mail = the_mail(store)
    soup = BeautifulSoup(mail.html, "html.parser")
    html = " ".join(soup.get_text(" ").split())
    text = " ".join(words(mail.text))
    with store() as session:
        stored = session.scalars(select(StoredLetter)).all()
        letters = [from_json(one.letter or "") for one in stored]
    for letter in letters:
        for paragraph in letter.paragraphs:
            assert " ".join(words(paragraph.text)) in text
            assert " ".join(paragraph.text.split()) in html


def test_text_and_html_say_the_same(store: Sessions) -> None:
    write_letters(store, 12)
    send(store, 9000, own="One sentence of my own.")
    mail = the_mail(store)
    soup = BeautifulSoup(mail.html, "html.parser")
    for title in soup.select("title"):
        title.decompose()
    for line_break in soup.select("br"):
        line_break.replace_with("\n")
    assert sorted(words(soup.get_text("\n", strip=False))) == sorted(words(mail.text))


def test_letters_of_one_text_in_other_wordings_are_together_with_what_differs(store: Sessions) -> None:
    send(store, 1)
    send(store, 2, wording="I write to you as somebody who lives here.")
    send(store, 3)
    mail = the_mail(store)
    assert len(headings(mail)) == 1
    assert mail.text.count("I write to you as somebody who lives here.") == 1
    _, _, others = mail.text.partition("Differences")
    assert "Citizen Two, Ottawa" in others
    assert "Citizen Three, Ottawa" not in others


def test_a_letter_in_another_language_is_marked_so_and_is_no_duplicate(store: Sessions) -> None:
    send(store, 1)
    send(store, 2, language=Language.FR)
    mail = the_mail(store)
    soup = BeautifulSoup(mail.html, "html.parser")
    assert len(headings(mail)) == 2
    assert {one["lang"] for one in soup.select("div[lang]")} == {"en", "fr"}
    assert (mail.language, soup.html and soup.html["lang"]) == (Language.EN, "en")


def test_each_writer_can_be_answered_and_nobody_by_a_reply_to_all(store: Sessions) -> None:
    for number in range(2):
        send(store, number)
    send(store, 3, own="My own words, for once.")
    mail = the_mail(store)
    links = {one["href"] for one in BeautifulSoup(mail.html, "html.parser").select("a[href^=mailto]")}
    subject = "Re%3A%20"
    assert len(links) == 3
    assert all(subject in str(link) for link in links)
    assert {str(link).partition("?")[0] for link in links} == {f"mailto:c{one}@example.ca" for one in (0, 1, 3)}
    assert mail.reply_to is None
    parsed = message_from_bytes(to_mail(mail, at=MORNING), policy=default)
    assert parsed["Reply-To"] is None
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["X-Campaign"] == CAMPAIGN
    assert parsed["List-Id"] == f"<{CAMPAIGN}.lettres.example.ca>", "one rule sorts letters and digests of a campaign"
    assert parsed["To"] == "Member mp-1 <mp-1@parl.example>"
    assert parsed["From"] == "Lettres citoyennes <lettres@example.ca>"


def test_a_name_carries_neither_a_link_nor_html(store: Sessions) -> None:
    send(store, 1, own="My words.", name='Camille "<b>" evil.com\r\nBcc: all@example.com'[:40])
    mail = the_mail(store)
    [title] = headings(mail)
    assert title.startswith("1. Camille b evil. com")
    assert "<b>" not in mail.html.partition("Contents")[0]
    assert 'Camille "<b>"' not in mail.html


def test_what_is_said_of_the_postal_code_is_what_is_known(store: Sessions) -> None:
    for number, match in enumerate((*RidingMatch, None)):
        send(store, number, own=f"These are my {number} words.", match=match)
    mail = the_mail(store)
    counts = "1 from your riding, 1 perhaps from your riding, 1 from another riding"
    assert f"5 letters, 5 with own words, {counts}" in mail.text
    assert mail.text.count("postal code in your riding") == 1
    contents, _, letters = mail.text.partition("====")
    for said in ("postal code perhaps in your riding", "postal code in another riding", "no postal code given"):
        assert contents.count(f": 5 own words, {said}") == 1
        assert letters.count(said) == 1


def test_the_contents_say_how_own_words_begin(store: Sessions) -> None:
    send(store, 1)
    send(store, 2, own="Ma sœur attend depuis deux ans. " + "Personne ne répond. " * 20, language=Language.FR)
    send(store, 3, own="My neighbours ask me about this.")
    mail = the_mail(store)
    contents = mail.text.partition("====")[0]
    assert "3 own words" not in contents
    assert "| My neighbours ask me about this.\n" in contents
    [excerpt] = re.findall(r"(?m)^\| (Ma sœur.*)$", contents)
    assert excerpt.endswith("…")
    assert len(excerpt) <= MAX_EXCERPT
    html = BeautifulSoup(mail.html.partition("<h2 style")[0], "html.parser")
    assert [one.get_text() for one in html.select("p[lang=fr]")] == [excerpt]
    assert "campaign’s text, no own words\n\n" in contents


def test_how_letters_are_verified_is_said_in_the_language_of_the_mail(store: Sessions) -> None:
    send(store, 1, own="Quelques mots à moi.", language=Language.FR)
    send(store, 2, language=Language.FR)
    mail = the_mail(store)
    assert len(re.findall(r"(?m)^To check this letter: lettres\.example\.ca/v/[0-9A-Z-]+$", mail.text)) == 2
    links = BeautifulSoup(mail.html, "html.parser").select('a[href*="/v/"]')
    assert ["To check this letter:" in str(link.parent) for link in links] == [True, True]
    assert "Pour vérifier" not in mail.text + mail.html


def test_a_digest_waits_while_a_campaign_says_not_who_answers_for_it(store: Sessions) -> None:
    send(store, 1)
    [digest] = make_all(store)
    with store() as session, pytest.raises(TryLater) as later:
        the_digest_mails(needs_contact=True).digest(session, digest.id, "0" * 32)
    assert (later.value.reason, later.value.counts) == (NO_CONTACT, False)


def test_a_test_site_says_so_first(store: Sessions) -> None:
    send(store, 1)
    [digest] = make_all(store)
    with store() as session:
        mail = the_digest_mails(test_mode=True).digest(session, digest.id, "0" * 32)
    assert mail.text.partition("Contents")[0].count("Test site: nothing is really sent.") == 1


def test_simple_mail_programs_can_show_it(store: Sessions) -> None:
    write_letters(store, 6)
    mail = the_mail(store)
    soup = BeautifulSoup(mail.html, "html.parser")
    assert not soup.select("style, link, script, img, mark, section, article, [class]")
    assert not re.search(r"flex|grid|position:|float|background-image|url\(|var\(|calc\(|max-height", mail.html)
    anchors = {one["href"] for one in soup.select('a[href^="#"]')}
    names = {f"#{one['name']}" for one in soup.select("a[name]")}
    assert anchors == names == {f"#{one['id']}" for one in soup.select("h3[id]")}
    assert [one.name for one in soup.select("h1, h2")][:2] == ["h1", "h2"]


def test_letters_of_two_campaigns_are_apart_and_the_one_with_more_is_first(store: Sessions) -> None:
    for number in range(3):
        send(store, number)
    with store.begin() as session:
        other = session.scalars(select(StoredLetter)).first()
        assert other is not None
        other.campaign = "another-campaign"
    mail = the_mail(store)
    soup = BeautifulSoup(mail.html, "html.parser")
    assert [one.get_text() for one in soup.select("h2")] == [
        "Contents",
        "Protecting children online",
        "another-campaign",
    ]
    assert [one.partition(". ")[0] for one in headings(mail)] == ["1", "2"]
    assert mail.headers == {
        "X-Campaign": f"another-campaign, {CAMPAIGN}",
        "List-Id": "<digest.lettres.example.ca>",
    }
