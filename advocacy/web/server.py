"""The site's own server: gunicorn in this process, whose log names no address and repeats no request."""

import errno
import os
import socket
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.systemd import SD_LISTEN_FDS_START, listen_fds

from advocacy.web.stopping import StoppingWorker

THREADS = 16
"""Per process. A page takes milliseconds of the processor, but a phone at night takes seconds to send its form."""
BACKLOG = 1024
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0", "::", ""})  # noqa: S104 - shown, not bound


class CannotListen(RuntimeError):
    """The port cannot be had; the text is one sentence that says what to do."""


class Reticent(Logger):  # type: ignore[misc]
    """gunicorn's log without what it would tell of those who ask: their address, and what they asked for."""

    def warning(self, msg: str, *args: Any, **more: Any) -> None:
        """Log a warning; what is not even HTTP is said without the sender."""
        if msg.startswith("Invalid request"):
            msg, args = "something that is not HTTP was turned away", ()
        super().warning(msg, *args, **more)

    def exception(self, msg: str, *_args: Any, **_more: Any) -> None:
        """Log a failure outside the application, which logs its own; the address asked for is left out."""
        super().error("%s", msg.split(" %s")[0])

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
        ready: Callable[[], None],
        parted: Callable[[], None],
    ) -> None:
        self.app = app
        self.options = {
            **_bound(listener),
            "worker_class": StoppingWorker,
            "workers": workers,
            "threads": THREADS,
            "preload_app": True,
            "graceful_timeout": 10,
            "loglevel": "warning",
            "logger_class": Reticent,
            "control_socket_disable": True,
            # The application reads what proxies say, as far as ADVOCACY_PROXY_HOPS trusts them.
            "forwarded_allow_ips": "",
            "secure_scheme_headers": {},
            "when_ready": lambda _arbiter: ready(),
            "post_fork": lambda _arbiter, _worker: parted(),
        }
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn how to run; nothing is read from the command line or a file."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application."""
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


def _bound(listener: socket.socket) -> dict[str, str]:
    """Return gunicorn's setting for a socket; one that was handed over it finds by itself, and leaves as it was."""
    if _handed_over():
        listener.close()
        return {}
    return {"bind": f"fd://{listener.detach()}"}


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken; stop what uses it, or choose another: advocacy serve --port {port + 1}"
    if error.errno == errno.EACCES:
        return f"port {port} may not be opened by this user; choose one above 1023: advocacy serve --port 8000"
    return f"{host} port {port} cannot be opened ({error.strerror}); try --host 127.0.0.1"
