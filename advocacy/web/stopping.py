"""How a web process stops: it answers who waits in the kernel's queue, instead of resetting their connections."""

import selectors
import time
from concurrent.futures import Future
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

NO_LATER = 2.0
"""Seconds before the end of the graceful time in which whoever could not be answered is told to come again."""
COME_AGAIN = "The site is restarting. Try again in a moment.\nLe site redémarre. Réessayez dans un instant.\n".encode()
UNAVAILABLE = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n\r\n%b"
) % (len(COME_AGAIN), COME_AGAIN)


class StoppingWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threads, but for SIGTERM.

    gunicorn keeps its listening socket open until its last request is answered, and accepts nothing from it: the
    kernel goes on letting clients in, and resets them all when the socket is closed. Here who waits is accepted, then
    the socket is closed, so that who comes later is refused, or waits for the next process where systemd holds it.
    """

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._waiting: dict[Future[Any], Any] = {}
        self._stopping_at: float | None = None

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept or not; a process that stops first accepts who has connected already."""
        super().set_accept_enabled(enabled)
        if enabled or self.alive or self._stopping_at is not None:
            return
        self._stopping_at = time.monotonic()
        for listener in self.sockets:
            with selectors.DefaultSelector() as connected:
                connected.register(listener, selectors.EVENT_READ)
                while self.nr_conns < self.worker_connections and connected.select(0):
                    self.accept(listener)
            listener.close()

    def enqueue_req(self, conn: Any) -> None:
        """Return a connection to the threads, and remember it until it is answered."""
        future = self.tpool.submit(self.handle, conn)
        self._waiting[future] = conn
        future.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))

    def finish_request(self, conn: Any, future: Future[Any]) -> None:
        """Let a connection go, or wait for its next request."""
        self._waiting.pop(future, None)
        super().finish_request(conn, future)

    def murder_pending(self) -> None:
        """Close who sent nothing; near the end of the graceful time, answer 503 to those no thread has begun with."""
        super().murder_pending()
        if self._stopping_at is None or time.monotonic() < self._stopping_at + self.cfg.graceful_timeout - NO_LATER:
            return
        for future, conn in list(self._waiting.items()):
            if future.cancel():
                _turn_away(conn)


def _turn_away(conn: Any) -> None:
    """Say that the site restarts; who is gone already needs no answer."""
    try:
        conn.sock.setblocking(False)
        conn.sock.send(UNAVAILABLE)
    except OSError:
        return
