"""A window slides: what was counted goes out of it little by little, and it says truly when there is room again."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from advocacy.abuse.windows import Window, has_room, room_at

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AT_NOON = Window.until(NOON).last


def used(counts: Mapping[int, int], now: datetime, hours: int = 24) -> float:
    return Window.until(now, hours=hours).used(counts)


def test_what_came_in_one_hour_counts_for_a_day_and_goes_in_the_hour_after() -> None:
    counts = {AT_NOON: 60}
    day_later = NOON + 24 * HOUR

    assert [used(counts, NOON), used(counts, day_later - MINUTE), used(counts, day_later)] == [60, 60, 60]
    assert used(counts, day_later + 30 * MINUTE) == 30
    assert used(counts, day_later + HOUR) == 0


def test_what_a_wrong_clock_counted_for_later_does_not_count_now() -> None:
    assert used({AT_NOON + 1: 60}, NOON) == 0


@given(
    counts=st.dictionaries(st.integers(AT_NOON - 30, AT_NOON), st.integers(0, 40)),
    share=st.integers(1, 60),
    seconds=st.integers(0, 3599),
    hours=st.sampled_from([1, 24]),
)
def test_there_is_room_when_it_says_and_a_second_before_there_was_none(
    counts: dict[int, int], share: int, seconds: int, *, hours: int
) -> None:
    now = NOON + timedelta(seconds=seconds)
    at = room_at(counts, share, now=now, hours=hours)

    assert now <= at <= now + (hours + 1) * HOUR
    assert has_room(used(counts, at, hours) + 1, share)
    if at > now:
        assert not has_room(used(counts, max(now, at - timedelta(seconds=1.01)), hours) + 1, share)
