"""`advocacy serve` delivers as well as it answers: its worker is a process of its own that ends when it ends."""

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import sleep
from unittest.mock import Mock

import pytest
from click.testing import CliRunner

from advocacy.cli import advocacy
from advocacy.cli import serve as serve_module
from advocacy.cli.serve import serve
from advocacy.cli.site import Site
from advocacy.delivery.worker import Worker
from advocacy.settings import SettingsError
from tests.databases import Beginning, Files
from tests.served import served_site

STARTED = r"the worker is process (\d+)"


@contextmanager
def serving(folder: Path, files: Files) -> Iterator["subprocess.Popen[str]"]:
    """A site that runs in `folder` and was filled before."""
    (folder / "var").mkdir()
    files.lay(folder / "var" / "advocacy.sqlite3", Beginning.SITE)
    with served_site(folder, "--workers", "1", settings={"ADVOCACY_LOG_LEVEL": "info"}) as site:
        yield site.process


def numbers(folder: Path, pattern: str, count: int) -> list[int]:
    """The numbers that are said so, as soon as there are `count` of them."""
    for _ in range(2400):
        if len(found := re.findall(pattern, (folder / "stderr").read_text())) >= count:
            return [int(each) for each in found]
        sleep(0.05)
    raise AssertionError((folder / "stderr").read_text())


@pytest.mark.parametrize(("options", "workers"), [((), 1), (("--no-worker",), 0)])
def test_pages_alone_are_served_where_that_is_asked(
    tmp_path: Path, filled_files: Files, monkeypatch: pytest.MonkeyPatch, *, options: tuple[str, ...], workers: int
) -> None:
    def start(command: Sequence[str], **_: object) -> Mock:
        begun.append(command[-1:])
        return Mock(poll=Mock(return_value=None))

    begun = list[Sequence[str]]()
    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr(serve_module, "listen", lambda *_: None)
    monkeypatch.setattr(serve_module.SupervisingArbiter, "run", lambda arbiter: arbiter._supervise())
    monkeypatch.setenv("ADVOCACY_DATABASE_URL", filled_files.lay(tmp_path / "a.sqlite3", Beginning.SITE))
    with ExitStack() as stack:
        answer = CliRunner().invoke(serve, ["--port", "0", *options], obj=Site(stack))
    assert answer.exit_code == 0, answer.stderr
    assert begun == [["worker"]] * workers


def test_a_worker_that_dies_is_begun_again_and_ends_with_an_interrupted_site(
    tmp_path: Path, filled_files: Files
) -> None:
    with serving(tmp_path, filled_files) as process:
        [killed] = numbers(tmp_path, STARTED, 1)
        os.kill(killed, signal.SIGKILL)
        assert numbers(tmp_path, r"the worker, process (\d+), has ended", 1) == [killed]
        assert numbers(tmp_path, STARTED, 2)[1] != killed
        process.send_signal(signal.SIGINT)
        assert process.wait(120) == 0
    said = (tmp_path / "stderr").read_text()
    assert "the worker has stopped" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(("option", "listens"), [((), 0), (("--no-worker",), 1)])
def test_no_letters_are_taken_where_no_worker_can_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: tuple[str, ...], *, listens: int
) -> None:
    asked = list[int]()

    def unready(*_: object, **__: object) -> Worker:
        raise SettingsError("fix the settings of the provider")

    def listen(_host: str, port: int) -> socket.socket:
        asked.append(port)
        raise OSError(98, "it is taken")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(serve_module, "make_worker", unready)
    monkeypatch.setattr(serve_module, "listen", listen)
    with ExitStack() as stack:
        answer = CliRunner().invoke(serve, ["--port", "7", *option], obj=Site(stack))
    assert len(asked) == listens
    result = (1, "port 7 cannot be opened (it is taken)") if listens else (2, "fix the settings of the provider")
    assert (answer.exit_code, result[1] in answer.stderr) == (result[0], True)


def test_a_worker_that_ends_is_started_again_after_a_pause_and_it_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def start(*_: object, **__: object) -> "subprocess.Popen[bytes]":
        starts.append(time[0])
        ended = popen(["true"])
        ended.wait(60)
        return ended

    time, starts, popen = [0.0], list[float](), subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", start)
    worker = serve_module.WorkerProcess("http://localhost:7", clock=lambda: time[0])
    for _ in range(3):
        worker.restart_if_ended()
    time[0] = serve_module.RESTART_AFTER_S - 0.1
    worker.restart_if_ended()
    assert ([record.levelname for record in caplog.records], starts) == (["ERROR"], [0.0])
    time[0] = serve_module.RESTART_AFTER_S
    worker.restart_if_ended()
    worker.stop()
    assert (len(caplog.records), starts) == (1, [0.0, serve_module.RESTART_AFTER_S])


def test_a_public_site_that_is_not_ready_is_told_everything_at_once(
    tmp_path: Path, filled_files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").touch(mode=0o644)
    url = filled_files.lay(tmp_path / "advocacy.sqlite3", Beginning.SITE)
    unready = {"BASE_URL": "https://letters.example.ca", "PROVIDER": "sendgrid", "SECRET_KEY": "a" * 36}
    for name, value in {"DATABASE_URL": url, **unready}.items():
        monkeypatch.setenv(f"ADVOCACY_{name}", value)
    monkeypatch.setenv("FLASK_DEBUG", "1")
    done = CliRunner().invoke(advocacy, ["serve", "--port", "0"])

    told = done.stderr.splitlines()[-6:]
    assert done.exit_code == 2
    assert told[0].startswith("Error: set ADVOCACY_FROM_EMAIL")
    assert [sentence.split(":")[0] for sentence in told[1:]] == [
        "set ADVOCACY_SENDGRID_API_KEY",
        "set ADVOCACY_SENDGRID_WEBHOOK_PUBLIC_KEY",
        "set another ADVOCACY_SECRET_KEY",
        "run chmod 640 .env",
        "unset FLASK_DEBUG",
    ]
    assert "a" * 36 not in done.stderr
