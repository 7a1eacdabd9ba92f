"""How long a message waits before it tries again."""

from datetime import timedelta
from itertools import pairwise

from advocacy.delivery.outages import MAX_TRIES, retry_delay


def test_the_waits_double_to_a_cap() -> None:
    waits = [retry_delay(tries, chance=0) for tries in range(1, MAX_TRIES)]
    assert waits[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert all(later in {2 * earlier, timedelta(hours=1.5)} for earlier, later in pairwise(waits))
    assert waits[-1] == timedelta(hours=1.5)


def test_chance_leaves_half_the_wait_to_all_of_it() -> None:
    for tries in range(MAX_TRIES + 1):
        shortest = retry_delay(tries, chance=0)
        assert retry_delay(tries, chance=0.5) == shortest * 1.5
        assert shortest < retry_delay(tries, chance=0.999) < 2 * shortest


def test_the_attempts_of_a_message_outlast_half_a_day_at_worst_and_a_day_on_the_whole() -> None:
    def outlasted(chance: float) -> timedelta:
        return sum((retry_delay(tries, chance=chance) for tries in range(1, MAX_TRIES)), timedelta())

    assert outlasted(0) > timedelta(hours=12)
    assert outlasted(0.5) > timedelta(hours=24)
