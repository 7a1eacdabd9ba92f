"""The tasks: deliveries share the work, what runs on a schedule runs once, and no queue that fails costs a letter."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from pydantic import SecretStr
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from advocacy import dispatch
from advocacy import tasks as module
from advocacy.database import make_engine
from advocacy.delivery import outbox
from advocacy.delivery.states import State
from advocacy.language import Language, day_of
from advocacy.letters import answer_counts, digest_delivery
from advocacy.letters.models import AnswerKind, AnswerTally, Digest
from advocacy.runtime import Runtime
from advocacy.settings import Settings
from advocacy.staff import jobs, publication
from advocacy.staff.models import Account, JobKind, Role
from advocacy.task_queue import make_huey
from advocacy.tasks import MAX_WAITING, Tasks
from tests.citizens import BOTH, KEYS, came_to, confirmed, open_sessions, sent_in, settle_in
from tests.digests import MORNING, OFFICE, take_digests
from tests.workbench import CANARY, Bench

SECRET = "a secret key of the tests, of 43 characters"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def runtime(store_url: str) -> Iterator[Runtime]:
    engine = make_engine(store_url)
    settings = Settings(database_url=store_url, secret_key=SecretStr(SECRET), data_keys=SecretStr(KEYS.text))
    with ExitStack() as closing:
        closing.callback(engine.dispose)
        yield Runtime(settings, engine, open_sessions(engine), closing=closing)


@pytest.fixture
def bench(runtime: Runtime) -> Bench:
    return Bench(runtime.sessions)


@pytest.fixture
def tasks(runtime: Runtime, bench: Bench, clock: Clock, *, monkeypatch: pytest.MonkeyPatch) -> Tasks:
    monkeypatch.setattr(dispatch, "make_worker", lambda *_, **__: bench.worker)
    tasks = Tasks(runtime, now=clock.now)
    tasks.queued.huey.flush()  # the queue lies beside the database, which all tests of a process share
    return tasks


def run_all(tasks: Tasks) -> list[str]:
    """Run every task of the queue, and what those enqueue; give their names."""
    names = []
    while (task := tasks.queued.huey.dequeue()) is not None:
        names.append(type(task).__name__)
        tasks.queued.huey.execute(task)
    return names


def a_job(runtime: Runtime) -> int:
    """A job that waits, and the account it is of."""
    with runtime.sessions.begin() as session:
        account = Account(email="a@example.ca", name="A", role=Role.MANAGER, language=Language.EN, created_at=NOW)
        session.add(account)
        session.flush()
        return jobs.create(session, JobKind.MERGE, {}, by=account.id, now=NOW, keys=KEYS)


def test_a_long_delivery_makes_room_for_other_tasks(
    tasks: Tasks, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SLICE_S", 0.0)
    bench.put()
    tasks.deliver()
    assert (len(bench.provider.sent), tasks.queued.huey.pending_count()) == (0, 1)
    monkeypatch.setattr(module, "SLICE_S", 60.0)
    run_all(tasks)
    assert len(bench.provider.sent) == 1


def test_the_sweep_enqueues_a_delivery_for_each_message_that_is_due(tasks: Tasks, bench: Bench) -> None:
    for number in range(3):
        bench.put(str(number))
    tasks.sweep()
    assert run_all(tasks) == ["deliver"] * 3
    assert len(bench.provider.sent) == 3


def test_every_minute_and_every_hour_tasks_are_on_the_schedule(tasks: Tasks) -> None:
    names = [
        {type(task).__name__ for task in tasks.queued.huey.read_periodic(NOW + minutes * MINUTE)} for minutes in (0, 7)
    ]
    assert names == [{"sweep"}, {"sweep", "retention", "reminders", "questions", "results"}]


def test_what_a_page_enqueues_delivers_all_that_is_due(tasks: Tasks, bench: Bench) -> None:
    for number in range(30):
        bench.put(str(number))
    tasks.deliver_soon()
    assert set(run_all(tasks)) == {"deliver"}
    assert len(bench.provider.sent) == 30
    assert run_all(tasks) == []


def test_a_database_that_goes_away_fails_no_task_and_is_told_by_its_kind(
    tasks: Tasks, bench: Bench, *, runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError(CANARY, {}, Exception())

    bench.put()
    event.listen(runtime.engine, "before_cursor_execute", fail)
    every = (tasks.deliver, tasks.retention, tasks.reminders, tasks.questions, tasks.results)
    for task in every:
        task()
    assert caplog.text.count("OperationalError") == 5
    assert CANARY not in caplog.text
    event.remove(runtime.engine, "before_cursor_execute", fail)
    tasks.deliver()
    assert bench.message().state is State.ACCEPTED


def test_the_sweep_logs_once_that_many_mails_come_back_and_once_that_fewer_do(
    tasks: Tasks, runtime: Runtime, *, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with runtime.sessions.begin() as session:
        for number in range(20):
            came_to(session, outbox.put(session, "confirmation", f"{number}", now=NOW), State.BOUNCED, now=NOW)
    for minutes, on, over in ((1, 1, 0), (3, 1, 0), (61, 1, 1), (63, 1, 1)):
        clock.at = NOW + minutes * MINUTE
        tasks.sweep()
        assert sum("many confirmation mails come back" in line for line in caplog.messages) == on
        assert sum("fewer confirmation mails come back" in line for line in caplog.messages) == over


def test_one_failing_part_of_the_sweep_stops_no_other(
    tasks: Tasks, bench: Bench, *, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(publication, "publish_scheduled", Mock(side_effect=RuntimeError(CANARY)))
    bench.put()
    tasks.sweep()
    run_all(tasks)
    assert bench.message().state is State.ACCEPTED
    assert "the publication on schedule failed (RuntimeError)" in caplog.text
    assert CANARY not in caplog.text


def test_what_may_be_shown_of_answers_is_recorded_with_the_results(runtime: Runtime, clock: Clock) -> None:
    settle_in(runtime.sessions)
    answers = {"kind": AnswerKind.ANSWERED, "within_days": 14, "letters": 9}
    with runtime.sessions.begin() as session:
        session.add(AnswerTally(campaign="any", legislator_id=BOTH[0], **answers))
    Tasks(runtime, now=clock.now).results()
    with runtime.sessions() as session:
        assert answer_counts.figures(session, "any").letters == 9


def test_jobs_are_enqueued_and_again_by_the_sweep_while_one_waits(tasks: Tasks, runtime: Runtime) -> None:
    a_job(runtime)
    tasks.start_jobs()
    for _ in range(2):
        task = tasks.queued.huey.dequeue()
        assert task is not None
        assert (type(task).__name__, task.args) == ("run_jobs", ())
        tasks.sweep()


def test_a_site_does_not_run_what_another_one_queued(runtime: Runtime) -> None:
    ours, theirs = (
        make_huey(runtime.settings.model_copy(update={"secret_key": SecretStr(key)})) for key in (SECRET, SECRET[::-1])
    )
    theirs.storage.name = ours.storage.name
    ours.flush()
    theirs.task(name="deliver")(lambda: None)()
    with pytest.raises(ValueError, match="mismatch"):
        ours.dequeue()
    ours.storage.close()
    theirs.storage.close()


def test_deliveries_that_nobody_takes_up_are_not_piled_up(tasks: Tasks) -> None:
    for _ in range(MAX_WAITING + 20):
        tasks.deliver_soon()
    assert tasks.queued.huey.pending_count() == MAX_WAITING


@pytest.mark.loopback
def test_a_redis_that_does_not_answer_fails_nobody(runtime: Runtime, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = runtime.settings.model_copy(update={"queue_url": f"redis://:{CANARY}@127.0.0.1:{port}/0"})
    Tasks(replace(runtime, settings=settings)).deliver_soon()
    assert "the task queue failed (ConnectionError)" in caplog.text
    assert CANARY not in caplog.text


def test_a_job_whose_keys_are_missing_is_told_by_the_kind_of_error_alone(
    tasks: Tasks, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "load_keys", Mock(side_effect=ValueError(CANARY)))
    tasks.run_jobs()
    assert "a job failed (ValueError)" in caplog.text
    assert CANARY not in caplog.text


def test_the_sweep_makes_the_daily_mail_of_an_office_once_at_six_in_ottawa(runtime: Runtime, clock: Clock) -> None:
    settle_in(runtime.sessions)
    take_digests(runtime.sessions)
    clock.at = MORNING - 8 * 60 * MINUTE
    confirmed(runtime.sessions, sent_in(runtime.sessions, to=(OFFICE,), now=clock.at), now=clock.at)
    tasks = Tasks(runtime, now=clock.now)
    made = []
    while clock.at < MORNING + 3 * MINUTE:
        tasks._make_digests()
        with runtime.sessions() as session:
            made.append(len(session.scalars(select(Digest)).all()))
        clock.at += MINUTE if clock.at > MORNING - 3 * MINUTE else 60 * MINUTE
    assert (made[0], made[-1], made.index(1)) == (0, 1, made.count(0))
    with runtime.sessions() as session:
        [digest] = session.scalars(select(Digest))
        assert digest.day == day_of(MORNING)


def test_a_daily_mail_that_cannot_be_made_stops_no_other(
    runtime: Runtime, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle_in(runtime.sessions)
    for office in BOTH:
        take_digests(runtime.sessions, office=office)
    clock.at = MORNING - 60 * MINUTE
    confirmed(runtime.sessions, sent_in(runtime.sessions, now=clock.at), now=clock.at)
    clock.at = MORNING
    make = digest_delivery.make_digests

    def fail_for_first(session: Session, office: str, **options: Any) -> Any:
        if office == BOTH[0]:
            raise RuntimeError
        return make(session, office, **options)

    monkeypatch.setattr(digest_delivery, "make_digests", fail_for_first)
    tasks = Tasks(runtime, now=clock.now)
    tasks._make_digests()
    with runtime.sessions() as session:
        assert session.scalars(select(Digest.legislator_id)).all() == [BOTH[1]]
    monkeypatch.setattr(digest_delivery, "make_digests", make)
    tasks._make_digests()
    with runtime.sessions() as session:
        assert sorted(session.scalars(select(Digest.legislator_id))) == sorted(BOTH)
