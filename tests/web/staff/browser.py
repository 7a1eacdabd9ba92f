"""A browser in which somebody of the staff is signed in, with the token that each form of theirs has."""

import re
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from flask import session as flask_session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from werkzeug.test import TestResponse

from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff.models import Account, Role
from advocacy.web.staff import STAFF
from advocacy.web.staff.access import BEGAN_AT, LANGUAGE, PROVED, SEEN_AT

TOKEN = re.compile(r'name="csrf_token"(?: type="hidden")? value="([^"]+)"')


def kept_fields(page: BeautifulSoup) -> dict[str, Any]:
    """Return what the page of a text that was saved meanwhile keeps of what was typed, with its button."""
    kept: dict[str, Any] = {}
    for hidden in page.select("#kept input"):
        kept.setdefault(str(hidden["name"]), []).append(str(hidden["value"]))
    return {**kept, "act": str(page.select_one("#kept button")["value"])}  # type: ignore[index]


@dataclass(frozen=True, slots=True)
class Browser:
    """A client that is signed in; `shown` are pages that it shows, by their paths, until it posts a form elsewhere."""

    client: FlaskClient
    account_id: int
    token: str
    shown: dict[str, BeautifulSoup] = field(default_factory=dict)

    def get(self, path: str, **more: Any) -> TestResponse:
        """Ask for a page."""
        return self.client.get(path, **more)

    def page(self, path: str) -> BeautifulSoup:
        """Ask for a page that has to come, and read it."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.headers.get("Location"))
        return BeautifulSoup(answer.data, "lxml")

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Post a form with its token."""
        self.shown.clear()
        return self.client.post(path, data={"csrf_token": self.token, **(data or {})}, **more)


def sign_in(  # noqa: PLR0917
    app: Flask,
    runtime: Runtime,
    role: Role,
    now: datetime,
    *,
    proved: bool = True,
    language: Language = Language.EN,
    who: str = "",
) -> Browser:
    """Return the browser of somebody of this role, made where they do not exist yet."""
    email = f"{who or role.value}@example.ca"
    with runtime.sessions.begin() as session:
        account = session.scalar(select(Account).where(Account.email == email))
        if account is None:
            account = Account(
                email=email, name=(who or role.value).title(), role=role, language=language, created_at=now
            )
            session.add(account)
            session.flush()
        account_id, name = account.id, account.fs_uniquifier
    client = app.test_client()
    with app.extensions[STAFF].test_request_context():
        form_token, csrf_token = generate_csrf(), flask_session["csrf_token"]
    put_cookie(
        app,
        client,
        csrf_token=csrf_token,
        _user_id=name,
        _fresh=True,
        fs_paa=time.time(),
        **{BEGAN_AT: now.timestamp(), SEEN_AT: now.timestamp(), PROVED: proved, LANGUAGE: language.value},
    )
    return Browser(client, account_id, form_token)


def put_cookie(app: Flask, client: FlaskClient, **values: object) -> None:
    """Return a browser the cookie of the staff pages with these values."""
    staff = app.extensions[STAFF]
    client.set_cookie(STAFF, staff.session_interface.get_signing_serializer(staff).dumps(values))


def read_cookie(app: Flask, client: FlaskClient) -> dict[str, Any]:
    """Read what the cookie of the staff pages holds."""
    staff, cookie = app.extensions[STAFF], client.get_cookie(STAFF)
    values: dict[str, Any] = staff.session_interface.get_signing_serializer(staff).loads(cookie.value) if cookie else {}
    return values
