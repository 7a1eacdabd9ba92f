"""A mail server that cannot be reached for days: nothing fails, everybody is told in time, and all leave afterwards."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from advocacy.delivery.models import Message
from advocacy.delivery.outages import MAX_FAILURES, REST
from advocacy.delivery.states import State
from advocacy.providers.smtp import Smtp
from tests.faults.place import Place, Trial

AWAY = timedelta(hours=58)
TOLD_WITHIN = timedelta(minutes=5)
OUTAGE = "The mail service has accepted no e-mail"
LOOK, SWEEP = timedelta(minutes=10), timedelta(hours=1)


def mail_server_is_away(place: Place, letters: int) -> Trial:
    """Refuse every connection for 58 hours, to two workers, then take mail again."""
    return Trial(letters, 1, tuple(_away(place, letters)))


def _away(place: Place, letters: int) -> Iterator[str]:
    newest = place.newest()
    place.letters(letters)
    before, began = place.sink.copies().total(), place.clock.now()
    told_at = _told_while_away(place)
    if told_at is None or told_at - began > TOLD_WITHIN:
        yield f"/readyz told of it at {told_at}"
    with place.runtime.sessions() as session:
        met = session.execute(select(Message.state, Message.tries).where(Message.id > newest)).all()
    waiting = [message for message in met if message.state is State.READY]
    if len(waiting) < letters or sum(message.tries for message in waiting) >= MAX_FAILURES:
        yield f"of {letters} letters {len(waiting)} wait: {met}"
    place.clock.skip(REST)
    worker = place.worker()
    worker.deliver()
    if (first := place.sink.copies().total() - before) != 1:
        yield f"{first} left at once when the server was back"
    while worker.deliver():
        pass
    worker.close()
    place.settle()
    if (told := place.outages_told()) != "out back":
        yield f"told of the outage: {told}"
    if OUTAGE in (said := _ready(place)):
        yield f"/readyz says afterwards: {said}"


def _told_while_away(place: Place) -> datetime | None:
    """Let two workers try for the whole time; return when /readyz told of it first."""
    nobody = Smtp(f"smtp://127.0.0.1:{_closed_port()}", now=place.clock.now)
    running = [place.worker(nobody), place.worker(nobody)]
    until, told_at, swept_at = place.clock.now() + AWAY, None, datetime.min.replace(tzinfo=UTC)
    while place.clock.now() < until:
        if place.clock.now() - swept_at >= SWEEP:
            running[0].sweep()
            swept_at = place.clock.now()
        for worker in running:
            worker.deliver()
        if told_at is None and OUTAGE in _ready(place):
            told_at = place.clock.now()
        place.clock.skip(LOOK if told_at else timedelta(seconds=15))
    return told_at


def _ready(place: Place) -> str:
    return place.app.test_client().get("/readyz").text


def _closed_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
        return port
