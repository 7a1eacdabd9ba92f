"""How many forms in ten minutes are calm follows from the calm ten minutes of a week, within two bounds."""

from hypothesis import given
from hypothesis import strategies as st

from advocacy.abuse.pressure import FACTOR, HISTORY, SLOT, calm_forms

SLOTS = HISTORY // SLOT
FLOOR, CEILING = 30, 1000


def calm(counts: list[int]) -> int:
    return calm_forms(counts, floor=FLOOR, ceiling=CEILING)


def test_a_site_that_knows_no_week_yet_goes_by_its_floor() -> None:
    assert calm([]) == FLOOR
    assert calm([500] * 30) == FLOOR, "five busy hours are no week"


def test_a_busy_evening_each_day_is_calm() -> None:
    day = [2] * 108 + [40] * 36
    assert calm(day * 7) == FACTOR * 40


def test_the_busiest_hours_of_a_week_say_nothing() -> None:
    assert calm([10] * (SLOTS - 60) + [5000] * 60) == FLOOR
    assert calm([20] * (SLOTS - 60) + [5000] * 60) == FACTOR * 20


def test_whoever_raises_the_traffic_for_a_week_raises_what_is_calm_no_further_than_the_ceiling() -> None:
    assert calm([100_000] * SLOTS) == CEILING


def test_a_floor_that_was_set_above_the_ceiling_counts() -> None:
    assert calm_forms([100_000] * SLOTS, floor=5000, ceiling=CEILING) == 5000


@given(st.lists(st.integers(0, 10_000), max_size=SLOTS), st.integers(0, 10_000))
def test_one_more_form_somewhere_never_lowers_what_is_calm(counts: list[int], more: int) -> None:
    assert FLOOR <= calm(counts) <= CEILING
    assert calm([count + more for count in counts]) >= calm(counts)
