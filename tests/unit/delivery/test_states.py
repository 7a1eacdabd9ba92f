"""A message's life, pair by pair: what may follow what, and what a late report may still change."""

from functools import reduce
from itertools import permutations

import pytest

from advocacy.delivery.states import MOVES, RANK, REPORTABLE, SETTLED, ImpossibleMove, State, follow, move

LIFE = """
ready: sending cancelled expired
sending: ready accepted delivered bounced failed uncertain needs_staff cancelled
uncertain: sending accepted delivered bounced failed needs_staff
needs_staff: ready cancelled expired accepted delivered bounced failed
accepted: delivered failed bounced
delivered: failed bounced
failed: bounced
bounced:
cancelled:
expired:
"""
ALLOWED = {
    (State(line.split(":")[0]), State(word))
    for line in LIFE.strip().splitlines()
    for word in line.split(":")[1].split()
}


@pytest.mark.parametrize("current", State)
def test_every_pair_is_moved_or_refused(current: State) -> None:
    for wanted in State:
        if (current, wanted) in ALLOWED:
            assert move(current, wanted) is wanted
        else:
            with pytest.raises(ImpossibleMove, match=f"^{current} -> {wanted}$"):
                move(current, wanted)


@pytest.mark.parametrize("current", State)
def test_a_report_only_ever_raises_the_rank_by_a_move_of_the_table(current: State) -> None:
    for reported in RANK:
        after = follow(current, reported)
        if current not in REPORTABLE or RANK.get(current, 0) >= RANK[reported]:
            assert after is current, reported
        else:
            assert after is reported
            assert (current, after) in ALLOWED


def test_every_order_of_the_four_reports_ends_alike() -> None:
    ends = {reduce(follow, order, start) for start in REPORTABLE for order in permutations(RANK)}
    assert ends == {State.BOUNCED}


def test_the_states_that_are_settled_lead_to_no_work() -> None:
    work = {State.READY, State.SENDING, State.UNCERTAIN, State.NEEDS_STAFF}
    assert set(State) - SETTLED == work
    assert not [state for state in SETTLED if MOVES[state] & work]
