"""`advocacy doctor` tells what is wrong around a site, and what to do; a site that is tried out has no failure."""

import json
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import create_server
from types import SimpleNamespace

import dns.exception
import dns.resolver
import pytest
from click.testing import CliRunner
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from advocacy import site_checks
from advocacy.cli import advocacy
from advocacy.database import make_engine, make_sessions
from advocacy.delivery.models import PeriodicRun
from advocacy.encryption import Keys
from advocacy.legislators.models import DataSet
from advocacy.providers.sendgrid import Sendgrid
from advocacy.providers.smtp import Smtp
from advocacy.settings import Settings
from advocacy.site_checks import check_certificate, check_mail_records, check_site
from advocacy.site_problems import Level, SiteProblem
from tests.conftest import DatabaseAt
from tests.databases import NOW, Beginning
from tests.fakes.certificate import write_certificate
from tests.providers.mail_server import USER, MailServer

SENDING = {
    "provider": "smtp",
    "from_email": "letters@example.ca",
    "smtp_url": "smtps://a:b@mail.example.ca:465",
    "security_contact": "security@example.ca",
    "base_url": "https://letters.example.ca",
}
KEY, POLICY = "v=DKIM1; k=rsa; p=MIGf", "v=DMARC1; p=quarantine"


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


def sentence(problem: SiteProblem) -> str:
    return problem.advice


def found(settings: Settings) -> list[SiteProblem]:
    return list(check_site(settings, now=lambda: NOW))


def only(problems: Sequence[SiteProblem], code: str, level: Level = Level.FAIL) -> str:
    [problem] = [problem for problem in problems if (problem.code, problem.level) == (code, level)]
    return sentence(problem)


def test_a_site_that_is_tried_out_has_no_failure(url: str, sessions: sessionmaker[Session]) -> None:
    problems = found(settings_for(url))

    assert [problem for problem in problems if problem.level is Level.FAIL] == []
    assert "nothing is sent" in only(problems, "settings", Level.WARN)


