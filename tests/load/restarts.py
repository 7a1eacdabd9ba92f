"""A release under load: new code migrates the database while the old serves on, takes over its socket, and restarts."""

import io
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from benchmarks import stores
from tests.builders import SECRET
from tests.citizens import KEYS
from tests.cluster.citizens import Mails
from tests.faults.place import PER_HOUR
from tests.faults.sinks import SmtpSink
from tests.load.citizens import Crowd, Record
from tests.load.site import SETTINGS
from tests.served import ADVOCACY, ROOT, SERVE, environment, served_site

HANDS_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.execve(sys.argv[2], sys.argv[2:], {**os.environ, "LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"})
"""
"""Begins a command as systemd does that holds its socket."""
NAMES_WHO_ANSWERS = """
from advocacy.runtime import open_runtime, utc_now
from advocacy.settings import Settings
from tests.faults.opening import _name_who_answers
with open_runtime(Settings.from_environment(), now=utc_now()) as runtime:
    _name_who_answers(runtime)
"""
"""Makes the tables and the campaign, by the code of whichever tree runs it."""
BACKLOG = 1024


@dataclass(frozen=True)
class Release:
    """What came of it: what was answered, and what went wrong in each phase."""

    record: Record
    wrong: Mapping[str, Counter[str]]
    stored: int
    most_copies: int
    schema: tuple[str, str]


@contextmanager
def tree_of(revision: str) -> Iterator[Path]:
    """Lay out the project as of a revision."""
    packed = subprocess.run(["git", "archive", revision], cwd=ROOT, capture_output=True, check=True).stdout
    with tempfile.TemporaryDirectory(prefix="advocacy-previous-") as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder)


def release(previous: str, *, phase_s: float) -> Release:
    """Let visitors come while a release goes from `previous` to this code, and this code restarts once more."""
    with ExitStack() as stack:
        old = stack.enter_context(tree_of(previous))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="advocacy-load-")))
        url = stack.enter_context(stores.empty_database("load_release"))
        sink = stack.enter_context(SmtpSink(folder))
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=BACKLOG))
        settings = {
            "ADVOCACY_DATABASE_URL": url,
            "ADVOCACY_SECRET_KEY": SECRET,
            "ADVOCACY_DATA_KEYS": KEYS.text,
            "ADVOCACY_FROM_EMAIL": "lettres@site.example.ca",
            "ADVOCACY_RECIPIENT_PER_HOUR": str(PER_HOUR),
            **SETTINGS,
            **sink.settings(),
        }

        def run(root: Path, *command: str) -> None:
            done = subprocess.run(command, cwd=folder, env=environment(root, settings), capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr

        @contextmanager
        def serving(root: Path) -> Iterator[None]:
            command = [sys.executable, "-c", HANDS_OVER, str(listener.fileno()), *SERVE]
            fds = [listener.fileno()]
            with served_site(folder, command=command, root=root, settings=settings, pass_fds=fds):
                yield

        run(old, sys.executable, "-c", NAMES_WHO_ANSWERS)
        before, phases = _schema(url), dict[str, Counter[str]]()
        crowd = Crowd(listener.getsockname()[1], Mails(sink), seed=1)

        @contextmanager
        def phase(name: str) -> Iterator[None]:
            known = crowd.record.wrong.copy()
            yield
            time.sleep(phase_s)
            phases[name] = crowd.record.wrong - known

        def go_on() -> None:
            served = stack.enter_context(ExitStack())
            with phase("the old code serves"):
                served.enter_context(serving(old))
            with phase("the new code migrates"):
                run(ROOT, *ADVOCACY, "outbox", "status")
            with phase("the new code takes over"):
                served.close()
                served.enter_context(serving(ROOT))
            with phase("the new code restarts"):
                served.close()
                served.enter_context(serving(ROOT))
            crowd.stop()
            served.close()

        record = crowd.visit(0, warm_up=0, while_going_on=go_on)
        with psycopg.connect(make_url(url).render_as_string(hide_password=False)) as connection:
            [stored] = connection.execute("SELECT count(*) FROM submissions").fetchone() or (0,)
        return Release(record, phases, stored, max(sink.copies().values(), default=0), (before, _schema(url)))


def _schema(url: str) -> str:
    with psycopg.connect(make_url(url).render_as_string(hide_password=False)) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row and row[0])
