"""`advocacy serve` delivers as well as it answers: its worker is a process of its own that ends when it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from time import sleep

import pytest
from click.testing import CliRunner

from advocacy.cli.serve import serve
from advocacy.cli.site import Site
from advocacy.delivery.worker import Worker
from advocacy.settings import SettingsError
from advocacy.web.server import CannotListen

ROOT = Path(__file__).parents[3]
SERVE = [sys.executable, "-m", "advocacy", "serve", "--port", "0", "--workers", "1"]


def environment() -> dict[str, str]:
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": paths, "ADVOCACY_LOG_LEVEL": "info"}


@contextmanager
def serving(folder: Path, *options: str) -> Iterator["subprocess.Popen[str]"]:
    """A site that runs in `folder`, and has said where."""
    with (
        (folder / "stderr").open("w") as log,
        subprocess.Popen(
            [*SERVE, *options], cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("The site is at "), (folder / "stderr").read_text()
            yield process
        finally:
            process.terminate()
            process.wait(timeout=120)


def said(folder: Path, words: str) -> int:
    """The number of the process that says these words, as soon as one does."""
    return numbers(folder, rf"process (\d+) {words}", 1)[0]


def numbers(folder: Path, pattern: str, count: int) -> list[int]:
    """The numbers that are said so, as soon as there are `count` of them."""
    for _ in range(2400):
        if len(found := re.findall(pattern, (folder / "stderr").read_text())) >= count:
            return [int(each) for each in found]
        sleep(0.05)
    raise AssertionError((folder / "stderr").read_text())


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_worker_ends_with_the_site_however_that_ends(tmp_path: Path, ended_by: signal.Signals) -> None:
    with serving(tmp_path) as process:
        delivering = said(tmp_path, "is sending messages")
        process.send_signal(ended_by)
        assert process.wait(120) == (-signal.SIGKILL if ended_by is signal.SIGKILL else 0)
        assert said(tmp_path, "has stopped sending messages") == delivering
    assert "Traceback" not in (tmp_path / "stderr").read_text()


def test_pages_alone_are_served_where_that_is_asked(tmp_path: Path) -> None:
    with serving(tmp_path, "--no-worker") as process:
        process.terminate()
        assert process.wait(120) == 0
    assert "is sending messages" not in (tmp_path / "stderr").read_text()


def test_a_worker_that_dies_is_begun_again(tmp_path: Path) -> None:
    with serving(tmp_path) as process:
        killed = numbers(tmp_path, r"the worker is process (\d+)", 1)[0]
        numbers(tmp_path, r"process (\d+) is sending messages", 1)
        os.kill(killed, signal.SIGKILL)
        assert numbers(tmp_path, r"the worker, process (\d+), has ended", 1) == [killed]
        assert len(numbers(tmp_path, r"process (\d+) is sending messages", 2)) == 2
        assert numbers(tmp_path, r"the worker is process (\d+)", 2)[1] != killed
        process.terminate()
        assert process.wait(120) == 0
    assert "Traceback" not in (tmp_path / "stderr").read_text()


@pytest.mark.parametrize(("option", "listens"), [((), 0), (("--no-worker",), 1)])
def test_no_letters_are_taken_where_no_worker_can_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: tuple[str, ...], *, listens: int
) -> None:
    asked = list[int]()

    def unready(*_: object, **__: object) -> Worker:
        raise SettingsError("fix the settings of the provider")

    def listen(_host: str, port: int) -> socket.socket:
        asked.append(port)
        raise CannotListen("port 7 is taken")

    monkeypatch.chdir(tmp_path)
    module = import_module("advocacy.cli.serve")  # the package names the command so
    monkeypatch.setattr(module, "make_worker", unready)
    monkeypatch.setattr(module, "listen", listen)
    with ExitStack() as stack:
        answer = CliRunner().invoke(serve, ["--port", "7", *option], obj=Site(stack))
    assert len(asked) == listens
    told = (1, "port 7 is taken") if listens else (2, "fix the settings of the provider")
    assert (answer.exit_code, told[1] in answer.stderr) == (told[0], True)
