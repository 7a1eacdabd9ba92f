"""What is logged goes to stderr, from the level that is set."""

import logging
import time
from collections.abc import Callable

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
TALKATIVE = ("alembic", "huey", "sqlalchemy")
"""Libraries that would log every migration and every task, or at DEBUG every value of a statement."""
OF_THE_QUEUE = ("huey", "huey.consumer", "huey.consumer.Worker", "huey.consumer.Scheduler")
SAME_ERROR_EVERY_S = 60.0


class OneLine(logging.Filter):
    """Lets an error of the task queue through as one line with its type, and the same one once a minute.

    Its own words and its traceback may hold what a person typed, and a queue that is away fails many times a second.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said_at: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is logged."""
        if not record.exc_info or record.exc_info[0] is None:
            return True
        record.msg, record.args = f"{record.msg.split(' %s')[0].rstrip('.')} ({record.exc_info[0].__name__})", ()
        record.exc_info = record.exc_text = None
        last, self._said_at[record.msg] = self._said_at.get(record.msg), self._clock()
        if last is None or self._clock() - last >= SAME_ERROR_EVERY_S:
            return True
        self._said_at[record.msg] = last
        return False


def start_logging(level: str) -> None:
    """Log to stderr from `level` on."""
    logging.basicConfig(level=level, format=FORMAT)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    one_line = OneLine()
    for name in OF_THE_QUEUE:
        logging.getLogger(name).addFilter(one_line)