def test_what_keeps_a_public_site_from_starting_is_told_sentence_by_sentence(tmp_path: Path) -> None:
    settings = settings_for(
        f"sqlite:///{tmp_path}/x.sqlite3", base_url="https://localhost.invalid", metrics_token="a" * 40
    )
    problems = site_checks.check_settings(settings)

    assert [sentence(problem).split(":")[0] for problem in problems if problem.level is Level.FAIL] == [
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
    problems = site_checks.check_settings(settings_for(**{"url": "sqlite:///x.sqlite3", **others}))

    assert any(advice in sentence(problem) for problem in problems if problem.level is Level.WARN)


def test_files_that_others_can_read_are_told(tmp_path: Path, url: str) -> None:
    (tmp_path / "data_keys").touch(mode=0o644)
    assert "chmod 600" in only(found(settings_for(url)), "files", Level.WARN)
    (tmp_path / "data_keys").unlink()
    (tmp_path / "advocacy.sqlite3").chmod(0o644)
    assert "advocacy.sqlite3" in only(found(settings_for(url)), "files", Level.WARN)
    (tmp_path / "erasures").touch(mode=0o600)  # where the folder of the ledger should be
    settings = settings_for(url, erasure_ledger=str(tmp_path / "erasures"))
    assert "without the erasure ledger nothing is sent" in only(found(settings), "files")


def test_a_database_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "none.sqlite3"

    assert "does not exist" in only(found(settings_for(f"sqlite:///{missing}")), "database")
    assert not missing.exists()


@pytest.mark.loopback
def test_a_database_that_does_not_answer_is_told_without_its_password() -> None:
    problems = found(settings_for("postgresql://me:hidden-word@127.0.0.1:1/none"))

    assert "does not answer" in only(problems, "database")
    assert "hidden-word" not in str(problems)


def test_tables_of_another_version_are_told_and_left_alone(url: str, sessions: sessionmaker[Session]) -> None:
    for revision, advice in (("0000", "restart the site"), ("9999", "install its version")):
        with sessions.begin() as session:
            session.connection().exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
        problems = found(settings_for(url))

        assert advice in only(problems, "database")
        assert "backup-missing" not in {problem.code for problem in problems}


@pytest.mark.loopback
def test_a_queue_that_does_not_answer_is_told(url: str) -> None:
    problems = list(site_checks.check_queue(settings_for(url, queue_url="redis://127.0.0.1:1/0")))

    assert "does not answer" in only(problems, "queue")


@pytest.mark.loopback
def test_a_mail_server_is_asked_to_let_the_site_in_and_is_sent_nothing(tmp_path: Path) -> None:
    certificate = write_certificate(tmp_path)
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(certificate)
    told: list[SiteProblem] = []
    with MailServer(starttls=shown, login=True) as server:
        for password in ("p%2Fss%23word", "nonsense"):
            url = f"smtp://{USER}:{password}@127.0.0.1:{server.port}?tls=starttls"
            with closing(Smtp(url, now=lambda: NOW, ca_certs=certificate)) as provider:
                told += site_checks.ask_provider(provider)
        assert server.taken == []
    with closing(Smtp(url, now=lambda: NOW, ca_certs=certificate)) as provider:
        told += site_checks.ask_provider(provider)

    refused, silent = told
    assert "does not let the site in (smtp_535)" in sentence(refused)
    assert "does not answer" in sentence(silent)
    assert "nonsense" not in str(told)


@pytest.mark.parametrize(
    ("status", "body", "codes"),
    [
        (200, b'{"scopes": ["mail.send"]}', []),
        (200, b'{"scopes": ["stats.read"]}', ["provider"]),
        (200, b"<html>", ["provider"]),
        (401, b"{}", ["provider"]),
        (503, b"", ["provider"]),
    ],
)
def test_sendgrid_is_asked_what_the_key_may_do(
    monkeypatch: pytest.MonkeyPatch, *, status: int, body: bytes, codes: list[str]
) -> None:
    asked = []

    def get(_: object, path: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        asked.append((path, headers["Authorization"]))
        return status, body

    monkeypatch.setattr("advocacy.providers.sendgrid.HttpClient.get", get)
    settings = settings_for("sqlite:///x", provider="sendgrid", sendgrid_api_key="SG.key")
    problems = list(site_checks.check_provider(settings, now=lambda: NOW))

    assert [problem.code for problem in problems] == codes
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


def mail_record_problems(
    monkeypatch: pytest.MonkeyPatch, published: Mapping[str, Sequence[str]], **others: str
) -> Mapping[str, str]:
    """What is told of a domain at which these records are published."""

    def resolve(name: str, *_: object, **__: object) -> Sequence[SimpleNamespace]:
        if name not in published:
            raise dns.resolver.NoAnswer
        return [SimpleNamespace(strings=[text.encode()]) for text in published[name]]

    monkeypatch.setattr(dns.resolver, "resolve", resolve)
    problems = check_mail_records(settings_for("sqlite:///x", **{**SENDING, **others}))
    return {problem.code: sentence(problem) for problem in problems}


def test_where_no_record_is_published_each_is_text_to_paste(monkeypatch: pytest.MonkeyPatch) -> None:
    told = mail_record_problems(monkeypatch, {})

    assert told["spf"] == 'publish one TXT record at example.ca: "v=spf1 a:mail.example.ca ~all"'
    assert told["dmarc"] == (
        'publish one TXT record at _dmarc.example.ca: "v=DMARC1; p=quarantine; rua=mailto:security@example.ca"'
    )
    assert "s1._domainkey.example.ca" in told["dkim"]
    relay = mail_record_problems(monkeypatch, {}, smtp_url="smtps://a:b@smtp.provider.example:465")
    assert '"v=spf1 include:YOUR-PROVIDER ~all"' in relay["spf"]


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, []),
        ({"example.ca": ["v=spf1 include:other.example -all"]}, ["spf"]),
        ({"example.ca": ["v=spf1 include:sendgrid.net -all", "v=spf1 mx -all"]}, ["spf"]),
        ({"s1._domainkey.example.ca": ["v=DKIM1"]}, ["dkim"]),
        ({"_dmarc.example.ca": [POLICY, POLICY]}, ["dmarc"]),
    ],
)
def test_a_record_that_is_published_wrongly_is_told(
    monkeypatch: pytest.MonkeyPatch, *, changed: Mapping[str, Sequence[str]], codes: list[str]
) -> None:
    published = {
        "example.ca": ["a site's token", "v=spf1 include:sendgrid.net -all"],
        "s1._domainkey.example.ca": [KEY],
        "_dmarc.example.ca": [POLICY],
    }
    assert list(mail_record_problems(monkeypatch, {**published, **changed}, provider="sendgrid")) == codes


def test_a_resolver_that_is_silent_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_: object, **__: object) -> None:
        raise dns.exception.Timeout

    monkeypatch.setattr(dns.resolver, "resolve", resolve)
    problems = list(check_mail_records(settings_for("sqlite:///x", **SENDING)))

    assert "Timeout" in only(problems, "dns", Level.WARN)
    assert list(check_mail_records(settings_for("sqlite:///x"))) == [], "nothing is sent"


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
        earlier = list(check_certificate(settings, now=real - timedelta(days=60), ca_file=certificate))
        (unknown,) = check_certificate(settings, now=real)
        thread.join()
    (away,) = check_certificate(settings, now=real)

    assert earlier == []
    assert "certbot renew" in sentence(soon)
    assert "browsers do not take it" in sentence(unknown)
    assert "does not answer from here" in sentence(away)


def test_the_command_prints_a_line_each_and_exits_with_one_where_anything_fails(
    url: str, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVOCACY_DATABASE_URL", url)
    done = CliRunner().invoke(advocacy, ["doctor"])
    listed = json.loads(CliRunner().invoke(advocacy, ["doctor", "--json"]).stdout)

    assert done.exit_code == 1, "the worker ran long ago, by this machine's clock"
    assert [f"{problem['level']:4}  {problem['code']}: {problem['advice']}" for problem in listed] == (
        done.stdout.splitlines()
    )
    with sessions.begin() as session:
        session.execute(update(PeriodicRun).values(started_at=datetime.now(UTC)))
    assert CliRunner().invoke(advocacy, ["doctor"]).exit_code == 0


def test_a_setting_that_cannot_be_read_is_a_failure_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVOCACY_PROXY_HOPS", "many")
    done = CliRunner().invoke(advocacy, ["doctor"])

    assert (done.exit_code, done.stdout.count("\n")) == (1, 1)
    assert done.stdout.startswith("fail  settings: set ADVOCACY_PROXY_HOPS")
