"""One site to break: its database, the far end its letters go to, a clock that is moved by hand, and its citizens."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from flask import Flask
from sqlalchemy import ColumnElement, func, select

from advocacy.app import create_app
from advocacy.delivery import outages
from advocacy.delivery.models import Message, ProviderOutage
from advocacy.delivery.provider import Provider
from advocacy.delivery.states import State
from advocacy.delivery.worker import Worker
from advocacy.dispatch import make_kinds
from advocacy.legislators.legislatures import COMMONS
from advocacy.legislators.models import Legislator, Status
from advocacy.legislators.recipient import Office
from advocacy.letters.confirmation import confirm
from advocacy.letters.models import StoredLetter, Submission, SubmissionStatus
from advocacy.runtime import Runtime, utc_now
from advocacy.secret_keys import signing_key
from advocacy.signed_links import Purpose, SignedLinks
from tests.citizens import KEYS, sent_in
from tests.faults.sinks import Mood, SendgridSink, Sink

NAME, EMAIL = "Canari Septembre", "canari-{}@ecoute.example.ca"
PER_HOUR = 3600
UNSETTLED = (State.READY, State.SENDING, State.UNCERTAIN)
LONGEST = timedelta(hours=12)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = utc_now()

    def now(self) -> datetime:
        """Read it."""
        return self.at

    def set_right(self) -> None:
        """Show the time that the other processes go by."""
        self.at = utc_now()

    def skip(self, time: timedelta) -> None:
        """Let a time pass."""
        self.at += time


@dataclass
class Place:
    """A site, and what was asked of it. `canaries` are words that no log may hold."""

    folder: Path
    runtime: Runtime
    sink: Sink
    environment: Mapping[str, str]
    chance: random.Random
    clock: Clock = field(default_factory=Clock)
    alerts: list[str] = field(default_factory=list)
    canaries: list[str] = field(default_factory=lambda: [NAME, "canari-", "@parl.example", "citizen@example.org"])
    _people: int = 0

    @cached_property
    def app(self) -> Flask:
        """The site's pages in this process, which go by the clock here."""
        return create_app(self.runtime, now=self.clock.now)

    @property
    def database(self) -> str:
        """Name the kind of database."""
        return self.runtime.engine.dialect.name

    def worker(self, provider: Provider | None = None) -> Worker:
        """Make a worker in this process, which goes by the clock here, by the sink or by another `provider`."""
        return Worker(
            self.runtime.sessions,
            provider or self.sink.provider(self.clock.now),
            make_kinds(self.runtime.settings, KEYS, now=self.clock.now),
            now=self.clock.now,
            chance=self.chance.random,
            on_alert=self.alerts.append,
            per_hour=PER_HOUR,
        )

    def outages_told(self) -> str:
        """Return the alerts about outages in a word each, in their order, and take them from the others."""
        words = {"out": " takes no mail ", "back": " takes mail again"}
        found = [(alert, word) for alert in self.alerts for word, part in words.items() if part in alert]
        self.alerts[:] = [alert for alert in self.alerts if alert not in {alert for alert, _ in found}]
        return " ".join(word for _, word in found)

    def settle(self, *, within: timedelta = LONGEST) -> None:
        """Let the time pass that a worker needs until nothing more is to be done."""
        worker, until = self.worker(), self.clock.now() + within
        while True:
            worker.sweep()
            while worker.deliver():
                pass
            if not self.unsettled() or self.clock.now() >= until:
                break
            self.clock.skip(self._until_something_is_due())
        worker.close()

    def unsettled(self) -> int:
        """Count the messages with which something is still to be done."""
        return self._count(Message.state.in_(UNSETTLED))

    def due(self, *, after: int = 0) -> int:
        """Count the messages put after message `after` that a worker may take up now."""
        return self._count((Message.state == State.READY) & (Message.due_at <= utc_now()) & (Message.id > after))

    def in_hand(self, *, after: int = 0) -> int:
        """Count the messages put after message `after` that a worker has taken up and not yet written down."""
        return self._count((Message.state == State.SENDING) & (Message.id > after))

    def _count(self, which: ColumnElement[bool]) -> int:
        with self.runtime.sessions() as session:
            return session.scalar(select(func.count()).select_from(Message).where(which)) or 0

    def _until_something_is_due(self) -> timedelta:
        with self.runtime.sessions() as session:
            waiting = session.scalars(select(Message).where(Message.state.in_(UNSETTLED))).all()
            outage = session.get(ProviderOutage, outages.ONLY_ID)
        moments = (one.lease_until if one.state is State.SENDING else one.due_at for one in waiting)
        until = min(moment for moment in moments if moment)
        if outage is not None:
            until = max(until, outage.rest_until)
        return max(until - self.clock.now(), timedelta(seconds=1))

    def letters(self, number: int) -> Sequence[str]:
        """Let citizens send and confirm so many letters, and one more who never confirms; give their public ids."""
        self.sink.become(Mood.TAKES)
        self.clock.set_right()
        confirmation_ids = [self._asked(min(2, number - done)) for done in range(0, number, 2)]
        self._asked(2)
        self.settle()
        self.clock.set_right()
        for confirmation_id in confirmation_ids:
            self._confirm(confirmation_id)
        return self.waiting()

    def confirmed(self, number: int, *, per_form: int, asks_for_answers: bool = False) -> None:
        """Put so many letters into the outbox, confirmed before their mails have left; none of them is delivered yet."""
        self.clock.set_right()
        for done in range(0, number, per_form):
            self._confirm(self._asked(min(per_form, number - done), asks_for_answers=asks_for_answers))

    def waiting(self) -> Sequence[str]:
        """Return the public ids of what is ready, the first due first."""
        with self.runtime.sessions() as session:
            ready = select(Message.public_id).where(Message.state == State.READY)
            return session.scalars(ready.order_by(Message.due_at, Message.id)).all()

    def newest(self) -> int:
        """Return the id of the newest message."""
        with self.runtime.sessions() as session:
            return session.scalar(select(func.max(Message.id))) or 0

    def report(self, ids: Sequence[str]) -> None:
        """Let the provider report these delivered, each twice and in any order."""
        assert isinstance(self.sink, SendgridSink)
        events = [self.sink.event(id_, "delivered", at=self.clock.now()) for id_ in ids] * 2
        self.chance.shuffle(events)
        body, headers = self.sink.events(*events, at=self.clock.now())
        answer = self.app.test_client().post("/hooks/sendgrid", data=body, headers=headers)
        assert answer.status_code == 204, answer.status

    def unconfirmed(self) -> int:
        """Count the letters that nobody confirmed."""
        with self.runtime.sessions() as session:
            asked = select(func.count()).select_from(StoredLetter).join(Submission)
            return session.scalar(asked.where(Submission.status == SubmissionStatus.AWAITING)) or 0

    def _confirm(self, confirmation_id: str) -> None:
        with self.runtime.sessions.begin() as session:
            assert confirm(session, confirmation_id, now=self.clock.now(), per_hour=PER_HOUR)
        links = SignedLinks(signing_key(self.runtime.settings))
        self.canaries += [links.make(purpose, confirmation_id) for purpose in Purpose]

    def _asked(self, letters: int, *, asks_for_answers: bool = False) -> str:
        self._people += 1
        to = [f"mp-{self._people}-{place}" for place in range(letters)]
        with self.runtime.sessions.begin() as session:
            session.add_all(_member(id_) for id_ in to)
        email = EMAIL.format(self._people)
        return sent_in(
            self.runtime.sessions,
            to=to,
            key=f"form {self._people}",
            email=email,
            name=NAME,
            now=self.clock.now(),
            asks_for_answers=asks_for_answers,
        )


def _member(id_: str) -> Legislator:
    return Legislator(
        id=id_,
        chamber=COMMONS,
        office=Office.MEMBER,
        status=Status.SITTING,
        name=f"Member {id_}",
        email=f"{id_}@parl.example",
        source="a test",
        as_of=date(2026, 11, 1),
    )


Fault = Callable[[Place, int], "Trial"]


@dataclass(frozen=True, slots=True)
class Trial:
    """What one fault did: how often something was killed or refused, and what was at once seen to be wrong.

    `said` are figures of its own.
    """

    times: int
    most_copies: int
    wrong: tuple[str, ...] = ()
    said: str = ""
