"""`advocacy worker`: Huey's consumer, whose threads deliver letters and do what else happens later."""

import logging
import os

import click

from advocacy.cli.site import Site, WrongUse
from advocacy.production import require_ready
from advocacy.settings import SettingsError
from advocacy.tasks import Tasks

log = logging.getLogger(__name__)

STOP_TIMEOUT_S = 40
"""How long tasks may still run once it is told to stop: a slice of deliveries, and a provider's 30 s."""


@click.command()
@click.option("--threads", default=4, show_default=True, type=click.IntRange(2, 64), help="Number of threads.")
@click.pass_obj
def worker(site: Site, threads: int) -> None:
    """Send the messages in the outbox, and do what else happens later, until stopped.

    `advocacy serve` starts one by itself. When a service manager stops it, each thread finishes what it is sending. If
    it is killed, nothing is lost: its messages are sent later.
    """
    site.start_service_logging()
    try:
        require_ready(site.settings)
        huey = Tasks(site.runtime, now=site.now).queued.huey
    except SettingsError as error:
        raise WrongUse(str(error)) from None
    log.info("the worker is process %d", os.getpid())
    huey.create_consumer(
        workers=threads,
        worker_type="thread",
        periodic=True,
        max_delay=1.0,  # how often a queue is looked into that cannot wake anybody
        graceful_signal="TERM",
        shutdown_timeout=STOP_TIMEOUT_S,
    ).run()
    log.info("the worker has stopped")
