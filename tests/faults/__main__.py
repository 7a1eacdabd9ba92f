"""`make faults`: every fault in its long form, on both databases; exit 1 when anything does not hold. `--seed N`."""

import argparse
import multiprocessing
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import product

import click

from tests.faults.faults import HEAD, PLAN
from tests.faults.rows import DATABASES, SINKS, Task, run
from tests.faults.sinks import SendgridSink

AT_ONCE = 4
"""Rows that run side by side, each with a site of its own: most of their time is waiting."""


def main() -> int:
    """Let a site of its own meet each fault, on each database and through each far end; print what each left."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument(
        "--short", action="store_true", help="every fault, once or as often as in the suite, at one site"
    )
    parser.add_argument("--database", choices=DATABASES, help="one database only")
    parser.add_argument("--fault", default="", help="only faults whose name begins so, as “3 killed”")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="how many rows run side by side")
    asked = parser.parse_args()
    began = time.monotonic()
    click.echo(f"seed {asked.seed}\n{HEAD}")
    plan = [planned for planned in PLAN if planned.name.startswith(asked.fault)]
    if asked.short:
        tasks = [Task(planned, max(1, planned.short), "postgresql", SendgridSink, asked.seed) for planned in plan]
    else:
        tasks = [
            Task(planned, times, database, sink, asked.seed)
            for number, (database, sink) in enumerate(product(DATABASES, SINKS))
            if asked.database in {None, database}
            for planned in plan
            if (times := planned.times("long", reports=sink.reports, is_first=not number))
        ]
    tasks.sort(key=lambda task: -task.planned.seconds * task.times / task.planned.long)
    wrong = 0
    with ProcessPoolExecutor(asked.at_once, multiprocessing.get_context("spawn")) as pool:
        for done in as_completed([pool.submit(run, task) for task in tasks]):
            row = done.result()
            click.echo(str(row))
            wrong += bool(row.proof.wrong)
    verdict = f"{wrong} of {len(tasks)} rows do NOT hold" if wrong else f"all {len(tasks)} rows hold"
    click.echo(f"{verdict}, seed {asked.seed}, {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
