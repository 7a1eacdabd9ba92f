"""The tables come up from nothing, are those of the models, go down again, and two starters do not collide."""

import pkgutil
import threading
from collections.abc import Iterator
from importlib import import_module

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

import advocacy
from advocacy.database import Base, make_engine
from advocacy.migrations import make_config, migrate


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
    assert heads == tuple(ScriptDirectory.from_config(make_config()).get_heads())


def test_every_migration_can_be_taken_back(engine: Engine) -> None:
    migrate(engine)
    config = make_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    migrate(engine)


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
