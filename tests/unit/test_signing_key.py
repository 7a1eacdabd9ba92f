"""The key that signs forms is made once, kept from other people's eyes, and never made up where it must be shared."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from advocacy.settings import Settings, SettingsError
from advocacy.signing_key import kept_key, signing_key
from tests.builders import SECRET


def embedded(folder: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{folder / 'var' / 'advocacy.sqlite3'}")


def test_a_key_that_is_set_is_the_key(tmp_path: Path) -> None:
    settings = embedded(tmp_path).model_copy(update={"secret_key": SecretStr(SECRET)})

    assert signing_key(settings) == SECRET
    assert list(tmp_path.iterdir()) == []


def test_beside_an_sqlite_file_a_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    key = signing_key(embedded(tmp_path))
    (file,) = (tmp_path / "var").iterdir()

    assert len(key) >= 48
    assert signing_key(embedded(tmp_path)) == key
    assert (file.name, stat.S_IMODE(file.stat().st_mode)) == ("secret_key", 0o600)


def test_every_site_has_a_key_of_its_own(tmp_path: Path) -> None:
    assert kept_key(tmp_path / "one") != kept_key(tmp_path / "two")


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(kept_key, [tmp_path / "secret_key"] * 32))

    assert len(keys) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


@pytest.mark.parametrize("url", ["postgresql://a@db/letters"])
def test_where_no_file_can_keep_it_the_key_has_to_be_set(url: str) -> None:
    with pytest.raises(SettingsError, match=r"set ADVOCACY_SECRET_KEY: python3 -c .* prints one; docs/settings\.md"):
        signing_key(Settings.from_mapping({"ADVOCACY_DATABASE_URL": url}))
