"""A bell for the workers: whoever puts a message rings, and a ring that is lost costs seconds, never a message."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from huey import RedisHuey, SqliteHuey
from redis import ConnectionPool

log = logging.getLogger(__name__)

NAME = "advocacy"
FILE = "wake.sqlite3"
RING = b"wake"
MOST_RINGS = 100
"""Rings that nobody hears are not piled up."""
LISTEN_EVERY = 0.2
"""Seconds between looks into the queue."""
PATIENCE = 2.0
"""Seconds a page may lose to a queue that does not answer."""


class Waker:
    """The bell; what lies in its queue is never read, so nothing in there can do harm.

    Opened when first used, so that processes may part before. No queue at all is a bell that never rings.
    """

    def __init__(self, open_queue: Callable[[], Any] | None) -> None:
        self._open = open_queue
        self._queue: Any = None

    @classmethod
    def of(cls, queue_url: str, database_file: Path | None) -> "Waker":
        """Ring by Redis where there is a URL, else by a file beside an SQLite database, else not at all."""
        if queue_url:
            return cls(lambda: _redis(queue_url))
        if database_file is not None:
            return cls(lambda: _file(database_file.with_name(FILE)))
        return cls(None)

    def ring(self) -> None:
        """Wake a worker, after the commit; never raises, as the workers look by themselves every few seconds."""
        if self._open is None:
            return
        try:
            queue = self._opened()
            if queue.queue_size() < MOST_RINGS:
                queue.enqueue(RING)
        except Exception as error:  # whatever is wrong with it, the letter is safe in the outbox
            log.warning("the wake-up queue failed (%s); workers look by themselves", type(error).__name__)

    def wait(self, seconds: float, stop: threading.Event | None = None) -> None:
        """Wait for a ring, at most `seconds` or until told to stop; without a queue that works, just wait."""
        stop = stop or threading.Event()
        left = seconds
        while left > 0 and not stop.is_set() and not self._rang():
            stop.wait(min(LISTEN_EVERY, left))
            left -= LISTEN_EVERY

    def close(self) -> None:
        """Let go of the queue."""
        if self._queue is not None:
            self._queue.close()
            self._queue = None

    def _rang(self) -> bool:
        if self._open is None:
            return False
        try:
            return self._opened().dequeue() is not None
        except Exception as error:  # a worker without a bell still looks every few seconds
            log.debug("the wake-up queue failed (%s)", type(error).__name__)
            return False

    def _opened(self) -> Any:
        if self._queue is None and self._open is not None:
            self._queue = self._open()
        return self._queue


def _redis(url: str) -> Any:
    pool = ConnectionPool.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
    return RedisHuey(NAME, results=False, connection_pool=pool, blocking=False).storage


def _file(path: Path) -> Any:
    # A ring need not outlive a power cut.
    return SqliteHuey(NAME, results=False, filename=str(path), timeout=PATIENCE, fsync=False).storage
