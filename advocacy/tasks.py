"""What the site does later, as Huey tasks: deliveries, the sweep, retention, reminders, long work of the staff.

A task carries ids alone and may run twice or never: what is to be done stands in the database, and the sweep finds it.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from huey import Huey, crontab

from advocacy import dispatch
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.database import immediate
from advocacy.delivery import periodic
from advocacy.delivery.worker import Worker
from advocacy.letters import letter_counts
from advocacy.letters.encrypted_columns import load_keys
from advocacy.runtime import Runtime, utc_now
from advocacy.settings import MailMode
from advocacy.staff import emails, job_runner, jobs, publication
from advocacy.task_queue import close, make_huey

log = logging.getLogger(__name__)

SWEEP, DELIVERY, HOUSEKEEPING, JOB = 40, 30, 20, 10
"""Priorities: the higher one runs first."""
SLICE_S = 5.0
"""How long one task delivers before other tasks have their turn."""
MOST_WAITING = 20
"""Deliveries that nobody takes up are not piled up in the queue."""
EVERY_MINUTE = timedelta(seconds=50)
"""Less than the minute after which the scheduler comes again."""
EVERY_HOUR = timedelta(hours=1)


class Queued(NamedTuple):
    """The queue, and the tasks that are enqueued by calling them."""

    huey: Huey
    deliver: Callable[[], object]
    erase: Callable[[], object]
    run_job: Callable[[int], object]


class Tasks:
    """The tasks of one site on its queue: pages enqueue them, the processes of `advocacy worker` run them.

    `is_stopping` tells a delivery to end after the message in hand.
    """

    def __init__(self, runtime: Runtime, *, now: Callable[[], datetime] = utc_now) -> None:
        self.runtime, self.now = runtime, now
        self.is_stopping: Callable[[], bool] = lambda: False
        self._campaigns = OpenCampaigns()

    @cached_property
    def queued(self) -> "Queued":
        """Open the queue and register the tasks; raises SettingsError without a key to sign with."""
        huey = make_huey(self.runtime.settings)
        self.runtime.closing.callback(close, huey)
        huey.periodic_task(crontab(), name="sweep", priority=SWEEP)(self.sweep)
        for name, work in (("retention", self.retention), ("reminders", self.reminders), ("results", self.results)):
            huey.periodic_task(crontab(), name=name, priority=HOUSEKEEPING)(work)
        return Queued(
            huey,
            deliver=huey.task(name="deliver", priority=DELIVERY)(self.deliver),
            erase=huey.task(name="erase", priority=HOUSEKEEPING)(self.erase),
            run_job=huey.task(name="run_job", priority=JOB)(self.run_job),
        )

    def deliver_soon(self, *, most_waiting: int = MOST_WAITING) -> None:
        """Enqueue a delivery, after the commit, unless so many tasks wait already.

        A queue that fails costs seconds, as the workers look by themselves.
        """
        try:
            if self.queued.huey.pending_count() < most_waiting:
                self.queued.deliver()
        except Exception as error:
            log.warning("the task queue failed (%s); workers look into the outbox by themselves", type(error).__name__)

    def start_job(self, job_id: int) -> None:
        """Enqueue a job of the staff, after the commit; where the queue fails, the next sweep does."""
        _do("the queue of jobs", lambda: self.queued.run_job(job_id))

    def deliver(self) -> None:
        """Deliver what is due for some seconds, then enqueue the next delivery while there is more."""
        until, rounds = time.monotonic() + SLICE_S, 0
        while has_more := self._delivered():
            rounds += 1
            if rounds == 2:
                self.deliver_soon(most_waiting=1)  # a second batch: another process delivers too
            if self.is_stopping() or time.monotonic() >= until:
                break
        if has_more and not self.is_stopping():
            self.deliver_soon()

    def sweep(self) -> None:
        """Take up what workers that ended left behind, publish what is scheduled, and deliver what is due."""
        if self._begins("sweep", EVERY_MINUTE):
            _do("the sweep", lambda: self.worker.sweep())
            _do("the publication on schedule", self._publish_scheduled)
            _do("the sweep of jobs", self._start_waiting_jobs)
            self.deliver()

    def look(self) -> None:
        """Do what is due without the queue: a queue that is lost, or does not answer, stops nothing for long."""
        for work in (self.sweep, self.deliver, self.retention, self.reminders, self.results):
            work()

    def retention(self) -> None:
        """Erase what is past its time, once an hour."""
        if self._begins("retention", EVERY_HOUR):
            self.erase()

    def erase(self) -> None:
        """Erase what is past its time, now."""
        _do("erasing", self._erase)

    def reminders(self) -> None:
        """Put the mails that are due on a day, once an hour."""
        if self._begins("reminders", EVERY_HOUR):
            _do("putting reminders", self._put_reminders)

    def results(self) -> None:
        """Count the days that are over, once an hour."""
        if self._begins("results", EVERY_HOUR):
            _do("recording results", self._record_results)

    def run_job(self, job_id: int) -> None:
        """Do a job of the staff, and those that wait behind it."""
        _do("a job", lambda: self._run_job(job_id))

    @cached_property
    def worker(self) -> Worker:
        """Make what delivers in this process; raises SettingsError where something it needs is missing."""
        return dispatch.make_worker(
            self.runtime,
            now=self.now,
            on_erased=lambda: _do("the task that erases", self.queued.erase),
            is_stopping=lambda: self.is_stopping(),
        )

    def close(self) -> None:
        """Close the provider's connections of this process."""
        if "worker" in self.__dict__:
            self.worker.close()
            del self.worker

    def _delivered(self) -> bool:
        """Deliver as many messages as leave in a moment; False when there is none, or something went wrong."""
        try:
            return self.worker.deliver()
        except Exception as error:
            log.error("the delivery failed (%s); the next one is tried in seconds", type(error).__name__)
            return False

    def _begins(self, name: str, every: timedelta) -> bool:
        try:
            return periodic.begin(self.runtime.sessions, name, every=every, now=self.now())
        except Exception as error:
            log.error("%s cannot begin (%s); it is tried again in a minute", name, type(error).__name__)
            return False

    def _erase(self) -> None:
        runtime = self.runtime
        dispatch.keep_no_longer(runtime.engine, runtime.sessions, runtime.settings, now=self.now())

    def _put_reminders(self) -> None:
        with immediate(self.runtime.sessions) as session:
            emails.send_bill_reminder_emails(session, self._campaigns.all(session), now=self.now())
            emails.send_results_emails(session, now=self.now())

    def _record_results(self) -> None:
        with immediate(self.runtime.sessions) as session:
            # Whoever comes second finds nothing missing: SQLite has one writer at a time, PostgreSQL the lock.
            letter_counts.record(session, self._campaigns.all(session), now=self.now())

    def _run_job(self, job_id: int) -> None:
        runtime = self.runtime
        keys = load_keys(runtime.settings, runtime.sessions)
        job_runner.run_job(job_id, settings=runtime.settings, sessions=runtime.sessions, keys=keys, now=self.now)

    def _start_waiting_jobs(self) -> None:
        with self.runtime.sessions() as session:
            waiting = jobs.waiting(session, now=self.now())
        if waiting:
            self._start_or_run_job(waiting[0])

    def _start_or_run_job(self, job_id: int) -> None:
        try:
            self.queued.run_job(job_id)
        except Exception as error:
            log.warning("the task queue failed (%s); the job is done without it", type(error).__name__)
            self._run_job(job_id)

    def _publish_scheduled(self) -> None:
        settings = self.runtime.settings
        sends, per_hour = settings.mail_mode is not MailMode.FOLDER, settings.recipient_per_hour
        with immediate(self.runtime.sessions) as session:
            publication.publish_scheduled(session, now=self.now(), sends=sends, per_hour=per_hour)


def _do(name: str, work: Callable[[], object]) -> None:
    """Do work that, when it fails, is tried again in its turn; an error is told by its type alone."""
    try:
        work()
    except Exception as error:
        log.error("%s failed (%s); it is tried again in its turn", name, type(error).__name__)
