"""Each provider on a bench: what it is, what has left by it, and how to put it out of reach. One line in BENCHES each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses
from pathlib import Path
from typing import Any

from advocacy.delivery.provider import Envelope, Mailbox, Provider
from advocacy.language import Language
from advocacy.providers.mail_folder import MailFolder
from advocacy.providers.sendgrid import Sendgrid
from advocacy.providers.smtp import Smtp
from tests.fakes.sendgrid import FakeSendgrid
from tests.providers.mail_server import MailServer

NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)


IN_A_FIELD = frozenset({"From", "To", "Reply-To", "Subject", "Message-ID"})


def now() -> datetime:
    return NOW


@dataclass(frozen=True)
class Arrived:
    """A message as whoever is behind the provider has it."""

    id: str
    sender: Mailbox
    to: Mailbox
    reply_to: Mailbox | None
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    """Those of no field above, as they came."""


@dataclass(frozen=True)
class Bench:
    provider: Provider
    arrived: Callable[[], Sequence[Arrived]]
    out_of_reach: Callable[[], Any]


def an_envelope(**different: Any) -> Envelope:
    """A letter in French to the member for Ottawa Centre."""
    envelope = Envelope(
        id="0123456789abcdef0123456789abcdef",
        sender=Mailbox("Camille Essai via Enfance en ligne", "lettres@campagne.example"),
        to=Mailbox("Yasir Naqvi", "yasir.naqvi@parl.example"),
        reply_to=Mailbox("Camille Essai", "camille.essai@example.ca"),
        subject="Protéger les enfants\u00a0: ce que j’attends de vous",
        text="Bonjour,\n\n.\n95\u00a0% des «\u00a0parents\u00a0» le disent.\nFrom moi à vous.\n",
        html='<!doctype html>\n<html lang="fr"><p>95\u00a0% des «\u00a0parents\u00a0» le disent.</p></html>\n',
        language=Language.FR,
        automatic=False,
    )
    return replace(envelope, **different)


def read(content: bytes) -> Arrived:
    """Read a mail; a name's words by RFC 2047, since the newer policies read spaces between them that are not there."""
    mail, headers = message_from_bytes(content, policy=SMTP), message_from_bytes(content)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    text, html = (part.get_content().replace("\r\n", "\n") for part in mail.iter_parts())
    reply_to = _mailbox(headers["Reply-To"]) if headers["Reply-To"] else None
    public_id = headers["Message-ID"].strip("<>").partition("@")[0]
    sender, to = _mailbox(headers["From"]), _mailbox(headers["To"])
    others = {name: str(value) for name, value in headers.items() if name not in IN_A_FIELD}
    return Arrived(public_id, sender, to, reply_to, _words(headers["Subject"]), text, html, others)


def _mailbox(header: str) -> Mailbox:
    [(name, address)] = getaddresses([header])
    return Mailbox(_words(name), address)


def _words(text: str) -> str:
    return str(make_header(decode_header(text.replace("\r\n", ""))))


@contextmanager
def a_folder(tmp_path: Path) -> Iterator[Bench]:
    path = tmp_path / "outgoing"
    yield Bench(
        MailFolder(path, now=now),
        lambda: [read(file.read_bytes()) for file in sorted(path.glob("*.eml"))],
        lambda: path.write_text("no folder any more"),
    )


@contextmanager
def a_mail_server(tmp_path: Path) -> Iterator[Bench]:
    with MailServer() as server:
        smtp = Smtp(server.url, now=now)
        yield Bench(smtp, lambda: [read(mail.content) for mail in server.taken], server.stop)
        smtp.close()


@contextmanager
def a_fake_sendgrid(tmp_path: Path) -> Iterator[Bench]:
    with FakeSendgrid(tmp_path) as fake:
        sendgrid = Sendgrid(fake.api_key, fake.url, ca_certs=fake.ca_certs)
        yield Bench(sendgrid, lambda: [posted(body) for body in fake.bodies], fake.stop)
        sendgrid.close()


def posted(body: Mapping[str, Any]) -> Arrived:
    """Read a message as SendGrid is given it."""
    [personalization] = body["personalizations"]
    [to] = personalization["to"]
    text, html = (content["value"] for content in body["content"])
    reply_to = Mailbox(_name(body["reply_to"]), body["reply_to"]["email"]) if "reply_to" in body else None
    sender = Mailbox(_name(body["from"]), body["from"]["email"])
    public_id = body["custom_args"]["message_id"]
    to_whom = Mailbox(_name(to), to["email"])
    return Arrived(public_id, sender, to_whom, reply_to, body["subject"], text, html, body.get("headers", {}))


def _name(mailbox: Mapping[str, str]) -> str:
    return mailbox.get("name", "")


BENCHES: Mapping[str, Callable[[Path], AbstractContextManager[Bench]]] = {
    "folder": a_folder,
    "smtp": a_mail_server,
    "sendgrid": a_fake_sendgrid,
}
