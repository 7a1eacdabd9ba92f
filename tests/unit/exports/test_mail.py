"""The mail that leaves says its words twice, to one address, in lines that every server carries."""

from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.delivery.provider import Mailbox, Refused
from advocacy.exports.format import ExportOptions
from advocacy.exports.mail import ascii_address, sender_domain, to_eml, to_mail
from advocacy.exports.text import to_body, writable
from advocacy.language import Language
from advocacy.letters.letter import Letter
from tests.builders import TODAY, a_member
from tests.providers.benches import NOW, an_envelope, read
from tests.unit.exports.golden import a_letter, everything

REAL, TESTED = ExportOptions(TODAY), ExportOptions(TODAY, test_recipient="essai@example.ca")
"""RFC 5322, 2.1.1: what a line should not exceed."""


def draft(letter: Letter, options: ExportOptions = REAL) -> bytes:
    return to_eml([letter], options)


def opened_draft(letter: Letter, options: ExportOptions = REAL) -> EmailMessage:
    mail = message_from_bytes(draft(letter, options), policy=SMTP)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    return mail


@pytest.mark.parametrize("letter", everything().values(), ids=list(everything()))
def test_a_draft_says_the_letter_under_its_subject(letter: Letter) -> None:
    mail = opened_draft(letter)
    assert mail["Subject"] == letter.subject
    assert mail.get_content().replace("\r\n", "\n") == to_body(letter)


def test_a_draft_is_an_unsent_plain_text_and_says_nothing_more() -> None:
    mail = opened_draft(a_letter())
    assert [name.title() for name in mail] == [
        *("X-Unsent", "To", "Subject", "Content-Language", "Mime-Version"),
        *("Content-Type", "Content-Transfer-Encoding"),
    ]
    assert mail["X-Unsent"] == "1"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"
    assert mail["Content-Transfer-Encoding"] == "quoted-printable"


def test_a_draft_goes_to_the_legislator_by_name() -> None:
    [to] = opened_draft(a_letter())["To"].addresses
    assert (to.display_name, to.addr_spec) == ("Yasir Naqvi", "yasir.naqvi@parl.example")


def test_a_test_recipient_stands_in_for_every_legislator_and_bears_no_ones_name() -> None:
    mail = opened_draft(a_letter(), TESTED)
    assert mail["To"] == "essai@example.ca"
    assert b"parl.example" not in draft(a_letter(), TESTED)


@pytest.mark.parametrize("options", [REAL, TESTED])
def test_without_an_address_there_is_no_to(options: ExportOptions) -> None:
    assert opened_draft(a_letter(recipient=a_member(email=None)), options)["To"] is None
    assert opened_draft(a_letter(recipient=a_member(email="")), options)["To"] is None


@pytest.mark.parametrize("address", ["a@b.ca\r\nBcc: c@d.ca", "a@b.ca, c@d.ca", "<a@b.ca>", "a b@c.ca", "é@b.ca", "a"])
def test_what_is_no_one_address_is_left_to_the_citizen(address: str) -> None:
    mail = opened_draft(a_letter(recipient=a_member(email=address)))
    assert mail["To"] is None
    assert mail["Bcc"] is None


DRAFT_HEADERS = set(opened_draft(a_letter()))


@given(st.text(max_size=300) | st.text(st.sampled_from("aé \u00a0=?_:,\r\nᓄ"), max_size=120))
def test_a_subject_is_read_back_as_it_is_whatever_it_holds(subject: str) -> None:
    wanted = writable(subject)
    mail = message_from_bytes(draft(a_letter(subject=subject)))
    assert set(mail) == DRAFT_HEADERS
    subject = str(make_header(decode_header(mail["Subject"].replace("\r\n", ""))))
    assert subject.strip(" ") == wanted.strip(" ")


@pytest.mark.parametrize(("language", "said"), [(Language.FR, "fr, en"), (Language.EN, "en")])
def test_a_draft_says_the_languages_it_is_in_the_letters_first(language: Language, said: str) -> None:
    assert opened_draft(a_letter(language))["Content-Language"] == said


