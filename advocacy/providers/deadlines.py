"""A deadline for calls over the network: when it has passed, the connection is cut, however slowly answers come."""

import contextlib
import os
import socket
import threading
from time import monotonic


class DeadlineWatcher:
    """Cuts the calls whose time is over: one thread for all, which ends once there are none.

    A timer for each call is a thread for each, and takes more time than the call's own TLS.
    """

    def __init__(self) -> None:
        self.name = f"deadlines of calls {id(self)}"
        self._calls: set[Call] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._wakes_at = 0.0

    def begin(self, call: "Call") -> None:
        """Cut this call when its time is over, unless it ends before."""
        with self._changed:
            self._calls.add(call)
            if self._thread is None or not self._thread.is_alive():  # a thread does not outlive a fork
                self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self._thread.start()
            elif call.ends_at < self._wakes_at:
                self._changed.notify()

    def end(self, call: "Call") -> None:
        """Leave this call alone from now on."""
        with self._changed:
            self._calls.discard(call)

    def close(self) -> None:
        """End the thread, unless there are calls."""
        with self._changed:
            self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while self._calls:
                first = min(self._calls, key=lambda call: call.ends_at)
                left = first.ends_at - monotonic()
                if left > 0:
                    self._wakes_at = first.ends_at
                    self._changed.wait(left)
                else:
                    self._calls.remove(first)
                    first.cut()
            self._thread = None


class Call:
    """One call of at most so many seconds: when they are over its connection is cut, and it sends nothing any more."""

    def __init__(self, watcher: DeadlineWatcher, seconds: float) -> None:
        self.has_sent = False
        self.ends_at = monotonic() + seconds
        self._is_over = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._watcher = watcher

    def __enter__(self) -> "Call":
        self._watcher.begin(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._watcher.end(self)
        self._forget_socket()

    def seconds_left(self) -> float:
        """Return the seconds that are left; raise TimeoutError when there are none."""
        if (seconds := self.ends_at - monotonic()) <= 0:
            raise TimeoutError
        return seconds

    def use(self, connection: socket.socket) -> None:
        """Begin to send on a connection; raise TimeoutError when the time is over."""
        self._forget_socket()
        with self._lock:
            if self._is_over:
                raise TimeoutError
            # A socket of our own for the same connection: it lies below TLS, which would wait for an answer, and
            # stays when the other becomes one of TLS.
            self._socket, self.has_sent = socket.socket(fileno=os.dup(connection.fileno())), True

    def cut(self) -> None:
        """End the call now: whoever waits for an answer learns that none comes."""
        with self._lock:
            self._is_over = True
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def _forget_socket(self) -> None:
        with self._lock:
            if self._socket is not None:
                self._socket.close()
                self._socket = None
