"""Errors of the task queue are logged as one line with their type, and the same one once a minute."""

import io
import logging

from advocacy.logs import SAME_ERROR_INTERVAL_S, OneLine

CANARY = "canari-7f3a"


def test_an_error_is_one_line_with_its_type_and_is_not_repeated_within_a_minute() -> None:
    def fail() -> None:
        try:
            raise ConnectionError(CANARY)
        except ConnectionError:
            logger.exception("Error enqueueing %s.", CANARY)

    time, stream = [0.0], io.StringIO()
    logger = logging.Logger("huey.consumer.Worker")
    logger.addHandler(logging.StreamHandler(stream))
    logger.addFilter(OneLine(clock=lambda: time[0]))
    for seconds in (0, 1, SAME_ERROR_INTERVAL_S - 1, SAME_ERROR_INTERVAL_S, SAME_ERROR_INTERVAL_S + 1):
        time[0] = seconds
        fail()
    logger.warning("Worker %d died, restarting.", 2)
    assert stream.getvalue().splitlines() == ["Error enqueueing (ConnectionError)"] * 2 + ["Worker 2 died, restarting."]
