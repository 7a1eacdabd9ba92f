"""What the site does later, as Huey tasks: deliveries, the sweep, retention, mails due on a day, long work of staff.

A task carries ids alone and may run twice or never: what is to be done stands in the database, and the sweep, each
minute, finds it.
"""

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from functools import cached_property, wraps
from typing import NamedTuple, ParamSpec

from huey import Huey, crontab
from structlog.contextvars import bound_contextvars

from advocacy import dispatch, morning_mail
from advocacy.campaigns.open_campaigns import OpenCampaigns
from advocacy.database import insert_into
from advocacy.delivery import outbox
from advocacy.delivery.models import PeriodicRun
from advocacy.delivery.provider import Kind
from advocacy.delivery.sweeping import sweep
from advocacy.letters import answer_counts, answers, bounce_brake, digest_delivery, digests, letter_counts
from advocacy.letters.encrypted_columns import load_keys
from advocacy.runtime import Runtime, utc_now
from advocacy.settings import MailMode
from advocacy.staff import emails, job_runner, jobs, publication
from advocacy.task_queue import make_huey

log = logging.getLogger(__name__)

P = ParamSpec("P")

SLICE_S = 5.0
"""How long one task delivers before other tasks have their turn."""
MAX_WAITING = 20
"""Deliveries that nobody takes up are not piled up in the queue."""
SWEEP = "sweep"
"""The name under which it is kept when the last sweep began."""


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


class Queued(NamedTuple):
    """The queue, and the tasks that are enqueued by calling them."""

    huey: Huey
    deliver: Callable[[], object]
    erase: Callable[[], object]
    run_jobs: Callable[[], object]


