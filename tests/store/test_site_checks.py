"""`advocacy doctor` tells of each thing that is wrong around a site, and what to do; a site that is right has no failure."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import create_server

import pytest
from click.testing import CliRunner
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from advocacy import site_checks
from advocacy.cli import advocacy
from advocacy.database import make_engine, make_sessions
from advocacy.delivery import holds, outbox
from advocacy.delivery.models import Actor, Message, PeriodicRun, ProviderOutage
from advocacy.delivery.states import State
from advocacy.encryption import Keys
from advocacy.legislators.models import DataSet
from advocacy.mail_records import LookupFailed
from advocacy.migrations import newest_revision
from advocacy.providers.sendgrid import Sendgrid
from advocacy.providers.smtp import Smtp
from advocacy.settings import Settings
from advocacy.site_checks import Check, Level, check_certificate, check_site, has_failed
from advocacy.staff import audit_log
from tests.conftest import DatabaseAt
from tests.databases import NOW, Beginning, both_databases
from tests.databases import sqlite_unless_asked as database  # noqa: F401  # a fixture
from tests.fakes.certificate import write_certificate
from tests.providers.mail_server import USER, MailServer

MINUTE = timedelta(minutes=1)
DOMAIN = {
    "example.ca": ["v=spf1 a:mail.example.ca ~all"],
    "s1._domainkey.example.ca": ["v=DKIM1; p=MIGf"],
    "_dmarc.example.ca": ["v=DMARC1; p=quarantine"],
}


@pytest.fixture
def url(database_at: DatabaseAt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The database of a site that has begun, in a folder that is its own."""
    monkeypatch.chdir(tmp_path)
    url = database_at(Beginning.SITE)
    (tmp_path / "advocacy.sqlite3").touch()
    (tmp_path / "advocacy.sqlite3").chmod(0o600)
    return url


@pytest.fixture
def sessions(url: str) -> Iterator[sessionmaker[Session]]:
    engine = make_engine(url)
    sessions = make_sessions(engine)
    with sessions.begin() as session:
        session.add(PeriodicRun(name="sweep", started_at=NOW))
        session.execute(update(DataSet).values(as_of=NOW.date()))
    yield sessions
    engine.dispose()


def settings_for(url: str, **others: str) -> Settings:
    named = {f"ADVOCACY_{name.upper()}": value for name, value in others.items()}
    keys = {"ADVOCACY_SECRET_KEY": "n4Qm8ZxV2bKt7LwP0sRy5HdJ1cGf9uTa", "ADVOCACY_DATA_KEYS": Keys.make().text}
    return Settings.from_mapping({"ADVOCACY_DATABASE_URL": url, **keys, **named})


def lookup(name: str) -> list[str]:
    return DOMAIN.get(name, [])


def found(settings: Settings, *, now: Callable[[], datetime] = lambda: NOW) -> list[Check]:
    return list(check_site(settings, now=now, lookup=lookup))


def only(checks: list[Check], name: str, level: Level) -> str:
    sentences = [check.sentence for check in checks if (check.name, check.level) == (name, level)]
    assert len(sentences) == 1, checks
    return sentences[0]


@both_databases
def test_a_site_that_is_tried_out_has_no_failure(url: str, sessions: sessionmaker[Session]) -> None:
    here = datetime.now(UTC)  # a server's own clock does not stand still
    with sessions.begin() as session:
        session.execute(update(PeriodicRun).values(started_at=here))
        session.execute(update(DataSet).values(as_of=here.date()))
    checks = found(settings_for(url), now=lambda: here)

    assert not has_failed(checks), checks
    assert {check.name for check in checks if check.level is Level.OK} >= {
        "settings", "disk", "database", "queue", "worker", "outbox", "directory",
    }  # fmt: skip
    assert "nothing is sent" in only(checks, "settings", Level.WARN)


def test_what_keeps_a_public_site_from_starting_is_told_sentence_by_sentence(
    url: str, sessions: sessionmaker[Session]
) -> None:
    settings = settings_for(url, base_url="https://localhost.invalid", metrics_token="a" * 40)
    failures = [check.sentence for check in site_checks.check_settings(settings) if check.level is Level.FAIL]

    assert [failure.split(":")[0] for failure in failures] == [
        "set another ADVOCACY_METRICS_TOKEN",
        "set ADVOCACY_PROXY_HOPS to 1",
    ]


