"""The mail that leaves says its words twice, to one address, in lines that every server carries."""

import gc
import weakref
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.delivery.provider import Mailbox, Refused
from advocacy.exports.mail import ascii_address, sender_domain, to_mail
from advocacy.exports.text import writable
from advocacy.language import Language
from tests.providers.benches import NOW, an_envelope, read

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


class Address(str):
    """A text whose end can be seen."""


def test_no_address_but_the_senders_stays_in_memory_once_the_mail_is_made() -> None:
    to, reply_to = Address("office@parl.example"), Address("citoyenne@example.org")
    seen = [weakref.ref(one) for one in (to, reply_to)]
    to_mail(an_envelope(to=Mailbox("", to), reply_to=Mailbox("", reply_to)), at=NOW)
    ascii_address(Mailbox("", to))
    del to, reply_to
    gc.collect()
    assert [one() for one in seen] == [None, None]


def test_it_is_dated_with_the_time_that_is_given() -> None:
    at = datetime(2026, 11, 25, 9, 30, tzinfo=timezone(-timedelta(hours=5)))
    assert opened(to_mail(an_envelope(), at=at))["Date"] == "Wed, 25 Nov 2026 09:30:00 -0500"
    assert opened(to_mail(an_envelope(), at=at))["Date"].datetime == NOW.astimezone(UTC)


@pytest.mark.parametrize("language", Language)
def test_it_says_its_language(language: Language) -> None:
    assert opened(to_mail(an_envelope(language=language), at=NOW))["Content-Language"] == language.value


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


def test_u00a0_stays_everywhere() -> None:
    mail = read(to_mail(an_envelope(sender=Mailbox("A\u00a0B", "a@b.ca")), at=NOW))
    assert mail.sender.name == "A\u00a0B"
    assert "\u00a0:" in mail.subject
    assert "95\u00a0%" in mail.text
    assert "95\u00a0%" in mail.html


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
