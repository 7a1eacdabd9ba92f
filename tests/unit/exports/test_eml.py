"""An e-mail file is a draft: to the legislator, with the subject and the letter, and nothing of who sends it or when."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.exports.format import ExportOptions
from advocacy.exports.mail import to_eml
from advocacy.exports.text import to_body, writable
from advocacy.language import Language
from advocacy.letters.letter import Letter
from tests.builders import TODAY, a_member
from tests.unit.exports.golden import a_letter, everything, golden, of_naughty_words, uncleaned

REAL, TESTED = ExportOptions(TODAY), ExportOptions(TODAY, test_recipient="essai@example.ca")
LONGEST_LINE = 78
"""RFC 5322, 2.1.1: what a line should not exceed."""


def made(letter: Letter, options: ExportOptions = REAL) -> bytes:
    return to_eml([letter], options)


def opened(letter: Letter, options: ExportOptions = REAL) -> EmailMessage:
    mail = message_from_bytes(made(letter, options), policy=SMTP)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    return mail


@pytest.mark.parametrize("letter", everything().values(), ids=list(everything()))
def test_it_says_the_letter_under_its_subject(letter: Letter) -> None:
    mail = opened(letter)
    assert mail["Subject"] == letter.subject
    assert mail.get_content().replace("\r\n", "\n") == to_body(letter)


def test_it_is_an_unsent_plain_text_and_says_nothing_more() -> None:
    mail = opened(a_letter())
    assert [name.title() for name in mail] == [
        *("X-Unsent", "To", "Subject", "Content-Language", "Mime-Version"),
        *("Content-Type", "Content-Transfer-Encoding"),
    ]
    assert mail["X-Unsent"] == "1"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"
    assert mail["Content-Transfer-Encoding"] == "quoted-printable"


def test_every_line_is_short_plain_and_ends_as_mail_does() -> None:
    for name, letter in golden().items():
        written = made(letter)
        assert written.isascii(), name
        assert written.count(b"\r") == written.count(b"\n") == written.count(b"\r\n"), name
        assert max(map(len, written.split(b"\r\n"))) <= LONGEST_LINE, name


def test_it_goes_to_the_legislator_by_name() -> None:
    [to] = opened(a_letter())["To"].addresses
    assert (to.display_name, to.addr_spec) == ("Yasir Naqvi", "yasir.naqvi@parl.example")


def test_a_test_recipient_stands_in_for_every_legislator_and_bears_no_ones_name() -> None:
    mail = opened(a_letter(), TESTED)
    assert mail["To"] == "essai@example.ca"
    assert b"parl.example" not in made(a_letter(), TESTED)


@pytest.mark.parametrize("options", [REAL, TESTED])
def test_without_an_address_there_is_no_to(options: ExportOptions) -> None:
    assert opened(a_letter(recipient=a_member(email=None)), options)["To"] is None
    assert opened(a_letter(recipient=a_member(email="")), options)["To"] is None


@pytest.mark.parametrize("address", ["a@b.ca\r\nBcc: c@d.ca", "a@b.ca, c@d.ca", "<a@b.ca>", "a b@c.ca", "é@b.ca", "a"])
def test_what_is_no_one_address_is_left_to_the_citizen(address: str) -> None:
    mail = opened(a_letter(recipient=a_member(email=address)))
    assert mail["To"] is None
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    "name", ["Éva “X”, Jr.", "محمد", 'A "B" <c@d.ca>', "x, y@z.ca", "a\r\nBcc: c@d.ca", "", "ᓄᓇᕗᑦ", "=?utf-8?q?x?="]
)
def test_a_name_is_a_name_whatever_it_looks_like(name: str) -> None:
    mail = opened(a_letter(recipient=a_member(name=name)))
    [to] = mail["To"].addresses
    assert to.addr_spec == "yasir.naqvi@parl.example"
    assert mail["Bcc"] is None
    if name != "=?utf-8?q?x?=":
        assert to.display_name == writable(name)


@given(st.text(max_size=300) | st.text(st.sampled_from("aé \u00a0=?_:,\r\nᓄ"), max_size=120))
def test_a_subject_is_read_back_as_it_is_whatever_it_holds(subject: str) -> None:
    wanted = writable(subject)
    mail = message_from_bytes(made(a_letter(subject=subject)))
    told = str(make_header(decode_header(mail["Subject"].replace("\r\n", ""))))
    assert told.strip(" ") == wanted.strip(" ")
    assert set(mail) == set(opened(a_letter()))


def test_u00a0_stays_in_the_subject_and_in_the_body() -> None:
    subject = "Pour 95\u00a0% des personnes ayant répondu, « la loi\u00a0» doit obliger\u00a0: 23\u00a0700 voix"
    mail = opened(a_letter(subject=subject))
    assert mail["Subject"] == subject
    assert "23\u00a0700" in mail.get_content()


@pytest.mark.parametrize(("language", "said"), [(Language.FR, "fr, en"), (Language.EN, "en")])
def test_it_says_the_languages_it_is_in_the_letters_first(language: Language, said: str) -> None:
    assert opened(a_letter(language))["Content-Language"] == said


def test_words_that_look_like_headers_stay_words() -> None:
    body = opened(of_naughty_words()).get_content()
    assert "Bcc: x" in body
    assert opened(of_naughty_words())["Bcc"] is None


def test_what_no_file_can_hold_is_left_out_and_the_rest_stands() -> None:
    mail = opened(uncleaned())
    assert mail["Subject"] == writable(uncleaned().subject)
    assert uncleaned().closing in mail.get_content()


def test_the_same_letter_is_the_same_bytes() -> None:
    assert made(a_letter()) == made(a_letter())
