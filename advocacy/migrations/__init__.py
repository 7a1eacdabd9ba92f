"""The database is brought up to this version's tables, from nothing or from any earlier version, quietly."""

import io
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

# Any number will do, as long as nothing else in the same PostgreSQL database locks it.
MIGRATION_LOCK = 7_203_114


def migrate(engine: Engine) -> None:
    """Bring the database up to the newest revision, in one transaction; do nothing when it is there already.

    Two processes that start together migrate one after the other.
    """
    config = make_config()
    with engine.begin() as connection:
        if _is_at_head(connection, config):
            return
        _wait_for_turn(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def make_config() -> Config:
    """Give Alembic's configuration without an ini file, so that an installed wheel migrates too."""
    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _is_at_head(connection: Connection, config: Config) -> bool:
    heads = ScriptDirectory.from_config(config).get_heads()
    return MigrationContext.configure(connection).get_current_heads() == tuple(heads)


def _wait_for_turn(connection: Connection) -> None:
    """Hold every other starter back until this transaction ends; SQLite's changes of tables join it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
