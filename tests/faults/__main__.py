"""`make faults`: the long form of the suite, on both databases; exit 1 when anything does not hold. `--seed N`."""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.conftest import POSTGRES
from tests.faults.faults import Form, go_through
from tests.faults.opening import opened
from tests.faults.sinks import SendgridSink, Sink, SmtpSink

HEAD = f"{'site':<20} {'fault':<32} {'times':>6}  {'where the letters stand':<34} {'letters × copies':<18}"
SINKS: tuple[Callable[[Path], Sink], ...] = (SendgridSink, SmtpSink)


def main() -> int:
    """Go through every fault at every site and print what each left."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--short", action="store_true", help="as often as `make test` does")
    parser.add_argument("--database", choices=DATABASES, help="one database only")
    asked = parser.parse_args()
    if asked.database:
        return _one(asked.database, asked.seed, "short" if asked.short else "long")
    began = time.monotonic()
    click.echo(f"seed {asked.seed}\n{HEAD}")
    given = ["--seed", str(asked.seed), *(["--short"] if asked.short else [])]
    command = [sys.executable, "-m", "tests.faults", *given, "--database"]
    running = [subprocess.Popen([*command, database]) for database in DATABASES]
    wrong = sum(process.wait() != 0 for process in running)
    click.echo(f"{'does NOT hold' if wrong else 'all holds'}, seed {asked.seed}, {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


def _one(database: str, seed: int, form: Form) -> int:
    """Go through every fault on one database; each database has a process of its own, as most of the time is waiting."""
    began, wrong = time.monotonic(), 0
    for make_sink in SINKS:
        with (
            tempfile.TemporaryDirectory() as folder,
            DATABASES[database](Path(folder)) as url,
            opened(Path(folder), url, make_sink(Path(folder)), seed=seed) as place,
        ):
            for row in go_through(place, form):
                click.echo(f"{row} {time.monotonic() - began:5.0f} s")
                told = [*([row.said] if row.said else []), *row.proof.wrong[:10]]
                click.echo("".join(f"    {one}\n" for one in told), nl=False)
                wrong += bool(row.proof.wrong)
    return 1 if wrong else 0


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


if __name__ == "__main__":
    sys.exit(main())
