"""A provider's reports come in signed or not at all, move what they tell of, and never end in an error of ours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import cast

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.database import make_sessions
from advocacy.delivery.models import Message, ProviderEvent
from advocacy.delivery.outbox import put
from advocacy.delivery.provider import EventSource
from advocacy.delivery.states import State
from advocacy.language import Language
from advocacy.letters.models import ALL_CAMPAIGNS, Confirmation, Suppression
from advocacy.providers.sendgrid_events import SendgridEvents
from advocacy.web.application import Site as Application
from advocacy.web.security import BODY_LIMIT, SIGNED_LIMIT, secure
from advocacy.web.services import NAME, Services
from advocacy.web.unit_of_work import add_unit_of_work
from advocacy.web.webhooks import bp
from tests.builders import SECRET
from tests.fakes.sendgrid_reports import Reports

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOOK = "/hooks/sendgrid"


@dataclass
class Site:
    """What the webhook needs of the site."""

    sessions: sessionmaker[Session]
    events_source: EventSource | None
    moved: list[tuple[str, State]] = field(default_factory=list)

    def now(self) -> datetime:
        return NOW

    def notify(self, session: Session, moved: Sequence[tuple[Message, State]], now: datetime) -> None:
        assert now == NOW
        assert session.in_transaction()
        self.moved += [(message.ref, state) for message, state in moved]


@pytest.fixture
def reports() -> Reports:
    return Reports()


@pytest.fixture
def site(engine: Engine, reports: Reports) -> Site:
    return Site(make_sessions(engine), SendgridEvents(reports.public_key))


@pytest.fixture
def client(site: Site) -> FlaskClient:
    app = Application("hooks")
    add_unit_of_work(app)
    secure(app, key=SECRET, cookie="advocacy", proxy_hops=0)
    app.extensions[NAME] = cast(Services, site)
    app.register_blueprint(bp)
    return app.test_client()


@pytest.fixture
def message(site: Site) -> Message:
    """A letter that was handed over."""
    with site.sessions.begin() as session:
        message = put(session, "letter", "a-letter", now=NOW)
        message.state = State.ACCEPTED
    return message


def state(site: Site) -> State:
    with site.sessions() as session:
        return session.scalars(select(Message.state)).one()


def kept(site: Site) -> int:
    with site.sessions() as session:
        return session.scalar(select(func.count(ProviderEvent.id))) or 0


def test_a_signed_report_moves_the_message_it_tells_of(
    site: Site, client: FlaskClient, *, reports: Reports, message: Message
) -> None:
    body, headers = reports.events(reports.event(message.public_id, "delivered", at=NOW), at=NOW)
    answer = client.post(HOOK, data=body, headers=headers)
    assert (answer.status_code, answer.data) == (204, b"")
    assert state(site) is State.DELIVERED
    assert site.moved == [("a-letter", State.DELIVERED)]
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("kind", "listed"), [("confirmation", [ALL_CAMPAIGNS]), ("outcome", [ALL_CAMPAIGNS]), ("letter", [])]
)
def test_who_reports_a_mail_as_spam_gets_no_more_and_an_office_that_reports_a_letter_stops_no_citizen(
    site: Site, client: FlaskClient, *, reports: Reports, kind: str, listed: list[str]
) -> None:
    with site.sessions.begin() as session:
        session.add(
            Confirmation(
                id="c" * 32, campaign="any", language=Language.FR, mailbox_hash="m" * 64, email_hash="e" * 64,
                created_at=NOW, due_at=NOW, expires_at=NOW,
            )
        )  # fmt: skip
        public_id = put(session, kind, "c" * 32, now=NOW).public_id
    body, headers = reports.events(reports.event(public_id, "spamreport", at=NOW), at=NOW)
    assert [client.post(HOOK, data=body, headers=headers).status_code for _ in range(2)] == [204, 204]
    with site.sessions() as session:
        found = session.scalars(select(Suppression)).all()
    assert [one.campaign for one in found] == listed
    assert {one.email_hash for one in found} <= {"m" * 64}


def test_what_is_not_signed_in_time_changes_nothing(
    site: Site, client: FlaskClient, *, reports: Reports, message: Message, caplog: pytest.LogCaptureFixture
) -> None:
    body, headers = reports.events(reports.event(message.public_id, "bounce", at=NOW), at=NOW - timedelta(hours=27))
    assert client.post(HOOK, data=body, headers=headers).status_code == 403
    assert (state(site), kept(site), site.moved) == (State.ACCEPTED, 0, [])
    assert len(caplog.messages) == 1
    assert "sendgrid" in caplog.text
    assert "example.org" not in caplog.text


def test_what_is_signed_and_no_list_is_a_bad_request(client: FlaskClient, reports: Reports) -> None:
    body = b"{}"
    assert client.post(HOOK, data=body, headers=reports.signed(body, at=NOW)).status_code == 400


def test_more_than_a_form_may_have_is_taken(
    site: Site, client: FlaskClient, *, reports: Reports, message: Message
) -> None:
    event = reports.event(message.public_id, "delivered", at=NOW, response="x" * BODY_LIMIT * 2)
    body, headers = reports.events(event, at=NOW)
    assert len(body) > BODY_LIMIT
    assert client.post(HOOK, data=body, headers=headers).status_code == 204
    assert state(site) is State.DELIVERED


@pytest.mark.parametrize(("length", "status"), [(SIGNED_LIMIT, 204), (SIGNED_LIMIT + 1, 413)])
def test_no_more_than_a_megabyte_is_taken(client: FlaskClient, reports: Reports, *, length: int, status: int) -> None:
    body = b"[]".ljust(length)
    assert client.post(HOOK, data=body, headers=reports.signed(body, at=NOW)).status_code == status


@pytest.mark.parametrize(("length", "status"), [(SIGNED_LIMIT - 1, 204), (SIGNED_LIMIT + 1, 403)])
def test_a_body_of_unknown_length_is_believed_where_all_of_it_is_within_the_limit(
    client: FlaskClient, reports: Reports, *, length: int, status: int
) -> None:
    body = b"[]".ljust(length)
    answer = client.post(
        HOOK,
        input_stream=BytesIO(body),
        headers={**reports.signed(body, at=NOW), "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == status


def test_what_cannot_be_told_leaves_nothing_half_done(
    site: Site, client: FlaskClient, *, reports: Reports, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no outcome mail")

    monkeypatch.setattr(Site, "notify", fail)
    body, headers = reports.events(reports.event(message.public_id, "delivered", at=NOW), at=NOW)
    assert client.post(HOOK, data=body, headers=headers).status_code == 500
    assert (state(site), kept(site)) == (State.ACCEPTED, 0)
    monkeypatch.undo()
    assert client.post(HOOK, data=body, headers=headers).status_code == 204
    assert state(site) is State.DELIVERED


def test_a_site_whose_provider_reports_nothing_has_no_such_door(
    site: Site, client: FlaskClient, *, reports: Reports
) -> None:
    site.events_source = None
    body, headers = reports.events(at=NOW)
    assert client.post(HOOK, data=body, headers=headers).status_code == 404
