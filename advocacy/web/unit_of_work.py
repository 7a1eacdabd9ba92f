"""The unit of work of a request: one database session, `g.session`, that reads on GET and writes on POST.

What a POST changed is committed when its view returns, and rolled back when it raises; a GET changes nothing.
"""

from collections.abc import Callable

from flask import Flask, current_app, g, request

from advocacy.web.security import SAFE, declares
from advocacy.web.services import services

reads_only = declares(reads_only=True)
"""A view that changes nothing though it is posted to, as a citizen's form is on its way from page to page."""


def add_unit_of_work(app: Flask) -> None:
    """Open the session before each request, and close it afterwards."""

    @app.before_request
    def open_session() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        g.writes = request.method not in SAFE and not getattr(view, "reads_only", False)
        g.session = services().sessions()
        if g.writes:
            g.session.begin()
        g.after_commit = []

    @app.teardown_request
    def close_session(_error: BaseException | None) -> None:
        if "session" in g:
            g.session.close()


def commit() -> None:
    """Commit what a view changed, then do what waited for it."""
    if g.writes:
        g.session.commit()
        for call in g.after_commit:
            call()


def roll_back() -> None:
    """Undo what a view changed; from now on the request only reads, for the page that says what went wrong."""
    g.session.rollback()
    g.writes = False


def begin_to_write() -> None:
    """Have a request that reads write from now on, in a new transaction, which `commit` ends."""
    g.session.rollback()
    g.session.begin()
    g.writes = True


def after_commit(call: Callable[[], object]) -> None:
    """Have something done once what this request changes is committed; never where it is rolled back."""
    g.after_commit.append(call)
