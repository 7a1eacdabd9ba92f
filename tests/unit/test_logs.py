"""The log: a JSON object a line with known keys alone, of a failure its type and place, and nobody's words."""

import io
import json
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from structlog.contextvars import bound_contextvars, clear_contextvars

from advocacy.logs import SAME_ERROR_INTERVAL_S, QueueErrorOnce, logs_json, make_handler, service_formatter

CANARY = "canari-7f3a"


@pytest.fixture(autouse=True)
def outside_of_requests() -> None:
    """Forget the request of a test before."""
    clear_contextvars()


@contextmanager
def logger_of(name: str, *, as_json: bool = True) -> Iterator[tuple[logging.Logger, Callable[[], str]]]:
    """Yield a logger whose records go through the service's handler alone, and what it has written."""
    stream, logger = io.StringIO(), logging.Logger(name, logging.DEBUG)
    logger.addHandler(make_handler(service_formatter(as_json=as_json), stream))
    yield logger, stream.getvalue


def line(read: Callable[[], str]) -> dict[str, Any]:
    """Return the one line that was written, read as JSON."""
    [written] = read().splitlines()
    found: dict[str, Any] = json.loads(written)
    return found


def fail(logger: logging.Logger, *arguments: object) -> None:
    """Log a failure that repeats what was typed, in itself, in its cause and in its note."""
    try:
        try:
            raise KeyError(CANARY)
        except KeyError as cause:
            error = ValueError(f"{CANARY} {arguments}")
            error.add_note(CANARY)
            raise error from cause
    except ValueError:
        logger.exception("it failed", extra={"typed": CANARY})


def test_a_line_has_its_time_in_utc_its_level_its_logger_and_what_it_is_about() -> None:
    with logger_of("advocacy.web.security") as (logger, read), bound_contextvars(request_id="3f2a", task="deliver"):
        logger.info("GET %s %d", "/<campaign>/", 200, extra={"route": "/<campaign>/", "status": 200, "ms": 1.5})

    found = line(read)
    at = datetime.fromisoformat(found.pop("timestamp"))
    assert at.utcoffset() == timedelta()
    assert found == {
        "level": "info",
        "logger": "advocacy.web.security",
        "event": "GET /<campaign>/ 200",
        "request_id": "3f2a",
        "route": "/<campaign>/",
        "status": 200,
        "ms": 1.5,
        "task": "deliver",
    }


def test_what_is_not_among_the_known_keys_is_dropped() -> None:
    with logger_of("advocacy") as (logger, read), bound_contextvars(email=CANARY, name=CANARY):
        logger.warning("sent", extra={"subject": CANARY, "task": "deliver"}, stack_info=True)

    assert CANARY not in read()
    assert line(read).keys() == {"timestamp", "level", "logger", "event", "task"}


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("name", ["advocacy.web", "urllib3.connectionpool"])
def test_of_a_failure_its_type_and_place_are_logged_and_no_word(name: str, *, as_json: bool) -> None:
    with logger_of(name, as_json=as_json) as (logger, read):
        fail(logger, CANARY)

    assert CANARY not in read()
    [written] = read().splitlines()
    assert "it failed (ValueError at " in written
    assert "test_logs.py" in written
    if as_json:
        assert line(read)["error"] == "ValueError"


def test_of_what_a_library_logs_only_its_own_words_are() -> None:
    with logger_of("urllib3.connectionpool") as (logger, read):
        logger.debug("%s took %d ms", CANARY, 12)

    assert line(read)["event"] == "%s took %d ms"


def test_of_a_warning_its_place_and_category_are_logged() -> None:
    with logger_of("py.warnings") as (logger, read):
        logger.warning("%s", warnings.formatwarning(CANARY, UserWarning, "a.py", 7, line=CANARY))

    assert line(read)["event"] == "a.py:7: UserWarning"


def test_a_line_stays_one_whatever_it_holds() -> None:
    with logger_of("advocacy") as (logger, read):
        logger.warning("one\ntwo\r\u2028%s", "three\n{}")

    assert line(read)["event"] == "one\ntwo\r\u2028three\n{}"


@pytest.mark.parametrize(
    ("form", "terminal", "json_lines"),
    [("json", True, True), ("text", False, False), ("auto", True, False), ("auto", False, True)],
)
def test_programs_read_json_and_people_read_text(
    monkeypatch: pytest.MonkeyPatch, form: str, *, terminal: bool, json_lines: bool
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stderr", stream)
    assert logs_json(form) is json_lines


def test_the_same_error_of_the_queue_is_logged_once_a_minute() -> None:
    time = [0.0]
    once = QueueErrorOnce(clock=lambda: time[0])

    def is_logged(name: str, error: str = "ConnectionError") -> bool:
        return once.filter(logging.makeLogRecord({"name": name, "msg": f"Error enqueueing ({error})", "error": error}))

    assert [is_logged("huey.consumer"), is_logged("huey.consumer", "TimeoutError")] == [True, True]
    assert [is_logged("huey.consumer"), is_logged("advocacy.tasks"), is_logged("advocacy.tasks")] == [False, True, True]
    time[0] = SAME_ERROR_INTERVAL_S
    assert is_logged("huey.consumer")
