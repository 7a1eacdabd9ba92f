"""Accounts of before sign-in was Flask-Security's own keep their password, app, passkeys, codes and audit log.

`tests/data/staff_accounts_68990c2.sql` was made with the code of that commit: it hashed the password, encrypted the
app's secret, hashed the recovery codes and chained the log, and the dump is `sqlite3.Connection.iterdump` of its file.
"""

import hashlib
import json
import re
import sqlite3
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from pydantic import SecretStr
from sqlalchemy import select

from advocacy.app import create_app
from advocacy.encryption import Keys
from advocacy.runtime import Runtime, open_runtime
from advocacy.settings import Settings
from advocacy.staff import audit_log
from advocacy.staff.models import AuditEntry, Passkey
from tests.builders import SECRET
from tests.web.shared_site import NOW
from tests.web.staff.people import Person, enter, post

DUMP = (Path(__file__).parents[2] / "data" / "staff_accounts_68990c2.sql").read_text("utf-8")
KEYS = Keys((bytes(range(32)),))
PASSWORD = "cafe\u0301 au lait ce matin"
"""Typed on a keyboard that composes; it was set in composed characters."""
DEVICE = ec.derive_private_key(68990, ec.SECP256R1())
"""The private key of the first passkey."""


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    """The parts of a site over the older database."""
    with closing(sqlite3.connect(tmp_path / "advocacy.sqlite3")) as connection:
        connection.executescript(DUMP)
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'advocacy.sqlite3'}",
        base_url="http://localhost",
        secret_key=SecretStr(SECRET),
        data_keys=SecretStr(KEYS.text),
    )
    with open_runtime(settings, now=NOW) as runtime:
        yield runtime


@pytest.fixture
def app(runtime: Runtime) -> Flask:
    return create_app(runtime, now=lambda: NOW)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which the password was given."""
    client = app.test_client()
    assert enter(client, Person(1, "maude@example.ca", None), PASSWORD).headers["Location"].startswith("/staff/second")
    return client


def told(what: str) -> str:
    found = re.search(rf"-- {what}: (\S+)", DUMP)
    assert found
    return found[1]


def is_in(client: FlaskClient) -> bool:
    return "maude@example.ca" in client.get("/staff/people").text


def test_password_and_app_let_in(client: FlaskClient) -> None:
    code = str(TOTP(key=told("key of the app")).generate(time=NOW.timestamp()).token)
    post(client, "/staff/second", code=code)
    assert is_in(client)


def test_a_recovery_code_lets_in(client: FlaskClient) -> None:
    post(client, "/staff/second/recovery", code=told("recovery code"))
    assert is_in(client)


def test_a_passkey_lets_in(client: FlaskClient, runtime: Runtime) -> None:
    page = post(client, "/staff/second/passkey", "/staff/second").text
    action, asked = (
        re.search(r'action="(/staff/second/passkey/[^"]+)"', page),
        re.search(r"data-options=\"([^\"]+)", page),
    )
    assert action
    assert asked
    options = json.loads(asked[1].replace("&#34;", '"'))
    post(client, action[1], "/staff/second", credential=answer(options["challenge"]))
    assert is_in(client)
    with runtime.sessions() as session:
        names = dict(session.execute(select(Passkey.name, Passkey.sign_count)).all())
    assert names == {"Passkey": 4, "Passkey 2": 3}, "two of one name are told apart"


def test_the_audit_log_goes_on_and_its_new_entries_sign_the_older_ones(client: FlaskClient, runtime: Runtime) -> None:
    code = str(TOTP(key=told("key of the app")).generate(time=NOW.timestamp()).token)
    post(client, "/staff/second", code=code)
    with runtime.sessions.begin() as session:
        assert list(audit_log.find_breaks(session)) == []
        assert audit_log.is_signed(session)
        assert [entry.act for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))][-1] == "signed-in"
        session.get_one(AuditEntry, 2).subject = "account:2"
        assert [number for number, _ in audit_log.find_breaks(session)] == [2]


def answer(challenge: str) -> str:
    """Answer as the authenticator that has the first passkey."""
    client_data = json.dumps({"type": "webauthn.get", "challenge": challenge, "origin": "http://localhost"}).encode()
    data = hashlib.sha256(b"localhost").digest() + bytes([5]) + (4).to_bytes(4)  # present, verified; counted up
    signature = DEVICE.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
    response = {"clientDataJSON": client_data, "authenticatorData": data, "signature": signature}
    name = _written(b"credential 1")
    whole = {"id": name, "rawId": name, "type": "public-key"}
    return json.dumps({**whole, "response": {key: _written(value) for key, value in response.items()}})


def _written(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")
