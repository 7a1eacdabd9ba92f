"""`advocacy worker`: the processes that deliver what waits in the outbox."""

import logging
import os
import threading

import click

from advocacy import dispatch
from advocacy.cli.processes import keep_running
from advocacy.cli.site import Site, WrongUse
from advocacy.delivery.wake import Waker
from advocacy.settings import SettingsError

log = logging.getLogger(__name__)


@click.command()
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 64), help="Number of processes.")
@click.option("--parent", type=int, hidden=True, help="The process without which this one ends.")
@click.pass_obj
def worker(site: Site, processes: int, parent: int | None) -> None:
    """Send the messages in the outbox until stopped.

    `advocacy serve` starts one by itself. When stopped, each process finishes the message it is sending. If one is
    killed, nothing is lost: its messages are sent later.
    """
    parts = site.parts
    try:
        dispatch.make_worker(parts, now=site.now).close()
    except SettingsError as error:
        raise WrongUse(str(error)) from None
    parts.engine.dispose()  # a connection may not be shared by two processes
    keep_running(lambda stop: _deliver(site, stop), processes=processes, parent=parent)


def _deliver(site: Site, stop: threading.Event) -> None:
    """Deliver in this process, with connections of its own."""
    settings = site.parts.settings
    waker = Waker.of(settings.queue_url, settings.database_file)
    delivering = dispatch.make_worker(site.parts, now=site.now)
    log.info("process %d is sending messages", os.getpid())
    try:
        delivering.run(stop, lambda seconds: waker.wait(seconds, stop))
    finally:
        delivering.close()
        waker.close()
        site.parts.engine.dispose()
        log.info("process %d has stopped sending messages", os.getpid())