LONGEST_LINE = 78
"""RFC 5322, 2.1.1: what a line should not exceed."""
HEADERS = [
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Content-Language", "MIME-Version", "Content-Type")
]


def opened(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content, policy=SMTP)
    assert isinstance(mail, EmailMessage)
    return mail


def test_it_has_these_headers_and_no_other() -> None:
    assert opened(to_mail(an_envelope(), at=NOW)).keys() == HEADERS


def test_its_two_parts_say_the_same_the_plainer_first() -> None:
    mail = opened(to_mail(an_envelope(), at=NOW))
    assert mail.get_content_type() == "multipart/alternative"
    parts = list(mail.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert {part.get_content_charset() for part in parts} == {"utf-8"}
    assert {part["Content-Transfer-Encoding"] for part in parts} == {"quoted-printable"}
    assert not list(mail.iter_attachments())


@pytest.mark.parametrize(
    "text",
    ["mot " * 500 + "\n.\n..\nFrom x\n", "mot " * 500, "é" * 500, "a \r\nb\t\rc\n\n"],
    ids=["lines that mail reads otherwise", "one long line", "one long line of accents", "line ends of every sort"],
)
def test_every_line_is_short_plain_and_ends_as_mail_does(text: str) -> None:
    content = to_mail(an_envelope(subject="à" * 500, text=text), at=NOW)
    assert content.isascii()
    assert content.count(b"\r") == content.count(b"\n") == content.count(b"\r\n")
    assert content.endswith(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= LONGEST_LINE


def test_its_number_is_the_envelopes_at_the_senders_domain_whenever_it_is_made() -> None:
    early, late = (to_mail(an_envelope(), at=at) for at in (NOW, NOW + timedelta(days=1)))
    assert opened(early)["Message-ID"] == opened(late)["Message-ID"]
    assert opened(early)["Message-ID"] == "<0123456789abcdef0123456789abcdef@campagne.example>"


@given(st.text(max_size=300) | st.text(st.sampled_from('aé \u00a0=?_:,\r\nᓄ<>@"\\'), max_size=120))
def test_whatever_is_typed_the_mail_is_one_mail_to_one_address(typed: str) -> None:
    reply_to = Mailbox(typed, "camille.essai@example.ca")
    content = to_mail(an_envelope(subject=typed, text=typed, html=typed, reply_to=reply_to), at=NOW)
    assert opened(content).keys() == HEADERS
    mail = read(content)
    assert mail.to == an_envelope().to
    assert mail.subject.strip(" ") == writable(typed).strip(" ")
    assert mail.reply_to is not None
    assert mail.reply_to.address == reply_to.address
    assert mail.text == typed.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("surrogate", ["\ud800", "a\udcff"])
def test_what_no_mail_can_hold_is_left_out(surrogate: str) -> None:
    mail = read(to_mail(an_envelope(subject=f"b{surrogate}", text=f"b{surrogate}"), at=NOW))
    assert mail.subject == mail.text == "b" + surrogate[:-1]


def test_a_text_that_looks_like_the_end_of_a_part_ends_nothing() -> None:
    boundary = f"--=_{an_envelope().id}--"
    assert read(to_mail(an_envelope(text=f"{boundary}\nmore\n"), at=NOW)).text == f"{boundary}\nmore\n"


@pytest.mark.parametrize(
    ("address", "written"),
    [("o'brien@Example.CA", "o'brien@example.ca"), ("a@faß.example", "a@xn--fa-hia.example"), ("x@y.test", "x@y.test")],
)
def test_an_address_is_written_as_every_server_takes_it(address: str, written: str) -> None:
    assert ascii_address(Mailbox("", address)) == written
    assert sender_domain(an_envelope(sender=Mailbox("", address))) == written.partition("@")[2]


@pytest.mark.parametrize("id_", ["", "a b", "a@b", "a>\r\nBcc: x", "../x", "é", "a" * 65])
def test_a_number_that_could_be_anything_else_is_refused(id_: str) -> None:
    with pytest.raises(Refused, match=r"^id$"):
        to_mail(an_envelope(id=id_), at=NOW)
