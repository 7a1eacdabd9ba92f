"""Alembic: every migration that the database lacks is run. Imported only where there is something to do."""

import io
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run migrations that the database lacks, up to a revision; raises alembic's CommandError where it is unknown."""
    config = make_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def make_config() -> Config:
    """Return Alembic's configuration without an ini file, so that an installed wheel migrates too."""
    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
