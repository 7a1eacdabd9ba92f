"""The map of what is stored about people names every table and every column there is."""

import tomllib
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest

import advocacy
from advocacy.database import Base
from advocacy.settings import Settings
from scripts.data_map import DATA_MAP, markdown_tables

PRIVACY = Path(__file__).parents[3] / "docs" / "privacy.md"
PROTECTIONS = ("encrypted: ", "keyed hash: ", "token hash: ", "hash: ", "plain: ")
TABLES: dict[str, Any] = tomllib.loads(DATA_MAP.read_text(encoding="utf-8"))["tables"]
RETENTION: dict[str, Any] = tomllib.loads(DATA_MAP.read_text(encoding="utf-8"))["retention"]
WITH_PEOPLE = {name: table for name, table in TABLES.items() if table["about"] in {"citizens", "staff"}}


def test_every_table_is_in_the_map() -> None:
    for module in walk_packages(advocacy.__path__, "advocacy."):
        if module.name.endswith(".models"):
            import_module(module.name)
    assert set(TABLES) == set(Base.metadata.tables)


@pytest.mark.parametrize("name", WITH_PEOPLE)
def test_every_column_about_people_is_in_the_map(name: str) -> None:
    test_every_table_is_in_the_map()
    table = WITH_PEOPLE[name]
    listed = [*table["personal"], *table["other"]]
    assert sorted(listed) == sorted(column.name for column in Base.metadata.tables[name].columns)
    assert all(what.startswith(PROTECTIONS) for what in table["personal"].values())
    assert set(table["kept"]) <= RETENTION.keys()
    assert table["kept"]


def test_what_is_called_encrypted_or_a_hash_is_stored_so() -> None:
    for name, table in WITH_PEOPLE.items():
        for column, what in table["personal"].items():
            is_encrypted = column.endswith("_sealed") or column in {"tf_totp_secret", "mf_recovery_codes"}
            assert what.startswith("encrypted: ") == is_encrypted, name
            assert ("hash: " in what) >= column.endswith("_hash"), f"{name}.{column}"


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if table["about"] == "citizens"])
def test_each_column_about_citizens_is_handed_out_or_says_why_not(name: str) -> None:
    table = TABLES[name]
    assert sorted([*table["export"], *table["withheld"]]) == sorted([*table["personal"], *table["other"]])


def test_each_setting_of_retention_exists() -> None:
    settings = {one["setting"] for one in RETENTION.values() if "setting" in one}
    assert settings <= Settings.model_fields.keys()
    assert {name for name in Settings.model_fields if name.endswith(("_days", "_hours"))} == settings


def test_the_officers_page_has_the_map_as_it_is() -> None:
    assert markdown_tables() in PRIVACY.read_text(encoding="utf-8"), "run: python -m scripts.data_map"
