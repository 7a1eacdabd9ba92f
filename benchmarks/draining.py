"""An outbox full of confirmed letters, emptied by so many processes of ours as a site may run."""

import multiprocessing
import resource
import time
from dataclasses import dataclass
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import KEYS_IN_SESSION, LEDGER_IN_SESSION, make_engine, make_sessions
from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.delivery.worker import Worker
from advocacy.dispatch import make_kinds, make_provider
from advocacy.letters.confirmation import confirm
from advocacy.letters.models import MessageKind
from advocacy.runtime import Runtime
from advocacy.settings import Settings
from benchmarks import sinks, stores
from benchmarks.many_letters import confirmation_of
from benchmarks.stores import KEYS, NOW

WARM = 8
"""Letters that go before those that count, for each process: one that has been at work knows its statements."""
PATIENCE, A_BREATH = 60.0, 0.01
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast mails left: how many a second, and the seconds of processor time (user and system) of one.

    The processor time is that of the processes that send, and of no sink and no database.
    """

    per_second: float
    cpu_each: float


def cpu_of_process() -> float:
    """Return the seconds of processor time that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def drained(site: Runtime, port: int, *, letters: int, workers: int) -> Speed:
    """Confirm letters, let workers hand them over, each with the mail that tells of it; return how fast they left."""
    _confirmed(site, WARM * workers)
    site.engine.dispose()  # a connection may not be shared by two processes
    forked = multiprocessing.get_context("fork")
    warm, begin = forked.Barrier(workers + 1), forked.Barrier(workers + 1)
    spent: SimpleQueue[float] = forked.SimpleQueue()
    processes = [forked.Process(target=_work, args=(site.settings, (warm, begin), spent)) for _ in range(workers)]
    for process in processes:
        process.start()
    warm.wait(PATIENCE)
    _confirmed(site, letters)
    before, started = sinks.mails_taken(port), time.perf_counter()
    begin.wait(PATIENCE)
    for process in processes:
        process.join()
    passed = time.perf_counter() - started
    assert sinks.mails_taken(port) - before == 2 * letters, "a mail is missing"
    return Speed(2 * letters / passed, sum(spent.get() for _ in processes) / (2 * letters))


def _work(settings: Settings, barriers: tuple[Barrier, Barrier], spent: "SimpleQueue[float]") -> None:
    """Deliver as a process of `advocacy worker` does: some letters, and then those that count."""
    engine = make_engine(settings.database_url)
    sessions = make_sessions(engine)
    # As a site has it: what is handed over is noted in the erasure ledger too.
    sessions.configure(info={KEYS_IN_SESSION: lambda: KEYS, LEDGER_IN_SESSION: settings.ledger_folder})
    worker = Worker(
        sessions,
        make_provider(settings, now=lambda: NOW),
        make_kinds(settings, KEYS, now=lambda: NOW),
        now=lambda: NOW,
        chance=lambda: 0.5,
        on_alert=print,
        per_hour=0,
    )
    _empty(worker, sessions)
    for barrier in barriers:
        barrier.wait(PATIENCE)
    busy = cpu_of_process()
    _empty(worker, sessions)
    spent.put(cpu_of_process() - busy)
    worker.close()
    engine.dispose()


def _empty(worker: Worker, sessions: sessionmaker[Session]) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        while worker.deliver():
            pass
        if not _are_some_left(sessions):
            break
        assert time.monotonic() < until, "messages wait that do not leave"
        time.sleep(A_BREATH)  # the others finish what is in their hands


def _are_some_left(sessions: sessionmaker[Session]) -> bool:
    """Return whether a worker sends a letter: the mail about it is added when the result is written."""
    with sessions() as session:
        return (
            session.scalar(select(Message.id).where(Message.state.in_((State.READY, State.SENDING))).limit(1))
            is not None
        )


def _confirmed(site: Runtime, letters: int) -> None:
    """Send letters in and confirm each; the mails that asked for it count as gone."""
    forms = [stores.a_form() for _ in range(letters)]
    with site.sessions.begin() as session:
        for form in forms:
            stores.send_in(session, form)
        session.execute(update(Message).where(Message.kind == MessageKind.CONFIRMATION).values(state="accepted"))
    with site.sessions.begin() as session:
        for form in forms:
            assert confirm(session, confirmation_of(session, form), now=NOW, per_hour=0)
