"""What the site does later, as Huey tasks: deliveries, the sweep, retention, mails due on a day, long work of staff.

A task carries ids alone and may run twice or never: what is to be done stands in the database, and the sweep finds it.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property, wraps
from typing import NamedTuple, ParamSpec

from huey import Huey, crontab
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from structlog.contextvars import bound_contextvars

from advocacy import dispatch
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.database import immediate, insert_into
from advocacy.delivery.models import PeriodicRun
from advocacy.delivery.worker import Worker
from advocacy.letters import answer_counts, answers, bounce_brake, digest_delivery, digests, letter_counts
from advocacy.letters.encrypted_columns import load_keys
from advocacy.runtime import Runtime, utc_now
from advocacy.settings import MailMode
from advocacy.staff import emails, job_runner, jobs, publication
from advocacy.task_queue import close, make_huey

log = logging.getLogger(__name__)

P = ParamSpec("P")

SWEEP, DELIVERY, HOUSEKEEPING, JOB = 40, 30, 20, 10
"""Priorities: the higher one runs first."""
SLICE_S = 5.0
"""How long one task delivers before other tasks have their turn."""
MAX_WAITING = 20
"""Deliveries that nobody takes up are not piled up in the queue."""
EVERY_MINUTE = timedelta(seconds=50)
"""Less than the minute after which the scheduler comes again."""
EVERY_HOUR = timedelta(hours=1)


def tried_again(name: str) -> Callable[[Callable[P, object]], Callable[P, None]]:
    """Log an error by its type alone where this work fails: it is tried again in its turn."""

    def decorate(work: Callable[P, object]) -> Callable[P, None]:
        task = getattr(work, "__name__", name).lstrip("_")

        @wraps(work)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
            with bound_contextvars(task=task):
                try:
                    work(*args, **kwargs)
                except Exception as error:
                    about = {"error": type(error).__name__}
                    log.error("%s failed (%s); it is tried again in its turn", name, type(error).__name__, extra=about)

        return wrapped

    return decorate


def begin_periodic_run(sessions: sessionmaker[Session], name: str, *, every: timedelta, now: datetime) -> bool:
    """Note that work on a schedule begins; False where another process of the site began it less than `every` ago.

    A beginning that lies further ahead than that was noted by a clock that was wrong, so it counts for nothing.
    """
    with sessions() as session:
        begun_at = session.scalar(select(PeriodicRun.started_at).where(PeriodicRun.name == name))
    if begun_at is not None and now - every < begun_at <= now + every:  # a look that takes no lock
        return False
    with immediate(sessions) as session:
        row = insert_into(session, PeriodicRun).values(name=name, started_at=now)
        is_due = (PeriodicRun.started_at <= now - every) | (PeriodicRun.started_at > now + every)
        begun = row.on_conflict_do_update(index_elements=["name"], set_={"started_at": now}, where=is_due)
        return session.scalar(begun.returning(PeriodicRun.name)) is not None


class Queued(NamedTuple):
    """The queue, and the tasks that are enqueued by calling them."""

    huey: Huey
    deliver: Callable[[], object]
    erase: Callable[[], object]
    run_job: Callable[[int], object]


class Tasks:
    """The tasks of one site on its queue: pages enqueue them, the processes of `advocacy worker` run them.

    A delivery ends after the message in hand once `is_stopping` says so.
    """

    def __init__(self, runtime: Runtime, *, now: Callable[[], datetime] = utc_now) -> None:
        self.runtime, self.now = runtime, now
        self.is_stopping: Callable[[], bool] = lambda: False
        self._campaigns = OpenCampaigns()
        self._is_braked = False

    @cached_property
    def queued(self) -> "Queued":
        """Open the queue and register the tasks; raises SettingsError without a key to sign with."""
        huey = make_huey(self.runtime.settings)
        self.runtime.closing.callback(close, huey)
        huey.periodic_task(crontab(), name="sweep", priority=SWEEP)(self.sweep)
        for work in (self.retention, self.reminders, self.questions, self.results):
            huey.periodic_task(crontab(), name=work.__name__, priority=HOUSEKEEPING)(work)
        return Queued(
            huey,
            deliver=huey.task(name="deliver", priority=DELIVERY)(self.deliver),
            erase=huey.task(name="erase", priority=HOUSEKEEPING)(self.erase),
            run_job=huey.task(name="run_job", priority=JOB)(self.run_job),
        )

    def deliver_soon(self, *, max_waiting: int = MAX_WAITING) -> None:
        """Enqueue a delivery, after the commit, unless so many tasks wait already.

        A queue that fails costs seconds, as the workers look by themselves.
        """
        try:
            if self.queued.huey.pending_count() < max_waiting:
                self.queued.deliver()
        except Exception as error:
            log.warning("the task queue failed (%s); workers look into the outbox by themselves", type(error).__name__)

    @tried_again("the queue of jobs")
    def start_job(self, job_id: int) -> None:
        """Enqueue a job of the staff, after the commit; where the queue fails, the next sweep does."""
        self.queued.run_job(job_id)

    def deliver(self) -> None:
        """Deliver what is due for some seconds, then enqueue the next delivery while there is more."""
        until, rounds = time.monotonic() + SLICE_S, 0
        while has_more := self._deliver_batch():
            rounds += 1
            if rounds == 2:
                self.deliver_soon(max_waiting=1)  # a second batch: another process delivers too
            if self.is_stopping() or time.monotonic() >= until:
                break
        if has_more and not self.is_stopping():
            self.deliver_soon()

    def sweep(self) -> None:
        """Take up what workers that ended left behind, publish what is scheduled, and deliver what is due."""
        if self._begins("sweep", EVERY_MINUTE):
            self._sweep_outbox()
            self._make_digests()
            self._publish_scheduled()
            self._start_waiting_job()
            self._look_at_bounces()
            self.deliver()

    def look(self) -> None:
        """Do what is due without the queue: a queue that is lost, or does not answer, stops nothing for long."""
        for work in (self.sweep, self.deliver, self.retention, self.reminders, self.questions, self.results):
            work()

    def retention(self) -> None:
        """Erase what is past its time, once an hour."""
        if self._begins("retention", EVERY_HOUR):
            self.erase()

    @tried_again("erasing")
    def erase(self) -> None:
        """Erase what is past its time, now."""
        dispatch.apply_retention(self.runtime, now=self.now())

    @tried_again("sending reminders")
    def reminders(self) -> None:
        """Send the e-mails to staff that are due on a day, once an hour."""
        if self._begins("reminders", EVERY_HOUR):
            with immediate(self.runtime.sessions) as session:
                emails.send_bill_reminder_emails(session, self._campaigns.all(session), now=self.now())
                emails.send_results_emails(session, now=self.now())

    @tried_again("asking about answers")
    def questions(self) -> None:
        """Put the mails that ask citizens about answers, once an hour."""
        if self._begins("questions", EVERY_HOUR):
            more = 1
            while more:
                with immediate(self.runtime.sessions) as session:
                    more = answers.put_questions(session, now=self.now())

    @tried_again("recording results")
    def results(self) -> None:
        """Count the days that are over, once an hour."""
        if self._begins("results", EVERY_HOUR):
            with immediate(self.runtime.sessions) as session:
                # Whoever comes second finds nothing missing: SQLite has one writer at a time, PostgreSQL the lock.
                letter_counts.record(session, self._campaigns.all(session), now=self.now())
                answer_counts.record(session, now=self.now())

    @tried_again("a job")
    def run_job(self, job_id: int) -> None:
        """Do a job of the staff, and those that wait behind it."""
        runtime = self.runtime
        keys = load_keys(runtime.settings, runtime.sessions)
        job_runner.run_job(
            job_id,
            settings=runtime.settings,
            sessions=runtime.sessions,
            keys=keys,
            now=self.now,
        )

    @cached_property
    def worker(self) -> Worker:
        """Return what delivers in this process; raises SettingsError where something it needs is missing."""
        return dispatch.make_worker(
            self.runtime,
            now=self.now,
            on_erased=self._erase_soon,
            is_stopping=lambda: self.is_stopping(),
        )

    def close(self) -> None:
        if "worker" in self.__dict__:
            self.worker.close()
            del self.worker

    @tried_again("the task that erases")
    def _erase_soon(self) -> None:
        self.queued.erase()

    def _deliver_batch(self) -> bool:
        """Deliver as many messages as leave in a moment; False when there is none, or something went wrong."""
        with bound_contextvars(task="deliver"):
            try:
                return self.worker.deliver()
            except Exception as error:
                log.error("the delivery failed (%s); the next one is tried in seconds", type(error).__name__)
                return False

    def _begins(self, name: str, every: timedelta) -> bool:
        try:
            return begin_periodic_run(self.runtime.sessions, name, every=every, now=self.now())
        except Exception as error:
            log.error("%s cannot begin (%s); it is tried again in a minute", name, type(error).__name__)
            return False

    @tried_again("the sweep")
    def _sweep_outbox(self) -> None:
        self.worker.sweep()

    @tried_again("the look for digests")
    def _make_digests(self) -> None:
        """Follow what offices want now, and make the digests that are due; where one cannot be made, others are."""
        sessions, settings = self.runtime.sessions, self.runtime.settings
        with sessions() as session:
            if not digests.are_used(session):
                return
        with immediate(sessions) as session:
            digests.follow_settings(session, now=self.now(), per_hour=settings.recipient_per_hour)
            digest_delivery.follow_digests(session, now=self.now(), test_mode=bool(settings.test_recipient))
        with sessions() as session:
            offices = digest_delivery.offices_due(session, now=self.now())
        for office in offices:
            self._make_digests_of(office)

    @tried_again("a digest")
    def _make_digests_of(self, office: str) -> None:
        runtime, needs_contact = self.runtime, self.runtime.settings.mail_mode is not MailMode.FOLDER
        keys = load_keys(runtime.settings, runtime.sessions)
        with immediate(runtime.sessions) as session:
            without_contact = {
                one.name
                for one in self._campaigns.all(session)
                if needs_contact and not (one.file.organiser and one.file.privacy_contact)
            }
            digest_delivery.make_digests(
                session,
                office,
                keys=keys,
                now=self.now(),
                per_hour=runtime.settings.recipient_per_hour,
                waiting_campaigns=without_contact,
            )

    @tried_again("the publication on schedule")
    def _publish_scheduled(self) -> None:
        settings = self.runtime.settings
        sends, per_hour = settings.mail_mode is not MailMode.FOLDER, settings.recipient_per_hour
        with immediate(self.runtime.sessions) as session:
            publication.publish_scheduled(session, now=self.now(), sends=sends, per_hour=per_hour)

    @tried_again("the look at mails that come back")
    def _look_at_bounces(self) -> None:
        runtime, before = self.runtime, self._is_braked
        with immediate(runtime.sessions) as session:
            per_hour = runtime.settings.recipient_per_hour
            self._is_braked = bounce_brake.look(session, now=self.now(), per_hour=per_hour)
        if self._is_braked and not before:
            log.warning("many confirmation mails come back: new ones are held until fewer do, or staff release them")
        elif before and not self._is_braked:
            log.warning("fewer confirmation mails come back: those that were held are sent, some each minute")

    @tried_again("the sweep of jobs")
    def _start_waiting_job(self) -> None:
        with self.runtime.sessions() as session:
            waiting = jobs.waiting_ids(session, now=self.now())
        if not waiting:
            return
        try:
            self.queued.run_job(waiting[0])
        except Exception as error:
            log.warning("the task queue failed (%s); the job is done without it", type(error).__name__)
            self.run_job(waiting[0])
