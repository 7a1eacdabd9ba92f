"""The tables come up from nothing, are those of the models, go down again, and two starters do not collide."""

import pkgutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

import advocacy
from advocacy.database import Base, make_engine
from advocacy.migrations import RETRY_AFTER_S, migrate, newest_revision
from advocacy.migrations.alembic_upgrade import make_config
from tests.databases import both_databases

NOW = datetime(2026, 11, 25, 22, 16, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def models() -> list[str]:
    """The modules that declare tables, all imported, so that no room's tables are forgotten."""
    found = [module.name for module in pkgutil.walk_packages(advocacy.__path__, "advocacy.")]
    names = [name for name in found if name.endswith(".models")]
    return [import_module(name).__name__ for name in names]


@both_databases
def test_the_migrated_tables_are_those_of_the_models(engine: Engine, models: list[str]) -> None:
    assert "advocacy.legislators.models" in models
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_migrating_again_changes_nothing_and_says_nothing(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    migrate(engine)
    migrate(engine)
    assert capsys.readouterr().out == ""
    with engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    assert heads == tuple(ScriptDirectory.from_config(make_config()).get_heads()) == (newest_revision(),)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_migration_gives_way_to_a_page_that_holds_a_table_and_is_tried_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'an earlier one'"))
    pauses: list[float] = []
    upgraded: list[object] = []
    monkeypatch.setattr("advocacy.migrations.alembic_upgrade.upgrade", upgraded.append)
    with engine.connect() as page:
        page.execute(text("LOCK TABLE submissions IN ACCESS SHARE MODE"))

        def answer_page(seconds: float) -> None:
            pauses.append(seconds)
            page.execute(text("SELECT count(*) FROM messages"))  # would be waited for crosswise
            page.rollback()

        monkeypatch.setattr("advocacy.migrations.sleep", answer_page)
        monkeypatch.setattr("advocacy.migrations.LOCK_TIMEOUT_MS", 50)
        migrate(engine)
    assert pauses == [RETRY_AFTER_S]
    assert len(upgraded) == 1


@both_databases
def test_every_migration_can_be_taken_back(engine: Engine) -> None:
    migrate(engine)
    config = make_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    migrate(engine)


@both_databases
def test_two_processes_that_start_together_both_find_the_tables(database_url: str) -> None:
    engines = [make_engine(database_url) for _ in range(4)]
    failures: list[BaseException] = []

    def start(engine: Engine) -> None:
        try:
            migrate(engine)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=start, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert "legislators" in inspect(engines[0]).get_table_names()
    for engine in engines:
        engine.dispose()
