"""One recipient may be wrong, many in a row are not: then the outbox is held, and what was not refused yet waits."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from advocacy.delivery import holds
from advocacy.delivery.holds import MAX_OFFICES, MAX_OTHERS, MIN_WRITERS
from advocacy.delivery.models import Message
from advocacy.delivery.provider import Accepted, Refused, TryLater
from advocacy.delivery.states import State
from tests.databases import both_databases
from tests.workbench import NOW, Bench, Sessions


@pytest.fixture
def bench(sessions: Sessions) -> Bench:
    return Bench(sessions)


def put(bench: Bench, number: int, *, offices: int | None = None) -> None:
    """Put messages, each to an office of its own or to one of some `offices`; none has one where that is 0."""
    for nth in range(number):
        bench.put(f"{nth:03}", pace_key=f"office {nth % (offices or number)}" if offices != 0 else None)


def deliver(bench: Bench, *, by: int = 1) -> None:
    workers = [bench.worker, *(bench.another() for _ in range(by - 1))]
    while sum(worker.deliver() for worker in workers):
        pass


def count(bench: Bench, state: State) -> int:
    with bench.sessions() as session:
        return session.scalar(select(func.count()).select_from(Message).where(Message.state == state)) or 0


@both_databases
@pytest.mark.parametrize("processes", [1, 3])
def test_many_offices_refused_in_a_row_hold_the_outbox(bench: Bench, processes: int) -> None:
    put(bench, 30)
    bench.provider.answers = [Refused("address")] * 30
    deliver(bench, by=processes)
    assert bench.held() == holds.REFUSALS_IN_A_ROW
    assert (count(bench, State.FAILED), count(bench, State.READY)) == (MAX_OFFICES, 30 - MAX_OFFICES)
    assert len(bench.provider.sent) == MAX_OFFICES
    assert bench.alerts == [f"sending is paused: {holds.OWN_REASONS[holds.REFUSALS_IN_A_ROW]}"]


def test_what_a_policy_refused_waits_with_the_others_and_leaves_when_sending_is_resumed(bench: Bench) -> None:
    put(bench, 12)
    bench.provider.answers = [TryLater("policy", refused=True)] * 12
    deliver(bench)
    assert (bench.held(), count(bench, State.READY)) == (holds.REFUSALS_IN_A_ROW, 12)
    bench.provider.answers = []
    resume(bench)
    deliver(bench)
    assert count(bench, State.ACCEPTED) == 12


@pytest.mark.parametrize(
    ("answers", "offices"),
    [
        ([*[Refused("address")] * (MAX_OFFICES - 1), Accepted()] * 6, None),
        ([Refused("address")] * 30, MAX_OFFICES - 1),
        ([Refused("address", only_this=True)] * 30, None),
        ([Refused("address")] * (MAX_OTHERS - 1), 0),
    ],
    ids=["one is taken now and then", "few recipients", "the address is known to be wrong", "some typed addresses"],
)
def test_what_may_be_the_recipients_holds_nothing(
    bench: Bench, answers: list[Accepted | Exception], offices: int | None
) -> None:
    put(bench, 30, offices=offices)
    bench.provider.answers = list(answers)
    deliver(bench)
    assert bench.held() is None
    assert count(bench, State.READY) == 0


def test_a_message_that_cannot_be_made_was_refused_by_nobody(bench: Bench) -> None:
    put(bench, 10)
    bench.contents = {f"{nth:03}": Refused("unreadable") for nth in range(10)}
    deliver(bench)
    assert (bench.held(), count(bench, State.FAILED)) == (None, 10)


@both_databases
@pytest.mark.parametrize("answer", [TryLater("policy", refused=True), Refused("content")])
@pytest.mark.parametrize("people", [MIN_WRITERS - 1, MIN_WRITERS])
def test_what_one_or_two_people_wrote_stops_nobody_else(bench: Bench, answer: Exception, people: int) -> None:
    put(bench, 10)
    bench.writers = {f"{nth:03}": f"writer {nth % people}" for nth in range(10)}
    bench.provider.answers = [answer] * 10
    deliver(bench)
    assert bench.held() == (holds.REFUSALS_IN_A_ROW if people >= MIN_WRITERS else None)


@pytest.mark.parametrize("kind", ["cannot be made", "the address is known to be wrong"])
def test_what_nobody_refused_for_all_is_not_counted_with_what_was(bench: Bench, kind: str) -> None:
    put(bench, MAX_OFFICES)
    if kind == "cannot be made":
        bench.contents = {f"{nth:03}": Refused("unreadable") for nth in range(MAX_OFFICES - 1)}
    else:
        bench.provider.answers = [Refused("address", only_this=True)] * (MAX_OFFICES - 1)
    bench.provider.answers += [Refused("address")]
    deliver(bench)
    assert (bench.held(), count(bench, State.FAILED)) == (None, MAX_OFFICES)


def test_many_addresses_that_were_typed_hold_it_too(bench: Bench) -> None:
    put(bench, 30, offices=0)
    bench.provider.answers = [Refused("address")] * 30
    deliver(bench)
    assert (bench.held(), count(bench, State.FAILED)) == (holds.REFUSALS_IN_A_ROW, MAX_OTHERS)


def test_once_resumed_it_takes_as_many_again(bench: Bench) -> None:
    put(bench, 30)
    bench.provider.answers = [Refused("address")] * 30
    deliver(bench)
    resume(bench)
    deliver(bench)
    assert (bench.held(), count(bench, State.FAILED)) == (holds.REFUSALS_IN_A_ROW, 2 * MAX_OFFICES)


def resume(bench: Bench) -> None:
    bench.later(timedelta(hours=1))
    with bench.sessions.begin() as session:
        assert holds.release(session, now=NOW, per_hour=0)
