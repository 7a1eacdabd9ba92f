"""Another server finds the application in `wsgi.py`, made of the same settings."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from socket import create_connection, create_server
from time import monotonic, sleep

import pytest

from advocacy.encryption import Keys
from tests.builders import SECRET
from tests.databases import Beginning, Files, Server

ROOT = Path(__file__).parents[2]
TRIES = """
import importlib, os
for settings in {tried}:
    os.environ.update(settings)
    try:
        application = importlib.import_module("wsgi").application
    except Exception as error:
        print(str(error).splitlines()[-1])
    else:
        client = application.test_client()
        print(client.get("/healthz").status_code, client.get("/readyz").status_code)
"""
"""Begins with settings that are one more each time."""

THE_LOCK_ALONE = """
import re
import sys
from importlib.metadata import packages_distributions

def plain(name):
    return re.sub("[-_.]+", "-", name).lower()

class LockAlone:
    locked = {plain(name) for name in %(names)r}
    owners = {module: {plain(name) for name in names} for module, names in packages_distributions().items()}

    def find_spec(self, name, path=None, target=None):
        owners = self.owners.get(name.partition(".")[0])
        if owners and owners.isdisjoint(self.locked):
            raise ModuleNotFoundError(f"{name} is of {', '.join(owners)}, which is not in requirements.txt", name=name)

sys.meta_path.insert(0, LockAlone())
"""
"""Lets no distribution be imported but the named ones, whatever else is installed here for the tests."""
ASKS = """
from wsgi import application
client = application.test_client()
print(*(client.get(path).status_code for path in ("/healthz", "/readyz", "/en/child-protection/", "/staff/sign-in")))
"""


def run(folder: Path, script: str, **settings: str) -> subprocess.CompletedProcess[str]:
    variables = {f"ADVOCACY_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=folder,
        env={**os.environ, **variables, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.thorough
def test_with_the_runtime_lock_alone_a_wsgi_server_finds_the_site(tmp_path: Path) -> None:
    told = run(tmp_path, THE_LOCK_ALONE % {"names": locked()} + ASKS)

    assert (told.returncode, told.stdout) == (0, "200 200 200 200\n"), told.stderr
    assert all("GET" in line for line in told.stderr.splitlines())


def test_a_setting_to_correct_is_named_in_the_last_line_and_with_postgresql_the_keys_have_to_be_set(
    postgresql_server: Server, tmp_path: Path
) -> None:
    url = postgresql_server.bring_back(Beginning.SITE)
    settings: dict[str, str] = {"ADVOCACY_DATABASE_URL": url, "ADVOCACY_LOG_LEVEL": "ERROR"}
    tried = [
        {"ADVOCACY_DATABASE_URL": "mysql://x"},
        settings,
        settings | {"ADVOCACY_SECRET_KEY": SECRET},
        settings | {"ADVOCACY_SECRET_KEY": SECRET, "ADVOCACY_DATA_KEYS": Keys.make().text},
    ]
    told = run(tmp_path, TRIES.format(tried=tried))
    assert told.stderr == ""
    said = told.stdout.splitlines()
    assert "set ADVOCACY_DATABASE_URL: begin it with sqlite:/// or postgresql://" in said[0]
    assert "set ADVOCACY_SECRET_KEY: " in said[1]
    assert "set ADVOCACY_DATA_KEYS: " in said[2]
    assert said[3:] == ["200 200"]


@contextmanager
def gunicorn(folder: Path) -> Iterator[int]:
    """`gunicorn wsgi:application`, as an operator would start it, and its port."""
    with create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "wsgi:application", "-w", "1", "-b", f"127.0.0.1:{port}"]
    (folder / "gunicorn.conf.py").write_text((ROOT / "gunicorn.conf.py").read_text())
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (
        (folder / "stderr").open("w") as log,
        subprocess.Popen(command, cwd=folder, env=environment, stderr=log) as process,
    ):
        try:
            yield port
        finally:
            process.terminate()
            assert process.wait(timeout=120) == 0


@pytest.mark.loopback
def test_gunicorn_serves_it_and_logs_nobodys_address(tmp_path: Path, filled_files: Files) -> None:
    (tmp_path / "var").mkdir()
    filled_files.lay(tmp_path / "var" / "advocacy.sqlite3", Beginning.SITE)
    with gunicorn(tmp_path) as port:
        assert answer_of(port, end=monotonic() + 120) == 200
        with create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"GET /canary HTTQ\r\n\r\n")
            assert b"400" in connection.recv(100)

    log = (tmp_path / "stderr").read_text()
    assert "something that is not HTTP was turned away" in log
    assert "canary" not in log
    assert "ip=" not in log


def answer_of(port: int, *, end: float) -> int:
    """Ask until the server is up."""
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status
        except ConnectionRefusedError:
            assert monotonic() < end, "it never came up"
            sleep(0.1)
        finally:
            connection.close()


def locked() -> set[str]:
    """The names of the distributions in the lock of what runs."""
    names = {
        line.partition("==")[0] for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines() if "==" in line
    }
    assert len(names) > 50
    return names
