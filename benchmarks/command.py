"""A letter written by the command, beside a Python that only imports what the command does."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Row, size

LETTER = ["letter", "child-protection/takedown-and-standards", "--language", "en", "--postal-code", "K1A0A6"]
ANSWERS = {"name": "Camille Essai", "city": "Ottawa", "province": "ON"}
ROOT = Path(__file__).parents[1]
ARGUMENTS = [*LETTER, *(word for key, text in ANSWERS.items() for word in ("--set", f"{key}={text}"))]
LIST_IMPORTS = """
import atexit, sys
from pathlib import Path
from advocacy.__main__ import main
atexit.register(lambda: Path("imports").write_text(" ".join(sys.modules)))
main()
"""
IMPORT = """
import importlib
from contextlib import suppress
from pathlib import Path
for name in Path("imports").read_text().split():
    with suppress(ImportError):  # a few are names of the interpreter's own
        importlib.import_module(name)
"""
TIMES = size(7, 1)


def measure() -> list[Row]:
    """Return how long the command takes beside its imports: the fastest of some runs, taken in turns."""
    with tempfile.TemporaryDirectory() as folder:
        _run("-m", "advocacy", *ARGUMENTS, folder=folder)  # the first start makes the database
        _run("-c", LIST_IMPORTS, *ARGUMENTS, folder=folder)
        turns = [
            (_seconds("-m", "advocacy", *ARGUMENTS, folder=folder), _seconds("-c", IMPORT, folder=folder))
            for _ in range(TIMES)
        ]
    ours, imports = (min(column) for column in zip(*turns, strict=True))
    return [
        Row("a letter written by the command", ours * 1e3, "ms"),
        Row("beside a Python that imports as much", ours / imports, "×", at_most=2),
    ]


def _seconds(*words: str, folder: str) -> float:
    began = time.perf_counter()
    _run(*words, folder=folder)
    return time.perf_counter() - began


def _run(*words: str, folder: str) -> None:
    """Run Python in a folder of its own, without the machine's settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ADVOCACY_")}
    environment["PYTHONPATH"] = str(ROOT)
    subprocess.run([sys.executable, *words], cwd=folder, env=environment, capture_output=True, check=True)