class Tasks:
    """The tasks of one site on its queue: pages enqueue them, the threads of `advocacy worker` run them."""

    def __init__(self, runtime: Runtime, *, now: Callable[[], datetime] = utc_now) -> None:
        self.runtime, self.now = runtime, now
        self._campaigns = OpenCampaigns()
        self._is_braked = False

    @cached_property
    def queued(self) -> Queued:
        """Open the queue and register the tasks; raises SettingsError without a key to sign with."""
        huey = make_huey(self.runtime.settings)
        self.runtime.closing.callback(huey.storage.close)
        huey.periodic_task(crontab(), name="sweep")(self.sweep)
        for work in (self.retention, self.reminders, self.questions, self.results):
            huey.periodic_task(crontab(minute="7"), name=work.__name__)(work)
        return Queued(
            huey,
            deliver=huey.task(name="deliver")(self.deliver),
            erase=huey.task(name="erase")(self.retention),
            run_jobs=huey.task(name="run_jobs")(self.run_jobs),
        )

    def deliver_soon(self) -> None:
        """Enqueue a delivery, after the commit, unless so many tasks wait already.

        Where the queue fails, the next sweep delivers.
        """
        try:
            if self.queued.huey.pending_count() < MAX_WAITING:
                self.queued.deliver()
        except Exception as error:
            log.warning("the task queue failed (%s); what is due leaves with the next sweep", type(error).__name__)

    @tried_again("the task that erases")
    def erase_soon(self) -> None:
        """Enqueue what is done each hour, after the commit: what a citizen erased is then written over."""
        self.queued.erase()

    @tried_again("the queue of jobs")
    def start_jobs(self) -> None:
        """Enqueue the work of the staff, after the commit; where the queue fails, the next sweep does."""
        self.queued.run_jobs()

    @tried_again("the delivery")
    def deliver(self) -> None:
        """Deliver what is due for some seconds, then enqueue the next delivery while there is more."""
        until, has_more = time.monotonic() + SLICE_S, True
        worker = dispatch.make_worker(self.runtime, self.kinds, now=self.now, on_erased=self.erase_soon)
        with closing(worker):
            while has_more and time.monotonic() < until:
                has_more = worker.deliver()
        if has_more:
            self.deliver_soon()

    def sweep(self) -> None:
        """Take up what workers that ended left behind, publish what is scheduled, and have delivered what is due."""
        self._note_sweep()
        self._sweep_outbox()
        self._make_digests()
        self._publish_scheduled()
        self._start_waiting_jobs()
        self._look_at_bounces()
        self._deliver_due()

    @tried_again("erasing")
    def retention(self) -> None:
        """Erase what is past its time."""
        dispatch.apply_retention(self.runtime, now=self.now())

    @tried_again("sending reminders")
    def reminders(self) -> None:
        """Send the e-mails to staff that are due on a day."""
        with self.runtime.sessions.begin() as session:
            morning_mail.put_mails(session, self._campaigns.all(session), now=self.now())
            emails.send_results_emails(session, now=self.now())

    @tried_again("asking about answers")
    def questions(self) -> None:
        """Put the mails that ask citizens about answers."""
        more = 1
        while more:
            with self.runtime.sessions.begin() as session:
                more = answers.put_questions(session, now=self.now())

    @tried_again("recording results")
    def results(self) -> None:
        """Count the days that are over; whoever comes second finds nothing missing."""
        with self.runtime.sessions.begin() as session:
            letter_counts.record(session, self._campaigns.all(session), now=self.now())
            answer_counts.record(session, now=self.now())

    @tried_again("a job")
    def run_jobs(self) -> None:
        """Do what the staff have waiting."""
        settings, sessions = self.runtime.settings, self.runtime.sessions
        job_runner.run_jobs(settings=settings, sessions=sessions, keys=load_keys(settings, sessions), now=self.now)

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Return what each kind of message carries; raises SettingsError where something it needs is missing."""
        keys = load_keys(self.runtime.settings, self.runtime.sessions)
        return dispatch.make_kinds(self.runtime.settings, keys, now=self.now)

    @tried_again("the note of the sweep")
    def _note_sweep(self) -> None:
        now = self.now()
        with self.runtime.sessions.begin() as session:
            row = insert_into(session, PeriodicRun).values(name=SWEEP, started_at=now)
            session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"started_at": now}))

    @tried_again("the sweep")
    def _sweep_outbox(self) -> None:
        notify = dispatch.make_notifier(self.kinds)
        sweep(
            self.runtime.sessions,
            now=self.now(),
            on_move=lambda session, message, state: notify(session, [(message, state)], self.now()),
        )

    @tried_again("the look for what is due")
    def _deliver_due(self) -> None:
        """Enqueue a delivery for each message that is due, so that all threads deliver."""
        with self.runtime.sessions() as session:
            due = outbox.count_due(session, now=self.now())
        for _ in range(min(due, MAX_WAITING)):
            self.deliver_soon()

    @tried_again("the look for digests")
    def _make_digests(self) -> None:
        """Follow what offices want now, and make the digests that are due; where one cannot be made, others are."""
        sessions, settings = self.runtime.sessions, self.runtime.settings
        with sessions() as session:
            if not digests.are_used(session):
                return
        with sessions.begin() as session:
            digests.follow_settings(session, now=self.now(), per_hour=settings.recipient_per_hour)
            digest_delivery.follow_digests(session, now=self.now(), test_mode=bool(settings.test_recipient))
        with sessions() as session:
            offices = digest_delivery.offices_due(session, now=self.now())
        for office in offices:
            self._make_digests_of(office)

    @tried_again("a digest")
    def _make_digests_of(self, office: str) -> None:
        runtime, needs_contact = self.runtime, self.runtime.settings.mail_mode is not MailMode.FOLDER
        with runtime.sessions.begin() as session:
            without_contact = {
                one.name
                for one in self._campaigns.all(session)
                if needs_contact and not (one.file.organiser and one.file.privacy_contact)
            }
            digest_delivery.make_digests(
                session,
                office,
                now=self.now(),
                per_hour=runtime.settings.recipient_per_hour,
                waiting_campaigns=without_contact,
            )

    @tried_again("the publication on schedule")
    def _publish_scheduled(self) -> None:
        settings = self.runtime.settings
        sends = settings.mail_mode is not MailMode.FOLDER
        with self.runtime.sessions.begin() as session:
            publication.publish_scheduled(session, now=self.now(), sends=sends)

    @tried_again("the look at mails that come back")
    def _look_at_bounces(self) -> None:
        runtime, before = self.runtime, self._is_braked
        with runtime.sessions.begin() as session:
            per_hour = runtime.settings.recipient_per_hour
            self._is_braked = bounce_brake.look(session, now=self.now(), per_hour=per_hour)
        if self._is_braked and not before:
            log.warning("many confirmation mails come back: new ones are held until fewer do, or staff release them")
        elif before and not self._is_braked:
            log.warning("fewer confirmation mails come back: those that were held are sent, some each minute")

    @tried_again("the sweep of jobs")
    def _start_waiting_jobs(self) -> None:
        with self.runtime.sessions() as session:
            if not jobs.is_any_waiting(session):
                return
        try:
            self.queued.run_jobs()
        except Exception as error:
            log.warning("the task queue failed (%s); the jobs are done without it", type(error).__name__)
            self.run_jobs()
