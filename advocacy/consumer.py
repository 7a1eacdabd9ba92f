"""Huey's consumer as the site runs it: each process also looks into the outbox, and none outlives its parent."""

import logging
import os
import signal
import time
from functools import partial
from typing import Any

from huey.consumer import Consumer, ConsumerStopped, ProcessEnvironment, Scheduler, Worker

from advocacy.tasks import Tasks

log = logging.getLogger(__name__)

STOP_TIMEOUT_S = 28.0
"""How long a task may still run after the consumer was told to stop."""
LOOK_INTERVAL_S = 5.0
"""How often a worker looks for what is due by itself: a queue that is lost, or does not answer, costs these seconds."""
MIN_POLL_S, MAX_POLL_S = 0.1, 0.5
"""How often an SQLite queue is looked into, which cannot wake anybody."""


class ParentEnded(KeyboardInterrupt):
    """The process that started this one has ended; Huey ends a process quietly for a KeyboardInterrupt."""


class OutboxWorker(Worker):  # type: ignore[misc]
    """A worker of the consumer, which also looks into the outbox when no task came for a while."""

    def __init__(self, tasks: Tasks, **options: Any) -> None:
        super().__init__(**options)
        self._tasks, self._parent = tasks, os.getpid()
        self._next_look = 0.0

    def initialize(self) -> None:
        """Take up connections of this process's own."""
        self._tasks.is_stopping = self.stop_flag.is_set
        super().initialize()
        log.info("process %d is sending messages", os.getpid())

    def loop(self, now: Any = None) -> None:
        """Run the next task, if there is one."""
        _raise_without_parent(self._parent)
        super().loop(now)
        if time.monotonic() >= self._next_look and not self.stop_flag.is_set():
            self._tasks.look()
            self._next_look = time.monotonic() + LOOK_INTERVAL_S

    def shutdown(self) -> None:
        """Close what this process opened."""
        super().shutdown()
        self._tasks.close()
        log.info("process %d has stopped sending messages", os.getpid())


class SiteScheduler(Scheduler):  # type: ignore[misc]
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._parent = os.getpid()

    def loop(self, now: Any = None) -> None:
        """Enqueue what is due."""
        _raise_without_parent(self._parent)
        super().loop(now)


class SiteEnvironment(ProcessEnvironment):  # type: ignore[misc]
    """Processes that the consumer alone stops: Ctrl+C and a service manager signal all of them at once."""

    def init_child(self, process: Any) -> None:
        """Have this process finish its task whatever signal it gets, but for the consumer's own."""
        super().init_child(process)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)


class SiteConsumer(Consumer):  # type: ignore[misc]
    """The consumer of a site's tasks: `processes` that deliver, and one more, so that long work stops no letter.

    It ends when `parent`, the process that started it, has ended.
    """

    scheduler_class = SiteScheduler

    def __init__(self, tasks: Tasks, *, processes: int, parent: int | None = None) -> None:
        self._parent, self._is_told_to_stop = parent, False
        self.worker_class = partial(OutboxWorker, tasks)
        super().__init__(
            tasks.queued.huey,
            workers=processes + 1,
            worker_type="process",
            initial_delay=MIN_POLL_S,
            max_delay=MAX_POLL_S,
            health_check_interval=1,
            shutdown_timeout=STOP_TIMEOUT_S,
        )

    def get_environment(self, worker_type: str) -> SiteEnvironment:
        """Return the environment of processes."""
        return SiteEnvironment(signal.SIGINT, signal.SIGUSR1)

    def start(self) -> None:
        """Start the processes; Ctrl+C and a service manager then stop them gracefully, both of them."""
        on_hangup = signal.getsignal(signal.SIGHUP)
        super().start()
        signal.signal(signal.SIGHUP, on_hangup)  # Huey would restart, and lose what the command line opened
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop_soon)

    def _stop_soon(self, number: int, _frame: object) -> None:
        self._is_told_to_stop = True
        signal.signal(number, signal.default_int_handler)  # told twice, the processes are interrupted

    def loop(self, health_check_ts: float | None = None) -> float | None:
        """Look after the processes for a moment."""
        if self._is_told_to_stop or (self._parent is not None and os.getppid() != self._parent):
            self.stop(graceful=True)
            raise ConsumerStopped
        checked_at: float | None = super().loop(health_check_ts)
        return checked_at


def _raise_without_parent(parent: int) -> None:
    """Raise ParentEnded in a process whose consumer was killed."""
    if os.getppid() != parent:
        raise ParentEnded
