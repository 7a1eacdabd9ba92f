"""A message's life: what may follow what, and what a late report may still change."""

from functools import reduce
from itertools import permutations

import pytest

from advocacy.delivery.states import MOVES, RANK, REPORTABLE, ImpossibleMove, State, follow, move


def test_a_move_of_the_table_is_made_and_any_other_is_refused() -> None:
    assert move(State.READY, State.SENDING) is State.SENDING
    with pytest.raises(ImpossibleMove, match=r"^accepted -> sending$"):
        move(State.ACCEPTED, State.SENDING)


def test_what_left_is_never_sent_again() -> None:
    sent = set(RANK)
    assert all(MOVES[state] <= sent for state in sent)


def test_nothing_leaves_but_by_a_claim() -> None:
    assert {state for state, moves in MOVES.items() if State.SENDING in moves} == {State.READY, State.UNCERTAIN}
    assert not MOVES[State.READY] & set(RANK)


def test_only_a_person_an_office_or_a_failed_claim_makes_a_message_ready_again() -> None:
    assert {state for state, moves in MOVES.items() if State.READY in moves} == {
        State.SENDING,
        State.HELD,
        State.DIGEST,
        State.NEEDS_STAFF,
    }


@pytest.mark.parametrize("current", State)
def test_a_report_only_ever_raises_the_rank_by_a_move_of_the_table(current: State) -> None:
    for reported in RANK:
        after = follow(current, reported)
        if current not in REPORTABLE or RANK.get(current, 0) >= RANK[reported]:
            assert after is current, reported
        else:
            assert after is reported
            assert after in MOVES[current]


def test_every_order_of_the_four_reports_ends_alike() -> None:
    ends = {reduce(follow, order, start) for start in REPORTABLE for order in permutations(RANK)}
    assert ends == {State.BOUNCED}
