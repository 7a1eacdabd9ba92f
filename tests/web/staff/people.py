"""Somebody with a password and an app, and a browser in which they sign in themselves."""

import re
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from passlib.totp import TOTP
from werkzeug.test import TestResponse

from advocacy.language import Language
from advocacy.runtime import Runtime
from advocacy.staff.models import Account, Role
from advocacy.staff.second_factors import TotpCodes
from advocacy.web.staff import STAFF
from tests.web.staff.browser import TOKEN

PASSWORD = "quatre chats au soleil"
KEY = re.compile(r'class="key">([A-Z2-7-]+)<')


@dataclass(frozen=True)
class Person:
    """An account, and the app on its phone."""

    id: int
    email: str
    app: TOTP | None

    def code(self, now: datetime, ahead: int = 0) -> str:
        """Read the code that the app shows now, or `ahead` seconds later."""
        assert self.app
        return str(self.app.generate(time=now.timestamp() + ahead).token)


def codes_of(app: Flask) -> TotpCodes:
    """Return what reads the codes of apps on a site."""
    codes: TotpCodes = app.extensions[STAFF].extensions["security"].totp_factory
    return codes


def hash_of(app: Flask, password: str) -> str:
    """Hash a password as the site does."""
    with app.extensions[STAFF].app_context():
        return str(hash_password(password))


def somebody(
    app: Flask,
    runtime: Runtime,
    now: datetime,
    *,
    email: str = "maude@example.ca",
    role: Role = Role.WRITER,
    with_app: bool = True,
) -> Person:
    """Make an account that has a password."""
    codes = codes_of(app)
    secret = TotpCodes.generate_totp_secret(codes) if with_app else None
    with runtime.sessions.begin() as session:
        account = Account(
            email=email,
            name="Maude",
            role=role,
            language=Language.EN,
            created_at=now,
            password=hash_of(app, PASSWORD),
            tf_totp_secret=secret,
            tf_primary_method="authenticator" if secret else None,
        )
        session.add(account)
        session.flush()
        key = TOTP(key=codes.get_totp_b32_key(secret)) if secret else None
        return Person(account.id, email, key)


def post(client: FlaskClient, path: str, page: str = "", **data: str) -> TestResponse:
    """Post a form with the token of the page it stands on."""
    found = TOKEN.search(client.get(page or path).text)
    assert found, page or path
    return client.post(path, data={"csrf_token": found[1], **data})


def enter(client: FlaskClient, person: Person, password: str = PASSWORD) -> TestResponse:
    """Return the address and a password."""
    return post(client, "/staff/sign-in", email=person.email, password=password, next="/staff/")


def enter_fully(client: FlaskClient, person: Person, now: datetime) -> TestResponse:
    """Return the password and the code of the app."""
    second = enter(client, person).headers["Location"]
    return post(client, second, code=person.code(now))
