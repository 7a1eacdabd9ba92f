"""The campaign's page beside that of appel-crises, a Django application of the same kind, each behind gunicorn.

The peer is no dependency: it is installed from the package index into a folder of its own when this is measured.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from benchmarks.report import Row, size

PACKAGES = (
    "appel-crises==0.0.37",
    "django==4.2.*",  # the newest that takes its settings
    "sentry-sdk==0.14.3",
    "getconf",
    "importlib-metadata==6.11.0",  # later ones need more
    "whitenoise",
    "brotli",
    "requests",
    "urllib3",
    "certifi",
    "charset-normalizer",
    "idna",
    "asgiref",
    "sqlparse",
    "zipp",
    "gunicorn",
    "packaging",
)
"""All that it needs for its page with SQLite; psycopg2, which would have to be compiled, is not asked for."""
FOLDER = Path(tempfile.gettempdir()) / "advocacy-benchmarks" / "appel-crises"
PAGE = "/fr/child-protection/"
CLIENTS, REQUESTS, ROUNDS = 4, size(150, 5), size(5, 1)
START_WITHIN_S, ANSWER_WITHIN_S = 60, 120
THREADS = 4


def measure() -> list[Row]:
    """Return how many times as many requests a second our page answers, from as many processes; nothing without it."""
    try:
        python = _installed()
    except subprocess.CalledProcessError:
        print("  appel-crises cannot be installed here, and is not measured", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with _ours(folder) as ours, _theirs(python, folder) as theirs:
            rates = _in_turns({"ours": (ours, PAGE), "theirs": (theirs, "/")})
    times = rates["ours"] / rates["theirs"]
    return [Row("campaign page, requests a second beside appel-crises' page", times, "×", at_least=3)]


def _installed() -> Path:
    """Return the Python that has it."""
    python = FOLDER / "bin" / "python"
    if not (FOLDER / "installed").exists():
        venv.create(FOLDER, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, *PACKAGES], check=True, capture_output=True)
        (FOLDER / "installed").touch()
    return python


@contextmanager
def _ours(folder: Path) -> Iterator[int]:
    environment = {"ADVOCACY_DATABASE_URL": f"sqlite:///{folder / 'ours.sqlite3'}", "ADVOCACY_SECRET_KEY": "k" * 40}
    with _serving(Path(sys.executable), "wsgi:application", environment, folder=Path.cwd()) as port:
        yield port


@contextmanager
def _theirs(python: Path, folder: Path) -> Iterator[int]:
    """Serve it as its own settings do in production: no debugging, SQLite beside its package."""
    environment = {
        "APPEL_CRISES_APP_MODE": "prod",
        "APPEL_CRISES_APP_SECRET_KEY": "k" * 40,
        "APPEL_CRISES_SITE_ALLOWED_HOSTS": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "appel_crises.settings",
    }
    migrate = [str(python), "-W", "ignore", "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, check=True, capture_output=True, env={**os.environ, **environment}, cwd=folder)
    with _serving(python, "appel_crises.wsgi:application", environment, folder=folder) as port:
        yield port


@contextmanager
def _serving(python: Path, application: str, environment: Mapping[str, str], *, folder: Path) -> Iterator[int]:
    """Serve an application with one process of gunicorn; give its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ways = ["--workers", "1", "--worker-class", "gthread", "--threads", str(THREADS), "--log-level", "error"]
    command = [str(python), "-W", "ignore", "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *ways, application]
    with subprocess.Popen(
        command, env={**os.environ, **environment}, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    until = time.monotonic() + START_WITHIN_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _in_turns(sites: Mapping[str, tuple[int, str]]) -> Mapping[str, float]:
    """Ask each site in short turns, the first of them uncounted; give the medians in requests a second."""
    rates: dict[str, list[float]] = {name: [] for name in sites}
    with ThreadPoolExecutor(CLIENTS) as pool:
        for _ in range(ROUNDS + 1):
            for name, (port, path) in sites.items():
                started = time.perf_counter()
                list(pool.map(_ask, [port] * CLIENTS, [path] * CLIENTS))
                rates[name].append(CLIENTS * REQUESTS / (time.perf_counter() - started))
    return {name: median(each[1:]) for name, each in rates.items()}


def _ask(port: int, path: str) -> None:
    """Ask for a page again and again over one connection."""
    connection = HTTPConnection("127.0.0.1", port, timeout=ANSWER_WITHIN_S)
    for _ in range(REQUESTS):
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 200, answer.status
        assert content
    connection.close()
