"""The site's own server: gunicorn in this process, whose log names no address and repeats no request."""

import errno
import fcntl
import logging
import os
import selectors
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.systemd import SD_LISTEN_FDS_START, listen_fds
from gunicorn.workers.gthread import ThreadWorker

from advocacy.logs import place_of

LAST_ANSWERS_S = 2.0
"""Seconds before the end of the graceful time in which whoever could not be answered is told to come again."""
RESTARTING = "The site is restarting. Try again in a moment.\nLe site redémarre. Réessayez dans un instant.\n".encode()
UNAVAILABLE = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n\r\n%b"
) % (len(RESTARTING), RESTARTING)


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
        """Close a connection, or wait for its next request."""
        self._waiting.pop(future, None)
        super().finish_request(conn, future)

    def murder_pending(self) -> None:
        """Close who sent nothing; near the end of the graceful time, answer 503 to those no thread has begun with."""
        super().murder_pending()
        if (
            self._stopping_at is None
            or time.monotonic() < self._stopping_at + self.cfg.graceful_timeout - LAST_ANSWERS_S
        ):
            return
        for future, conn in list(self._waiting.items()):
            if future.cancel():
                with suppress(OSError):  # who has disconnected needs no answer
                    conn.sock.setblocking(False)
                    conn.sock.send(UNAVAILABLE)


METRICS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus-client reads the folder in which web processes count together."""
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of one's own is made in it
METRICS_FOLDER, LOCK = "advocacy-metrics-", "lock"


def open_metrics_folder() -> Callable[[], None]:
    """Have this process and those below it count requests in an empty folder; return what removes it.

    To be called before prometheus-client is imported. The folder is in memory where there is such a place: a full disk
    would kill whoever writes to a mapped file. What a site that was killed has left there is removed.
    """
    parent = MEMORY if os.access(MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    for old in parent.glob(f"{METRICS_FOLDER}*"):
        with suppress(OSError), (old / LOCK).open() as in_use:  # another user's cannot be opened
            fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises while its processes live
            shutil.rmtree(old)
    folder, ours = Path(tempfile.mkdtemp(prefix=METRICS_FOLDER, dir=parent)), os.getpid()
    lock = (folder / LOCK).open("w")
    fcntl.flock(lock, fcntl.LOCK_SH)
    os.environ[METRICS_VARIABLE] = str(folder)  # noqa: TID251 - the library reads it there

    def close() -> None:
        if os.getpid() == ours:  # the server's processes come here as well
            lock.close()
            os.environ.pop(METRICS_VARIABLE, None)  # noqa: TID251
            shutil.rmtree(folder, ignore_errors=True)

    return close


THREADS = 16
"""Per process. A page takes milliseconds of the processor, but a phone at night takes seconds to send its form."""
BACKLOG = 1024
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0", "::", ""})  # noqa: S104 - shown, not bound


class CannotListen(RuntimeError):
    """The port cannot be had; the text is one sentence that says what to do."""


class PrivateLogger(Logger):  # type: ignore[misc]
    """gunicorn's log without what it would tell of those who ask: their address, and what they asked for."""

    def setup(self, cfg: Any) -> None:
        """Log as the site does, where it logs already."""
        super().setup(cfg)
        if logging.getLogger().handlers:
            self.error_log.handlers.clear()
            self.error_log.propagate = True

    def debug(self, msg: str, *_args: Any, **_more: Any) -> None:
        """Log what gunicorn does, without what it was sent."""
        super().debug("%s", msg.split(" %s")[0])

    def warning(self, msg: str, *args: Any, **more: Any) -> None:
        """Log a warning; what is not even HTTP is said without the sender."""
        if msg.startswith("Invalid request"):
            msg, args = "something that is not HTTP was turned away", ()
        super().warning(msg, *args, **more)

    def exception(self, msg: str, *_args: Any, **_more: Any) -> None:
        """Log a failure outside the application, which logs its own; the address asked for is left out."""
        error = sys.exception()
        cause = f" ({type(error).__qualname__} at {place_of(error)})" if error else ""
        super().error("%s%s", msg.split(" %s")[0], cause)

    def access(self, *_: Any) -> None:
        """Leave requests to the application, which logs them by their route."""


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn over an application made before its processes part."""

    def __init__(
        self,
        app: Flask,
        listener: socket.socket,
        *,
        workers: int,
        on_ready: Callable[[], None],
        after_fork: Callable[[], None],
    ) -> None:
        self.app = app
        self.options: dict[str, Any] = {
            "worker_class": StoppingWorker,
            "workers": workers,
            "threads": THREADS,
            "preload_app": True,
            "graceful_timeout": 10,
            "loglevel": "warning",
            "logger_class": PrivateLogger,
            "control_socket_disable": True,
            # The application reads what proxies say, as far as ADVOCACY_PROXY_HOPS trusts them.
            "forwarded_allow_ips": "",
            "secure_scheme_headers": {},
            "when_ready": lambda _arbiter: on_ready(),
            "post_fork": lambda _arbiter, _worker: after_fork(),
        }
        if _handed_over():
            listener.close()  # gunicorn finds the socket that was handed over by itself, and leaves it as it was
        else:
            self.options["bind"] = f"fd://{listener.detach()}"
        super().__init__()

    def load_config(self) -> None:
        """Set how gunicorn runs; nothing is read from the command line or a file."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


def listen(host: str, port: int) -> socket.socket:
    """Take the port, or the socket that systemd hands over; raise CannotListen when neither can be had."""
    if _handed_over():
        listener = socket.socket(fileno=os.dup(SD_LISTEN_FDS_START))
        if listener.family in {socket.AF_INET, socket.AF_INET6} and listener.type == socket.SOCK_STREAM:
            return listener
        listener.close()
        raise CannotListen("the socket from systemd is not one of TCP; write ListenStream=127.0.0.1:8000 in its unit")
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server((str(address[0]), port), family=family, backlog=BACKLOG)
    except socket.gaierror:
        raise CannotListen(f"this machine has no address “{host}”; try --host 127.0.0.1") from None
    except OSError as error:
        raise CannotListen(_sentence(error, host, port)) from None


def address_of(host: str, listener: socket.socket) -> str:
    """Return the address to open in a browser on this machine."""
    if _handed_over():
        host = str(listener.getsockname()[0])
    name = "localhost" if host in LOOPBACK else f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"


def _handed_over() -> bool:
    """Return whether systemd, or what does as it does, gave this process its socket (LISTEN_PID and LISTEN_FDS)."""
    return bool(listen_fds(unset_environment=False))


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken; stop what uses it, or choose another: advocacy serve --port {port + 1}"
    if error.errno == errno.EACCES:
        return f"port {port} may not be opened by this user; choose one above 1023: advocacy serve --port 8000"
    return f"{host} port {port} cannot be opened ({error.strerror}); try --host 127.0.0.1"
