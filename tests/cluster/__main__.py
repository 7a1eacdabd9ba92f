"""`make cluster`: two machines, one lost in the middle of a campaign; exit 1 when anything does not hold."""

import argparse
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import click

from tests.cluster.trial import LONG, SHORT, Row, go_through, redis_server
from tests.faults.rows import DATABASES


def main() -> int:
    """Let a campaign run on two machines, without Redis and with it, and print what came of each."""
    parser = argparse.ArgumentParser(prog="python -m tests.cluster")
    parser.add_argument("--short", action="store_true", help="as `make test` does: some 100 letters")
    parser.add_argument("--folders", action="store_true", help="folders and relays, also where namespaces can be had")
    parser.add_argument("--queue", choices=("none", "redis"), help="one way of the queue only")
    asked = parser.parse_args()
    began, wrong = time.monotonic(), 0
    click.echo(Row.HEAD)
    for queue in (asked.queue,) if asked.queue else ("none", "redis"):
        if queue == "redis" and shutil.which("redis-server") is None:
            click.echo("Redis     not tried: redis-server is not installed")
            continue
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            url = stack.enter_context(DATABASES["postgresql"](folder))
            redis = stack.enter_context(redis_server(folder)) if queue == "redis" else 0
            size = SHORT if asked.short else LONG
            row = go_through(folder, url, size, redis=redis, namespaces=not asked.folders)
        click.echo(row)
        wrong += bool(row.wrong)
    click.echo(f"{'does NOT hold' if wrong else 'all holds'}, {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
