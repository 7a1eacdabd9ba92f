"""The site's own server: gunicorn in this process, whose log names no address and repeats no request."""

import errno
import socket
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

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
            "bind": f"fd://{listener.detach()}",
            "worker_class": "gthread",
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
        """Give the application."""
        return self.app


def listen(host: str, port: int) -> socket.socket:
    """Take the port; raise CannotListen when it cannot be had."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server((str(address[0]), port), family=family, backlog=BACKLOG)
    except socket.gaierror:
        raise CannotListen(f"this machine has no address “{host}”; try --host 127.0.0.1") from None
    except OSError as error:
        raise CannotListen(_sentence(error, host, port)) from None


def address_of(host: str, listener: socket.socket) -> str:
    """Give the address to open in a browser on this machine."""
    name = "localhost" if host in LOOPBACK else f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken; stop what uses it, or choose another: advocacy serve --port {port + 1}"
    if error.errno == errno.EACCES:
        return f"port {port} may not be opened by this user; choose one above 1023: advocacy serve --port 8000"
    return f"{host} port {port} cannot be opened ({error.strerror}); try --host 127.0.0.1"
