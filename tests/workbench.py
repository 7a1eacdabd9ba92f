"""A worker with everything around it in reach: its provider answers as told, and its clock is moved by hand."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from advocacy.delivery import holds, outbox
from advocacy.delivery.models import Message
from advocacy.delivery.provider import Accepted, Envelope, Kind, Mailbox
from advocacy.delivery.states import State
from advocacy.delivery.worker import Worker
from advocacy.language import Language

Sessions = sessionmaker[Session]
Answer = Accepted | Exception
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
CANARY = "canari-7f3a"


class Scripted:
    """A provider that answers as told, then accepts; `during` happens while it is asked."""

    name = "scripted"
    rehearses = True

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.sent: list[str] = []
        self.during: Callable[[], object] = lambda: None

    def send(self, envelope: Envelope) -> Accepted:
        self.sent.append(envelope.subject)
        self.during()
        answer = self.answers.pop(0) if self.answers else Accepted("given")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        pass


class Bench:
    """A worker with everything around it in reach."""

    def __init__(self, sessions: Sessions, *, per_hour: int = 0) -> None:
        self.sessions, self.provider, self.time, self.per_hour = sessions, Scripted(), NOW, per_hour
        self.told: list[tuple[str, State]] = []
        self.alerts: list[str] = []
        self.erased: list[str] = []
        self.contents: dict[str, Exception] = {}
        self.telling: Exception | None = None
        self.kinds = {"letter": Kind(self.content, self.tell)}
        self.worker = self.another()

    def another(self) -> Worker:
        return Worker(
            self.sessions,
            self.provider,
            self.kinds,
            now=lambda: self.time,
            chance=lambda: 0.0,
            on_alert=self.alerts.append,
            per_hour=self.per_hour,
            on_erased=lambda: self.erased.append("told"),
        )

    def content(self, session: Session, ref: str, public_id: str) -> Envelope:
        if ref in self.contents:
            raise self.contents[ref]
        person = Mailbox("", "someone@example.org")
        return Envelope(public_id, person, person, None, ref, "", "", Language.FR, automatic=False)

    def tell(self, session: Session, moved: Sequence[tuple[str, State]], now: datetime) -> None:
        if self.telling is not None:
            session.execute(update(Message).values(reason=CANARY))
            raise self.telling
        self.told += moved

    def put(self, ref: str = "one", kind: str = "letter", *, pace_key: str | None = None) -> None:
        with self.sessions.begin() as session:
            outbox.put(session, kind, ref, now=NOW, pace_key=pace_key, per_hour=self.per_hour)

    def message(self, ref: str = "one", kind: str = "letter") -> Message:
        with self.sessions() as session:
            found = outbox.find(session, kind, ref)
        assert found is not None
        return found

    def held(self) -> str | None:
        with self.sessions() as session:
            hold = holds.current(session)
        return hold.reason if hold else None

    def later(self, wait: timedelta) -> None:
        self.time += wait
