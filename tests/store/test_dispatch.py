"""A site refuses to send before it has all that sending needs, and says what is missing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from advocacy.app import create_app
from advocacy.delivery.provider import Mailbox
from advocacy.dispatch import make_event_source, make_provider, make_worker, sender
from advocacy.production import require_ready
from advocacy.providers.mail_folder import MailFolder
from advocacy.runtime import Runtime, open_runtime
from advocacy.settings import Settings, SettingsError
from tests.databases import Beginning, Files

NOW = datetime(2026, 11, 25, 17, tzinfo=UTC)
SMTP = {"ADVOCACY_PROVIDER": "smtp", "ADVOCACY_FROM_EMAIL": "letters@example.ca"}
READY = SMTP | {
    "ADVOCACY_SMTP_URL": "smtps://a:b@mail.example.ca:465",
    "ADVOCACY_BASE_URL": "https://letters.example.ca",
}
SENDGRID = {
    "ADVOCACY_PROVIDER": "sendgrid",
    "ADVOCACY_FROM_EMAIL": "letters@example.ca",
    "ADVOCACY_SENDGRID_API_KEY": "SG.key",
    "ADVOCACY_BASE_URL": "https://letters.example.ca",
}
HERE = READY | {"ADVOCACY_SMTP_URL": "smtp://127.0.0.1:1025", "ADVOCACY_BASE_URL": "http://localhost:8000"}


@pytest.fixture
def runtime(tmp_path: Path, filled_files: Files) -> Iterator[Runtime]:
    url = filled_files.lay(tmp_path / "advocacy.sqlite3", Beginning.SITE)
    settings = Settings.from_mapping({"ADVOCACY_DATABASE_URL": url})
    with open_runtime(settings, now=NOW) as opened:
        yield opened


@pytest.mark.parametrize(
    ("variables", "advice"),
    [
        ({"ADVOCACY_PROVIDER": "smtp"}, "set ADVOCACY_FROM_EMAIL"),
        (SMTP, "set ADVOCACY_SMTP_URL"),
        (SENDGRID, "set ADVOCACY_SENDGRID_WEBHOOK_PUBLIC_KEY"),
        (READY | {"ADVOCACY_BASE_URL": "http://letters.example.ca"}, "set ADVOCACY_BASE_URL"),
        (READY | {"ADVOCACY_BASE_URL": "http://localhost:8000"}, "set ADVOCACY_BASE_URL"),
        (HERE | {"ADVOCACY_BASE_URL": "http://10.0.0.7:8000"}, "set ADVOCACY_BASE_URL"),
    ],
)
def test_what_is_missing_is_said(runtime: Runtime, variables: dict[str, str], advice: str) -> None:
    settings = Settings.from_mapping(variables)
    with pytest.raises(SettingsError, match=advice):
        require_ready(settings)
    unready = replace(runtime, settings=settings)
    for start in (create_app, make_worker):
        with pytest.raises(SettingsError):
            start(unready)


@pytest.mark.parametrize("variables", [READY, HERE])
def test_a_campaign_that_does_not_say_who_answers_for_it_keeps_no_site_from_starting(
    runtime: Runtime, variables: dict[str, str]
) -> None:
    ready = replace(runtime, settings=Settings.from_mapping(variables))
    create_app(ready)
    make_worker(ready).close()


def test_a_rehearsal_needs_nothing(runtime: Runtime) -> None:
    require_ready(runtime.settings)
    assert isinstance(make_provider(runtime.settings, now=lambda: NOW), MailFolder)
    assert make_event_source(runtime.settings) is None
    assert runtime.settings.mail_folder.parent == runtime.settings.database_file.parent  # type: ignore[union-attr]


def test_mail_comes_from_the_address_that_is_set() -> None:
    named = Settings.from_mapping({"ADVOCACY_FROM_EMAIL": "letters@example.ca", "ADVOCACY_FROM_NAME": "Letters"})
    assert sender(named) == Mailbox("Letters", "letters@example.ca")


@pytest.mark.parametrize("url", ["mail.example.ca", "http://mail.example.ca", "smtp://"])
def test_a_server_that_cannot_be_read_is_advice(url: str) -> None:
    settings = Settings.from_mapping(READY | {"ADVOCACY_SMTP_URL": url})
    with pytest.raises(SettingsError, match="provider"):
        make_provider(settings, now=lambda: NOW)


def test_a_verification_key_that_is_none_is_advice() -> None:
    settings = Settings.from_mapping(SENDGRID | {"ADVOCACY_SENDGRID_WEBHOOK_PUBLIC_KEY": "no key"})
    with pytest.raises(SettingsError, match="ADVOCACY_SENDGRID_WEBHOOK_PUBLIC_KEY"):
        make_event_source(settings)
