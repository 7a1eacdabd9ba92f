"""`advocacy worker`: Huey's consumer, whose processes deliver letters and do what else happens later."""

import logging
import os
from contextlib import suppress

import click

from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.cli.site import Site, WrongUse
from advocacy.consumer import SiteConsumer
from advocacy.language import Language
from advocacy.messages import catalog
from advocacy.settings import SettingsError
from advocacy.task_queue import QueueUnavailable, remove_damaged
from advocacy.tasks import Tasks
from advocacy.toml_source import TomlProblems

log = logging.getLogger(__name__)


@click.command()
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 64), help="Number of processes.")
@click.option("--parent", type=int, hidden=True, help="The process without which this one ends.")
@click.pass_obj
def worker(site: Site, processes: int, parent: int | None) -> None:
    """Send the messages in the outbox, and do what else happens later, until stopped.

    `advocacy serve` starts one by itself. One process more than asked for takes up long work. When stopped, each
    process finishes the message it is sending, within 30 seconds. If one is killed, nothing is lost: its messages are
    sent later.
    """
    site.start_service_logging()
    tasks = Tasks(site.runtime, now=site.now)
    if remove_damaged(site.settings):
        log.warning("the file of the task queue was damaged and was created again; what is due is in the database")
    try:
        tasks.worker.close()
        del tasks.worker
        consumer = SiteConsumer(tasks, processes=processes, parent=parent)
    except SettingsError as error:
        raise WrongUse(str(error)) from None
    except QueueUnavailable as error:
        raise click.ClickException(f"the task queue cannot be opened ({error}); try again") from None
    # Read before the processes part, which then share them: else each process, and each that replaces a killed one,
    # would read the words and the campaigns by itself before its first message leaves.
    for language in Language:
        catalog(language)
    with suppress(TomlProblems), site.sessions() as session:
        OpenCampaigns().all(session)
    site.runtime.engine.dispose()  # a connection may not be shared by two processes
    log.info("the worker is process %d", os.getpid())
    consumer.run()
    log.info("the worker has stopped")
