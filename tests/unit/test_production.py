"""A public site refuses to start while something makes it unsafe, and names everything at once."""

import base64
import secrets
from collections.abc import Mapping
from pathlib import Path

import pytest

from advocacy.encryption import Keys
from advocacy.production import is_guessable, is_public, require_ready
from advocacy.settings import Settings, SettingsError

FILE_SITE = {
    "ADVOCACY_BASE_URL": "https://letters.example.ca",
    "ADVOCACY_PROVIDER": "smtp",
    "ADVOCACY_FROM_EMAIL": "letters@example.ca",
    "ADVOCACY_SMTP_URL": "smtps://a:b@mail.example.ca:465",
}
SENDGRID = FILE_SITE | {
    "ADVOCACY_PROVIDER": "sendgrid",
    "ADVOCACY_SENDGRID_API_KEY": "SG.key",
    "ADVOCACY_DATABASE_URL": "postgresql:///letters",
}
KEYS = Keys.make().text
ZERO_KEY = base64.urlsafe_b64encode(bytes(32)).decode()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that a site is started in, and which has its files."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "var").mkdir()
    return tmp_path


def lacks(variables: Mapping[str, str], *, debug: bool = False) -> list[str]:
    try:
        require_ready(Settings.from_mapping(variables), debug)
    except SettingsError as error:
        return str(error).splitlines()
    return []


def test_a_site_with_all_it_needs_starts() -> None:
    assert lacks(FILE_SITE) == []
    assert lacks(FILE_SITE | {"ADVOCACY_SECRET_KEY": secrets.token_urlsafe(48), "ADVOCACY_DATA_KEYS": KEYS}) == []


def test_a_trial_on_one_machine_needs_nothing() -> None:
    weak = {"ADVOCACY_SECRET_KEY": "a" * 36, "ADVOCACY_LOG_LEVEL": "DEBUG"}
    assert lacks(weak, debug=True) == []
    local = FILE_SITE | {"ADVOCACY_BASE_URL": "http://localhost:8000", "ADVOCACY_SMTP_URL": "smtp://127.0.0.1:1025"}
    assert lacks(local | weak, debug=True) == []


@pytest.mark.parametrize(
    ("variables", "public"),
    [
        ({}, False),
        ({"ADVOCACY_BASE_URL": "https://letters.example.ca"}, True),
        ({"ADVOCACY_BASE_URL": "http://192.168.1.7:8000"}, False),
        (FILE_SITE | {"ADVOCACY_BASE_URL": "http://localhost:8000"}, True),
        (FILE_SITE | {"ADVOCACY_BASE_URL": "http://192.168.1.7:8000"}, True),
    ],
)
def test_a_site_is_public_once_others_reach_it_by_https_or_it_sends_mail(
    variables: dict[str, str], public: bool
) -> None:
    assert is_public(Settings.from_mapping(variables)) is public


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (FILE_SITE | {"ADVOCACY_SECRET_KEY": "a" * 36}, "set another ADVOCACY_SECRET_KEY: this one can be guessed"),
        (FILE_SITE | {"ADVOCACY_METRICS_TOKEN": "a" * 36}, "set another ADVOCACY_METRICS_TOKEN: this one can be guess"),
        (FILE_SITE | {"ADVOCACY_DATA_KEYS": ZERO_KEY}, "set other ADVOCACY_DATA_KEYS: one of these can be guessed"),
        (FILE_SITE | {"ADVOCACY_DATA_KEYS": "none"}, "fix ADVOCACY_DATA_KEYS: write keys of 32 bytes"),
        (FILE_SITE | {"ADVOCACY_SMTP_URL": "mail.example.ca"}, "fix ADVOCACY_SMTP_URL: write it as smtp://user:"),
        (FILE_SITE | {"ADVOCACY_LOG_LEVEL": "DEBUG"}, "set ADVOCACY_LOG_LEVEL to INFO: at DEBUG, "),
        (FILE_SITE | {"ADVOCACY_FROM_EMAIL": ""}, "set ADVOCACY_FROM_EMAIL: letters go out in its name"),
    ],
)
def test_one_lack_is_one_sentence_with_what_to_do(variables: dict[str, str], sentence: str) -> None:
    (only,) = lacks(variables)

    assert only.startswith(sentence)
    assert only.endswith("docs/settings.md")
    assert "a" * 36 not in only


def test_debug_is_refused() -> None:
    assert lacks(FILE_SITE, debug=True) == [
        "unset FLASK_DEBUG: a debugger shows what citizens typed and runs what anybody types"
    ]


@pytest.mark.parametrize(("file", "mode"), [("var/secret_key", 0o640), ("var/data_keys", 0o604), (".env", 0o644)])
def test_a_file_of_secrets_that_others_can_read_is_refused(folder: Path, file: str, mode: int) -> None:
    path = folder / file
    path.write_text("a secret")
    path.chmod(mode)
    (only,) = lacks(FILE_SITE)

    assert only.startswith("run chmod 6")
    assert only.endswith(f"{file}: other users of this machine can read its secrets")
    path.chmod(int(only.split()[2], 8))
    assert lacks(FILE_SITE) == []


def test_everything_is_named_at_once(folder: Path) -> None:
    (folder / ".env").touch(mode=0o644)
    broken = SENDGRID | {"ADVOCACY_FROM_EMAIL": "", "ADVOCACY_METRICS_TOKEN": "b" * 40}
    told = lacks(broken, debug=True)

    named = [
        "ADVOCACY_FROM_EMAIL",
        "ADVOCACY_SENDGRID_WEBHOOK_PUBLIC_KEY",
        "ADVOCACY_SECRET_KEY",
        "ADVOCACY_DATA_KEYS",
        "ADVOCACY_METRICS_TOKEN",
        ".env",
        "FLASK_DEBUG",
    ]
    assert len(told) == len(named)
    assert all(name in sentence for name, sentence in zip(named, told, strict=True)), told


@pytest.mark.parametrize(
    "secret",
    [
        "a" * 36,
        "abc" * 12,
        "abcdefghijklmnopqrstuvwxyz0123456789",
        "password1234password1234password1234",
        "change-me-to-something-long-and-random",
        "01234567890123456789012345678901",
        "qwertyqwertyqwertyqwertyqwertyqwerty",
    ],
)
def test_what_a_person_types_for_want_of_a_secret_is_told(secret: str) -> None:
    assert is_guessable(secret)


def test_what_a_machine_made_is_taken() -> None:
    made = [secret for _ in range(200) for secret in (secrets.token_hex(24), secrets.token_urlsafe(32))]
    assert [secret for secret in made if is_guessable(secret)] == []
