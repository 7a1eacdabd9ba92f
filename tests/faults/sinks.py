"""The far ends that letters are handed to: each can take, take and hold its answer, take and lose it, or be broken."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from email.parser import BytesHeaderParser
from enum import Enum, auto
from pathlib import Path
from typing import Protocol, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from advocacy.delivery.provider import Provider
from advocacy.providers.sendgrid import Sendgrid
from advocacy.providers.smtp import Smtp
from tests.fakes.sendgrid import API_KEY, FakeSendgrid
from tests.fakes.sendgrid_answers import LOST_202, TAKEN, Answer, refusing
from tests.providers.mail_server import CLOSE, MailServer

HELD_FOR = 24.0
"""Seconds that an answer is held: less than a worker waits for it, more than a test needs to kill that worker."""


class Mood(Enum):
    """What a far end does with what it is given."""

    TAKES = auto()
    HOLDS = auto()
    LOSES = auto()
    BROKEN = auto()
    REFUSES = auto()
    """By a policy, for good."""
    LIMITS = auto()
    """Because so many have been sent today."""


class Sink(Protocol):
    """A far end. Enter it before it is used."""

    name: str
    reports: bool

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def become(self, mood: Mood) -> None:
        """Do this with all that comes from now on."""
        ...

    def settings(self, port: int = 0) -> Mapping[str, str]:
        """Return the environment of a process that hands letters over here, or at another `port` of this machine."""
        ...

    def provider(self, now: Callable[[], datetime]) -> Provider:
        """Return what hands letters over from inside this process."""
        ...

    def copies(self) -> Counter[str]:
        """Count the copies taken, by the public id of their message."""
        ...


class SendgridSink(FakeSendgrid, AbstractContextManager["SendgridSink"]):
    """The fake SendGrid; its journal is on disk."""

    name = "sendgrid"
    reports = True

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    def become(self, mood: Mood) -> None:
        self.otherwise = {
            Mood.TAKES: TAKEN,
            Mood.HOLDS: Answer(pause=HELD_FOR),
            Mood.LOSES: LOST_202,
            Mood.BROKEN: refusing(500),
            Mood.REFUSES: refusing(403),
            Mood.LIMITS: refusing(429),
        }[mood]

    def settings(self, port: int = 0) -> Mapping[str, str]:
        url = f"https://127.0.0.1:{port}" if port else self.url
        return {
            "ADVOCACY_PROVIDER": "sendgrid",
            "ADVOCACY_SENDGRID_API_KEY": API_KEY,
            "ADVOCACY_SENDGRID_API_URL": url,
            "ADVOCACY_SENDGRID_WEBHOOK_PUBLIC_KEY": self.public_key,
            "SSL_CERT_FILE": self.ca_certs or "",
        }

    def provider(self, now: Callable[[], datetime]) -> Provider:
        return Sendgrid(API_KEY, self.url, ca_certs=self.ca_certs)

    def copies(self) -> Counter[str]:
        return Counter(self.taken)


class SmtpSink(MailServer):
    """A mail server, whose Message-ID is known by the message's public id."""

    name = "smtp"
    reports = False

    def __init__(self, folder: Path, *, takes: float = 0.0) -> None:
        """`takes` are the seconds it takes for each letter."""
        super().__init__()
        self._holds, self._takes = False, takes

    def stop(self) -> None:
        self._holds = False
        super().stop()

    def become(self, mood: Mood) -> None:
        self._holds = mood is Mood.HOLDS
        self.answers = {
            Mood.LOSES: {"DATA": CLOSE},
            Mood.BROKEN: {"DATA": "451 4.3.0 try later"},
            Mood.REFUSES: {"DATA": "550 5.7.1 refused by policy"},
            Mood.LIMITS: {"RCPT": "550 5.4.5 Daily sending limit"},
        }.get(mood, {})

    def settings(self, port: int = 0) -> Mapping[str, str]:
        return {"ADVOCACY_PROVIDER": "smtp", "ADVOCACY_SMTP_URL": f"smtp://127.0.0.1:{port or self.port}"}

    def provider(self, now: Callable[[], datetime]) -> Provider:
        return Smtp(self.url, now=now)

    def copies(self) -> Counter[str]:
        head = BytesHeaderParser().parsebytes
        ids = (str(head(taken.content)["Message-ID"]) for taken in tuple(self.taken))
        return Counter(id_.strip("<>").partition("@")[0] for id_ in ids)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self._takes)
        said = await super().handle_DATA(server, session, envelope)
        while self._holds:
            await asyncio.sleep(0.05)
        return said
