"""`advocacy serve` answers from an empty folder, says where, names a taken port, and ends when it is told to."""

import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from click.testing import CliRunner

from advocacy.cli import advocacy
from advocacy.database import make_engine
from advocacy.web.server import THREADS, PrivateLogger
from tests.databases import Beginning, Files
from tests.served import ServedSite, served_site

ROOT = Path(__file__).parents[2]
CANARY = "canari-7f3a"

pytestmark = pytest.mark.loopback


def ask(port: int, path: str, headers: dict[str, str] | None = None, *, body: bytes | None = None) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST" if body else "GET", path, body, headers or {})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedSite]:
    """A site that is served from an empty folder until it is told to stop: by the keyboard, SIGTERM ends each other one."""
    folder = tmp_path_factory.mktemp("site")
    with served_site(folder, "--workers", "1", "--no-worker") as site:
        yield site
        site.process.send_signal(signal.SIGINT)
        assert site.process.wait(timeout=120) == 0
    assert "Traceback" not in site.log
    with pytest.raises(ConnectionRefusedError):
        ask(site.port, "/healthz")


def test_a_site_is_served_from_an_empty_folder(site: ServedSite) -> None:
    assert ask(site.port, "/healthz").status == ask(site.port, "/readyz").status == 200
    assert ask(site.port, "/", {"Accept-Language": "fr"}).getheader("Location") == "/fr/"
    assert sorted(path.name for path in site.folder.iterdir()) == ["stderr", "var"]


def test_a_taken_port_is_one_sentence_and_an_exit_code(
    tmp_path: Path, filled_files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADVOCACY_DATABASE_URL", filled_files.lay(tmp_path / "a.sqlite3", Beginning.SITE))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = CliRunner().invoke(advocacy, ["serve", "--port", str(port)])

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1] == (
        f"Error: 127.0.0.1 port {port} cannot be opened (Address already in use); stop what uses it, or choose another "
        "with --port"
    )


def test_who_asked_and_what_they_asked_for_is_in_no_log(site: ServedSite) -> None:
    forged = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https", "User-Agent": CANARY}
    assert ask(site.port, f"/fr/{CANARY}/x?{CANARY}", forged).status == 404
    with socket.create_connection(("127.0.0.1", site.port)) as connection:
        connection.sendall(f"GET /{CANARY} HTTQ\r\n\r\n".encode())
        assert b"400" in connection.recv(100)

    log = site.log
    assert "GET - 404" in log
    assert "something that is not HTTP was turned away" in log
    assert CANARY not in log
    assert "127.0.0.1" not in log
    assert "198.51.100.7" not in log


def test_a_proxy_that_nobody_named_is_not_believed(site: ServedSite) -> None:
    cookie = ask(site.port, "/fr/child-protection/write", {"X-Forwarded-Proto": "https"}).getheader("Set-Cookie")

    assert cookie is not None
    assert cookie.startswith("advocacy=")


def test_a_form_that_is_too_large_is_answered_though_it_is_not_read(site: ServedSite) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = ask(site.port, "/fr/child-protection/write", kind, body=b"x" * 300_000)

    assert answer.status == 413


def test_a_wheel_alone_serves_the_same_site(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    package, folder = tmp_path / "package", tmp_path / "folder"
    zipfile.ZipFile(wheel).extractall(package)
    folder.mkdir()

    with served_site(folder, "--workers", "1", "--no-worker", root=package) as site:
        pages = ["/fr/child-protection/", "/fr/child-protection/write", "/en/help", "/en/privacy", "/en/accessibility"]
        assert [ask(site.port, path).status for path in pages] == [200] * len(pages)
    assert str(ROOT) not in site.log


def test_a_failure_outside_the_application_is_logged_without_the_address(caplog: pytest.LogCaptureFixture) -> None:
    class Config:
        accesslog = syslog = logconfig = logconfig_dict = logconfig_json = user = None
        loglevel, errorlog, capture_output, statsd_host = "warning", "-", False, None

        def __getattr__(self, _: str) -> None:
            return None

    logger = PrivateLogger(Config())
    try:
        raise ValueError(CANARY)
    except ValueError:
        logger.exception("Error handling request %s %s", "GET", f"/{CANARY}")
    logger.debug("Closing connection. %s", CANARY)

    [message] = caplog.messages
    assert message.startswith("Error handling request (ValueError at ")
    assert "test_server.py" in message
    assert CANARY not in message


def test_every_thread_may_read_twice_at_once(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'advocacy.sqlite3'}")
    with ExitStack() as stack:  # were there too few, the pool would wait half a minute for one and raise TimeoutError
        held = [stack.enter_context(engine.connect()) for _ in range(2 * THREADS)]
        assert len({id(one.connection.dbapi_connection) for one in held}) == 2 * THREADS
    engine.dispose()
