"""`advocacy serve`: the site, from an empty folder to an address to open."""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from socket import socket

import click
from flask.helpers import get_debug_flag
from gunicorn.arbiter import Arbiter

from advocacy.cli.site import Site, WrongUse
from advocacy.cli.staff import first_manager_line
from advocacy.dispatch import make_worker
from advocacy.production import require_ready
from advocacy.settings import SettingsError
from advocacy.web.server import Server, listen, open_metrics_folder

log = logging.getLogger(__name__)

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0", "::", ""})  # noqa: S104 - shown, not bound
RESTART_AFTER_S = 2.0
"""How long after it ended the worker is started again: one that ends at once would keep the machine busy."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 takes a free one.",
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Number of web processes.")
@click.option("--no-worker", is_flag=True, help="Pages only: do not start the worker that delivers letters.")
@click.pass_obj
def serve(site: Site, host: str, port: int, *, workers: int, no_worker: bool) -> None:
    """Run the site until stopped: migrate the database, fill an empty one, serve pages."""
    site.start_service_logging()
    runtime = site.runtime
    runtime.closing.callback(open_metrics_folder())
    # Imported once that folder is there: prometheus-client then counts in it.
    from advocacy.app import create_app

    try:
        require_ready(runtime.settings, get_debug_flag())
        if not no_worker:  # letters are taken only where a worker can deliver them
            make_worker(runtime, now=site.now).close()
        listener = _listen(host, port)
        settings, address = runtime.settings, _address(host, listener.getsockname()[1] if listener else port)
        if "base_url" not in settings.model_fields_set:  # the address that pages name
            settings = settings.model_copy(update={"base_url": address})
        served = replace(runtime, settings=settings, notices=())  # the notices were printed already
        app = create_app(served)
    except SettingsError as error:
        raise WrongUse(str(error)) from None
    lines = (f"The site is at {address} (Ctrl+C stops it)", *first_manager_line(served, now=site.now()))
    runtime.engine.dispose()  # a connection may not be shared by two processes
    server = Server(
        app,
        workers=workers,
        when_ready=lambda _arbiter: click.echo("\n".join(lines)),
        post_fork=lambda _arbiter, _worker: served.engine.dispose(close=False),
        **({"bind": f"fd://{listener.detach()}"} if listener else {}),
    )
    with nullcontext(lambda: None) if no_worker else _worker_process(settings.base_url) as supervise:
        SupervisingArbiter(server, supervise).run()


def _listen(host: str, port: int) -> socket | None:
    try:
        return listen(host, port)
    except OSError as error:
        why = str(error.strerror).partition(" (")[0]
        raise click.ClickException(
            f"{host} port {port} cannot be opened ({why}); stop what uses it, or choose another with --port"
        ) from None


def _address(host: str, port: int) -> str:
    """Return the address to open in a browser on this machine."""
    return f"http://{'localhost' if host in LOOPBACK else f'[{host}]' if ':' in host else host}:{port}"


class SupervisingArbiter(Arbiter):  # type: ignore[misc]
    """gunicorn's first process, which calls `supervise` about every second."""

    def __init__(self, server: Server, supervise: Callable[[], None]) -> None:
        self._supervise = supervise
        super().__init__(server)

    def manage_workers(self) -> None:
        super().manage_workers()
        self._supervise()


class WorkerProcess:
    """`advocacy worker` as a process beside the site, started again when it ends. `clock` counts seconds."""

    def __init__(self, base_url: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._command = [sys.executable, "-m", "advocacy", "worker"]
        self._environment = {**os.environ, "ADVOCACY_BASE_URL": base_url}
        self._clock = clock
        self._restart_at: float | None = None
        self._process = self._start()

    def restart_if_ended(self) -> None:
        """Start the worker again some seconds after it ended; to be called every second or so."""
        if self._process.poll() is None:
            return
        if self._restart_at is None:
            self._restart_at = self._clock() + RESTART_AFTER_S
            log.error("the worker, process %d, has ended; it restarts in a few seconds", self._process.pid)
        elif self._clock() >= self._restart_at:
            self._restart_at = None
            self._process = self._start()

    def stop(self) -> None:
        """Stop the worker, and wait until it has."""
        self._process.terminate()
        self._process.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        # In a group of its own: Ctrl+C reaches this process alone, which then has the worker finish what it is sending.
        return subprocess.Popen(self._command, env=self._environment, process_group=0)  # noqa: S603 - ourselves


@contextmanager
def _worker_process(base_url: str) -> Iterator[Callable[[], None]]:
    """Run `advocacy worker` beside the site until this process ends; yield what restarts it."""
    ours, worker = os.getpid(), WorkerProcess(base_url)
    try:
        yield worker.restart_if_ended
    finally:
        if os.getpid() == ours:  # the server's processes come here as well
            worker.stop()
