"""A mail server of the tests' own: it keeps what it takes, and refuses, closes or falls silent where it is told to."""

import asyncio
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "campaign", "p/ss#word"
CLOSE = "close"
"""In place of an answer: the line breaks."""


@dataclass(frozen=True)
class Taken:
    sender: str
    to: tuple[str, ...]
    content: bytes
    secret: bool
    helo: str


class MailServer:
    """Listens on this machine while it is entered. `answers` says what it answers to MAIL, RCPT and DATA."""

    def __init__(
        self,
        *,
        starttls: ssl.SSLContext | None = None,
        tls: ssl.SSLContext | None = None,
        login: bool = False,
        port: int = 0,
    ) -> None:
        self._starttls, self._tls, self._login = starttls, tls, login
        self.answers: dict[str, str] = {}
        self.taken: list[Taken] = []
        self.lines = self.goodbyes = 0
        self.port = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._open: list[SMTP] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._listening = self._do(self._listen)
        self.port = self._listening.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def stop(self) -> None:
        """Listen no longer, and close every line."""
        self._do(self._close)

    def hang_up(self) -> None:
        """Close every line, as a server does with one that has long been silent."""
        self._do(self._hang_up)

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(self._answer, "127.0.0.1", self.port, ssl=self._tls)

    async def _close(self) -> None:
        self._listening.close()
        await self._hang_up()

    async def _hang_up(self) -> None:
        for line in self._open:
            if line.transport is not None:
                line.transport.close()
        self._open.clear()
        await asyncio.sleep(0)

    def _answer(self) -> SMTP:
        self.lines += 1
        line = SMTP(
            self,
            hostname="mail.example",
            loop=self._loop,
            tls_context=self._starttls,
            require_starttls=self._starttls is not None,
            auth_required=self._login,
            authenticator=_allows if self._login else None,
        )
        self._open.append(line)
        return line

    def _do(self, work: Callable[[], Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work(), self._loop).result(10)

    async def handle_MAIL(self, server: SMTP, _: Session, envelope: Envelope, *sender: Any) -> str:  # noqa: N802
        envelope.mail_from = sender[0]
        return self._said("MAIL", server)

    async def handle_RCPT(self, server: SMTP, _: Session, envelope: Envelope, *to: Any) -> str:  # noqa: N802
        if (said := self._said("RCPT", server)).startswith("250"):
            envelope.rcpt_tos.append(to[0])
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        assert envelope.mail_from is not None
        secret = session.ssl is not None or self._tls is not None
        helo = str(session.host_name)
        said = self._said("DATA", server)
        if said.startswith("250") or said == CLOSE:
            self.taken.append(Taken(envelope.mail_from, tuple(envelope.rcpt_tos), content, secret, helo))
        return said

    async def handle_QUIT(self, *_: Any) -> str:  # noqa: N802
        self.goodbyes += 1
        return "221 Bye"

    def _said(self, step: str, server: SMTP) -> str:
        said = self.answers.get(step, "250 2.0.0 Ok: queued as 4AF31C2E" if step == "DATA" else "250 OK")
        if said == CLOSE:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return said


def _allows(_server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and data == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)
