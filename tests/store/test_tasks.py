"""The tasks: deliveries share the work, what runs on a schedule runs once, and no queue that fails costs a letter."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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
from advocacy.database import make_engine, make_sessions
from advocacy.delivery import outbox
from advocacy.delivery.states import State
from advocacy.language import Language, day_of
from advocacy.letters import answer_counts, digest_delivery, letter_counts
from advocacy.letters.models import AnswerKind, AnswerTally, Digest
from advocacy.runtime import Runtime
from advocacy.settings import Settings
from advocacy.staff import emails, jobs, publication
from advocacy.staff.models import Account, JobKind, Role
from advocacy.tasks import MAX_WAITING, Tasks, begin_periodic_run
from tests.citizens import BOTH, KEYS, came_to, confirmed, sent_in, settle_in
from tests.databases import both_databases
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
        yield Runtime(settings, engine, make_sessions(engine), closing=closing)


@pytest.fixture
def bench(runtime: Runtime) -> Bench:
    return Bench(runtime.sessions)


@pytest.fixture
def tasks(runtime: Runtime, bench: Bench, clock: Clock) -> Tasks:
    made = Tasks(runtime, now=clock.now)
    made.__dict__["worker"] = bench.worker
    return made


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


@both_databases
def test_what_a_page_enqueues_delivers_all_that_is_due(tasks: Tasks, bench: Bench) -> None:
    for number in range(30):
        bench.put(str(number))
    tasks.deliver_soon()
    assert set(run_all(tasks)) == {"deliver"}
    assert len(bench.provider.sent) == 30
    assert run_all(tasks) == []


def test_a_long_delivery_has_others_help_and_makes_room_for_other_tasks(
    tasks: Tasks, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SLICE_S", 0.0)
    for number in range(5):
        bench.put(str(number))
    tasks.deliver()
    assert (len(bench.provider.sent), tasks.queued.huey.pending_count()) == (1, 1)
    monkeypatch.setattr(module, "SLICE_S", 60.0)
    run_all(tasks)
    assert len(bench.provider.sent) == 5


def test_one_letter_calls_nobody_for_help(tasks: Tasks, bench: Bench) -> None:
    bench.put()
    tasks.deliver()
    assert tasks.queued.huey.pending_count() == 0


def test_told_to_stop_a_delivery_enqueues_no_other(tasks: Tasks, bench: Bench) -> None:
    bench.put("one")
    bench.put("two")
    tasks.is_stopping = lambda: True
    tasks.deliver()
    assert (len(bench.provider.sent), tasks.queued.huey.pending_count()) == (1, 0)


def test_a_database_that_goes_away_fails_no_task_and_is_told_by_its_kind(
    tasks: Tasks, bench: Bench, *, runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError(CANARY, {}, Exception())

    bench.put()
    event.listen(runtime.engine, "before_cursor_execute", fail)
    every = (tasks.deliver, tasks.sweep, tasks.retention, tasks.reminders, tasks.questions, tasks.results, tasks.erase)
    for task in every:
        task()
    assert caplog.text.count("OperationalError") == 7
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
    assert bench.message().state is State.ACCEPTED
    assert "the publication on schedule failed (RuntimeError)" in caplog.text
    assert CANARY not in caplog.text


@both_databases
def test_work_on_a_schedule_begins_once_however_many_begin_it(runtime: Runtime) -> None:
    def begin(number: int) -> bool:
        ready.wait(60)
        return begin_periodic_run(runtime.sessions, "sweep", every=MINUTE, now=NOW + timedelta(milliseconds=number))

    ready = threading.Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(begin, range(4))) == [False, False, False, True]
    for wait, begins in ((MINUTE / 2, False), (MINUTE * 1.1, True), (MINUTE * 1.2, False)):
        assert begin_periodic_run(runtime.sessions, "sweep", every=MINUTE, now=NOW + wait) is begins
    assert begin_periodic_run(runtime.sessions, "retention", every=MINUTE, now=NOW)


@both_databases
def test_a_clock_that_was_ahead_for_a_moment_keeps_nothing_from_beginning(runtime: Runtime) -> None:
    assert begin_periodic_run(runtime.sessions, "sweep", every=MINUTE, now=NOW + timedelta(days=8))
    assert begin_periodic_run(runtime.sessions, "sweep", every=MINUTE, now=NOW)
    assert not begin_periodic_run(runtime.sessions, "sweep", every=MINUTE, now=NOW + MINUTE / 2)


def test_each_part_runs_in_its_own_time(tasks: Tasks, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    done = {
        "sweep": Mock(),
        "erase": Mock(),
        "remind": Mock(),
        "record": Mock(),
    }
    tasks.worker.sweep = done["sweep"]  # type: ignore[method-assign]
    monkeypatch.setattr(dispatch, "apply_retention", done["erase"])
    monkeypatch.setattr(emails, "send_bill_reminder_emails", done["remind"])
    monkeypatch.setattr(letter_counts, "record", done["record"])
    for _ in range(61):
        for task in (tasks.sweep, tasks.retention, tasks.reminders, tasks.results):
            task()
        clock.at += MINUTE
    assert {name: work.call_count for name, work in done.items()} == {"sweep": 61, "erase": 2, "remind": 2, "record": 2}


def test_what_may_be_shown_of_answers_is_recorded_with_the_results(runtime: Runtime, clock: Clock) -> None:
    settle_in(runtime.sessions)
    answers = {"kind": AnswerKind.ANSWERED, "within_days": 14, "letters": 9}
    with runtime.sessions.begin() as session:
        session.add(AnswerTally(campaign="any", legislator_id=BOTH[0], **answers))
    Tasks(runtime, now=clock.now).results()
    with runtime.sessions() as session:
        assert answer_counts.figures(session, "any").letters == 9


def test_the_consumer_finds_every_part_on_the_schedule(tasks: Tasks) -> None:
    scheduled = {type(task).__name__ for task in tasks.queued.huey.read_periodic(NOW)}
    assert scheduled == {"sweep", "retention", "reminders", "questions", "results"}


def test_what_is_erased_while_it_is_handed_over_is_cleared_away_by_a_task(runtime: Runtime, clock: Clock) -> None:
    tasks = Tasks(runtime, now=clock.now)
    tasks.worker.on_erased()
    [task] = [tasks.queued.huey.dequeue()]
    assert type(task).__name__ == "erase"
    tasks.close()


def test_a_job_is_enqueued_by_its_id_and_again_by_the_sweep_while_it_waits(tasks: Tasks, runtime: Runtime) -> None:
    job_id = a_job(runtime)
    tasks.start_job(job_id)
    for _ in range(2):
        task = tasks.queued.huey.dequeue()
        assert task is not None
        assert (type(task).__name__, task.args) == ("run_job", (job_id,))
        tasks.sweep()


def test_deliveries_that_nobody_takes_up_are_not_piled_up(tasks: Tasks) -> None:
    for _ in range(MAX_WAITING + 20):
        tasks.deliver_soon()
    assert tasks.queued.huey.pending_count() == MAX_WAITING


def test_a_queue_that_cannot_be_written_fails_nobody(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "make_huey", Mock(side_effect=OSError(CANARY)))
    Tasks(runtime).deliver_soon()
    assert "the task queue failed (OSError); workers look into the outbox by themselves" in caplog.text
    assert CANARY not in caplog.text


@pytest.mark.loopback
def test_a_redis_that_does_not_answer_fails_nobody(runtime: Runtime, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = runtime.settings.model_copy(update={"queue_url": f"redis://:{CANARY}@127.0.0.1:{port}/0"})
    Tasks(replace(runtime, settings=settings)).deliver_soon()
    assert "the task queue failed (ConnectionError)" in caplog.text
    assert CANARY not in caplog.text


def test_a_queue_that_is_away_stops_nothing_that_runs_on_a_schedule(
    tasks: Tasks, bench: Bench, clock: Clock, *, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = {"erase": Mock(), "remind": Mock(), "record": Mock(), "job": Mock()}
    monkeypatch.setattr(module, "make_huey", Mock(side_effect=OSError(CANARY)))
    monkeypatch.setattr(dispatch, "apply_retention", done["erase"])
    monkeypatch.setattr(emails, "send_bill_reminder_emails", done["remind"])
    monkeypatch.setattr(letter_counts, "record", done["record"])
    monkeypatch.setattr(module.job_runner, "run_job", done["job"])  # type: ignore[attr-defined]
    job_id = a_job(runtime)
    bench.put()
    for _ in range(3):
        tasks.look()
        clock.at += MINUTE / 60
    assert bench.message().state is State.ACCEPTED
    assert {name: work.call_count for name, work in done.items()} == dict.fromkeys(done, 1)
    assert done["job"].call_args.args == (job_id,)


def test_a_job_whose_keys_are_missing_is_told_by_the_kind_of_error_alone(
    tasks: Tasks, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "load_keys", Mock(side_effect=ValueError(CANARY)))
    tasks.run_job(1)
    assert "a job failed (ValueError)" in caplog.text
    assert CANARY not in caplog.text


def test_the_outbox_is_the_truth_when_the_queue_is_emptied(tasks: Tasks, bench: Bench, runtime: Runtime) -> None:
    with runtime.sessions.begin() as session:
        outbox.put(session, "letter", "one", now=NOW)
    tasks.deliver_soon()
    tasks.queued.huey.flush()
    tasks.sweep()
    assert bench.message().state is State.ACCEPTED


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
