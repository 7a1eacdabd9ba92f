"""Settings are frozen, come from one place, and answer a wrong value with advice."""

from pathlib import Path

import pytest

from advocacy.settings import Settings, SettingsError
from tests.builders import SECRET


def advice(variables: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        Settings.from_mapping(variables)
    assert caught.value.__cause__ is None, "no traceback of another library's behind the advice"
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    return str(caught.value)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("postgresql://a:b@db:5432/letters", "postgresql+psycopg://a:b@db:5432/letters"),
        ("postgres://a@db/letters", "postgresql+psycopg://a@db/letters"),
        ("postgresql+psycopg://a@db/letters", "postgresql+psycopg://a@db/letters"),
        ("postgresql:///letters", "postgresql+psycopg:///letters"),
        ("sqlite:////srv/letters.sqlite3", "sqlite:////srv/letters.sqlite3"),
    ],
)
def test_a_database_is_reached_by_the_driver_that_is_installed(given: str, kept: str) -> None:
    assert Settings.from_mapping({"ADVOCACY_DATABASE_URL": given}).database_url == kept


@pytest.mark.parametrize("given", ["mysql://db/letters", "letters.sqlite3", "sqlite", "postgresql+psycopg2://db/x"])
def test_another_database_is_refused_with_the_two_that_are_offered(given: str) -> None:
    assert advice({"ADVOCACY_DATABASE_URL": given}) == (
        "set ADVOCACY_DATABASE_URL: begin it with sqlite:/// or postgresql://; docs/settings.md"
    )


@pytest.mark.parametrize(
    "given",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?uri=true",
        "sqlite:///file:x?mode=memory&uri=true",
        "sqlite://var/advocacy.sqlite3",
    ],
)
def test_sqlite_without_a_file_is_refused_with_one(given: str) -> None:
    assert advice({"ADVOCACY_DATABASE_URL": given}) == (
        "set ADVOCACY_DATABASE_URL: name a file that lasts, as sqlite:///var/advocacy.sqlite3 or "
        "sqlite:////srv/advocacy.sqlite3; docs/settings.md"
    )


def test_a_database_url_that_cannot_be_read_is_never_repeated_since_it_may_hold_a_password() -> None:
    sentence = advice({"ADVOCACY_DATABASE_URL": "postgresql://me:sesame@db:port/letters"})

    assert "sesame" not in sentence
    assert sentence.startswith("set ADVOCACY_DATABASE_URL: write it as postgresql://user:password@host")


def test_a_wrong_log_level_is_refused_with_those_there_are() -> None:
    assert advice({"ADVOCACY_LOG_LEVEL": "loud"}) == (
        "set ADVOCACY_LOG_LEVEL: it should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'; docs/settings.md"
    )


def test_the_signing_key_is_long_and_never_shown() -> None:
    settings = Settings.from_mapping({"ADVOCACY_SECRET_KEY": SECRET})

    assert settings.secret_key.get_secret_value() == SECRET
    assert SECRET not in repr(settings)
    assert "sesame" not in advice({"ADVOCACY_SECRET_KEY": "sesame"})
    assert advice({"ADVOCACY_SECRET_KEY": "x" * 31}).startswith(
        "set ADVOCACY_SECRET_KEY: make it at least 32 characters that nobody can guess; python3 -c "
    )


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://letters.example.ca", "https://letters.example.ca"),
        ("https://Letters.Example.ca/", "https://letters.example.ca"),
        ("http://localhost:8931", "http://localhost:8931"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_sites_address_is_kept_without_a_path(given: str, kept: str) -> None:
    assert Settings.from_mapping({"ADVOCACY_BASE_URL": given}).base_url == kept


@pytest.mark.parametrize(
    ("given", "public"),
    [
        ("https://letters.example.ca", True),
        ("https://lettres.exemple.ca:8443", True),
        ("http://letters.example.ca", False),
        ("http://localhost:8000", False),
        ("https://localhost", False),
        ("https://127.0.0.1", False),
        ("https://[::1]:8443", False),
        ("https://192.168.1.7", False),
        ("https://letters", False),
        ("https://letters.local", False),
        ("https://letters.test", False),
        ("https://letters.example", False),
    ],
)
def test_an_address_is_public_where_everybody_can_open_it(given: str, public: bool) -> None:
    settings = Settings.from_mapping({"ADVOCACY_BASE_URL": given})
    assert settings.public_base_url == (given if public else "")


@pytest.mark.parametrize(
    "given", ["letters.example.ca", "ftp://x", "https://x/path", "https://x?y", "https://a b", "https://"]
)
def test_what_is_no_address_of_a_site_is_refused(given: str) -> None:
    assert advice({"ADVOCACY_BASE_URL": given}) == (
        "set ADVOCACY_BASE_URL: write it as https://letters.example.ca, without a path; docs/settings.md"
    )


@pytest.mark.parametrize("given", ["-1", "10", "one"])
def test_proxies_are_counted(given: str) -> None:
    assert Settings.from_mapping({"ADVOCACY_PROXY_HOPS": "2"}).proxy_hops == 2
    assert advice({"ADVOCACY_PROXY_HOPS": given}).startswith("set ADVOCACY_PROXY_HOPS: it should be ")


@pytest.mark.parametrize("given", ["camille", "a@b", "a@b.ca, c@d.ca", "A <a@b.ca>", "a b@c.ca", "a@b.ca\nBcc: c@d.ca"])
def test_letters_on_trial_go_to_one_address(given: str) -> None:
    assert Settings.from_mapping({"ADVOCACY_TEST_RECIPIENT": "a.b@c.example"}).test_recipient == "a.b@c.example"
    assert advice({"ADVOCACY_TEST_RECIPIENT": given}) == (
        "set ADVOCACY_TEST_RECIPIENT: enter one e-mail address, like someone@example.ca; docs/settings.md"
    )


def test_an_unknown_name_is_refused_with_the_nearest_known_one() -> None:
    assert advice({"ADVOCACY_DATABASE_URI": "sqlite://"}) == (
        "rename or remove ADVOCACY_DATABASE_URI: there is no such setting, "
        "the nearest is ADVOCACY_DATABASE_URL; docs/settings.md"
    )


def test_other_peoples_names_and_the_tests_own_are_left_alone() -> None:
    variables = {"PATH": "/bin", "advocacy_log_level": "loud", "ADVOCACY_TEST_STRICT": "1"}

    assert Settings.from_mapping(variables) == Settings()


def test_the_environment_wins_over_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(
        "ADVOCACY_LOG_LEVEL=ERROR\nexport ADVOCACY_DATABASE_URL='postgresql://me:a${b}c@db/letters'\nOTHER=x\n"
    )
    monkeypatch.setenv("ADVOCACY_LOG_LEVEL", "WARNING")

    settings = Settings.from_environment(env_file)

    assert settings.log_level == "WARNING"
    assert settings.database_url == "postgresql+psycopg://me:a${b}c@db/letters"


def test_an_env_file_that_is_not_utf8_is_refused_by_name(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_bytes(b"ADVOCACY_LOG_LEVEL=\xe9\n")

    with pytest.raises(SettingsError, match=r"save .*\.env as UTF-8 text"):
        Settings.from_environment(env_file)
