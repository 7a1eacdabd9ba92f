"""SendGrid's Inbound Parse brings replies to a secret address: nothing of them is stored, logged or answered twice."""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import inspect, select, text
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from advocacy.app import create_app
from advocacy.database import immediate
from advocacy.delivery import outbox
from advocacy.delivery.models import Message
from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.letters.encrypted_columns import load_keys, mailbox_hashes
from advocacy.letters.models import Confirmation, MessageKind
from advocacy.runtime import Runtime
from advocacy.web.security import SIGNED_LIMIT
from tests.web.shared_site import NOW, SharedSite

SECRET = "Xy7-hook_Q2wErTyUiOpAsDfGhJkLzXcVbNm"
HOOK = f"/hooks/sendgrid/replies/{SECRET}"
EMAIL = "camille.essai@example.ca"
CANARY = "Le canari jaune chante"


@pytest.fixture
def runtime(shared_site: SharedSite) -> Runtime:
    """The parts of a site that has the secret, and has asked one person about an answer."""
    own = {"from_email": "letters@example.ca", "reply_address": "replies@example.ca"}
    settings = shared_site.runtime.settings.model_copy(update={"reply_hook_secret": SecretStr(SECRET), **own})
    runtime = replace(shared_site.runtime, settings=settings)
    keys = load_keys(settings, runtime.sessions)
    with immediate(runtime.sessions) as session:
        session.add(
            Confirmation(
                id="c" * 32, campaign="child-protection", language=Language.FR, token_hash="t", created_at=NOW,
                mailbox_hash=mailbox_hashes(keys, EMAIL)[0], due_at=NOW, expires_at=NOW,
            )
        )  # fmt: skip
        outbox.put(session, MessageKind.ANSWER_QUESTION, "c" * 32, now=NOW).state = State.ACCEPTED
    return runtime


@pytest.fixture
def app(runtime: Runtime) -> Flask:
    return create_app(runtime, now=lambda: NOW)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def fields(*lines: str, sender: str = EMAIL, return_path: str = EMAIL) -> dict[str, str]:
    """Return what SendGrid posts of a reply."""
    head = "\n".join((f"From: Camille Essai <{sender}>", "To: replies@example.ca", "Subject: Re: answer?", *lines))
    envelope = json.dumps({"to": ["replies@example.ca"], "from": return_path})
    return {"headers": head, "from": f"Camille Essai <{sender}>", "envelope": envelope, "text": CANARY, "html": CANARY}


def post(client: FlaskClient, data: Mapping[str, object], path: str = HOOK) -> int:
    # Encoded here: from half a megabyte on the client would leave a temporary file open.
    boundary, body = encode_multipart(dict(data))
    return client.post(path, data=body, content_type=f'multipart/form-data; boundary="{boundary}"').status_code


def notices(runtime: Runtime) -> int:
    with runtime.sessions() as session:
        return len(session.scalars(select(Message.id).where(Message.kind == MessageKind.REPLY_NOTICE)).all())


def test_a_reply_gets_one_notice_however_often_it_is_brought(runtime: Runtime, client: FlaskClient) -> None:
    assert [post(client, fields()) for _ in range(3)] == [204, 204, 204]
    assert notices(runtime) == 1


def test_a_whole_mail_is_read_where_sendgrid_posts_it_whole(runtime: Runtime, client: FlaskClient) -> None:
    sent = fields()
    whole = {"email": f"{sent['headers']}\n\n{CANARY}", "envelope": sent["envelope"]}
    assert post(client, whole) == 204
    assert notices(runtime) == 1


@pytest.mark.parametrize("secret", ["x", SECRET[:-1], SECRET + "m", "%C3%A9" * 9])
def test_without_the_secret_there_is_no_such_address(runtime: Runtime, client: FlaskClient, secret: str) -> None:
    assert post(client, fields(), f"/hooks/sendgrid/replies/{secret}") == 404
    assert notices(runtime) == 0


@pytest.mark.parametrize("path", ["/hooks/sendgrid/replies/", "/hooks/sendgrid/replies/x"])
def test_a_site_without_a_secret_has_no_such_address(shared_site: SharedSite, path: str) -> None:
    assert post(shared_site.app.test_client(), fields(), path) == 404


@pytest.mark.parametrize(
    "data",
    [
        fields("Auto-Submitted: auto-replied"),
        fields(return_path=""),
        fields(return_path="MAILER-DAEMON@example.org"),
        fields(sender="letters@example.ca"),
        fields(sender="stranger@example.ca"),
        {**fields(), "envelope": "{"},
        {**fields(), "envelope": "[" * 100_000},
        {**fields(), "envelope": "null"},
        {**fields(), "headers": ""},
        {},
    ],
)
def test_what_gets_no_notice_is_answered_alike(runtime: Runtime, client: FlaskClient, data: Mapping[str, str]) -> None:
    """Else it would be brought again for days."""
    assert post(client, data) == 204
    assert notices(runtime) == 0


def test_a_mail_in_another_encoding_is_read(runtime: Runtime, client: FlaskClient) -> None:
    data = {**fields(), "text": (BytesIO("réponse".encode("latin-1")), "text.txt")}
    assert post(client, data) == 204
    assert notices(runtime) == 1
    boundary = "b"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode("latin-1")
        for name, value in {**fields(), "text": "réponse"}.items()
    ]
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    answer = client.post(HOOK, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert answer.status_code == 204


def test_no_more_than_a_megabyte_is_taken(runtime: Runtime, client: FlaskClient) -> None:
    assert post(client, {**fields(), "attachment1": FileStorage(BytesIO(b"x" * SIGNED_LIMIT), "large.pdf")}) == 413
    assert notices(runtime) == 0
    assert (
        post(client, {**fields(), "attachment1": FileStorage(BytesIO(b"x" * (SIGNED_LIMIT // 2)), "small.pdf")}) == 204
    )
    assert notices(runtime) == 1


def test_it_is_not_looked_at(client: FlaskClient) -> None:
    assert client.get(HOOK).status_code == 405


def test_nothing_of_a_reply_or_of_the_secret_is_stored_or_logged(
    runtime: Runtime, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        post(client, fields(f"X-Canary: {CANARY}"))
        post(client, fields("Auto-Submitted: auto-replied"))
    assert not any(word in caplog.text for word in (SECRET, EMAIL, "Camille", "canari"))
    with runtime.sessions() as session:
        connection = session.connection()
        rows = [
            repr(tuple(row))
            for table in inspect(connection).get_table_names()
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
        ]
    assert notices(runtime) == 1
    assert not any(word in row for row in rows for word in (EMAIL, "Camille Essai", "canari"))
