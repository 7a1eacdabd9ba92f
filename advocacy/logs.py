"""Logging to stderr, from the level that is set; errors of the task queue in one line each."""

import logging
import time
from collections.abc import Callable

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
QUIET_LOGGERS = ("alembic", "huey", "sqlalchemy")
"""Libraries that would log every migration and every task, or at DEBUG every value of a statement."""
QUEUE_LOGGERS = ("huey", "huey.consumer", "huey.consumer.Worker", "huey.consumer.Scheduler")
SAME_ERROR_INTERVAL_S = 60.0


class OneLine(logging.Filter):
    """Logs an error of the task queue as one line with its type, and the same one once a minute.

    Its own words and its traceback may hold what a person typed, and a queue that is away fails many times a second.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._logged_at: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is logged."""
        if not record.exc_info or record.exc_info[0] is None:
            return True
        record.msg, record.args = f"{record.msg.split(' %s')[0].rstrip('.')} ({record.exc_info[0].__name__})", ()
        record.exc_info = record.exc_text = None
        last, self._logged_at[record.msg] = self._logged_at.get(record.msg), self._clock()
        if last is None or self._clock() - last >= SAME_ERROR_INTERVAL_S:
            return True
        self._logged_at[record.msg] = last
        return False


def start_logging(level: str) -> None:
    """Log to stderr from `level` on."""
    logging.basicConfig(level=level, format=FORMAT)
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    one_line = OneLine()
    for name in QUEUE_LOGGERS:
        logging.getLogger(name).addFilter(one_line)
