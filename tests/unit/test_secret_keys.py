"""The secrets of a site are created once, kept from other people's eyes, and never created where they are shared."""

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from advocacy.encryption import KEY_BYTES, Keys, UnknownKey, decrypt, encrypt
from advocacy.secret_keys import data_keys, signing_key
from advocacy.settings import Settings, SettingsError
from tests.builders import SECRET


def embedded(folder: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{folder / 'var' / 'advocacy.sqlite3'}")


def advice(settings: Settings) -> str:
    with pytest.raises(SettingsError) as caught:
        data_keys(settings)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return str(caught.value)


def test_keys_that_are_set_are_the_keys_newest_first(tmp_path: Path) -> None:
    keys = Keys((b"n" * KEY_BYTES, *Keys.make().newest_first))
    settings = embedded(tmp_path).model_copy(update={"data_keys": SecretStr(f" {keys.text}\n")})

    assert data_keys(settings) == keys
    assert list(tmp_path.iterdir()) == []


def test_beside_an_sqlite_file_a_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    keys = data_keys(embedded(tmp_path))
    (file,) = (tmp_path / "var").iterdir()

    assert [len(key) for key in keys.newest_first] == [KEY_BYTES]
    assert data_keys(embedded(tmp_path)) == keys
    assert (file.name, stat.S_IMODE(file.stat().st_mode)) == ("data_keys", 0o600)


@pytest.mark.parametrize("secret", [data_keys, signing_key])
def test_processes_that_start_together_agree_on_one_secret(
    tmp_path: Path, secret: Callable[[Settings], object]
) -> None:
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(secret, [embedded(tmp_path)] * 32))

    assert len(secrets) == 1
    assert len(list((tmp_path / "var").iterdir())) == 1


def test_a_second_line_of_the_file_is_an_older_key(tmp_path: Path) -> None:
    old, new = Keys.make(), Keys.make()
    path = tmp_path / "var" / "data_keys"
    path.parent.mkdir()
    path.write_text(f"{new.text}\n{old.text}\n", encoding="ascii")

    assert data_keys(embedded(tmp_path)).newest_first == new.newest_first + old.newest_first


def test_where_no_file_can_keep_them_the_keys_have_to_be_set() -> None:
    text = advice(Settings.from_mapping({"ADVOCACY_DATABASE_URL": "postgresql://a@db/letters"}))

    assert text.startswith("set ADVOCACY_DATA_KEYS: python3 -c ")
    assert text.endswith(" prints one; docs/settings.md")


@pytest.mark.parametrize("value", ["short", "é" * 43, "A" * 42, "A" * 43 + " B"])
def test_keys_that_cannot_be_used_are_answered_with_advice_that_repeats_none(tmp_path: Path, value: str) -> None:
    settings = embedded(tmp_path).model_copy(update={"data_keys": SecretStr(value)})

    assert advice(settings) == (
        "fix ADVOCACY_DATA_KEYS: write keys of 32 bytes in base64url, newest first, parted by spaces; docs/settings.md"
    )


def test_a_file_without_keys_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "var" / "data_keys"
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe")

    assert str(path) in advice(embedded(tmp_path))
    assert path.read_bytes() == b"\xff\xfe"


def test_a_key_written_to_the_file_since_is_known_at_once(tmp_path: Path) -> None:
    path, new = tmp_path / "var" / "data_keys", Keys.make()
    running = data_keys(embedded(tmp_path))
    sealed = encrypt(new, "Camille", of="here")
    with pytest.raises(UnknownKey):
        decrypt(running, sealed, of="here")

    path.write_text(f"{new.text}\n{running.text}\n", encoding="ascii")
    assert decrypt(running, sealed, of="here") == "Camille"
    assert decrypt(running, encrypt(running, "Essai", of="there"), of="there") == "Essai"
    assert len(running.by_id()) == 1


@pytest.mark.parametrize("left", [None, "half a key"])
def test_a_file_that_is_gone_or_half_written_is_left_so(tmp_path: Path, left: str | None) -> None:
    path = tmp_path / "var" / "data_keys"
    running = data_keys(embedded(tmp_path))
    path.unlink()
    if left is not None:
        path.write_text(left, encoding="ascii")
    with pytest.raises(UnknownKey):
        decrypt(running, encrypt(Keys.make(), "Camille", of="here"), of="here")
    assert path.exists() == (left is not None)


def test_a_signing_key_that_is_set_is_the_key(tmp_path: Path) -> None:
    settings = embedded(tmp_path).model_copy(update={"secret_key": SecretStr(SECRET)})

    assert signing_key(settings) == SECRET
    assert list(tmp_path.iterdir()) == []


def test_beside_an_sqlite_file_a_signing_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    key = signing_key(embedded(tmp_path))
    (file,) = (tmp_path / "var").iterdir()

    assert len(key) >= 48
    assert signing_key(embedded(tmp_path)) == key
    assert (file.name, stat.S_IMODE(file.stat().st_mode)) == ("secret_key", 0o600)


def test_where_no_file_can_keep_it_the_signing_key_has_to_be_set() -> None:
    with pytest.raises(SettingsError, match=r"set ADVOCACY_SECRET_KEY: python3 -c .* prints one; docs/settings\.md"):
        signing_key(Settings.from_mapping({"ADVOCACY_DATABASE_URL": "postgresql://a@db/letters"}))
