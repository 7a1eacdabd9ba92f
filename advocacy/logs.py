"""Logging to stderr: text for people, JSON for programs; of a failure its type and place, never its own words."""

import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable, MutableMapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from structlog.stdlib import ProcessorFormatter

log = logging.getLogger(__name__)

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
QUIET_LOGGERS = ("alembic", "huey", "sqlalchemy")
"""Libraries that would log every migration and every task, or at DEBUG every value of a statement."""
OUR_LOGGERS = frozenset({"advocacy", "gunicorn"})
"""Whose messages hold nothing that a person typed; the arguments of others are not filled in."""
WARNINGS_LOGGER = "py.warnings"
SAME_ERROR_INTERVAL_S = 60.0
KEYS = ("request_id", "method", "route", "status", "ms", "task", "message_id", "job_id", "error", "place")
"""What a line may hold besides its time, level, logger and event; anything else is dropped (docs/running.md)."""


class WithoutPersonalData(logging.Filter):
    """Reduces a failure to its type and place, and a library's message to its own words."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Reduce a record; every one is logged."""
        record.msg, record.args = _safe_message(record), ()
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            kind, place = type(error).__qualname__, place_of(error)
            record.__dict__.update(error=kind, place=place)
            record.msg = f"{record.msg} ({kind} at {place})"
        record.exc_info = record.exc_text = record.stack_info = None
        return True


class QueueErrorOnce(logging.Filter):
    """Logs the same error of the task queue once a minute: a queue that is away fails many times a second."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._logged_at: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is logged; its failure was reduced to its type and place before."""
        if not record.name.startswith("huey") or "error" not in record.__dict__:
            return True
        now, logged_at = self._clock(), self._logged_at.get(record.msg)
        if logged_at is not None and now - logged_at < SAME_ERROR_INTERVAL_S:
            return False
        self._logged_at[record.msg] = now
        return True


def _safe_message(record: logging.LogRecord) -> str:
    """Return a record's message; of another's than ours as it stands in the code, without its arguments."""
    if record.name.partition(".")[0] in OUR_LOGGERS:
        return record.getMessage()
    if record.name == WARNINGS_LOGGER:  # "file:line: category: what is wrong"
        return ": ".join(record.getMessage().split(": ")[:2])
    return str(record.msg)


def place_of(error: BaseException) -> str:
    """Return where a failure came from, the innermost place first."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))


def start_logging(level: str) -> None:
    """Log to stderr in text from `level` on, unless logging has started already."""
    if not logging.getLogger().handlers:
        _start(level, logging.Formatter(FORMAT))


def start_service_logging(level: str, form: str) -> None:
    """Log what a process does that runs for long, in the form that ADVOCACY_LOG_FORMAT names."""
    if logging.getLogger().handlers:
        return
    _start(level, service_formatter(as_json=logs_json(form)))
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda failed: _log_uncaught(failed.exc_type, failed.exc_value, failed.exc_traceback)


def logs_json(form: str) -> bool:
    """Whether lines of the log are JSON: as the setting says, else wherever nobody reads along."""
    return form == "json" or (form == "auto" and not sys.stderr.isatty())


def service_formatter(*, as_json: bool) -> "ProcessorFormatter":
    """Return what makes a line of a record, with what is known of the request or the task that it is about."""
    import structlog  # noqa: PLC0415  # a tenth of a second, which short commands would wait for

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.ExtraAdder(allow=KEYS),
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _allowed_keys,
            structlog.processors.JSONRenderer() if as_json else _text,
        ],
    )


def _allowed_keys(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Return the time, level, logger and event of a line, then what else it may hold."""
    first = ("timestamp", "level", "logger", "event")
    return {name: event[name] for name in (*first, *KEYS) if name in event}


def _text(_logger: object, _name: str, event: MutableMapping[str, Any]) -> str:
    """Return a line for people: what its message says is not said again."""
    about = "".join(f" {name}={event[name]}" for name in ("request_id", "task") if name in event)
    return f"{event['timestamp']} {event['level'].upper()} {event['logger']}: {event['event']}{about}"


def make_handler(formatter: logging.Formatter, stream: TextIO | None = None) -> logging.Handler:
    """Return what writes records to a stream, stderr by default, without what a person typed."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    handler.addFilter(WithoutPersonalData())
    handler.addFilter(QueueErrorOnce())
    return handler


def _start(level: str, formatter: logging.Formatter) -> None:
    logging.basicConfig(level=level, handlers=[make_handler(formatter)])
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


def _log_uncaught(_kind: type[BaseException], error: BaseException | None, _trace: TracebackType | None) -> None:
    if error is not None and not isinstance(error, KeyboardInterrupt):
        log.error("a process or a thread ends", exc_info=error)