@pytest.mark.parametrize(
    ("others", "advice"),
    [
        ({"test_recipient": "me@example.ca", "provider": "smtp"}, "ADVOCACY_TEST_RECIPIENT"),
        ({"url": "postgresql://a:b@db.example/letters"}, "sslmode=verify-full"),
        ({"queue_url": "redis://queue.example:6379/0"}, "rediss://"),
        ({"smtp_url": "smtp://mail.example.ca:25?tls=none", "provider": "smtp"}, "?tls=none"),
        ({"base_url": "https://letters.example.ca"}, "ADVOCACY_BACKUP_RECIPIENT"),
    ],
)
def test_what_is_allowed_but_seldom_meant_is_a_warning(others: Mapping[str, str], advice: str) -> None:
    settings = settings_for(
        **{"url": "sqlite:///x.sqlite3", **{k: v for k, v in others.items() if k != "database_url"}}
    )
    if "database_url" in others:
        settings = settings_for(others["database_url"])
    warnings = [check.sentence for check in site_checks.check_settings(settings) if check.level is Level.WARN]

    assert any(advice in warning for warning in warnings), warnings


def test_files_that_others_can_read_are_told(tmp_path: Path, url: str, sessions: sessionmaker[Session]) -> None:
    (tmp_path / "data_keys").touch(mode=0o644)
    assert "chmod 600" in only(found(settings_for(url)), "files", Level.WARN)
    (tmp_path / "data_keys").unlink()
    (tmp_path / "advocacy.sqlite3").chmod(0o644)
    assert "can read the database" in only(found(settings_for(url)), "files", Level.WARN)
    (tmp_path / "erasures").touch(mode=0o600)  # where the folder of the ledger should be
    settings = settings_for(url, erasure_ledger=str(tmp_path / "erasures"))
    assert "without the erasure ledger nothing is sent" in only(found(settings), "files", Level.FAIL)


@pytest.mark.parametrize(("free", "level"), [(10**8, Level.FAIL), (10**9, Level.WARN), (10**11, Level.OK)])
def test_a_disk_that_fills_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, free: int, level: Level) -> None:
    class Usage:
        def __init__(self) -> None:
            self.free = free

    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage())

    assert site_checks.check_disk(settings_for(f"sqlite:///{tmp_path}/no/a.sqlite3")).level is level


def test_a_database_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "none.sqlite3"

    assert "does not exist" in only(found(settings_for(f"sqlite:///{missing}")), "database", Level.FAIL)
    assert not missing.exists()


@pytest.mark.loopback
def test_a_database_that_does_not_answer_is_told_without_its_password() -> None:
    checks = found(settings_for("postgresql://me:hidden-word@127.0.0.1:1/none"))

    assert "does not answer" in only(checks, "database", Level.FAIL)
    assert "hidden-word" not in str(checks)


@both_databases
def test_tables_of_another_version_are_told_and_left_alone(url: str, sessions: sessionmaker[Session]) -> None:
    for revision, advice in (("0001", "restart the site"), ("9999", "install its version")):
        with sessions.begin() as session:
            session.connection().exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
        checks = found(settings_for(url))

        assert advice in only(checks, "database", Level.FAIL)
        assert "worker" not in {check.name for check in checks}


def test_a_journal_mode_that_loses_readers_is_told(url: str, sessions: sessionmaker[Session]) -> None:
    class Delete:
        class dialect:  # noqa: N801
            name = "sqlite"

        def exec_driver_sql(self, _: str) -> "Delete":
            return self

        def scalar_one(self) -> str:
            return "delete"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_checks, "_revision", lambda _: newest_revision())
        checks = list(site_checks._check_tables(Delete(), now=lambda: NOW))  # type: ignore[arg-type]

    assert "journal mode is delete" in only(checks, "database", Level.FAIL)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_clock_that_is_not_the_databases_is_told(url: str, sessions: sessionmaker[Session]) -> None:
    now = datetime.now(UTC) + timedelta(hours=1)

    assert "NTP" in only(found(settings_for(url), now=lambda: now), "clock", Level.FAIL)


@pytest.mark.parametrize(
    ("swept", "name", "advice"),
    [
        (None, "worker", "no worker has ever run"),
        (NOW - 20 * MINUTE, "worker", "no worker has run for 20 minutes"),
        (NOW + 20 * MINUTE, "clock", "20 minutes ahead"),
    ],
)
def test_a_worker_that_does_not_work_is_told(
    url: str, sessions: sessionmaker[Session], *, swept: datetime | None, name: str, advice: str
) -> None:
    with sessions.begin() as session:
        if swept is None:
            session.delete(session.get_one(PeriodicRun, "sweep"))
        else:
            session.execute(update(PeriodicRun).values(started_at=swept))

    assert advice in only(found(settings_for(url)), name, Level.FAIL)


