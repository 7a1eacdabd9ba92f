"""Staff pages where much is stored: processor time and questions to the database, beside a site that holds little."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, text
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from advocacy.app import create_app
from advocacy.runtime import Runtime
from advocacy.staff.models import Role
from advocacy.web.staff import STAFF
from advocacy.web.staff.access import requires
from benchmarks import stores
from benchmarks.report import Row, size
from benchmarks.stores import NOW
from tests.web.staff.browser import sign_in
from tests.web.staff.route_walk import routes
from tests.web.staff.staged_site import Stage, set_up

FEW, MANY = size(1_000, 20), size(1_000_000, 200)
ROUNDS, LIMIT = size(7, 1), 30.0
"""Turns that each page takes; the most times the processor time of a bare page."""
BARE = "/staff/bare"
"""The frame of the staff's pages around one sentence, for somebody who is signed in."""
SLOWER = {
    "/staff/campaigns/<campaign>/letters/<letter>/preview/pdf": "makes a PDF",
}
"""Pages that are no pages, and why: shown, held against nothing."""
ACTS = """
INSERT INTO staff_audit (id, at, account_id, act, subject, reason_salt, reason_hash, hash)
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :acts)
SELECT n + 1000, :now, 1, 'signed-in', 'account:1', '', '', '' FROM numbers
"""
EXTRA = {"/staff/history/<campaign>/<document>/compare": {"old": "1", "new": "2"}}
"""What a page is asked besides its address."""


def measure() -> list[Row]:
    """Compare each page with a bare one, in processor time, and its questions with few and with many letters."""
    with stores.sqlite_sites_with((FEW, MANY)) as sites:
        few, many = (_Site(runtime) for runtime in sites)
        bare = few.look_at(BARE)[0]
        rows = [Row(f"{BARE}, the bare page: processor time", bare * 1e3, "ms")]
        for name in few.pages:
            rows += _compared(name, few.look_at(name), many.look_at(name), bare=bare)
    return rows


def _compared(name: str, few: tuple[float, int], many: tuple[float, int], *, bare: float) -> Iterator[Row]:
    for letters, (spent, _questions) in ((FEW, few), (MANY, many)):
        most = None if name in SLOWER else LIMIT
        yield Row(f"{name}, {letters:,} letters: processor time", spent / bare, "× a bare page", at_most=most)
    what = f"{name}: questions with {MANY:,} letters beyond the {few[1]} with {FEW:,}"
    yield Row(what, many[1] - few[1], "queries", at_most=0)


class _Site:
    """A site, what stands on it, and its pages."""

    def __init__(self, runtime: Runtime) -> None:
        self._parts = runtime
        self._app = create_app(runtime, now=lambda: NOW)
        self._app.extensions[STAFF].add_url_rule(BARE, "staff.bare", requires(Role.WRITER)(_bare))
        self._stage = set_up(self._app, runtime, NOW)
        with runtime.engine.begin() as connection:
            connection.execute(text(ACTS), {"now": NOW, "acts": 10_000})
        client = sign_in(self._app, runtime, Role.MANAGER, NOW).client
        self._cookie = client.get_cookie(STAFF)
        self.pages = {BARE: BARE, **dict(_pages(self._app, self._stage, self._get))}

    def _signed_in(self) -> FlaskClient:
        """Return a browser that has just signed in: some pages end a visit."""
        return sign_in(self._app, self._parts, Role.MANAGER, NOW).client

    def _get(self, path: str, **more: Any) -> TestResponse:
        return self._signed_in().get(path, **more)

    def look_at(self, name: str) -> tuple[float, int]:
        """Return the median processor time of a page in seconds, and the number of its questions."""
        ask = self._asking(name)
        ask()
        with _counted(self._parts) as said:
            ask()
        spent = []
        for _ in range(ROUNDS):
            started = time.process_time()
            ask()
            spent.append(time.process_time() - started)
        return median(spent), len(said)

    def _asking(self, name: str) -> Callable[[], None]:
        cookie = self._signed_in().get_cookie(STAFF)
        assert cookie
        held = [("Cookie", f"{STAFF}={cookie.value}")]
        builder = EnvironBuilder(path=self.pages[name], headers=held, query_string=EXTRA.get(name))
        environ = builder.get_environ()

        def ask() -> None:
            _, status, _ = run_wsgi_app(self._app, dict(environ), buffered=True)
            assert status[:3] in {"200", "303"}, (name, status)

        return ask


def _bare() -> str:
    return render_template_string('{% extends "staff/base.html" %}{% block page %}<p>A page.</p>{% endblock %}')


def _pages(app: Flask, stage: Stage, get: Callable[..., Any]) -> Iterator[tuple[str, str]]:
    for name, method, rule in routes(app):
        page, path = name.removeprefix("GET "), stage.path(app, rule)
        if method == "GET" and get(path, query_string=EXTRA.get(page)).status_code == 200:
            yield page, path


@contextmanager
def _counted(runtime: Runtime) -> Iterator[list[str]]:
    said: list[str] = []

    def on_statement(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(runtime.engine, "before_cursor_execute", on_statement)
    try:
        yield said
    finally:
        event.remove(runtime.engine, "before_cursor_execute", on_statement)
