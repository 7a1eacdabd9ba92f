"""One office may be wrong, many in a row are not: then the outbox is held, and what was not refused yet waits."""

import pytest
from sqlalchemy import func, select

from advocacy.delivery import holds
from advocacy.delivery.holds import MAX_REFUSED
from advocacy.delivery.models import Message
from advocacy.delivery.provider import Accepted, Refused, TryLater
from advocacy.delivery.states import State
from tests.workbench import Bench, Sessions


@pytest.fixture
def bench(sessions: Sessions) -> Bench:
    return Bench(sessions)


def deliver(bench: Bench, answers: list[Accepted | Exception], *, offices: int = 30) -> None:
    """Deliver 30 letters, each to one of so many offices; to nobody's where there are none."""
    for number in range(30):
        bench.put(f"{number:03}", pace_key=f"office {number % offices}" if offices else None)
    bench.provider.answers = list(answers)
    while bench.worker.deliver():
        pass


def count(bench: Bench, state: State) -> int:
    with bench.sessions() as session:
        return session.scalar(select(func.count()).select_from(Message).where(Message.state == state)) or 0


def test_many_offices_refused_in_a_row_hold_the_outbox(bench: Bench) -> None:
    deliver(bench, [Refused("address")] * 30)
    assert bench.held() == holds.REFUSALS_IN_A_ROW
    assert (count(bench, State.FAILED), count(bench, State.READY)) == (MAX_REFUSED, 30 - MAX_REFUSED)
    assert bench.alerts == [f"sending is paused: {holds.OWN_REASONS[holds.REFUSALS_IN_A_ROW]}"]


def test_what_a_policy_refused_waits_with_the_others_and_leaves_when_sending_is_resumed(bench: Bench) -> None:
    deliver(bench, [TryLater("policy", refused=True)] * 30)
    assert (bench.held(), count(bench, State.READY)) == (holds.REFUSALS_IN_A_ROW, 30)
    with bench.sessions.begin() as session:
        assert holds.release(session)
    bench.provider.answers = []
    bench.time = max(bench.message(f"{number:03}").due_at for number in range(30))
    while bench.worker.deliver():
        pass
    assert count(bench, State.ACCEPTED) == 30


@pytest.mark.parametrize(
    ("answers", "offices"),
    [
        ([*[Refused("address")] * (MAX_REFUSED - 1), Accepted()] * 3, 30),
        ([Refused("address")] * 30, MAX_REFUSED - 1),
        ([Refused("address", only_this=True)] * 30, 30),
        ([Refused("address")] * 30, 0),
    ],
    ids=["one is taken now and then", "few offices", "the address is known to be wrong", "addresses that were typed"],
)
def test_what_may_be_the_recipients_holds_nothing(
    bench: Bench, answers: list[Accepted | Exception], offices: int
) -> None:
    deliver(bench, answers, offices=offices)
    assert (bench.held(), count(bench, State.READY)) == (None, 0)


def test_a_message_that_cannot_be_made_was_refused_by_nobody(bench: Bench) -> None:
    bench.contents = {f"{number:03}": Refused("unreadable") for number in range(30)}
    deliver(bench, [])
    assert (bench.held(), count(bench, State.FAILED)) == (None, 30)
