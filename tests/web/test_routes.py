"""A walk over every route there is: each says who may enter, wants its token, and leaves nothing behind."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event
from werkzeug.routing import Rule

from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.web.security import SAFE, Access, access_of
from advocacy.web.staff import STAFF

ARGUMENTS = {
    "language": Language.FR,
    "campaign": "child-protection",
    "format": "txt",
    "kind": "txt",
    "follow_kind": "follow-up",
    "token": "unknown",
    "provider": "none",
    "page_name": "bureaux",
}
NUMBER = 1
"""What stands for every other argument: an id, or any name."""
TRIES = "INSERT INTO rate_limits"
"""What anybody may write: that they tried to sign in."""


def rules(app: Flask) -> list[Rule]:
    return [*app.url_map.iter_rules(), *app.extensions[STAFF].url_map.iter_rules()]


def view_of(app: Flask, rule: Rule) -> Callable[..., Any]:
    found = app.view_functions.get(rule.endpoint) or app.extensions[STAFF].view_functions[rule.endpoint]
    view: Callable[..., Any] = found
    return view


def address(app: Flask, rule: Rule) -> str:
    with (app if rule.map is app.url_map else app.extensions[STAFF]).test_request_context():
        built = rule.build({name: ARGUMENTS.get(name, NUMBER) for name in rule.arguments})
    assert built is not None
    return str(built[1])


def is_signed(app: Flask, rule: Rule) -> bool:
    """Return whether a route believes a signature in the place of a token."""
    return access_of(view_of(app, rule)) is Access.SIGNED


def unsafe(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - SAFE)


def test_every_route_declares_who_may_enter(app: Flask) -> None:
    silent = [rule.rule for rule in rules(app) if access_of(view_of(app, rule)) not in set(Access)]

    assert silent == []


def test_a_route_that_declares_nothing_is_seen(own_app: Flask) -> None:
    own_app.add_url_rule("/open-by-mistake", view_func=lambda: "")

    with pytest.raises(AssertionError, match="open-by-mistake"):
        test_every_route_declares_who_may_enter(own_app)


@pytest.mark.parametrize("base_url", ["http://localhost", "https://localhost"])
def test_every_unsafe_method_wants_its_token(app: Flask, base_url: str) -> None:
    walked = [(rule, method) for rule in rules(app) for method in unsafe(rule) if not is_signed(app, rule)]
    headers = {"Referer": f"{base_url}/"}

    answers = {
        f"{method} {rule.rule}": app.test_client().open(
            address(app, rule), method=method, base_url=base_url, headers=headers, data={"go": "x"}
        )
        for rule, method in walked
    }

    assert answers
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 400} == {}


def test_what_takes_a_form_is_kept_nowhere(app: Flask) -> None:
    kept = [rule.rule for rule in rules(app) if unsafe(rule) and not getattr(view_of(app, rule), "no_store", False)]

    assert kept == []


@pytest.fixture
def statements(runtime: Runtime) -> Iterator[list[str]]:
    """What is said to the database: statements that write, commits, and transactions left open."""
    said: list[str] = []

    def on_statement(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "BEGIN")) and not statement.startswith(TRIES):
            said.append(statement)

    event.listen(runtime.engine, "before_cursor_execute", on_statement)
    yield said
    event.remove(runtime.engine, "before_cursor_execute", on_statement)


def test_no_request_writes_or_leaves_a_transaction_open(
    own_app: Flask, *, runtime: Runtime, statements: list[str]
) -> None:
    client = own_app.test_client()
    own_app.config["WTF_CSRF_ENABLED"] = own_app.extensions[STAFF].config["WTF_CSRF_ENABLED"] = False
    for rule in rules(own_app):
        for method in sorted(rule.methods or ()):
            answer = client.open(address(own_app, rule), method=method, data={"postal_code": "K1A 0A6"})
            assert answer.status_code < 500, f"{method} {rule.rule}"
            assert runtime.engine.pool.checkedout() == 0, f"{method} {rule.rule} left a transaction open"  # type: ignore[attr-defined]

    assert statements == []
