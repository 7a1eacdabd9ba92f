"""One row of the table: a site of its own, on one database and with one far end, meets one fault."""

import os
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.conftest import POSTGRES
from tests.faults.faults import Planned, Row, meet
from tests.faults.opening import opened
from tests.faults.proof import Proof
from tests.faults.sinks import SendgridSink, SmtpSink

SINKS: tuple[type[SendgridSink | SmtpSink], ...] = (SendgridSink, SmtpSink)


@dataclass(frozen=True, slots=True)
class Task:
    """One row to be run: a fault, how often, and the site that meets it."""

    planned: Planned
    times: int
    database: str
    sink: type[SendgridSink | SmtpSink]
    seed: int


def run(task: Task) -> Row:
    """Open a site and let it meet one fault; what breaks the row is wrong with it, and stops no other."""
    began = time.monotonic()
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            DATABASES[task.database](Path(folder)) as url,
            opened(Path(folder), url, task.sink(Path(folder)), seed=task.seed) as place,
        ):
            return meet(place, task.planned, task.times)
    except Exception as error:
        broke = Proof(Counter(), Counter(), (f"it broke: {error!r}", *traceback.format_exc().splitlines()[-9:-1]))
        site, took = f"{task.database} {task.sink.name}", time.monotonic() - began
        return Row(site, task.planned.name, task.times, broke, said="", seconds=took)


@contextmanager
def _sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'advocacy.sqlite3'}"


@contextmanager
def _postgresql(_folder: Path) -> Iterator[str]:
    server = make_url(POSTGRES).set(drivername="postgresql")
    name = f"advocacy_faults_{os.getpid()}"
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
        )
        try:
            yield server.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


DATABASES = {"sqlite": _sqlite, "postgresql": _postgresql}