def test_what_keeps_messages_from_leaving_is_told(url: str, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        holds.hold(session, "by hand", now=NOW, by=Actor.STAFF)
        outbox.put(session, "letter", "one", now=NOW - 30 * MINUTE, due_at=NOW - 20 * MINUTE)
        rest = {"rest_from": NOW, "rest_until": NOW + MINUTE}
        session.add(ProviderOutage(id=1, reason="smtp_421", since=NOW - 5 * MINUTE, failures=9, **rest))
    failures = [check.sentence for check in found(settings_for(url)) if check.level is Level.FAIL]

    assert len(failures) == 3
    assert "sending is paused" in failures[0]
    assert "no mail for 5 minutes (smtp_421)" in failures[1]
    assert "due for 20 minutes" in failures[2]


@pytest.mark.parametrize(
    ("state", "advice"),
    [(State.NEEDS_STAFF, "outbox list"), (State.HELD, "Deliveries"), (State.UNCERTAIN, "nobody knows yet")],
)
def test_what_waits_for_a_person_is_a_warning(
    url: str, sessions: sessionmaker[Session], *, state: State, advice: str
) -> None:
    with sessions.begin() as session:
        outbox.put(session, "letter", "one", now=NOW, due_at=NOW)
        session.execute(update(Message).values(state=state))

    assert advice in only(found(settings_for(url)), "outbox", Level.WARN)


def test_an_old_list_and_an_unconfirmed_bill_are_warnings(url: str, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.execute(update(DataSet).values(as_of=NOW.date() - timedelta(days=200)))
    checks = found(settings_for(url))

    of_lists = [check for check in checks if check.name == "directory"]
    assert {check.level for check in of_lists} == {Level.WARN}
    assert all("200 days old" in check.sentence for check in of_lists)
    assert "nobody has confirmed the stage" in only(checks, "bill", Level.WARN)


def test_a_campaign_that_names_nobody_fails_a_site_that_sends(url: str, sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        sending = settings_for(url, provider="smtp")
        checks = list(site_checks.check_campaigns(session, sending, now=NOW))

    assert [check.sentence.split(":")[0] for check in checks if check.level is Level.FAIL] == [
        "child-protection does not name who runs it",
        "child-protection does not name a privacy contact",
    ]


@pytest.mark.parametrize(
    ("age", "level"), [(None, Level.WARN), (timedelta(hours=9), Level.OK), (timedelta(days=4), Level.FAIL)]
)
def test_backups_that_stopped_are_told(
    url: str, sessions: sessionmaker[Session], *, age: timedelta | None, level: Level
) -> None:
    public = settings_for(url, base_url="https://letters.example.ca", proxy_hops="1")
    with sessions.begin() as session:
        if age is not None:
            session.info["data_keys"] = lambda: Keys.read(public.data_keys.get_secret_value())
            audit_log.write(session, audit_log.Act.BACKUP_MADE, "backup:1", by=None, now=NOW - age)
    with sessions() as session:
        assert site_checks.check_backups(session, public, now=NOW).level is level


@pytest.mark.loopback
def test_a_queue_that_does_not_answer_is_told(url: str) -> None:
    checks = list(site_checks.check_queue(settings_for(url, queue_url="redis://127.0.0.1:1/0")))

    assert "does not answer" in only(checks, "queue", Level.FAIL)


@pytest.mark.loopback
def test_a_mail_server_is_asked_to_let_the_site_in_and_is_sent_nothing(tmp_path: Path) -> None:
    certificate = write_certificate(tmp_path)
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(certificate)
    told: list[Check] = []
    with MailServer(starttls=shown, login=True) as server:
        for password in ("p%2Fss%23word", "nonsense"):
            url = f"smtp://{USER}:{password}@127.0.0.1:{server.port}?tls=starttls"
            with closing(Smtp(url, now=lambda: NOW, ca_certs=certificate)) as provider:
                told += site_checks.ask_provider(provider)
        assert server.taken == []
    with closing(Smtp(url, now=lambda: NOW, ca_certs=certificate)) as provider:
        told += site_checks.ask_provider(provider)

    assert [check.level for check in told] == [Level.OK, Level.FAIL, Level.FAIL]
    assert "does not let the site in (smtp_535)" in told[1].sentence
    assert "does not answer" in told[2].sentence
    assert "nonsense" not in str(told)


@pytest.mark.parametrize(
    ("status", "body", "level"),
    [
        (200, b'{"scopes": ["mail.send"]}', Level.OK),
        (200, b'{"scopes": ["stats.read"]}', Level.FAIL),
        (200, b"<html>", Level.FAIL),
        (401, b"{}", Level.FAIL),
        (503, b"", Level.FAIL),
    ],
)
def test_sendgrid_is_asked_what_the_key_may_do(
    monkeypatch: pytest.MonkeyPatch, *, status: int, body: bytes, level: Level
) -> None:
    asked = []

    def get(_: object, path: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        asked.append((path, headers["Authorization"]))
        return status, body

    monkeypatch.setattr("advocacy.providers.sendgrid.HttpClient.get", get)
    settings = settings_for("sqlite:///x", provider="sendgrid", sendgrid_api_key="SG.key")
    (check,) = site_checks.check_provider(settings, now=lambda: NOW)

    assert check.level is level
    assert asked == [("/v3/scopes", "Bearer SG.key")]


@pytest.mark.loopback
def test_sendgrids_answer_is_read_from_its_connection() -> None:
    with create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                assert connection.recv(4096).startswith(b"GET /v3/scopes HTTP/1.1\r\n")
                body = b'{"scopes": ["mail.send"]}'
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

        thread = threading.Thread(target=answer)
        thread.start()
        with closing(Sendgrid("SG.key", f"http://127.0.0.1:{server.getsockname()[1]}")) as provider:
            provider.check()
        thread.join()


def test_records_of_mail_are_looked_up_for_a_site_that_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    sending = settings_for(
        "sqlite:///x",
        provider="smtp",
        from_email="letters@example.ca",
        smtp_url="smtps://a:b@mail.example.ca",
        base_url="https://letters.example.ca",
    )

    def silent(_: str) -> list[str]:
        raise LookupFailed("Timeout")

    assert {check.level for check in site_checks.check_dns(sending, lookup)} == {Level.OK}
    assert [check.level for check in site_checks.check_dns(sending, lambda _: [])] == [Level.FAIL] * 3
    assert "Timeout" in only(list(site_checks.check_dns(sending, silent)), "dns", Level.WARN)
    assert list(site_checks.check_dns(settings_for("sqlite:///x"), silent)) == [], "nothing is sent"


@pytest.mark.loopback
def test_a_certificate_is_told_when_it_ends_and_when_browsers_do_not_take_it(tmp_path: Path) -> None:
    certificate = write_certificate(tmp_path)
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(certificate)
    with create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            for _ in range(3):
                connection, _ = server.accept()
                with connection:
                    try:
                        trust.wrap_socket(connection, server_side=True).close()
                    except (ssl.SSLError, OSError):
                        continue

        thread = threading.Thread(target=answer)
        thread.start()
        port = server.getsockname()[1]
        settings = settings_for("sqlite:///x", base_url=f"https://127.0.0.1:{port}")
        real = datetime.now(UTC)
        (soon,) = check_certificate(settings, now=real, ca_file=certificate)
        (earlier,) = check_certificate(settings, now=real - timedelta(days=60), ca_file=certificate)
        (unknown,) = check_certificate(settings, now=real)
        thread.join()
    (away,) = check_certificate(settings, now=real)

    assert (soon.level, earlier.level, unknown.level, away.level) == (Level.FAIL, Level.OK, Level.FAIL, Level.FAIL)
    assert "certbot renew" in soon.sentence
    assert "browsers do not take it" in unknown.sentence
    assert "does not answer from here" in away.sentence


def test_the_command_prints_a_line_each_and_exits_with_one_where_anything_fails(
    url: str, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVOCACY_DATABASE_URL", url)
    done = CliRunner().invoke(advocacy, ["doctor"])
    listed = json.loads(CliRunner().invoke(advocacy, ["doctor", "--json"]).stdout)

    assert done.exit_code == 1, "the worker ran long ago, by this machine's clock"
    assert all(line.split(" ")[0] in {"ok", "warn", "fail"} for line in done.stdout.splitlines())
    assert [check["name"] for check in listed] == [line[6:].split(":")[0] for line in done.stdout.splitlines()]
    with sessions.begin() as session:
        session.execute(update(PeriodicRun).values(started_at=datetime.now(UTC)))
    assert CliRunner().invoke(advocacy, ["doctor"]).exit_code == 0


def test_a_setting_that_cannot_be_read_is_a_failure_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVOCACY_PROXY_HOPS", "many")
    done = CliRunner().invoke(advocacy, ["doctor"])

    assert (done.exit_code, done.stdout.count("\n")) == (1, 1)
    assert done.stdout.startswith("fail  settings: set ADVOCACY_PROXY_HOPS")
