"""gunicorn over the application; its log names nobody's address and repeats no request."""

import logging
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.systemd import listen_fds

from advocacy.logs import place_of

THREADS = 16
"""Per process. A page takes milliseconds of the processor, but a phone at night takes seconds to send its form."""
METRICS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus-client reads the folder in which web processes count together."""
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of one's own is made in it


def open_metrics_folder() -> Callable[[], None]:
    """Have this process and those below it count requests in an empty folder; return what removes it.

    To be called before prometheus-client is imported. The folder is in memory where there is such a place: a full disk
    would kill whoever writes to a mapped file.
    """
    parent = MEMORY if os.access(MEMORY, os.W_OK) else None
    folder, ours = tempfile.mkdtemp(prefix="advocacy-metrics-", dir=parent), os.getpid()
    os.environ[METRICS_VARIABLE] = folder  # noqa: TID251 - the library reads it there

    def close() -> None:
        if os.getpid() == ours:  # the server's processes come here as well
            os.environ.pop(METRICS_VARIABLE, None)  # noqa: TID251
            shutil.rmtree(folder, ignore_errors=True)

    return close


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


OPTIONS: dict[str, Any] = {
    "worker_class": "gthread",
    "threads": THREADS,
    "preload_app": True,
    "graceful_timeout": 10,
    "loglevel": "warning",
    "logger_class": PrivateLogger,
    "control_socket_disable": True,
    # The application reads what proxies say, as far as ADVOCACY_PROXY_HOPS trusts them.
    "forwarded_allow_ips": "",
    "secure_scheme_headers": {},
}
"""How gunicorn runs, whoever starts it."""


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn over an application made before its processes part; nothing is read from the command line or a file."""

    def __init__(self, app: Flask, **options: Any) -> None:
        self.app = app
        self.options = OPTIONS | options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


def listen(host: str, port: int) -> socket.socket | None:
    """Take the port; None where systemd hands over a socket, which gunicorn takes by itself. Raises OSError."""
    if listen_fds(unset_environment=False):
        return None
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=1024)
