"""Every table and every column says what it holds of people, and docs/privacy.md has all of it."""

import pytest

from advocacy.database import Base
from advocacy.personal_columns import (
    Kept,
    People,
    Protection,
    contents_of,
    personal_columns,
    truncate_to_day,
    unchanged,
)
from advocacy.settings import Settings
from scripts.data_map import PAGE, markdown_tables, models

MODELS = models()
ABOUT_PEOPLE = [model for model in MODELS if contents_of(model).people in {People.CITIZENS, People.STAFF}]


def test_every_table_says_of_whom_it_tells() -> None:
    assert {model.__table__ for model in MODELS} == set(Base.metadata.tables.values())
    assert all(contents_of(model).purpose for model in MODELS)


@pytest.mark.parametrize("model", ABOUT_PEOPLE)
def test_every_column_about_people_says_what_it_holds(model: type[Base]) -> None:
    undeclared = [column for column in model.__table__.columns if "personal" not in column.info]
    assert [column.name for column in undeclared if not column.primary_key and not column.foreign_keys] == []
    assert contents_of(model).kept


@pytest.mark.parametrize("model", ABOUT_PEOPLE)
def test_what_is_called_encrypted_or_a_hash_is_stored_so(model: type[Base]) -> None:
    for name, declared in personal_columns(model):
        is_encrypted = name.endswith("_sealed") or name in {"tf_totp_secret", "mf_recovery_codes"}
        assert (declared.protection is Protection.ENCRYPTED) == is_encrypted, name
        assert declared.protection.is_hash >= name.endswith("_hash"), name


@pytest.mark.parametrize("model", [model for model in MODELS if Kept.RECORD in contents_of(model).kept])
def test_nothing_that_finds_a_person_is_left_in_the_anonymous_record(model: type[Base]) -> None:
    finds = {
        name: declared
        for name, declared in personal_columns(model)
        if declared.protection is not Protection.PLAIN and name != "code_hash"  # its office can verify a letter
    }
    assert [name for name, declared in finds.items() if declared.erase is unchanged] == []
    moments = [name for name, _ in personal_columns(model) if name.endswith("_at") or name == "at"]
    kept = dict(personal_columns(model))
    assert {kept[name].erase for name in moments} == {truncate_to_day}


def test_each_setting_of_retention_exists() -> None:
    settings = {one.name.lower() for one in Kept if f"`ADVOCACY_{one.name}`" in one}
    assert settings == {"unconfirmed_hours", "retention_days"}
    assert {name for name in Settings.model_fields if name.endswith(("_days", "_hours"))} == settings | {"backup_days"}


def test_the_officers_page_has_the_map_as_it_is() -> None:
    assert markdown_tables() in PAGE.read_text(encoding="utf-8"), "run: python -m scripts.data_map"
